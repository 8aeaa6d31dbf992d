"""Polygons that cover a region without gap or overlap, on the grid of the written degrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

GRID_DEG = 1e-6
"""The written degrees have six decimals."""

WGS84_ELLIPSOID = Geod(ellps="WGS84")


def area_km2(geometry: BaseGeometry) -> float:
    """Area on the ellipsoid of a geometry in degrees, in square kilometres."""
    return abs(WGS84_ELLIPSOID.geometry_area_perimeter(geometry)[0]) / 1e6


def faces_of(outlines: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    """The cells into which outlines cut the plane, noded on the grid.

    Every crossing and every vertex near a line becomes a vertex of all cells that meet there, so
    that neighbours share their edges exactly.
    """
    boundaries = [shapely.boundary(outline) for outline in outlines]
    noded = shapely.union_all(boundaries, grid_size=GRID_DEG)
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    rounded = shapely.transform(cells, lambda xy: np.round(xy, 6))
    return sorted(rounded, key=lambda cell: cell.bounds)


def label_of(cell: shapely.Polygon, outlines: Mapping[str, shapely.Polygon]) -> str | None:
    """The name of the outline that holds a cell."""
    inside = cell.representative_point()
    return next((name for name, outline in outlines.items() if outline.covers(inside)), None)


def dissolved(cells: Sequence[shapely.Polygon], labels: Sequence[str]) -> dict[str, BaseGeometry]:
    """Cells of one label as one geometry, vertices on their common outline kept."""
    return {
        label: shapely.coverage_union_all(
            [cell for cell, other in zip(cells, labels, strict=True) if other == label]
        )
        for label in sorted(set(labels))
    }


def without_slivers(
    cells: Sequence[shapely.Polygon],
    labels: Sequence[str],
    smallest_km2: float,
    report: Callable[[str], None],
) -> list[str]:
    """Labels in which every part smaller than a limit has gone to a neighbour.

    A part goes to the neighbour with which it shares the longest border; what moved is reported.
    """
    labels = list(labels)
    while True:
        sliver = _smallest_part(cells, labels)
        if sliver is None or sliver[0] >= smallest_km2:
            return labels
        size, members = sliver
        old, new = labels[members[0]], _neighbour(cells, labels, members)
        at = cells[members[0]].representative_point()
        report(f"{size:.4f} km2 of {old} at {at.x:.4f}, {at.y:.4f} went to {new}")
        for member in members:
            labels[member] = new


def _smallest_part(
    cells: Sequence[shapely.Polygon], labels: Sequence[str]
) -> tuple[float, list[int]] | None:
    """Area and cells of the smallest connected part; None where each label is one part."""
    parts = []
    for label, whole in dissolved(cells, labels).items():
        for part in shapely.get_parts(whole):
            members = [
                number
                for number, cell in enumerate(cells)
                if labels[number] == label and part.covers(cell.representative_point())
            ]
            parts.append((area_km2(part), members))
    return min(parts, key=lambda part: part[0], default=None)


def _neighbour(
    cells: Sequence[shapely.Polygon], labels: Sequence[str], members: Sequence[int]
) -> str:
    """The label that shares the longest border with a group of cells."""
    group = shapely.coverage_union_all([cells[number] for number in members])
    shared: dict[str, float] = {}
    for number, cell in enumerate(cells):
        if number not in members:
            edge = shapely.length(shapely.intersection(group.boundary, cell.boundary))
            shared[labels[number]] = shared.get(labels[number], 0.0) + float(edge)
    return max(sorted(shared), key=lambda label: shared[label])
