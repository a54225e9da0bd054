"""What can be told of one subject at once: does its fiscal year, period and journal take a booking, and why not.

Pure. It asks the same facts as the checks, but also of a period or journal for which no document waits just now,
and says what it saw in words and numbers. Everything else is left to the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from octowizard.books.fiscal import Barrier, FiscalYear, JournalState, Period, year_of
from octowizard.books.numbers import bare
from octowizard.locale import _
from octowizard.locale.formats import day as shown_day
from octowizard.locale.formats import labelled, year_name
from octowizard.locale.labels import Languages, shown
from octowizard.planning.plan import InSync, plan, planner_of
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.workspace.profiles import Profile

Subject = Mapping[str, str]  # names as recognised; `document`: the id of a document of Teamleader

PLACE_PROBLEMS = tuple(barrier.value for barrier in Barrier)


class Seen(NamedTuple):
    """One problem at one place: whether it is there, what says so, and the names that go with it."""

    there: bool
    words: str
    names: dict[str, str]


class _Place(NamedTuple):
    head: DocumentHead | None
    day: date | None
    year: FiscalYear | None
    period: Period | None
    journal: str


def document(snapshot: Snapshot, subject: Subject) -> DocumentHead | None:
    """The document that the subject names, among all that were read; blanks tell an invoice from a credit note."""
    if wanted := subject.get("document"):
        return next((head for head in snapshot.documents if head.id == wanted), None)
    said = subject.get("invoice", "")
    number = bare(said).casefold()
    if not number:
        return None
    alike = [head for head in snapshot.documents if bare(head.number).casefold() == number]
    return next((head for head in alike if head.number == said), next(iter(alike), None))


def names_document(subject: Subject) -> bool:
    """Does the subject name a certain document? The X of a help page is none."""
    return bool(subject.get("document")) or any(c.isdigit() for c in subject.get("invoice", ""))


def seen(problem: str, snapshot: Snapshot, profile: Profile, subject: Subject) -> list[Seen] | None:
    """What the places of the subject say of a problem of fiscal year, period or journal; or the profile, of its mode.

    None when that cannot be told: it was not read, or the subject names no place.
    """
    if problem == "observer-mode":
        words = _("Profile {name} is a connector.")
        if profile.mode == "observer":
            words = _("Profile {name} is in observer mode.")
        return [Seen(profile.mode == "observer", words.format(name=profile.name), {})]
    if problem not in PLACE_PROBLEMS or "years" in snapshot.unread:
        return None
    head = document(snapshot, subject)
    planned = plan(snapshot, profile).of(head.id) if head is not None else None
    if planned is not None and isinstance(planned.outcome, InSync):
        return [_booked(planned.head, planned.outcome)]
    records = []
    for place in _places(snapshot, profile, subject):
        one = _seen(problem, snapshot, place, profile.screens)
        if one is not None:
            records.append(one)
    return records or None


def seen_account(snapshot: Snapshot, subject: Subject) -> list[Seen]:
    """Whether each chart that was read has the account that the subject names; nothing where it names none."""
    number = subject.get("account", "")
    head = document(snapshot, subject)
    wanted = year_of(snapshot.years, head.date) if head is not None else None
    if not number.isdigit() or "accounts" in snapshot.unread:
        return []
    records = []
    for year in snapshot.years:
        chart = snapshot.accounts.get(year.id)
        if chart is None or (wanted is not None and year.id != wanted.id):
            continue
        words = _("The chart of accounts of fiscal year {year} has account {account}.")
        if int(number) not in chart:
            words = _("The chart of accounts of fiscal year {year} has no {account}.")
        names = {"account": number, "year": year.name}
        records.append(
            Seen(int(number) not in chart, words.format(year=year_name(year.name), account=number), names)
        )
    return records


def _booked(head: DocumentHead, there: InSync) -> Seen:
    """A document that is booked has no place to be refused at any more."""
    words = _("{document} is booked already, as {journal}/{number}.")
    return Seen(False, words.format(document=head.number, journal=there.journal, number=there.number), {})


def _places(snapshot: Snapshot, profile: Profile, subject: Subject) -> Iterator[_Place]:
    own = (profile.invoice_journal, profile.credit_note_journal)
    named = subject.get("journal")
    head = document(snapshot, subject)
    if head is not None:
        place = planner_of(snapshot, profile).place(head)
        yield _Place(head, head.date, place.year, place.period, named or place.journal)
        return
    journals = [named] if named else list(dict.fromkeys(own))
    day = _day(subject.get("date", ""))
    if day is not None:
        yield from (_at(snapshot, day, journal) for journal in journals)
        return
    number = subject.get("period", "")
    if number.isdigit():
        for year in snapshot.years:
            for period in year.periods:
                if period.number == int(number):
                    yield from (_Place(None, None, year, period, journal) for journal in journals)
        return
    wanted = subject.get("year", "")[:4]
    if wanted:
        for year in snapshot.years:
            if wanted in year.name or year.start.year == int(wanted):
                yield from (_Place(None, None, year, None, journal) for journal in journals)
        return
    if named:
        for year in snapshot.years:
            if (year.id, named) in snapshot.journals or _read(snapshot, year):
                yield _Place(None, None, year, None, named)


def _at(snapshot: Snapshot, day: date, journal: str) -> _Place:
    year = year_of(snapshot.years, day)
    return _Place(None, day, year, year.period_of(day) if year else None, journal)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read(snapshot: Snapshot, year: FiscalYear) -> bool:
    """Were the journals of this fiscal year read? Only those of years with work are."""
    return "journals" not in snapshot.unread and any(id_ == year.id for id_, _key in snapshot.journals)


def _seen(problem: str, snapshot: Snapshot, place: _Place, languages: Languages) -> Seen | None:
    year, period, day = place.year, place.period, place.day
    names = {"journal": place.journal}
    if year is not None:
        names["year"] = year.name
    if period is not None:
        names["period"] = str(period.number)
    if place.head is not None:
        names["invoice"] = place.head.number
    if problem == "missing-year":
        if year is not None:
            words = _("Fiscal year {year} runs from {start} to {end}.").format(
                year=year_name(year.name), start=shown_day(year.start), end=shown_day(year.end)
            )
            return Seen(False, _dated(place, words), names)
        assert day is not None  # a place without a year was made from a day
        return Seen(True, _dated(place, _("Octopus has no fiscal year with that day.")), names)
    if year is None:
        return None
    if problem == "closed-year":
        words = _("Fiscal year {year} is closed.") if year.closed else _("Fiscal year {year} is open.")
        return Seen(year.closed, _dated(place, words.format(year=year_name(year.name))), names)
    if problem == "missing-period":
        if day is None:
            return None
        if period is None:
            words = _("No period of fiscal year {year} holds that day.").format(year=year_name(year.name))
            return Seen(True, _dated(place, words), names)
        words = _("Period {period} runs from {start} to {end}.").format(
            period=period.number, start=shown_day(period.start), end=shown_day(period.end)
        )
        return Seen(False, _dated(place, words), names)
    return _seen_journal(problem, snapshot, place, year, names, languages)


def _seen_journal(
    problem: str,
    snapshot: Snapshot,
    place: _Place,
    year: FiscalYear,
    names: dict[str, str],
    languages: Languages,
) -> Seen | None:
    if not _read(snapshot, year):
        return None
    journal = snapshot.journals.get((year.id, place.journal))
    if problem == "missing-journal":
        words = _("Octopus shows journal {journal} in fiscal year {year}.")
        if journal is None:
            words = _("Octopus shows no journal {journal} in fiscal year {year}.")
        return Seen(journal is None, words.format(journal=place.journal, year=year_name(year.name)), names)
    if journal is None:
        return None
    if problem == "wrong-journal-type":
        type_ = shown(
            "octopus.sales-bookings" if journal.takes_bookings else "octopus.invoices-type", languages
        )
        words = _("{journal} has entry type {type} in fiscal year {year}.").format(
            journal=journal.key, type=type_, year=year_name(year.name)
        )
        return Seen(not journal.takes_bookings, words, names)
    if problem == "closed-journal":
        words = _("{journal} is open in fiscal year {year}.")
        if journal.closed:
            words = _("{journal} is closed in fiscal year {year}.")
        return Seen(journal.closed, words.format(journal=journal.key, year=year_name(year.name)), names)
    return _seen_period(problem, place, journal, names)


def _seen_period(problem: str, place: _Place, journal: JournalState, names: dict[str, str]) -> Seen | None:
    period = place.period
    if period is None:
        return None
    secured = problem == "secured-period"
    until = journal.protected_period if secured else journal.closed_period
    if not until:
        words = _("No period is secured in {journal}") if secured else _("No period is closed in {journal}")
    else:
        words = _("{journal} is secured till {until}") if secured else _("{journal} is closed until {until}")
    words = words.format(journal=journal.key, until=until)
    if place.head is not None:
        concerns = _("{number} is dated {day}, period {period}").format(
            number=place.head.number, day=shown_day(place.head.date), period=period.number
        )
    elif place.day is not None:
        concerns = _("{day} is in period {period}").format(day=shown_day(place.day), period=period.number)
    else:
        concerns = _("the period is {period}").format(period=period.number)
    return Seen(
        period.number <= until, _("{standing}; {concerns}.").format(standing=words, concerns=concerns), names
    )


def _dated(place: _Place, words: str) -> str:
    """`2026 / 12 is dated 14/02/2026. …`, as far as a document or a day is known."""
    if place.head is not None:
        sentence = _("{number} is dated {day}.").format(
            number=place.head.number, day=shown_day(place.head.date)
        )
        return f"{sentence} {words}"
    return labelled(shown_day(place.day), words) if place.day is not None else words
