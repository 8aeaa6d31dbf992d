"""The ground: points along streets where travellers leave the network, in square blocks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from analysis.graph.routable_network import RoutableNetwork
from analysis.kernels import kernel
from analysis.surface.blocks import BLOCK, Blocks, sorted_into_blocks
from geo.lines import points_along
from layers.caching import cached_by_identity

FAR_SPOT_M = 20_000.0
"""A stop farther than this outside the box around all streets is no part of the ground."""
NEAR = 0.5**0.5
"""Largest distance of any place from the nearest corner of the grid, in cells."""


class StreetPoints(NamedTuple):
    """Points along streets, in the order of the streets, with their positions in the blocks.

    Attributes
    ----------
    first
        int64, streets + 1: the first point of each street.
    fraction
        float64, one a point: fraction of its street.
    place
        int64, one a point: its position in the order of the blocks.
    """

    first: np.ndarray
    fraction: np.ndarray
    place: np.ndarray


@dataclass(frozen=True, eq=False)
class Ground:
    """Points where travellers can leave the network.

    Attributes
    ----------
    blocks
        All points: those along the streets, and the spots off them (stops, origins). Empty blocks
        surround them, twice `reach` on every side.
    street_points
        The points along the streets.
    spots
        int64, one a kept spot: its position among all points.
    kept
        int64: which spots are kept, those within `FAR_SPOT_M` of the box around all streets. A
        stop in another part of the country costs nothing, whether a train leads there or not.
    cell_m
        Largest spacing of the points along a street.
    offroad_m
        Largest distance off the network; at least `NEAR` of a cell.
    """

    blocks: Blocks
    street_points: StreetPoints
    spots: np.ndarray
    kept: np.ndarray
    cell_m: float
    offroad_m: float

    @property
    def reach(self) -> int:
        """Number of blocks around a point that it can affect, with a margin of one cell."""
        return _reach(self.cell_m, self.offroad_m)


def _reach(cell_m: float, offroad_m: float) -> int:
    return ceil((offroad_m + cell_m) / (BLOCK * cell_m))


def _pieces(streets: gpd.GeoDataFrame, cell_m: float) -> np.ndarray:
    """Number of pieces into which the points divide each street; 0 for a street without points."""
    length = shapely.length(streets.geometry.to_numpy())
    pieces = np.maximum(np.ceil(length / cell_m).astype(np.int64), 1)
    pieces[~streets["linkable"].to_numpy(dtype=bool)] = 1
    pieces[~streets["linkable_at_ends"].to_numpy(dtype=bool)] = 0
    return pieces


def _near_streets(spots: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Positions of the spots near the box around all streets (without streets, the first spot)."""
    box = along if len(along) else spots[:1]
    low, high = box.min(axis=0) - FAR_SPOT_M, box.max(axis=0) + FAR_SPOT_M
    return np.flatnonzero(((spots >= low) & (spots <= high)).all(axis=1))


def ground(
    streets: gpd.GeoDataFrame, spots: np.ndarray, *, cell_m: float, offroad_m: float
) -> Ground:
    """The ground: points at most one cell apart along the streets, and spots off the streets.

    Tunnels and bridges have points at their two ends only, motorways none.

    Parameters
    ----------
    streets
        Projected lines with `linkable` and `linkable_at_ends`, see
        `analysis.graph.street_times.StreetTimes`.
    spots
        n x 2 coordinates, at least one.
    cell_m, offroad_m
        Metres, see `Ground`.

    Raises
    ------
    BadInputError
        If the streets reach so far that the grid would have more than `MOST_CELLS`.
    """
    pieces = _pieces(streets, cell_m)
    count = np.where(pieces > 0, pieces + 1, 0)
    first = np.concatenate([[0], np.cumsum(count)])
    row = np.repeat(np.arange(len(streets)), count)
    fraction = (np.arange(len(row)) - first[row]) / pieces[row]
    along = points_along(streets.geometry.to_numpy(), row, fraction)
    offroad_m = max(offroad_m, NEAR * cell_m)
    # twice: a block up to a reach beyond all points is searched too, and looks a reach further
    around = 2 * _reach(cell_m, offroad_m)
    kept = _near_streets(spots, along)
    blocks, place = sorted_into_blocks(np.concatenate([along, spots[kept]]), cell_m, around)
    street_points = StreetPoints(first, fraction, place[: len(along)])
    return Ground(blocks, street_points, place[len(along) :], kept, cell_m, offroad_m)


@kernel
def _from_ends(streets: tuple, street_points: tuple, secs: np.ndarray) -> None:
    tails, heads, forward, backward, tail_left, head_left = streets
    first, fraction, place = street_points
    for street in range(tails.size):
        tail, head = tails[street], heads[street]
        ahead, behind = forward[street], backward[street]
        if tail + ahead == np.inf and head + behind == np.inf:
            continue
        for point in range(first[street], first[street + 1]):
            share = fraction[point]
            # a share of 0 takes no time even on a closed street
            from_tail = share * ahead if share > 0 else 0.0
            from_head = (1 - share) * behind if share < 1 else 0.0
            by_tail = tail + from_tail if from_tail <= tail_left[street] else np.inf
            by_head = head + from_head if from_head <= head_left[street] else np.inf
            secs[place[point]] = min(by_tail, by_head)


@kernel
def _from_entries(streets: tuple, street_points: tuple, entries: tuple, secs: np.ndarray) -> None:
    forward, backward = streets[2], streets[3]
    first, fraction, place = street_points
    entry_street, entry_fraction, entry_secs, entry_left = entries
    for entry in range(entry_street.size):
        street = entry_street[entry]
        for point in range(first[street], first[street + 1]):
            shift = fraction[point] - entry_fraction[entry]
            along = 0.0
            if shift > 0:
                along = shift * forward[street]
            elif shift < 0:
                along = -shift * backward[street]
            if along <= entry_left[entry]:
                secs[place[point]] = min(secs[place[point]], entry_secs[entry] + along)


def ground_secs(
    ground_points: Ground,
    streets: tuple[np.ndarray, ...],
    entries: tuple[np.ndarray, ...],
    spots: np.ndarray,
) -> np.ndarray:
    """The time at every point of the ground.

    Parameters
    ----------
    ground_points
        The ground.
    streets
        By street, see `analysis.surface.reach.Reach`: seconds at its start and at its end, its
        travel times forward and backward, and how far one may travel on from either.
    entries
        Places where travellers enter a street midway: street, fraction, seconds, how far on.
    spots
        Seconds at each spot, whether kept or not.

    Returns
    -------
    ndarray
        float64, one a point of `Ground.blocks`; infinite where not reached.
    """
    secs = np.full(len(ground_points.blocks.x), np.inf)
    _from_ends(streets, ground_points.street_points, secs)
    _from_entries(streets, ground_points.street_points, entries, secs)
    kept = spots[ground_points.kept]
    secs[ground_points.spots] = np.minimum(secs[ground_points.spots], kept)
    return secs


@cached_by_identity
def ground_of(routable: RoutableNetwork) -> Ground:
    """The ground of a routable network; its spots are the points, then the stops."""
    spots = np.concatenate([routable.points.to_numpy(), routable.stops.geometry.to_numpy()])
    cell_m, offroad_m = routable.assumptions.surface_cell_m, routable.assumptions.max_offroad_m
    coordinates = shapely.get_coordinates(spots)
    return ground(routable.streets.table, coordinates, cell_m=cell_m, offroad_m=offroad_m)
