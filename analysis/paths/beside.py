"""What stands beside the streets (stops, vehicles), as rows that pull costs from one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.paths.graph import Graph


@dataclass(frozen=True)
class Beside:
    """The arcs of a graph that are not between two places on streets.

    Rows 0 to n - 1 are those of the part of the hierarchy that these arcs meet; after them
    follow the vertices beside the streets, in order.

    Attributes
    ----------
    heads
        int32: the rows that have such an arc into them, in the order in which they are pulled:
        along the vehicles' ways, streets last.
    first, tails, costs
        int32: the arcs into each of them.
    """

    heads: np.ndarray
    first: np.ndarray
    tails: np.ndarray
    costs: np.ndarray


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
    tails, heads = graph.tails, graph.heads
    use = (tails >= graph.streets) | (heads >= graph.streets)
    vertices = np.arange(graph.streets, graph.vertices)
    row = np.concatenate([street_row, rows + vertices - graph.streets]).astype(np.int32)
    place = np.arange(graph.vertices)
    turn = np.where(place < graph.streets, graph.vertices + place, -place if backwards else place)
    order = np.lexsort((tails[use], turn[heads[use]]))
    into = heads[use][order]
    start = np.ones(len(into), dtype=bool)
    start[1:] = into[1:] != into[:-1]
    first = np.append(np.flatnonzero(start), len(into)).astype(np.int32)
    return Beside(
        row[into[start]], first, row[tails[use][order]], graph.costs[use][order].astype(np.int32)
    )
