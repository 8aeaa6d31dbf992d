"""Writing of OpenStreetMap files with pyosmium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import osmium
from osmium import osm

from geo.files import replacing
from geo.osm.elements import OsmElements

LETTERS = {"node": "n", "way": "w", "relation": "r"}


def _all_nodes(elements: OsmElements) -> Iterator[osm.mutable.Node]:
    for node, (lon, lat) in zip(elements.node_ids.tolist(), elements.lonlat.tolist(), strict=True):
        tags = dict(elements.node_tags.get(node, {}))
        yield osm.mutable.Node(id=node, location=(lon, lat), tags=tags, version=1)


def write_osm_file(elements: OsmElements, path: Path) -> None:
    """Write elements atomically as `.osm.pbf` or `.osm`; equal elements give equal bytes."""
    with replacing(path) as temporary:
        header = osmium.io.Header()
        header.set("generator", "scicity")
        with osmium.SimpleWriter(temporary, header=header, overwrite=True) as writer:
            for node in _all_nodes(elements):
                writer.add_node(node)
            for number, way in enumerate(elements.way_ids.tolist()):
                refs = elements.way_refs(number).tolist()
                tags = dict(elements.way_tags[number])
                writer.add_way(osm.mutable.Way(id=way, nodes=refs, tags=tags, version=1))
            for item in elements.relations:
                members = [(LETTERS[m.kind], m.ref, m.role) for m in item.members]
                tags = dict(item.tags)
                relation = osm.mutable.Relation(
                    id=item.relation_id, members=members, tags=tags, version=1
                )
                writer.add_relation(relation)
