"""Pairs of projects: which help and which replace each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from maps.sheet.caption import ABOVE_IN, Caption, add_caption, shorten
from maps.sheet.map_frame import INK
from maps.sheet.sheet import axes_at, sheet, two_lines
from maps.style.html_text import signed
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES, change_classes, change_color, change_label, few_breaks

PAIR_CHART_COLUMNS = ("mode", "first", "second", "interaction", "kind")
CELL_IN, ROW_IN = 0.62, 0.46
LEFT_IN, KEY_IN, RIGHT_IN = 3.3, 2.9, 0.2
TOP_IN, BOTTOM_IN = ABOVE_IN + 0.85, 0.3
KEY_HEAD_IN, KEY_ROW_IN = 0.6, 0.42
"""Heights of the legend's title and of one of its entries."""

MIN_WIDTH_IN = 11.0
"""Minimum width of the figure, for its texts."""

NAME_WIDTH = 44
"""Maximum width of a name, half characters."""

APART = "apart"
DIAGONAL = "#c9c6bd"
DARK = (*GAINS[3:], *LOSSES[3:])
EDGE: dict[str, Any] = {"edgecolor": "white", "linewidth": 1.2}
MARKS: dict[str, tuple[dict[str, Any], str, str]] = {
    "together_only": (
        {"marker": "*", "markeredgecolor": INK, "markerfacecolor": INK, "markersize": 7},
        "只有一起建才有作用",
        "work only together",
    ),
    "requires": (
        {"marker": "o", "markeredgecolor": INK, "markerfacecolor": "none", "markersize": 5.5},
        "一个以另一个为前提",
        "one requires the other",
    ),
}
"""Marks of special kinds of pairs: look, Chinese and English meaning."""

MEANINGS = {1: "相互促进 help", 0: "互不影响 apart", -1: "相互替代 replace"}


def pair_cells(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Pairs as cells of a matrix: transit below the diagonal, cars above.

    Parameters
    ----------
    table
        `PAIR_CHART_COLUMNS`.
    order
        Ids in the order of the matrix; pairs with other ids are left out.

    Returns
    -------
    DataFrame
        `PAIR_CHART_COLUMNS`, `row`, `column`.

    Examples
    --------
    >>> pairs = pd.DataFrame({"mode": ["transit", "drive"], "first": "a", "second": "b"})
    >>> pair_cells(pairs, ["b", "a"])[["row", "column"]].values.tolist()
    [[1, 0], [0, 1]]
    """
    known = table.loc[table["first"].isin(order) & table["second"].isin(order)]
    position = {name: number for number, name in enumerate(order)}
    ends = np.sort([known[side].map(position).to_numpy() for side in ("first", "second")], axis=0)
    below = (known["mode"] == "transit").to_numpy()
    return known.assign(
        row=np.where(below, ends[1], ends[0]), column=np.where(below, ends[0], ends[1])
    )


def _classes(cells: pd.DataFrame) -> tuple[tuple[float, ...], list[int]]:
    """Class breaks, and the class of each cell: 0 for pairs that are `APART`."""
    sizes = cells["interaction"].where(cells["kind"] != APART, 0.0).to_numpy(dtype=float)
    breaks = few_breaks(sizes)
    return breaks, change_classes(sizes, breaks)


def _square(axes: Axes, column: int, row: int, color: str) -> None:
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=color, **EDGE))


def _add_cells(axes: Axes, cells: pd.DataFrame) -> None:
    """Draw the cells: colour by class, the interaction, and the mark if any."""
    breaks, classes = _classes(cells)
    for cell, number in zip(cells.itertuples(), classes, strict=True):
        color = change_color(number, len(breaks) + 1)
        _square(axes, cell.column, cell.row, color)
        if cell.kind == APART:
            continue
        ink = "white" if color in DARK else INK
        low = cell.row + (0.16 if cell.kind in MARKS else 0)
        look: dict[str, Any] = {"fontsize": 9, "ha": "center", "va": "center", "color": ink}
        axes.text(cell.column, low, signed(cell.interaction), **look)
        if cell.kind in MARKS:
            mark = {**MARKS[cell.kind][0], "markeredgecolor": ink}
            axes.plot([cell.column], [cell.row - 0.24], linestyle="none", **mark)


def _add_names(axes: Axes, names: pd.DataFrame) -> None:
    """Write numbered names on the left, their numbers on top and on the diagonal."""
    count = max(1, len(names))
    labels = [
        two_lines(f"{zh}  {number}", en, NAME_WIDTH)
        for number, (zh, en) in enumerate(zip(names["name_zh"], names["name_en"], strict=True), 1)
    ]
    axes.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    axes.set_yticks(range(len(labels)), labels, fontsize=9.5, linespacing=1.2)
    axes.set_xticks(range(count), [str(n + 1) for n in range(count)], fontsize=9.5)
    axes.tick_params(length=0, colors=INK, top=False, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    for place in range(len(labels)):
        _square(axes, place, place, DIAGONAL)
        axes.text(place, place, str(place + 1), ha="center", va="center", fontsize=9)


def _add_halves(axes: Axes) -> None:
    """Write which half shows which mode."""
    look: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    halves = (("drive", "右上 above the diagonal", 1), ("transit", "左下 below the diagonal", 0))
    for mode, where, x in halves:
        words, side = " ".join(MODES[mode]), "right" if x else "left"
        axes.annotate(
            f"{words}: {where}", (x, 1), xytext=(0, 24), ha=side, fontsize=11, color=INK, **look
        )


def _key(cells: pd.DataFrame) -> tuple[list[Artist], list[str]]:
    """Handles and labels of the legend: classes that occur, largest gain first, then marks."""
    breaks, classes = _classes(cells)
    handles: list[Artist] = []
    labels = []
    for number in sorted(set(classes), reverse=True):
        handles.append(Patch(facecolor=change_color(number, len(breaks) + 1)))
        label, meaning = change_label(number, breaks), MEANINGS[int(np.sign(number))]
        labels.append(f"{label}\n{meaning}" if number else meaning)
    for kind, (look, zh, en) in MARKS.items():
        if (cells["kind"] == kind).any():
            handles.append(Line2D([], [], linestyle="none", **look))
            labels.append(f"{zh}\n{en}")
    return handles, labels


def _add_key(figure: Figure, axes: Axes, key: tuple[list[Artist], list[str]]) -> None:
    box = axes.get_position()
    figure.legend(
        *key,
        title="可达人口的增减\nMore or fewer people reached",
        alignment="left",
        loc="upper left",
        bbox_to_anchor=(box.x1 + 0.2 / figure.get_figwidth(), box.y1 + 0.005),
        frameon=False,
        fontsize=9.5,
        title_fontsize=10,
        labelspacing=0.8,
    )


def pair_figure(names: pd.DataFrame, table: pd.DataFrame, caption: Caption) -> Figure:
    """Matrix of pairs: transit below the diagonal, cars above.

    Parameters
    ----------
    names
        `player_id`, `name_zh`, `name_en`, in the order of the matrix.
    table
        `PAIR_CHART_COLUMNS`, each pair once a mode: `interaction`, how many more people both bring
        together than one by one, and `kind`: help, replace, `APART`, or one of `MARKS`.
    caption
        Titles and notes.
    """
    count = max(1, len(names))
    cells = pair_cells(table, names["player_id"].tolist())
    key = _key(cells)
    width = max(MIN_WIDTH_IN, LEFT_IN + CELL_IN * count + KEY_IN + RIGHT_IN)
    below = max(ROW_IN * count, KEY_HEAD_IN + KEY_ROW_IN * len(key[0])) + BOTTOM_IN
    figure = sheet(width, TOP_IN + below + caption.below_in)
    axes = axes_at(figure, (LEFT_IN, TOP_IN), (CELL_IN * count, ROW_IN * count))
    shortened = names.assign(name_en=[shorten(name, NAME_WIDTH) for name in names["name_en"]])
    _add_names(axes, shortened)
    _add_cells(axes, cells)
    _add_halves(axes)
    _add_key(figure, axes, key)
    add_caption(figure, caption)
    return figure
