"""Hops as arcs between stop areas, and graphs without the hops over one gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.graph.routable_network import LONGEST_M
from analysis.routing.arcs import Arcs, Graph

ARC_ARRAYS = ("tails", "heads", "metres", "rows", "ahead", "over")


@dataclass(frozen=True)
class Hop:
    """A row of the hop table, and whether it is used in its own direction or backwards."""

    row: int
    ahead: bool


@dataclass(frozen=True)
class HopArcs:
    """Hops as arcs, in both directions where buses run in both.

    Their graph has two copies of the stop areas: a path starts in the first copy and moves to the
    second with the first gateway it uses, so that vertices of the second copy are reached across a
    border. `count` is the number of stop areas; area k is vertex k and vertex `count` + k.

    Attributes
    ----------
    numbers
        Number of each stop area.
    tails, heads, metres, rows, ahead, over
        One an arc: stop areas, length, row of the hop table, direction, and number of the set of
        gateways used (0: none).
    uses
        Arcs that use each gateway.
    sets
        Number of each set of gateways.
    """

    numbers: dict[str, int]
    tails: np.ndarray
    heads: np.ndarray
    metres: np.ndarray
    rows: np.ndarray
    ahead: np.ndarray
    over: np.ndarray
    uses: dict[str, np.ndarray]
    sets: dict[frozenset[str], int]

    @property
    def count(self) -> int:
        """Number of stop areas."""
        return len(self.numbers)

    def arcs_over(self, gateway_id: str) -> np.ndarray:
        """Arcs that use a gateway, only the shortest between each two stop areas."""
        over = self.uses.get(gateway_id, np.empty(0, dtype=int))
        over = over[np.lexsort((self.rows[over], self.metres[over]))]
        ends = self.tails[over].astype(np.int64) * self.count + self.heads[over]
        return np.asarray(over[np.sort(np.unique(ends, return_index=True)[1])])

    def without(self, gateway_id: str) -> Graph:
        """The graph of all hops except those that use a gateway."""
        keep = self._shortest.copy()
        keep[self.uses.get(gateway_id, np.empty(0, dtype=int))] = False
        return self._graph(keep)

    def _graph(self, keep: np.ndarray) -> Graph:
        tails, heads, metres = self.tails[keep], self.heads[keep], self.metres[keep]
        arcs = Arcs()
        arcs.vertices(2 * self.count)
        arcs.add(tails, heads + (self.over[keep] > 0) * self.count, metres)
        arcs.add(tails + self.count, heads + self.count, metres)
        return arcs.graph(LONGEST_M)

    @cached_property
    def _shortest(self) -> np.ndarray:
        """The shortest arc between each two stop areas over the same gateways."""
        order = np.lexsort((self.rows, self.metres, self.over, self.heads, self.tails))
        keys = np.column_stack([self.tails, self.heads, self.over])[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        needed = np.zeros(len(order), dtype=bool)
        needed[order[first]] = True
        return needed

    def with_hops(self, hops: pd.DataFrame) -> HopArcs:
        """A copy with further hops, whose rows follow the existing ones."""
        areas = [*dict.fromkeys([*hops["from_area"], *hops["to_area"]])]
        numbers = self.numbers | {
            area: self.count + number
            for number, area in enumerate(area for area in areas if area not in self.numbers)
        }
        added = _hop_arcs(hops, numbers, self.sets)
        count, rows = len(self.tails), int(self.rows.max(initial=-1)) + 1
        uses = dict(self.uses)
        for gateway, arcs in added.uses.items():
            uses[gateway] = np.concatenate([uses.get(gateway, arcs[:0]), arcs + count])
        pairs = [(getattr(self, name), getattr(added, name)) for name in ARC_ARRAYS]
        arrays = dict(zip(ARC_ARRAYS, map(np.concatenate, pairs), strict=True))
        arrays["rows"][count:] += rows
        return HopArcs(numbers=numbers, uses=uses, sets=added.sets, **arrays)

    @cached_property
    def _shortest_first(self) -> dict[tuple[int, int], list[int]]:
        """Arcs between each two stop areas, shortest first."""
        order = np.lexsort((self.rows, self.metres)).tolist()
        arcs: dict[tuple[int, int], list[int]] = {}
        for arc in order:
            arcs.setdefault((int(self.tails[arc]), int(self.heads[arc])), []).append(arc)
        return arcs

    def hops_on(self, vertices: Sequence[int], gateway_id: str) -> list[Hop]:
        """The hops along a path in the graph without a gateway."""
        excluded = set(self.uses.get(gateway_id, np.empty(0, dtype=int)).tolist())
        hops = []
        for a, b in pairwise(vertices):
            to_second_copy = b >= self.count > a
            candidates = self._shortest_first[a % self.count, b % self.count]
            arc = next(
                arc
                for arc in candidates
                if arc not in excluded
                and (a >= self.count or (self.over[arc] > 0) == to_second_copy)
            )
            hops.append(Hop(int(self.rows[arc]), bool(self.ahead[arc])))
        return hops


def hop_arcs(hops: pd.DataFrame, stop_areas: Sequence[str]) -> HopArcs:
    """Arcs of hops.

    Parameters
    ----------
    hops
        `analysis.buses.network.bus_graph.HOP_COLUMNS` with a fresh index.
    stop_areas
        All stop areas.
    """
    numbers = {area: number for number, area in enumerate(stop_areas)}
    return _hop_arcs(hops, numbers, {frozenset(): 0})


def _hop_arcs(
    hops: pd.DataFrame, numbers: dict[str, int], known_sets: dict[frozenset[str], int]
) -> HopArcs:
    """Arcs between numbered stop areas; known sets of gateways keep their numbers."""
    start = hops["from_area"].map(numbers).to_numpy(dtype=np.int64)
    end = hops["to_area"].map(numbers).to_numpy(dtype=np.int64)
    back = np.flatnonzero(~hops["one_way"].to_numpy(dtype=bool))
    row = np.concatenate([np.arange(len(hops)), back])
    gateway_sets = [frozenset(gateways) for gateways in hops["gateways"]]
    sets = dict(known_sets)
    over = np.array(
        [sets.setdefault(gateways, len(sets)) for gateways in gateway_sets], dtype=np.int64
    )
    uses: dict[str, list[int]] = {}
    for arc, hop in enumerate(row.tolist()):
        for gateway in gateway_sets[hop]:
            uses.setdefault(gateway, []).append(arc)
    return HopArcs(
        numbers,
        np.concatenate([start, end[back]]),
        np.concatenate([end, start[back]]),
        hops["length_m"].to_numpy(dtype=float)[row],
        row,
        np.arange(len(row)) < len(hops),
        over[row],
        {gateway: np.array(arcs) for gateway, arcs in uses.items()},
        sets,
    )
