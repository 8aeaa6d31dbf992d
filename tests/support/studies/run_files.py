"""The files of a whole run, and what stands in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

LAYERS = (
    "projects",
    "project_joins",
    "areas",
    "isochrones",
    "isochrones_change",
    "accessibility",
    "attribution",
    "bus_gateways",
    "bus_loops",
    "bus_gaps",
    "bus_closing_links",
    "bus_loop_proposals",
)
BUS_FILES = {
    *(f"{name}.geojson" for name in LAYERS if name.startswith("bus_")),
    "bus_link_sets.csv",
    "spine_feeding.csv",
    "bus_proposals_gtfs.zip",
}
FIGURES = {
    f"{name}.{ending}"
    for name in (
        "change_transit",
        "change_drive",
        "accessibility_by_area",
        "travel_times",
        "place_times",
        "attribution_transit",
        "attribution_drive",
        "attribution_pairs",
        "attribution_tornado",
        "building_order",
        "accessibility_by_year",
    )
    for ending in ("png", "svg", "pdf")
}
SHARE_FILES = {
    "attribution.geojson",
    "attribution.csv",
    "attribution_bands.csv",
    "attribution_certainty.csv",
    "attribution_changes.csv",
    "attribution_pairs.csv",
    "attribution_players.csv",
    "attribution_tornado.csv",
    "building_order.csv",
}
GAIN_FILES = {
    "spread.csv",
    "gain_shares.csv",
    "core_and_ring.csv",
    "partner_times.csv",
    "partner_summary.csv",
    "openings.csv",
    "accessibility_by_year.csv",
    "slips.csv",
}
FILES = {
    *BUS_FILES,
    *SHARE_FILES,
    *GAIN_FILES,
    *(f"{name}.geojson" for name in LAYERS),
    "map.html",
    *FIGURES,
    "accessibility_by_area.csv",
    "place_times.csv",
    "place_times_missing.csv",
    "project_effects.csv",
    "screenlines.csv",
    "results.gpkg",
    "report.md",
    "report.en.md",
    "report.html",
    "run.json",
}


def features(path: Path) -> list[dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return list(content["features"])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
