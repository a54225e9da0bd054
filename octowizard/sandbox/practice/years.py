"""The dates and periods of a fiscal year, put right by the accountant."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from octowizard.sandbox.practice.action import Arguments, BadArguments, action, dossier_of, year_named
from octowizard.sandbox.state import Bookyear, Json, World

_LONGEST_YEAR = 2  # calendar years after the one it begins in


_YEAR = "such as 2026"


def _monthly(year: Bookyear) -> list[Json]:
    """A period for each month that the year touches, numbered by calendar year and place."""
    first, last = (date.fromisoformat(year.data[name]) for name in ("startDate", "endDate"))
    made: list[Json] = []
    day = first
    while day <= last:
        end = min(last, day.replace(day=monthrange(day.year, day.month)[1]))
        made.append(
            {
                "bookyearPeriod": first.year * 100 + len(made) + 1,
                "startDate": day.isoformat(),
                "endDate": end.isoformat(),
            }
        )
        day = date.fromordinal(end.toordinal() + 1)
    return made


@action("restore-periods", "Give a fiscal year a period per month again.", year=_YEAR)
def restore_periods(world: World, arguments: Arguments) -> Json:
    year = year_named(dossier_of(world), arguments.text("year"))
    if year.period_type != "MONTH":
        raise BadArguments("Only a fiscal year with a period per month can be put right here.")
    year.data["periods"] = _monthly(year)
    return {"year": year.data["startDate"][:4], "periods": len(year.data["periods"])}


@action(
    "extend-year", "Let a fiscal year end later.", year=_YEAR, until="its new last day, such as 2026-12-31"
)
def extend_year(world: World, arguments: Arguments) -> Json:
    dossier, until = dossier_of(world), arguments.day("until", "2026-12-31")
    year = year_named(dossier, arguments.text("year"))
    starts = [other.data["startDate"] for other in dossier.bookyears.values() if other is not year]
    if not year.data["endDate"] < until.isoformat():
        raise BadArguments(f"The fiscal year lasts until {year.data['endDate']} already.")
    if any(year.data["startDate"] < start <= until.isoformat() for start in starts):
        raise BadArguments(f"Until {until} it would run into the next fiscal year.")
    if until.year - int(year.data["startDate"][:4]) > _LONGEST_YEAR:
        raise BadArguments(f"A fiscal year that lasts until {until} would be too long.")
    year.data["endDate"] = until.isoformat()
    year.data["periods"] = _monthly(year)
    return {"year": year.data["startDate"][:4], "until": until.isoformat()}
