"""People and places of the bundled data."""

from __future__ import annotations

from collections import Counter

from bundled_data import DATA, rows, shapes

CENSUS_2020 = {
    "500106": 1_477_345,
    "500107": 1_526_821,
    "500109": 834_887,
    "500116": 1_359_611,
    "500120": 756_022,
}


def test_people_add_up_to_the_census() -> None:
    total: Counter[str] = Counter()
    for row in rows(DATA / "places" / "population.geojson"):
        assert isinstance(row["population"], int)
        total[row["district_id"]] += row["population"]
    assert dict(total) == CENSUS_2020


def test_people_live_in_their_district() -> None:
    districts = DATA / "boundaries" / "districts.geojson"
    found = dict(zip([r["district_id"] for r in rows(districts)], shapes(districts), strict=True))
    towns = DATA / "places" / "population.geojson"
    for row, place in zip(rows(towns), shapes(towns), strict=True):
        # a town seat may lie across the border by its own inaccuracy, about 1.5 km
        assert found[row["district_id"]].distance(place) < 0.015


def test_places_have_known_categories() -> None:
    told = rows(DATA / "places" / "places.geojson")
    assert len(told) == 72
    assert {row["category"] for row in told} == {
        "centre",
        "science",
        "park",
        "university",
        "port",
        "rail_hub",
        "airport",
    }
    assert {row["place_id"] for row in told if not row["existing"]} == {"NEWAP", "RW_KXC", "RW_JJN"}
