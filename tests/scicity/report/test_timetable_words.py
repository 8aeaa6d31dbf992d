"""What report, figures and rasters say of travel by timetable."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from timed_corner import make_timed_corner

from scicity.figures.captions import picture_caption
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study
from scicity.outputs.time_rasters import WAITING, band_names
from scicity.report.timetables import departures_sentence, line_words, waiting_words
from scicity.results.run_results import Results

DAY = "2022-04-20"
EACH_MINUTE = "the departures of each minute from 07:00 to 09:00"
ARRIVALS = "trips that must arrive from 07:00 to 09:00"
ONE_RIDE = "at most 1 vehicle"
LIMITS_ZH = "出行者按时刻表出门，至多乘 2 次车，每段步行至多 15 分钟"
LIMITS_EN = "travellers know the timetable, at most 2 vehicles, no walk longer than 15 min"


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The timed corner, from which nothing is computed."""
    return read_study(make_timed_corner(tmp_path_factory.mktemp("timed") / "study"))


def asked(study: Study, **keys: Any) -> Study:
    """The study with other keys of `[study]`."""
    settings = study.settings
    return replace(study, settings=replace(settings, study=replace(settings.study, **keys)))


@pytest.mark.parametrize(
    ("keys", "zh", "en"),
    [
        (
            {},
            f"公交时间取 {DAY} 07:00–09:00 每分钟出发的第 50 百分位（中位数）",
            f"Transit times are the median (percentile 50) over {EACH_MINUTE} on {DAY}",
        ),
        (
            {"window": ("07:30",), "percentile": 95.0, "max_rides": 1},
            f"公交时间取 {DAY} 07:30 出发的第 95 百分位，至多乘 1 次车",
            f"Transit times are percentile 95 over the departure at 07:30 on {DAY}, {ONE_RIDE}",
        ),
        (
            {"arrive_by": True, "departure": "planned", "max_walk_secs": 900.0, "max_rides": 2},
            f"公交时间取 {DAY} 须在 07:00–09:00 到达的第 50 百分位（中位数），{LIMITS_ZH}",
            f"Transit times are the median (percentile 50) over {ARRIVALS} on {DAY}, {LIMITS_EN}",
        ),
    ],
)
def test_times_are_told_by_day_departures_percentile_and_limits(
    timed: Study, keys: dict[str, Any], zh: str, en: str
) -> None:
    assert departures_sentence(asked(timed, **keys)) == (zh, en)


def test_who_has_no_timetable_waits_half_a_headway(study: Study) -> None:
    """Nothing changes for the bundled study."""
    assert departures_sentence(study) == ("", "")
    assert line_words(study.baseline) == ("", "")
    assert waiting_words(study) == (
        "公交时间按发车间隔一半计候车；最好与最差见 place_times.csv。",
        "Transit waits half a headway; best and worst are in place_times.csv.",
    )
    assert band_names(study, study.baseline, "transit") == WAITING


def test_assumptions_say_what_best_and_worst_are(timed: Study) -> None:
    zh, en = waiting_words(timed)
    assert "候车" not in zh
    assert "half a headway" not in en
    assert "平峰时段为12:00–14:00 每分钟出发" in zh
    assert "off the peak the departures of each minute from 12:00 to 14:00" in en
    assert "第 5 与第 95 百分位" in zh
    assert "percentiles 5 and 95" in en
    assert "A line without a timetable comes at any moment of its headway alike." in en


def test_lines_with_and_without_a_timetable_are_counted(timed: Study) -> None:
    zh, en = line_words(timed.network("plan"))
    assert en == "lines by timetable: 1 (7); by headway: 3 (1, 27, 6)"
    assert zh == "1 条线路按时刻表运行（7），3 条按发车间隔（1、27、6）"


def test_rasters_name_percentiles(timed: Study) -> None:
    late = asked(timed, percentile=80.0)
    assert band_names(late, late.baseline, "transit") == {
        "best": "travel time, percentile 5 of departures",
        "expected": "travel time, percentile 80 of departures",
        "worst": "travel time, percentile 95 of departures",
    }
    assert band_names(late, late.baseline, "drive") == WAITING


def test_figures_of_transit_say_it_and_those_of_cars_do_not(timed: Study) -> None:
    results = cast("Results", SimpleNamespace(pair=SimpleNamespace(scenario_id="plan")))
    said = picture_caption(timed, results, ("图", "figure"), "note").lines
    assert said[1:3] == departures_sentence(timed)
    by_car = picture_caption(timed, results, ("图", "figure"), "note", modes=["drive"]).lines
    assert said[:1] + said[3:] == by_car
