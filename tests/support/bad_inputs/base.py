"""A corner of the bundled study, small enough to be checked hundreds of times."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.faults import Fault
from scicity.inputs.read_study import bundled_study

Json = dict[str, Any]
Spoil = Callable[[Path], None]

PROJECTS = ("KXC", "CRT27", "HEBIJIN", "YONGBI")
ROUTES = ("CRT1", "CRT6")
PLACES = 4
FEED = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nA,甲,29.60,106.30\nB,乙,29.60,106.31\n",
    "routes": "route_id,route_short_name,route_type\nR,7,3\n",
    "trips": "route_id,service_id,trip_id\nR,S,t\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,07:00:00,07:00:00,A,1\nt,07:05:00,07:05:00,B,2\n",
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
    "end_date\nS,1,1,1,1,1,0,0,20220404,20220430\n",
}
LINES = (
    "route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat\n"
    "L,线,1,A,甲,106.30,29.60\nL,线,2,B,乙,106.31,29.60\n"
)

JUDGED = """[groups.valley]
name_zh = "西部槽谷"
name_en = "Western valley"
projects = ["KXC", "CRT27"]

[partners]
from_places = ["SC_CENTRE"]
to_places = ["NEWAP", "CKG"]
source = "reply no. 0244"

"""


def load(path: Path) -> Json:
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def save(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _keep(path: Path, wanted: Callable[[Json], bool]) -> None:
    content = load(path)
    content["features"] = [f for f in content["features"] if wanted(f["properties"])]
    save(path, content)


def make_base(folder: Path) -> Path:
    """The corner: all roads, two rail lines, no bus, four projects, few points."""
    ignored = shutil.ignore_patterns("build", "source", "__pycache__")
    shutil.copytree(bundled_study(), folder, ignore=ignored)
    for path in (folder / "projects").glob("*.geojson"):
        if path.stem not in PROJECTS:
            path.unlink()
    rail = folder / "network/rail.geojson"
    _keep(rail, lambda p: p["element"] == "station" or p["route_id"] in ROUTES)
    (folder / "network/bus.geojson").unlink()
    for name in ("places", "population", "opportunities"):
        path = folder / f"places/{name}.geojson"
        content = load(path)
        kept = [f for f in content["features"] if f["properties"].get("place_id") == "SC_CENTRE"]
        save(path, content | {"features": kept + content["features"][:PLACES]})
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace(', "network/bus.geojson"]', "]")
    for clause in ('["四(一)", "四(二)"]', '["四(二)"]'):
        text = text.replace(f"clauses = {clause}", 'clauses = ["四(一)"]')
    head, _, rest = text.partition("# Who is judged as one")
    tail = rest[rest.index("[assumptions.") :]
    toml.write_text(head + JUDGED + tail, encoding="utf-8")
    return folder


def edit(file: str, change: Callable[[Json], object]) -> Spoil:
    """Change a GeoJSON file as a whole."""

    def spoil(folder: Path) -> None:
        content = load(folder / file)
        change(content)
        save(folder / file, content)

    return spoil


def properties(file: str, number: int = 0, **values: Any) -> Spoil:
    """Set properties of one feature."""
    return edit(file, lambda c: c["features"][number]["properties"].update(values))


def without(file: str, key: str) -> Spoil:
    """Take a property away from the first feature."""
    return edit(file, lambda c: c["features"][0]["properties"].pop(key))


def renamed(file: str, key: str, to: str) -> Spoil:
    """Misspell a property of the first feature."""

    def change(content: Json) -> None:
        told = content["features"][0]["properties"]
        told[to] = told.pop(key)

    return edit(file, change)


def geometry(file: str, value: Any) -> Spoil:
    """Another geometry for the first feature."""
    return edit(file, lambda c: c["features"][0].update(geometry=value))


def text(file: str, content: str | bytes) -> Spoil:
    """A file's content."""
    raw = content if isinstance(content, bytes) else content.encode()

    def spoil(folder: Path) -> None:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(raw)

    return spoil


def toml(old: str, new: str) -> Spoil:
    """A change of study.toml."""

    def spoil(folder: Path) -> None:
        path = folder / "study.toml"
        told = path.read_text(encoding="utf-8")
        assert old in told, old
        path.write_text(told.replace(old, new, 1), encoding="utf-8")

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """One change after another."""

    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil


def named(file: str) -> Spoil:
    """One more file of public transport."""
    return toml('"network/rail.geojson"]', f'"network/rail.geojson", "{file}"]')


def csv(content: str | bytes) -> Spoil:
    """A table of bus lines."""
    return both(named("lines.csv"), text("lines.csv", content))


def pack(path: Path, tables: dict[str, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables.items():
            archive.writestr(name if "." in name else f"{name}.txt", content)


def gtfs(**tables: str | bytes | None) -> Spoil:
    """A feed with other tables; None takes one away."""

    def spoil(folder: Path) -> None:
        together = {**FEED, **tables}
        pack(folder / "feed.zip", {n: t for n, t in together.items() if t is not None})

    return both(named("feed.zip"), spoil)


def told(fault: Fault, folder: Path) -> str:
    """A fault in one line, whatever the folder's name."""
    return str(fault).replace(str(folder), "my-study")
