"""From many points to many: the hierarchy's sweeps, a batch of origins at a time.

Streets are swept through the hierarchy. What stands beside them (stops, vehicles) pulls costs in
rounds, as Delling, Pajor and Werneck do in "Round-based public transit routing", Transportation
Science 49(3), 2015: ride, get off, walk on through the hierarchy, board again, until no round
makes anything cheaper. So the hierarchy does not know the services, and serves them all.
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
"""If a batch reaches more of the network, the next one's sweep does not ask what is reached."""


@kernel
def _rounds(
    streets: tuple, beside: tuple, limit: np.int32, marks: tuple, table: np.ndarray
) -> None:
    """Walk, ride and walk on until nothing becomes cheaper."""
    up, down, upwards = streets
    arcs, street_rows, transit_rows_from, chains = beside
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
def _carry(core_to: np.ndarray, core: tuple, table: np.ndarray, marks: tuple) -> None:
    """Bring the costs of the streets' rows from the first table into the second."""
    core_table, core_reached = core
    reached, least = marks
    for row in range(core_to.size):
        to = core_to[row]
        if to != NO_ROW and core_reached[row]:
            for lane in range(LANES):
                old = table[to, lane] if reached[to] else FAR
                table[to, lane] = min(old, core_table[row, lane])
            reached[to], least[to] = True, least_of(table[to])


@dataclass(frozen=True)
class ManyToMany:
    """A question about many origins, made ready.

    Attributes
    ----------
    linked
        Graph and points.
    hierarchy
        Of the graph's streets, the way the trips go.
    limit
        Units; longer ways are not looked for.
    destinations
        Positions of the points asked about.
    backwards
        Whether the trips are reversed ones.
    """

    linked: LinkedPoints
    hierarchy: Hierarchy
    limit: np.int32
    destinations: np.ndarray
    backwards: bool

    @cached_property
    def _into(self) -> Connectors:
        return self.linked.egress.of(self.destinations)

    @cached_property
    def _part(self) -> Selection:
        """What the destinations need."""
        at = self._into.at
        ranks = self.hierarchy.rank[at[at < self.linked.graph.streets]]
        return selection(self.hierarchy, ranks, self.limit, both=False)

    @cached_property
    def _core(self) -> Selection:
        """What the stops need."""
        ranks = self.hierarchy.rank[meeting_places(self.linked.graph)]
        return selection(self.hierarchy, ranks, self.limit, both=True)

    @cached_property
    def _core_up(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        up = self._core.up
        return up.first, up.highs, up.costs

    @cached_property
    def _core_down(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Arcs downwards in the order of the upper rows, where they start."""
        down, size = self._core.down, self._core.size
        lows = np.repeat(np.arange(size, dtype=np.int32), np.diff(down.first))
        return rows(down.highs, lows, down.costs, size)

    @cached_property
    def _beside(self) -> TransitRows:
        street_row = self._core.row[self.hierarchy.rank]
        return transit_rows(self.linked, street_row, self._core.size, backwards=self.backwards)

    @cached_property
    def _core_to(self) -> np.ndarray:
        """The row in `_part` of each row of `_core`."""
        inside = np.flatnonzero(self._core.row != NO_ROW)
        return self._part.row[inside]

    @cached_property
    def _arrivals(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Legs into the destinations: first, rows, whether beside the streets, costs."""
        into, streets = self._into, self.linked.graph.streets
        is_beside = into.at >= streets
        rank = self.hierarchy.rank
        rows = np.where(is_beside, self._core.size + into.at - streets, 0)
        rows[~is_beside] = self._part.row[rank[into.at[~is_beside]]]
        return into.first, rows.astype(np.int32), is_beside, into.costs

    @cached_property
    def _destination_row(self) -> np.ndarray:
        row = np.full(self.linked.count, NO_ROW, dtype=np.int32)
        row[self.destinations] = np.arange(len(self.destinations), dtype=np.int32)
        return row

    def prepare(self) -> None:
        """Make all that threads share before there are any."""
        _ = self._arrivals, self._beside, self._core_to, self._core_down, self._destination_row

    def in_order(self, origins: np.ndarray) -> np.ndarray:
        """Positions in `origins`, neighbours together, so that a batch looks at one place."""
        out, rank = self.linked.access, self.hierarchy.rank
        at = out.at[np.minimum(out.first[origins], len(out.at) - 1)] if len(out.at) else origins * 0
        on_street = at < len(rank)
        key = np.where(on_street, rank[np.where(on_street, at, 0)] if len(rank) else 0, -1)
        return np.argsort(key, kind="stable")

    def workspace(self) -> Workspace:
        """What one thread needs."""
        graph = self.linked.graph
        count = self._core.size + graph.vertices - graph.streets
        ranks = len(self.hierarchy.rank)
        return Workspace(
            np.empty((self._part.size, LANES), np.int32),
            np.empty(self._part.size, np.bool_),
            np.empty(self._part.size, np.int32),
            np.empty((count, LANES), np.int32),
            np.empty(count, np.bool_),
            np.empty(count, np.int32),
            np.full(ranks, FAR, np.int32),
            np.empty(ranks, np.int32),
            np.empty((len(self.destinations), LANES), np.int32),
        )

    def costs(self, origins: np.ndarray, space: Workspace) -> np.ndarray:
        """Units from up to `LANES` origins: destinations x origins, `FAR` beyond the limit.

        It stands in the workspace and holds until the next call.
        """
        marks, core_marks = space.fresh()
        hierarchy, core, limit = self.hierarchy, self._core, self.limit
        out, straight = self.linked.access.of(origins), self.linked.direct.of(origins)
        up, down = hierarchy.up, self._part.down
        seed_origins(
            (out.first, out.at, out.costs),
            (up.first, up.highs, up.costs, hierarchy.parent, self.linked.graph.vertices),
            hierarchy.rank,
            ((self._part.row, space.table, marks), (core.row, space.core_table, core_marks)),
            limit,
            (space.dist, space.stack),
        )
        core_table = (space.core_table, space.core_reached)
        if self.linked.graph.vertices > self.linked.graph.streets:
            arcs = self._beside
            _rounds(
                (self._core_up, self._core_down, np.arange(core.size, dtype=np.int32)),
                (
                    (arcs.first, arcs.heads, arcs.costs),
                    arcs.street_rows,
                    arcs.transit_rows_from,
                    (arcs.chains.links, arcs.chains.into, arcs.chains.out),
                ),
                limit,
                core_marks,
                space.core_table,
            )
            _carry(self._core_to, core_table, space.table, marks)
        if space.share > WHOLE:
            sweep_down(down.first, down.highs, down.costs, space.reached, space.table)
        else:
            sweep_down_from((down.first, down.highs, down.costs), marks, limit, space.table)
            space.share = np.count_nonzero(space.reached) / max(len(space.reached), 1)
        block = space.block
        write_destination_costs(
            self._arrivals, (space.table, space.reached), core_table, limit, block
        )
        across = (straight.first, self._destination_row[straight.at], straight.costs)
        write_direct_costs(across, limit, block)
        return block[:, : len(origins)]


@dataclass
class Workspace:
    """What one thread needs: both tables with their marks, one climb, the answer.

    `share` is how much of the network the last batch reached that asked.
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

    def fresh(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """The marks of both tables, nothing being reached."""
        self.reached[:], self.core_reached[:] = False, False
        self.least[:], self.core_least[:] = FAR, FAR
        return (self.reached, self.least), (self.core_reached, self.core_least)
