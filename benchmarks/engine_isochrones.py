"""The engine's benchmark of isochrones by car: four areas around one origin, beside OSMnx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from measuring import Contender, Goal, Line, alternating, clocked, lines_of
from shapely.geometry.base import BaseGeometry
from synthetic_grid import CRS, StreetArrays, corner_node, points_of
from synthetic_transit import roads_of

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from analysis.isochrones import Isochrones, isochrones_on
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.screenlines import VOLUME_COLUMNS
from layers.transit import STOP_COLUMNS

CUTOFFS_SECS = (300.0, 600.0, 900.0, 1_200.0)
OFFROAD_M = 60.0
FINE_CELL_M = 5.0
GRID = f"{FINE_CELL_M:g} m grid"
SAMPLES, SEED = 50_000, 1
WRONG_AREA, COVERED, WRONGLY_INSIDE = 0.01, 0.999, 0.005
HULL = "OSMnx recipe: ego_graph and convex hull"
ORIGIN = "origin"


def _compiled(network: StreetArrays) -> RoutableNetwork:
    stops = gpd.GeoDataFrame({name: [] for name in STOP_COLUMNS}, geometry="geometry", crs=CRS)
    origin = gpd.GeoSeries(points_of(network)[[corner_node(network)]], index=[ORIGIN], crs=CRS)
    assumptions = replace(Assumptions(), offpeak_speed_factor={"default": 1.0})
    return routable_network(
        TransportNetwork(roads_of(network), stops, ()),
        origin,
        travel=Travel("drive", "offpeak"),
        conditions=Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), assumptions),
    )


def _with_cell(routable: RoutableNetwork, cell_m: float) -> RoutableNetwork:
    """The same question with another cell, the points on its ground laid already."""
    assumptions = replace(routable.assumptions, surface_cell_m=cell_m, max_offroad_m=OFFROAD_M)
    found = replace(routable, assumptions=assumptions)
    _answer(found, CUTOFFS_SECS[:1])
    return found


def _answer(routable: RoutableNetwork, cutoffs: Sequence[float] = CUTOFFS_SECS) -> Isochrones:
    """Areas, and the exact parts of streets, as the product gives them."""
    return isochrones_on(routable, ORIGIN, cutoffs_secs=cutoffs)


def _hulls(network: StreetArrays) -> Contender:
    """The recipe of OSMnx's documentation, one band after the other."""
    import networkx as nx  # noqa: PLC0415 - a peer

    graph, origin, points = nx.MultiDiGraph(), corner_node(network), points_of(network)
    arcs = zip(network.tail.tolist(), network.head.tolist(), network.secs.tolist(), strict=True)
    graph.add_edges_from((a, b, {"time": secs}) for a, b, secs in arcs)

    def ask() -> None:
        for cutoff in reversed(CUTOFFS_SECS):
            inside = list(nx.ego_graph(graph, origin, radius=cutoff, distance="time"))
            gpd.GeoSeries(points[inside]).union_all().convex_hull  # noqa: B018 - what it computes

    return Contender(clocked(ask))


def _share(name: str, found: float, goal: str, *, met: bool) -> Line:
    return Line("", f"{found:.3%}", name, goal=goal, met=bool(met))


def _drawn(lines: np.ndarray) -> np.ndarray:
    """Points drawn evenly along lines."""
    rng, metres = np.random.default_rng(SEED), shapely.length(lines)
    drawn = rng.choice(len(lines), SAMPLES, p=metres / metres.sum())
    return shapely.line_interpolate_point(lines[drawn], rng.random(SAMPLES), normalized=True)


def _quality(routable: RoutableNetwork, fine: BaseGeometry) -> list[Line]:
    """The largest area beside the same definition on a fine grid, and beside the streets."""
    found = _answer(routable)
    area = found.areas.geometry.iloc[-1]
    parts = found.streets.loc[found.streets["cutoff_secs"] == CUTOFFS_SECS[-1]]
    away = abs(area.area / fine.area - 1)
    for each in (area, fine):
        shapely.prepare(each)
    covered = shapely.intersects(area, _drawn(parts.geometry.to_numpy())).mean()
    anywhere = _drawn(routable.streets.table.geometry.to_numpy())
    inside = anywhere[shapely.intersects(area, anywhere)]
    wrong = 1 - shapely.intersects(fine, inside).mean()
    fine_area, fine_streets = f"area off that on a {GRID}", f"streets inside, not on a {GRID}"
    return [
        _share(fine_area, away, f"≤ {WRONG_AREA:.0%}", met=away <= WRONG_AREA),
        _share("reached streets inside", covered, f"≥ {COVERED:.1%}", met=covered >= COVERED),
        _share(fine_streets, wrong, f"≤ {WRONGLY_INSIDE:.1%}", met=wrong <= WRONGLY_INSIDE),
    ]


def isochrone_areas(network: StreetArrays, job: str, goals: dict[float, Goal]) -> list[Line]:
    """Four areas at some cells of the surface, and how true they are.

    Parameters
    ----------
    network
        The streets.
    job
        Its name.
    goals
        By cell of the surface, metres.
    """
    print(job, flush=True)
    routable, lines = _compiled(network), []
    fine = _answer(_with_cell(routable, FINE_CELL_M), CUTOFFS_SECS[-1:]).areas.geometry.iloc[0]
    hulls = _hulls(network)
    for cell_m, goal in goals.items():
        asked = _with_cell(routable, cell_m)
        own, found = alternating(Contender(clocked(partial(_answer, asked))), {HULL: hulls})
        lines += lines_of(f"{job}, {cell_m:g} m", own, found, goal)
        lines += _quality(asked, fine)
    return lines
