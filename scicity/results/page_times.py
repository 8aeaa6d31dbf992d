"""Travel times of every state between all places and zones, packed for the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import cumulative_opportunities
from analysis.graph.routable_network import Mode, RoutableNetwork, Travel, routable_network
from analysis.isochrones import isochrones_on
from analysis.od_matrix.whole_minutes import MINUTE, MOST_MINUTES, travel_minutes
from layers.network import TransportNetwork
from layers.scenarios import Scenario
from maps.style.palette import change_breaks, level_breaks
from maps.tables.network_states import Breaks, Count, PageTimes, State
from maps.tables.packed_times import PackedTimes, packed_times
from scicity.inputs.counts import PEOPLE
from scicity.inputs.pair import JUDGED_MODES, Pair
from scicity.inputs.study import Study
from scicity.results.network_states import page_states

ENDS = ("baseline", "scenario")
"""The first two states; they are on the page however much room they take."""

ROOM = 8_000_000
"""Letters that all tables together may take; states beyond that are left out and named."""


@dataclass
class _Tables:
    """Packed tables, each once; new ones refer to those of the baseline or the scenario."""

    packed: list[PackedTimes] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)
    references: dict[Mode, list[tuple[int, np.ndarray]]] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """Letters taken."""
        return sum(len(table.text) for table in self.packed)

    def forget(self, count: int) -> None:
        """Keep the first tables only."""
        del self.packed[count:]
        self.numbers = {digest: n for digest, n in self.numbers.items() if n < count}

    def add(self, mode: Mode, minutes: np.ndarray) -> int:
        """The number of a table; an equal one is not packed again."""
        digest = hashlib.sha256(minutes.tobytes()).digest()
        if digest not in self.numbers:
            self.packed.append(packed_times(minutes, self.references.get(mode, [])))
            self.numbers[digest] = len(self.packed) - 1
        return self.numbers[digest]


def page_points(study: Study) -> gpd.GeoSeries:
    """The places, then the middles of the zones, projected and indexed by id."""
    zones = study.zones().set_index("zone_id").geometry.centroid
    points = pd.concat([study.place_points, zones])
    return gpd.GeoSeries(points, crs=zones.crs)


def page_counts(study: Study) -> tuple[Count, ...]:
    """People and the study's opportunities, by their names."""
    named = study.settings.opportunities.items()
    others = [Count(n, e.name_zh or n, e.name_en or n) for n, e in named]
    return (Count(PEOPLE, "人口", "people"), *others)


def _network(study: Study, state: State) -> TransportNetwork:
    named = Scenario(state.state_id, state.zh, state.en, state.project_ids)
    return study.plans.applied(named).network


def _question(study: Study, state: State, points: gpd.GeoSeries, mode: Mode) -> RoutableNetwork:
    network = _network(study, state)
    return routable_network(network, points, travel=Travel(mode), conditions=study.conditions)


def _isochrones(
    study: Study, state: State, routable: RoutableNetwork, mode: Mode
) -> gpd.GeoDataFrame:
    """Those of the study's origin, which is one of the points."""
    settings = study.settings.study
    found = isochrones_on(routable, settings.origin, cutoffs_secs=settings.isochrone_cutoffs_secs)
    return found.areas.assign(scenario=state.state_id, mode=mode)


def _add_state(
    study: Study, state: State, points: gpd.GeoSeries, tables: _Tables
) -> tuple[State, list[gpd.GeoDataFrame]]:
    """The state with the numbers of its tables, and its isochrones by mode.

    Tables of the first two states are referred to by later ones.
    """
    numbers: dict[str, int] = {}
    areas = []
    limit = min(study.settings.assumptions.max_trip_secs, MOST_MINUTES * MINUTE)
    for mode in JUDGED_MODES:
        routable = _question(study, state, points, mode)
        minutes = travel_minutes(routable, limit)
        areas.append(_isochrones(study, state, routable, mode))
        numbers[mode] = tables.add(mode, minutes)
        known = tables.references.setdefault(mode, [])
        if len(known) < len(ENDS):
            known.append((numbers[mode], minutes))
    return replace(state, times=numbers), areas


def _breaks(
    zones: gpd.GeoDataFrame,
    counts: Sequence[Count],
    minutes: Sequence[int],
    *,
    ends: Mapping[Mode, Sequence[np.ndarray]],
) -> tuple[Breaks, ...]:
    """Classes of what zones reach in the baseline and in the scenario (`ends`)."""
    made = []
    for mode, tables in ends.items():
        for count in counts:
            number = zones[count.column].to_numpy(dtype=float)
            for cutoff in minutes:
                reached = [cumulative_opportunities(t, number, cutoff) for t in tables]
                levels = level_breaks(np.concatenate(reached))
                changes = change_breaks(reached[-1] - reached[0])
                made.append(Breaks(mode, count.column, cutoff, levels, changes))
    return tuple(made)


def _whole_minutes(study: Study) -> tuple[int, ...]:
    """Cutoffs of accessibility that are whole minutes."""
    cutoffs = study.settings.study.accessibility_cutoffs_secs
    return tuple(int(cutoff) // MINUTE for cutoff in cutoffs if cutoff % MINUTE == 0)


def page_times(study: Study, pair: Pair) -> tuple[PageTimes, gpd.GeoDataFrame]:
    """Every state's times and isochrones, as many states as there is room for.

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
        `scicity.results.network_states.page_states` until `ROOM` is taken.
    GeoDataFrame
        Isochrones of the study's origin in each of them: `scenario` (the state's id), `mode`,
        `cutoff_secs` and polygons, projected.
    """
    points, tables = page_points(study), _Tables()
    states: list[State] = []
    areas: list[gpd.GeoDataFrame] = []
    wanted = page_states(study, pair.baseline_id, pair.scenario_id)
    for state in wanted:
        count = len(tables.packed)
        added, own = _add_state(study, state, points, tables)
        if len(states) >= len(ENDS) and tables.room > ROOM:
            tables.forget(count)
            break
        states.append(added)
        areas += own
    zones, counts, minutes = study.zones(), page_counts(study), _whole_minutes(study)
    first = len(points) - len(zones)
    ends = {
        mode: [minutes_of[first:, first:] for _, minutes_of in known]
        for mode, known in tables.references.items()
    }
    times = PageTimes(
        states=tuple(states),
        scenario_id=pair.scenario_id,
        tables=tuple(tables.packed),
        counts=counts,
        minutes=minutes,
        breaks=_breaks(zones, counts, minutes, ends=ends),
        left_out=tuple((state.zh, state.en) for state in wanted[len(states) :]),
    )
    return times, gpd.GeoDataFrame(pd.concat(areas, ignore_index=True), crs=points.crs)
