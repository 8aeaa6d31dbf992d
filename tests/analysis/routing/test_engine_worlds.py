"""Public transport in the engine: both ways are networkx and rustworkx, in every wait band.

networkx gets the arcs as they were added, before the engine sorted any out: in whole units, each
rounded by itself, where nothing may differ; and in seconds that nobody rounded, where half a unit
an arc may. Whether the arcs themselves are right is for `test_travel_times` (which has an oracle
of its own) and `test_frequencies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pytest
from engine_answers import SumRequest, everyone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from networkx_costs import check_within_half_a_unit_an_arc, networkx_costs, rustworkx_costs
from random_worlds import TRAVELS, random_worlds
from sketches import Pieces, Sketch, in_units
from travel_time_oracle import UNDER

from analysis.graph import routable_network as compiled
from analysis.graph.routable_network import routable_network
from analysis.graph.transit_arcs import StopVertices, add_services, service_runs
from analysis.graph.travel import WAIT_SHARE, Band, Travel
from analysis.routing.arcs import Arcs, Scale
from analysis.routing.hierarchy.cache import Hierarchies
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from layers.network import TransportNetwork
from layers.transit import TransitRoute

BANDS: tuple[Band, ...] = ("best", "expected", "worst")
LONGEST = 16_000.0
SEEDS = st.integers(0, 2**32 - 1)


class Noted(Arcs):
    """Arcs that remember what was added, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces = Pieces.of([])

    def add(self, tails: Any, heads: Any, secs: Any) -> None:
        """Noted, then added."""
        super().add(tails, heads, secs)
        tail, head = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
        cost = np.broadcast_to(np.asarray(secs, dtype=float), tail.shape)
        use = np.isfinite(cost)
        self.pieces = self.pieces.and_also(Pieces(tail[use], head[use], cost[use]))


@dataclass(frozen=True)
class Made:
    """What the engine got, and the same as it was before anything was rounded."""

    linked: LinkedPoints
    exact: Sketch


def check_is_networkx(made: Made, limit_secs: float) -> None:
    """Both ways of searching, forward and back, more origins than a batch holds."""
    whole = in_units(made.exact)
    points, limit = everyone(whole), int(whole.scale.cutoff(limit_secs))
    origins = np.resize(points, 66)
    for reverse in (False, True):
        asked = SumRequest(made.linked, limit, origins, points, reverse)
        wanted = networkx_costs(whole, points, points, limit=limit, reverse=reverse)
        again = rustworkx_costs(whole, points, points, limit=limit, reverse=reverse)
        np.testing.assert_array_equal(again, wanted)
        found = asked.both_ways()
        np.testing.assert_array_equal(found, np.resize(wanted, found.shape))
    longest = int(whole.scale.cutoff(LONGEST))
    secs = whole.scale.secs(SumRequest(made.linked, longest, points, points).both_ways())
    check_within_half_a_unit_an_arc(secs, made.exact, whole)


# Streets and routes, without geography ------------------------------------------------------


def random_route(random: np.random.Generator, number: int, stops: int) -> TransitRoute:
    """Over some of the stops; one in four comes back to where it started."""
    served = random.permutation(stops)[: random.integers(2, stops + 1)].tolist()
    if len(served) > 2 and random.random() < 0.25:
        served.append(served[0])
    hops = random.uniform(20, 400, len(served) - 1).tolist()
    peak, offpeak = random.choice([120.0, 300.0, 700.0, 1_100.0], 2)
    return route(
        f"r{number}",
        [f"s{stop}" for stop in served],
        hops,
        headway_secs=float(peak),
        headway_offpeak_secs=float(offpeak),
        stop_access_secs=float(random.choice([0.0, 0.0, 77.7])),
        boarding_secs=float(random.choice([0.0, 0.0, 300.0])),
        bidirectional=bool(random.random() < 0.6),
        through_routes=tuple(f"r{k}" for k in range(number) if random.random() < 0.3),
    )


def random_ways(
    random: np.random.Generator, start: np.ndarray, end: np.ndarray, share: float
) -> Pieces:
    """Of all pairs about such a share, with seconds."""
    a, b = np.nonzero(random.random((len(start), len(end))) < share)
    return Pieces(start[a], end[b], random.uniform(0, 500, len(a)))


def with_services(seed: int, band: Band) -> Made:
    """Some streets, stops and routes, and points that hang on streets and stops."""
    random = np.random.default_rng(seed)
    arcs, count = Noted(), 5
    streets = arcs.vertices(int(random.integers(0, 13)))
    for tail, head, secs in zip(
        *vars(random_ways(random, streets, streets, 0.15)).values(), strict=True
    ):
        arcs.add([tail], [head], secs)
    stops = int(random.integers(2, 7))
    routes = [random_route(random, k, stops) for k in range(random.integers(1, 5))]
    board, runs = arcs.vertices(stops), service_runs(routes, arcs)
    leave = arcs.vertices(stops)
    for start, end, share in ((streets, board, 0.2), (leave, streets, 0.2), (leave, board, 0.1)):
        ways = random_ways(random, start, end, share)
        arcs.add(ways.start, ways.end, ways.cost)
    ids = [f"s{stop}" for stop in range(stops)]
    at = (dict(zip(ids, which.tolist(), strict=True)) for which in (board, leave))
    period = "peak" if random.random() < 0.5 else "offpeak"
    add_services(runs, arcs, StopVertices(*at), period=period, wait_share=WAIT_SHARE[band])
    graph = arcs.graph(LONGEST, streets=len(streets))
    points = np.arange(count)
    itself = Pieces(points, points, np.zeros(count))
    out = random_ways(random, points, np.append(streets, board), 0.2)
    into = random_ways(random, points, np.append(streets, leave), 0.2)
    hang = out, into, itself.and_also(random_ways(random, points, points, 0.1))
    exact = Sketch(graph.streets, graph.vertices, count, arcs.pieces, *hang, graph.scale)
    own = (connectors(each.start, each.end, graph.scale.units(each.cost), count) for each in hang)
    return Made(LinkedPoints(graph, *own, exact.nodes, Hierarchies()), exact)


@pytest.mark.parametrize("band", BANDS)
@examples(70)
@given(seed=SEEDS, limit_secs=st.sampled_from([300.0, 1_200.0, LONGEST]))
def test_streets_and_routes_are_networkx(seed: int, limit_secs: float, band: Band) -> None:
    check_is_networkx(with_services(seed, band), limit_secs)


@pytest.mark.slow
@pytest.mark.parametrize("band", BANDS)
@examples(1_000)
@given(seed=SEEDS, limit_secs=st.sampled_from([300.0, 1_200.0, LONGEST]))
def test_a_thousand_of_them(seed: int, limit_secs: float, band: Band) -> None:
    check_is_networkx(with_services(seed, band), limit_secs)


def test_the_random_routes_are_of_use() -> None:
    """Most worlds have trips that are made by vehicle, and some trips that cannot be made."""
    riding, none = 0, 0
    for seed in range(60):
        exact = with_services(seed, "expected").exact
        whole, points = in_units(exact), np.arange(5)
        costs = networkx_costs(whole, points, points)
        on_streets = exact.arcs.start < exact.streets
        on_streets &= exact.arcs.end < exact.streets
        arcs = Pieces(*(part[on_streets] for part in vars(whole.arcs).values()))
        on_foot = networkx_costs(Sketch(**{**vars(whole), "arcs": arcs}), points, points)
        riding += bool((costs < on_foot).any())
        none += bool((costs == costs.max()).any() and (costs > 10**9).any())
    assert riding > 30
    assert none > 10


# Whole networks -----------------------------------------------------------------------------


def noted_compile(network: TransportNetwork, places: gpd.GeoSeries, travel: Travel) -> Made:
    """The compiled network, and what it was made of."""
    arcs = Noted()
    rounded: list[np.ndarray] = []
    ends: list[tuple[np.ndarray, np.ndarray]] = []
    units, hung = Scale.units, compiled.connectors

    def units_noted(scale: Scale, secs: np.ndarray) -> np.ndarray:
        rounded.append(np.asarray(secs))
        return units(scale, secs)

    def legs_noted(points: np.ndarray, at: np.ndarray, *rest: Any) -> Connectors:
        ends.append((points, at))
        return hung(points, at, *rest)

    with (
        patch.object(compiled, "Arcs", lambda: arcs),
        patch.object(compiled, "connectors", legs_noted),
        patch.object(Scale, "units", units_noted),
    ):
        made = routable_network(network, places, travel=travel, conditions=UNDER)
    graph = made.linked.graph
    of_arcs, *of_legs = rounded
    assert len(of_arcs) == len(arcs.pieces.cost)
    hang = (Pieces(*each, secs) for each, secs in zip(ends, of_legs, strict=True))
    sizes = graph.streets, graph.vertices, len(places)
    return Made(made.linked, Sketch(*sizes, arcs.pieces, *hang, graph.scale))


Drawn = tuple[TransportNetwork, gpd.GeoSeries]
LIMITS = st.sampled_from([600.0, 1_800.0, LONGEST])


@examples(15)
@given(random_worlds(), st.sampled_from(TRAVELS), LIMITS)
def test_whole_networks_are_networkx(drawn: Drawn, travel: Travel, limit_secs: float) -> None:
    check_is_networkx(noted_compile(*drawn, travel), limit_secs)


@pytest.mark.slow
@examples(1_000)
@given(random_worlds(), st.sampled_from(TRAVELS), LIMITS)
def test_a_thousand_networks(drawn: Drawn, travel: Travel, limit_secs: float) -> None:
    check_is_networkx(noted_compile(*drawn, travel), limit_secs)
