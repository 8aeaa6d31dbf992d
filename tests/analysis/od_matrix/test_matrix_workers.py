"""Matrices made by several processes: the bytes of one machine, whoever is lost on the way."""

from __future__ import annotations

import logging
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from distributed import Client, LocalCluster
from matrix_parts import files, grid

from analysis.od_matrix import workers as matrix_workers
from analysis.od_matrix.folder import SUMMARY, write_matrix
from analysis.od_matrix.matrix import Matrix
from analysis.od_matrix.messages import made_part, packed
from analysis.od_matrix.workers import HERE, LOCAL, dask_client, write_matrix_on
from analysis.routing.hierarchy.cache import Hierarchies
from geo.faults import BadInputError
from scicity.cli import main

STEP, PARTS = 64, 25
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two processes of this machine."""
    with dask_client(LOCAL, 2) as found:
        yield found


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return grid(30, STEP * PARTS, step=STEP, limit_secs=600.0)


@pytest.fixture(scope="module")
def alone(matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this process writes."""
    folder = tmp_path_factory.mktemp("alone")
    write_matrix(matrix, folder)
    return files(folder)


def cluster(workers: int) -> LocalCluster:
    """One in this process, which has an address."""
    options = {"dashboard_address": f"{HERE}:0"}
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host=HERE,
        dashboard_address=None,
        scheduler_kwargs=options,
        silence_logs=logging.CRITICAL,
    )


def killer(client: Client, folder: Path, count: int) -> tuple[Callable[[int], None], list[int]]:
    """Kills so many workers once the first part is done, and notes how many were done by then."""
    pids, done_by_then = client.run(os.getpid), list[int]()

    def tick(_: int) -> None:
        busy = [worker for worker, tasks in client.processing().items() if tasks]
        if not done_by_then and len(busy) >= count:
            done_by_then.append(len(list(folder.glob("part-*"))))
            for worker in busy[:count]:
                os.kill(pids[worker], KILL)

    return tick, done_by_then


def test_same_bytes_as_on_one_machine(
    client: Client, matrix: Matrix, alone: dict[str, bytes], tmp_path: Path
) -> None:
    origins: list[int] = []
    counts = write_matrix_on(client, matrix, tmp_path, origins.append)
    assert files(tmp_path) == alone
    assert origins == [STEP] * PARTS
    assert counts["part"].tolist() == list(range(PARTS))


def test_a_lost_worker_loses_nothing(
    client: Client, matrix: Matrix, alone: dict[str, bytes], tmp_path: Path
) -> None:
    client.wait_for_workers(2, timeout=20)
    tick, done_by_then = killer(client, tmp_path, 1)
    write_matrix_on(client, matrix, tmp_path, tick)
    assert 0 < done_by_then[0] < PARTS - 5
    assert files(tmp_path) == alone


@pytest.mark.slow  # waits until both processes are there again
def test_when_all_workers_are_lost_others_carry_on(
    client: Client, matrix: Matrix, alone: dict[str, bytes], tmp_path: Path
) -> None:
    client.wait_for_workers(2, timeout=20)
    tick, done_by_then = killer(client, tmp_path, 2)
    write_matrix_on(client, matrix, tmp_path, tick)
    assert 0 < done_by_then[0] < PARTS - 5
    assert files(tmp_path) == alone


def test_workers_that_do_not_see_the_folder_send_their_parts(
    client: Client,
    matrix: Matrix,
    alone: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def unseen(_: Path) -> Iterator[str]:
        yield "not there"

    monkeypatch.setattr(matrix_workers, "_marked", unseen)
    write_matrix_on(client, matrix, tmp_path)
    assert files(tmp_path) == alone


def test_a_broken_run_continues_with_workers(
    client: Client, matrix: Matrix, alone: dict[str, bytes], tmp_path: Path
) -> None:
    kept = {name: alone[name] for name in list(alone) if name != SUMMARY}
    for name in list(kept)[: PARTS - 4]:
        (tmp_path / name).write_bytes(kept[name])
    origins: list[int] = []
    write_matrix_on(client, matrix, tmp_path, origins.append)
    assert files(tmp_path) == alone
    assert len(origins) == PARTS


def test_what_is_sent_has_the_hierarchy_and_makes_none(
    matrix: Matrix, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when a worker hands it on that has used it."""
    matrix.prepare(matrix.parts)
    assert matrix.trips.has_hierarchy
    sent = packed(matrix)
    monkeypatch.setattr(Hierarchies, "of", None)
    for _ in range(2):
        sent = pickle.loads(pickle.dumps(sent))  # noqa: S301
        part = matrix.parts[7]
        *_, content = made_part(sent, part, str(tmp_path), "not there")
        assert content == alone[part.name]


def test_workers_with_other_packages_are_named(
    client: Client, matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_workers, "makers", lambda: {"process": str(os.getpid())})
    with pytest.raises(BadInputError) as raised:
        write_matrix_on(client, matrix, tmp_path)
    named = {fault.feature for fault in raised.value.faults}
    assert {fault.code for fault in raised.value.faults} == {"worker-differs"}
    assert named == set(client.nthreads())
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_fails_is_reported_and_what_is_done_is_kept(
    client: Client, matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(whole: Matrix) -> object:
        made = packed(whole)
        object.__setattr__(made, "key", "another")
        return made

    write_matrix(matrix, tmp_path)
    (tmp_path / "part-00003.parquet").unlink()
    monkeypatch.setattr(matrix_workers, "packed", spoiled)
    with pytest.raises(BadInputError, match="worker-failed --dask part-00003"):
        write_matrix_on(client, matrix, tmp_path)
    assert len(list(tmp_path.iterdir())) == PARTS - 1


def test_workers_that_are_lost_too_often_are_a_fault(
    client: Client, matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_workers, "ROUNDS", 0)
    with pytest.raises(BadInputError, match="workers-lost --dask"):
        write_matrix_on(client, matrix, tmp_path)


def test_a_cluster_without_workers_is_a_fault(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_workers, "CONNECT_SECS", 0.2)
    with (
        cluster(0) as empty,
        pytest.raises(BadInputError, match="no-workers"),
        dask_client(empty.scheduler_address, 1) as client,
    ):
        write_matrix_on(client, matrix, tmp_path)


def test_a_scheduler_has_an_address(
    matrix: Matrix, alone: dict[str, bytes], tmp_path: Path
) -> None:
    with cluster(1) as other, dask_client(other.scheduler_address, 1) as client:
        write_matrix_on(client, matrix, tmp_path)
    assert files(tmp_path) == alone


def test_a_lost_scheduler_is_a_fault_and_what_is_done_is_kept(
    matrix: Matrix, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_workers, "CONNECT_SECS", 2.0)
    with (
        cluster(1) as other,
        pytest.raises(BadInputError, match="scheduler-lost"),
        dask_client(other.scheduler_address, 1) as client,
    ):
        write_matrix_on(client, matrix, tmp_path, lambda _: other.close())
    kept = {name: content for name, content in files(tmp_path).items() if "part" in name}
    assert 0 < len(kept) < PARTS
    write_matrix(matrix, tmp_path)
    assert files(tmp_path) == alone


def test_a_scheduler_that_does_not_answer_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matrix_workers, "CONNECT_SECS", 0.2)
    for address in (f"tcp://{HERE}:1", "nonsense"):
        assert main(["matrix", "--dask", address]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"error scheduler-unreachable --dask {address}: no Dask scheduler")
        assert "Traceback" not in said
