"""Results are old or new, never mixed: failures, kills, locks, other files, strange systems."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from page_worlds import accessibility, areas

from geo import files
from geo.faults import BadInputError
from scicity.outputs import publishing
from scicity.outputs.files import LayerFile, write_csv, write_json, write_layers
from scicity.outputs.geopackage import write_geopackage
from scicity.outputs.publishing import published

KILLS = 1000
KILLED = 9
NAMES = ("areas.geojson", "results.gpkg", "a.csv", "run.json")


def write(folder: Path, word: str) -> None:
    """A small run: what it writes depends on a word."""
    layer = LayerFile("areas", areas().assign(word=word))
    write_layers([layer], folder)
    write_geopackage([layer], folder / "results.gpkg", "2022-04-20")
    write_csv(accessibility()[["zone_id", "population"]].assign(word=word), folder / "a.csv")
    write_json({"word": word}, folder / "run.json")
    (folder / f"only_{word}.txt").write_text(word, encoding="utf-8")


def run(out: Path, word: str) -> list[Path]:
    with published(out) as (folder, files):
        write(folder, word)
    return files


def content(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


@pytest.fixture(params=["in one step", "by two renames"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "by two renames":
        monkeypatch.setattr(publishing, "exchange_folders", lambda *_: False)
    return request.param


def test_new_results_replace_old_ones_and_others_stay(tmp_path: Path, system: str) -> None:
    assert system
    out = tmp_path / "out 结果"
    run(out, "old")
    (out / "mine.qgz").write_text("a project of mine")
    (out / "folder").mkdir()
    (out / "folder" / "deep.txt").write_text("deep")
    files = run(out, "new")
    assert content(out)["a.csv"].count(b"new") == 4
    assert (out / "mine.qgz").read_text() == "a project of mine"
    assert (out / "folder" / "deep.txt").read_text() == "deep"
    # what this run does not write is another's
    assert (out / "only_old.txt").exists()
    assert out / "a.csv" in files
    assert out / "mine.qgz" not in files
    assert list(tmp_path.iterdir()) == [out]


def test_a_run_that_fails_changes_nothing(tmp_path: Path, system: str) -> None:
    assert system
    out = tmp_path / "out"
    run(out, "old")
    before = content(out)

    def full() -> None:
        with published(out) as (folder, _):
            write(folder, "new")
            raise OSError(errno.ENOSPC, "no space left on device")

    with pytest.raises(BadInputError, match=r"folder-not-writable.*no space"):
        full()
    assert content(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_open_elsewhere_keeps_the_old_results_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows renames no folder of which another program holds a file."""
    out = tmp_path / "out"
    run(out, "old")
    before = content(out)
    rename = Path.rename

    def held(self: Path, target: Path) -> Path:
        if self == out:
            raise PermissionError(errno.EACCES, "used by another process", str(self))
        return rename(self, target)

    monkeypatch.setattr(publishing, "exchange_folders", lambda *_: False)
    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(BadInputError, match=r"folder-not-writable.*programs"):
        run(out, "new")
    assert content(out) == before


def test_the_root_of_a_disk_is_filled_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(out, "old")

    def busy(*_: Path) -> bool:
        raise OSError(errno.EBUSY, "a mount point")

    monkeypatch.setattr(publishing, "exchange_folders", busy)
    run(out, "new")
    assert b"new" in content(out)["a.csv"]


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with published(out) as (folder, _):
        write(folder, "first")
        with pytest.raises(BadInputError, match="folder-in-use"):
            run(out, "second")
    assert content(out)["run.json"].count(b"first") == 1
    run(out, "third")


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import os, sys; from pathlib import Path\n"
        "from scicity.outputs.publishing import published\n"
        "with published(Path(sys.argv[1])): os._exit(3)"
    )
    done = subprocess.run([sys.executable, "-c", code, out], check=False)
    assert done.returncode == 3
    run(out, "new")
    assert list(tmp_path.iterdir()) == [out]


def test_an_exchange_is_one_step_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    (first / "x").touch()
    if files.exchange_folders(first, second):
        assert (second / "x").exists()
    with pytest.raises(FileNotFoundError):
        files.exchange_folders(first, tmp_path / "nowhere")
    monkeypatch.setattr(files.sys, "platform", "win32")
    assert files.exchange_folders(first, second) is False


def test_a_link_that_cannot_be_made_is_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_args: object, **_named: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    out = tmp_path / "out"
    run(out, "old")
    (out / "mine.txt").write_text("mine")
    monkeypatch.setattr(os, "link", none)
    run(out, "new")
    assert (out / "mine.txt").read_text() == "mine"


# Kills --------------------------------------------------------------------------------------


def _forked(job: Callable[[], object], kill_at: int) -> tuple[int, int, int]:
    """Let a child do a job and die at its n-th call of any function.

    Returns its exit code, how many calls it made, and at which it began to take the place.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        seen, begun = 0, 0

        def watch(frame: FrameType, event: str, _what: object) -> None:
            nonlocal seen, begun
            if event in ("call", "c_call"):
                seen += 1
                if seen == kill_at:
                    os._exit(KILLED)
                begun = seen if frame.f_code.co_name == "_take_place" and not begun else begun

        sys.setprofile(watch)
        job()
        sys.setprofile(None)
        os.write(writes, seen.to_bytes(8, "little") + begun.to_bytes(8, "little"))
        os._exit(0)
    os.close(writes)
    told = os.read(reads, 16)
    os.close(reads)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code, int.from_bytes(told[:8], "little"), int.from_bytes(told[8:], "little")


def _said(out: Path) -> str:
    """The word of the results; fails if they are of two runs, or not whole."""
    found = content(out)
    words = [
        w for w in ("old", "new") if all(w.encode() in found[n] for n in ("a.csv", "run.json"))
    ]
    assert len(words) == 1
    return words[0]


def _kill(out: Path, kill_at: int) -> tuple[int, bool]:
    """A run that dies; its exit code, and whether the results are still those before."""
    was = _said(out)
    word = "old" if was == "new" else "new"
    code, *_ = _forked(lambda: run(out, word), kill_at)
    if not out.exists():
        # between two renames; the next run begins by undoing the first
        with published(out):
            pass
    return code, _said(out) == was


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
def test_killed_anywhere_results_are_old_or_new(tmp_path: Path, system: str) -> None:
    """Every call while taking the place, and calls spread over the writing."""
    out = tmp_path / "out"
    run(out, "old")
    code, calls, begun = _forked(lambda: run(out, "new"), 0)
    assert (code, _said(out)) == (0, "new")
    last = range(begun, calls + 1)
    assert 20 < len(last) < KILLS
    count = KILLS - len(last) if system == "in one step" else 100
    spread = np.random.default_rng(7).integers(1, begun, count)
    seen = {_kill(out, int(kill_at)) for kill_at in [*last, *spread]}
    # kills that left the old results, and kills that came after the new ones
    assert {(KILLED, True), (KILLED, False)} <= seen
