"""Chinese names of the columns of layers, shown by GIS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from maps.style.modes import PAGE_MODES

NAMES: dict[str, str] = {
    "feature_id": "要素编号",
    "project_id": "项目编号",
    "element": "要素类型",
    "project_name_zh": "项目名称",
    "project_name_en": "项目英文名",
    "kind": "类型",
    "status": "状态",
    "status_latest": "最新进展",
    "opening_year": "通车年份",
    "clause": "条款",
    "source": "来源",
    "confidence": "可信度",
    "assumed_fields": "假设项",
    "requires": "前提项目",
    "replaces": "替代",
    "in_plan": "属于方案",
    "name_zh": "名称",
    "name_en": "英文名",
    "highway": "道路等级",
    "lanes": "车道数",
    "maxspeed": "限速（km/h）",
    "length": "长度（米）",
    "tunnel": "隧道",
    "bridge": "桥梁",
    "crossing_zh": "通道名称",
    "crossing": "通道",
    "route_id": "线路编号",
    "route_name": "线路名称",
    "route_type": "线路类型（GTFS）",
    "vehicle": "车辆种类",
    "off_network_transit": "不在路网上（公交）",
    "off_network_drive": "不在路网上（驾车）",
    "line": "线号",
    "headway_peak_secs": "高峰间隔（秒）",
    "headway_offpeak_secs": "平峰间隔（秒）",
    "stop_id": "车站编号",
    "stop_name": "车站名称",
    "name_status": "站名状态",
    "accuracy_m": "位置精度（米）",
    "feature": "要素",
    "joined_to": "接入对象",
    "joined_name": "接入道路",
    "distance_m": "距离（米）",
    "limit_m": "上限（米）",
    "over_limit": "超过上限",
    "area_id": "片区编号",
    "role": "角色",
    "vintage": "年代",
    "note": "说明",
    "area_km2": "面积（平方公里）",
    "population": "人口",
    "origin_id": "起点",
    "cutoff_secs": "时限（秒）",
    "scenario": "情景",
    "mode": "方式",
    "period": "时段",
    "change": "变化",
    "zone_id": "网格编号",
    "gateway_id": "关口编号",
    "border_id": "边界编号",
    "area_a": "片区甲",
    "area_b": "片区乙",
    "name": "名称",
    "roads": "道路",
    "state": "状态",
    "routes": "线路",
    "hops": "区间数",
    "loop_id": "闭环编号",
    "gateways": "关口",
    "stop_areas": "站区",
    "stop_names": "站点",
    "length_km": "长度（公里）",
    "minutes": "时间（分钟）",
    "transfers": "换乘次数",
    "people": "人口",
    "spine_stations": "骨架线车站",
    "gap_id": "断点编号",
    "routes_a": "甲侧线路",
    "routes_b": "乙侧线路",
    "link_id": "联络线编号",
    "no_link": "无联络线原因",
    "stop_ids": "站点编号",
    "routes_from": "起点线路",
    "routes_to": "终点线路",
    "cycle_minutes": "周转时间（分钟）",
    "buses": "车辆数",
    "saved_person_minutes": "节省（人·分）",
    "saved_per_bus_km": "每车公里节省",
    "rank": "名次",
    "proposal_id": "环线编号",
    "areas": "片区",
    "closes": "闭合关口",
    "station": "车站",
    "lines": "骨架线",
    "place_id": "地点编号",
    "category": "类别",
    "category_source": "类别来源",
    "existing": "已建成",
    "player_id": "项目（组）编号",
    "project_ids": "所含项目",
    "opening_years": "通车年份",
    "cost": "造价",
    "cost_sources": "造价来源",
    "measure": "指标",
    "osmid": "路段编号",
    "from_fraction": "起始比例",
    "to_fraction": "终止比例",
    "u": "起点节点",
    "v": "终点节点",
    "oneway": "单行",
    "access": "通行",
    "drive": "小汽车可行",
    "walk": "步行可行",
    "bus": "公交可行",
    "screenline": "截面",
    "speed_kph": "车速（km/h）",
    "travel_time": "行驶时间（秒）",
}
PERIODS = {"peak": "高峰", "offpeak": "平峰"}
VALUES = {"baseline": "现状", "scenario": "方案", "change": "变化"}
MEASURES = {"gravity": "重力模型", "nearest": "最近（秒）"}
ATTRIBUTION_FIGURES = {
    "first_in": "最先建成时的收益",
    "last_in": "最后建成时的收益",
    "shapley": "夏普利值",
    "share": "占总变化",
    "low": "夏普利值 5%",
    "high": "夏普利值 95%",
    "top_three": "居前三的概率",
}
"""Figures of planned links; columns add the mode: `shapley_transit`."""

MEASURE_PARTS = 5
"""Count, measure, mode, period and value: `people_2700_transit_peak_change`."""


def _accessibility_name(column: str, counts: Mapping[str, str]) -> str:
    """Name of a column of accessibility; empty for other columns."""
    parts = column.rsplit("_", MEASURE_PARTS - 1)
    if len(parts) != MEASURE_PARTS or parts[4] not in VALUES or parts[2] not in PAGE_MODES:
        return ""
    count, measure, mode, period, value = parts
    minutes = f"≤{int(measure) // 60}分钟" if measure.isdigit() else MEASURES.get(measure, measure)
    words = (PAGE_MODES[mode][0], PERIODS.get(period, period), VALUES[value])
    return f"{counts.get(count, count)}{minutes}·{'·'.join(words)}"


def _attribution_name(column: str) -> str:
    """Name of a figure of planned links; empty for other columns."""
    figure, _, mode = column.rpartition("_")
    if figure not in ATTRIBUTION_FIGURES or mode not in PAGE_MODES:
        return ""
    return f"{ATTRIBUTION_FIGURES[figure]}·{PAGE_MODES[mode][0]}"


def aliases(columns: Iterable[str], counts: Mapping[str, str]) -> dict[str, str]:
    """Chinese names by column; columns without one are left out.

    Parameters
    ----------
    columns
        Names of columns.
    counts
        Chinese names of the opportunities of zones, by column.

    Examples
    --------
    >>> aliases(["people_2700_transit_peak_change", "parks", "x"], {"parks": "园区"})
    {'people_2700_transit_peak_change': '人口≤45分钟·公交·高峰·变化', 'parks': '园区'}
    """
    counts = {"people": "人口", **counts}
    names = {
        column: NAMES.get(column)
        or counts.get(column)
        or _attribution_name(column)
        or _accessibility_name(column, counts)
        for column in columns
    }
    return {column: name for column, name in names.items() if name}
