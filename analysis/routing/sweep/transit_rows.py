"""Transit rows: stops and vehicles as rows of the sweep, updated from one another in rounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.routing.arcs import Graph
from analysis.routing.arcs import rows as rows_of
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.sweep.vehicle_chains import VehicleChains, vehicle_chains


@dataclass(frozen=True)
class TransitRows:
    """The arcs of a graph that are not between two street vertices.

    Rows 0 to n - 1 are those of the selection of the hierarchy that these arcs touch; after them
    come the transit vertices, in order.

    Attributes
    ----------
    first
        int32, rows + 1: the first arc of each row.
    heads, costs
        int32: heads (rows) and costs; without the arcs of `chains`.
    street_rows, transit_rows_from
        int32: street rows and transit rows from which arcs lead, in the order of travel.
    chains
        Vehicle chains.
    """

    first: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    street_rows: np.ndarray
    transit_rows_from: np.ndarray
    chains: VehicleChains


def meeting_places(graph: Graph) -> np.ndarray:
    """Street vertices that have an arc from or to a transit vertex."""
    tails, heads = graph.tails, graph.heads
    leaving, arriving = tails[heads >= graph.streets], heads[tails >= graph.streets]
    both = np.concatenate([leaving, arriving])
    return np.unique(both[both < graph.streets])


def transit_rows(
    linked: LinkedPoints, street_row: np.ndarray, rows: int, *, backwards: bool
) -> TransitRows:
    """The transit rows of a graph.

    Parameters
    ----------
    linked
        All arcs, and the points linked to them.
    street_row
        int32: the row of each street vertex.
    rows
        Number of street rows.
    backwards
        Whether most arcs lead to lower numbers (as in a reversed graph).
    """
    graph, step = linked.graph, -1 if backwards else 1
    use = (graph.tails >= graph.streets) | (graph.heads >= graph.streets)
    numbers = rows + np.arange(graph.vertices - graph.streets)
    row = np.concatenate([street_row, numbers]).astype(np.int32)
    end = rows + len(numbers)
    tails, heads, costs = (row[graph.tails[use]], row[graph.heads[use]], graph.costs[use])
    is_linked = np.zeros(end, dtype=np.bool_)
    linked_at = np.concatenate([linked.access.at, linked.egress.at])
    is_linked[row[linked_at[linked_at >= graph.streets]]] = True
    vehicles = vehicle_chains((tails, heads, costs), is_linked, rows, step)
    other = ~vehicles.is_passed[tails] & ~vehicles.is_passed[heads]
    first, heads, costs = rows_of(tails[other], heads[other], costs[other], end)
    leading = np.flatnonzero(np.diff(first)).astype(np.int32)
    street_rows, transit_rows_from = leading[leading < rows], leading[leading >= rows][::step]
    return TransitRows(
        first, heads, costs, street_rows, np.ascontiguousarray(transit_rows_from), vehicles
    )
