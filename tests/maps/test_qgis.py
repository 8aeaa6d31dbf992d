"""GeoPackages as QGIS opens them: styles, Chinese names of columns, a picture."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from page_worlds import accessibility, areas, isochrones, projects
from PIL import Image

from maps.qgis.layer_styles import qgis_style
from maps.qgis.qml import QgisStyle, qml
from maps.style.overlay import Symbol
from scicity.outputs.files import LayerFile
from scicity.outputs.geopackage import split_by_geometry, write_geopackage

SCRIPT = Path(__file__).parents[1] / "support" / "programs" / "qgis_project.py"
PYTHON = "/usr/bin/python3"
DATE = str(dt.date(2022, 4, 20))


def layers() -> list[LayerFile]:
    return [
        LayerFile("areas", areas()),
        LayerFile("projects", projects()),
        LayerFile("isochrones", isochrones()),
        LayerFile("accessibility", accessibility()),
        LayerFile("strange", areas()),
    ]


def styles(name: str, frame: gpd.GeoDataFrame) -> str | None:
    found = qgis_style(name, frame, {"schools": "学校"})
    return qml(found) if found else None


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gis") / "results.gpkg"
    write_geopackage(layers(), path, DATE, styles)
    return path


@pytest.fixture(scope="module")
def seen(package: Path) -> dict[str, Any]:
    """What QGIS says of each layer; it has drawn them as `qgis.png` beside."""
    tried = shutil.which(PYTHON) and subprocess.run([PYTHON, "-c", "import qgis"], check=False)
    if not tried or tried.returncode:
        pytest.skip("no QGIS here")
    done = subprocess.run(
        [PYTHON, SCRIPT, package, package.with_name("qgis.png")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_qgis_finds_a_style_for_each_layer(seen: dict[str, Any]) -> None:
    assert set(seen) == {
        *("areas", "projects_line", "projects_point", "isochrones", "accessibility", "strange")
    }
    kinds = {name: found["renderer"] for name, found in seen.items()}
    assert kinds["accessibility"] == kinds["isochrones"] == "graduatedSymbol"
    assert kinds["projects_line"] == kinds["areas"] == "categorizedSymbol"
    assert kinds["strange"] == "singleSymbol"
    assert seen["isochrones"]["classes"] == ["≤ 15 分钟", "≤ 30 分钟", "≤ 31 分钟"]


def test_columns_have_chinese_names(seen: dict[str, Any]) -> None:
    names = seen["accessibility"]["aliases"]
    assert names["population"] == "人口"
    assert names["schools"] == "学校"
    assert names["people_2700_transit_peak_change"] == "人口≤45分钟·公交·高峰·变化"
    assert not seen["strange"]["aliases"]


def test_the_picture_has_the_colours_of_the_classes(seen: dict[str, Any], package: Path) -> None:
    assert seen
    with Image.open(package.with_name("qgis.png")) as picture:
        colors = {color for _, color in picture.convert("RGB").getcolors(1 << 20) or []}
    assert len(colors) > 20
    # lines of the plan, as on the page
    assert any(abs(r - 0xC2) + abs(g - 0x18) + abs(b - 0x5B) < 12 for r, g, b in colors)


def test_every_feature_has_a_class() -> None:
    """What a style leaves out, QGIS would not draw."""
    frame = accessibility()
    style = qgis_style("accessibility", frame, {})
    assert style is not None
    ends = [value for value, _ in style.classes]
    for value in frame[style.column]:
        assert sum(low <= value <= high for low, high in ends) >= 1
    assert ends == sorted(ends)


def test_layers_of_points_and_lines_become_two() -> None:
    parts = list(split_by_geometry(LayerFile("projects", projects())))
    assert [part.name for part in parts] == ["projects_line", "projects_point"]
    assert sum(len(part.frame) for part in parts) == len(projects())
    assert [part.name for part in split_by_geometry(LayerFile("areas", areas()))] == ["areas"]


def test_two_packages_are_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "results.gpkg"
    write_geopackage(layers(), again, DATE, styles)
    assert again.read_bytes() == package.read_bytes()
    with closing(sqlite3.connect(again)) as opened:
        dates = opened.execute("SELECT DISTINCT update_time FROM layer_styles").fetchall()
    assert dates == [(f"{DATE}T00:00:00.000Z",)]


def test_names_in_a_style_are_text() -> None:
    symbol = Symbol("line", ({"color": "#000000", "weight": 1},), '<b>&"')
    text = qml(QgisStyle("kind", [("<&", symbol)], {"a": "<&>"}))
    assert "<b>" not in text
    assert 'name="&lt;&amp;&gt;"' in text
