"""How long hops take and how often trains run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.build.geojson import Record, point
from data.build.measure import hops_m
from data.build.services import CENTRAL_LINE, SPEEDS_OBSERVED, VALLEY, Service
from data.build.stops import find_station, stations_of

DETOUR = 1.1
"""Rail length over straight distance where no length is published."""
SHORTEST_HOP_SECS = 45
OTHER_PERIOD = 1.5
"""Off-peak over peak headway where one is unknown."""
CENTRAL_LINE_KPH = 150
WHOLE_LINE_LENGTHS = frozenset({"CHENGYU_MID", "YONGCHUAN"})
"""Lines of which the fact sheet has the length of more than its stations."""

LINE_10_HEADWAY = "headway_l10_min"
HSR_DAY_SECS = 16 * 3_600
HSR_HEADWAY_MIN = 30
SECS_PER_MINUTE = 60


@dataclass(frozen=True)
class Headways:
    """Seconds between departures, and which of the two are guesses."""

    peak: int
    offpeak: int
    guesses: tuple[str, ...]


def chain_of(service: Service, rail: Mapping[str, Record]) -> list[Record]:
    """Every station that a service passes, open or not, joints and loops included."""
    own = stations_of(service, rail)
    before = [find_station(rail, service.before)] if service.before else []
    after = [find_station(rail, service.after)] if service.after else []
    return [*before, *own, *after, *(own[:1] if service.closed else [])]


def _stretch(service: Service, rail: Mapping[str, Record]) -> float:
    """Rail length over straight distance, of the whole line where its length is published."""
    line = rail[service.rail_id]
    length_km = line["length_km"]["value"]
    if length_km is None or service.rail_id in WHOLE_LINE_LENGTHS:
        return DETOUR
    places = line["stations"] if service.section else chain_of(service, rail)
    return float(length_km * 1_000 / sum(hops_m([point(station) for station in places])))


def hop_secs(
    service: Service, rail: Mapping[str, Record], parameters: Mapping[str, Any]
) -> list[int]:
    """Seconds between the stations that are open; a closed one is passed without a stop."""
    chain = chain_of(service, rail)
    stretch = _stretch(service, rail)
    speeds = _speeds_kph(service, chain, parameters)
    secs = [
        metres * stretch / (kph / 3.6)
        for metres, kph in zip(hops_m([point(s) for s in chain]), speeds, strict=True)
    ]
    hops: list[float] = []
    for station, taken in zip(chain, [0.0, *secs], strict=True):
        hops = [*hops[:-1], hops[-1] + taken] if hops else [taken]
        if is_open(station):
            hops.append(0.0)
    whole = [round(max(value, SHORTEST_HOP_SECS)) for value in hops[1:-1]]
    return whole if service.run_secs is None else _spread(service.run_secs, whole)


def is_open(station: Record) -> bool:
    """Whether trains stop there."""
    return station.get("open") is not False


def _spread(run_secs: int, hops: Sequence[int]) -> list[int]:
    """A known run time over one hop; more would need a rule to share it out."""
    (_,) = hops
    return [run_secs]


def _speeds_kph(
    service: Service, chain: Sequence[Record], parameters: Mapping[str, Any]
) -> list[float]:
    """Commercial speed of each hop."""
    known = {**parameters, CENTRAL_LINE: CENTRAL_LINE_KPH}
    names = [station["name_zh"] for station in chain]
    valley = names.index(service.valley_from) if service.valley_from else len(names)
    return [known[VALLEY if hop >= valley else service.speed] for hop in range(len(names) - 1)]


def speed_is_guess(service: Service) -> bool:
    """Whether hop times rest on an assumed speed or run time."""
    return service.run_secs is not None or service.speed not in SPEEDS_OBSERVED


def headways(service: Service, facts_rail: Mapping[str, Record], line_10_min: float) -> Headways:
    """Departures of a service in both periods."""
    if service.is_main_line:
        return _main_line_headways(facts_rail[service.rail_id]["headway_min"])
    told = dict(facts_rail[service.rail_id]["headway_min"])
    if service.line == "10":
        told |= {"peak": line_10_min}
    peak, offpeak = _minutes(told, "peak"), _minutes(told, "offpeak")
    guesses = [
        f"headway_{period}_secs"
        for period, minutes in (("peak", told.get("peak")), ("offpeak", told.get("offpeak")))
        if minutes is None or ("peak_assumed" not in told and told.get("assumed"))
    ]
    peak = peak or offpeak / OTHER_PERIOD
    offpeak = offpeak or peak * OTHER_PERIOD
    return Headways(_secs(peak), _secs(offpeak), tuple(guesses))


def _main_line_headways(told: Record) -> Headways:
    """Trains a day in both directions over 16 hours, else an assumption."""
    if "trains_per_day" in told:
        secs = HSR_DAY_SECS // (told["trains_per_day"] // 2)
        return Headways(secs, secs, ())
    secs = _secs(HSR_HEADWAY_MIN)
    return Headways(secs, secs, ("headway_peak_secs", "headway_offpeak_secs"))


def _minutes(told: Record, period: str) -> float:
    return float(told.get(period) or told.get(f"{period}_assumed") or 0)


def _secs(minutes: float) -> int:
    return round(minutes * SECS_PER_MINUTE)
