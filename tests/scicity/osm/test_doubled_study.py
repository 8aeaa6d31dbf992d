"""A feed or table added to a study of OpenStreetMap: each line runs once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from geo.crs import to_wgs84
from geo.faults import Fault
from layers.transit import TransitRoute
from scicity.inputs.read_study import study_with_faults
from scicity.inputs.study import Study
from scicity.report.input_findings import doubled_line_findings

HEAD = "route_id,route_name,line,route_type,stop_sequence,stop_id,stop_name,lon,lat\n"


@pytest.fixture(scope="module")
def metro(helsinki: Study) -> TransitRoute:
    return next(route for route in helsinki.baseline.routes if route.line == "M1")


def added(
    folder: Path, out: Path, study: Study, line: TransitRoute, routes: str = ""
) -> tuple[Study, list[Fault]]:
    """The study with one of its lines in a table of its own too."""
    shutil.copytree(folder, out)
    places = to_wgs84(study.baseline.stops.loc[list(line.stop_ids)].reset_index())
    rows = [
        f"own,{line.route_name},{line.line},{line.route_type},{n},own{n},s,{place.x},{place.y}"
        for n, place in enumerate(places.geometry)
    ]
    (out / "lines.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    text = (out / "study.toml").read_text(encoding="utf-8")
    text = text.replace("[files]\n", '[files]\ntransit = ["lines.csv"]\n')
    if routes:
        start = text.index("\nroutes = [")
        text = text[:start] + f"\nroutes = {routes}" + text[text.index("\n", start + 1) :]
    (out / "study.toml").write_text(text, encoding="utf-8")
    found, faults = study_with_faults(out)
    assert found is not None
    return found, [fault for fault in faults if fault.code == "line-doubled"]


def lines(study: Study) -> list[str]:
    return [route.route_id for route in study.baseline.routes if route.line == "M1"]


def test_the_own_line_takes_the_place_of_both_directions(
    folder: Path, tmp_path: Path, helsinki: Study, metro: TransitRoute
) -> None:
    study, (told,) = added(folder, tmp_path / "s", helsinki, metro)
    assert lines(study) == ["own"]
    gone = [r for r in helsinki.baseline.routes if r.route_id not in
            {x.route_id for x in study.baseline.routes}]  # fmt: skip
    assert metro in gone
    assert {r.route_type for r in gone} == {1}
    assert (told.severity, told.file) == ("warning", "area.osm.pbf")
    assert f"{len(gone)} lines of OpenStreetMap (metro) are left out, of lines.csv" in told.message
    assert metro.route_name in told.message
    assert not set(metro.stop_ids) & set(study.baseline.stops.index)
    (finding,) = doubled_line_findings(study)
    assert (finding.code, metro.route_id in finding.feature) == ("line-doubled", True)
    assert doubled_line_findings(helsinki) == []


def test_modes_chosen_by_hand_stay(
    folder: Path, tmp_path: Path, helsinki: Study, metro: TransitRoute
) -> None:
    study, (told,) = added(folder, tmp_path / "s", helsinki, metro, '["subway", "bus"]')
    assert "own" in lines(study)
    assert metro.route_id in lines(study)
    assert "run beside the same lines" in told.message
    assert doubled_line_findings(study) == []


def test_no_mode_of_openstreetmap_is_no_double_line(
    folder: Path, tmp_path: Path, helsinki: Study, metro: TransitRoute
) -> None:
    study, told = added(folder, tmp_path / "s", helsinki, metro, "[]")
    assert (lines(study), told) == (["own"], [])
