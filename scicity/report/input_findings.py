"""Findings of the input alone: what of it does not count, or counts in its own way."""

from __future__ import annotations

import pandas as pd

from maps.style.modes import MODE_NAMES
from scicity.inputs.off_zones import people_off_network
from scicity.inputs.study import Study
from scicity.report.finding import Finding
from scicity.report.findings import MAX_NAMED


def doubled_line_findings(study: Study) -> list[Finding]:
    """Lines of OpenStreetMap that are left out as a transit file has them, in one finding."""
    if study.osm is None:
        return []
    kept = {route.route_id for route in study.baseline.routes}
    out = [route for route in study.osm.routes if route.route_id not in kept]
    if not out:
        return []
    names = [route.route_name for route in out]
    named = ", ".join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")
    return [
        Finding(
            "line-doubled",
            ", ".join(route.route_id for route in out),
            f"OpenStreetMap 的 {len(out)} 条线路与研究自带线路重复，未计入：{named}",
            f"{len(out)} lines of OpenStreetMap are left out, as the study's own files have"
            f" them: {named}",
        )
    ]


def off_network_findings(study: Study, zones: pd.DataFrame) -> list[Finding]:
    """People who live off the network, so that they reach only themselves.

    Parameters
    ----------
    study
        A study.
    zones
        `population` and the columns of `scicity.inputs.off_zones.off_network_flags`.
    """
    limit_m = study.settings.assumptions.snap_limit_m
    findings = []
    for off in people_off_network(zones):
        by_zh = "、".join(MODE_NAMES[mode][0] for mode in off.modes)
        by_en = ", ".join(MODE_NAMES[mode][1] for mode in off.modes)
        findings.append(
            Finding(
                "zones-off-network",
                ", ".join(off.modes),
                f"{off.zones} 个网格（{off.people:.0f} 人，{off.share:.1%}）距可用道路超过"
                f" {limit_m:g} 米，只能到达自身（{by_zh}）",
                f"{off.zones} zones with {off.people:.0f} people ({off.share:.1%}) are more than"
                f" {limit_m:g} m from any street that they could join and reach only themselves"
                f" ({by_en}); they count in all means",
            )
        )
    return findings


def input_findings(study: Study, zones: pd.DataFrame) -> list[Finding]:
    """Lines that are left out, and people off the network.

    Parameters
    ----------
    study
        A study.
    zones
        As for `off_network_findings`.
    """
    return doubled_line_findings(study) + off_network_findings(study, zones)
