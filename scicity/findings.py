"""What a run found that a planner should know before using its figures."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.project_effects import changes_nothing
from layers.projects import Project
from scicity.results import Results
from scicity.study import Study


@dataclass(frozen=True)
class Finding:
    """One thing found, in Chinese and in English."""

    code: str
    feature: str
    zh: str
    en: str


def _alone_pairs(effects: pd.DataFrame, project_id: str) -> int:
    mine = effects.loc[(effects["project_id"] == project_id) & (effects["comparison"] == "alone")]
    return int((mine["pairs_quicker"] + mine["pairs_opened"]).sum())


def _nearest_place_km(project: Project, places: gpd.GeoDataFrame) -> float:
    parts = [project.roads.geometry, project.stops.geometry]
    shape = pd.concat([part for part in parts if len(part)])
    return float(places.distance(gpd.GeoSeries(shape, crs=places.crs).union_all()).min() / 1000)


def _nothing_finding(study: Study, results: Results, project_id: str) -> Finding:
    """A project that changes nothing as the last of the package, and why."""
    project = study.projects[project_id]
    alone = _alone_pairs(results.effects, project_id)
    head_zh, head_en = (
        f"{project.name_zh} 在完整方案中不改变任何地点间时间",
        (f"{project.name_en or project_id} changes no time between places in the whole plan"),
    )
    if alone:
        why_zh = f"单独建设时改变 {alone} 个地点对；方案中其他项目已同样快"
        why_en = f"on its own it changes {alone} pairs; others of the plan are as quick there"
    else:
        away = _nearest_place_km(project, study.places)
        why_zh = f"单独建设时也没有地点对因它更快（最近的地点距其 {away:.1f} 公里）"
        why_en = f"nor does it on its own: no pair is quicker by it (nearest place {away:.1f} km)"
    return Finding(
        "project-changes-nothing", project_id, f"{head_zh}：{why_zh}", f"{head_en}: {why_en}"
    )


def _slower_findings(results: Results) -> list[Finding]:
    slower = results.places.times.loc[results.places.times["change_secs"] > 0]
    found = []
    for (mode, period), group in slower.groupby(["mode", "period"]):
        worst = group["change_secs"].max() / 60
        found.append(
            Finding(
                "times-longer",
                f"{mode} {period}",
                f"{len(group)} 个地点对变慢（{mode} {period}，最多 {worst:.1f} 分钟）",
                f"{len(group)} pairs become slower ({mode} {period}, at most {worst:.1f} min)",
            )
        )
    return found


def _edge_findings(results: Results) -> list[Finding]:
    zones = results.accessibility.zones
    found = []
    for column in [name for name in zones.columns if name.startswith("touches_edge_")]:
        mode = column.removeprefix("touches_edge_")
        count, people = int(zones[column].sum()), zones.loc[zones[column], "population"].sum()
        share = people / zones["population"].sum()
        found.append(
            Finding(
                "zones-at-the-edge",
                mode,
                f"{count} 个网格（{share:.0%} 人口，{mode}）一小时内到达路网边缘，数值偏低",
                f"{count} zones ({share:.0%} of people, {mode}) reach the network's edge within"
                " the largest cutoff: their counts are too low",
            )
        )
    return found


def all_findings(study: Study, results: Results) -> list[Finding]:
    """Projects that change nothing, times that grow, zones at the network's edge."""
    nothing = [
        _nothing_finding(study, results, project_id)
        for project_id in changes_nothing(results.effects)
    ]
    return [*nothing, *_slower_findings(results), *_edge_findings(results)]
