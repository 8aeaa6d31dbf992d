"""Screenlines: volume-to-capacity ratios of ridge and river crossings at the peak.

A screenline model, not an equilibrium assignment: the peak volume of a screenline spreads over
its open crossings by capacity, so all of them share one volume-to-capacity ratio, and added lanes
relieve their neighbours. Drivers do not change their route because of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.assumptions import Assumptions
from layers.roads import RoadNetwork

LOAD_COLUMNS = (
    "screenline_id",
    "name_zh",
    "name_en",
    "crossings",
    "capacity",
    "peak_volume",
    "volume_to_capacity",
    "speed_factor",
    "confidence",
)


def lane_capacity(speed_kph: np.ndarray, assumptions: Assumptions) -> np.ndarray:
    """Cars an hour that a lane carries, by design speed: the table's value at or below that speed.

    Examples
    --------
    >>> lane_capacity(np.array([120.0, 80.0, 55.0, 10.0]), Assumptions()).tolist()
    [2000.0, 1750.0, 1350.0, 1100.0]
    """
    speeds = np.array(sorted(map(float, assumptions.lane_capacity)))
    values = np.array([float(assumptions.lane_capacity[f"{speed:g}"]) for speed in speeds])
    at = np.searchsorted(speeds, speed_kph, side="right") - 1
    return np.asarray(values[np.maximum(at, 0)])


def crossing_capacity(roads: RoadNetwork, assumptions: Assumptions) -> pd.DataFrame:
    """Capacity of each crossing street in one direction: `screenline`, `osmid`, `capacity`.

    Lanes count both directions of a two-way street, so half of them serve the busier one. A
    street that a new road has split still counts once.
    """
    columns = ["screenline", "osmid", "lanes", "maxspeed", "oneway"]
    crossing = np.flatnonzero(roads.drawn["screenline"].notna())
    table = pd.DataFrame({name: roads.drawn[name].array[crossing] for name in columns})
    table = table.drop_duplicates("osmid")
    lanes = table["lanes"].astype(float) / np.where(table["oneway"].astype(bool), 1, 2)
    speed = table["maxspeed"].to_numpy(dtype=float)
    capacity = lanes.to_numpy() * lane_capacity(speed, assumptions)
    return table[["screenline", "osmid"]].assign(capacity=capacity).reset_index(drop=True)


def screenline_loads(
    roads: RoadNetwork, volumes: pd.DataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    """Load of each screenline and the speed factor of its crossings.

    Parameters
    ----------
    roads
        The network of a scenario.
    volumes
        `layers.lines.VOLUME_COLUMNS`: peak volumes, cars an hour in the busier direction.
    assumptions
        `lane_capacity`, `bpr_alpha`, `bpr_beta`.

    Returns
    -------
    DataFrame
        `LOAD_COLUMNS`, one row a screenline that has a crossing. `speed_factor` is
        1 / (1 + alpha (v/c)^beta): the volume-delay function of the US Bureau of Public Roads,
        Traffic Assignment Manual, 1964.
    """
    crossings = crossing_capacity(roads, assumptions)
    lines, line = np.unique(crossings["screenline"].to_numpy(dtype=object), return_inverse=True)
    position = {name: place for place, name in enumerate(lines)}
    loads = volumes.loc[volumes["screenline_id"].isin(position)].sort_values("screenline_id")
    place = [position[name] for name in loads["screenline_id"]]
    total = np.bincount(line, weights=crossings["capacity"], minlength=len(lines))
    capacity = total[place].astype(float)
    ratio = loads["peak_volume"].to_numpy(dtype=float) / capacity
    loads = loads.assign(
        crossings=np.bincount(line, minlength=len(lines))[place],
        capacity=capacity,
        volume_to_capacity=ratio,
        speed_factor=1 / (1 + assumptions.bpr_alpha * ratio**assumptions.bpr_beta),
    )
    return loads[list(LOAD_COLUMNS)].reset_index(drop=True)
