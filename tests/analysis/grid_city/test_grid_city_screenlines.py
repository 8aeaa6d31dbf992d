"""Roads over a ridge that share its traffic, computed by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from ascii_worlds import world
from easy_values import conditions, easy, peak_volumes
from random_roads import split_street
from travel_times_between import times

from analysis.graph.screenlines import crossing_capacity, screenline_loads
from layers.roads import RoadNetwork, road_network, streets

RIDGE = {"screenline": "ridge", "tunnel": True, "maxspeed": 80.0, "length": 4_000.0}
VALLEYS = """
    A-------B
    |       |
    C.......D
    |       |
    E.......F
    """


def valleys(*, lanes_ef: int = 2, **values: object) -> RoadNetwork:
    """Tunnel CD of a lane each way; EF beside it, open only with a screenline."""
    return world(
        VALLEYS,
        streets={"CD": {**RIDGE, "lanes": 2}, "EF": {**RIDGE, "lanes": lanes_ef, **values}},
    ).roads


def test_screenline_load() -> None:
    """A lane of 80 km/h carries 1750 cars: 3500 on one make 2.0, BPR 1 + 0.15 x 2^4 = 3.4."""
    loads = screenline_loads(
        valleys(screenline=None), peak_volumes(ridge=3_500.0, river=9.0), easy()
    )
    row = loads.set_index("screenline_id").loc["ridge"]
    assert loads["screenline_id"].tolist() == ["ridge"]
    assert row[["crossings", "capacity", "volume_to_capacity"]].tolist() == [1, 1_750, 2.0]
    assert row["speed_factor"] == pytest.approx(1 / 3.4)


@pytest.mark.parametrize(
    ("lanes", "oneway", "capacity"), [(2, False, 1_750), (4, False, 3_500), (2, True, 3_500)]
)
def test_crossing_capacity(lanes: int, capacity: float, *, oneway: bool) -> None:
    """Half of the lanes of a two-way street, all of a one-way street."""
    found = crossing_capacity(valleys(lanes_ef=lanes, oneway=oneway), easy())
    assert found.set_index("osmid")["capacity"].to_dict() == {"CD": 1_750, "EF": capacity}


def test_a_split_crossing_counts_once() -> None:
    roads = valleys()
    table = streets(roads)
    number = table.index[table["osmid"] == "EF"][0]
    split = road_network(roads.nodes, split_street(table, number, 0.5, "M"))
    pd.testing.assert_frame_equal(
        crossing_capacity(split, easy()).sort_values("osmid", ignore_index=True),
        crossing_capacity(roads, easy()).sort_values("osmid", ignore_index=True),
    )


def test_an_added_tunnel_relieves_its_neighbour() -> None:
    """4 km at 80 x 0.9 km/h = 20 m/s are 200 s; v/c = 2 makes 680 s, v/c = 1 makes 230 s."""
    under = conditions(easy(offpeak_speed_factor={"default": 0.9}), ridge=3_500.0)
    here = world(VALLEYS)
    before = here.network()
    secs = []
    for roads in (valleys(screenline=None, maxspeed=5.0), valleys(maxspeed=80.0)):
        network = replace(before, roads=roads)
        secs.append(times(network, here.at("CD"), under=under).loc["C", "D"])
        offpeak = times(network, here.at("CD"), period="offpeak", under=under)
        assert offpeak.loc["C", "D"] == pytest.approx(200)
    assert secs == pytest.approx([200 * (1 + 0.15 * 2**4), 200 * (1 + 0.15 * 1**4)])


def test_unequal_crossings_share_one_ratio() -> None:
    """Three lanes each way beside one: 3500 / (4 x 1750) = 0.5 on both."""
    loads = screenline_loads(valleys(lanes_ef=6), peak_volumes(ridge=3_500.0), easy())
    assert loads["volume_to_capacity"].tolist() == [0.5]
    assert loads["speed_factor"].tolist() == pytest.approx([1 / (1 + 0.15 / 16)])
