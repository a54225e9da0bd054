"""How the connection was set up: mode, start date, what Octopus holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.scenarios import Step, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.worlds.breaking import BrokenCompany


@scenario("observer-mode", "The profile only watches, and Teamleader's own integration does not run.")
def observer_mode(company: BrokenCompany) -> None:
    """Nobody books what waits."""
    company.world.answers["mode"] = "observer"
    company.broken(company.waiting(), ("choose-mode", {"mode": "connector"}))


@scenario("start-date-later", "The connection was made anew, with a later start date.")
def start_date_later(company: BrokenCompany) -> None:
    """Two invoices were booked before that day: when they are paid, Teamleader will not be told."""
    for _ in range(2):
        invoice = company.bill(company.newcomer(), day=date(2026, 9, 15))
        company.book_elsewhere(invoice, "{number} · octowizard")
    original, company.world.start_date = company.world.start_date, "2026-10-01"
    company.broken((), ("choose-start-date", {"day": original}))


@scenario("no-changes", "There is nothing to do: all documents are dated before the start date.", earlier=0)
def no_changes(company: BrokenCompany) -> None:
    """Connected today: Octopus has no booking to tell of, which it answers with a 404."""
    company.world.start_date = "2026-11-20"
    company.broken(())


@scenario("set-up-missing", "Octopus holds neither years nor journals.", set_up=False)
def set_up_missing(company: BrokenCompany) -> None:
    """The customers' documents wait, and nothing can be booked."""
    cure: list[Step] = [
        ("create-year", {"year": 2026}),
        ("create-journal", {"journal": "V1", "type": "bookings", "year": "2026"}),
        ("create-journal", {"journal": "V2", "type": "bookings", "year": "2026"}),
        ("create-year", {"year": 2027}),
    ]
    company.broken(company.waiting(), *cure)
