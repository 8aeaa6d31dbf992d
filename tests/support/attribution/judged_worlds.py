"""Players on a small world, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
from coordinates import CRS, point
from easy_values import conditions, easy
from shapely.geometry import LineString

from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.network.additivity import non_additive_players
from analysis.attribution.network.package import Package, scenario_of
from analysis.attribution.network.players import Player, required_players
from analysis.attribution.shapley.feasible import feasible_part
from analysis.graph.conditions import Conditions
from analysis.graph.travel import Travel
from analysis.measures import Measure
from layers.network import TransportNetwork
from layers.projects import Project
from layers.scenarios import Applied, Plans

SNAP_M = 300.0
NEAR_SECS = 900.0
CUTOFFS = (600.0, 1500.0)
TRAVELS = (Travel("transit"), Travel("drive"))
UNDER = conditions(
    easy(snap_limit_m=700.0, max_direct_walk_m=400.0, detour=1.3, max_trip_secs=5400.0),
    ridge=4_000.0,
    river=1_500.0,
)


@dataclass(frozen=True)
class Judged:
    """Players on a baseline, and what is asked of them."""

    baseline: TransportNetwork
    projects: Mapping[str, Project]
    players: tuple[Player, ...]
    wanted: AttributionMeasures
    conditions: Conditions = UNDER

    @property
    def required(self) -> np.ndarray:
        return required_players(self.players, self.projects)

    def applied(self, built: int) -> Applied:
        """The baseline with some players."""
        ids = list(self.projects)
        chosen = scenario_of(self.players, built, base_ids=(), project_ids=ids)
        plans = Plans(self.baseline, self.projects, SNAP_M)
        return plans.applied(replace(chosen, scenario_id="s"))

    def network(self, built: int) -> TransportNetwork:
        return self.applied(built).network

    @property
    def whole(self) -> Applied:
        return self.applied(2 ** len(self.players) - 1)

    @property
    def package(self) -> Package:
        return Package(self.whole.network, self.players, self.required)

    @property
    def only_adds(self) -> bool:
        apart = non_additive_players(
            self.package, self.whole, self.baseline, projects=self.projects
        )
        return not apart

    @property
    def subsets(self) -> list[int]:
        """Those in which everybody has what he requires."""
        return sorted(set(feasible_part(self.required).tolist()))


def player(name: str, *project_ids: str) -> Player:
    return Player(name, name, name, project_ids or (name,))


def asked(
    middles: Sequence[Any],
    places: gpd.GeoSeries,
    *,
    people: Sequence[float] | None = None,
    areas: str | Sequence[str] = "",
    place_areas: Sequence[str] | None = None,
    cutoffs: Sequence[float] = CUTOFFS,
    near_secs: float = NEAR_SECS,
) -> AttributionMeasures:
    """Zones of 20 m with powers of two as people, named places, people within cutoffs."""
    count = len(middles)
    zones = gpd.GeoDataFrame(
        {
            "area_id": list(areas) or ["W"] * count,
            "population": people or [float(2**k) for k in range(count)],
            "jobs": [float(2 ** ((3 * k) % 7)) for k in range(count)],
        },
        geometry=[middle.buffer(10, quad_segs=2) for middle in middles],
        crs=CRS,
    )
    measures = [Measure(f"people_{c:g}", "cumulative", "population", c) for c in cutoffs]
    measures.append(Measure(f"jobs_{cutoffs[-1]:g}", "cumulative", "jobs", cutoffs[-1]))
    homes = place_areas or ["W"] * len(places)
    return AttributionMeasures(zones, places, homes, str(places.index[0]), measures, near_secs)


def later(wanted: AttributionMeasures, secs: float) -> AttributionMeasures:
    """The question with all cutoffs moved."""
    measures = [replace(m, value=m.value + secs) for m in wanted.measures]
    return replace(wanted, measures=measures, near_secs=wanted.near_secs + secs)


def line_between(*places: tuple[float, float]) -> LineString:
    """East and south of the drawing's first character, metres."""
    return LineString([point(*place) for place in places])
