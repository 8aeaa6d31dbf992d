"""The main job: the whole study, written to a folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from geo.crs import to_wgs84
from geo.files import write_text
from layers.gtfs.writing import write_gtfs
from maps.tiles import Tiles
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study
from scicity.osm.problem_report import osm_layers, osm_title, write_problems
from scicity.outputs.attribution import link_layer, write_attribution, write_gains
from scicity.outputs.files import (
    LayerFile,
    write_csv,
    write_json,
    write_layers,
)
from scicity.outputs.formats import EXCEL, RASTERS, mark_for_excel, write_also
from scicity.outputs.geopackage import write_styled
from scicity.outputs.layers import (
    area_layer,
    join_layer,
    project_layer,
    road_layer,
    route_layer,
    stop_layer,
)
from scicity.outputs.publishing import published
from scicity.outputs.run_record import run_record
from scicity.outputs.time_rasters import write_time_rasters
from scicity.report.findings import Finding, all_findings
from scicity.report.markdown import main_measure, report
from scicity.results.attribution import Attribution
from scicity.results.buses import LAYER_KEYS, BusResults
from scicity.results.run_results import GAINS, SHARES, Results, Tick, all_results

STEPS = (
    "networks",
    "times between places",
    "isochrones",
    "accessibility",
    "bus loops",
    "projects one by one",
    SHARES,
    GAINS,
    "files",
    "map",
)


def with_ids(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """The frame with `feature_id` made of some of its columns."""
    parts = zip(*(frame[column].astype(str) for column in columns), strict=True)
    return frame.assign(feature_id=[":".join(row) for row in parts])


def bus_layers(buses: BusResults) -> list[LayerFile]:
    """Cross-boundary buses: what is there and what is proposed."""
    return [
        LayerFile(f"bus_{name}", with_ids(buses.layer(name), ["scenario", key]), "feature_id")
        for name, key in LAYER_KEYS.items()
    ]


def write_bus_feed(study: Study, pair: Pair, buses: BusResults, path: Path) -> None:
    """The proposals for the scenario as a GTFS feed for other tools."""
    routes = buses.plans[pair.scenario_id].routes
    served = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    settings, day = study.settings.study, study.settings.study.baseline_date
    write_gtfs(
        path,
        pair.scenario.stops.loc[served],
        routes,
        agency_name=f"scicity: {settings.name_zh}",
        dates=(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)),
    )


def write_buses(study: Study, pair: Pair, buses: BusResults, folder: Path) -> None:
    """All that is no layer: sets of links, how the spines are fed, proposals as a feed."""
    sets = buses.table("link_sets")
    listed = {name: sets[name].map("; ".join) for name in ("link_ids", "gateways")}
    write_csv(sets.assign(**listed), folder / "bus_link_sets.csv")
    write_csv(buses.feeding, folder / "spine_feeding.csv")
    write_bus_feed(study, pair, buses, folder / "bus_proposals_gtfs.zip")


def attribution_layers(study: Study, found: Attribution | None) -> list[LayerFile]:
    """The planned links with what each brings; none if the scenario adds nothing."""
    if found is None:
        return []
    return [LayerFile("attribution", link_layer(study, found, main_measure(study)), "player_id")]


def result_layers(study: Study, results: Results) -> list[LayerFile]:
    """The layers that are written as GeoJSON, by name."""
    in_plan = study.scenarios[results.pair.scenario_id].project_ids
    where = ["scenario", "mode", "origin_id", "cutoff_secs"]
    reached = results.isochrones
    areas = with_ids(to_wgs84(reached.areas), where)
    change = with_ids(to_wgs84(reached.change), [*where[1:], "change"])
    return [
        LayerFile("projects", project_layer(study, in_plan), "feature_id"),
        LayerFile("project_joins", join_layer(results), "feature_id"),
        LayerFile("areas", area_layer(study), "area_id"),
        LayerFile("isochrones", areas, "feature_id"),
        LayerFile("isochrones_change", change, "feature_id"),
        LayerFile("accessibility", to_wgs84(results.accessibility.zones), "zone_id"),
        *attribution_layers(study, results.attribution),
        *bus_layers(results.buses),
    ]


def more_layers(study: Study, results: Results) -> list[LayerFile]:
    """The layers that stand in the GeoPackage only: places and the networks."""
    layers = [LayerFile("places", to_wgs84(study.places)), *osm_layers(study)]
    layers.append(LayerFile("reached_streets", to_wgs84(results.isochrones.streets)))
    for name, network in results.pair.both:
        layers.append(LayerFile(f"roads_{name}", road_layer(network)))
        layers.append(LayerFile(f"routes_{name}", route_layer(network)))
        layers.append(LayerFile(f"stops_{name}", stop_layer(network)))
    return layers


def write_results(
    study: Study, results: Results, findings: Sequence[Finding], folder: Path
) -> None:
    """Every file but the map, the figures and the report with them."""
    layers = result_layers(study, results)
    write_layers(layers, folder)
    everything = layers + more_layers(study, results)
    write_styled(study, everything, folder / "results.gpkg")
    write_csv(results.accessibility.by_area, folder / "accessibility_by_area.csv")
    write_csv(results.places.times, folder / "place_times.csv")
    write_csv(results.places.missing, folder / "place_times_missing.csv")
    write_csv(results.effects, folder / "project_effects.csv")
    write_csv(results.loads, folder / "screenlines.csv")
    write_attribution(study, results.attribution, folder)
    write_gains(results.gains, results.phasing, folder)
    write_buses(study, results.pair, results.buses, folder)
    if study.osm:
        write_problems(study.osm.problems, osm_title(study), folder)
    write_text(folder / "report.md", report(study, results, findings, "zh"))
    write_text(folder / "report.en.md", report(study, results, findings, "en"))
    write_json(run_record(study, results, findings), folder / "run.json")


@dataclass(frozen=True)
class Extras:
    """What a run writes only for those who ask.

    Attributes
    ----------
    tiles
        Backgrounds from the internet that the map offers.
    also
        Further formats, of `scicity.outputs.formats.ALSO`.
    """

    tiles: Sequence[Tiles] = ()
    also: Sequence[str] = ()


def write_extras(study: Study, results: Results, also: Sequence[str], folder: Path) -> None:
    """Results in further formats."""
    write_also(result_layers(study, results), also, folder)
    if RASTERS in also:
        write_time_rasters(study, results.pair, folder)
    if EXCEL in also:
        mark_for_excel(folder)


NOTHING_MORE = Extras()


def run(
    study: Study,
    out: Path,
    *,
    extras: Extras = NOTHING_MORE,
    draws: int | None = None,
    tick: Tick = lambda _: None,
) -> list[Path]:
    """Compute the whole study and write it.

    Everything is written beside `out` first and takes its place at the end; a run that fails, or
    is killed, leaves what was there (`scicity.outputs.publishing`).

    Parameters
    ----------
    study
        A study without errors.
    out
        The folder for the results; files of earlier runs are replaced, others stay.
    extras
        What else to write.
    draws
        Sets of assumed values that are drawn; as many as the study says if not given.
    tick
        Called with the name of each of `STEPS` as it begins.

    Returns
    -------
    list of Path
        The files written.
    """
    with published(out) as (folder, files):
        results = all_results(study, draws=draws, tick=tick)
        findings = all_findings(study, results)
        tick("files")
        write_results(study, results, findings, folder)
        tick("map")
        # the drawing libraries are slow to load and only needed now
        from scicity.figures.charts import write_figures  # noqa: PLC0415
        from scicity.figures.map_page import write_page  # noqa: PLC0415
        from scicity.report.html import write_report_page  # noqa: PLC0415

        write_page(study, results, folder / "map.html", tiles=extras.tiles)
        write_figures(study, results, folder)
        write_report_page(study, results, findings, folder)
        write_extras(study, results, extras.also, folder)
    return files
