"""Walks between stops and points, and which vehicles are worth walking to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import visit_times
from analysis.timetable.service.lines import NEVER, Lines

FARTHEST = 1 << 30


class Rows(NamedTuple):
    """Lists as compressed sparse rows: what each of some places leads to, and seconds.

    Attributes
    ----------
    first
        int64, places + 1.
    to
        int32: a stop, a position of a line, or an event.
    secs
        int32.
    """

    first: np.ndarray
    to: np.ndarray
    secs: np.ndarray


def rows_of(place: np.ndarray, to: np.ndarray, secs: np.ndarray, count: int) -> Rows:
    """Rows of pairs, in the order of their places, shortest first."""
    order = np.lexsort((to, secs, place))
    first = np.searchsorted(place[order], np.arange(count + 1)).astype(np.int64)
    return Rows(first, to[order].astype(np.int32), secs[order].astype(np.int32))


def no_rows(count: int) -> Rows:
    """Rows of places that lead nowhere."""
    none = np.empty(0, dtype=np.int64)
    return rows_of(none, none, none, count)


def walks(
    linked: LinkedPoints,
    origins: np.ndarray,
    destinations: np.ndarray,
    limit_secs: float,
    *,
    reverse: bool = False,
) -> Rows:
    """Walks from points to others within a limit, in whole seconds.

    Parameters
    ----------
    linked
        Points linked to the streets of walkers.
    origins, destinations
        Positions of points.
    limit_secs
        Longest walk.
    reverse
        Walks to the origins instead.

    Returns
    -------
    Rows
        By origin: numbers of destinations.
    """
    found: list[np.ndarray] = []
    if not len(origins) or not len(destinations):
        return no_rows(len(origins))
    per_sec = linked.graph.scale.per_sec

    def visit(positions: np.ndarray, units: np.ndarray) -> None:
        destination, column = np.nonzero(units != FAR)
        secs = np.rint(units[destination, column] / per_sec).astype(np.int64)
        found.append((positions[column] << 40) | (secs << 24) | destination)

    visit_times(
        linked,
        visit,
        limit=limit_secs,
        origins=origins,
        destinations=destinations,
        reverse=reverse,
    )
    # sorted as one number: place, seconds (at most six hours), destination
    keys = np.sort(np.concatenate(found))
    first = np.searchsorted(keys, np.arange(len(origins) + 1) << 40).astype(np.int64)
    to, secs = keys & ((1 << 24) - 1), (keys >> 24) & ((1 << 16) - 1)
    return Rows(first, to.astype(np.int32), secs.astype(np.int32))


def divided(table: Rows, at: int) -> tuple[Rows, Rows]:
    """The walks to the first ends, and those to the others, which count from 0 again."""
    place = np.repeat(np.arange(len(table.first) - 1), np.diff(table.first))
    count, is_first = len(table.first) - 1, table.to < at

    def part(chosen: np.ndarray, start: int) -> Rows:
        first = np.searchsorted(place[chosen], np.arange(count + 1)).astype(np.int64)
        return Rows(first, table.to[chosen] - np.int32(start), table.secs[chosen])

    return part(is_first, 0), part(~is_first, at)


def dense(table: Rows, ends: int) -> np.ndarray:
    """Walks as a table of uint16, ends x places; `NEVER` where there is none."""
    places = len(table.first) - 1
    found = np.full((ends, places), NEVER, dtype=np.uint16)
    found[table.to, np.repeat(np.arange(places), np.diff(table.first))] = table.secs
    return found


class StopPositions(NamedTuple):
    """The positions of lines at each stop, as compressed sparse rows."""

    first: np.ndarray
    position: np.ndarray


def stop_positions(lines: Lines, stops: int) -> StopPositions:
    """Where lines call at each stop."""
    order = np.argsort(lines.stop, kind="stable").astype(np.int32)
    first = np.searchsorted(lines.stop[order], np.arange(stops + 1)).astype(np.int64)
    return StopPositions(first, order)


@kernel
def grown(array: np.ndarray, size: int) -> np.ndarray:
    """A longer copy."""
    longer = np.empty(size, array.dtype)
    longer[: array.size] = array
    return longer


@kernel
def _walked_positions(
    table: Rows, place: int, at: StopPositions, scratch: tuple[np.ndarray, np.ndarray]
) -> int:
    """Shortest walk of a place to each position of lines; how many are reached."""
    best, touched = scratch
    count = 0
    for walk in range(table.first[place], table.first[place + 1]):
        stop = table.to[walk]
        for entry in range(at.first[stop], at.first[stop + 1]):
            position = at.position[entry]
            if best[position] == FARTHEST:
                touched[count] = position
                count += 1
            best[position] = min(best[position], table.secs[walk])
    touched[:count].sort()
    return count


@kernel
def boardings(table: Rows, at: StopPositions, lines: Lines, whole: np.ndarray) -> Rows:
    """By place: positions worth boarding, without those that an earlier position makes useless.

    If one reaches an earlier position of the line so soon that even the slowest vehicle brings
    one to this position no later than the walk does, every vehicle that can be boarded here can be
    boarded there. Of places marked in `whole` none is left out.
    """
    places = table.first.size - 1
    first = np.zeros(places + 1, np.int64)
    to, secs = np.empty(1 << 14, np.int32), np.empty(1 << 14, np.int32)
    best = np.full(lines.line.size, FARTHEST, np.int64)
    touched = np.empty(lines.line.size, np.int32)
    total = 0
    for place in range(places):
        count = _walked_positions(table, place, at, (best, touched))
        if total + count > to.size:
            to, secs = grown(to, 2 * (total + count)), grown(secs, 2 * (total + count))
        line, low = -1, np.int64(FARTHEST)
        for entry in range(count):
            position = touched[entry]
            if lines.line[position] != line:
                line, low = lines.line[position], np.int64(FARTHEST)
            lead = best[position] - lines.slowest[position]
            is_last = position == lines.first_position[line + 1] - 1
            if (lead < low or whole[place]) and lines.pickup[position] and not is_last:
                low = lead
                to[total], secs[total] = position, best[position]
                total += 1
            best[position] = FARTHEST
        first[place + 1] = total
    return Rows(first, to[:total].copy(), secs[:total].copy())


@kernel
def alightings(table: Rows, at: StopPositions, lines: Lines) -> Rows:
    """By place: stops worth alighting at, without those where riding on is always as good.

    `table` has the walks to the place from stops. They stay in their order, shortest first.
    """
    places, stops = table.first.size - 1, at.first.size - 1
    first = np.zeros(places + 1, np.int64)
    to, secs = np.empty(table.to.size, np.int32), np.empty(table.to.size, np.int32)
    best = np.full(lines.line.size, FARTHEST, np.int64)
    touched = np.empty(lines.line.size, np.int32)
    needed = np.zeros(stops, np.bool_)
    total = 0
    for place in range(places):
        count = _walked_positions(table, place, at, (best, touched))
        line, low = -1, np.int64(FARTHEST)
        for entry in range(count - 1, -1, -1):
            position = touched[entry]
            if lines.line[position] != line:
                line, low = lines.line[position], np.int64(FARTHEST)
            last = best[position] + lines.slowest_arrival[position]
            if last < low and lines.drop_off[position] and position > lines.first_position[line]:
                low = last
                needed[lines.stop[position]] = True
            best[position] = FARTHEST
        for walk in range(table.first[place], table.first[place + 1]):
            if needed[table.to[walk]]:
                to[total], secs[total] = table.to[walk], table.secs[walk]
                needed[table.to[walk]] = False
                total += 1
        first[place + 1] = total
    return Rows(first, to[:total].copy(), secs[:total].copy())
