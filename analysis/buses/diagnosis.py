"""The diagnosis of cross-boundary buses on one network: gateways, loops and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from analysis.buses.gaps import gateway_gaps, spine_stations, unfed_stations
from analysis.buses.gateways import border_crossings, gateways
from analysis.buses.loops import bus_loops
from analysis.buses.network.bus_graph import BusGraph, bus_graph, bus_routes
from analysis.buses.network.gated_streets import bus_streets
from analysis.graph.conditions import Conditions
from analysis.graph.street_times import bus_lengths
from geo.areas import StudyArea
from geo.points import check_crs
from layers.network import TransportNetwork


@dataclass(frozen=True)
class BusDiagnosis:
    """Gateways with their states, loops and gaps; their modules describe the columns."""

    gateways: gpd.GeoDataFrame
    loops: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    bus: BusGraph = field(repr=False)


def bus_diagnosis(
    network: TransportNetwork,
    study_area: StudyArea,
    *,
    conditions: Conditions,
    spines: Sequence[str],
) -> BusDiagnosis:
    """Gateways, loops and gaps of one network.

    Parameters
    ----------
    network
        The baseline or a scenario.
    study_area
        Planning areas; their shared borders are what buses are to cross.
    conditions
        Assumptions: the distances of the definition, see docs/buses.md.
    spines
        `line` of the routes that the bus network is to be strung on.

    Raises
    ------
    BadInputError
        If the areas are in another CRS than the network.
    """
    assumptions = conditions.assumptions
    check_crs(study_area.crs, network.crs, "study_area")
    whole = bus_lengths(network.roads).table
    crossings = border_crossings(whole, study_area, assumptions.gateway_spacing_m)
    at_borders = gateways(crossings, whole)
    bus = bus_graph(
        network,
        bus_streets(network.roads, crossings),
        gateway_points=at_borders.set_index("gateway_id").geometry,
        stations=spine_stations(network, spines).geometry,
        study_area=study_area,
        assumptions=assumptions,
    )
    headways = {r.route_id: r.day_headway_secs for r in bus_routes(network)}
    states, loops = bus_loops(
        bus,
        list(at_borders["gateway_id"]),
        assumptions.max_loop_km,
        pd.Series(headways, dtype=float),
    )
    with_states = at_borders.merge(states, on="gateway_id")
    by_gateway = gateway_gaps(
        network,
        bus,
        gateways=with_states,
        study_area=study_area,
        facing_ends_m=assumptions.facing_ends_m,
    )
    by_station = unfed_stations(
        network, bus, study_area=study_area, spines=spines, assumptions=assumptions
    )
    gaps = pd.concat([by_gateway, by_station]).sort_values("gap_id", ignore_index=True)
    return BusDiagnosis(
        with_states, loops, gpd.GeoDataFrame(gaps, geometry="geometry", crs=at_borders.crs), bus
    )
