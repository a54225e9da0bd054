"""The one door through which anything is written to a vendor.

`write` is the protocol, the same for every kind of write: the intent, committed to the disk; the call, sent once;
the outcome, committed together with the links it made (when that is on the disk: `intents.py`). A call whose outcome
is unknown is settled by looking, never by repeating. What `write` raises says what is certain: nothing was written,
or it is still in doubt.

What differs from kind to kind is one row of the table in `kinds.py`; this module knows no kind.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.octopus.client import Octopus
from octowizard.octopus.contract import max_calls_per_day
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import Interrupted, LimitSpent, Refused, VendorError
from octowizard.transport.ledger import day_ends
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.forget import never_writes

POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"
PUT_RELATION = "PUT /dossiers/{dossierId}/relations"
NO_RUN = 0  # writes that belong to no sync

_encode = msgspec.json.Encoder(decimal_format="number").encode

C = TypeVar("C")  # the client: Octopus, Teamleader, or both as a tuple
B = TypeVar("B")  # the body: what is to be written
R = TypeVar("R")  # the record: what the vendor's answer, or a look, shows of it


class NeverWritten(WorkspaceError):
    """A side of the profile is not connected: nothing is written to the other one either."""

    def __init__(self) -> None:
        super().__init__(_("This profile is not connected to both sides: nothing is ever written by it."))


class NotWritten(Exception):
    """The call failed, and a look showed that nothing was written. It may be tried again."""

    def __init__(self, cause: VendorError) -> None:
        self.cause = cause
        super().__init__(str(cause))


class StillInDoubt(Exception):
    """The outcome is unknown: the look failed, or shows nothing of a request that may still be at work (`early`).

    The intent stays open; it is settled by looking before anything else is written.
    """

    def __init__(self, cause: VendorError, *, early: bool = False) -> None:
        self.cause = cause
        self.early = early
        super().__init__(str(cause))


class Doubt(NamedTuple, Generic[B]):
    """A write whose outcome is to be looked up. `since`: the vendor's clock just before the call."""

    intent: int
    body: B
    since: datetime


class Written(NamedTuple, Generic[R]):
    """A write that stands. `found`: no clear answer came, a look found it."""

    record: R | None
    found: bool


Look = Callable[[C, Workspace, Sequence[Doubt[B]]], Awaitable[Mapping[int, R]]]


def not_written(failure: VendorError, _record: object) -> Exception:
    """What a write that a look did not find ends with: the refusal itself, or NotWritten."""
    return NotWritten(failure) if failure.in_doubt else failure


def _itself(body: object) -> object:
    return body


def _always(_body: object, _record: object) -> bool:
    return True


def _no_link(_body: object, _record: object) -> tuple[links.Link, ...]:
    return ()


def _nothing(_record: object) -> str:
    return ""


def _never(_error: VendorError) -> bool:
    return False


class WriteKind(msgspec.Struct, Generic[C, B, R], frozen=True, kw_only=True):
    """One kind of write: everything the protocol needs to know about it.

    `settles` says when a look is final. at_once: right after the call. when_found: what a look finds stands, and what
    it does not find may yet come while a request that was cut off is at work. later: nothing can be told before it
    must have ended, since the vendor's lists lag behind.

    `by_sync` says whether a sync writes it (and so writes it again after a look did not find it), and when a sync
    settles its doubts: first of all, or in the phase that writes them.
    """

    name: intents.Kind
    vendor: Literal["Octopus", "Teamleader", "both"]  # whose client `send` and `look` take; both: the pair
    body: type[B]
    subject: Callable[[B], str]  # id of the document or customer it is about
    key: Callable[[B], str]  # natural key: by what the result can be found again
    label: Callable[[B], str]  # names it for people
    stored: Callable[[B], object] = (
        _itself  # what the intent remembers, as JSON, where that is not the body ...
    )
    restored: Callable[[intents.Intent], B] | None = None  # ... and the body made of it again
    send: Callable[[C, B], Awaitable[R | None]]  # the call; the record, where the answer shows it
    look: Look[C, B, R]  # what stands by the natural key, by intent; where nothing does, left out
    is_same: Callable[[B, R], bool] = _always  # whether that is what was sent
    links: Callable[[B, R | None], tuple[links.Link, ...]] = _no_link  # what a successful write links
    made: Callable[[R], str] = _nothing  # what the intent remembers of the record
    settles: Literal["at_once", "when_found", "later"] = "at_once"
    # Whether a refusal may only say that it stands already: then what stands is looked at.
    doubts_refusal: Callable[[VendorError], bool] = _never
    failed: Callable[[VendorError, R | None], Exception] = not_written  # what to raise when it does not stand
    by_sync: Literal["never", "first", "in_turn"] = "never"
    limited: str = ""  # the operation whose limit of the day a preview counts

    def body_of(self, intent: intents.Intent) -> B:
        """What was to be written."""
        if self.restored is not None:
            return self.restored(intent)
        return msgspec.json.decode(intent.body, type=self.body)


async def write(
    kind: WriteKind[C, B, R], workspace: Workspace, client: C, body: B, *, run: int = NO_RUN
) -> Written[R]:
    """Write it once.

    Raises NotWritten, StillInDoubt, what `kind.failed` names, and the VendorErrors that are certain: Refused (a rule
    of the vendor), LimitSpent, Unreachable. The vendor's clock must be known (any call before). NeverWritten, with
    nothing sent, where a side of the profile is not connected.
    """
    if never_writes(workspace):
        raise NeverWritten
    since = _octopus_or_teamleader(client).clock.now()
    intent = intents.open_intent(
        workspace,
        run=run,
        kind=kind.name,
        subject=kind.subject(body),
        natural_key=kind.key(body),
        body=_encode(kind.stored(body)),
        vendor_time=since,
    )
    try:
        answer = await kind.send(client, body)
    except VendorError as error:
        failure = error
    except BaseException:  # stopped while it was sent: in doubt, and what is known is when the call ended
        with contextlib.suppress(WorkspaceError):
            intents.call_ended(workspace, intent)
        raise
    else:
        made = kind.made(answer) if answer is not None else ""
        intents.close(workspace, intent, "done", made, *kind.links(body, answer))
        return Written(answer, found=False)
    failed: intents.State = "refused" if isinstance(failure, Refused) else "not_done"
    if not failure.in_doubt and not kind.doubts_refusal(failure):
        intents.close(workspace, intent, failed, str(failure))
        raise failure
    intents.call_ended(workspace, intent)
    if failure.in_doubt and kind.settles == "later":
        raise StillInDoubt(failure, early=True) from failure
    try:
        record = (await kind.look(client, workspace, [Doubt(intent, body, since)])).get(intent)
    except VendorError as trouble:
        raise StillInDoubt(trouble) from failure
    if record is not None and kind.is_same(body, record):
        intents.close(workspace, intent, "done", kind.made(record) or "found", *kind.links(body, record))
        return Written(record, found=True)
    if kind.settles == "when_found" and failure.in_doubt and isinstance(failure, Interrupted):
        raise StillInDoubt(failure, early=True) from failure
    intents.close(workspace, intent, failed, str(failure))
    outcome = kind.failed(failure, record)
    raise outcome from (failure if outcome is not failure else None)


def _octopus_or_teamleader(client: object) -> Octopus | Teamleader:
    """Whose clock stamps the intent; of both, Octopus', by which its feeds are asked."""
    vendor = client[0] if isinstance(client, tuple) else client
    assert isinstance(vendor, Octopus | Teamleader)
    return vendor


def clients(octopus: Octopus, teamleader: Teamleader) -> dict[str, Any]:
    """The client, or the pair of them, by what a kind of write asks for."""
    return {"Octopus": octopus, "Teamleader": teamleader, "both": (octopus, teamleader)}


class Door:
    """What a sync writes through: the workspace and both vendors. `run` names the run in the intents."""

    paper = False

    def __init__(
        self, workspace: Workspace, octopus: Octopus, teamleader: Teamleader, run: int = NO_RUN
    ) -> None:
        self.workspace = workspace
        self.octopus = octopus
        self.teamleader = teamleader
        self._run = run

    async def write(self, kind: WriteKind[C, B, R], body: B) -> Written[R]:
        """As `write`."""
        client = clients(self.octopus, self.teamleader)[kind.vendor]
        return await write(kind, self.workspace, client, body, run=self._run)

    def keep(self, *recognised: links.Link) -> None:
        """Remember pairs that were recognised; they need no write to a vendor, and can be recognised again."""
        links.keep(self.workspace, *recognised, at_once=False)


class Paper(Door):
    """The door of a preview: nothing is written or kept; the limits of the day are counted as if it were."""

    paper = True

    def __init__(
        self, workspace: Workspace, octopus: Octopus, teamleader: Teamleader, *, limits: bool
    ) -> None:
        super().__init__(workspace, octopus, teamleader)
        self._limits = limits
        self._left: dict[str, int | None] = {}
        self._counted: set[tuple[str, str]] = set()

    async def write(self, kind: WriteKind[C, B, R], body: B) -> Written[R]:
        """Count it. Raises LimitSpent, as the write would.

        The same relation is made once, however many documents want it.
        """
        counted = (kind.limited, kind.subject(body))
        if self._limits and kind.limited and counted not in self._counted:
            self._spend(kind.limited)
            self._counted.add(counted)
        return Written(None, found=False)

    def _spend(self, operation: str) -> None:
        left = self._left.setdefault(operation, self.octopus.remaining(operation))
        if left is None:
            return
        if left <= 0:
            limit = max_calls_per_day(operation) or 0
            raise LimitSpent("Octopus", operation, limit=limit, until=day_ends(self.octopus.clock.now()))
        self._left[operation] = left - 1

    def keep(self, *recognised: links.Link) -> None:
        """Nothing is kept."""
