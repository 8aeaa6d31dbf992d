"""`scicity itinerary` and `scicity.itinerary` on the bundled study."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import scicity
from analysis.itineraries.legs import Leg
from layers.network import TransportNetwork
from scicity.cli import main
from scicity.inputs.study import Study
from scicity.results.page_ways import short_legs

PAIR = ["--from", "SC_CENTRE", "--to", "PK_SF"]


def test_legs_add_up_to_the_travel_time(study: Study) -> None:
    legs = scicity.itinerary(study, "plan", "SC_CENTRE", "PK_SF")
    times = scicity.travel_times(study, "plan", "SC_CENTRE", "PK_SF")
    assert legs["secs"].sum() == pytest.approx(times["secs"].item(), abs=1e-6)
    assert legs.crs == "EPSG:4326"
    # nothing has a clock: seconds count from the departure on
    assert legs["depart_secs"].iloc[0] == 0
    np.testing.assert_allclose(legs["arrive_secs"].iloc[:-1], legs["depart_secs"].iloc[1:])
    assert legs["from_name"].iloc[0] == "成渝综合性科学中心(金凤)"


def test_no_way_has_no_legs(study: Study) -> None:
    assert scicity.itinerary(study, "plan", "NEWAP", "CKG").empty


def test_points_of_one_id_are_two_ends(study: Study) -> None:
    ends = [{"here": (106.30, 29.61)}, {"here": (106.45, 29.55)}]
    legs = scicity.itinerary(study, "plan", *ends, arrive_by="09:00")
    assert legs["arrive_secs"].iloc[-1] == pytest.approx(32_400)
    assert legs["kind"].eq("ride").any()


def test_the_command_tells_and_writes_the_legs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "way"
    assert main(["itinerary", *PAIR, "--depart", "07:30", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("07:30:00 walk")
    assert any("ride" in line and "Line 17 phase 1 from" in line for line in lines)
    assert "arrival after 67.2 min; rides: 3" in "\n".join(lines)
    assert {path.name for path in out.iterdir()} == {"itinerary.geojson", "itinerary.csv"}
    table, layer = pd.read_csv(out / "itinerary.csv"), gpd.read_file(out / "itinerary.geojson")
    assert table["secs"].sum() == pytest.approx(67.2 * 60, abs=6)
    assert set(layer.geometry.geom_type[layer["kind"] == "ride"]) == {"LineString"}
    assert json.loads((out / "itinerary.geojson").read_text(encoding="utf-8"))["features"]


def test_without_a_clock_no_time_of_day_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["itinerary", *PAIR]) == 0
    assert capsys.readouterr().out.startswith("walk  12.2 min")


def test_no_way_is_a_finding_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["itinerary", "--from", "NEWAP", "--to", "CKG"]) == 1
    assert capsys.readouterr().out == "no way: it takes more than 180 min (max_trip_secs)\n"


def test_wrong_options_are_named_as_options(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ["--from", "NOWHERE", "--to", "99,99", "--depart", "soon", "--arrive-by", "9:00"]
    assert main(["itinerary", *wrong]) == 2
    told = capsys.readouterr().err
    assert all(f" {name}" in told for name in ("--from", "--to", "--arrive-by"))
    assert main(["itinerary", *PAIR, "--max-rides", "2"]) == 2
    assert "no route of the study has a timetable" in capsys.readouterr().err


def test_short_legs_add_up_to_the_minutes_begun(study: Study) -> None:
    network: TransportNetwork = study.network("plan")
    secs = [("walk", 61.0), ("wait", 20.0), ("ride", 30.0), ("wait", 5.0), ("ride", 70.5)]
    legs = [Leg(kind, 0, 1, 0.0, long, (0,) * (kind == "ride")) for kind, long in secs]  # type: ignore[arg-type]
    short = short_legs(network, legs)
    # until 61, 81, 111, 116 and 186.5 s: 2, 2, 2, 2 and 4 minutes begun
    assert [(leg.kind, leg.minutes) for leg in short] == [("walk", 2), ("ride", 0), ("ride", 2)]
