"""Ways between places packed into short text, and unpacked by the page's script.

Many pairs share a way, and both states do; so each leg and each way is stored once and named by its
number. The text is Base64 of the zlib stream of JSON.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LEVEL = 9
KINDS = ("walk", "wait", "ride")
NO_WAY = -1


class WayLeg(NamedTuple):
    """A leg in short: kind (one of `KINDS`), minutes, and names of the lines (empty but for rides).

    Whatever the lines are called, the page escapes it.
    """

    kind: str
    minutes: int
    zh: str = ""
    en: str = ""


class Way(NamedTuple):
    """A way between two places: minutes of the day at which one leaves (None: any), and legs."""

    leaves: int | None
    legs: tuple[WayLeg, ...]


@dataclass(frozen=True)
class PlaceWays:
    """The ways of some states between all places.

    Attributes
    ----------
    by_state
        By id of the state: ways by positions of the two places; pairs without a way are missing.
    count
        Number of places.
    """

    by_state: Mapping[str, Mapping[tuple[int, int], Way]] = field(default_factory=dict)
    count: int = 0


def _number(value: object, known: dict[object, int]) -> int:
    return known.setdefault(value, len(known))


def _table(ways: Mapping[tuple[int, int], Way], count: int, known: dict[object, int]) -> list[int]:
    """Numbers of the ways, origin by origin; `NO_WAY` where there is none."""
    table = [NO_WAY] * (count * count)
    for (start, end), way in ways.items():
        table[start * count + end] = _number(way.legs, known)
    return table


def _leaves(ways: Mapping[tuple[int, int], Way], count: int) -> list[int]:
    """Minutes of the day at which one leaves, likewise; empty if nothing has a clock."""
    if all(way.leaves is None for way in ways.values()):
        return []
    table = [NO_WAY] * (count * count)
    for (start, end), way in ways.items():
        table[start * count + end] = NO_WAY if way.leaves is None else way.leaves
    return table


def packed_ways(ways: PlaceWays) -> str:
    """Ways as text: `lines` (names), `legs` (kind, minutes, line), `ways` (legs), `states`.

    Examples
    --------
    >>> walk = Way(None, (WayLeg("walk", 7),))
    >>> text = packed_ways(PlaceWays({"plan": {(0, 1): walk}}, 2))
    >>> json.loads(zlib.decompress(base64.b64decode(text)))["states"]["plan"]
    {'at': [-1, 0, -1, -1], 'leaves': []}
    """
    known: dict[object, int] = {}
    states = {
        state: {"at": _table(table, ways.count, known), "leaves": _leaves(table, ways.count)}
        for state, table in ways.by_state.items()
    }
    lines: dict[object, int] = {}
    legs: dict[object, int] = {}
    listed: Sequence[tuple[WayLeg, ...]] = list(known)  # type: ignore[arg-type]
    numbers = [
        [
            _number((KINDS.index(leg.kind), leg.minutes, _number((leg.zh, leg.en), lines)), legs)
            for leg in way
        ]
        for way in listed
    ]
    content = {"lines": list(lines), "legs": list(legs), "ways": numbers, "states": states}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8"), LEVEL)).decode("ascii")
