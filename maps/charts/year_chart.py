"""People reached from each planning area, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.charts.area_chart import change_text
from maps.sheet.caption import ABOVE_IN, FAINT, Caption, add_caption
from maps.sheet.map_frame import INK
from maps.sheet.sheet import TEN_THOUSAND, axes_at, sheet, text_axes, two_lines
from maps.sheet.sides import GRID, add_mode
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES

YEAR_CHART_COLUMNS = ("mode", "area_id", "name_zh", "name_en", "year", "mean")
OPENING_CHART_COLUMNS = ("year", "names_zh", "names_en")
WIDTH_IN, ROW_IN, GAP_IN = 12.0, 0.66, 0.14
LEFT_IN, BETWEEN_IN, RIGHT_IN = 2.75, 0.75, 0.6
TOP_IN, BELOW_IN, LINE_IN, BOTTOM_IN = ABOVE_IN + 0.55, 0.5, 0.38, 0.1
NAME_WIDTH = 40
"""Maximum width of an area's name, half characters."""

NAMES_WIDTH = 200
"""Maximum width of the names of a year's openings, half characters."""

AIR = 1.75
"""Length of the scale over the largest gain, with room for the figures above the bars."""

MAX_TICKS = 8
MARK: dict[str, Any] = {"marker": "^", "color": INK, "linestyle": "none", "markersize": 5}


@dataclass(frozen=True)
class _YearAxis:
    """Scales shared by all panels of a mode.

    Attributes
    ----------
    years
        All years, from the first to the last.
    opened
        Years in which something opens.
    ends
        Ends of the vertical scale, ten thousands of people.
    """

    years: range
    opened: tuple[int, ...]
    ends: tuple[float, float]


def changes(rows: pd.DataFrame) -> np.ndarray:
    """Change since the first year, by year.

    Examples
    --------
    >>> changes(pd.DataFrame({"year": [2023, 2022], "mean": [12.0, 10.0]}))
    array([0., 2.])
    """
    mean = rows.sort_values("year")["mean"].to_numpy(dtype=float)
    return mean - mean[:1]


def _scale(rows: pd.DataFrame, openings: pd.DataFrame) -> _YearAxis:
    """Scale from the largest loss of all areas to beyond the largest gain."""
    gains = (
        np.concatenate([changes(area_rows) for _, area_rows in rows.groupby("area_id")])
        / TEN_THOUSAND
    )
    low, high = min(0.0, float(gains.min())), float(gains.max())
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    ends = (1.1 * low, low + (high - low or 1) * AIR)
    return _YearAxis(years, tuple(openings["year"].tolist()), ends)


def _add_bars(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw a bar a year, and write the values of the first and the last year."""
    gains = changes(rows) / TEN_THOUSAND
    hues = [GAINS[2] if change >= 0 else LOSSES[2] for change in gains]
    axes.bar(sorted(rows["year"]), gains, width=0.86, color=hues, zorder=3)
    mean = rows.sort_values("year")["mean"]
    text = change_text(mean.iloc[0], mean.iloc[-1])
    axes.text(0.01, 0.96, text, transform=axes.transAxes, fontsize=10, va="top", zorder=4)


def _add_years(axes: Axes, scale: _YearAxis, *, last: bool) -> None:
    """Draw the scale on the right; below the last row the years, with marks at openings."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set(color=FAINT, position="zero")
    axes.set(xlim=(scale.years[0] - 0.6, scale.years[-1] + 0.6), ylim=scale.ends)
    axes.tick_params(colors=INK, length=0, labelsize=9.5)
    axes.yaxis.tick_right()
    axes.locator_params(axis="y", nbins=3)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for year in scale.opened:
        axes.axvline(year, color=GRID, linewidth=0.8, zorder=0)
    step = -(-len(scale.years) // MAX_TICKS)
    ticks = list(scale.years)[::-step][::-1]
    axes.set_xticks(ticks, [str(year) if last else "" for year in ticks])
    if last:
        axes.tick_params(axis="x", pad=12)
        where: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "clip_on": False}
        axes.plot(scale.opened, [-0.12] * len(scale.opened), label="opened", **where, **MARK)


def _add_openings(axes: Axes, openings: pd.DataFrame) -> None:
    """Write the openings of each year, Chinese above English."""
    look: dict[str, Any] = {"va": "center", "fontsize": 9, "linespacing": 1.25}
    axes.plot([0.006], [0], **MARK)
    axes.text(0.016, 0, "当年开通 Opens in the year", color=FAINT, **look)
    for row, opening in enumerate(openings.itertuples(), 1):
        axes.text(0, row, str(opening.year), color=INK, **look)
        names = two_lines(opening.names_zh, opening.names_en, NAMES_WIDTH)
        axes.text(0.045, row, names, color=INK, **look)


def _add_panels(figure: Figure, rows: pd.DataFrame, scale: _YearAxis, left: float) -> None:
    """Draw the areas of a mode below each other, with their names in the left column."""
    width = (WIDTH_IN - LEFT_IN - BETWEEN_IN - RIGHT_IN) / len(MODES)
    areas = rows["area_id"].drop_duplicates().tolist()
    for number, area in enumerate(areas):
        place = (left, TOP_IN + number * (ROW_IN + GAP_IN))
        axes = axes_at(figure, place, (width, ROW_IN))
        area_rows = rows.loc[rows["area_id"] == area]
        _add_bars(axes, area_rows)
        _add_years(axes, scale, last=number == len(areas) - 1)
        if number == 0:
            add_mode(axes, str(area_rows["mode"].iloc[0]))
        if left == LEFT_IN:
            names = two_lines(
                area_rows["name_zh"].iloc[0], area_rows["name_en"].iloc[0], NAME_WIDTH
            )
            look: dict[str, Any] = {"transform": axes.transAxes, "linespacing": 1.25}
            axes.text(-0.02, 0.4, names, ha="right", va="center", fontsize=9.5, **look)


def year_figure(table: pd.DataFrame, openings: pd.DataFrame, caption: Caption) -> Figure:
    """Change since the first year: a row of bars an area, a column a mode.

    Parameters
    ----------
    table
        `YEAR_CHART_COLUMNS`: the mean over an area's residents at the end of each year (people),
        the same areas in the same order for each mode.
    openings
        `OPENING_CHART_COLUMNS`, of the years with openings.
    caption
        Titles and notes.
    """
    count, lines = max(1, table["area_id"].nunique()), len(openings) + 1
    panels_in = (ROW_IN + GAP_IN) * count
    below = TOP_IN + panels_in + BELOW_IN - GAP_IN
    figure = sheet(WIDTH_IN, below + LINE_IN * lines + BOTTOM_IN + caption.below_in)
    step = (WIDTH_IN - LEFT_IN - BETWEEN_IN - RIGHT_IN) / len(MODES) + BETWEEN_IN
    for number, mode in enumerate(MODES):
        rows = table.loc[table["mode"] == mode]
        if len(rows):
            _add_panels(figure, rows, _scale(rows, openings), LEFT_IN + number * step)
    place, size = (0.2, below), (WIDTH_IN - 0.4, LINE_IN * lines)
    _add_openings(text_axes(figure, place, size, lines), openings)
    add_caption(figure, caption)
    return figure
