"""A real Firefox, driven over its own protocol (Marionette): JSON with its length before it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

PROGRAMS = ("firefox-esr", "firefox")
WAIT_S = 60
PREFERENCES: dict[str, Any] = {
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    # whatever asks the network meets a closed door
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


@dataclass
class Firefox:
    """One window."""

    line: socket.socket
    numbers: Iterator[int] = field(default_factory=count)

    def _message(self) -> Any:
        length = b""
        while (byte := self.line.recv(1)) != b":":
            length += byte
        text = b""
        while len(text) < int(length):
            text += self.line.recv(int(length) - len(text))
        return json.loads(text)

    def ask(self, command: str, **values: Any) -> Any:
        text = json.dumps([0, next(self.numbers), command, values]).encode()
        self.line.sendall(b"%d:%s" % (len(text), text))
        _, _, error, answer = self._message()
        assert error is None, error
        return answer

    def run(self, script: str) -> Any:
        """The value of an expression, awaited."""
        # the page's own names are seen only from within the page
        inside = json.dumps(f"(async () => JSON.stringify([await ({script})]))()")
        text = self.ask("WebDriver:ExecuteScript", script=f"return window.eval({inside})", args=[])[
            "value"
        ]
        return json.loads(text)[0]

    def open(self, path: Path) -> None:
        self.ask("WebDriver:Navigate", url=path.as_uri())


def firefox() -> str | None:
    """The program, if there is one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + WAIT_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        except ConnectionRefusedError:
            assert time.monotonic() < end, "Firefox does not answer"
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port


@contextmanager
def open_firefox(program: str, profile: Path) -> Iterator[Firefox]:
    """A new Firefox with an empty window, closed at the end."""
    port = _free_port()
    preferences = {**PREFERENCES, "marionette.port": port}
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=profile
    )
    try:
        window = Firefox(_connected(port))
        window._message()  # noqa: SLF001 - the greeting
        window.ask("WebDriver:NewSession")
        yield window
        window.ask("Marionette:Quit")
    finally:
        process.kill()
        process.wait(timeout=20)
