"""The exact parts of streets reached within a cutoff."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from analysis.kernels import kernel
from analysis.surface.reach import Reach
from geo.lines import line_substrings

REACHED_COLUMNS = ("cutoff_secs", "osmid", "from_fraction", "to_fraction", "geometry")


@kernel
def _share(left: float, whole: float) -> float:
    """How much of a street that takes so long is done in the time left; none of a closed one."""
    if left <= 0 or whole == np.inf:
        return 0.0
    return 1.0 if left >= whole else left / whole


@kernel
def _merged(start: np.ndarray, end: np.ndarray, count: int) -> int:
    """Sort the first parts by their start, and make one of those that meet; how many are left."""
    kept = 0
    for i in range(count):
        since, upto, j = start[i], end[i], i
        while j > 0 and start[j - 1] > since:
            start[j], end[j] = start[j - 1], end[j - 1]
            j -= 1
        start[j], end[j] = since, upto
    for i in range(count):
        if kept > 0 and start[i] <= end[kept - 1]:
            end[kept - 1] = max(end[kept - 1], end[i])
        elif end[i] > start[i]:
            start[kept], end[kept] = start[i], end[i]
            kept += 1
    return kept


@kernel
def _parts(streets: tuple, entries: tuple, cutoff: float, found: tuple) -> int:
    """Street, start and end of each part reached, in this order; how many."""
    tails, heads, forward, backward = streets
    on, at, since = entries
    street_of, start_of, end_of = found
    start, end = np.empty(on.size + 2), np.empty(on.size + 2)
    total, entry = 0, 0
    for street in range(tails.size):
        entered = entry < on.size and on[entry] == street
        if not entered and min(tails[street], heads[street]) >= cutoff:
            continue
        ahead, behind = forward[street], backward[street]
        start[0], end[0] = 0.0, _share(cutoff - tails[street], ahead)
        start[1], end[1] = 1.0 - _share(cutoff - heads[street], behind), 1.0
        count = 2
        while entry < on.size and on[entry] == street:
            left = cutoff - since[entry]
            start[count] = max(at[entry] - _share(left, behind), 0.0)
            end[count] = min(at[entry] + _share(left, ahead), 1.0)
            count, entry = count + 1, entry + 1
        for part in range(_merged(start, end, count)):
            street_of[total], start_of[total], end_of[total] = street, start[part], end[part]
            total += 1
    return total


def _reached(reach: Reach, cutoff: float) -> tuple[np.ndarray, ...]:
    most = 2 * len(reach.streets[0]) + len(reach.entries[0])
    found = np.empty(most, np.int64), np.empty(most), np.empty(most)
    count = _parts(reach.streets, reach.entries, float(cutoff), found)
    return tuple(column[:count] for column in found)


def reached_streets(
    reach: Reach, streets: gpd.GeoDataFrame, cutoffs_secs: Sequence[float]
) -> gpd.GeoDataFrame:
    """The exact parts of streets reached within each cutoff, partial edges included.

    Parameters
    ----------
    reach
        Times from one point.
    streets
        The streets that it is about, projected: `osmid` and geometry.
    cutoffs_secs
        Seconds.

    Returns
    -------
    GeoDataFrame
        `REACHED_COLUMNS`, one row a part and cutoff; projected.
    """
    found = [_reached(reach, cutoff) for cutoff in cutoffs_secs]
    street, start, end = (np.concatenate(column) for column in zip(*found, strict=True))
    geometry = streets.geometry.to_numpy()[street]
    part = (start > 0) | (end < 1)
    geometry[part] = line_substrings(geometry[part], start[part], end[part])
    table = {
        "cutoff_secs": np.repeat(np.asarray(cutoffs_secs, float), [len(rows[0]) for rows in found]),
        "osmid": streets["osmid"].array[street],
        "from_fraction": start,
        "to_fraction": end,
    }
    return gpd.GeoDataFrame(table, geometry=geometry, crs=streets.crs)
