"""What Home shows: both sides, the counters, what needs attention, the calls left and the next sensible step.

Pure but for what is kept of it: one value of one Snapshot and its Plan, which the checks and the preview read too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec

from octowizard.books.fiscal import year_of
from octowizard.checks.registry import Finding, tally
from octowizard.locale import _, ngettext
from octowizard.planning.blockers import other_connector
from octowizard.planning.plan import Plan
from octowizard.planning.problems import MARKS, PROBLEMS
from octowizard.snapshot.model import Snapshot
from octowizard.sync.calls import Calls, CallsLeft
from octowizard.sync.events import CustomerFailed, DocumentFailed, RunFinished
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One vendor. `signed_in` is None as long as nobody has tried; `declared`: nobody is to."""

    name: str
    signed_in: bool | None = None
    declared: bool = False
    customers: int | None = None  # companies and contacts, or relations that are clients
    detail: str = ""  # `57 documents wait`, `next number V1/143`
    problem: str = ""  # one sentence, when it cannot be reached or refuses


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that needs attention. `mark`: ✖ blocks, ▲ warning. `problem`: its card, where one is sure."""

    mark: str
    title: str
    consequence: str = ""  # `7 invoices wait`
    problem: str = ""


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """How the last run that wrote ended. `failed`: what it could not do. `cut_off`: something may be in doubt."""

    finished: RunFinished | None = None
    failed: tuple[DocumentFailed | CustomerFailed, ...] = ()
    cut_off: bool = False


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `taken_at` None: nothing has been read yet. `lines_unread`: documents judged by their heads alone."""

    taken_at: datetime | None
    octopus: Side
    teamleader: Side
    in_sync: int | None = None
    excluded: int | None = None
    failing: int | None = None
    waiting: int | None = None
    lines_unread: int = 0
    attention: tuple[Attention, ...] = ()
    calls_left: tuple[CallsLeft, ...] = ()
    last_run: RunFinished | None = None
    next_step: str = ""


def overview(
    profile: Profile,
    snapshot: Snapshot,
    planned: Plan,
    findings: Sequence[Finding],
    last: LastRun,
    calls: Calls,
) -> Overview:
    """What Home shows of a Snapshot and its Plan. `findings`: what the checks say of the same Snapshot."""
    refused = {trouble.vendor: trouble.said for trouble in snapshot.troubles}
    sides = nothing_read(profile)
    octopus, teamleader = (
        side
        if vendor in profile.unconnected
        else msgspec.structs.replace(side, signed_in=vendor not in refused, problem=refused.get(vendor, ""))
        for vendor, side in (("Octopus", sides.octopus), ("Teamleader", sides.teamleader))
    )
    left = (*calls.left, calls.window) if calls.window is not None else calls.left
    if not snapshot.taken_at.timestamp():
        return msgspec.structs.replace(sides, last_run=last.finished, calls_left=left)
    known = "documents" not in snapshot.unread
    failing = sum(1 for _blocked in planned.blocked())
    waiting = len(snapshot.pending) - failing
    # A head that blocks is final; whose lines are not read may be blocked by them.
    lines_unread = sum(planned.outcome == "unknown" for planned in planned.documents)
    clients = sum(relation.client and relation.active for relation in snapshot.relations)
    return Overview(
        taken_at=snapshot.taken_at,
        octopus=msgspec.structs.replace(
            octopus, customers=clients or None, detail=_next_numbers(profile, snapshot)
        ),
        teamleader=msgspec.structs.replace(teamleader, detail=_waits(len(snapshot.pending)) if known else ""),
        in_sync=snapshot.in_sync if known else None,
        excluded=len(snapshot.excluded) if known else None,
        failing=failing if known else None,
        waiting=waiting if known else None,
        lines_unread=lines_unread,
        attention=tuple(_attention(profile, snapshot, planned, findings, last)),
        calls_left=left,
        last_run=last.finished,
        next_step=_after_refusals(profile, snapshot)
        if refused
        else _("Go on with the set-up: it asks for what your screens show.")
        if profile.unconnected
        else _next_step(planned.blocker is not None, failing, waiting),
    )


def nothing_read(profile: Profile) -> Overview:
    """Before either side was read."""
    absent = profile.unconnected
    names = {
        "Octopus": f"{profile.dossier_id} {profile.dossier_name}".strip(),
        "Teamleader": profile.department_name or "Teamleader",
    }
    octopus, teamleader = (
        Side(name=_("not connected") if vendor in absent else name, declared=vendor in absent)
        for vendor, name in names.items()
    )
    return Overview(
        taken_at=None,
        octopus=octopus,
        teamleader=teamleader,
        next_step=_("Read both sides."),
    )


def _attention(
    profile: Profile, snapshot: Snapshot, planned: Plan, findings: Iterable[Finding], last: LastRun
) -> Iterable[Attention]:
    """What needs attention, what blocks first, each thing once."""
    things: list[Attention] = [
        Attention(
            mark=MARKS[finding.severity],
            title=finding.title,
            consequence=tally(finding.records),
            problem=finding.problem,
        )
        for finding in findings
        if finding.severity != "info"
    ]
    named = {thing.problem for thing in things}
    if planned.blocker is not None and planned.blocker.problem not in named:
        nothing = planned.blocker
        waits = _waits(len(snapshot.pending))
        things.append(Attention(mark="✖", title=nothing.title, consequence=waits, problem=nothing.problem))
        named.add(nothing.problem)
    blocked = Counter((blocker.title, blocker.problem) for _document, blocker in planned.blocked())
    things += [
        Attention(mark="✖", title=title, consequence=_waits(number), problem=problem)
        for (title, problem), number in blocked.most_common()
        if problem not in named
    ]
    if snapshot.elsewhere and not profile.other_connector_off and "other-connector" not in named:
        things.append(Attention(mark="✖", title=other_connector(snapshot.elsewhere).title))
    things += _refused(snapshot, planned, last)
    if last.cut_off:
        things.append(
            Attention(
                mark="▲",
                title=_("The last sync was cut off"),
                consequence=_("the next one settles what is in doubt first"),
            )
        )
    return sorted(things, key=lambda thing: thing.mark != "✖")


def _refused(snapshot: Snapshot, planned: Plan, last: LastRun) -> list[Attention]:
    """What the last run was refused and no look can tell: what a check can see is either found by it or mended."""
    waiting = {head.id for head in snapshot.pending}
    told = {document.head.id for document, _blocker in planned.blocked()}
    by_customer = Counter(head.customer_id for head in snapshot.pending if head.id not in told)
    refused: Counter[tuple[str, str]] = Counter()
    for event in last.failed:
        declared = PROBLEMS.get(event.explanation.problem)
        if declared is not None and declared.parts and not declared.parts & snapshot.unread.keys():
            continue
        if isinstance(event, DocumentFailed):
            number = int(event.document.id in waiting and event.document.id not in told)
        else:
            number = by_customer[event.customer_id]
        if number:
            refused[event.explanation.title, event.explanation.problem] += number
    return [
        Attention(mark="✖", title=title, consequence=_refused_then(number), problem=problem)
        for (title, problem), number in refused.most_common()
    ]


def _refused_then(number: int) -> str:
    return ngettext("{count} document at the last sync", "{count} documents at the last sync", number).format(
        count=number
    )


def _waits(number: int) -> str:
    if not number:
        return _("nothing waits")
    return ngettext("{count} document waits", "{count} documents wait", number).format(count=number)


def _next_numbers(profile: Profile, snapshot: Snapshot) -> str:
    """The next number of both journals in the fiscal year of the day on which was read."""
    from octowizard.checks.years import today

    year = year_of(snapshot.years, today(snapshot))
    keys = dict.fromkeys((profile.invoice_journal, profile.credit_note_journal))
    journals = [
        snapshot.journals[year.id, key] for key in keys if year and (year.id, key) in snapshot.journals
    ]
    if not journals:
        return ""
    numbers = ", ".join(f"{journal.key}/{journal.last_number + 1}" for journal in journals)
    return _("next {numbers}").format(numbers=numbers)


def _after_refusals(profile: Profile, snapshot: Snapshot) -> str:
    """What to do when nobody answers; "" where what a side says tells it."""
    if not any(trouble.problem == "unreachable" for trouble in snapshot.troubles):
        return ""
    if profile.practice:
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


# --- what is kept of it, for the first frame of the app -----------------------------------------------------


def remember(workspace: Workspace, shown: Overview, now: datetime) -> None:
    """Keep it for the next time."""
    kept.keep_reading(workspace, "overview", msgspec.json.encode(shown), now)


def remembered(workspace: Workspace, profile: Profile) -> Overview:
    """As it was last shown."""
    with suppress(*kept.SPOILT):
        reading = kept.reading(workspace, "overview")
        if reading is not None:
            return msgspec.json.decode(reading.body, type=Overview)
    return nothing_read(profile)
