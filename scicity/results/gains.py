"""Distribution and timing of gains: tables of `analysis.equity`, `partners` and `phasing`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.equity import core_and_ring, gain_shares, spread
from analysis.graph.travel import Travel
from analysis.measures import Measure, default_measures
from analysis.partners import Partners, partner_pairs, partner_summary
from analysis.phasing import Phases, Programme, openings, slips, yearly
from geo.areas import area_of
from scicity.inputs.pair import ZONE_TRAVELS, Pair
from scicity.inputs.study import Study

MAKERS, RESEARCH = "park", "science"
"""Categories of the partner places of clause 三 of the reply."""
DELAYS_YEARS = (1, 2, 5)


@dataclass(frozen=True)
class Gains:
    """Distribution of gains: `SPREAD_COLUMNS`, `GAIN_COLUMNS`, `CORE_RING_COLUMNS`, partners."""

    spread: pd.DataFrame
    shares: pd.DataFrame
    core_ring: pd.DataFrame
    partner_pairs: pd.DataFrame
    partner_summary: pd.DataFrame


@dataclass(frozen=True)
class Phasing:
    """Timing of gains: `OPENING_COLUMNS`, `YEARLY_COLUMNS` and `SLIP_COLUMNS`."""

    openings: pd.DataFrame
    yearly: pd.DataFrame
    slips: pd.DataFrame


def people_measures(study: Study) -> list[Measure]:
    """Measures of people within each of the study's cutoffs."""
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    half = study.settings.assumptions.gravity_half_secs
    return [m for m in default_measures([], cutoffs, half) if m.kind == "cumulative"]


def core_ids(study: Study) -> list[str]:
    """Ids of the planning areas whose `role` is core."""
    areas = study.area.areas
    return list(areas.loc[areas["role"] == "core", "area_id"])


def study_partners(study: Study) -> Partners:
    """Partner places named by the study; by default science places of the core, and all parks.

    Parks within the core's approximate outline are included: one of the ring's parks in clause 三
    lies there.
    """
    named = study.settings.partners
    if named is not None:
        return Partners(named.from_places, named.to_places)
    places = study.places
    inside = pd.Series(area_of(study.area, places.geometry), places.index).isin(core_ids(study))
    research = places.loc[(places["category"] == RESEARCH) & inside, "place_id"]
    makers = places.loc[places["category"] == MAKERS, "place_id"]
    return Partners(list(research), list(makers))


def gain_results(
    study: Study, pair: Pair, *, zones: gpd.GeoDataFrame, times: pd.DataFrame
) -> Gains:
    """Distribution of gains in people within the cutoffs, by transit and car at the peak.

    Parameters
    ----------
    study
        A study without errors.
    pair
        The networks that are compared.
    zones
        `scicity.results.run_results.Accessibility.zones`.
    times
        `scicity.results.run_results.PlaceTimes.by_scenario`.
    """
    measures, partners = [m.name for m in people_measures(study)], study_partners(study)
    # when a scenario is compared with itself, each time occurs twice
    baseline, scenario = (
        times.loc[times["scenario"] == name].drop_duplicates()
        for name in (pair.baseline_id, pair.scenario_id)
    )
    pairs = partner_pairs(baseline, scenario, partners=partners)
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    return Gains(
        spread(zones, measures, travels=ZONE_TRAVELS),
        gain_shares(zones, measures, travels=ZONE_TRAVELS),
        core_and_ring(zones, measures, travels=ZONE_TRAVELS, core_ids=core_ids(study)),
        pairs,
        partner_summary(pairs, partners, cutoffs),
    )


def phase_results(
    study: Study,
    pair: Pair,
    *,
    delays_years: Sequence[int] = DELAYS_YEARS,
    tick: Callable[[], None] = lambda: None,
) -> Phasing:
    """Timing of gains in people within the cutoffs, by transit and car at the peak.

    Parameters
    ----------
    study
        A study without errors.
    pair
        Projects that the scenario adds to the baseline open in their years.
    delays_years
        Delays of a project, years.
    tick
        Called after each year, and after each project and delay.
    """
    programme = study_programme(study, pair)
    phases = Phases(
        programme,
        study.zones(),
        measures=people_measures(study),
        travels=[Travel(mode, period) for mode, period in ZONE_TRAVELS],
        conditions=study.conditions,
    )
    years, slip_table = yearly(phases, tick=tick), slips(phases, delays_years, tick=tick)
    return Phasing(openings(programme), years, slip_table)


def study_programme(study: Study, pair: Pair) -> Programme:
    """Programme of the scenario's projects; those of the baseline are built from the start."""
    ids = study.scenarios[pair.scenario_id].project_ids
    already = study.scenarios[pair.baseline_id].project_ids
    return Programme(study.baseline, study.projects, ids, already)
