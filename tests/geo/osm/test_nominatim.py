"""A place is found by its name."""

from __future__ import annotations

import pytest
import shapely
from overpass_server import (
    PLACE_RING,
    OverpassServer,
)
from overpass_village import nobody, the_fault

from geo.faults import BadInputError
from geo.osm.nominatim import PLACE_COLUMNS, find_place
from geo.osm.osmnx_session import USER_AGENT


def test_a_place_is_found_by_its_name(server: OverpassServer, rests: list[float]) -> None:
    found = find_place("Kluuvi", url=server.nominatim)
    assert tuple(found.columns) == PLACE_COLUMNS
    assert found.crs == "EPSG:4326"
    assert found.geometry[0].equals(shapely.Polygon(PLACE_RING))
    assert found["display_name"][0] == "Kluuvi, Helsinki, Finland"
    assert (server.names, server.agents, rests) == (["Kluuvi"], {USER_AGENT}, [1])


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize("name", ["Nowhere at all", "lighthouse"])
def test_a_name_without_an_area(server: OverpassServer, name: str) -> None:
    with pytest.raises(BadInputError) as error:
        find_place(name, url=server.nominatim)
    assert the_fault(error).code == "place-unknown"
    assert the_fault(error).feature == name


@pytest.mark.usefixtures("rests")
def test_a_name_without_internet(server: OverpassServer) -> None:
    for url in (nobody(), f"{server.nominatim}/elsewhere"):
        with pytest.raises(BadInputError) as error:
            find_place("Kluuvi", url=url)
        assert the_fault(error).code == "server-no-answer"
        assert "scicity fetch --osm FILE" in the_fault(error).allowed
