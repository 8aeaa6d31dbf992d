"""Projects of the bundled data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bundled_data import DATA, PROJECTS, features, rows


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_a_project_is_one_and_traceable(path: Path) -> None:
    told = rows(path)
    for name in ("kind", "status", "opening_year", "clause", "requires", "replaces"):
        assert len({str(row[name]) for row in told}) == 1
    for row in told:
        assert row["project_id"] == path.stem
        assert set(row["source"]) == {"document", "clause", "url", "date", "codes"}
        assert row["source"]["clause"] == row["clause"]
        assert (row["clause"] is not None) == (row["source"]["date"] == "2022-04-20")
        assert 2022 <= row["opening_year"] <= 2035
        assert re.search(r"20\d\d", row["status_latest"])


def road_ends(path: Path) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    return [
        (tuple(f["geometry"]["coordinates"][0]), tuple(f["geometry"]["coordinates"][-1]))
        for f in features(path)
        if f["properties"]["element"] == "road"
    ]


def places_before(path: Path) -> set[tuple[float, ...]]:
    nodes = features(DATA / "network" / "road_nodes.geojson")
    known = {tuple(node["geometry"]["coordinates"]) for node in nodes}
    for other in rows(path)[0]["requires"]:
        required = DATA / "projects" / f"{other}.geojson"
        known |= {end for road in road_ends(required) for end in road} | places_before(required)
    return known


@pytest.mark.parametrize(
    "path", [path for path in PROJECTS if road_ends(path)], ids=lambda path: path.stem
)
def test_no_road_project_hangs_in_the_air(path: Path) -> None:
    before = places_before(path)
    islands = [set(road) for road in road_ends(path)]
    for road in road_ends(path):
        joined = [island for island in islands if island & set(road)]
        islands = [i for i in islands if i not in joined] + [set().union(*joined)]
    assert all(island & before for island in islands)


def test_what_a_project_requires_or_replaces_exists() -> None:
    links = {row["link_id"] for row in rows(DATA / "network" / "road_edges.geojson")}
    for path in PROJECTS:
        first = rows(path)[0]
        assert set(first["requires"]) <= {other.stem for other in PROJECTS}
        assert set(first["replaces"]) <= links
