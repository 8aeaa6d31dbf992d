"""A new study folder for any place, made from OpenStreetMap."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areas import read_study_area
from geo.crs import WGS84, to_wgs84, utm_crs
from geo.faults import BadInputError, Fault
from geo.files import replacing_folder, write_text
from geo.formats.geojson import write_geojson
from geo.formats.vector_files import layer_files
from geo.osm.elements import OsmElements, Relation
from geo.osm.file import Tick
from geo.osm.named_place import named_place
from geo.osm.nominatim import NOMINATIM, find_place
from geo.osm.selection import elements_of_place
from layers.osm.assumed_population import assumed_population
from layers.osm.network import OsmNetwork
from layers.osm.places import osm_opportunities
from scicity.inputs.baseline import osm_file, place_around
from scicity.osm.fetch import ALL_ROUTES, SECTION, Source, fetched_network, keep_elements
from scicity.osm.new_places import named_places, planning_areas
from scicity.settings.parsing import parse_settings
from scicity.settings.rules import STUDY_FILE

BUFFER_M = 2_000
"""As in the section on OpenStreetMap that a new study gets."""
AREAS_FILE = "boundaries/areas.geojson"
TEMPLATE = Path(__file__).with_name("new_study.toml")
READ_ME = (
    "Planned projects stand here, one GeoJSON file each: see docs/data-format.md of scicity.\n"
    "规划项目放在这里，每个项目一个 GeoJSON 文件，格式见 scicity 的 docs/data-format.md。\n"
)


@dataclass(frozen=True)
class NewStudyRequest:
    """What a new study is to be about.

    Attributes
    ----------
    name
        Of a place; empty if a box is given.
    box
        West, south, east, north in degrees; None if a place is named.
    admin_level
        Of the boundaries that become planning areas; None for the coarsest that divides it.
    population
        A raster or layer of people to copy in; None for a first guess from streets.
    nominatim
        Server that knows where a named place is, if there is no file.
    """

    name: str = ""
    box: tuple[float, float, float, float] | None = None
    admin_level: int | None = None
    population: Path | None = None
    nominatim: str = NOMINATIM


def _place(wish: NewStudyRequest, source: Source) -> BaseGeometry:
    """The place in longitude and latitude."""
    if wish.box:
        return shapely.box(*wish.box)
    if source.file:
        return named_place(source.file, wish.name)
    place: BaseGeometry = find_place(wish.name, url=wish.nominatim).geometry.iloc[0]
    return place


def _widened(place: BaseGeometry, crs: str, metres: float) -> BaseGeometry:
    frame = gpd.GeoDataFrame(geometry=[place], crs=WGS84).to_crs(crs)
    wide: BaseGeometry = to_wgs84(frame.assign(geometry=frame.buffer(metres))).geometry.iloc[0]
    return wide


def _write_population(
    wish: NewStudyRequest, areas: gpd.GeoDataFrame, network: OsmNetwork, folder: Path
) -> str:
    """The population file of the new study; its path in there."""
    if wish.population:
        for part in layer_files(wish.population):
            shutil.copyfile(part, folder / "places" / f"population{part.suffix}")
        target = folder / "places" / f"population{wish.population.suffix}"
        return target.relative_to(folder).as_posix()
    people = assumed_population(network.streets, areas.to_crs(network.streets.crs))
    target = folder / "places" / "population.geojson"
    write_geojson(people, target, id_column="town_id")
    return target.relative_to(folder).as_posix()


def _toml_text(text: str) -> str:
    """A TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class _Words:
    """What study.toml of the new study says: its names (the English may be empty) and system."""

    name: str
    english: str
    crs: str

    def text(self, places: gpd.GeoDataFrame, kinds: list[str]) -> str:
        """The template filled in, but for the population's file."""
        first = places.iloc[0]
        english = self.english or str(first["name_en"]) or self.name
        counted = "\n".join(f'{kind} = {{ opportunities = ["{kind}"] }}' for kind in kinds)
        values = {
            "id": _toml_text(self.name),
            "name_zh": _toml_text(self.name),
            "name_en": _toml_text(english),
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "crs": _toml_text(self.crs),
            "origin": _toml_text(str(first["place_id"])),
            "opportunities": f"[opportunities]\n{counted}\n" if kinds else "",
            "opportunity_file": 'opportunities = "places/opportunities.geojson"\n' * bool(kinds),
        }
        text = TEMPLATE.read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        return text + SECTION.format(routes=ALL_ROUTES)


def _check_wish(folder: Path, wish: NewStudyRequest) -> None:
    faults = []
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty"
        faults.append(Fault("init", "", "folder-not-empty", message, "a new folder"))
    if wish.population and not wish.population.is_file():
        message = f"there is no file {wish.population}"
        faults.append(Fault("--population", "", "file-missing", message, "a raster or layer"))
    if faults:
        raise BadInputError(faults)


@dataclass(frozen=True)
class Made:
    """A new study's network, and the boundaries that are not whole in the data."""

    network: OsmNetwork
    broken: tuple[Relation, ...]


def new_study(folder: Path, wish: NewStudyRequest, source: Source, tick: Tick) -> Made:
    """Make a study folder for a place: areas, network, places, people, study.toml.

    Parameters
    ----------
    folder
        Must not exist, or be empty. It appears whole or not at all; answers of a server are kept
        beside it until then, so that a broken download goes on.
    wish
        Which place, how divided, and with which population.
    source
        OpenStreetMap, from a file or a server.
    tick
        Called with the name of each step.

    Raises
    ------
    BadInputError
        If the place is unknown, or the file or the server fails.
    """
    _check_wish(folder, wish)
    place = _place(wish, source)
    crs = utm_crs(place.centroid.x, place.centroid.y)
    answers = folder.with_name(f".{folder.name}-overpass")
    found = source.elements(_widened(place, crs, 1.1 * BUFFER_M), answers, tick)
    with replacing_folder(folder) as staged:
        places = named_places(found, place)
        words = _Words(wish.name or str(places["name_zh"].iloc[0]), wish.name, crs)
        areas, broken = planning_areas(found, place, name=words.name, level=wish.admin_level)
        text = _write_places(staged, places, osm_opportunities(found, place), words)
        path = staged / AREAS_FILE
        write_geojson(areas.drop(columns="population"), path, id_column="area_id")
        network = _write_network(staged, found, source, text=text, tick=tick)
        named = _write_population(wish, areas, network, staged)
        write_text(staged / STUDY_FILE, text.replace("@population@", named))
    shutil.rmtree(answers, ignore_errors=True)
    return Made(network, tuple(broken))


def _write_places(
    folder: Path, places: gpd.GeoDataFrame, opportunities: gpd.GeoDataFrame, words: _Words
) -> str:
    """Places, opportunities and the folder of projects; the words of study.toml."""
    write_geojson(places, folder / "places" / "places.geojson", id_column="place_id")
    kinds = sorted(opportunities["kind"].unique())
    if kinds:
        path = folder / "places" / "opportunities.geojson"
        write_geojson(opportunities, path, id_column="opportunity_id")
    write_text(folder / "projects" / "README.md", READ_ME)
    return words.text(places, kinds)


def _write_network(
    folder: Path, found: OsmElements, source: Source, *, text: str, tick: Tick
) -> OsmNetwork:
    """The elements of the areas as they were written, and the network made of them."""
    settings, faults = parse_settings(text, folder)
    if settings is None:
        raise BadInputError(faults)
    area, _ = read_study_area(folder / AREAS_FILE, settings.study.crs)
    near = elements_of_place(found, place_around(area, BUFFER_M))
    keep_elements(near, source, osm_file(settings))
    return fetched_network(settings, area, tick)
