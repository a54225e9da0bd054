"""What is known of a problem: of a finding, a line of a run, a pasted message; its causes and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, get_args

import msgspec

from octowizard.checks.registry import Finding, NotChecked, tally
from octowizard.locale import _, ngettext, pgettext
from octowizard.locale.formats import amount, count, day
from octowizard.planning.problems import MARKS, Severity
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item, Page, Tone, listed
from octowizard.presentation.run_rows import Row, Section
from octowizard.problems.catalogue import title

if TYPE_CHECKING:
    from octowizard.problems.diagnosis import Diagnosis
    from octowizard.problems.explain import Explained
    from octowizard.problems.likely import Likely
    from octowizard.sync.events import Document, DocumentBooked, Explanation

NAMED = 6  # records that a finding names on the screen; its list and --json have them all
COPIED = 200  # records that a copy names
_BECAUSE = 4  # words or lines of evidence for a likely problem
_OFFERED = "offered"  # the id of the entry that names the change that `d` makes
REMEDY = "remedy"  # the id of the entry that says what to do


def causes(explained: Explained, *states: str, without: Collection[str] = ()) -> list[Block]:
    """The causes of a problem that stand so, all of them where no state is named, with what says so.

    `without`: evidence that is told elsewhere already.
    """
    labels: dict[str, tuple[str, str, Tone]] = {
        "confirmed": ("✔", _("confirmed"), "head"),
        "ruled_out": ("–", _("ruled out"), "soft"),
        "open": ("?", pgettext("a cause", "open"), "text"),
    }
    blocks: list[Block] = []
    for cause in explained.causes:
        if states and cause.state not in states:
            continue
        mark, label, tone = labels[cause.state]
        blocks.append(Entry(label, cause.text, tone, mark))
        soft: Tone = "text" if cause.state == "confirmed" else "soft"
        blocks += [Entry("", line, soft) for line in cause.evidence if line not in without]
    return blocks


def steps(fix: Sequence[str], fixed_when: str, indent: int = 0) -> list[Block]:
    """What to do, and when it counts as fixed."""
    return [
        *listed(_("What to do"), fix, "head", indent, id=REMEDY),
        *listed(_("Fixed when"), (fixed_when,), indent=indent),
    ]


def remedy(explained: Explained) -> list[Block]:
    """What to do, by whom, what not to do, and when it counts as fixed."""
    return [
        *listed(_("What to do"), explained.fix, "head", id=REMEDY),
        *listed(_("Who"), explained.who),
        *listed(_("Do not"), explained.never, "warn"),
        *listed(_("Fixed when"), (explained.fixed_when,)),
    ]


def offering(page: Page, change: str) -> Page:
    """The page with the change that `d` makes above what is to be done; as it is where `change` is empty."""
    if not change:
        return page
    ids = [block.id if isinstance(block, Entry) else "" for block in page.blocks]
    place = ids.index(REMEDY) if REMEDY in ids else len(ids)
    offered = Entry(_("d does it"), change, "busy", id=_OFFERED)
    return msgspec.structs.replace(page, blocks=(*page.blocks[:place], offered, *page.blocks[place:]))


def offers(page: Page) -> bool:
    """Does the page name a change that `d` makes?"""
    return any(isinstance(block, Entry) and block.id == _OFFERED for block in page.blocks)


def failure(why: Explanation, evidence: Sequence[str], explained: Explained | None = None) -> list[Block]:
    """Why a document or a run fails. `explained`: the causes of its problem, once looked at."""
    blocks = listed(_("Evidence"), evidence)
    if explained is not None:
        blocks += causes(explained, "confirmed", without=evidence)
        blocks += remedy(explained)
    else:
        blocks += steps(why.fix, why.fixed_when)
    if explained is not None:
        blocks += causes(explained, "open", "ruled_out")
    return blocks + vendor_words(why)


def vendor_words(why: Explanation, *, request: bool = True) -> list[Block]:
    """What the vendor said in its own words, and what it was asked: for whoever asks, below all else."""
    blocks: list[Block] = []
    if why.vendor_text:
        code = f"({why.vendor_code}) " if why.vendor_code is not None else ""
        label = _("{vendor} says").format(vendor=why.vendor or _("The vendor"))
        blocks.append(Entry(label, f"{code}{why.vendor_text}", "quote"))
    if request and why.vendor_request:
        blocks.append(Entry(_("It was asked"), why.vendor_request, "soft"))
    return blocks


def finding(one: Finding, explained: Explained | None = None) -> Page:
    """What the checks found. `explained`: the causes of its problem, once looked at."""
    blocks = listed(_("Evidence"), one.evidence)
    if explained is None:
        blocks += steps(one.fix, one.fixed_when)
    else:
        blocks += remedy(explained)
        if len(explained.causes) > 1:
            blocks += causes(explained, without=one.evidence)
    blocks += listed(_("Concerns"), (", ".join(r.label for r in one.records[:NAMED] if r.label),))
    if len(one.records) > NAMED:
        blocks += listed("", (_("in all {records}").format(records=tally(one.records)),))
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
    return Page(
        mark=MARKS[explained.severity], title=explained.title, blocks=tuple(_problem(explained, names))
    )


def _problem(explained: Explained, names: Iterable[tuple[str, str]] = ()) -> list[Block]:
    named = ", ".join(f"{label} {value}" for label, value in names)
    confirmed = bool(explained.confirmed)
    # Where it is no more, what was looked at says so; else what explains it stands above what to do.
    first = ("confirmed",) if confirmed or explained.gone else ()
    blocks = [
        *listed("", (explained.summary,)),
        *listed(_("It names"), (named,)),
        *listed(_("Now"), (explained.gone,), "ok"),
        *([] if explained.gone else causes(explained, *first)),
        *remedy(explained),
    ]
    if first:
        blocks += causes(explained, "open", "ruled_out")
    return [
        *blocks,
        *listed(_("Rests on"), explained.rests_on, "soft"),
        *listed(_("Source"), (explained.source,), "soft"),
    ]


def diagnosis(found: Diagnosis, names: Iterable[tuple[str, str]] = ()) -> Page | None:
    """What a text means: each error that it tells, and what else it may be; None where nothing is known of it."""
    explained = found.explained
    if explained is None:
        return None
    blocks = _problem(explained, names)
    mark = MARKS[explained.severity]
    if found.problem is None:
        mark = "?"
        blocks = [Entry(_("How sure"), _how_sure(found), "head"), *blocks]
    others = {other.problem for other in found.others}
    further = [one for one in found.likely if one.problem not in (explained.problem, *others)]
    if further:
        blocks += [Gap(), Heading(_("It may also be"))]
        for one in further:
            why = "; ".join(_because(found, one))
            blocks.append(Item(_("{problem}: {why}").format(problem=title(one.problem), why=why), "?"))
    for other in found.others:
        blocks += [Gap(), Heading(other.title, MARKS[other.severity], f"[{other.problem}]"), *_problem(other)]
    return Page(mark=mark, title=explained.title, blocks=tuple(blocks))


def _how_sure(found: Diagnosis) -> str:
    """What a likely problem rests on."""
    assert found.explained is not None
    if found.explained.confirmed:
        return _(
            "This is probably it: your accounts show it, though the text names no record that it is about."
        )
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
    return ", ".join(f"“{word}”" for word in words)


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
        under = tuple(f"  {row.mark} {row.name}  {row.customer}  {row.status}" for row in line.rows)
        return Page(mark=line.mark, title=line.title, blocks=tuple(blocks), under=under)
    if line.explanation is not None:
        title = f"{line.name or line.customer} {line.explanation.title}"
    else:
        title = f"{line.name}  {_('excluded') if line.state == 'excluded' else line.status}"
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


def severity_name(severity: Severity) -> str:
    """How much a finding weighs, in a word or two."""
    return {"blocking": _("blocking"), "warning": _("to look at"), "info": _("to know")}[severity]


def weighed(findings: Sequence[Finding]) -> list[tuple[str, Severity, int, str]]:
    """Mark, severity, number and name, for each severity."""
    return [
        (
            MARKS[severity],
            severity,
            sum(one.severity == severity for one in findings),
            severity_name(severity),
        )
        for severity in get_args(Severity)
    ]
