"""Where one can leave the network: points laid along the streets, sorted into square blocks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from analysis.graph.routable_network import RoutableNetwork
from analysis.kernels import kernel
from geo.lines import points_along
from layers.caching import cached_by_identity

BLOCK = 4
"""A block has so many cells on either side."""
NEAR = 0.5**0.5
"""No place is farther from the next corner of the grid, in cells."""


class Laid(NamedTuple):
    """Points in the order of the streets, and their places in the order of the blocks.

    Attributes
    ----------
    first
        int64, streets + 1: the first point of each street.
    fraction
        float64, one a point: how far along its street.
    place
        int64, one a point: its position in the order of the blocks.
    """

    first: np.ndarray
    fraction: np.ndarray
    place: np.ndarray


class Blocks(NamedTuple):
    """Points by blocks; a block is `BLOCK` cells wide, its corners at multiples of that.

    Attributes
    ----------
    x, y
        float64, one a point, metres.
    first
        int64, blocks + 1: the first point of each block, row after row.
    corner
        int64: column and row of the first block; 0, 0 is the one north east of the origin.
    columns
        Blocks in a row.
    """

    x: np.ndarray
    y: np.ndarray
    first: np.ndarray
    corner: np.ndarray
    columns: int


@dataclass(frozen=True, eq=False)
class Ground:
    """Where one can leave the network.

    Attributes
    ----------
    blocks
        All points: those along the streets, and the spots off them (stops, places asked about).
        Around them lie empty blocks, twice `reach` on every side.
    laid
        The points along the streets.
    spots
        int64, one a spot: its position among all points.
    cell_m
        Neighbouring points of a street are at most so far apart.
    offroad_m
        Farthest that one goes off the network; at least `NEAR` of a cell.
    """

    blocks: Blocks
    laid: Laid
    spots: np.ndarray
    cell_m: float
    offroad_m: float

    @property
    def reach(self) -> int:
        """How many blocks around a point it may matter in, a cell beyond the farthest included."""
        return _reach(self.cell_m, self.offroad_m)


def _reach(cell_m: float, offroad_m: float) -> int:
    return ceil((offroad_m + cell_m) / (BLOCK * cell_m))


def _pieces(streets: gpd.GeoDataFrame, cell_m: float) -> np.ndarray:
    """Of each street, into how many pieces its points cut it; none if it has no points."""
    length = shapely.length(streets.geometry.to_numpy())
    pieces = np.maximum(np.ceil(length / cell_m).astype(np.int64), 1)
    pieces[~streets["linkable"].to_numpy(dtype=bool)] = 1
    pieces[~streets["linkable_at_ends"].to_numpy(dtype=bool)] = 0
    return pieces


def _sorted_into_blocks(xy: np.ndarray, cell_m: float, around: int) -> tuple[Blocks, np.ndarray]:
    """The blocks and so many around them, and of each point its position in them."""
    block = np.floor(xy / (BLOCK * cell_m)).astype(np.int64)
    corner = block.min(axis=0) - around
    columns, rows = block.max(axis=0) + around - corner + 1
    number = (block[:, 1] - corner[1]) * columns + block[:, 0] - corner[0]
    # stable, so that points of one block stay in the order of the streets and runs are the same
    order = np.argsort(number, kind="stable")
    count = np.bincount(number, minlength=columns * rows)
    first = np.concatenate([[0], np.cumsum(count)])
    place = np.empty(len(xy), dtype=np.int64)
    place[order] = np.arange(len(xy))
    # contiguous: the field reads the points of a block one after the other
    x, y = (np.ascontiguousarray(axis) for axis in xy[order].T)
    return Blocks(x, y, first, corner, int(columns)), place


def ground(
    streets: gpd.GeoDataFrame, spots: np.ndarray, *, cell_m: float, offroad_m: float
) -> Ground:
    """Points where one can leave the streets, a cell apart, and spots off the streets.

    Tunnels and bridges have their two ends only, motorways no point.

    Parameters
    ----------
    streets
        Projected lines with `linkable` and `linkable_at_ends`, see
        `analysis.graph.street_times.StreetTimes`.
    spots
        n x 2 coordinates, at least one.
    cell_m, offroad_m
        Metres, see `Ground`.
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
    blocks, place = _sorted_into_blocks(np.concatenate([along, spots]), cell_m, around)
    laid = Laid(first, fraction, place[: len(along)])
    return Ground(blocks, laid, place[len(along) :], cell_m, offroad_m)


@kernel
def _from_ends(streets: tuple, laid: tuple, secs: np.ndarray) -> None:
    tails, heads, forward, backward = streets
    first, fraction, place = laid
    for street in range(tails.size):
        tail, head = tails[street], heads[street]
        ahead, behind = forward[street], backward[street]
        if tail + ahead == np.inf and head + behind == np.inf:
            continue
        for point in range(first[street], first[street + 1]):
            share = fraction[point]
            # no part of a closed street takes no time
            to_tail = tail + (share * ahead if share > 0 else 0.0)
            to_head = head + ((1 - share) * behind if share < 1 else 0.0)
            secs[place[point]] = min(to_tail, to_head)


@kernel
def _from_entries(streets: tuple, laid: tuple, entries: tuple, secs: np.ndarray) -> None:
    forward, backward = streets[2], streets[3]
    first, fraction, place = laid
    on, at, since = entries
    for entry in range(on.size):
        street = on[entry]
        for point in range(first[street], first[street + 1]):
            away = fraction[point] - at[entry]
            along = 0.0
            if away > 0:
                along = away * forward[street]
            elif away < 0:
                along = -away * backward[street]
            secs[place[point]] = min(secs[place[point]], since[entry] + along)


def ground_secs(
    where: Ground,
    streets: tuple[np.ndarray, ...],
    entries: tuple[np.ndarray, ...],
    spots: np.ndarray,
) -> np.ndarray:
    """The time at every point of the ground.

    Parameters
    ----------
    where
        The ground.
    streets
        Of each street the seconds at its start and at its end, and those that it takes forward
        and backward; infinite where not reached, or closed.
    entries
        Where travellers come onto a street midway: street, fraction, seconds.
    spots
        Seconds at each spot.

    Returns
    -------
    ndarray
        float64, one a point of `Ground.blocks`; infinite where not reached.
    """
    secs = np.full(len(where.blocks.x), np.inf)
    _from_ends(streets, where.laid, secs)
    _from_entries(streets, where.laid, entries, secs)
    secs[where.spots] = np.minimum(secs[where.spots], spots)
    return secs


@cached_by_identity
def ground_of(routable: RoutableNetwork) -> Ground:
    """Where one can leave a compiled network; its spots are the points, then the stops."""
    spots = np.concatenate([routable.points.to_numpy(), routable.stops.geometry.to_numpy()])
    cell_m, offroad_m = routable.assumptions.surface_cell_m, routable.assumptions.max_offroad_m
    at = shapely.get_coordinates(spots)
    return ground(routable.streets.table, at, cell_m=cell_m, offroad_m=offroad_m)
