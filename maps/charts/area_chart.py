"""People reached from each planning area, in baseline and scenario."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from maps.sheet.caption import ABOVE_IN, Caption, add_caption, shorten
from maps.sheet.figure_files import DPI
from maps.sheet.map_frame import INK
from maps.sheet.sides import DOTS, SIDES, add_mode, add_side_legend, style_axes
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES, NEUTRAL

WIDTH_IN = 12.0
ROW_IN = 0.56
LEFT_IN, RIGHT_IN, BETWEEN_IN = 2.75, 0.25, 0.35
TOP_IN, BOTTOM_IN = ABOVE_IN + 0.5, 0.65
NAME_WIDTH = 40
"""Maximum width of an area's name, half characters."""

TEN_THOUSAND = 10_000
"""Unit of people on the axes, the Chinese 万."""

LABEL_ROOM = 1.62
"""Length of the axis over the largest value, with room for the figures beside the dots."""


def change_text(old: float, new: float) -> str:
    """Old and new value in ten thousands, and the change in percent.

    Examples
    --------
    >>> change_text(169_738, 245_772), change_text(0, 1), change_text(20_000, 18_000)
    ('17.0 → 24.6 (+45%)', '0.0 → 0.0', '2.0 → 1.8 (−10%)')
    """
    text = f"{old / TEN_THOUSAND:,.1f} → {new / TEN_THOUSAND:,.1f}"
    if not old:
        return text
    return f"{text} ({(new - old) / old:+.0%})".replace("-", "−")


def _hue(baseline: float, scenario: float) -> str:
    if round(scenario - baseline) == 0:
        return NEUTRAL
    return GAINS[1] if scenario > baseline else LOSSES[1]


def _add_rows(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw a dumbbell and its figures for each area, the first on top."""
    for y, row in enumerate(rows.itertuples()):
        baseline, scenario = row.baseline / TEN_THOUSAND, row.scenario / TEN_THOUSAND
        hue = _hue(row.baseline, row.scenario)
        axes.plot(
            [baseline, scenario], [y, y], color=hue, linewidth=5, solid_capstyle="butt", zorder=2
        )
        text = change_text(row.baseline, row.scenario)
        place = (max(baseline, scenario), y)
        axes.annotate(
            text, place, xytext=(10, 0), textcoords="offset points", va="center", fontsize=10
        )
    for side in SIDES:
        axes.plot(rows[side] / TEN_THOUSAND, range(len(rows)), label=side, **DOTS[side])


def _add_panel(axes: Axes, rows: pd.DataFrame, mode: str) -> None:
    _add_rows(axes, rows)
    style_axes(axes, grid="x")
    add_mode(axes, mode)
    longest = rows[list(SIDES)].max(axis=None) / TEN_THOUSAND
    axes.set(xlim=(0, (longest or 1) * LABEL_ROOM), ylim=(len(rows) - 0.4, -0.6), yticks=[])
    axes.set_xlabel("可达人口（万人） People reached (10,000s)", fontsize=10, color=INK)


def _add_names(axes: Axes, rows: pd.DataFrame) -> None:
    names = [
        f"{shorten(zh, NAME_WIDTH)}\n{shorten(en, NAME_WIDTH)}"
        for zh, en in zip(rows["name_zh"], rows["name_en"], strict=True)
    ]
    axes.set_yticks(range(len(rows)), names, fontsize=9.5, linespacing=1.25)


def area_figure(table: pd.DataFrame, caption: Caption) -> Figure:
    """Dumbbells from baseline to scenario, one a planning area, a panel a mode.

    Parameters
    ----------
    table
        `mode` (of `maps.sheet.sides.MODES`), `name_zh`, `name_en`, `baseline`, `scenario` (people);
        the same areas in the same order for each mode. Rows without a value are left out.
    caption
        Titles and notes.
    """
    known = table.dropna(subset=list(SIDES))
    panels = {mode: known.loc[known["mode"] == mode] for mode in MODES}
    count = max(map(len, panels.values()))
    height = TOP_IN + ROW_IN * count + BOTTOM_IN + caption.below_in
    figure = Figure(figsize=(WIDTH_IN, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    width = (WIDTH_IN - LEFT_IN - RIGHT_IN - BETWEEN_IN) / len(MODES)
    bottom = (BOTTOM_IN + caption.below_in) / height
    for number, (mode, rows) in enumerate(panels.items()):
        left = (LEFT_IN + number * (width + BETWEEN_IN)) / WIDTH_IN
        box = (left, bottom, width / WIDTH_IN, ROW_IN * count / height)
        axes = figure.add_axes(box)
        _add_panel(axes, rows, mode)
        if number == 0:
            _add_names(axes, rows)
    add_side_legend(figure, DOTS)
    add_caption(figure, caption)
    return figure
