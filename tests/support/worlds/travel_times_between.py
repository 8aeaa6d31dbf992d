"""Travel times between the places of a small world."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from easy_values import conditions

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Band, Mode, Travel
from analysis.travel_time import travel_time_matrix
from layers.network import TransportNetwork
from layers.transit import Period


def routable(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    mode: Mode = "drive",
    *,
    under: Conditions | None = None,
) -> RoutableNetwork:
    """The graph of a mode at the peak."""
    return routable_network(network, places, travel=Travel(mode), conditions=under or conditions())


def times(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    *,
    mode: Mode = "drive",
    period: Period = "peak",
    band: Band = "expected",
    under: Conditions | None = None,
) -> pd.DataFrame:
    """Seconds from every place (row) to every place (column); infinite where there is no way."""
    under = under or conditions()
    graph = routable_network(network, places, travel=Travel(mode, period, band), conditions=under)
    limit = under.assumptions.max_trip_secs
    secs = travel_time_matrix(graph, limit * (2 if band == "worst" else 1))
    return pd.DataFrame(secs, index=places.index, columns=places.index)
