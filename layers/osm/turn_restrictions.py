"""Turn restrictions: imported as data, not yet used by travel times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.osm.elements import Member, OsmElements, Relation
from geo.osm.selection import is_restriction
from layers.osm.problems import Problem
from layers.osm.transit.route_members import ElementLookup

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
RESTRICTION_VALUES = (
    *("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"),
    *("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"),
)
"""Values of `restriction` (OSM wiki, Relation:restriction)."""


@dataclass(frozen=True)
class _Restriction:
    """A parsed restriction: the turn, the vehicle (empty for all) and the condition."""

    turn: str
    vehicle: str
    condition: str


def _parsed_restriction(relation: Relation) -> _Restriction:
    """`restriction`, `restriction:hgv`, `restriction:conditional = no_left_turn @ (…)`.

    Of several keys the first in alphabetical order counts; `type = restriction:hgv` is outdated.
    """
    vehicle_of_type = relation.tags.get("type", "").partition(":")[2]
    keys = [key for key in relation.tags if key.split(":")[0] == "restriction"]
    key = min(keys, default="restriction")
    parts = key.split(":")[1:]
    turn, _, condition = relation.tags.get(key, "").partition("@")
    vehicle = ":".join(part for part in parts if part != "conditional")
    condition_text = condition.strip() if "conditional" in parts else ""
    return _Restriction(turn.strip(), vehicle or vehicle_of_type, condition_text)


def _by_role(relation: Relation) -> dict[str, list[Member]]:
    by_role: dict[str, list[Member]] = {"from": [], "via": [], "to": []}
    for member in relation.members:
        if member.role in by_role and member.kind != "relation":
            by_role[member.role].append(member)
    return by_role


def _street_at(ways: list[Member], nodes: list[str], at: Mapping[tuple[int, str], str]) -> str:
    """The street of one of the ways that ends at one of the nodes; empty if there is none."""
    for way in ways:
        for node in nodes:
            if (way.ref, node) in at:
                return at[way.ref, node]
    return ""


def _via_nodes(members: list[Member], elements: OsmElements, lookup: ElementLookup) -> list[str]:
    """The via nodes of the turn, and the end nodes of its via ways."""
    nodes = [str(m.ref) for m in members if m.kind == "node"]
    for member in members:
        if member.kind == "way" and member.ref in lookup.ways:
            refs = elements.way_refs(lookup.ways[member.ref])
            nodes += [str(refs[0]), str(refs[-1])]
    return list(dict.fromkeys(nodes))


def _meet(
    ways: list[Member], nodes: list[str], elements: OsmElements, lookup: ElementLookup
) -> bool:
    """Whether one of the ways has one of the nodes; True if they are not in the data."""
    if not nodes or any(way.ref not in lookup.ways for way in ways):
        return True
    refs = {ref for way in ways for ref in elements.way_refs(lookup.ways[way.ref]).tolist()}
    return not refs.isdisjoint(map(int, nodes))


def osm_restrictions(
    elements: OsmElements, streets: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    """Turn restrictions between streets of the network.

    Parameters
    ----------
    elements
        The elements of the place.
    streets
        `layers.osm.roads.streets.STREET_COLUMNS`.

    Returns
    -------
    DataFrame
        `RESTRICTION_COLUMNS`: the turn, the vehicle (empty: all motor vehicles), exempt vehicles,
        the condition (empty: always), the streets from and to which the turn leads, and the via
        nodes or via ways (ids as text).
    list of Problem
        Restrictions that cannot be used. Those of streets outside the network are skipped.
    """
    lookup = ElementLookup(elements)
    turns = [relation for relation in elements.relations if is_restriction(relation.tags)]
    street_at = _streets_by_end(turns, streets)
    rows, problems = [], []
    for relation in turns:
        restriction, members = _parsed_restriction(relation), _by_role(relation)
        nodes = _via_nodes(members["via"], elements, lookup)
        meets = all(_meet(members[role], nodes, elements, lookup) for role in ("from", "to"))
        kind = _problem_kind(restriction, members, meets=meets)
        if kind:
            lon, lat = lookup.place(relation)
            message = restriction.turn or "no word"
            problems.append(Problem(kind, "relation", relation.relation_id, message, lon, lat))
            continue
        from_street, to_street = (
            _street_at(members[role], nodes, street_at) for role in ("from", "to")
        )
        if not (from_street and to_street):
            continue
        via_ways = [str(m.ref) for m in members["via"] if m.kind == "way"]
        via = ([] if via_ways else nodes, via_ways)
        words = (restriction.turn, restriction.vehicle, relation.tags.get("except", ""))
        row = (*words, restriction.condition, from_street, *via, to_street)
        rows.append((f"r{relation.relation_id}", *row))
    return pd.DataFrame.from_records(rows, columns=list(RESTRICTION_COLUMNS)), problems


def _streets_by_end(
    turns: Sequence[Relation], streets: gpd.GeoDataFrame
) -> dict[tuple[int, str], str]:
    """The street of each way that turns name, by the way and the node where the street ends."""
    ways = {member.ref for turn in turns for member in turn.members if member.kind == "way"}
    named = streets.loc[streets["way_id"].isin(ways)]
    return {
        (way, node): street
        for end in ("u", "v")
        for way, node, street in zip(named["way_id"], named[end], named["osmid"], strict=True)
    }


def _problem_kind(
    restriction: _Restriction, members: Mapping[str, list[Member]], *, meets: bool
) -> str:
    """The kind of problem of a restriction; empty if there is none."""
    if not all(members.values()):
        return "restriction-incomplete"
    if restriction.turn not in RESTRICTION_VALUES:
        return "restriction-unknown"
    return "" if meets else "restriction-apart"
