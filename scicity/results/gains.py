"""Who gains and when, for a study: the tables of `analysis.equity`, `partners` and `phasing`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.accessibility import Measure, default_measures
from analysis.equity import core_and_ring, gain_shares, spread
from analysis.graph.routable_network import Travel
from analysis.partners import Partners, partner_pairs, partner_summary
from analysis.phasing import Phases, Programme, openings, slips, yearly
from geo.areas import area_of
from scicity.inputs.pair import ZONE_TRAVELS, Pair
from scicity.inputs.study import Study

MAKERS, RESEARCH = "park", "science"
"""Categories of places that are partners by clause 三 of the reply."""
DELAYS_YEARS = (1, 2, 5)


@dataclass(frozen=True)
class Gains:
    """Who gains: `SPREAD_COLUMNS`, `GAIN_COLUMNS`, `CORE_RING_COLUMNS` and those of partners."""

    spread: pd.DataFrame
    shares: pd.DataFrame
    core_ring: pd.DataFrame
    partner_pairs: pd.DataFrame
    partner_summary: pd.DataFrame


@dataclass(frozen=True)
class Phasing:
    """When the gains come: `OPENING_COLUMNS`, `YEARLY_COLUMNS` and `SLIP_COLUMNS`."""

    openings: pd.DataFrame
    yearly: pd.DataFrame
    slips: pd.DataFrame


def people_measures(study: Study) -> list[Measure]:
    """People within each of the study's cutoffs."""
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    half = study.settings.assumptions.gravity_half_secs
    return [m for m in default_measures([], cutoffs, half) if m.kind == "cumulative"]


def core_ids(study: Study) -> list[str]:
    """The planning areas that are the core by their `role`."""
    areas = study.area.areas
    return list(areas.loc[areas["role"] == "core", "area_id"])


def study_partners(study: Study) -> Partners:
    """Those that the study names, else places of science in the core, and all parks.

    Parks inside the core's approximate outline count too: one of those that clause 三 names among
    the ring's lies there.
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
    """Who gains, by transit and by car at the peak, in people within the study's cutoffs.

    Parameters
    ----------
    study
        A study without errors.
    pair
        What is compared.
    zones
        `scicity.results.run_results.Accessibility.zones`.
    times
        `scicity.results.run_results.PlaceTimes.each`.
    """
    measures, partners = [m.name for m in people_measures(study)], study_partners(study)
    # a pair of the same scenario has every time twice
    was, now = (
        times.loc[times["scenario"] == name].drop_duplicates()
        for name in (pair.baseline_id, pair.scenario_id)
    )
    pairs = partner_pairs(was, now, partners=partners)
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
    """When the gains come, by transit and by car at the peak, in people within the cutoffs.

    Parameters
    ----------
    study
        A study without errors.
    pair
        What the scenario adds to the baseline opens in the years of its projects.
    delays_years
        By how many years a project may slip.
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
    years, late = yearly(phases, tick=tick), slips(phases, delays_years, tick=tick)
    return Phasing(openings(programme), years, late)


def study_programme(study: Study, pair: Pair) -> Programme:
    """The scenario's projects; those that the baseline has too are there from the start."""
    ids = study.scenarios[pair.scenario_id].project_ids
    already = study.scenarios[pair.baseline_id].project_ids
    return Programme(study.baseline, study.projects, ids, already)
