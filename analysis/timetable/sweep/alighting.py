"""When travellers alight at each stop, from who is on board of each vehicle."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.samples import Departures
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.scoped import Service
from analysis.timetable.sweep.rows import WORD_BITS, WORDS, later, newer, place_of


class _Part(NamedTuple):
    """Some origins in the words of a search.

    Attributes
    ----------
    first, last
        The first word with one of them, and the last but one.
    mask
        uint64, a word: all bits of their fields.
    full
        uint64, a word: their fields if every departure were there.
    lane
        int64, words x bits of a word: the first lane of the field to which a bit belongs.
    field
        int64, a bit of a word: its field.
    """

    first: int
    last: int
    mask: np.ndarray
    full: np.ndarray
    lane: np.ndarray
    field: np.ndarray


@kernel
def _part(origins: tuple[int, int], departures: Departures) -> _Part:
    """The first and the last origin but one, among those of the group."""
    bits = departures.fields.bits
    whole = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    mask, full = np.zeros(WORDS, np.uint64), np.zeros(WORDS, np.uint64)
    lane = np.zeros((WORDS, WORD_BITS), np.int64)
    low, high = WORDS, 0
    for number in range(origins[0], origins[1]):
        word, shift = place_of(departures.fields, number)
        low, high = min(low, word), max(high, word + 1)
        mask[word] |= whole << shift
        full[word] |= np.uint64(departures.moments.size) << shift
        lane[word, np.int64(shift) // bits] = (number - origins[0]) * departures.moments.size
    return _Part(low, high, mask, full, lane, np.arange(WORD_BITS) // bits)


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


@inlined
def _alight(
    words: tuple[np.uint64, np.uint64], lanes: tuple, bits: np.int64, moment: np.uint16
) -> None:
    """Give their moment to departures that alight: those of a word, and those that have before."""
    new, done = words
    row, first_lane, field_of = lanes
    one = np.uint64(1)
    if bits == 1:
        while new != 0:
            bit = new & (~new + one)
            row[first_lane[_bit_number(bit)]] = moment
            new ^= bit
        return
    value = (one << np.uint64(bits - 1 if bits > 1 else 1)) - one
    while new != 0:
        field = field_of[_bit_number(new & (~new + one))]
        shift = np.uint64(field * bits)
        lane = first_lane[field] + np.int64((done >> shift) & value)
        end = first_lane[field] + np.int64((new >> shift) & value)
        new &= ~(value << shift)
        for departure in range(lane, end):
            row[departure] = moment


@kernel
def settle(
    service: Service,
    reached: np.ndarray,
    asked: tuple[int, int, Departures],
    ride: np.ndarray,
) -> None:
    """The moment at which each departure first alights at each stop.

    Parameters
    ----------
    service
        What runs.
    reached
        See `analysis.timetable.sweep.sweeps.Boards`.
    asked
        The first and the last origin but one, among those of the group, and the departures.
    ride
        uint16, stops x lanes, by origin, then by departure: the result; `NEVER` where not reached.
    """
    departures = asked[2]
    part, fields = _part((asked[0], asked[1]), departures), departures.fields
    first, secs = service.arrival_first, service.arrival_secs
    mask, full, lane, field = part.mask, part.full, part.lane, part.field
    done = np.zeros(WORDS, np.uint64)
    for stop in range(ride.shape[0]):
        row = ride[stop]
        row[:], done[:], incomplete = NEVER, 0, part.last - part.first
        for arrival in range(first[stop], first[stop + 1]):
            for word in range(part.first, part.last):
                before = done[word]
                new = newer(reached[arrival, word] & mask[word], before, fields)
                if new != 0:
                    lanes = row, lane[word], field
                    _alight((new, before), lanes, fields.bits, secs[arrival])
                    done[word] = later(new, before, fields)
                    incomplete -= done[word] == full[word]
            if incomplete == 0:
                break
