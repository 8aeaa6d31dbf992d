"""Groups of origins that are searched together, and the memory that a search needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.timetable.prepared import Prepared
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.alighting import settle
from analysis.timetable.sweep.durations import earliest, travel_secs
from analysis.timetable.sweep.sweeps import Boards, boards, narrowed, seed, sweep

VECTOR = 32
"""Lanes are rounded up to a multiple of it, so that vector instructions have no rest."""


@dataclass(frozen=True, eq=False)
class Workspace:
    """Memory of one thread: vehicles, alighting by stop, and travel times of a group."""

    boards: Boards
    ride: np.ndarray
    least: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True, eq=False)
class BlockOfOrigins:
    """Some origins with their walks.

    Attributes
    ----------
    to_stops
        By origin: stops.
    access
        By scope and origin: positions of lines worth boarding.
    direct
        uint16, destinations x origins: seconds of walking all the way.
    """

    to_stops: Rows
    access: tuple[Rows, ...]
    direct: np.ndarray


def workspace(
    ready: Prepared, *, origins: int, destinations: int, max_rides: int | None
) -> Workspace:
    """Memory for one thread; `origins` is how many are asked for in all."""
    asked = ready.samples
    stops = len(ready.services[0].service.arrival_first) - 1
    lanes = min(asked.part, origins) * max(len(scope.samples) for scope in asked.scopes)
    return Workspace(
        boards([scoped.service for scoped in ready.services], max_rides),
        np.empty((stops, -(-lanes // VECTOR) * VECTOR), np.uint16),
        np.empty(stops, np.uint16),
        np.empty((destinations, min(asked.group, origins), asked.count), np.uint16),
    )


def alighted(
    ready: Prepared, access: tuple[Rows, ...], group: range, space: Workspace
) -> Iterator[tuple[int, range]]:
    """Search a group of origins: for each scope and part of them `space.ride`, until the next."""
    step = min(ready.samples.part, space.secs.shape[1])
    words = -(-len(group) // ready.samples.departures[0].fields.in_word)
    memory = narrowed(space.boards, words)
    for number, scoped in enumerate(ready.services):
        service, departures = scoped.service, ready.samples.departures[number]
        asked = group.start, group.stop, departures
        seed(service, access[number], asked, memory.seeds)
        sweep(service, memory, departures.fields)
        for start in range(0, len(group), step):
            part = start, min(start + step, len(group)), departures
            settle(service, memory.reached, part, space.ride)
            yield number, group[start : part[1]]


def group_secs(
    ready: Prepared,
    walked: tuple[BlockOfOrigins, tuple[Rows, ...]],
    group: range,
    space: Workspace,
) -> np.ndarray:
    """Travel times of a group of origins: destinations x origins x samples."""
    block, egress = walked
    secs = space.secs[:, : len(group)]
    for number, part in alighted(ready, block.access, group, space):
        scope, moments = ready.samples.scopes[number], ready.samples.departures[number].moments
        first, origins = (
            int(scope.samples[0]),
            slice(*(at - group.start for at in (part.start, part.stop))),
        )
        travel_secs(
            (part.start, part.stop, moments, ready.samples.limit_secs),
            (space.ride, space.least, earliest(space.ride, space.least)),
            (egress[number], block.direct),
            secs[:, origins, first : first + len(moments)],
        )
    return secs
