"""What the engine's benchmark measures on and how it judges: benchmarks/engine.py."""

from __future__ import annotations

import sys
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
machine, measuring, peers = (import_module(n) for n in ("machine", "measuring", "peers"))
grid, transit = import_module("synthetic_grid"), import_module("synthetic_transit")
questions = import_module("engine_questions")

NODES = 1_000


def matrix(network: object) -> csr_array:
    """The seconds of a network's arcs."""
    shape = (network.nodes, network.nodes)
    return csr_array((network.secs, (network.tail, network.head)), shape=shape)


def test_everybody_reaches_everybody_and_no_arc_is_doubled() -> None:
    network = grid.synthetic_network(NODES)
    parts, _ = connected_components(matrix(network), connection="strong")
    assert parts == 1
    arcs = Counter(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert set(arcs.values()) == {1}
    straight = np.hypot(
        network.x[network.tail] - network.x[network.head],
        network.y[network.tail] - network.y[network.head],
    )
    assert (network.length_m >= straight * (1 - 1e-9)).all()
    kph = network.length_m / network.secs * 3.6
    assert (kph / grid.KPH[network.rank]).min() >= 0.85 - 1e-9
    assert (kph / grid.KPH[network.rank]).max() <= 1.1 + 1e-9


def test_sorting_changes_numbers_only() -> None:
    network = grid.synthetic_network(NODES)
    own = grid.sorted_network(network)
    assert not np.array_equal(own.x, network.x)
    place = {at: node for node, at in enumerate(zip(own.x, own.y, strict=True))}
    number = np.array([place[at] for at in zip(network.x, network.y, strict=True)])
    before = dijkstra(matrix(network), indices=0)
    after = dijkstra(matrix(own), indices=int(number[0]))
    np.testing.assert_array_equal(after[number], before)


def test_roads_are_the_arrays() -> None:
    network = grid.synthetic_network(NODES)
    edges = transit.roads_of(network).edges.reset_index()
    found = dict(zip(zip(edges["u"], edges["v"], strict=True), edges["travel_time"], strict=True))
    assert len(edges) == len(network.tail)
    for tail, head, secs in zip(network.tail, network.head, network.secs, strict=True):
        assert found[f"n{tail}", f"n{head}"] == pytest.approx(secs, rel=1e-12)


def test_buses_drive_on_main_roads_and_share_stops() -> None:
    network = grid.sorted_network(grid.synthetic_network(8 * NODES))
    city = transit.with_transit(network, lines=3, stops=10, buses=30, stops_per_bus=(8, 12))
    rails, buses = city.routes[:3], city.routes[3:]
    assert [len(route.stop_ids) for route in rails] == [10, 10, 10]
    assert all(8 <= len(route.stop_ids) <= 12 for route in buses)
    assert len(buses) == 30
    assert max(Counter(stop for route in buses for stop in route.stop_ids).values()) > 1
    assert {stop for route in city.routes for stop in route.stop_ids} == set(city.stops.index)
    main = network.rank <= grid.SECONDARY
    arcs = network.secs[main], (network.tail[main], network.head[main])
    roads = csr_array(arcs, shape=(network.nodes, network.nodes))
    first = [int(stop.removeprefix("stop")) for stop in buses[0].stop_ids]
    secs = dijkstra(roads, indices=first)
    for place, (a, b) in enumerate(pairwise(first)):
        hop = secs[place, b] * transit.BUS_SLOWER + transit.BUS_DWELL_SECS
        assert a != b
        assert buses[0].hop_secs[place] == pytest.approx(hop)


def test_breadth_first_pass_sees_what_can_be_reached() -> None:
    network = grid.synthetic_network(NODES)
    cut = network.rank <= grid.SECONDARY
    links = (
        matrix(network)
        if cut.all()
        else csr_array(
            (network.secs[cut], (network.tail[cut], network.head[cut])),
            shape=(network.nodes, network.nodes),
        )
    )
    for start in (0, 1, 2):
        workspace = np.empty(network.nodes, np.int32)
        seen = machine.breadth_first(links.indptr, links.indices, start, workspace)
        assert seen == len(breadth_first_order(links, start, return_predecessors=False))


def test_both_ways_of_the_engine_hand_over_the_same_counts() -> None:
    network = grid.sorted_network(grid.synthetic_network(NODES))
    everybody = np.arange(network.nodes)
    trips = questions.trips_on(network, everybody, questions.Hierarchies())
    found = questions.handed_over(trips, everybody, 120.0)
    truth = (dijkstra(matrix(network)) <= 120.0).sum(axis=1)
    np.testing.assert_array_equal(found, truth)


@pytest.mark.parametrize("name", ["scipy", "networkx"])
def test_peers_answer_the_same_question(name: str) -> None:
    network = grid.synthetic_network(NODES)
    peer = peers.BUILDERS[name](network)
    found = peer.table(peer.ask(np.array([3, 5]), None, 300.0))
    truth = dijkstra(matrix(network), indices=[3, 5])
    assert (
        peers.check_same(np.where(truth > 300, np.inf, truth), found, limit=300, close=1e-9) < 1e-9
    )


def test_a_wrong_peer_is_found_out() -> None:
    ours = np.array([[0.0, 10.0, np.inf]])
    with pytest.raises(ValueError, match="differs by 2"):
        peers.check_same(ours, np.array([[0.0, 12.0, np.inf]]), limit=60, close=0.5)
    with pytest.raises(ValueError, match="1 reached in one alone"):
        peers.check_same(ours, np.array([[0.0, 10.0, 30.0]]), limit=60, close=0.5)
    with pytest.raises(ValueError, match="1 reached in one alone"):
        peers.check_same(ours, np.array([[0.0, np.inf, np.inf]]), limit=60, close=0.5)
    assert peers.check_same(ours, np.array([[0.0, 10.2, 70.0]]), limit=60, close=0.5) < 0.3


def test_goals_are_judged_by_medians() -> None:
    times = iter([9.0, 1.0, 2.0, 3.0])
    ours = measuring.Contender(lambda: next(times))
    slow = measuring.Contender(lambda: 4.0, times=10.0)
    own, found = measuring.alternating(ours, {"slow": slow}, runs=3)
    assert own == [1.0, 2.0, 3.0]
    assert found["slow"] == measuring.Measured(40.0, 20.0, extrapolated=True)
    goal = measuring.Goal(2.0, ratios={"slow": 21.0})
    first, second = measuring.lines_of("job", own, found, goal)
    assert (first.met, second.met) == (True, False)
    assert second.theirs == "40 s *"
    share = measuring.Goal(within={"slow": 0.05})
    assert measuring.lines_of("job", own, found, share)[1].met
    table = measuring.markdown([first, second]).splitlines()
    assert [line.count("|") for line in table] == [len(measuring.HEAD) + 1] * 4
