"""Files that nobody would write: every reader says what is wrong, none breaks, none hangs.

Sound files are damaged at random: bytes are changed, cut out, doubled or moved, and in texts also
values, numbers and names put in each other's places. `SCICITY_FUZZ_SECS=150` goes on for so many
seconds with each of the four kinds of file: ten minutes; `SCICITY_FUZZ_SEED=100000` does so with
other damage. Else number and damage are the same everywhere.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from coordinates import CRS
from transit_tables import PLAIN

from geo.faults import BadInputError
from layers.files.transit import read_transit
from layers.gtfs.writing import write_gtfs
from layers.places import PLACES, read_points
from layers.projects import read_project
from scicity.inputs.read_study import bundled_study
from scicity.inputs.study import Study
from scicity.settings.settings import read_settings

SECS = float(os.environ.get("SCICITY_FUZZ_SECS", "0"))
LONG_RUN = 300
"""Damaged files of each kind if no seconds are set."""
LONG_S = 20
"""A reader that needs longer for a small file hangs."""
PLAIN_RUN = 25
"""Damaged files of each kind in the plain suite."""
FIRST_SEED = int(os.environ.get("SCICITY_FUZZ_SEED", PLAIN_RUN))
NASTY = (
    *(b"null", b"NaN", b"-1e999", b"1e308", b"[]", b"{}", b'""', b"true", b"0", b"-0.0"),
    *("\u0000\ufeff\u202e\U0001f687".encode(), b"\xff\xfe", b"\xc3\x28", b"../../etc/passwd"),
    *(b"99999999999999999999", b"[" * 500, b"9" * 400, b"2022-13-45", b"25:61:61", b"inf"),
)
VALUE = re.compile(rb'"[^"\n]{0,40}"|-?\d+(?:\.\d+)?|[a-z_]{3,20}')


@contextmanager
def quick() -> Iterator[None]:
    """Fail what takes longer than `LONG_S`, where the system has alarms."""
    if sys.platform == "win32":
        yield
        return

    def hangs(_signal: int, _frame: object) -> None:
        raise AssertionError(f"longer than {LONG_S} s")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(LONG_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _bytes_damaged(content: bytes, random: np.random.Generator) -> bytes:
    at, end = sorted(random.integers(0, len(content) + 1, 2).tolist())
    end = min(end, at + int(random.integers(1, 200)))
    part = content[at:end]
    return [
        lambda: content[:at],
        lambda: content[:at] + content[end:],
        lambda: content[:end] + part + content[end:],
        lambda: content[:at] + random.bytes(len(part)) + content[end:],
        lambda: content[:at] + NASTY[random.integers(len(NASTY))] + content[end:],
    ][random.integers(5)]()


def _values_damaged(content: bytes, random: np.random.Generator) -> bytes:
    """A value becomes another one of the file, or a nasty one."""
    found = list(VALUE.finditer(content))
    if not found:
        return content
    old, new = (found[n] for n in random.integers(0, len(found), 2))
    value = new.group() if random.random() < 0.5 else NASTY[random.integers(len(NASTY))]
    return content[: old.start()] + value + content[old.end() :]


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    """A few kinds of damage after each other."""
    for _ in range(int(random.integers(1, 4))):
        damage = _values_damaged if random.random() < 0.6 else _bytes_damaged
        content = damage(content, random)
    return content


def damaged_zip(content: bytes, random: np.random.Generator) -> bytes:
    """The archive itself, or one of the tables in it."""
    if random.random() < 0.3:
        return _bytes_damaged(content, random)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(made, "w") as archive:
        names = whole.namelist()
        chosen = names[random.integers(len(names))]
        for name in names:
            table = whole.read(name)
            archive.writestr(name, damaged(table, random) if name == chosen else table)
    return made.getvalue()


def _feed(study: Study, path: Path) -> bytes:
    """A small feed of the bundled study."""
    routes = [route for route in study.baseline.routes if route.route_type == 3][:3]
    stops = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    day = study.settings.study["baseline_date"]
    frame = study.baseline.stops.loc[stops]
    write_gtfs(path, frame, routes, agency_name="fuzz", dates=(day, day))
    return path.read_bytes()


Case = tuple[bytes, str, Callable[[Path], object]]


@pytest.fixture(params=["geojson", "toml", "csv", "gtfs"])
def case(request: pytest.FixtureRequest, study: Study, tmp_path: Path) -> Case:
    """A sound file, its name, and what reads it."""
    data = bundled_study()
    if request.param == "geojson":
        content = (data / "projects" / "CRT15P2.geojson").read_bytes()
        places = tmp_path / "places.geojson"

        def read(path: Path) -> object:
            shutil.copy(path, places)
            return read_project(path, CRS), read_points(places, PLACES, CRS)

        return content, "CRT15P2.geojson", read
    if request.param == "toml":
        content = (data / "study.toml").read_bytes()
        return content, "study.toml", lambda path: read_settings(path.parent)
    name = {"csv": "bus.csv", "gtfs": "feed.zip"}[request.param]
    content = PLAIN.encode() if request.param == "csv" else _feed(study, tmp_path / "sound.zip")
    return content, name, lambda path: read_transit([path], CRS)


def _try(case: Case, folder: Path, seed: int) -> None:
    content, name, read = case
    damage = damaged_zip if name.endswith(".zip") else damaged
    path = folder / name
    path.write_bytes(damage(content, np.random.default_rng(seed)))
    try:
        with quick():
            read(path)
    except BadInputError:
        pass
    except BaseException as error:
        error.add_note(f"seed {seed} of {name}")
        raise


def test_sound_files_are_read(case: Case, tmp_path: Path) -> None:
    content, name, read = case
    (tmp_path / name).write_bytes(content)
    read(tmp_path / name)


def test_damaged_files_are_refused_in_words(case: Case, tmp_path: Path) -> None:
    for seed in range(PLAIN_RUN):
        _try(case, tmp_path, seed)


@pytest.mark.slow
def test_many_damaged_files(case: Case, tmp_path: Path) -> None:
    start, tried = time.monotonic(), 0
    while tried < LONG_RUN or time.monotonic() < start + SECS:
        _try(case, tmp_path, FIRST_SEED + tried)
        tried += 1
    # seen with -s
    sys.stdout.write(f"{case[1]}: {tried} in {time.monotonic() - start:.0f} s\n")
