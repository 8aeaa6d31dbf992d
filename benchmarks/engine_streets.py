"""Jobs of the engine's benchmark on streets alone, each beside its peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import numpy as np
from engine_questions import (
    bytes_of_search,
    bytes_of_sweeps,
    handed_over,
    queued,
    trips_on,
)
from machine import Machine, breadth_first
from measuring import Contender, Goal, Line, alternating, clocked, floor_line, lines_of
from osrm_peer import TOLERANCE_SECS, Osrm
from peers import BUILDERS, Peer, check_same
from synthetic_grid import StreetArrays, corner_node

from analysis.routing.arcs import STEP_SECS
from analysis.routing.hierarchy.cache import Hierarchies
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.one_to_all import vertex_times
from analysis.routing.router import times_between

HOUR_SECS = 3_600.0
BFS = "breadth-first pass"
QUEUE = "own bucket queue, all threads"
ORIGINS, PAIRS, CHANGED = 1_000, 2_000, 2_000
QUEUED = 100
SEED = 1
CHECKED = 5
PART_OF_ALL = {"scipy": 20, "networkit": 20, "igraph": 20, "pyroutingkit": 20}
PART_OF_ALL |= {"pandana": 5, "rustworkx": 3, "networkx": 2}
"""Origins that a peer is asked about where the question has more; the rest is extrapolated."""
PART_OF_PAIRS = {"scipy": 50, "networkit": 50, "igraph": 50, "pandana": 50, "pyroutingkit": PAIRS}


@dataclass(frozen=True)
class Setting:
    """Streets, who answers questions about them, and the machine.

    Attributes
    ----------
    network
        Neighbours numbered near each other, for everybody.
    machine
        What it can do.
    wanted
        Names of peers.
    osrm
        By name: OSRM with these streets.
    """

    network: StreetArrays
    machine: Machine
    wanted: tuple[str, ...] = tuple(BUILDERS)
    osrm: Mapping[str, Osrm] = field(default_factory=dict)
    hierarchies: Hierarchies = field(default_factory=Hierarchies)

    @cached_property
    def peers(self) -> dict[str, Peer]:
        """The peers that are installed, with the streets in them."""
        found = {}
        for name in self.wanted:
            with suppress(ImportError):
                found[name] = BUILDERS[name](self.network)
        return found

    @cached_property
    def everywhere(self) -> LinkedPoints:
        """All nodes as points."""
        return trips_on(self.network, np.arange(self.network.nodes), self.hierarchies)

    def drawn(self, size: int) -> np.ndarray:
        """So many different nodes; more than that begin with the same."""
        return np.random.default_rng(SEED).permutation(self.network.nodes)[:size]


def checked(setting: Setting, name: str, limit: float, targets: np.ndarray | None = None) -> None:
    """Compare a peer's answer with ours, from some origins: within its rounding and ours."""
    peer, origins = setting.peers[name], setting.drawn(CHECKED)
    own = times_between(setting.everywhere, limit=limit, origins=origins, destinations=targets)
    theirs = peer.table(peer.ask(origins, targets, limit))
    if name == "OSMnx recipe":
        own = np.where(np.isfinite(own), 0.0, np.inf)
    close = peer.tolerance_secs + STEP_SECS / 2
    differ = check_same(own, theirs, limit=limit, close=close)
    print(f"  {name} agrees to {differ:.2g} s", flush=True)


def one_to_all(setting: Setting, job: str, limit: float, goal: Goal) -> list[Line]:
    """All nodes within a limit of one."""
    linked, graph = setting.everywhere, setting.everywhere.graph
    origin = corner_node(setting.network)
    reached = np.isfinite(vertex_times(linked, origin, limit=limit)).sum()
    print(f"{job}: {reached:,} of {graph.vertices:,} nodes reached", flush=True)
    workspace, one = np.empty(graph.vertices, np.int32), np.array([origin])
    ours = Contender(clocked(lambda: vertex_times(linked, origin, limit=limit)))
    others = {}
    if reached == graph.vertices:
        plain = clocked(lambda: breadth_first(graph.first, graph.heads, origin, workspace))
        others[BFS] = Contender(plain)
    for name, peer in setting.peers.items():
        checked(setting, name, limit)
        others[name] = Contender(clocked(lambda peer=peer: peer.ask(one, None, limit)))
    own, found = alternating(ours, others)
    lines = lines_of(f"{job}, {reached:,} nodes reached", own, found, goal)
    if reached < graph.vertices:
        return lines
    return [*lines, floor_line(own, bytes_of_search(linked), setting.machine.one_thread)]


def many_to_all(setting: Setting, job: str, goal: Goal) -> list[Line]:
    """All nodes within an hour of each of many."""
    linked, origins = setting.everywhere, setting.drawn(ORIGINS)
    cores = setting.machine.cores
    share = handed_over(linked, origins, HOUR_SECS).mean() / linked.count
    print(f"{job}: {share:.0%} reached", flush=True)
    ours = Contender(clocked(lambda: handed_over(linked, origins, HOUR_SECS)))
    some = clocked(lambda: queued(linked, origins[:QUEUED], HOUR_SECS, cores))
    table = clocked(lambda: times_between(linked, limit=HOUR_SECS, origins=origins))
    others = {
        QUEUE: Contender(some, ORIGINS / QUEUED),
        "own, kept as a table of float64": Contender(table),
    }
    for name, size in PART_OF_ALL.items():
        if name in setting.peers:
            ask, part = setting.peers[name].ask, origins[:size]
            measure = clocked(lambda ask=ask, part=part: ask(part, None, HOUR_SECS))
            others[name] = Contender(measure, ORIGINS / size)
    own, found = alternating(ours, others)
    size = bytes_of_sweeps(linked, ORIGINS, np.arange(linked.count), HOUR_SECS)
    return [
        *lines_of(f"{job}, {share:.0%} reached", own, found, goal),
        floor_line(own, size, setting.machine.all_threads),
    ]


def _osrm(setting: Setting, origins: np.ndarray, targets: np.ndarray) -> dict[str, Contender]:
    """OSRM's tables; those that know our seconds must agree with ours."""
    found = {}
    for name, router in setting.osrm.items():
        if "turns" not in name:
            some = origins[:CHECKED]
            own = times_between(
                setting.everywhere, limit=HOUR_SECS, origins=some, destinations=targets
            )
            theirs = router.table(some, targets)
            differ = check_same(own, theirs, limit=HOUR_SECS, close=TOLERANCE_SECS)
            print(f"  {name} agrees to {differ:.2g} s", flush=True)
        found[name] = Contender(lambda router=router: router.secs(origins, targets))
    return found


def pairs(setting: Setting, job: str, goal: Goal) -> list[Line]:
    """From many nodes to many."""
    drawn = setting.drawn(2 * PAIRS)
    origins, targets = drawn[:PAIRS], drawn[PAIRS:]
    linked = trips_on(setting.network, drawn, setting.hierarchies)
    a, b = np.arange(PAIRS), np.arange(PAIRS, 2 * PAIRS)
    print(job, flush=True)

    def ask() -> np.ndarray:
        return times_between(linked, limit=HOUR_SECS, origins=a, destinations=b)

    others = {}
    for name, size in PART_OF_PAIRS.items():
        if name in setting.peers:
            checked(setting, name, HOUR_SECS, targets)
            peer, part = setting.peers[name], origins[:size]
            measure = clocked(lambda peer=peer, part=part: peer.ask(part, targets, HOUR_SECS))
            others[name] = Contender(measure, PAIRS / size)
    own, found = alternating(Contender(clocked(ask)), others | _osrm(setting, origins, targets))
    size = bytes_of_sweeps(linked, PAIRS, targets, HOUR_SECS)
    return [*lines_of(job, own, found, goal), floor_line(own, size, setting.machine.all_threads)]


def changed(setting: Setting, job: str, goal: Goal) -> list[Line]:
    """Other seconds on the same arcs: their hierarchy anew, and all times from many."""
    network, linked = setting.network, setting.everywhere
    origins, factors = setting.drawn(CHANGED), _factors()
    order = np.lexsort((network.head, network.tail))
    secs, main = network.secs[order], network.rank[order] < network.rank.max()
    print(job, flush=True)
    handed_over(linked, origins, HOUR_SECS)

    def ask() -> None:
        slower = np.where(main, next(factors), 1.0) * secs
        graph = replace(linked.graph, costs=linked.graph.scale.units(slower))
        handed_over(replace(linked, graph=graph), origins, HOUR_SECS)

    own, _ = alternating(Contender(clocked(ask)), {})
    return lines_of(job, own, {}, goal)


def _factors() -> Iterator[float]:
    """How many times slower, never the same again: no answer of before helps."""
    return (1.05 + step / 1_000 for step in count())
