"""The report for the accountant: chapters of the same blocks and pages that the screens and commands show.

Not here: how it looks as a page, a workbook or a text (`octowizard.reports`), and reading what it tells of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from octowizard import locale
from octowizard.locale import _, ngettext
from octowizard.locale.formats import clock, count, dated_moment, day
from octowizard.onboarding.connection import CREDIT_NOTES, INVOICES, NUMBERING, setting, value_of
from octowizard.presentation import letters, overview
from octowizard.presentation.blocks import Bars, Block, Entry, Heading, Item, Page, Series, Table, listed
from octowizard.presentation.confirmation import more
from octowizard.presentation.detail import COPIED, NAMED, finding, not_checked, nothing_found, weighed
from octowizard.presentation.run_summary import cut_off, result
from octowizard.snapshot.declared_parts import not_known_to_be_booked, rests_on

if TYPE_CHECKING:
    from octowizard.checks.registry import Finding
    from octowizard.locale.labels import Language
    from octowizard.session.profile_session import Checked, PastRun
    from octowizard.session.reporting import Known
    from octowizard.snapshot.model import Booked, Snapshot

Chapters = Literal["connection", "findings", "booked", "audit", "questions"]
RUNS = 10  # that the report names
MONTHS = 12  # of a chart


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the report: blocks, and pages of their own below them. `language`: of its blocks, "" as the rest."""

    id: Chapters
    title: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    language: Language | Literal[""] = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `spoken`: the language of its own sentences; `language`: the one asked for, of menus and questions.

    `read_at` None: nothing was ever read. `notes`: what has to be known before it is read.
    """

    title: str
    profile: str
    language: Language
    spoken: Language
    made_at: datetime
    read_at: datetime | None
    notes: tuple[Block, ...]
    chapters: tuple[Chapter, ...]


def report(known: Known, audited: Callable[[], Page], language: Language | None = None) -> Report:
    """The report of what is known. `audited`: gives the page of the audit; it is asked when the rest is made.

    `language`: the one asked for, else that in which the user has Octopus.
    """
    checked, profile = known.checked, known.profile
    asked = language or profile.screens.octopus
    company = profile.department_name or profile.dossier_name or profile.name
    before = _connection(known), _findings(checked, declared=bool(profile.unconnected)), _booked(known)
    questions = _questions(known, asked)
    return Report(
        title=_("Octopus and Teamleader: report on {company}").format(company=company),
        profile=profile.name,
        language=asked,
        spoken=locale.spoken(),
        made_at=known.now,
        read_at=checked.taken_at,
        notes=tuple(_notes(known, language)),
        chapters=(*before, _audit(audited()), questions),
    )


def _notes(known: Known, language: Language | None) -> Iterable[Block]:
    now = known.now
    made = _("Made on {day} at {time} by octowizard, which wrote nothing for it.")
    yield Item(made.format(day=day(now.date()), time=clock(now)))
    read_at = known.checked.taken_at
    if read_at is None:
        yield Item(
            _("Nothing has been read of either side yet, so that nothing can be told of the books."), "▲"
        )
    else:
        there = read_at.astimezone(now.tzinfo)
        text = _("Both sides as they were read on {day} at {time}.")
        if len(known.profile.unconnected) == 2:
            text = _("Both sides as they were declared until {day} at {time}; neither was signed in to.")
        elif known.profile.unconnected:
            text = _("As it was read on {day} at {time}; one side is not signed in to, and is declared.")
        yield Item(text.format(day=day(there.date()), time=clock(there)))
    for sentence in rests_on(known.snapshot):
        yield Item(sentence, "▲")
    if known.profile.practice:
        yield Item(letters.practice_company(), "▲")
    if language is not None and (reason := not_spoken(language)) is not None:
        yield Item(reason, "i")


def not_spoken(language: Language) -> str | None:
    """That the sentences are not in the language asked for, and what is; None where they are."""
    if locale.spoken() == language:
        return None
    name = {"nl": _("Dutch"), "fr": _("French"), "en": _("English")}[language]
    return _(
        "octowizard's own sentences are not translated yet and stand here in English; the menus of Octopus and the "
        "questions to the accountant are in the language that was asked for ({language})."
    ).format(language=name)


def _connection(known: Known) -> Chapter:
    profile = known.profile
    blocks: list[Block] = overview.blocks(known.checked.overview)
    blocks += [Entry(_("Start date"), day(profile.start_date))]
    for one in (setting("mode"), setting(NUMBERING)):
        blocks.append(Entry(one.question, dict(one.values)[value_of(profile, one)]))
    blocks += [Entry(setting(id).question, value_of(profile, setting(id))) for id in (INVOICES, CREDIT_NOTES)]
    named = {one.problem for one in known.checked.findings}
    blocks += [
        Item(overview.attention(thing), thing.mark)
        for thing in known.checked.overview.attention
        if thing.problem not in named
    ]
    return Chapter(id="connection", title=_("State of the connection"), blocks=tuple(blocks))


def _findings(checked: Checked, *, declared: bool) -> Chapter:
    blocks: list[Block] = [
        Item(f"{count(number)} {name}", mark)
        for mark, _severity, number, name in weighed(checked.findings)
        if number
    ]
    if not checked.findings and checked.taken_at is not None:
        blocks.append(Item(nothing_found(declared=declared), "✔"))
    return Chapter(
        id="findings",
        title=_("Findings, with evidence and fix"),
        blocks=tuple(blocks),
        pages=(*map(_whole, checked.findings), *map(not_checked, checked.not_checked)),
    )


def _whole(one: Finding) -> Page:
    """A finding with all its records, up to what a copy names."""
    named = [record.label for record in one.records[:COPIED] if record.label]
    rest = len(one.records) - COPIED
    under = (*named, *([more(rest)] if rest > 0 else [])) if len(one.records) > NAMED else ()
    return msgspec.structs.replace(finding(one), under=under)


# --- what was booked ------------------------------------------------------------------------------------------


def _booked(known: Known) -> Chapter:
    booked, blocks = known.snapshot.booked, list[Block]()
    if booked:
        blocks += [_by_journal(booked, known.snapshot), *_by_month(booked, known.snapshot.own_currency)]
    else:
        none = _("No document of Teamleader is recognised among the bookings yet.")
        blocks.append(Item(not_known_to_be_booked(known.snapshot) or none, "○"))
    if number := len(known.snapshot.elsewhere):
        text = ngettext(
            "{count} document was booked by hand or by another connector.",
            "{count} documents were booked by hand or by another connector.",
            number,
        )
        blocks.append(Item(text.format(count=count(number)), "▲"))
    runs = [run for run in known.runs if not run.dry_run][:RUNS]
    if runs:
        blocks.append(
            Table(
                tuple(_run(run, known.now) for run in runs),
                frozenset({0}),
                caption=_("The last syncs"),
                head=(_("Run"), _("Begun"), _("Result")),
            )
        )
    return Chapter(id="booked", title=_("What was booked"), blocks=tuple(blocks))


def _run(run: PastRun, now: datetime) -> tuple[int, str, str]:
    mark, words = result(run.result) if run.result is not None else cut_off()
    return run.id, dated_moment(run.started, now), f"{mark} {words}"


class _Sum(NamedTuple):
    documents: int
    first: int
    last: int
    total: Decimal


def _by_journal(booked: Iterable[Booked], snapshot: Snapshot) -> Table:
    """Number and total of the bookings of each fiscal year, journal and currency."""
    years = {year.id: year.name for year in snapshot.years}
    series: dict[tuple[int, str, str], list[Booked]] = defaultdict(list)
    for one in booked:
        series[one.bookyear, one.journal, one.head.currency].append(one)
    sums = {
        (years.get(year, str(year)), journal, currency): _Sum(
            len(those),
            min(one.number for one in those),
            max(one.number for one in those),
            sum((one.head.booked_amount for one in those), Decimal(0)),
        )
        for (year, journal, currency), those in series.items()
    }
    currencies = {currency for _year, _journal, currency in sums}
    rows = tuple(
        (year, journal, currency, one.documents, f"{journal}/{one.first} … {journal}/{one.last}", one.total)
        for (year, journal, currency), one in sorted(sums.items())
    )
    foot = (_("All"), "", "", sum(one.documents for one in sums.values()), "")
    total = sum((one.total for one in sums.values()), Decimal(0)) if len(currencies) == 1 else ""
    return Table(
        rows,
        frozenset({3, 5}),
        caption=_("Documents of Teamleader that stand in Octopus, VAT included"),
        head=(_("Fiscal year"), _("Journal"), _("Currency"), _("Documents"), _("Numbers"), _("Total")),
        foot=(*foot, total),
    )


def _by_month(booked: Iterable[Booked], currency: str) -> list[Block]:
    """What was booked in each month of the documents, of the last twelve that have any."""
    days: dict[date, Decimal] = defaultdict(Decimal)
    for head, _year, _journal, _number in booked:
        if head.currency == currency:
            days[head.date] += head.booked_amount
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for when, amount in days.items():
        sums[when.replace(day=1)] += amount
    months = sorted(sums)[-MONTHS:]
    if not months:
        return []
    return [
        Bars(
            title=_("Booked per month of the documents, VAT included"),
            unit=currency,
            labels=tuple(f"{month:%m/%Y}" for month in months),
            series=(Series("Octopus", tuple(sums[month] for month in months)),),
        )
    ]


# --- the books proved, and what is left to a person -----------------------------------------------------------


def _audit(audited: Page) -> Chapter:
    """The audit as its own screen and command show it."""
    blocks = (Heading(audited.title, audited.mark), *audited.blocks)
    return Chapter(id="audit", title=_("Audit: do both sides say the same?"), blocks=blocks)


def _questions(known: Known, language: Language) -> Chapter:
    """What only the accountant can answer."""
    asked = letters.questions(known.checked.findings, language)
    title, none = (
        _("For the accountant to answer"),
        _("There is no question that only the accountant can answer."),
    )
    if not asked:
        return Chapter(id="questions", title=title, blocks=(Item(none, "✔"),))
    blocks = tuple(
        block
        for one in asked
        for block in (Entry(one.subject, one.question), *listed("", (one.about,), "soft"))
    )
    return Chapter(id="questions", title=title, blocks=blocks, language=language)
