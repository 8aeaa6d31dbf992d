"""The bundled study spoilt: by which fault, of which file and feature, and what is allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bad_inputs.base import Spoil, toml


def change(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Edit a GeoJSON file as a whole."""
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def first(content: dict[str, Any], **wanted: object) -> dict[str, Any]:
    """The first feature with these properties."""
    return next(
        f
        for f in content["features"]
        if all(f["properties"].get(key) == value for key, value in wanted.items())
    )


def missing_file(folder: Path) -> None:
    (folder / "network/bus.geojson").unlink()


def broken_json(folder: Path) -> None:
    (folder / "network/bus.geojson").write_text('{"type": "FeatureColl', encoding="utf-8")


def wrong_crs_member(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4545"}}

    change(folder / "places/places.geojson", edit)


def projected_coordinates(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["features"][0]["geometry"]["coordinates"] = [631_000.0, 3_270_000.0]

    change(folder / "places/places.geojson", edit)


def unknown_key(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["features"][0]["properties"]["lane"] = 4

    change(folder / "network/road_edges.geojson", edit)


def unclosed_polygon(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        first(content, area_id="core")["geometry"]["coordinates"][0].pop()

    change(folder / "boundaries/areas.geojson", edit)


def self_crossing_polygon(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        ring = [[106, 29], [106.1, 29.1], [106.1, 29], [106, 29.1], [106, 29]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        first(content, area_id="core")["geometry"] = geometry

    change(folder / "boundaries/areas.geojson", edit)


def overlapping_areas(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        twin = json.loads(json.dumps(first(content, area_id="core")))
        twin["properties"]["area_id"] = "twin"
        content["features"].append(twin)

    change(folder / "boundaries/areas.geojson", edit)


def station_out_of_order(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        stops = first(content, route_id="CRT27")["properties"]["stop_ids"]
        stops[1], stops[-2] = stops[-2], stops[1]

    change(folder / "projects/CRT27.geojson", edit)


def headway_of_zero(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        first(content, route_id="CRT1")["properties"]["headway_peak_secs"] = 0

    change(folder / "network/rail.geojson", edit)


def hop_missing(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        first(content, route_id="CRT6")["properties"]["hop_secs"].pop()

    change(folder / "network/rail.geojson", edit)


def unknown_stop(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        first(content, route_id="CRT6")["properties"]["stop_ids"][0] = "nowhere"

    change(folder / "network/rail.geojson", edit)


def far_portal(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        far = [[106.0, 28.6], [106.05, 28.6]]
        content["features"] = [first(content, tunnel=True)]
        content["features"][0]["geometry"]["coordinates"] = far

    change(folder / "projects/KXC.geojson", edit)


def two_projects_one_id(folder: Path) -> None:
    text = (folder / "projects/KXC.geojson").read_text(encoding="utf-8")
    (folder / "projects/KXC2.geojson").write_text(text, encoding="utf-8")


def opening_year_text(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["features"][0]["properties"]["opening_year"] = "2026"

    change(folder / "projects/KXC.geojson", edit)


def requires_unknown(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        for feature in content["features"]:
            feature["properties"]["requires"] = ["ATLANTIS"]

    change(folder / "projects/KXC.geojson", edit)


def road_not_joined(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["features"][0]["geometry"]["coordinates"][0][0] += 0.01

    change(folder / "network/road_edges.geojson", edit)


def empty_study(folder: Path) -> None:
    (folder / "study.toml").write_text("", encoding="utf-8")


def no_study(folder: Path) -> None:
    (folder / "study.toml").unlink()


def empty_layer(folder: Path) -> None:
    path = folder / "places/places.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")


CASES: list[tuple[Spoil, str, str, str, str]] = [
    (missing_file, "file-missing", "bus.geojson", "", ""),
    (broken_json, "file-unreadable", "bus.geojson", "", "GeoJSON"),
    (wrong_crs_member, "crs-wrong", "places.geojson", "", "WGS 84"),
    (projected_coordinates, "crs-wrong", "places.geojson", "NEWAP", "-180 to 180"),
    (unknown_key, "key-unknown", "road_edges.geojson", "B0001", "did you mean lanes?"),
    (unclosed_polygon, "geometry-unclosed", "areas.geojson", "core", ""),
    (self_crossing_polygon, "geometry-invalid", "areas.geojson", "core", "valid"),
    (overlapping_areas, "areas-not-a-coverage", "areas.geojson", "twin", "shared edges"),
    (station_out_of_order, "station-out-of-order", "CRT27.geojson", "CRT27", "check the order"),
    (headway_of_zero, "value-out-of-range", "rail.geojson", "CRT1", "30 to 14400"),
    (hop_missing, "hops-do-not-fit", "rail.geojson", "CRT6", "one hop fewer"),
    (unknown_stop, "id-unknown", "rail.geojson", "CRT6", ""),
    (far_portal, "portal-too-far", "KXC.geojson", "", "0 to 300 m"),
    (two_projects_one_id, "id-duplicate", "KXC2.geojson", "", "one file a project"),
    (opening_year_text, "value-wrong-type", "KXC.geojson", "", "1990 to 2100"),
    (requires_unknown, "id-unknown", "KXC.geojson", "", ""),
    (road_not_joined, "road-not-joined", "road_edges.geojson", "B0001", "0 to 1 m"),
    (empty_study, "study-empty", "study.toml", "", "scenarios"),
    (no_study, "file-missing", "study.toml", "", "scicity init"),
    (empty_layer, "file-empty", "places.geojson", "", "one or more"),
    (toml('crs = "EPSG:32648"', 'crs = "EPSG:4326"'), "crs-wrong", "study.toml", "study", "metres"),
    (toml("[study]", "[stuudy]"), "key-unknown", "study.toml", "", "did you mean study?"),
    (toml("origin =", "orign ="), "key-unknown", "study.toml", "study", "did you mean origin?"),
    (toml('"SC_CENTRE"', '"SC_CENTER"'), "id-unknown", "study.toml", "study", "place_id"),
    (
        toml("value = 4.5", "value = 45"),
        "value-out-of-range",
        "study.toml",
        "walk_speed_kph",
        "2 to 8",
    ),
    (toml("open_by = 2025", "open_by = 20"), "value-out-of-range", "study.toml", "", "1990"),
    (
        toml("projects = []", 'clauses = ["九"]'),
        "id-unknown",
        "study.toml",
        "scenarios.today",
        "四(一)",
    ),
    (toml("open_by = 2025", ""), "scenario-unclear", "study.toml", "", "exactly one"),
    (
        toml("projects = []", 'projects = ["YONGBI", "KXC", "KXC", "ATLANTIS"]'),
        "requires-missing",
        "study.toml",
        "today",
        "add HEBIJIN",
    ),
    (
        toml('"places/places.geojson"', '"../places.geojson"'),
        "path-outside-study",
        "study.toml",
        "files",
        "inside",
    ),
]


def far_place(folder: Path) -> None:
    def edit(content: dict[str, Any]) -> None:
        first(content, place_id="C_BB")["geometry"]["coordinates"] = [105.0, 28.0]

    change(folder / "places/places.geojson", edit)
