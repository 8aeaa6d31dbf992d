"""Travel times: equal to networkx on graphs built here from DESIGN section 5, and what follows.

The oracle knows streets, routes and points, and nothing of `analysis`: it looks for the nearest
street by brute force, writes every ride of every route as one arc, and combines common lines by
trying every set of routes. (The triangle inequality does not hold between points and is not
asked for: the way off the street at a point in between is paid twice, or saved.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from random import Random

import geopandas as gpd
import networkx as nx
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
from random_roads import points_near, random_roads, split_street
from shapely.geometry import LineString, Point
from shapely.ops import nearest_points
from travel_times_between import times

from analysis.graph.routable_network import MODES, WAIT_SHARE, Band, Mode, Travel
from analysis.routing.arcs import STEP_SECS
from analysis.travel_time import REASONS, travel_times
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, road_network, streets
from layers.transit import Period, TransitRoute

ASSUMED = easy(
    walk_speed_kph=4.5,
    drive_connector_kph=20.0,
    detour=1.3,
    snap_limit_m=400.0,
    max_direct_walk_m=500.0,
    peak_speed_factor={"motorway": 0.75, "tertiary": 0.4, "default": 0.5},
    offpeak_speed_factor={"motorway": 0.95, "tertiary": 0.6, "default": 0.8},
)
UNDER = conditions(ASSUMED)
BANDS: tuple[Band, ...] = ("best", "expected", "worst")
NEAR_SECS = STEP_SECS / 2
SAME_SECS = 1e-9


# The oracle ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A street as a mode takes it."""

    u: str
    v: str
    line: LineString
    forward: float
    backward: float
    stops: object


def where_to_stop(row: pd.Series) -> object:
    """Along a street; at the ends of a tunnel or bridge; nowhere on a motorway."""
    if row["highway"].startswith("motorway"):
        return Point()
    return row.geometry.boundary if row["tunnel"] or row["bridge"] else row.geometry


def drive_ways(roads: RoadNetwork, period: Period) -> list[Way]:
    """Sum of length / (speed limit x factor of the class)."""
    peak, offpeak = ASSUMED.peak_speed_factor, ASSUMED.offpeak_speed_factor
    factors = peak if period == "peak" else offpeak
    found = []
    for (u, v, _), row in roads.edges.loc[~roads.edges["reversed"]].iterrows():
        factor = factors.get(row["highway"].replace("_link", ""), factors["default"])
        secs = row["length"] / (row["maxspeed"] * factor / 3.6)
        back = np.inf if row["oneway"] else secs
        found.append(Way(u, v, row.geometry, secs, back, where_to_stop(row)))
    return found


def walk_ways(roads: RoadNetwork) -> list[Way]:
    """Both ways on everything but motorways, expressways and tunnels over 300 m."""
    closed = ("motorway", "motorway_link", "trunk", "trunk_link")
    return [
        Way(u, v, row.geometry, *([row["length"] / 1.25] * 2), where_to_stop(row))
        for (u, v, _), row in roads.edges.loc[~roads.edges["reversed"]].iterrows()
        if row["highway"] not in closed and not (row["tunnel"] and row["length"] > 300)
    ]


@dataclass(frozen=True)
class Foot:
    """Where a point meets its street: the street's number, how far along, and the way there."""

    number: int
    share: float
    secs: float


def foot(place: Point, ways: Sequence[Way], off_street_mps: float) -> Foot | None:
    """The projection on the nearest street to stop on, unless that is beyond the limit."""
    away = [np.inf if way.stops.is_empty else way.stops.distance(place) for way in ways]
    if not away or min(away) > ASSUMED.snap_limit_m:
        return None
    number = int(np.argmin(away))
    met = nearest_points(ways[number].stops, place)[0]
    share = ways[number].line.project(met, normalized=True)
    return Foot(number, share, away[number] * ASSUMED.detour / off_street_mps)


def part(share: float, secs: float) -> float:
    """A share of a street; who stands at its very end need not travel it to be there."""
    return share * secs if share > 0 else 0.0


def add_arc(graph: nx.MultiDiGraph, start: object, end: object, secs: float) -> None:
    """An arc, unless the street is closed that way."""
    if np.isfinite(secs):
        graph.add_edge(start, end, secs=secs)


def add_points(
    graph: nx.MultiDiGraph, ways: Sequence[Way], places: Mapping[str, Point], off_street_mps: float
) -> None:
    """Points have a vertex to leave from and one to arrive at: no way leads through them."""
    feet = {name: foot(place, ways, off_street_mps) for name, place in places.items()}
    for name, at in feet.items():
        start, end = ("from", name), ("to", name)
        graph.add_edge(start, end, secs=0.0)
        if at is None:
            continue
        way, rest = ways[at.number], 1 - at.share
        add_arc(graph, start, way.v, at.secs + part(rest, way.forward))
        add_arc(graph, start, way.u, at.secs + part(at.share, way.backward))
        add_arc(graph, way.u, end, at.secs + part(at.share, way.forward))
        add_arc(graph, way.v, end, at.secs + part(rest, way.backward))
        for other, there in feet.items():
            if there is not None and there.number == at.number:
                ahead = there.share - at.share
                along = part(ahead, way.forward) if ahead >= 0 else part(-ahead, way.backward)
                add_arc(graph, start, ("to", other), at.secs + along + there.secs)


def add_direct_walks(graph: nx.MultiDiGraph, places: Mapping[str, Point]) -> None:
    """Between points near each other."""
    for a, here in places.items():
        for b, there in places.items():
            if here.distance(there) <= ASSUMED.max_direct_walk_m:
                secs = here.distance(there) * ASSUMED.detour / ASSUMED.walk_mps
                graph.add_edge(("from", a), ("to", b), secs=secs)


def rides(item: TransitRoute) -> dict[tuple[str, str], float]:
    """Street to street without waiting, for every pair of stops that the route joins."""
    found = {}
    extra = 2 * item.stop_access_secs + item.boarding_secs
    for i, start in enumerate(item.stop_ids):
        for j in range(i + 1, len(item.stop_ids)):
            secs = extra + sum(item.hop_secs[i:j])
            found[start, item.stop_ids[j]] = secs
            if item.bidirectional:
                found[item.stop_ids[j], start] = secs
    return found


def combined_secs(options: Sequence[tuple[float, float]], share: float) -> float:
    """Least expected time over every set of routes one may be ready to take.

    With ride times r and frequencies f = 1 / headway the first of a set comes after
    share / sum(f), and it is route i with probability f_i / sum(f).
    """
    sets = chain.from_iterable(combinations(options, n) for n in range(1, len(options) + 1))
    return min(
        (share + sum(ride / headway for ride, headway in chosen))
        / sum(1 / headway for _, headway in chosen)
        for chosen in sets
    )


def add_rides(
    graph: nx.MultiDiGraph, routes: Sequence[TransitRoute], period: Period, share: float
) -> None:
    """One arc for every pair of stops that some route joins."""
    options: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for item in routes:
        for pair, secs in rides(item).items():
            options.setdefault(pair, []).append((secs, item.headway_secs(period)))
    for (a, b), found in options.items():
        graph.add_edge(("to", f"stop {a}"), ("from", f"stop {b}"), secs=combined_secs(found, share))


def oracle(network: TransportNetwork, places: gpd.GeoSeries, travel: Travel) -> pd.DataFrame:
    """Seconds between all places by networkx, without a limit."""
    drive = travel.mode == "drive"
    ways = drive_ways(network.roads, travel.period) if drive else walk_ways(network.roads)
    named = {str(name): place for name, place in places.items()}
    if travel.mode == "transit":
        named |= {f"stop {name}": place for name, place in network.stops.geometry.items()}
    graph = nx.MultiDiGraph()
    for way in ways:
        add_arc(graph, way.u, way.v, way.forward)
        add_arc(graph, way.v, way.u, way.backward)
    off_street_kph = ASSUMED.drive_connector_kph if drive else ASSUMED.walk_speed_kph
    add_points(graph, ways, named, off_street_kph / 3.6)
    if not drive:
        add_direct_walks(graph, named)
    if travel.mode == "transit":
        add_rides(graph, network.routes, travel.period, WAIT_SHARE[travel.band])
    table = pd.DataFrame(np.inf, index=places.index, columns=places.index)
    for a in places.index:
        secs = nx.single_source_dijkstra_path_length(graph, ("from", a), weight="secs")
        for b in places.index:
            table.loc[a, b] = secs.get(("to", b), np.inf)
    return table


def asked(network: TransportNetwork, places: gpd.GeoSeries, travel: Travel) -> pd.DataFrame:
    """The product's answer to the same question."""
    mode, period, band = travel.mode, travel.period, travel.band
    return times(network, places, mode=mode, period=period, band=band, under=UNDER)


def furthest_apart(a: pd.DataFrame, b: pd.DataFrame) -> float:
    """Largest difference; infinite if only one of them has a time."""
    x, y = a.to_numpy(), b.loc[a.index, a.columns].to_numpy()
    same = (x == y) | (np.isinf(x) & np.isinf(y))
    return float(np.max(np.abs(np.where(same, 0.0, x) - np.where(same, 0.0, y))))


# Random worlds ------------------------------------------------------------------------------


@st.composite
def random_routes(draw: st.DrawFn, stop_ids: Sequence[str]) -> tuple[TransitRoute, ...]:
    """Up to three routes over the same few stops, so that some rides have common lines."""
    found = []
    for k in range(draw(st.integers(1, 3))):
        chosen = st.lists(st.sampled_from(stop_ids), min_size=2, max_size=4, unique=True)
        served = draw(chosen)
        hop = st.integers(30, 600)
        found.append(
            route(
                f"r{k}",
                served,
                draw(st.lists(hop, min_size=len(served) - 1, max_size=len(served) - 1)),
                headway_secs=draw(st.sampled_from([120.0, 600.0, 1200.0])),
                headway_offpeak_secs=1500.0,
                stop_access_secs=draw(st.sampled_from([0.0, 90.0])),
                boarding_secs=draw(st.sampled_from([0.0, 300.0])),
                bidirectional=draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def random_worlds(
    draw: st.DrawFn, *, two_way: bool = False, offset_m: int = 450
) -> tuple[TransportNetwork, gpd.GeoSeries]:
    """Roads, routes and three places; some too far from any street."""
    roads = draw(random_roads(two_way=two_way))
    places = draw(points_near(roads, count=3, offset_m=offset_m))
    at = draw(points_near(roads, count=4, offset_m=150))
    at = gpd.GeoSeries(at.to_numpy(), index=["a", "b", "c", "d"], crs=CRS)
    routes = draw(random_routes(list(at.index)))
    return TransportNetwork(roads, stops(at), routes), places


TRAVELS = (
    Travel("drive", "peak"),
    Travel("drive", "offpeak"),
    Travel("walk"),
    Travel("transit", "peak", "best"),
    Travel("transit", "peak", "expected"),
    Travel("transit", "peak", "worst"),
    Travel("transit", "offpeak"),
)
each_travel = pytest.mark.parametrize(
    "travel", TRAVELS, ids=lambda t: f"{t.mode}-{t.period}-{t.band}"
)
each_mode = pytest.mark.parametrize("travel", [Travel(mode) for mode in MODES], ids=MODES)
Drawn = tuple[TransportNetwork, gpd.GeoSeries]


@each_travel
@examples(30)
@given(random_worlds())
def test_times_are_those_of_networkx(travel: Travel, drawn: Drawn) -> None:
    found, wanted = asked(*drawn, travel), oracle(*drawn, travel)
    assert furthest_apart(found, wanted) <= NEAR_SECS
    assert (np.diag(found) == 0).all()


@each_mode
@examples(25)
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
@examples(20)
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
@examples(20)
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
@examples(20)
@given(random_worlds(two_way=True))
def test_two_way_networks_have_the_same_times_both_ways(travel: Travel, drawn: Drawn) -> None:
    network, places = drawn
    both_ways = tuple(replace(item, bidirectional=True) for item in network.routes)
    found = asked(replace(network, routes=both_ways), places, travel)
    assert furthest_apart(found, found.T) <= SAME_SECS


@examples(30)
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
@examples(25)
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
