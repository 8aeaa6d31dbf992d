"""The map page, from results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from geo.crs import to_wgs84
from maps.page.page import draw_page
from maps.style.modes import MODE_NAMES
from maps.tables.network_states import PageTimes
from maps.tables.page_tables import PageTables
from maps.tiles import Tiles
from scicity.inputs.study import Study
from scicity.outputs.attribution import link_layer
from scicity.outputs.layers import (
    join_layer,
    project_layer,
    road_layer,
    route_layer,
    stop_layer,
)
from scicity.report.markdown import main_cutoff
from scicity.report.timetables import departures_sentence
from scicity.results.page_times import page_times
from scicity.results.run_results import Results


def change_stems(study: Study) -> tuple[tuple[str, str, str], ...]:
    """Stem and labels of the change maps: people within the middle cutoff, by mode."""
    cutoffs = sorted(study.settings.study.accessibility_cutoffs_secs)
    middle = cutoffs[len(cutoffs) // 2]
    return tuple(
        (
            f"people_{middle:g}_{mode}_peak",
            f"{middle / 60:.0f} 分钟内可达人口变化（{zh}，高峰）",
            f"Change of people within {middle / 60:.0f} min ({en}, peak)",
        )
        for mode, (zh, en) in MODE_NAMES.items()
    )


def measure_names(study: Study) -> tuple[str, str]:
    """Name of the measure of the attribution: people within the main cutoff."""
    minutes = f"{main_cutoff(study) / 60:.0f}"
    return f"{minutes} 分钟内可达人口（高峰）", f"people within {minutes} min (peak)"


def attribution_layer(study: Study, results: Results) -> gpd.GeoDataFrame:
    """Layer of the attribution to planned links; no rows if the scenario adds nothing."""
    if results.attribution is None:
        return gpd.GeoDataFrame()
    return link_layer(study, results.attribution, f"people_{main_cutoff(study):g}")


def page_tables(study: Study, results: Results) -> PageTables:
    """Inputs of page and figures, without the travel times, which only the page has."""
    settings = study.settings.study
    scenario = study.scenarios[results.pair.scenario_id]
    baseline = results.pair.baseline
    origin = study.places.set_index("place_id").loc[settings.origin]
    return PageTables(
        title_zh=f"{settings.name_zh}：{scenario.name_zh}",
        title_en=f"{settings.name_en}: {scenario.name_en}",
        note_zh=settings.note_zh,
        note_en=settings.note_en,
        origin_zh=origin["name_zh"],
        origin_en=origin["name_en"] or origin["name_zh"],
        areas=to_wgs84(study.area.areas),
        roads=road_layer(baseline),
        routes=route_layer(baseline),
        stops=stop_layer(baseline),
        projects=project_layer(study, scenario.project_ids),
        joints=join_layer(results),
        places=to_wgs84(study.places),
        isochrones=to_wgs84(results.isochrones.areas),
        accessibility=to_wgs84(results.accessibility.zones),
        change_stems=change_stems(study),
        gateways=results.buses.layer("gateways"),
        gaps=results.buses.layer("gaps"),
        loops=results.buses.layer("loops"),
        links=results.buses.layer("closing_links"),
        proposals=results.buses.layer("loop_proposals"),
        times=PageTimes(),
        attribution_links=attribution_layer(study, results),
        attribution_measure=measure_names(study),
        transit_note=departures_sentence(study),
        to_origin=baseline.has_timetable and study.conditions.windows.peak.arrive_by,
    )


def write_page(study: Study, results: Results, path: Path, *, tiles: Sequence[Tiles] = ()) -> None:
    """Write map.html, one file that works offline; `tiles` are optional backgrounds."""
    times, isochrones = page_times(study, results.pair)
    page_only = {"times": times, "isochrones": to_wgs84(isochrones), "tiles": tuple(tiles)}
    draw_page(replace(page_tables(study, results), **page_only), path)
