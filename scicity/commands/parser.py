"""Parsers of commands, with the options that all of them have."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from scicity.inputs.read_study import bundled_study
from scicity.results.run_results import Tick

NUMBERS = re.compile(r"^-\.?[0-9][0-9.,: -]*$")
"""Longitudes in the west, alone or in a list: not options, though they begin with a minus."""
Command = Callable[[argparse.Namespace, Tick], int]


def add_command(
    group: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    *,
    does: Command,
    text: str,
    example: str,
    out: Path | None = Path("out"),
) -> argparse.ArgumentParser:
    """Add a command with `--study` and `--out`, and an example at the end of its help."""
    parser = group.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser._negative_number_matcher = NUMBERS  # noqa: SLF001 - argparse knows single numbers only
    parser.set_defaults(does=does)
    parser.add_argument(
        "--study",
        type=Path,
        default=bundled_study(),
        metavar="FOLDER",
        help="folder with study.toml (default: the bundled Science City study)",
    )
    help_text = "results (default: out)" if out else "also write the answer there, as files"
    parser.add_argument("--out", type=Path, default=out, metavar="FOLDER", help=help_text)
    return parser
