"""The search of one traveller that notes how each vehicle was reached."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.service.lines import NEVER, first_trip, is_met, step_of
from analysis.timetable.service.scoped import Service

WALKED, RIDING, STAYING, CHANGING = 0, 1, 2, 3
"""How one comes on board of a hop: from the origin, seated, staying where the trip ends, or by a
change."""
NOT_REACHED = np.int64(-(2**62))
RIDES = np.int64(1 << 20)
"""More rides than any journey has: the latest departure counts first, then the fewest rides."""


class Trace(NamedTuple):
    """What is known of each hop and number of changes; hops x layers.

    With a limit of rides layer n stands for n changes; without one there is one layer.

    Attributes
    ----------
    worth
        int64: the latest moment at which one can leave the origin to be on board, times `RIDES`,
        less the rides; `NOT_REACHED` where nobody is on board.
    before
        int64: the hop before, times the number of layers, plus the layer.
    how
        int8: `WALKED`, `RIDING`, `STAYING` or `CHANGING`.
    """

    worth: np.ndarray
    before: np.ndarray
    how: np.ndarray


def blank_trace(hops: int, max_rides: int | None) -> Trace:
    """Memory of one search."""
    shape = (hops + 1, max_rides or 1)
    return Trace(
        np.full(shape, NOT_REACHED), np.full(shape, -1, dtype=np.int64), np.zeros(shape, np.int8)
    )


@kernel
def _start(
    service: Service,
    access: tuple[np.ndarray, np.ndarray],
    lane: tuple[int, int, int, int],
    to: Trace,
) -> None:
    """Let the traveller walk to every vehicle they can board first, also to later ones."""
    lines, board_by = service.lines, service.events.board_by
    positions, secs = access
    moment, phase, count, _ = lane
    for entry in range(positions.size):
        position, walk = positions[entry], secs[entry]
        line = lines.line[position]
        if not is_met(lines.phase[line], phase):
            continue
        at = lines.first_event[line] + position - lines.first_position[line]
        first = first_trip(board_by, at, step_of(lines, line), moment + walk)
        for trip in range(first, lines.trips[line]):
            event = at + trip * lines.positions[line]
            hop = service.hop[event]
            if hop < 0 or hop >= count:
                break
            worth = np.int64(board_by[event] - walk) * RIDES - 1
            if worth > to.worth[hop, 0]:
                to.worth[hop, 0], to.how[hop, 0] = worth, WALKED


@inlined
def _come(to: Trace, at: tuple[int, int], worth: np.int64, before: tuple[int, int]) -> None:
    """Note a way on board of a hop (on a layer), if it is better than the one that is known."""
    hop, layer = at
    node, how = before
    if worth > to.worth[hop, layer]:
        to.worth[hop, layer], to.before[hop, layer], to.how[hop, layer] = worth, node, how


@kernel
def _come_over(
    service: Service, at: tuple[int, int], lane: tuple[int, int, int, int], to: Trace
) -> None:
    """Come on board of a hop by a change, or as a trip goes on as this one."""
    hop, layer = at
    layers = to.worth.shape[1]
    for entry in range(service.change_first[hop], service.change_first[hop + 1]):
        source = service.change_from[entry]
        how, before, layer_before = CHANGING, source, layer - lane[3]
        if source < 0:
            how, before, layer_before = STAYING, ~source, layer
        if layer_before >= 0 and to.worth[before, layer_before] != NOT_REACHED:
            worth = to.worth[before, layer_before] - (how == CHANGING)
            _come(to, at, worth, (before * layers + layer_before, how))


@kernel
def trace(
    service: Service,
    access: tuple[np.ndarray, np.ndarray],
    lane: tuple[int, int, int, int],
    to: Trace,
) -> None:
    """Every vehicle that one traveller can be on, and the best way there.

    Being on board of a vehicle is the better the later one left the origin, then the fewer rides
    it took; so every hop, in order of departure, needs its best way only.

    Parameters
    ----------
    service
        What runs.
    access
        Positions of lines worth boarding first, and the seconds to walk there.
    lane
        The moment (seconds after the base), the phase of lines without a clock, the number of hops
        that depart in time, and by how many layers a change leads on: 1 with a limit of rides,
        else 0.
    to
        Blank: the result.
    """
    _start(service, access, lane, to)
    layers = to.worth.shape[1]
    for hop in range(lane[2]):
        before = service.before[hop]
        for layer in range(layers):
            seated = to.worth[before, layer]
            _come(to, (hop, layer), seated, (before * layers + layer, RIDING))
            if is_met(service.phase[hop], lane[1]):
                _come_over(service, (hop, layer), lane, to)


@kernel
def arrival(
    service: Service, egress: tuple[np.ndarray, np.ndarray], found: Trace
) -> tuple[int, np.int64, int, int]:
    """The best way to a place: earliest arrival, then latest departure, then fewest rides.

    Parameters
    ----------
    service, found
        As for `trace`.
    egress
        Stops worth alighting at, and the seconds to walk from there.

    Returns
    -------
    tuple
        The moment of arrival (`NEVER` if there is none), the worth, the node of the last hop (hop
        times layers, plus the layer), and the seconds of the last walk.
    """
    stops, secs = egress
    best, worth, end, walk = NEVER, NOT_REACHED, -1, 0
    layers = found.worth.shape[1]
    for place in range(stops.size):
        stop = stops[place]
        for entry in range(service.arrival_first[stop], service.arrival_first[stop + 1]):
            hop = service.arrival_hop[entry]
            moment = service.leave_at[hop] + secs[place]
            if moment > best:
                break
            for layer in range(layers):
                own = found.worth[hop, layer]
                if own != NOT_REACHED and (moment < best or own > worth):
                    best, worth, walk = moment, own, secs[place]
                    end = hop * layers + layer
    return best, worth, end, walk
