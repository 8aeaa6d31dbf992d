"""The area around what is reached: the zero contour of a field over a grid.

Nobody leaves a tunnel, bridge or motorway between its ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from shapely.geometry.base import BaseGeometry

from analysis.surface.field import Window, field, field_of_all, leads
from analysis.surface.ground import BLOCK, Ground


def _window(ground: Ground, reached: np.ndarray) -> Window:
    """The blocks that are reached, and those around them."""
    rows, columns = np.nonzero(reached.reshape(-1, ground.blocks.columns))
    row, column = int(rows.min()) - ground.reach, int(columns.min()) - ground.reach
    wide, high = int(columns.max()) + ground.reach + 1, int(rows.max()) + ground.reach + 1
    return Window(column, row, wide - column, high - row)


def _contoured(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> BaseGeometry:
    """Where values on a grid are not positive."""
    kind = FillType.ChunkCombinedOffsetOffset
    generator = contour_generator(x=x, y=y, z=values, fill_type=kind)
    # lists of one chunk; their type depends on the kind of filling
    found: Any = generator.filled(-np.inf, 0.0)
    (points,), (rings,), (polygons,) = found
    if points is None:
        return shapely.Polygon()
    parts: Any = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, (rings, polygons))
    whole: BaseGeometry = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return whole


class Surface:
    """The times at the points of the ground, and the areas around them.

    Parameters
    ----------
    ground
        Points where one can leave the network.
    secs
        The time at each, see `analysis.surface.ground.ground_secs`.
    secs_per_m
        Time off the network, detour included.
    """

    def __init__(self, ground: Ground, secs: np.ndarray, secs_per_m: float) -> None:
        self._ground, self._secs_per_m = ground, secs_per_m
        self._leads, self._of_all = leads(ground, secs / secs_per_m), field_of_all(ground)

    def area(self, cutoff_secs: float) -> BaseGeometry:
        """The area reached within a cutoff, see `analysis.surface.field`.

        The same cutoff gives the same area whatever else is asked, and a larger one contains a
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
        values = field(ground, self._leads, limit_m, window, of_all=self._of_all)
        west, south = (ground.blocks.corner + np.array([window.column, window.row])) * BLOCK
        x, y = west + np.arange(values.shape[1]), south + np.arange(values.shape[0])
        return _contoured(values, x * ground.cell_m, y * ground.cell_m)
