"""What is asked of a side that nobody signed in to: fiscal years, journals, and the lists that its exports are.

The command, the app and the walk in the terminal all ask by this table. Pure: what was given is checked here and made
a fiscal year or a journal; `session/declaring.py` keeps it. What a yes or no answers is a question of its step.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

import msgspec

from octowizard.books.fiscal import FiscalYear, JournalState, Period
from octowizard.books.vat_return import Rhythm
from octowizard.locale import _, pgettext
from octowizard.locale.formats import day as shown_day
from octowizard.locale.labels import Languages, shown
from octowizard.onboarding.connection import INVOICES, WrongChoice, chosen, day_of, one_of, setting
from octowizard.snapshot.declared_parts import DeclaredYear
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.declarations import What
from octowizard.workspace.profiles import Profile

Thing = Literal["fiscal-year", "journal", "relations", "companies", "invoices", "credit-notes"]
THINGS: tuple[Thing, ...] = get_args(Thing)
WHAT: Mapping[Thing, What] = {
    "fiscal-year": "years",
    "journal": "journals",
    "relations": "relations",
    "companies": "companies",
    "invoices": "invoices",
    "credit-notes": "credit_notes",
}
DATA: frozenset[Thing] = frozenset(
    {"fiscal-year", "journal"}
)  # what the user types; the others are lists in files
FILE = "file"
_LONGEST = 36  # months; a year longer than that is a slip of the pen
_RETURNS: Mapping[str, Rhythm | Literal[""]] = {"month": "MONTHLY", "quarter": "QUARTERLY", "unknown": ""}
_MONTHS = {"month": 1, "quarter": 3, "year": 1000}


class Ask(NamedTuple):
    """One question. `values`: what may be written and what it means, empty where it is free; `proposed`: what an empty
    answer means; `seldom`: asked only where somebody fills in a form."""

    id: str
    question: str
    values: tuple[tuple[str, str], ...] = ()
    proposed: str = ""
    seldom: bool = False


def asks(thing: Thing, snapshot: Snapshot, profile: Profile) -> tuple[Ask, ...]:
    """What is asked about one more of these, with what is most likely proposed."""
    if thing == "fiscal-year":
        return _of_a_year(snapshot, profile)
    if thing == "journal":
        return _of_a_journal(snapshot, profile)
    return (Ask(FILE, _("File")),)


def words(thing: Thing, snapshot: Snapshot, profile: Profile) -> str:
    """What is typed to declare one more of these, with what is most likely: `year="Boekjaar 2026" journal=V1 …`."""
    if thing not in DATA:
        return f"{thing} FILE"
    given = (
        (ask.id, ask.proposed) for ask in asks(thing, snapshot, profile) if ask.proposed and not ask.seldom
    )
    return " ".join([thing, *(f'{id}="{text}"' if " " in text else f"{id}={text}" for id, text in given)])


def fixed() -> Iterator[str]:
    """What can be written of the questions that have fixed answers: `periods=month`."""
    kinds = (id for id, _text in _kinds(Languages("nl")))
    states = (id for id, _text in _states())
    for id, values in (("state", states), ("periods", _MONTHS), ("returns", _RETURNS), ("type", kinds)):
        yield from (f"{id}={value}" for value in values)


def title(thing: Thing) -> str:
    """What is asked for, in half a sentence."""
    return {
        "fiscal-year": _("A fiscal year, as Octopus shows it"),
        "journal": _("A sales journal in one fiscal year, as Octopus shows it"),
        "relations": _("The list of relations, exported from Octopus (.xlsx or .csv)"),
        "companies": _("The list of companies, exported from Teamleader (.xlsx or .csv)"),
        "invoices": _("The list of invoices, exported from Teamleader (.xlsx or .csv)"),
        "credit-notes": _("The list of credit notes, exported from Teamleader (.xlsx or .csv)"),
    }[thing]


def _states() -> tuple[tuple[str, str], ...]:
    return (
        ("open", pgettext("a period", "open")),
        ("closed", pgettext("a period", "closed")),
        ("none", _("it does not exist")),
    )


def _kinds(languages: Languages) -> tuple[tuple[str, str], ...]:
    return (
        ("bookings", shown("octopus.sales-bookings", languages)),
        (
            "invoices",
            _("another entry type, such as {label}").format(label=shown("octopus.invoices-type", languages)),
        ),
        ("none", _("it does not exist")),
    )


def _of_a_year(snapshot: Snapshot, profile: Profile) -> tuple[Ask, ...]:
    years = snapshot.years
    start = years[-1].end + timedelta(days=1) if years else date(profile.start_date.year, 1, 1)
    end = _a_year_later(start)
    periods = (
        ("month", _("one for each month")),
        ("quarter", _("one for each quarter")),
        ("year", _("one for the whole year")),
    )
    returns = (
        ("month", _("every month")),
        ("quarter", _("every quarter")),
        ("unknown", _("I do not know, or none is")),
    )
    return (
        Ask("start", _("First day of the fiscal year"), proposed=shown_day(start)),
        Ask("end", _("Last day of the fiscal year"), proposed=shown_day(end)),
        Ask("state", _("Is it open?"), _states(), "open"),
        Ask("periods", _("Which periods does it have?"), periods, "month"),
        Ask(
            "returns",
            _("How often is a VAT return filed?"),
            returns,
            proposed=_rhythm_of(snapshot, years[-1:]),
        ),
        Ask("first-period", _("Number of its first period"), proposed="", seldom=True),
        Ask("name", _("What it is called in Octopus"), proposed="", seldom=True),
    )


def _rhythm_of(snapshot: Snapshot, years: Sequence[FiscalYear]) -> str:
    """How often a VAT return is filed in this fiscal year, as it is asked for."""
    known = {snapshot.returns.get(year.id, "") for year in years}
    return next((word for word, rhythm in _RETURNS.items() if rhythm in known), "unknown")


def _of_a_journal(snapshot: Snapshot, profile: Profile) -> tuple[Ask, ...]:
    keys = tuple(dict.fromkeys((profile.invoice_journal, profile.credit_note_journal)))
    lacking = (
        (year, key) for year in snapshot.years for key in keys if (year.id, key) not in snapshot.journals
    )
    year, key = next(lacking, (snapshot.years[-1] if snapshot.years else None, keys[0]))
    languages = profile.screens
    fence = _("{label} of the journal, such as 202601; 0 for none")
    return (
        Ask("year", _("In which fiscal year?"), proposed=year.name if year else ""),
        Ask("journal", _("Which journal?"), proposed=key),
        Ask("type", _("Which entry type does it have?"), _kinds(languages), "bookings"),
        Ask("secured", fence.format(label=shown("octopus.secured-till", languages)), proposed="0"),
        Ask("closed-until", fence.format(label=shown("octopus.closed-until", languages)), proposed="0"),
        Ask("state", _("Is it open?"), _states()[:2], "open", seldom=True),
        Ask("last", _("Number of its last booking"), proposed="0", seldom=True),
    )


def given_of(words: Sequence[str]) -> dict[str, str]:
    """`start=2026-01-01 end=…` as answers by question; one word alone is a file. WrongChoice."""
    if len(words) == 1 and "=" not in words[0]:
        return {FILE: words[0]}
    given = {}
    for word in words:
        id, equals, value = word.partition("=")
        if not equals:
            raise WrongChoice(
                _("“{text}” answers no question: write it as start=2026-01-01.").format(text=word)
            )
        given[id.strip()] = value.strip()
    return given


def _answers(asked: tuple[Ask, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Each answer, or what is proposed for it. WrongChoice."""
    known = {ask.id: ask for ask in asked}
    for id in given:
        if id not in known:
            raise WrongChoice(
                _("“{name}” is not asked here; there are: {names}.").format(name=id, names=", ".join(known))
            )
    answers = {id: given.get(id, "").strip() or ask.proposed for id, ask in known.items()}
    for ask in asked:
        if ask.values:
            one_of(ask.values, answers[ask.id], ask.question)
    return answers


def with_year(given: Mapping[str, str], snapshot: Snapshot, profile: Profile) -> tuple[DeclaredYear, ...]:
    """The fiscal years with the one that is given, instead of one that begins on the same day. WrongChoice."""
    asked = _of_a_year(snapshot, profile)
    if given.get("start") and not given.get("end"):
        given = {**given, "end": _a_year_later(day_of(given["start"])).isoformat()}
    answers = _answers(asked, given)
    start, end = day_of(answers["start"]), day_of(answers["end"])
    before = [year for year in snapshot.years if year.start == start]
    others = tuple(
        DeclaredYear(**msgspec.structs.asdict(year), returns=snapshot.returns.get(year.id, ""))
        for year in snapshot.years
        if year.start != start
    )
    if before and not given.get("returns"):
        answers["returns"] = _rhythm_of(snapshot, before)
    if answers["state"] == "none":
        return others
    if not start < end or _months(start, end) > _LONGEST:
        raise WrongChoice(
            _("A fiscal year does not run from {start} to {end}: look at both days.").format(
                start=shown_day(start), end=shown_day(end)
            )
        )
    for other in others:
        if start <= other.end and other.start <= end:
            raise WrongChoice(
                _(
                    "{year} holds some of these days already, {start} to {end}: fiscal years do not overlap."
                ).format(year=other.name, start=shown_day(other.start), end=shown_day(other.end))
            )
    name = answers["name"] or (f"{start:%Y}" if start.year == end.year else f"{start:%Y}-{end:%Y}")
    if any(other.name == name for other in others):
        raise WrongChoice(
            _("There is a fiscal year {name} already: give this one another name, as name=….").format(
                name=name
            )
        )
    questions = {ask.id: ask.question for ask in asked}
    first = _number(answers["first-period"] or f"{start:%Y}01", questions["first-period"])
    year = DeclaredYear(
        id=int(f"{start:%Y%m%d}"),
        name=name,
        start=start,
        end=end,
        closed=answers["state"] == "closed",
        periods=tuple(
            Period(number, *days)
            for number, days in enumerate(_periods(start, end, _MONTHS[answers["periods"]]), first)
        ),
        returns=_RETURNS[answers["returns"]],
    )
    return tuple(sorted((*others, year), key=lambda each: each.start))


def with_journal(given: Mapping[str, str], snapshot: Snapshot, profile: Profile) -> tuple[JournalState, ...]:
    """The journals with the one that is given, instead of the one that has its name in that year. WrongChoice."""
    asked = _of_a_journal(snapshot, profile)
    answers = _answers(asked, given)
    year = next((each for each in snapshot.years if each.name == answers["year"]), None)
    if year is None:
        raise WrongChoice(
            _("There is no fiscal year “{name}”; there are: {names}. Declare it first.").format(
                name=answers["year"], names=", ".join(each.name for each in snapshot.years) or _("none yet")
            )
        )
    key = chosen(setting(INVOICES), answers["journal"])
    others = tuple(each for place, each in snapshot.journals.items() if place != (year.id, key))
    if answers["type"] == "none":
        return others
    questions = {ask.id: ask.question for ask in asked}
    return (
        *others,
        JournalState(
            year_id=year.id,
            key=key,
            name=key,
            closed=answers["state"] == "closed",
            protected_period=_number(answers["secured"], questions["secured"]),
            closed_period=_number(answers["closed-until"], questions["closed-until"]),
            takes_bookings=answers["type"] == "bookings",
            last_number=_number(answers["last"], questions["last"]),
        ),
    )


def _number(text: str, question: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise WrongChoice(
            _("“{text}” is no answer to “{question}”: write a number.").format(text=text, question=question)
        )
    return int(text)


def _a_year_later(start: date) -> date:
    """The last day of the twelve months that begin on this day."""
    return _plus(start, 12) - timedelta(days=1)


def _plus(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _periods(start: date, end: date, months: int) -> Iterator[tuple[date, date]]:
    """The days from start to end, split into calendar months, so many together."""
    first = start
    while first <= end:
        following = _plus(first.replace(day=1), min(months, _LONGEST + 1))
        yield first, min(following - timedelta(days=1), end)
        first = following
