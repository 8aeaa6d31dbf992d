"""The command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from tqdm import tqdm

from analysis.graph.routable_network import MODES, WAIT_SHARE
from geo.faults import BadInputError
from geo.osm.nominatim import NOMINATIM
from scicity.commands import attribute as attribute_command
from scicity.commands import matrix as matrix_command
from scicity.commands import osm as osm_commands
from scicity.commands import study as commands
from scicity.commands.options import (
    add_also,
    add_attribution,
    add_draws,
    add_isochrones,
    add_loops,
    add_online_map,
    add_osm_source,
    add_pair,
)
from scicity.inputs.read_study import bundled_study
from scicity.outputs.formats import ALSO, FORMATS
from scicity.results.run_results import Tick
from scicity.run import STEPS

DONE, FINDINGS, BAD = 0, 1, 2
"""Exit codes: done; done, with something to look at; wrong use or bad input."""

Command = Callable[[argparse.Namespace, Tick], int]


def _command(
    commands_of: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    *,
    does: Command,
    text: str,
    example: str,
    out: Path | None = Path("out"),
) -> argparse.ArgumentParser:
    parser = commands_of.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(does=does)
    parser.add_argument(
        "--study",
        type=Path,
        default=bundled_study(),
        metavar="FOLDER",
        help="folder with study.toml (default: the bundled Science City study)",
    )
    told = "results (default: out)" if out else "also write check.html, .json and .geojson there"
    parser.add_argument("--out", type=Path, default=out, metavar="FOLDER", help=told)
    return parser


def _add_matrix(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    matrix = _command(
        group,
        "matrix",
        does=matrix_command.write_travel_times,
        text="travel times between all zones or places, as a folder of Parquet files",
        example="scicity matrix --scenario plan --mode transit --limit 90\n"
        "  scicity matrix --points places --dask tcp://10.0.0.5:8786",
    )
    matrix.add_argument("--scenario", metavar="ID", help="scenario asked about")
    matrix.add_argument("--mode", choices=MODES, default="transit", help="default: transit")
    matrix.add_argument("--period", choices=("peak", "offpeak"), default="peak")
    matrix.add_argument(
        "--band", choices=tuple(WAIT_SHARE), default="expected", help="luck with waiting"
    )
    matrix.add_argument(
        "--limit",
        type=float,
        metavar="MINUTES",
        help="longer trips are not listed (default: the study's max_trip_secs)",
    )
    matrix.add_argument(
        "--points", choices=matrix_command.POINTS, default="zones", help="default: zones"
    )
    matrix.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="share the work: tcp://HOST:PORT of a Dask scheduler, or local for more processes",
    )
    matrix.add_argument(
        "--workers", type=int, metavar="N", help="processes of --dask local (default: one a core)"
    )


def _add_init(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = _command(
        group,
        "init",
        does=osm_commands.new_study,
        text="a new study folder: a copy to change, or any place from OpenStreetMap",
        example="scicity init my-study\n"
        "  scicity init helsinki --bbox 24.93,60.16,24.96,60.18 --osm finland.osm.pbf",
    )
    init.add_argument("folder", type=Path, help="folder to make")
    which = init.add_mutually_exclusive_group()
    which.add_argument("--place", metavar="NAME", help="a place by its name in OpenStreetMap")
    which.add_argument("--bbox", metavar="W,S,E,N", help="a box in degrees")
    init.add_argument(
        "--admin-level",
        type=int,
        metavar="N",
        help="OpenStreetMap level of the areas (default: the coarsest that divides the place)",
    )
    init.add_argument(
        "--population", type=Path, metavar="FILE", help="people: a GeoTIFF or a GeoJSON layer"
    )
    init.add_argument("--nominatim", default=NOMINATIM, metavar="URL", help="where names are found")
    add_osm_source(init)


def _add_whole_study(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _command(
        group,
        "run",
        does=commands.run_study,
        text="compute the whole study and write map, layers, tables and report",
        example="scicity run --out out",
    )
    add_online_map(run)
    add_also(run, ALSO)
    add_draws(run)
    _command(
        group,
        "check",
        does=commands.check_study,
        text="list everything wrong with a study; exit 0 sound, 1 warnings, 2 errors",
        example="scicity check --study my-study --out check",
        out=None,
    )
    isochrones = _command(
        group,
        "isochrones",
        does=commands.draw_isochrones,
        text="areas and streets reached from one origin, before and after",
        example="scicity isochrones --origin 106.30,29.61 --mode transit --cutoffs 30,45",
    )
    add_isochrones(isochrones)


COMPARISONS = (
    (
        "compare",
        commands.compare,
        "travel times between places and accessibility of two scenarios",
        "scicity compare --baseline today --scenario open_by_2027",
        (add_pair,),
    ),
    (
        "bus-loops",
        commands.find_bus_loops,
        "gateways, loops and gaps of cross-border buses, and the links that close them",
        "scicity bus-loops --scenario plan --loops 3",
        (add_pair, add_loops),
    ),
    (
        "attribute",
        attribute_command.attribute,
        "which project of a scenario brings what, and how sure that is",
        "scicity attribute --scenario plan --draws 200 --buses 24",
        (add_attribution,),
    ),
    (
        "map",
        commands.draw_map,
        "the map page and the figures alone",
        "scicity map --scenario all --out maps-of-all",
        (add_pair, add_online_map),
    ),
    (
        "export",
        commands.export,
        "the networks of two scenarios as GeoJSON and GeoPackage for QGIS",
        "scicity export --scenario plan --out qgis",
        (add_pair, partial(add_also, formats=tuple(FORMATS))),
    ),
)
"""Commands on two scenarios: name, what it does, what it says of itself, an example, options."""


def _add_comparisons(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, does, text, example, options in COMPARISONS:
        command = _command(group, name, does=does, text=text, example=example)
        for add in options:
            add(command)


def _add_fetch(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    fetch = _command(
        group,
        "fetch",
        does=osm_commands.fetch_network,
        text="streets and lines from OpenStreetMap: from the internet, or from a file",
        example="scicity fetch --study my-study --osm chongqing.osm.pbf",
    )
    add_osm_source(fetch)
    fetch.add_argument(
        "--date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="OpenStreetMap as it was on that day (default: the study's baseline date)",
    )


def parser() -> argparse.ArgumentParser:
    """Every command with its options and an example."""
    top = argparse.ArgumentParser(
        prog="scicity",
        description="What would planned links change, for whom, and which one does it?",
    )
    group = top.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_whole_study, _add_comparisons, _add_fetch, _add_matrix, _add_init):
        add(group)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; faults are listed on the error stream, never as a traceback."""
    asked = parser().parse_args(arguments)
    bar = tqdm(total=len(STEPS), disable=None, leave=False, bar_format="{desc} {bar} {elapsed}")

    def tick(step: str) -> None:
        bar.set_description_str(step)
        bar.update(step in STEPS)

    try:
        code: int = asked.does(asked, tick)
    except BadInputError as error:
        bar.close()
        print(error, file=sys.stderr)  # noqa: T201
        return BAD
    except OSError as error:
        bar.close()
        print(f"error file: {error}", file=sys.stderr)  # noqa: T201
        return BAD
    bar.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
