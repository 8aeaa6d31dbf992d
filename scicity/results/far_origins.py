"""Origins that no street is near to: their isochrones would be mere discs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd

from analysis.graph.routable_network import street_times
from analysis.graph.snapping import find_links
from analysis.graph.travel import Travel
from geo.faults import BadInputError, Fault
from geo.points import listed_ids
from layers.network import TransportNetwork
from scicity.inputs.study import Study


def check_near_streets(
    study: Study,
    networks: Sequence[tuple[str, TransportNetwork]],
    origins: gpd.GeoSeries,
    *,
    travels: Sequence[Travel],
    argument: str,
) -> None:
    """Raise if an origin joins no street of any network, by any of the modes.

    Parameters
    ----------
    study
        Its conditions count.
    networks
        Ids and networks of the scenarios: a planned road may reach an origin first.
    origins
        Points in the study's CRS, indexed by id.
    travels
        The modes.
    argument
        What named the origins, for the message.

    Raises
    ------
    BadInputError
        `far-from-network`.
    """
    limit_m = study.settings.assumptions.snap_limit_m
    linked: set[Any] = set()
    for _, network in networks:
        for travel in travels:
            streets = street_times(network, travel, study.conditions).table
            linked |= set(origins.index[find_links(origins, streets, limit_m)["point"].unique()])
    far = [name for name in origins.index if name not in linked]
    if far:
        message = f"{listed_ids(far)}: no street within {limit_m:g} m"
        allowed = "points near a street that the mode can use"
        raise BadInputError([Fault(argument, "", "far-from-network", message, allowed)])
