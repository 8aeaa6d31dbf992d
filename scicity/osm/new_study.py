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
from scicity.osm.fetch import ALL_ROUTES, SECTION, Source, keep_elements, network_of_elements
from scicity.osm.new_places import named_places, planning_areas
from scicity.settings.parsing import parse_settings
from scicity.settings.rules import STUDY_FILE

BUFFER_M = 2_000
"""The same as in the section `[osm]` of a new study."""
AREAS_FILE = "boundaries/areas.geojson"
TRANSIT = "transit"
FEED = ".zip"
TEMPLATE = Path(__file__).with_name("new_study.toml")
READ_ME = (
    "Planned projects stand here, one GeoJSON file each: see docs/data-format.md of scicity.\n"
    "规划项目放在这里，每个项目一个 GeoJSON 文件，格式见 scicity 的 docs/data-format.md。\n"
)


@dataclass(frozen=True)
class NewStudyRequest:
    """Place and options of a new study.

    Attributes
    ----------
    name
        Name of a place; empty if a box is given.
    box
        West, south, east, north in degrees; None if a place is named.
    admin_level
        Level of the boundaries that become planning areas; None for the coarsest that divides the
        place.
    population
        Raster or layer of people to copy; None for an estimate from streets.
    feeds
        GTFS feeds to copy.
    nominatim
        Server that finds a named place, used without a file.
    """

    name: str = ""
    box: tuple[float, float, float, float] | None = None
    admin_level: int | None = None
    population: Path | None = None
    feeds: tuple[Path, ...] = ()
    nominatim: str = NOMINATIM


def _place(request: NewStudyRequest, source: Source) -> BaseGeometry:
    """The place in longitude and latitude."""
    if request.box:
        return shapely.box(*request.box)
    if source.file:
        return named_place(source.file, request.name)
    place: BaseGeometry = find_place(request.name, url=request.nominatim).geometry.iloc[0]
    return place


def _buffered(place: BaseGeometry, crs: str, metres: float) -> BaseGeometry:
    frame = gpd.GeoDataFrame(geometry=[place], crs=WGS84).to_crs(crs)
    wide: BaseGeometry = to_wgs84(frame.assign(geometry=frame.buffer(metres))).geometry.iloc[0]
    return wide


def _write_population(
    request: NewStudyRequest, areas: gpd.GeoDataFrame, network: OsmNetwork, folder: Path
) -> str:
    """Write the population file; returns its path relative to the study folder."""
    if request.population:
        for part in layer_files(request.population):
            shutil.copyfile(part, folder / "places" / f"population{part.suffix}")
        target = folder / "places" / f"population{request.population.suffix}"
        return target.relative_to(folder).as_posix()
    people = assumed_population(network.streets, areas.to_crs(network.streets.crs))
    target = folder / "places" / "population.geojson"
    write_geojson(people, target, id_column="town_id")
    return target.relative_to(folder).as_posix()


def _toml_string(text: str) -> str:
    """A TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class _StudyText:
    """Values of study.toml of a new study: names (the English may be empty), CRS and feeds."""

    name: str
    english: str
    crs: str
    feeds: tuple[Path, ...]

    def text(self, places: gpd.GeoDataFrame, kinds: list[str]) -> str:
        """The template filled in, except for the population file."""
        first = places.iloc[0]
        english = self.english or str(first["name_en"]) or self.name
        entries = "\n".join(f'{kind} = {{ opportunities = ["{kind}"] }}' for kind in kinds)
        feeds = ", ".join(_toml_string(f"{TRANSIT}/{feed.name}") for feed in self.feeds)
        values = {
            "id": _toml_string(self.name),
            "name_zh": _toml_string(self.name),
            "name_en": _toml_string(english),
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
            "crs": _toml_string(self.crs),
            "origin": _toml_string(str(first["place_id"])),
            "opportunities": f"[opportunities]\n{entries}\n" if kinds else "",
            "opportunity_file": 'opportunities = "places/opportunities.geojson"\n' * bool(kinds),
            "transit": f"transit = [{feeds}]\n" if feeds else "",
        }
        text = TEMPLATE.read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        return text + SECTION.format(routes=ALL_ROUTES)


def _check_request(folder: Path, request: NewStudyRequest) -> None:
    faults = []
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty"
        faults.append(Fault("init", "", "folder-not-empty", message, "a new folder"))
    if request.population and not request.population.is_file():
        message = f"there is no file {request.population}"
        faults.append(Fault("--population", "", "file-missing", message, "a raster or layer"))
    faults += _feed_faults(request.feeds)
    if faults:
        raise BadInputError(faults)


def _feed_faults(feeds: tuple[Path, ...]) -> list[Fault]:
    """Feeds that are none, or that would take the place of one another."""
    faults, where = [], ("--gtfs", "")
    names = [feed.name for feed in feeds]
    for feed in feeds:
        if not feed.is_file():
            message = f"there is no file {feed}"
            faults.append(Fault(*where, "file-missing", message, "a zip of GTFS tables"))
        elif feed.suffix.lower() != FEED:
            message = f"{feed.name} is no zip"
            faults.append(Fault(*where, "file-kind-unknown", message, "a zip of GTFS tables"))
        elif names.count(feed.name) > 1:
            message = f"two feeds are called {feed.name}"
            faults.append(Fault(*where, "id-duplicate", message, "rename one of the files"))
    return faults


@dataclass(frozen=True)
class NewStudy:
    """Network of a new study, and boundaries that are incomplete in the data."""

    network: OsmNetwork
    broken: tuple[Relation, ...]


def new_study(folder: Path, request: NewStudyRequest, source: Source, tick: Tick) -> NewStudy:
    """Create a study folder for a place: areas, network, places, people, study.toml.

    Parameters
    ----------
    folder
        Must not exist, or be empty. It is created atomically; until then, responses of the server
        are kept beside it, so that an interrupted download can continue.
    request
        The place, its division into areas, and its population.
    source
        OpenStreetMap, from a file or a server.
    tick
        Called with the name of each step.

    Raises
    ------
    BadInputError
        If the place is unknown, or the file or the server fails.
    """
    _check_request(folder, request)
    place = _place(request, source)
    crs = utm_crs(place.centroid.x, place.centroid.y)
    cache = folder.with_name(f".{folder.name}-overpass")
    elements = source.elements(_buffered(place, crs, 1.1 * BUFFER_M), cache, tick)
    with replacing_folder(folder) as staged:
        places = named_places(elements, place)
        name = request.name or str(places["name_zh"].iloc[0])
        texts = _StudyText(name, request.name, crs, request.feeds)
        areas, broken = planning_areas(elements, place, name=texts.name, level=request.admin_level)
        text = _write_places(staged, places, osm_opportunities(elements, place), texts)
        for feed in request.feeds:
            (staged / TRANSIT).mkdir(exist_ok=True)
            shutil.copyfile(feed, staged / TRANSIT / feed.name)
        path = staged / AREAS_FILE
        write_geojson(areas.drop(columns="population"), path, id_column="area_id")
        network = _write_network(staged, elements, source, text=text, tick=tick)
        population_path = _write_population(request, areas, network, staged)
        write_text(staged / STUDY_FILE, text.replace("@population@", population_path))
    shutil.rmtree(cache, ignore_errors=True)
    return NewStudy(network, tuple(broken))


def _write_places(
    folder: Path, places: gpd.GeoDataFrame, opportunities: gpd.GeoDataFrame, texts: _StudyText
) -> str:
    """Write places, opportunities and the folder of projects; returns the text of study.toml."""
    write_geojson(places, folder / "places" / "places.geojson", id_column="place_id")
    kinds = sorted(opportunities["kind"].unique())
    if kinds:
        path = folder / "places" / "opportunities.geojson"
        write_geojson(opportunities, path, id_column="opportunity_id")
    write_text(folder / "projects" / "README.md", READ_ME)
    return texts.text(places, kinds)


def _write_network(
    folder: Path, elements: OsmElements, source: Source, *, text: str, tick: Tick
) -> OsmNetwork:
    """Write the elements of the areas, and build the network from them."""
    settings, faults = parse_settings(text, folder)
    if settings is None:
        raise BadInputError(faults)
    area, _ = read_study_area(folder / AREAS_FILE, settings.study.crs)
    near = elements_of_place(elements, place_around(area, BUFFER_M))
    keep_elements(near, source, osm_file(settings))
    return network_of_elements(settings, area, tick)
