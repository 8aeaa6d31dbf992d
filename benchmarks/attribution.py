"""Every subset of the plan's projects on the bundled study, beside searching each with scipy.

    python benchmarks/attribution.py

14 projects or groups of the reply, transit and car at the peak, every zone an origin; people and
opportunities within the study's cutoffs, people near the core and times between places, everywhere
and by planning area. scipy's Dijkstra gets the graphs ready made, searches from all zones for a few
subsets and adds up the people within one cutoff; it is extrapolated to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from machine import this_machine
from measuring import Contender, Goal, alternating, clocked, lines_of, markdown, said
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.network.package import Package
from analysis.attribution.network.players import required_players
from analysis.attribution.subset_values import Values, all_values
from analysis.change import EVERYWHERE
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.arcs import STEP_SECS
from analysis.routing.linked_points import LinkedPoints
from layers.network import TransportNetwork
from scicity.inputs.pair import network_pair
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study
from scicity.results.attribution import TRAVELS, Networks
from scicity.results.attribution_inputs import attribution_measures, scenario_players

SUBSETS = (0, 0b10110011100101, 2**14 - 1)
"""Searched with scipy; bit k is the k-th player. The middle one has what it requires."""
GOAL_SECS = 60.0
CUTOFF_SECS, MEASURE = 2_700.0, "people_2700"
RUNS = 3


@dataclass(frozen=True)
class Case:
    """The bundled study with its plan."""

    study: Study
    package: Package
    routable: AttributionMeasures
    networks: Networks

    def every_subset(self) -> Values:
        """What is measured."""
        conditions = self.study.conditions
        return all_values(self.package, self.routable, travels=TRAVELS, conditions=conditions)


def bundled_case() -> Case:
    """Projects joined, nothing compiled."""
    study = read_study(bundled_study())
    pair = network_pair(study, "today", "plan")
    players = scenario_players(study, pair)
    networks = Networks(study, pair, players)
    whole = networks.network(2 ** len(players) - 1)
    package = Package(whole, players, required_players(players, study.projects))
    return Case(study, package, attribution_measures(study), networks)


def with_zones(linked: LinkedPoints) -> csr_array:
    """Seconds between vertices, then zones as they start, then as they are arrived at."""
    graph, out, into, straight = linked.graph, linked.access, linked.egress, linked.direct
    start, end = graph.vertices, graph.vertices + linked.count

    def by_point(first: np.ndarray) -> np.ndarray:
        return np.repeat(np.arange(linked.count), np.diff(first))

    tails = (graph.tails, start + by_point(out.first), into.at, start + by_point(straight.first))
    heads = (graph.heads, out.at, end + by_point(into.first), end + straight.at)
    costs = np.concatenate([graph.costs, out.costs, into.costs, straight.costs])
    # an arc of no cost would be no arc to scipy
    secs = np.maximum(costs, 1e-3) / graph.scale.per_sec
    size = graph.vertices + 2 * linked.count
    return csr_array((secs, (np.concatenate(tails), np.concatenate(heads))), shape=(size, size))


def prepared(case: Case, network: TransportNetwork, travel: Travel) -> tuple[csr_array, int]:
    """The graph of one subset and its number of zones."""
    middles = case.routable.zones.geometry.centroid
    compiled = routable_network(network, middles, travel=travel, conditions=case.study.conditions)
    return with_zones(compiled.linked), len(middles)


def people_reached(matrix: csr_array, zones: int, people: np.ndarray) -> float:
    """People within the cutoff, on average over people."""
    first = matrix.shape[0] - 2 * zones
    secs = dijkstra(matrix, indices=first + np.arange(zones), limit=CUTOFF_SECS + 1)
    reached = (secs[:, first + zones :] <= CUTOFF_SECS + STEP_SECS / 2) @ people
    return float(reached @ people / people.sum())


def main() -> None:
    """Print the table."""
    case = bundled_case()
    graphs = [
        (subset, travel, *prepared(case, case.networks.network(subset), travel))
        for subset in SUBSETS
        for travel in TRAVELS
    ]
    people = case.routable.zones["population"].to_numpy(dtype=float)
    found = case.every_subset()
    columns = found.columns.set_index(["measure", "mode", "area_id"]).index
    for subset, travel, matrix, zones in graphs:
        column = columns.get_loc((MEASURE, travel.mode, EVERYWHERE))
        theirs = people_reached(matrix, zones, people)
        np.testing.assert_allclose(found.table[subset, column], theirs, rtol=1e-9)
    print(f"{len(graphs)} graphs searched with scipy give the same", flush=True)

    def search() -> None:
        for _, _, matrix, zones in graphs:
            people_reached(matrix, zones, people)

    count = len(found.table)
    scipy = Contender(clocked(search), count / len(SUBSETS))
    own, beside = alternating(Contender(clocked(case.every_subset)), {"scipy": scipy}, RUNS)
    job = f"{count:,} subsets x transit and car, {zones:,} zones, {len(columns)} figures each"
    print(markdown(lines_of(job, own, beside, Goal(GOAL_SECS))))
    print(f"a subset takes {said(min(own) / count)} to {said(max(own) / count)}")
    print(this_machine())


if __name__ == "__main__":
    main()
