"""Many-to-many search: sweeps through the hierarchy, a batch of origins at a time.

Streets are swept through the hierarchy (PHAST). Transit rows (stops, vehicles) are updated in
rounds, as in Delling, Pajor and Werneck, "Round-based public transit routing", Transportation
Science 49(3), 2015: ride, alight, walk through the hierarchy, board again, until no round improves
a cost. So the hierarchy is independent of the services.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, rows
from analysis.routing.hierarchy.contraction import Hierarchy
from analysis.routing.hierarchy.selection import NO_ROW, Selection, selection
from analysis.routing.linked_points import Connectors, LinkedPoints
from analysis.routing.sweep.destinations import write_destination_costs, write_direct_costs
from analysis.routing.sweep.origins import seed_origins
from analysis.routing.sweep.phast import LANES, flow, least_of, sweep_down, sweep_down_from
from analysis.routing.sweep.transit_rows import TransitRows, meeting_places, transit_rows
from analysis.routing.sweep.vehicle_chains import ride

WHOLE = 0.3
"""If a batch reaches more than this share, the next sweep does not skip unreached rows."""


@kernel
def _rounds(
    streets: tuple, transit: tuple, limit: np.int32, marks: tuple, table: np.ndarray
) -> None:
    """Walk, ride and walk again until no cost improves."""
    up, down, upwards = streets
    arcs, street_rows, transit_rows_from, chains = transit
    reached, least = marks
    downwards, waiting = upwards[::-1].copy(), least.copy()
    marks = (reached, least, waiting)
    flow(down, downwards, marks, limit, table, once=False)
    while True:
        boarded = flow(arcs, street_rows, marks, limit, table, once=False)
        least[: upwards.size] = FAR
        boarding = waiting.copy()
        waiting[:] = FAR
        rode = ride(chains, boarding, marks, limit, table)
        hopped = flow(arcs, transit_rows_from, marks, limit, table, once=True)
        if not boarded and not rode and not hopped:
            return
        flow(up, upwards, marks, limit, table, once=False)
        flow(down, downwards, marks, limit, table, once=False)


@kernel
def _copy_core(core_to: np.ndarray, core: tuple, table: np.ndarray, marks: tuple) -> None:
    """Lower the rows of the second table to the costs of the core's street rows."""
    core_table, core_reached = core
    reached, least = marks
    for row in range(core_to.size):
        target = core_to[row]
        if target != NO_ROW and core_reached[row]:
            for lane in range(LANES):
                old = table[target, lane] if reached[target] else FAR
                table[target, lane] = min(old, core_table[row, lane])
            reached[target], least[target] = True, least_of(table[target])


@dataclass(frozen=True)
class ManyToMany:
    """A many-to-many search with its selections of the hierarchy.

    Attributes
    ----------
    linked
        Graph and points.
    hierarchy
        Hierarchy of the graph's streets, in the direction of the graph.
    limit
        Units; upper limit of costs.
    destinations
        Positions of the destinations among the points.
    backwards
        Whether the graph is reversed.
    """

    linked: LinkedPoints
    hierarchy: Hierarchy
    limit: np.int32
    destinations: np.ndarray
    backwards: bool

    @cached_property
    def _egress(self) -> Connectors:
        return self.linked.egress.take(self.destinations)

    @cached_property
    def _selection(self) -> Selection:
        """The selection that the destinations need."""
        at = self._egress.at
        ranks = self.hierarchy.rank[at[at < self.linked.graph.streets]]
        return selection(self.hierarchy, ranks, self.limit, both=False)

    @cached_property
    def _core(self) -> Selection:
        """The selection that the stops need."""
        ranks = self.hierarchy.rank[meeting_places(self.linked.graph)]
        return selection(self.hierarchy, ranks, self.limit, both=True)

    @cached_property
    def _core_up(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        up = self._core.up
        return up.first, up.highs, up.costs

    @cached_property
    def _core_down(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Downward arcs in the order of their tails, the upper rows."""
        down, size = self._core.down, self._core.size
        lows = np.repeat(np.arange(size, dtype=np.int32), np.diff(down.first))
        return rows(down.highs, lows, down.costs, size)

    @cached_property
    def _transit(self) -> TransitRows:
        street_row = self._core.row[self.hierarchy.rank]
        return transit_rows(self.linked, street_row, self._core.size, backwards=self.backwards)

    @cached_property
    def _core_to(self) -> np.ndarray:
        """The row in `_selection` of each row of `_core`."""
        inside = np.flatnonzero(self._core.row != NO_ROW)
        return self._selection.row[inside]

    @cached_property
    def _egress_rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Egress legs of the destinations: first, rows, whether transit rows, costs."""
        egress, streets = self._egress, self.linked.graph.streets
        is_transit = egress.at >= streets
        rank = self.hierarchy.rank
        rows = np.where(is_transit, self._core.size + egress.at - streets, 0)
        rows[~is_transit] = self._selection.row[rank[egress.at[~is_transit]]]
        return egress.first, rows.astype(np.int32), is_transit, egress.costs

    @cached_property
    def _destination_row(self) -> np.ndarray:
        row = np.full(self.linked.count, NO_ROW, dtype=np.int32)
        row[self.destinations] = np.arange(len(self.destinations), dtype=np.int32)
        return row

    def prepare(self) -> None:
        """Compute everything that the threads share, before they start."""
        _ = self._egress_rows, self._transit, self._core_to, self._core_down, self._destination_row

    def in_order(self, origins: np.ndarray) -> np.ndarray:
        """Positions in `origins` with neighbours together, so that a batch covers one area."""
        out, rank = self.linked.access, self.hierarchy.rank
        at = out.at[np.minimum(out.first[origins], len(out.at) - 1)] if len(out.at) else origins * 0
        on_street = at < len(rank)
        key = np.where(on_street, rank[np.where(on_street, at, 0)] if len(rank) else 0, -1)
        return np.argsort(key, kind="stable")

    def workspace(self) -> Workspace:
        """The workspace of one thread."""
        graph = self.linked.graph
        core_rows = self._core.size + graph.vertices - graph.streets
        ranks = len(self.hierarchy.rank)
        return Workspace(
            np.empty((self._selection.size, LANES), np.int32),
            np.empty(self._selection.size, np.bool_),
            np.empty(self._selection.size, np.int32),
            np.empty((core_rows, LANES), np.int32),
            np.empty(core_rows, np.bool_),
            np.empty(core_rows, np.int32),
            np.full(ranks, FAR, np.int32),
            np.empty(ranks, np.int32),
            np.empty((len(self.destinations), LANES), np.int32),
        )

    def costs(self, origins: np.ndarray, space: Workspace) -> np.ndarray:
        """Units from up to `LANES` origins: destinations x origins, `FAR` beyond the limit.

        The result is a view of the workspace, valid until the next call.
        """
        marks, core_marks = space.reset_marks()
        hierarchy, core, limit = self.hierarchy, self._core, self.limit
        access, direct = self.linked.access.take(origins), self.linked.direct.take(origins)
        up, down = hierarchy.up, self._selection.down
        seed_origins(
            (access.first, access.at, access.costs),
            (up.first, up.highs, up.costs, hierarchy.parent, self.linked.graph.vertices),
            hierarchy.rank,
            ((self._selection.row, space.table, marks), (core.row, space.core_table, core_marks)),
            limit,
            (space.dist, space.stack),
        )
        core_table = (space.core_table, space.core_reached)
        if self.linked.graph.vertices > self.linked.graph.streets:
            arcs = self._transit
            _rounds(
                (self._core_up, self._core_down, np.arange(core.size, dtype=np.int32)),
                (
                    (arcs.first, arcs.heads, arcs.costs),
                    arcs.street_rows,
                    arcs.transit_rows_from,
                    (arcs.chains.links, arcs.chains.boarding, arcs.chains.alighting),
                ),
                limit,
                core_marks,
                space.core_table,
            )
            _copy_core(self._core_to, core_table, space.table, marks)
        if space.share > WHOLE:
            sweep_down(down.first, down.highs, down.costs, space.reached, space.table)
        else:
            sweep_down_from((down.first, down.highs, down.costs), marks, limit, space.table)
            space.share = np.count_nonzero(space.reached) / max(len(space.reached), 1)
        block = space.block
        write_destination_costs(
            self._egress_rows, (space.table, space.reached), core_table, limit, block
        )
        direct_rows = (direct.first, self._destination_row[direct.at], direct.costs)
        write_direct_costs(direct_rows, limit, block)
        return block[:, : len(origins)]


@dataclass
class Workspace:
    """The workspace of one thread: both tables with their marks, one upward search, the result.

    `share` is the share of rows reached by the last batch that counted them.
    """

    table: np.ndarray
    reached: np.ndarray
    least: np.ndarray
    core_table: np.ndarray
    core_reached: np.ndarray
    core_least: np.ndarray
    dist: np.ndarray
    stack: np.ndarray
    block: np.ndarray
    share: float = 0.0

    def reset_marks(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """The marks of both tables, reset to nothing reached."""
        self.reached[:], self.core_reached[:] = False, False
        self.least[:], self.core_least[:] = FAR, FAR
        return (self.reached, self.least), (self.core_reached, self.core_least)
