"""Problems of OpenStreetMap data, by kind, with the element to check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.faults import Fault

PROBLEM_COLUMNS = ("kind", "osm_type", "osm_id", "message", "url", "geometry")
OSM_URL = "https://www.openstreetmap.org"


@dataclass(frozen=True)
class Kind:
    """One kind of problem, and how the import handles it, in Chinese and English."""

    zh: str
    en: str
    does_zh: str
    does_en: str


def _kind(text: str) -> Kind:
    return Kind(*(part.strip() for part in text.split("|")))


KINDS: dict[str, Kind] = {
    name: _kind(text)
    for name, text in {
        # ways and nodes
        "way-node-missing": "道路的节点不在数据中 | nodes of a way are not in the data"
        " | 道路在此断开 | the way is cut there",
        "way-too-short": "道路不足两个节点 | a way has fewer than two nodes | 舍去 | left out",
        "way-node-doubled": "同一节点连续出现两次 | a node twice in a row | 只取一次 | taken once",
        "way-doubled": "两条道路完全重合 | two ways run through the same nodes | 保留 | both kept",
        "highway-unknown": "道路类别无法识别 | a class of way that is not known | 舍去 | left out",
        "oneway-unreadable": "单行标签无法识别 | `oneway` cannot be read"
        " | 按双向 | taken as two-way",
        "maxspeed-unreadable": "限速无法识别 | `maxspeed` cannot be read"
        " | 用类别默认值 | the default of its class",
        "maxspeed-unlikely": "限速不合常理 | `maxspeed` is unlikely"
        " | 用类别默认值 | the default of its class",
        "lanes-unreadable": "车道数无法识别 | `lanes` cannot be read | 用默认值 | the default",
        "tunnel-and-bridge": "既是隧道又是桥 | tunnel and bridge at once | 保留 | kept as both",
        "tunnel-joins-street": "隧道中途与地面道路相接 | a tunnel meets a street midway"
        " | 保留 | kept as drawn",
        "bridge-joins-street": "桥梁中途与桥下道路相接 | a bridge meets a street of another layer"
        " | 保留 | kept as drawn",
        "end-nearly-joins": "断头路距另一条路不足 2 米 | a street ends within 2 m of another"
        " | 不自动连接 | not joined",
        "area-outline": "步行广场只能沿边线行走 | a square is walked along its outline"
        " | 保留 | kept",
        "component-dropped": "与其余路网不相连的小路段 | ways not joined to the rest"
        " | 舍去 | left out",
        "mode-component-closed": "某方式不可达的小路段 | ways that a mode cannot reach"
        " | 对该方式关闭 | closed for it",
        "ferry-duration-missing": "渡船无航行时间 | a ferry without `duration`"
        " | 用默认速度 | the default speed",
        "ferry-duration-unreadable": "渡船航行时间无法识别 | a ferry's `duration` cannot be read"
        " | 用默认速度 | the default speed",
        "restriction-incomplete": "转向限制缺少成员 | a turn restriction lacks a member"
        " | 不采用 | left out",
        "restriction-unknown": "转向限制类型无法识别 | a kind of turn restriction not known"
        " | 不采用 | left out",
        "restriction-apart": "转向限制的成员不相接 | members of a turn restriction do not meet"
        " | 不采用 | left out",
        # routes
        "route-without-stops": "线路没有站点 | a line without stops | 舍去 | left out",
        "route-not-daily": "长途或夜间线路无发车间隔"
        " | a long-distance or night line without `interval` | 舍去 | left out",
        "route-too-few-stops": "线路在范围内不足两站 | a line with fewer than two stops here"
        " | 舍去 | left out",
        "route-member-missing": "线路成员不在数据中 | members of a line are not in the data"
        " | 用其余成员 | the rest is used",
        "route-member-odd": "线路成员类型不合用 | a member of a line that is no stop or way"
        " | 忽略 | ignored",
        "route-stop-doubled": "同一站点连续出现 | a stop twice in a row | 只取一次 | taken once",
        "route-stops-from-platforms": "线路只有站台 | a line with platforms only"
        " | 以站台为站点 | platforms are its stops",
        "route-stops-reversed": "站点次序与走向相反 | stops in the order against its ways"
        " | 反转次序 | turned round",
        "route-stops-out-of-order": "站点次序与走向不符 | stops not in the order of its ways"
        " | 用直线距离 | straight distances",
        "route-ways-apart": "线路走向有断开 | gaps between the ways of a line"
        " | 用直线距离 | straight distances",
        "route-without-ways": "线路没有走向 | a line without ways"
        " | 用直线距离 | straight distances",
        "route-stop-far": "站点远离线路走向 | a stop far from the ways of its line | 保留 | kept",
        "route-name-missing": "线路没有名称 | a line without a name or number"
        " | 用编号代替 | its id is the name",
        "route-headway-missing": "线路无发车间隔 | a line without `interval`"
        " | 用默认值 | the default",
        "route-headway-unreadable": "发车间隔无法识别 | `interval` or `frequency` cannot be read"
        " | 用默认值 | the default",
        "route-duration-unreadable": "运行时间无法识别 | `duration` of a line cannot be read"
        " | 由速度推算 | by speed",
        "route-one-direction": "只有单方向的线路 | only one direction of a line is drawn"
        " | 视为双向 | taken both ways",
        "stop-name-missing": "站点没有名称 | a stop without a name"
        " | 用编号代替 | its id is the name",
        "station-without-entrance": "地铁站没有出入口 | a metro station without an entrance"
        " | 从站点步行 | walkers start at the stop",
    }.items()
}
"""Every kind that the import reports."""


class Problem(NamedTuple):
    """One problem of one element, at a position (longitude and latitude)."""

    kind: str
    osm_type: str
    osm_id: int
    message: str
    lon: float
    lat: float


def problem_table(problems: Iterable[Problem]) -> gpd.GeoDataFrame:
    """Problems as a layer.

    Returns
    -------
    GeoDataFrame
        `PROBLEM_COLUMNS`, without duplicates, ordered by kind and id; points, EPSG:4326.

    Examples
    --------
    >>> table = problem_table([Problem("way-too-short", "way", 7, "1 node", 25.0, 60.0)])
    >>> table["url"].iloc[0]
    'https://www.openstreetmap.org/way/7'
    """
    order = {kind: number for number, kind in enumerate(KINDS)}
    rows = sorted(set(problems), key=lambda problem: (order[problem.kind], *problem[1:]))
    table = pd.DataFrame(rows, columns=list(Problem._fields))
    url = [f"{OSM_URL}/{row.osm_type}/{row.osm_id}" for row in rows]
    points = shapely.points(np.column_stack([table["lon"], table["lat"]]).astype(float))
    frame = gpd.GeoDataFrame(table.assign(url=url), geometry=points, crs=WGS84)
    return frame[list(PROBLEM_COLUMNS)]


def problem_counts(problems: gpd.GeoDataFrame) -> dict[str, int]:
    """The number of problems of each kind that occurs, in order of kinds."""
    counts = problems["kind"].value_counts()
    return {kind: int(counts[kind]) for kind in KINDS if kind in counts}


def problem_warnings(problems: gpd.GeoDataFrame, file: str) -> list[Fault]:
    """One warning for each kind, with its first elements."""
    faults = []
    for kind, count in problem_counts(problems).items():
        first = problems.loc[problems["kind"] == kind].head(3)
        names = ", ".join(f"{row.osm_type}/{row.osm_id}" for row in first.itertuples())
        ellipsis = ", …" if count > len(first) else ""
        message = f"{KINDS[kind].en}: {count} ({names}{ellipsis}); {KINDS[kind].does_en}"
        faults.append(Fault(file, "", f"osm-{kind}", message, severity="warning"))
    return faults
