"""Where the people of the five districts live: points that add up to the census of 2020."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from data.build.facts import Facts
from data.build.geojson import Feature, point, read_features, write_features
from data.build.rail import Railways, baseline_stops
from data.build.stops import Stop, english_name

CENSUS_YEAR = 2020
SEAT_ACCURACY_M = 1_500
DISTRICT_NAMES = {
    "500106": "沙坪坝区",
    "500107": "九龙坡区",
    "500109": "北碚区",
    "500116": "江津区",
    "500120": "璧山区",
}
SEATS_WITHIN = {"北碚": ("北温泉", "朝阳")}
"""Towns that the district seat's figure of 2010 includes, though they have figures of their own."""
AT_PLACE = {"璧泉": "C_BS", "陈家桥": "C_CJQ", "白市驿": "C_BSY", "巴福": "C_BF"}
AT_STATION = {"磁器口": "磁器口"}
TOWN_WORDS = ("镇", "街道", "乡")
EXTRA_TOWNS = {"500106": ("陈家桥", "磁器口"), "500107": ("巴福",), "500120": ("璧泉",)}
"""Towns with a figure of 2020 that the table of seats lacks."""
ENGLISH = {"陈家桥": "Chenjiaqiao", "磁器口": "Ciqikou", "巴福": "Bafu", "璧泉": "Biquan"}
SHARED_BY_STATIONS = ("500106", "500107")
STATION_WEIGHT, SEAT_WEIGHT = 1.0, 0.5

PUBLISHED_NOTE = "census of 2020"
SCALED_NOTE = (
    "the district's total of 2020 less the towns with a figure of 2020, shared in proportion to "
    "the census of 2010"
)
MODEL_NOTE = (
    "model: the district's total of 2020 less the towns with a figure, shared over metro stations "
    "of April 2022 (weight 1) and town seats without a figure (weight 0.5)"
)


@dataclass(frozen=True)
class Anchor:
    """A point to which people are counted.

    Attributes
    ----------
    weight
        Share of what is left of the district's total; 0 where `people` is published.
    """

    town_id: str
    name_zh: str
    name_en: str
    district_id: str
    place: shapely.Point
    accuracy_m: int
    weight: float
    people: int
    confidence: str
    source: tuple[str, ...]
    note: str


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to a total (largest remainder).

    Examples
    --------
    >>> shares(10, [1, 1, 1])
    [4, 3, 3]
    """
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda n: (whole[n] - exact[n], n))
    for number in order[: total - sum(whole)]:
        whole[number] += 1
    return whole


class Settlement:
    """The anchors of every district."""

    def __init__(
        self, facts: Facts, stops: Iterable[Stop], districts: Mapping[str, BaseGeometry]
    ) -> None:
        self._facts = facts
        self._stops = list(stops)
        self._districts = districts
        self._places = {place["id"]: place for place in facts.places}
        self._figures: dict[str, int] = facts.population["town_2020"]

    def of_district(self, district_id: str) -> list[Anchor]:
        """The anchors of a district with their people."""
        rows = [row for row in self._facts.towns if row["adcode"] == district_id]
        anchors = [anchor for row in rows for anchor in self._seat(row)]
        anchors += [self._extra(name, district_id) for name in EXTRA_TOWNS.get(district_id, ())]
        if district_id in SHARED_BY_STATIONS:
            anchors += self._stations(district_id)
        total = self._facts.population["district_2020"][DISTRICT_NAMES[district_id]]
        rest = total - sum(anchor.people for anchor in anchors)
        shared = [anchor for anchor in anchors if anchor.weight]
        people = dict(zip(shared, shares(rest, [a.weight for a in shared]), strict=True))
        return [replace(a, people=people[a]) if a in people else a for a in anchors]

    def _seat(self, row: dict[str, str]) -> list[Anchor]:
        """A town of the table of seats."""
        name = next((n for n in _names(row) if n in self._figures), _names(row)[0])
        town_id = f"{row['adcode']}-{row['name_en'].lower()}"
        place = shapely.Point(float(row["lon"]), float(row["lat"]))
        base = Anchor(
            town_id=town_id,
            name_zh=name,
            name_en=row["name_en"],
            district_id=row["adcode"],
            place=place,
            accuracy_m=SEAT_ACCURACY_M,
            weight=0.0,
            people=0,
            confidence="published",
            source=("CENSUS20", "GEONAMES"),
            note=PUBLISHED_NOTE,
        )
        if name in self._figures:
            return [self._with_figure(base)]
        if row["adcode"] in SHARED_BY_STATIONS:
            return [replace(base, weight=SEAT_WEIGHT, confidence="assumed", note=MODEL_NOTE)]
        inside = sum(self._facts.population["town_2010"][n] for n in SEATS_WITHIN.get(name, ()))
        weight = float(int(row["pop2010"]) - inside)
        note = (
            SCALED_NOTE if not inside else f"{SCALED_NOTE}, without {'、'.join(SEATS_WITHIN[name])}"
        )
        return [replace(base, weight=weight, confidence="derived", note=note)]

    def _with_figure(self, anchor: Anchor) -> Anchor:
        """An anchor with the census figure, at a better known place if there is one."""
        anchor = replace(anchor, people=self._figures[anchor.name_zh])
        if anchor.name_zh in AT_PLACE:
            place = self._places[AT_PLACE[anchor.name_zh]]
            codes = ("CENSUS20", *place["sources"])
            return replace(anchor, place=point(place), accuracy_m=place["accuracy_m"], source=codes)
        if anchor.name_zh in AT_STATION:
            stop = self._station(AT_STATION[anchor.name_zh])
            codes = ("CENSUS20", *stop.station["coord_sources"])
            return replace(anchor, place=stop.place, source=codes)
        return anchor

    def _extra(self, name: str, district_id: str) -> Anchor:
        """A town with a figure that the table of seats lacks."""
        return self._with_figure(
            Anchor(
                town_id=f"{district_id}-{ENGLISH[name].lower()}",
                name_zh=name,
                name_en=ENGLISH[name],
                district_id=district_id,
                place=shapely.Point(),
                accuracy_m=SEAT_ACCURACY_M,
                weight=0.0,
                people=0,
                confidence="published",
                source=("CENSUS20",),
                note=PUBLISHED_NOTE,
            )
        )

    def _station(self, name: str) -> Stop:
        return next(stop for stop in self._stops if stop.station["name_zh"] == name)

    def _stations(self, district_id: str) -> list[Anchor]:
        """The district's metro stations, but for those of towns with a figure of their own."""
        return [
            Anchor(
                town_id=f"{district_id}-{stop.stop_id.lower()}",
                name_zh=f"{stop.station['name_zh'].removesuffix('站')}站周边",
                name_en=f"Around {english_name(stop.station)} station",
                district_id=district_id,
                place=stop.place,
                accuracy_m=SEAT_ACCURACY_M,
                weight=STATION_WEIGHT,
                people=0,
                confidence="assumed",
                source=("CENSUS20", *stop.station["coord_sources"]),
                note=MODEL_NOTE,
            )
            for stop in self._stops
            if not stop.main_line
            and stop.station["name_zh"] not in self._figures
            and self._districts[district_id].covers(stop.place)
        ]


def _names(row: dict[str, str]) -> list[str]:
    """Names of a seat, the one first that a town, street office or township bears today.

    Examples
    --------
    >>> _names({"name_zh": "新华路 / 施家梁 / 施家梁镇"})
    ['施家梁', '新华路']
    >>> _names({"name_zh": "九龙坡区 / 杨家坪"})
    ['杨家坪']
    """
    names = [name.strip() for name in row["name_zh"].split("/")]
    plain = [name for name in names if not name.endswith(("区", "县", *TOWN_WORDS))]
    today = [name for name in plain if any(name + word in names for word in TOWN_WORDS)]
    return [*today, *(name for name in plain if name not in today)]


def _feature(anchor: Anchor) -> Feature:
    record = {
        "town_id": anchor.town_id,
        "name_zh": anchor.name_zh,
        "name_en": anchor.name_en,
        "district_id": anchor.district_id,
        "population": anchor.people,
        "census_year": CENSUS_YEAR,
        "accuracy_m": anchor.accuracy_m,
        "confidence": anchor.confidence,
        "source": list(anchor.source),
        "note": anchor.note,
    }
    return Feature(record, anchor.place)


def write_population(facts: Facts, railways: Railways, boundaries: Path, folder: Path) -> None:
    """Write `population.geojson`."""
    districts = {
        feature.properties["district_id"]: feature.geometry
        for feature in read_features(boundaries / "districts.geojson")
    }
    settlement = Settlement(facts, baseline_stops(railways), districts)
    anchors = [anchor for district in districts for anchor in settlement.of_district(district)]
    write_features(folder / "population.geojson", [_feature(anchor) for anchor in anchors])
