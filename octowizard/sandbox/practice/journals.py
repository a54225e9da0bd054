"""Fiscal years and journals in the Octopus program: open, close, secure, create, put right, lock, synchronise.

With `desktop=yes` a change stays in the desktop program, invisible to the API, until `synchronise`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from octowizard.sandbox.practice.action import BadArguments, Task, action, calendar_year
from octowizard.sandbox.state import EARLIEST, LANGUAGES, LATEST, Account, Bookyear, Journal, Json
from octowizard.sandbox.worlds import books

_KEY = re.compile(r"[AVFDL]0*[1-9][0-9]{0,3}")
_ENTRY = {"bookings": 1, "invoices": 2, "sales bookings": 1}
_RETURNS = {"monthly": "MONTHLY", "quarterly": "QUARTERLY", "yearly": "YEARLY"}
_LONGEST_YEAR = 2  # calendar years after the one it begins in


def _change(task: Task, journal: Journal, **changed: Any) -> Json:
    """Change the journal, at once or held back. Returns what to show."""
    year = calendar_year(task.dossier.bookyears[journal.bookyear_id])
    held = task.yes("desktop")
    if held:
        journal.pending |= changed
    else:
        for name, value in changed.items():
            setattr(journal, name, value)
            journal.pending.pop(name, None)
        journal.modified = task.now
    return {"journal": journal.key, "year": year, **changed, "held_back": held}


@action("reopen-year")
@action("close-year")
def close_year(task: Task) -> Json:
    year = task.year()
    year.data["closed"] = task.action == "close-year"
    return {"year": calendar_year(year), "closed": year.data["closed"]}


@action("set-vat-return")
def set_vat_return(task: Task) -> Json:
    year = task.year(default_today=True)
    rhythm = task.one_of("rhythm", *_RETURNS)
    year.detail["declarantType"] = _RETURNS[rhythm]
    return {"year": calendar_year(year), "vat_return": rhythm}


def _period(task: Task, journal: Journal) -> int:
    """The period: 0 for none, a number of the year's own list, or the place in it (9 for the ninth)."""
    period = task.number("period")
    known = [entry["bookyearPeriod"] for entry in task.dossier.bookyears[journal.bookyear_id].data["periods"]]
    if 0 < period <= len(known):
        period = known[period - 1]
    if period and period not in known:
        raise BadArguments(f"The fiscal year has no period {period}; it has {known[0]} to {known[-1]}.")
    return period


@action("set-secured-period")
@action("set-closed-period")
def set_period(task: Task) -> Json:
    journal = task.journal()
    bound = "protected_period" if task.action == "set-secured-period" else "closed_period"
    return _change(task, journal, **{bound: _period(task, journal)})


@action("reopen-journal")
@action("close-journal")
def close_journal(task: Task) -> Json:
    closed = task.action == "close-journal"
    return _change(task, task.journal(), closed=closed)


@action("set-entry-type")
def set_entry_type(task: Task) -> Json:
    journal = task.journal()
    if not journal.key.startswith("V"):
        raise BadArguments(f"Only a sales journal has an entry type; {journal.key} is none.")
    entry = _ENTRY[task.one_of("type", *_ENTRY)]
    return _change(task, journal, insertion_type=entry)


@action("open-journal-window")
def open_window(task: Task) -> Json:
    journal = task.journal()
    journal.locked_by = task.text("user", "Boekhouding")
    return {"journal": journal.key, "open_by": journal.locked_by}


@action("release-journal")
@action("close-journal-window")
def close_window(task: Task) -> Json:
    journal = task.journal()
    before, journal.locked_by = journal.locked_by, None
    return {"journal": journal.key, "was_open_by": before}


@action("create-journal")
def create_journal(task: Task) -> Json:
    dossier, year = task.dossier, task.year(default_today=True)
    key = task.text("journal").upper()
    if not _KEY.fullmatch(key):
        raise BadArguments(f"A journal is named by its letter (A, V, F, D, L) and a number, not {key!r}.")
    if (year.id, key) in dossier.journals:
        raise BadArguments(f"Journal {key} exists already in fiscal year {calendar_year(year)}.")
    name = task.text("name", key)
    held = task.yes("desktop")
    entry = _ENTRY[task.one_of("type", *_ENTRY, fallback="bookings")]
    journal = Journal(year.id, key, dict.fromkeys(LANGUAGES, name), entry, desktop_only=held)
    if key.startswith("F"):
        journal.currency, journal.iban = "EUR", books.COMPANY["iban"]
    journal.modified = task.now
    dossier.journals[year.id, key] = journal
    return {"journal": key, "year": calendar_year(year), "created": True, "held_back": held}


@action("create-year")
def create_year(task: Task) -> Json:
    """The next year, with the chart and the journals of the year before it."""
    dossier = task.dossier
    wanted = task.number("year", at_least=EARLIEST.year, at_most=LATEST.year - 1)
    ends = [year.data["endDate"] for year in dossier.bookyears.values()]
    if ends and max(ends) != f"{wanted - 1}-12-31":
        raise BadArguments(f"Fiscal years follow one another: the last one ends on {max(ends)}.")
    held, now = task.yes("desktop"), task.now
    number = max(dossier.bookyears, default=0) + 1
    dossier.bookyears[number] = books.bookyear(number, wanted, desktop_only=held)
    before = number - 1
    if before not in dossier.bookyears:
        for account in books.accounts(number, now):
            dossier.accounts[number, account.data["accountKey"]["id"]] = account
    for (year, account_number), old in list(dossier.accounts.items()):
        if year == before:
            key = {"bookyearKey": {"id": number}, "id": account_number}
            copied = Account({**old.data, "accountKey": key}, old.bookable, now)
            dossier.accounts[number, account_number] = copied
    for journal in [entry for (year, _), entry in dossier.journals.items() if year == before]:
        names, detail = dict(journal.names), dict(journal.detail)
        copy = Journal(number, journal.key, names, journal.insertion_type, desktop_only=held, detail=detail)
        copy.currency, copy.iban, copy.modified = journal.currency, journal.iban, now
        dossier.journals[number, journal.key] = copy
    made = sorted(name for year, name in dossier.journals if year == number)
    return {"year": str(wanted), "id": number, "journals": made, "held_back": held}


def _monthly(year: Bookyear) -> list[Json]:
    first, last = (date.fromisoformat(year.data[name]) for name in ("startDate", "endDate"))
    return books.periods(first, last, "MONTH")


@action("restore-periods")
def restore_periods(task: Task) -> Json:
    year = task.year()
    if year.period_type != "MONTH":
        raise BadArguments("Only a fiscal year with a period per month can be put right here.")
    year.data["periods"] = _monthly(year)
    return {"year": calendar_year(year), "periods": len(year.data["periods"])}


@action("extend-year")
def extend_year(task: Task) -> Json:
    dossier, until = task.dossier, task.day("until", "2026-12-31")
    year = task.year()
    starts = [other.data["startDate"] for other in dossier.bookyears.values() if other is not year]
    if not year.data["endDate"] < until.isoformat():
        raise BadArguments(f"The fiscal year lasts until {year.data['endDate']} already.")
    if any(year.data["startDate"] < start <= until.isoformat() for start in starts):
        raise BadArguments(f"Until {until} it would run into the next fiscal year.")
    if until.year - int(calendar_year(year)) > _LONGEST_YEAR:
        raise BadArguments(f"A fiscal year that lasts until {until} would be too long.")
    year.data["endDate"] = until.isoformat()
    year.data["periods"] = _monthly(year)
    return {"year": calendar_year(year), "until": until.isoformat()}


@action("synchronise")
def synchronise(task: Task) -> Json:
    """File > Synchronise: what was held back in the desktop program becomes visible."""
    dossier = task.dossier
    published: list[str] = []
    for year in dossier.bookyears.values():
        if year.desktop_only:
            year.desktop_only = False
            published.append(f"fiscal year {calendar_year(year)}")
    for journal in dossier.journals.values():
        if journal.desktop_only or journal.pending:
            for name, value in journal.pending.items():
                setattr(journal, name, value)
            journal.pending, journal.desktop_only, journal.modified = {}, False, task.now
            year = dossier.bookyears[journal.bookyear_id]
            published.append(f"journal {journal.key} of {calendar_year(year)}")
    return {"published": published, "day": task.today.isoformat()}
