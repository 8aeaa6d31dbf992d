"""Travel times of every state between all places and zones, packed for the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import cumulative_opportunities
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Mode, Travel
from analysis.isochrones import isochrones_on
from analysis.od_matrix.whole_minutes import MINUTE, MOST_MINUTES, travel_minutes
from layers.network import TransportNetwork
from layers.scenarios import Scenario
from maps.style.palette import change_breaks, level_breaks
from maps.tables.network_states import Breaks, Count, PageTimes, State
from maps.tables.packed_times import PackedTimes, packed_times
from maps.tables.packed_ways import PlaceWays, Way
from scicity.inputs.counts import PEOPLE
from scicity.inputs.pair import EVALUATED_MODES, Pair
from scicity.inputs.study import Study
from scicity.results.network_states import page_states
from scicity.results.page_ways import place_ways

COMPARED = ("baseline", "scenario")
"""The first two states, which are always on the page."""

MAX_LETTERS = 8_000_000
"""Maximum length of all tables together; states beyond it are left out and named."""


@dataclass
class _Tables:
    """Packed tables without duplicates; references and ways are of baseline and scenario."""

    packed: list[PackedTimes] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)
    references: dict[Mode, list[tuple[int, np.ndarray]]] = field(default_factory=dict)
    ways: dict[str, dict[tuple[int, int], Way]] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        """Length of all tables."""
        return sum(len(table.text) for table in self.packed)

    def keep_first(self, count: int) -> None:
        """Keep the first tables only."""
        del self.packed[count:]
        self.numbers = {digest: n for digest, n in self.numbers.items() if n < count}

    def add(self, mode: Mode, minutes: np.ndarray) -> int:
        """Index of a table, packed unless an equal one is known."""
        digest = hashlib.sha256(minutes.tobytes()).digest()
        if digest not in self.numbers:
            self.packed.append(packed_times(minutes, self.references.get(mode, [])))
            self.numbers[digest] = len(self.packed) - 1
        return self.numbers[digest]


def page_points(study: Study) -> gpd.GeoSeries:
    """The places, then the centroids of the zones, projected and indexed by id."""
    zones = study.zones().set_index("zone_id").geometry.centroid
    points = pd.concat([study.place_points, zones])
    return gpd.GeoSeries(points, crs=zones.crs)


def page_counts(study: Study) -> tuple[Count, ...]:
    """People and the study's opportunities, with their names."""
    entries = study.settings.opportunities.items()
    others = [Count(n, e.name_zh or n, e.name_en or n) for n, e in entries]
    return (Count(PEOPLE, "人口", "people"), *others)


def _network(study: Study, state: State) -> TransportNetwork:
    scenario = Scenario(state.state_id, state.zh, state.en, state.project_ids)
    return study.plans.applied(scenario).network


def _isochrones(
    study: Study, state: State, routable: RoutableNetwork, mode: Mode
) -> gpd.GeoDataFrame:
    """Isochrones of the study's origin, which is one of the points."""
    settings = study.settings.study
    reach = isochrones_on(routable, settings.origin, cutoffs_secs=settings.isochrone_cutoffs_secs)
    return reach.areas.assign(scenario=state.state_id, mode=mode)


def _add_state(
    study: Study, state: State, points: gpd.GeoSeries, tables: _Tables
) -> tuple[State, list[gpd.GeoDataFrame]]:
    """The state with the numbers of its tables, and its isochrones by mode.

    Tables of the first two states become references of later ones; these two have ways too.
    """
    numbers: dict[str, int] = {}
    areas = []
    limit = min(study.settings.assumptions.max_trip_secs, MOST_MINUTES * MINUTE)
    network, under = _network(study, state), study.conditions
    for mode in EVALUATED_MODES:
        routable = routable_network(network, points, travel=Travel(mode), conditions=under)
        minutes = travel_minutes(routable, limit)
        areas.append(_isochrones(study, state, routable, mode))
        numbers[mode] = tables.add(mode, minutes)
        known = tables.references.setdefault(mode, [])
        if len(known) < len(COMPARED):
            known.append((numbers[mode], minutes))
            if mode == "transit":
                ways = place_ways(network, routable, len(study.places), limit)
                tables.ways[state.state_id] = ways
    return replace(state, times=numbers), areas


def _breaks(
    zones: gpd.GeoDataFrame,
    counts: Sequence[Count],
    minutes: Sequence[int],
    *,
    times_by_mode: Mapping[Mode, Sequence[np.ndarray]],
) -> tuple[Breaks, ...]:
    """Class breaks of what zones reach, from their times in baseline and scenario, by mode."""
    breaks = []
    for mode, tables in times_by_mode.items():
        for count in counts:
            number = zones[count.column].to_numpy(dtype=float)
            for cutoff in minutes:
                reached = [cumulative_opportunities(t, number, cutoff) for t in tables]
                levels = level_breaks(np.concatenate(reached))
                changes = change_breaks(reached[-1] - reached[0])
                breaks.append(Breaks(mode, count.column, cutoff, levels, changes))
    return tuple(breaks)


def _whole_minutes(study: Study) -> tuple[int, ...]:
    """Cutoffs of accessibility that are whole minutes."""
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    return tuple(int(cutoff) // MINUTE for cutoff in cutoffs if cutoff % MINUTE == 0)


def page_times(study: Study, pair: Pair) -> tuple[PageTimes, gpd.GeoDataFrame]:
    """Times and isochrones of the states, as many as there is room for.

    Parameters
    ----------
    study
        The study.
    pair
        The networks that are compared.

    Returns
    -------
    PageTimes
        The baseline and the scenario always; other states in the order of
        `scicity.results.network_states.page_states` until `MAX_LETTERS` is reached.
    GeoDataFrame
        Isochrones of the study's origin in each state: `scenario` (the state's id), `mode`,
        `cutoff_secs` and polygons, projected.
    """
    points, tables = page_points(study), _Tables()
    states: list[State] = []
    areas: list[gpd.GeoDataFrame] = []
    candidates = page_states(study, pair.baseline_id, pair.scenario_id)
    for state in candidates:
        count = len(tables.packed)
        added, state_areas = _add_state(study, state, points, tables)
        if len(states) >= len(COMPARED) and tables.letters > MAX_LETTERS:
            tables.keep_first(count)
            break
        states.append(added)
        areas += state_areas
    zones, counts, minutes = study.zones(), page_counts(study), _whole_minutes(study)
    first = len(points) - len(zones)
    times_by_mode = {
        mode: [minutes_of[first:, first:] for _, minutes_of in known]
        for mode, known in tables.references.items()
    }
    times = PageTimes(
        states=tuple(states),
        scenario_id=pair.scenario_id,
        tables=tuple(tables.packed),
        counts=counts,
        minutes=minutes,
        breaks=_breaks(zones, counts, minutes, times_by_mode=times_by_mode),
        left_out=tuple((state.zh, state.en) for state in candidates[len(states) :]),
        ways=PlaceWays(tables.ways, len(study.places)),
    )
    return times, gpd.GeoDataFrame(pd.concat(areas, ignore_index=True), crs=points.crs)
