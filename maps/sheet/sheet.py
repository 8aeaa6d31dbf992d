"""Figures laid out in inches from the upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from maps.sheet.caption import shorten
from maps.sheet.figure_files import DPI
from maps.sheet.map_frame import INK

TEN_THOUSAND = 10_000
"""Unit of people on the axes, the Chinese 万."""

PEOPLE = "可达人口（万人） People reached (10,000s)"
GAINED = "增加的可达人口（万人） More people reached (10,000s)"


def sheet(width_in: float, height_in: float) -> Figure:
    """An empty white figure."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def axes_at(figure: Figure, place_in: tuple[float, float], size_in: tuple[float, float]) -> Axes:
    """Axes on a figure, placed in inches.

    Parameters
    ----------
    figure
        The figure.
    place_in
        Upper left corner: from the left and from the top.
    size_in
        Width and height.
    """
    width, height = figure.get_size_inches()
    (left, top), (across, down) = place_in, size_in
    box = (left / width, 1 - (top + down) / height, across / width, down / height)
    return figure.add_axes(box)


def text_axes(
    figure: Figure, place_in: tuple[float, float], size_in: tuple[float, float], rows: int
) -> Axes:
    """Axes for texts only: x from 0 to 1, one unit of y a row, row 0 on top."""
    axes = axes_at(figure, place_in, size_in)
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(rows - 0.5, -0.5))
    return axes


def two_lines(zh: str, en: str, width: int) -> str:
    r"""Both names below each other, each shortened to a width in half characters.

    Examples
    --------
    >>> two_lines("轨道27号线", "Line 27 (express)", 8)
    '轨道27…\nLine 27…'
    >>> two_lines("X", "", 8)
    'X'
    """
    names = dict.fromkeys(shorten(name, width) for name in (zh, en) if name)
    return "\n".join(names)


def add_names(axes: Axes, names: Sequence[tuple[str, str]], width: int) -> None:
    """Write names of the rows 0, 1, … left of the axes."""
    labels = [two_lines(zh, en, width) for zh, en in names]
    axes.set_yticks(range(len(labels)), labels, fontsize=9.5, linespacing=1.25)
    axes.tick_params(axis="y", length=0, colors=INK)


def add_key(figure: Figure, entries: Sequence[tuple[dict[str, Any], str]]) -> None:
    """Draw a legend at the upper right: looks of lines and marks, with their labels."""
    figure.legend(
        [Line2D([], [], **look) for look, _ in entries],
        [label for _, label in entries],
        loc="upper right",
        bbox_to_anchor=(0.99, 1 - 0.88 / figure.get_figheight()),
        ncols=len(entries),
        frameon=False,
        fontsize=10,
    )
