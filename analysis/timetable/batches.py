"""Groups of origins that are searched together, and the memory that a search needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.timetable.prepared import Prepared
from analysis.timetable.samples import Batch
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.durations import earliest, travel_secs
from analysis.timetable.sweep.rows import LANES
from analysis.timetable.sweep.sweeps import Bits, bits, seed, settle, sweep, sweep_rides


@dataclass(frozen=True, eq=False)
class Workspace:
    """Memory of one thread: bits by scope, alighting by stop, and travel times of a group."""

    bits: tuple[Bits, ...]
    ride: np.ndarray
    least: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True, eq=False)
class BlockOfOrigins:
    """Some origins with their walks to vehicles, by scope, and to the destinations."""

    access: tuple[Rows, ...]
    direct: np.ndarray


def workspace(ready: Prepared, stops: int, destinations: int, max_rides: int | None) -> Workspace:
    """Memory for one thread."""
    places = ready.samples.group * ready.samples.count
    return Workspace(
        tuple(bits(scoped.service, max_rides) for scoped in ready.services),
        np.empty((stops, LANES), np.uint16),
        np.empty(stops, np.uint16),
        np.empty((destinations, places), np.uint16),
    )


def searched(
    ready: Prepared,
    access: tuple[Rows, ...],
    group: range,
    space: Workspace,
    *,
    max_rides: int | None,
) -> Iterator[tuple[Batch, np.ndarray]]:
    """Each batch of a group once its lanes have alighted (`space.ride`), with their origins."""
    for batch in ready.samples.batches:
        service, own = ready.services[batch.scope].service, space.bits[batch.scope]
        is_used = (batch.origin >= 0) & (batch.origin < len(group))
        origins = np.where(is_used, batch.origin + group.start, -1).astype(np.int32)
        seed(service, access[batch.scope], (origins, batch.moment), own)
        if max_rides:
            sweep_rides(service, own, max_rides)
        else:
            sweep(service, own)
        settle(service, own.reached, space.ride)
        yield batch, origins


def group_secs(
    ready: Prepared,
    walked: tuple[BlockOfOrigins, tuple[Rows, ...]],
    group: range,
    space: Workspace,
    *,
    max_rides: int | None,
) -> np.ndarray:
    """Travel times of a group of origins: destinations x origins x samples."""
    block, egress = walked
    for batch, origins in searched(ready, block.access, group, space, max_rides=max_rides):
        places = np.where(origins >= 0, batch.place, -1)
        first = earliest(space.ride, space.least)
        travel_secs(
            (origins, batch.moment, places, ready.samples.limit_secs),
            (space.ride, space.least, first),
            (egress[batch.scope], block.direct),
            space.secs,
        )
    count = ready.samples.count
    used = space.secs[:, : len(group) * count]
    return used.reshape(len(used), len(group), count)
