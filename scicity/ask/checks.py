"""Arguments checked together: everything that is wrong is reported at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.faults import BadInputError, Fault, check_faults


def checked(*readings: Callable[[], Any]) -> tuple[Any, ...]:
    """What each reading of an argument gives, or the faults of all of them.

    Parameters
    ----------
    readings
        Functions without arguments that return a value or raise BadInputError.

    Raises
    ------
    BadInputError
        With the faults of every reading that failed.

    Examples
    --------
    >>> checked(lambda: 1, lambda: "two")
    (1, 'two')
    """
    values: list[Any] = []
    faults: list[Fault] = []
    for reading in readings:
        try:
            values.append(reading())
        except BadInputError as error:
            faults += error.faults
    check_faults(faults)
    return tuple(values)
