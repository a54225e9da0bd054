"""What is known of a problem: of a finding, a line of a run, a pasted message; its causes and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, get_args

import msgspec

from octowizard.checks.registry import Finding, NotChecked, tally
from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, day
from octowizard.locale.keys import key_of
from octowizard.planning.problems import MARKS, Severity
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item, Page, listed
from octowizard.presentation.confirmation import more
from octowizard.presentation.folds import DETAILS, EVIDENCE, MORE, folding
from octowizard.presentation.run_rows import Row, Section
from octowizard.problems.card_text import title
from octowizard.problems.remedy import people

if TYPE_CHECKING:
    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.problems.explain import CauseFound, Explained
    from octowizard.problems.likely import Likely
    from octowizard.sync.events import Document, DocumentBooked, Explanation

NAMED = 6  # records that a finding names on the screen; its list and --json have them all
COPIED = 200  # records that a copy names
_BECAUSE = 4  # words or lines of evidence for a likely problem
_OFFERED = "offered"  # the id of the entry that names the change that `d` makes
REMEDY = "remedy"  # the id of the entry that says what to do


def cure(
    do: Iterable[str],
    who: Iterable[str] = (),
    never: Iterable[str] = (),
    evidence: Iterable[str] = (),
    fixed_when: str = "",
    indent: int = 0,
    *,
    brief: bool = False,
) -> list[Block]:
    """What stands under the title of every explanation, in its one order: the cure first, what shows it below.

    `brief`: what comes after the people folds too, where much else is to be told.
    """
    avoid = listed(_("What not"), never, "warn", indent)
    fixed = listed(_("Fixed when"), (fixed_when,), indent=indent)
    return [
        *listed(_("What to do"), do, "head", indent, id=REMEDY),
        *listed(_("Who"), who, indent=indent),
        *(folding(MORE, avoid) if brief else avoid),
        *folding(EVIDENCE, listed(_("Evidence"), evidence, indent=indent)),
        *(folding(MORE, fixed) if brief else fixed),
    ]


def failure_cure(why: Explanation, evidence: Iterable[str] = (), indent: int = 0) -> list[Block]:
    """The cure of a failure by the words that came with it, and those of its card on who and what not."""
    by = people(why.problem)
    return cure(why.fix, (by.who,), by.never, evidence, why.fixed_when, indent)


def explained_cure(explained: Explained, evidence: Iterable[str] = ()) -> list[Block]:
    """The cure of a problem. `evidence`: what shows it, where no cause of it is confirmed."""
    confirmed = [line for cause in explained.confirmed for line in cause.evidence]
    return cure(explained.fix, explained.who, explained.never, confirmed or evidence, explained.fixed_when)


def _cause_cure(cause: CauseFound, evidence: Iterable[str] = ()) -> list[Block]:
    """The cure of one confirmed cause, by its own names. `evidence`: what else speaks for it."""
    own = (line for line in cause.evidence if line != cause.what)  # which stands above it
    return cure(cause.fix, (cause.who,), cause.never, (*own, *evidence), cause.fixed_when)


def _others(explained: Explained, without: Collection[str] = ()) -> list[Block]:
    """The causes that are not confirmed: what else it may be, then, for whoever asks, what was ruled out.

    `without`: evidence that is told elsewhere already.
    """
    blocks: list[Block] = []
    for cause in explained.causes:
        if cause.state == "open":
            text = _("Less likely: {cause}") if explained.confirmed else _("It may be: {cause}")
            blocks.append(Item(text.format(cause=cause.text), "?", "soft" if explained.confirmed else "text"))
        elif cause.state == "ruled_out":
            blocks += folding(MORE, [Entry(_("Ruled out"), cause.text, "soft", "–")])
        else:
            continue
        lines = [Entry("", line, "soft", indent=2) for line in cause.evidence if line not in without]
        blocks += folding(MORE, lines)
    return blocks


def offering(page: Page, change: str) -> Page:
    """The page with the change that `d` makes as the first thing to do; as it is where `change` is empty.

    How it is done by hand stands below it, and folds.
    """
    if not change:
        return page
    ids = [block.id if isinstance(block, Entry) else "" for block in page.blocks]
    place = ids.index(REMEDY) if REMEDY in ids else 0
    offered = Entry(
        _("What to do"),
        _("{mend} does it: {change}").format(mend=key_of("*.mend", "d"), change=change),
        "head",
        id=_OFFERED,
    )
    by_hand: list[Block] = []
    for block in page.blocks[place:] if REMEDY in ids else ():
        if not isinstance(block, Entry) or (by_hand and block.label):
            break
        label = "" if by_hand else _("By hand")
        by_hand.append(msgspec.structs.replace(block, label=label, tone="text"))
    rest = page.blocks[place + len(by_hand) :]
    blocks = (*page.blocks[:place], offered, *folding(EVIDENCE, by_hand), *rest)
    return msgspec.structs.replace(page, blocks=blocks)


def offers(page: Page) -> bool:
    """Does the page name a change that `d` makes?"""
    return any(isinstance(block, Entry) and block.id == _OFFERED for block in page.blocks)


def failure(why: Explanation, evidence: Sequence[str], explained: Explained | None = None) -> list[Block]:
    """Why a document or a run fails. `explained`: the causes of its problem, once looked at."""
    if explained is None:
        return failure_cure(why, evidence) + vendor_words(why)
    if explained.confirmed:
        first, *more = explained.confirmed
        extra = [line for line in evidence if line not in first.evidence]
        blocks = _cause_cure(first, extra)
        for cause in more:
            blocks += _section(cause)
    else:
        blocks = explained_cure(explained, evidence)
    return blocks + _others(explained, without=evidence) + vendor_words(why)


def _section(cause: CauseFound) -> list[Block]:
    """A further cause that is confirmed: what it is and its own cure."""
    return [Gap(), Heading(cause.what, "✖", cause.concerns), *_cause_cure(cause)]


def vendor_words(why: Explanation) -> list[Block]:
    """What the vendor said in its own words, and what it was asked: for whoever asks, below all else."""
    code = f"({why.vendor_code}) " if why.vendor_code is not None else ""
    text = f"{code}{why.vendor_text}" if why.vendor_text else ""
    return folding(DETAILS, _refusal(why.vendor or "", text, why.vendor_request or ""))


def _refusal(vendor: str, text: str, request: str) -> list[Block]:
    blocks: list[Block] = []
    if text:
        label = _("{vendor} says").format(vendor=vendor or _("The vendor"))
        blocks.append(Entry(label, text, "quote"))
    if request:
        blocks.append(Entry(_("It was asked"), request, "soft"))
    return blocks


def finding(one: Finding, explained: Explained | None = None) -> Page:
    """What the checks found. `explained`: the causes of its problem, once looked at."""
    by, causes = people(one.problem), explained.confirmed if explained is not None else ()
    own = [line for cause in causes if cause.problem == one.problem for line in cause.evidence]
    evidence = dict.fromkeys(line for line in (*one.evidence, *own) if line != one.title)
    blocks = cure(one.fix, (by.who,), by.never, evidence, one.fixed_when)
    for cause in causes:
        if cause.problem != one.problem:
            blocks.append(Item(_("At the same time: {what}").format(what=cause.what or cause.text), "✖"))
    blocks += listed(_("Concerns"), (", ".join(r.label for r in one.records[:NAMED] if r.label),))
    if len(one.records) > NAMED:
        blocks += listed("", (_("in all {records}").format(records=tally(one.records)),))
    if explained is not None and len(explained.causes) > 1:
        blocks += _others(explained, without=one.evidence)
    words = [block for each in one.refusals for block in _refusal(each.vendor, each.text, each.request)]
    blocks += folding(DETAILS, list(dict.fromkeys(words)))
    return Page(
        mark=MARKS[one.severity],
        title=one.title,
        blocks=tuple(blocks),
        under=tuple(f"  {record.label}" for record in one.records[:COPIED]),
    )


def not_checked(one: NotChecked, hint: str = "") -> Page:
    """Why something could not be checked. `hint`: what would help where reading again does not."""
    blocks = [*listed(_("Why"), (one.why,)), *listed("", (hint,) if one.lasting else ())]
    blocks.append(Entry("", _("This is not the same as fine."), "soft"))
    return Page(mark="?", title=_("Not checked: {what}").format(what=one.title), blocks=tuple(blocks))


def problem(explained: Explained, names: Iterable[tuple[str, str]] = ()) -> Page:
    """A problem of the catalogue and its causes. `names`: what a message names, as (label, value)."""
    return _page(explained, names)


def _page(explained: Explained, names: Iterable[tuple[str, str]] = (), sure: Sequence[str] = ()) -> Page:
    """A problem under what it very probably is. `sure`: what a likely problem rests on, and what else it may be."""
    named = ", ".join(f"{label} {value}" for label, value in names)
    certain = [*sure, *([_("The text names {what}.").format(what=named)] if named else [])]
    mark, title, aside = MARKS[explained.severity], explained.title, ""
    blocks: list[Block] = listed(_("Now"), (explained.gone,), "ok")
    if explained.confirmed:
        first, *more = explained.confirmed
        title, aside = _("Very probably: {what}").format(what=first.what or title), first.concerns
        blocks += _cause_cure(first, certain)
        for cause in more:
            blocks += _section(cause)
    else:
        blocks += explained_cure(explained, certain)
        if sure:
            mark, title = "?", _("Perhaps: {what}").format(what=title)
    blocks += _others(explained)
    blocks += folding(MORE, listed(_("Meaning"), (explained.summary,), "soft"))
    blocks += listed(_("Rests on"), explained.rests_on, "soft")
    blocks += folding(MORE, listed(_("Source"), (explained.source,), "soft"))
    return Page(mark=mark, title=title, aside=aside, blocks=tuple(blocks))


def diagnosis(found: Diagnosis, names: Iterable[tuple[str, str]] = ()) -> Page | None:
    """What a text means: each error that it tells, and what else it may be; None where nothing is known of it."""
    explained = found.explained
    if explained is None:
        return None
    page = _page(explained, names, (_how_sure(found),) if found.problem is None else ())
    blocks = list(page.blocks)
    others = {other.problem for other in found.others}
    further = [one for one in found.likely if one.problem not in (explained.problem, *others)]
    if further:
        blocks += [Gap(), Heading(_("It may also be"))]
        for one in further:
            why = " · ".join(reason.removesuffix(".") for reason in _because(found, one))
            blocks.append(Item(_("{problem}: {why}").format(problem=title(one.problem), why=why), "?"))
    for other in found.others:
        below = _page(other)
        blocks += [Gap(), Heading(below.title, below.mark, f"[{other.problem}]"), *below.blocks]
    if found.unlooked:
        blocks += [Gap(), *listed(_("Not looked at"), not_looked_at(found.unlooked), "soft")]
    return msgspec.structs.replace(page, blocks=tuple(blocks))


def not_looked_at(checks: Iterable[NotChecked]) -> list[str]:
    """What could not be looked at, each reason once."""
    same: dict[str, list[str]] = {}
    for one in checks:
        same.setdefault(one.why, []).append(one.title)
    text = _("{what} ({why})")
    return [text.format(what=" · ".join(dict.fromkeys(titles)), why=why) for why, titles in same.items()]


def _how_sure(found: Diagnosis) -> str:
    """What a likely problem rests on."""
    assert found.explained is not None
    if found.explained.confirmed:
        return _("Your accounts show it, though the text names no record that it is about.")
    return _("The text is no message that octowizard knows, but it speaks of this problem: {words}.").format(
        words=_spoken(_words(found, found.explained.problem))
    )


def _because(found: Diagnosis, one: Likely) -> list[str]:
    """What speaks for a likely problem: words of the text, which are quoted, and what the accounts show."""
    words = _words(found, one.problem)
    shown = one.because[len(words) :]
    return [*([_spoken(words)] if words else []), *shown][:_BECAUSE]


def _words(found: Diagnosis, problem: str) -> tuple[str, ...]:
    """The words of the text that speak for a problem; none where only the accounts do."""
    return next((one.because for one in found.recognition.likely if one.problem == problem), ())


def _spoken(words: Iterable[str]) -> str:
    return ", ".join(_("“{text}”").format(text=word) for word in words)


def not_known(nearest: Iterable[str], hints: Iterable[str]) -> Page:
    """A message that is no problem of the catalogue. `nearest`: problems that come close; `hints`: how to go on."""
    blocks = (*listed(_("The nearest it knows"), nearest), *listed("", hints))
    return Page(mark="?", title=_("octowizard does not know this message."), blocks=blocks)


# --- a line of a run ------------------------------------------------------------------------------------------


def run_line(line: Row | Section, *, dry_run: bool, explained: Explained | None = None) -> Page:
    """A document or a group of a run. `explained`: the causes of its problem, once looked at."""
    if isinstance(line, Section):
        blocks: list[Block] = []
        if line.explanation is not None:
            blocks = failure(line.explanation, _common_evidence(line), explained)
        if line.rows:
            blocks.append(Entry(_("Concerns"), line.tally))
        named = line.rows[:COPIED]
        under = tuple(f"  {row.mark} {row.name}  {row.customer}  {row.status}" for row in named)
        if (rest := len(line.rows) - len(named)) > 0:
            under = (*under, f"  {more(rest)}")
        return Page(mark=line.mark, title=line.title, blocks=tuple(blocks), under=under)
    if line.explanation is not None:
        title = f"{line.name or line.customer} {line.explanation.title}"
    else:
        status = _("excluded") if line.state == "excluded" else line.status
        title = f"{line.name}  {status}"
    document = line.document
    return Page(
        mark=line.mark,
        title=title.strip(),
        blocks=tuple(_row_blocks(line, dry_run, explained)),
        address=(document.web_url or "") if document is not None else "",
    )


def _common_evidence(section: Section) -> tuple[str, ...]:
    """Of the evidence of a group, what is true of all its documents."""
    whys = [row.explanation for row in section.rows if row.explanation is not None]
    evidence = section.explanation.evidence if section.explanation else ()
    return tuple(line for line in evidence if all(line in why.evidence for why in whys))


def _row_blocks(row: Row, dry_run: bool, explained: Explained | None) -> list[Block]:
    """Everything that is known of a document, worth most first."""
    blocks: list[Block] = []
    if row.waits_for:
        text = _("numbers must follow each other without a gap, so {number} has to be booked first")
        blocks.append(Entry(_("Waits"), text.format(number=row.waits_for)))
    if row.booked is not None:
        blocks.append(_booking(row.booked, dry_run))
    if row.note:
        label = {"question": _("Question"), "excluded": _("Reason")}.get(row.state, _("Note"))
        blocks.append(Entry(label, row.note, "head" if row.state == "question" else "text"))
    if row.explanation is not None:
        blocks += failure(row.explanation, row.explanation.evidence, explained)
    blocks.append(Entry(_("Customer"), row.customer))
    if row.document is not None:
        blocks.append(Entry(_("Document"), _document(row.document)))
    blocks += listed(_("Payment"), (row.payment,))
    if row.blocks:
        blocks.append(Entry(_("Holds up"), held_up(row.blocks), "warn"))
    address = row.document.web_url if row.document is not None else ""
    return blocks + listed(_("Address"), (address or "",), "soft")


def _document(document: Document) -> str:
    kind = _("Invoice") if document.kind == "invoice" else _("Credit note")
    return _("{kind} of {day}, {amount}, VAT included").format(
        kind=kind, day=day(document.date), amount=amount(document.amount, document.currency)
    )


def _booking(booked: DocumentBooked, dry_run: bool) -> Entry:
    where = _("{journal}/{number}, period {period}").format(
        journal=booked.journal, number=booked.number, period=booked.period
    )
    if booked.found:
        return Entry(_("Booking"), _("{where}; it already stood there").format(where=where))
    return Entry(_("Would be") if dry_run else _("Booking"), where)


def held_up(number: int) -> str:
    """How many documents wait for one that fails."""
    text = ngettext(
        "{count} document waits for it, because numbers must follow each other.",
        "{count} documents wait for it, because numbers must follow each other.",
        number,
    )
    return text.format(count=count(number))


# --- a list of findings ---------------------------------------------------------------------------------------


def nothing_found(*, declared: bool = False) -> str:
    """What is said where no check finds anything; `declared`: of what was declared, in place of a side."""
    if declared:
        return _("Nothing of what was declared stands in the way of a sync.")
    return _("Nothing stands in the way of a sync.")


def severity_name(severity: Severity, number: int) -> str:
    """How much so many findings weigh, in a word or two that follow their number."""
    return {
        "blocking": ngettext("blocking", "blocking", number),
        "warning": ngettext("to look at", "to look at", number),
        "info": ngettext("to know", "to know", number),
    }[severity]


def weighed(findings: Sequence[Finding]) -> list[tuple[str, Severity, int, str]]:
    """Mark, severity, number and name, for each severity."""
    numbers = {each: sum(one.severity == each for one in findings) for each in get_args(Severity)}
    return [
        (MARKS[severity], severity, number, severity_name(severity, number))
        for severity, number in numbers.items()
    ]
