"""Fiscal years and journals in the Octopus program: open, close, secure, create, lock, synchronise.

With `desktop=yes` a change stays in the desktop program, invisible to the API, until `synchronise`.
"""

from __future__ import annotations

import re
from typing import Any

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    calendar_year,
    dossier_of,
    journal_meant,
    today,
    year_meant,
    year_named,
)
from octowizard.sandbox.state import EARLIEST, LATEST, Account, Journal, Json, World
from octowizard.sandbox.worlds import books

_KEY = re.compile(r"[AVFDL]0*[1-9][0-9]{0,3}")
_ENTRY = {"bookings": 1, "invoices": 2}


def _change(world: World, arguments: Arguments, journal: Journal, **changed: Any) -> Json:
    """Change the journal, at once or held back. Returns what to show."""
    year = dossier_of(world).bookyears[journal.bookyear_id].data["startDate"][:4]
    held = arguments.yes("desktop")
    if held:
        journal.pending |= changed
    else:
        for name, value in changed.items():
            setattr(journal, name, value)
            journal.pending.pop(name, None)
        journal.modified = world.clock.now()
    return {"journal": journal.key, "year": year, **changed, "held_back": held}


@action("reopen-year")
@action("close-year")
def close_year(world: World, arguments: Arguments) -> Json:
    year = year_named(dossier_of(world), arguments.text("year"))
    year.data["closed"] = arguments.action == "close-year"
    return {"year": calendar_year(year), "closed": year.data["closed"]}


def _period(world: World, arguments: Arguments, journal: Journal) -> int:
    """The period: 0 for none, a number of the year's own list, or the place in it (9 for the ninth)."""
    period = arguments.number("period")
    known = [
        entry["bookyearPeriod"] for entry in dossier_of(world).bookyears[journal.bookyear_id].data["periods"]
    ]
    if 0 < period <= len(known):
        period = known[period - 1]
    if period and period not in known:
        raise BadArguments(f"The fiscal year has no period {period}; it has {known[0]} to {known[-1]}.")
    return period


@action("set-secured-period")
@action("set-closed-period")
def set_period(world: World, arguments: Arguments) -> Json:
    journal = journal_meant(world, arguments)
    bound = "protected_period" if arguments.action == "set-secured-period" else "closed_period"
    return _change(world, arguments, journal, **{bound: _period(world, arguments, journal)})


@action("reopen-journal")
@action("close-journal")
def close_journal(world: World, arguments: Arguments) -> Json:
    closed = arguments.action == "close-journal"
    return _change(world, arguments, journal_meant(world, arguments), closed=closed)


@action("set-entry-type")
def set_entry_type(world: World, arguments: Arguments) -> Json:
    journal = journal_meant(world, arguments)
    if not journal.key.startswith("V"):
        raise BadArguments(f"Only a sales journal has an entry type; {journal.key} is none.")
    entry = _ENTRY[arguments.one_of("type", *_ENTRY)]
    return _change(world, arguments, journal, insertion_type=entry)


@action("open-journal-window")
def open_window(world: World, arguments: Arguments) -> Json:
    journal = journal_meant(world, arguments)
    journal.locked_by = arguments.text_or("user", "Boekhouding")
    return {"journal": journal.key, "open_by": journal.locked_by}


@action("release-journal")
@action("close-journal-window")
def close_window(world: World, arguments: Arguments) -> Json:
    journal = journal_meant(world, arguments)
    before, journal.locked_by = journal.locked_by, None
    return {"journal": journal.key, "was_open_by": before}


@action("create-journal")
def create_journal(world: World, arguments: Arguments) -> Json:
    dossier, year = dossier_of(world), year_meant(world, arguments)
    key = arguments.text("journal").upper()
    if not _KEY.fullmatch(key):
        raise BadArguments(f"A journal is named by its letter (A, V, F, D, L) and a number, not {key!r}.")
    if (year.id, key) in dossier.journals:
        raise BadArguments(f"Journal {key} exists already in fiscal year {calendar_year(year)}.")
    name = arguments.text_or("name", key)
    held = arguments.yes("desktop")
    dossier.journals[year.id, key] = Journal(
        bookyear_id=year.id,
        key=key,
        names={"NL": name, "FR": name, "EN": name, "DE": name},
        insertion_type=_ENTRY[arguments.one_of("type", *_ENTRY)] if "type" in arguments else 1,
        currency="EUR" if key.startswith("F") else None,
        iban=books.COMPANY["iban"] if key.startswith("F") else None,
        desktop_only=held,
        modified=world.clock.now(),
    )
    return {"journal": key, "year": calendar_year(year), "created": True, "held_back": held}


@action("create-year")
def create_year(world: World, arguments: Arguments) -> Json:
    """The next year, with the chart and the journals of the year before it."""
    dossier = dossier_of(world)
    wanted = arguments.number("year", at_least=EARLIEST.year, at_most=LATEST.year - 1)
    ends = [year.data["endDate"] for year in dossier.bookyears.values()]
    if ends and max(ends) != f"{wanted - 1}-12-31":
        raise BadArguments(f"Fiscal years follow one another: the last one ends on {max(ends)}.")
    held, now = arguments.yes("desktop"), world.clock.now()
    number = max(dossier.bookyears, default=0) + 1
    dossier.bookyears[number] = books.bookyear(number, wanted, desktop_only=held)
    if number - 1 not in dossier.bookyears:
        for account in books.accounts(number, now):
            dossier.accounts[number, account.data["accountKey"]["id"]] = account
    for (year, account_number), old in list(dossier.accounts.items()):
        if year == number - 1:
            key = {"bookyearKey": {"id": number}, "id": account_number}
            copied = Account({**old.data, "accountKey": key}, old.bookable, now)
            dossier.accounts[number, account_number] = copied
    for (year, name), journal in list(dossier.journals.items()):
        if year == number - 1:
            dossier.journals[number, name] = Journal(
                bookyear_id=number,
                key=name,
                names=dict(journal.names),
                insertion_type=journal.insertion_type,
                currency=journal.currency,
                iban=journal.iban,
                desktop_only=held,
                detail=dict(journal.detail),
                modified=now,
            )
    made = sorted(name for year, name in dossier.journals if year == number)
    return {"year": str(wanted), "id": number, "journals": made, "held_back": held}


@action("synchronise")
def synchronise(world: World, _: Arguments) -> Json:
    """File > Synchronise: what was held back in the desktop program becomes visible."""
    dossier, now = dossier_of(world), world.clock.now()
    published: list[str] = []
    for year in dossier.bookyears.values():
        if year.desktop_only:
            year.desktop_only = False
            published.append(f"fiscal year {calendar_year(year)}")
    for journal in dossier.journals.values():
        if not journal.desktop_only and not journal.pending:
            continue
        for name, value in journal.pending.items():
            setattr(journal, name, value)
        journal.pending = {}
        journal.desktop_only = False
        journal.modified = now
        year_name = dossier.bookyears[journal.bookyear_id].data["startDate"][:4]
        published.append(f"journal {journal.key} of {year_name}")
    return {"published": published, "day": today(world).isoformat()}
