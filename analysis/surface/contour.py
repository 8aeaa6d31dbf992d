"""Isochrone areas: the zero contour of a field over a grid.

Travellers leave tunnels and bridges at their ends only, motorways nowhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from shapely.geometry.base import BaseGeometry

from analysis.surface.blocks import BLOCK
from analysis.surface.field import Window, field, field_all_reached, leads
from analysis.surface.ground import Ground


def _window(ground: Ground, reached: np.ndarray) -> Window:
    """The window of blocks that are reached and those around them."""
    rows, columns = np.nonzero(reached.reshape(-1, ground.blocks.columns))
    row, column = int(rows.min()) - ground.reach, int(columns.min()) - ground.reach
    wide, high = int(columns.max()) + ground.reach + 1, int(rows.max()) + ground.reach + 1
    return Window(column, row, wide - column, high - row)


def _contour(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> BaseGeometry:
    """The area where values on a grid are not positive."""
    fill_type = FillType.ChunkCombinedOffsetOffset
    generator = contour_generator(x=x, y=y, z=values, fill_type=fill_type)
    # lists of one chunk; their type depends on the fill type
    contours: Any = generator.filled(-np.inf, 0.0)
    (points,), (rings,), (polygons,) = contours
    if points is None:
        return shapely.Polygon()
    parts: Any = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, (rings, polygons))
    area: BaseGeometry = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return area


class Surface:
    """Travel times at the points of the ground, and isochrone areas from them.

    Parameters
    ----------
    ground
        Points where travellers can leave the network.
    secs
        Seconds at each point, see `analysis.surface.ground.ground_secs`.
    secs_per_m
        Seconds a metre off the network, detour included.
    """

    def __init__(self, ground: Ground, secs: np.ndarray, secs_per_m: float) -> None:
        self._ground, self._secs_per_m = ground, secs_per_m
        self._leads, self._all_reached = leads(ground, secs / secs_per_m), field_all_reached(ground)

    def area(self, cutoff_secs: float) -> BaseGeometry:
        """The area reached within a cutoff, see `analysis.surface.field`.

        The area depends on the cutoff only, and the area of a larger cutoff contains that of a
        smaller one.

        Returns
        -------
        Polygon or MultiPolygon
            Valid; islands and holes are kept. Empty if nothing is reached.
        """
        ground, limit_m = self._ground, cutoff_secs / self._secs_per_m
        reached = self._leads.least < limit_m + ground.cell_m
        if not reached.any():
            return shapely.Polygon()
        window = _window(ground, reached)
        values = field(ground, self._leads, limit_m, window, all_reached=self._all_reached)
        west, south = (ground.blocks.corner + np.array([window.column, window.row])) * BLOCK
        x, y = west + np.arange(values.shape[1]), south + np.arange(values.shape[0])
        return _contour(values, x * ground.cell_m, y * ground.cell_m)
