"""Before and after in charts: how the two look, and what the modes are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from maps.sheet.caption import FAINT
from maps.sheet.map_frame import INK
from maps.style.modes import MODES
from maps.style.palette import GAINS

SIDES = {"baseline": ("现状", "Before"), "scenario": ("方案", "After")}
LINES: dict[str, dict[str, Any]] = {
    "baseline": {"color": "#8a877f", "linestyle": (0, (4, 1.6)), "linewidth": 2.2},
    "scenario": {"color": GAINS[3], "linestyle": "solid", "linewidth": 2.2},
}
DOTS: dict[str, dict[str, Any]] = {
    "baseline": {
        "marker": "o",
        "linestyle": "none",
        "color": "#55534d",
        "markerfacecolor": "none",
        "markersize": 11,
        "markeredgewidth": 1.6,
        "zorder": 4,
    },
    "scenario": {
        "marker": "o",
        "linestyle": "none",
        "color": GAINS[3],
        "markersize": 8,
        "zorder": 3,
    },
}
"""Told apart by form too: dashes and rings before, full lines and dots after, dots in rings where
both are the same."""

GRID = "#e3e1da"


def bare(axes: Axes, *, grid: Literal["x", "both"]) -> None:
    """No frame but the lower line, and faint lines across one of the axes."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.grid(axis=grid, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0, labelsize=10)


def add_mode(axes: Axes, mode: str) -> None:
    """The name of the mode above its panel."""
    axes.set_title(" ".join(MODES[mode]), loc="left", fontsize=13, color=INK, pad=10)


def add_sides(figure: Figure, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """The legend of before and after, at the upper right.

    Parameters
    ----------
    figure
        What it is written on.
    looks
        `LINES` or `DOTS`.
    """
    figure.legend(
        [Line2D([], [], **looks[side]) for side in SIDES],
        [" ".join(names) for names in SIDES.values()],
        loc="upper right",
        bbox_to_anchor=(0.985, 1 - 0.9 / figure.get_figheight()),
        ncols=2,
        frameon=False,
        fontsize=11,
    )
