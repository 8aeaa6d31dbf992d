"""Scenarios: ordered sets of projects applied to a copy of the baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd

from geo.faults import Fault, check_faults
from layers.network import TransportNetwork
from layers.planned.joining import Joining
from layers.planned.roads import PlannedRoads, planned_roads
from layers.planned.steps import RoadStep, Services, ServiceStep, first_services
from layers.projects import Project


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
        """Where the ends of new roads met the network, `layers.planned.joining.JOIN_COLUMNS`."""
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


def opening_years(project_ids: Collection[str], projects: Mapping[str, Project]) -> dict[str, int]:
    """The year in which each of some projects opens, with all it requires of them.

    What it requires beside them is there already. In the order of the ids.
    """
    own = {project_id: projects[project_id].opening_year for project_id in project_ids}
    return {
        project_id: max(
            own[other] for other in with_required([project_id], projects) if other in own
        )
        for project_id in project_ids
    }


def open_in(
    project_ids: Sequence[str],
    year: int,
    *,
    projects: Mapping[str, Project],
    already: Collection[str] = (),
) -> tuple[str, ...]:
    """Which of some projects are open at the end of a year, in their order.

    One whose requirements among them open later is not; those that are there `already` are.
    """
    coming = [project_id for project_id in project_ids if project_id not in already]
    opens = opening_years(coming, projects)
    return tuple(p for p in project_ids if p not in opens or opens[p] <= year)


def projects_open_by(year: int, projects: Mapping[str, Project]) -> tuple[str, ...]:
    """All projects open at the end of a year, each after what it requires, see `open_in`."""
    return with_required(open_in(sorted(projects), year, projects=projects), projects)


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


class Plans:
    """All that projects can make of one baseline.

    Scenarios that begin with the same projects share what these make: the roads of a project are
    joined once to those of the same others, and so are its services, whatever projects without
    roads, or without services, stand between. Two scenarios with the same roads have one
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
        self._planned: dict[str, PlannedRoads] = {}
        roads, services = RoadStep(Joining(baseline.roads, portal_snap_m)), first_services(baseline)
        self._roads: dict[tuple[str, ...], RoadStep] = {(): roads}
        self._services: dict[tuple[str, ...], ServiceStep] = {(): services}

    def with_faults(self, scenario: Scenario) -> tuple[Applied, list[Fault]]:
        """The baseline with what can be applied, and all that cannot; nothing is raised."""
        faults = scenario_faults(scenario, self._projects, "study.toml")
        roads, services = self._roads[()], self._services[()]
        with_roads: tuple[str, ...] = ()
        with_services: tuple[str, ...] = ()
        for project in [self._projects[p] for p in scenario.project_ids if p in self._projects]:
            before = services
            if len(project.stops) or project.routes or project.replaces:
                with_services = (*with_services, project.project_id)
                services = self._service_step(before, with_services)
                faults += services.moved
            if len(project.roads) or project.replaces:
                with_roads = (*with_roads, project.project_id)
                roads = self._road_step(roads, with_roads)
                faults += roads.faults_beside(before.routes)
            faults += services.faults if services is not before else ()
        return Applied(roads.joining, services.services), faults

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

    def _service_step(self, before: ServiceStep, ids: tuple[str, ...]) -> ServiceStep:
        """The services after the last of some projects."""
        if ids not in self._services:
            self._services[ids] = before.with_project(self._projects[ids[-1]])
        return self._services[ids]

    def _road_step(self, before: RoadStep, ids: tuple[str, ...]) -> RoadStep:
        """The roads after the last of some projects."""
        if ids not in self._roads:
            project = self._projects[ids[-1]]
            if len(project.roads) and ids[-1] not in self._planned:
                self._planned[ids[-1]] = planned_roads(project.roads, ids[-1])
            self._roads[ids] = before.with_project(project, self._planned.get(ids[-1]))
        return self._roads[ids]


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
