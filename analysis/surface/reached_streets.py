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
def _share_covered(left: float, whole: float) -> float:
    """Share of a street covered in the time left, given its travel time; 0 on a closed street."""
    if left <= 0 or whole == np.inf:
        return 0.0
    return 1.0 if left >= whole else left / whole


@kernel
def _merge_overlaps(start: np.ndarray, end: np.ndarray, count: int) -> int:
    """Sort the first `count` parts by start and merge those that overlap; number of parts left."""
    kept = 0
    for i in range(count):
        part_start, part_end, j = start[i], end[i], i
        while j > 0 and start[j - 1] > part_start:
            start[j], end[j] = start[j - 1], end[j - 1]
            j -= 1
        start[j], end[j] = part_start, part_end
    for i in range(count):
        if kept > 0 and start[i] <= end[kept - 1]:
            end[kept - 1] = max(end[kept - 1], end[i])
        elif end[i] > start[i]:
            start[kept], end[kept] = start[i], end[i]
            kept += 1
    return kept


@kernel
def _parts(streets: tuple, entries: tuple, cutoff: float, result: tuple) -> int:
    """Fill in street, start and end of each part reached, sorted; number of parts."""
    tails, heads, forward, backward, tail_left, head_left = streets
    entry_street, entry_fraction, entry_secs, entry_left = entries
    street_of, start_of, end_of = result
    start, end = np.empty(entry_street.size + 2), np.empty(entry_street.size + 2)
    total, entry = 0, 0
    for street in range(tails.size):
        entered = entry < entry_street.size and entry_street[entry] == street
        if not entered and min(tails[street], heads[street]) >= cutoff:
            continue
        ahead, behind = forward[street], backward[street]
        from_tail = min(cutoff - tails[street], tail_left[street])
        from_head = min(cutoff - heads[street], head_left[street])
        start[0], end[0] = 0.0, _share_covered(from_tail, ahead)
        start[1], end[1] = 1.0 - _share_covered(from_head, behind), 1.0
        count = 2
        while entry < entry_street.size and entry_street[entry] == street:
            left = min(cutoff - entry_secs[entry], entry_left[entry])
            start[count] = max(entry_fraction[entry] - _share_covered(left, behind), 0.0)
            end[count] = min(entry_fraction[entry] + _share_covered(left, ahead), 1.0)
            count, entry = count + 1, entry + 1
        for part in range(_merge_overlaps(start, end, count)):
            street_of[total], start_of[total], end_of[total] = street, start[part], end[part]
            total += 1
    return total


def _reached_parts(reach: Reach, cutoff: float) -> tuple[np.ndarray, ...]:
    capacity = 2 * len(reach.streets[0]) + len(reach.entries[0])
    result = np.empty(capacity, np.int64), np.empty(capacity), np.empty(capacity)
    count = _parts(reach.streets, reach.entries, float(cutoff), result)
    return tuple(column[:count] for column in result)


def reached_streets(
    reach: Reach, streets: gpd.GeoDataFrame, cutoffs_secs: Sequence[float]
) -> gpd.GeoDataFrame:
    """The exact parts of streets reached within each cutoff, partial edges included.

    Parameters
    ----------
    reach
        Times from one point.
    streets
        The streets of these times, projected: `osmid` and geometry.
    cutoffs_secs
        Seconds.

    Returns
    -------
    GeoDataFrame
        `REACHED_COLUMNS`, one row a part and cutoff; projected.
    """
    parts = [_reached_parts(reach, cutoff) for cutoff in cutoffs_secs]
    street, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    geometry = streets.geometry.to_numpy()[street]
    is_partial = (start > 0) | (end < 1)
    geometry[is_partial] = line_substrings(geometry[is_partial], start[is_partial], end[is_partial])
    table = {
        "cutoff_secs": np.repeat(np.asarray(cutoffs_secs, float), [len(rows[0]) for rows in parts]),
        "osmid": streets["osmid"].array[street],
        "from_fraction": start,
        "to_fraction": end,
    }
    return gpd.GeoDataFrame(table, geometry=geometry, crs=streets.crs)
