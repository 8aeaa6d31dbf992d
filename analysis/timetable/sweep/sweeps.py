"""The search: one bit a traveller, all events in order of departure.

A lane is one traveller: an origin and a moment. Reaching an event is one bit, and a row of `WORDS`
words moves `LANES` travellers along a hop or a change at once. The moments of arrival come back at
the end: at each stop its events in order of time, each lane once. Where lines have a headway and no
clock, the lanes of word w meet their vehicles of phase w only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.service.lines import NEVER, first_trip, is_met, step_of
from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.scoped import Service
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.rows import WORDS, add, is_empty, load, store, union, without


class Bits(NamedTuple):
    """Memory of one search; uint64, rows x words.

    Attributes
    ----------
    reached
        A hop: who is on board at its end; and an empty row.
    boarding
        A hop: who boards.
    known
        A position: who is on this or an earlier vehicle of the line.
    riding
        A hop: who is on board on their present ride, and an empty row. With a limit of rides only.
    next_boarding
        A hop: who boards for the next ride. With a limit of rides only.
    """

    reached: np.ndarray
    boarding: np.ndarray
    known: np.ndarray
    riding: np.ndarray
    next_boarding: np.ndarray


def bits(service: Service, max_rides: int | None) -> Bits:
    """Memory for searches of one service."""
    hops = len(service.position) + 1
    limited = hops if max_rides else 0
    rows = (hops, hops, len(service.lines.line), limited, limited)
    return Bits(*(np.zeros((count, WORDS), np.uint64) for count in rows))


@kernel
def seed(service: Service, access: Rows, lanes: tuple[np.ndarray, np.ndarray], to: Bits) -> None:
    """Let every lane walk to the vehicles it can board first.

    `access` has the positions worth boarding of each origin; `lanes` are the origin (-1: none) and
    the moment of each lane.
    """
    lines, board_by, hops = service.lines, service.events.board_by, service.hop
    origins, moments = lanes
    boarding = to.boarding
    to.known[:], boarding[:] = 0, 0
    for lane in range(origins.size):
        origin, word = origins[lane], lane >> 6
        if origin < 0:
            continue
        bit = np.uint64(1) << np.uint64(lane & 63)
        last_line, last_trip = -1, 0
        for entry in range(access.first[origin], access.first[origin + 1]):
            position = access.to[entry]
            line = lines.line[position]
            if not is_met(lines.phase[line], word):
                continue
            at = lines.first_event[line] + position - lines.first_position[line]
            moment = moments[lane] + access.secs[entry]
            trip = first_trip(board_by, at, step_of(lines, line), moment)
            if trip == lines.trips[line] or (line == last_line and trip >= last_trip):
                continue
            hop = hops[at + trip * lines.positions[line]]
            if hop >= 0:
                last_line, last_trip = line, trip
                boarding[hop, word] |= bit


@inlined
def _board(row: tuple, hop: int, boarding: np.ndarray, phases: np.ndarray) -> None:
    """Let travellers board a hop; of a phase, those who meet it."""
    phase = phases[hop]
    if phase == ANY_PHASE:
        add(boarding, hop, row)
    else:
        boarding[hop, phase] |= row[phase]


@kernel
def sweep(service: Service, to: Bits) -> None:
    """All hops in order of departure, with any number of rides."""
    positions, befores, phases = service.position, service.before, service.phase
    first, targets = service.change_first, service.change_to
    reached, boarding, known = to.reached, to.boarding, to.known
    for hop in range(positions.size):
        position = positions[hop]
        aboard = union(load(boarding, hop), load(reached, befores[hop]))
        row = without(aboard, load(known, position))
        store(reached, hop, row)
        if is_empty(row):
            continue
        add(known, position, row)
        for entry in range(first[hop], first[hop + 1]):
            target = targets[entry]
            _board(row, target if target >= 0 else ~target, boarding, phases)


@kernel
def _sweep_ride(service: Service, to: Bits, boarding: np.ndarray, onward: np.ndarray) -> None:
    """All hops for those on one ride; `onward` receives who boards for the next."""
    positions, befores, phases = service.position, service.before, service.phase
    first, targets = service.change_first, service.change_to
    reached, known, riding = to.reached, to.known, to.riding
    for hop in range(positions.size):
        position = positions[hop]
        # who came here with fewer rides
        before = load(reached, hop)
        aboard = union(load(boarding, hop), load(riding, befores[hop]))
        row = without(aboard, union(load(known, position), before))
        store(riding, hop, row)
        if is_empty(row) and is_empty(before):
            continue
        here = union(before, row)
        add(known, position, here)
        store(reached, hop, here)
        for entry in range(first[hop], first[hop + 1] if not is_empty(row) else 0):
            target = targets[entry]
            if target < 0:
                _board(row, ~target, boarding, phases)
            elif onward.size:
                _board(row, target, onward, phases)


@kernel
def sweep_rides(service: Service, to: Bits, max_rides: int) -> None:
    """All hops in order of departure, ride by ride, with a limit of rides."""
    to.reached[:] = 0
    boarding, onward = to.boarding, to.next_boarding
    for ride in range(max_rides):
        to.known[:], onward[:] = 0, 0
        is_last = ride == max_rides - 1
        _sweep_ride(service, to, boarding, onward[:0] if is_last else onward)
        boarding, onward = onward, boarding


@inlined
def _bit_number(bit: np.uint64) -> np.int64:
    """Which bit of a word it is: the number of ones below it."""
    ones = bit - np.uint64(1)
    ones = ones - ((ones >> np.uint64(1)) & np.uint64(0x5555555555555555))
    ones = (ones & np.uint64(0x3333333333333333)) + (
        (ones >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    ones = (ones + (ones >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((ones * np.uint64(0x0101010101010101)) >> np.uint64(56))


@kernel
def settle(service: Service, reached: np.ndarray, ride: np.ndarray) -> None:
    """The moment at which each lane first alights at each stop: uint16, stops x lanes."""
    done = np.zeros(WORDS, np.uint64)
    one = np.uint64(1)
    first, hops, leave_at = service.arrival_first, service.arrival_hop, service.leave_at
    for stop in range(ride.shape[0]):
        ride[stop] = NEVER
        done[:] = 0
        for entry in range(first[stop], first[stop + 1]):
            hop = hops[entry]
            moment = np.uint16(leave_at[hop])
            for word in range(WORDS):
                new = reached[hop, word] & ~done[word]
                done[word] |= new
                while new != 0:
                    lowest = new & (~new + one)
                    ride[stop, (word << 6) + _bit_number(lowest)] = moment
                    new ^= lowest
