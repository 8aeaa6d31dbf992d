"""Streets and lines of OpenStreetMap brought into a study's folder."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.areas import StudyArea, read_study_area
from geo.faults import BadInputError, Fault, check_faults
from geo.files import write_text
from geo.osm.elements import OsmElements
from geo.osm.file import Tick, read_osm_file
from geo.osm.overpass import Overpass, fetch_osm
from geo.osm.writing import write_osm_file
from layers.osm.network import OsmNetwork
from scicity.inputs.baseline import SOURCE_FILE, osm_file, place_around, read_osm_network
from scicity.inputs.read_study import bundled_study
from scicity.osm.problem_report import write_problems
from scicity.outputs.files import write_json
from scicity.settings.parsing import parse_settings
from scicity.settings.rules import STUDY_FILE
from scicity.settings.settings import Settings

SECTION = """
# Streets, and lines where a study has none of its own, from OpenStreetMap (scicity fetch).
# "routes" are the modes whose lines become services; an empty list keeps to the files above.
[osm]
file = "osm/area.osm.pbf"
buffer_m = 2000
routes = {routes}
min_component_m = 1000
"""
ALL_ROUTES = (
    '["subway", "light_rail", "monorail", "tram", "train", "bus", "trolleybus"]  '
    "# all that are read"
)
ANSWERS = "overpass"
"""Folder of the answers so far, beside the study's OpenStreetMap file."""


@dataclass(frozen=True)
class Source:
    """Where the elements come from: a local file, or a server."""

    file: Path | None
    server: Overpass

    def elements(self, place: BaseGeometry, cache: Path, tick: Tick) -> OsmElements:
        """What belongs to a place.

        Raises
        ------
        BadInputError
            If the file or the server fails, or has nothing there.
        """
        if self.file is not None:
            found = read_osm_file(self.file, place, tick=tick)
        else:
            found = fetch_osm(place, self.server, cache=cache, tick=tick)
        if not any("highway" in tags for tags in found.way_tags):
            where = self.file.name if self.file else self.server.url
            message, hint = "it has no street in the study area", "OpenStreetMap of that place"
            raise BadInputError([Fault(where, "", "osm-empty", message, hint)])
        return found

    def record(self, found: OsmElements) -> dict[str, Any]:
        """Who says so, and how much."""
        day = str(self.server.date) if self.server.date else "the day it was fetched"
        here = (
            {"file": self.file.name} if self.file else {"overpass": self.server.url, "as_of": day}
        )
        return {
            **here,
            "fetched": dt.datetime.now(dt.UTC).date().isoformat(),
            "nodes": len(found.node_ids),
            "ways": len(found.way_ids),
            "relations": len(found.relations),
            "licence": "© OpenStreetMap contributors, ODbL 1.0",
        }


def with_osm_section(text: str) -> str:
    """The words of study.toml with a section on OpenStreetMap, unless they have one.

    Services come from OpenStreetMap only if the study has no files of its own for them.
    """
    if re.search(r"^\[osm\]", text, re.MULTILINE):
        return text
    has_lines = re.search(r"^transit\s*=\s*\[\s*\"", text, re.MULTILINE)
    return text.rstrip("\n") + "\n" + SECTION.format(routes="[]" if has_lines else ALL_ROUTES)


def baseline_day(settings: Settings) -> dt.date | None:
    """The study's baseline date if it is past: OpenStreetMap is asked for as it was then."""
    day = settings.study.baseline_date
    return day if day < dt.datetime.now(dt.UTC).date() else None


def _study_text(folder: Path) -> str:
    path = folder / STUDY_FILE
    if folder.resolve() == bundled_study().resolve():
        message = "the study that ships with the product is not changed"
        hint = "a folder of your own: scicity init my-study, then --study my-study"
        raise BadInputError([Fault("--study", "", "study-bundled", message, hint)])
    if not path.is_file():
        hint = "a folder with study.toml (make one with: scicity init FOLDER)"
        raise BadInputError([Fault(STUDY_FILE, "", "file-missing", f"none in {folder}", hint)])
    return path.read_text(encoding="utf-8-sig")


def settings_to_fetch(folder: Path) -> tuple[str, Settings, StudyArea]:
    """The text of study.toml with a section `[osm]`, the settings in it, and the study's areas.

    Raises
    ------
    BadInputError
        With everything wrong with study.toml or the areas.
    """
    text = with_osm_section(_study_text(folder))
    settings, faults = parse_settings(text, folder)
    check_faults(faults)
    if settings is None:
        raise BadInputError(faults)
    area, faults = read_study_area(
        settings.path("areas"), settings.study.crs, settings.datum("areas")
    )
    check_faults(faults)
    return text, settings, area


def keep_elements(found: OsmElements, source: Source, target: Path) -> None:
    """Write the elements and where they come from."""
    write_osm_file(found, target)
    write_json(source.record(found), target.parent / SOURCE_FILE)


def fetched_network(settings: Settings, area: StudyArea, tick: Tick) -> OsmNetwork:
    """The network of elements that were just written, and its problems beside them."""
    network = read_osm_network(settings, area, tick)
    title = f"{settings.study.name_zh} · OpenStreetMap"
    write_problems(network.problems, title, osm_file(settings).parent)
    return network


def fetch(folder: Path, source: Source, tick: Tick) -> OsmNetwork:
    """Bring OpenStreetMap into a study: its elements, the network made of them, its problems.

    Parameters
    ----------
    folder
        The study; its study.toml gets a section `[osm]` if it has none.
    source
        A file, or a server. A server without a date is asked for the study's baseline date.
    tick
        Called with the name of each step.

    Raises
    ------
    BadInputError
        If the study, the file or the server fails; what was there before stays.
    """
    text, settings, area = settings_to_fetch(folder)
    target = osm_file(settings)
    place = place_around(area, settings.osm_section().buffer_m)
    cache = target.parent / ANSWERS
    found = source.elements(place, cache, tick)
    tick("osm file")
    keep_elements(found, source, target)
    network = fetched_network(settings, area, tick)
    write_text(folder / STUDY_FILE, text)
    shutil.rmtree(cache, ignore_errors=True)
    return network
