"""Messages to worker processes: a matrix, the parts to compute, and their results."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.od_matrix.folder import write_file
from analysis.od_matrix.matrix import Matrix, MatrixPart, package_versions
from analysis.routing.arcs import Graph
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hierarchy.contraction import Hierarchy
from analysis.routing.linked_points import Connectors, LinkedPoints, PointSearch

Answer = tuple[int, int, bytes | None]
"""Result of a part: pairs, missing pairs, and the file if the worker could not write it."""


@dataclass(frozen=True)
class PackedMatrix:
    """A matrix as arrays, without objects that only its own process can use.

    Attributes
    ----------
    graph, connectors, nodes
        Of the linked points; `connectors` are access, egress and direct.
    hierarchy
        The hierarchy, if it is built; else the workers do without it, as this machine would.
    rest
        Ids, limit, labels and step of the matrix.
    key
        Key of the matrix.
    timed
        How times are found by a timetable, if they are.
    """

    graph: Graph
    connectors: tuple[Connectors, Connectors, Connectors]
    nodes: StreetNodes
    hierarchy: Hierarchy | None
    rest: dict[str, Any]
    key: str
    timed: PointSearch | None

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave out the cached matrix when a worker sends this to another worker."""
        return type(self), tuple(getattr(self, item.name) for item in fields(self))

    @cached_property
    def matrix(self) -> Matrix:
        """The matrix, unpacked."""
        points = (self.graph, *self.connectors, self.nodes, Hierarchies())
        linked = LinkedPoints(*points, timed=self.timed)
        if self.hierarchy is not None:
            # the place where linked points cache their hierarchy
            vars(linked)["hierarchy"] = self.hierarchy
        return Matrix(linked, **self.rest)


def pack_matrix(matrix: Matrix) -> PackedMatrix:
    """A matrix in the form in which it is sent."""
    linked = matrix.linked
    rest = {"ids": matrix.ids, "limit_secs": matrix.limit_secs}
    rest |= {"labels": dict(matrix.labels), "step": matrix.step}
    return PackedMatrix(
        replace(linked.graph),
        (linked.access, linked.egress, linked.direct),
        linked.nodes,
        linked.hierarchy if linked.has_hierarchy else None,
        rest,
        matrix.key,
        linked.timed and linked.timed.packed(),
    )


def compute_part(sent: PackedMatrix, part: MatrixPart, folder: str, mark: str) -> Answer:
    """Compute a part in a worker, and write it if the worker sees the marked folder.

    Raises
    ------
    RuntimeError
        If this worker's packages would produce different bytes.
    """
    if sent.matrix.key != sent.key:
        raise RuntimeError(f"the worker has {package_versions()}")
    file = sent.matrix.part_file(part)
    if (Path(folder) / mark).is_file():
        try:
            write_file(Path(folder), part.name, file.content)
        except OSError:  # it sees the folder and may not write there
            return file.pairs, file.missing, file.content
        return file.pairs, file.missing, None
    return file.pairs, file.missing, file.content
