"""Tornado chart: range of the gain by assumed value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.sheet.caption import ABOVE_IN, Caption, add_caption
from maps.sheet.map_frame import INK
from maps.sheet.sheet import GAINED, TEN_THOUSAND, add_key, add_names, axes_at, sheet
from maps.sheet.sides import add_mode, style_axes
from maps.style.modes import MODES
from maps.style.palette import LEVELS

TORNADO_CHART_COLUMNS = ("mode", "name_zh", "name_en", "central", "low", "high")
WIDTH_IN, ROW_IN = 12.0, 0.62
LEFT_IN, RIGHT_IN = 2.15, 0.25
TOP_IN, BOTTOM_IN = ABOVE_IN + 0.8, 0.65
NAME_WIDTH = 32
"""Maximum width of a name, half characters."""

ROOM = 0.3
"""Room for figures beside the bars, as a share of the widest range."""

HUES = {"low": LEVELS[2], "high": LEVELS[4]}
WORDS = {"low": "取低值 Value low", "high": "取高值 Value high"}
SAME = 0.5
"""Smaller ranges, in people, count as none."""


def widest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Rows sorted by the range of the gain, widest first; rows without a range are left out.

    Examples
    --------
    >>> rows = {"central": [5.0, 5.0, 5.0], "low": [5.0, 3.0, 9.0], "high": [5.0, 6.0, 9.0]}
    >>> widest_first(pd.DataFrame(rows)).index.tolist()
    [2, 1]
    """
    gains = table[["low", "central", "high"]]
    swing = gains.max(axis=1) - gains.min(axis=1)
    order = np.argsort(-swing.to_numpy(), kind="stable")
    return table.iloc[order].loc[lambda rows: swing.loc[rows.index] >= SAME]


def _add_bars(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw two bars a row from the central value, low above high, with the gain at their ends."""
    central = rows["central"].to_numpy(dtype=float)
    look: dict[str, Any] = {"fontsize": 9, "va": "center"}
    for side, shift in (("low", -0.18), ("high", 0.18)):
        gain = rows[side].to_numpy(dtype=float)
        y = np.arange(len(rows)) + shift
        widths, left = (gain - central) / TEN_THOUSAND, central / TEN_THOUSAND
        axes.barh(y, widths, left=left, height=0.36, color=HUES[side], label=side, zorder=3)
        for height, value, base in zip(y, gain, central, strict=True):
            is_right = value >= base
            place, text = (value / TEN_THOUSAND, height), f"{value / TEN_THOUSAND:.2f}"
            where: dict[str, Any] = {"xytext": (4 if is_right else -4, 0)}
            where["textcoords"] = "offset points"
            axes.annotate(text, place, ha="left" if is_right else "right", **where, **look)


def _add_panel(axes: Axes, rows: pd.DataFrame, mode: str) -> None:
    style_axes(axes, grid="x")
    add_mode(axes, mode)
    axes.set_xlabel(GAINED, fontsize=10, color=INK)
    add_names(axes, list(zip(rows["name_zh"], rows["name_en"], strict=True)), NAME_WIDTH)
    if rows.empty:
        return
    _add_bars(axes, rows)
    central = float(rows["central"].iloc[0]) / TEN_THOUSAND
    axes.axvline(central, color=INK, linewidth=1.1, zorder=4)
    place = (central, 1.0)
    axes.annotate(
        f"{central:.2f}",
        place,
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=9.5,
    )
    gains = rows[["low", "central", "high"]] / TEN_THOUSAND
    low, high = gains.min(axis=None), gains.max(axis=None)
    room = ROOM * (high - low)
    axes.set_xlim(low - room, high + room)


def tornado_figure(table: pd.DataFrame, caption: Caption) -> Figure:
    """Gain of all projects with one assumed value low or high, a panel a mode, widest on top.

    Parameters
    ----------
    table
        `TORNADO_CHART_COLUMNS`: the gain (people) with all values central, and with the named
        value low and high; values without a range in a mode are left out of its panel.
    caption
        Titles and notes.
    """
    panels = {mode: widest_first(table.loc[table["mode"] == mode]) for mode in MODES}
    count = max(1, *map(len, panels.values()))
    figure = sheet(WIDTH_IN, TOP_IN + ROW_IN * count + BOTTOM_IN + caption.below_in)
    width = WIDTH_IN / len(MODES) - LEFT_IN - RIGHT_IN
    for number, (mode, rows) in enumerate(panels.items()):
        left = LEFT_IN + number * WIDTH_IN / len(MODES)
        axes = axes_at(figure, (left, TOP_IN), (width, ROW_IN * count))
        _add_panel(axes, rows, mode)
        axes.set_ylim(count - 0.5, -0.5)
    look: dict[str, Any] = {"marker": "s", "linestyle": "none", "markersize": 9}
    add_key(figure, [({"color": HUES[side], **look}, WORDS[side]) for side in HUES])
    add_caption(figure, caption)
    return figure
