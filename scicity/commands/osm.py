"""`scicity fetch` and `scicity init`: OpenStreetMap data and new studies."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
from datetime import date
from pathlib import Path

from geo.faults import BadInputError, Fault
from geo.osm.nominatim import NOMINATIM
from geo.osm.overpass import Overpass
from layers.osm.network import OsmNetwork
from layers.osm.problems import KINDS, problem_counts
from layers.osm.roads.access import STREET_MODES
from scicity.commands.options import (
    add_osm_source,
)
from scicity.commands.parser import add_command
from scicity.console import say, warn
from scicity.inputs.read_study import read_study
from scicity.osm.fetch import Source, baseline_day, fetch, settings_to_fetch
from scicity.osm.new_study import NewStudyRequest
from scicity.osm.new_study import new_study as make_study
from scicity.results.run_results import Tick


def _copy_study(source: Path, folder: Path) -> None:
    """Copy the files of a study to a new folder."""
    if folder.exists() and any(folder.iterdir()):
        message, allowed = f"{folder} is not empty", "a new folder"
        raise BadInputError([Fault("init", "", "folder-not-empty", message, allowed)])
    paths = read_study(source).settings.input_paths()
    for extra in ("README.md", "sources.csv"):
        paths += [source / extra] if (source / extra).is_file() else []
    for path in paths:
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004
        message, allowed = f"bbox is {text!r}", "west,south,east,north in degrees"
        raise BadInputError([Fault("--bbox", "", "value-out-of-range", message, allowed)])
    return west, south, east, north


def _source(arguments: argparse.Namespace, day: dt.date | None) -> Source:
    """Source of the OpenStreetMap data."""
    return Source(arguments.osm, Overpass(url=arguments.overpass, date=day))


def _say_network(network: OsmNetwork, folder: Path) -> None:
    """Print the size of the imported network and its problems."""
    modes = ", ".join(f"{int(network.streets[mode].sum())} {mode}" for mode in STREET_MODES)
    say(f"{len(network.streets)} streets ({modes}), {len(network.nodes)} nodes")
    say(f"{len(network.routes)} services, {len(network.stops)} stops")
    say(f"{len(network.tracks)} tracks, {len(network.entrances)} station entrances")
    say(f"{len(network.restrictions)} turn restrictions (kept, not used)")
    counts = problem_counts(network.problems)
    for kind, count in counts.items():
        say(f"  {count:6} {KINDS[kind].en}: {KINDS[kind].does_en}")
    say(f"{sum(counts.values())} problems of {len(counts)} kinds: see osm_problems.html")
    say(f"next: scicity check --study {folder}")


def fetch_network(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity fetch`."""
    _, settings, _ = settings_to_fetch(arguments.study)
    day = arguments.date or baseline_day(settings)
    network = fetch(arguments.study, _source(arguments, day), tick)
    _say_network(network, arguments.study)
    return 0


def new_study(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity init`: a copy of a study, or a new one for a place."""
    folder: Path = arguments.folder
    if arguments.place or arguments.bbox:
        request = NewStudyRequest(
            name=arguments.place or "",
            box=_box(arguments.bbox) if arguments.bbox else None,
            admin_level=arguments.admin_level,
            population=arguments.population,
            feeds=tuple(arguments.gtfs),
            nominatim=arguments.nominatim,
        )
        result = make_study(folder, request, _source(arguments, None), tick)
        if result.broken:
            first = ", ".join(f"relation/{r.relation_id}" for r in result.broken[:3])
            warn(
                f"{len(result.broken)} boundaries are not whole in the data ({first}, …): no areas"
            )
        _say_network(result.network, folder)
        return 0
    if arguments.gtfs:
        message, allowed = "a copied study has its own transit", "--gtfs beside --place or --bbox"
        raise BadInputError([Fault("--gtfs", "", "option-unused", message, allowed)])
    _copy_study(arguments.study, folder)
    say(
        f"{folder}: change study.toml and the files beside it, then: scicity check --study {folder}"
    )
    return 0


def add_init(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scicity init` with its options."""
    init = add_command(
        group,
        "init",
        does=new_study,
        text="a new study folder: a copy to change, or any place from OpenStreetMap",
        example="scicity init my-study\n"
        "  scicity init helsinki --bbox 24.93,60.16,24.96,60.18 --osm finland.osm.pbf\n"
        "  scicity init city --bbox 24.93,60.16,24.96,60.18 --osm city.osm.pbf --gtfs feed.zip",
    )
    init.add_argument("folder", type=Path, help="folder to make")
    place = init.add_mutually_exclusive_group()
    place.add_argument("--place", metavar="NAME", help="a place by its name in OpenStreetMap")
    place.add_argument("--bbox", metavar="W,S,E,N", help="a box in degrees")
    init.add_argument(
        "--admin-level",
        type=int,
        metavar="N",
        help="OpenStreetMap level of the areas (default: the coarsest that divides the place)",
    )
    init.add_argument(
        "--population", type=Path, metavar="FILE", help="people: a GeoTIFF or a GeoJSON layer"
    )
    init.add_argument(
        "--gtfs",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="timetable: a zip of GTFS tables; may be given several times",
    )
    init.add_argument("--nominatim", default=NOMINATIM, metavar="URL", help="where names are found")
    add_osm_source(init)


def add_fetch(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scicity fetch` with its options."""
    fetch = add_command(
        group,
        "fetch",
        does=fetch_network,
        text="streets and lines from OpenStreetMap: from the internet, or from a file",
        example="scicity fetch --study my-study --osm chongqing.osm.pbf",
    )
    add_osm_source(fetch)
    fetch.add_argument(
        "--date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="OpenStreetMap as it was on that day (default: the study's baseline date)",
    )
