"""A matrix made by many processes, on this machine or on others: parts are dealt out by Dask.

Every worker gets graph, points and hierarchy once. A worker that sees the folder writes its parts
there itself and answers with their counts; from one that does not, the parts come back and are
written here. Parts that a lost worker had are given to others.
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

from analysis.od_matrix.folder import MatrixFolder, Tick, put
from analysis.od_matrix.matrix import Matrix, MatrixPart, makers
from analysis.od_matrix.messages import made_part, packed
from geo.faults import BadInputError, Fault, check_faults

LOCAL = "local"
"""Stands for a cluster of processes on this machine."""
HERE = "127.0.0.1"
"""A local cluster talks to nobody else."""
SETTINGS = {
    "distributed.deploy.lost-worker-timeout": "1 day",
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 2**28,
        "MALLOC_MMAP_THRESHOLD_": 2**25,
    },
}
"""Of a local cluster.

A process that was lost is started again by its nanny, and nobody else gives it up meanwhile. Memory
of a part serves the next one: given back to the system and asked for again, as Dask has it, it
would cost a fifth more time (with glibc; others do not look at it).
"""
CONNECT_SECS, NOBODY_SECS, LOOK_SECS = 10.0, 60.0, 2.0
"""Waiting for a scheduler, for workers when there are none, between looks whether there are any."""
ROUNDS = 5
"""How often all workers together may be lost and their memory with them."""
AHEAD = 3
"""Parts that are dealt out for each thread of a worker."""


def _fault(feature: str, code: str, message: str, allowed: str) -> BadInputError:
    return BadInputError([Fault("--dask", feature, code, message, allowed)])


@contextmanager
def dask_client(address: str, workers: int) -> Iterator[Client]:
    """Somebody to deal out parts to.

    Parameters
    ----------
    address
        Of a Dask scheduler, such as `tcp://10.0.0.5:8786`; or `LOCAL` for processes of this
        machine, which nobody else can reach.
    workers
        How many processes, if local.

    Raises
    ------
    BadInputError
        If no scheduler answers there, or if it is lost on the way.
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
        raise _nobody() from error


def _check_workers(client: Client) -> None:
    """All workers have the packages that give the same bytes.

    Raises
    ------
    BadInputError
        Naming every worker that has not; or if there are no workers.
    """
    _wait_for_workers(client, CONNECT_SECS)
    own = makers()
    found = client.run(makers, on_error="return")
    allowed = f"on all machines {own}"
    check_faults(
        [
            Fault("--dask", worker, "worker-differs", f"it has {answer}", allowed)
            for worker, answer in sorted(found.items())
            if answer != own
        ]
    )


def _nobody() -> BadInputError:
    allowed = "at least one: dask worker ADDRESS"
    return _fault("", "no-workers", "the Dask scheduler has no workers", allowed)


@contextmanager
def _marked(folder: Path) -> Iterator[str]:
    """The name of a file in the folder while the block lasts: who sees it shares the folder."""
    mark = folder / f".shared-{uuid.uuid4().hex}"
    mark.touch()
    try:
        yield mark.name
    finally:
        mark.unlink(missing_ok=True)


def _finished(client: Client, flying: dict[Future, MatrixPart]) -> list[Future]:
    """Wait until some parts are done, or have failed."""
    last_seen = time.monotonic()
    while True:
        try:
            return list(wait(list(flying), LOOK_SECS, return_when="FIRST_COMPLETED").done)
        except TimeoutError as error:
            if client.nthreads():
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > NOBODY_SECS:
                raise _nobody() from error


def _take(folder: MatrixFolder, part: MatrixPart, future: Future) -> None:
    """Note what a worker has done, and write the part if it came back."""
    error = future.exception()
    if error is not None:
        message = f"{type(error).__name__}: {error}"
        allowed = "see the worker's log; run again: what is done is kept"
        raise _fault(part.name, "worker-failed", message, allowed) from error
    pairs, missing, content = future.result()
    if content is not None:
        put(folder.path, part.name, content)
    folder.note(part, pairs, missing)


def _deal(client: Client, folder: MatrixFolder, sent: Future, mark: str) -> None:
    """Deal out all open parts until they are done, or until nobody has `sent` any more."""
    waiting, flying = deque(folder.open_parts), dict[Future, MatrixPart]()
    try:
        while waiting or flying:
            threads = sum(client.nthreads().values())
            while waiting and len(flying) < AHEAD * max(threads, 1):
                part = waiting.popleft()
                task = client.submit(made_part, sent, part, str(folder.path), mark, pure=False)
                flying[task] = part
            for future in _finished(client, flying):
                _take(folder, flying.pop(future), future)
    except CancelledError:
        return  # what is still open is dealt out again, with everything sent anew
    finally:
        client.cancel(list(flying))


def write_matrix_on(
    client: Client, matrix: Matrix, path: Path, tick: Tick = lambda _: None
) -> pd.DataFrame:
    """Write a matrix as a folder of Parquet files with the help of workers.

    The bytes are those of `analysis.od_matrix.folder.write_matrix`, and so is what is kept when a
    run is broken off.

    Parameters
    ----------
    client
        See `dask_client`.
    matrix, path, tick
        As there.

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
    with client.as_current(), folder.opened(), _marked(folder.path) as mark:
        if folder.open_parts:
            matrix.prepare(folder.open_parts)
        content = packed(matrix)
        for _ in range(ROUNDS):
            if not folder.open_parts:
                break
            _wait_for_workers(client, NOBODY_SECS)
            with suppress(TimeoutError):  # they were lost while it was sent
                sent = client.scatter(content, broadcast=True, hash=False)
                _deal(client, folder, sent, mark)
        if folder.open_parts:
            message = f"all workers were lost {ROUNDS} times"
            raise _fault("", "workers-lost", message, "run again: what is done is kept")
    return folder.table
