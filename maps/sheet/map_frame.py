"""Extent of a map figure, with scale bar and north arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from geo.crs import to_wgs84, utm_crs
from maps.sheet.plotting import HALO

MARGIN = 0.12
"""Margin of the view around the core, as a share of its size."""

SCALES_M = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
INK = "#1d1d1f"


@dataclass(frozen=True)
class View:
    """Extent of a map figure.

    Attributes
    ----------
    crs
        Projected CRS, metres.
    box
        Visible rectangle in that CRS.
    """

    crs: str
    box: shapely.Polygon


def find_view(areas: gpd.GeoDataFrame, shape: float) -> View:
    """View of the core and its surroundings.

    Parameters
    ----------
    areas
        `role` and polygons; without a core, all areas are shown.
    shape
        Width of the view divided by its height.
    """
    core = areas.loc[areas["role"] == "core"]
    lonlat = to_wgs84(core if len(core) else areas)
    west, south, east, north = lonlat.total_bounds
    crs = utm_crs((west + east) / 2, (south + north) / 2)
    west, south, east, north = lonlat.to_crs(crs).total_bounds
    height = (1 + 2 * MARGIN) * max(north - south, (east - west) / shape)
    x, y, width = (west + east) / 2, (south + north) / 2, height * shape
    return View(crs, shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))


def add_scale(axes: Axes, view: View) -> None:
    """Draw a scale bar of round length in the lower right corner."""
    west, south, east, north = view.box.bounds
    width, height = east - west, north - south
    length = max([m for m in SCALES_M if m <= width / 5], default=SCALES_M[0])
    x, y = east - length - width * 0.03, south + height * 0.03
    bar = Line2D([x, x + length], [y, y], color=INK, linewidth=3, zorder=10)
    bar.set_path_effects([withStroke(linewidth=6, foreground="white")])
    axes.add_line(bar)
    options: dict[str, Any] = {
        "ha": "center",
        "va": "bottom",
        "zorder": 10,
        "path_effects": list(HALO),
    }
    axes.text(x + length / 2, y + height * 0.01, f"{length // 1000} km", **options)


def add_north(axes: Axes) -> None:
    """Draw a north arrow in the upper right corner; the map's grid points north."""
    axes.annotate(
        "北 N",
        xy=(0.965, 0.985),
        xytext=(0.965, 0.91),
        xycoords="axes fraction",
        ha="center",
        va="center",
        zorder=10,
        fontsize=12,
        path_effects=list(HALO),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 2},
    )
