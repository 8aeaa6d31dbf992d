"""Data of the page's script: points, counts, states, classes and times."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from geo.crs import to_wgs84
from maps.isochrones import packed_isochrones
from maps.style.html_text import items, plain
from maps.style.modes import PAGE_MODES
from maps.style.palette import GAINS, LEVELS, LOSSES, NEUTRAL
from maps.style.polyline import encoded_lines
from maps.tables.network_states import State
from maps.tables.packed_ways import packed_ways
from maps.tables.page_tables import PageTables

COUNT_DECIMALS = 2
PLACE_DECIMALS = 5


def _names(zh: Any, en: Any) -> dict[str, str]:
    return {"zh": plain(zh) or plain(en), "en": plain(en) or plain(zh)}


def _places(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    lonlat = to_wgs84(places)
    return [
        {
            **_names(row.name_zh, row.name_en),
            "at": [round(row.geometry.y, PLACE_DECIMALS), round(row.geometry.x, PLACE_DECIMALS)],
        }
        for row in lonlat.itertuples()
    ]


def _outlines(zones: gpd.GeoDataFrame) -> list[str]:
    """Encoded outer rings of the zones."""
    rings = shapely.get_exterior_ring(to_wgs84(zones).geometry.to_numpy())
    return encoded_lines(np.array(rings))


def _edges(zones: gpd.GeoDataFrame, mode: str) -> list[int]:
    """Flag (0 or 1) of each zone whose reach touches the edge of the network."""
    column = f"touches_edge_{mode}"
    return [int(bool(v)) for v in zones[column]] if column in zones else []


def _state(state: State) -> dict[str, Any]:
    data = {"id": state.state_id, "kind": state.kind, "year": state.year}
    return (
        data
        | _names(state.zh, state.en)
        | {
            "projects": list(state.project_ids),
            "times": dict(state.times),
        }
    )


def _counts(tables: PageTables) -> list[dict[str, Any]]:
    zones = tables.accessibility
    return [
        {
            "key": count.column,
            **_names(count.zh, count.en),
            "values": [round(float(v), COUNT_DECIMALS) for v in zones[count.column]],
        }
        for count in tables.times.counts
    ]


def _documents(projects: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Source documents, each with the projects that cite it."""
    projects_of: dict[str, list[str]] = {}
    for row in projects.itertuples():
        source = row.source if isinstance(row.source, dict) else {}
        words = [plain(source.get(key)) for key in ("document", "clause", "date")]
        text = ", ".join(word for word in words if word) or ", ".join(map(plain, items(row.source)))
        if text and row.project_id not in projects_of.setdefault(text, []):
            projects_of[text].append(row.project_id)
    return [{"text": text, "projects": ids} for text, ids in projects_of.items()]


def _isochrones(tables: PageTables) -> dict[str, Any]:
    """Bands of isochrones: their number by state and mode; equal bands are stored once."""
    keys = tables.isochrones.drop_duplicates(["scenario", "mode"])
    all_bands = packed_isochrones(tables.isochrones)
    shapes: dict[str, int] = {}
    numbers = {}
    for row, bands in zip(keys.itertuples(), all_bands, strict=True):
        number = shapes.setdefault(json.dumps(bands), len(shapes))
        numbers[f"{row.scenario} {row.mode}"] = number
    return {"numbers": numbers, "shapes": [json.loads(text) for text in shapes]}


def study_data(tables: PageTables) -> dict[str, Any] | None:
    """All data but the packed times, ready for JSON; None if the page has no states.

    Parameters
    ----------
    tables
        Inputs of the page.
    """
    times, zones = tables.times, tables.accessibility
    if not times.states:
        return None
    areas = {row.area_id: n for n, row in enumerate(tables.areas.itertuples())}
    modes = list(times.states[0].times)
    return {
        "size": len(tables.places) + len(zones),
        "first": len(tables.places),
        "places": _places(tables.places),
        "zones": {
            "id": [plain(zone) for zone in zones["zone_id"]],
            "area": [areas[area] for area in zones["area_id"]],
        },
        "outlines": _outlines(zones),
        "areas": [_names(row.name_zh, row.name_en) for row in tables.areas.itertuples()],
        "counts": _counts(tables),
        "minutes": list(times.minutes),
        "modes": {mode: _names(*PAGE_MODES[mode]) for mode in modes},
        "edges": {mode: _edges(zones, mode) for mode in modes},
        "states": [_state(state) for state in times.states],
        "references": [table.reference for table in times.tables],
        "breaks": {f"{b.mode} {b.column} {b.minutes}": [b.levels, b.changes] for b in times.breaks},
        "colors": {"levels": LEVELS, "gains": GAINS, "losses": LOSSES, "neutral": NEUTRAL},
        "isochrones": _isochrones(tables),
        "origin": [tables.origin_zh, tables.origin_en],
        "toOrigin": tables.to_origin,
        "documents": _documents(tables.projects),
        "ways": list(times.ways.by_state),
    }


def times_elements(tables: PageTables) -> Markup:
    """The packed times and ways, each in an element that the browser does not parse."""
    element = Markup('<script type="text/plain" id="{}">{}</script>')
    texts = {f"times-{n}": table.text for n, table in enumerate(tables.times.tables)}
    if tables.times.ways.by_state:
        texts["ways"] = packed_ways(tables.times.ways)
    return Markup("\n").join(element.format(name, text) for name, text in texts.items())
