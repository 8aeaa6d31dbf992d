"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from analysis.attribution.shapley.sampling import FEWEST_ORDERS
from analysis.buses.plan import LOOP_LINES
from geo.osm.overpass import Overpass
from maps.tiles import Tiles, osm_tiles, tianditu_tiles
from scicity.commands.windows import add_day, add_windows
from scicity.results.attribution import MOST_DRAWS, ORDERS


def _add_scenarios(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", metavar="ID", help="scenario to compare with")
    parser.add_argument("--scenario", metavar="ID", help="scenario asked about")


def add_pair(parser: argparse.ArgumentParser) -> None:
    """Add the two scenarios to compare, and departures between them."""
    _add_scenarios(parser)
    add_windows(parser)


def add_networks(parser: argparse.ArgumentParser) -> None:
    """Add two scenarios on whose networks nobody travels: of a timetable only the day counts."""
    _add_scenarios(parser)
    add_day(parser)


def _online_map(text: str) -> Tiles:
    """Tiles of `osm`, or of `tianditu:` with the user's key."""
    name, _, key = text.partition(":")
    if text == "osm":
        return osm_tiles()
    if name == "tianditu":
        try:
            return tianditu_tiles(key)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
    raise argparse.ArgumentTypeError(f"{text!r} is neither osm nor tianditu:KEY")


def add_online_map(parser: argparse.ArgumentParser) -> None:
    """Add the option for online background maps."""
    parser.add_argument(
        "--online-map",
        action="append",
        type=_online_map,
        default=[],
        metavar="MAP",
        help="a background that map.html offers and never needs: osm, or tianditu:KEY",
    )


def add_also(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Add the option for further formats of layers."""
    parser.add_argument(
        "--also",
        action="append",
        choices=formats,
        default=[],
        metavar="FORMAT",
        help=f"layers in a further format, may be said again: {', '.join(formats)}",
    )


def add_isochrones(parser: argparse.ArgumentParser) -> None:
    """Add scenarios, origin, mode, period and cutoffs of isochrones."""
    add_pair(parser)
    parser.add_argument(
        "--origin", metavar="PLACE", help="a place_id, or lon,lat (default: the study's)"
    )
    parser.add_argument("--mode", choices=("walk", "drive", "transit"), default="transit")
    parser.add_argument("--period", choices=("peak", "offpeak"), default="peak")
    parser.add_argument(
        "--cutoffs", default="15,30,45,60", metavar="MINUTES", help="default: 15,30,45,60"
    )


def add_osm_source(parser: argparse.ArgumentParser) -> None:
    """Add the source of OpenStreetMap data: a file or a server."""
    parser.add_argument(
        "--osm", type=Path, metavar="FILE", help="an .osm.pbf, .osm or .osm.bz2 file: no internet"
    )
    parser.add_argument(
        "--overpass", default=Overpass.url, metavar="URL", help=f"server (default: {Overpass.url})"
    )


def add_loops(parser: argparse.ArgumentParser) -> None:
    """Add the number of loop lines to propose."""
    parser.add_argument(
        "--loops",
        type=int,
        choices=range(21),
        default=LOOP_LINES,
        metavar="N",
        help=f"loop lines to propose at most, 0 to 20 (default: {LOOP_LINES})",
    )


def _even(text: str) -> int:
    number = int(text)
    if number < FEWEST_ORDERS or number % 2:
        raise argparse.ArgumentTypeError(f"{number} is not an even number from {FEWEST_ORDERS} on")
    return number


def _draws(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_DRAWS:
        raise argparse.ArgumentTypeError(f"{number} is not a number from 0 to {MOST_DRAWS}")
    return number


def add_draws(parser: argparse.ArgumentParser) -> None:
    """Add the number of Monte Carlo draws of the assumed values."""
    parser.add_argument(
        "--draws",
        type=_draws,
        metavar="N",
        help="sets of assumed values to draw, 0 for none (default: draws of study.toml, 100)",
    )


def add_attribution(parser: argparse.ArgumentParser) -> None:
    """Add scenarios, draws and sampled orders of the attribution."""
    add_pair(parser)
    add_draws(parser)
    parser.add_argument(
        "--orders",
        type=_even,
        default=ORDERS,
        metavar="N",
        help="orders of building to sample if there are more than 14 projects or groups,"
        " or more than five that do more than add"
        f" (default: {ORDERS})",
    )
    parser.add_argument(
        "--buses",
        type=_even,
        metavar="N",
        help="attribute the gaps of the bus loops too, from so many orders of building (slow)",
    )
