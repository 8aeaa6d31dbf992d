"""Distribution of travel times between places, in baseline and scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from maps.sheet.caption import ABOVE_IN, FAINT, Caption, add_caption
from maps.sheet.figure_files import DPI
from maps.sheet.map_frame import INK
from maps.sheet.sides import LINES, SIDES, add_mode, add_side_legend, style_axes
from maps.style.modes import MODES

INCHES = (12.0, 6.8)
LEFT_IN, RIGHT_IN, BETWEEN_IN = 0.95, 0.3, 0.75
TOP_IN, BOTTOM_IN = ABOVE_IN + 0.75, 0.65
HOUR = 60
TICKS = (5, 10, 30)
"""Minutes between ticks: the first that gives at most `MAX_TICKS` is taken."""

MAX_TICKS = 7


def shares(secs: pd.Series, pair_count: int) -> tuple[np.ndarray, np.ndarray]:
    """Minutes, ascending, and the percentage of all pairs that is reached by then.

    Examples
    --------
    >>> shares(pd.Series([120.0, 60.0]), 4)
    (array([1., 2.]), array([25., 50.]))
    """
    minutes = np.sort(secs.to_numpy(dtype=float)) / 60
    return minutes, 100 * np.arange(1, len(minutes) + 1) / max(pair_count, 1)


def _shares_text(secs: Mapping[str, pd.Series], pair_count: int) -> str:
    """Shares of pairs reached within the hour, and of pairs without a time."""
    within = [(values <= 60 * HOUR).sum() / max(pair_count, 1) for values in secs.values()]
    never = [1 - len(values) / max(pair_count, 1) for values in secs.values()]
    lines = {"1 小时内 Within 1 h": within, "无结果 No time within the limit": never}
    return "\n".join(
        f"{words}: {' → '.join(f'{share:.0%}' for share in sides)}"
        for words, sides in lines.items()
    )


def _add_curves(axes: Axes, secs: Mapping[str, pd.Series], pair_count: int) -> None:
    """Draw a step up at every pair; the axis ends after the longest time."""
    longest = max((float(values.max()) / 60 for values in secs.values() if len(values)), default=1)
    tick = next((t for t in TICKS if longest <= MAX_TICKS * t), TICKS[-1])
    ticks = np.arange(0, longest + tick, tick)
    end = float(ticks[-1])
    for side, values in secs.items():
        minutes, percent = shares(values, pair_count)
        x, y = [0, *minutes, end], [0, *percent, *percent[-1:]] if len(percent) else [0, 0]
        axes.step(x, y, where="post", label=side, **LINES[side])
    axes.set(xlim=(0, end), xticks=ticks)


def _add_panel(axes: Axes, mode: str, secs: Mapping[str, pd.Series], pair_count: int) -> None:
    style_axes(axes, grid="both")
    add_mode(axes, mode)
    _add_curves(axes, secs, pair_count)
    if axes.get_xlim()[1] >= HOUR:
        axes.axvline(HOUR, color=FAINT, linewidth=0.9, linestyle=":", zorder=1)
    # above the panel, where no curve can cross it
    where: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "bottom"}
    axes.text(1, 1.02, _shares_text(secs, pair_count), fontsize=10, linespacing=1.4, **where)
    axes.set(ylim=(0, 101))
    axes.set_yticks(range(0, 101, 20), [f"{n}%" for n in range(0, 101, 20)])
    axes.set_xlabel("分钟 Minutes", fontsize=10, color=INK)


def time_figure(times: pd.DataFrame, pair_counts: Mapping[str, int], caption: Caption) -> Figure:
    """Cumulative share of place pairs by minutes, a panel a mode.

    Parameters
    ----------
    times
        `mode` (of `maps.sheet.sides.MODES`), `side` (baseline or scenario), `secs`; one row a pair
        that has a time.
    pair_counts
        Number of pairs requested, by mode: 100 percent of the shares.
    caption
        Titles and notes.
    """
    figure = Figure(figsize=INCHES, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    width, height = INCHES
    panel = (width - LEFT_IN - RIGHT_IN - BETWEEN_IN) / len(MODES)
    bottom = BOTTOM_IN + caption.below_in
    for number, mode in enumerate(MODES):
        left = LEFT_IN + number * (panel + BETWEEN_IN)
        box = (left / width, bottom / height, panel / width, (height - bottom - TOP_IN) / height)
        axes = figure.add_axes(box)
        times_of_mode = times.loc[times["mode"] == mode]
        secs = {side: times_of_mode.loc[times_of_mode["side"] == side, "secs"] for side in SIDES}
        _add_panel(axes, mode, secs, pair_counts[mode])
        if number == 0:
            axes.set_ylabel("地点对占比 Share of pairs of places", fontsize=10, color=INK)
    add_side_legend(figure, LINES)
    add_caption(figure, caption)
    return figure
