"""Charts: what is drawn equals the tables, and the files need nothing of the reader."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from page_worlds import EVIL, small_tables
from PIL import Image
from shapely.geometry import Point, box

from maps.charts.area_chart import area_figure
from maps.charts.change_map import draw_change_figure
from maps.charts.place_order import MAX_PLACES, OUTSIDE, most_changed, place_order
from maps.charts.time_chart import time_figure
from maps.charts.time_table import MARKS, table_figure, time_matrix
from maps.sheet.caption import ABOVE_IN, Caption
from maps.sheet.figure_files import FORMATS, typeset, write_picture
from maps.sheet.minute_colours import change_look, time_look
from maps.sheet.sides import SIDES
from maps.style.modes import MODES
from maps.style.palette import GAINS, LOSSES, NEUTRAL

CAPTION = Caption(f"标题 $x$ {EVIL}", "Title", ("示意 schematic", "数据 Data"))
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


def area_table() -> pd.DataFrame:
    rows = [
        {"mode": mode, "name_zh": f"片区{n}{EVIL}", "name_en": f"Area {n}"}
        for mode in MODES
        for n in range(3)
    ]
    was = np.array([170_000.0, 0.0, 30_000.0, 2_000_000.0, 1_000.0, np.nan])
    change = np.array([70_000.0, 0.0, -5_000.0, 200_000.0, 0.0, np.nan])
    return pd.DataFrame(rows).assign(baseline=was, scenario=was + change)


def pair_times() -> pd.DataFrame:
    """Trips between a, b and c: one only before, one only after, b to c never."""
    minutes = {
        "baseline": {"ab": 20, "ba": 25.5, "ac": 100, "cb": 70},
        "scenario": {"ab": 10, "ba": 25.5, "ac": 130, "ca": 40},
    }
    rows = [
        {"mode": mode, "side": side, "from_id": pair[0], "to_id": pair[1], "secs": 60.0 * m}
        for mode in MODES
        for side, times in minutes.items()
        for pair, m in times.items()
    ]
    return pd.DataFrame(rows)


def order(count: int = 3) -> pd.DataFrame:
    areas = ["核心区"] + [f"外围区 {EVIL}"] * (count - 1)
    names = [f"地点{n}{EVIL}" for n in range(count)]
    return pd.DataFrame({"place_id": list("abcdefgh")[:count], "name": names, "area": areas})


def table() -> Figure:
    times = pair_times()
    return table_figure(order(), times.loc[times["mode"] == "transit"], CAPTION)


def drawn(make: Any) -> Figure:
    with typeset():
        figure = make()
        figure.canvas.draw()
        return figure


# What is drawn ------------------------------------------------------------------------------


def test_area_dots_stand_where_the_table_says() -> None:
    figure = drawn(lambda: area_figure(area_table(), CAPTION))
    known = area_table().dropna()
    assert len(figure.axes) == len(MODES)
    for axes, mode in zip(figure.axes, MODES, strict=True):
        rows = known.loc[known["mode"] == mode]
        dots = {line.get_label(): line for line in axes.lines if line.get_label() in SIDES}
        for side in SIDES:
            np.testing.assert_allclose(dots[side].get_xdata(), rows[side] / 10_000)
            assert list(dots[side].get_ydata()) == list(range(len(rows)))
        said = [text.get_text() for text in axes.texts]
        assert len(said) == len(rows)
    assert [t.get_text() for t in figure.axes[0].texts] == [
        "17.0 → 24.0 (+41%)",
        "0.0 → 0.0",
        "3.0 → 2.5 (−17%)",
    ]


def test_curves_end_at_the_share_of_pairs_that_have_a_time() -> None:
    figure = drawn(lambda: time_figure(pair_times(), dict.fromkeys(MODES, 6), CAPTION))
    for axes in figure.axes:
        curves = {line.get_label(): line for line in axes.lines if line.get_label() in SIDES}
        x, y = (list(values) for values in curves["scenario"].get_data())
        assert x[1:-1] == [10, 25.5, 40, 130]
        np.testing.assert_allclose(y[1:-1], 100 * np.arange(1, 5) / 6)
        assert y[-1] == y[-2] < 100
        assert "33% → 50%" in axes.texts[0].get_text()
        assert "33% → 33%" in axes.texts[0].get_text()


def test_no_time_at_all_is_drawn_as_none() -> None:
    nothing = pair_times().iloc[:0]
    drawn(lambda: time_figure(nothing, dict.fromkeys(MODES, 0), CAPTION))
    figure = drawn(lambda: table_figure(order(), nothing, CAPTION))
    assert all(np.ma.getmaskarray(axes.images[0].get_array()).all() for axes in figure.axes[:3])


def test_cells_equal_the_table_and_missing_pairs_are_masked() -> None:
    figure = drawn(table)
    was, now, change = (axes.images[0].get_array() for axes in figure.axes[:3])
    none = np.nan
    expected = {
        "was": [[none, 20, 100], [25.5, none, none], [none, 70, none]],
        "now": [[none, 10, 130], [25.5, none, none], [40, none, none]],
        "change": [[none, -10, 30], [0, none, none], [none, none, none]],
    }
    for found, values in zip((was, now, change), expected.values(), strict=True):
        np.testing.assert_array_equal(found.filled(none), values)
        assert 0 not in found.compressed() or found is change
    # the way from c to a is new, the one from c to b lost
    marks = figure.axes[2].images[1].get_array()
    names = list(MARKS)
    assert [names[marks[cell]] for cell in ((2, 0), (2, 1), (1, 1))] == ["opened", "lost", "same"]
    assert np.ma.is_masked(marks[1, 2])
    legend = figure.axes[1].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 3


def test_classes_of_minutes_are_told_apart() -> None:
    look = time_look()
    colors = [look["cmap"](look["norm"](m)) for m in (0, 14.9, 15, 30, 45, 60, 90, 120, 179, 181)]
    assert colors[0] == colors[1]
    assert colors[7] == colors[8]
    assert len(set(colors)) == len(colors) - 2
    look = change_look()
    colors = [look["cmap"](look["norm"](m)) for m in (-61, -59, -29, -14, -4, -0.4, 0.4, 1, 61)]
    hexes = [to_hex(color) for color in colors]
    assert hexes == [*GAINS[::-1], NEUTRAL, NEUTRAL, LOSSES[0], LOSSES[-1]]


def test_times_to_unknown_places_are_left_out() -> None:
    times = pair_times().assign(to_id="elsewhere")
    assert np.ma.getmaskarray(time_matrix(order()["place_id"], times)).all()


def test_places_stand_by_area_from_north_to_south() -> None:
    areas = gpd.GeoDataFrame(
        {"area_id": ["x", "y"], "name_zh": ["核心(近似)", "外围"]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs="EPSG:4326",
    )
    points = [(0.5, 0.2), (1.5, 0.5), (5, 5), (0.5, 0.9), (1, 0.1)]
    places = gpd.GeoDataFrame(
        {"place_id": list("abcde"), "name_zh": ["甲(一)", "乙", "丙", "丁", "戊"]},
        geometry=[Point(p) for p in points],
        crs="EPSG:4326",
    )
    found = place_order(places, areas)
    assert list(found["place_id"]) == ["d", "a", "e", "b", "c"]
    assert list(found["name"])[:2] == ["丁", "甲"]
    assert list(found["area"]) == ["核心", "核心", "核心", "外围", OUTSIDE]


def test_of_many_places_those_that_change_most_are_drawn() -> None:
    count = MAX_PLACES + 5
    ids = [f"p{n}" for n in range(count)]
    many = pd.DataFrame({"place_id": ids, "name": ids, "area": "x"})
    change = pd.DataFrame({"from_id": ids, "to_id": "p0", "change_secs": -np.arange(count)})
    assert list(most_changed(many, change)["place_id"]) == ids[5:]
    assert len(most_changed(many, change.iloc[:0])) == MAX_PLACES


# Files --------------------------------------------------------------------------------------

PICTURES = {
    "areas": lambda: area_figure(area_table(), CAPTION),
    "times": lambda: time_figure(pair_times(), dict.fromkeys(MODES, 6), CAPTION),
    "table": table,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every picture, drawn twice."""
    path = tmp_path_factory.mktemp("pictures")
    tables = small_tables(f"$x$ {EVIL}")
    for run in "ab":
        for name, make in PICTURES.items():
            write_picture(make, path / f"{name}_{run}")
        for stem, _, _ in tables.change_stems:
            draw_change_figure(tables, path / f"{stem}_{run}", stem=stem)
    return path


NAMES = (*PICTURES, "people_2700_transit_peak", "people_2700_drive_peak")


def test_two_runs_give_the_same_bytes_and_nothing_else(folder: Path) -> None:
    found = {path.name for path in folder.iterdir()}
    assert found == {f"{name}_{run}.{end}" for name in NAMES for run in "ab" for end in FORMATS}
    for name in NAMES:
        for end in FORMATS:
            first, second = (folder / f"{name}_{run}.{end}" for run in "ab")
            assert first.read_bytes() == second.read_bytes(), (name, end)


@pytest.mark.parametrize("name", NAMES)
def test_svg_has_outlines_for_letters_and_leads_nowhere(folder: Path, name: str) -> None:
    content = (folder / f"{name}_a.svg").read_bytes()
    root = ET.fromstring(content)  # noqa: S314 - our own file
    assert root.tag == f"{SVG}svg"
    assert not [element.tag for element in root.iter() if element.tag in (f"{SVG}text", "metadata")]
    for element in root.iter():
        address = element.get(HREF) or element.get("href") or "#"
        assert address.startswith(("#", "data:image/png;base64,"))
    assert not re.search(rb"url\((?!#)|font-family|<script|@import", content)
    assert b"matplotlib.org" not in content


def streams(pdf: bytes) -> list[bytes]:
    """The content of a PDF's streams that are plain or packed by zlib."""
    found = []
    for start in re.finditer(rb"stream\r?\n", pdf):
        packed = pdf[start.end() : pdf.find(b"endstream", start.end())]
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


@pytest.mark.parametrize(
    ("name", "letters"), [("areas", "片区标题"), ("people_2700_transit_peak", "公交变化示意")]
)
def test_pdf_holds_its_letters(folder: Path, name: str, letters: str) -> None:
    pdf = (folder / f"{name}_a.pdf").read_bytes()
    fonts = len(re.findall(rb"/Type /Font\b", pdf))
    # every font is made of drawings in the file, and says which letter each of them is
    assert fonts == len(re.findall(rb"/CharProcs ", pdf)) == len(re.findall(rb"/ToUnicode ", pdf))
    assert fonts
    maps = b"".join(part for part in streams(pdf) if b"begincmap" in part).lower()
    for letter in letters:
        assert f"<{ord(letter):04x}>".encode() in maps, letter
    for mark in (b"CreationDate", b"Matplotlib"):
        assert mark not in pdf


def test_pictures_are_large_enough_for_paper(folder: Path) -> None:
    with Image.open(folder / "areas_a.png") as picture:
        assert picture.width == 2400
    with Image.open(folder / "table_a.png") as picture:
        assert picture.width == 3300


@pytest.mark.parametrize("name", list(PICTURES))
def test_no_text_is_cut_off(name: str) -> None:
    figure = drawn(PICTURES[name])
    left, bottom, right, top = figure.get_tightbbox().extents
    width, height = figure.get_size_inches()
    assert 0 <= left < right <= width
    assert 0 <= bottom < top <= height


def test_a_picture_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> Figure:
        raise ValueError("no figure")

    with pytest.raises(ValueError, match="no figure"):
        write_picture(fail, tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_a_long_title_gets_smaller_letters() -> None:
    long = Caption("长" * 90, "long " * 60, ("注" * 150,))
    figure = drawn(lambda: time_figure(pair_times(), dict.fromkeys(MODES, 6), long))
    for text in figure.texts:
        assert text.get_window_extent().x1 <= figure.bbox.x1
    assert figure.get_figheight() > ABOVE_IN
