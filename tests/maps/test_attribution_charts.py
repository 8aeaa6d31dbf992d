"""Charts of who brings what: what is drawn equals the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from page_worlds import EVIL

from maps.charts.order_chart import LOOKS, order_figure
from maps.charts.pair_chart import DIAGONAL, pair_figure
from maps.charts.tornado_chart import tornado_figure
from maps.charts.waterfall_chart import BAND, SURE, waterfall_figure
from maps.charts.year_chart import year_figure
from maps.sheet.caption import Caption
from maps.sheet.figure_files import FORMATS, typeset, write_picture
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES, NEUTRAL

CAPTION = Caption(f"标题 $x$ {EVIL}", "Title", ("示意 schematic",))
ENDS = (400_000.0, 420_500.0)


def steps(*, drawn: bool = True) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "name_zh": [f"线{EVIL}", "路", "桥"],
            "name_en": ["Line", "A very long name of a road that nobody wants to read", ""],
            "shapley": [20_000.0, 1_000.0, -500.0],
            "ahead": [True, False, False],
        }
    )
    band = (table["shapley"] - 300, table["shapley"] + 900) if drawn else (np.nan, np.nan)
    share = table["shapley"] / (ENDS[1] - ENDS[0])
    return table.assign(share=share, low=band[0], high=band[1])


def names() -> pd.DataFrame:
    rows = [("a", f"甲{EVIL}", "A"), ("b", "乙", "B"), ("c", "丙", "C")]
    return pd.DataFrame(rows, columns=["player_id", "name_zh", "name_en"])


def pairs() -> pd.DataFrame:
    rows = [
        ("transit", "a", "b", 40.0, "help"),
        ("transit", "c", "a", -900.0, "replace"),
        ("transit", "b", "c", 0.3, "apart"),
        ("drive", "b", "a", 900.0, "requires"),
        ("drive", "a", "c", 41.0, "together_only"),
        ("drive", "b", "c", 0.0, "apart"),
        ("drive", "b", "nobody", 5.0, "help"),
    ]
    return pd.DataFrame(rows, columns=["mode", "first", "second", "interaction", "kind"])


def swings() -> pd.DataFrame:
    rows = [
        ("transit", "绕行", f"Detour {EVIL}", 25_000.0, 26_000.0, 24_000.0),
        ("transit", "步行", "Walking", 25_000.0, 20_000.0, 28_000.0),
        ("transit", "车速", "Speeds", 25_000.0, 25_000.0, 25_000.0),
        ("drive", "绕行", "Detour", 50_000.0, 49_000.0, 49_000.0),
    ]
    columns = ["mode", "name_zh", "name_en", "central", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def orders() -> pd.DataFrame:
    rows = []
    gains = {"best": [100.0, 3_000.0, 3_000.0], "greedy": [1_000.0, 1_100.0, 3_000.0]}
    for mode in MODES:
        for order, gain in gains.items():
            whose = "甲乙丙" if order == "best" else "乙甲丙"
            for year, name in enumerate(whose, 1):
                rows.append((mode, order, year, name + EVIL, "X", gain[year - 1], 0.16))
    columns = ["mode", "order", "year", "name_zh", "name_en", "gain", "gap"]
    return pd.DataFrame(rows, columns=columns)


def years() -> pd.DataFrame:
    mean = {"x": [10_000.0, 10_000.0, 25_000.0], "y": [90_000.0, 89_000.0, 95_000.0]}
    rows = [
        (mode, area, f"区{area}{EVIL}", f"Area {area}", 2022 + n, value)
        for mode in MODES
        for area, values in mean.items()
        for n, value in enumerate(values)
    ]
    columns = ["mode", "area_id", "name_zh", "name_en", "year", "mean"]
    return pd.DataFrame(rows, columns=columns)


OPENINGS = pd.DataFrame({"year": [2024], "names_zh": [f"线{EVIL}"], "names_en": ["Line"]})
PICTURES = {
    "steps": lambda: waterfall_figure(steps(), ENDS, CAPTION, mode="transit"),
    "pairs": lambda: pair_figure(names(), pairs(), CAPTION),
    "swings": lambda: tornado_figure(swings(), CAPTION),
    "orders": lambda: order_figure(orders(), CAPTION),
    "years": lambda: year_figure(years(), OPENINGS, CAPTION),
}


def drawn(make: Any) -> Figure:
    with typeset():
        figure = make()
        figure.canvas.draw()
        return figure


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


# From before to after -----------------------------------------------------------------------


def test_steps_lead_from_before_to_after() -> None:
    axes = drawn(PICTURES["steps"]).axes[0]
    *moves, before, after = bars(axes)
    table = steps()
    widths = [bar.get_width() * 10_000 for bar in moves]
    np.testing.assert_allclose(widths, table["shapley"])
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in moves] == [1, 2, 3]
    ends = [(bar.get_x() + bar.get_width()) * 10_000 for bar in (before, moves[-1], after)]
    np.testing.assert_allclose(ends, [ENDS[0], ENDS[1], ENDS[1]])
    starts = [bar.get_x() * 10_000 for bar in moves]
    np.testing.assert_allclose(starts, [400_000, 420_000, 421_000])
    colors = [to_hex(bar.get_facecolor()) for bar in moves]
    assert colors == [GAINS[2], GAINS[2], LOSSES[2]]


def test_bands_begin_where_their_steps_do() -> None:
    axes = drawn(PICTURES["steps"]).axes[0]
    bands = [line for line in axes.lines if line.get_marker() == BAND["marker"]]
    found = [np.asarray(line.get_xdata(), dtype=float) * 10_000 for line in bands]
    starts = np.array([400_000, 420_000, 421_000])
    table = steps()
    np.testing.assert_allclose(
        found, np.column_stack([starts + table["low"], starts + table["high"]])
    )


def test_the_axis_is_broken_only_where_steps_would_be_too_small() -> None:
    broken = drawn(PICTURES["steps"]).axes[0]
    assert broken.get_xlim()[0] > 39
    whole = drawn(lambda: waterfall_figure(steps(), (5_000.0, 25_500.0), CAPTION, mode="drive"))
    assert whole.axes[0].get_xlim()[0] == 0
    white = [line for line in broken.lines if line.get_color() == "white"]
    assert len(white) == 4
    assert not [line for line in whole.axes[0].lines if line.get_color() == "white"]


def test_certain_orders_are_marked_between_their_rows() -> None:
    texts = drawn(PICTURES["steps"]).axes[1]
    marks = [line for line in texts.lines if line.get_marker() == SURE["marker"]]
    assert [line.get_ydata()[0] for line in marks] == [1.5]
    said = [text.get_text() for text in texts.texts]
    assert "+20,000" in said
    assert "−500" in said
    assert "97.6%" in said
    assert "+19,700 – +20,900" in said


def test_without_draws_there_are_neither_bands_nor_their_legend() -> None:
    figure = drawn(lambda: waterfall_figure(steps(drawn=False), ENDS, CAPTION, mode="transit"))
    assert not figure.legends
    assert not [line for line in figure.axes[0].lines if line.get_marker() == BAND["marker"]]
    assert not any("%–" in text.get_text() for text in figure.axes[1].texts)


def test_nobody_brings_anything() -> None:
    drawn(lambda: waterfall_figure(steps().iloc[:0], (5.0, 5.0), CAPTION, mode="transit"))
    drawn(lambda: pair_figure(names().iloc[:0], pairs().iloc[:0], CAPTION))
    drawn(lambda: tornado_figure(swings().iloc[:0], CAPTION))
    drawn(lambda: order_figure(orders().assign(gain=0.0), CAPTION))
    drawn(lambda: year_figure(years().assign(mean=3.0), OPENINGS.iloc[:0], CAPTION))


# Pairs, values, orders, years ---------------------------------------------------------------


def test_cells_of_pairs_have_the_class_of_their_interaction() -> None:
    axes = drawn(PICTURES["pairs"]).axes[0]
    cells = {
        (round(box.get_y() + 0.5), round(box.get_x() + 0.5)): to_hex(box.get_facecolor())
        for box in bars(axes)
    }
    assert len(cells) == 9
    assert [cells[n, n] for n in range(3)] == [DIAGONAL] * 3
    # transit below the diagonal, cars above
    assert cells[2, 0] == LOSSES[-1]
    assert cells[0, 1] == GAINS[-1]
    assert cells[2, 1] == cells[1, 2] == NEUTRAL
    assert cells[1, 0] in GAINS
    assert cells[0, 2] in GAINS
    numbers = {t.get_position(): t.get_text() for t in axes.texts}
    assert numbers[0, 2] == "−900"
    assert numbers[0, 1] == "+40"
    marks = [(*line.get_xdata(), line.get_marker()) for line in axes.lines]
    assert sorted(marks) == [(1, "o"), (2, "*")]


def test_values_that_swing_most_stand_on_top() -> None:
    transit, drive = drawn(PICTURES["swings"]).axes
    said = [label.get_text().split("\n")[0] for label in transit.get_yticklabels()]
    assert said == ["步行", "绕行"]
    ends = [10_000 * (bar.get_x() + bar.get_width()) for bar in bars(transit)]
    np.testing.assert_allclose(ends, [20_000, 26_000, 28_000, 24_000])
    # both below the central value: beside each other
    low, high = bars(drive)
    np.testing.assert_allclose([low.get_width(), high.get_width()], [-0.1, -0.1])
    assert low.get_y() + low.get_height() <= high.get_y() + 1e-9


def test_lines_of_orders_are_their_gains() -> None:
    figure = drawn(PICTURES["orders"])
    for axes in (figure.axes[0], figure.axes[2]):
        lines = {line.get_label(): line for line in axes.lines if line.get_label() in LOOKS}
        for order in LOOKS:
            own = orders().loc[lambda t, o=order: (t["mode"] == "drive") & (t["order"] == o)]
            gains = np.asarray(lines[order].get_ydata(), dtype=float) * 10_000
            np.testing.assert_allclose(gains[1:-1], own["gain"])
        assert any("16.0%" in text.get_text() for text in axes.texts)
    said = [text.get_text() for text in figure.axes[1].texts]
    # who is built in the years before nothing more is gained, in both orders
    assert [text[0] for text in said if EVIL in text] == ["甲", "乙", "丙", "乙", "甲", "丙"]


def test_bars_of_years_are_what_is_reached_more() -> None:
    figure = drawn(PICTURES["years"])
    for area, axes in zip("xyxy", figure.axes, strict=False):
        mean = years().loc[lambda t, a=area: (t["mode"] == "drive") & (t["area_id"] == a), "mean"]
        heights = [10_000 * bar.get_height() for bar in bars(axes)]
        np.testing.assert_allclose(heights, mean - mean.iloc[0])
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()
    assert figure.axes[0].texts[0].get_text() == "1.0 → 2.5 (+150%)"
    assert [
        list(line.get_xdata()) for line in figure.axes[1].lines if line.get_label() == "opened"
    ] == [[2024]]
    said = [text.get_text() for text in figure.axes[-1].texts]
    assert f"线{EVIL}\nLine" in said


# Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(PICTURES))
def test_no_text_is_cut_off(name: str) -> None:
    figure = drawn(PICTURES[name])
    left, bottom, right, top = figure.get_tightbbox().extents
    width, height = figure.get_size_inches()
    assert 0 <= left < right <= width
    assert 0 <= bottom < top <= height


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for run in "ab":
        write_picture(PICTURES["steps"], tmp_path / run)
    for ending in FORMATS:
        first, second = (tmp_path / f"{run}.{ending}" for run in "ab")
        assert first.read_bytes() == second.read_bytes(), ending
