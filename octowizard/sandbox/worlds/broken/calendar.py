"""Fiscal years and their periods."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from octowizard.sandbox.worlds.document_fields import date_of
from octowizard.sandbox.worlds.scenarios import THIS_YEAR, scenario

if TYPE_CHECKING:
    from octowizard.sandbox.state import Kept
    from octowizard.sandbox.worlds.breaking import BrokenCompany

_NEXT_YEAR = 6


def _november(company: BrokenCompany) -> list[Kept]:
    return [kept for kept in company.waiting() if date_of(kept) >= "2026-11-01"]


@scenario("missing-year", "It is January and Octopus has no fiscal year for it yet.", own=3)
def missing_year(company: BrokenCompany) -> None:
    """Three of the documents are of January 2027."""
    company.drop_year(_NEXT_YEAR)
    company.world.clock.set(datetime(2027, 1, 12, 8, 0, tzinfo=UTC))
    made = [
        company.bill(kept, day=date(2027, 1, 4 + place), prefix="2027")
        for place, kept in enumerate(company.customers[: company.own])
    ]
    company.broken(made, ("create-year", {"year": 2027}))


@scenario("closed-year", "Two invoices of last year wait, and last year is closed.", own=2)
def closed_year(company: BrokenCompany) -> None:
    """Two of the documents are of December 2025, and the sync starts there."""
    company.world.start_date = "2025-12-01"
    late = company.own_bills(day=date(2025, 12, 18), prefix="2025")
    company.broken(late, ("reopen-year", {"year": "2025"}))


@scenario("missing-period", "Fiscal year 2026 has lost its period of November.")
def missing_period(company: BrokenCompany) -> None:
    """Documents dated in November cannot be booked."""
    year = company.dossier.bookyears[THIS_YEAR].data
    year["periods"] = [entry for entry in year["periods"] if entry["bookyearPeriod"] != 202611]
    company.broken(_november(company), ("restore-periods", {"year": "2026"}))


@scenario("next-year-missing", "All is well until New Year: fiscal year 2027 has not been created.")
def next_year_missing(company: BrokenCompany) -> None:
    """No document is refused: it is a warning."""
    company.drop_year(_NEXT_YEAR)
    company.broken((), ("create-year", {"year": 2027}))


@scenario("year-gap", "Fiscal year 2026 ends in October and the next one begins in January.")
def year_gap(company: BrokenCompany) -> None:
    """Documents of November fall between fiscal year 2026, which ends on 31 October, and the next one."""
    year = company.dossier.bookyears[THIS_YEAR].data
    year["endDate"] = "2026-10-31"
    year["periods"] = [entry for entry in year["periods"] if entry["endDate"] <= "2026-10-31"]
    company.broken(_november(company), ("extend-year", {"year": "2026", "until": "2026-12-31"}))
