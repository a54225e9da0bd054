"""A small practice company for the tests of the Teamleader stand-in, and a client that checks every exchange.

`make_world` builds it, `Api` calls it over ASGI: each request and each answer is held against the contract, with
unknown members forbidden, unless the test says `strict=False` because it sends something wrong on purpose.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import msgspec
from starlette.applications import Starlette

from octowizard.sandbox.state import Clock, Kept, OctopusSide, TeamleaderSide, World
from octowizard.sandbox.teamleader import routes
from octowizard.sandbox.web import Company
from tests.contracts import check_request, check_response

Json = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
STAMP = "2026-11-01T08:00:00+00:00"
CLIENT, SECRET = "practice-client", "practice-secret"
REDIRECT = "http://localhost:18722/callback"
ACCESS, REFRESH = "access-of-the-test", "refresh-of-the-test"


def uid(number: int) -> str:
    """A valid version-4 UUID that a test can name."""
    return str(UUID(int=number, version=4))


BRUSSELS, GHENT = uid(1), uid(2)
RATE_21, RATE_6, RATE_MC, RATE_GHENT = uid(11), uid(12), uid(13), uid(14)
SALES, NO_LEDGER = uid(21), uid(22)
BAKERY, BREWERY, ABROAD = uid(31), uid(32), uid(33)
ANN, BOB = uid(41), uid(42)
TERM_30, TERM_CASH = uid(51), uid(52)
TRANSFER = uid(61)
PRODUCT, BV, USER, ACCOUNT = uid(71), uid(72), uid(73), uid(74)
FIELD, CHOICE, INVOICE_FIELD = uid(81), uid(82), uid(83)
UNKNOWN = uid(9999)


def company(identity: str, name: str, **over: Any) -> Kept:
    data: Json = {
        "id": identity,
        "name": name,
        "status": "active",
        "business_type": {"type": "businessType", "id": BV},
        "vat_number": None,
        "national_identification_number": None,
        "emails": [{"type": "primary", "email": f"info{identity[-2:]}@example.be"}],
        "telephones": [{"type": "phone", "number": "+32 9 123 45 67"}],
        "website": None,
        "addresses": [
            {
                "type": "primary",
                "address": {
                    "line_1": "Kerkstraat 1",
                    "postal_code": "9000",
                    "city": "Gent",
                    "country": "BE",
                    "area_level_two": None,
                },
            }
        ],
        "iban": None,
        "bic": None,
        "language": "nl",
        "preferred_currency": None,
        "payment_term": {"type": "after_invoice_date", "days": 30},
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "responsible_user": {"type": "user", "id": USER},
        "added_at": STAMP,
        "updated_at": STAMP,
        "web_url": f"https://focus.teamleader.eu/company_detail.php?id={identity}",
        "tags": ["klant"],
        "marketing_mails_consent": False,
        "remarks": None,
        "custom_fields": [],
        **over,
    }
    return Kept(data, {"vat_type": "contractor", "external_id": "100001"})


def contact(identity: str, first: str, last: str, **over: Any) -> Kept:
    data: Json = {
        "id": identity,
        "first_name": first,
        "last_name": last,
        "status": "active",
        "salutation": None,
        "emails": [{"type": "primary", "email": f"{first.lower()}@example.be"}],
        "telephones": [],
        "website": None,
        "vat_number": None,
        "addresses": [],
        "gender": "unknown",
        "birthdate": None,
        "iban": None,
        "bic": None,
        "national_identification_number": None,
        "language": "nl",
        "payment_term": None,
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "tags": [],
        "added_at": STAMP,
        "updated_at": STAMP,
        "web_url": f"https://focus.teamleader.eu/contact_detail.php?id={identity}",
        "marketing_mails_consent": False,
        "remarks": None,
        "custom_fields": [],
        "companies": [],
        **over,
    }
    return Kept(data, {"external_id": "100002"})


def make_world(*, limits: bool = True) -> World:
    """Two departments, four VAT rates, three companies, two contacts, no documents."""
    side = TeamleaderSide(
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uris=[REDIRECT],
        me={
            "id": USER,
            "account": {"type": "account", "id": ACCOUNT},
            "first_name": "Ann",
            "last_name": "Proef",
            "email": "ann@example.be",
            "email_verification_status": "confirmed",
            "telephones": [],
            "language": "nl",
            "function": None,
            "time_zone": "Europe/Brussels",
            "preferences": {},
        },
    )
    for identity, name in ((BRUSSELS, "Proef Brussel"), (GHENT, "Proef Gent")):
        side.departments[identity] = Kept(
            {
                "id": identity,
                "name": name,
                "vat_number": "BE0400000097",
                "address": None,
                "emails": [],
                "telephones": [],
                "website": None,
                "currency": "EUR",
                "iban": None,
                "bic": None,
                "fiscal_regime": None,
                "status": "active",
            }
        )
    rates = (
        (RATE_21, "21%", "0.21", BRUSSELS, "21"),
        (RATE_6, "6%", "0.06", BRUSSELS, "6"),
        (RATE_MC, "Medecontractant", "0", BRUSSELS, "MC"),
        (RATE_GHENT, "21%", "0.21", GHENT, "21"),
    )
    for identity, description, rate, department, code in rates:
        side.tax_rates[identity] = Kept(
            {
                "id": identity,
                "description": description,
                "rate": Decimal(rate),
                "department": {"type": "department", "id": department},
            },
            {"code": code},
        )
    ledger = {"department": {"type": "department", "id": BRUSSELS}, "ledger_account_number": "700000"}
    side.product_categories[SALES] = Kept({"id": SALES, "name": "Sales", "ledgers": [ledger]})
    side.product_categories[NO_LEDGER] = Kept({"id": NO_LEDGER, "name": "Nowhere", "ledgers": []})
    side.payment_terms[TERM_30] = Kept({"id": TERM_30, "type": "after_invoice_date", "days": 30})
    side.payment_terms[TERM_CASH] = Kept({"id": TERM_CASH, "type": "cash"})
    side.default_payment_term = TERM_30
    side.payment_methods[TRANSFER] = Kept({"id": TRANSFER, "name": "Transfer", "status": "active"})
    side.commercial_discounts.append(
        {"id": uid(91), "name": "Korting", "department": {"type": "department", "id": BRUSSELS}}
    )
    side.business_types[BV] = Kept({"id": BV, "name": "BV/SRL", "country": "BE"})
    side.products[PRODUCT] = Kept(
        {
            "id": PRODUCT,
            "name": "Bread",
            "description": None,
            "code": "BR-1",
            "purchase_price": None,
            "selling_price": {"amount": Decimal("3.20"), "currency": "EUR"},
            "unit": None,
            "tax": {"type": "taxRate", "id": RATE_6},
            "product_category": {"type": "productCategory", "id": SALES},
            "custom_fields": [],
            "added_at": STAMP,
            "updated_at": STAMP,
        }
    )
    fields: tuple[tuple[str, str, str, Json], ...] = (
        (FIELD, "company", "single_line", {}),
        (CHOICE, "company", "single_select", {"options": [{"id": uid(84), "value": "Gold"}]}),
        (INVOICE_FIELD, "invoice", "single_line", {}),
    )
    for identity, context, kind, configuration in fields:
        side.custom_field_definitions[identity] = Kept(
            {
                "id": identity,
                "context": context,
                "type": kind,
                "label": f"{context} {kind}",
                "group": None,
                "required": False,
                "configuration": configuration,
            }
        )
    side.companies[BAKERY] = company(BAKERY, "Bakkerij De Proef", vat_number="BE0400000097")
    side.companies[BREWERY] = company(
        BREWERY,
        "Brouwerij [BE]",
        tags=["klant", "bier"],
        status="deactivated",
        updated_at="2026-11-10T08:00:00+00:00",
    )
    side.companies[ABROAD] = company(ABROAD, "Ailleurs SARL", addresses=[_abroad()])
    link: Json = {
        "position": "baker",
        "secondary_position": None,
        "division": None,
        "decision_maker": True,
        "company": {"type": "company", "id": BAKERY},
    }
    side.contacts[ANN] = contact(ANN, "Ann", "Peeters", companies=[link])
    side.contacts[BOB] = contact(BOB, "Bob", "Claes")
    side.refresh_tokens[REFRESH] = True
    side.access_tokens[ACCESS] = START + timedelta(days=30)
    octopus = OctopusSide("house", "user", "password")
    return World("test", 1, Clock(START), octopus, side, limits=limits)


def _abroad() -> Json:
    address: Json = {"line_1": None, "postal_code": None, "city": "Lille", "country": "FR"}
    return {"type": "primary", "address": {**address, "area_level_two": None}}


def line(amount: str = "100", rate: str = RATE_21, quantity: str = "1", **over: Any) -> Json:
    """A line as it is sent."""
    return {
        "quantity": Decimal(quantity),
        "description": "Work",
        "unit_price": {"amount": Decimal(amount), "tax": "excluding"},
        "tax_rate_id": rate,
        "product_category_id": SALES,
        **over,
    }


def draft(*lines: Json, customer: str = BAKERY, **over: Any) -> Json:
    """The body of invoices.draft; one line of 100.00 at 21 % when none is given."""
    return {
        "department_id": BRUSSELS,
        "invoicee": {"customer": {"type": "company", "id": customer}},
        "payment_term": {"type": "after_invoice_date", "days": 30},
        "grouped_lines": [{"line_items": list(lines) or [line()]}],
        **over,
    }


@dataclass
class Said:
    """One answer: status, headers, parsed body (None: no body)."""

    status: int
    headers: httpx.Headers
    body: Any

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def id(self) -> str:
        return str(self.body["data"]["id"])

    @property
    def title(self) -> str:
        return str(self.body["errors"][0]["title"])

    @property
    def field(self) -> str | None:
        found: str | None = self.body["errors"][0].get("meta", {}).get("field")
        return found

    @property
    def ids(self) -> list[str]:
        return [record["id"] for record in self.data]


class Api:
    """Calls the stand-in and holds both directions against the contract."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self.world = world
        self.http = http
        self.token: str | None = ACCESS

    async def __call__(self, name: str, body: Json | None = None, *, strict: bool = True) -> Said:
        path = f"/teamleader/{name}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = b"" if body is None else _ENCODER.encode(body)
        if strict:
            sent = json.loads(content, parse_float=Decimal) if content else None
            check_request("teamleader", "POST", path, {}, headers, sent)
        answer = await self.http.post(path, content=content, headers=headers)
        said = Said(answer.status_code, answer.headers, _parsed(answer))
        check_response("teamleader", "POST", path, said.status, dict(answer.headers), said.body)
        return said

    async def book(self, *lines: Json, on: str = "2026-11-02", **over: Any) -> str:
        """Draft and book an invoice; its id."""
        identity = (await self("invoices.draft", draft(*lines, **over))).id
        assert (await self("invoices.book", {"id": identity, "on": on})).status == 204
        return identity

    async def invoice(self, identity: str) -> Json:
        found: Json = (await self("invoices.info", {"id": identity})).data
        return found

    async def token_request(self, **given: str) -> Said:
        body = {"client_id": CLIENT, "client_secret": SECRET, **given}
        path = "/teamleader-auth/oauth2/access_token"
        answer = await self.http.post(path, data=body)
        said = Said(answer.status_code, answer.headers, _parsed(answer))
        check_response(
            "teamleader", "POST", path, said.status, dict(answer.headers), said.body, undocumented={401, 403}
        )
        return said


def _parsed(answer: httpx.Response) -> Any:
    return json.loads(answer.content, parse_float=Decimal) if answer.content else None


@asynccontextmanager
async def open_api(world: World) -> AsyncIterator[Api]:
    """The stand-in of this world, ready to be called."""
    transport = httpx.ASGITransport(Starlette(routes=routes(Company(world))))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8123") as http:
        yield Api(world, http)
