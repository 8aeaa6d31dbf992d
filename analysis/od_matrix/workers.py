"""A matrix computed by many processes, on this machine or on others: Dask distributes parts.

Every worker receives graph, points and hierarchy once. A worker that sees the folder writes its
parts there itself and returns their counts; other workers return the parts, which are written here.
Parts of a lost worker are given to others.
"""

from __future__ import annotations

import logging
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path

import dask
import pandas as pd
from distributed import Client, Future, LocalCluster, wait
from distributed.core import CommClosedError
from distributed.utils import silence_logging_cmgr

from analysis.od_matrix.folder import MatrixFolder, Tick, write_file
from analysis.od_matrix.matrix import Matrix, MatrixPart, package_versions
from analysis.od_matrix.messages import compute_part, pack_matrix
from geo.faults import BadInputError, Fault, check_faults

LOCAL = "local"
"""The address that means a cluster of processes on this machine."""
HERE = "127.0.0.1"
"""A local cluster is reachable from this machine only."""
SETTINGS = {
    "distributed.deploy.lost-worker-timeout": "1 day",
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 2**28,
        "MALLOC_MMAP_THRESHOLD_": 2**25,
    },
}
"""Dask settings of a local cluster.

A lost process is restarted by its nanny; the scheduler waits for it meanwhile. Memory of a part is
reused by the next one: returning it to the system and allocating it again, as Dask does by default,
would cost a fifth more time (with glibc; other C libraries ignore these variables).
"""
CONNECT_SECS, WORKERS_SECS, CHECK_SECS = 10.0, 60.0, 2.0
"""Timeouts: for a scheduler, for workers when there are none; interval between checks."""
ROUNDS = 5
"""How often all workers may be lost, together with the matrix in their memory."""
AHEAD = 3
"""Parts submitted in advance for each thread of a worker."""


def _fault(feature: str, code: str, message: str, allowed: str) -> BadInputError:
    return BadInputError([Fault("--dask", feature, code, message, allowed)])


@contextmanager
def dask_client(address: str, workers: int) -> Iterator[Client]:
    """A Dask client for a scheduler or for a local cluster.

    Parameters
    ----------
    address
        Address of a Dask scheduler, such as `tcp://10.0.0.5:8786`; or `LOCAL` for processes on this
        machine, unreachable from outside.
    workers
        Number of processes, if local.

    Raises
    ------
    BadInputError
        If no scheduler answers there, or if the connection is lost later.
    """
    if address == LOCAL:
        with (
            dask.config.set(SETTINGS),
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host=HERE,
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": f"{HERE}:0"},
                local_directory=scratch,
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=CONNECT_SECS)
    except (OSError, ValueError) as error:
        message, allowed = f"no Dask scheduler answers: {error}", "local, or tcp://HOST:PORT"
        raise _fault(address, "scheduler-unreachable", message, allowed) from error
    with silence_logging_cmgr(logging.CRITICAL), client:
        try:
            yield client
        except OSError as error:
            if client.status == "running" and not isinstance(error, CommClosedError):
                raise  # a file's
            allowed = "run again: what is done is kept"
            raise _fault(address, "scheduler-lost", str(error), allowed) from error


def _wait_for_workers(client: Client, secs: float) -> None:
    try:
        client.wait_for_workers(1, timeout=secs)
    except TimeoutError as error:
        raise _no_workers() from error


def _check_workers(client: Client) -> None:
    """Check that the packages of all workers produce the same bytes.

    Raises
    ------
    BadInputError
        With a fault for every worker with other versions; or if there are no workers.
    """
    _wait_for_workers(client, CONNECT_SECS)
    expected = package_versions()
    versions = client.run(package_versions, on_error="return")
    allowed = f"on all machines {expected}"
    check_faults(
        [
            Fault("--dask", worker, "worker-differs", f"it has {answer}", allowed)
            for worker, answer in sorted(versions.items())
            if answer != expected
        ]
    )


def _no_workers() -> BadInputError:
    allowed = "at least one: dask worker ADDRESS"
    return _fault("", "no-workers", "the Dask scheduler has no workers", allowed)


@contextmanager
def _mark_file(folder: Path) -> Iterator[str]:
    """The name of a mark file that exists during the block: who sees it shares the folder."""
    mark = folder / f".shared-{uuid.uuid4().hex}"
    mark.touch()
    try:
        yield mark.name
    finally:
        mark.unlink(missing_ok=True)


def _finished(client: Client, running: dict[Future, MatrixPart]) -> list[Future]:
    """Wait until some parts are done or have failed, and return them."""
    last_seen = time.monotonic()
    while True:
        try:
            return list(wait(list(running), CHECK_SECS, return_when="FIRST_COMPLETED").done)
        except TimeoutError as error:
            if client.nthreads():
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > WORKERS_SECS:
                raise _no_workers() from error


def _record(folder: MatrixFolder, part: MatrixPart, future: Future) -> None:
    """Record a worker's result, and write the part if the worker returned it."""
    error = future.exception()
    if error is not None:
        message = f"{type(error).__name__}: {error}"
        allowed = "see the worker's log; run again: what is done is kept"
        raise _fault(part.name, "worker-failed", message, allowed) from error
    pairs, missing, content = future.result()
    if content is not None:
        write_file(folder.path, part.name, content)
    folder.note(part, pairs, missing)


def _distribute(client: Client, folder: MatrixFolder, sent: Future, mark: str) -> None:
    """Distribute all open parts until they are done, or until no worker holds `sent` any more."""
    waiting, running = deque(folder.open_parts), dict[Future, MatrixPart]()
    try:
        while waiting or running:
            threads = sum(client.nthreads().values())
            while waiting and len(running) < AHEAD * max(threads, 1):
                part = waiting.popleft()
                task = client.submit(compute_part, sent, part, str(folder.path), mark, pure=False)
                running[task] = part
            for future in _finished(client, running):
                _record(folder, running.pop(future), future)
    except CancelledError:
        return  # open parts are distributed again, after the matrix is sent again
    finally:
        client.cancel(list(running))


def write_matrix_on(
    client: Client, matrix: Matrix, path: Path, tick: Tick = lambda _: None
) -> pd.DataFrame:
    """Write a matrix as a folder of Parquet files with the help of workers.

    The bytes are those of `analysis.od_matrix.folder.write_matrix`, and so are the parts kept when
    a run is interrupted.

    Parameters
    ----------
    client
        See `dask_client`.
    matrix, path, tick
        As for `write_matrix`.

    Returns
    -------
    DataFrame
        `analysis.od_matrix.folder.PART_COLUMNS`, one row a part.

    Raises
    ------
    BadInputError
        If there are no workers, if they have other versions, or if they fail.
    """
    _check_workers(client)
    folder = MatrixFolder(matrix, path.resolve(), tick)
    with client.as_current(), folder.opened(), _mark_file(folder.path) as mark:
        if folder.open_parts:
            matrix.prepare(folder.open_parts)
        content = pack_matrix(matrix)
        for _ in range(ROUNDS):
            if not folder.open_parts:
                break
            _wait_for_workers(client, WORKERS_SECS)
            with suppress(TimeoutError):  # the workers were lost while it was sent
                sent = client.scatter(content, broadcast=True, hash=False)
                _distribute(client, folder, sent, mark)
        if folder.open_parts:
            message = f"all workers were lost {ROUNDS} times"
            raise _fault("", "workers-lost", message, "run again: what is done is kept")
    return folder.table
