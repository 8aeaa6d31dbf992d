"""Travel times between named places as heat maps: baseline, scenario and change."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.text import Annotation

from maps.sheet.caption import ABOVE_IN, FAINT, MARGIN_IN, Caption, add_caption, shorten
from maps.sheet.figure_files import DPI
from maps.sheet.map_frame import INK
from maps.sheet.minute_colours import CHANGES, CLASSES, change_look, time_look
from maps.sheet.sides import SIDES
from maps.style.palette import KINDS

WIDTH_IN = 16.5
"""Width of A3 landscape."""

ROW_IN, MIN_TABLE_IN = 0.126, 3.0
"""Height of a row, and minimum height of the table."""

NAMES_IN, AREAS_END_IN, BETWEEN_IN = 2.75, 1.75, 0.16
"""Widths: of all names left of the table, right end of the areas' names, gap between panels."""

TOP_IN, BOTTOM_IN = ABOVE_IN + 0.65, 0.95
WIDTH, AREA_WIDTH = 24, 13
"""Maximum width of names of places and of areas, half characters."""

GROUND: dict[str, Any] = {"facecolor": "#f7f6f2", "edgecolor": "#aaa79e", "hatch": "////////"}
"""Look of cells without a time."""

TITLES = ("现状 Before", "方案 After", "变化 Change")
MARKS = {
    "same": ("white", ""),
    "opened": (KINDS["people_mover"], "方案中新增 Within the limit only after"),
    "lost": (INK, "方案中失去 Within the limit only before"),
}
"""Marks over cells: the diagonal, and pairs with a time in only one network."""


def time_matrix(ids: pd.Series, times: pd.DataFrame) -> np.ma.MaskedArray:
    """Minutes from each place (row) to each place (column); pairs without a time are masked.

    Examples
    --------
    >>> trips = pd.DataFrame({"from_id": ["a"], "to_id": ["b"], "secs": [90.0]})
    >>> print(time_matrix(pd.Series(["a", "b"]), trips))
    [[-- 1.5]
     [-- --]]
    """
    wide = times.pivot_table(index="from_id", columns="to_id", values="secs")
    return np.ma.masked_invalid(wide.reindex(index=ids, columns=ids).to_numpy(dtype=float) / 60)


def _marks(baseline: np.ma.MaskedArray, scenario: np.ma.MaskedArray) -> np.ma.MaskedArray:
    """Index in `MARKS` of each cell; cells without a mark are masked."""
    in_baseline, in_scenario = ~np.ma.getmaskarray(baseline), ~np.ma.getmaskarray(scenario)
    diagonal = np.eye(len(in_baseline), dtype=bool)
    numbers = np.select(
        [diagonal, in_scenario & ~in_baseline, in_baseline & ~in_scenario], [0, 1, 2], default=-1
    )
    return np.ma.masked_less(numbers, 0)


def _add_cells(axes: Axes, values: np.ma.MaskedArray, **look: Any) -> AxesImage:
    """Draw cells; masked cells show the ground."""
    return axes.imshow(values, aspect="auto", interpolation="nearest", **look)


def _add_marks(axes: Axes, marks: np.ma.MaskedArray) -> None:
    colors = ListedColormap([color for color, _ in MARKS.values()])
    _add_cells(axes, marks, cmap=colors, vmin=-0.5, vmax=len(MARKS) - 0.5)


def _borders(order: pd.DataFrame) -> list[int]:
    """Positions of the borders between areas, with the first and the last."""
    areas = order["area"].to_numpy()
    inner = np.flatnonzero(areas[1:] != areas[:-1]) + 1
    return [0, *map(int, inner), len(areas)]


def _add_ground(axes: Axes, order: pd.DataFrame) -> None:
    """Draw hatching for missing cells and lines between areas."""
    count = len(order)
    axes.patch.set(linewidth=0, **GROUND)
    axes.spines[:].set_visible(False)
    axes.set(xticks=[], yticks=[], xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    for border in _borders(order)[1:-1]:
        axes.axhline(border - 0.5, color="white", linewidth=1.6)
        axes.axvline(border - 0.5, color="white", linewidth=1.6)


def _write_above(axes: Axes, text: str, column: float, points: float, **look: Any) -> Annotation:
    return axes.annotate(
        text,
        (column, -0.5),
        xytext=(0, points),
        textcoords="offset points",
        ha="center",
        va="bottom",
        **look,
    )


def _write_left(axes: Axes, text: str, row: float, points: float, **look: Any) -> None:
    axes.annotate(
        text,
        (-0.5, row),
        xytext=(-points, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        **look,
    )


def _spans(order: pd.DataFrame) -> list[tuple[str, float, int]]:
    """Name, middle and number of places of each area."""
    borders = _borders(order)
    return [
        (order["area"].iloc[first], (first + end - 1) / 2, end - first)
        for first, end in itertools.pairwise(borders)
    ]


def _add_columns(axes: Axes, order: pd.DataFrame) -> None:
    """Write numbers of the columns, and above them names of areas that have room."""
    for number in range(len(order)):
        # numbers of two digits are wider than a column, so every other number is raised
        _write_above(axes, str(number + 1), number, 3 + 8 * (number % 2), fontsize=6.5)
    column_width = axes.get_window_extent().width / len(order)
    for area, middle, count in _spans(order):
        name = _write_above(axes, shorten(area, AREA_WIDTH), middle, 21, fontsize=9, color=FAINT)
        if name.get_window_extent().width > count * column_width:
            name.remove()


def _add_names(axes: Axes, order: pd.DataFrame) -> None:
    """Write number and name of each row, and the names of the areas farther left."""
    for number, name in enumerate(order["name"]):
        _write_left(axes, f"{shorten(name, WIDTH)} {number + 1}", number, 4, fontsize=7.5)
    for area, middle, _ in _spans(order):
        _write_left(
            axes, shorten(area, AREA_WIDTH), middle, 72 * AREAS_END_IN, fontsize=9.5, color=FAINT
        )


def _add_numbers(axes: Axes, order: pd.DataFrame) -> None:
    """Write the number of each row, for panels without names."""
    for number in range(len(order)):
        _write_left(axes, str(number + 1), number, 2, fontsize=6)


def _add_bar(figure: Figure, image: AxesImage, borders: Sequence[float], words: str) -> None:
    """Draw the colour bar below a panel, with the minutes between the colours."""
    box, height = image.axes.get_position(), figure.get_figheight()
    axes = figure.add_axes((box.x0, box.y0 - 0.52 / height, box.width, 0.16 / height))
    bar = figure.colorbar(image, cax=axes, orientation="horizontal", spacing="uniform")
    form = "+g" if borders[0] else "g"
    bar.set_ticks(list(borders), labels=[f"{n:{form}}".replace("-", "−") for n in borders])
    bar.outline.set_visible(False)
    axes.tick_params(labelsize=9, length=0, pad=2)
    axes.set_title(words, fontsize=10, loc="left", pad=4)


def _add_key(axes: Axes, marks: np.ma.MaskedArray, *, missing: bool) -> None:
    """Draw the legend of marks and missing cells below a panel."""
    present = set(marks.compressed())
    ground = {"无结果 No time within the limit": Patch(linewidth=0, **GROUND)}
    handles = ground if missing else {}
    for number, (color, words) in enumerate(MARKS.values()):
        if words and number in present:
            handles[words] = Patch(facecolor=color)
    axes.legend(
        handles.values(),
        handles.keys(),
        loc="upper left",
        bbox_to_anchor=(0, -0.012),
        borderpad=0,
        borderaxespad=0.6,
        frameon=False,
        fontsize=10,
    )


def _add_panels(figure: Figure, count: int, bottom_in: float, table_in: float) -> list[Axes]:
    """Axes side by side, right of the names."""
    width, height = figure.get_size_inches()
    panel = (width - NAMES_IN - (count - 1) * BETWEEN_IN - MARGIN_IN) / count
    lefts = [NAMES_IN + number * (panel + BETWEEN_IN) for number in range(count)]
    return [
        figure.add_axes((left / width, bottom_in / height, panel / width, table_in / height))
        for left in lefts
    ]


def table_figure(order: pd.DataFrame, times: pd.DataFrame, caption: Caption) -> Figure:
    """Three heat maps: minutes in baseline and scenario, and the change.

    Parameters
    ----------
    order
        `maps.charts.place_order.ORDER_COLUMNS`: places in the order of rows and columns.
    times
        `side` (baseline or scenario), `from_id`, `to_id`, `secs`; one row a pair with a time.
    caption
        Titles and notes.
    """
    baseline, scenario = (
        time_matrix(order["place_id"], times.loc[times["side"] == side]) for side in SIDES
    )
    table_in, bottom_in = max(ROW_IN * len(order), MIN_TABLE_IN), BOTTOM_IN + caption.below_in
    height = TOP_IN + table_in + bottom_in
    figure = Figure(figsize=(WIDTH_IN, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    marks = _marks(baseline, scenario)
    diagonal = np.ma.masked_greater(marks, 0)
    panels = _add_panels(figure, 3, bottom_in, table_in)
    cells = [
        (baseline, time_look(), diagonal),
        (scenario, time_look(), diagonal),
        (scenario - baseline, change_look(), marks),
    ]
    for axes, title, (values, look, marks_over) in zip(panels, TITLES, cells, strict=True):
        _add_ground(axes, order)
        _add_columns(axes, order)
        axes.set_title(title, fontsize=13, color=INK, loc="left", pad=38)
        _add_cells(axes, values, **look)
        _add_marks(axes, marks_over)
        (_add_names if axes is panels[0] else _add_numbers)(axes, order)
    _add_bar(figure, panels[0].images[0], CLASSES, "时间（分钟） Time (minutes)")
    _add_bar(figure, panels[2].images[0], CHANGES, "变化（分钟） Change (minutes)")
    missing = np.ma.getmaskarray(baseline + scenario) & np.ma.getmaskarray(diagonal)
    _add_key(panels[1], marks, missing=bool(missing.any()))
    add_caption(figure, caption)
    return figure
