"""OpenStreetMap from an Overpass server, through OSMnx, tile by tile.

OSMnx does the talking: it waits for a slot of the server, names us and writes each answer to its
cache as it came. Its graphs and tables are not made (`cache_only_mode`); the answers are read
here, so that Overpass and a file give the same elements.

The place is cut into rectangles. Two requests are sent for each:

`streets`
    `ox.graph_from_polygon` with the filter `STREETS`: ways with `highway` that have a part in the
    rectangle or within 500 m of it, with all their nodes (and so with the barriers on them).
`features`
    `ox.features_from_polygon` with the tags `FEATURES`: nodes, ways and relations with a part in
    the rectangle and one of these tags, with all members of the relations and all nodes of the
    ways. `admin_level` stands for boundaries, so that the country's own border is not sent, and
    `type` for turn restrictions, whatever else they are tagged with.

That is more than `geo.osm.selection` asks for and never less; `belonging` cuts the rest off.

The rules of the public servers (https://dev.overpass-api.de/overpass-doc/en/preface/commons.html
and https://github.com/drolbr/Overpass-API/issues/791): one request at a time, a name of one's own,
30 s of rest after a refusal, at most 10 000 requests and about 1 GB a day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
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
    USER_AGENT,
    WITHOUT_INTERNET,
    is_final,
    osmnx_with,
    refuse_bad_answer,
    unanswered,
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
    belonging,
)
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
"""Tiles are asked for with so much (about 100 m) around them: OSMnx rounds corners to six decimals
and the server may draw an edge straight on another projection."""
GROWN_KM = 2.0
"""More than `MARGIN_DEG` and OSMnx (500 m) add to the two sides of a tile."""
FIRST_DAY = dt.date(2012, 9, 13)
"""The first whole day of Overpass's history; it begins with OSM's change of licence."""
CONTACT_SECS = 20.0
"""How long a server may take to say that it is there."""
GO_ON = f"run the same command again later: the tiles that are there are kept; {WITHOUT_INTERNET}"

Tick = Callable[[str], None]


@dataclass(frozen=True)
class Overpass:
    """A server and how to ask it.

    Attributes
    ----------
    url
        Where its `/interpreter` and `/status` are.
    date
        OSM as it was when that day began (UTC); None: as it is now.
    timeout_secs
        How long one request may take.
    tile_km2
        Largest tile.
    retry_waits_secs
        Rests before a failed request is sent again; after the last one it is given up.
    """

    url: str = "https://overpass-api.de/api"
    date: dt.date | None = None
    timeout_secs: int = 180
    tile_km2: float = TILE_KM2
    retry_waits_secs: tuple[float, ...] = (30.0, 60.0, 120.0)


@dataclass(frozen=True)
class _Request:
    """One request: what kind (`KINDS`) of which tile."""

    kind: str
    box: Box

    def answer_in(self, cache: Path, server: Overpass) -> Path:
        """Where its answer is kept: one file for what is asked, of when, and whom."""
        what = STREETS if self.kind == "streets" else FEATURES
        asked = json.dumps([self.box, what, str(server.date), server.url.rstrip("/")])
        return cache / f"{self.kind}-{hashlib.sha256(asked.encode()).hexdigest()[:20]}.json"


def _has_slots(url: str) -> bool:
    """Whether the server counts slots; OSMnx would wait for ever for a slot of one that does not.

    It also shows, without the minute's pause that OSMnx makes, whether the server is there.
    """
    status = requests.get(
        f"{url.rstrip('/')}/status", headers={"User-Agent": USER_AGENT}, timeout=CONTACT_SECS
    )
    limit = re.search(r"^Rate limit: (\d+)", status.text, re.MULTILINE)
    return limit is not None and int(limit[1]) > 0


def _settings(server: Overpass, folder: Path) -> dict[str, Any]:
    """OSMnx's settings for one request that leaves its answer in a folder."""
    day = f'[date:"{server.date}T00:00:00Z"]' if server.date else ""
    return {
        "cache_folder": folder,
        "cache_only_mode": True,
        "max_query_area_size": 1e6 * (server.tile_km2**0.5 + GROWN_KM) ** 2,
        "overpass_rate_limit": _has_slots(server.url),
        "overpass_settings": "[out:json][timeout:{timeout}]{maxsize}" + day,
        "overpass_url": server.url,
        "requests_kwargs": {"hooks": {"response": refuse_bad_answer}},
        "requests_timeout": server.timeout_secs,
        "use_cache": True,
    }


def _ask(request: _Request, server: Overpass, answer: Path) -> None:
    """Send one request; its answer is there whole or not at all."""
    folder = answer.with_suffix(".part")
    shutil.rmtree(folder, ignore_errors=True)
    area = shapely.box(*request.box).buffer(MARGIN_DEG, join_style="mitre")
    # In this mode OSMnx ends with an error without a public name; this is its built-in base.
    with osmnx_with(**_settings(server, folder)) as ox, suppress(InterruptedError):
        if request.kind == "streets":
            ox.graph_from_polygon(area, custom_filter=STREETS)
        else:
            ox.features_from_polygon(area, dict(FEATURES))
    found = list(folder.glob("*.json"))
    if len(found) != 1:
        raise requests.RequestException(f"{len(found)} answers to one request")
    found[0].replace(answer)
    shutil.rmtree(folder)


def _ask_patiently(request: _Request, server: Overpass, answer: Path) -> None:
    """Send one request until it is answered, with longer and longer rests."""
    for wait in server.retry_waits_secs:
        try:
            _ask(request, server, answer)
        except requests.RequestException as error:
            if is_final(error):
                raise
            time.sleep(wait)
        else:
            return
    _ask(request, server, answer)


def _check_server(server: Overpass) -> None:
    """Whether the server knows the day, and whether it is there; nobody waits to hear that."""
    today = dt.datetime.now(tz=dt.UTC).date()
    if server.date and not FIRST_DAY <= server.date <= today:
        message, allowed = f"there is no OSM of {server.date}", f"{FIRST_DAY} to {today}"
        raise BadInputError([Fault(server.url, "date", "value-out-of-range", message, allowed)])
    try:
        _has_slots(server.url)
    except requests.RequestException as error:
        raise unanswered(server.url, error, where="", hint=GO_ON) from error


def _fetch(request: _Request, server: Overpass, answer: Path, where: str) -> None:
    """Ask unless there is an answer."""
    if answer.is_file():
        return
    try:
        _ask_patiently(request, server, answer)
    except requests.RequestException as error:
        raise unanswered(server.url, error, where=where, hint=GO_ON) from error


def fetch_osm(
    place: BaseGeometry, server: Overpass, *, cache: Path, tick: Tick = lambda _: None
) -> OsmElements:
    """What belongs to a place, as `geo.osm.file.read_osm_file` reads it from a file.

    Answers are kept in `cache` and not asked for again, so a fetch that was broken off goes on
    where it stopped. They do not grow old by themselves: for newer OSM, empty the folder.

    Parameters
    ----------
    place
        Polygon in longitude and latitude.
    server
        Whom to ask and how.
    cache
        Folder for the answers, made if needed.
    tick
        Called with the number of each tile before it is asked for.

    Raises
    ------
    BadInputError
        `server-no-answer` with a way to go on without it; `value-out-of-range` for the date.
    """
    boxes = tiles(place, server.tile_km2)
    asked = {box: [_Request(kind, box) for kind in KINDS] for box in boxes}
    answers = {q: q.answer_in(cache, server) for questions in asked.values() for q in questions}
    if not all(answer.is_file() for answer in answers.values()):
        _check_server(server)
    for number, box in enumerate(boxes, start=1):
        where = f"tile {number} of {len(boxes)}"
        tick(where)
        for request in asked[box]:
            _fetch(request, server, answers[request], where)
    read = (json.loads(answer.read_bytes()) for answer in answers.values())
    return belonging(elements_of_answers(read), place)
