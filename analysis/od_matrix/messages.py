"""A matrix as it travels to other processes, and what they do with it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.od_matrix.folder import put
from analysis.od_matrix.matrix import Matrix, MatrixPart, makers
from analysis.routing.arcs import Graph
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hierarchy.contraction import Hierarchy
from analysis.routing.linked_points import Connectors, LinkedPoints

Answer = tuple[int, int, bytes | None]
"""Of a part: pairs, missing pairs, and the file if the worker could not write it."""


@dataclass(frozen=True)
class Packed:
    """A matrix as arrays, without what only its own process can use.

    Attributes
    ----------
    graph, legs, nodes
        Of the trips; `legs` are those out, in and straight.
    hierarchy
        If it is made; else the workers do without, as this machine would.
    rest
        Ids, limit, labels and step of the matrix.
    key
        The matrix's.
    """

    graph: Graph
    legs: tuple[Connectors, Connectors, Connectors]
    nodes: StreetNodes
    hierarchy: Hierarchy | None
    rest: dict[str, Any]
    key: str

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave out the matrix when a worker hands it on to another."""
        return type(self), tuple(getattr(self, item.name) for item in fields(self))

    @cached_property
    def matrix(self) -> Matrix:
        """The matrix again."""
        linked = LinkedPoints(self.graph, *self.legs, self.nodes, Hierarchies())
        if self.hierarchy is not None:
            # where the trips keep it themselves once it is made
            vars(linked)["hierarchy"] = self.hierarchy
        return Matrix(linked, **self.rest)


def packed(matrix: Matrix) -> Packed:
    """A matrix ready to be sent."""
    linked = matrix.linked
    rest = {"ids": matrix.ids, "limit_secs": matrix.limit_secs}
    rest |= {"labels": dict(matrix.labels), "step": matrix.step}
    return Packed(
        replace(linked.graph),
        (linked.access, linked.egress, linked.direct),
        linked.nodes,
        linked.hierarchy if linked.has_hierarchy else None,
        rest,
        matrix.key,
    )


def made_part(sent: Packed, part: MatrixPart, folder: str, mark: str) -> Answer:
    """What a worker does: compute a part, and write it if it sees the marked folder.

    Raises
    ------
    RuntimeError
        If this worker's packages would give other bytes.
    """
    if sent.matrix.key != sent.key:
        raise RuntimeError(f"the worker has {makers()}")
    made = sent.matrix.part_file(part)
    if (Path(folder) / mark).is_file():
        try:
            put(Path(folder), part.name, made.content)
        except OSError:  # it sees the folder and may not write there
            return made.pairs, made.missing, made.content
        return made.pairs, made.missing, None
    return made.pairs, made.missing, made.content
