"""Planned roads: links of the strategic network with a project's id."""

from __future__ import annotations

from data.build.facts import Facts
from data.build.geojson import Feature, Record
from data.build.roads import EXISTING, link_feature

CONNECTOR = "连接"
"""Stands in the names of links that join a project to roads nearby: their form is a guess."""

Element = tuple[Feature, list[str]]
"""A feature and the columns of it that are guesses."""


def planned_links(facts: Facts, fact_id: str) -> list[Record]:
    """The links that a road project of the fact sheet adds."""
    return [link for link in facts.links if link["project_id"] == fact_id]


def replaced_links(facts: Facts, fact_id: str) -> list[str]:
    """Ids of the existing links in whose place a project's links come."""
    return sorted(old for link in planned_links(facts, fact_id) for old in link["replaces"])


def road_features(facts: Facts, fact_id: str) -> list[Element]:
    """A project's roads, each with the names of its guesses."""
    return [_road(facts, link) for link in planned_links(facts, fact_id)]


def _road(facts: Facts, link: Record) -> Element:
    feature = link_feature(link, facts.nodes)
    record = {"element": "road", **feature.properties}
    return Feature(record, feature.geometry), _guesses(facts, link)


def _guesses(facts: Facts, link: Record) -> list[str]:
    fact = facts.roads[link["project_id"]]
    is_connector = CONNECTOR in link["name_zh"]
    ends = (facts.nodes[link["from"]], facts.nodes[link["to"]])
    told = {
        "length": link["basis"] != "estimate",
        "lanes": "sources" in fact["lanes"] and not is_connector,
        "maxspeed": "sources" in fact["design_speed_kmh"] and not is_connector,
        "alignment": all(end["status"] == EXISTING for end in ends),
    }
    return [column for column, is_told in told.items() if not is_told]
