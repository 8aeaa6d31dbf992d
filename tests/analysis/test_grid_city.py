"""A city whose answers are computed by hand.

Blocks are 1 km. At the peak a car drives 5 m/s in the streets and 10 m/s on the avenue (E-H), off
the peak twice that; a walker goes 1 m/s. So a block takes 200 s, 100 s on the avenue, 1000 s on
foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import world
from easy_values import conditions, easy, peak_volumes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from random_roads import split_street
from travel_times_between import question, times

from analysis.accessibility import (
    Measure,
    accessibility,
    cumulative_opportunities,
    gravity,
    nearest_secs,
    touches_edge,
)
from analysis.change import accessibility_by_area
from analysis.distribution import gini, summary, weighted_percentile
from analysis.graph.routable_network import Band
from analysis.graph.screenlines import crossing_capacity, screenline_loads
from analysis.impedance import linear, negative_exponential, step
from analysis.travel_time import travel_time_matrix
from layers.roads import RoadNetwork, road_network, streets
from layers.transit import Period, TransitRoute

AVENUE = {"maxspeed": 72.0}
CITY = world(
    """
    A---B---C---D
    |   |   |   |
    E-s-F---G-t-H
    |   |   |   |
    I---J---K---L
    """,
    streets={"EF": AVENUE, "FG": AVENUE, "GH": AVENUE},
)
BANDS: tuple[Band, ...] = ("best", "expected", "worst")


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


# Driving and walking ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "secs"),
    [
        ("A", "D", 3 * 200),
        ("A", "L", 200 + 3 * 100 + 200),
        ("I", "K", 2 * 200),
        ("I", "H", 200 + 3 * 100),
        ("s", "t", 50 + 100 + 50),
        ("s", "B", 50 + 200),
    ],
)
def test_drive(start: str, end: str, secs: float) -> None:
    places = CITY.at(start + end)
    peak = times(CITY.network(), places)
    offpeak = times(CITY.network(), places, period="offpeak")
    assert peak.loc[start, end] == pytest.approx(secs)
    assert offpeak.loc[start, end] == pytest.approx(secs / 2)


def test_walk() -> None:
    """Speeds of cars do not matter."""
    found = times(CITY.network(), CITY.at("ALst"), mode="walk")
    assert found.loc["A", "L"] == pytest.approx(5_000)
    assert found.loc["s", "t"] == pytest.approx(500 + 1_000 + 500)


@pytest.mark.parametrize(
    ("streets_of_ab", "secs"),
    [
        ({}, 1_000),
        ({"oneway": True}, 1_000),
        ({"highway": "trunk"}, 3_000),
        ({"highway": "motorway_link"}, 3_000),
        ({"tunnel": True}, 3_000),
        ({"tunnel": True, "length": 300.0}, 300),
        ({"bridge": True}, 1_000),
    ],
)
def test_walkers_keep_off_fast_roads_and_long_tunnels(
    streets_of_ab: dict[str, object], secs: float
) -> None:
    """Round the block where they must; one-way signs do not bind them."""
    here = world(
        """
        A---B
        |   |
        C---D
        """,
        streets={"AB": streets_of_ab},
    )
    found = times(here.network(), here.at("AB"), mode="walk")
    assert found.loc["B", "A"] == pytest.approx(secs)


def test_the_way_to_the_street() -> None:
    """1000 m off at both ends with a detour of 1.3: 130 s by car at 10 m/s, 1300 s on foot."""
    here = world(
        """
        A-----------B

           p    q
        """
    )
    under = conditions(easy(detour=1.3))
    off_m = 1_000.0
    along_m = 1_250.0
    drive = times(here.network(), here.at("pq"), under=under)
    walk = times(here.network(), here.at("pq"), mode="walk", under=under)
    assert drive.loc["p", "q"] == pytest.approx(2 * off_m * 1.3 / 10 + along_m / 5)
    assert walk.loc["q", "p"] == pytest.approx(2 * off_m * 1.3 / 1 + along_m / 1)


@pytest.mark.parametrize(("reach_m", "secs"), [(1_249.0, 3_850.0), (1_250.0, 1_625.0)])
def test_walking_past_the_streets(reach_m: float, secs: float) -> None:
    """Points 1250 m apart: by the street 1300 + 1250 + 1300 s, straight 1250 x 1.3 s."""
    here = world(
        """
        A-----------B

           p    q
        """
    )
    under = conditions(easy(detour=1.3, max_direct_walk_m=reach_m))
    walk = times(here.network(), here.at("pq"), mode="walk", under=under)
    assert walk.loc["p", "q"] == pytest.approx(secs)


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


# Screenlines --------------------------------------------------------------------------------

RIDGE = {"screenline": "ridge", "tunnel": True, "maxspeed": 80.0, "length": 4_000.0}
VALLEYS = """
    A-------B
    |       |
    C.......D
    |       |
    E.......F
    """


def valleys(*, lanes_ef: int = 2, **values: object) -> RoadNetwork:
    """Tunnel CD of a lane each way; EF beside it, open only with a screenline."""
    return world(
        VALLEYS,
        streets={"CD": {**RIDGE, "lanes": 2}, "EF": {**RIDGE, "lanes": lanes_ef, **values}},
    ).roads


def test_screenline_load() -> None:
    """A lane of 80 km/h carries 1750 cars: 3500 on one make 2.0, BPR 1 + 0.15 x 2^4 = 3.4."""
    loads = screenline_loads(
        valleys(screenline=None), peak_volumes(ridge=3_500.0, river=9.0), easy()
    )
    row = loads.set_index("screenline_id").loc["ridge"]
    assert loads["screenline_id"].tolist() == ["ridge"]
    assert row[["crossings", "capacity", "volume_to_capacity"]].tolist() == [1, 1_750, 2.0]
    assert row["speed_factor"] == pytest.approx(1 / 3.4)


@pytest.mark.parametrize(
    ("lanes", "oneway", "capacity"), [(2, False, 1_750), (4, False, 3_500), (2, True, 3_500)]
)
def test_crossing_capacity(lanes: int, capacity: float, *, oneway: bool) -> None:
    """Half of the lanes of a two-way street, all of a one-way street."""
    found = crossing_capacity(valleys(lanes_ef=lanes, oneway=oneway), easy())
    assert found.set_index("osmid")["capacity"].to_dict() == {"CD": 1_750, "EF": capacity}


def test_a_split_crossing_counts_once() -> None:
    roads = valleys()
    table = streets(roads)
    number = table.index[table["osmid"] == "EF"][0]
    split = road_network(roads.nodes, split_street(table, number, 0.5, "M"))
    pd.testing.assert_frame_equal(
        crossing_capacity(split, easy()).sort_values("osmid", ignore_index=True),
        crossing_capacity(roads, easy()).sort_values("osmid", ignore_index=True),
    )


def test_an_added_tunnel_relieves_its_neighbour() -> None:
    """4 km at 80 x 0.9 km/h = 20 m/s are 200 s; v/c = 2 makes 680 s, v/c = 1 makes 230 s."""
    under = conditions(easy(offpeak_speed_factor={"default": 0.9}), ridge=3_500.0)
    here = world(VALLEYS)
    before = here.network()
    secs = []
    for roads in (valleys(screenline=None, maxspeed=5.0), valleys(maxspeed=80.0)):
        network = replace(before, roads=roads)
        secs.append(times(network, here.at("CD"), under=under).loc["C", "D"])
        offpeak = times(network, here.at("CD"), period="offpeak", under=under)
        assert offpeak.loc["C", "D"] == pytest.approx(200)
    assert secs == pytest.approx([200 * (1 + 0.15 * 2**4), 200 * (1 + 0.15 * 1**4)])


def test_unequal_crossings_share_one_ratio() -> None:
    """Three lanes each way beside one: 3500 / (4 x 1750) = 0.5 on both."""
    loads = screenline_loads(valleys(lanes_ef=6), peak_volumes(ridge=3_500.0), easy())
    assert loads["volume_to_capacity"].tolist() == [0.5]
    assert loads["speed_factor"].tolist() == pytest.approx([1 / (1 + 0.15 / 16)])


# Accessibility ------------------------------------------------------------------------------

NAMES = "ABCDEFGHIJKL"
POWERS = 2.0 ** np.arange(len(NAMES))


def names_in(total: float) -> str:
    """Who is in a sum of powers of two."""
    return "".join(name for k, name in enumerate(NAMES) if int(total) >> k & 1)


def city_secs(limit_secs: float = 7_200.0) -> np.ndarray:
    """Drive times at the peak between the twelve corners."""
    return travel_time_matrix(question(CITY.network(), CITY.at(NAMES)), limit_secs)


@pytest.mark.parametrize(
    ("cutoff_secs", "from_a", "from_g"),
    [
        (0, "A", "G"),
        (199, "A", "FGH"),
        (200, "ABE", "CEFGHK"),
        (300, "ABEF", "BCDEFGHJKL"),
        (400, "ABCEFGI", "ABCDEFGHIJKL"),
        (500, "ABCEFGHIJ", "ABCDEFGHIJKL"),
        (699, "ABCDEFGHIJK", "ABCDEFGHIJKL"),
        (700, "ABCDEFGHIJKL", "ABCDEFGHIJKL"),
    ],
)
def test_cumulative_opportunities_name_who_is_reached(
    cutoff_secs: float, from_a: str, from_g: str
) -> None:
    """A-B 200, A-F 300 by the avenue, A-C and A-G 400, A-H and A-J 500, A-D 600, A-L 700."""
    found = cumulative_opportunities(city_secs(), POWERS, cutoff_secs)
    assert names_in(found[NAMES.index("A")]) == from_a
    assert names_in(found[NAMES.index("G")]) == from_g


def test_gravity_halves_with_every_half_life() -> None:
    """From A with 200 s: itself 1, B and E a half, F by 2^-1.5, C, G and I a quarter, ..."""
    found = gravity(city_secs(), np.ones(12), 200.0)[0]
    secs = [0, 200, 400, 600, 200, 300, 400, 500, 400, 500, 600, 700]
    assert found == pytest.approx(sum(2 ** (-t / 200) for t in secs))
    few = gravity(city_secs(), np.eye(12)[[1, 2]].sum(axis=0) * 8, 200.0)
    assert few[0] == pytest.approx(8 / 2 + 8 / 4)


def test_kth_nearest() -> None:
    """Hospitals at B, G (two) and L, from A: 200, 400, 400, 700 s."""
    hospitals = np.zeros(12)
    hospitals[[NAMES.index(name) for name in "BGL"]] = [1, 2, 1]
    secs = city_secs()
    assert [nearest_secs(secs, hospitals, k)[0] for k in (1, 2, 3, 4)] == [200, 400, 400, 700]
    assert np.isnan(nearest_secs(secs, hospitals, 5)[0])
    near = city_secs(limit_secs=500.0)
    assert np.isnan(nearest_secs(near, hospitals, 4)[0])


def test_measures_of_a_table() -> None:
    """The same functions by name, one column each."""
    zones = gpd.GeoDataFrame({"population": POWERS, "parks": np.ones(12)}, geometry=CITY.at(NAMES))
    measures = [
        Measure("people_200", "cumulative", "population", 200.0),
        Measure("parks_gravity", "gravity", "parks", 200.0),
        Measure("parks_nearest", "nearest", "parks", 2),
    ]
    asked = question(CITY.network(), CITY.at(NAMES))
    found = accessibility(asked.trips, zones, measures, limit_secs=7_200.0)
    assert list(found.columns) == [measure.name for measure in measures]
    assert names_in(found["people_200"][0]) == "ABE"
    assert found["parks_nearest"].tolist() == [200, 200, 200, 200, *[100] * 4, *[200] * 4]


def test_zones_that_look_over_the_edge() -> None:
    """The edge is the outer ring: G reaches H in 100 s; from within 99 s only the ring does."""
    asked = question(CITY.network(), CITY.at(NAMES))
    flagged = touches_edge(asked, limit_secs=99.0, edge_m=10.0)
    assert "".join(np.array(list(NAMES))[flagged]) == "ABCDEHIJKL"
    assert touches_edge(asked, limit_secs=100.0, edge_m=10.0).all()


@pytest.mark.parametrize("impedance", [step, negative_exponential, linear])
def test_impedance_falls_from_one_to_nothing(impedance: object) -> None:
    assert callable(impedance)
    weights = impedance(np.array([0.0, 1.0, 300.0, 599.0, 600.0, 601.0, 5_000.0, np.inf]), 600.0)
    assert weights[0] == 1
    assert weights[-1] == 0
    assert (np.diff(weights) <= 0).all()


# Spread over people -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1), (10, 1), (25, 1), (26, 2), (50, 2), (51, 7), (90, 7), (100, 7)]
)
def test_percentiles(percent: float, value: float) -> None:
    """Of eight people two have 1, two have 2 and four have 7."""
    found = weighted_percentile(np.array([7.0, 1.0, 2.0]), np.array([4.0, 2.0, 2.0]), percent)
    assert found == value


@pytest.mark.parametrize(
    ("values", "people", "wanted"),
    [
        ([5, 5, 5], [1, 2, 3], 0),
        ([1, 3], [1, 1], 0.25),
        ([0, 10], [3, 1], 0.75),
        ([0, 0, 0, 1], [1, 1, 1, 1], 0.75),
        ([0, 0], [1, 1], 0),
    ],
)
def test_gini(values: Sequence[float], people: Sequence[float], wanted: float) -> None:
    assert gini(np.array(values, float), np.array(people, float)) == pytest.approx(wanted)


@examples(50)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=8).filter(
        lambda pairs: any(value for value, _ in pairs)
    )
)
def test_gini_is_half_the_relative_mean_difference(pairs: list[tuple[int, int]]) -> None:
    """Over all pairs of people (Gini 1912)."""
    values, people = np.array(pairs, float).T
    each = np.repeat(values, people.astype(int))
    wanted = np.abs(each[:, None] - each).mean() / (2 * each.mean())
    assert gini(values, people) == pytest.approx(wanted, abs=1e-9)


def test_summary_leaves_out_who_has_no_value() -> None:
    found = summary(pd.Series([2.0, np.nan, 8.0, 5.0]), pd.Series([3.0, 9.0, 1.0, 0.0]))
    assert found["people"] == 4
    assert found["mean"] == pytest.approx((3 * 2 + 8) / 4)
    assert (found["p10"], found["p50"], found["p90"]) == (2, 2, 8)
    assert summary(pd.Series([np.nan]), pd.Series([1.0])) == {"people": 0.0}


def test_areas_and_the_whole() -> None:
    """Two zones in one area, one in the other; people weigh."""
    zones = gpd.GeoDataFrame({"area_id": ["a", "a", "b"], "population": [1.0, 3.0, 4.0]})
    before = pd.DataFrame({"jobs": [10.0, 20.0, 40.0]})
    after = pd.DataFrame({"jobs": [30.0, 20.0, 50.0]})
    found = accessibility_by_area(
        zones, {"baseline": before, "scenario": after}, mode="drive", period="peak"
    ).set_index("area_id")
    assert found.index.tolist() == ["a", "b", "all"]
    assert found["people"].tolist() == [4, 4, 8]
    assert found["baseline_mean"].tolist() == pytest.approx([17.5, 40, 28.75])
    assert found["scenario_mean"].tolist() == pytest.approx([22.5, 50, 36.25])
    assert found["change_mean"].tolist() == pytest.approx([5, 10, 7.5])
