"""Words that hold the latest departures of several origins side by side.

A field of a word is the latest departure of one origin: its number in the window from 1, or 0 for
none. Who leaves an origin later can do no more than who leaves earlier and waits; so one number
says who of all its travellers is there. Above the bits of the number each field has one bit that is
always 0: with it fields are compared side by side (L. Lamport, Multiple byte processing with
full-word instructions, CACM 1975). For a single departure a field is one bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined

WORDS = 8
"""Words of a row: 64 bytes, what memory hands over at once."""
WORD_BITS = 64


class Fields(NamedTuple):
    """How words are divided.

    Attributes
    ----------
    guards
        uint64: the uppermost bit of each field; 0 if fields are single bits.
    bits
        Bits of a field.
    """

    guards: np.uint64
    bits: np.int64

    @property
    def in_word(self) -> int:
        """Number of fields in a word."""
        return int(WORD_BITS // self.bits)


def fields_for(departures: int) -> Fields:
    """The narrowest fields for some number of departures.

    Examples
    --------
    >>> fields_for(1).in_word, fields_for(60).in_word
    (64, 9)
    >>> bin(fields_for(2).guards)[:11]
    '0b100100100'
    """
    if departures == 1:
        return Fields(np.uint64(0), np.int64(1))
    bits = departures.bit_length() + 1
    guards = sum(1 << (bits * field + bits - 1) for field in range(WORD_BITS // bits))
    return Fields(np.uint64(guards), np.int64(bits))


@inlined
def _no_less(one: np.uint64, other: np.uint64, fields: Fields) -> np.uint64:
    """All bits of the number of each field of a word that is no less than that of another word."""
    if fields.guards == 0:
        return one | ~other
    guards = ((one | fields.guards) - other) & fields.guards
    return guards - (guards >> np.uint64(fields.bits - 1))


@inlined
def later(one: np.uint64, other: np.uint64, fields: Fields) -> np.uint64:
    """The later departure of each field."""
    return other ^ ((one ^ other) & _no_less(one, other, fields))


@inlined
def newer(one: np.uint64, known: np.uint64, fields: Fields) -> np.uint64:
    """The departures of one word that are later than those known; 0 where they are not."""
    return one & ~_no_less(known, one, fields)


@inlined
def place_of(fields: Fields, number: int) -> tuple:
    """The word of a field, and how far up it is."""
    in_word = WORD_BITS // fields.bits
    return number // in_word, np.uint64(fields.bits * (number % in_word))
