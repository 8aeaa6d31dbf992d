"""Why travel times in Porto Alegre differ from cafein's: differences removed one after the other.

    python benchmarks/timetable_check.py FOLDER PYTHON_WITH_CAFEIN

Pairs of hexagons at 14:00, at most four rides, walks up to 30 minutes (20 between vehicles) at
3.6 km/h. Prints which share of the pairs that both reach lies within a minute and within five
seconds, then the same of percentiles over the hour from 14:00.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import geopandas as gpd
import numpy as np
import pandas as pd
from timetable import ASSUMED, CRS, HOUR, LIMIT_SECS, MOMENT, City, read_city

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.timetable import preparing, search
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.service.walks import Rows, rows_of, walks
from analysis.windows.travel_times import timed_points_of
from layers.assumptions import Assumptions

RIDES, SHARES = 4, (5.0, 50.0, 95.0)
FEEDS = ("poa_eptc", "poa_trensurb")
MOST_BETWEEN_SECS = 1_200
NEAR_SECS = (60, 5)
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


@dataclass(frozen=True)
class Theirs:
    """What cafein says, seconds; infinite where there is none. Stops as scicity orders them."""

    tables: dict[str, np.ndarray]

    def among_all(self, walked: np.ndarray, direct: np.ndarray) -> np.ndarray:
        """Walks from hexagons and stops (rows) to hexagons and stops, from some to stops."""
        return np.block([[direct, walked], [walked.T, self.tables["between"]]])


def theirs(folder: Path, python: str, city: City) -> Theirs:
    """Ask cafein."""
    result = Path(tempfile.mkdtemp()) / "cafein.npz"
    script = Path(__file__).with_name("timetable_cafein.py")
    subprocess.run([python, str(script), str(folder), str(result)], check=True)
    with np.load(result) as archive:
        tables = dict(archive)
    stops = pd.Index(tables.pop("stops")).str.split(":", n=1).str[1]
    order = stops.get_indexer(city.network.stops.index.str.removeprefix("poa_trensurb:"))
    if (order < 0).any():
        message = "a stop that cafein does not have"
        raise ValueError(message)
    tables["access"] = tables["access"][:, order]
    tables["between"] = tables["between"][np.ix_(order, order)]
    found = {name: np.where(table < 0, np.inf, table) for name, table in tables.items()}
    return Theirs(found)


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


def rounded_up(linked: LinkedPoints, *places: np.ndarray, **options: bool) -> Rows:
    """The product's walks, every part of a second as a whole one."""
    with mock.patch("analysis.timetable.service.walks.np.rint", np.ceil):
        return walks(linked, *places, **options)


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


@dataclass(frozen=True)
class Asked:
    """A city under assumptions, and how one walks."""

    city: City
    assumptions: Assumptions
    by: Walks = walks

    def secs(self, window: DepartureWindow, wanted: tuple[float, ...]) -> np.ndarray:
        """Percentiles x origins x destinations."""
        city = self.city
        places = gpd.GeoSeries(city.zones.geometry.to_numpy(), city.zones["zone_id"], crs=CRS)
        window = replace(window, max_rides=RIDES)
        conditions = replace(city.conditions(window), assumptions=self.assumptions)
        with walking(short_changes(self.by)):
            timed = timed_points_of(
                routable_network(
                    city.network, places, travel=Travel("transit"), conditions=conditions
                )
            )
            everyone = np.arange(len(places))
            found = np.empty((len(wanted), len(places), len(places)))

            def visit(positions: np.ndarray, secs: np.ndarray) -> None:
                found[:, positions] = secs.transpose(0, 2, 1)

            timed.visit_percentiles(
                visit, wanted, limit=LIMIT_SECS, origins=everyone, destinations=everyone
            )
        return found


def shares(one: np.ndarray, other: np.ndarray) -> str:
    """Which share of the pairs that both reach lies within a minute, and within five seconds."""
    both = np.isfinite(one) & np.isfinite(other) & (other <= LIMIT_SECS)
    np.fill_diagonal(both, val=False)
    apart = np.abs(one - other)[both]
    return ", ".join(f"{100 * (apart <= secs).mean():.1f} %" for secs in NEAR_SECS)


def steps(city: City, even: City, peer: Theirs) -> Iterator[tuple[str, Asked]]:
    """What is compared, step by step: each keeps what the steps before it changed."""
    yield "as they are", Asked(city, ASSUMED)
    yield "blank times evenly by stop number, rounded down", Asked(even, ASSUMED)
    on_streets = replace(ASSUMED, max_direct_walk_m=0.0)
    yield "no walks off the streets between close points", Asked(even, on_streets)
    straight = replace(on_streets, detour=1.0)
    yield "no detour on the way from a point to its street", Asked(even, straight)
    yield "seconds of walks rounded up", Asked(even, straight, rounded_up)
    access, direct = peer.tables["access"], peer.tables["direct"]
    onward = peer.among_all(access, direct)
    yield "cafein's own walks", Asked(even, straight, given(onward, onward))
    chained = np.minimum(access, chain(access, peer.tables["between"]))
    back = peer.among_all(chained, direct)
    yield "a walk between stops, then one from the stop", Asked(even, straight, given(onward, back))
    twice = np.minimum(direct, chain(access, chained.T))
    all_the_way = peer.among_all(access, twice)
    yield "two walks by way of a stop", Asked(even, straight, given(all_the_way, back))


def chain(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two walks one after the other: the least sum by any place between."""
    return np.array([np.min(row[:, None] + other, axis=0) for row in one])


def main(folder: str, python: str) -> None:
    """Print a line for each step."""
    here, even_folder, store = Path(folder), Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    for other in ("poa_osm.pbf", "poa_hexgrid.csv"):
        (even_folder / other).symlink_to(here / other)
    with_even_times(here, even_folder)
    city = read_city(here, store)
    peer = theirs(here, python, city)
    for name, asked in steps(city, read_city(even_folder, store), peer):
        (found,) = asked.secs(MOMENT, (50.0,))
        print(f"{name}: {shares(found, peer.tables['moment'])}", flush=True)
    for share, found in zip(SHARES, asked.secs(HOUR, SHARES), strict=True):
        print(f"p{share:g}, all of it equal: {shares(found, peer.tables[f'p{share:g}'])}")


if __name__ == "__main__":
    main(*sys.argv[1:])
