"""What the tags of OpenStreetMap mean: who may go, which way, how fast and how long."""

from __future__ import annotations

import pytest

from geo.osm.elements import Tags
from layers.osm.roads.access import Access, barrier_access, way_access
from layers.osm.tags import UnreadableError, duration_secs, oneway, speed_kph

ACCESS = {
    "residential": "dwb",
    "motorway": "db",
    "trunk": "dwb",
    "primary_link": "dwb",
    "footway": "w",
    "steps": "w",
    "cycleway": "w",
    "track": "w",
    "busway": "b",
    "construction": "",
    "proposed": "",
    "raceway": "",
    "unheard_of": "",
    "trunk foot=yes": "dwb",
    "trunk sidewalk=both": "dwb",
    "trunk sidewalk:right=separate": "dwb",
    "trunk sidewalk=no": "db",
    "trunk motorroad=yes": "db",
    "primary sidewalk=no": "dwb",
    "residential area=yes": "w",
    "cycleway motorcar=destination": "w",
    "cycleway motor_vehicle=yes": "dwb",
    "primary motorroad=yes": "db",
    "primary foot=no": "db",
    "primary foot=use_sidepath": "db",
    "residential access=private": "",
    "residential access=no": "",
    "residential access=no;delivery": "",
    "residential access=destination": "dwb",
    "residential access=customers": "dwb",
    "residential access=private motor_vehicle=yes": "db",
    "residential access=private foot=yes": "w",
    "residential access=no bus=yes": "b",
    "residential access=no psv=yes foot=yes": "wb",
    "residential vehicle=no": "w",
    "residential motor_vehicle=no": "w",
    "residential motor_vehicle=no bus=yes": "wb",
    "residential motorcar=no": "wb",
    "residential motor_vehicle=private motorcar=yes": "dw",
    "residential bus=no": "dw",
    "busway bus=no": "",
    "busway access=no": "b",
    "pedestrian motor_vehicle=yes": "dwb",
    "pedestrian motor_vehicle=delivery": "w",
    "pedestrian bus=yes": "wb",
    "footway access=yes": "w",
    "footway access=private": "",
    "service": "dwb",
    "service service=alley": "dwb",
    "service service=parking_aisle": "w",
    "service service=driveway": "w",
    "service service=driveway motor_vehicle=yes": "dw",
    "service service=driveway access=yes": "w",
    "service service=driveway access=private": "",
}

BARRIERS = {
    "bollard": "w",
    "gate": "dwb",
    "lift_gate": "dwb",
    "toll_booth": "dwb",
    "kerb": "dwb",
    "block": "w",
    "bus_trap": "wb",
    "gate locked=yes": "w",
    "gate access=private": "",
    "gate access=private foot=yes": "w",
    "gate locked=yes motor_vehicle=yes": "dwb",
    "bollard bus=yes": "wb",
    "bollard access=yes": "dwb",
    "stile foot=no": "",
}


def letters(who: Access) -> str:
    """`d` for cars, `w` for walkers, `b` for buses."""
    told = {"d": who.drive, "w": who.walk, "b": who.bus}
    return "".join(letter for letter, may in told.items() if may)


def tags_of(text: str, key: str) -> Tags:
    """`primary foot=no`: the value of a key, and other tags."""
    value, *others = text.split()
    return {key: value, **dict(pair.split("=") for pair in others)}


@pytest.mark.parametrize("text", ACCESS)
def test_who_may_use_a_way(text: str) -> None:
    assert letters(way_access(tags_of(text, "highway"))) == ACCESS[text]


@pytest.mark.parametrize("text", BARRIERS)
def test_who_passes_a_barrier(text: str) -> None:
    assert letters(barrier_access(tags_of(text, "barrier"))) == BARRIERS[text]


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, 0),
        ({"oneway": "no"}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "true"}, 1),
        ({"oneway": "1"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "reverse"}, -1),
        ({"oneway": "reversible"}, 0),
        ({"oneway": "alternating"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "circular"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 0),
    ],
)
def test_values_of_oneway(tags: Tags, direction: int) -> None:
    assert oneway(tags) == direction


SPEEDS = {
    "60": 60.0,
    "60 km/h": 60.0,
    "60kmh": 60.0,
    "30 mph": 48.28032,
    "30mph": 48.28032,
    "80;60": 60.0,
    "80|100": 80.0,
    "none": None,
    "signals": None,
    "CN:urban": None,
    "CN:zone30": 30.0,
    "DE:zone:20": 20.0,
    "walk": 7.0,
    "CN:living_street": 7.0,
    "": None,
}


@pytest.mark.parametrize("text", SPEEDS)
def test_speeds(text: str) -> None:
    assert speed_kph(text) == SPEEDS[text]


@pytest.mark.parametrize("text", ["fast", "0", "-50", "6O", "50 knots", "nan"])
def test_speeds_that_nobody_can_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        speed_kph(text)


@pytest.mark.parametrize(
    ("text", "secs"),
    [
        ("15", 900),
        ("1:30", 5_400),
        ("00:07:30", 450),
        ("PT20M", 1_200),
        ("PT1H5M", 3_900),
        ("0.5", 30),
    ],
)
def test_durations(text: str, secs: float) -> None:
    assert duration_secs(text) == secs


@pytest.mark.parametrize("text", ["", "0", "soon", "P", "PT", "10 mph", "-5", "1:2"])
def test_durations_that_nobody_can_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        duration_secs(text)
