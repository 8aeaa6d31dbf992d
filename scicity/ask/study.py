"""A study, read."""

from __future__ import annotations

from pathlib import Path

from geo.faults import BadInputError, Fault, shown
from scicity.inputs.read_study import bundled_study
from scicity.inputs.read_study import read_study as read_folder
from scicity.inputs.study import Study
from scicity.settings.rules import STUDY_FILE


def read_study(folder: str | Path | None = None) -> Study:
    """A study folder, read and checked.

    Parameters
    ----------
    folder
        The folder with study.toml, or that file; if not given, the bundled study of the Western
        Science City.

    Raises
    ------
    BadInputError
        With every fault of every file; also if the folder is none, or holds no study.toml.

    Examples
    --------
    >>> import scicity
    >>> scicity.read_study()
    Study('science-city': 6 areas, 72 places, 39 projects, 7 scenarios)
    """
    if folder is not None and not isinstance(folder, str | Path):
        allowed = "the path of a folder with study.toml"
        message = f"it is {shown(folder)}"
        raise BadInputError([Fault("folder", "", "value-wrong-type", message, allowed)])
    if folder is None:
        return read_folder(bundled_study())
    path = Path(folder).expanduser()
    return read_folder(path.parent if path.name == STUDY_FILE and path.is_file() else path)
