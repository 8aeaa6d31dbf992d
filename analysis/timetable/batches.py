"""Groups of origins that are searched together, and the memory that a search needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.timetable.prepared import Prepared
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.alighting import settle
from analysis.timetable.sweep.durations import earliest, travel_secs
from analysis.timetable.sweep.sweeps import Boards, boards, seed, sweep

VECTOR = 32
"""Lanes are rounded up to a multiple of it, so that vector instructions have no rest."""


@dataclass(frozen=True, eq=False)
class Workspace:
    """Memory of one thread: vehicles by scope, alighting by stop, and travel times of a part."""

    boards: tuple[Boards, ...]
    ride: np.ndarray
    least: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True, eq=False)
class BlockOfOrigins:
    """Some origins with their walks to vehicles, by scope, and to the destinations."""

    access: tuple[Rows, ...]
    direct: np.ndarray


def workspace(
    ready: Prepared, *, origins: int, destinations: int, max_rides: int | None
) -> Workspace:
    """Memory for one thread; `origins` is how many are asked for in all."""
    asked = ready.samples
    part = min(asked.part, origins)
    stops = len(ready.services[0].service.arrival_first) - 1
    lanes = part * max(len(scope.samples) for scope in asked.scopes)
    return Workspace(
        tuple(boards(scoped.service, max_rides) for scoped in ready.services),
        np.empty((stops, -(-lanes // VECTOR) * VECTOR), np.uint16),
        np.empty(stops, np.uint16),
        np.empty((destinations, part, asked.count), np.uint16),
    )


def search_group(
    ready: Prepared,
    access: tuple[Rows, ...],
    group: range,
    space: Workspace,
) -> None:
    """Find the vehicles that a group of origins can be on, in every scope: `space.boards`."""
    scopes = zip(ready.services, access, ready.samples.departures, space.boards, strict=True)
    for scoped, walks, departures, own in scopes:
        seed(scoped.service, walks, (group.start, group.stop, departures), own.seeds)
        sweep(scoped.service, own, departures.fields)


def alighted(ready: Prepared, scope: int, part: range, space: Workspace) -> None:
    """When some origins of a group alight at each stop, in a scope: `space.ride`."""
    departures = ready.samples.departures[scope]
    reached = space.boards[scope].reached
    service = ready.services[scope].service
    settle(service, reached, (part.start, part.stop, departures), space.ride)


def group_secs(
    ready: Prepared,
    walked: tuple[BlockOfOrigins, tuple[Rows, ...]],
    group: range,
    space: Workspace,
) -> Iterator[tuple[range, np.ndarray]]:
    """Travel times of a group of origins, a part at a time: destinations x origins x samples."""
    block, egress = walked
    search_group(ready, block.access, group, space)
    step = space.secs.shape[1]
    for start in range(group.start, group.stop, step):
        part = range(start, min(start + step, group.stop))
        secs = space.secs[:, : len(part)]
        for number, scope in enumerate(ready.samples.scopes):
            among = range(part.start - group.start, part.stop - group.start)
            alighted(ready, number, among, space)
            first, moments = int(scope.samples[0]), ready.samples.departures[number].moments
            travel_secs(
                (part.start, part.stop, moments, ready.samples.limit_secs),
                (space.ride, space.least, earliest(space.ride, space.least)),
                (egress[number], block.direct),
                secs[:, :, first : first + len(moments)],
            )
        yield part, secs
