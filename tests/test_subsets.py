"""Every subset of projects, against searches of its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import examples

from analysis.paths import subsets
from analysis.paths.graph import Arcs, Graph
from analysis.paths.hierarchies import Hierarchies, StreetNodes
from analysis.paths.points import Trips, legs
from analysis.paths.search import times_between
from analysis.paths.subsets import Additions, Asked, subset_sums

LIMIT = 900.0
CUTOFFS = (0.0, 300.0, 900.0)


def arcs_of(rng: np.random.Generator, count: int, vertices: int) -> tuple[np.ndarray, ...]:
    ends = rng.integers(0, vertices, (2, count))
    return ends[0], ends[1], rng.integers(1, 500, count).astype(float)


def graph_of(vertices: int, *pieces: tuple[np.ndarray, ...]) -> Graph:
    arcs = Arcs()
    arcs.vertices(vertices)
    for tails, heads, secs in pieces:
        arcs.add(tails, heads, secs)
    return arcs.graph(LIMIT)


def trips_on(graph: Graph) -> Trips:
    """A point on each vertex."""
    every = np.arange(graph.vertices, dtype=np.int32)
    here = legs(every, every, np.zeros(len(every), np.int32), len(every))
    nodes = StreetNodes(every.astype(np.int64), every.astype(float), (every % 3).astype(float))
    return Trips(graph, here, here, here, nodes, Hierarchies())


@examples(40)
@given(
    seed=st.integers(0, 2**32 - 1),
    vertices=st.integers(2, 25),
    projects=st.integers(0, 4),
    rows=st.sampled_from([1, 3, 256]),
)
def test_sums_are_those_of_a_search_for_each_subset(
    seed: int, vertices: int, projects: int, rows: int
) -> None:
    """Some arcs need several projects, as lines that share their frequency do."""
    rng = np.random.default_rng(seed)
    base = arcs_of(rng, int(rng.integers(0, 2 * vertices)), vertices)
    added = arcs_of(rng, int(rng.integers(1, 7)) if projects else 0, vertices)
    needs = rng.integers(1, max(2**projects, 2), len(added[0]))
    trips = trips_on(graph_of(vertices, base))
    places = rng.permutation(vertices)
    origins, destinations = places[: vertices // 2 + 1], places[vertices // 3 :]
    jobs = rng.integers(0, 9, len(destinations)) / 8
    weights = rng.random((len(origins), 2))
    tails, heads, secs = added
    units = trips.graph.scale.units(secs)
    additions = Additions(tails.astype(np.int32), heads.astype(np.int32), units, needs, projects)
    asked = Asked(origins, destinations, jobs, CUTOFFS, weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsets, "ROWS", rows)
        found = subset_sums(trips, additions, asked, limit=LIMIT)
    assert found.shape == (2**projects, 3, 2)
    for subset in range(2**projects):
        built = needs & ~subset == 0
        whole = trips_on(graph_of(vertices, base, tuple(part[built] for part in added)))
        times = times_between(whole, limit=LIMIT, origins=origins, destinations=destinations)
        for k, cutoff in enumerate(CUTOFFS):
            reached = ((times <= cutoff) * jobs).sum(axis=1)
            assert found[subset, k] == pytest.approx(reached @ weights, rel=1e-12, abs=1e-12)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    trips = trips_on(graph_of(60, arcs_of(rng, 150, 60)))
    tails, heads, secs = arcs_of(rng, 12, 60)
    additions = Additions(
        tails.astype(np.int32),
        heads.astype(np.int32),
        trips.graph.scale.units(secs),
        2 ** rng.integers(0, 3, 12),
        3,
    )
    asked = Asked(np.arange(60), np.arange(60), rng.random(60), CUTOFFS, rng.random((60, 1)))
    monkeypatch.setattr(subsets, "ROWS", 7)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(subsets, "threads", lambda count=count: count)
        found.append(subset_sums(trips, additions, asked, limit=LIMIT))
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
