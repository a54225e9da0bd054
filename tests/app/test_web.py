"""The app in the browser: its owner gets in, nobody else does, and no process stays behind."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from websockets.sync.client import connect

from octowizard.app import web
from octowizard.cli import main
from tests.chromium import PROGRAM, SECONDS, Tab, chromium

WITHOUT = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium here (apt-get install chromium)")
NEVER = "evil.example"


@asynccontextmanager
async def served(*words: str) -> AsyncIterator[str]:
    """A server in this process whose tabs run `octowizard` with these words; yields the address that it prints."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(web.serving(words, 0, address.set_result))
    try:
        yield await asyncio.wait_for(address, SECONDS)
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


@asynccontextmanager
async def signed_in(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has opened the address."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(address) as answer:
            assert answer.status == 200
            assert "url=/" in await answer.text()
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
        yield browser


def place(address: str, path: str = "/") -> str:
    """A page of the same server, without the token."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{path}"


async def test_the_page_opens_by_the_address_that_was_printed_and_loads_nothing_from_elsewhere() -> None:
    async with served() as address, signed_in(address) as browser:
        async with browser.get(place(address, "/?fontsize=20")) as answer:
            page = await answer.text()
            assert answer.status == 200
        assert 'data-font-size="20"' in page
        assert page.count("://") == page.count(f"ws://{urlsplit(address).netloc}/ws") == 1
        async with browser.get(place(address, "/static/js/textual.js")) as answer:
            assert answer.status == 200
            assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path", ["/", "/?t=wrong", "/?t=", "/ws", "/static/js/textual.js", "/download/x", "/nothing"]
)
async def test_without_the_token_nothing_is_given_out(path: str) -> None:
    async with (
        served() as address,
        aiohttp.ClientSession() as stranger,
        stranger.get(place(address, path)) as answer,
    ):
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": f"http://{NEVER}"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Host": NEVER},
        {"Host": f"{NEVER}:80"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js"])
async def test_a_page_of_somebody_else_is_refused_also_with_the_cookie(
    path: str, headers: dict[str, str]
) -> None:
    async with (
        served() as address,
        signed_in(address) as browser,
        browser.get(place(address, path), headers=headers) as answer,
    ):
        assert answer.status == 403


@pytest.mark.parametrize("origin", [f"http://{NEVER}", None])
async def test_a_foreign_page_cannot_open_the_socket_and_type(origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    async with served() as address, signed_in(address) as browser:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.ws_connect(place(address, "/ws"), headers=headers)
        assert refused.value.status == 403


async def test_only_reading_is_answered() -> None:
    async with served() as address, signed_in(address) as browser, browser.post(place(address)) as answer:
        assert answer.status == 403


async def test_a_tab_whose_app_has_ended_is_told_so() -> None:
    async with served("--version") as address, signed_in(address) as browser:
        origin = {"Origin": place(address, "")}
        async with browser.ws_connect(place(address, "/ws?width=80&height=24"), headers=origin) as tab:
            message = await asyncio.wait_for(tab.receive(), SECONDS)
            assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


def test_without_the_extra_one_sentence_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "octowizard.app.web", raising=False)
    assert main.run(["web"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "pip install 'octowizard[web]'" in told.err
    assert len(told.err.strip().splitlines()) == 1


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((web.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert main.run(["web", "--port", str(port)]) == 3
    assert f"Port {port} cannot be served on" in capsys.readouterr().err


# --- as it is used ----------------------------------------------------------------------------------------------


@contextmanager
def command(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`octowizard web` in a process of its own; yields the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "octowizard", "web", *words],
        env={**os.environ, "OCTOWIZARD_HOME": str(home), "OCTOWIZARD_OCTOPUS_PASSWORD": "geheim"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)


def below(process: int) -> list[tuple[int, str]]:
    """The processes that this one has started, and those have, with their words."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="], check=True, capture_output=True, text=True
    ).stdout
    lines = [line.split(None, 2) for line in listed.splitlines()]
    found = [(int(pid), args) for pid, parent, args in lines if int(parent) == process]
    return found + [one for pid, _args in found for one in below(pid)]


SPY = """
window.received = "";
const Real = window.WebSocket;
window.WebSocket = class extends Real {
  constructor(...given) {
    super(...given);
    const decode = new TextDecoder();
    this.addEventListener("message", async (event) => {
      const data = event.data instanceof Blob ? await event.data.arrayBuffer() : event.data;
      window.received += typeof data === "string" ? data : decode.decode(data);
    });
  }
};
"""


@WITHOUT
@pytest.mark.skipif(sys.platform == "win32", reason="asks ps for processes")
def test_in_a_real_browser_a_key_changes_the_screen_and_a_closed_tab_ends_its_app(tmp_path: Path) -> None:
    folder, home = tmp_path / "browser", tmp_path / "home"
    folder.mkdir()
    with (
        command(home, "--sandbox", "healthy") as (process, address),
        chromium(folder) as browser,
        connect(browser._endpoint, max_size=None, proxy=None) as line,
    ):
        tab = Tab(line)
        tab._ask("Page.enable")
        tab._ask("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        tab.open(address)
        tab._until('document.body && document.body.classList.contains("-first-byte")')
        tab._until('window.received.includes("Next")')
        before = picture(tab)
        tab._until('document.activeElement.className == "xterm-helper-textarea"')
        tab._ask("Input.dispatchKeyEvent", type="keyDown", key="?", text="?", windowsVirtualKeyCode=191)
        tab._until('window.received.includes("Keys")')
        assert picture(tab) != before
        token = address.partition("=")[2]
        assert token not in tab._ask("Runtime.evaluate", expression="location.href")["result"]["value"]
        children = below(process.pid)
        assert children
        assert not any(secret in words for _pid, words in children for secret in ("geheim", token))
        tab._ask("Page.navigate", url="about:blank")
        wait_for(lambda: not below(process.pid))
    assert process.returncode == 130


@pytest.mark.skipif(sys.platform == "win32", reason="asks ps for processes")
@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_app_stays_behind_when_the_server_ends(tmp_path: Path, order: signal.Signals) -> None:
    with command(tmp_path, "--sandbox", "healthy") as (process, address):

        async def open_tab() -> list[tuple[int, str]]:
            async with signed_in(address) as browser:
                origin = {"Origin": place(address, "")}
                async with browser.ws_connect(place(address, "/ws"), headers=origin) as tab:
                    while b"octowizard" not in (await asyncio.wait_for(tab.receive(), SECONDS)).data:
                        pass
                    children = below(process.pid)
                    process.send_signal(order)
                    await asyncio.to_thread(process.wait, SECONDS)
                    return children

        children = asyncio.run(open_tab())
        assert len(children) >= 2  # the app, and its practice company
        wait_for(lambda: not any(is_alive(pid) for pid, _words in children))


def picture(tab: Tab) -> bytes:
    """What the page looks like."""
    return base64.b64decode(tab._ask("Page.captureScreenshot")["data"])


def is_alive(pid: int) -> bool:
    """Whether the process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(met: Callable[[], bool]) -> None:
    """Until it is so; fails when it never is."""
    deadline = time.monotonic() + SECONDS
    while not met():
        assert time.monotonic() < deadline, "never happened"
        time.sleep(0.05)  # another process has no event for its end
