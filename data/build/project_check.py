"""Proof that no project hangs in the air."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import shapely

from data.build.facts import Facts
from data.build.geojson import Feature, point
from data.build.measure import distance_m
from data.build.roads import existing_nodes

ENDS_MEET_M = 1.0
EXISTING, REQUIRED, OWN, NOTHING = "existing", "required", "own", "nothing"


@dataclass(frozen=True)
class Row:
    """What was found of one project.

    Attributes
    ----------
    ends
        Road ends by what they meet: an existing node, a required project, its own, nothing.
    stops
        Stops of its routes by where they are described.
    islands
        Connected parts of its roads that meet nothing that is there before.
    """

    project_id: str
    roads: int
    ends: Mapping[str, int]
    stops: Mapping[str, int]
    islands: int

    @property
    def is_sound(self) -> bool:
        """Whether every end meets something and every part is joined."""
        return not self.ends[NOTHING] and not self.stops[NOTHING] and not self.islands

    def __str__(self) -> str:
        """The row of the printed table."""
        verdict = "ok" if self.is_sound else "HANGS"
        return (
            f"{self.project_id:12s} {self.roads:5d} | {_columns(self.ends)} | "
            f"{_columns(self.stops)} | {self.islands:7d} {verdict}"
        )


def _columns(counts: Mapping[str, int]) -> str:
    return " ".join(f"{counts[kind]:5d}" for kind in (EXISTING, REQUIRED, OWN, NOTHING))


HEADER = (
    "project      roads |  ends: met by existing, required, own, no node\n"
    "                   |  then: stops described there, and islands\n"
)


def check_projects(
    facts: Facts, files: Mapping[str, Sequence[Feature]], existing_stops: set[str]
) -> None:
    """Print a table of what each project joins.

    Raises
    ------
    ValueError
        If a road end meets nothing, a stop is unknown, or a part of a project is an island.
    """
    rows = [_row(facts, project_id, files, existing_stops) for project_id in files]
    print(HEADER + "\n".join(str(row) for row in rows))
    wrong = [row.project_id for row in rows if not row.is_sound]
    if wrong:
        raise ValueError(f"these projects hang in the air: {', '.join(wrong)}")


def _row(
    facts: Facts,
    project_id: str,
    files: Mapping[str, Sequence[Feature]],
    existing_stops: set[str],
) -> Row:
    features = files[project_id]
    before = [f for other in _all_required(features, files) for f in files[other]]
    roads = [f for f in features if f.properties["element"] == "road"]
    own = _planned_places(facts, features)
    met = {end: _meets(end, facts, before, own) for road in roads for end in _ends(road)}
    kinds = list(met.values())
    stops = _stops(features, before, existing_stops)
    graph = nx.Graph([_ends(road) for road in roads])
    islands = sum(
        not any(met[end] in (EXISTING, REQUIRED) for end in part)
        for part in nx.connected_components(graph)
    )
    return Row(project_id, len(roads), _counts(kinds), _counts(stops), islands)


def _counts(kinds: Sequence[str]) -> dict[str, int]:
    return {kind: kinds.count(kind) for kind in (EXISTING, REQUIRED, OWN, NOTHING)}


def _all_required(features: Sequence[Feature], files: Mapping[str, Sequence[Feature]]) -> list[str]:
    direct = features[0].properties["requires"]
    return [*direct, *(more for other in direct for more in _all_required(files[other], files))]


def _ends(road: Feature) -> tuple[shapely.Point, shapely.Point]:
    first, *_, last = shapely.get_coordinates(road.geometry)
    return shapely.Point(first), shapely.Point(last)


def _planned_places(facts: Facts, features: Sequence[Feature]) -> list[shapely.Point]:
    """Where a project brings nodes of its own: planned junctions, and ports."""
    ids = {f.properties.get("link_id") for f in features}
    links = [link for link in facts.links if link["id"] in ids]
    nodes = {end for link in links for end in (link["from"], link["to"])} - set(
        existing_nodes(facts)
    )
    ports = {f"{place['id']}-1": place for place in facts.places}
    return [
        *(point(facts.nodes[node]) for node in sorted(nodes)),
        *(point(place) for link_id, place in ports.items() if link_id in ids),
    ]


def _meets(
    end: shapely.Point, facts: Facts, before: Sequence[Feature], own: Sequence[shapely.Point]
) -> str:
    known = [point(node) for node in existing_nodes(facts).values()]
    required = [place for f in before if f.properties["element"] == "road" for place in _ends(f)]
    for kind, places in ((EXISTING, known), (REQUIRED, required), (OWN, own)):
        if _is_near(end, places):
            return kind
    return NOTHING


def _is_near(end: shapely.Point, places: Iterable[shapely.Point]) -> bool:
    return any(distance_m(end, place) <= ENDS_MEET_M for place in places)


def _stops(features: Sequence[Feature], before: Sequence[Feature], existing: set[str]) -> list[str]:
    """Where each stop of a project's route is described."""
    described = {str(f.properties.get("stop_id")) for f in features}
    required = {str(f.properties.get("stop_id")) for f in before}
    served = [stop for feature in features for stop in feature.properties.get("stop_ids", [])]
    return [_described(stop, existing, required, described) for stop in served]


def _described(stop: str, existing: set[str], required: set[str], described: set[str]) -> str:
    for kind, stops in ((EXISTING, existing), (REQUIRED, required), (OWN, described)):
        if stop in stops:
            return kind
    return NOTHING
