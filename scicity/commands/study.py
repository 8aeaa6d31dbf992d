"""Commands on whole studies and on two scenarios."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.isochrones import isochrone_change
from geo.crs import to_wgs84
from geo.faults import errors
from layers.osm.problems import problem_counts
from scicity.ask.comparison import compare as compared
from scicity.ask.isochrones import reached
from scicity.check.fault_places import faults_with_places
from scicity.check.report import fault_table, write_check
from scicity.commands.windows import (
    check_departures_count,
    instead_of_settings,
    say_departures,
)
from scicity.console import say, warn
from scicity.inputs.off_zones import check_off_network, off_network_faults
from scicity.inputs.pair import Pair, named_pair
from scicity.inputs.points import Places
from scicity.inputs.read_study import read_study, study_with_faults
from scicity.inputs.study import Study
from scicity.osm.problem_report import osm_layers, write_restrictions
from scicity.outputs.files import (
    LayerFile,
    write_csv,
    write_layers,
)
from scicity.outputs.formats import write_also
from scicity.outputs.geopackage import write_styled
from scicity.outputs.layers import area_layer, project_layer, road_layer, route_layer, stop_layer
from scicity.outputs.publishing import published
from scicity.results.buses import bus_results
from scicity.results.run_results import Tick, all_results
from scicity.run import Extras, bus_layers, run, with_ids, write_buses

LONLAT_PARTS = 2


@contextmanager
def results_folder(out: Path) -> Iterator[Path]:
    """A folder to fill; its files replace those in `out` when the block succeeds."""
    with published(out) as (folder, files):
        yield folder
    for path in files:
        say(str(path))


def requested_study(arguments: argparse.Namespace, tick: Tick) -> Study:
    """Read the study, and warn of problems of its OpenStreetMap data."""
    instead = instead_of_settings(arguments)
    study = read_study(arguments.study, tick, instead=instead)
    check_departures_count(study, arguments)
    if study.osm is not None and len(study.osm.problems):
        counts = problem_counts(study.osm.problems)
        warn(
            f"OpenStreetMap has {sum(counts.values())} problems of {len(counts)} kinds here;"
            f" scicity check --study {arguments.study} lists them"
        )
    return study


def requested_pair(study: Study, arguments: argparse.Namespace) -> Pair:
    """The scenarios to compare: those of the options, by default those of the study."""
    return named_pair(study, arguments.scenario, arguments.baseline)


def run_study(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity run`."""
    study, extras = requested_study(arguments, tick), Extras(arguments.online_map, arguments.also)
    for path in run(study, arguments.out, extras=extras, draws=arguments.draws, tick=tick):
        say(str(path))
    say_departures(study, study.settings.study.scenario)
    say(
        f"open {arguments.out / 'map.html'} in a browser;"
        f" {arguments.out / 'report.html'} is the summary"
    )
    return 0


def list_faults(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity check`."""
    study, unplaced = study_with_faults(arguments.study, tick)
    files = study.settings.datums_of_files() if study else {}
    if study is not None and not errors(unplaced):
        unplaced = [*unplaced, *check_off_network(study)]
    faults = sorted(faults_with_places(unplaced, files))
    for line in fault_table(faults):
        say(line)
    stopped = study is None or errors(faults)
    say(f"{len(faults)} fault{'' if len(faults) == 1 else 's'} in {arguments.study}")
    if arguments.out is not None:
        with results_folder(arguments.out) as folder:
            write_check(faults, arguments.study.resolve().name, folder)
    return 2 if stopped else int(bool(faults))


def place_of(text: str | None) -> Places | None:
    """What an option names: the id or name of a place, or a point `lon,lat`."""
    try:
        numbers = [float(part) for part in (text or "").split(",")]
    except ValueError:
        return text
    return {str(text): (numbers[0], numbers[1])} if len(numbers) == LONLAT_PARTS else text


def _minutes(text: str) -> list[float] | str:
    """The cutoffs of `--cutoffs`; the text itself if they are no numbers, to be refused."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        return text


def draw_isochrones(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity isochrones`."""
    study = requested_study(arguments, tick)
    settings = study.settings.study
    names = (arguments.baseline or settings.baseline, arguments.scenario or settings.scenario)
    areas, streets = reached(
        study,
        list(dict.fromkeys(names)),
        place_of(arguments.origin),
        cutoffs=(_minutes(arguments.cutoffs), "--cutoffs"),
        travel=(arguments.mode, arguments.period),
        argument="--origin",
    )
    baseline, scenario = (areas.loc[areas["scenario"] == name] for name in names)
    keys = ["scenario", "mode", "origin_id", "cutoff_secs"]
    change = to_wgs84(isochrone_change(baseline, scenario))
    layers = [
        LayerFile("isochrones", with_ids(to_wgs84(areas), keys), "feature_id"),
        LayerFile("isochrones_change", with_ids(change, [*keys[1:], "change"]), "feature_id"),
        LayerFile("reached_streets", to_wgs84(streets)),
    ]
    with results_folder(arguments.out) as folder:
        write_layers(layers, folder)
    for row in areas.itertuples():
        say(f"{row.scenario} {row.mode} {row.cutoff_secs / 60:g} min: {row.area_km2:.1f} km2")
    if arguments.mode == "transit":
        say_departures(study, names[1], periods=[arguments.period])
    return 0


def compare(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity compare`."""
    study = requested_study(arguments, tick)
    change = compared(study, arguments.scenario, baseline=arguments.baseline)
    with results_folder(arguments.out) as folder:
        write_csv(change.times, folder / "place_times.csv")
        write_csv(change.missing, folder / "place_times_missing.csv")
        write_csv(change.by_area, folder / "accessibility_by_area.csv")
        write_layers([LayerFile("accessibility", change.zones, "zone_id")], folder)
    for (mode, period), group in change.times.groupby(["mode", "period"]):
        faster = int((group["change_secs"] < 0).sum())
        say(f"{mode} {period}: {faster} of {len(group)} pairs of places are quicker")
    say_departures(study, arguments.scenario or study.settings.study.scenario)
    for fault in off_network_faults(study, change.zones):
        warn(f"{fault.code} {fault.file}: {fault.message}")
    return 0


def find_bus_loops(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity bus-loops`."""
    study = requested_study(arguments, tick)
    pair = requested_pair(study, arguments)
    buses = bus_results(study, pair.both, loop_count=arguments.loops)
    with results_folder(arguments.out) as folder:
        write_layers(bus_layers(buses), folder)
        write_buses(study, pair, buses, folder)
    for scenario, diagnosis in buses.diagnoses.items():
        states = diagnosis.gateways["state"].value_counts()
        counts = ", ".join(f"{states.get(s, 0)} {s}" for s in ("closed", "open", "unserved"))
        links, loops = len(buses.plans[scenario].links), len(buses.plans[scenario].proposals)
        say(
            f"{scenario}: {len(diagnosis.gateways)} gateways: {counts}; {len(diagnosis.gaps)} gaps,"
            f" {links} of which a link closes; {loops} loop lines proposed"
        )
    return 0


def draw_map(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity map`."""
    # imported late, as the drawing libraries are slow to load
    from scicity.figures.charts import write_figures  # noqa: PLC0415
    from scicity.figures.map_page import write_page  # noqa: PLC0415

    study = requested_study(arguments, tick)
    # the map shows no Monte Carlo results
    results = all_results(study, pair=requested_pair(study, arguments), draws=0, tick=tick)
    with results_folder(arguments.out) as folder:
        write_page(study, results, folder / "map.html", tiles=arguments.online_map)
        write_figures(study, results, folder)
    return 0


def export(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity export`."""
    study = requested_study(arguments, tick)
    pair = requested_pair(study, arguments)
    in_plan = study.scenarios[pair.scenario_id].project_ids
    layers = [
        LayerFile("areas", area_layer(study), "area_id"),
        LayerFile("projects", project_layer(study, in_plan), "feature_id"),
        LayerFile("places", to_wgs84(study.places), "place_id"),
        LayerFile("zones", to_wgs84(study.zones()), "zone_id"),
    ]
    for name, network in pair.both:
        layers.append(LayerFile(f"roads_{name}", road_layer(network)))
        layers.append(LayerFile(f"routes_{name}", route_layer(network), "route_id"))
        layers.append(LayerFile(f"stops_{name}", stop_layer(network), "stop_id"))
    layers += osm_layers(study)
    with results_folder(arguments.out) as folder:
        write_layers(layers, folder)
        if study.osm is not None:
            write_restrictions(study.osm.restrictions, folder)
        write_styled(study, layers, folder / "study.gpkg")
        write_also(layers, arguments.also, folder)
    return 0
