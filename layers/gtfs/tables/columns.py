"""The columns of GTFS tables that are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["text", "number", "whole", "time", "date"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KIND_TEXTS: Mapping[Kind, str] = {
    "text": "text",
    "number": "a number",
    "whole": "a whole number",
    "time": "HH:MM:SS",
    "date": "YYYYMMDD",
}


@dataclass(frozen=True)
class Column:
    """One column of a table, with the allowed values of its cells.

    Attributes
    ----------
    name
        The name in GTFS.
    kind
        `text`, `number`, `whole`, `time` (seconds after midnight once read) or `date`.
    required
        Whether the column must exist without empty cells.
    low, high
        Allowed range of a number, both ends included.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    low: float = float("-inf")
    high: float = float("inf")

    @property
    def allowed(self) -> str:
        """The allowed values as text, for messages."""
        if np.isfinite([self.low, self.high]).all():
            return f"{self.low:g} to {self.high:g}"
        return KIND_TEXTS[self.kind] + (f" from {self.low:g}" if np.isfinite(self.low) else "")


def _day(name: str) -> Column:
    return Column(name, "whole", required=True, low=0, high=1)


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "stops": (
        Column("stop_id", required=True),
        Column("stop_name"),
        Column("stop_lat", "number", low=-90, high=90),
        Column("stop_lon", "number", low=-180, high=180),
        Column("location_type", "whole", low=0, high=4),
        Column("parent_station"),
    ),
    "routes": (
        Column("route_id", required=True),
        Column("route_short_name"),
        Column("route_long_name"),
        Column("route_type", "whole", required=True, low=0, high=1_799),
    ),
    "trips": (
        Column("trip_id", required=True),
        Column("route_id", required=True),
        Column("service_id", required=True),
        Column("direction_id", "whole", low=0, high=1),
        Column("block_id"),
        Column("shape_id"),
    ),
    "stop_times": (
        Column("trip_id", required=True),
        Column("stop_sequence", "whole", required=True, low=0),
        Column("stop_id", required=True),
        Column("arrival_time", "time"),
        Column("departure_time", "time"),
        Column("pickup_type", "whole", low=0, high=3),
        Column("drop_off_type", "whole", low=0, high=3),
        Column("shape_dist_traveled", "number", low=0),
    ),
    "calendar": (
        Column("service_id", required=True),
        *map(_day, WEEKDAYS),
        Column("start_date", "date", required=True),
        Column("end_date", "date", required=True),
    ),
    "calendar_dates": (
        Column("service_id", required=True),
        Column("date", "date", required=True),
        Column("exception_type", "whole", required=True, low=1, high=2),
    ),
    "frequencies": (
        Column("trip_id", required=True),
        Column("start_time", "time", required=True),
        Column("end_time", "time", required=True),
        Column("headway_secs", "whole", required=True, low=1, high=86_400),
        Column("exact_times", "whole", low=0, high=1),
    ),
    "transfers": (
        Column("from_stop_id"),
        Column("to_stop_id"),
        Column("from_route_id"),
        Column("to_route_id"),
        Column("from_trip_id"),
        Column("to_trip_id"),
        Column("transfer_type", "whole", low=0, high=5),
        Column("min_transfer_time", "whole", low=0, high=86_400),
    ),
    "shapes": (
        Column("shape_id", required=True),
        Column("shape_pt_lat", "number", required=True, low=-90, high=90),
        Column("shape_pt_lon", "number", required=True, low=-180, high=180),
        Column("shape_pt_sequence", "whole", required=True, low=0),
    ),
}
"""The columns that are read of each table; the first one identifies rows in messages."""
UNIQUE = ("stops", "routes", "trips", "calendar")
"""Tables whose first column is a unique key."""
LONG = ("stop_times", "shapes")
"""Tables of many rows, whose texts are kept as categories: each distinct text once."""
