"""Prepared services kept between runs: preparing those of a large city takes a minute."""

from __future__ import annotations

import hashlib
import inspect
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pandas as pd

from analysis.routing.linked_points import LinkedPoints
from analysis.timetable.service.scoped import ScopedService
from geo.files import code_state, mark_used, replacing, tidy
from layers.network import TransportNetwork

CODE = (Path(inspect.getfile(TransportNetwork)).parent, Path(__file__).parents[1])
"""Folders of `layers` and `analysis`, which prepare services."""
MOST_BYTES = 1 << 31
"""Two gigabytes; what was used longest ago goes first."""


def _names(kind: type) -> list[str]:
    """The fields of a dataclass or a named tuple."""
    if is_dataclass(kind):
        return [field.name for field in fields(kind)]
    return list(getattr(kind, "_fields", ()))


def flat(value: Any, name: str) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays and whole numbers in nested named tuples and dataclasses, by their path."""
    names = _names(type(value))
    if not names:
        yield name, np.asarray(value)
    for part in names:
        yield from flat(getattr(value, part), f"{name}.{part}")


def nested(kind: Any, arrays: dict[str, np.ndarray], name: str) -> Any:
    """What `flat` took apart."""
    names = _names(kind)
    if not names:
        return int(arrays[name]) if kind is int else arrays[name]
    kinds = get_type_hints(kind)
    return kind(**{part: nested(kinds[part], arrays, f"{name}.{part}") for part in names})


def transit_digest(network: TransportNetwork) -> bytes:
    """A hash of the stops, the routes and the timetable of a network."""
    timetable, digest = network.timetable, hashlib.blake2b(digest_size=16)
    for table in (timetable.trips, timetable.calls, timetable.transfers):
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    digest.update(repr((list(network.stops.index), network.routes)).encode())
    return digest.digest()


def walks_digest(walkers: LinkedPoints, first_stop: int) -> bytes:
    """A hash of the streets, and of how the points from one on are linked to them."""
    graph, stops = walkers.graph, np.arange(first_stop, walkers.count)
    direct = walkers.direct.take(stops)
    owner, is_stop = np.repeat(stops, np.diff(direct.first)), direct.at >= first_stop
    among = owner - first_stop, direct.at - first_stop, direct.costs
    arrays = [graph.first, graph.heads, graph.costs, *(array[is_stop] for array in among)]
    for connector in (walkers.access.take(stops), walkers.egress.take(stops)):
        arrays += [connector.first, connector.at, connector.costs]
    digest = hashlib.blake2b(repr(graph.scale).encode(), digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype} {array.size} ".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


@dataclass(frozen=True)
class ServiceStore:
    """A folder of prepared services.

    Attributes
    ----------
    folder
        None keeps nothing. A folder that cannot be written to is no fault: services are prepared
        again next time.
    """

    folder: Path | None = None

    def get(
        self, key: Iterable[bytes], make: Callable[[], tuple[ScopedService, ...]]
    ) -> tuple[ScopedService, ...]:
        """Services by a key of all that they depend on beside the code."""
        if self.folder is None:
            return make()
        digest = hashlib.blake2b(b"".join(key), digest_size=16).hexdigest()
        file = self.folder / f"services-{code_state(*CODE)}-{digest}.npz"
        stored = _read(file)
        if stored is None:
            stored = make()
            _write(stored, file)
        return stored


def _read(file: Path) -> tuple[ScopedService, ...] | None:
    """The services of a file; None if it is missing or damaged."""
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
        mark_used(file)
        count = int(arrays["count"])
        return tuple(nested(ScopedService, arrays, str(number)) for number in range(count))
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile):
        return None


def _write(services: tuple[ScopedService, ...], file: Path) -> None:
    arrays = {"count": np.array(len(services))}
    for number, service in enumerate(services):
        arrays |= dict(flat(service, str(number)))
    try:
        with replacing(file) as temporary, temporary.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        tidy(file.parent, MOST_BYTES)
    except OSError:
        return
