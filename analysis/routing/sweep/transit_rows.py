"""What stands beside the streets (stops, vehicles), as rows that pull costs from one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.routing.arcs import Graph
from analysis.routing.arcs import rows as rows_of
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.sweep.vehicle_chains import Chains, chains


@dataclass(frozen=True)
class TransitRows:
    """The arcs of a graph that are not between two places on streets.

    Rows 0 to n - 1 are those of the part of the hierarchy that these arcs meet; after them
    follow the vertices beside the streets, in order.

    Attributes
    ----------
    first
        int32, rows + 1: the first arc of each row.
    heads, costs
        int32: the rows that they lead to, and costs; without the arcs of `chains`.
    street_rows, transit_rows_from
        int32: rows on the streets and beside them from which arcs lead, in the order of travel.
    chains
        The vehicles' ways.
    """

    first: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    street_rows: np.ndarray
    transit_rows_from: np.ndarray
    chains: Chains


def meeting_places(graph: Graph) -> np.ndarray:
    """Vertices on streets that have an arc from or to one beside them."""
    tails, heads = graph.tails, graph.heads
    leaving, arriving = tails[heads >= graph.streets], heads[tails >= graph.streets]
    both = np.concatenate([leaving, arriving])
    return np.unique(both[both < graph.streets])


def transit_rows(
    linked: LinkedPoints, street_row: np.ndarray, rows: int, *, backwards: bool
) -> TransitRows:
    """The arcs beside the streets.

    Parameters
    ----------
    linked
        All arcs, and the points that hang on them.
    street_row
        int32: the row of each vertex on a street.
    rows
        How many rows the streets have.
    backwards
        Whether most arcs lead to lower vertices (as in a reversed graph).
    """
    graph, step = linked.graph, -1 if backwards else 1
    use = (graph.tails >= graph.streets) | (graph.heads >= graph.streets)
    numbers = rows + np.arange(graph.vertices - graph.streets)
    row = np.concatenate([street_row, numbers]).astype(np.int32)
    end = rows + len(numbers)
    tails, heads, costs = row[graph.tails[use]], row[graph.heads[use]], graph.costs[use]
    held = np.zeros(end, dtype=np.bool_)
    hung = np.concatenate([linked.access.at, linked.egress.at])
    held[row[hung[hung >= graph.streets]]] = True
    found = chains((tails, heads, costs), held, rows, step)
    other = ~found.passed[tails] & ~found.passed[heads]
    first, heads, costs = rows_of(tails[other], heads[other], costs[other], end)
    leading = np.flatnonzero(np.diff(first)).astype(np.int32)
    street_rows, transit_rows_from = leading[leading < rows], leading[leading >= rows][::step]
    return TransitRows(
        first, heads, costs, street_rows, np.ascontiguousarray(transit_rows_from), found
    )
