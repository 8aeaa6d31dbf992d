"""What makes scicity's travel times in Porto Alegre equal cafein's, one change for each cause.

Only for `benchmarks/timetable_check.py`: the product has none of it.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
from timetable import City, read_city

from analysis.routing.linked_points import LinkedPoints
from analysis.timetable import preparing, search
from analysis.timetable.service.walks import Rows, rows_of, walks
from layers.osm.roads import access
from layers.roads import road_network

FEEDS = ("poa_eptc", "poa_trensurb")
MOST_BETWEEN_SECS = 1_200
TRIFLE = 1e-9
Walks = Callable[..., Rows]


def with_even_times(folder: Path, into: Path) -> None:
    """Copies of the feeds whose blank times lie evenly by stop number, rounded down."""
    for name in FEEDS:
        with zipfile.ZipFile(folder / f"{name}.zip") as feed:
            texts = {member: feed.read(member) for member in feed.namelist()}
            with feed.open("stop_times.txt") as table:
                calls = pd.read_csv(table, dtype=str)
        calls = calls.sort_values(["trip_id", "stop_sequence"], key=_sortable, kind="stable")
        for column in ("arrival_time", "departure_time"):
            secs = pd.to_timedelta(calls[column]).dt.total_seconds()
            even = secs.groupby(calls["trip_id"]).transform(pd.Series.interpolate)
            calls[column] = [_clock(int(at)) for at in np.floor(even)]
        texts["stop_times.txt"] = calls.to_csv(index=False).encode()
        with zipfile.ZipFile(into / f"{name}.zip", "w") as feed:
            for member, text in texts.items():
                feed.writestr(member, text)


def _sortable(column: pd.Series) -> pd.Series:
    return column.astype(int) if column.name == "stop_sequence" else column


def _clock(secs: int) -> str:
    return f"{secs // 3600:02}:{secs // 60 % 60:02}:{secs % 60:02}"


def with_private_ways(folder: Path) -> City:
    """The city where only `foot` keeps walkers out: `access` closes no way and no gate to them."""
    with mock.patch.object(access, "FOOT_KEYS", ("foot",)):
        return read_city(folder, Path(tempfile.mkdtemp()))


def with_bridges_joined(city: City) -> City:
    """The city where points and stops may join a bridge midway, not only at its ends."""
    roads = city.network.roads
    again = road_network(roads.nodes, roads.drawn.assign(bridge=False))
    return replace(city, network=replace(city.network, roads=again))


def given(onward: np.ndarray, back: np.ndarray) -> Walks:
    """Walks as tables have them instead of searching; `back` is for walks to the origins."""

    def looked_up(
        _: LinkedPoints,
        origins: np.ndarray,
        destinations: np.ndarray,
        _limit_secs: float,
        *,
        reverse: bool = False,
    ) -> Rows:
        table = back.T if reverse else onward
        secs = table[np.ix_(origins, destinations)]
        place, to = np.nonzero(np.isfinite(secs))
        return rows_of(place, to, secs[place, to], len(origins))

    return looked_up


def rounded_up(linked: LinkedPoints, *asked: Any, **options: bool) -> Rows:
    """The product's walks, every part of a second as a whole one."""
    with mock.patch("analysis.timetable.service.walks.np.rint", np.ceil):
        return walks(linked, *asked, **options)


@contextmanager
def walking(by: Walks) -> Iterator[None]:
    """Searches with other walks, which are not the same there and back."""
    with (
        mock.patch.object(preparing, "walks", by),
        mock.patch.object(search, "walks", by),
        mock.patch.object(LinkedPoints, "is_symmetric", new=False),
    ):
        yield


def short_changes(by: Walks) -> Walks:
    """Walks between two stops no longer than cafein has them."""

    def limited(
        linked: LinkedPoints,
        origins: np.ndarray,
        destinations: np.ndarray,
        limit_secs: float,
        *,
        reverse: bool = False,
    ) -> Rows:
        is_change = len(origins) == len(destinations) and (origins == destinations).all()
        most = MOST_BETWEEN_SECS if is_change and not reverse else limit_secs
        return by(linked, origins, destinations, min(most, limit_secs), reverse=reverse)

    return limited


def chain(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two walks one after the other: the least sum by any place between."""
    return np.array([np.min(row[:, None] + other, axis=0) for row in one])


def nearest_ranks(shares: tuple[float, ...], samples: int) -> tuple[float, ...]:
    """The shares at which Hazen's rule gives the samples that cafein takes: the nearest rank.

    Cafein counts ranks from 0 to samples - 1, and rounds half a rank up. The shares are less by a
    trifle, lest rounding put one beyond its sample, to one that may not arrive.

    Examples
    --------
    >>> [round(share, 2) for share in nearest_ranks((5.0, 50.0, 95.0), 60)]
    [5.83, 50.83, 94.17]
    """
    ranks = np.floor(np.asarray(shares) / 100 * (samples - 1) + 0.5)
    return tuple((100 * (ranks + 0.5) / samples - TRIFLE).tolist())
