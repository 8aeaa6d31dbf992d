"""The bundled data as it is committed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from pyproj import Geod

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data"
LAYERS = sorted(DATA.glob("*/*.geojson"))
PROJECTS = sorted((DATA / "projects").glob("*.geojson"))

Record = dict[str, Any]


def features(path: Path) -> list[Record]:
    found: list[Record] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


def rows(path: Path) -> list[Record]:
    return [feature["properties"] for feature in features(path)]


def shapes(path: Path) -> list[shapely.Geometry]:
    return [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features(path)]


def area_km2(geometry: shapely.Geometry) -> float:
    return float(abs(Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]) / 1e6)


def elements(path: Path, element: str) -> list[Record]:
    return [row for row in rows(path) if row["element"] == element]


# public transport


def route_files() -> list[Path]:
    return [DATA / "network" / "rail.geojson", DATA / "network" / "bus.geojson", *PROJECTS]
