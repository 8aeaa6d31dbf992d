"""What `import scicity` answers: the same as the functions below it, in WGS 84."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import scicity
from analysis.graph.travel import Travel
from analysis.travel_time import travel_times
from scicity.ask.answers import BusLoops, Comparison
from scicity.inputs.study import Study

TWO = {"lab": (106.30, 29.61), "fab": (106.45, 29.55)}


def as_series(study: Study, crs: Any) -> gpd.GeoSeries:
    return scicity.points(study, TWO).to_crs(crs)


@pytest.mark.parametrize("crs", [4326, 32648, 4545, 3857, 4490])
def test_points_in_any_system_are_the_same(study: Study, crs: int) -> None:
    expected, found = scicity.points(study, TWO), scicity.points(study, as_series(study, crs))
    assert list(found.index) == list(expected.index)
    assert found.crs == study.area.crs
    assert found.distance(expected).max() < 0.01


@pytest.mark.parametrize(
    "places",
    ["SC_CENTRE", ["SC_CENTRE"], "成渝综合性科学中心(金凤)", "Comprehensive science centre core"],
)
def test_a_place_by_id_or_name(study: Study, places: Any) -> None:
    assert list(scicity.points(study, places).index) == ["SC_CENTRE"]


def test_without_points_all_places_are_meant(study: Study) -> None:
    assert scicity.points(study).equals(study.place_points)


def test_a_layer_is_read_by_its_index(study: Study) -> None:
    layer = as_series(study, 4326).to_frame("geometry").assign(name=["x", "y"])
    assert list(scicity.points(study, layer).index) == ["lab", "fab"]


def test_times_are_those_of_the_engine(study: Study) -> None:
    """All pairs of three places, asked at once and one by one."""
    ids = ["SC_CENTRE", "U_SWU", "PK_DG"]
    expected = travel_times(
        study.network("plan"),
        study.place_points.loc[ids],
        travel=Travel("drive", "offpeak"),
        conditions=study.conditions,
    ).table
    found = scicity.travel_times(study, "plan", ids, mode="drive", period="offpeak")
    pd.testing.assert_frame_equal(found, expected)
    each = [
        scicity.travel_times(study, "plan", [a], [b], mode="drive", period="offpeak")
        for a in ids
        for b in ids
        if a != b
    ]
    pd.testing.assert_frame_equal(pd.concat(each, ignore_index=True), expected)


def test_every_pair_has_a_time_or_a_reason(study: Study) -> None:
    found = scicity.travel_times(study, "today", TWO, ["SC_CENTRE", "NEWAP", "CKG"])
    missing = scicity.missing_times(study, "today", TWO, ["SC_CENTRE", "NEWAP", "CKG"])
    pairs = pd.concat([found, missing])[["from_id", "to_id"]]
    assert len(pairs) == len(pairs.drop_duplicates()) == 6
    assert np.isfinite(found["secs"]).all()
    assert set(missing["reason"]) <= {
        *("too_far_from_network", "beyond_cutoff", "different_component"),
    }


def test_best_waiting_is_quicker_and_worst_slower(study: Study) -> None:
    best, expected, worst = (
        scicity.travel_times(study, "plan", TWO, band=band)["secs"]  # type: ignore[arg-type]
        for band in ("best", "expected", "worst")
    )
    assert (best < expected).all()
    assert (expected < worst).all()


def test_areas_hold_their_origin_and_the_smaller_ones(study: Study) -> None:
    areas = scicity.isochrones(study, ["today", "plan"], TWO, minutes=[30, 15, 30], mode="drive")
    assert areas.crs == "EPSG:4326"
    assert areas["cutoff_secs"].tolist() == [900.0, 1800.0] * 4
    assert areas["scenario"].tolist() == ["today"] * 4 + ["plan"] * 4
    metric = areas.to_crs(study.area.crs)
    origins = scicity.points(study, TWO)
    for (_, origin), group in metric.groupby(["scenario", "origin_id"]):
        small, large = group.geometry
        assert small.contains(origins[origin])
        assert large.buffer(0.01).contains(small)
        assert group["area_km2"].to_numpy() == pytest.approx(group.area.to_numpy() / 1e6)


def test_a_map_of_areas_loads_nothing(study: Study) -> None:
    areas = scicity.isochrones(study, ["plan", "today"], "金凤", minutes=30, mode="drive")
    page = areas.explore("scenario", m=scicity.offline_map(study, areas), legend=False)
    text = page.get_root().render()
    assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", text) == []
    assert "url(http" not in text
    assert text.count('"scenario"') >= 2


def test_answers_are_copies(study: Study) -> None:
    """What is done to an answer does not come back."""
    before = scicity.travel_times(study, "plan", "SC_CENTRE", "SC_CITY")
    places = scicity.points(study)
    places.to_numpy()[:] = places.iloc[0]
    pd.testing.assert_frame_equal(
        scicity.travel_times(study, "plan", "SC_CENTRE", "SC_CITY"), before
    )


def test_a_layer_of_places_keeps_its_ids(study: Study) -> None:
    assert list(scicity.points(study, study.places).index) == list(study.places["place_id"])


def test_effects_on_top_of_a_baseline_are_those_of_what_it_adds(study: Study) -> None:
    """`plan` holds all of `open_by_2025`; the last project is the same on any baseline."""
    whole = scicity.project_effects(study, "open_by_2027", baseline="today")
    part = scicity.project_effects(study, "open_by_2027", baseline="open_by_2025")
    built = set(study.scenarios["open_by_2025"].project_ids)
    assert set(part["project_id"]) == set(study.scenarios["open_by_2027"].project_ids) - built
    keys = ["project_id", "comparison", "mode"]
    both = part.merge(whole, on=keys, suffixes=("", "_whole"))
    last = both.loc[both["comparison"] == "last"]
    required = {r for p in study.projects.values() for r in p.requires}
    alone_last = last.loc[~last["project_id"].isin(required)]
    assert len(alone_last) > 0
    np.testing.assert_allclose(alone_last["mean_change_secs"], alone_last["mean_change_secs_whole"])


def test_one_line_in_a_notebook(study: Study) -> None:
    none = pd.DataFrame({"a": [1, 2]})
    answers = [study, Comparison(*[none] * 4), BusLoops(*[none] * 7), study.baseline]  # type: ignore[list-item]
    for answer in answers:
        assert "\n" not in repr(answer)
        assert len(repr(answer)) < 200
    assert repr(answers[1]).startswith("Comparison(times: 2 rows, missing: 2 rows")


def test_importing_costs_nothing() -> None:
    """No library of ours or others is loaded before the first question."""
    code = (
        "import sys, time; start = time.process_time(); import scicity;"
        " took = time.process_time() - start;"
        " print(took, [m for m in ('numpy', 'pandas', 'geo.crs') if m in sys.modules])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split(" ", 1)
        for _ in range(3)
    ]
    assert {loaded.strip() for _, loaded in runs} == {"[]"}
    assert min(float(took) for took, _ in runs) < 0.05
