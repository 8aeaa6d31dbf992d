"""The other questions that the engine answers: to every vertex, the nearest of some, paths."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from networkx_costs import as_networkx
from sketches import Pieces, Sketch, sketches

from analysis.routing.arcs import FAR
from analysis.routing.bucket_queue import NONE
from analysis.routing.one_to_all import times_from, times_to_nearest, vertex_times
from analysis.routing.shortest_paths import has_way, path_to, path_tree, paths_from

SEEDS = st.integers(0, 2**32 - 1)


ONE_ORIGIN = sketches(streets=[1, 6, 15], beside=[0, 6], count=[4])
SHARES = st.sampled_from([0.0, 0.3, 1.0])


def limit_of(sketch: Sketch, share: float) -> tuple[float, int]:
    """A share of the longest time, in seconds and units."""
    secs = share * sketch.scale.longest
    return secs, int(sketch.scale.cutoff(secs))


def table_of(lengths: dict[object, int], names: list[object], sketch: Sketch) -> np.ndarray:
    """Seconds at some vertices; infinite where there are none."""
    return sketch.scale.secs(np.array([lengths.get(name, int(FAR)) for name in names], dtype=int))


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_times_to_every_vertex(sketch: Sketch, share: float) -> None:
    """From a point, forward and backward, and from a vertex."""
    secs, limit = limit_of(sketch, share)
    graph, trips = as_networkx(sketch), sketch.trips()
    vertices = list(range(sketch.vertices))
    for reverse in (False, True):
        way = graph.reverse() if reverse else graph
        for point in range(sketch.count):
            start = ("to" if reverse else "from", point)
            wanted = nx.single_source_dijkstra_path_length(way, start, limit, weight="cost")
            found = vertex_times(trips, point, limit=secs, reverse=reverse)
            np.testing.assert_array_equal(found, table_of(wanted, vertices, sketch))
        rows = times_from(trips.graph, vertices, limit=secs, reverse=reverse)
        for vertex in vertices:
            wanted = nx.single_source_dijkstra_path_length(way, vertex, limit, weight="cost")
            np.testing.assert_array_equal(rows[vertex], table_of(wanted, vertices, sketch))


def cost_of(graph: nx.DiGraph, path: list[object]) -> int:
    """What a way costs, arc by arc; each of its arcs exists."""
    return sum(graph.edges[a, b]["cost"] for a, b in pairwise(path))


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_a_path_tree_holds_shortest_paths(sketch: Sketch, share: float) -> None:
    secs, limit = limit_of(sketch, share)
    graph = as_networkx(sketch)
    for source in range(sketch.vertices):
        wanted = nx.single_source_dijkstra_path_length(graph, source, limit, weight="cost")
        times, before = path_tree(sketch.graph, source, limit=secs)
        np.testing.assert_array_equal(times, table_of(wanted, list(range(len(times))), sketch))
        assert before[source] == NONE
        for target in range(sketch.vertices):
            path = path_to(before, target)
            if target in wanted:
                assert path[0] == source
                assert cost_of(graph, path) == wanted[target]
            else:
                assert path == [target]


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_paths_between_points(sketch: Sketch, share: float) -> None:
    """They cost what they say; straight ones name no vertex, and win where they cost as much."""
    secs, limit = limit_of(sketch, share)
    graph, trips = as_networkx(sketch), sketch.trips()
    targets = [3, 0, 1, 2, 1]
    for point in range(sketch.count):
        wanted = nx.single_source_dijkstra_path_length(graph, ("from", point), limit, weight="cost")
        found = list(paths_from(trips, point, targets, limit=secs))
        assert len(found) == len(targets)
        for target, (time, path) in zip(targets, found, strict=True):
            end = ("to", target)
            assert time == table_of(wanted, [end], sketch)[0]
            if end not in wanted:
                assert path == []
                continue
            assert cost_of(graph, [("from", point), *path, end]) == wanted[end]
            straight = graph.get_edge_data(("from", point), end, {"cost": FAR})["cost"]
            assert (path == []) == (straight == wanted[end])


@examples(40)
@given(ONE_ORIGIN, SHARES, SEEDS)
def test_times_to_the_nearest_of_some_vertices(sketch: Sketch, share: float, seed: int) -> None:
    secs, limit = limit_of(sketch, share)
    some = np.random.default_rng(seed).permutation(sketch.vertices)[: seed % 4]
    graph = as_networkx(replace(sketch, straight=Pieces.of([])))
    wanted = {
        point: nx.single_source_dijkstra_path_length(graph, ("from", point), limit, weight="cost")
        for point in range(sketch.count)
    }
    nearest = [min((wanted[k].get(v, FAR) for v in some.tolist()), default=FAR) for k in wanted]
    found = times_to_nearest(sketch.trips(), some, limit=secs)
    np.testing.assert_array_equal(found, sketch.scale.secs(np.array(nearest)))


@examples(40)
@given(ONE_ORIGIN)
def test_whether_there_is_any_way(sketch: Sketch) -> None:
    """However long: also where the time is past all that can be asked."""
    graph, trips = as_networkx(sketch), sketch.trips()
    for point in range(sketch.count):
        ever = nx.descendants(graph, ("from", point))
        wanted = [("to", other) in ever for other in range(sketch.count)]
        assert has_way(trips, point).tolist() == wanted
