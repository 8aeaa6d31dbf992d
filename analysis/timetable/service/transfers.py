"""Changes between vehicles: from each event the events that are worth boarding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.routing.router import threads
from analysis.timetable.service.lines import Events, Lines, first_trip, is_met, step_of
from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.walks import FARTHEST, Rows, grown

NOT_ALLOWED = -1
MOST = np.int32(2**31 - 1)
PARTS = 4
"""Parts of the lines for each thread: some have more changes than others."""


class ChangeRules(NamedTuple):
    """Rules for changes between certain lines, which go before those for all lines of two stops.

    Attributes
    ----------
    of_lines
        By position of a line: positions of others, and the seconds that a change takes
        (`NOT_ALLOWED` if there is none).
    slack
        int32, a stop: by how much such a rule can be shorter than that for all, or longer. Who
        comes to the stop later by less than this may still have the better change.
    """

    of_lines: Rows
    slack: np.ndarray


@inlined
def _change_secs(table: Rows, position: int, to: int, secs: int) -> int:
    """Seconds of a change between two positions, where the walk takes `secs`."""
    for entry in range(table.first[position], table.first[position + 1]):
        if table.to[entry] == to:
            secs = table.secs[entry]
    return secs


class Known(NamedTuple):
    """What is known of the changes from one trip, from its last call on.

    Attributes
    ----------
    arrivals
        int64, a stop: the earliest arrival.
    moment
        int64, a position: the earliest moment at which boarding there was tried.
    trip, position
        int32, a line: the trip and position of the best boarding that was tried.
    """

    arrivals: np.ndarray
    moment: np.ndarray
    trip: np.ndarray
    position: np.ndarray


@inlined
def _is_covered(known: Known, line: int, trip: int, position: int) -> bool:
    """Whether the line was boarded on this or an earlier trip, here or further up; notes it."""
    if trip >= known.trip[line] and position >= known.position[line]:
        return True
    if trip <= known.trip[line]:
        known.trip[line], known.position[line] = trip, position
    return False


@kernel
def _improves(network: tuple, event: int, known: Known, by: int) -> bool:
    """Whether riding on from an event reaches any stop earlier than known to riders of a line.

    A trip that leads on, to one on which one stays on board, may: its stops are not looked at.

    A line that only some of them meet is noted as known by none: it must not hide what the others
    need.
    """
    lines, events, slack, leads_on = network
    stops, drop_off, leave_at = lines.stop, lines.drop_off, events.leave_at
    arrivals, better = known.arrivals, leads_on[events.trip[event]]
    position = events.position[event]
    line = lines.line[position]
    lowers = is_met(lines.phase[line], lines.phase[by])
    ahead = lines.first_position[line + 1] - position
    for further in range(1, ahead):
        stop, moment = stops[position + further], leave_at[event + further]
        if drop_off[position + further] and moment < arrivals[stop] + slack[stop]:
            better = True
            if lowers:
                arrivals[stop] = min(arrivals[stop], moment)
    return better


@kernel
def _boarded(network: tuple, event: int, known: Known, targets: np.ndarray) -> int:
    """The events worth boarding from one event, into `targets`; how many there are."""
    lines, events, boards, rules, horizon = network
    line_of, phases, first_position = lines.line, lines.phase, lines.first_position
    board_by, tried, ruled = events.board_by, known.moment, rules.of_lines.to.size > 0
    position, moment = events.position[event], events.leave_at[event]
    line = line_of[position]
    phase = phases[line]
    own = (event - lines.first_event[line]) // lines.positions[line]
    count = 0
    for entry in range(boards.first[lines.stop[position]], boards.first[lines.stop[position] + 1]):
        to, secs = boards.to[entry], boards.secs[entry]
        if ruled:
            secs = _change_secs(rules.of_lines, position, to, secs)
        # a later call of this trip could board the same vehicle here, or an earlier one
        if secs == NOT_ALLOWED or moment + secs >= tried[to]:
            continue
        other = line_of[to]
        if phase != ANY_PHASE and not is_met(phases[other], phase):
            continue
        tried[to] = moment + secs
        at = lines.first_event[other] + to - first_position[other]
        trip = first_trip(board_by, at, step_of(lines, other), moment + secs)
        target = at + trip * lines.positions[other]
        if trip == lines.trips[other] or _is_covered(known, other, trip, to):
            continue
        stays = other == line and trip >= own and to >= position
        if events.depart[target] <= horizon and not stays:
            targets[count] = target
            count += 1
    return count


@inlined
def _alight(arrivals: np.ndarray, stop: int, moment: int, walks: Rows) -> None:
    """Note the arrival at a stop, and on foot at others."""
    arrivals[stop] = min(arrivals[stop], moment)
    for walk in range(walks.first[stop], walks.first[stop + 1]):
        there = walks.to[walk]
        arrivals[there] = min(arrivals[there], moment + walks.secs[walk])


@kernel
def _reduced(
    network: tuple, walks: Rows, leads_on: np.ndarray, part: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The changes worth making from some lines: events and the events boarded from them.

    Trip by trip, from the last call to the first: a change that brings one nowhere earlier than
    staying on, or than a change further along, is left out (the reduction of S. Witt, Trip-Based
    Public Transit Routing, ESA 2015). `walks` are those that may take a change's place: who would
    be there as early on foot needs no vehicle. `leads_on` are the trips that go on as others.
    """
    lines, events, _, rules, horizon = network
    size = lines.trips.size
    known = Known(
        np.empty(rules.slack.size, np.int64),
        np.empty(lines.line.size, np.int64),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
    )
    froms, tos = np.empty(1 << 16, np.int32), np.empty(1 << 16, np.int32)
    targets, total = np.empty(lines.line.size, np.int32), 0
    for line in range(part[0], part[1]):
        for trip in range(lines.trips[line]):
            known.arrivals[:], known.moment[:] = FARTHEST, FARTHEST
            known.trip[:], known.position[:] = MOST, MOST
            start = lines.first_event[line] + trip * lines.positions[line]
            for event in range(start + lines.positions[line] - 1, start, -1):
                moment = events.leave_at[event]
                if moment < 0 or moment > horizon or not lines.drop_off[events.position[event]]:
                    continue
                _alight(known.arrivals, lines.stop[events.position[event]], moment, walks)
                count = _boarded(network, event, known, targets)
                if total + count > froms.size:
                    size_needed = 2 * (total + count)
                    froms, tos = grown(froms, size_needed), grown(tos, size_needed)
                for target in targets[:count]:
                    if _improves((lines, events, rules.slack, leads_on), target, known, line):
                        froms[total], tos[total] = event, target
                        total += 1
    return froms[:total].copy(), tos[:total].copy()


def stay_events(stays: np.ndarray, lines: Lines, events: Events) -> np.ndarray:
    """Events between which riders stay on board: n x 2, the last of a trip and the next's first.

    Parameters
    ----------
    stays
        Pairs of trips.
    lines, events
        As `analysis.timetable.service.lines.lines` returns them.
    """
    trips = events.trip
    count = int(max(trips.max(initial=-1), stays.max(initial=-1))) + 1
    first, last = np.full(count, -1), np.full(count, -1)
    place = events.position - lines.first_position[lines.line[events.position]]
    is_first = place == 0
    is_last = place == lines.positions[lines.line[events.position]] - 1
    first[trips[is_first]] = np.flatnonzero(is_first)
    last[trips[is_last]] = np.flatnonzero(is_last)
    pairs = np.column_stack([last[stays[:, 0]], first[stays[:, 1]]])
    return np.asarray(pairs[(pairs >= 0).all(axis=1)])


def changes(
    network: tuple[Lines, Events, Rows, ChangeRules, int], stays: np.ndarray, walks: Rows
) -> tuple[np.ndarray, np.ndarray]:
    """All changes between events, and those of riders who stay on board.

    Parameters
    ----------
    network
        Lines, events, by stop the positions worth boarding (see `boardings` in
        `analysis.timetable.service.walks`), rules, and the last second that counts.
    stays
        Pairs of trips on which riders stay on board.
    walks
        By stop: walks to other stops that are as good as a ride which arrives no earlier. There are
        none where a walk has a limit or changes have rules: then it matters where one alights.

    Returns
    -------
    froms, tos
        Events: where one alights, and the one that one boards; ~event (below zero) for one on
        which one stays.
    """
    lines, events = network[:2]
    # lines in parts of about as many events, one after the other in each thread
    share = np.linspace(0, lines.first_event[-1], PARTS * threads() + 1)
    bounds = np.searchsorted(lines.first_event, share).tolist()
    leads_on = np.zeros(int(max(events.trip.max(initial=-1), stays.max(initial=-1))) + 1, np.bool_)
    leads_on[stays[:, 0]] = True
    with ThreadPoolExecutor(threads()) as pool:
        jobs = [pool.submit(_reduced, network, walks, leads_on, part) for part in pairwise(bounds)]
        found = [job.result() for job in jobs]
    froms, tos = (np.concatenate(part) for part in zip(*found, strict=True))
    pairs = stay_events(stays, lines, events)
    return np.concatenate([froms, pairs[:, 0]]), np.concatenate([tos, ~pairs[:, 1]])
