"""The map page's styles in matplotlib: lines, labels and symbols of the legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from maps.style.overlay import Style, Symbol

POINTS_A_PIXEL = 0.62
"""Points of a line width per pixel on the page."""

PADDING = 2
"""Free space around a name, pixels."""

HALO = (withStroke(linewidth=3.5, foreground="white"),)


@dataclass(frozen=True)
class Name:
    """A name to write on a map.

    Attributes
    ----------
    places
        Candidate positions of its centre, map coordinates, the best first.
    text
        The name.
    size
        Font size, points.
    color
        Colour of the letters.
    """

    places: tuple[shapely.Point, ...]
    text: str
    size: float
    color: str


def line_options(style: Style) -> dict[str, Any]:
    """Matplotlib's line options from Leaflet's path options.

    Examples
    --------
    >>> line_options({"color": "#000000", "weight": 5, "dashArray": "10 5"})["linestyle"]
    (0, [2.0, 1.0])
    """
    # Leaflet measures dashes in pixels, matplotlib in line widths
    dashes = [float(n) / style["weight"] for n in str(style.get("dashArray", "")).split()]
    return {
        "color": style["color"],
        "alpha": style.get("opacity", 1),
        "linewidth": style["weight"] * POINTS_A_PIXEL,
        "linestyle": (0, dashes) if dashes else "solid",
    }


def add_lines(axes: Axes, lines: gpd.GeoSeries, style: Style, zorder: float) -> None:
    """Draw lines in one style."""
    paths = [shapely.get_coordinates(part) for part in shapely.get_parts(lines.to_numpy())]
    axes.add_collection(LineCollection(paths, zorder=zorder, **line_options(style)))


def _write(axes: Axes, name: Name, taken: list[Bbox]) -> Bbox | None:
    """Write a name at its first free position within the frame; returns its box, None if none."""
    frame = axes.get_window_extent()
    for place in name.places:
        text = axes.text(
            place.x,
            place.y,
            name.text,
            size=name.size,
            color=name.color,
            ha="center",
            va="center",
            zorder=9,
            path_effects=list(HALO),
        )
        box = text.get_window_extent().padded(PADDING)
        inside = frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1)
        if inside and not any(box.overlaps(other) for other in taken):
            return box
        text.remove()
    return None


def add_names(axes: Axes, names: list[Name]) -> list[str]:
    """Write names in order, none over an earlier one.

    Returns
    -------
    list of str
        The names written; the others had no room.
    """
    taken: list[Bbox] = []
    written = []
    for name in names:
        box = _write(axes, name, taken)
        if box is not None:
            taken.append(box)
            written.append(name.text)
    return written


def legend_handle(symbol: Symbol) -> Artist | tuple[Artist, ...]:
    """An entry of the legend as matplotlib's artists."""
    if symbol.shape != "fill":
        return tuple(Line2D([], [], **line_options(style)) for style in symbol.strokes)
    style = symbol.strokes[0]
    filled = (style["fillColor"], style["fillOpacity"]) if style.get("fill") else "none"
    return Patch(
        facecolor=filled,
        edgecolor=style["color"],
        linewidth=0.6,
        linestyle=":" if "dashArray" in style else "-",
    )
