"""Arcs by player: arcs that exist only if some players are built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.attribution.network.nodes import ArcTable


class NotAdditiveError(Exception):
    """A player removes or lengthens an arc, so that the players are not additive."""


@dataclass(frozen=True)
class PlayerArcs:
    """Arcs, each with the bits of the players it needs (0: it exists without players)."""

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray

    @classmethod
    def without_players(cls, table: ArcTable) -> PlayerArcs:
        """Arcs that need no players."""
        return cls(*table, np.zeros(len(table.tails), np.int64))

    def with_players(self, built: int) -> ArcTable:
        """The cheapest arc between any two nodes that exists with some players."""
        existing = np.flatnonzero(self.needs & ~built == 0)
        order = existing[
            np.lexsort([self.costs[existing], self.heads[existing], self.tails[existing]])
        ]
        tails, heads = self.tails[order], self.heads[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(tails) != 0) | (np.diff(heads) != 0)
        return ArcTable(tails[first], heads[first], self.costs[order][first])

    def with_arcs_of(self, table: ArcTable, built: int) -> PlayerArcs:
        """A copy with further arcs that need all of some players."""
        return self.union(PlayerArcs(*table, np.full(len(table.tails), built, np.int64)))

    def union(self, other: PlayerArcs) -> PlayerArcs:
        """The arcs of both tables."""
        pairs = (
            (self.tails, other.tails),
            (self.heads, other.heads),
            (self.costs, other.costs),
            (self.needs, other.needs),
        )
        return PlayerArcs(*(np.concatenate(pair) for pair in pairs))


def improvements(table: ArcTable, known: ArcTable) -> ArcTable:
    """Arcs of a new table that are missing in a known table or cheaper than there.

    Raises
    ------
    NotAdditiveError
        If a known arc is missing in the new table, or costs more there.
    """
    width = max(int(array.max(initial=0)) for array in (*table[:2], *known[:2])) + 1
    # one number for each pair of tail and head
    codes, known_codes = (array.tails * width + array.heads for array in (table, known))
    order = np.lexsort([table.costs, codes])
    order = order[np.append(True, np.diff(codes[order]) != 0)] if len(order) else order
    at = np.searchsorted(codes[order], known_codes)
    is_present = at < len(order)
    is_present[is_present] = codes[order][at[is_present]] == known_codes[is_present]
    if not is_present.all() or (table.costs[order][at] > known.costs).any():
        raise NotAdditiveError
    known_costs = np.full(len(order), np.iinfo(np.int64).max)
    known_costs[at] = known.costs
    improved = order[table.costs[order] < known_costs]
    return ArcTable(table.tails[improved], table.heads[improved], table.costs[improved])
