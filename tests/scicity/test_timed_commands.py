"""Commands on a study with a timetable: what they say, and options that would change nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from bad_inputs.base import make_base
from timed_corner import make_timed_corner

from geo.faults import errors
from scicity.cli import main
from scicity.inputs.read_study import study_with_faults

PEAK = (
    "transit peak: the median (percentile 50) over the departures of each minute from 07:00 to"
    " 09:00 on 2022-04-20"
)
LINES = "lines by timetable: 1 (7); by headway: 3 (1, 27, 6)"
A, B = "106.30,29.60", "106.31,29.60"
WALK = ["--max-walk", "0.5"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The timed corner: from A a bus to B, a kilometre, every ten minutes."""
    return make_timed_corner(tmp_path_factory.mktemp("timed") / "study")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same corner without a feed."""
    return make_base(tmp_path_factory.mktemp("plain") / "study")


def asked(folder: Path, out: Path, command: str, *options: str) -> int:
    return main([command, "--study", str(folder), "--out", str(out), *options])


def test_compare_says_which_departures_and_lines(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(folder, tmp_path / "out", "compare", *WALK) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{PEAK}, no walk longer than 0.5 min" in lines
    assert lines[-1] == LINES
    assert lines[-2].startswith("transit offpeak: ")


def test_isochrones_keep_a_longest_walk(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    areas = []
    for options in ([], ["--max-walk", "10"], ["--max-rides", "1"]):
        wanted = ["--origin", A, "--cutoffs", "60", *options]
        assert asked(folder, tmp_path / "out", "isochrones", *wanted) == 0
        lines = capsys.readouterr().out.splitlines()
        areas.append(float(lines[-3].split()[-2]))
        assert lines[-2].startswith(PEAK)
        assert lines[-1] == LINES
    assert areas[1] < areas[0] / 2
    assert areas[2] <= areas[0]
    assert asked(folder, tmp_path / "out", "isochrones", "--mode", "walk") == 0
    assert "transit" not in capsys.readouterr().out


def test_a_matrix_says_the_percentile_of_its_band(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = []
    for options in (["--band", "worst"], ["--band", "worst", *WALK]):
        assert asked(folder, tmp_path / f"{len(options)}", "matrix", *options) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[-2].startswith("transit peak: percentile 95 over the departures")
        tables = (tmp_path / f"{len(options)}").rglob("*.parquet")
        pairs.append(sum(len(pd.read_parquet(path)) for path in tables))
    assert pairs[1] <= pairs[0]


def test_an_itinerary_keeps_a_longest_walk(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    off = "106.30,29.602"  # some 200 m from A
    trip = ["--from", off, "--to", B, "--depart", "07:30"]
    assert asked(folder, tmp_path / "way", "itinerary", *trip) == 0
    assert "arrival after" in capsys.readouterr().out
    assert asked(folder, tmp_path / "way", "itinerary", *trip, "--max-walk", "1") == 1
    assert "no way" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "option", "more"),
    [
        ("isochrones", WALK, ["--mode", "walk"]),
        ("isochrones", ["--percentile", "0"], ["--mode", "drive"]),
        ("matrix", WALK, ["--mode", "drive"]),
        ("matrix", ["--percentile", "20"], ["--band", "best"]),
        ("matrix", ["--percentiles", "5,95"], ["--band", "worst"]),
        ("matrix", ["--percentile", "20"], ["--percentiles", "5,95"]),
        ("itinerary", ["--window", "07:00-08:00"], ["--from", A, "--to", B, "--depart", "07:30"]),
    ],
)
def test_options_that_would_change_nothing_are_refused(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    option: list[str],
    more: list[str],
) -> None:
    assert asked(folder, tmp_path / "out", command, *option, *more) == 2
    assert f"error option-unused {option[0]}: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "command",
    ["run", "compare", "isochrones", "bus-loops", "attribute", "map", "matrix", "itinerary"],
)
def test_without_a_timetable_no_command_takes_a_longest_walk(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    ends = ["--from", "SC_CENTRE", "--to", "PK_SF"] if command == "itinerary" else []
    assert asked(plain, tmp_path / "out", command, "--max-walk", "0", *ends) == 2
    assert "error option-unused --max-walk: no route of the study has a timetable" in (
        capsys.readouterr().err
    )


def test_networks_are_exported_for_a_day_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody travels there: a walk would change nothing."""
    with pytest.raises(SystemExit):
        asked(folder, tmp_path / "out", "export", *WALK)
    assert "unrecognized arguments: --max-walk" in capsys.readouterr().err
    assert asked(folder, tmp_path / "out", "export", "--date", "2022-04-21") == 0


def test_keys_of_a_study_without_a_timetable_are_told(tmp_path: Path) -> None:
    toml = make_base(tmp_path / "study") / "study.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[study]\n", "[study]\nmax_walk_secs = 600\n"), encoding="utf-8")
    _, faults = study_with_faults(toml.parent)
    assert not errors(faults)
    (told,) = [fault for fault in faults if fault.code == "option-unused"]
    assert (told.feature, told.severity) == ("study.max_walk_secs", "warning")
