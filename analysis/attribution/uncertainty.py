"""Uncertain values: their ranges, random levels, and networks at these levels."""

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
"""Values of planned routes and roads, varied where a project marks them as assumed: by a factor,
independently for each player."""
VOLUMES = "peak_volume"
"""Peak volumes of the screenlines, all varied by one factor."""
ASSUMED = (
    *("walk_speed_kph", "drive_connector_kph", "detour", "max_direct_walk_m"),
    *("peak_speed_factor", "lane_capacity", "bpr_alpha", "bpr_beta"),
)
"""Assumptions that can vary: those that affect travel times, not population. Assumptions by class
vary by a factor, the others between two values."""
UNCERTAIN_NAMES = (*PLANNED, VOLUMES, *ASSUMED)
LEVELS = (-1, 0, 1)
CHANCES = (0.185, 0.630, 0.185)
"""Probabilities of low, central and high, which represent the 5th, 50th and 95th percentile: Keefer
and Bodily, "Three-point approximations for continuous random variables",
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
        The 5th and 95th percentile. Factors on the assumed value, or, for an assumption that is one
        number, the values themselves.
    source
        Source of the range.
    """

    name: str
    low: float
    high: float
    source: str

    def factor(self, level: int) -> float:
        """Factor on the assumed value at a level (-1, 0, 1)."""
        return {-1: self.low, 0: 1.0, 1: self.high}[level]


@dataclass(frozen=True)
class Variable:
    """A random variable: an uncertain value common to all, or of one player."""

    uncertain: Uncertain
    player: int | None = None


def _assumed_of(
    package: Package, projects: Mapping[str, Project], name: str
) -> Iterator[tuple[int, str]]:
    """Numbers of players, and their projects in which a planned value is assumed."""
    for k, player in enumerate(package.players):
        for project_id in player.project_ids:
            project = projects[project_id]
            affected = len(project.roads) if name == "maxspeed" else len(project.routes)
            if affected and set(PLANNED[name]) & set(project.assumed_fields):
                yield k, project_id


def variables(
    package: Package, projects: Mapping[str, Project], values: Iterable[Uncertain]
) -> list[Variable]:
    """The random variables of a package: planned values one for each player, others once."""
    result = []
    for uncertain in values:
        if uncertain.name not in PLANNED:
            result.append(Variable(uncertain))
            continue
        players = sorted({k for k, _ in _assumed_of(package, projects, uncertain.name)})
        result += [Variable(uncertain, player) for player in players]
    return result


def drawn_levels(count: int, draws: int, seed: int) -> np.ndarray:
    """Random levels of `count` variables: int64, draws x variables."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.choice(np.array(LEVELS), size=(draws, count), p=CHANCES))


def _route(route: TransitRoute, factors: Mapping[str, float], assumed: set[str]) -> TransitRoute:
    """A route with its assumed headways and hops multiplied."""
    values: dict[str, Any] = {
        name: getattr(route, name) * factors["headways"]
        for name in PLANNED["headways"]
        if "headways" in factors and name in assumed
    }
    if "hop_secs" in factors and "hop_secs" in assumed:
        values["hop_secs"] = tuple(secs * factors["hop_secs"] for secs in route.hop_secs)
    return replace(route, **values) if values else route


def _network(
    package: Package, projects: Mapping[str, Project], factors: Mapping[int, Mapping[str, float]]
) -> TransportNetwork:
    """The whole network with the planned values of each player multiplied."""
    network = package.network
    owner = package.route_owners.tolist()
    routes = tuple(
        route
        if player == BASELINE
        else _route(route, factors.get(player, {}), set(projects[route.project_id].assumed_fields))
        for route, player in zip(network.routes, owner, strict=True)
    )
    street_table = network.roads.drawn
    speed_factor = {
        project_id: factors.get(k, {}).get("maxspeed", 1.0)
        for k, project_id in _assumed_of(package, projects, "maxspeed")
    }
    factor = street_table["project_id"].map(speed_factor).fillna(1.0).to_numpy(dtype=float)
    if (factor == 1).all():
        return replace(network, routes=routes)
    faster = street_table.assign(maxspeed=street_table["maxspeed"].to_numpy(dtype=float) * factor)
    roads = road_network(network.roads.nodes, faster, ends=network.roads.ends)
    return replace(network, roads=roads, routes=routes)


def _conditions(conditions: Conditions, levels: Sequence[tuple[Uncertain, int]]) -> Conditions:
    """Volumes and assumptions at their levels."""
    assumed: dict[str, Any] = {}
    volumes = conditions.volumes
    for uncertain, level in levels:
        if uncertain.name == VOLUMES:
            peak = volumes["peak_volume"].to_numpy(dtype=float) * uncertain.factor(level)
            volumes = volumes.assign(peak_volume=peak)
            continue
        value = getattr(conditions.assumptions, uncertain.name)
        if is_factor(uncertain.name, conditions.assumptions):
            assumed[uncertain.name] = {k: v * uncertain.factor(level) for k, v in value.items()}
        elif level:
            assumed[uncertain.name] = uncertain.low if level < 0 else uncertain.high
    assumptions = replace(conditions.assumptions, **assumed)
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
            player_factors = factors.setdefault(variable.player, {})
            player_factors[variable.uncertain.name] = variable.uncertain.factor(level)
    common = [(v.uncertain, level) for v, level in levels if v.player is None]
    network = _network(package, projects, factors)
    return replace(package, network=network), _conditions(conditions, common)
