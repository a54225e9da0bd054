"""What Home shows: both sides, the counters, what needs attention, the calls left and the next sensible step.

Pure but for what is kept of it: one value of one Snapshot and its Plan, which the checks and the preview read too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import msgspec

from octowizard.books.fiscal import year_of
from octowizard.checks.deadlines import Deadline, deadlines
from octowizard.checks.registry import Finding, tally
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.onboarding.model import Guide, State
from octowizard.planning.blockers import other_connector
from octowizard.planning.counts import Counts, counts
from octowizard.planning.plan import Plan
from octowizard.planning.problems import MARKS, PROBLEMS
from octowizard.session.next_step import NOTHING_READ, Blocking, Next, SetUpStands, next_step
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
    problem: str = ""  # one sentence, when it cannot be reached or refuses


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that needs attention. `mark`: ✖ blocks, ▲ warning. `problem`: its card, where one is sure.

    `documents`: how many it blocks. `does`: the changes that octowizard can make against it, by their titles.
    """

    mark: str
    title: str
    consequence: str = ""  # `7 documents`
    problem: str = ""
    documents: int = 0
    does: tuple[str, ...] = ()


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """How the last run that wrote ended. `failed`: what it could not do. `cut_off`: something may be in doubt."""

    finished: RunFinished | None = None
    began: datetime | None = None
    failed: tuple[DocumentFailed | CustomerFailed, ...] = ()
    cut_off: bool = False


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `taken_at` None: nothing has been read yet. `lines_unread`: documents judged by their heads alone.

    `numbers`: the next ones of both journals. `weeks`: Mondays, and the documents dated in the week
    that begins then. `doubles`: customers that may be there twice and are not settled; None:
    not looked at. `deadlines`: the days that it works towards, the soonest first.
    """

    taken_at: datetime | None
    octopus: Side
    teamleader: Side
    counts: Counts | None = None
    lines_unread: int = 0
    numbers: tuple[str, ...] = ()
    attention: tuple[Attention, ...] = ()
    weeks: tuple[tuple[date, int], ...] = ()
    setup: SetUpStands | None = None
    doubles: int | None = None
    deadlines: tuple[Deadline, ...] = ()
    calls_left: tuple[CallsLeft, ...] = ()
    last_run: RunFinished | None = None
    last_began: datetime | None = None
    next: Next = NOTHING_READ


_MOST_WEEKS = 600  # a document of the year 2062 is a slip of the pen


def how_far(guide: Guide, *, booked: int = 0) -> SetUpStands:
    """How far the set-up is. `booked`: documents that stand in Octopus: a first sync has been."""
    from octowizard.onboarding.steps.import_companies import import_companies
    from octowizard.onboarding.steps.merge import merge

    twice = (import_companies.id, merge.id)  # steps without which a sync makes something twice
    unsafe = (State.TODO,) if booked else (State.TODO, State.WAITS, State.UNKNOWN)
    asks = next((step for step in guide.steps if step.id == guide.current), None)
    done, begun = guide.done if guide.counted else None, guide.done > 0
    if asks is None:
        return SetUpStands(done=done, total=len(guide.steps), begun=begun)
    return SetUpStands(
        done=done,
        total=len(guide.steps),
        begun=begun,
        step=asks.id,
        title=asks.title,
        opens=asks.opens or "",
        keeps_from_syncing=any(step.state in unsafe and step.id in twice for step in guide.steps),
    )


def overview(
    profile: Profile,
    snapshot: Snapshot,
    planned: Plan,
    findings: Sequence[Finding],
    last: LastRun,
    calls: Calls,
    *,
    setup: SetUpStands | None = None,
    doubles: int | None = None,
    offered: Callable[[str], tuple[str, ...]] = lambda _problem: (),
) -> Overview:
    """What Home shows of a Snapshot and its Plan. `findings`: what the checks say of the same Snapshot.

    `offered`: the changes that octowizard can make against a problem, by their titles; () where only a person can
    mend it.
    """
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
        return msgspec.structs.replace(sides, last_run=last.finished, last_began=last.began, calls_left=left)
    # A head that blocks is final; whose lines are not read may be blocked by them.
    lines_unread = sum(planned.outcome == "unknown" for planned in planned.documents)
    clients = sum(relation.client and relation.active for relation in snapshot.relations)
    counted = counts(snapshot, planned)
    things = tuple(_attention(profile, snapshot, planned, findings, last, offered))
    return Overview(
        taken_at=snapshot.taken_at,
        octopus=msgspec.structs.replace(octopus, customers=clients or None),
        teamleader=teamleader,
        counts=counted,
        lines_unread=lines_unread,
        numbers=_next_numbers(profile, snapshot),
        attention=things,
        weeks=weeks(snapshot),
        setup=setup,
        doubles=doubles,
        deadlines=deadlines(snapshot, planned),
        calls_left=left,
        last_run=last.finished,
        last_began=last.began,
        next=next_step(
            counted,
            setup,
            [
                Blocking(problem=thing.problem, title=thing.title, number=thing.documents, does=thing.does)
                for thing in things
                if thing.documents and not (planned.blocker is not None and setup is not None and setup.step)
            ],
            refused=[
                Blocking(problem=trouble.problem, title=trouble.said, number=0)
                for trouble in snapshot.troubles
            ],
            watches=profile.mode == "observer",
            connected=not profile.unconnected,
        ),
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
    )


def _attention(
    profile: Profile,
    snapshot: Snapshot,
    planned: Plan,
    findings: Iterable[Finding],
    last: LastRun,
    offered: Callable[[str], tuple[str, ...]],
) -> Iterable[Attention]:
    """What needs attention, what blocks first, each thing once."""
    stopped = {document.head.id: blocker for document, blocker in planned.blocked()}
    blocked = Counter((blocker.title, blocker.problem) for blocker in stopped.values())
    things: list[Attention] = [
        Attention(
            mark=MARKS[finding.severity],
            title=finding.title,
            consequence=tally(finding.records),
            problem=finding.problem,
            documents=sum(
                record.id in stopped and stopped[record.id].problem == finding.problem
                for record in finding.records
            ),
            does=offered(finding.problem),
        )
        for finding in findings
        if finding.severity != "info"
    ]
    named = {thing.problem for thing in things}
    things += [
        Attention(
            mark="✖",
            title=title,
            consequence=_documents(number),
            problem=problem,
            documents=number,
            does=offered(problem),
        )
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
    blocked = {document.head.id for document, _blocker in planned.blocked()}
    by_customer = Counter(head.customer_id for head in snapshot.pending if head.id not in blocked)
    refused: Counter[tuple[str, str]] = Counter()
    for event in last.failed:
        declared = PROBLEMS.get(event.explanation.problem)
        if declared is not None and declared.parts and not declared.parts & snapshot.unread.keys():
            continue
        if isinstance(event, DocumentFailed):
            number = int(event.document.id in waiting and event.document.id not in blocked)
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


def weeks(snapshot: Snapshot) -> tuple[tuple[date, int], ...]:
    """How many documents each week has, from the first that has one to the last."""
    days = Counter(head.date for head in snapshot.documents if head.date >= snapshot.start_date)
    begins: Counter[date] = Counter()
    for day, number in days.items():
        begins[day - timedelta(days=day.weekday())] += number
    if not begins:
        return ()
    first, last = min(begins), max(begins)
    mondays = (
        first + timedelta(weeks=week) for week in range(min(_MOST_WEEKS, (last - first).days // 7 + 1))
    )
    return tuple((monday, begins[monday]) for monday in mondays)


def _documents(number: int) -> str:
    return ngettext("{count} document", "{count} documents", number).format(count=count(number))


def _next_numbers(profile: Profile, snapshot: Snapshot) -> tuple[str, ...]:
    """The next number of both journals in the fiscal year of the day on which was read, such as `V1/143`.

    What octowizard booked since the journals were read counts too: they are read a few times a day only.
    """
    from octowizard.checks.years import today

    year = year_of(snapshot.years, today(snapshot))
    if year is None:
        return ()
    keys = dict.fromkeys((profile.invoice_journal, profile.credit_note_journal))
    last = {
        key: snapshot.journals[year.id, key].last_number
        for key in keys
        if (year.id, key) in snapshot.journals
    }
    for _head, bookyear, journal, number in snapshot.booked:
        if bookyear == year.id and number > last.get(journal, number):
            last[journal] = number
    measured = "Octopus" not in profile.unconnected  # else nobody said that a journal is empty
    return tuple(f"{key}/{number + 1}" for key, number in last.items() if number or measured)


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
