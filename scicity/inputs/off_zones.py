"""Zones that no street is near to: their people reach nobody but themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.routable_network import street_times
from analysis.graph.snapping import find_links
from analysis.graph.travel import Mode, Travel
from geo.faults import Fault
from layers.network import TransportNetwork
from scicity.inputs.pair import EVALUATED_MODES
from scicity.inputs.study import Study

FLAG = "off_network_"
"""Before the mode: the column that flags zones off the network."""
NAMES: dict[str, str] = {"transit": "walk on", "drive": "drive on"}


@dataclass(frozen=True)
class OffNetwork:
    """Zones with people off the network.

    Attributes
    ----------
    modes
        The modes by which they are.
    zones
        Their number.
    people
        Who live there.
    share
        Of all people.
    """

    modes: tuple[str, ...]
    zones: int
    people: float
    share: float


def _is_off(
    study: Study, network: TransportNetwork, middles: gpd.GeoSeries, mode: Mode
) -> np.ndarray:
    """Whether each point joins no street of a mode, nor, by transit, a stop to walk to."""
    assumptions = study.settings.assumptions
    streets = street_times(network, Travel(mode), study.conditions).table
    off = np.ones(len(middles), dtype=bool)
    off[find_links(middles, streets, assumptions.snap_limit_m)["point"].to_numpy()] = False
    if mode == "transit":
        limit_m = assumptions.max_direct_walk_m
        near = network.stops.sindex.query(middles, predicate="dwithin", distance=limit_m)
        off[near[0]] = False
    return off


def off_network_flags(
    study: Study, networks: Iterable[TransportNetwork], zones: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Which zones are off the network: their middle is beyond `snap_limit_m` from any street.

    Parameters
    ----------
    study
        Its assumptions and conditions count.
    networks
        A zone is flagged if it is off one of them.
    zones
        Hexagons in the study's CRS.

    Returns
    -------
    DataFrame
        A column `off_network_MODE` for each mode, in the order of the zones.
    """
    middles, all_networks = zones.geometry.centroid, list(networks)
    flags = {
        f"{FLAG}{mode}": np.any(
            [_is_off(study, network, middles, mode) for network in all_networks], axis=0
        )
        for mode in EVALUATED_MODES
    }
    return pd.DataFrame(flags, index=zones.index)


def people_off_network(zones: pd.DataFrame) -> list[OffNetwork]:
    """Who lives in flagged zones; one entry for all modes with the same zones.

    Parameters
    ----------
    zones
        `population` and the columns of `off_network_flags`.
    """
    lived_in = zones["population"].to_numpy() > 0
    by_zones: dict[bytes, list[str]] = {}
    for mode in EVALUATED_MODES:
        off = zones[f"{FLAG}{mode}"].to_numpy(dtype=bool) & lived_in
        if off.any():
            by_zones.setdefault(off.tobytes(), []).append(mode)
    found = []
    for flags, modes in by_zones.items():
        off = np.frombuffer(flags, dtype=bool)
        people = float(zones["population"].to_numpy()[off].sum())
        share = people / float(zones["population"].sum())
        found.append(OffNetwork(tuple(modes), int(off.sum()), people, share))
    return found


def off_network_faults(study: Study, zones: pd.DataFrame) -> list[Fault]:
    """A warning of the people who live off the network.

    Parameters
    ----------
    study
        A study.
    zones
        As for `people_off_network`.
    """
    limit_m, file = study.settings.assumptions.snap_limit_m, study.settings.path("population").name
    faults = []
    for off in people_off_network(zones):
        kind = f" to {NAMES[off.modes[0]]}" if len(off.modes) == 1 else ""
        message = (
            f"{off.zones} zones with {off.people:.0f} people ({off.share:.1%}) have no street{kind}"
            f" within {limit_m:g} m of their middle: they reach only themselves"
            f" ({', '.join(off.modes)})"
        )
        allowed = f"streets within 0 to {limit_m:g} m (snap_limit_m)"
        where = (file, "", "zones-off-network")
        faults.append(Fault(*where, message, allowed, "warning", value=round(off.people)))
    return faults


def check_off_network(study: Study) -> list[Fault]:
    """The warning of a study's baseline, see `off_network_faults`."""
    zones = study.zones()
    flags = off_network_flags(study, [study.baseline], zones)
    return off_network_faults(study, zones.join(flags))
