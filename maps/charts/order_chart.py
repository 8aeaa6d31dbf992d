"""Building orders of the projects, and the gain of each order by year."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from maps.sheet.caption import ABOVE_IN, FAINT, Caption, add_caption, shorten
from maps.sheet.map_frame import INK
from maps.sheet.sheet import GAINED, TEN_THOUSAND, add_key, axes_at, sheet, text_axes
from maps.sheet.sides import add_mode, style_axes
from maps.style.modes import MODES
from maps.style.palette import GAINS

ORDER_CHART_COLUMNS = ("mode", "order", "year", "name_zh", "name_en", "gain", "gap")
ORDERS: dict[str, tuple[str, str]] = {
    "best": ("最优顺序", "Best order"),
    "greedy": ("逐年最优", "Greedy order"),
}
LOOKS: dict[str, dict[str, Any]] = {
    "best": {"color": GAINS[3], "linewidth": 4.5, "zorder": 3},
    "greedy": {"color": INK, "linewidth": 1.4, "linestyle": (0, (4, 2)), "zorder": 4},
}
WIDTH_IN, PANEL_IN, ROW_IN = 12.0, 3.2, 0.25
LEFT_IN, RIGHT_IN = 0.85, 0.25
TOP_IN, BETWEEN_IN, BOTTOM_IN = ABOVE_IN + 0.75, 0.75, 0.15
REST = 0.001
"""The list ends where the remaining projects bring less than this share of the gain."""

ALONE, BOTH = 84, 40
"""Width of names in the list, half characters: of one list, and of two side by side."""

NAME_AT = 0.055


def listed_years(rows: pd.DataFrame) -> int:
    """Number of years in the list of one mode.

    Examples
    --------
    >>> gains = {"order": "best", "year": [1, 2, 3], "gain": [90.0, 100.0, 100.0]}
    >>> listed_years(pd.DataFrame(gains))
    2
    """
    if rows.empty:
        return 0
    total = rows.loc[rows["year"] == rows["year"].max(), "gain"].iloc[0]
    incomplete = rows.loc[(rows["gain"] - total).abs() > max(REST * abs(total), 0.5), "year"]
    return int(min(incomplete.max() + 1 if len(incomplete) else 0, rows["year"].max()))


def gap_text(gap: float) -> str:
    """Text on how much less the greedy order brings.

    Examples
    --------
    >>> gap_text(0.0123), gap_text(0.00005)[-5:], gap_text(0.0)
    ('逐年最优少 Greedy brings less by 1.2%', '<0.1%', '两种顺序一样好 Both are as good')
    """
    if gap <= 0:
        return "两种顺序一样好 Both are as good"
    size = f"{gap:.1%}" if gap >= REST else f"<{REST:.1%}"
    return f"逐年最优少 Greedy brings less by {size}"


def _add_lines(axes: Axes, rows: pd.DataFrame, mode: str) -> None:
    style_axes(axes, grid="both")
    add_mode(axes, mode)
    for order, look in LOOKS.items():
        steps = rows.loc[rows["order"] == order]
        x = [0, *steps["year"], steps["year"].max() + 1] if len(steps) else []
        gains = (steps["gain"] / TEN_THOUSAND).tolist()
        y = [0, *gains, gains[-1]] if gains else []
        axes.step(x, y, where="post", label=order, **look)
    last = int(rows["year"].max()) if len(rows) else 1
    axes.set(xlim=(0, last + 1), xticks=range(1, last + 1))
    axes.set_xlabel("第几年（每年建成一项） Year, one project a year", fontsize=10, color=INK)
    gap = rows["gap"].dropna()
    if len(gap):
        text = gap_text(float(gap.iloc[0]))
        where: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "va": "bottom"}
        axes.text(1, 1.02, text, fontsize=10, **where)


def _project_names(rows: pd.DataFrame, order: str) -> list[str]:
    projects = rows.loc[rows["order"] == order].sort_values("year")
    names = zip(projects["name_zh"], projects["name_en"], strict=True)
    return [f"{zh} {en}".strip() for zh, en in names]


def _add_list(axes: Axes, rows: pd.DataFrame, count: int) -> None:
    """Write the project of each year; the greedy order beside it if it differs."""
    first = next(order for order in ORDERS if (rows["order"] == order).any())
    lists = {order: _project_names(rows, order) for order in (first, "greedy")}
    same = lists[first][:count] == lists["greedy"][:count]
    columns = (
        {first: (NAME_AT, ALONE)} if same else {first: (NAME_AT, BOTH), "greedy": (0.53, BOTH)}
    )
    look: dict[str, Any] = {"fontsize": 9, "va": "center"}
    heads = [" ".join(ORDERS[order]) for order in lists]
    for order, (x, width) in columns.items():
        head = "、".join(heads) if same else " ".join(ORDERS[order])
        axes.text(x, 0, head, color=FAINT, **look)
        for year, name in enumerate(lists[order][:count], 1):
            axes.text(x, year, shorten(name, width), **look)
    for year in range(1, count + 1):
        axes.text(0.03, year, str(year), ha="right", **look)
    if count < len(lists[first]):
        text = f"其余合计不足 {REST:.1%} The rest bring less than {REST:.1%}"
        axes.text(NAME_AT, count + 1, text, color=FAINT, **look)


def order_figure(table: pd.DataFrame, caption: Caption) -> Figure:
    """Gain by year of the best and the greedy order, a panel a mode.

    Parameters
    ----------
    table
        `ORDER_CHART_COLUMNS`: of each mode the order `greedy` and, if known, `best`; the project
        built in the year, the gain by then (people), and `gap`, how much less the greedy order
        brings over all years, as a share.
    caption
        Titles and notes.
    """
    panels = {mode: table.loc[table["mode"] == mode] for mode in MODES}
    years = {mode: listed_years(rows) for mode, rows in panels.items()}
    lines = max(years.values()) + 2
    list_in = ROW_IN * lines
    height = TOP_IN + PANEL_IN + BETWEEN_IN + list_in + BOTTOM_IN + caption.below_in
    figure = sheet(WIDTH_IN, height)
    half = WIDTH_IN / len(MODES)
    for number, (mode, rows) in enumerate(panels.items()):
        left, width = LEFT_IN + number * half, half - LEFT_IN - RIGHT_IN
        axes = axes_at(figure, (left, TOP_IN), (width, PANEL_IN))
        _add_lines(axes, rows, mode)
        if number == 0:
            axes.set_ylabel(GAINED, fontsize=10, color=INK)
        below = TOP_IN + PANEL_IN + BETWEEN_IN
        size = (half - RIGHT_IN - 0.2, list_in)
        texts = text_axes(figure, (number * half + 0.2, below), size, lines)
        if len(rows):
            _add_list(texts, rows, years[mode])
    looks = {order: look for order, look in LOOKS.items() if (table["order"] == order).any()}
    add_key(figure, [(look, " ".join(ORDERS[order])) for order, look in looks.items()])
    add_caption(figure, caption)
    return figure
