"""What an attribution is made of: the measures, and the players of a scenario."""

from __future__ import annotations

import geopandas as gpd

from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.network.players import Player, players_of
from analysis.measures import default_measures
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study
from scicity.settings.attribution import groups_of


def attribution_measures(study: Study) -> AttributionMeasures:
    """Measures: people and opportunities within the cutoffs, people near the core, place times."""
    settings = study.settings.study
    half_secs = study.settings.assumptions.gravity_half_secs
    measures = default_measures(
        list(study.settings.opportunities), settings.accessibility_cutoffs_secs, half_secs
    )
    places = study.places[["place_id", "geometry"]]
    areas = study.area.areas[["area_id", "geometry"]]
    inside = gpd.sjoin(places, areas, how="left").drop_duplicates("place_id")
    return AttributionMeasures(
        zones=study.zones(),
        places=study.place_points,
        place_areas=inside["area_id"].fillna("").tolist(),
        core=settings.origin,
        measures=[m for m in measures if m.kind == "cumulative"],
        near_secs=float(settings.near_core_secs),
    )


def scenario_players(study: Study, pair: Pair) -> tuple[Player, ...]:
    """Players of a scenario: the projects that it adds to the baseline, or their groups.

    Empty if the scenario lacks a project of the baseline.
    """
    in_baseline = set(study.scenarios[pair.baseline_id].project_ids)
    ids = study.scenarios[pair.scenario_id].project_ids
    added = [p for p in ids if p not in in_baseline] if in_baseline <= set(ids) else []
    return players_of(added, groups_of(study.settings.groups), study.projects)
