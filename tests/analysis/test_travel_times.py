"""Travel times: equal to those of `travel_time_oracle`, and what follows.

(The triangle inequality does not hold between points and is not asked for: the way off the street
at a point in between is paid twice, or saved.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import STREET, roads_of, world
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route, stops
from random_roads import split_street
from random_worlds import TRAVELS, random_worlds
from shapely.geometry import LineString, Point
from travel_time_oracle import (
    ASSUMED,
    BANDS,
    NEAR_SECS,
    SAME_SECS,
    asked,
    drive_ways,
    foot,
    furthest_apart,
    oracle,
    walk_ways,
)
from travel_times_between import times

from analysis.graph.travel import MODES, Mode, Travel
from analysis.travel_time import REASONS, travel_times
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, road_network, streets

each_travel = pytest.mark.parametrize(
    "travel", TRAVELS, ids=lambda t: f"{t.mode}-{t.period}-{t.band}"
)
each_mode = pytest.mark.parametrize("travel", [Travel(mode) for mode in MODES], ids=MODES)
Drawn = tuple[TransportNetwork, gpd.GeoSeries]


@each_travel
@examples(30, quick=8)
@given(random_worlds())
def test_times_are_those_of_networkx(travel: Travel, drawn: Drawn) -> None:
    found, wanted = asked(*drawn, travel), oracle(*drawn, travel)
    assert furthest_apart(found, wanted) <= NEAR_SECS
    assert (np.diag(found) == 0).all()


@each_mode
@examples(25, quick=8)
@given(random_worlds(), st.integers(0, 9), st.sampled_from([0.5, 0.25, 0.375, 0.3]))
def test_splitting_a_street_changes_no_time(
    travel: Travel, drawn: Drawn, which: int, share: float
) -> None:
    """Tunnels stay whole: a short one is an underpass that one may walk through."""
    network, places = drawn
    table = streets(network.roads)
    whole = table.index[~table["tunnel"]]
    assume(len(whole))
    number = int(whole[which % len(whole)])
    parts = split_street(table, number, share, "middle")
    middle = table.geometry[number].interpolate(share, normalized=True)
    nodes = pd.concat([network.roads.nodes, roads_of({"middle": middle}, []).nodes])
    split = replace(network, roads=road_network(nodes, parts))
    assert furthest_apart(asked(network, places, travel), asked(split, places, travel)) <= NEAR_SECS


@each_mode
@examples(20, quick=6)
@given(random_worlds())
def test_an_unrelated_element_changes_no_time(travel: Travel, drawn: Drawn) -> None:
    """A street farther away than any point may join, and a stop without a route."""
    network, places = drawn
    far = {"x": point(90_000, 90_000), "y": point(90_500, 90_000)}
    street = {**STREET, "u": "x", "v": "y", "osmid": "xy", "name": "xy", "geometry": line_of(far)}
    alone = roads_of(far, [street])
    roads = RoadNetwork(
        pd.concat([network.roads.nodes, alone.nodes]),
        pd.concat([alone.edges, network.roads.edges]),
    )
    unserved = gpd.GeoSeries({"z": places.iloc[0]}, crs=CRS)
    more = replace(network, roads=roads, stops=pd.concat([network.stops, stops(unserved)]))
    assert furthest_apart(asked(network, places, travel), asked(more, places, travel)) <= SAME_SECS


def line_of(ends: Mapping[str, Point]) -> LineString:
    return LineString(list(ends.values()))


@each_mode
@examples(20, quick=6)
@given(random_worlds(), st.randoms(use_true_random=False))
def test_names_and_order_change_no_time(travel: Travel, drawn: Drawn, random: Random) -> None:
    network, places = drawn
    old = list(network.roads.nodes.index)
    new = dict(zip(old, random.sample([f"m{k}" for k in range(len(old))], len(old)), strict=True))
    table = streets(network.roads)
    order = random.sample(range(len(table)), len(table))
    table = table.iloc[order].assign(u=table["u"].map(new), v=table["v"].map(new))
    nodes = network.roads.nodes.rename(index=new).sort_index()
    stop_order = random.sample(list(network.stops.index), len(network.stops))
    other = TransportNetwork(
        road_network(nodes, table.reset_index(drop=True).assign(osmid=lambda t: "m" + t["osmid"])),
        network.stops.loc[stop_order],
        network.routes[::-1],
    )
    assert furthest_apart(asked(network, places, travel), asked(other, places, travel)) <= SAME_SECS


@each_mode
@examples(20, quick=6)
@given(random_worlds(two_way=True))
def test_two_way_networks_have_the_same_times_both_ways(travel: Travel, drawn: Drawn) -> None:
    network, places = drawn
    both_ways = tuple(replace(item, bidirectional=True) for item in network.routes)
    found = asked(replace(network, routes=both_ways), places, travel)
    assert furthest_apart(found, found.T) <= SAME_SECS


@examples(30, quick=8)
@given(random_worlds())
def test_more_waiting_never_makes_a_trip_shorter(drawn: Drawn) -> None:
    best, expected, worst = (asked(*drawn, Travel("transit", "peak", band)) for band in BANDS)
    assert (best <= expected + NEAR_SECS).all(axis=None)
    assert (expected <= worst + NEAR_SECS).all(axis=None)


# Pairs without a time -----------------------------------------------------------------------


def reason(roads: RoadNetwork, ends: Sequence[Point], secs: float, travel: Travel) -> str:
    """Why a pair has no time, from the definition of the three reasons."""
    drive = travel.mode == "drive"
    ways = drive_ways(roads, travel.period) if drive else walk_ways(roads)
    if any(foot(end, ways, 1.0) is None for end in ends):
        return "too_far_from_network"
    return "beyond_cutoff" if np.isfinite(secs) else "different_component"


@each_mode
@examples(25, quick=8)
@given(random_worlds())
def test_every_pair_has_a_time_or_a_true_reason(travel: Travel, drawn: Drawn) -> None:
    network, places = drawn
    limit = 900.0
    under = conditions(replace(ASSUMED, max_trip_secs=limit))
    found = travel_times(network, places, travel=travel, conditions=under)
    secs = oracle(network, places, travel)
    assume(not (secs.sub(limit).abs() < NEAR_SECS).any(axis=None))
    pairs = [(a, b) for a in places.index for b in places.index if a != b]
    timed = [(a, b) for a, b in pairs if secs.loc[a, b] <= limit]
    assert list(zip(found.table["from_id"], found.table["to_id"], strict=True)) == timed
    missing = {(a, b): why for a, b, why in found.missing.itertuples(index=False)}
    assert len(missing) == len(found.missing)
    assert missing == {
        pair: reason(network.roads, list(places[list(pair)]), secs.loc[pair], travel)
        for pair in pairs
        if pair not in timed
    }


@pytest.mark.parametrize("mode", MODES)
def test_each_reason(mode: Mode) -> None:
    """C is 20 km along the street, D on an island, e on no street at all."""
    here = world("""
        A---B-------C

        D---F

                        e
        """)
    far = here.roads.edges["osmid"] == "BC"
    edges = here.roads.edges.assign(length=here.roads.edges["length"].where(~far, 20_000.0))
    network = TransportNetwork(RoadNetwork(here.roads.nodes, edges), here.network().stops, ())
    under = conditions(easy(max_trip_secs=1_500.0, snap_limit_m=800.0))
    found = travel_times(network, here.at("ABCDe"), travel=Travel(mode), conditions=under)
    from_a = found.missing.loc[found.missing["from_id"] == "A"].set_index("to_id")["reason"]
    assert from_a.to_dict() == {
        "C": "beyond_cutoff",
        "D": "different_component",
        "e": "too_far_from_network",
    }
    assert set(from_a) == set(REASONS)
    assert found.table.loc[found.table["from_id"] == "A", "to_id"].tolist() == ["B"]


def test_the_end_of_a_one_way_street_is_not_merely_beyond_the_cutoff() -> None:
    """No longer trip would reach A from B."""
    here = world("A---B", oneway=True)
    found = travel_times(
        here.network(), here.at("AB"), travel=Travel("drive"), conditions=conditions()
    )
    assert found.table.to_numpy().tolist() == [["A", "B", 200.0]]
    assert found.missing.to_numpy().tolist() == [["B", "A", "different_component"]]


def test_the_worst_band_has_every_pair_that_the_expected_one_has() -> None:
    """Waiting a whole headway may pass the limit that the expected trip keeps."""
    here = world("A-------B")
    under = conditions(easy(max_trip_secs=900.0))
    network = here.network(route("bus", "AB", 300, headway_secs=1_000))
    wanted = {"best": 300.0, "expected": 800.0, "worst": 1_300.0}
    for band in BANDS:
        travel = Travel("transit", "peak", band)
        found = travel_times(network, here.at("AB"), travel=travel, conditions=under)
        assert found.table["secs"].tolist() == [wanted[band]] * 2


# Where points meet the streets --------------------------------------------------------------


@pytest.mark.parametrize("order", [("AB", "CA"), ("CA", "AB")])
def test_a_point_at_a_node_may_take_every_street_there(order: tuple[str, str]) -> None:
    """A stands on two streets at once; that one of them leads only away must not hold it."""
    here = world("B---A---C", streets={"BA": {"oneway": True}})
    table = streets(here.roads).set_index("osmid", drop=False)
    both = {"AB": "BA", "CA": "AC"}
    table = table.loc[[both[name] for name in order]].reset_index(drop=True)
    network = replace(here.network(), roads=road_network(here.roads.nodes, table))
    found = times(network, here.at("ABC"))
    assert found.loc["A", "C"] == 200.0
    assert found.loc["B", "C"] == 400.0
    assert found.loc["C", "A"] == 200.0
    assert np.isinf(found.loc["A", "B"])


def test_two_points_on_one_street_go_straight_to_each_other() -> None:
    """Along the street, and on a one-way street only with it."""
    here = world("A-s-t-B", streets={"AB": {"oneway": True}}, also={"BA": {"length": 5_000.0}})
    back = streets(here.roads)["osmid"] == "BA"
    bent = streets(here.roads)
    bent.loc[back, "geometry"] = LineString([here.places["B"], point(875, 3_000), here.places["A"]])
    network = replace(here.network(), roads=road_network(here.roads.nodes, bent))
    found = times(network, here.at("st"))
    assert found.loc["s", "t"] == pytest.approx(500 / 5)
    assert found.loc["t", "s"] == pytest.approx((500 + 5_000 + 500) / 5)
