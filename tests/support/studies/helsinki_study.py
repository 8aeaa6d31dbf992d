"""Two projects for a study of central Helsinki."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

BOX = "24.9351762,60.1641550,24.9534145,60.1791130"
TUNNEL_FROM, TUNNEL_TO = "n4551252286", "n4246817520"
"""Kaisaniemi and Keskusta: quarters whose cars have to go round the station."""


def project(project_id: str, kind: str, year: int, **own: Any) -> dict[str, Any]:
    """The attributes that every feature of a project has, and its own."""
    shared = {
        "project_id": project_id,
        "project_name_zh": f"新{project_id}",
        "project_name_en": f"New {project_id.lower()}",
        "kind": kind,
        "status": "proposed",
        "opening_year": year,
        "source": "drawn in a test",
        "confidence": "assumed",
    }
    return shared | own


def feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def tunnel() -> list[dict[str, Any]]:
    """A tunnel for cars under the railway station."""
    own = {"element": "road", "link_id": "TUNNEL-1", "highway": "primary", "maxspeed": 80}
    properties = project("TUNNEL", "road_tunnel", 2030, **own, lanes=4, tunnel=True)
    return [feature("LineString", [[24.9462, 60.1731], [24.9411, 60.1688]], properties)]


def line() -> list[dict[str, Any]]:
    """A metro line with three stations."""
    at = {"A": [24.9385, 60.1782], "B": [24.9410, 60.1715], "C": [24.9500, 60.1650]}
    own = {
        "element": "route",
        "route_id": "LINE",
        "route_name": "新线",
        "route_type": 1,
        "stop_ids": list(at),
        "hop_secs": [60, 60],
        "headway_peak_secs": 120,
        "headway_offpeak_secs": 240,
    }
    drawn = [feature("LineString", list(at.values()), project("LINE", "rail", 2031, **own))]
    for name, place in at.items():
        station = {"element": "station", "stop_id": name, "stop_name": f"{name} 站"}
        drawn.append(feature("Point", place, project("LINE", "rail", 2031, **station)))
    return drawn


def write_project(folder: Path, project_id: str, features: list[dict[str, Any]]) -> None:
    content = {"type": "FeatureCollection", "features": features}
    path = folder / "projects" / f"{project_id}.geojson"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def rows(path: Path, **wanted: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]
