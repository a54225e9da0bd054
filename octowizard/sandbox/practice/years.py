"""The dates and periods of a fiscal year, put right by the accountant."""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    calendar_year,
    dossier_of,
    year_named,
)
from octowizard.sandbox.state import Bookyear, Json, World
from octowizard.sandbox.worlds.books import periods

_LONGEST_YEAR = 2  # calendar years after the one it begins in


def _monthly(year: Bookyear) -> list[Json]:
    first, last = (date.fromisoformat(year.data[name]) for name in ("startDate", "endDate"))
    return periods(first, last, "MONTH")


@action("restore-periods")
def restore_periods(world: World, arguments: Arguments) -> Json:
    year = year_named(dossier_of(world), arguments.text("year"))
    if year.period_type != "MONTH":
        raise BadArguments("Only a fiscal year with a period per month can be put right here.")
    year.data["periods"] = _monthly(year)
    return {"year": calendar_year(year), "periods": len(year.data["periods"])}


@action("extend-year")
def extend_year(world: World, arguments: Arguments) -> Json:
    dossier, until = dossier_of(world), arguments.day("until", "2026-12-31")
    year = year_named(dossier, arguments.text("year"))
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
