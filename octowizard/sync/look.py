"""Looking at both sides for check, set-up and Home: with the fewest calls, or at what is kept, without any.

What a limit, a right or the network withholds is named in the Snapshot (`unread`, `partial`, `troubles`), so that
nobody can take it for fine. Nothing is written to a vendor. The run reads through `reading.py`; both fetch alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.progress import Report
from octowizard.snapshot import assemble, audited
from octowizard.snapshot.model import Snapshot, Trouble
from octowizard.snapshot.parts import (
    READABLE,
    Freshness,
    Look,
    Part,
    clock_offset,
    healing,
    last_look,
)
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import Profile, Vendor

if TYPE_CHECKING:
    from octowizard.octopus.client import Octopus
    from octowizard.snapshot.fetch import Fetch
    from octowizard.teamleader.client import Teamleader
    from octowizard.transport.errors import VendorError

LINES_FOR_HOME = 100  # documents whose lines a look for Home reads: half of Teamleader's minute


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


async def look(
    root: Path,
    profile: Profile,
    parts: Iterable[Part] | None = None,
    *,
    freshness: Freshness = "kept",
    report: Report = _silent,
    widely: bool = False,
    lines: int | None = None,
    span: tuple[date, date] | None = None,
    alone: bool = False,
    most: int | None = None,
    first: Callable[[], str] | None = None,
) -> Snapshot:
    """Bring these parts up to date, all by default, and keep them; the rest is as it was kept.

    Where nothing was ever read, all is. `alone`: even then only these parts, of the documents that wait, with nothing
    that is read with them; that is no look at both sides, so the next one still reads all. `freshness`, `widely`,
    `lines`, `span`, `most`, `first`: as in `Fetch`; with a span the Snapshot is the audit's. Raises WorkspaceError,
    ProfileError, ConfigurationError and SecretsUnavailable; what a vendor refuses is told in the Snapshot.
    """
    if len(profile.unconnected) == 2:
        return offline(root, profile)
    wanted = None if parts is None else frozenset(parts) if alone else _with_companions(frozenset(parts))
    with workspace_of(root, profile) as workspace:
        look_once = partial(_look, root, profile, workspace, wanted, freshness, report)
        read = partial(look_once, widely=widely, lines=lines, span=span, alone=alone, most=most, first=first)
        for attempt in healing(workspace):
            with attempt:
                _bring_declared(workspace, profile)
                return await read()
    raise AssertionError("the last attempt returns or raises")


async def again(root: Path, profile: Profile, problem: str, report: Report = _silent) -> Snapshot:
    """Read once more what the checks of this problem depend on: whether it is mended is told by looking.

    At most three calls to Octopus, signing in aside. For an unknown problem: everything.
    """
    from octowizard.planning.problems import parts_of

    parts = parts_of(problem)
    return await look(root, profile, parts or None, freshness="forced" if parts else "fresh", report=report)


def offline(
    root: Path,
    profile: Profile,
    build: Callable[[Workspace, Profile, Look], Snapshot] = assemble.for_checks,
) -> Snapshot:
    """What was kept; `taken_at` is as of when, and everything is unread where nothing ever was.

    Where neither side is connected it is as of now: what was declared stands until it is declared otherwise.
    """
    with workspace_of(root, profile) as workspace:
        for attempt in healing(workspace):
            with attempt:
                _bring_declared(workspace, profile)
                nothing = _("nothing has been read yet: check once without --offline")
                look = last_look(workspace) or Look(unread=dict.fromkeys(READABLE, nothing))
                if len(profile.unconnected) == 2:
                    look = Look(looked_at=datetime.now(UTC), unread=look.unread)
                return build(workspace, profile, look)
    raise AssertionError("the last attempt returns or raises")


def _bring_declared(workspace: Workspace, profile: Profile) -> None:
    """What is declared of sides that are not connected, as if it had been read."""
    if profile.unconnected:
        from octowizard.customers.declared_lists import (
            bring,  # it loads httpx, which looking offline does without
        )

        bring(workspace, profile)


def moment_there(root: Path, profile: Profile) -> datetime:
    """Now, by the vendors' clock as it was last seen: by it the age of what is kept counts."""
    with workspace_of(root, profile) as workspace:
        return datetime.now(UTC) + clock_offset(workspace)


async def _look(
    root: Path,
    profile: Profile,
    workspace: Workspace,
    parts: frozenset[Part] | None,
    freshness: Freshness,
    report: Report,
    *,
    widely: bool,
    lines: int | None,
    span: tuple[date, date] | None,
    alone: bool,
    most: int | None,
    first: Callable[[], str] | None,
) -> Snapshot:
    """Read, keep how it went, and build. Each part by itself, so that one that is refused spoils no other."""
    # They load httpx, which looking offline does without.
    from octowizard.snapshot.fetch import Fetch
    from octowizard.sync.accounts import open_accounts
    from octowizard.transport.errors import VendorError

    before = last_look(workspace)
    whole = parts is None or (before is None and not alone)
    async with open_accounts(root, profile, workspace, looking=True) as accounts:
        octopus = accounts.octopus
        resting = set(profile.unconnected)
        clients: tuple[tuple[Vendor, Octopus | Teamleader], ...] = (
            ("Octopus", octopus),
            ("Teamleader", accounts.teamleader),
        )
        known = [await client.known_refusal() for vendor, client in clients if vendor not in resting]
        refusals = [refusal for refusal in known if refusal is not None]
        # Octopus' calls are counted by the day, and without Teamleader's documents nothing new hangs on them.
        if whole and before is not None and {refusal.vendor for refusal in refusals} == {"Teamleader"}:
            resting.add("Octopus")
        fetch = Fetch(
            workspace,
            *accounts,
            profile,
            READABLE if whole or parts is None else parts,
            freshness=freshness,
            report=report,
            refusal=_refusal,
            sparing=alone,
            remembered=not alone,
            most=most,
            first=first,
            widely=widely,
            lines=lines,
            resting=resting,
            span=span,
        )
        for refusal in refusals:  # of both, before the first call of either
            fetch.refused(refusal)
        if fetch.asks("Octopus") and (whole or freshness == "kept"):
            try:
                # Costs no limited call, and its answer tells the clock by which limits and ages are counted.
                await octopus.version()
            except VendorError as error:
                fetch.refused(error)
        elif before is not None:
            octopus.clock.offset = timedelta(seconds=before.clock_offset)
        if span is not None:
            return audited.for_audit(workspace, profile, await fetch.bring())
        snapshot = assemble.for_checks(workspace, profile, await fetch.bring())
        if whole and freshness == "fresh" and await _codes_again(fetch, snapshot, profile):
            snapshot = assemble.for_checks(workspace, profile, fetch.keep())
        return snapshot


def _refusal(error: VendorError) -> tuple[Trouble, bool]:
    """What a vendor's refusal is told as, and whether it would refuse everything else as well, and may count it."""
    from octowizard.planning.blockers import problem_of
    from octowizard.planning.problems import has
    from octowizard.transport.errors import SignInRefused, Unreachable, plainly

    problem = problem_of(error)
    ends = isinstance(error, SignInRefused | Unreachable) or has(problem, "whole-vendor")
    return Trouble(error.vendor, problem, plainly(error), error.text, error.operation), ends


async def _codes_again(fetch: Fetch, snapshot: Snapshot, profile: Profile) -> bool:
    """Lists that are given twice a day, where a document waits for just that, read once more.

    What an earlier command read may have been mended since; what this one has read is not asked for twice.
    True when there is something to tell: another reading, or that the limit of the day is used up.
    """
    from octowizard.planning.plan import plan
    from octowizard.planning.problems import parts_of
    from octowizard.transport.errors import VendorError

    blocking = {blocker.problem for _planned, blocker in plan(snapshot, profile).blocked()}
    wanted = {
        part for problem in blocking for part in parts_of(problem) if part in ("vat_codes", "currencies")
    }
    spent, fresh = len(fetch.reader.stale), False
    for part in sorted(wanted) if fetch.asks("Octopus") else ():
        with suppress(VendorError):  # what is kept still stands, and is shown with its age
            fresh |= await fetch.reader.again(part, ())
    return fresh or len(fetch.reader.stale) > spent


def _with_companions(parts: frozenset[Part]) -> frozenset[Part]:
    """A document that came since brings its customer and its lines; only its stamp tells that they have changed."""
    if parts & {"documents", "details"}:
        parts |= {"documents", "details"}
    return parts | {"customers"} if "documents" in parts else parts
