"""Waterfall chart from baseline to scenario, one step a player."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.sheet.caption import ABOVE_IN, FAINT, Caption, add_caption
from maps.sheet.map_frame import INK
from maps.sheet.sheet import (
    PEOPLE,
    TEN_THOUSAND,
    add_key,
    add_names,
    axes_at,
    sheet,
    text_axes,
)
from maps.sheet.sides import SIDES, style_axes
from maps.style.html_text import signed
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES

WATERFALL_COLUMNS = ("name_zh", "name_en", "shapley", "share", "low", "high", "ahead")
WIDTH_IN, ROW_IN = 12.0, 0.46
LEFT_IN, TEXTS_IN, RIGHT_IN = 3.05, 3.5, 0.2
TOP_IN, BOTTOM_IN = ABOVE_IN + 0.75, 0.65
NAME_WIDTH = 44
"""Maximum width of a name, half characters."""

BREAK = 1.5
"""The axis starts above zero if the lowest value exceeds this multiple of the range."""
AIR = 0.12
"""Room left of the first step on a broken axis, as a share of the range."""

END = "#8a877f"
BAND: dict[str, Any] = {
    "color": INK,
    "linewidth": 1.1,
    "marker": "|",
    "markersize": 7,
    "zorder": 4,
}
SURE: dict[str, Any] = {"color": GAINS[4], "marker": "v", "linestyle": "none", "markersize": 6}
COLUMNS = ((0.34, "人数 People"), (0.58, "占比 Share"), (1.0, "5%–95%"))
"""Right ends and headings of the columns of figures."""


def step_ends(ends: tuple[float, float], table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of each step; the first starts at the baseline.

    Examples
    --------
    >>> step_ends((10.0, 15.0), pd.DataFrame({"shapley": [6.0, -1.0]}))
    (array([10., 16.]), array([16., 15.]))
    """
    stops = ends[0] + np.cumsum(table["shapley"].to_numpy(dtype=float))
    return np.append(ends[0], stops)[: len(stops)], stops


def axis_start(ends: tuple[float, float], table: pd.DataFrame) -> float:
    """Start of the axis: zero, unless the steps would be too small to be seen.

    Examples
    --------
    >>> steps = pd.DataFrame({"shapley": [100.0], "low": [90.0], "high": [130.0]})
    >>> axis_start((50.0, 150.0), steps), axis_start((1000.0, 1100.0), steps)
    (0.0, 984.4)
    """
    low, high = _extent(ends, table)
    span = high - low
    return round(low - AIR * span, 6) if low > BREAK * span > 0 else 0.0


def _extent(ends: tuple[float, float], table: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest value drawn."""
    starts, stops = step_ends(ends, table)
    bands = [starts + table[side].to_numpy(dtype=float) for side in ("low", "high")]
    values = np.concatenate([ends, stops, *bands])
    return float(np.nanmin(values)), float(np.nanmax(values))


def _add_steps(axes: Axes, table: pd.DataFrame, ends: tuple[float, float], first: float) -> None:
    starts, stops = (part / TEN_THOUSAND for part in step_ends(ends, table))
    hues = [GAINS[2] if gain >= 0 else LOSSES[2] for gain in table["shapley"]]
    rows = np.arange(1, len(table) + 1)
    axes.barh(rows, stops - starts, left=starts, color=hues, height=0.62, zorder=3, label="steps")
    last = len(table) + 1
    for row, value in ((0, ends[0]), (last, ends[1])):
        width = (value - first) / TEN_THOUSAND
        axes.barh(row, width, left=first / TEN_THOUSAND, color=END, height=0.62, zorder=3)
    corners = np.append(starts, ends[1] / TEN_THOUSAND)
    for row, x in enumerate(corners.tolist()):
        axes.plot([x, x], [row - 0.31, row + 1.31], color=FAINT, linewidth=0.7, zorder=2)
    for at, start, step in zip(rows, starts, table.itertuples(), strict=True):
        if np.isfinite(step.low):
            band = [start + end / TEN_THOUSAND for end in (step.low, step.high)]
            axes.plot(band, [at, at], **BAND)


def _break_axis(axes: Axes, rows: tuple[int, int]) -> None:
    """Draw two white strokes through the bars that begin below the start of the axis."""
    for row in rows:
        for x in (0.022, 0.034):
            where: dict[str, Any] = {
                "transform": axes.get_yaxis_transform(),
                "zorder": 5,
                "clip_on": False,
            }
            tilted = [row + 0.42, row - 0.42]
            axes.plot([x, x + 0.012], tilted, color="white", linewidth=3, **where)


def _row_texts(step: Any) -> tuple[str, ...]:
    share = f"{step.share:.1%}".replace("-", "−") if np.isfinite(step.share) else ""
    band = f"{signed(step.low)} – {signed(step.high)}" if np.isfinite(step.low) else ""
    return signed(step.shapley), share, band


def _add_texts(axes: Axes, table: pd.DataFrame, ends: tuple[float, float]) -> None:
    """Write the figures of each step, and a mark between two steps whose order is certain."""
    has_bands = np.isfinite(table["low"]).any()
    look: dict[str, Any] = {"fontsize": 10, "va": "center", "ha": "right"}
    for (x, head), shown in zip(COLUMNS, (True, True, has_bands), strict=True):
        axes.text(x, -0.78, head if shown else "", color=FAINT, **look)
    for row, value in ((0, ends[0]), (len(table) + 1, ends[1])):
        axes.text(COLUMNS[0][0], row, f"{value:,.0f}", **look)
    for row, step in enumerate(table.itertuples(), 1):
        for (x, _), text in zip(COLUMNS, _row_texts(step), strict=True):
            axes.text(x, row, text, **look)
        if step.ahead:
            axes.plot([0.035], [row + 0.5], clip_on=False, **SURE)


def waterfall_figure(
    table: pd.DataFrame, ends: tuple[float, float], caption: Caption, *, mode: str
) -> Figure:
    """Baseline, a step for each player with a gain or loss, and scenario.

    Parameters
    ----------
    table
        `WATERFALL_COLUMNS`, from top to bottom: Shapley value (people), its share of the total
        change, its band (missing without Monte Carlo runs), and `ahead`, whether it is certainly
        larger than the next one.
    ends
        People reached in baseline and scenario: the first plus all steps gives the second.
    caption
        Titles and notes.
    mode
        Of `maps.sheet.sides.MODES`.
    """
    rows = len(table) + 2
    height = TOP_IN + ROW_IN * rows + BOTTOM_IN + caption.below_in
    figure = sheet(WIDTH_IN, height)
    width = WIDTH_IN - LEFT_IN - TEXTS_IN - RIGHT_IN
    axes = axes_at(figure, (LEFT_IN, TOP_IN), (width, ROW_IN * rows))
    first, (_, last) = axis_start(ends, table), _extent(ends, table)
    _add_steps(axes, table, ends, first)
    style_axes(axes, grid="x")
    right = last + 0.04 * (last - first)
    axes.set(xlim=(first / TEN_THOUSAND, right / TEN_THOUSAND), ylim=(rows - 0.5, -0.5))
    axes.set_xlabel(PEOPLE, fontsize=10, color=INK)
    names = [SIDES["baseline"], *zip(table["name_zh"], table["name_en"], strict=True)]
    add_names(axes, [*names, SIDES["scenario"]], NAME_WIDTH)
    if first:
        _break_axis(axes, (0, rows - 1))
    place = (WIDTH_IN - TEXTS_IN - RIGHT_IN, TOP_IN)
    _add_texts(text_axes(figure, place, (TEXTS_IN, ROW_IN * rows), rows), table, ends)
    axes.set_title(" ".join(MODES[mode]), loc="left", fontsize=13, color=INK, pad=22)
    if np.isfinite(table["low"]).any():
        add_key(figure, [(BAND, "5%–95%"), (SURE, "名次稳健 Order is certain")])
    add_caption(figure, caption)
    return figure
