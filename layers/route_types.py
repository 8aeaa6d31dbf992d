"""What runs on a route: kinds of vehicle by GTFS route type, basic and extended.

Sources: GTFS Schedule Reference, `route_type` in routes.txt (0 to 12); Google Transit's "Extended
GTFS route types" (100 to 1799), which are the hierarchical vehicle types of the European TPEG.
"""

from __future__ import annotations

from typing import Literal, get_args

Vehicle = Literal[
    "bus",
    "tram",
    "metro",
    "rail",
    "monorail",
    "ferry",
    "aerial",
    "funicular",
    "on_demand",
    "air",
    "other",
]
"""Kinds of vehicle; `monorail` is also used for people movers, `on_demand` has no fixed trips."""
VEHICLES: tuple[Vehicle, ...] = get_args(Vehicle)

_BASIC: dict[int, Vehicle] = {
    0: "tram",
    1: "metro",
    2: "rail",
    3: "bus",
    4: "ferry",
    5: "tram",  # cable tram, rails in the street
    6: "aerial",
    7: "funicular",
    11: "bus",  # trolleybus
    12: "monorail",
}
_SINGLE: dict[int, Vehicle] = {405: "monorail", 715: "on_demand", 1_701: "tram"}
"""Extended types that are another kind than their hundred: 1701 is a cable car in the street."""
_HUNDREDS: dict[int, Vehicle] = {
    1: "rail",
    2: "bus",  # coach
    3: "rail",  # suburban
    4: "metro",  # urban railway
    5: "metro",
    6: "metro",  # underground
    7: "bus",
    8: "bus",  # trolleybus
    9: "tram",
    10: "ferry",
    11: "air",
    12: "ferry",
    13: "aerial",
    14: "funicular",
    15: "on_demand",  # taxi
}

FASTEST_KPH: dict[Vehicle, float] = {
    "bus": 120.0,
    "tram": 120.0,
    "metro": 180.0,
    "rail": 450.0,
    "monorail": 120.0,
    "ferry": 120.0,
    "aerial": 60.0,
    "funicular": 60.0,
    "on_demand": 120.0,
    "air": 1_200.0,
    "other": 450.0,
}
"""No such vehicle is faster on the straight line from stop to stop.

Buses and cars: China's limit on motorways (Road Traffic Safety Law's regulations, article 78).
Metros run at up to 160 km/h (Beijing's Daxing line, Guangzhou's line 18), the fastest maglev at
430, fast ferries at 90, cable cars and funiculars at 45 to 50. Others have a margin above that.
"""


def vehicle(route_type: int) -> Vehicle:
    """The kind of vehicle of a GTFS route type; `other` for types that name none.

    Examples
    --------
    >>> [vehicle(n) for n in (3, 11, 202, 704, 800)]
    ['bus', 'bus', 'bus', 'bus', 'bus']
    >>> [vehicle(n) for n in (0, 1, 2, 4, 6, 12, 109, 401, 405, 715, 900, 1501, 1700)]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['tram', 'metro', 'rail', 'ferry', 'aerial', 'monorail', 'rail', 'metro', 'monorail',
     'on_demand', 'tram', 'on_demand', 'other']
    """
    if route_type in _BASIC:
        return _BASIC[route_type]
    return _SINGLE.get(route_type, _HUNDREDS.get(route_type // 100, "other"))


def is_bus(route_type: int) -> bool:
    """Whether it is a bus, coach or trolleybus that runs by a timetable or headway.

    Examples
    --------
    >>> is_bus(704), is_bus(11), is_bus(715), is_bus(1)
    (True, True, False, False)
    """
    return vehicle(route_type) == "bus"
