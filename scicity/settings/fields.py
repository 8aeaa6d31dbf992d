"""What the sections of study.toml may say."""

from __future__ import annotations

from geo.fields import Field
from geo.osm.selection import ROUTES

SECTIONS = (
    *("study", "files", "datums", "osm", "opportunities", "scenarios"),
    *("groups", "partners", "assumptions", "uncertain"),
)
OPTIONAL_SECTIONS = ("datums", "osm", "opportunities", "groups", "partners", "uncertain")

STUDY_FIELDS = (
    Field("id", required=True),
    Field("name_zh", required=True),
    Field("name_en", required=True),
    Field("baseline_date", "date", required=True),
    Field("service_date", "date"),
    Field("window", "list", items="text", default=("07:00", "09:00")),
    Field("window_offpeak", "list", items="text", default=("12:00", "14:00")),
    Field("percentile", "number", low=0, high=100, default=50),
    Field("departure", choices=("random", "planned"), default="random"),
    Field("arrive_by", "yes_no", default=False),
    Field("max_rides", "whole", low=1, high=20),
    Field("max_walk_secs", "number", low=0, high=21_600),
    Field("crs", required=True),
    Field("note_zh", default=""),
    Field("note_en", default=""),
    Field("baseline", required=True),
    Field("scenario", required=True),
    Field("origin", required=True),
    Field("spines", "list", items="text", default=()),
    Field("repair_stops", "yes_no", default=False),
    Field("isochrone_cutoffs_secs", "list", items="number", default=(900, 1800, 2700, 3600)),
    Field("accessibility_cutoffs_secs", "list", items="number", default=(1800, 2700, 3600)),
    Field("near_core_secs", "number", low=60, high=14_400, default=1800),
    Field("draws", "whole", low=0, high=10_000, default=100),
)
FILE_FIELDS = (
    Field("areas", required=True),
    Field("districts", required=True),
    Field("road_nodes", required=True),
    Field("road_edges", required=True),
    Field("screenlines", required=True),
    Field("transit", "list", items="text", required=True, default=()),
    Field("projects", required=True),
    Field("places", required=True),
    Field("population", required=True),
    Field("opportunities", required=True),
)
NOT_WITH_OSM = (
    *("districts", "road_nodes", "road_edges", "screenlines", "transit", "opportunities"),
)
"""Files that a study with a network from OpenStreetMap may do without."""
OSM_FIELDS = (
    Field("file", required=True),
    Field("buffer_m", "number", low=0, high=50_000, default=2_000),
    Field("routes", "list", items="text", default=ROUTES),
    Field("min_component_m", "number", low=0, high=100_000, default=1_000),
)
SCENARIO_FIELDS = (
    Field("name_zh", required=True),
    Field("name_en", required=True),
    Field("projects", "list", items="text"),
    Field("clauses", "list", items="text"),
    Field("open_by", "whole", low=1990, high=2100),
)
SCENARIO_WAYS = ("projects", "clauses", "open_by")
"""Keys that say which projects a scenario has: it has exactly one of them."""
OPPORTUNITY_FIELDS = (
    Field("name_zh"),
    Field("name_en"),
    Field("places", "list", items="text"),
    Field("opportunities", "list", items="text"),
    Field("file"),
    Field("column"),
)
OPPORTUNITY_WAYS = ("places", "opportunities", "file", "column")
"""Keys that say what an opportunity counts."""
GROUP_FIELDS = (
    Field("name_zh", required=True),
    Field("name_en", required=True),
    Field("projects", "list", items="text", required=True),
)
PARTNER_FIELDS = (
    Field("from_places", "list", items="text", required=True),
    Field("to_places", "list", items="text", required=True),
    Field("source", required=True),
)
UNCERTAIN_FIELDS = (
    Field("low", "number", required=True),
    Field("high", "number", required=True),
    Field("source", required=True),
)
