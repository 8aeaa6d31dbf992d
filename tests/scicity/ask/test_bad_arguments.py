"""Every function of `import scicity` refuses what cannot be right, and says what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

import scicity
from geo.faults import BadInputError
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study

TWO = {"lab": (106.30, 29.61), "fab": (106.45, 29.55)}
POINT = shapely.Point(106.30, 29.61)


def series(*shapes: Any, ids: Any = None, crs: Any = "EPSG:4326") -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=ids, crs=crs)


BAD_POINTS: dict[str, tuple[Any, str, str]] = {
    "an id that is none": ("NOWHERE", "id-unknown", "NOWHERE"),
    "a part of a name": (["金凤实验"], "id-unknown", "SC_JFLAB"),
    "no name": ("", "id-unknown", "a place_id"),
    "ids that are none, all of them": (["A1", "B2"], "id-unknown", "B2"),
    "an id twice": (["SC_CENTRE", "SC_CENTRE"], "id-duplicate", "SC_CENTRE"),
    "an id and its name": (["C_JF", "金凤"], "id-duplicate", "C_JF"),
    "an index that repeats": (series(POINT, POINT, ids=["a", "a"]), "id-duplicate", "'a'"),
    "no CRS": (series(POINT, crs=None), "crs-missing", "set_crs(4326)"),
    "swapped": ({"a": (29.61, 106.30)}, "crs-wrong", "longitude comes first"),
    "swapped, alone": ((29.61, 106.30), "crs-wrong", "longitude comes first"),
    "far": ({"a": (121.47, 31.23)}, "crs-wrong", "longitude 105."),
    "metres for degrees": ({"a": (628012.0, 3268281.0)}, "crs-wrong", "latitude 28."),
    "degrees for metres": (series(POINT, crs="EPSG:32648"), "crs-wrong", "outside"),
    "one of many far": (TWO | {"c": (0.0, 0.0)}, "crs-wrong", "'c'"),
    "beyond the pole": ({"a": (106.3, 296.1)}, "crs-wrong", "'a'"),
    "a line": (series(shapely.LineString([(106, 29), (107, 30)])), "geometry-wrong-type", "Line"),
    "an area": (series(POINT.buffer(0.1)), "geometry-wrong-type", "Polygon"),
    "points in one": (series(shapely.MultiPoint([POINT])), "geometry-wrong-type", "MultiPoint"),
    "nothing drawn": (series(POINT, None), "geometry-wrong-type", "nothing"),
    "an empty point": (series(shapely.Point()), "geometry-broken", "numbers"),
    "no number": ({"a": (np.nan, 29.61)}, "geometry-broken", "'a'"),
    "endless": ({"a": (np.inf, 29.61)}, "geometry-broken", "'a'"),
    "no points": ({}, "value-out-of-range", "one point at least"),
    "an empty list": ([], "value-out-of-range", "one point at least"),
    "an empty layer": (series(), "value-out-of-range", "one point at least"),
    "three numbers": ({"a": (106.3, 29.6, 300.0)}, "value-wrong-type", "(longitude, latitude)"),
    "text for numbers": ({"a": ("106.3", "29.6")}, "value-wrong-type", "'a'"),
    "a number": (5, "value-wrong-type", "5"),
    "an id that is none of text or number": ({None: (106.3, 29.6)}, "value-wrong-type", "ids None"),
    "ids in two levels": (
        {("a", 1): (106.3, 29.6), ("a", 2): (106.4, 29.5)},
        "value-wrong-type",
        "text or whole numbers",
    ),
    "a table": (gpd.GeoDataFrame({"n": [1]}), "value-wrong-type", "without geometry"),
    "very many far": (dict.fromkeys(range(500), (0.0, 0.0)), "crs-wrong", "and 495 more"),
    "a list of pairs": ([(106.3, 29.6), (106.4, 29.5)], "value-wrong-type", "{id: (lon, lat)}"),
}


@pytest.mark.parametrize("case", BAD_POINTS)
def test_points_are_checked(study: Study, case: str) -> None:
    places, code, text = BAD_POINTS[case]
    for ask in (
        lambda: scicity.points(study, places),
        lambda: scicity.travel_times(study, "plan", places),
        lambda: scicity.travel_times(study, "plan", TWO, places),
        lambda: scicity.missing_times(study, "plan", places),
        lambda: scicity.isochrones(study, "plan", places),
        lambda: scicity.itinerary(study, "plan", places, (106.45, 29.55)),
    ):
        with pytest.raises(BadInputError) as error:
            ask()
        assert {fault.code for fault in error.value.faults} == {code}
        assert text in str(error.value)


Ask = Callable[[Study], Any]
BAD_ARGUMENTS: dict[str, tuple[Ask, str]] = {
    "mode": (lambda s: scicity.travel_times(s, "plan", TWO, mode="bike"), "mode: it is 'bike'"),  # type: ignore[arg-type]
    "no mode": (lambda s: scicity.isochrones(s, mode=None), "mode: it is None"),  # type: ignore[arg-type]
    "period": (lambda s: scicity.isochrones(s, period="noon"), "peak, offpeak"),  # type: ignore[arg-type]
    "band": (lambda s: scicity.travel_times(s, "plan", TWO, band="mean"), "best, expected, worst"),  # type: ignore[arg-type]
    "scenario": (lambda s: scicity.travel_times(s, "plam", TWO), "scenario plam"),
    "scenario of a comparison": (lambda s: scicity.compare(s, "plam"), "today, plan"),
    "baseline": (lambda s: scicity.compare(s, "plan", baseline="past"), "baseline past"),
    "scenario and baseline": (
        lambda s: scicity.accessibility(s, "plam", baseline="past"),
        "baseline past",
    ),
    "scenario twice": (lambda s: scicity.isochrones(s, ["plan", "plan"]), "named twice"),
    "no scenario": (lambda s: scicity.isochrones(s, []), "none is named"),
    "several scenarios for one": (
        lambda s: scicity.travel_times(s, ["today", "plan"], TWO),  # type: ignore[arg-type]
        "scenario",
    ),
    "scenario of buses": (lambda s: scicity.bus_loops(s, "plam"), "scenario plam"),
    "scenario of effects": (lambda s: scicity.project_effects(s, "plam"), "scenario plam"),
    "scenario of a map": (lambda s: scicity.write_map(s, "a.html", "plam"), "scenario plam"),
    "scenario of attribution": (lambda s: scicity.attribution(s, "plam"), "scenario plam"),
    "minutes as text": (lambda s: scicity.isochrones(s, minutes="45"), "minutes from 1 to 240"),  # type: ignore[arg-type]
    "seconds for minutes": (lambda s: scicity.isochrones(s, minutes=2700), "from 1 to 240"),
    "no minutes": (lambda s: scicity.isochrones(s, minutes=[]), "from 1 to 240"),
    "minutes that are no number": (
        lambda s: scicity.isochrones(s, minutes=[30, np.nan]),
        "from 1 to 240",
    ),
    "scenarios for a comparison": (
        lambda s: scicity.accessibility(s, ["plan", "all"]),  # type: ignore[arg-type]
        "scenario: it is ['plan', 'all']",
    ),
    "no name of a baseline": (
        lambda s: scicity.compare(s, "plan", baseline=""),
        "there is no scenario ''",
    ),
    "baselines": (
        lambda s: scicity.bus_loops(s, "plan", baseline=["today"]),  # type: ignore[arg-type]
        "baseline: it is ['today']",
    ),
    "no effects": (lambda s: scicity.project_effects(s, "plan", baseline="plan"), "adds nothing"),
    "lacks some": (lambda s: scicity.project_effects(s, "today", baseline="plan"), "lacks some"),
    "far from any street": (lambda s: scicity.isochrones(s, "plan", (105.9, 28.7)), "no street"),
    "negative draws": (lambda s: scicity.attribution(s, draws=-1), "draws: it is -1"),
    "odd orders": (lambda s: scicity.attribution(s, orders=3), "an even number"),
    "nothing to attribute": (lambda s: scicity.attribution(s, "today"), "adds nothing"),
    "no page": (lambda s: scicity.write_map(s, "map.txt"), ".html"),
    "no folder": (lambda s: scicity.write_map(s, "/nowhere/map.html"), "/nowhere"),
    "no layer on a map": (lambda s: scicity.offline_map(s, 5), "a GeoDataFrame"),  # type: ignore[arg-type]
    "a layer without CRS on a map": (
        lambda s: scicity.offline_map(s, gpd.GeoDataFrame(geometry=[POINT])),
        "set_crs(4326)",
    ),
    "an empty layer on a map": (
        lambda s: scicity.offline_map(s, gpd.GeoDataFrame(geometry=[], crs=4326)),
        "nothing is drawn",
    ),
    "two origins": (lambda s: scicity.itinerary(s, "plan", TWO, "PK_SF"), "origin: 2 points"),
    "no destination": (lambda s: scicity.itinerary(s, "plan", "PK_SF", None), "destination: no"),  # type: ignore[arg-type]
    "no time of day": (
        lambda s: scicity.itinerary(s, "plan", "PK_SF", "PK_BS", depart="half past"),
        "HH:MM, 00:00 to 47:59, best, median",
    ),
    "a number for a time": (
        lambda s: scicity.itinerary(s, "plan", "PK_SF", "PK_BS", arrive_by=9),  # type: ignore[arg-type]
        "arrive_by: it is 9",
    ),
    "leaving and arriving": (
        lambda s: scicity.itinerary(s, "plan", "PK_SF", "PK_BS", depart="7:30", arrive_by="9:00"),
        "depart or arrive_by",
    ),
    "period of an itinerary": (
        lambda s: scicity.itinerary(s, "plan", "PK_SF", "PK_BS", period="noon"),  # type: ignore[arg-type]
        "peak, offpeak",
    ),
    "one id at two places": (
        lambda s: scicity.travel_times(s, "plan", TWO, {"lab": (106.31, 29.62)}),
        "'lab' of the origins lies elsewhere",
    ),
}


@pytest.mark.parametrize("case", BAD_ARGUMENTS)
def test_arguments_are_checked(study: Study, case: str) -> None:
    ask, text = BAD_ARGUMENTS[case]
    with pytest.raises(BadInputError) as error:
        ask(study)
    assert text in str(error.value)


def test_everything_wrong_is_said_at_once(study: Study) -> None:
    with pytest.raises(BadInputError) as error:
        scicity.travel_times(study, "plam", {"a": (29.6, 106.3)}, "NOWHERE", mode="bike")  # type: ignore[arg-type]
    where = [fault.file for fault in error.value.faults]
    assert where == ["scenario", "mode", "origins", "destinations"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: scicity.points(s, "SC_CENTRE"),
        lambda s: scicity.travel_times(s, "plan", TWO),
        lambda s: scicity.missing_times(s, "plan", TWO),
        lambda s: scicity.itinerary(s, "plan", "PK_SF", "PK_BS"),
        scicity.isochrones,
        scicity.accessibility,
        scicity.compare,
        scicity.bus_loops,
        scicity.attribution,
        scicity.project_effects,
        lambda s: scicity.write_map(s, "map.html"),
        scicity.offline_map,
    ],
)
@pytest.mark.parametrize("thing", ["data", None, 5])
def test_a_study_is_what_read_study_returns(ask: Callable[[Any], Any], thing: Any) -> None:
    with pytest.raises(BadInputError, match=r"study: it is .*scicity\.read_study"):
        ask(thing)


def test_a_folder_must_be_a_study(tmp_path: Path) -> None:
    file = tmp_path / "study.txt"
    file.write_text("", encoding="utf-8")
    for folder in (tmp_path, str(tmp_path), tmp_path / "nowhere", str(file)):
        with pytest.raises(BadInputError, match=r"study\.toml: none in"):
            scicity.read_study(folder)
    with pytest.raises(BadInputError, match="folder: it is 5"):
        scicity.read_study(5)  # type: ignore[arg-type]


def test_a_page_is_no_folder(study: Study, tmp_path: Path) -> None:
    (tmp_path / "map.html").mkdir()
    with pytest.raises(BadInputError, match="it is a folder"):
        scicity.write_map(study, tmp_path / "map.html", "plan")


def test_the_file_of_a_study_names_it(copy: Path) -> None:
    assert repr(scicity.read_study(copy / "study.toml")) == repr(scicity.read_study(str(copy)))


def test_the_reader_below_takes_text_too(copy: Path) -> None:
    assert repr(read_study(str(copy))) == repr(scicity.read_study(copy))


def test_there_are_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'travel_time'"):
        scicity.travel_time  # type: ignore[attr-defined] # noqa: B018
    assert set(scicity.__all__) <= set(dir(scicity))
