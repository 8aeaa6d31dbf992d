"""A layer that somebody forgot to declare is noticed, and no other is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from datum_copies import edit, move_file, to_bd09, to_gcj02

from geo.datum_fit import better_fit
from geo.faults import Fault
from scicity.inputs.read_study import read_study, study_with_faults
from scicity.inputs.study import Study
from scicity.inputs.suspect_datums import datum_warnings

WAYS = {"gcj02": to_gcj02, "bd09": to_bd09}
CRS = "EPSG:32648"
FILES = {
    "places.geojson": ["places/places.geojson"],
    "population.geojson": ["places/population.geojson"],
    "transit (buses)": ["network/bus.geojson"],
    "areas.geojson": ["boundaries/areas.geojson"],
    "districts.geojson": ["boundaries/districts.geojson"],
    "road_edges.geojson": ["network/road_nodes.geojson", "network/road_edges.geojson"],
}


def suspects(folder: Path) -> list[Fault]:
    _, faults = study_with_faults(folder)
    return [fault for fault in faults if fault.code == "datum-suspect"]


def test_nothing_is_said_of_the_bundled_study(study: Study) -> None:
    assert datum_warnings(study) == []


@pytest.mark.slow
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("file", FILES)
def test_a_layer_left_undeclared_is_noticed(copy: Path, file: str, datum: str) -> None:
    for path in FILES[file]:
        move_file(copy / path, WAYS[datum])
    if file == "road_edges.geojson":  # projects would find no road to join
        for path in (copy / "projects").glob("*.geojson"):
            move_file(path, WAYS[datum])
    found = suspects(copy)
    [told] = [fault for fault in found if fault.file == file]
    assert {fault.file for fault in found} == {file}
    assert told.severity == "warning"
    assert f"looks like {datum}" in told.message
    assert f'"{datum}" in [datums]' in told.allowed


def test_a_declared_layer_is_no_suspect(copy: Path) -> None:
    move_file(copy / "places/places.geojson", to_gcj02)
    [told] = suspects(copy)
    assert "m off" in told.message
    edit(copy, datums='places = "gcj02"')
    assert suspects(copy) == []
    read_study(copy)


def grid(east: float, north: float) -> np.ndarray:
    """Streets every 400 m and 700 m, 10 km each way."""
    across = [[(east, north + y), (east + 10_000, north + y)] for y in range(0, 10_001, 400)]
    along = [[(east + x, north), (east + x, north + 10_000)] for x in range(0, 10_001, 700)]
    return shapely.linestrings(np.array([*across, *along], dtype=float))


@pytest.mark.parametrize("seed", range(40))
def test_points_that_have_nothing_to_do_with_streets_raise_no_alarm(seed: int) -> None:
    random = np.random.default_rng(seed)
    middles = random.uniform(0, 10_000, (6, 2))
    xy = middles[random.integers(0, 6, 200)] + random.normal(0, 400, (200, 2))
    xy += np.array([630_000, 3_270_000])
    assert better_fit(xy, grid(630_000, 3_270_000), CRS) is None


def test_outside_china_nothing_is_ever_suspected() -> None:
    random = np.random.default_rng(1)
    xy = random.uniform(0, 10_000, (200, 2)) + np.array([380_000, 6_670_000])
    assert better_fit(xy, grid(380_000, 6_670_000), "EPSG:32635") is None


def test_a_few_points_are_not_enough() -> None:
    xy = np.column_stack([np.arange(10) * 700 + 630_000.0, np.full(10, 3_270_150.0)])
    assert better_fit(xy, grid(630_000, 3_270_000), CRS) is None
    assert better_fit(xy, np.array([]), CRS) is None
