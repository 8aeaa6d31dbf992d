"""Scenarios: ordered sets of projects applied to a copy of the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import pandas as pd

from geo.faults import Fault, check_faults
from layers.joining import Joining
from layers.network import TransportNetwork
from layers.projects import Project
from layers.transit import TransitRoute, order_faults

SAME_STOP_M = 500.0
"""Two projects may name one stop if they place it within this distance."""


@dataclass(frozen=True)
class Scenario:
    """A named, ordered set of projects; the empty one is the baseline."""

    scenario_id: str
    name_zh: str
    name_en: str
    project_ids: tuple[str, ...]


@dataclass(frozen=True)
class Services:
    """Public transport: stops indexed by `stop_id`, and routes in the order they were added."""

    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]


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
        roads = self.joining.draft.network()
        return TransportNetwork(roads, self.services.stops, self.services.routes)

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


def _stop_faults(project: Project, stops: gpd.GeoDataFrame) -> list[Fault]:
    """A stop known already must be where it was."""
    faults = []
    both = project.stops.index.intersection(stops.index)
    away = project.stops.geometry.loc[both].distance(stops.geometry.loc[both])
    for stop_id, metres in away.items():
        if metres > SAME_STOP_M:
            message = f"stop is {metres:.0f} m from the stop of that id that exists"
            allowed = f"0 to {SAME_STOP_M:g} m"
            faults.append(Fault(project.file, str(stop_id), "stop-moved", message, allowed))
    return faults


def _replaced_faults(project: Project, services: Services, joining: Joining) -> list[Fault]:
    routes = {route.route_id for route in services.routes}
    return [
        Fault(project.file, "", "id-unknown", f"it replaces {old!r}, which does not exist")
        for old in project.replaces
        if old not in routes and not len(joining.draft.of_ids([old]))
    ]


def _with_services(services: Services, project: Project) -> tuple[Services, list[Fault]]:
    """The services with a project's stops and routes, and what is wrong with these."""
    faults = []
    new = project.stops.loc[~project.stops.index.isin(services.stops.index)]
    stops = services.stops
    if len(new):
        together = pd.concat([stops, new])
        stops = gpd.GeoDataFrame(together, geometry="geometry", crs=stops.crs)
    known = {route.route_id for route in services.routes}
    for route in project.routes:
        faults += order_faults(route, stops, project.file)
        if route.route_id in known:
            message = f"a second route {route.route_id!r}"
            faults.append(Fault(project.file, route.route_id, "id-duplicate", message))
    kept = tuple(route for route in services.routes if route.route_id not in project.replaces)
    return Services(stops, kept + project.routes), faults


def applied_with_faults(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> tuple[Applied, list[Fault]]:
    """The baseline with what can be applied, and all that cannot; nothing is raised."""
    faults = scenario_faults(scenario, projects, "study.toml")
    joining = Joining(baseline.roads, portal_snap_m)
    services = Services(baseline.stops, baseline.routes)
    for project in [projects[known] for known in scenario.project_ids if known in projects]:
        faults += _stop_faults(project, services.stops)
        faults += _replaced_faults(project, services, joining)
        joining.draft.remove(project.replaces)
        if len(project.roads):
            faults += joining.add_roads(project.roads, project.project_id)
        services, wrong = _with_services(services, project)
        faults += wrong
    return Applied(joining, services), faults


def apply_scenario(
    baseline: TransportNetwork,
    scenario: Scenario,
    *,
    projects: Mapping[str, Project],
    portal_snap_m: float,
) -> Applied:
    """A copy of the baseline with a scenario's projects in it, in their order.

    Parameters
    ----------
    baseline
        The network as it is; not changed.
    scenario
        Which projects. Each must come after what it requires.
    projects
        All projects by id.
    portal_snap_m
        Farthest that a road's end may be from the street it joins, metres.

    Raises
    ------
    BadInputError
        With every fault of every project together.
    """
    applied, faults = applied_with_faults(
        baseline, scenario, projects=projects, portal_snap_m=portal_snap_m
    )
    check_faults(faults)
    return applied
