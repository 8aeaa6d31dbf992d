"""The fact sheet, read once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.build.geojson import Record


@dataclass(frozen=True)
class Facts:
    """Everything the fact sheet says, as its files hold it.

    Attributes
    ----------
    rail, roads
        Lines and road projects by their id.
    nodes, links
        The strategic road network, nodes by their id.
    bus, places
        Routes and places in the sheet's order.
    towns, pois
        Rows of the two tables, all values text.
    population
        District and town totals.
    parameters
        Value of each parameter by its id.
    sources
        Title, publisher, date, kind and address of each source by its code.
    outline
        Text of the core's outline, GeoJSON.
    """

    rail: dict[str, Record]
    roads: dict[str, Record]
    nodes: dict[str, Record]
    links: list[Record]
    bus: list[Record]
    places: list[Record]
    towns: list[dict[str, str]]
    pois: list[dict[str, str]]
    population: Record
    parameters: dict[str, Any]
    sources: dict[str, Record]
    outline: str


def read_facts(folder: Path) -> Facts:
    """Read the folder of the fact sheet."""
    return Facts(
        rail=_by_id(_json(folder / "rail.json")),
        roads=_by_id(_json(folder / "roads.json")),
        nodes=_by_id(_json(folder / "strategic_nodes.json")),
        links=_json(folder / "strategic_links.json"),
        bus=_json(folder / "bus.json"),
        places=_json(folder / "places.json"),
        towns=_rows(folder / "towns.csv"),
        pois=_rows(folder / "osm_pois.csv"),
        population=_json(folder / "population.json"),
        parameters={p["id"]: p["value"] for p in _json(folder / "parameters.json")},
        sources=_json(folder / "sources.json")["sources"],
        outline=(folder / "core_outline.geojson").read_text(encoding="utf-8"),
    )


def _json(path: Path) -> Any:
    """Content of a JSON file; `Any`, since it may be a list or an object."""
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _by_id(records: Iterable[Record]) -> dict[str, Record]:
    return {record["id"]: record for record in records}
