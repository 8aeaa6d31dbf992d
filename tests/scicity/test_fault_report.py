"""Bad input gets one report that lists everything, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_inputs.base import Spoil, toml
from bad_inputs.bundled_cases import (
    CASES,
    far_place,
    far_portal,
    headway_of_zero,
    requires_unknown,
    unknown_key,
    wrong_crs_member,
)

from scicity.cli import main
from scicity.inputs.read_study import study_with_faults


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "code", "file", "feature", "allowed"),
    CASES,
    ids=[f"{case[1]}-{number}" for number, case in enumerate(CASES)],
)
def test_each_fault_is_named_with_file_feature_and_range(
    copy: Path, spoil: Spoil, code: str, file: str, feature: str, allowed: str
) -> None:
    spoil(copy)
    _, faults = study_with_faults(copy)
    found = [f for f in faults if f.code == code and f.file == file]
    assert found, [str(f) for f in faults]
    assert any(feature in f.feature and allowed in f.allowed for f in found), found


def test_all_faults_are_listed_at_once_and_nothing_is_written(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    together = [
        unknown_key,
        headway_of_zero,
        far_portal,
        requires_unknown,
        wrong_crs_member,
        toml("value = 4.5", "value = 45"),
    ]
    for spoil in together:
        spoil(copy)
    assert main(["check", "--study", str(copy)]) == 2
    checked = capsys.readouterr().out
    codes = ["key-unknown", "value-out-of-range", "portal-too-far", "id-unknown", "crs-wrong"]
    assert all(code in checked for code in codes), checked
    assert "walk_speed_kph" in checked
    assert "CRT1" in checked
    out = copy.parent / "out"
    assert main(["run", "--study", str(copy), "--out", str(out)]) == 2
    refused = capsys.readouterr().err
    lines = [line.split() for line in checked.split("\n") if line.startswith("error")]
    assert sorted(line.split()[1] for line in refused.strip().split("\n")) == sorted(
        line[1] for line in lines
    )
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_warning_is_told_and_stops_nothing(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far_place(copy)
    assert main(["check", "--study", str(copy)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "warning far-from-network places.geojson C_BB" in said
    out = copy.parent / "out"
    assert main(["compare", "--study", str(copy), "--out", str(out)]) == 0
    missing = (out / "place_times_missing.csv").read_text(encoding="utf-8")
    assert "C_BB,C_JF,drive,peak,today,too_far_from_network" in missing


def test_a_sound_study_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "0 faults" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "--scenario", "tomorrow"],
        ["isochrones", "--origin", "NOWHERE"],
        ["isochrones", "--cutoffs", "soon"],
        ["isochrones", "--cutoffs", "0"],
        ["init", "."],
    ],
)
def test_wrong_use_exits_2_and_says_what_is_allowed(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error ")
    assert "allowed:" in said
    assert list(tmp_path.iterdir()) == []
