"""The practice company of a storm, in a process of its own that lives through many rounds.

Whoever started it says on standard input what is to be, a JSON object a line, and reads the answer: `world` (another
practice company), `weather` (the faults of the next step), `still` (answered when no request is at work any more).
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from octowizard.sandbox import server
from octowizard.sandbox.web import Company
from octowizard.sandbox.worlds import SCENARIOS
from tests.storm.script import Fault, Kill
from tests.storm.weather import Weather

Json = dict[str, Any]
MINUTE_LIMIT = 1_000_000  # calls a minute of Teamleader where only the limits of the day are on


class Vendor:
    """That process, for the one who started it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.storm.vendor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, what: str, **members: object) -> Json:
        """Its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode({"what": what, **members}).decode() + "\n")
        self._process.stdin.flush()
        answer: Json = json.loads(self._process.stdout.readline())
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class _Counting:
    """How many requests are at work."""

    def __init__(self) -> None:
        self.at_work = 0

    def around(self, inner: ASGIApp) -> ASGIApp:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            self.at_work += 1
            try:
                await inner(scope, receive, send)
            finally:
                self.at_work -= 1

        return app

    async def still(self) -> None:
        """Return when none is, nor any is left in a socket: the loop has looked at all of them since."""
        quiet = 0
        while quiet < 5:
            await asyncio.sleep(0.001)
            quiet = 0 if self.at_work else quiet + 1


def _exchange(company: Company, weather: Weather, said: Json) -> None:
    world = SCENARIOS[said["scenario"]].build(said["seed"], said["customers"], said["documents"])
    world.limits = said["limits"]
    world.switches.rate_limit_per_minute = MINUTE_LIMIT
    weather.set(())
    weather.too_many.clear()
    company.world, company.files = world, Path(said["files"])


def _secrets(company: Company) -> list[str]:
    """Everything that opens an account; what a client got to know of it must stay where it keeps secrets."""
    octopus, teamleader = company.world.octopus, company.world.teamleader
    return [
        octopus.password,
        teamleader.client_secret,
        *teamleader.refresh_tokens,
        *teamleader.access_tokens,
    ]


async def main() -> None:
    """Serve until standard input ends."""
    counting, weather = _Counting(), Weather()
    build = server.build_app
    server.build_app = lambda company, url: counting.around(build(company, url))
    company = server.new_company(SCENARIOS["a"].build(1, 1, 1))
    company.faults = weather
    loop = asyncio.get_running_loop()
    async with server.serving(company) as served:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            said = json.loads(line)
            answer: Json = {}
            match said["what"]:
                case "world":
                    _exchange(company, weather, said)
                    answer = served.connection()
                case "weather":
                    kill = msgspec.convert(said["kill"], Kill | None)
                    weather.set(msgspec.convert(said["faults"], tuple[Fault, ...]), kill, said["pid"])
                case "still":
                    await counting.still()
                    answer = {
                        "requests": weather.requests,
                        "fired": dict(weather.by_kind),
                        "too_many": dict(weather.too_many),
                    }
                case "secrets":
                    answer = {"secrets": _secrets(company)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
