"""Set up and run scicity with nothing but Python 3.11 or newer.

    python3 start.py           set up, run the bundled study, write out/
    python3 start.py test      set up and pass the tests
    python3 start.py ARGS ...  set up and run any scicity command, for example: check
    python3 start.py wheels    gather what a computer without internet needs into wheels/
                               (`wheels test`: also what the tests need)

On Windows: `py start.py`, `py start.py test`. Everything is installed into .venv beside this
file, at the versions of constraints.txt: from wheels/ alone if that folder stands beside this
file, else from where pip is told to look.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE / ".venv"
BIN = HOME / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
WHEELS = HERE / "wheels"
BUILDERS = ("hatchling", "editables")
"""What pip needs besides to install scicity itself."""
OLDEST = (3, 11)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"


def call(*arguments: str) -> None:
    """Run one command with the environment's Python and stop if it fails."""
    done = subprocess.run([str(PYTHON), *arguments], cwd=HERE, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def pip(command: str, *arguments: str) -> None:
    """Run pip at the pinned versions; make the environment first if there is none."""
    if not PYTHON.is_file():
        venv.create(HOME, with_pip=True)
    pins = ("--constraint", str(HERE / "constraints.txt"))
    call("-m", "pip", command, "--quiet", "--disable-pip-version-check", *pins, *arguments)


def package(extra: str) -> str:
    """What pip calls this folder, with an extra."""
    return f".[{extra}]" if extra else "."


def wanted(extra: str) -> str:
    """What the environment must hold: a change of these files makes it stale."""
    files = (HERE / "constraints.txt", HERE / "pyproject.toml")
    return extra + "".join(path.read_text(encoding="utf-8") for path in files)


def set_up(extra: str) -> None:
    """Make .venv and install into it, once for each state of the pinned versions."""
    mark = HOME / f"installed-{extra or 'run'}.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted(extra):
        return
    carried = ("--no-index", "--find-links", str(WHEELS)) if WHEELS.is_dir() else ()
    print(f"setting up .venv{' from wheels' if carried else ''} (once, a few minutes)", flush=True)
    pip("install", *carried, "--editable", package(extra))
    mark.write_text(wanted(extra), encoding="utf-8")


def gather(extra: str) -> None:
    """Fetch wheels, and build those that exist as source only, scicity's own among them."""
    print("gathering wheels (a few minutes)", flush=True)
    pip("wheel", "--wheel-dir", str(WHEELS), package(extra), *BUILDERS)


def test() -> None:
    """Style, types, architecture, then every test and doctest."""
    set_up("test")
    for module, *arguments in CHECKS:
        print("checking:", module, *arguments, flush=True)
        call("-m", module, *arguments)
    call("-c", LINT_IMPORTS)
    call("-m", "pytest", "-n", "2", "--dist", "loadscope", *sys.argv[2:])


def main() -> None:
    """Do what the first argument says."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if sys.argv[1:2] == ["test"]:
        test()
        return
    if sys.argv[1:2] == ["wheels"]:
        gather(",".join(sys.argv[2:]))
        return
    set_up("")
    call("-m", "scicity", *(sys.argv[1:] or ["run"]))


if __name__ == "__main__":
    main()
