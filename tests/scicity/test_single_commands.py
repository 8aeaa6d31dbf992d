"""Commands that answer one question, write one layer or begin a study; what README says of them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from run_files import BUS_FILES

from scicity.cli import main


def block(text: str, start: str, end: str) -> str:
    """An indented block of a page, from one of its lines to another."""
    lines = text[text.index(start) : text.index(end) + len(end)].splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines)


def test_the_tunnel_of_the_docs_answers_another_question(copy: Path, tmp_path: Path) -> None:
    """The ten lines and the scenario exactly as docs/questions.md prints them."""
    page = (Path(__file__).parents[2] / "docs/questions.md").read_text(encoding="utf-8")
    tunnel = block(page, '    {"type": "FeatureCollection"', "}}]}")
    (copy / "projects/MINE.geojson").write_text(tunnel, encoding="utf-8")
    mine = block(page, "    [scenarios.mine]", 'projects = ["MINE"]')
    toml = copy / "study.toml"
    words = toml.read_text(encoding="utf-8")
    place = "[assumptions.walk_speed_kph]"
    toml.write_text(words.replace(place, f"{mine}\n\n{place}"), encoding="utf-8")
    assert main(["check", "--study", str(copy)]) == 0
    target = tmp_path / "mine"
    asked = ["--study", str(copy), "--scenario", "mine", "--out", str(target)]
    assert main(["compare", *asked]) == 0
    times = pd.read_csv(target / "place_times.csv")
    car = times[(times["mode"] == "drive") & (times["period"] == "offpeak")]
    trip = car[(car["from_id"] == "C_ZJ") & (car["to_id"] == "PK_BS")].iloc[0]
    assert trip["change_secs"] < -60


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (
            ["isochrones", "--origin", "106.30,29.61", "--mode", "walk", "--cutoffs", "10,20"],
            {"isochrones.geojson", "isochrones_change.geojson", "reached_streets.geojson"},
        ),
        (
            ["bus-loops"],
            BUS_FILES,
        ),
    ],
)
def test_single_commands_write_their_layers(
    command: list[str], files: set[str], tmp_path: Path
) -> None:
    target = tmp_path / "out"
    assert main([*command, "--out", str(target)]) == 0
    assert {path.name for path in target.iterdir()} == files


def test_export_opens_in_gis(tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert main(["export", "--scenario", "all", "--out", str(target)]) == 0
    roads = gpd.read_file(target / "roads_all.geojson")
    assert {"u", "v", "osmid", "highway", "length", "speed_kph", "travel_time"} <= set(roads)
    names = [name for name, _ in pyogrio.list_layers(target / "study.gpkg")]
    assert {"projects_line", "projects_point", "roads_all", "layer_styles"} <= set(names)


def test_init_makes_a_study_that_is_sound(tmp_path: Path) -> None:
    folder = tmp_path / "my study"
    assert main(["init", str(folder)]) == 0
    assert main(["check", "--study", str(folder)]) == 0


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "check",
        "isochrones",
        "compare",
        "bus-loops",
        "attribute",
        "map",
        "export",
        "init",
        "fetch",
        "matrix",
        "itinerary",
    ],
)
def test_help_gives_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"scicity {command}" in capsys.readouterr().out.split("example:")[1]
