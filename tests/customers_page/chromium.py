"""A real headless Chromium, spoken to over its own pipe in the DevTools protocol: no driver, no library, no port.

Where no Chromium is installed a test that asks for one fails and says what to install.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

WAIT_S: Final = 20.0
FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--renderer-process-limit=1",  # a process for every page opened takes longer than the tests
    "--disable-site-isolation-trials",
    "--disable-features=BackForwardCache,SpareRendererForSitePerProcess",
    "--lang=en-US",
    "--remote-debugging-pipe",
)
MISSING: Final = (
    "no Chromium is installed: on Debian run tools/install_chromium.sh as root; elsewhere install Chromium and "
    "name its program in CHROMIUM"
)
CODES: Final = {"Tab": 9, "Enter": 13, " ": 32}


def program() -> str:
    """Where Chromium is; the test fails where it is not."""
    found = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@dataclass
class Chromium:
    """The browser: what is asked and answered, and what happened meanwhile, by session."""

    to: int
    back: int
    heard: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rest: bytes = b""
    asked: int = 0

    def call(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": parameters}
        data = json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data) :]
        until = time.monotonic() + WAIT_S
        while True:
            answer = self._next(until)
            if answer.get("id") == self.asked:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def wait(self, session: str, method: str) -> None:
        """Until a session has heard of this."""
        until = time.monotonic() + WAIT_S
        while all(one["method"] != method for one in self.heard.get(session, [])):
            self._next(until)

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.back], [], [], max(until - time.monotonic(), 0))
            assert ready, "Chromium does not answer"
            read = os.read(self.back, 1 << 20)
            assert read, "Chromium has ended"
            self.rest += read
        line, _, self.rest = self.rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self.heard.setdefault(message.get("sessionId", ""), []).append(message)
        return message


@contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """One browser with an empty profile, ended with the block."""
    asks, to = os.pipe()
    back, answers = os.pipe()
    # Chromium reads the descriptor 3 and writes 4, whatever numbers these pipes have here.
    command = ["bash", "-c", f'exec "$@" 3<&{asks} 4>&{answers}', "-", program(), *FLAGS]
    with (profile / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--user-data-dir={profile / 'data'}", "about:blank"],
            pass_fds=(asks, answers),
            stdout=log,
            stderr=log,
        )
    os.close(asks)
    os.close(answers)
    running = Chromium(to, back)
    try:
        yield running
    finally:
        with suppress(AssertionError, OSError):  # it may have ended already
            running.call("Browser.close")
        os.close(to)
        try:
            process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(back)


@dataclass
class Tab:
    """One page in a context of its own: nothing is shared with another, nothing left behind."""

    browser: Chromium
    session: str

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        return self.browser.call(method, self.session, **parameters)

    def heard(self, method: str) -> list[dict[str, Any]]:
        return [one["params"] for one in self.browser.heard.get(self.session, []) if one["method"] == method]

    def open(self, url: str) -> None:
        self.browser.heard[self.session] = []
        self.call("Page.navigate", url=url)
        self.browser.wait(self.session, "Page.loadEventFired")

    def run(self, script: str) -> Any:  # noqa: ANN401  # what a script gives is any JSON
        """The value of an expression; a promise is waited for."""
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, script: str) -> None:
        until = time.monotonic() + WAIT_S
        while not self.run(script):
            assert time.monotonic() < until, f"never: {script}"
            time.sleep(0.01)

    def press(self, key: str, modifiers: int = 0) -> None:
        """A key of a keyboard, down and up."""
        code = {"key": key, "windowsVirtualKeyCode": CODES[key], "modifiers": modifiers}
        text = {"Enter": "\r", " ": " "}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **code, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def paste(self, text: str) -> None:
        """Text put into the box of the page in one go, and the button pressed."""
        self.run("document.getElementById('text').value = ''; document.getElementById('text').focus()")
        self.call("Input.insertText", text=text)
        self.run("document.querySelector('#paste button').click()")
        self.until("document.querySelector('#results').hidden === false")

    def choose(self, *paths: Path) -> None:
        """Files taken with the file picker, and judged."""
        self.pick(*paths)
        self.until("document.querySelector('#results').hidden === false")

    def pick(self, *paths: Path) -> None:
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector="#files")["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def drop(self, *paths: Path) -> None:
        """Files let go of over the page, by a mouse."""
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=200, y=200, data=data)
        self.until("document.querySelector('#results').hidden === false")

    def cards(self) -> list[str]:
        """The kind of every result."""
        found: list[str] = self.run("[...document.querySelectorAll('.card')].map((one) => one.dataset.kind)")
        return found

    def reasons(self) -> list[str]:
        found: list[str] = self.run("[...document.querySelectorAll('.reason')].map((one) => one.textContent)")
        return found

    def text(self, selector: str = "body") -> str:
        said: str = self.run(f"document.querySelector({json.dumps(selector)}).innerText")
        return said

    def tree(self) -> list[dict[str, Any]]:
        """What a screen reader is told: role, name and properties of every node it does not leave out."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node["ignored"]]

    def size(self, width: int, height: int, *, mobile: bool = False) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile
        )

    def prefer(self, **features: str) -> None:
        """Media features by name, an underscore for a dash."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", features=named)

    def picture(self, path: Path) -> None:
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def tab(browser: Chromium, languages: Sequence[str] = ("en-US",)) -> Iterator[Tab]:
    """A page at about:blank, listened to from there on."""
    context = browser.call("Target.createBrowserContext")["browserContextId"]
    target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Tab(browser, session)
    for domain in ("Network", "Page", "Runtime", "Log", "DOM", "Accessibility"):
        page.call(f"{domain}.enable")
    agent = browser.call("Browser.getVersion")["userAgent"]
    page.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=",".join(languages))
    try:
        yield page
    finally:
        browser.call("Target.disposeBrowserContext", browserContextId=context)
