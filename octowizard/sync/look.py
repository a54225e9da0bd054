"""Home's look at both sides: reads, writes nothing, and remembers what it saw for the next time the app opens."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from octowizard.locale import _, ngettext
from octowizard.octopus.contract import max_calls_per_day
from octowizard.outbox.door import POST_BOOKING
from octowizard.planning.blockers import other_connector
from octowizard.planning.plan import Plan, plan
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.snapshot.more import keep_clock
from octowizard.sync.accounts import Accounts, open_accounts
from octowizard.sync.overview import Attention, CallsLeft, Overview, Side
from octowizard.sync.reading import read_both
from octowizard.sync.remembered import last_run, nothing_read, remember
from octowizard.transport.errors import Failed, Interrupted, Unreachable, VendorError
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import Profile
from octowizard.workspace.secrets import SecretsUnavailable

_D = "GET /dossiers/{dossierId}"


async def look(root: Path, profile: Profile) -> Overview:
    """Read both sides. What a vendor refuses is told in its Side; WorkspaceError and the like are raised."""
    with workspace_of(root, profile) as workspace:
        seen = await _look(root, profile, workspace)
        now = seen.taken_at
        if now is not None:
            remember(workspace, seen, now)
        return seen


async def _look(root: Path, profile: Profile, workspace: Workspace) -> Overview:
    blank = nothing_read(profile)
    try:
        async with open_accounts(root, profile, workspace) as accounts:
            await accounts.octopus.version()
            looked = await read_both(
                workspace, accounts, profile, profile.start_date, resumed=False, report=lambda *_args: None
            )
            clock = accounts.octopus.clock
            keep_clock(workspace, clock.offset, clock.now())
            return _overview(
                profile, workspace, accounts, looked.snapshot, [str(notice) for notice in looked.notices]
            )
    except (VendorError, SecretsUnavailable) as error:
        octopus, teamleader = blank.octopus, blank.teamleader
        if isinstance(error, VendorError) and error.vendor == "Teamleader":
            teamleader = msgspec.structs.replace(teamleader, signed_in=False, problem=str(error))
        else:
            octopus = msgspec.structs.replace(octopus, signed_in=False, problem=str(error))
        return msgspec.structs.replace(
            blank,
            octopus=octopus,
            teamleader=teamleader,
            last_run=last_run(workspace),
            next_step=_next_after(error, practice=profile.practice),
        )


def _overview(
    profile: Profile, workspace: Workspace, accounts: Accounts, snapshot: Snapshot, notices: list[str]
) -> Overview:
    planned = plan(snapshot, profile, "head")
    nothing = planned.blocker
    failing = sum(1 for _ in planned.blocked())
    attention = []
    if nothing is not None:
        waits = _waits(snapshot.pending)
        attention.append(Attention(mark="✖", title=nothing.title, consequence=waits, problem=nothing.problem))
    else:
        attention += _grouped(planned)
    if snapshot.elsewhere:
        attention.append(Attention(mark="✖", title=other_connector(snapshot.elsewhere).title))
    if intents.in_state(workspace, "open"):
        attention.append(
            Attention(
                mark="▲",
                title=_("The last sync was cut off"),
                consequence=_("the next one settles what is in doubt first"),
            )
        )
    attention += [Attention(mark="▲", title=notice) for notice in notices]
    waiting = len(snapshot.pending) - failing
    return Overview(
        taken_at=snapshot.taken_at,
        octopus=Side(
            name=f"{profile.dossier_id} {profile.dossier_name}".strip(),
            signed_in=True,
            customers=sum(r.client and r.active for r in snapshot.relations) or None,
            detail=_next_numbers(profile, snapshot),
        ),
        teamleader=Side(
            name=profile.department_name or "Teamleader", signed_in=True, detail=_waits(snapshot.pending)
        ),
        in_sync=snapshot.in_sync,
        excluded=len(snapshot.excluded),
        failing=failing,
        waiting=waiting,
        attention=tuple(attention),
        calls_left=_calls_left(profile, accounts),
        last_run=last_run(workspace),
        next_step=_next_step(nothing is not None, failing, waiting),
    )


def _waits(heads: tuple[DocumentHead, ...]) -> str:
    if not heads:
        return _("nothing waits")
    return ngettext("{count} document waits", "{count} documents wait", len(heads)).format(count=len(heads))


def _grouped(planned: Plan) -> list[Attention]:
    counts: Counter[str] = Counter(blocker.title for _document, blocker in planned.blocked())
    return [
        Attention(
            mark="✖",
            title=title,
            consequence=ngettext("{count} document waits", "{count} documents wait", count).format(
                count=count
            ),
        )
        for title, count in counts.most_common()
    ]


def _next_numbers(profile: Profile, snapshot: Snapshot) -> str:
    newest: dict[str, int] = {}
    for year in snapshot.years:
        for key in (profile.invoice_journal, profile.credit_note_journal):
            journal = snapshot.journals.get((year.id, key))
            if journal is not None:
                newest[key] = journal.last_number + 1
    if not newest:
        return ""
    return _("next {numbers}").format(numbers=", ".join(f"{key}/{number}" for key, number in newest.items()))


def _calls_left(profile: Profile, accounts: Accounts) -> tuple[CallsLeft, ...]:
    wanted = (
        (_("bookings"), POST_BOOKING),
        (_("journals"), f"{_D}/bookyears/{{bookyearId}}/journals"),
        (_("accounts"), f"{_D}/accounts"),
        (_("relations"), f"{_D}/relations/modified"),
    )
    found = []
    if profile.limits:
        for label, operation in wanted:
            limit, left = max_calls_per_day(operation), accounts.octopus.remaining(operation)
            if limit is not None and left is not None:
                found.append(CallsLeft(label=label, left=left, limit=limit))
    window = accounts.teamleader.window
    if profile.limits:
        found.append(CallsLeft(label="Teamleader", left=window.remaining, limit=window.size))
    return tuple(found)


def _next_after(error: Exception, *, practice: bool) -> str:
    """What to do when nobody answers; "" where the error itself says it."""
    if not isinstance(error, (Unreachable, Interrupted, Failed)):
        return ""
    if practice:
        return _("Read again (r); if nobody answers then either, start the practice company again.")
    return _("Look at the connection, then read again (r).")


def _next_step(missing: bool, failing: int, waiting: int) -> str:
    if missing:
        return _("Set up Octopus first; nothing can be booked before.")
    if failing and waiting:
        return _("Mend what blocks, or preview the sync of the others.")
    if failing:
        return _("Mend what blocks, then look again.")
    if waiting:
        return _("Preview the sync.")
    return _("Nothing to do: everything is in sync.")
