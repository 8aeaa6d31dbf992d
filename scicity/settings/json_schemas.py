"""JSON Schemas of study.toml and of project files, made of the tables that check them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.attribution.uncertainty import UNCERTAIN_NAMES
from geo.fields import Field
from geo.formats.geojson import LayerSchema
from layers.assumptions import ENTRY_FIELDS, assumption_fields
from layers.projects import ELEMENTS, PROJECT_FIELDS
from scicity.settings.fields import (
    FILE_FIELDS,
    GROUP_FIELDS,
    NOT_WITH_OSM,
    OPPORTUNITY_FIELDS,
    OPTIONAL_SECTIONS,
    OSM_FIELDS,
    PARTNER_FIELDS,
    SCENARIO_FIELDS,
    SCENARIO_WAYS,
    SECTIONS,
    STUDY_FIELDS,
    UNCERTAIN_FIELDS,
)

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {"text": "string", "number": "number", "whole": "integer", "yes_no": "boolean"}


def field_schema(field: Field) -> Schema:
    """What a field may hold; null too where it need not be there.

    Examples
    --------
    >>> field_schema(Field("lanes", "whole", required=True, low=1, high=24))
    {'type': 'integer', 'minimum': 1, 'maximum': 24}
    >>> field_schema(Field("kind", choices=("a", "b")))
    {'type': ['string', 'null'], 'enum': ['a', 'b', None]}
    """
    if field.kind == "any":
        return {}
    schema: Schema = {"type": TYPES.get(field.kind, "string")}
    if field.kind == "date":
        schema["format"] = "date"
    if field.kind == "list":
        items = {} if field.items == "any" else {"items": {"type": TYPES[field.items]}}
        schema = {"type": "array", **items}
    if field.low > float("-inf"):
        schema["minimum"] = field.low
    if field.high < float("inf"):
        schema["maximum"] = field.high
    if field.choices:
        schema["enum"] = list(field.choices)
    return schema if field.required else _or_null(schema)


def _or_null(schema: Schema) -> Schema:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **more}


def record_schema(fields: Sequence[Field]) -> Schema:
    """An object of these fields and no others."""
    return {
        "type": "object",
        "properties": {field.name: field_schema(field) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _tables(entry: Schema) -> Schema:
    """Named tables that are all alike."""
    return {"type": "object", "additionalProperties": entry}


def _named(entries: Mapping[str, Schema]) -> Schema:
    """Some tables of known names."""
    return {"type": "object", "properties": dict(entries), "additionalProperties": False}


def _assumption(item: dataclasses.Field[Any]) -> Schema:
    number = {
        "type": "number",
        "minimum": item.metadata["low"],
        "maximum": item.metadata["high"],
        "description": item.metadata["unit"],
    }
    # those by class or mode are made by a factory
    by_class = item.default is dataclasses.MISSING
    schema = record_schema(ENTRY_FIELDS)
    schema["properties"]["value"] = _tables(number) if by_class else number
    return schema


def _files() -> Schema:
    schema = record_schema(FILE_FIELDS)
    schema["required"] = [name for name in schema["required"] if name not in NOT_WITH_OSM]
    return schema


def study_schema() -> Schema:
    """study.toml as JSON: dates as text, YYYY-MM-DD."""
    scenario = record_schema(SCENARIO_FIELDS)
    scenario["oneOf"] = [{"required": [way]} for way in SCENARIO_WAYS]
    assumptions = {item.name: _assumption(item) for item in assumption_fields()}
    sections: Mapping[str, Schema] = {
        "study": record_schema(STUDY_FIELDS),
        "files": _files(),
        "datums": _tables({"type": ["string", "array"], "items": {"type": "string"}}),
        "osm": record_schema(OSM_FIELDS),
        "opportunities": _tables(record_schema(OPPORTUNITY_FIELDS)),
        "scenarios": _tables(scenario),
        "groups": _tables(record_schema(GROUP_FIELDS)),
        "partners": record_schema(PARTNER_FIELDS),
        "assumptions": _named(assumptions),
        "uncertain": _named(dict.fromkeys(UNCERTAIN_NAMES, record_schema(UNCERTAIN_FIELDS))),
    }
    return {
        "$schema": DIALECT,
        "title": "study.toml of scicity, as JSON",
        "type": "object",
        "properties": {name: sections[name] for name in SECTIONS},
        "required": [name for name in SECTIONS if name not in OPTIONAL_SECTIONS],
        "additionalProperties": False,
        "if": {"not": {"required": ["osm"]}},
        "then": {"properties": {"files": {"required": list(NOT_WITH_OSM)}}},
    }


def _feature(element: str, layer: LayerSchema) -> Schema:
    tag = Field("element", required=True, choices=(element,))
    return {
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "properties": record_schema((tag, *layer.fields, *PROJECT_FIELDS)),
            "geometry": {
                "type": "object",
                "properties": {
                    "type": {"enum": list(layer.types)},
                    "coordinates": {"type": "array"},
                },
                "required": ["type", "coordinates"],
            },
        },
        "required": ["type", "properties", "geometry"],
    }


def project_schema() -> Schema:
    """A project's GeoJSON file: each feature is a road, a route or a station."""
    tagged = [
        {
            "if": {"properties": {"properties": {"properties": {"element": {"const": name}}}}},
            "then": _feature(name, layer),
        }
        for name, layer in ELEMENTS.items()
    ]
    element = {"properties": {"element": {"enum": list(ELEMENTS)}}, "required": ["element"]}
    return {
        "$schema": DIALECT,
        "title": "A project of scicity (GeoJSON, EPSG:4326)",
        "type": "object",
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {"properties": {"type": "object", **element}},
                    "required": ["properties"],
                    "allOf": tagged,
                },
            },
        },
        "required": ["type", "features"],
    }


SCHEMAS = {"study": study_schema, "project": project_schema}
"""By the name of the file in docs/schemas."""
