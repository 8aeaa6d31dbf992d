"""The command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from tqdm import tqdm

from geo.faults import BadInputError
from scicity.commands import attribute as attribute_command
from scicity.commands import study as commands
from scicity.commands.itinerary import add_itinerary
from scicity.commands.matrix import add_matrix
from scicity.commands.options import (
    add_also,
    add_attribution,
    add_draws,
    add_isochrones,
    add_loops,
    add_networks,
    add_online_map,
    add_pair,
)
from scicity.commands.osm import add_fetch, add_init
from scicity.commands.parser import add_command
from scicity.commands.windows import add_windows
from scicity.outputs.formats import ALSO, FORMATS
from scicity.run import STEPS

DONE, FINDINGS, BAD = 0, 1, 2
"""Exit codes: done; done with findings; wrong use or bad input."""


def _add_whole_study(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = add_command(
        group,
        "run",
        does=commands.run_study,
        text="compute the whole study and write map, layers, tables and report",
        example="scicity run --out out",
    )
    add_online_map(run)
    add_also(run, ALSO)
    add_draws(run)
    add_windows(run)
    add_command(
        group,
        "check",
        does=commands.list_faults,
        text="list everything wrong with a study; exit 0 sound, 1 warnings, 2 errors",
        example="scicity check --study my-study --out check",
        out=None,
    )
    isochrones = add_command(
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
        (add_networks, partial(add_also, formats=tuple(FORMATS))),
    ),
)
"""Commands on two scenarios: name, function, help, example, functions that add options."""


def _add_comparisons(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, does, text, example, options in COMPARISONS:
        command = add_command(group, name, does=does, text=text, example=example)
        for add in options:
            add(command)


def parser() -> argparse.ArgumentParser:
    """Parser of all commands with their options and examples."""
    top = argparse.ArgumentParser(
        prog="scicity",
        description="What would planned links change, for whom, and which one does it?",
    )
    group = top.add_subparsers(required=True, metavar="COMMAND")
    makers = (_add_whole_study, _add_comparisons, add_fetch, add_matrix, add_itinerary, add_init)
    for add in makers:
        add(group)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; faults are listed on standard error, without a traceback."""
    arguments = parser().parse_args(argv)
    bar = tqdm(total=len(STEPS), disable=None, leave=False, bar_format="{desc} {bar} {elapsed}")

    def tick(step: str) -> None:
        bar.set_description_str(step)
        bar.update(step in STEPS)

    try:
        code: int = arguments.does(arguments, tick)
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
