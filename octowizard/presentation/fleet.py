"""Many dossiers, a line each: how it stands, its next deadline, what blocks; for screen, command line and `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, get_args

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, day, labelled
from octowizard.planning.counts import Counts
from octowizard.presentation.blocks import Block, Gap, Item, Table
from octowizard.presentation.events import reading, waits
from octowizard.presentation.overview import attention, counters
from octowizard.progress import Verdict
from octowizard.session.fleet import Begun, Reading, Standing, Told, Waits
from octowizard.sync.audit.model import Audit
from octowizard.sync.events import RunFinished

if TYPE_CHECKING:
    from octowizard.checks.deadlines import Deadline
    from octowizard.session.fleet_queue import State
    from octowizard.session.overview import Overview

MARKS: dict[Verdict, str] = {"well": "✔", "attention": "▲", "unusable": "✖", "unknown": "?", "stopped": "–"}


class Row(msgspec.Struct, frozen=True):
    """One dossier in words. `verdict` None: it was not looked at now. `why`: what kept it from being done, or ""."""

    profile: str
    mark: str
    state: str
    deadline: str
    blocks: str
    verdict: Verdict | None = None
    why: str = ""


def row(standing: Standing) -> Row:
    """How a dossier stands."""
    mark, state = _state(standing)
    overview = standing.overview
    first = overview.deadlines[0] if overview is not None and overview.deadlines else None
    return Row(
        profile=standing.profile,
        mark=mark,
        state=state,
        deadline=deadline(first) if first is not None else "",
        blocks=standing.why or (_blocks(overview) if overview is not None else ""),
        verdict=standing.verdict,
        why=standing.why,
    )


def _state(standing: Standing) -> tuple[str, str]:
    """The mark and a few words."""
    verdict, overview = standing.verdict, standing.overview
    if standing.why or verdict == "stopped":
        return MARKS[verdict or "unknown"], verdict_name(verdict or "unknown")
    if isinstance(standing.result, RunFinished):
        from octowizard.presentation.run_summary import result

        mark, words = result(standing.result)
        return mark, words
    if isinstance(standing.result, Audit):
        from octowizard.presentation.audit import verdict as compared

        outcome = compared(standing.result)
        return outcome.mark, outcome.text
    if overview is None or overview.taken_at is None:
        return "○", _("not read yet")
    return _mark(verdict, overview), documents(overview.counts)


def _mark(verdict: Verdict | None, overview: Overview) -> str:
    """The worst of what needs attention; `?` where a side did not answer."""
    sides = (overview.octopus, overview.teamleader)
    if verdict == "unknown" or any(side.problem for side in sides):
        return "?"
    marks = {thing.mark for thing in overview.attention}
    if "✖" in marks or (overview.counts is not None and overview.counts.blocked):
        return "✖"
    return "▲" if marks or verdict == "attention" else "✔"


def verdict_name(verdict: Verdict) -> str:
    """How the work on a dossier ended, in a word or two."""
    return {
        "well": _("well"),
        "attention": _("needs attention"),
        "unusable": _("cannot be used"),
        "unknown": _("could not tell"),
        "stopped": _("stopped by you"),
    }[verdict]


def documents(counts: Counts | None) -> str:
    """`✔ 40 ○ 52 ✖ 18`: how many documents stand how, those of which there are none left out."""
    if counts is None:
        return ""
    if not counts.total:
        return _("no document")
    return " ".join(f"{one.mark} {count(one.number)}" for one in counters(counts) if one.number)


def legend() -> str:
    """What the marks before the numbers of documents mean."""
    return " · ".join(f"{one.mark} {one.name}" for one in counters(None))


def deadline(one: Deadline) -> str:
    """`25/01/2027 VAT return of quarter 4: 12 documents wait`."""
    name = {
        "monthly-return": _("VAT return of {month}"),
        "quarterly-return": _("VAT return of quarter {quarter}"),
        "year-end": _("the fiscal year ends"),
    }[one.kind].format(month=f"{one.start:%m/%Y}", quarter=(one.start.month + 2) // 3)
    if not one.documents:
        return f"{day(one.day)} {name}"
    text = ngettext(
        "{day} {name}: {count} document waits", "{day} {name}: {count} documents wait", one.documents
    )
    return text.format(day=day(one.day), name=name, count=count(one.documents))


def _blocks(overview: Overview) -> str:
    """What is in the way, the gravest first, and how many more."""
    refused = [side.problem for side in (overview.octopus, overview.teamleader) if side.problem]
    things = [*refused, *map(attention, overview.attention)]
    if not things:
        return ""
    rest = len(things) - 1
    if not rest:
        return things[0]
    text = ngettext("{thing} (and {count} more)", "{thing} (and {count} more)", rest)
    return text.format(thing=things[0], count=count(rest))


def table(rows: Sequence[Row]) -> list[Block]:
    """All of them under each other, the whole reasons of those that could not be done, and the sums."""
    cells = tuple((f"{one.mark} {one.profile}", one.state, one.deadline, _short(one)) for one in rows)
    head = (_("Profile"), _("State"), _("Next deadline"), _("What blocks"))
    blocks: list[Block] = [Table(cells, head=head), Gap()]
    blocks += [
        Item(_("{profile}: {why}").format(profile=one.profile, why=one.why), one.mark)
        for one in rows
        if one.why
    ]
    return [*blocks, Item(totals(rows))]


def _short(one: Row) -> str:
    return _("see below") if one.why else one.blocks


def totals(rows: Sequence[Row]) -> str:
    """`500 profiles: 480 well · 15 needs attention`."""
    counts = Counter(one.verdict for one in rows if one.verdict is not None)
    parts = " · ".join(
        f"{MARKS[verdict]} {count(counts[verdict])} {verdict_name(verdict)}"
        for verdict in get_args(Verdict)
        if counts[verdict]
    )
    text = ngettext("{count} profile: {parts}", "{count} profiles: {parts}", len(rows))
    return text.format(count=count(len(rows)), parts=parts)


def doing(progress: Told, ended: int, total: int) -> str:
    """One line of progress: how many are done, and what goes on with one of them."""
    done = _("{ended} of {total}").format(ended=count(ended), total=count(total))
    match progress:
        case Begun():
            return f"{done} · {progress.profile}"
        case Reading():
            return f"{done} · {labelled(progress.profile, reading(progress.number, progress.ahead))}"
        case Waits() if progress.wait is not None:
            return f"{done} · {labelled(progress.profile, waits(progress.wait))}"
        case _:
            return done


def queue_table(state: State) -> list[Block]:
    """The jobs of a fleet on several hosts, and how each profile ended last."""
    from octowizard.locale.formats import dated_moment

    cells = tuple(
        (f"{MARKS[one.verdict]} {one.profile}", one.task, dated_moment(one.at), one.host, one.why)
        for one in state.ended
    )
    jobs = " · ".join(f"{count(number)} {status}" for status, number in sorted(state.jobs.items()))
    workers = ngettext("{count} worker", "{count} workers", state.workers).format(count=count(state.workers))
    head = (_("Profile"), _("Job"), _("Ended"), _("Host"), _("Why"))
    return [Table(cells, head=head), Gap(), Item(f"{workers} · {jobs}" if jobs else workers)]


# --- --json ---------------------------------------------------------------------------------------------------


class Due(msgspec.Struct):
    """A deadline."""

    kind: str
    day: date
    start: date
    end: date
    documents: int


class Blocks(msgspec.Struct):
    """What needs attention."""

    problem: str
    title: str
    documents: int
    blocking: bool


class Line(msgspec.Struct):
    """One dossier, as it ended."""

    verdict: str | None
    exit_code: int | None
    taken_at: datetime | None
    documents: Counts | None
    deadlines: list[Due]
    blocks: list[Blocks]
    said: str
    why: str


def line(standing: Standing, code: int | None) -> Line:
    """A dossier for another program. `code`: the exit code that the single command would end with."""
    overview = standing.overview
    sides = (overview.octopus, overview.teamleader) if overview is not None else ()
    return Line(
        verdict=standing.verdict,
        exit_code=code,
        taken_at=overview.taken_at if overview is not None else None,
        documents=overview.counts if overview is not None else None,
        deadlines=msgspec.convert(overview.deadlines, list[Due], from_attributes=True) if overview else [],
        blocks=[
            Blocks(thing.problem, thing.title, thing.documents, thing.mark == "✖")
            for thing in (overview.attention if overview is not None else ())
        ],
        said=_state(standing)[1],
        why=standing.why or " ".join(side.problem for side in sides if side.problem),
    )


class Ended(msgspec.Struct):
    """The last line: how many ended how, and the exit code of the whole."""

    profiles: int
    verdicts: dict[str, int]
    exit_code: int


def ended(verdicts: Iterable[Verdict], code: int) -> Ended:
    """The sum of all lines."""
    counts = Counter(verdicts)
    return Ended(counts.total(), {verdict: counts[verdict] for verdict in get_args(Verdict)}, code)
