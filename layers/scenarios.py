"""Scenarios: ordered sets of projects applied to a copy of the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd

from geo.faults import Fault, check_faults
from layers.joining import Joining
from layers.network import TransportNetwork
from layers.planned_roads import PlannedRoads, planned_roads
from layers.projects import Project
from layers.services import Services, ServicesDraft
from layers.transit import TransitRoute


@dataclass(frozen=True)
class Scenario:
    """A named, ordered set of projects; the empty one is the baseline."""

    scenario_id: str
    name_zh: str
    name_en: str
    project_ids: tuple[str, ...]


@dataclass(frozen=True)
class Applied:
    """What a scenario makes of the baseline.

    Attributes
    ----------
    joining
        The roads, and where those of projects joined.
    services
        The stops and routes.
    """

    joining: Joining = field(repr=False)
    services: Services = field(repr=False)

    @cached_property
    def network(self) -> TransportNetwork:
        """The baseline with the projects in it, put together when it is first asked for."""
        return TransportNetwork(self.joining.network, self.services.stops, self.services.routes)

    @property
    def joins(self) -> gpd.GeoDataFrame:
        """Where the ends of new roads met the network, `layers.joining.JOIN_COLUMNS`."""
        return self.joining.joins

    @property
    def loose(self) -> gpd.GeoDataFrame:
        """Ends of new roads (no tunnels) that joined nothing, the same columns."""
        return self.joining.loose


def with_required(project_ids: Sequence[str], projects: Mapping[str, Project]) -> tuple[str, ...]:
    """The projects and all that they require, each after what it requires.

    Examples
    --------
    >>> with_required(["a"], {})
    ('a',)
    """
    ordered: list[str] = []

    def visit(project_id: str, above: tuple[str, ...]) -> None:
        if project_id in ordered or project_id in above:
            return
        if project_id in projects:
            for other in projects[project_id].requires:
                visit(other, (*above, project_id))
        ordered.append(project_id)

    for project_id in project_ids:
        visit(project_id, ())
    return tuple(ordered)


def projects_of_clause(clause: str, projects: Mapping[str, Project]) -> tuple[str, ...]:
    """The projects that a clause of the plan names, with all they require."""
    named = [p.project_id for p in projects.values() if p.clause == clause]
    return with_required(named, projects)


def projects_open_by(year: int, projects: Mapping[str, Project]) -> tuple[str, ...]:
    """The projects open at the end of a year; one whose requirements open later is not."""
    early = {p.project_id for p in projects.values() if p.opening_year <= year}
    ready = [p for p in sorted(early) if set(with_required([p], projects)) <= early]
    return with_required(ready, projects)


def scenario_faults(scenario: Scenario, projects: Mapping[str, Project], file: str) -> list[Fault]:
    """Unknown projects, doubled ones, and projects that come before what they require."""
    faults = []
    before: set[str] = set()
    for project_id in scenario.project_ids:
        where = scenario.scenario_id
        if project_id not in projects:
            allowed = ", ".join(projects) or "no project is known"
            message = f"project {project_id!r} does not exist"
            faults.append(Fault(file, where, "id-unknown", message, allowed))
            continue
        if project_id in before:
            message = f"project {project_id!r} stands twice"
            faults.append(Fault(file, where, "id-duplicate", message))
        for other in projects[project_id].requires:
            if other not in before:
                message = f"{project_id} requires {other}, which does not come before it"
                faults.append(Fault(file, where, "requires-missing", message, f"add {other}"))
        before.add(project_id)
    return faults


@dataclass(frozen=True)
class _Step:
    """The roads after a project that changes them.

    Attributes
    ----------
    joining
        The roads so far.
    project
        The last one; None at the beginning.
    replaced
        The streets whose place it takes.
    faults
        What is wrong with its roads.
    """

    joining: Joining
    project: Project | None = None
    replaced: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def faults_beside(self, routes: Sequence[TransitRoute]) -> list[Fault]:
        """What it replaces that is neither a street nor one of the routes, and `faults`."""
        if self.project is None:
            return []
        known = {route.route_id for route in routes} | set(self.replaced)
        unknown = [
            Fault(self.project.file, "", "id-unknown", f"it replaces {old!r}, which does not exist")
            for old in self.project.replaces
            if old not in known
        ]
        return [*unknown, *self.faults]


class Plans:
    """All that projects can make of one baseline.

    Scenarios that begin with the same roads share them: those of each project are joined once to
    what the same projects have made before, and two scenarios with the same roads have one
    `RoadNetwork` as long as either lives.

    Parameters
    ----------
    baseline
        The network as it is; not changed.
    projects
        By id.
    portal_snap_m
        Farthest that a road's end may be from the street it joins, metres.
    """

    def __init__(
        self, baseline: TransportNetwork, projects: Mapping[str, Project], portal_snap_m: float
    ) -> None:
        self._projects = projects
        self._services = Services(baseline.stops, baseline.routes)
        self._places = dict(zip(baseline.stops.index, baseline.stops.geometry, strict=True))
        self._planned: dict[str, PlannedRoads] = {}
        start = _Step(Joining(baseline.roads, portal_snap_m))
        self._steps: dict[tuple[str, ...], _Step] = {(): start}

    def with_faults(self, scenario: Scenario) -> tuple[Applied, list[Fault]]:
        """The baseline with what can be applied, and all that cannot; nothing is raised."""
        faults = scenario_faults(scenario, self._projects, "study.toml")
        services = ServicesDraft(self._services, self._places)
        roads: tuple[str, ...] = ()
        for project in [self._projects[p] for p in scenario.project_ids if p in self._projects]:
            faults += services.moved_stops(project)
            if len(project.roads) or project.replaces:
                roads = (*roads, project.project_id)
                faults += self._step(roads).faults_beside(services.routes)
            faults += services.add(project)
        return Applied(self._step(roads).joining, services.services), faults

    def applied(self, scenario: Scenario) -> Applied:
        """The baseline with a scenario's projects in it, in their order.

        Raises
        ------
        BadInputError
            With every fault of every project together.
        """
        applied, faults = self.with_faults(scenario)
        check_faults(faults)
        return applied

    def _step(self, roads: tuple[str, ...]) -> _Step:
        """What comes of the projects that change roads, applied in this order."""
        if roads not in self._steps:
            before, project = self._step(roads[:-1]).joining, self._projects[roads[-1]]
            self._steps[roads] = self._next(before, project)
        return self._steps[roads]

    def _next(self, before: Joining, project: Project) -> _Step:
        streets = [old for old in project.replaces if before.draft.of_ids([old])]
        if not streets and not len(project.roads):
            return _Step(before, project)
        joining = before.copy()
        joining.remove(streets)
        faults: list[Fault] = []
        if len(project.roads):
            own = project.project_id
            if own not in self._planned:
                self._planned[own] = planned_roads(project.roads, own)
            faults = joining.add_roads(self._planned[own])
        return _Step(joining, project, tuple(streets), tuple(faults))


def applied_with_faults(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> tuple[Applied, list[Fault]]:
    """The baseline with what can be applied, and all that cannot; nothing is raised."""
    return Plans(baseline, projects, portal_snap_m).with_faults(scenario)


def apply_scenario(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> Applied:
    """One scenario applied, see `Plans.applied`."""
    return Plans(baseline, projects, portal_snap_m).applied(scenario)
