"""Public transport in a city whose answers are computed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ascii_worlds import world
from corner_city import BANDS, CITY
from easy_values import conditions, easy
from network_parts import route
from travel_times_between import times

from analysis.graph.travel import Band
from layers.transit import Period, TransitRoute


def by_transit(
    start: str, end: str, *routes: TransitRoute, period: Period = "peak", band: Band = "expected"
) -> float:
    """Seconds between two places of the city with these routes."""
    places = CITY.at(dict.fromkeys(start + end))
    found = times(CITY.network(*routes), places, mode="transit", period=period, band=band)
    return float(found.loc[start, end])


def banded(start: str, end: str, *routes: TransitRoute) -> list[float]:
    """Best, expected and worst."""
    return [by_transit(start, end, *routes, band=band) for band in BANDS]


# Public transport ---------------------------------------------------------------------------


def test_one_line() -> None:
    """Walk A-E, wait half of 600 s, ride three hops, walk H-D."""
    line = replace(route("1", "EFGH", 120, headway_secs=600), headway_offpeak_secs=1_200.0)
    assert by_transit("A", "D", line) == pytest.approx(1_000 + 300 + 360 + 1_000)
    assert by_transit("D", "A", line) == pytest.approx(1_000 + 300 + 360 + 1_000)
    assert by_transit("A", "D", line, period="offpeak") == pytest.approx(1_000 + 600 + 360 + 1_000)
    assert banded("E", "H", line) == pytest.approx([360, 660, 960])


def test_boarding_midway() -> None:
    """From s, half a block beside the stop F."""
    line = route("1", "EFGH", 120, headway_secs=600)
    assert by_transit("s", "t", line) == pytest.approx(min(500 + 300 + 120 + 500, 2_000))


def test_hops_are_ridden_backwards_too() -> None:
    """Unequal hops, also of a route that reads the same both ways."""
    line = route("1", "EFG", [100, 500], headway_secs=200)
    assert by_transit("G", "F", line) == pytest.approx(100 + 500)
    there_and_back = route("2", "EFE", [900, 100], headway_secs=200)
    assert by_transit("E", "F", there_and_back) == pytest.approx(100 + 100)


def test_transfer_at_a_stop() -> None:
    """A second wait, of half the second headway."""
    across = route("1", "EFGH", 120, headway_secs=600)
    down = route("2", "CGK", 90, headway_secs=400)
    assert by_transit("E", "K", across, down) == pytest.approx(300 + 240 + 200 + 90)
    assert banded("E", "K", across, down) == pytest.approx([330, 830, 1_330])


def test_transfer_on_foot() -> None:
    """One line ends at F, the other starts at s, 500 m away."""
    first = route("1", "JF", 60, headway_secs=600)
    second = route("2", "sI", 60, headway_secs=400)
    assert by_transit("J", "I", first, second) == pytest.approx(1_000)  # walking
    third = route("3", "sA", 60, headway_secs=400)
    assert by_transit("J", "A", first, third) == pytest.approx(300 + 60 + 500 + 200 + 60)


def test_a_walk_that_competes() -> None:
    """Waiting 750 s for a ride of 60 s takes longer than one block on foot, not than two."""
    bus = route("1", "EFG", 60, headway_secs=1_500)
    assert banded("E", "F", bus) == pytest.approx([60, 810, 1_000])
    slow = route("2", "EFG", 300, headway_secs=1_500)
    assert by_transit("E", "F", slow) == pytest.approx(1_000)
    assert by_transit("E", "G", slow) == pytest.approx(750 + 600)


def test_one_way_route() -> None:
    line = route("1", "EFGH", 120, headway_secs=600, bidirectional=False)
    assert by_transit("E", "H", line) == pytest.approx(300 + 360)
    assert by_transit("H", "E", line) == pytest.approx(3_000)


def test_deep_station() -> None:
    """90 s down and 90 s up, at a transfer too."""
    across = route("1", "EFGH", 120, headway_secs=600, stop_access_secs=90)
    down = route("2", "CGK", 90, headway_secs=400, stop_access_secs=30)
    assert by_transit("E", "H", across) == pytest.approx(90 + 300 + 360 + 90)
    wanted = 90 + 300 + 240 + 90 + 30 + 200 + 90 + 30
    assert by_transit("E", "K", across, down) == pytest.approx(wanted)


def test_boarding_a_main_line_train() -> None:
    """The security check is paid once a boarding, and not at the end."""
    train = route("G1", "EH", 60, headway_secs=1_200, boarding_secs=1_200, stop_access_secs=120)
    assert banded("E", "H", train) == pytest.approx([1_500, 2_100, 2_700])


def test_nobody_boards_only_to_leave() -> None:
    """The stop f lies between s and t; to board there and to leave at once is no way."""
    here = world(
        """
        A-------B

          s f t
        """
    )
    under = conditions(easy(snap_limit_m=100.0, max_direct_walk_m=500.0))
    network = here.network(route("1", "fAB", 60, bidirectional=False))
    best = times(network, here.at("st"), mode="transit", band="best", under=under)
    assert np.isinf(best.loc["s", "t"])


# Lines together -----------------------------------------------------------------------------


def test_common_lines() -> None:
    """Two lines every 600 s are one every 300 s."""
    two = [route(name, "EFGH", 120, headway_secs=600) for name in "12"]
    assert banded("E", "H", *two) == pytest.approx([360, 150 + 360, 300 + 360])


def test_common_lines_of_unequal_speed() -> None:
    """Take what comes first: wait 0.5 / (2/600) = 150 s, then 600 or 700 s with equal chance."""
    fast, slow = route("1", "EH", 600, headway_secs=600), route("2", "EH", 700, headway_secs=600)
    assert by_transit("E", "H", fast, slow) == pytest.approx(150 + 650)


def test_a_line_too_slow_to_be_taken() -> None:
    """300 + 360 s with the first alone; both would be (0.5 + 0.6 + 15) x 54.5 = 878 s."""
    fast, slow = route("1", "EH", 360, headway_secs=600), route("2", "EH", 900, headway_secs=60)
    assert by_transit("E", "H", fast, slow) == pytest.approx(660)


def test_common_lines_on_a_part_of_their_way() -> None:
    """1 and 2 share F-G only: going on to H with 1 there is one wait, for 1."""
    one, two = route("1", "FGH", 100, headway_secs=600), route("2", "BFGK", 100, headway_secs=600)
    assert by_transit("F", "G", one, two) == pytest.approx(150 + 100)
    assert by_transit("F", "H", one, two) == pytest.approx(300 + 200)
    assert by_transit("B", "H", one, two) == pytest.approx(300 + 200 + 300 + 100)


def test_common_lines_of_different_depth() -> None:
    """The deep line costs 240 s more on foot: (0.5 + 600/600 + 840/600) x 300 = 870 s."""
    deep = route("1", "EH", 600, headway_secs=600, stop_access_secs=120)
    bus = route("2", "EH", 600, headway_secs=600)
    assert by_transit("E", "H", deep, bus) == pytest.approx(870)


def test_through_running() -> None:
    """Every 600 s on one side, every 900 s on the other: a train goes through every 900 s."""
    west = route("1", "EF", 120, headway_secs=600, through_routes=("2",))
    east = route("2", "FGH", 120, headway_secs=900)
    assert banded("E", "H", west, east) == pytest.approx([360, 450 + 360, 900 + 360])
    assert banded("H", "E", west, east) == pytest.approx([360, 450 + 360, 900 + 360])
    assert by_transit("E", "F", west, east) == pytest.approx(300 + 120)
    changing = replace(west, through_routes=())
    assert by_transit("E", "H", changing, east) == pytest.approx(300 + 120 + 450 + 240)


def test_through_running_between_routes_drawn_towards_each_other() -> None:
    """Both end at F."""
    west = route("1", "EF", 120, headway_secs=600)
    east = route("2", "HGF", 120, headway_secs=600, through_routes=("1",))
    assert by_transit("E", "H", west, east) == pytest.approx(300 + 360)
    assert by_transit("H", "E", west, east) == pytest.approx(300 + 360)


def test_one_way_through_running() -> None:
    """Of two one-way routes only the one that arrives goes on."""
    west = route("1", "EF", 120, headway_secs=600, bidirectional=False, through_routes=("2",))
    east = route("2", "FGH", 120, headway_secs=600, bidirectional=False)
    assert by_transit("E", "H", west, east) == pytest.approx(300 + 360)
    assert by_transit("H", "E", west, east) == pytest.approx(3_000)


def test_closed_line() -> None:
    """A-B-F-E-A one way: back to the stop before is three hops, past the first stop too."""
    ring = route("R", "ABFEA", 100, headway_secs=400, bidirectional=False)
    assert by_transit("A", "B", ring) == pytest.approx(200 + 100)
    assert by_transit("B", "A", ring) == pytest.approx(200 + 300)
    assert by_transit("F", "B", ring) == pytest.approx(200 + 300)
    both_ways = replace(ring, bidirectional=True)
    assert by_transit("B", "A", both_ways) == pytest.approx(200 + 100)
    assert by_transit("E", "B", both_ways) == pytest.approx(200 + 200)


def test_common_lines_past_the_first_stop_of_a_closed_line() -> None:
    """F-B takes 300 s by either, so the wait is half of 200 s."""
    ring = route("R", "ABFEA", 100, headway_secs=400, bidirectional=False)
    other = route("1", "FB", 300, headway_secs=400)
    assert by_transit("F", "B", ring, other) == pytest.approx(100 + 300)
