"""Phasing: access in every year, and the loss if a project is delayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import accessibility_on
from analysis.change import EVERYWHERE
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from layers.network import TransportNetwork
from layers.projects import Project
from layers.scenarios import Plans, open_in, opening_years

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
    """A programme of projects with opening years.

    Attributes
    ----------
    baseline
        The network without these projects.
    projects
        All known projects, by id.
    project_ids
        Projects of the programme, each after those it requires.
    already
        Projects of the programme that are open from the start, regardless of their year.
    """

    baseline: TransportNetwork
    projects: Mapping[str, Project]
    project_ids: Sequence[str]
    already: Sequence[str] = ()

    @property
    def opens(self) -> dict[str, int]:
        """Opening year of each future project, requirements considered."""
        coming = [p for p in self.project_ids if p not in self.already]
        return opening_years(coming, self.projects)

    @property
    def years(self) -> range:
        """From the year before the first opening to that of the last; empty without openings."""
        opens = self.opens.values()
        return range(min(opens) - 1, max(opens) + 1) if opens else range(0)

    def open_in(self, year: int) -> tuple[str, ...]:
        """Projects open at the end of a year, in the programme's order."""
        return open_in(self.project_ids, year, projects=self.projects, already=self.already)

    def with_delay(self, project_id: str, delay_years: int) -> Programme:
        """The programme with one project delayed by some years."""
        project = self.projects[project_id]
        late = replace(project, opening_year=project.opening_year + delay_years)
        return replace(self, projects={**self.projects, project_id: late})


def openings(programme: Programme) -> pd.DataFrame:
    """Openings by year.

    Returns
    -------
    DataFrame
        `OPENING_COLUMNS`, a row for each of `Programme.years`: ids of the projects that open in the
        year, and of all that are open at its end (tuples, in the programme's order). A project
        opens not before those it requires, so possibly later than its `opening_year`.
    """
    opens = programme.opens
    rows = [
        (year, tuple(p for p in opens if opens[p] == year), programme.open_in(year))
        for year in programme.years
    ]
    return pd.DataFrame.from_records(rows, columns=list(OPENING_COLUMNS))


class Phases:
    """Mean access with sets of open projects, computed once for each set.

    By car and on foot only projects that change roads matter, so sets with the same road projects
    share their figures.

    Parameters
    ----------
    programme
        Projects and opening years.
    zones
        `zone_id`, `area_id`, `population`, counts of opportunities, projected geometry.
    measures
        Cumulative measures.
    travels
        Modes and periods.
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
        self._centroids = zones.set_index("zone_id").geometry.centroid
        self._means: dict[tuple[Travel, frozenset[str]], np.ndarray] = {}
        people = zones["population"].to_numpy(dtype=float)
        areas = zones["area_id"].to_numpy(dtype=str)
        populated = np.unique(areas[people > 0]).tolist()
        names = [*populated, EVERYWHERE] if populated else []
        people_by_area = [
            np.where((areas == name) | (name == EVERYWHERE), people, 0.0) for name in names
        ]
        self._people = np.array(people_by_area).reshape(len(names), len(zones))
        self.people = dict(zip(names, self._people.sum(axis=1).tolist(), strict=True))
        """People by populated planning area, then in total; empty if there are no people."""

    def means(self, open_ids: Sequence[str], travel: Travel) -> np.ndarray:
        """Means over people: one row for each entry of `people`, one column a measure."""
        relevant = frozenset(p for p in open_ids if self._matters(p, travel))
        if (travel, relevant) not in self._means:
            self._means[travel, relevant] = self._computed_means(open_ids, travel)
        return self._means[travel, relevant]

    def _matters(self, project_id: str, travel: Travel) -> bool:
        """Whether a project can affect a mode."""
        project = self.programme.projects[project_id]
        return travel.mode == "transit" or len(project.roads) > 0 or len(project.replaces) > 0

    def _computed_means(self, open_ids: Sequence[str], travel: Travel) -> np.ndarray:
        network = self._plans.network_with(open_ids)
        routable = routable_network(
            network, self._centroids, travel=travel, conditions=self._conditions
        )
        limit = max(measure.value for measure in self.measures)
        table = accessibility_on(routable.linked, self._zones, self.measures, limit_secs=limit)
        sums = self._people @ table.to_numpy()
        return np.asarray(sums / self._people.sum(axis=1, keepdims=True))


def yearly(phases: Phases, *, tick: Callable[[], None] = lambda: None) -> pd.DataFrame:
    """Mean access in every year.

    Parameters
    ----------
    phases
        The programme, measures and modes.
    tick
        Called after each year, for a progress bar.

    Returns
    -------
    DataFrame
        `YEARLY_COLUMNS` for each of `Programme.years`: the mean over the people of each planning
        area and of all areas (`analysis.change.EVERYWHERE`) at the end of the year, in the unit of
        the measure, and its change since the first year, before any opening. Areas without people
        have no rows.
    """
    programme, rows = phases.programme, []
    first_ids = programme.open_in(programme.years.start)
    for year in programme.years:
        for travel in phases.travels:
            means = phases.means(programme.open_in(year), travel)
            change = means - phases.means(first_ids, travel)
            for column, measure in enumerate(phases.measures):
                labels = (year, travel.mode, travel.period, measure.name)
                for row, (area, people) in enumerate(phases.people.items()):
                    rows.append((*labels, area, people, means[row, column], change[row, column]))
        tick()
    return pd.DataFrame.from_records(rows, columns=list(YEARLY_COLUMNS))


def _shortfalls(
    phases: Phases, delayed_programme: Programme, years: range
) -> Iterator[tuple[str, str, str, float]]:
    """Shortfall of a delayed programme over some years: mode, period, measure and the sum."""
    pairs = [(phases.programme.open_in(year), delayed_programme.open_in(year)) for year in years]
    for travel in phases.travels:
        losses = [
            phases.means(planned, travel)[-1] - phases.means(delayed, travel)[-1]
            for planned, delayed in pairs
        ]
        for measure, loss in zip(phases.measures, np.sum(losses, axis=0), strict=True):
            yield travel.mode, travel.period, measure.name, float(loss)


def slips(
    phases: Phases, delays_years: Sequence[int], *, tick: Callable[[], None] = lambda: None
) -> pd.DataFrame:
    """The loss if one project is delayed and all others are ready as planned.

    Parameters
    ----------
    phases
        The programme, measures and modes.
    delays_years
        Delays in years, each more than 0.
    tick
        Called after each project and delay, for a progress bar.

    Returns
    -------
    DataFrame
        `SLIP_COLUMNS` for each future project, if there are people. `opens` is the planned opening
        year, `opens_late` the year with the delay; they are equal, and nothing is lost, if the
        project waits for others anyway. `waiting_ids` are the other projects that open later
        because they require it. `shortfall` is the mean loss of access over all people, summed over
        the years from the first opening to the last plus the largest delay: in the unit of the
        measure, times years.
    """
    programme, rows = phases.programme, []
    opens = programme.opens
    horizon = range(programme.years.start + 1, programme.years.stop + max(delays_years, default=0))
    for project_id in opens if phases.people else ():
        for delay in delays_years:
            delayed = programme.with_delay(project_id, delay)
            late_opens = delayed.opens
            waiting = tuple(p for p in opens if late_opens[p] > opens[p] and p != project_id)
            label = (project_id, delay, opens[project_id], late_opens[project_id], waiting)
            rows += [(*label, *figures) for figures in _shortfalls(phases, delayed, horizon)]
            tick()
    return pd.DataFrame.from_records(rows, columns=list(SLIP_COLUMNS))
