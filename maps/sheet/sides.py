"""The two sides of a comparison in charts: names and looks of baseline and scenario."""

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
"""The sides differ in form too: dashed lines and rings for the baseline, solid lines and dots for
the scenario; a dot in a ring where both are equal."""

GRID = "#e3e1da"


def style_axes(axes: Axes, *, grid: Literal["x", "both"]) -> None:
    """Remove the frame but for its lower line, and add a faint grid."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.grid(axis=grid, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0, labelsize=10)


def add_mode(axes: Axes, mode: str) -> None:
    """Write the name of the mode above its panel."""
    axes.set_title(" ".join(MODES[mode]), loc="left", fontsize=13, color=INK, pad=10)


def add_side_legend(figure: Figure, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw the legend of baseline and scenario at the upper right.

    Parameters
    ----------
    figure
        The figure.
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
