"""The trips of a GTFS feed: their calls at stops, and their faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.tables.cells import MOST_FAULTS, limited, row_faults
from layers.gtfs.visits import Visits

NO_BOARDING = 1
"""The value of `pickup_type` and `drop_off_type` that forbids it."""
FEWEST_CALLS = 2


def _ordered_calls(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sound trips without unsound rows, and their calls in order of travel."""
    trips, times = tables["trips"], tables["stop_times"]
    names = times["trip_id"].cat.categories
    numbers = times["trip_id"].cat.codes.to_numpy()
    is_bad = np.zeros(len(names) + 1, dtype=bool)
    is_bad[numbers[~times["sound"].to_numpy()]] = True
    bad = names[is_bad[:-1]]
    sound = trips[trips["sound"] & ~trips["trip_id"].isin(bad)].reset_index(drop=True)
    place = pd.Series(np.arange(len(sound)), index=sound["trip_id"]).reindex(names, fill_value=-1)
    row_trip = np.append(place.to_numpy(), -1)[numbers]
    calls = times.assign(trip=row_trip)[row_trip >= 0]
    sequence = calls["stop_sequence"].to_numpy()
    trip = calls["trip"].to_numpy()
    steps = np.diff(trip)
    if not ((steps > 0) | ((steps == 0) & (np.diff(sequence) >= 0))).all():
        calls = calls.iloc[np.lexsort([sequence, trip])]
    return sound, calls


def _visits(tables: Mapping[str, pd.DataFrame]) -> Visits:
    """The calls of all sound trips, as the feed has them."""
    trips, calls = _ordered_calls(tables)
    counts = np.bincount(calls["trip"].to_numpy(), minlength=len(trips))
    arrive, depart = (calls[name].to_numpy() for name in ("arrival_time", "departure_time"))
    return Visits(
        trips,
        np.concatenate([[0], np.cumsum(counts)]),
        calls["stop_id"].cat.codes.to_numpy(dtype=np.int64),
        calls["stop_id"].cat.categories.to_numpy(dtype=object),
        np.where(np.isnan(arrive), depart, arrive),
        np.where(np.isnan(depart), arrive, depart),
        calls["shape_dist_traveled"].to_numpy(),
        calls["pickup_type"].to_numpy() != NO_BOARDING,
        calls["drop_off_type"].to_numpy() != NO_BOARDING,
    )


def _runs_backwards(visits: Visits) -> np.ndarray:
    """By trip, whether a time is earlier than the one before; blank calls are passed over."""
    known = ~np.isnan(visits.arrive)
    trip = visits.trip[known]
    clock = np.column_stack([visits.arrive[known], visits.depart[known]]).ravel()
    goes_back = np.diff(clock) < 0
    # between two calls only if they are of one trip
    same = np.ones(len(goes_back), dtype=bool)
    same[1::2] = np.diff(trip) == 0
    at = np.flatnonzero(goes_back & same) // 2
    backwards = np.zeros(len(visits.first), dtype=bool)
    backwards[trip[at]] = True
    return backwards


def _kinds(visits: Visits) -> dict[tuple[str, str, str], np.ndarray]:
    """By code, message and allowed value of a fault, whether a trip has it."""
    counts = visits.counts
    short = counts < FEWEST_CALLS
    blank = np.isnan(np.append(visits.arrive, np.nan))
    first, last = np.minimum(visits.first, len(blank) - 1), visits.last
    open_ended = ~short & (blank[first] | blank[last])
    backwards = ~short & ~open_ended & _runs_backwards(visits)
    return {
        ("trip-too-short", "it has {} stops", "two stops or more"): short,
        ("key-missing", "its first or last call has no time", "HH:MM:SS"): open_ended,
        ("times-backwards", "a time is earlier than the one before", "times in order"): backwards,
    }


def _sequence_faults(table: pd.DataFrame, file: str) -> list[Fault]:
    """Faults of repeated values of `stop_sequence` in a trip."""
    trip = table["trip_id"].cat.codes.to_numpy(dtype=float)
    pairs = pd.DataFrame({"trip": trip, "place": table["stop_sequence"].to_numpy()})
    is_repeated = table["sound"] & pairs.duplicated().to_numpy()
    say = Fault(file, "", "id-duplicate", "a second stop_sequence {}")
    return row_faults(table, is_repeated, say, told="stop_sequence")


def sound_visits(tables: Mapping[str, pd.DataFrame], file: str) -> tuple[Visits, list[Fault]]:
    """The calls of all valid trips, and warnings of the other trips, which are left out.

    Parameters
    ----------
    tables
        As `layers.gtfs.tables.feed.read_feeds` returns them.
    file
        The name of stop_times.txt in faults.
    """
    visits = _visits(tables)
    is_valid, faults = np.ones(len(visits.first), dtype=bool), []
    ids, counts = visits.trips["trip_id"].to_numpy(), visits.counts
    for (code, message, allowed), has_it in _kinds(visits).items():
        numbers = np.flatnonzero(has_it)
        found = [
            Fault(file, str(ids[n]), code, message.format(counts[n]), allowed, "warning")
            for n in numbers[: MOST_FAULTS + 1]
        ]
        faults += limited(found, file, count=len(numbers))
        is_valid &= ~has_it
    return visits.of(is_valid), faults + _sequence_faults(tables["stop_times"], file)


def ridden_visits(visits: Visits) -> tuple[Visits, int]:
    """The trips with the calls at which riders may board or alight; a vehicle passes the others.

    Returns
    -------
    Visits
        Their trips have the columns `begins_here` and `ends_here`: whether the first and the last
        call of the vehicle are among them, or it comes from a depot and goes to one.
    int
        The number of trips with fewer than two such calls, which are left out.
    """
    open_calls = visits.pickup | visits.drop_off
    ends = {"begins_here": open_calls[visits.first], "ends_here": open_calls[visits.last]}
    served = replace(visits.calls(open_calls), trips=visits.trips.assign(**ends))
    is_ridden = served.counts >= FEWEST_CALLS
    return served.of(is_ridden), int((~is_ridden).sum())
