"""OpenStreetMap from an Overpass server, through OSMnx, tile by tile.

OSMnx sends the requests: it waits for a slot of the server, sets the user agent and writes each
raw answer to its cache. It builds no graphs or tables (`cache_only_mode`); the answers are parsed
here, so that Overpass and a file give the same elements.

The place is divided into tiles. Two requests are sent for each:

`streets`
    `ox.graph_from_polygon` with the filter `STREETS`: ways with `highway` that have a part in the
    tile or within 500 m of it, with all their nodes (and so with the barriers on them).
`features`
    `ox.features_from_polygon` with the tags `FEATURES`: nodes, ways and relations with a part in
    the tile and one of these tags, with all members of the relations and all nodes of the ways.
    `admin_level` selects boundaries without the country's own border, and `type` selects turn
    restrictions with any other tags.

These are at least the elements that `geo.osm.selection` needs; `elements_of_place` drops the rest.

The rules of the public servers (https://dev.overpass-api.de/overpass-doc/en/preface/commons.html
and https://github.com/drolbr/Overpass-API/issues/791): one request at a time, a user agent of
one's own, a pause of 30 s after a refusal, at most 10 000 requests and about 1 GB a day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import shapely
from shapely.geometry.base import BaseGeometry

from geo.faults import BadInputError, Fault
from geo.osm.elements import OsmElements
from geo.osm.osmnx_session import (
    WITHOUT_INTERNET,
    is_final,
    no_answer_error,
    osmnx_with,
    refuse_bad_answer,
)
from geo.osm.overpass_json import elements_of_answers
from geo.osm.selection import (
    ADMIN_LEVELS,
    AMENITIES,
    FERRY,
    LANDUSES,
    PLACES,
    RESTRICTIONS,
    ROUTES,
    elements_of_place,
)
from geo.osm.server_slots import has_slots
from geo.osm.tiles import TILE_KM2, Box, tiles

STREETS = '["highway"]'
FEATURES: Mapping[str, bool | list[str]] = {
    "highway": ["bus_stop"],
    "railway": True,
    "public_transport": True,
    "route": [*ROUTES, FERRY],
    "type": [*RESTRICTIONS],
    "admin_level": [*ADMIN_LEVELS],
    "place": [*PLACES],
    "amenity": [*AMENITIES],
    "landuse": [*LANDUSES],
}
KINDS = ("streets", "features")
MARGIN_DEG = 0.001
"""Margin around requested tiles (about 100 m): OSMnx rounds corners to six decimals, and the server
may take an edge as straight in another projection."""
GROWN_KM = 2.0
"""More than `MARGIN_DEG` and OSMnx (500 m) add to the width of a tile."""
FIRST_DAY = dt.date(2012, 9, 13)
"""The first full day of Overpass's history, which begins with OSM's change of licence."""
RETRY_HINT = (
    f"run the same command again later: the tiles that are there are kept; {WITHOUT_INTERNET}"
)

Tick = Callable[[str], None]


@dataclass(frozen=True)
class Overpass:
    """An Overpass server and the parameters of requests to it.

    Attributes
    ----------
    url
        The address of its `/interpreter` and `/status`.
    date
        OSM data at the start of that day (UTC); None for current data.
    timeout_secs
        Timeout of one request.
    tile_km2
        Largest area of a tile.
    retry_waits_secs
        Pauses before each retry of a failed request.
    """

    url: str = "https://overpass-api.de/api"
    date: dt.date | None = None
    timeout_secs: int = 180
    tile_km2: float = TILE_KM2
    retry_waits_secs: tuple[float, ...] = (30.0, 60.0, 120.0)


@dataclass(frozen=True)
class _Request:
    """One request: its kind (`KINDS`) and its tile."""

    kind: str
    box: Box

    def cache_file(self, cache: Path, server: Overpass) -> Path:
        """The cache file of its answer, by request, date and server."""
        query = STREETS if self.kind == "streets" else FEATURES
        identity = json.dumps([self.box, query, str(server.date), server.url.rstrip("/")])
        return cache / f"{self.kind}-{hashlib.sha256(identity.encode()).hexdigest()[:20]}.json"


def _settings(server: Overpass, folder: Path) -> dict[str, Any]:
    """OSMnx settings for one request that caches its answer in a folder."""
    day = f'[date:"{server.date}T00:00:00Z"]' if server.date else ""
    return {
        "cache_folder": folder,
        "cache_only_mode": True,
        "max_query_area_size": 1e6 * (server.tile_km2**0.5 + GROWN_KM) ** 2,
        "overpass_rate_limit": has_slots(server.url),
        "overpass_settings": "[out:json][timeout:{timeout}]{maxsize}" + day,
        "overpass_url": server.url,
        "requests_kwargs": {"hooks": {"response": refuse_bad_answer}},
        "requests_timeout": server.timeout_secs,
        "use_cache": True,
    }


def _send(request: _Request, server: Overpass, answer: Path) -> None:
    """Send one request and write its answer atomically."""
    folder = answer.with_suffix(".part")
    shutil.rmtree(folder, ignore_errors=True)
    area = shapely.box(*request.box).buffer(MARGIN_DEG, join_style="mitre")
    # In this mode OSMnx raises an error without a public name, a subclass of InterruptedError.
    with osmnx_with(**_settings(server, folder)) as ox, suppress(InterruptedError):
        if request.kind == "streets":
            ox.graph_from_polygon(area, custom_filter=STREETS)
        else:
            ox.features_from_polygon(area, dict(FEATURES))
    files = list(folder.glob("*.json"))
    if len(files) != 1:
        raise requests.RequestException(f"{len(files)} answers to one request")
    files[0].replace(answer)
    shutil.rmtree(folder)


def _send_with_retries(request: _Request, server: Overpass, answer: Path) -> None:
    """Send one request, with retries after increasing pauses."""
    for wait in server.retry_waits_secs:
        try:
            _send(request, server, answer)
        except requests.RequestException as error:
            if is_final(error):
                raise
            time.sleep(wait)
        else:
            return
    _send(request, server, answer)


def _check_server(server: Overpass) -> None:
    """Raise at once if the server has no data of the date, or is unreachable."""
    today = dt.datetime.now(tz=dt.UTC).date()
    if server.date and not FIRST_DAY <= server.date <= today:
        message, allowed = f"there is no OSM of {server.date}", f"{FIRST_DAY} to {today}"
        raise BadInputError([Fault(server.url, "date", "value-out-of-range", message, allowed)])
    try:
        has_slots(server.url)
    except requests.RequestException as error:
        raise no_answer_error(server.url, error, where="", hint=RETRY_HINT) from error


def _fetch(request: _Request, server: Overpass, answer: Path, where: str) -> None:
    """Send a request unless its answer is cached."""
    if answer.is_file():
        return
    try:
        _send_with_retries(request, server, answer)
    except requests.RequestException as error:
        raise no_answer_error(server.url, error, where=where, hint=RETRY_HINT) from error


def fetch_osm(
    place: BaseGeometry, server: Overpass, *, cache: Path, tick: Tick = lambda _: None
) -> OsmElements:
    """The elements of a place, the same as `geo.osm.file.read_osm_file` reads from a file.

    Answers are cached and not requested again, so an interrupted fetch continues where it
    stopped. The cache does not expire: for newer OSM data, empty the folder.

    Parameters
    ----------
    place
        Polygon in longitude and latitude.
    server
        The server and the parameters of requests.
    cache
        Folder of the answers, created if needed.
    tick
        Called with the number of each tile before its requests.

    Raises
    ------
    BadInputError
        `server-no-answer` with advice how to continue; `value-out-of-range` for the date.
    """
    boxes = tiles(place, server.tile_km2)
    requests_of = {box: [_Request(kind, box) for kind in KINDS] for box in boxes}
    answers = {
        request: request.cache_file(cache, server)
        for tile_requests in requests_of.values()
        for request in tile_requests
    }
    if not all(answer.is_file() for answer in answers.values()):
        _check_server(server)
    for number, box in enumerate(boxes, start=1):
        where = f"tile {number} of {len(boxes)}"
        tick(where)
        for request in requests_of[box]:
            _fetch(request, server, answers[request], where)
    contents = (json.loads(answer.read_bytes()) for answer in answers.values())
    return elements_of_place(elements_of_answers(contents), place)
