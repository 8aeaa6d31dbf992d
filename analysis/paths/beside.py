"""What stands beside the streets (stops, vehicles), as rows that pull costs from one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.paths.graph import Graph
from analysis.paths.graph import rows as rows_of


@dataclass(frozen=True)
class Beside:
    """The arcs of a graph that are not between two places on streets.

    Rows 0 to n - 1 are those of the part of the hierarchy that these arcs meet; after them
    follow the vertices beside the streets, in order.

    Attributes
    ----------
    first
        int32, rows + 1: the first arc of each row.
    heads, costs
        int32: the rows that they lead to, and costs.
    spans
        Rows in the order in which costs flow from them: streets, then along the vehicles' ways.
    """

    first: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    spans: tuple[tuple[int, int, int], tuple[int, int, int]]


def meeting_places(graph: Graph) -> np.ndarray:
    """Vertices on streets that have an arc from or to one beside them."""
    tails, heads = graph.tails, graph.heads
    leaving, arriving = tails[heads >= graph.streets], heads[tails >= graph.streets]
    both = np.concatenate([leaving, arriving])
    return np.unique(both[both < graph.streets])


def beside(graph: Graph, street_row: np.ndarray, rows: int, *, backwards: bool) -> Beside:
    """The arcs beside the streets.

    Parameters
    ----------
    graph
        All arcs.
    street_row
        int32: the row of each vertex on a street.
    rows
        How many rows the streets have.
    backwards
        Whether most arcs lead to lower vertices (as in a reversed graph).
    """
    use = (graph.tails >= graph.streets) | (graph.heads >= graph.streets)
    numbers = rows + np.arange(graph.vertices - graph.streets)
    row = np.concatenate([street_row, numbers]).astype(np.int32)
    end = rows + len(numbers)
    tails, heads, costs = graph.tails[use], graph.heads[use], graph.costs[use]
    first, heads, costs = rows_of(row[tails], row[heads], costs, end)
    vehicles = (end - 1, rows - 1, -1) if backwards else (rows, end, 1)
    return Beside(first, heads, costs, ((0, rows, 1), vehicles))
