"""Times along streets from one point, and the parts reached within a cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.areas.lines import StreetLines, lines_between, street_lines
from analysis.areas.mesh import Mesh, mesh
from analysis.areas.rays import Rays, entries, parts_within, rays
from analysis.compiled import Compiled
from analysis.paths.search import vertex_times
from analysis.snapping import joined
from layers.assumptions import Assumptions

REACHED_COLUMNS = ("cutoff_secs", "osmid", "from_fraction", "to_fraction", "geometry")


@dataclass(frozen=True)
class Ground:
    """What all isochrones on one compiled network share: hold it to ask again quickly.

    Attributes
    ----------
    question
        The compiled network.
    assumptions
        Snap limit, detour, cell of the surface and reach off the network.
    lines
        Its streets as arrays.
    mesh
        Where the surface around them is sampled.
    stop_snaps
        Where stops meet the streets, `analysis.snapping.SNAP_COLUMNS`.
    """

    question: Compiled
    assumptions: Assumptions
    lines: StreetLines
    mesh: Mesh
    stop_snaps: pd.DataFrame

    @property
    def connector_mps(self) -> float:
        """Speed off the streets, metres a second."""
        return self.question.streets.connector_mps


def ground_of(question: Compiled, assumptions: Assumptions) -> Ground:
    """What isochrones from any point of a compiled network need."""
    lines = street_lines(question.streets)
    stops, table = question.stops.geometry, question.streets.table
    snaps = joined(stops, table, assumptions.snap_limit_m)
    return Ground(question, assumptions, lines, mesh(lines, assumptions.surface_cell_m), snaps)


@dataclass(frozen=True)
class Reach:
    """Times over the streets from one point.

    Attributes
    ----------
    ground
        What does not depend on the point.
    point
        Its position among the points asked about.
    times
        Seconds at each vertex; infinite where not reached.
    ways
        The streets as they are travelled.
    spots, spot_secs
        x and y of points off the streets, and their time: the origin (0) and the stops reached.
    """

    ground: Ground
    point: int
    times: np.ndarray
    ways: Rays
    spots: tuple[np.ndarray, np.ndarray]
    spot_secs: np.ndarray


def reach_from(ground: Ground, point: int, limit_secs: float) -> Reach:
    """Times over the streets from one of the points asked about.

    Parameters
    ----------
    ground
        A compiled network.
    point
        Position of the origin among its points.
    limit_secs
        Nothing farther is looked for.
    """
    question = ground.question
    times = vertex_times(question.trips, point, limit=limit_secs)
    at_stops = times[question.stops["vertex"].to_numpy(dtype=np.int64)]
    own = question.snaps.loc[question.snaps["point"] == point]
    snaps = pd.concat([own, ground.stop_snaps])
    start = np.concatenate([np.zeros(len(own)), at_stops[ground.stop_snaps["point"]]])
    off_street = snaps["distance_m"] * ground.assumptions.detour / ground.connector_mps
    midway = entries(
        snaps["street"].to_numpy(), snaps["fraction"].to_numpy(), start + off_street.to_numpy()
    )
    reached = np.isfinite(at_stops)
    places = [question.points.iloc[point], *question.stops.geometry.to_numpy()[reached]]
    x, y = shapely.get_coordinates(places).T
    secs = np.concatenate([[0.0], at_stops[reached]])
    return Reach(ground, point, times, rays(ground.lines, times, midway), (x, y), secs)


def reached_streets(reach: Reach, cutoffs_secs: Sequence[float]) -> gpd.GeoDataFrame:
    """The exact parts of streets reached within each cutoff, partial edges included.

    Returns
    -------
    GeoDataFrame
        `REACHED_COLUMNS`, one row a part and cutoff; projected.
    """
    table, lines = reach.ground.question.streets.table, reach.ground.lines
    found = [parts_within(reach.ways, cutoff) for cutoff in cutoffs_secs]
    cutoff = np.repeat(np.asarray(cutoffs_secs, dtype=float), [len(part[0]) for part in found])
    street, start, end = (np.concatenate(part) for part in zip(*found, strict=True))
    long = (end - start) * lines.length_m[street] > 0
    cutoff, street, start, end = cutoff[long], street[long], start[long], end[long]
    geometry = table.geometry.to_numpy()[street]
    partly = (start > 0) | (end < 1)
    geometry[partly] = lines_between(lines, street[partly], start[partly], end[partly])
    columns = {
        "cutoff_secs": cutoff,
        "osmid": table["osmid"].array.take(street),
        "from_fraction": start,
        "to_fraction": end,
    }
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=table.crs)
