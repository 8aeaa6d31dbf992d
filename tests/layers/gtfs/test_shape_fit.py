"""Shapes that are not the way of their trips: of another line, of a part, against the trips."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from coordinates import CRS, point
from gtfs_feeds import SOUND, read
from network_parts import route
from shapely.geometry import LineString

from analysis.buses.network.shape_pieces import shape_pieces
from layers.gtfs.shape_fit import with_fitting_shapes

PLACES = {name: point(1e3 * x, 0) for name, x in zip("ABCDE", range(5), strict=True)}
STOPS = gpd.GeoSeries(PLACES, crs=CRS)


def line(*xy_km: tuple[float, float]) -> LineString:
    return LineString([point(1e3 * x, 1e3 * y) for x, y in xy_km])


def fitted(stop_ids: str, shape: LineString) -> tuple[LineString | None, list[str]]:
    (one,), faults = with_fitting_shapes([route("7", stop_ids, shape=shape)], STOPS, "f.zip")
    assert {(f.code, f.severity, f.file) for f in faults} <= {
        ("shape-off-stops", "warning", "f.zip/shapes.txt")
    }
    return one.shape, [fault.message for fault in faults]


@pytest.mark.parametrize("south_km", [0.6, 6.0])
def test_a_shape_of_another_line_is_not_used(south_km: float) -> None:
    shape, told = fitted("ABCDE", line((0, south_km), (4, south_km)))
    assert shape is None
    (message,) = told
    assert message.startswith("the shape of 7 passes 5 of 5 stops farther away than 500 m, 'A' at ")
    assert message.endswith(f" {1e3 * south_km:.0f} m: it is not used")


def test_a_sound_shape_stays() -> None:
    shape = line((0, 0.4), (4, 0.4))
    assert fitted("ABCDE", shape) == (shape, [])
    there_and_back = line((0, 0), (4, 0), (0, 0.01))
    assert fitted("ABCDEDCBA", there_and_back) == (there_and_back, [])
    assert fitted("AE", shape) == (shape, [])


def test_a_shape_against_its_trips_is_turned_round() -> None:
    shape, told = fitted("ABCDE", line((4, 0), (0, 0)))
    assert shape is not None
    assert shape.equals_exact(line((0, 0), (4, 0)), 1e-9)
    assert told == ["the shape of 7 runs against its trips: it is turned round"]
    assert [p.length for p in shape_pieces(route("7", "ABCDE"), shape, STOPS) if p] == [1e3] * 4


@pytest.mark.parametrize(
    ("shape", "used"),
    [
        (line((0, 0), (2, 0)), [True, True, False, False]),
        (line((2, 0), (4, 0)), [False, False, True, True]),
        (line((0, 0), (1, 0), (1.2, 3), (2.8, 3), (3, 0), (4, 0)), [True, False, False, True]),
        (line((0, 0), (0, 5), (4, 5), (4, 0)), [False, False, False, False]),
    ],
)
def test_a_shape_of_a_part_is_used_there(shape: LineString, used: list[bool]) -> None:
    kept, told = fitted("ABCDE", shape)
    assert len(told) == 1
    if not any(used):
        assert kept is None
        return
    assert kept == shape
    pieces = shape_pieces(route("7", "ABCDE"), shape, STOPS)
    assert [piece is not None for piece in pieces] == used
    assert [round(piece.length) for piece in pieces if piece] == [1_000] * sum(used)


def test_a_stop_far_from_any_street_is_as_far_from_its_shape() -> None:
    shape = line((0, 0.9), (4, 0.9))
    assert shape_pieces(route("7", "AB"), shape, STOPS) == [None]
    assert shape_pieces(route("7", "AB"), shape, STOPS, {"A": 1_400, "B": 800}) == [None]
    (piece,) = shape_pieces(route("7", "AB"), shape, STOPS, {"A": 1_400, "B": 1_400})
    assert piece is not None
    assert piece.length == pytest.approx(1_000)


def test_a_feed_tells_its_shape(tmp_path: Path) -> None:
    tables = SOUND | {
        "trips": "route_id,service_id,trip_id,shape_id\nR,S,t0,s\nR,S,t1,s\n",
        "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "s,29.55,106.0,1\ns,29.55,106.03,2\n",
    }
    _, (bus,), faults = read(tmp_path, tables)
    assert bus.shape is None
    assert [(f.code, f.feature) for f in faults] == [("shape-off-stops", "R")]
