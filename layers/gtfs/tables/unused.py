"""What a feed says that no result depends on, told once."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.faults import Fault
from layers.gtfs.tables.feed import FeedTables

USED = ("agency", "feed_info")
"""Tables that say nothing of times or places."""
BY_ARRANGEMENT = (2, 3)
"""Values of `pickup_type` and `drop_off_type`: phone the agency, tell the driver."""
TRIP_LINKS = (4, 5)
"""Values of `transfer_type` between two trips that are read."""


def _transfers_of_trips(tables: Mapping[str, pd.DataFrame]) -> int:
    """Rows of transfers.txt between two trips, other than in-seat ones."""
    if "transfers" not in tables:
        return 0
    table = tables["transfers"]
    with_trip = (table["from_trip_id"] != "") | (table["to_trip_id"] != "")
    return int((with_trip & ~table["transfer_type"].isin(TRIP_LINKS)).sum())


def _incomplete_transfers(tables: Mapping[str, pd.DataFrame]) -> int:
    """Minimum times without a time, and in-seat transfers without trips."""
    if "transfers" not in tables:
        return 0
    table = tables["transfers"]
    kind = table["transfer_type"]
    without_time = (kind == 2) & table["min_transfer_time"].isna()  # noqa: PLR2004
    trips = (table["from_trip_id"] != "") & (table["to_trip_id"] != "")
    return int((without_time | (kind.isin(TRIP_LINKS) & ~trips)).sum())


def unused_parts(feed: FeedTables, without_calls: int) -> list[Fault]:
    """One warning of all that is in a feed and not used, with counts.

    Parameters
    ----------
    feed
        The feed.
    without_calls
        The number of trips that nobody may ride.
    """
    times = feed.tables["stop_times"]
    arranged = sum(
        int(times[c].isin(BY_ARRANGEMENT).sum()) for c in ("pickup_type", "drop_off_type")
    )
    counts = {
        **{name: count for name, count in sorted(feed.others.items()) if name not in USED},
        "transfers between trips": _transfers_of_trips(feed.tables),
        "incomplete transfers": _incomplete_transfers(feed.tables),
        "pickups and drop-offs by arrangement (taken as allowed)": arranged,
        "trips that nobody may ride": without_calls,
    }
    said = [f"{name} {count}" for name, count in counts.items() if count]
    if not said:
        return []
    message = f"not used: {', '.join(said)}"
    return [Fault(feed.name, "", "feed-part-unused", message, "", "warning")]
