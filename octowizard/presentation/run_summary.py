"""What a run came to and what to do next, and the summary that is agreed to before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from octowizard.locale import _, formats, ngettext
from octowizard.locale.counted import counted, so_many
from octowizard.locale.formats import amount, count, duration, moment
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Block, Entry, Gap, Item, Table
from octowizard.presentation.confirmation import Question
from octowizard.presentation.events import Line, line
from octowizard.sync.events import Event, RunFinished, RunStarted

if TYPE_CHECKING:
    from octowizard.sync.events import Document, Explanation, LimitReached


class JournalSum(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview would book in one journal of one bookyear; `total` VAT included, in `currency`."""

    journal: str
    kind: Literal["invoice", "credit_note"]
    documents: int
    first: int
    last: int
    total: Decimal
    currency: str


def outcome(done: RunFinished) -> Line:
    """How a run ended: its mark and a few words."""
    return {
        "complete": Line("✔", _("complete")),
        "attention": Line("▲", _("needs attention")),
        "cancelled": Line("○", done.message or _("stopped by you")),
        "limit": Line("○", _("limit of the day")),
        "refused": Line("✖", _("could not begin")),
        "unreachable": Line("✖", _("no connection")),
    }[done.outcome]


def figures(done: RunFinished) -> str:
    """What was written, or would be: `3 documents, 1 new relation`; empty for nothing."""
    created, payments = done.relations_created, done.payments_registered + done.payments_mirrored
    parts = (
        counted("document", done.booked) if done.booked else "",
        _new_relations(created) if created else "",
        counted("payment", payments) if payments else "",
    )
    return ", ".join(filter(None, parts))


def _new_relations(number: int) -> str:
    return ngettext("{count} new relation", "{count} new relations", number).format(count=count(number))


class Counts(NamedTuple):
    """All documents since the start date, each in one of these; `failed`: tried in this run and refused."""

    booked: int
    ready: int
    blocked: int
    failed: int
    excluded: int


def standing(done: RunFinished) -> Counts:
    """How the documents stand after a run. In a preview nothing is tried, so nothing has failed."""
    tried = 0 if done.dry_run else done.refused
    foreseen = done.booked if done.dry_run else 0
    return Counts(
        booked=done.in_sync - foreseen,
        ready=foreseen + done.left_for_later - done.behind,
        blocked=done.failing - tried + done.behind,
        failed=tried,
        excluded=done.excluded,
    )


def totals(done: RunFinished) -> str:
    """How all documents stand that a run looked at: `403 booked · 2 ready · 0 blocked · 0 excluded`.

    Empty where a run ended before it had looked at any.
    """
    counted_any = done.in_sync or done.excluded or figures(done) or _wanting(done)
    if done.outcome in ("cancelled", "refused", "unreachable") and not counted_any:
        return ""
    stands = standing(done)
    parts = [
        so_many("booked", stands.booked),
        so_many("ready", stands.ready),
        so_many("blocked", stands.blocked),
        *_failed(stands),
        so_many("excluded", stands.excluded),
    ]
    return " · ".join((*parts, *_of_payments(done)))


def _failed(stands: Counts) -> list[str]:
    return [so_many("failed", stands.failed)] if stands.failed else []


def _of_payments(done: RunFinished) -> list[str]:
    """What of the payments is not as it should be."""
    parts = (
        (done.payments_parked, ngettext("{count} question", "{count} questions", done.payments_parked)),
        (done.payments_drifting, _("{count} paid on one side only")),
    )
    return [text.format(count=count(number)) for number, text in parts if number]


def _wanting(done: RunFinished) -> list[str]:
    """What is not as it should be after a run."""
    stands = standing(done)
    left = stands.ready - (done.booked if done.dry_run else 0)
    return [
        *_failed(stands),
        *([so_many("blocked", stands.blocked)] if stands.blocked else []),
        *_of_payments(done),
        *([_("{count} left for later").format(count=count(left))] if left else []),
    ]


def result(done: RunFinished) -> Line:
    """A run in one line, for a list of them; of a preview, what it foresaw."""
    mark, words = outcome(done)
    written = figures(done)
    if not written:
        written = _("nothing to write")
    elif done.dry_run:
        written = _("would write {figures}").format(figures=written)
    return Line(mark, formats.labelled(words, ", ".join((written, *_wanting(done), duration(done.seconds)))))


class StoryLine(NamedTuple):
    """A mark and a sentence, and the id of the document that it is about; "" where it is about none."""

    mark: str
    text: str
    document: str = ""


def story(events: Iterable[Event]) -> Iterator[StoryLine]:
    """What happened in one run, or to one document in several, in the order in which it happened."""
    dry_run = False
    for event in events:
        dry_run = event.dry_run if isinstance(event, RunStarted) else dry_run
        entry = result(event) if isinstance(event, RunFinished) else line(event, dry_run=dry_run)
        if entry is not None:
            document: Document | None = getattr(event, "document", None)
            yield StoryLine(*entry, document.id if document is not None else "")


def named(run: int, started: datetime, now: datetime, *, dry_run: bool = False) -> str:
    """A run by its kind, its number and when it began."""
    text = _("Preview {run}, {moment}") if dry_run else _("Sync {run}, {moment}")
    return text.format(run=run, moment=moment(started, now))


def document_story(
    runs: Iterable[tuple[int, datetime, Sequence[Event]]], now: datetime
) -> Iterator[StoryLine]:
    """What happened to one document, under the run in which it happened."""
    for run, started, events in runs:
        yield StoryLine("●", named(run, started, now))
        yield from story(events)


def cut_off() -> Line:
    """A run without an end, for a list of them."""
    return Line("○", _("not finished; the next run settles what is in doubt"))


def left_out(events: int) -> str:
    """What is not shown of a run that a later octowizard made."""
    return ngettext(
        "{count} event that only a later octowizard knows is left out.",
        "{count} events that only a later octowizard knows are left out.",
        events,
    ).format(count=count(events))


def besides(runs: Iterable[int]) -> str:
    """Which other runs the bundle holds, and how to have one; empty for none."""
    numbers = ", ".join(map(str, runs))
    return _("The bundle also holds {runs}: --run plays another.").format(runs=numbers) if numbers else ""


def writes_anything(done: RunFinished | None) -> bool:
    """Would a sync write, or link, anything?"""
    return done is not None and bool(figures(done) or done.relations_linked)


def verdict(
    done: RunFinished, stuck: int, *, refused: Explanation | None = None, limit: LimitReached | None = None
) -> Line:
    """What a run came to, in a sentence or two. `stuck`: documents that cannot be booked yet."""
    mark, _words = outcome(done)
    if done.outcome == "refused":
        return Line(mark, refused.title if refused else done.message)
    if done.outcome == "unreachable" and done.message:
        return Line(mark, done.message)
    written = figures(done)
    if done.dry_run and done.outcome in ("complete", "attention", "limit"):
        return _foreseen(written, stuck)
    sentence = {
        "complete": _("complete in {time}: {figures}."),
        "attention": _("ended after {time}: {figures}."),
        "cancelled": _("stopped after {time}: {figures}."),
        "limit": _("ended by a limit after {time}: {figures}."),
        "unreachable": _("broken off after {time}: {figures}."),
    }[done.outcome].format(time=duration(done.seconds), figures=written or _("nothing to write"))
    if done.dry_run or (done.outcome == "cancelled" and not written):
        sentence = _("stopped after {time}.").format(time=duration(done.seconds))
    if done.outcome == "attention" and stuck:
        need = ngettext("{count} document needs attention.", "{count} documents need attention.", stuck)
        sentence += " " + need.format(count=count(stuck))
    if done.outcome == "complete" and done.payments_drifting:
        mark = "▲"
        need = ngettext(
            "{count} invoice is paid on one side only.",
            "{count} invoices are paid on one side only.",
            done.payments_drifting,
        )
        sentence += " " + need.format(count=count(done.payments_drifting))
    if done.outcome == "limit" and limit is not None:
        sentence += " " + limit.message
    return Line(mark, sentence)


def _foreseen(written: str, stuck: int) -> Line:
    if not stuck:
        text = (
            _("a sync would write {figures}. Nothing stands in the way.").format(figures=written)
            if written
            else _("everything is in sync: there is nothing to write.")
        )
        return Line("✔", text)
    cannot = ngettext("{count} document is blocked.", "{count} documents are blocked.", stuck).format(
        count=count(stuck)
    )
    if written:
        cannot = _("a sync would write {figures}.").format(figures=written) + " " + cannot
    return Line("▲", cannot)


def labelled(sentence: str, *, dry_run: bool) -> str:
    """A verdict with what it is about in front."""
    return (_("Preview: {verdict}") if dry_run else _("Sync: {verdict}")).format(verdict=sentence)


def goes_on(done: RunFinished, now: datetime) -> str:
    """From when a run that met a limit can go on; empty when nothing keeps it."""
    if done.goes_on is None:
        return ""
    return _("It can go on from {moment}.").format(moment=moment(done.goes_on, now))


def afterwards(done: RunFinished) -> str:
    """What an early end means for what was not written; empty after a run that came to its end."""
    if done.outcome == "refused":
        return _("Nothing was written.")
    if done.outcome in ("cancelled", "unreachable") and not done.dry_run:
        return _("The next run goes on where this one ended.")
    return ""


def ending(done: RunFinished, now: datetime, *, alone: bool = False) -> list[Block]:
    """The result of a run, in a few lines that read aloud well. `alone`: of some documents, which counts no others."""
    mark, sentence = verdict(done, done.failing)
    details = (
        "" if alone else totals(done),
        done.message if done.message != sentence else "",
        afterwards(done),
        goes_on(done, now),
    )
    return [
        Item(labelled(sentence, dry_run=done.dry_run), mark),
        *(Item(text, indent=2) for text in details if text),
    ]


def next_step(done: RunFinished, stuck: int, now: datetime, *, writes: bool, sets_up: bool = False) -> str:
    """What to do after a run, by the keys of the screen. `writes`: this profile may write at all.

    `sets_up`: the set-up still asks for something.
    """
    if done.outcome == "refused":
        return _("Nothing was written. Do what stands below, then {preview} previews again.").format(
            preview=key_of("sync.preview", "p")
        )
    if done.dry_run and done.outcome in ("complete", "attention", "limit"):
        if not writes:
            return _(
                "This profile only watches: Teamleader's own integration books, and {watch} shows what arrives."
            ).format(watch=key_of("sync.watch", "l"))
        if not writes_anything(done):
            return (
                _("Mend the causes below, then {preview} previews again.").format(
                    preview=key_of("sync.preview", "p")
                )
                if stuck
                else _("Nothing to do.")
            )
        if stuck:
            return _("{start} starts the sync with the rest; or mend the causes below first.").format(
                start=key_of("sync.start", "s")
            )
        return _("{start} starts the sync; it asks once more before it writes.").format(
            start=key_of("sync.start", "s")
        )
    if done.outcome == "complete" and done.payments_drifting:
        return _(
            "Look at what is paid on one side only; {preview} previews when new documents have come."
        ).format(preview=key_of("sync.preview", "p"))
    if done.outcome == "complete" and sets_up and not done.dry_run:
        return _("All is in sync. {setup} goes on with the set-up.").format(setup=key_of("setup", "2"))
    return {
        "complete": _(
            "All is in sync. {history} shows the history; {preview} previews when new documents have come."
        ).format(preview=key_of("sync.preview", "p"), history=key_of("history", "9")),
        "attention": _("{filter} shows what is left; mend its cause, then {preview} previews again.").format(
            filter=key_of("sync.filter", "f"), preview=key_of("sync.preview", "p")
        ),
        "cancelled": _("{count} left. {preview} previews what is left, then {start} goes on.").format(
            preview=key_of("sync.preview", "p"),
            start=key_of("sync.start", "s"),
            count=count(done.left_for_later),
        ),
        "limit": goes_on(done, now)
        or _("{preview} previews what is left, once the limit of the day is over.").format(
            preview=key_of("sync.preview", "p")
        ),
        "unreachable": _(
            "Check the connection; {preview} then previews what is left. Nothing is written twice."
        ).format(preview=key_of("sync.preview", "p")),
    }[done.outcome]


def question(
    sums: Sequence[JournalSum], done: RunFinished, stuck: int, *, octopus: str, teamleader: str
) -> Question:
    """The question before a sync, with what exactly will be written."""
    blocks: list[Block] = [Entry("Octopus", octopus), Entry("Teamleader", teamleader), Gap()]
    for rows in (tuple(map(_row, sums)), _others(done)):
        blocks += [Table(rows, frozenset({2}))] if rows else []
    if stuck or done.excluded:
        text = _("Not written: {blocked} blocked, {excluded} excluded.")
        text = text.format(blocked=count(stuck), excluded=count(done.excluded))
        blocks += [Gap(), Item(text, tone="soft")]
    blocks += [Gap(), Item(_("Nothing has been written so far."))]
    return Question(
        title=_("Start the sync?"), blocks=tuple(blocks), yes=_("start the sync"), no=_("not yet")
    )


def _row(one: JournalSum) -> tuple[str, ...]:
    if one.kind == "invoice":
        what = ngettext("{count} invoice", "{count} invoices", one.documents)
    else:
        what = ngettext("{count} credit note", "{count} credit notes", one.documents)
    numbers = f"{one.journal}/{one.first}"
    if one.last != one.first:
        numbers += f" … {one.journal}/{one.last}"
    sign = "-" if one.kind == "credit_note" else ""
    return what.format(count=count(one.documents)), numbers, f"{sign}{amount(one.total, one.currency)}"


def _others(done: RunFinished) -> tuple[tuple[str, ...], ...]:
    """What is written besides documents."""
    new, linked, paid, mirrored = (
        done.relations_created,
        done.relations_linked,
        done.payments_registered,
        done.payments_mirrored,
    )
    rows = (
        (new, _new_relations(new), _("in Octopus")),
        (linked, counted("customer", linked), _("linked to an existing relation")),
        (paid, counted("payment", paid), _("registered in Teamleader")),
        (mirrored, counted("payment", mirrored), _("booked in Octopus")),
    )
    return tuple((text, where) for number, text, where in rows if number)


def keep_out(name: str, customer: str, *, follows: bool) -> Question:
    """The question before a document is kept out of the sync. `follows`: its journal keeps Teamleader's numbers."""
    texts = [
        _("It is not brought to Octopus, by this and all later syncs, until you include it again."),
        _("Nothing changes in Teamleader or in Octopus; {undo} on the same line undoes it.").format(
            undo=key_of("sync.let_in", "x")
        ),
    ]
    blocks: list[Block] = [Item(f"{name}  {customer}", tone="head"), Gap(), *(Item(text) for text in texts)]
    if follows:
        gap = _(
            "Its number stays free in Octopus. This profile follows Teamleader's numbers, so the documents after it "
            "wait until that number has been booked by hand."
        )
        blocks += [Gap(), Item(gap, "▲")]
    return Question(
        title=_("Exclude this document?"), blocks=tuple(blocks), yes=_("exclude"), no=_("leave it in")
    )


def kept_out(name: str) -> str:
    """After a document was excluded."""
    return _("{document} is excluded; {undo} on it includes it again.").format(
        undo=key_of("sync.let_in", "x"), document=name
    )


def let_in(name: str) -> str:
    """After a document was included again."""
    return _("{document} is included again.").format(document=name)


def tried_again(done: RunFinished, name: str, where: str, why: str) -> Line:
    """What became of the one document that was tried again: `where` it is booked, or `why` it is not."""
    mark, _words = outcome(done)
    if where:
        text = _("{document} is booked as {where}.")
        return Line("✔", text.format(document=name, where=where))
    if why:
        return Line("✖", _("{document} is not booked: {why}.").format(document=name, why=why))
    return Line(mark, _("{document} was not tried: it does not wait to be booked.").format(document=name))


def after_a_try(stuck: int) -> str:
    """What to do after one document was tried again. `stuck`: documents that stay behind."""
    if not stuck:
        return _("{preview} previews what there is to do.").format(preview=key_of("sync.preview", "p"))
    text = ngettext(
        "{filter} shows the {count} document that stays behind; {preview} previews again.",
        "{filter} shows the {count} documents that stay behind; {preview} previews again.",
        stuck,
    )
    return text.format(
        count=count(stuck), filter=key_of("sync.filter", "f"), preview=key_of("sync.preview", "p")
    )


def try_again(name: str, customer: str) -> Question:
    """The question before one document is tried again."""
    return Question(
        title=_("Try this document again?"),
        blocks=(Item(f"{name}  {customer}", tone="head"), Gap(), Item(_("It is booked when it can be."))),
        yes=_("try again"),
        no=_("not yet"),
    )
