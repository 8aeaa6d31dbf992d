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
    """A named, ordered set of projects; the empty scenario is the baseline."""

    scenario_id: str
    name_zh: str
    name_en: str
    project_ids: tuple[str, ...]


@dataclass(frozen=True)
class Applied:
    """The baseline with a scenario's projects applied.

    Attributes
    ----------
    joining
        The roads, with the joins of project roads.
    services
        The stops and routes.
    """

    joining: Joining = field(repr=False)
    services: Services = field(repr=False)

    @cached_property
    def network(self) -> TransportNetwork:
        """The baseline with the projects applied, assembled on first use."""
        of = self.services
        return TransportNetwork(self.joining.network, of.stops, of.routes, of.timetable)

    @property
    def joins(self) -> gpd.GeoDataFrame:
        """Joins of new roads to the network, `layers.planned.joining.JOIN_COLUMNS`."""
        return self.joining.joins

    @property
    def loose(self) -> gpd.GeoDataFrame:
        """Ends of new roads (not of tunnels) that joined nothing, the same columns."""
        return self.joining.loose


def with_required(project_ids: Sequence[str], projects: Mapping[str, Project]) -> tuple[str, ...]:
    """The projects and all their requirements, each project after its requirements.

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
    """The projects that a clause of the plan names, with all their requirements."""
    named = [p.project_id for p in projects.values() if p.clause == clause]
    return with_required(named, projects)


def opening_years(project_ids: Collection[str], projects: Mapping[str, Project]) -> dict[str, int]:
    """The year in which each of some projects is open with its requirements among them.

    Requirements that are not among the projects count as existing. In order of the ids.
    """
    years = {project_id: projects[project_id].opening_year for project_id in project_ids}
    return {
        project_id: max(
            years[other] for other in with_required([project_id], projects) if other in years
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
    """The projects among some that are open at the end of a year, in their order.

    A project is not open before its requirements among them; projects in `already` are open.
    """
    pending = [project_id for project_id in project_ids if project_id not in already]
    years = opening_years(pending, projects)
    return tuple(p for p in project_ids if p not in years or years[p] <= year)


def projects_open_by(year: int, projects: Mapping[str, Project]) -> tuple[str, ...]:
    """All projects open at the end of a year, each after its requirements, see `open_in`."""
    return with_required(open_in(sorted(projects), year, projects=projects), projects)


def scenario_faults(scenario: Scenario, projects: Mapping[str, Project], file: str) -> list[Fault]:
    """Faults of unknown and repeated projects, and of projects before their requirements."""
    faults = []
    earlier: set[str] = set()
    for project_id in scenario.project_ids:
        scenario_id = scenario.scenario_id
        if project_id not in projects:
            allowed = ", ".join(projects) or "no project is known"
            message = f"project {project_id!r} does not exist"
            faults.append(Fault(file, scenario_id, "id-unknown", message, allowed))
            continue
        if project_id in earlier:
            message = f"project {project_id!r} stands twice"
            faults.append(Fault(file, scenario_id, "id-duplicate", message))
        for other in projects[project_id].requires:
            if other not in earlier:
                message = f"{project_id} requires {other}, which does not come before it"
                faults.append(Fault(file, scenario_id, "requires-missing", message, f"add {other}"))
        earlier.add(project_id)
    return faults


class Plans:
    """Scenarios of one baseline, with their common steps cached.

    Scenarios that begin with the same projects share the result of these: the roads of a project
    are joined once to the same sequence of earlier roads, and likewise its services, even if
    projects without roads (or without services) are between them. Scenarios with the same roads
    share one `RoadNetwork` while any of them is in use.

    Parameters
    ----------
    baseline
        The network without projects; not changed.
    projects
        By id.
    portal_snap_m
        Largest distance of a road's end from the street that it joins, metres.
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
        """The baseline with all that can be applied, and the faults; raises nothing."""
        faults = scenario_faults(scenario, self._projects, "study.toml")
        roads, services = self._roads[()], self._services[()]
        road_projects: tuple[str, ...] = ()
        service_projects: tuple[str, ...] = ()
        for project in [self._projects[p] for p in scenario.project_ids if p in self._projects]:
            earlier_services = services
            if len(project.stops) or project.routes or project.replaces:
                service_projects = (*service_projects, project.project_id)
                services = self._service_step(earlier_services, service_projects)
                faults += services.moved
            if len(project.roads) or project.replaces:
                road_projects = (*road_projects, project.project_id)
                roads = self._road_step(roads, road_projects)
                faults += roads.all_faults(earlier_services.routes)
            faults += services.faults if services is not earlier_services else ()
        return Applied(roads.joining, services.services), faults

    def applied(self, scenario: Scenario) -> Applied:
        """The baseline with a scenario's projects applied, in their order.

        Raises
        ------
        BadInputError
            With every fault of every project together.
        """
        applied, faults = self.with_faults(scenario)
        check_faults(faults)
        return applied

    def network_with(self, project_ids: Sequence[str]) -> TransportNetwork:
        """The baseline with some projects applied, in their order.

        Raises
        ------
        BadInputError
            With every fault of every project together.
        """
        return self.applied(Scenario("", "", "", tuple(project_ids))).network

    def _service_step(self, previous: ServiceStep, ids: tuple[str, ...]) -> ServiceStep:
        """The services after a sequence of projects."""
        if ids not in self._services:
            self._services[ids] = previous.with_project(self._projects[ids[-1]])
        return self._services[ids]

    def _road_step(self, previous: RoadStep, ids: tuple[str, ...]) -> RoadStep:
        """The roads after a sequence of projects."""
        if ids not in self._roads:
            project = self._projects[ids[-1]]
            if len(project.roads) and ids[-1] not in self._planned:
                self._planned[ids[-1]] = planned_roads(project.roads, ids[-1])
            self._roads[ids] = previous.with_project(project, self._planned.get(ids[-1]))
        return self._roads[ids]


def applied_with_faults(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> tuple[Applied, list[Fault]]:
    """The baseline with all that can be applied, and the faults; raises nothing."""
    return Plans(baseline, projects, portal_snap_m).with_faults(scenario)


def apply_scenario(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> Applied:
    """The baseline with one scenario applied, see `Plans.applied`."""
    return Plans(baseline, projects, portal_snap_m).applied(scenario)
