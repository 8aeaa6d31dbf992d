"""Draw the pictures of docs/timetables.md from a study whose transit has a timetable.

    python docs/tools/make_timetable_pictures.py STUDY FROM TO FOLDER

FROM and TO are longitude,latitude. Two pictures: the staircase of travel time over the window with
its percentiles, in the study's two scenarios, and what the scenario changes for the people whom
every zone reaches within 45 minutes, by the median and by the 95th percentile of the times.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import scicity
from analysis.accessibility import accessibility
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Band, Travel
from analysis.measures import Measure
from analysis.windows.travel_times import timed_points_of
from scicity.inputs.study import Study
from scicity.settings.windows import window_of, with_window

WINDOW = ("13:00", "15:00")
START_HOUR = 13
CUTOFF_SECS = 2_700.0
COLORS = {"today": "#8a8f98", "plan": "#b5402a"}
PERCENTILES = (5, 50, 95)
BANDS: dict[str, Band] = {"median (p50)": "expected", "95th percentile (p95)": "worst"}


def samples(study: Study, scenario: str, ends: dict[str, tuple[float, float]]) -> np.ndarray:
    """Minutes of travel of each departure of the window, in the order of the departures."""
    points = scicity.points(study, ends)
    conditions = with_window(study.conditions, window_of(WINDOW))
    routable = routable_network(
        study.network(scenario), points, travel=Travel("transit"), conditions=conditions
    )
    timed, found = timed_points_of(routable), []
    timed.visit_samples(
        lambda _, secs: found.append(secs[0, 0].astype(float)),
        limit=7_200,
        origins=np.array([0]),
        destinations=np.array([1]),
    )
    order = np.argsort(timed.search.prepared(7_200).samples.times, kind="stable")
    return found[0][order] / 60


def staircase(study: Study, ends: dict[str, tuple[float, float]], file: Path) -> None:
    """Travel time against departure."""
    figure, axes = plt.subplots(figsize=(9, 4.2), layout="constrained")
    for name in (study.settings.study.baseline, study.settings.study.scenario):
        minutes = samples(study, name, ends)
        clock = START_HOUR + (np.arange(len(minutes)) + 0.5) / 60
        color = COLORS.get(name, "black")
        axes.step(clock, minutes, where="mid", color=color, lw=1.6, label=name)
        ranked = np.percentile(minutes, PERCENTILES, method="hazen")
        label = "  ".join(f"p{p} {value:.0f}" for p, value in zip(PERCENTILES, ranked, strict=True))
        axes.hlines(ranked, clock[0], clock[-1] + 0.05, color=color, lw=0.8, ls=":")
        axes.annotate(label, (clock[-1] + 0.07, ranked[1]), color=color, va="center")
    axes.set(
        xlabel="departure",
        ylabel="minutes on the way",
        xlim=(START_HOUR, START_HOUR + 2.6),
        ylim=(0, None),
    )
    hours = np.arange(START_HOUR, START_HOUR + 2.1, 0.5)
    axes.set_xticks(hours, [f"{int(h)}:{round(60 * (h % 1)):02}" for h in hours])
    axes.legend(loc="lower left", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=130)


def reached(study: Study, scenario: str, band: Band, zones: gpd.GeoDataFrame) -> pd.Series:
    """People within the cutoff of every zone."""
    conditions = with_window(study.conditions, replace(window_of(WINDOW)))
    measure = Measure("people", "cumulative", "population", CUTOFF_SECS)
    table = accessibility(
        study.network(scenario),
        zones,
        travel=Travel("transit", "peak", band),
        conditions=conditions,
        measures=[measure],
        limit_secs=CUTOFF_SECS,
    )
    return table["people"]


def change_maps(study: Study, file: Path) -> None:
    """What the scenario changes, by two percentiles."""
    zones = study.zones()
    figure, both = plt.subplots(1, 2, figsize=(11, 5.2), layout="compressed")
    own = study.settings.study
    for axes, (name, band) in zip(both, BANDS.items(), strict=True):
        gain = reached(study, own.scenario, band, zones) - reached(study, own.baseline, band, zones)
        zones.assign(gain=gain / 1e3).plot(
            "gain", ax=axes, cmap="OrRd", vmin=0, vmax=120, legend=True,
            legend_kwds={"label": "thousand people more within 45 min", "shrink": 0.7},
        )  # fmt: skip
        people = zones["population"] / zones["population"].sum()
        title = f"by the {name}: {float((people * gain).sum()):,.0f} more on average"
        axes.set_title(title, y=1.0)
        for route in study.projects.values():
            for line in route.routes:
                at = study.network(own.scenario).stops.geometry.loc[list(line.stop_ids)]
                axes.plot(at.x, at.y, color="black", lw=1.2, marker="o", ms=3)
        axes.set_axis_off()
    figure.savefig(file, dpi=110)


def main(arguments: list[str]) -> None:
    """Draw both pictures."""
    folder, start, end, out = arguments
    study = scicity.read_study(folder)
    (x, y), (u, v) = (tuple(map(float, text.split(","))) for text in (start, end))
    staircase(study, {"from": (x, y), "to": (u, v)}, Path(out) / "timetable_staircase.png")
    change_maps(study, Path(out) / "timetable_change.png")


if __name__ == "__main__":
    main(sys.argv[1:])
