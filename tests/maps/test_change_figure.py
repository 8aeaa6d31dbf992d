"""The figure of what changes, and the font that it brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.ft2font import FT2Font
from page_worlds import small_tables
from PIL import Image

from maps.charts.change_map import draw_change_figure
from maps.sheet.typeface import FONT_FILE, font_families


def test_font_has_the_glyphs_of_chinese_reports() -> None:
    glyphs = FT2Font(str(FONT_FILE)).get_charmap()
    for letter in "西部科学城璧山中梁缙云轨道，。（）《》→±−–km²①":
        assert ord(letter) in glyphs, letter
    assert FONT_FILE.stat().st_size < 3e6
    assert (FONT_FILE.parent / "OFL.txt").is_file()
    assert font_families()[0] == FT2Font(str(FONT_FILE)).family_name


def test_figure_is_a_report_sized_png_and_the_same_every_time(tmp_path: Path) -> None:
    tables = small_tables("$x$")
    for name in ("a", "b"):
        draw_change_figure(tables, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (2400, 1800)
        assert "Software" not in picture.info
    with pytest.raises(ValueError, match="people_2700_drive_peak"):
        draw_change_figure(tables, tmp_path / "c", stem="people_1")


def test_figure_needs_no_system_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr("maps.sheet.figure_files.font_families", lambda: font_families()[:1])
    draw_change_figure(small_tables(), tmp_path / "a")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]
