"""Assumptions of the analysis: one table of values with units, ranges and sources."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.faults import Fault, shown
from geo.fields import Field, checked_record


def _value(default: Any, unit: str, low: float, high: float) -> Any:
    return field(default=default, metadata={"unit": unit, "low": low, "high": high})


def _table(default: dict[str, float], unit: str, low: float, high: float) -> Any:
    return field(
        default_factory=lambda: dict(default), metadata={"unit": unit, "low": low, "high": high}
    )


@dataclass(frozen=True)
class ValueSource:
    """The source of a value: a text, and `published`, `derived` or `assumed`."""

    text: str
    confidence: str


@dataclass(frozen=True)
class Assumptions:
    """All values that the analysis assumes.

    A study overrides the defaults in `study.toml` and names the source of each value. Units are
    in the names and in each field's metadata, with the allowed range.

    Examples
    --------
    >>> Assumptions().walk_speed_kph
    4.5
    """

    walk_speed_kph: float = _value(4.5, "km/h", 2, 8)
    drive_connector_kph: float = _value(20.0, "km/h", 5, 60)
    detour: float = _value(1.3, "ratio", 1, 2)
    snap_limit_m: float = _value(1_000.0, "m", 10, 20_000)
    portal_snap_m: float = _value(300.0, "m", 1, 2_000)
    max_direct_walk_m: float = _value(300.0, "m", 0, 3_000)
    max_trip_secs: float = _value(10_800.0, "s", 600, 43_200)
    peak_speed_factor: Mapping[str, float] = _table({"default": 0.5}, "ratio", 0.05, 1)
    offpeak_speed_factor: Mapping[str, float] = _table({"default": 0.8}, "ratio", 0.05, 1)
    maxspeed_default_kph: Mapping[str, float] = _table(
        {
            "motorway": 100.0,
            "trunk": 80.0,
            "primary": 60.0,
            "secondary": 50.0,
            "tertiary": 40.0,
            "unclassified": 40.0,
            "residential": 30.0,
            "living_street": 20.0,
            "service": 20.0,
            "busway": 40.0,
            "ferry": 15.0,
            "default": 20.0,
        },
        "km/h",
        5,
        140,
    )
    transit_speed_kph: Mapping[str, float] = _table(
        {
            "subway": 35.0,
            "light_rail": 23.0,
            "monorail": 23.0,
            "tram": 18.0,
            "train": 60.0,
            "bus": 17.0,
        },
        "km/h",
        3,
        350,
    )
    headway_default_peak_secs: Mapping[str, float] = _table(
        {
            "subway": 300.0,
            "light_rail": 480.0,
            "monorail": 480.0,
            "tram": 600.0,
            "train": 1_800.0,
            "bus": 900.0,
        },
        "s",
        30,
        14_400,
    )
    headway_default_offpeak_secs: Mapping[str, float] = _table(
        {
            "subway": 480.0,
            "light_rail": 720.0,
            "monorail": 720.0,
            "tram": 900.0,
            "train": 3_600.0,
            "bus": 1_200.0,
        },
        "s",
        30,
        14_400,
    )
    stop_access_default_secs: Mapping[str, float] = _table(
        {
            "subway": 120.0,
            "light_rail": 60.0,
            "monorail": 60.0,
            "tram": 0.0,
            "train": 180.0,
            "bus": 0.0,
        },
        "s",
        0,
        1_800,
    )
    lane_capacity: Mapping[str, float] = _table(
        {
            "100": 2_000,
            "80": 1_750,
            "60": 1_400,
            "50": 1_350,
            "40": 1_300,
            "30": 1_300,
            "20": 1_100,
        },
        "pcu/h/lane",
        100,
        3_000,
    )
    bpr_alpha: float = _value(0.15, "ratio", 0, 2)
    bpr_beta: float = _value(4.0, "exponent", 1, 12)
    zone_across_m: float = _value(500.0, "m", 50, 5_000)
    population_density_per_km2: float = _value(6_000.0, "people/km2", 100, 60_000)
    surface_cell_m: float = _value(25.0, "m", 5, 500)
    max_offroad_m: float = _value(200.0, "m", 0, 3_000)
    gravity_half_secs: float = _value(1_200.0, "s", 60, 7_200)
    network_edge_m: float = _value(1_000.0, "m", 0, 20_000)
    gateway_spacing_m: float = _value(300.0, "m", 0, 5_000)
    stop_area_walk_m: float = _value(300.0, "m", 0, 1_000)
    max_loop_km: float = _value(40.0, "km", 1, 200)
    facing_ends_m: float = _value(2_000.0, "m", 0, 20_000)
    unfed_station_m: float = _value(3_000.0, "m", 0, 20_000)
    bus_catchment_m: float = _value(500.0, "m", 50, 2_000)
    link_headway_secs: float = _value(600.0, "s", 60, 7_200)
    bus_slower: float = _value(1.2, "ratio", 1, 3)
    bus_dwell_secs: float = _value(30.0, "s", 0, 180)
    layover_secs: float = _value(300.0, "s", 0, 3_600)
    loop_min_km: float = _value(8.0, "km", 1, 200)
    loop_stop_spacing_m: float = _value(400.0, "m", 50, 5_000)
    sources: Mapping[str, ValueSource] = field(default_factory=dict)

    @property
    def walk_mps(self) -> float:
        """Walking speed in metres a second."""
        return self.walk_speed_kph / 3.6


def assumption_fields() -> list[dataclasses.Field[Any]]:
    """The fields that hold a value, in order of definition."""
    return [item for item in dataclasses.fields(Assumptions) if item.name != "sources"]


ENTRY_FIELDS = (
    Field("value", "any", required=True),
    Field("source", required=True),
    Field("confidence", required=True, choices=("published", "derived", "assumed")),
)


def _range_faults(item: dataclasses.Field[Any], value: Any, file: str) -> list[Fault]:
    low, high = item.metadata["low"], item.metadata["high"]
    allowed = f"{low:g} to {high:g} {item.metadata['unit']}"
    is_table = isinstance(value, dict)
    wants_table = item.default is dataclasses.MISSING
    if is_table != wants_table:
        expected = "a table" if wants_table else "one number"
        message = f"value is {shown(value)}"
        return [Fault(file, item.name, "value-wrong-type", message, expected, value=value)]
    numbers = value if isinstance(value, dict) else {"value": value}
    return [
        Fault(
            file,
            item.name,
            "value-out-of-range",
            f"{key} is {shown(number)}",
            allowed,
            value=number,
        )
        for key, number in numbers.items()
        if isinstance(number, bool)
        or not isinstance(number, int | float)
        or not low <= number <= high
    ]


def parse_assumptions(entries: Mapping[str, Any], file: str) -> tuple[Assumptions, list[Fault]]:
    """Assumptions from the `[assumptions.<name>]` tables of a study.

    Each table holds `value`, `source` and `confidence`. Values that are not
    given keep their default, and so do missing entries of a value by class or mode.

    Examples
    --------
    >>> entry = {"value": 40, "source": "a guess", "confidence": "assumed"}
    >>> _, faults = parse_assumptions({"walk_speed_kph": entry}, "study.toml")
    >>> print(faults[0])
    error value-out-of-range study.toml walk_speed_kph: value is 40 (allowed: 2 to 8 km/h)
    """
    if not isinstance(entries, Mapping):
        message = f"assumptions is {shown(entries)}"
        return Assumptions(), [Fault(file, "", "value-wrong-type", message, "tables")]
    items = {item.name: item for item in assumption_fields()}
    names = [Field(name, "any") for name in items]
    _, faults = checked_record(dict(entries), names, file, "assumptions")
    values: dict[str, Any] = {}
    sources: dict[str, ValueSource] = {}
    for name, entry in entries.items():
        if name not in items:
            continue
        record, entry_faults = checked_record(
            entry if isinstance(entry, dict) else {"value": entry}, ENTRY_FIELDS, file, name
        )
        entry_faults = entry_faults or _range_faults(items[name], record["value"], file)
        faults += entry_faults
        if not entry_faults:
            default, value = getattr(Assumptions(), name), record["value"]
            values[name] = {**default, **value} if isinstance(value, dict) else value
            sources[name] = ValueSource(record["source"], record["confidence"])
    return Assumptions(**values, sources=sources), faults
