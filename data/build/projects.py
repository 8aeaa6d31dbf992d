"""The planned projects, one file each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.build.facts import Facts
from data.build.geojson import Feature, Record, write_features
from data.build.ports import port_roads
from data.build.project_check import check_projects
from data.build.project_roads import replaced_links, road_features
from data.build.project_specs import (
    CONSTRUCTION,
    PLANNED,
    PORT_PROJECTS,
    PROPOSED,
    RAIL_PROJECTS,
    ROAD_PROJECTS,
    Spec,
)
from data.build.rail import Railways, baseline_stops
from data.build.services import PLANNED as PLANNED_SERVICES
from data.build.stops import Stop, stop_feature

FACTS_DATE = "2026-11"
STATUS_WORDS = (
    (PLANNED, ("approved",)),
    (PROPOSED, ("planning", "long-range", "not started")),
    (CONSTRUCTION, ("under construction", "construction complete", "started (", "being widened")),
    (PLANNED, ("planned", "preliminary", "14th FYP")),
)
"""Words that tell a state, the first that is found counts."""


def status_of(told: str) -> str:
    """State on the baseline date from the fact sheet's words.

    Raises
    ------
    ValueError
        If the words tell no state.

    Examples
    --------
    >>> status_of("planned, preliminary design done"), status_of("approved; started 2022-11-28")
    ('planned', 'planned')
    """
    for status, words in STATUS_WORDS:
        if any(word in told for word in words):
            return status
    raise ValueError(f"no state in {told!r}")


def _dated(told: str) -> str:
    """A state with its date: that of the fact sheet where the words have none."""
    return told if re.search(r"20\d\d", told) else f"{told} ({FACTS_DATE})"


class ProjectFiles:
    """Puts the features of each project together.

    Attributes
    ----------
    railways
        Lines and stops.
    files
        Features of each project done so far.
    """

    def __init__(self, facts: Facts, railways: Railways) -> None:
        self.railways = railways
        self.files: dict[str, list[Feature]] = {}
        self._facts = facts
        self._existing = {stop.stop_id for stop in baseline_stops(railways)}
        self._specs = {spec.project_id: spec for spec in RAIL_PROJECTS}

    def add_rail(self, spec: Spec) -> None:
        """A line: its route, and its stations that neither exist nor come with what it requires."""
        service = next(s for s in PLANNED_SERVICES if s.route_id == spec.project_id)
        known = self._existing | self._required_stops(spec)
        own = [stop for stop in self.railways.stops_of(service) if stop.stop_id not in known]
        route = self.railways.route_feature(service)
        elements = [(route, route.properties["assumed_fields"])]
        elements += [(stop_feature(stop), stop.guesses) for stop in own]
        self.files[spec.project_id] = [self._feature(spec, *element) for element in elements]

    def _required_stops(self, spec: Spec) -> set[str]:
        """Stops that come with the projects that a project requires, however indirectly."""
        stops: set[str] = set()
        for other in spec.requires:
            service = next(s for s in PLANNED_SERVICES if s.route_id == other)
            stops |= {stop.stop_id for stop in self.railways.stops_of(service)}
            stops |= self._required_stops(self._specs[other])
        return stops

    def add_roads(self, spec: Spec) -> None:
        """A road: its links of the strategic network."""
        fact_id = spec.fact_id or spec.project_id
        elements = road_features(self._facts, fact_id)
        replaces = replaced_links(self._facts, fact_id)
        self.files[spec.project_id] = [
            self._feature(spec, *element, replaces=replaces) for element in elements
        ]

    def add_ports(self, spec: Spec) -> None:
        """Roads from ports to the nearest road."""
        elements = port_roads(self._facts, spec.project_id)
        self.files[spec.project_id] = [self._feature(spec, *element) for element in elements]

    def _feature(
        self, spec: Spec, element: Feature, guesses: Sequence[str], *, replaces: Sequence[str] = ()
    ) -> Feature:
        """An element with the project's attributes before its own columns."""
        own = element.properties
        fact = self._fact(spec)
        status = spec.status or status_of(fact["status_2022_04"])
        record = {
            "element": own["element"],
            "project_id": spec.project_id,
            "project_name_zh": spec.names[0] if spec.names else fact["name_zh"],
            "project_name_en": spec.names[1] if spec.names else fact["name_en"],
            "kind": spec.kind,
            "status": status,
            "status_latest": _dated(spec.latest or fact["status_latest"]),
            "opening_year": spec.year,
            "clause": spec.clause,
            "source": self._source(spec, own["source"]),
            "confidence": own["confidence"],
            "assumed_fields": [
                *(["opening_year"] if spec.year_assumed else []),
                *(["status"] if spec.status else []),
                *guesses,
            ],
            "requires": list(spec.requires),
            "replaces": list(replaces),
        }
        shared = record.keys()
        rest = {key: value for key, value in own.items() if key not in shared}
        return Feature(record | rest, element.geometry)

    def _fact(self, spec: Spec) -> Record:
        fact_id = spec.fact_id or spec.project_id
        both: Mapping[str, Record] = {**self.railways.rail, **self._facts.roads}
        return both.get(fact_id, {})

    def _source(self, spec: Spec, codes: Sequence[str]) -> Record:
        """The document that names the project, and the codes behind an element's values."""
        document = self._facts.sources[spec.lead]
        url = document["url"] if document["url"].startswith("http") else None
        fact = self._fact(spec)
        behind = [spec.lead, *fact.get("sources", ()), *codes]
        return {
            "document": document["title"],
            "clause": spec.clause,
            "url": url,
            "date": document["date"],
            "codes": list(dict.fromkeys(behind)),
        }


def write_projects(facts: Facts, railways: Railways, folder: Path) -> dict[str, list[Feature]]:
    """Write one file a project, after the check that none hangs in the air."""
    files = ProjectFiles(facts, railways)
    for spec in RAIL_PROJECTS:
        files.add_rail(spec)
    for spec in ROAD_PROJECTS:
        files.add_roads(spec)
    for spec in PORT_PROJECTS:
        files.add_ports(spec)
    stops: list[Stop] = baseline_stops(railways)
    check_projects(facts, files.files, {stop.stop_id for stop in stops})
    for project_id, features in files.files.items():
        write_features(folder / f"{project_id}.geojson", features)
    return files.files
