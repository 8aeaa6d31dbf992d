"""Turn restrictions: kept as data, not yet used by the travel times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.osm.elements import Member, OsmElements, Relation
from geo.osm.selection import is_restriction
from layers.osm.problems import Problem
from layers.osm.transit.route_members import Finder

RESTRICTION_COLUMNS = (
    "restriction_id",
    "restriction",
    "vehicle",
    "except",
    "condition",
    "from_osmid",
    "via_nodes",
    "via_ways",
    "to_osmid",
)
WORDS = (
    *("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"),
    *("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"),
)
"""Values of `restriction` (OSM wiki, Relation:restriction)."""


@dataclass(frozen=True)
class _Restriction:
    """The key that says what is restricted: for which vehicle, and when."""

    word: str
    vehicle: str
    condition: str


def _told(relation: Relation) -> _Restriction:
    """`restriction`, `restriction:hgv`, `restriction:conditional = no_left_turn @ (…)`.

    Of several the first in the alphabet counts; old is `type = restriction:hgv`.
    """
    of_type = relation.tags.get("type", "").partition(":")[2]
    keys = [key for key in relation.tags if key.split(":")[0] == "restriction"]
    key = min(keys, default="restriction")
    parts = key.split(":")[1:]
    word, _, condition = relation.tags.get(key, "").partition("@")
    vehicle = ":".join(part for part in parts if part != "conditional")
    when = condition.strip() if "conditional" in parts else ""
    return _Restriction(word.strip(), vehicle or of_type, when)


def _by_role(relation: Relation) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {"from": [], "via": [], "to": []}
    for member in relation.members:
        if member.role in found and member.kind != "relation":
            found[member.role].append(member)
    return found


def _street_at(ways: list[Member], nodes: list[str], at: Mapping[tuple[int, str], str]) -> str:
    """The street of one of the ways that ends at one of the nodes; empty if none does."""
    for way in ways:
        for node in nodes:
            if (way.ref, node) in at:
                return at[way.ref, node]
    return ""


def _via_nodes(members: list[Member], found: OsmElements, finder: Finder) -> list[str]:
    """The node of the turn, or the ends of the ways that it leads over."""
    nodes = [str(m.ref) for m in members if m.kind == "node"]
    for member in members:
        if member.kind == "way" and member.ref in finder.ways:
            refs = found.way_refs(finder.ways[member.ref])
            nodes += [str(refs[0]), str(refs[-1])]
    return list(dict.fromkeys(nodes))


def _meet(ways: list[Member], nodes: list[str], found: OsmElements, finder: Finder) -> bool:
    """Whether one of the ways runs through one of the nodes; True for what is not in the data."""
    if not nodes or any(way.ref not in finder.ways for way in ways):
        return True
    refs = {ref for way in ways for ref in found.way_refs(finder.ways[way.ref]).tolist()}
    return not refs.isdisjoint(map(int, nodes))


def osm_restrictions(
    found: OsmElements, streets: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn restrictions between streets of the network.

    Parameters
    ----------
    found
        All elements.
    streets
        `layers.osm.roads.streets.STREET_COLUMNS`.

    Returns
    -------
    DataFrame
        `RESTRICTION_COLUMNS`: which turn, for which vehicle (empty: all motor vehicles), except
        for which, when (empty: always), the streets it leads from and to, and the nodes or ways
        between them (ids as text).
    list of Problem
        Restrictions that cannot be used. Those of streets outside the network are passed over.
    """
    finder = Finder(found)
    turns = [relation for relation in found.relations if is_restriction(relation.tags)]
    used = {member.ref for turn in turns for member in turn.members if member.kind == "way"}
    mine = streets.loc[streets["way_id"].isin(used)]
    ends = [(mine["way_id"], mine[end], mine["osmid"]) for end in ("u", "v")]
    at = {(way, node): street for end in ends for way, node, street in zip(*end, strict=True)}
    rows, problems = [], []
    for relation in turns:
        told, members = _told(relation), _by_role(relation)
        nodes = _via_nodes(members["via"], found, finder)
        met = all(_meet(members[role], nodes, found, finder) for role in ("from", "to"))
        kind = _fault(told, members, met=met)
        if kind:
            lon, lat = finder.place(relation)
            message = told.word or "no word"
            problems.append(Problem(kind, "relation", relation.relation_id, message, lon, lat))
            continue
        start, end = (_street_at(members[role], nodes, at) for role in ("from", "to"))
        if not (start and end):
            continue
        ways = [str(m.ref) for m in members["via"] if m.kind == "way"]
        nodes_only = nodes if not ways else []
        exempt = relation.tags.get("except", "")
        row = (told.word, told.vehicle, exempt, told.condition, start, nodes_only, ways, end)
        rows.append((f"r{relation.relation_id}", *row))
    return pd.DataFrame.from_records(rows, columns=list(RESTRICTION_COLUMNS)), problems


def _fault(told: _Restriction, members: Mapping[str, list[Member]], *, met: bool) -> str:
    """The kind of what is wrong with a restriction; empty if nothing is."""
    if not all(members.values()):
        return "restriction-incomplete"
    if told.word not in WORDS:
        return "restriction-unknown"
    return "" if met else "restriction-apart"
