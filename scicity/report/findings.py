"""Findings of a run that a planner should know before using its figures."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.project_effects import changes_nothing
from layers.osm.problems import KINDS, problem_counts
from layers.projects import Project
from scicity.inputs.read_study import far_faults
from scicity.inputs.study import Study
from scicity.report.finding import Finding
from scicity.report.timetables import feed_findings
from scicity.results.run_results import Results

JOINT_NAMES = {
    "portal": ("隧道洞口", "portal"),
    "road_end": ("道路端点", "road end"),
    "station": ("车站", "station"),
}
"""By `kind` of `analysis.project_joins.PROJECT_JOIN_COLUMNS`."""
MAX_NAMED = 10
"""Maximum number of features named in one finding."""


def _pairs_improved_alone(effects: pd.DataFrame, project_id: str) -> int:
    alone = effects.loc[(effects["project_id"] == project_id) & (effects["comparison"] == "alone")]
    return int((alone["pairs_quicker"] + alone["pairs_opened"]).sum())


def _nearest_place_km(project: Project, places: gpd.GeoDataFrame) -> float:
    parts = [project.roads.geometry, project.stops.geometry]
    shape = pd.concat([part for part in parts if len(part)])
    return float(places.distance(gpd.GeoSeries(shape, crs=places.crs).union_all()).min() / 1000)


def _idle_project_finding(study: Study, results: Results, project_id: str) -> Finding:
    """Finding: a project that changes nothing as the last one built, with the reason."""
    project = study.projects[project_id]
    alone = _pairs_improved_alone(results.effects, project_id)
    head_zh, head_en = (
        f"{project.name_zh} 在完整方案中不改变任何地点间时间",
        (f"{project.name_en or project_id} changes no time between places in the whole plan"),
    )
    if alone:
        why_zh = f"单独建设时改变 {alone} 个地点对；方案中其他项目已同样快"
        why_en = f"on its own it changes {alone} pairs; others of the plan are as quick there"
    else:
        nearest_km = _nearest_place_km(project, study.places)
        why_zh = f"单独建设时也没有地点对因它更快（最近的地点距其 {nearest_km:.1f} 公里）"
        why_en = (
            f"nor does it on its own: no pair is quicker by it (nearest place {nearest_km:.1f} km)"
        )
    return Finding(
        "project-changes-nothing", project_id, f"{head_zh}：{why_zh}", f"{head_en}: {why_en}"
    )


def _slower_findings(results: Results) -> list[Finding]:
    slower = results.places.times.loc[results.places.times["change_secs"] > 0]
    findings = []
    for (mode, period), group in slower.groupby(["mode", "period"]):
        worst = group["change_secs"].max() / 60
        findings.append(
            Finding(
                "times-longer",
                f"{mode} {period}",
                f"{len(group)} 个地点对变慢（{mode} {period}，最多 {worst:.1f} 分钟）",
                f"{len(group)} pairs become slower ({mode} {period}, at most {worst:.1f} min)",
            )
        )
    return findings


def _edge_findings(results: Results) -> list[Finding]:
    zones = results.accessibility.zones
    findings = []
    for column in [name for name in zones.columns if name.startswith("touches_edge_")]:
        mode = column.removeprefix("touches_edge_")
        count, people = int(zones[column].sum()), zones.loc[zones[column], "population"].sum()
        share = people / zones["population"].sum() if people else 0.0
        findings.append(
            Finding(
                "zones-at-the-edge",
                mode,
                f"{count} 个网格（{share:.0%} 人口，{mode}）一小时内到达路网边缘，数值偏低",
                f"{count} zones ({share:.0%} of people, {mode}) reach the network's edge within"
                " the largest cutoff: their counts are too low",
            )
        )
    return findings


def _outside_findings(study: Study) -> list[Finding]:
    """Layers of counts of which a large part lies outside the study area."""
    findings = []
    for name, total in study.totals.items():
        if total.is_cut:
            outside = total.near - total.inside
            name_zh = "人口" if name == "population" else name
            findings.append(
                Finding(
                    f"{name}-outside",
                    total.file,
                    f"研究范围一带的{name_zh}共 {total.near:.0f}，其中 {outside:.0f}"
                    f"（{outside / total.near:.1%}）在范围之外，未计入任何网格",
                    f"of {total.near:.0f} {name} at the study area, {outside:.0f}"
                    f" ({outside / total.near:.1%}) lie outside it and are in no zone",
                )
            )
    return findings


def _joint_names(study: Study, row: Any) -> tuple[str, str]:
    """Project, kind and feature of a joint, in Chinese and in English."""
    project, feature = study.projects[row.project_id], str(row.feature)
    kind_zh, kind_en = JOINT_NAMES[row.kind]
    table, id_column, zh, en = project.roads, "link_id", "name_zh", "name_en"
    if row.kind == "station":
        table, id_column, zh, en = project.stops.reset_index(), "stop_id", "stop_name", "name_en"
    names = table.loc[table[id_column] == feature, [zh, en]].fillna("").iloc[0]
    name_zh = f"{names[zh]}（{feature}）" if names[zh] else feature
    name_en = f"{names[en] or names[zh]} ({feature})" if names[en] or names[zh] else feature
    return (
        f"{project.name_zh}的{kind_zh} {name_zh}",
        f"the {kind_en} {name_en} of {project.name_en or row.project_id}",
    )


def _over_limit_findings(study: Study, joins: gpd.GeoDataFrame) -> list[Finding]:
    """Ends and stations that join nothing, in one finding."""
    zh, en = [], []
    for row in joins.itertuples():
        name_zh, name_en = _joint_names(study, row)
        has_distance = not pd.isna(row.distance_m)
        metres = f"{row.distance_m:.0f} m > {row.limit_m:g} m"
        zh.append(f"{name_zh}：{metres if has_distance else '没有可接入的道路'}")
        en.append(f"{name_en}: {metres if has_distance else 'no street that it could join'}")
    if not zh:
        return []
    return [
        Finding(
            "joints-over-limit",
            ", ".join(map(str, joins["feature"])),
            f"{len(zh)} 处未接入路网（距最近可接入道路超过上限）：{'；'.join(zh)}",
            f"{len(en)} joints of projects are over the limit and join nothing: {'; '.join(en)}",
        )
    ]


def _largest_joint_findings(study: Study, joins: gpd.GeoDataFrame) -> list[Finding]:
    """The longest distance from a project to its joint."""
    if joins.empty:
        return []
    row = next(joins.loc[joins["distance_m"] == joins["distance_m"].max()].head(1).itertuples())
    zh, en = _joint_names(study, row)
    to = row.joined_to if pd.isna(row.joined_name) else row.joined_name
    return [
        Finding(
            "largest-joint",
            str(row.feature),
            f"规划项目接入路网的最大距离为 {row.distance_m:.0f} 米（上限 {row.limit_m:g} 米）：{zh}"
            f"接入{to}",
            f"the largest joint of a project with the network is {row.distance_m:.0f} m"
            f" (limit {row.limit_m:g} m): {en} joins {to}",
        )
    ]


def joint_findings(study: Study, results: Results) -> list[Finding]:
    """Joints over the limit, and the longest of the others."""
    over = results.joins["over_limit"].astype(bool)
    within = results.joins.loc[~over]
    over_limit = _over_limit_findings(study, results.joins.loc[over])
    return [*over_limit, *_largest_joint_findings(study, within)]


def _osm_findings(study: Study) -> list[Finding]:
    """Number of problems of the OpenStreetMap data, with the most frequent kinds."""
    if study.osm is None or study.osm.problems.empty:
        return []
    counts = problem_counts(study.osm.problems)
    most = sorted(counts, key=lambda kind: -counts[kind])[:3]
    zh = "、".join(f"{KINDS[kind].zh}（{counts[kind]}）" for kind in most)
    en = ", ".join(f"{KINDS[kind].en} ({counts[kind]})" for kind in most)
    total = sum(counts.values())
    return [
        Finding(
            "osm-problems",
            "",
            f"OpenStreetMap 数据有 {total} 个问题（{len(counts)} 类），见 osm_problems.html；"
            f"最多的是：{zh}",
            f"OpenStreetMap has {total} problems of {len(counts)} kinds, see osm_problems.html;"
            f" most of all: {en}",
        )
    ]


def far_findings(study: Study) -> list[Finding]:
    """Places and stations too far from any street to have times, in one finding."""
    faults = far_faults(study)
    if not faults:
        return []
    names = [fault.feature for fault in faults]
    named = ", ".join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")
    limit = study.settings.assumptions.snap_limit_m
    return [
        Finding(
            "far-from-network",
            ", ".join(names),
            f"{len(names)} 个地点或车站距可用道路超过 {limit:g} 米，没有出行时间：{named}",
            f"{len(names)} places or stations are more than {limit:g} m from any street that they"
            f" could join, and have no times: {named}",
        )
    ]


def all_findings(study: Study, results: Results) -> list[Finding]:
    """Idle projects, longer times, network edge, people left out, joints, far points, data."""
    idle = [
        _idle_project_finding(study, results, project_id)
        for project_id in changes_nothing(results.effects)
    ]
    findings = [*idle, *_slower_findings(results), *_edge_findings(results)]
    findings += [*_outside_findings(study), *joint_findings(study, results)]
    return findings + far_findings(study) + _osm_findings(study) + feed_findings(study)
