"""`scicity matrix`: travel times between all zones or places, as a folder of Parquet files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd
from tqdm import tqdm

from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import MODES, WAIT_SHARE, Travel
from analysis.od_matrix.folder import Tick as OriginsDone
from analysis.od_matrix.folder import write_matrix
from analysis.od_matrix.matrix import Matrix, origins_a_part
from analysis.timetable.departure_window import LUCK_PERCENTILES
from geo.faults import BadInputError, Fault, check_faults
from scicity.commands.parser import add_command
from scicity.commands.windows import (
    add_windows,
    check_departures_count,
    instead_of_settings,
    say_departures,
)
from scicity.console import say
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study
from scicity.results.run_results import Tick

POINTS = ("zones", "places")
LOCAL = "local"
MAX_MINUTES, MAX_WORKERS = 240, 256
MINUTE_SECS = 60

Writer = Callable[[Matrix, Path, OriginsDone], pd.DataFrame]


def _check_values(arguments: argparse.Namespace) -> None:
    """Raise with all faults of the options.

    Raises
    ------
    BadInputError
    """
    faults = []
    if arguments.limit is not None and not 1 <= arguments.limit <= MAX_MINUTES:
        message, allowed = f"limit is {arguments.limit:g}", f"minutes from 1 to {MAX_MINUTES}"
        faults.append(Fault("--limit", "", "value-out-of-range", message, allowed))
    if arguments.workers is not None and not 1 <= arguments.workers <= MAX_WORKERS:
        message, allowed = f"workers is {arguments.workers}", f"1 to {MAX_WORKERS}"
        faults.append(Fault("--workers", "", "value-out-of-range", message, allowed))
    if arguments.workers is not None and arguments.dask != LOCAL:
        message = "the workers of a Dask cluster are counted where it was started"
        faults.append(Fault("--workers", "", "option-unused", message, "with --dask local"))
    faults += _percentile_faults(arguments)
    check_faults(sorted(faults))


def _percentile_faults(arguments: argparse.Namespace) -> list[Fault]:
    """Percentiles beside a band that is one itself, or two options for the same."""
    faults, percentiles = [], arguments.percentiles is not None
    allowed = "one of them"
    given = {"--percentiles": percentiles, "--percentile": arguments.percentile is not None}
    if arguments.band != "expected":
        share = f"percentile {LUCK_PERCENTILES[arguments.band]:g}"
        message = f"by timetable --band {arguments.band} is {share}"
        names = [name for name, is_given in given.items() if is_given]
        faults += [Fault(name, "", "option-unused", message, allowed) for name in names]
    elif all(given.values()):
        message = "--percentiles are given too"
        faults.append(Fault("--percentile", "", "option-unused", message, allowed))
    return faults


@contextmanager
def _writer(arguments: argparse.Namespace) -> Iterator[Writer]:
    """The function that writes the matrix, in this process or on a Dask cluster.

    The cluster must respond before anything is computed.

    Raises
    ------
    BadInputError
        If Dask is not installed or does not respond.
    """
    if arguments.dask is None:
        yield write_matrix
        return
    try:
        # optional and slow to load
        from analysis.od_matrix.workers import dask_client, write_matrix_on  # noqa: PLC0415
    except ImportError as error:
        message = f"Dask is not installed ({error})"
        allowed = 'pip install "scicity[dask]"'
        raise BadInputError([Fault("--dask", "", "package-missing", message, allowed)]) from error
    with dask_client(arguments.dask, arguments.workers or os.cpu_count() or 1) as client:
        yield partial(write_matrix_on, client)


def _points(study: Study, kind: str) -> gpd.GeoSeries:
    """Projected points, indexed by id: centroids of the zones, or the named places."""
    if kind == "places":
        return study.place_points
    return study.zones().set_index("zone_id").geometry.centroid


def _limit_secs(study: Study, arguments: argparse.Namespace) -> float:
    """The `--limit`; by default the study's longest trip, doubled for the worst waiting."""
    if arguments.limit is not None:
        return MINUTE_SECS * float(arguments.limit)
    factor = 2 if arguments.band == "worst" else 1
    return factor * float(study.settings.assumptions.max_trip_secs)


def _folder(arguments: argparse.Namespace, scenario: str, percentile: float | None) -> Path:
    """Folder of the matrix, named after its options except defaults of band and points."""
    words = ["matrix", scenario, arguments.mode, arguments.period]
    words += [arguments.band] if arguments.band != "expected" else []
    words += [arguments.points] if arguments.points != "zones" else []
    words += [] if percentile is None else [f"p{percentile:g}"]
    return Path(arguments.out) / "_".join(words)


def _say_counts(
    arguments: argparse.Namespace, routable: RoutableNetwork, matrix: Matrix, parts: pd.DataFrame
) -> None:
    pairs, missing = int(parts["pairs"].sum()), int(parts["missing"].sum())
    minutes = matrix.limit_secs / MINUTE_SECS
    say(
        f"{len(matrix.ids)} {arguments.points}: {pairs} pairs within {minutes:g} min, {missing} not"
    )
    unlinked = len(matrix.ids) - routable.snaps["point"].nunique()
    if unlinked:
        say(f"{unlinked} {arguments.points} are too far from the network")


def _write(
    arguments: argparse.Namespace, tick: Tick, write: Writer, percentile: float | None = None
) -> None:
    instead = instead_of_settings(arguments)
    if percentile is not None:
        instead["percentile"] = percentile
    study = read_study(arguments.study, tick, instead=instead)
    check_departures_count(study, arguments)
    scenario = arguments.scenario or study.settings.study.scenario
    tick("network")
    network, points = study.network(scenario), _points(study, arguments.points)
    travel = Travel(arguments.mode, arguments.period, arguments.band)
    routable = routable_network(network, points, travel=travel, conditions=study.conditions)
    labels = {"study": study.settings.study.id, "scenario": scenario}
    labels |= {"mode": arguments.mode, "period": arguments.period, "band": arguments.band}
    labels |= {"points": arguments.points}
    if routable.linked.timed is not None:
        window = study.conditions.windows.of(arguments.period)
        share = LUCK_PERCENTILES.get(arguments.band, window.percentile)
        labels["departures"] = repr(replace(window, percentile=share))
    ids, step = tuple(map(str, points.index)), origins_a_part(len(points))
    matrix = Matrix(routable.linked, ids, _limit_secs(study, arguments), labels, step)
    folder = _folder(arguments, scenario, percentile)
    tick("travel times")
    with tqdm(total=len(points), unit=" origins", disable=None, leave=False, position=1) as bar:

        def done(origins: int) -> None:
            bar.update(origins)

        parts = write(matrix, folder, done)
    say(str(folder))
    _say_counts(arguments, routable, matrix, parts)
    if routable.linked.timed is not None:
        say_departures(study, scenario, periods=[arguments.period], band=arguments.band)


def write_travel_times(arguments: argparse.Namespace, tick: Tick) -> int:
    """`scicity matrix`."""
    _check_values(arguments)
    with _writer(arguments) as write:
        for percentile in arguments.percentiles or [None]:
            _write(arguments, tick, write, percentile)
    return 0


def _percentiles(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def add_matrix(group: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scicity matrix` with its options."""
    matrix = add_command(
        group,
        "matrix",
        does=write_travel_times,
        text="travel times between all zones or places, as a folder of Parquet files",
        example="scicity matrix --scenario plan --mode transit --limit 90\n"
        "  scicity matrix --points places --dask tcp://10.0.0.5:8786",
    )
    matrix.add_argument("--scenario", metavar="ID", help="scenario asked about")
    matrix.add_argument("--mode", choices=MODES, default="transit", help="default: transit")
    matrix.add_argument("--period", choices=("peak", "offpeak"), default="peak")
    matrix.add_argument(
        "--band",
        choices=tuple(WAIT_SHARE),
        default="expected",
        help="luck with waiting; by timetable best and worst are percentiles 5 and 95",
    )
    matrix.add_argument(
        "--limit",
        type=float,
        metavar="MINUTES",
        help="longer trips are not listed (default: the study's max_trip_secs)",
    )
    matrix.add_argument(
        "--percentiles",
        type=_percentiles,
        metavar="P,P",
        help="by timetable: a folder for each percentile of the departures",
    )
    add_windows(matrix)
    matrix.add_argument("--points", choices=POINTS, default="zones", help="default: zones")
    matrix.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="share the work: tcp://HOST:PORT of a Dask scheduler, or local for more processes",
    )
    matrix.add_argument(
        "--workers", type=int, metavar="N", help="processes of --dask local (default: one a core)"
    )
