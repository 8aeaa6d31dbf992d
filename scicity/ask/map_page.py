"""The map page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo.faults import BadInputError, Fault, shown
from scicity.ask.checks import checked
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.run_results import (
    all_results,
)


def write_map(
    study: Study,
    path: str | Path,
    scenario: str | None = None,
    *,
    baseline: str | None = None,
) -> Path:
    """The map page of two scenarios: one HTML file that opens without the internet.

    It takes as long as `scicity map`: everything that a click may ask for is computed.

    Parameters
    ----------
    study, scenario, baseline
        As for `accessibility`.
    path
        The file to write; its folder must be there.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    BadInputError
        As for `accessibility`; also if the file's folder is missing or the name ends otherwise
        than in .html.
    """
    # the drawing libraries are slow to load and no other question needs them
    from scicity.figures.map_page import write_page  # noqa: PLC0415

    check_study(study)
    file, pair = checked(lambda: _html_file(path), lambda: named_pair(study, scenario, baseline))
    results = all_results(study, pair=pair, draws=0)
    write_page(study, results, file)
    return Path(file)


def _html_file(path: Any) -> Path:
    if not isinstance(path, str | Path) or Path(path).suffix.lower() not in (".html", ".htm"):
        message, allowed = f"it is {shown(path)}", "the path of an .html file"
        raise BadInputError([Fault("path", "", "value-wrong-type", message, allowed)])
    file = Path(path)
    if file.is_dir():
        raise BadInputError(
            [Fault("path", file.name, "value-wrong-type", "it is a folder", "a file")]
        )
    if not file.parent.is_dir():
        message, allowed = f"there is no folder {file.parent}", "a folder that is there"
        raise BadInputError([Fault("path", file.name, "file-missing", message, allowed)])
    return file
