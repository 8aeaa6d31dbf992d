"""Whether an Overpass server limits how many requests it answers at a time."""

from __future__ import annotations

import re

import requests

from geo.osm.osmnx_session import (
    USER_AGENT,
)

CONTACT_SECS = 20.0
"""Timeout of the request for the status of a server."""


def has_slots(url: str) -> bool:
    """Whether the server limits slots; OSMnx would wait for ever for a slot of one that does not.

    The request also shows whether the server is reachable, without the pause of a minute that
    OSMnx makes.
    """
    status = requests.get(
        f"{url.rstrip('/')}/status", headers={"User-Agent": USER_AGENT}, timeout=CONTACT_SECS
    )
    limit = re.search(r"^Rate limit: (\d+)", status.text, re.MULTILINE)
    return limit is not None and int(limit[1]) > 0
