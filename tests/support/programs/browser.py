"""A real browser with the network off.

Chromium is driven over a pair of pipes (its DevTools protocol, JSON messages that end with a null
byte), so no driver and no port is needed. Pipes are handed over in the POSIX way: not on Windows.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1920,1080",
)
START = (
    "import os, sys; [os.dup2(int(sys.argv[n - 2]), n) for n in (3, 4)];"
    "os.execvp(sys.argv[3], sys.argv[3:])"
)
FAULTS = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
BLANK = "about:blank"
FREE = 10
"""Descriptors below are the child's own."""


@dataclass
class Browser:
    """One tab of a headless browser."""

    commands: int
    answers: int
    session: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    waiting: bytes = b""
    numbers: Iterator[int] = field(default_factory=count)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self.waiting:
            part = os.read(self.answers, 1 << 16)
            if not part:
                raise ConnectionError("the browser has gone")
            self.waiting += part
        text, _, self.waiting = self.waiting.partition(b"\0")
        return json.loads(text)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": params, **self.session}
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while (answer := self._message()).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def run(self, script: str) -> Any:
        """The value of a script, awaited."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, path: Path, query: str = "") -> None:
        self.ask("Page.navigate", url=path.as_uri() + query)
        self.run(
            "new Promise(done => document.readyState === 'complete' ? done() :"
            " addEventListener('load', () => done()))"
        )
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for has been drawn."""
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def key(self, key: str) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, text="")
        self.settle()

    def point(self, x: float, y: float, *, click: bool = False) -> None:
        """Move the pointer to a place of the window, and click there."""
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased") if click else ():
            press = {"button": "left", "clickCount": 1}
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **press)
        # Leaflet looks where the pointer is once in 32 ms
        self.run("new Promise(done => setTimeout(done, 60))")
        self.settle()

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def said(self, *methods: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event["method"] in methods]


def _high(descriptor: int) -> int:
    """The same end of a pipe under a number that the child does not need."""
    import fcntl  # noqa: PLC0415 - not on Windows

    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD, FREE)
    os.close(descriptor)
    return high


def chromium() -> str | None:
    """The program, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def open_browser(program: str, profile: Path) -> Iterator[Browser]:
    """A new Chromium with an empty tab, closed at the end."""
    theirs_in, ours_out = (_high(end) for end in os.pipe())
    ours_in, theirs_out = (_high(end) for end in os.pipe())
    ends = [str(theirs_in), str(theirs_out)]
    command = [sys.executable, "-c", START, *ends, program, *FLAGS]
    process = subprocess.Popen(
        [*command, f"--user-data-dir={profile}", BLANK],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    tab = Browser(ours_out, ours_in)
    targets = tab.ask("Target.getTargets")["targetInfos"]
    target = next(info["targetId"] for info in targets if info["type"] == "page")
    attached = tab.ask("Target.attachToTarget", targetId=target, flatten=True)
    tab.session = {"sessionId": attached["sessionId"]}
    for domain in ("Page", "Runtime", "Log", "Network"):
        tab.ask(f"{domain}.enable")
    yield tab
    tab.session = {}
    tab.ask("Browser.close")
    process.wait(timeout=20)
