"""Every feature of the bundled data says who says so, and the examples of its build are true."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from bundled_data import DATA, LAYERS, ROOT, rows, shapes

IDS = {
    "areas": "area_id",
    "districts": "district_id",
    "road_nodes": "node_id",
    "road_edges": "link_id",
    "places": "place_id",
    "population": "town_id",
    "opportunities": "opportunity_id",
}
ELEMENT_IDS = {"station": "stop_id", "route": "route_id", "road": "link_id"}
CONFIDENCES = {"published", "derived", "assumed"}


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_every_feature_says_who_says_so(path: Path) -> None:
    for row in rows(path):
        assert row["confidence"] in CONFIDENCES
        assert row["accuracy_m"] > 0
        assert row["source"]


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_files_are_rfc_7946(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert "crs" not in content
    assert "NaN" not in text
    assert len(text.splitlines()) == len(content["features"]) + 2
    for shape in shapes(path):
        coordinates = shapely.get_coordinates(shape)
        assert np.array_equal(coordinates, np.round(coordinates, 6))
        for part in shapely.get_parts(shape):
            if isinstance(part, shapely.Polygon):
                assert part.exterior.is_ccw


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_ids_are_unique(path: Path) -> None:
    names = [row[IDS.get(path.stem) or ELEMENT_IDS[row["element"]]] for row in rows(path)]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names)


def test_every_code_is_in_the_table_of_sources() -> None:
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    used: set[str] = set()
    for path in LAYERS:
        for row in rows(path):
            source = row["source"]
            used.update(source["codes"] if isinstance(source, dict) else source)
    with (DATA / "network" / "screenlines.csv").open(encoding="utf-8", newline="") as file:
        used.update(code for row in csv.DictReader(file) for code in row["source"].split(";"))
    assert used == known


def test_examples_in_the_build_are_true() -> None:
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "data/build", "-q"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
