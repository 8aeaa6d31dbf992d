"""Values that are assumed, with what they may be instead, and networks in which they are so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.attribution.network.package import BASELINE, Package
from analysis.graph.conditions import Conditions
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import road_network
from layers.transit import TransitRoute

PLANNED: dict[str, tuple[str, ...]] = {
    "headways": ("headway_peak_secs", "headway_offpeak_secs"),
    "hop_secs": ("hop_secs",),
    "maxspeed": ("maxspeed",),
}
"""Values of planned lines and roads, varied where a project says that they are assumed: for each
player by itself, by a factor."""
VOLUMES = "peak_volume"
"""Peak volumes of the screenlines, varied together by a factor."""
ASSUMED = (
    *("walk_speed_kph", "drive_connector_kph", "detour", "max_direct_walk_m"),
    *("peak_speed_factor", "lane_capacity", "bpr_alpha", "bpr_beta"),
)
"""Assumptions that can vary: they change travel times, not where people live. Those by class vary
by a factor, the others between two values."""
UNCERTAIN_NAMES = (*PLANNED, VOLUMES, *ASSUMED)
LEVELS = (-1, 0, 1)
CHANCES = (0.185, 0.630, 0.185)
"""Chances of low, central and high, which stand for the 5th, 50th and 95th percentile of what is
thought possible: Keefer and Bodily, "Three-point approximations for continuous random variables",
Management Science 29(5), 1983."""


def is_factor(name: str, assumptions: Assumptions) -> bool:
    """Whether low and high of an uncertain value are factors, not values.

    Examples
    --------
    >>> is_factor("headways", Assumptions()), is_factor("detour", Assumptions())
    (True, False)
    """
    return name not in ASSUMED or isinstance(getattr(assumptions, name), Mapping)


@dataclass(frozen=True)
class Uncertain:
    """One assumed value.

    Attributes
    ----------
    name
        Of `UNCERTAIN_NAMES`.
    low, high
        In one case of twenty each it is thought to be beyond. Factors on what is assumed, or,
        for an assumption that is one number, the values.
    source
        Who says so.
    """

    name: str
    low: float
    high: float
    source: str

    def factor(self, level: int) -> float:
        """What the assumed value is multiplied by."""
        return {-1: self.low, 0: 1.0, 1: self.high}[level]


@dataclass(frozen=True)
class Variable:
    """What is drawn by itself: an uncertain value of all, or of one player."""

    uncertain: Uncertain
    player: int | None = None


def _assumed_of(
    package: Package, projects: Mapping[str, Project], name: str
) -> Iterator[tuple[int, str]]:
    """Players and projects in which a planned value is assumed."""
    for k, player in enumerate(package.players):
        for project_id in player.project_ids:
            project = projects[project_id]
            there = len(project.roads) if name == "maxspeed" else len(project.routes)
            if there and set(PLANNED[name]) & set(project.assumed_fields):
                yield k, project_id


def variables(
    package: Package, projects: Mapping[str, Project], values: Iterable[Uncertain]
) -> list[Variable]:
    """What can vary in a package: planned values player by player, others once."""
    found = []
    for uncertain in values:
        if uncertain.name not in PLANNED:
            found.append(Variable(uncertain))
            continue
        players = sorted({k for k, _ in _assumed_of(package, projects, uncertain.name)})
        found += [Variable(uncertain, player) for player in players]
    return found


def drawn_levels(count: int, draws: int, seed: int) -> np.ndarray:
    """Levels of so many variables in so many draws: int64, draws x variables."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.choice(np.array(LEVELS), size=(draws, count), p=CHANCES))


def _route(route: TransitRoute, factors: Mapping[str, float], assumed: set[str]) -> TransitRoute:
    """A route with its assumed headways and hops multiplied."""
    changed: dict[str, Any] = {
        name: getattr(route, name) * factors["headways"]
        for name in PLANNED["headways"]
        if "headways" in factors and name in assumed
    }
    if "hop_secs" in factors and "hop_secs" in assumed:
        changed["hop_secs"] = tuple(secs * factors["hop_secs"] for secs in route.hop_secs)
    return replace(route, **changed) if changed else route


def _network(
    package: Package, projects: Mapping[str, Project], factors: Mapping[int, Mapping[str, float]]
) -> TransportNetwork:
    """The whole network with the planned values of each player multiplied."""
    network = package.network
    owner = package.route_owners.tolist()
    routes = tuple(
        route
        if who == BASELINE
        else _route(route, factors.get(who, {}), set(projects[route.project_id].assumed_fields))
        for route, who in zip(network.routes, owner, strict=True)
    )
    drawn = network.roads.drawn
    of_project = {
        project_id: factors.get(k, {}).get("maxspeed", 1.0)
        for k, project_id in _assumed_of(package, projects, "maxspeed")
    }
    times = drawn["project_id"].map(of_project).fillna(1.0).to_numpy(dtype=float)
    if (times == 1).all():
        return replace(network, routes=routes)
    faster = drawn.assign(maxspeed=drawn["maxspeed"].to_numpy(dtype=float) * times)
    roads = road_network(network.roads.nodes, faster, ends=network.roads.ends)
    return TransportNetwork(roads, network.stops, routes)


def _conditions(conditions: Conditions, common: Sequence[tuple[Uncertain, int]]) -> Conditions:
    """Volumes and assumptions at their levels."""
    changed: dict[str, Any] = {}
    volumes = conditions.volumes
    for uncertain, level in common:
        if uncertain.name == VOLUMES:
            peak = volumes["peak_volume"].to_numpy(dtype=float) * uncertain.factor(level)
            volumes = volumes.assign(peak_volume=peak)
            continue
        value = getattr(conditions.assumptions, uncertain.name)
        if is_factor(uncertain.name, conditions.assumptions):
            changed[uncertain.name] = {k: v * uncertain.factor(level) for k, v in value.items()}
        elif level:
            changed[uncertain.name] = uncertain.low if level < 0 else uncertain.high
    assumptions = replace(conditions.assumptions, **changed)
    return replace(conditions, volumes=volumes, assumptions=assumptions)


def perturbed(
    package: Package,
    conditions: Conditions,
    levels: Sequence[tuple[Variable, int]],
    *,
    projects: Mapping[str, Project],
) -> tuple[Package, Conditions]:
    """The package and the conditions with variables at some levels (-1 low, 0 central, 1 high).

    Nothing is changed in place. Variables not named are central.
    """
    factors: dict[int, dict[str, float]] = {}
    for variable, level in levels:
        if variable.player is not None:
            own = factors.setdefault(variable.player, {})
            own[variable.uncertain.name] = variable.uncertain.factor(level)
    common = [(v.uncertain, level) for v, level in levels if v.player is None]
    network = _network(package, projects, factors)
    return replace(package, network=network), _conditions(conditions, common)
