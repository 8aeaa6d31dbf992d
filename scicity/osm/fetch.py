"""`scicity fetch`: OpenStreetMap data for a study."""

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
# With all modes, lines that a transit file has too are left out; with some, all of these stay.
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
"""Folder of cached server responses, beside the study's OpenStreetMap file."""


@dataclass(frozen=True)
class Source:
    """Source of OSM elements: a local file, or a server."""

    file: Path | None
    server: Overpass

    def elements(self, place: BaseGeometry, cache: Path, tick: Tick) -> OsmElements:
        """Elements of a place.

        Raises
        ------
        BadInputError
            If the file or the server fails, or has no street there.
        """
        if self.file is not None:
            elements = read_osm_file(self.file, place, tick=tick)
        else:
            elements = fetch_osm(place, self.server, cache=cache, tick=tick)
        if not any("highway" in tags for tags in elements.way_tags):
            source = self.file.name if self.file else self.server.url
            message, hint = "it has no street in the study area", "OpenStreetMap of that place"
            raise BadInputError([Fault(source, "", "osm-empty", message, hint)])
        return elements

    def record(self, elements: OsmElements) -> dict[str, Any]:
        """Source, date and number of the elements, for `SOURCE_FILE`."""
        day = str(self.server.date) if self.server.date else "the day it was fetched"
        origin = (
            {"file": self.file.name} if self.file else {"overpass": self.server.url, "as_of": day}
        )
        return {
            **origin,
            "fetched": dt.datetime.now(dt.UTC).date().isoformat(),
            "nodes": len(elements.node_ids),
            "ways": len(elements.way_ids),
            "relations": len(elements.relations),
            "licence": "© OpenStreetMap contributors, ODbL 1.0",
        }


def with_osm_section(text: str) -> str:
    """The text of study.toml with a section `[osm]`, added if missing.

    Routes come from OpenStreetMap only if the study has no transit files.
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
    """Text of study.toml with a section `[osm]`, its settings, and the study area.

    Raises
    ------
    BadInputError
        With all faults of study.toml or of the areas.
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


def keep_elements(elements: OsmElements, source: Source, target: Path) -> None:
    """Write the elements and their source."""
    write_osm_file(elements, target)
    write_json(source.record(elements), target.parent / SOURCE_FILE)


def network_of_elements(settings: Settings, area: StudyArea, tick: Tick) -> OsmNetwork:
    """Build the network of the elements just written, and write its problems beside them."""
    network = read_osm_network(settings, area, tick)
    title = f"{settings.study.name_zh} · OpenStreetMap"
    write_problems(network.problems, title, osm_file(settings).parent)
    return network


def fetch(folder: Path, source: Source, tick: Tick) -> OsmNetwork:
    """Fetch OpenStreetMap data for a study: elements, network and problems.

    Parameters
    ----------
    folder
        Folder of the study; its study.toml gets a section `[osm]` if it has none.
    source
        A file, or a server with the date of the data.
    tick
        Called with the name of each step.

    Raises
    ------
    BadInputError
        If the study, the file or the server fails; existing files are kept.
    """
    text, settings, area = settings_to_fetch(folder)
    target = osm_file(settings)
    place = place_around(area, settings.osm_section().buffer_m)
    cache = target.parent / ANSWERS
    elements = source.elements(place, cache, tick)
    tick("osm file")
    keep_elements(elements, source, target)
    network = network_of_elements(settings, area, tick)
    write_text(folder / STUDY_FILE, text)
    shutil.rmtree(cache, ignore_errors=True)
    return network
