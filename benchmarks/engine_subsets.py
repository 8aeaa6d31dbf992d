"""The engine's benchmark on scenarios: what every subset of eleven projects would change.

Five roads with two ends and six lines with ten stations, which only add arcs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from engine_questions import trips_on
from engine_streets import HOUR_SECS, PAIRS, Setting
from measuring import Contender, Goal, Line, alternating, clocked, lines_of
from synthetic_grid import StreetArrays, nearest_node

from analysis.routing.arcs import STEP_SECS
from analysis.routing.hierarchy.cache import Hierarchies
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.routing.subsets.added_arcs import (
    AddedArcs,
    Additions,
    Cutoff,
    SumRequest,
    with_terminals,
)
from analysis.routing.subsets.subset_sums import subset_sums

PROJECTS, ROADS = 11, 5
STATIONS = 10
ROAD_KPH, LINE_KPH = 90.0, 70.0
ROAD_SHARE, LINE_SHARE = 0.12, 0.5
"""Length of a project, as a share of the city's."""
CUTOFFS_SECS = (1_500.0,)
MOST = 2_000
SEED = 5
RECOMPUTED = (0b0, 0b1, 0b10000000000, 0b10100110101, 0b00011111111, 0b11111111111)
"""Subsets that are computed anew to compare: bit k is project k."""
RECOMPUTATION = "own recomputation of every subset"


@dataclass(frozen=True)
class Ensemble:
    """The streets without projects, what the projects add, and what is asked."""

    network: StreetArrays
    points: np.ndarray
    hierarchies: Hierarchies
    linked: LinkedPoints
    added: AddedArcs
    asked: SumRequest

    def sums(self) -> np.ndarray:
        """Every subset's sum, subsets x cutoffs x groups."""
        vertices = np.unique(np.concatenate([self.added.tails, self.added.heads]))
        ends = (
            self.linked.count + np.searchsorted(vertices, end)
            for end in (self.added.tails, self.added.heads)
        )
        arcs = AddedArcs(*ends, self.added.costs, self.added.needs)
        additions = Additions(arcs, np.zeros(PROJECTS, np.int64))
        whole = with_terminals(self.linked, vertices.astype(np.int32))
        return subset_sums(whole, additions, self.asked, limit=HOUR_SECS)

    def recomputed(self, built: int) -> np.ndarray:
        """One subset's sums (cutoffs x groups) by another graph, hierarchy and matrix."""
        added, scale = self.added, self.linked.graph.scale
        there = added.needs & ~built == 0
        network = replace(
            self.network,
            tail=np.append(self.network.tail, added.tails[there]),
            head=np.append(self.network.head, added.heads[there]),
            secs=np.append(self.network.secs, scale.secs(added.costs[there])),
        )
        linked = trips_on(network, self.points, self.hierarchies)
        ends = {"origins": self.asked.origins, "destinations": self.asked.destinations}
        secs = times_between(linked, limit=HOUR_SECS, **ends)
        rows = [
            (secs <= count.cutoff + STEP_SECS / 2) @ count.opportunities
            for count in self.asked.counts
        ]
        return np.stack(rows) @ self.asked.weights


def _stations(network: StreetArrays, project: int, rng: np.random.Generator) -> np.ndarray:
    """The nodes where a project's arcs end, along a straight line."""
    whole = network.x.max()
    share, count = (ROAD_SHARE, 2) if project < ROADS else (LINE_SHARE, STATIONS)
    start, angle = rng.uniform(0.1, 0.9, 2) * whole, rng.uniform(0, 2 * np.pi)
    end = start + share * whole * np.array([np.cos(angle), np.sin(angle)])
    end = np.clip(end, 0.02 * whole, 0.98 * whole)
    places = start + np.linspace(0, 1, count)[:, None] * (end - start)
    return np.array([nearest_node(network, x, y) for x, y in places])


def _added(network: StreetArrays, linked: LinkedPoints) -> AddedArcs:
    """The projects' arcs between vertices, both ways."""
    rng = np.random.default_rng(SEED)
    tails, heads, costs, needs = [], [], [], []
    for project in range(PROJECTS):
        nodes = _stations(network, project, rng)
        a, b = nodes[:-1], nodes[1:]
        metres = np.hypot(network.x[a] - network.x[b], network.y[a] - network.y[b])
        kph = ROAD_KPH if project < ROADS else LINE_KPH
        cost = linked.graph.scale.units(metres / (kph / 3.6))
        tails += [a, b]
        heads += [b, a]
        costs += [cost, cost]
        needs.append(np.full(2 * len(a), 1 << project, dtype=np.int64))
    ends = (np.concatenate(part).astype(np.int32) for part in (tails, heads, costs))
    return AddedArcs(*ends, np.concatenate(needs))


def _ensemble(setting: Setting) -> Ensemble:
    points, rng = setting.drawn(2 * PAIRS), np.random.default_rng(SEED)
    linked = trips_on(setting.network, points, setting.hierarchies)
    jobs = rng.integers(1, MOST, PAIRS).astype(float)
    asked = SumRequest(
        np.arange(PAIRS),
        np.arange(PAIRS, 2 * PAIRS),
        [Cutoff(jobs, cutoff) for cutoff in CUTOFFS_SECS],
        rng.integers(1, MOST, (PAIRS, 1)).astype(float),
    )
    added = _added(setting.network, linked)
    return Ensemble(setting.network, points, setting.hierarchies, linked, added, asked)


def subsets(setting: Setting, job: str, goal: Goal) -> list[Line]:
    """All subsets, beside computing some of them anew; both must give the same sums."""
    print(job, flush=True)
    ensemble = _ensemble(setting)
    found = ensemble.sums()
    for built in RECOMPUTED:
        np.testing.assert_array_equal(found[built], ensemble.recomputed(built))
    print(f"  {len(RECOMPUTED)} subsets computed anew have equal sums", flush=True)

    def some() -> None:
        for built in RECOMPUTED[1:]:
            ensemble.recomputed(built)

    anew = Contender(clocked(some), 2**PROJECTS / (len(RECOMPUTED) - 1))
    own, beside = alternating(Contender(clocked(ensemble.sums)), {RECOMPUTATION: anew})
    gain = float(found[-1, 0, 0] / found[0, 0, 0] - 1)
    return lines_of(f"{job} (all of them: {gain:+.1%})", own, beside, goal)
