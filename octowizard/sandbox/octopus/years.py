"""The operations on bookyears: list, detail, create, change, carry over, close. None of them reopens one."""

from __future__ import annotations

from datetime import date, timedelta

from octowizard.sandbox.octopus.books import bookyears, find_bookyear
from octowizard.sandbox.octopus.charts import give_accounts
from octowizard.sandbox.octopus.errors import Refused, bad_parameters
from octowizard.sandbox.octopus.session import Visit, ok, ok_unless_empty
from octowizard.sandbox.state import LANGUAGES, Bookyear, Dossier, Json
from octowizard.sandbox.web import Answer, empty_response
from octowizard.sandbox.worlds.books import months_later, periods

_DEFAULTS: Json = {
    "proRataTemporis": True,
    "deprecationFullBookyear": False,
    "declarantType": "QUARTERLY",
    "activateDbaNp": False,
    "activateDfbNp": False,
    "declarantIntrastatReceiver": False,
    "declarantIntrastatSender": False,
    "visibleFiscalControl": True,
}


def localized(names: Json, fallback: str) -> list[Json]:
    """Names by language as the vendor's list, in its order of languages; at least one."""
    given = [{"language": language, "value": names[language]} for language in LANGUAGES if language in names]
    return given or [{"language": "NL", "value": fallback}]


def by_language(names: list[Json]) -> dict[str, str]:
    """The vendor's list of names as a dict. Raises Refused for an empty list."""
    if not names:
        raise bad_parameters()
    return {name["language"]: name["value"] for name in names}


def in_language(names: Json, language: str, fallback: str) -> str:
    """The name in a language, or the first one there is."""
    return str(names.get(language) or next(iter(names.values()), fallback))


def summary(year: Bookyear, language: str) -> Json:
    """A bookyear as BookyearServiceData, its name in the caller's language."""
    names = year.detail.get("names")
    if not names:
        return year.data
    return {**year.data, "bookyearDescription": in_language(names, language, "")}


def detail(year: Bookyear) -> Json:
    """A bookyear as BookyearDetailServiceData."""
    data = year.data
    shown = {name: year.detail.get(name, value) for name, value in _DEFAULTS.items()}
    fallback = str(data.get("bookyearDescription", data["startDate"][:4]))
    return {
        **shown,
        "bookyearKey": {"id": year.id},
        "names": localized(year.detail.get("names", {}), fallback),
        "bookingPeriodType": year.period_type,
        "fromDate": data["startDate"],
        "toDate": data["endDate"],
        "closed": data["closed"],
    }


def add_bookyear(dossier: Dossier, names: dict[str, str], kind: str, start: date, end: date) -> Bookyear:
    """Add a bookyear behind the last one, with its periods and the chart of accounts of the year before.

    `kind`: MONTH, QUARTER or YEAR. Journals are not taken along: a new year may lack what the old one had.
    The first year of an empty dossier gets a minimal Belgian chart. Raises Refused when it does not follow on
    the last year, or lasts longer than 24 months (both rules of the screens; the error code is inferred).
    """
    known = bookyears(dossier)
    if known and start != date.fromisoformat(known[-1].data["endDate"]) + timedelta(days=1):
        raise Refused(400, -79, "Bookyears must be consecutive. ")
    if not start < end < months_later(start, 24):
        raise Refused(400, -79, "Illegal dates of bookyear. ")
    number = max(dossier.bookyears, default=0) + 1
    data: Json = {
        "bookyearKey": {"id": number},
        "bookyearDescription": in_language(names, "NL", str(start.year)),
        "startDate": start.isoformat(),
        "endDate": end.isoformat(),
        "closed": False,
        "periods": periods(start, end, kind),
    }
    year = Bookyear(data, kind, detail={"names": names})
    dossier.bookyears[number] = year
    give_accounts(dossier, known[-1].id if known else None, number)
    return year


def list_bookyears(visit: Visit) -> Answer:
    """`GET bookyears`."""
    return ok_unless_empty([summary(year, visit.language) for year in bookyears(visit.dossier)], "Bookyears")


def get_bookyear(visit: Visit) -> Answer:
    """`GET bookyears/{bookyearId}`. No 404 is documented: an unknown one is refused with -9."""
    return ok(detail(find_bookyear(visit.dossier, visit.path_int("bookyearId"))))


def create_bookyear(visit: Visit) -> Answer:
    """`POST bookyears`."""
    given = visit.write("BookyearInsertRequest")
    start, end = date.fromisoformat(given["fromDate"]), date.fromisoformat(given["toDate"])
    year = add_bookyear(visit.dossier, by_language(given["names"]), given["bookingPeriodType"], start, end)
    year.detail.update({name: given[name] for name in _DEFAULTS if name in given})
    for account in visit.dossier.accounts.values():
        if account.data["accountKey"]["bookyearKey"]["id"] == year.id:
            account.modified = visit.now
    return ok(detail(year))


def update_bookyear(visit: Visit) -> Answer:
    """`PUT bookyears`: the first day can change on the first year only, the last day on the last only."""
    given = visit.write("BookyearUpdateRequest")
    year = find_bookyear(visit.dossier, given["bookyearKey"]["id"])
    if year.data["closed"]:
        raise Refused(*visit.world.switches.closed_year, f"Bookyear {year.id} is closed. ")
    known = bookyears(visit.dossier)
    start = str(given.get("fromDate", year.data["startDate"]))
    end = str(given.get("toDate", year.data["endDate"]))
    kind = given.get("bookingPeriodType", year.period_type)
    if start != year.data["startDate"] and year is not known[0]:
        raise Refused(400, -79, "Only the first bookyear can begin on another day. ")
    if end != year.data["endDate"] and year is not known[-1]:
        raise Refused(400, -79, "Only the last bookyear can end on another day. ")
    if (start, end, kind) != (year.data["startDate"], year.data["endDate"], year.period_type):
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        used = any(key[0] == year.id for key in (*visit.dossier.bookings, *visit.dossier.financial_bookings))
        if used or not first < last < months_later(first, 24):
            raise Refused(400, -79, "Illegal dates of bookyear. ")
        year.period_type = kind
        year.data.update(startDate=start, endDate=end, periods=periods(first, last, kind))
    if "names" in given:
        year.detail["names"] = by_language(given["names"])
    year.detail.update({name: given[name] for name in _DEFAULTS if name in given})
    return ok(detail(year))


def _carry_over(visit: Visit, year: Bookyear, *, close: bool) -> Answer:
    end = year.data["endDate"]
    following = [other for other in bookyears(visit.dossier) if other.data["startDate"] > end]
    if not following:
        raise Refused(400, -9, f"No bookyear follows bookyear {year.id}. ")
    give_accounts(visit.dossier, year.id, following[0].id)
    if close:
        year.data["closed"] = True
    return empty_response()


def book_bookyear(visit: Visit) -> Answer:
    """`POST bookyears/book`: carry a year over to the next, closing it when asked."""
    given = visit.write("BookBookyearRequest")
    year = find_bookyear(visit.dossier, given["bookyearKey"]["id"])
    return _carry_over(visit, year, close=given.get("closeSourceBookyear", False))


def close_bookyear(visit: Visit) -> Answer:
    """`POST bookyears/{bookyearId}/close`: carry a year over to the next and close it; it has no body."""
    if visit.call.query("copyAllAccountDescriptions") not in ("true", "false"):
        raise bad_parameters()
    visit.check_right()
    year = find_bookyear(visit.dossier, visit.path_int("bookyearId"))
    return _carry_over(visit, year, close=True)
