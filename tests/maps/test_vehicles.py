"""Existing lines are drawn by their kind of vehicle, each with a legend entry."""

from __future__ import annotations

import pytest
from ascii_worlds import world
from network_parts import route
from page_worlds import small_tables

from maps.transit import VEHICLES, existing_bus, existing_rail, line_style
from scicity.outputs.layers import route_layer

HERE = world("A-a-b-B")
BUSES, ON_DEMAND = (3, 11, 202, 704, 800), (715, 1_501)
OTHERS = (0, 1, 2, 4, 6, 7, 12, 109, 405, 900, 1_000, 1_102, 1_700)


@pytest.mark.parametrize("kind", BUSES + ON_DEMAND + OTHERS)
def test_a_line_is_in_one_layer_with_its_legend(kind: int) -> None:
    routes = route_layer(HERE.network(route("R", "ab", 120, route_type=kind)))
    stops = small_tables().stops.iloc[:0]
    layers = {"bus": existing_bus(routes, stops), "rail": existing_rail(routes, stops)}
    where, other = ("rail", "bus") if kind in OTHERS else ("bus", "rail")
    (drawn,) = layers[where].features["features"]
    assert layers[other].features["features"] == []
    name = routes["vehicle"].iloc[0]
    assert (name == "bus") == (kind in BUSES)
    (entry,) = [s for s in layers[where].symbols if s.strokes == (drawn["properties"]["style"],)]
    assert entry.strokes == (line_style(name),)
    assert (entry.zh, entry.en) == VEHICLES[name][1:]


def test_a_layer_with_ferries_is_not_called_rail_alone() -> None:
    stops = small_tables().stops.iloc[:0]
    titles = [
        existing_rail(route_layer(HERE.network(route("R", "ab", 120, route_type=kind))), stops).en
        for kind in (1, 4)
    ]
    assert titles == ["Existing rail", "Existing rail, ferries, cable cars, …"]
