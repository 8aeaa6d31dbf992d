"""Links that exist only where some players are built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.attribution.network.nodes import ArcTable


class NotAdditiveError(Exception):
    """Building something takes a way away or makes one longer, so that nothing only adds."""


@dataclass(frozen=True)
class PlayerArcs:
    """Links, each with the bits of the players it needs (0: it exists anyhow)."""

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray

    @classmethod
    def of(cls, found: ArcTable) -> PlayerArcs:
        """Links that need nobody."""
        return cls(*found, np.zeros(len(found.tails), np.int64))

    def with_players(self, built: int) -> ArcTable:
        """The cheapest link between any two ends that there is with some players."""
        use = np.flatnonzero(self.needs & ~built == 0)
        order = use[np.lexsort([self.costs[use], self.heads[use], self.tails[use]])]
        tails, heads = self.tails[order], self.heads[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(tails) != 0) | (np.diff(heads) != 0)
        return ArcTable(tails[first], heads[first], self.costs[order][first])

    def with_arcs_of(self, new: ArcTable, built: int) -> PlayerArcs:
        """With links that need all of some players."""
        return self.union(PlayerArcs(*new, np.full(len(new.tails), built, np.int64)))

    def union(self, other: PlayerArcs) -> PlayerArcs:
        """Both."""
        pairs = (
            (self.tails, other.tails),
            (self.heads, other.heads),
            (self.costs, other.costs),
            (self.needs, other.needs),
        )
        return PlayerArcs(*(np.concatenate(pair) for pair in pairs))


def improvements(found: ArcTable, known: ArcTable) -> ArcTable:
    """What of the found is cheaper than what is known.

    Raises
    ------
    NotAdditiveError
        If something known is not found, or is dearer.
    """
    most = max(int(part.max(initial=0)) for part in (*found[:2], *known[:2])) + 1
    codes, known_codes = (part.tails * most + part.heads for part in (found, known))
    order = np.lexsort([found.costs, codes])
    order = order[np.append(True, np.diff(codes[order]) != 0)] if len(order) else order
    at = np.searchsorted(codes[order], known_codes)
    there = at < len(order)
    there[there] = codes[order][at[there]] == known_codes[there]
    if not there.all() or (found.costs[order][at] > known.costs).any():
        raise NotAdditiveError
    old = np.full(len(order), np.iinfo(np.int64).max)
    old[at] = known.costs
    new = order[found.costs[order] < old]
    return ArcTable(found.tails[new], found.heads[new], found.costs[new])
