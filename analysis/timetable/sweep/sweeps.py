"""The search: the latest departure with which one is on board of each vehicle, in order of time.

A row has a field for each of some origins: the latest departure of the window from which one can be
there, see `analysis.timetable.sweep.rows`. So one pass over all hops finds the journeys of all
departures of many origins at once. The moments of arrival come back at the end: at each stop its
hops in order of time, each departure once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.samples import Departures
from analysis.timetable.service.lines import first_trip, step_of
from analysis.timetable.service.scoped import Service
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.rows import WORDS, Fields, later, newer, place_of


class Boards(NamedTuple):
    """Memory of one search; uint64, rows of words.

    Attributes
    ----------
    seeds
        A hop: who boards it first of all.
    aboard
        A hop: who is on board at its end, but for those on an earlier vehicle of the line; and an
        empty row. With a limit of rides the first words are for one ride, and so on.
    known
        A position: who is on this or an earlier vehicle of the line; with a limit of rides by no
        more than that ride.
    reached
        An arrival, in the order of `Service.arrival_hop`: who is on board by any ride.
    ride_words
        int64: by how many words a change leads on: 0 without a limit of rides.
    """

    seeds: np.ndarray
    aboard: np.ndarray
    known: np.ndarray
    reached: np.ndarray
    ride_words: np.int64


def boards(services: Sequence[Service], max_rides: int | None) -> Boards:
    """Memory for searches of any of some services, with rows of `WORDS` words."""
    hops = max(len(service.position) for service in services) + 1
    positions = max(len(service.lines.line) for service in services)
    arrivals = max(len(service.arrival_hop) for service in services)
    width = WORDS * (max_rides or 1)
    return Boards(
        np.zeros((hops, WORDS), np.uint64),
        np.zeros((hops, width), np.uint64),
        np.zeros((positions, width), np.uint64),
        np.zeros((arrivals, WORDS), np.uint64),
        np.int64(WORDS if max_rides else 0),
    )


def narrowed(whole: Boards, words: int) -> Boards:
    """The same memory with rows of fewer words, for fewer origins."""
    rides = whole.aboard.shape[1] // whole.seeds.shape[1]

    def narrow(table: np.ndarray, width: int) -> np.ndarray:
        return table.reshape(-1)[: len(table) * width].reshape(len(table), width)

    return Boards(
        narrow(whole.seeds, words),
        narrow(whole.aboard, words * rides),
        narrow(whole.known, words * rides),
        narrow(whole.reached, words),
        np.int64(words if whole.ride_words else 0),
    )


@kernel
def _seed_field(
    service: Service,
    travellers: tuple[np.ndarray, np.ndarray, np.ndarray],
    place: tuple[int, np.uint64, Fields],
    seeds: np.ndarray,
) -> None:
    """Let the travellers of a field walk to the vehicles they can board first."""
    lines, board_by, hops = service.lines, service.events.board_by, service.hop
    positions, secs, moments = travellers
    word, shift, fields = place
    last_line, trips, last_trip = -1, 0, np.empty(moments.size, np.int64)
    for entry in range(positions.size):
        position = positions[entry]
        line = lines.line[position]
        if line != last_line:
            last_line = line
            trips = lines.trips[line]
            last_trip[:] = trips
        at = lines.first_event[line] + position - lines.first_position[line]
        step, gap = step_of(lines, line), lines.positions[line]
        trip = first_trip(board_by, at, step, moments[0] + secs[entry])
        for number in range(moments.size):
            while trip < trips and board_by[at + trip * gap] < moments[number] + secs[entry]:
                trip += 1
            # a trip boarded at an earlier position passes here with those on board
            hop = hops[at + trip * gap] if trip < last_trip[number] else -1
            if hop >= 0:
                last_trip[number] = trip
                departure = np.uint64(number + 1) << shift
                seeds[hop, word] = later(departure, seeds[hop, word], fields)


@kernel
def seed(
    service: Service, access: Rows, asked: tuple[int, int, Departures], seeds: np.ndarray
) -> None:
    """Let all travellers of a group of origins walk to the vehicles they can board first.

    Parameters
    ----------
    service
        What runs.
    access
        The positions worth boarding of each origin.
    asked
        The first and the last origin but one of the group, and the departures.
    seeds
        See `Boards`: the result.
    """
    start, end_of_group, departures = asked
    seeds[:] = 0
    for origin in range(start, end_of_group):
        first, last = access.first[origin], access.first[origin + 1]
        positions, secs = access.to[first:last], access.secs[first:last]
        word, shift = place_of(departures.fields, origin - start)
        travellers = positions, secs, departures.moments
        _seed_field(service, travellers, (word, shift, departures.fields), seeds)


@kernel
def sweep(service: Service, to: Boards, fields: Fields) -> None:
    """All hops in order of departure: who is on board.

    Loops over a row end at its size, which the compiler does not know: those of known length it
    would write out word by word, and find no vector instructions.
    """
    positions, befores = service.position, service.before
    arrivals = service.arrival_of
    first, sources = service.change_first, service.change_from
    seeds, aboard = to.seeds, to.aboard
    row = np.zeros(aboard.shape[1], np.uint64)
    onward = row[to.ride_words :]
    to.known[:] = 0
    # the empty row
    aboard[positions.size] = 0
    so_far = np.zeros(seeds.shape[1], np.uint64)
    for hop in range(positions.size):
        row[:] = aboard[befores[hop]]
        for word in range(so_far.size):
            row[word] = later(row[word], seeds[hop, word], fields)
        for entry in range(first[hop], first[hop + 1]):
            source = sources[entry]
            if source >= 0:
                for word in range(onward.size):
                    onward[word] = later(onward[word], aboard[source, word], fields)
            else:
                for word in range(row.size):
                    row[word] = later(row[word], aboard[~source, word], fields)
        so_far[:] = 0
        _pass_on((row, so_far), (hop, positions[hop]), to, fields)
        if arrivals[hop] >= 0:
            to.reached[arrivals[hop]] = so_far


@inlined
def _pass_on(
    rows: tuple[np.ndarray, np.ndarray], at: tuple[int, int], to: Boards, fields: Fields
) -> None:
    """Note who is on board of a hop; who is there with fewer rides, or earlier, needs it not."""
    row, so_far = rows
    hop, position = at
    for ride in range(row.size // so_far.size):
        start, end = ride * so_far.size, (ride + 1) * so_far.size
        here, known, aboard = (
            row[start:end],
            to.known[position, start:end],
            to.aboard[hop, start:end],
        )
        for word in range(so_far.size):
            before = later(known[word], so_far[word], fields)
            new = newer(here[word], before, fields)
            aboard[word] = new
            so_far[word] = later(new, so_far[word], fields)
            known[word] = later(new, before, fields)
