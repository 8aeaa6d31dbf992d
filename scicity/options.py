"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from analysis.buses.plan import LOOP_LINES
from geo.osm.overpass import Overpass
from maps.tiles import Tiles, osm_tiles, tianditu_tiles


def add_pair(parser: argparse.ArgumentParser) -> None:
    """The two scenarios of a question."""
    parser.add_argument("--baseline", metavar="ID", help="scenario to compare with")
    parser.add_argument("--scenario", metavar="ID", help="scenario asked about")


def _online_map(text: str) -> Tiles:
    """`osm`, or `tianditu:` and the user's key."""
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
    """Backgrounds from the internet."""
    parser.add_argument(
        "--online-map",
        action="append",
        type=_online_map,
        default=[],
        metavar="MAP",
        help="a background that map.html offers and never needs: osm, or tianditu:KEY",
    )


def add_also(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    """Further formats of layers."""
    parser.add_argument(
        "--also",
        action="append",
        choices=formats,
        default=[],
        metavar="FORMAT",
        help=f"layers in a further format, may be said again: {', '.join(formats)}",
    )


def add_isochrones(parser: argparse.ArgumentParser) -> None:
    """Where from, how, and how far."""
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
    """A file, or a server."""
    parser.add_argument(
        "--osm", type=Path, metavar="FILE", help="an .osm.pbf, .osm or .osm.bz2 file: no internet"
    )
    parser.add_argument(
        "--overpass", default=Overpass.url, metavar="URL", help=f"server (default: {Overpass.url})"
    )


def add_loops(parser: argparse.ArgumentParser) -> None:
    """How many loop lines to propose."""
    parser.add_argument(
        "--loops",
        type=int,
        choices=range(21),
        default=LOOP_LINES,
        metavar="N",
        help=f"loop lines to propose at most, 0 to 20 (default: {LOOP_LINES})",
    )
