"""The area of a named place, from a boundary in an OpenStreetMap file."""

from __future__ import annotations

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geo.faults import BadInputError, Fault
from geo.osm.areas import first_complete_area
from geo.osm.elements import Tags
from geo.osm.file import check_osm_file, read_members, read_relations, unreadable_fault
from geo.osm.selection import is_boundary

NAME_KEYS = ("name", "alt_name", "official_name", "short_name")


def _is_named(tags: Tags, name: str) -> bool:
    """Whether one of the names, in any language, equals `name`."""
    return any(value == name for key, value in tags.items() if key.split(":")[0] in NAME_KEYS)


def named_place(path: Path, name: str) -> BaseGeometry:
    """The area of the administrative boundary with a name, EPSG:4326.

    Parameters
    ----------
    path
        OpenStreetMap file.
    name
        The name exactly as in OSM, in any language.

    Raises
    ------
    BadInputError
        If the file cannot be read, or no complete boundary has the name.
    """
    check_osm_file(path)
    try:
        relations = [
            relation
            for relation in read_relations(path)
            if is_boundary(relation.tags) and _is_named(relation.tags, name)
        ]
        ways = {m.ref for r in relations for m in r.members if m.kind == "way"}
        elements = read_members(path, ways)
    except (RuntimeError, ValueError, OSError) as error:
        raise BadInputError([unreadable_fault(path, error)]) from error
    place = first_complete_area(elements, relations)
    if place is None:
        message = f"no boundary of the name {name!r} is whole in {path.name}"
        allowed = "a name as OpenStreetMap writes it, or --bbox W,S,E,N"
        raise BadInputError([Fault("--place", name, "place-unknown", message, allowed)])
    return place
