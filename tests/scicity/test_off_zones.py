"""People who live off the network are told, by check, compare and the report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from bad_inputs.base import make_base

from layers.roads import streets
from scicity.ask.comparison import compare
from scicity.cli import main
from scicity.inputs.off_zones import check_off_network, off_network_flags, people_off_network
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study
from scicity.report.input_findings import off_network_findings

LIMIT_M = 300.0
CODE = "zones-off-network"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corner with a snap limit so low that many live off the network."""
    made = make_base(tmp_path_factory.mktemp("off") / "study")
    text = (made / "study.toml").read_text(encoding="utf-8")
    section = text[text.index("[assumptions.snap_limit_m]") :].partition("\n\n")[0]
    lower = "\n".join(
        f"value = {LIMIT_M:g}" if line.startswith("value") else line for line in section.split("\n")
    )
    (made / "study.toml").write_text(text.replace(section, lower), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    return read_study(folder)


def by_hand(study: Study) -> tuple[int, float]:
    """Zones with people and no street within the limit of their middle, and the people."""
    lines = shapely.MultiLineString(list(streets(study.baseline.roads).geometry))
    zones = study.zones()
    far = shapely.distance(zones.geometry.centroid.to_numpy(), lines) > LIMIT_M
    lived_in = far & (zones["population"].to_numpy() > 0)
    return int(lived_in.sum()), float(zones["population"].to_numpy()[lived_in].sum())


def test_zones_and_people_are_those_counted_by_hand(study: Study) -> None:
    zones, people = by_hand(study)
    assert zones > 0
    flagged = study.zones().join(off_network_flags(study, [study.baseline], study.zones()))
    (off,) = [entry for entry in people_off_network(flagged) if "drive" in entry.modes]
    # motorways join nobody
    assert off.zones >= zones
    assert off.people >= people
    assert off.share == pytest.approx(off.people / flagged["population"].sum())


def test_check_tells_them(folder: Path, study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    faults = check_off_network(study)
    assert {(f.code, f.severity, f.file) for f in faults} == {
        (CODE, "warning", "population.geojson")
    }
    assert main(["check", "--study", str(folder)]) == 1
    told = capsys.readouterr().out
    assert all(fault.message in told for fault in faults)


def test_compare_flags_their_zones_and_tells_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--study", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert f"warning: {CODE} population.geojson: " in capsys.readouterr().err
    features = json.loads((tmp_path / "out/accessibility.geojson").read_text("utf-8"))["features"]
    off = [f["properties"] for f in features if f["properties"]["off_network_drive"]]
    assert off
    for zone in off:
        assert zone["people_2700_drive_peak_baseline"] == pytest.approx(zone["population"], abs=0.1)


def test_nobody_is_off_the_bundled_network(study: Study) -> None:
    near = replace(
        study,
        settings=replace(
            study.settings, assumptions=replace(study.settings.assumptions, snap_limit_m=20_000.0)
        ),
    )
    assert check_off_network(near) == []
    flags = off_network_flags(near, [near.baseline], near.zones())
    assert not flags.to_numpy().any()
    assert off_network_findings(near, near.zones().join(flags)) == []


def test_the_report_says_so_in_both_languages(study: Study) -> None:
    zones = compare(study).zones
    findings = off_network_findings(study, zones)
    assert {finding.code for finding in findings} == {CODE}
    people = people_off_network(zones)[0].people
    assert np.isfinite(people)
    assert f"{people:.0f} 人" in findings[0].zh
    assert f"{people:.0f} people" in findings[0].en
