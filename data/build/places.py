"""Places that matter, and the points of interest of OpenStreetMap."""

from __future__ import annotations

from pathlib import Path

import shapely

from data.build.facts import Facts
from data.build.geojson import Feature, Record, point, write_features

PREFIXES = {
    "centre": "centre",
    "science": "science",
    "industrial park": "park",
    "tourism park": "park",
    "university": "university",
    "port": "port",
    "rail hub": "rail_hub",
    "airport": "airport",
}
"""Category by the beginning of the fact sheet's."""

NOT_YET = frozenset({"NEWAP", "RW_KXC", "RW_JJN"})
"""Places that did not exist on 20 April 2022: the new airport and two high-speed stations."""
ESTIMATE = "estimate"

KINDS = {
    "school": "school",
    "university": "university",
    "college": "university",
    "hospital": "hospital",
    "industrial": "industry",
}
"""Kind of opportunity by OpenStreetMap's class; other classes are left out."""
POI_ACCURACY_M = 100


def category_of(told: str) -> str:
    """The map's category of a place.

    Examples
    --------
    >>> category_of("port (Jialing, candidate)"), category_of("tourism park")
    ('port', 'park')
    """
    return next(category for prefix, category in PREFIXES.items() if told.startswith(prefix))


def _confidence(basis: str) -> str:
    """Whether the position is published, follows from another's, or is a guess."""
    if ESTIMATE in basis:
        return "assumed"
    return "published" if basis.startswith("Wikipedia") else "derived"


def _place(place: Record) -> Feature:
    record = {
        "place_id": place["id"],
        "name_zh": place["name_zh"],
        "name_en": place["name_en"],
        "category": category_of(place["category"]),
        "category_source": place["category"],
        "existing": place["id"] not in NOT_YET,
        "accuracy_m": place["accuracy_m"],
        "source": list(place["sources"]),
        "confidence": _confidence(place["basis"]),
        "note": place["basis"],
    }
    return Feature(record, point(place))


def _opportunity(row: dict[str, str]) -> Feature:
    record = {
        "opportunity_id": f"osm-{row['osm_id']}",
        "name_zh": row["name"] or None,
        "kind": KINDS[row["fclass"]],
        "accuracy_m": POI_ACCURACY_M,
        "source": ["OSM"],
        "confidence": "published",
    }
    return Feature(record, shapely.Point(float(row["lon"]), float(row["lat"])))


def write_places(facts: Facts, folder: Path) -> None:
    """Write `places.geojson` and `opportunities.geojson`."""
    write_features(folder / "places.geojson", [_place(place) for place in facts.places])
    rows = [row for row in facts.pois if row["fclass"] in KINDS]
    write_features(folder / "opportunities.geojson", [_opportunity(row) for row in rows])
