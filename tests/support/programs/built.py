"""scicity as an sdist and a wheel, and environments to install it into; no index is asked."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
LEFT_OUT = ("PIP_", "PYTHON", "NUMBA_")
"""Settings of this machine that a stranger's does not have."""


def strange_environment() -> dict[str, str]:
    """Environment variables without those that may help; every proxy leads nowhere."""
    own = {k: v for k, v in os.environ.items() if not k.upper().startswith(LEFT_OUT)}
    own |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    return own | {"NO_PROXY": "", "no_proxy": "", "PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}


def run(command: Sequence[str | Path], folder: Path, **more: str) -> str:
    """What a command says, run in a folder by a stranger; the test fails if the command does."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=strange_environment() | more,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def build(kind: str, source: Path, target: Path) -> Path:
    """Build `wheel` or `sdist` of a source folder."""
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target], source)
    (made,) = target.iterdir()
    return made


def unpacked_sdist(folder: Path) -> Path:
    """The checkout as it is published: without .venv, .git, out and what else git ignores."""
    with tarfile.open(build("sdist", ROOT, folder / "sdist")) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (made,) = (folder / "unpacked").iterdir()
    return made


def lend_packages(home: Path) -> None:
    """Let an environment find what is installed here, except editable installs.

    Python reads no `.pth` file of a folder that a `.pth` file names, so scicity's own is not found.
    """
    paths = sysconfig.get_paths()
    own = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    lent = "\n".join(dict.fromkeys([paths["purelib"], paths["platlib"]]))
    Path(own["purelib"], "lent.pth").write_text(lent, encoding="utf-8")


def environment_with(wheel: Path, home: Path) -> Path:
    """The folder of commands of a clean environment that holds a wheel."""
    venv.create(home, with_pip=False)
    python = home / SCRIPTS / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps"]
    run([*pip, wheel], home)
    lend_packages(home)
    return home / SCRIPTS
