"""Ways by bus: hops as arcs between stop areas, with those over one gateway left out."""

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
    """A row of the hop table, and whether it is taken as it stands or the other way."""

    row: int
    ahead: bool


@dataclass(frozen=True)
class HopArcs:
    """Hops in both directions where buses run so.

    A graph of them is twice the stop areas: a way starts in the first copy and passes to the
    second with the first gateway it uses, so that what it reaches there it reaches across a
    border. `count` is how many stop areas there are; area k is vertex k and `count` + k.

    Attributes
    ----------
    place
        The number of each stop area.
    tails, heads, metres, rows, ahead, over
        One an arc: stop areas, length, row of the hop table, direction, and the number of the set
        of gateways that it uses (0 is none).
    uses
        The arcs that use each gateway.
    sets
        The number of each set of gateways.
    """

    place: dict[str, int]
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
        """Stop areas."""
        return len(self.place)

    def arcs_over(self, gateway_id: str) -> np.ndarray:
        """The arcs that use a gateway, the shortest of each two ends only."""
        over = self.uses.get(gateway_id, np.empty(0, dtype=int))
        over = over[np.lexsort((self.rows[over], self.metres[over]))]
        ends = self.tails[over].astype(np.int64) * self.count + self.heads[over]
        return np.asarray(over[np.sort(np.unique(ends, return_index=True)[1])])

    def without(self, gateway_id: str) -> Graph:
        """The graph of all hops but those that use a gateway."""
        keep = self._needed.copy()
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
    def _needed(self) -> np.ndarray:
        """The shortest of arcs that join the same stop areas over the same gateways."""
        order = np.lexsort((self.rows, self.metres, self.over, self.heads, self.tails))
        same = np.column_stack([self.tails, self.heads, self.over])[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (same[1:] != same[:-1]).any(axis=1)
        needed = np.zeros(len(order), dtype=bool)
        needed[order[first]] = True
        return needed

    def more(self, hops: pd.DataFrame) -> HopArcs:
        """With other hops too, of which the rows come after those that there are."""
        new = [*dict.fromkeys([*hops["from_area"], *hops["to_area"]])]
        place = self.place | {
            area: self.count + number
            for number, area in enumerate(area for area in new if area not in self.place)
        }
        added = _bus_ways(hops, place, self.sets)
        count, rows = len(self.tails), int(self.rows.max(initial=-1)) + 1
        uses = dict(self.uses)
        for gateway, arcs in added.uses.items():
            uses[gateway] = np.concatenate([uses.get(gateway, arcs[:0]), arcs + count])
        pairs = [(getattr(self, name), getattr(added, name)) for name in ARC_ARRAYS]
        arrays = dict(zip(ARC_ARRAYS, map(np.concatenate, pairs), strict=True))
        arrays["rows"][count:] += rows
        return HopArcs(place=place, uses=uses, sets=added.sets, **arrays)

    @cached_property
    def _shortest_first(self) -> dict[tuple[int, int], list[int]]:
        """The arcs between each two stop areas, shortest first."""
        order = np.lexsort((self.rows, self.metres)).tolist()
        found: dict[tuple[int, int], list[int]] = {}
        for arc in order:
            found.setdefault((int(self.tails[arc]), int(self.heads[arc])), []).append(arc)
        return found

    def hops_on(self, vertices: Sequence[int], gateway_id: str) -> list[Hop]:
        """The hops along a path of the graph without a gateway."""
        barred = set(self.uses.get(gateway_id, np.empty(0, dtype=int)).tolist())
        hops = []
        for a, b in pairwise(vertices):
            changes = b >= self.count > a
            between = self._shortest_first[a % self.count, b % self.count]
            arc = next(
                arc
                for arc in between
                if arc not in barred and (a >= self.count or (self.over[arc] > 0) == changes)
            )
            hops.append(Hop(int(self.rows[arc]), bool(self.ahead[arc])))
        return hops


def bus_ways(hops: pd.DataFrame, stop_areas: Sequence[str]) -> HopArcs:
    """Arcs of hops.

    Parameters
    ----------
    hops
        `analysis.buses.network.bus_graph.HOP_COLUMNS` with a fresh index.
    stop_areas
        All stop areas.
    """
    place = {area: number for number, area in enumerate(stop_areas)}
    return _bus_ways(hops, place, {frozenset(): 0})


def _bus_ways(
    hops: pd.DataFrame, place: dict[str, int], known: dict[frozenset[str], int]
) -> HopArcs:
    """Arcs between numbered stop areas; sets of gateways that are known keep their numbers."""
    start = hops["from_area"].map(place).to_numpy(dtype=np.int64)
    end = hops["to_area"].map(place).to_numpy(dtype=np.int64)
    back = np.flatnonzero(~hops["one_way"].to_numpy(dtype=bool))
    row = np.concatenate([np.arange(len(hops)), back])
    used = [frozenset(gateways) for gateways in hops["gateways"]]
    sets = dict(known)
    over = np.array([sets.setdefault(gateways, len(sets)) for gateways in used], dtype=np.int64)
    arcs_of: dict[str, list[int]] = {}
    for arc, at in enumerate(row.tolist()):
        for gateway in used[at]:
            arcs_of.setdefault(gateway, []).append(arc)
    return HopArcs(
        place,
        np.concatenate([start, end[back]]),
        np.concatenate([end, start[back]]),
        hops["length_m"].to_numpy(dtype=float)[row],
        row,
        np.arange(len(row)) < len(hops),
        over[row],
        {gateway: np.array(arcs) for gateway, arcs in arcs_of.items()},
        sets,
    )
