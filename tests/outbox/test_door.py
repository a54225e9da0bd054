"""The protocol of all writes: what a failed call comes to, by what a look shows and by how the kind settles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.outbox.door import NotWritten, StillInDoubt, write
from octowizard.outbox.kinds import MERGE_STEP
from octowizard.outbox.lookup import each
from octowizard.outbox.merging import Step
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import Failed, Interrupted, LimitReached, Refused, SignInRefused, VendorError
from octowizard.workspace import intents
from tests.customers.practice import Desk, desk

STEP = Step(pack=1, label="Bakkerij", step="delete", company="x")
CUT = Interrupted("Teamleader", "companies.delete", in_doubt=True)
BROKEN = Failed("Teamleader", "companies.delete", status=500, in_doubt=True)
REFUSED = Refused("Teamleader", "companies.delete", status=404)
SIGN_IN = SignInRefused("Teamleader", "companies.delete", status=401)
BUSY = LimitReached("Teamleader", "companies.info", status=429)


@pytest.fixture
async def present(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "b", 1) as opened:
        yield opened


def kind(settles: str, sent: BaseException, shown: VendorError | bool) -> Any:
    """A step of a merge whose call fails with `sent`; a look then shows it, shows nothing, or fails."""

    async def send(_teamleader: Teamleader, _step: Step) -> None:
        raise sent

    async def look(_teamleader: Teamleader, _step: Step, _since: datetime) -> bool | None:
        if isinstance(shown, VendorError):
            raise shown
        return shown or None

    return msgspec.structs.replace(MERGE_STEP, send=send, look=each(look), settles=settles)


@pytest.mark.parametrize("settles", ["at_once", "when_found"])
@pytest.mark.parametrize("sent", [CUT, BROKEN, REFUSED])
async def test_a_failed_call_that_a_look_finds_stands(present: Desk, settles: str, sent: VendorError) -> None:
    written = await write(kind(settles, sent, True), present.workspace, present.teamleader, STEP)
    assert written.found
    assert len(intents.in_state(present.workspace, "done")) == 1


@pytest.mark.parametrize(
    ("settles", "sent", "shown", "raised", "state"),
    [
        ("at_once", CUT, False, NotWritten, "not_done"),
        ("when_found", BROKEN, False, NotWritten, "not_done"),
        ("when_found", CUT, False, StillInDoubt, "open"),  # the request may still be at work
        ("later", CUT, True, StillInDoubt, "open"),  # nor is what a look finds certain yet
        ("at_once", CUT, BUSY, StillInDoubt, "open"),
        ("at_once", REFUSED, BUSY, StillInDoubt, "open"),
        ("at_once", REFUSED, False, Refused, "refused"),
        ("at_once", SIGN_IN, True, SignInRefused, "refused"),  # it never reached the company
        ("at_once", asyncio.CancelledError(), True, asyncio.CancelledError, "open"),
    ],
)
async def test_a_failed_call_that_no_look_finds_is_told_as_what_is_certain(
    present: Desk,
    settles: str,
    sent: BaseException,
    shown: VendorError | bool,
    raised: type[BaseException],
    state: intents.State,
) -> None:
    with pytest.raises(raised):
        await write(kind(settles, sent, shown), present.workspace, present.teamleader, STEP)
    (intent,) = intents.in_state(present.workspace, "open", "done", "not_done", "refused")
    assert intent.state == state
    assert intent.closed_at is not None  # of an open one: when its call ended
