"""Whole sessions with real accounts, each command a process: nothing that they write or start holds a secret."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from octowizard import __version__
from octowizard.sandbox import server
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.server import Served, new_company, serving
from octowizard.sandbox.teamleader import http
from octowizard.sandbox.web import Company
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.workspace import secrets
from tests.cli.commands import environment
from tests.consent import agreed, free_port
from tests.customers.test_tables import workbook

CRASH = """
import sys
from octowizard.cli import main
from octowizard.octopus.client import Octopus
read = Octopus.bookyears
async def bookyears(self):
    await read(self)
    session = self._session
    raise RuntimeError(str([session._credentials.password, session._credentials.software_house, session._tokens]))
Octopus.bookyears = bookyears
sys.exit(main.run(sys.argv[1:]))
"""


@dataclass
class Sessions:
    """One person's sessions against a company that is served from this very process."""

    place: Path
    served: Served
    given: dict[str, str] = field(default_factory=dict)  # secrets in the environment
    said: list[bytes] = field(default_factory=list)
    children: dict[str, bytes] = field(default_factory=dict)  # by their arguments: arguments and environment
    codes: set[str] = field(default_factory=set)

    @property
    def home(self) -> Path:
        return self.place / "home"

    def _environment(self) -> dict[str, str]:
        temp, user = self.place / "temp", self.place / "user"
        temp.mkdir(exist_ok=True)
        user.mkdir(exist_ok=True)
        return {
            **environment(self.home, **self.given),
            **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temp)),
            **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), str(user)),
            "PYTHONASYNCIODEBUG": "1",
        }

    @asynccontextmanager
    async def _started(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self._environment(),
            cwd=self.place,
        )
        watching = asyncio.create_task(self._watch(process.pid))
        try:
            yield process
        finally:
            watching.cancel()

    async def run(
        self, *words: str, code: int | None = None, program: tuple[str, ...] = ("-m", "octowizard")
    ) -> bytes:
        """A command to its end; what it said."""
        async with self._started(*program, *words) as process:
            said, _nothing = await process.communicate(b"")
        assert code in (None, process.returncode), said.decode()
        self.said.append(said)
        return said

    async def connect(self) -> None:
        """Octopus by user and password, Teamleader by the consent page and the pasted address."""
        line = self.served.connection()
        octopus, teamleader, port = line["octopus"], line["teamleader"], free_port()
        self.served.company.world.teamleader.redirect_uris.append(f"http://localhost:{port}/callback")
        words = (
            "connect", "mine", "--secrets", "file", "--paste", "--port", str(port),
            "--octopus-address", line["octopus_url"], "--teamleader-address", line["teamleader_url"],
            "--teamleader-sign-in-address", line["teamleader_auth_url"],
        )  # fmt: skip
        first = (octopus["software_house"], octopus["user"], octopus["password"], "", "")
        keys = (teamleader["client_id"], teamleader["client_secret"])
        async with self._started("-m", "octowizard", *words) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write("".join(f"{typed}\n" for typed in (*first, *keys)).encode())
            said = b""
            while not (page := re.search(rb"http\S+/authorize\S+(?=\s)", said)):
                said += (part := await process.stdout.read(4096))
                assert part, said.decode()
            back = await asyncio.to_thread(agreed, page[0].decode())
            self.codes |= {*parse_qs(urlsplit(back).query)["code"]}
            rest, _nothing = await process.communicate(f"{back}\n\n\nnone\n2026-01-01\n\n\n".encode())
        assert process.returncode == 0, (said + rest).decode()
        self.said.append(said + rest)

    async def _watch(self, parent: int) -> None:
        """Keep what stands in /proc of all that a command starts, while it runs.

        Not of a copy that has yet to become another program: for a moment it is the command itself.
        """
        itself = _read(Path(f"/proc/{parent}/cmdline"))
        while True:
            for process in _below(parent):
                words, variables = _read(process / "cmdline"), _read(process / "environ")
                of_ours = [part for part in words.decode().split("\0") if "octowizard" in part]
                if variables and of_ours and words != itself:
                    self.children[Path(of_ours[-1]).name] = words + b"\0" + variables
            await asyncio.sleep(0.01)

    def secrets(self) -> set[str]:
        """All that a session had in its hands; the tokens of Octopus are made as its stand-in makes them."""
        world = self.served.company.world
        side, octopus = world.teamleader, world.octopus
        made = (f"{world.seed}/{world.scenario}/{number}" for number in range(1, 100))
        return {
            *(octopus.password, octopus.software_house, side.client_secret, *self.codes),
            *side.refresh_tokens,
            *side.access_tokens,
            *(hashlib.sha256(text.encode()).hexdigest() for text in made),
        }

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Everything but the folder that the user chose for secrets; what is packed is unpacked."""
        yield from ((f"what command {number} said", said) for number, said in enumerate(self.said))
        yield from self.children.items()
        for path in self.place.rglob("*"):
            if not path.is_file() or path.parent == self.home / "profiles" / "mine" / "secrets":
                continue
            body = path.read_bytes()
            yield str(path), body
            if zipfile.is_zipfile(io.BytesIO(body)):
                with zipfile.ZipFile(io.BytesIO(body)) as packed:
                    yield from ((f"{path}/{name}", packed.read(name)) for name in packed.namelist())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _below(parent: int) -> list[Path]:
    """The /proc of all processes that this one started, and those."""
    below: list[Path] = []
    waiting = [Path(f"/proc/{parent}")]
    while waiting:
        for thread in waiting.pop().glob("task/*/children"):
            children = [Path(f"/proc/{number}") for number in _read(thread).decode().split()]
            below += children
            waiting += children
    return below


def shapes(secret: str) -> tuple[bytes, ...]:
    """How a secret may stand in a file."""
    plain = secret.encode()
    return plain, secret.encode("utf-16-le"), base64.b64encode(plain)[:-4], plain.hex().encode()


@pytest.mark.skipif(not [*Path("/proc/self").glob("task/*/children")], reason="it looks into /proc")
async def test_nothing_that_whole_sessions_write_or_start_holds_a_secret_and_each_call_says_who_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers: dict[str, set[str]] = {}
    plain = server.build_app

    def build_app(company: Company, url: str) -> ASGIApp:
        inner = plain(company, url)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            agents = {value.decode() for name, value in scope["headers"] if name == b"user-agent"}
            callers.setdefault(scope["path"], set()).update(agents or {""})
            await inner(scope, receive, send)

        return app

    monkeypatch.setattr(server, "build_app", build_app)
    world = SCENARIOS["tour"].build(1, 8, 6)
    async with serving(new_company(world)) as served:
        mine = Sessions(tmp_path, served)
        await mine.connect()
        await mine.run("check", "--profile", "mine", "--json", code=1)
        await mine.run("sync", "--profile", "mine", "--yes", "--json")
        world.clock.advance(secrets.OCTOPUS_DAYS / 1000)  # an hour and more: the next one renews
        mine.given = {
            secrets.variable(secrets.OCTOPUS_PASSWORD): world.octopus.password,
            secrets.variable(secrets.TEAMLEADER_CLIENT_SECRET): world.teamleader.client_secret,
        }
        served.company.faults.add(Fault("oauth2/access_token", "latency", milliseconds=300, times=1))
        await mine.run("doctor", "--profile", "mine", "--online", "--json")
        customers = workbook(
            tmp_path / "customers.xlsx", [["Naam", "Postcode"], ["Bakkerij De Proef", "9000"]]
        )
        await mine.run("duplicates", "find", str(customers), code=0)
        words = ("--profile", "mine", "check", "--fresh")
        assert b"did not foresee" in await mine.run(*words, program=("-c", CRASH), code=3)
        message = f"Octopus: password={world.octopus.password} was wrong"
        await mine.run("diagnose", message, "--profile", "mine", "--bundle", str(tmp_path / "bundle.zip"))
        hidden = mine.secrets()
        password, world.octopus.password, mine.given = world.octopus.password, "another-by-now", {}
        await mine.run("check", "--profile", "mine", "--fresh", code=3)
    assert "octowizard.workspace.renewal" in mine.children
    found = dict(mine.written())
    assert any("/crashes/crash-" in name for name in found)
    assert any("bundle.zip/" in name and "crash" in name for name in found)
    sought = [shape for secret in hidden for shape in shapes(secret)]
    held = {(name, shape[:12]) for name, body in found.items() for shape in sought if shape in body}
    assert held == set()
    del callers[http.AUTHORIZE]  # the browser's
    assert {*callers} >= {http.TOKEN, "/octopus-rest-api/v1/openapi.json", "/octopus-rest-api/v1/dossiers"}
    assert {agent for agents in callers.values() for agent in agents} == {f"octowizard/{__version__}"}
    assert (mine.home / "profiles/mine/secrets/octopus_password").read_text() == password
