"""`scicity run`: compute the whole study and write all results to a folder."""

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
from scicity.report.finding import Finding
from scicity.report.findings import all_findings
from scicity.report.input_findings import input_findings
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
    """The frame with a `feature_id` joined from some of its columns."""
    parts = zip(*(frame[column].astype(str) for column in columns), strict=True)
    return frame.assign(feature_id=[":".join(row) for row in parts])


def bus_layers(buses: BusResults) -> list[LayerFile]:
    """Layers of cross-boundary buses: gateways, loops, gaps and proposals."""
    return [
        LayerFile(f"bus_{name}", with_ids(buses.layer(name), ["scenario", key]), "feature_id")
        for name, key in LAYER_KEYS.items()
    ]


def write_bus_feed(study: Study, pair: Pair, buses: BusResults, path: Path) -> None:
    """Write the bus routes proposed for the scenario as a GTFS feed."""
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
    """Write bus results that are no layers: sets of links, feeding of the spines, the GTFS feed."""
    sets = buses.table("link_sets")
    joined = {name: sets[name].map("; ".join) for name in ("link_ids", "gateways")}
    write_csv(sets.assign(**joined), folder / "bus_link_sets.csv")
    write_csv(buses.feeding, folder / "spine_feeding.csv")
    write_bus_feed(study, pair, buses, folder / "bus_proposals_gtfs.zip")


def attribution_layers(study: Study, attribution: Attribution | None) -> list[LayerFile]:
    """Layer of the attribution to planned links; none if the scenario adds nothing."""
    if attribution is None:
        return []
    return [
        LayerFile("attribution", link_layer(study, attribution, main_measure(study)), "player_id")
    ]


def result_layers(study: Study, results: Results) -> list[LayerFile]:
    """Layers that are written as GeoJSON."""
    in_plan = study.scenarios[results.pair.scenario_id].project_ids
    keys = ["scenario", "mode", "origin_id", "cutoff_secs"]
    isochrones = results.isochrones
    areas = with_ids(to_wgs84(isochrones.areas), keys)
    change = with_ids(to_wgs84(isochrones.change), [*keys[1:], "change"])
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


def geopackage_layers(study: Study, results: Results) -> list[LayerFile]:
    """Layers of the GeoPackage only: places, reached streets and the networks."""
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
    """Write all files but the map, the figures and the report page."""
    layers = result_layers(study, results)
    write_layers(layers, folder)
    all_layers = layers + geopackage_layers(study, results)
    write_styled(study, all_layers, folder / "results.gpkg")
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
    """Optional outputs of a run.

    Attributes
    ----------
    tiles
        Optional background maps of the map page.
    also
        Further formats, from `scicity.outputs.formats.ALSO`.
    """

    tiles: Sequence[Tiles] = ()
    also: Sequence[str] = ()


def write_extras(study: Study, results: Results, also: Sequence[str], folder: Path) -> None:
    """Write the results in further formats."""
    write_also(result_layers(study, results), also, folder)
    if RASTERS in also:
        write_time_rasters(study, results.pair, folder)
    if EXCEL in also:
        mark_for_excel(folder)


NO_EXTRAS = Extras()


def run(
    study: Study,
    out: Path,
    *,
    extras: Extras = NO_EXTRAS,
    draws: int | None = None,
    tick: Tick = lambda _: None,
) -> list[Path]:
    """Compute the whole study and write it.

    Files are written to a temporary folder beside `out`, which replaces `out` at the end; a run
    that fails or is killed leaves `out` unchanged (`scicity.outputs.publishing`).

    Parameters
    ----------
    study
        A study without errors.
    out
        Folder of the results; files of earlier runs are replaced, other files are kept.
    extras
        Optional outputs.
    draws
        Number of Monte Carlo draws of the assumed values; None: as in study.toml.
    tick
        Called with the name of each of `STEPS` when it begins.

    Returns
    -------
    list of Path
        The files written.
    """
    with published(out) as (folder, files):
        results = all_results(study, draws=draws, tick=tick)
        findings = [
            *all_findings(study, results),
            *input_findings(study, results.accessibility.zones),
        ]
        tick("files")
        write_results(study, results, findings, folder)
        tick("map")
        # imported late, as the drawing libraries are slow to load
        from scicity.figures.charts import write_figures  # noqa: PLC0415
        from scicity.figures.map_page import write_page  # noqa: PLC0415
        from scicity.report.html import write_report_page  # noqa: PLC0415

        write_page(study, results, folder / "map.html", tiles=extras.tiles)
        write_figures(study, results, folder)
        write_report_page(study, results, findings, folder)
        write_extras(study, results, extras.also, folder)
    return files
