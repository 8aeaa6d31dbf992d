"""Findings of the input alone: what of it does not count, or counts in its own way."""

from __future__ import annotations

from scicity.inputs.study import Study
from scicity.report.findings import MAX_NAMED, Finding


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


def input_findings(study: Study) -> list[Finding]:
    """Lines that are left out."""
    return doubled_line_findings(study)
