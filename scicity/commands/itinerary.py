"""`scicity itinerary`: by which way one travels, leg by leg."""

from __future__ import annotations

import argparse
from typing import Any

from geo.osm.file import Tick
from scicity.ask.itinerary import itinerary
from scicity.commands.parser import add_command
from scicity.commands.study import requested_study, results_folder
from scicity.commands.windows import add_windows
from scicity.console import say

LONLAT_PARTS = 2


def _place(text: str) -> Any:
    """A place, or a point `lon,lat`."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return text
    return {text: (numbers[0], numbers[1])} if len(numbers) == LONLAT_PARTS else text


def _clock(secs: int) -> str:
    return f"{secs // 3600:02}:{secs // 60 % 60:02}:{secs % 60:02}"


def tell_itinerary(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity itinerary`: 0 with a way, 1 without."""
    study = requested_study(arguments, tick)
    legs = itinerary(
        study,
        arguments.scenario,
        origin=_place(arguments.origin),
        destination=_place(arguments.destination),
        depart=arguments.depart,
        arrive_by=arguments.arrive,
    )
    for leg in legs.itertuples():
        line = f" {leg.line}" if leg.line else ""
        stay = " on board" if leg.trip_id == "on board" else ""
        stops = f", {leg.stops} stops" if leg.stops else ""
        there = f" {leg.from_name} > {leg.to_name}" if leg.kind != "wait" else f" {leg.from_name}"
        long = f"{leg.secs / 60:.1f} min"
        say(f"{_clock(leg.depart_secs)} {leg.kind}{line}{stay}{there}: {long}{stops}")
    if not len(legs):
        minutes = study.settings.assumptions.max_trip_secs / 60
        say(f"no way within {minutes:g} min")
        return 1
    say(f"{_clock(legs['arrive_secs'].iloc[-1])} arrival, {legs['secs'].sum() / 60:.1f} min")
    if arguments.out is not None:
        with results_folder(arguments.out) as folder:
            legs.to_csv(folder / "itinerary.csv", index=False)
    return 0


def add_itinerary(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scicity itinerary` with its options."""
    command = add_command(
        group,
        "itinerary",
        does=tell_itinerary,
        text="by which way one travels between two points: walks, waits, lines",
        example="scicity itinerary --study my-study --from 106.30,29.61 --to PK_SF --depart 07:30",
        out=None,
    )
    command.add_argument(
        "--from", dest="origin", required=True, metavar="PLACE", help="a place_id, or lon,lat"
    )
    command.add_argument("--to", dest="destination", required=True, metavar="PLACE")
    command.add_argument("--scenario", metavar="ID", help="scenario asked about")
    command.add_argument("--depart", metavar="HH:MM", help="when one leaves")
    command.add_argument("--arrive", metavar="HH:MM", help="when one must have arrived")
    add_windows(command)
