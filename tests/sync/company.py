"""A practice company in a process of its own, a profile for it, and syncs of it that may be killed.

What the tests of this room and the storm stand on; what both sides must hold in the end: tests/storm/model.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from octowizard.session import practice_company
from octowizard.workspace import secrets
from tests.cli.commands import octowizard, serving

Json = dict[str, Any]

PROFILE = "p"
SECONDS = 300  # after so long a process that should have ended hangs
POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
PUT_RELATION = "PUT /dossiers/{dossierId}/relations"
REGISTER_PAYMENT = "invoices.registerPayment"


@dataclass(frozen=True)
class Ended:
    """How a sync ended: its exit code (negative: the signal), its events, what it said on stderr."""

    code: int
    events: list[Json]
    err: str

    @property
    def last(self) -> Json:
        """run_finished."""
        assert self.events, self.err
        assert self.events[-1]["event"] == "run_finished", (self.events[-1], self.err)
        return self.events[-1]

    def of(self, *names: str) -> list[Json]:
        """The events of these names."""
        return [event for event in self.events if event["event"] in names]


class Company:
    """A served practice company and a home with a profile for it."""

    def __init__(self, home: Path, line: Json) -> None:
        self.home = home
        self.line = line
        self.url: str = line["control_url"]
        practice_company.add(home, PROFILE, practice_company.decoded(json.dumps(line).encode()))

    def sign_in_again(self) -> None:
        """What the user does when an answer of Teamleader that was cut off has lost the sign-in."""
        store = secrets.SecretStore(PROFILE, self.workspace.parent, "file", environ={})
        store.write(secrets.TEAMLEADER_REFRESH_TOKEN, self.connection()["teamleader"]["refresh_token"])

    # --- the control address ---------------------------------------------------------------------------

    def _ask(self, path: str, body: object = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=60) as answer:
                found: Json = json.loads(answer.read(), parse_float=Decimal)
                return found
        except HTTPError as refused:
            with refused:
                raise AssertionError(refused.read().decode()) from None

    def world(self) -> Json:
        """All that both sides hold; amounts as Decimal."""
        return self._ask("/world")

    def connection(self) -> Json:
        """What another octowizard needs to connect: as the first line of `serve`, with a sign-in of its own."""
        return self._ask("/connection")

    def do(self, action: str, **arguments: object) -> Json:
        """One practice action."""
        return self._ask("/do", {"action": action, **arguments})

    def faults(self, *faults: Json) -> None:
        """Exactly these faults from now on."""
        self._ask("/faults", {"clear": True})
        if faults:
            self._ask("/faults", list(faults))

    def clock(self, **by: float) -> None:
        """Move the practice clock: days, hours, minutes, seconds."""
        self._ask("/clock", by)

    def switch(self, **switches: object) -> None:
        """Set outcomes that no source settles."""
        self._ask("/switches", switches)

    # --- octowizard ------------------------------------------------------------------------------------

    @property
    def workspace(self) -> Path:
        """The workspace file of the profile."""
        return self.home / "profiles" / PROFILE / "workspace.sqlite"

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `octowizard --profile p sync --json ...`."""
        return subprocess.Popen(
            [sys.executable, "-m", "octowizard", "--profile", PROFILE, "sync", "--json", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(self.home),
        )

    def sync(self, *words: str) -> Ended:
        """A sync from its beginning to its end; `--yes` unless it is a `--dry-run`."""
        words = words if "--dry-run" in words else ("--yes", *words)
        ended = octowizard(self.home, "--profile", PROFILE, "sync", "--json", *words)
        return Ended(ended.code, events_in(ended.out), ended.err)


def environment(home: Path) -> dict[str, str]:
    """A home of its own, English, nothing of the caller's."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OCTOWIZARD_")}
    return {**kept, "OCTOWIZARD_HOME": str(home), "OCTOWIZARD_LANGUAGE": "en", "PYTHONUTF8": "1"}


def events_in(out: str) -> list[Json]:
    """The JSON lines of stdout."""
    return [json.loads(line, parse_float=Decimal) for line in out.splitlines()]


@contextmanager
def company(home: Path, *words: str) -> Iterator[Company]:
    """Serve a practice company with these options of `sandbox serve` until the block is left."""
    with serving(*words) as out:
        yield Company(home, json.loads(out.readline()))
