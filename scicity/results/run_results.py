"""All results of a run, as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.accessibility import accessibility_on
from analysis.change import (
    accessibility_by_area,
    accessibility_change,
)
from analysis.graph.network_edge import touches_edge
from analysis.graph.routable_network import routable_network
from analysis.graph.screenlines import screenline_loads
from analysis.graph.travel import Band, Travel
from analysis.isochrones import isochrone_change, isochrones
from analysis.measures import default_measures
from analysis.project_effects import ProjectSet, project_effects
from analysis.project_joins import project_joins
from geo.faults import BadInputError, Fault
from layers.network import TransportNetwork
from scicity.console import step_counter
from scicity.inputs.off_zones import off_network_flags
from scicity.inputs.pair import EVALUATED_MODES, ZONE_TRAVELS, Pair, network_pair
from scicity.inputs.study import Study
from scicity.results.attribution import Attribution, SamplingEffort, attribution_results
from scicity.results.buses import BusResults, bus_results
from scicity.results.far_origins import check_near_streets
from scicity.results.gains import Gains, Phasing, gain_results, phase_results
from scicity.results.place_times import PlaceTimes, place_results

BANDS: tuple[Band, ...] = ("expected", "best", "worst")

SHARES, GAINS = "which project brings what", "who gains, and when"
"""Long steps, which report their progress."""

Tick = Callable[[str], None]
"""Called with the name of each step when it begins."""


@dataclass(frozen=True)
class IsochroneResults:
    """Isochrones and reached streets with `scenario` and `mode`, and areas gained or lost."""

    areas: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    change: gpd.GeoDataFrame


@dataclass(frozen=True)
class Accessibility:
    """Every measure in baseline and scenario: of zones, and means by planning area."""

    zones: gpd.GeoDataFrame
    by_area: pd.DataFrame


@dataclass(frozen=True)
class Results:
    """Results of a whole run."""

    pair: Pair
    places: PlaceTimes
    isochrones: IsochroneResults
    accessibility: Accessibility
    buses: BusResults
    effects: pd.DataFrame
    attribution: Attribution | None
    gains: Gains
    phasing: Phasing
    loads: pd.DataFrame
    joins: gpd.GeoDataFrame


def place_origin(study: Study, origin_id: str) -> gpd.GeoSeries:
    """A place as an origin: one projected point, indexed by its id."""
    points = study.place_points
    if origin_id not in points.index:
        message = f"there is no place {origin_id!r}"
        allowed = "a place_id of the places file"
        raise BadInputError([Fault("places", origin_id, "id-unknown", message, allowed)])
    return points.loc[[origin_id]]


def isochrone_results(
    study: Study,
    networks: Sequence[tuple[str, TransportNetwork]],
    *,
    origins: gpd.GeoSeries,
    cutoffs_secs: Sequence[float],
    travels: Sequence[Travel],
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas and streets reached from each origin, a row a scenario, mode and cutoff.

    `origins` are points in the study's CRS, indexed by id. One that a network's streets are far
    from has a disc there, so that what a planned road gains can be told.
    """
    areas, streets = [], []
    for scenario_id, network in networks:
        for travel in travels:
            reached = isochrones(
                network,
                origins,
                travel=travel,
                conditions=study.conditions,
                cutoffs_secs=cutoffs_secs,
                refuse_far=False,
            )
            label = {"scenario": scenario_id, "mode": travel.mode, "period": travel.period}
            areas.append(reached.areas.assign(**label))
            streets.append(reached.streets.assign(**label))
    tables = [pd.concat(part, ignore_index=True) for part in (areas, streets)]
    first, second = (gpd.GeoDataFrame(t, geometry="geometry", crs=origins.crs) for t in tables)
    return first, second


def origin_isochrones(study: Study, pair: Pair, origin_id: str) -> IsochroneResults:
    """Isochrones of a place in baseline and scenario, with areas gained and lost."""
    origin, travels = place_origin(study, origin_id), [Travel(mode) for mode in EVALUATED_MODES]
    check_near_streets(study, pair.both, origin, travels=travels, argument="study.toml origin")
    cutoffs = study.settings.study.isochrone_cutoffs_secs
    areas, streets = isochrone_results(
        study, pair.both, origins=origin, cutoffs_secs=cutoffs, travels=travels
    )
    baseline, scenario = (areas.loc[areas["scenario"] == name] for name, _ in pair.both)
    return IsochroneResults(areas, streets, isochrone_change(baseline, scenario))


def accessibility_results(study: Study, pair: Pair) -> Accessibility:
    """Accessibility of zones and planning areas in baseline and scenario."""
    zones = study.zones()
    assumptions = study.settings.assumptions
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    names = list(study.settings.opportunities)
    measures = default_measures(names, cutoffs, assumptions.gravity_half_secs)
    centroids = zones.set_index("zone_id").geometry.centroid
    networks = [network for _, network in pair.both]
    columns, by_area = [zones, off_network_flags(study, networks, zones)], []
    for mode, period in ZONE_TRAVELS:
        reached, at_edge = {}, pd.Series(data=False, index=zones.index)
        for name, network in (("baseline", pair.baseline), ("scenario", pair.scenario)):
            travel = Travel(mode, period)
            routable = routable_network(
                network, centroids, travel=travel, conditions=study.conditions
            )
            limit = max(cutoffs)
            reached[name] = accessibility_on(routable.linked, zones, measures, limit_secs=limit)
            at_edge |= touches_edge(routable, limit_secs=limit, edge_m=assumptions.network_edge_m)
        columns.append(at_edge.rename(f"touches_edge_{mode}").to_frame())
        columns.append(
            accessibility_change(reached["baseline"], reached["scenario"], mode=mode, period=period)
        )
        by_area.append(accessibility_by_area(zones, reached, mode=mode, period=period))
    table = pd.concat(columns, axis=1)
    return Accessibility(
        gpd.GeoDataFrame(table, geometry="geometry", crs=zones.crs),
        pd.concat(by_area, ignore_index=True),
    )


def effect_results(study: Study, pair: Pair) -> pd.DataFrame:
    """Effects of each project that the scenario adds, alone and as the last one built.

    No rows if the scenario lacks a project of the baseline: then it does not only add to it.
    """
    built = study.scenarios[pair.baseline_id].project_ids
    ids = study.scenarios[pair.scenario_id].project_ids
    added = [p for p in ids if p not in built] if set(built) <= set(ids) else []
    return project_effects(
        study.baseline,
        study.place_points,
        conditions=study.conditions,
        package=ProjectSet(study.projects, added, built),
    )


def load_results(study: Study, pair: Pair) -> pd.DataFrame:
    """Volumes over capacities of the screenlines in both scenarios."""
    tables = [
        screenline_loads(network.roads, study.volumes, study.settings.assumptions).assign(
            scenario=name
        )
        for name, network in pair.both
    ]
    return pd.concat(tables, ignore_index=True)


def join_results(study: Study, pair: Pair) -> gpd.GeoDataFrame:
    """Joints of the scenario's projects with the network, and ends that join nothing."""
    assumptions = study.settings.assumptions
    return project_joins(pair.applied, study.places, study.area.outline, assumptions)


def all_results(
    study: Study,
    *,
    pair: Pair | None = None,
    draws: int | None = None,
    tick: Tick = lambda _: None,
) -> Results:
    """Compute all results.

    Parameters
    ----------
    study
        A study without errors.
    pair
        The networks to compare; None: those of study.toml.
    draws
        Number of Monte Carlo draws of the assumed values; None: as in study.toml.
    tick
        Called with the name of each step when it begins.
    """
    settings = study.settings.study
    tick("networks")
    pair = pair or network_pair(study, settings.baseline, settings.scenario)
    tick("times between places")
    places = place_results(study, pair)
    tick("isochrones")
    reached = origin_isochrones(study, pair, settings.origin)
    tick("accessibility")
    zones = accessibility_results(study, pair)
    tick("bus loops")
    buses = bus_results(study, pair.both)
    tick("projects one by one")
    effects = effect_results(study, pair)
    tick(SHARES)
    effort = SamplingEffort(settings.draws if draws is None else draws)
    shares = attribution_results(study, pair, effort, tick=step_counter(tick, SHARES))
    tick(GAINS)
    gains = gain_results(study, pair, zones=zones.zones, times=places.by_scenario)
    phasing = phase_results(study, pair, tick=step_counter(tick, GAINS))
    return Results(
        pair=pair,
        places=places,
        isochrones=reached,
        accessibility=zones,
        buses=buses,
        effects=effects,
        attribution=shares,
        gains=gains,
        phasing=phasing,
        loads=load_results(study, pair),
        joins=join_results(study, pair),
    )
