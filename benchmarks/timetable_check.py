"""Why travel times in Porto Alegre differ from cafein's: differences removed one after the other.

    python benchmarks/timetable_check.py FOLDER PYTHON_WITH_CAFEIN

Pairs of hexagons at 14:00, at most four rides, walks up to 30 minutes (20 between vehicles, as
cafein has it, in every row) at 3.6 km/h. Prints a table: which share of the pairs that both reach
within two hours lies within a minute, 30 and five seconds, how far the farthest pair is apart, and
how many pairs only one of the two reaches. Then the same of percentiles over the hour from 14:00.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from timetable import ASSUMED, CRS, HOUR, LIMIT_SECS, MOMENT, City, read_city
from timetable_equal import (
    Walks,
    chain,
    given,
    nearest_ranks,
    rounded_up,
    short_changes,
    walking,
    with_bridges_joined,
    with_even_times,
    with_private_ways,
)

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.service.walks import walks
from analysis.windows.travel_times import timed_points_of
from layers.assumptions import Assumptions

RIDES, SHARES = 4, (5.0, 50.0, 95.0)
NEAR_SECS = (60, 30, 5)
HEADER = """\
| made equal, each beside those above | within 60 s | 30 s | 5 s | farthest | one only |
|---|---|---|---|---|---|"""


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


def compared(name: str, own: np.ndarray, other: np.ndarray) -> str:
    """A row of the table: scicity's seconds against cafein's."""
    is_own, is_other = np.isfinite(own), other <= LIMIT_SECS
    for reached in (is_own, is_other):
        np.fill_diagonal(reached, val=False)
    both = is_own & is_other
    apart = np.abs(own[both] - other[both])
    near = " | ".join(f"{100 * (apart <= secs).mean():.1f} %" for secs in NEAR_SECS)
    one_only = np.count_nonzero(is_own ^ is_other)
    return f"| {name} | {near} | {apart.max():.0f} s | {one_only:,} of {both.sum() + one_only:,} |"


def own_steps(city: City, even_folder: Path, store: Path) -> Iterator[tuple[str, Asked]]:
    """What scicity can do as cafein does it; each step keeps what those before it changed."""
    yield "nothing", Asked(city, ASSUMED)
    even = read_city(even_folder, store)
    yield "blank times evenly by stop number, rounded down", Asked(even, ASSUMED)
    on_streets = replace(ASSUMED, max_direct_walk_m=0.0)
    yield "no walks off the streets between close points", Asked(even, on_streets)
    straight = replace(on_streets, detour=1.0)
    yield "no detour on the way from a point to its street", Asked(even, straight)
    yield "seconds of walks rounded up", Asked(even, straight, rounded_up)
    private = with_private_ways(even_folder)
    yield "private ways and closed gates open to walkers", Asked(private, straight, rounded_up)
    joined = with_bridges_joined(private)
    yield "bridges joined midway", Asked(joined, straight, rounded_up)


def given_steps(asked: Asked, peer: Theirs) -> Iterator[tuple[str, Asked]]:
    """The same with cafein's own seconds of walks, in more and more places."""
    access, direct = peer.tables["access"], peer.tables["direct"]
    onward = peer.among_all(access, direct)
    yield "cafein's own walks", replace(asked, by=given(onward, onward))
    last = np.minimum(access, chain(access, peer.tables["between"]))
    back = peer.among_all(last, direct)
    yield "a walk between stops before the last walk", replace(asked, by=given(onward, back))
    twice = np.minimum(direct, chain(access, access.T))
    onward = peer.among_all(access, twice)
    yield "two walks by way of a stop, all on foot", replace(asked, by=given(onward, back))


def percentile_rows(asked: Asked, peer: Theirs) -> Iterator[str]:
    """Rows of percentiles, ranked by scicity's rule and by cafein's."""
    rules = {
        "as scicity ranks": SHARES,
        "as cafein ranks": nearest_ranks(SHARES, len(HOUR.times)),
    }
    for rule, shares in rules.items():
        for share, secs in zip(SHARES, asked.secs(HOUR, shares), strict=True):
            yield compared(f"p{share:g} {rule}", secs, peer.tables[f"p{share:g}"])


def shown(steps: Iterator[tuple[str, Asked]], peer: Theirs) -> Asked:
    """Print a row for each step; the last of them."""
    for name, asked in steps:
        (secs,) = asked.secs(MOMENT, (50.0,))
        print(compared(name, secs, peer.tables["moment"]), flush=True)
        last = asked
    return last


def main(folder: str, python: str) -> None:
    """Print the table, a row as soon as it is found."""
    here, even_folder, store = Path(folder), Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    for other in ("poa_osm.pbf", "poa_hexgrid.csv"):
        (even_folder / other).symlink_to((here / other).resolve())
    with_even_times(here, even_folder)
    city = read_city(here, store)
    peer = theirs(here, python, city)
    print(HEADER)
    own = shown(own_steps(city, even_folder, store), peer)
    equal = shown(given_steps(own, peer), peer)
    for row in percentile_rows(equal, peer):
        print(row, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
