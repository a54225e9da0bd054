"""A real browser for sign-ins: headless Chromium, driven by its DevTools protocol over a websocket.

Clicks are real mouse events in the middle of what is clicked: what is hidden or covered is not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect

from tests import guard
from tests.consent import visit

SECONDS = 30.0
PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_MIDDLE = """(() => {
  const one = document.querySelector(%s);
  const at = one && one.getBoundingClientRect();
  return at && [at.x + at.width / 2, at.y + at.height / 2];
})()"""


class Tab:
    """One page, with cookies of its own."""

    def __init__(self, browser: ClientConnection) -> None:
        self._browser, self._number = browser, 0
        context = self._send("Target.createBrowserContext")["browserContextId"]
        target = self._send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def open(self, address: str) -> None:
        """Go to a page; what cannot be opened is told by `text`."""
        self._ask("Page.navigate", url=address)

    def click(self, selector: str) -> None:
        """Wait until it is there, and press the mouse on it."""
        x, y = self._until(_MIDDLE % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def text(self, words: str) -> str:
        """What the page says, once it says these words."""
        found: str = self._until(
            f"document.body && document.body.innerText.includes({json.dumps(words)}) && document.body.innerText"
        )
        return found

    def _until(self, script: str) -> Any:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True)
            if value := answer["result"].get("value"):
                return value
            time.sleep(0.02)  # a page has no event for what its text is
        shown = self._ask("Runtime.evaluate", expression="location.href + document.body.innerText")
        raise AssertionError((script, shown))

    def _ask(self, method: str, **parameters: Any) -> Any:
        return self._send(method, session=self._session, **parameters)

    def _send(self, method: str, *, session: str | None = None, **parameters: Any) -> Any:
        self._number += 1
        order = {"id": self._number, "method": method, "params": parameters}
        self._browser.send(json.dumps(order | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self._browser.recv(SECONDS))
            if answer.get("id") == self._number:
                assert "error" not in answer, (order, answer)
                return answer["result"]


class Chromium:
    """A browser that runs; each sign-in has a tab of its own."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self.seen: list[str] = []  # what the last page of each sign-in said
        self.errors: list[Exception] = []

    def agrees(self, page: str) -> bool:
        """In the background, as a browser is opened: click on *Allow* and wait for the page of octowizard."""

        def sign_in() -> None:
            try:
                with connect(self._endpoint, max_size=None, proxy=None) as browser:
                    tab = Tab(browser)
                    tab.open(page)
                    tab.click("#allow")
                    self.seen.append(tab.text("Signed in"))
            except Exception as error:
                self.errors.append(error)
                visit(_refused(page))  # so that nobody waits for this browser

        threading.Thread(target=sign_in, daemon=True).start()
        return True


def _refused(page: str) -> str:
    """The redirect address of a consent page, for somebody who did not agree."""
    query = dict(parse_qsl(urlsplit(page).query))
    answer = {"error": "no-browser", "state": query["state"]}
    return f"{query['redirect_uri']}?{urlencode(answer)}"


@contextmanager
def chromium(folder: Path, *options: str) -> Iterator[Chromium]:
    """A headless browser with these options, its profile in `folder`."""
    assert PROGRAM is not None
    told = folder / "DevToolsActivePort"
    process = subprocess.Popen(
        [
            PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-proxy-server",
            "--disable-dev-shm-usage", f"--user-data-dir={folder}", "--remote-debugging-port=0", *options,
            "about:blank",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    guard.LASTING.add(process.pid)  # one for several tests; ended below
    try:
        deadline = time.monotonic() + SECONDS
        while not (told.exists() and len(lines := told.read_text().splitlines()) == 2):
            assert process.poll() is None, "Chromium ended"
            assert time.monotonic() < deadline, "Chromium did not start"
            time.sleep(0.02)  # it writes a file when it is ready
        yield Chromium(f"ws://127.0.0.1:{lines[0]}{lines[1]}")
    finally:
        process.terminate()
        process.wait(SECONDS)
