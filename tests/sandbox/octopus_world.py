"""A tiny company for the tests of the Octopus stand-in, and a caller that checks every call by the contract.

It does not use the worlds of the sandbox: what is tested here must not depend on what they hold.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette

from octowizard.sandbox import octopus
from octowizard.sandbox.state import (
    Account,
    Bookyear,
    Clock,
    Dossier,
    Journal,
    OctopusSide,
    Relation,
    TeamleaderSide,
    World,
)
from octowizard.sandbox.web import Company, parse_json
from octowizard.sandbox.worlds.books import periods
from tests.contracts import check_request, check_response

Json = dict[str, Any]

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
EVERYTHING = "1980-01-01 00:00:00.000"
RECENT = "2026-11-20 07:59:00.000"
SOFTWARE_HOUSE = "11111111-2222-4333-8444-555555555555"
CLOSED, OPEN = 1, 2  # the bookyears 2025 and 2026
D = "/dossiers/1"

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _bookyear(number: int, year: int, *, closed: bool) -> Bookyear:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Bookyear(
        {
            "bookyearKey": {"id": number},
            "bookyearDescription": f"Boekjaar {year}",
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "closed": closed,
            "periods": periods(first, last, "MONTH"),
        }
    )


def _relation(number: int, name: str, external: int = 0, **members: Any) -> Relation:
    identification = {"relationKey": {"id": number}, "externalRelationId": external}
    return Relation(
        {
            "relationIdentificationServiceData": identification,
            "currencyCode": "EUR",
            "name": name,
            "active": True,
            "client": True,
            "vatType": 1,
            **members,
        }
    )


def _dossier(number: int, **members: Any) -> Dossier:
    data = {"dossierKey": {"id": number}, "dossierDescription": f"Dossier {number}", "languageCode": "nl"}
    return Dossier(data, **members)


def tiny_world() -> World:
    """Dossier 1 with a closed year and an open one; 2 is disabled, 3 empty and French."""
    dossier = _dossier(1)
    for year in (_bookyear(CLOSED, 2025, closed=True), _bookyear(OPEN, 2026, closed=False)):
        dossier.bookyears[year.id] = year
        for key, kind in (("V1", 1), ("V2", 1), ("V3", 2), ("A1", 1), ("F1", 1), ("D1", 1)):
            journal = Journal(year.id, key, {"NL": f"Dagboek {key}", "EN": f"Journal {key}"}, kind)
            journal.currency = "EUR" if key == "F1" else None
            dossier.journals[year.id, key] = journal
        for account in (400000, 440000, 451000, 550000, 604000, 700000, 700100, 700300, 709000):
            data: Json = {
                "accountKey": {"bookyearKey": {"id": year.id}, "id": account},
                "description": {"description_NL": f"Rekening {account}"},
                "costCentreType": 1 if account == 700100 else 0,
            }
            dossier.accounts[year.id, account] = Account(data, bookable=account != 709000)
    for code, kinds, rate in (("21", (2, 4), 21), ("06", (2, 4), 6), ("00", (2, 4), 0), ("D21", (1, 3), 21)):
        for kind in kinds:
            row = {"code": code, "description": code, "type": kind, "basePercentage": Decimal(rate)}
            dossier.vat_codes.append(row)
    dossier.currencies = ["EUR", "USD"]
    dossier.cost_centres = [
        {"costCentreKey": {"id": 1}, "description": {"description_NL": "Winkel"}, "closed": False},
        {"costCentreKey": {"id": 2}, "description": {"description_NL": "Oud"}, "closed": True},
    ]
    dossier.relations = {
        1: _relation(1, "Peeters & Zonen BV", vatNr="BE0456.789.123"),
        2: _relation(2, "Café De Kroon", 77),
        3: _relation(3, "Gestopt NV", active=False),
        4: _relation(4, "Leverancier BV", client=False, supplier=True),
    }
    dossier.next_relation_id = 5
    side = OctopusSide(
        SOFTWARE_HOUSE,
        "U12345",
        "geheim",
        {
            1: dossier,
            2: _dossier(2, enabled=False),
            3: Dossier({"dossierKey": {"id": 3}, "languageCode": "fr"}),
        },
    )
    teamleader = TeamleaderSide("client", "secret", ["http://localhost"], {})
    return World("tiny", 1, Clock(START), side, teamleader)


def booking(number: int = 1, **changes: Any) -> Json:
    """A sales booking that Octopus takes; `changes` replace members, None leaves one out."""
    data: Json = {
        "bookyearKey": {"id": OPEN},
        "journalKey": "V1",
        "documentSequenceNr": number,
        "relationIdentificationServiceData": {"relationKey": {"id": 1}},
        "bookyearPeriodeNr": 202611,
        "documentDate": "2026-11-19",
        "expiryDate": "2026-12-19",
        "amount": Decimal("121.00"),
        "currencyCode": "EUR",
        "exchangeRate": Decimal(1),
        "reference": "+++090/9337/55493+++",
        "comment": f"2026 / {number}",
        "bookingLines": [line()],
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def line(**changes: Any) -> Json:
    """A line of 100 euro and 21 % VAT on 700000."""
    data: Json = {
        "accountKey": 700000,
        "baseAmount": Decimal("100.00"),
        "vatCodeKey": "21",
        "vatAmount": Decimal("21.00"),
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def wrapped(data: Json) -> Json:
    """The body that creates a booking."""
    return {"buySellBookingServiceData": data}


def receipt(number: int = 1, amount: str = "121.00", **changes: Any) -> Json:
    """The body of a bank booking that receives `amount` of relation 1."""
    data: Json = {
        "bookyearKey": {"id": OPEN},
        "journalKey": "F1",
        "documentSequenceNr": number,
        "bookyearPeriodeNr": 202611,
        "documentDate": "2026-11-20",
        "exchangeRate": Decimal(1),
        "bookingLines": [{"type": "C", "relationId": 1, "amount": Decimal(amount)}],
    }
    kept = {name: value for name, value in (data | changes).items() if value is not None}
    return {"financialDiversBookingServiceData": kept}


def match_key(journal: str, number: int, line_number: int, year: int = OPEN) -> Json:
    """The key of one line in a match."""
    return {
        "bookyearKey": {"id": year},
        "journalKey": journal,
        "documentSequenceNr": number,
        "lineSequenceNr": line_number,
    }


class Octopus:
    """Calls the stand-in in this process; each request and each answer is checked against the contract."""

    def __init__(self, company: Company) -> None:
        self.company = company
        app = Starlette(routes=octopus.routes(company))
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://octopus" + octopus.PREFIX
        )
        self._token = ""
        self.headers: httpx.Headers = httpx.Headers()
        self.locale = 0

    @property
    def dossier(self) -> Dossier:
        return self.company.world.octopus.dossiers[1]

    async def close(self) -> None:
        await self._http.aclose()

    async def raw(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """A call that need not follow the contract."""
        return await self._http.request(method, path, params=query, headers=headers, content=content)

    def forget_token(self) -> None:
        """Sign in again before the next call."""
        self._token = ""

    async def sign_in(self, dossier: int = 1, locale: int | None = None) -> str:
        """A fresh dossier token."""
        token = (
            await self.call(
                "POST",
                "/authentication",
                headers={"softwareHouseUuid": SOFTWARE_HOUSE},
                body={"user": "U12345", "password": "geheim"},
            )
        )["token"]
        wanted = self.locale if locale is None else locale
        query = {"dossierId": str(dossier), "localeId": str(wanted)}
        opened = await self.call("POST", "/dossiers", query, headers={"Token": token})
        return str(opened["Dossiertoken"])

    async def call(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        status: int = 200,
        undocumented: Collection[int] = (),
        by_contract: bool = True,
    ) -> Any:
        """The body of the answer, whose status must be `status`. `by_contract` False: the request may break it."""
        sent = dict(headers or {})
        if path.startswith("/dossiers/") and "dossierToken" not in sent:
            self._token = self._token or await self.sign_in()
            sent["dossierToken"] = self._token
        texts = {name: str(value) for name, value in (query or {}).items()}
        if by_contract:
            check_request("octopus", method, path, texts, sent, body)
        content = body if isinstance(body, bytes) or body is None else _ENCODER.encode(body)
        answer = await self.raw(method, path, texts, sent, content)
        self.headers = answer.headers
        data = self.body_of(answer)
        assert answer.status_code == status, (answer.status_code, data)
        check_response(
            "octopus", method, path, answer.status_code, answer.headers, data, undocumented=undocumented
        )
        return data

    @staticmethod
    def body_of(answer: httpx.Response) -> Any:
        """The parsed body, None for an empty one."""
        if not answer.content:
            return None
        media = answer.headers["content-type"].split(";")[0]
        return parse_json(answer.content) if media == "application/json" else answer.text

    async def refused(
        self, method: str, path: str, body: Any, *, status: int = 400, **keywords: Any
    ) -> int | None:
        """The error code with which a call is refused."""
        data = await self.call(method, path, body=body, status=status, **keywords)
        return None if data is None else data.get("errorCode")
