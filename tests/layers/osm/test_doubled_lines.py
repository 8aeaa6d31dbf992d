"""Lines that OpenStreetMap and a study's own files both have: the same kind, place or number."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pytest
from coordinates import CRS, point
from network_parts import route, stops

from layers.osm.doubled_lines import doubled_lines, stops_of_others
from layers.transit import TransitRoute

OWN = "ABCDE"


def places(letters: str, south_m: float) -> gpd.GeoDataFrame:
    """Stops at each km, by letter: `a` beside `A`."""
    at = {name: point(1e3 * (ord(name.upper()) - 65), south_m) for name in letters}
    return stops(gpd.GeoSeries(at, crs=CRS))


def doubled(
    osm: Sequence[TransitRoute], own: Sequence[TransitRoute], *, south_m: float = 50
) -> list[str]:
    """Ids of the lines of OpenStreetMap that own files have, with stops `south_m` apart."""
    found = doubled_lines(
        osm, places("abcdefghij", south_m), own=own, own_stops=places("ABCDEFGHIJ", 0)
    )
    return [line.route_id for line in found]


def test_a_line_at_the_same_stops_is_the_same_whatever_its_number() -> None:
    own = [route("7", OWN, line="7")]
    assert doubled([route("r1", "abcde", line="K7"), route("r2", "edcba")], own) == ["r1", "r2"]
    assert doubled([route("r1", "bcd")], own) == ["r1"]
    assert doubled([route("r1", "abcde")], own, south_m=350) == []


def test_a_feed_of_all_buses_takes_the_place_of_all() -> None:
    own = [route("1", "ABC"), route("2", "CDE"), route("3", "EFGHIJ")]
    osm = [route("r1", "abcde"), route("r2", "cdefg"), route("r3", "ij")]
    assert doubled(osm, own) == ["r1", "r2", "r3"]


def test_one_own_line_leaves_the_others() -> None:
    own = [route("7", OWN, line="7")]
    osm = [route("r1", "defghij", line="8"), route("r2", "fghij", line="7")]
    assert doubled(osm, own) == []
    assert doubled(osm, []) == []


@pytest.mark.parametrize("number", ["7", "7路", "Line 7", " 7 ", "7号线"])
def test_the_same_number_and_half_of_the_stops(number: str) -> None:
    own = [route("7", OWN, line="7")]
    assert doubled([route("r1", "cdefg", line=number)], own) == ["r1"]
    assert doubled([route("r1", "defgh", line=number)], own) == []


def test_another_kind_of_vehicle_stays() -> None:
    feed = [route("7", OWN, line="7", route_type=704)]
    assert doubled([route("r1", "abcde", line="7", route_type=1)], feed) == []
    assert doubled([route("r1", "abcde", line="7", route_type=11)], feed) == ["r1"]
    metro = [route("7", OWN, line="7", route_type=1)]
    # what OpenStreetMap calls light rail a feed may call metro: the number decides
    assert doubled([route("r1", "abcde", line="7", route_type=0)], metro) == ["r1"]
    assert doubled([route("r1", "abcde", line="8", route_type=0)], metro) == []


def test_stops_that_only_doubled_lines_serve_are_left_out() -> None:
    lines = [route("r1", "abc"), route("r2", "cd")]
    kept = stops_of_others(places("abcdef", 0), lines, lines[:1])
    assert list(kept.index) == ["c", "d", "e", "f"]
