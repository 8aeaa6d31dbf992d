"""What a map is drawn from: tables and texts."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd

from maps.tables.network_states import PageTimes
from maps.tiles import Tiles

ATTRIBUTION = "© OpenStreetMap contributors (ODbL) · GeoNames (CC BY 4.0)"


@dataclass(frozen=True)
class PageTables:
    """All inputs of the page. Frames may be in any CRS and may be empty.

    Attributes
    ----------
    title_zh, title_en, note_zh, note_en
        Heading and note: schematic network, date of the baseline.
    origin_zh, origin_en
        Name of the origin of the isochrones.
    to_origin
        Whether isochrones by transit are of ways to it: one has to be there by a time.
    areas
        `area_id`, `name_zh`, `name_en`, `role` (core or ring), `accuracy_m`; polygons.
    roads
        Existing streets once each: `osmid` (of an OSM street its way, with `.n` for the further
        streets of one way), `name`, `name_en`, `highway`, `lanes`, `maxspeed` (km/h), `tunnel`,
        `bridge`, `crossing`, and the modes allowed: `drive`, `walk`, `bus` (absent: all modes);
        lines.
    routes
        Existing routes: `route_id`, `route_name`, `name_en`, `vehicle` (a key of
        `maps.transit.VEHICLES`), `line`, `stop_ids`, `headway_peak_secs`; lines.
    stops
        `stop_id`, `stop_name`, `name_en`, `name_status`; points.
    projects
        One row a feature: `element` (road, route or station), `project_id`, `project_name_zh`,
        `project_name_en`, `kind`, `status`, `status_latest`, `opening_year`, `clause`, `source`,
        `confidence`, `assumed_fields`, `requires`, `stop_name`, `name_status`, `accuracy_m`,
        `tunnel`, `in_plan` (part of the scenario that is compared); lines and points.
    joints
        Joints of the plan's projects with the network: `project_id`, `kind` (portal, road_end,
        station), `feature`, `joined_to`, `joined_name`, `distance_m`, `limit_m`, `over_limit`;
        lines from the project's end to the joint, points where both coincide.
    places
        `place_id`, `name_zh`, `name_en`, `category`, `existing`; points.
    isochrones
        `scenario` (a state of `times`), `mode` (transit or drive), `cutoff_secs`; polygons.
    accessibility
        Hexagons: `zone_id`, `area_id`, `population`, `touches_edge_transit`,
        `touches_edge_drive`, a column for every count of `times`, and `<stem>_baseline`,
        `<stem>_scenario`, `<stem>_change` for every stem of `change_stems`.
    change_stems
        Stem, Chinese and English label of every change map; the first is shown at the start.
    gateways
        `scenario`, `gateway_id`, `name`, `area_a`, `area_b`, `state` (closed, open, unserved),
        `routes`, `loop_id`; points.
    gaps
        `scenario`, `gap_id`, `kind`, `name`, `area_a`, `area_b`, `routes_a`, `routes_b`,
        `no_link` (why no link closes it); points.
    loops
        `scenario`, `loop_id`, `gateways`, `routes`, `length_km`, `minutes`, `transfers`, `people`,
        `spine_stations`, `accuracy_m`; lines.
    links
        `scenario`, `link_id`, `name` and `kind` of the gap, `stop_names`, `routes_from`,
        `routes_to`, `length_km`, `minutes`, `buses`, `people`, `spine_stations`,
        `saved_person_minutes`, `saved_per_bus_km`, `rank`, `accuracy_m`; lines.
    proposals
        `scenario`, `proposal_id`, `areas`, `closes`, `lines`, `station`, `stop_names`,
        `length_km`, `minutes`, `buses`, `people`, `saved_person_minutes`, `accuracy_m`; lines.
    attribution_links
        The planned links, one row for each player (a project or a group of projects): the columns
        `maps.attribution.BRINGS_COLUMNS`; lines.
    attribution_measure
        The measure of `attribution_links`, Chinese and English.
    times
        Travel times of every state of the network between `places` and `accessibility`.
    attribution
        Credits of the data.
    tiles
        Optional background maps from the internet.
    transit_note
        What times by transit are, in Chinese and in English; empty if that is nothing special.
    """

    title_zh: str
    title_en: str
    note_zh: str
    note_en: str
    origin_zh: str
    origin_en: str
    areas: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    projects: gpd.GeoDataFrame
    joints: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    accessibility: gpd.GeoDataFrame
    change_stems: tuple[tuple[str, str, str], ...]
    gateways: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    loops: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    proposals: gpd.GeoDataFrame
    times: PageTimes
    attribution_links: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    attribution_measure: tuple[str, str] = ("", "")
    attribution: str = ATTRIBUTION
    tiles: tuple[Tiles, ...] = ()
    transit_note: tuple[str, str] = ("", "")
    to_origin: bool = False
