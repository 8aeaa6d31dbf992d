"""Contraction hierarchies, and the one node order that serves all scenarios of a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import networkx as nx
import numpy as np
import pytest
from engine_questions import Asked, asked_of, everyone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from networkx_costs import as_networkx, networkx_costs
from sketches import MOST, Pieces, Sketch, random_sketch, sketches

from analysis.routing.arcs import FAR, Graph
from analysis.routing.hierarchy import cache as hierarchies
from analysis.routing.hierarchy import node_order as order
from analysis.routing.hierarchy.cache import KEPT, Hierarchies
from analysis.routing.hierarchy.contraction import Hierarchy, hierarchy, shortcuts
from analysis.routing.hilbert import along_curve

SEEDS = st.integers(0, 2**32 - 1)


# Hierarchies --------------------------------------------------------------------------------


def eliminated(graph: Graph, rank: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of ranks, lower first, joined after setting aside one vertex after the other."""
    tails, heads, _ = graph.street_arcs
    near: dict[int, set[int]] = {int(r): set() for r in rank}
    for a, b in zip(rank[tails].tolist(), rank[heads].tolist(), strict=True):
        if a != b:
            near[a].add(b)
            near[b].add(a)
    found = set()
    for low in range(len(rank)):
        higher = near.pop(low)
        found |= {(low, high) for high in higher}
        for high in higher:
            near[high] = (near[high] | higher) - {low, high}
    return found


def pairs_of(first: np.ndarray, heads: np.ndarray) -> list[tuple[int, int]]:
    lows = np.repeat(np.arange(len(first) - 1), np.diff(first))
    return list(zip(lows.tolist(), heads.tolist(), strict=True))


STREETS_ONLY = sketches(streets=[1, 2, 15, 40], beside=[0], count=[3])


@examples(40)
@given(STREETS_ONLY, SEEDS)
def test_shortcuts_join_the_neighbours_of_what_is_set_aside(sketch: Sketch, seed: int) -> None:
    """In whatever order that happens."""
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    arcs = shortcuts(sketch.graph, rank)
    found = pairs_of(arcs.first, arcs.heads)
    assert found == sorted(eliminated(sketch.graph, rank))


@examples(40)
@given(STREETS_ONLY, SEEDS)
def test_a_hierarchy_keeps_the_arcs_that_are_shortest_ways_and_no_others(
    sketch: Sketch, seed: int
) -> None:
    """Each kept arc costs what the shortest way costs; of equal ways some arc may stay."""
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    graph = sketch.graph
    made = hierarchy(graph, shortcuts(graph, rank))
    named = nx.relabel_nodes(as_networkx(replace(sketch, count=0)), dict(enumerate(rank.tolist())))
    ways = dict(nx.all_pairs_dijkstra_path_length(named, weight="cost"))
    for side, upwards in ((made.up, True), (made.down, False)):
        for (low, high), cost in zip(pairs_of(side.first, side.highs), side.costs, strict=True):
            assert cost == (ways[low][high] if upwards else ways[high][low])
    wanted = Hierarchy(made.rank, made.parent, made.down, made.up)
    assert made.reversed == wanted


@examples(40)
@given(sketches(streets=[2, 15, 40]), SEEDS)
def test_any_order_gives_the_same_times(sketch: Sketch, seed: int) -> None:
    """A bad order costs time only."""
    asked = asked_of(sketch, seed)
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    graph = asked.trips.graph
    any_order = hierarchy(graph, shortcuts(graph, rank))
    with patch.object(Hierarchies, "of", lambda *_: any_order):
        np.testing.assert_array_equal(asked.by_sweeps(), asked.by_queue())


def test_shortcuts_of_more_streets_serve_fewer() -> None:
    """As `hierarchy` promises: streets that are closed cost nothing new."""
    sketch = random_sketch(3, streets=40, beside=0, count=9, density=2.0)
    rank = np.arange(40, dtype=np.int32)
    every = shortcuts(sketch.graph, rank)
    half = replace(sketch, arcs=Pieces(*(part[::2] for part in vars(sketch.arcs).values())))
    made = hierarchy(half.graph, every)
    with patch.object(Hierarchies, "of", lambda *_: made):
        asked = Asked(half.trips(), MOST - 1, np.resize(everyone(half), 70), everyone(half))
        asked.both_ways()


# One order for all scenarios ----------------------------------------------------------------


@contextmanager
def counted_orders() -> Iterator[list[int]]:
    """How large the orders were that were made."""
    made: list[int] = []

    def noted(x: np.ndarray, *rest: np.ndarray) -> np.ndarray:
        made.append(len(x))
        return order.node_order(x, *rest)

    with patch.object(hierarchies, "node_order", noted):
        yield made


def grown(sketch: Sketch, new: int, seed: int) -> Sketch:
    """With new street vertices on new arcs; vertices and ids are numbered anew, as in a study."""
    random = np.random.default_rng(seed)
    total = sketch.streets + new
    place = random.permutation(total)
    old, added = place[: sketch.streets], place[sketch.streets :]
    ids = np.empty(total, dtype=np.int64)
    ids[old], ids[added] = np.arange(sketch.streets) * 10, np.arange(new) * 10 + 5

    def moved(vertices: np.ndarray) -> np.ndarray:
        street = vertices < sketch.streets
        known = old[np.where(street, vertices, 0)]
        return np.where(street, known, vertices - sketch.streets + total)

    triples = []
    for vertex in added.tolist():
        a, b = random.choice(old, 2).tolist()
        triples += [(a, vertex, 40), (vertex, b, 50), (vertex, a, 60)]
    arcs = replace(sketch.arcs, start=moved(sketch.arcs.start), end=moved(sketch.arcs.end))
    hang = {
        name: replace(getattr(sketch, name), end=moved(getattr(sketch, name).end))
        for name in ("out", "into")
    }
    sizes = {"streets": total, "vertices": sketch.vertices + new}
    return replace(sketch, arcs=arcs.and_also(Pieces.of(triples)), **hang, **sizes, ids=ids)


@examples(30)
@given(SEEDS)
def test_one_order_serves_the_scenarios(seed: int) -> None:
    """New vertices are set aside first; times are those of an order of one's own."""
    baseline = grown(random_sketch(seed, streets=40, beside=8, count=9, density=1.5), 0, seed)
    plan = grown(replace(baseline, ids=None), 4, seed + 1)
    shared, own = Hierarchies(), Hierarchies()
    with counted_orders() as made:
        for sketch in (baseline, plan, baseline):
            asked = Asked(sketch.trips(shared), MOST - 1, *[everyone(sketch)] * 2)
            wanted = networkx_costs(sketch, asked.origins, asked.destinations)
            np.testing.assert_array_equal(asked.both_ways(), np.where(wanted < MOST, wanted, FAR))
        assert made == [40]
        rank = plan.trips(shared).hierarchy.rank
        assert sorted(rank[plan.ids % 10 == 5].tolist()) == [0, 1, 2, 3]
        assert own.of(plan.graph, plan.nodes).rank.shape == (44,)
        assert made == [40, 44]


def test_too_many_new_vertices_get_an_order_of_their_own() -> None:
    """More than a tenth."""
    baseline = random_sketch(1, streets=40, beside=0, count=3, density=1.5)
    shared = Hierarchies()
    with counted_orders() as made:
        for new in (0, 4, 5, 5):
            sketch = grown(baseline, new, new)
            assert shared.knows(sketch.nodes) == (made != [] and (new < 5 or len(made) == 2))
            assert len(sketch.trips(shared).hierarchy.rank) == 40 + new
    assert made == [40, 45]


def test_the_first_scenario_may_have_no_streets() -> None:
    shared = Hierarchies()
    with counted_orders() as made:
        for streets in (0, 15, 0, 15):
            sketch = random_sketch(6, streets=streets, beside=4, count=3, density=2.0)
            asked = Asked(sketch.trips(shared), MOST - 1, *[everyone(sketch)] * 2)
            wanted = networkx_costs(sketch, everyone(sketch), everyone(sketch), limit=MOST - 1)
            np.testing.assert_array_equal(asked.both_ways(), wanted)
        assert made.count(15) == 1


def test_hierarchies_are_remembered_by_costs_and_forgotten_in_turn() -> None:
    """The same object for the same costs; others for others; not more than are kept."""
    sketch = random_sketch(2, streets=15, beside=0, count=3, density=2.0)
    shared = Hierarchies()
    first = sketch.trips(shared).hierarchy
    assert sketch.trips(shared).hierarchy is first
    for more in range(1, KEPT + 1):
        dearer = replace(sketch, arcs=replace(sketch.arcs, cost=sketch.arcs.cost + more))
        other = dearer.trips(shared)
        assert other.hierarchy is not first
        asked = Asked(other, MOST - 1, *[everyone(sketch)] * 2)
        wanted = networkx_costs(dearer, asked.origins, asked.destinations, limit=MOST - 1)
        np.testing.assert_array_equal(asked.both_ways(), wanted)
    assert sketch.trips(shared).hierarchy is not first


def ranks_kept_in(folder: Path, sketch: Sketch) -> np.ndarray:
    return sketch.trips(Hierarchies(folder)).hierarchy.rank


TEXT_IDS = np.array(["n10", "a", "重庆", "b" * 40, *(f"n{k}" for k in range(11, 22))], dtype=object)


@pytest.mark.parametrize("ids", [None, TEXT_IDS], ids=["numbers", "text"])
def test_an_order_is_kept_in_the_folder(tmp_path: Path, ids: np.ndarray | None) -> None:
    """It is found again by what it is of, not by where that stands in memory."""
    sketch = replace(random_sketch(4, streets=15, beside=0, count=3, density=2.0), ids=ids)
    with counted_orders() as made:
        first = ranks_kept_in(tmp_path / "new" / "folder", sketch)
        letters = None if ids is None else np.array([f"{name} "[:-1] for name in ids], object)
        again = ranks_kept_in(tmp_path / "new" / "folder", replace(sketch, ids=letters))
    assert made == [15]
    np.testing.assert_array_equal(first, again)
    assert [file.suffix for file in (tmp_path / "new" / "folder").iterdir()] == [".npy"]


def saved(file: Path, array: np.ndarray) -> None:
    with file.open("wb") as to:
        np.save(to, array)


def zipped(file: Path) -> None:
    with file.open("wb") as to:
        np.savez(to, rank=np.arange(15, dtype=np.int32))


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut in its head": lambda file: file.write_bytes(file.read_bytes()[:20]),
    "cut in its middle": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "a text": lambda file: file.write_text("not an order"),
    "a zip": zipped,
    "a broken zip": lambda file: file.write_bytes(b"PK\x03\x04 and so on"),
    "one number": lambda file: saved(file, np.array(15, dtype=np.int32)),
    "a table": lambda file: saved(file, np.arange(15, dtype=np.int32).reshape(3, 5)),
    "of other numbers": lambda file: saved(file, np.arange(15, dtype=np.int64)),
    "of fewer": lambda file: saved(file, np.arange(14, dtype=np.int32)),
    "one twice": lambda file: saved(file, np.minimum(np.arange(15), 13).astype(np.int32)),
    "from one": lambda file: saved(file, np.arange(1, 16, dtype=np.int32)),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_not_the_order_is_made_again(tmp_path: Path, name: str) -> None:
    sketch = random_sketch(4, streets=15, beside=0, count=3, density=2.0)
    with counted_orders() as made:
        first = ranks_kept_in(tmp_path, sketch)
        file = next(tmp_path.iterdir())
        whole = file.read_bytes()
        SPOILT[name](file)
        np.testing.assert_array_equal(ranks_kept_in(tmp_path, sketch), first)
        assert made == [15, 15]
        assert [kept.read_bytes() for kept in tmp_path.iterdir()] == [whole]


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    sketch = random_sketch(4, streets=15, beside=0, count=3, density=2.0)
    assert len(ranks_kept_in(tmp_path / "taken", sketch)) == 15


@examples(30)
@given(sketches(streets=[1, 2, 6, 40], beside=[0], count=[1]), st.sampled_from([0.0, 1e-9, 1e7]))
def test_a_node_order_is_a_permutation(sketch: Sketch, spread: float) -> None:
    """Also of places that all are one, and of graphs that are none."""
    tails, heads, _ = sketch.graph.street_arcs
    rank = order.node_order(sketch.nodes.x * spread, sketch.nodes.y * spread, tails, heads)
    assert rank.dtype == np.int32
    assert sorted(rank.tolist()) == list(range(sketch.streets))
    along = along_curve(sketch.nodes.x * spread, sketch.nodes.y * spread)
    assert sorted(along.tolist()) == list(range(sketch.streets))
