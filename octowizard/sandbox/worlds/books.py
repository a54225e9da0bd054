"""The Octopus side as an accountant has set it up: years, journals, accounts, VAT codes. No customers here.

Shapes are those of the vendor's contract. The chart follows the Belgian minimum system in Octopus' six
digits; the codes for intra-community, export and co-contractor sales are invented, since every dossier names
its own.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from octowizard.sandbox.state import LANGUAGES, Account, Bookyear, Dossier, Journal, Json, OctopusSide
from octowizard.sandbox.tables import table
from octowizard.sandbox.worlds.numbers import dotted

DOSSIER_ID = 9045119
SET_UP_ON = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)

COMPANY: Json = table("worlds/books.json")["company"]

_GROUP_ACCOUNTS = frozenset({700999})


def _rows(name: str) -> list[list[str]]:
    """The cells of a table of `books.json`, which stand between bars.

    `accounts` and `first_chart` (of the first year of an empty dossier): account, its name in NL, FR, EN, DE, sales
    VAT code. `sale_codes`: code, description, percentage, account proposed for sales; `purchase_codes` without
    account. `journals`: key, its name in NL, FR, EN, DE, insertion type.
    """
    return [[cell.strip() for cell in row.split("|")] for row in table("worlds/books.json")[name]]


def chart(name: str, bookyear_id: int) -> Iterator[Json]:
    """The accounts of a table of `books.json`, as AccountServiceData of one year."""
    for number, *names, code in _rows(name):
        described = zip((f"description_{language}" for language in LANGUAGES), names, strict=True)
        yield {
            "accountKey": {"bookyearKey": {"id": bookyear_id}, "id": int(number)},
            "description": dict(described),
            "costCentreType": 0,
            **({"salesVatCode": code} if code else {}),
        }


def periods(start: date, end: date, kind: str) -> list[Json]:
    """The periods of a bookyear: numbered YYYYNN with the year of the first day, whatever the month (inferred
    for years that do not begin in January). `kind`: MONTH, QUARTER or YEAR."""
    made: list[Json] = []
    months, following = {"MONTH": 1, "QUARTER": 3}.get(kind), start
    while following <= end:
        first, count = following, len(made) + 1
        following = months_later(start, months * count) if months else end + timedelta(days=1)
        last = min(following - timedelta(days=1), end)
        period = {"bookyearPeriod": start.year * 100 + count, "startDate": first.isoformat()}
        made.append({**period, "endDate": last.isoformat()})
    return made


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def bookyear(bookyear_id: int, year: int, closed: bool = False, desktop_only: bool = False) -> Bookyear:
    """A calendar year in twelve monthly periods numbered `202601`.."""
    data: Json = {
        "bookyearKey": {"id": bookyear_id},
        "bookyearDescription": f"Boekjaar {year}",
        "startDate": f"{year}-01-01",
        "endDate": f"{year}-12-31",
        "closed": closed,
        "periods": periods(date(year, 1, 1), date(year, 12, 31), "MONTH"),
    }
    names = {"NL": "Boekjaar", "FR": "Exercice", "EN": "Fiscal year", "DE": "Geschäftsjahr"}
    detail: Json = {"names": {language: f"{word} {year}" for language, word in names.items()}}
    return Bookyear(data, desktop_only=desktop_only, detail=detail)


def journals(bookyear_id: int, modified: datetime = SET_UP_ON) -> list[Journal]:
    """The six journals of one year, all open."""
    return [
        Journal(
            bookyear_id=bookyear_id,
            key=key,
            names=dict(zip(LANGUAGES, names, strict=True)),
            insertion_type=int(entry),
            currency="EUR" if key.startswith("F") else None,
            iban=COMPANY["iban"] if key.startswith("F") else None,
            modified=modified,
        )
        for key, *names, entry in _rows("journals")
    ]


def accounts(bookyear_id: int, modified: datetime = SET_UP_ON) -> list[Account]:
    """The chart of one year."""
    made = []
    for data in chart("accounts", bookyear_id):
        number = data["accountKey"]["id"]
        shares = ("vatRecupPercentage", "fiscProfessionalPercentage", "fiscRecupPercentage")
        data |= dict.fromkeys(shares, Decimal("100.00"))
        if number == 610000:
            data["costCentreType"] = 2
        if 600000 <= number < 700000:
            data["purchaseVatCode"] = "H21" if number < 610000 else "D21"
        made.append(Account(data, bookable=number not in _GROUP_ACCOUNTS, modified=modified))
    return made


def vat_codes() -> list[Json]:
    """Each sales code as type 2 and 4, each purchase code as type 1 and 3."""
    made: list[Json] = []
    for kind in (2, 4):
        made += [
            _vat_code(code, text, kind, percentage) | {"defaultSellBookingAccountNr": int(account)}
            for code, text, percentage, account in _rows("sale_codes")
        ]
    for kind in (1, 3):
        made += [_vat_code(code, text, kind, share) for code, text, share in _rows("purchase_codes")]
    return made


def _vat_code(code: str, text: str, kind: int, percentage: str) -> Json:
    return {"code": code, "description": text, "type": kind, "basePercentage": Decimal(f"{percentage}.00")}


def add_year(dossier: Dossier, made: Bookyear, with_books: bool = True) -> None:
    """Put a year into the dossier, with its journals and chart unless told otherwise."""
    dossier.bookyears[made.id] = made
    if with_books:
        for journal in journals(made.id):
            dossier.journals[made.id, journal.key] = journal
        for account in accounts(made.id):
            dossier.accounts[made.id, int(account.data["accountKey"]["id"])] = account


def empty_dossier() -> Dossier:
    """The company file as the vendor delivers it: no years, so no journals and no accounts."""
    return Dossier(
        data={
            "dossierKey": {"id": DOSSIER_ID},
            "dossierDescription": COMPANY["name"],
            "vatNr": dotted(COMPANY["vat"]),
            "streetAndNr": COMPANY["street"],
            "postalCode": COMPANY["postal_code"],
            "city": COMPANY["city"],
            **deepcopy(table("worlds/books.json")["dossier"]),
        },
        vat_codes=vat_codes(),
        currencies=["EUR", "USD", "GBP"],
        cost_centres=[
            {
                "costCentreKey": {"id": number},
                "description": {"description_NL": dutch, "description_FR": french},
                "closed": False,
            }
            for number, dutch, french in ((1, "Atelier", "Atelier"), (2, "Toonzaal", "Showroom"))
        ],
    )


def ready_dossier() -> Dossier:
    """2025 closed, 2026 and 2027 open; the returns of 2026 are filed up to September."""
    dossier = empty_dossier()
    for number, year in ((4, 2025), (5, 2026), (6, 2027)):
        add_year(dossier, bookyear(number, year, closed=year == 2025))
    for key in ("V1", "V2"):
        dossier.journals[5, key].protected_period = 202609
        dossier.journals[5, key].modified = datetime(2026, 10, 19, 14, 2, tzinfo=UTC)
    return dossier


def side(dossier: Dossier) -> OctopusSide:
    """The Octopus login of the practice company, which sees this one dossier."""
    return OctopusSide(
        software_house="6f1d3c52-8f3e-4b53-9a3f-0c1d2e3f4a5b",
        user="U-practice",
        password="practice-Gent-9000",  # an invented password of an invented company
        dossiers={dossier.id: dossier},
    )


def year_of(dossier: Dossier, day: date) -> Bookyear | None:
    """The year that holds `day`, or None."""
    years = dossier.bookyears.values()
    return next((year for year in years if _holds(year.data, day)), None)


def period_of(year: Bookyear, day: date) -> int | None:
    """The period of the year that holds `day`, by the year's own list."""
    return next((int(entry["bookyearPeriod"]) for entry in year.data["periods"] if _holds(entry, day)), None)


def _holds(span: Json, day: date) -> bool:
    return bool(span["startDate"] <= day.isoformat() <= span["endDate"])
