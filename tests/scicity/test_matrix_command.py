"""`scicity matrix`: times between places and points of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from matrix_parts import HOUR_SECS, table_of

from analysis.graph.travel import Travel
from analysis.travel_time import travel_times
from scicity.cli import main
from scicity.inputs.study import Study


def test_the_command_writes_the_times_between_places(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--points", "places", "--mode", "drive", "--scenario", "today", "--limit", "60"]
    assert main(["matrix", *options, "--out", str(tmp_path)]) == 0
    folder = tmp_path / "matrix_today_drive_peak_places"
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    found, network = table_of(folder), study.network("today")
    places, under = study.place_points, study.conditions
    expected = travel_times(network, places, travel=Travel("drive"), conditions=under).table
    near = expected.loc[expected["secs"] <= HOUR_SECS + 0.0005]
    assert 0 < len(near) < len(expected)
    assert found.to_numpy().tolist() == near.to_numpy().tolist()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(folder)
    assert said[1].startswith(f"{len(places)} places: {len(near)} pairs within 60 min, ")


def test_help_gives_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["matrix", "--help"])
    assert stopped.value.code == 0
    assert "scicity matrix --scenario plan" in capsys.readouterr().out.split("example:")[1]


def test_every_wrong_option_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", "--limit", "nan", "--workers", "0"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "error value-out-of-range --limit",
        "error option-unused --workers",
        "error value-out-of-range --workers",
    ]


def test_without_dask_the_command_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "analysis.od_matrix.workers", raising=False)
    assert main(["matrix", "--dask", "local"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error package-missing --dask: Dask is not installed")
    assert 'pip install "scicity[dask]"' in said
    assert "Traceback" not in said
