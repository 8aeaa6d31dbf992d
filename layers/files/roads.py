"""Reading of the road files of a study."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from geo.crs import lonlat_of
from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.features import read_layer
from geo.formats.geojson import LayerSchema
from layers.roads import (
    CONFIDENCES,
    ENDS_MEET_M,
    ROAD_FIELDS,
    RoadNetwork,
    as_streets,
    node_table,
    road_network,
)

NODES = LayerSchema(
    fields=(
        Field("node_id", required=True),
        Field("name_zh"),
        Field("name_en"),
        Field("kind"),
        Field("accuracy_m", "number", low=0, high=20_000),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES),
    ),
    types=("Point",),
    id_field="node_id",
)

EDGES = LayerSchema(
    fields=(
        *ROAD_FIELDS,
        Field("from_node", required=True),
        Field("to_node", required=True),
    ),
    types=("LineString",),
    id_field="link_id",
)


def _end_faults(edges: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, file: str) -> list[Fault]:
    faults = []
    for column, at in (("from_node", 0), ("to_node", -1)):
        known = edges[column].isin(nodes.index)
        for link, node in edges.loc[~known, ["link_id", column]].itertuples(index=False):
            faults.append(Fault(file, link, "id-unknown", f"{column} {node!r} is no node"))
        with_node = edges.loc[known]
        ends = shapely.get_point(with_node.geometry.to_numpy(), at)
        distances = shapely.distance(ends, nodes.geometry.loc[with_node[column]].to_numpy())
        for link, metres, end in zip(with_node["link_id"], distances, ends, strict=True):
            if metres > ENDS_MEET_M:
                message = f"{column} is {metres:.0f} m from the line's end"
                allowed = f"0 to {ENDS_MEET_M:g} m"
                place = lonlat_of(end.x, end.y, str(edges.crs))
                faults.append(
                    Fault(
                        file,
                        link,
                        "road-not-joined",
                        message,
                        allowed,
                        place=place,
                        value=round(float(metres), 1),
                    )
                )
    return faults


def read_roads(
    nodes_path: Path, edges_path: Path, crs: str, datums: tuple[Datum, Datum] = (None, None)
) -> tuple[RoadNetwork, list[Fault]]:
    """Read the road network of a study.

    Parameters
    ----------
    nodes_path, edges_path
        See docs/data-format.md.
    crs
        A projected CRS in metres.
    datums
        The datums that the study declares for nodes and edges, see `geo.datums`.
    """
    raw_nodes, faults = read_layer(nodes_path, NODES, datums[0])
    raw_edges, edge_faults = read_layer(edges_path, EDGES, datums[1])
    nodes_projected, edges = raw_nodes.to_crs(crs), raw_edges.to_crs(crs)
    nodes = node_table(
        list(nodes_projected["node_id"]),
        nodes_projected.geometry.to_numpy(),
        list(nodes_projected["name_zh"].fillna("")),
        crs,
    )
    # without nodes every road would have faults at both ends
    end_faults = _end_faults(edges, nodes, edges_path.name) if len(nodes) else []
    has_nodes = edges["from_node"].isin(nodes.index) & edges["to_node"].isin(nodes.index)
    table = as_streets(edges.loc[has_nodes]).rename(columns={"from_node": "u", "to_node": "v"})
    return road_network(nodes, table), [*faults, *edge_faults, *end_faults]
