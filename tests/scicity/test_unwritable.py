"""Results that cannot be written: one message, exit code 2, what was there before stays whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bad_inputs.base import make_base
from pyogrio.errors import DataSourceError

from geo.faults import BadInputError
from scicity.cli import main
from scicity.commands import study as commands
from scicity.outputs import publishing
from scicity.outputs.publishing import published

NOBODY = 65_534
NUMBERS = ("EROFS", "EACCES", "ENOSPC")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base") / "study")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder of earlier results."""
    folder = tmp_path / "out 结果"
    folder.mkdir()
    (folder / "check.json").write_text("earlier", encoding="utf-8")
    return folder


def failing(number: str) -> Callable[..., None]:
    code = getattr(errno, number)

    def fails(*_args: object, **_named: object) -> None:
        raise OSError(code, os.strerror(code), "somewhere")

    return fails


def check_refused(base: Path, out: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert main(["check", "--study", str(base), "--out", str(out)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith(f"error folder-not-writable --out {out}: ")
    for word in words:
        assert word in line
    assert [path.read_text("utf-8") for path in out.iterdir()] == ["earlier"]
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("module", "name"),
    [(publishing.tempfile, "mkdtemp"), (commands, "write_check"), (publishing, "_take_place")],
    ids=["at the start", "while writing", "at the end"],
)
def test_whenever_it_fails_it_is_told_once(
    base: Path,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    number: str,
) -> None:
    monkeypatch.setattr(module, name, failing(number))
    check_refused(base, out, capsys, os.strerror(getattr(errno, number)), "another folder")


def test_gdal_without_room(
    base: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DataSourceError("Failed to commit transaction")

    monkeypatch.setattr(commands, "write_check", fails)
    check_refused(base, out, capsys, "Failed to commit transaction", "room on the disk")


def test_another_error_is_not_taken_for_it(tmp_path: Path) -> None:
    with pytest.raises(InterruptedError), published(tmp_path / "out"):
        raise InterruptedError(errno.EINTR, "interrupted")


def test_a_file_stands_where_the_folder_should(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with (
            pytest.raises(BadInputError, match="folder-not-writable"),
            published(folder) as (staged, _),
        ):
            (staged / "a.txt").touch()
    assert (tmp_path / "out").read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that everybody may read and only its owner write to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root becomes somebody else"
)
def test_really_somebody_else(closed: Path) -> None:
    child = os.fork()
    if child == 0:
        os.setresuid(NOBODY, NOBODY, NOBODY)
        try:
            with published(closed / "out"):
                pass
        except BadInputError as error:
            os._exit(7 if error.faults[0].code == "folder-not-writable" else 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
    assert list(closed.iterdir()) == []
