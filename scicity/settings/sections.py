"""The sections of study.toml as values with typed attributes.

Names, defaults and ranges are those of the tables in `scicity.settings.fields`; a test compares
them. An optional value that is absent is None. A required one that could not be read has a
placeholder: an empty text or list, the day 0001-01-01, or nan. Its key is then in
`scicity.settings.settings.Settings.missing`, and a fault says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class StudySettings:
    """The section `[study]`.

    Attributes
    ----------
    id
        Short name of the study in records and file names.
    name_zh, name_en
        Its title.
    baseline_date
        The day whose network is the baseline.
    service_date
        The day whose timetable is taken of GTFS feeds; by default `baseline_date`, or the nearest
        day like it on which a feed runs normally.
    window, window_offpeak
        First and last time of day (`HH:MM`) of the departures over which travel times by
        timetable are distributed, at the peak and off it; one time is one departure.
    percentile
        Which of the departures stands for the expected time: 0 to 100.
    departure
        `random`, or `planned`: travellers know the timetable and do not wait for their first
        vehicle.
    arrive_by
        Whether the times of the windows are those at which one must have arrived.
    max_rides, max_walk_secs
        Largest number of vehicles, and longest single walk; None for any.
    crs
        Projected system of the study, in metres, such as `EPSG:32648`.
    note_zh, note_en
        Caveat under every figure; empty by default.
    baseline, scenario
        Ids of the two scenarios that are compared by default.
    origin
        `place_id` from which isochrones start.
    spines
        Lines (names or numbers) whose stations buses should feed.
    repair_stops
        Whether stops and routes of the study's own files are repaired where they do not fit.
    isochrone_cutoffs_secs, accessibility_cutoffs_secs
        Time limits in seconds, one or more, each 60 to 14,400.
    near_core_secs
        People within this time of the core are near it: 60 to 14,400 seconds.
    draws
        Sets of uncertain values that are sampled: 0 to 10,000.
    """

    id: str
    name_zh: str
    name_en: str
    baseline_date: dt.date
    service_date: dt.date | None
    window: tuple[str, ...]
    window_offpeak: tuple[str, ...]
    percentile: float
    departure: str
    arrive_by: bool
    max_rides: int | None
    max_walk_secs: float | None
    crs: str
    note_zh: str
    note_en: str
    baseline: str
    scenario: str
    origin: str
    spines: tuple[str, ...]
    repair_stops: bool
    isochrone_cutoffs_secs: tuple[float, ...]
    accessibility_cutoffs_secs: tuple[float, ...]
    near_core_secs: float
    draws: int


@dataclass(frozen=True)
class FileSettings:
    """The section `[files]`: paths relative to the study's folder.

    Attributes
    ----------
    areas
        Planning areas.
    districts
        Districts by which people were counted. Like the roads, screenlines, services and
        opportunities, a study with a network from OpenStreetMap may do without.
    road_nodes, road_edges
        The road network.
    screenlines
        Counted peak volumes.
    transit
        Stops and services, a file or more; empty if there are none.
    projects
        Folder of the planned projects.
    places
        Places of interest.
    population
        Where people live.
    opportunities
        Points of interest by kind.
    """

    areas: str
    districts: str | None
    road_nodes: str | None
    road_edges: str | None
    screenlines: str | None
    transit: tuple[str, ...]
    projects: str
    places: str
    population: str
    opportunities: str | None


@dataclass(frozen=True)
class OsmSettings:
    """The section `[osm]`: a network from OpenStreetMap.

    Attributes
    ----------
    file
        Path of the OpenStreetMap file, relative to the study's folder.
    buffer_m
        How far around the study area the network reaches: 0 to 50,000 m.
    routes
        Modes of the services that are taken, see `geo.osm.selection.ROUTES`.
    min_component_m
        Separate pieces of the street network shorter than this are dropped: 0 to 100,000 m.
    """

    file: str
    buffer_m: float
    routes: tuple[str, ...]
    min_component_m: float


@dataclass(frozen=True)
class ScenarioSettings:
    """A table of `[scenarios]`; exactly one of the last three attributes is not None.

    Attributes
    ----------
    name_zh, name_en
        Its title.
    projects
        Ids of its projects.
    clauses
        Clauses of the plan whose projects it has.
    open_by
        It has the projects that open until the end of this year: 1990 to 2100.
    """

    name_zh: str
    name_en: str
    projects: tuple[str, ...] | None
    clauses: tuple[str, ...] | None
    open_by: int | None


@dataclass(frozen=True)
class OpportunitySettings:
    """A table of `[opportunities]`: places and points of some kinds, or what a file counts.

    Attributes
    ----------
    name_zh, name_en
        Its title; its id by default.
    places
        Categories of places.
    opportunities
        Kinds of points in the file of opportunities.
    file
        Path of a file of counts, relative to the study's folder.
    column
        Column of that file that counts; a raster has none.
    """

    name_zh: str | None
    name_en: str | None
    places: tuple[str, ...] | None
    opportunities: tuple[str, ...] | None
    file: str | None
    column: str | None


@dataclass(frozen=True)
class GroupSettings:
    """A table of `[groups]`: projects that are judged as one.

    Attributes
    ----------
    name_zh, name_en
        Its title.
    projects
        Ids of its projects.
    """

    name_zh: str
    name_en: str
    projects: tuple[str, ...]


@dataclass(frozen=True)
class PartnerSettings:
    """The section `[partners]`: places that must reach one another.

    Attributes
    ----------
    from_places, to_places
        `place_id` of each; every one of the first is paired with every one of the second.
    source
        Document that names them.
    """

    from_places: tuple[str, ...]
    to_places: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class UncertainSettings:
    """A table of `[uncertain]`: what an assumed value may be instead.

    Attributes
    ----------
    low, high
        Bounds around the central value, in its unit, or factors on it, see
        `analysis.attribution.uncertainty.Uncertain`.
    source
        Where the bounds come from.
    """

    low: float
    high: float
    source: str
