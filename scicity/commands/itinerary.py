"""`scicity itinerary`: by which way one travels, leg by leg."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from analysis.itineraries.itinerary import Itinerary
from analysis.itineraries.legs import RIDE, WALK
from analysis.itineraries.trips import TAKES
from geo.crs import to_wgs84
from geo.faults import Fault, check_faults
from scicity.ask.itinerary import itinerary_of
from scicity.commands.parser import add_command
from scicity.commands.study import place_of, requested_study, results_folder
from scicity.commands.windows import add_trip_limits
from scicity.console import say
from scicity.inputs.study import Study
from scicity.outputs.files import LayerFile, write_csv, write_layers
from scicity.results.run_results import Tick

REASONS = {
    "too_far_from_network": "no street within {snap_m:g} m of one of the points",
    "beyond_cutoff": "it takes more than {minutes:g} min (max_trip_secs)",
    "different_component": "no streets or lines join the points",
}
NAMES = ("--from", "--to", "--depart", "--arrive-by")


def _clock(secs: float) -> str:
    """A time of day, to the second.

    Examples
    --------
    >>> _clock(27005.4), _clock(90000)
    ('07:30:05', '25:00:00')
    """
    whole = round(secs)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _line(leg: Any) -> str:
    """What one does on a leg."""
    name = leg.route_name_en.replace(" | ", " or ")
    if leg.kind == RIDE:
        return f"{name} from {leg.from_name} to {leg.to_name}, stops between: {leg.stops_passed}"
    moves = leg.kind == WALK and leg.from_id != leg.to_id
    return f"to {leg.to_name}" if moves else f"at {leg.from_name}"


def _say_legs(found: Itinerary) -> None:
    """Print the legs, with times of the day if there are some."""
    legs = found.legs
    for leg in legs.itertuples():
        start = f"{_clock(leg.depart_secs)} " if found.has_clock else ""
        say(f"{start}{leg.kind:<4} {leg.secs / 60:5.1f} min  {_line(leg)}")
    end = f"{_clock(legs['arrive_secs'].iloc[-1])} " if found.has_clock else ""
    rides = int((legs["kind"] == RIDE).sum())
    say(f"{end}arrival after {found.secs / 60:.1f} min; rides: {rides}")


def _reason(study: Study, found: Itinerary) -> str:
    """Why there is no way, for people."""
    assumptions = study.settings.assumptions
    values = {"snap_m": assumptions.snap_limit_m, "minutes": assumptions.max_trip_secs / 60}
    return REASONS[found.reason].format(**values)


def _write(found: Itinerary, out: Path) -> None:
    """Write the legs as a layer and as a table."""
    legs = to_wgs84(found.legs)
    with results_folder(out) as folder:
        write_layers([LayerFile("itinerary", legs, "leg")], folder)
        write_csv(legs.drop(columns="geometry"), folder / "itinerary.csv")


def _check_window(arguments: argparse.Namespace) -> None:
    """Refuse a window beside a time of day, which is a departure or an arrival of its own.

    Raises
    ------
    BadInputError
    """
    named = {"--depart": arguments.depart, "--arrive-by": arguments.arrive}
    times = [name for name, value in named.items() if value not in (None, *TAKES)]
    if arguments.window is not None and times:
        message, allowed = f"{times[0]} says when", "one of them"
        check_faults([Fault("--window", "", "option-unused", message, allowed)])


def tell_itinerary(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity itinerary`: 0 with a way, 1 without."""
    _check_window(arguments)
    study = requested_study(arguments, tick)
    found = itinerary_of(
        study,
        arguments.scenario,
        (place_of(arguments.origin), place_of(arguments.destination)),
        (arguments.depart, arguments.arrive),
        period=arguments.period,
        named=NAMES,
    )
    if not len(found.legs):
        say(f"no way: {_reason(study, found)}")
        return 1
    _say_legs(found)
    if arguments.out is not None:
        _write(found, arguments.out)
    return 0


def add_itinerary(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scicity itinerary` with its options."""
    command = add_command(
        group,
        "itinerary",
        does=tell_itinerary,
        text="by which way one travels between two points: walks, waits, lines",
        example="scicity itinerary --from SC_CENTRE --to PK_SF --depart 07:30",
        out=None,
    )
    command.add_argument(
        "--from", dest="origin", required=True, metavar="PLACE", help="a place_id, or lon,lat"
    )
    command.add_argument(
        "--to", dest="destination", required=True, metavar="PLACE", help="likewise"
    )
    command.add_argument("--scenario", metavar="ID", help="scenario asked about")
    command.add_argument("--period", choices=("peak", "offpeak"), default="peak")
    command.add_argument(
        "--depart",
        metavar="HH:MM",
        help="when one leaves; or best, median: which departure of the window (default: best)",
    )
    command.add_argument(
        "--arrive-by", dest="arrive", metavar="HH:MM", help="when one must have arrived"
    )
    add_trip_limits(command)
