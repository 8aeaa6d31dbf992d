"""When the gains come: the network in every year, and what it costs if a project slips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import Measure, accessibility_on
from analysis.change import EVERYWHERE
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Travel, routable_network
from layers.network import TransportNetwork
from layers.projects import Project
from layers.scenarios import Plans, Scenario, open_in, opening_years

OPENING_COLUMNS = ("year", "new_ids", "open_ids")
YEARLY_COLUMNS = ("year", "mode", "period", "measure", "area_id", "people", "mean", "change")
SLIP_COLUMNS = (
    "project_id",
    "delay_years",
    "opens",
    "opens_late",
    "waiting_ids",
    "mode",
    "period",
    "measure",
    "shortfall",
)


@dataclass(frozen=True)
class Programme:
    """Projects that open one after another.

    Attributes
    ----------
    baseline
        The network without any of them.
    projects
        All that are known, by id.
    project_ids
        Those of the programme, each after what it requires.
    already
        Those of them that are there from the start, whatever their year.
    """

    baseline: TransportNetwork
    projects: Mapping[str, Project]
    project_ids: Sequence[str]
    already: Sequence[str] = ()

    @property
    def opens(self) -> dict[str, int]:
        """The year in which each that is still to come opens, with what it requires."""
        coming = [p for p in self.project_ids if p not in self.already]
        return opening_years(coming, self.projects)

    @property
    def years(self) -> range:
        """From the year before the first opening to that of the last; none if nothing opens."""
        opens = self.opens.values()
        return range(min(opens) - 1, max(opens) + 1) if opens else range(0)

    def open_in(self, year: int) -> tuple[str, ...]:
        """Which projects are open at the end of a year, in their order."""
        return open_in(self.project_ids, year, projects=self.projects, already=self.already)

    def later(self, project_id: str, delay_years: int) -> Programme:
        """The same with one project opening so many years later."""
        project = self.projects[project_id]
        late = replace(project, opening_year=project.opening_year + delay_years)
        return replace(self, projects={**self.projects, project_id: late})


def openings(programme: Programme) -> pd.DataFrame:
    """What opens when.

    Returns
    -------
    DataFrame
        `OPENING_COLUMNS`, a row for each of `Programme.years`: the ids of the projects that open
        in it, and of all that are open at its end (tuples, in the programme's order). A project
        opens with the last of those it requires, so perhaps later than its `opening_year`.
    """
    opens = programme.opens
    rows = [
        (year, tuple(p for p in opens if opens[p] == year), programme.open_in(year))
        for year in programme.years
    ]
    return pd.DataFrame.from_records(rows, columns=list(OPENING_COLUMNS))


class Phases:
    """What people reach on average with some projects open, found once for each set of them.

    By car and on foot only projects that change roads count, so sets that share these share
    their figures.

    Parameters
    ----------
    programme
        What opens when.
    zones
        `zone_id`, `area_id`, `population`, counts of what can be reached, projected geometry.
    measures
        Cumulative ones.
    travels
        By which modes and in which periods.
    conditions
        Peak volumes and assumptions.
    """

    def __init__(
        self,
        programme: Programme,
        zones: gpd.GeoDataFrame,
        *,
        measures: Sequence[Measure],
        travels: Sequence[Travel],
        conditions: Conditions,
    ) -> None:
        self.programme, self.measures, self.travels = programme, measures, travels
        snap_m = conditions.assumptions.portal_snap_m
        self._plans = Plans(programme.baseline, programme.projects, snap_m)
        self._zones, self._conditions = zones, conditions
        self._middles = zones.set_index("zone_id").geometry.centroid
        self._known: dict[tuple[Travel, frozenset[str]], np.ndarray] = {}
        people = zones["population"].to_numpy(dtype=float)
        areas = zones["area_id"].to_numpy(dtype=str)
        lived_in = np.unique(areas[people > 0]).tolist()
        names = [*lived_in, EVERYWHERE] if lived_in else []
        held = [np.where((areas == name) | (name == EVERYWHERE), people, 0.0) for name in names]
        self._people = np.array(held).reshape(len(names), len(zones))
        self.people = dict(zip(names, self._people.sum(axis=1).tolist(), strict=True))
        """People by planning area where anybody lives, then everywhere; empty if nobody does."""

    def means(self, open_ids: Sequence[str], travel: Travel) -> np.ndarray:
        """Means over people: one row for each of `people`, one column a measure."""
        seen = frozenset(p for p in open_ids if self._matters(p, travel))
        if (travel, seen) not in self._known:
            self._known[travel, seen] = self._found(open_ids, travel)
        return self._known[travel, seen]

    def _matters(self, project_id: str, travel: Travel) -> bool:
        """Whether who travels so could notice a project."""
        project = self.programme.projects[project_id]
        return travel.mode == "transit" or len(project.roads) > 0 or len(project.replaces) > 0

    def _found(self, open_ids: Sequence[str], travel: Travel) -> np.ndarray:
        network = self._plans.applied(Scenario("", "", "", tuple(open_ids))).network
        routable = routable_network(
            network, self._middles, travel=travel, conditions=self._conditions
        )
        limit = max(measure.value for measure in self.measures)
        table = accessibility_on(routable.linked, self._zones, self.measures, limit_secs=limit)
        sums = self._people @ table.to_numpy()
        return np.asarray(sums / self._people.sum(axis=1, keepdims=True))


def yearly(phases: Phases, *, tick: Callable[[], None] = lambda: None) -> pd.DataFrame:
    """What people reach in every year.

    Parameters
    ----------
    phases
        The programme and what is asked.
    tick
        Called after each year, for a progress bar.

    Returns
    -------
    DataFrame
        `YEARLY_COLUMNS` for each of `Programme.years`: the mean over the people of each planning
        area and of all (`analysis.change.EVERYWHERE`) at the end of the year, in what the measure
        counts, and its change since the first row's year, before anything opened. Areas without
        people have no rows.
    """
    programme, rows = phases.programme, []
    first = programme.open_in(programme.years.start)
    for year in programme.years:
        for travel in phases.travels:
            now = phases.means(programme.open_in(year), travel)
            change = now - phases.means(first, travel)
            for column, measure in enumerate(phases.measures):
                labels = (year, travel.mode, travel.period, measure.name)
                for row, (area, people) in enumerate(phases.people.items()):
                    rows.append((*labels, area, people, now[row, column], change[row, column]))
        tick()
    return pd.DataFrame.from_records(rows, columns=list(YEARLY_COLUMNS))


def _shortfalls(
    phases: Phases, late: Programme, years: range
) -> Iterator[tuple[str, str, str, float]]:
    """What a later programme lacks in some years: mode, period, measure and the sum."""
    pairs = [(phases.programme.open_in(year), late.open_in(year)) for year in years]
    for travel in phases.travels:
        lacks = [
            phases.means(planned, travel)[-1] - phases.means(fewer, travel)[-1]
            for planned, fewer in pairs
        ]
        for measure, lack in zip(phases.measures, np.sum(lacks, axis=0), strict=True):
            yield travel.mode, travel.period, measure.name, float(lack)


def slips(
    phases: Phases, delays_years: Sequence[int], *, tick: Callable[[], None] = lambda: None
) -> pd.DataFrame:
    """What it costs if one project opens later and all others are ready as planned.

    Parameters
    ----------
    phases
        The programme and what is asked.
    delays_years
        By how many years a project may slip, each more than 0.
    tick
        Called after each project and delay, for a progress bar.

    Returns
    -------
    DataFrame
        `SLIP_COLUMNS` for each project still to come, if anybody lives here. `opens` is the year
        in which it opens as planned, `opens_late` with the delay; they are the same, and nothing
        is lost, if it waits for others all the while. `waiting_ids` are the other projects that
        open later with it, because they require it. `shortfall` is the mean over all people of
        what they reach less, summed over the years from the first opening to the last plus the
        largest delay: in what the measure counts, times years.
    """
    programme, rows = phases.programme, []
    opens = programme.opens
    horizon = range(programme.years.start + 1, programme.years.stop + max(delays_years, default=0))
    for project_id in opens if phases.people else ():
        for delay in delays_years:
            late = programme.later(project_id, delay)
            then = late.opens
            waiting = tuple(p for p in opens if then[p] > opens[p] and p != project_id)
            label = (project_id, delay, opens[project_id], then[project_id], waiting)
            rows += [(*label, *found) for found in _shortfalls(phases, late, horizon)]
            tick()
    return pd.DataFrame.from_records(rows, columns=list(SLIP_COLUMNS))
