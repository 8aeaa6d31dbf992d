"""Figures for reports, from results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from geo.crs import to_wgs84
from maps.charts.area_chart import area_figure
from maps.charts.change_map import draw_change_figure
from maps.charts.place_order import most_changed, place_order
from maps.charts.time_chart import time_figure
from maps.charts.time_table import table_figure
from maps.sheet.figure_files import write_picture
from maps.style.modes import MODES
from scicity.figures.attribution import attribution_charts
from scicity.figures.captions import picture_caption
from scicity.figures.map_page import page_tables
from scicity.figures.phasing import phasing_figure
from scicity.inputs.study import Study
from scicity.outputs.layers import named_areas
from scicity.report.markdown import main_cutoff
from scicity.results.run_results import Results

PERIOD = "peak"


def area_table(study: Study, results: Results) -> pd.DataFrame:
    """Mean of the people reached within the main cutoff, for `area_figure`."""
    table = results.accessibility.by_area
    measure = f"people_{main_cutoff(study):g}"
    people = table.loc[(table["measure"] == measure) & (table["period"] == PERIOD)]
    named = named_areas(study).merge(people, on="area_id", how="left")
    return named.rename(columns={"baseline_mean": "baseline", "scenario_mean": "scenario"})


def _by_side(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the peak with `side`: baseline or scenario, which may be the same scenario."""
    keys = ["from_id", "to_id", "mode", "scenario"]
    peak = table.loc[table["period"] == PERIOD].drop_duplicates(keys)
    sides = {"baseline": results.pair.baseline_id, "scenario": results.pair.scenario_id}
    parts = [peak.loc[peak["scenario"] == name].assign(side=side) for side, name in sides.items()]
    return pd.concat(parts, ignore_index=True)


def pair_counts(results: Results) -> dict[str, int]:
    """Number of pairs of places by mode, with and without a time."""
    pairs = pd.concat(
        [_by_side(results, t) for t in (results.places.by_scenario, results.places.missing)]
    )
    modes = pairs.loc[pairs["side"] == "baseline", "mode"]
    return {mode: int((modes == mode).sum()) for mode in MODES}


def _area_figure(study: Study, results: Results) -> Figure:
    minutes = main_cutoff(study) / 60
    names = (
        f"{minutes:.0f} 分钟内可达人口（高峰，各片区居民平均）",
        f"People reached within {minutes:.0f} min (peak, mean of an area's residents)",
    )
    return area_figure(area_table(study, results), picture_caption(study, results, names))


def _time_figure(study: Study, results: Results) -> Figure:
    names = (
        f"{len(study.places)} 个地点间的出行时间（高峰）",
        f"Travel times between {len(study.places)} places (peak)",
    )
    note = (
        "每条曲线：多少百分比的地点对在该时间内可达；无结果的地点对计入总数。"
        " Each curve: the share of pairs reached within the time; pairs without a time count too."
    )
    times = _by_side(results, results.places.by_scenario)
    caption = picture_caption(study, results, names, note)
    return time_figure(times, pair_counts(results), caption)


def _table_figure(study: Study, results: Results) -> Figure:
    names = ("地点间公交时间（高峰）", "Transit times between places (peak)")
    note = (
        "行为起点，列为终点，编号相同；各片区内由北向南排列。"
        " Rows are origins, columns destinations with the same numbers; north to south in an area."
    )
    all_places = place_order(to_wgs84(study.places), to_wgs84(study.area.areas))
    changes = results.places.times
    transit = changes.loc[(changes["mode"] == "transit") & (changes["period"] == PERIOD)]
    order = most_changed(all_places, transit)
    if len(order) < len(all_places):
        note += (
            f" 只列变化最大的 {len(order)} 个地点（共 {len(all_places)} 个）。"
            f" Only the {len(order)} of {len(all_places)} places whose times change most."
        )
    times = _by_side(results, results.places.by_scenario)
    caption = picture_caption(study, results, names, note)
    return table_figure(order, times.loc[times["mode"] == "transit"], caption)


def write_figures(study: Study, results: Results, folder: Path) -> None:
    """Write the figures of a report as PNG, SVG and PDF; charts without data are left out.

    `change_transit` and `change_drive` are the change maps of the people reached within the main
    cutoff; `accessibility_by_area`, `travel_times` and `place_times` are charts, as are those of
    `scicity.figures.attribution` and `accessibility_by_year`.
    """
    tables = page_tables(study, results)
    for mode in MODES:
        stem = f"people_{main_cutoff(study):g}_{mode}_{PERIOD}"
        draw_change_figure(tables, folder / f"change_{mode}", stem=stem)
    charts: dict[str, Callable[[], Figure]] = {
        "accessibility_by_area": partial(_area_figure, study, results),
        "travel_times": partial(_time_figure, study, results),
        "place_times": partial(_table_figure, study, results),
        **attribution_charts(study, results),
    }
    if len(results.phasing.yearly):
        charts["accessibility_by_year"] = partial(phasing_figure, study, results)
    for name, draw in charts.items():
        write_picture(draw, folder / name)
