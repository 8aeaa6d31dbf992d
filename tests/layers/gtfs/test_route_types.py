"""Kinds of vehicle by route type: every type that GTFS allows has one, with a look and a limit."""

from __future__ import annotations

import pytest

from layers.route_types import FASTEST_KPH, VEHICLES, Vehicle, is_bus, vehicle
from maps.transit import VEHICLES as LOOKS

GTFS: dict[Vehicle, list[range]] = {
    "bus": [range(3, 4), range(11, 12), range(200, 300), range(700, 715), range(716, 900)],
    "tram": [range(1), range(5, 6), range(900, 1_000), range(1_701, 1_702)],
    "metro": [range(1, 2), range(400, 405), range(500, 700)],
    "rail": [range(2, 3), range(100, 200), range(300, 400)],
    "monorail": [range(12, 13), range(405, 406)],
    "ferry": [range(4, 5), range(1_000, 1_100), range(1_200, 1_300)],
    "aerial": [range(6, 7), range(1_300, 1_400)],
    "funicular": [range(7, 8), range(1_400, 1_500)],
    "on_demand": [range(715, 716), range(1_500, 1_600)],
    "air": [range(1_100, 1_200)],
}


@pytest.mark.parametrize("kind", GTFS)
def test_types_of_each_kind(kind: Vehicle) -> None:
    assert {vehicle(number) for numbers in GTFS[kind] for number in numbers} == {kind}


def test_every_type_has_a_kind_and_only_buses_are_buses() -> None:
    kinds = [vehicle(number) for number in range(1_800)]
    assert set(kinds) == set(VEHICLES)
    assert [is_bus(number) for number in range(1_800)] == [kind == "bus" for kind in kinds]


def test_every_kind_has_a_look_and_a_limit() -> None:
    assert set(LOOKS) == set(FASTEST_KPH) == set(VEHICLES)
