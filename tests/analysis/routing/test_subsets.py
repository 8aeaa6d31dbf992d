"""Every subset of projects, against searches of its own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.routing.arcs import Arcs, Graph
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Trips, legs
from analysis.routing.router import times_between
from analysis.routing.subsets import subset_sums as subsets
from analysis.routing.subsets.added_arcs import AddedArcs, Additions, Asked, Within, with_terminals
from analysis.routing.subsets.subset_sums import subset_sums

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


def additions_of(
    rng: np.random.Generator, trips: Trips, count: int, projects: int
) -> tuple[AddedArcs, AddedArcs]:
    """Arcs between vertices, and ways from point to point, that need one project or several."""
    made = []
    for _ in range(2):
        tails, heads, secs = arcs_of(rng, count if projects else 0, trips.graph.vertices)
        needs = rng.integers(1, max(2**projects, 2), len(tails))
        ends = (end.astype(np.int32) for end in (tails, heads))
        made.append(AddedArcs(*ends, trips.graph.scale.units(secs), needs))
    return made[0], made[1]


def required_of(rng: np.random.Generator, projects: int) -> np.ndarray:
    """Each project may require one that stands before it in an order of their own."""
    required = np.zeros(projects, np.int64)
    order = rng.permutation(projects)
    for before, project in itertools.pairwise(order.tolist()):
        required[project] = (1 << before) * int(rng.random() < 0.3)
    return required


def is_whole(subset: int, required: np.ndarray) -> bool:
    """Whether nobody lacks what he requires."""
    return all(need & ~subset == 0 for k, need in enumerate(required.tolist()) if subset >> k & 1)


def times_with(
    base: tuple[np.ndarray, ...], trips: Trips, added: AddedArcs, straight: AddedArcs
) -> np.ndarray:
    """Times between all vertices with arcs, then straight ways that are part of no other."""
    scale = trips.graph.scale
    more = (added.tails, added.heads, scale.secs(added.costs))
    times = times_between(trips_on(graph_of(trips.graph.vertices, base, more)), limit=LIMIT)
    np.minimum.at(times, (straight.tails, straight.heads), scale.secs(straight.costs))
    return np.where(times > LIMIT, np.inf, times)


def chosen(arcs: AddedArcs, subset: int) -> AddedArcs:
    built = arcs.needs & ~subset == 0
    return AddedArcs(arcs.tails[built], arcs.heads[built], arcs.costs[built], arcs.needs[built])


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
    trips = trips_on(graph_of(vertices, base))
    arcs, straight = additions_of(rng, trips, int(rng.integers(1, 7)), projects)
    required = required_of(rng, projects)
    places = rng.permutation(vertices)
    origins, destinations = places[: vertices // 2 + 1], places[vertices // 3 :]
    jobs = rng.integers(0, 9, len(destinations)) / 8 * (rng.random(len(destinations)) < 0.5)
    weights = rng.random((len(origins), 2))
    # terminals are points of their own, so that ways straight from a point lead no further
    whole = with_terminals(trips, np.arange(vertices, dtype=np.int32))
    ends = (arcs.tails + vertices, arcs.heads + vertices)
    additions = Additions(AddedArcs(*ends, arcs.costs, arcs.needs), required, straight)
    counts = [Within(jobs, cutoff) for cutoff in CUTOFFS]
    timed = rng.random((len(origins), len(destinations))) < 0.6
    asked = Asked(origins, destinations, counts, weights, timed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsets, "ROWS", rows)
        found = subset_sums(whole, additions, asked, limit=LIMIT)
    assert found.shape == (2**projects, 4, 2)
    for subset in range(2**projects):
        if not is_whole(subset, required):
            assert (found[subset] == 0).all()
            continue
        all_times = times_with(base, trips, chosen(arcs, subset), chosen(straight, subset))
        times = all_times[origins][:, destinations]
        for k, cutoff in enumerate(CUTOFFS):
            reached = ((times <= cutoff) * jobs).sum(axis=1)
            assert found[subset, k] == pytest.approx(reached @ weights, rel=1e-12, abs=1e-12)
        secs = np.where(timed, np.minimum(times, LIMIT), 0.0).sum(axis=1)
        assert found[subset, 3] == pytest.approx(secs @ weights, rel=1e-12, abs=1e-9)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    trips = trips_on(graph_of(60, arcs_of(rng, 150, 60)))
    tails, heads, secs = arcs_of(rng, 12, 60)
    ends = (end.astype(np.int32) + 60 for end in (tails, heads))
    arcs = AddedArcs(*ends, trips.graph.scale.units(secs), 2 ** rng.integers(0, 3, 12))
    additions = Additions(arcs, np.zeros(3, np.int64))
    whole = with_terminals(trips, np.arange(60, dtype=np.int32))
    counts = [Within(rng.random(60), cutoff) for cutoff in CUTOFFS]
    asked = Asked(np.arange(60), np.arange(60), counts, rng.random((60, 1)))
    monkeypatch.setattr(subsets, "ROWS", 7)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(subsets, "threads", lambda count=count: count)
        found.append(subset_sums(whole, additions, asked, limit=LIMIT))
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
