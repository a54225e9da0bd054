"""The Teamleader side as its administrator has set it up: department, rates, categories, terms, one user.

Shapes are those of `.info` in the vendor's contract. Nobody is a customer yet and nothing is sold.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from octowizard.sandbox.state import Json, Kept, TeamleaderSide
from octowizard.sandbox.worlds.books import COMPANY
from octowizard.sandbox.worlds.numbers import uuid

_ADDED = "2024-03-04T09:00:00+00:00"

# code as the screens know it, description as the API shows it, fraction, VAT code on the Octopus side
_RATES = (
    ("21", "21%", "0.21", "21"),
    ("12", "12%", "0.12", "12"),
    ("6", "6%", "0.06", "06"),
    ("0", "0%", "0", "00"),
    ("MC", "Medecontractant", "0", "MC"),
    ("CM", "Intracommunautaire leveringen", "0", "IC"),
    ("VCMD", "Intracommunautaire diensten", "0", "ICD"),
    ("EX", "Export buiten de EU", "0", "EX"),
)
_CATEGORIES = (
    ("700000", "Verkopen binnenland"),
    ("700100", "Diensten in België"),
    ("700300", "Onderhoud en herstelling"),
    ("700500", "Verkopen medecontractant"),
    ("700600", "IC leveringen"),
    ("700610", "IC diensten"),
    ("700700", "Verkopen buiten de EU"),
    ("701000", "Verkopen afgewerkte producten"),
)
_TERMS = (
    *(("cash", None), ("after_invoice_date", 7), ("after_invoice_date", 14), ("after_invoice_date", 30)),
    *(("after_invoice_date", 60), ("end_of_month", 30)),
)
_BUSINESS_TYPES = "BE BV/SRL|BE NV/SA|BE CommV/SComm|BE CV/SC|BE VZW/ASBL|NL B.V.|FR SARL|DE GmbH|LU S.à r.l."

# code on the Teamleader side -> VAT code on the Octopus side, as this company has mapped them
VAT_CODE_OF = {code: octopus for code, _, _, octopus in _RATES}
DISCOUNT_ACCOUNT = 708000


@dataclass(frozen=True)
class Settings:
    """What documents are made with, looked up once. Ids unless said otherwise."""

    department: str
    user: str
    rate_of_code: dict[str, str]  # "21", "MC", ... -> tax rate
    code_of_rate: dict[str, str]
    fractions: dict[str, Decimal]  # tax rate -> 0.21
    category_of_account: dict[str, str]  # "700000" -> product category
    account_of_category: dict[str, int]
    terms: list[Json]  # payment terms without their id
    product_of_category: dict[str, str]
    own_currency: str = "EUR"


def settings_of(side: TeamleaderSide) -> Settings:
    """The settings as they now stand on the Teamleader side; its first department is the one meant."""
    department = next(iter(side.departments))
    accounts = {
        category: kept.data["ledgers"][0]["ledger_account_number"]
        for category, kept in side.product_categories.items()
        if kept.data["ledgers"]
    }
    codes = {rate: str(kept.hidden["code"]) for rate, kept in side.tax_rates.items()}
    return Settings(
        department=department,
        user=str(side.me["id"]),
        rate_of_code={code: rate for rate, code in codes.items()},
        code_of_rate=codes,
        fractions={rate: kept.data["rate"] for rate, kept in side.tax_rates.items()},
        category_of_account={account: category for category, account in accounts.items()},
        account_of_category={category: int(account) for category, account in accounts.items()},
        terms=[term_of(kept.data) for kept in side.payment_terms.values()],
        product_of_category={
            kept.data["product_category"]["id"]: product for product, kept in side.products.items()
        },
    )


def term_of(record: Json) -> Json:
    """A payment term as documents and customers show it: type and, but for cash, days."""
    return {key: record[key] for key in ("type", "days") if key in record}


def side(rng: Random) -> TeamleaderSide:
    """The account with its settings; every id is drawn from `rng`."""
    department, user, account = uuid(rng), uuid(rng), uuid(rng)
    made = TeamleaderSide(
        client_id=uuid(rng).replace("-", ""),
        client_secret=uuid(rng).replace("-", ""),
        redirect_uris=["http://localhost:8765/callback", "http://127.0.0.1:8765/callback"],
        me={
            "id": user,
            "account": {"type": "account", "id": account},
            "first_name": "Noor",
            "last_name": "Verlinden",
            "email": "noor@noordster.example.com",
            "email_verification_status": "confirmed",
            "telephones": [{"type": "phone", "number": "+32 9 000 00 12"}],
            "language": "nl-BE",
            "function": "Zaakvoerder",
            "time_zone": "Europe/Brussels",
            "preferences": {"invoiceable": True, "whitelabeling": False},
        },
        fiscal_year_names={"2025": "2025", "2026": "2026", "2027": "2027"},
        refresh_tokens={uuid(rng).replace("-", ""): True},
    )
    made.departments[department] = Kept(
        {
            "id": department,
            "name": COMPANY["name"],
            "vat_number": f"BE{COMPANY['vat']}",
            "address": {
                "line_1": COMPANY["street"],
                "postal_code": COMPANY["postal_code"],
                "city": COMPANY["city"],
                "country": "BE",
                "area_level_two": None,
            },
            "emails": [{"type": "primary", "email": "info@noordster.example.com"}],
            "telephones": [{"type": "phone", "number": "+32 9 000 00 10"}],
            "website": "https://noordster.example.com",
            "currency": "EUR",
            "iban": COMPANY["iban"],
            "bic": COMPANY["bic"],
            "fiscal_regime": None,
            "status": "active",
        }
    )
    ours: Json = {"type": "department", "id": department}
    for code, text, fraction, _ in _RATES:
        _keep(
            made.tax_rates,
            rng,
            {"description": text, "rate": Decimal(fraction), "department": dict(ours)},
            {"code": code},
        )
    for account_number, name in _CATEGORIES:
        category = _keep(
            made.product_categories,
            rng,
            {"name": name, "ledgers": [{"department": dict(ours), "ledger_account_number": account_number}]},
        )
        _add_product(made, rng, category, account_number, name)
    for kind, days in _TERMS:
        term = _keep(
            made.payment_terms, rng, {"type": kind} if days is None else {"type": kind, "days": days}
        )
        if (kind, days) == ("after_invoice_date", 30):
            made.default_payment_term = term
    for name in ("Overschrijving", "Bancontact", "Cash", "Domiciliëring"):
        _keep(made.payment_methods, rng, {"name": name, "status": "active"})
    for entry in _BUSINESS_TYPES.split("|"):
        country, _, name = entry.partition(" ")
        _keep(made.business_types, rng, {"name": name, "country": country})
    made.commercial_discounts.append({"id": uuid(rng), "name": "Handelskorting", "department": dict(ours)})
    return made


def _keep(into: dict[str, Kept], rng: Random, data: Json, hidden: Json | None = None) -> str:
    identity = uuid(rng)
    into[identity] = Kept({"id": identity, **data}, hidden or {})
    return identity


_REGIME_CODE = {"700500": "MC", "700600": "CM", "700610": "VCMD", "700700": "EX"}


def _add_product(made: TeamleaderSide, rng: Random, category: str, account: str, name: str) -> None:
    code = _REGIME_CODE.get(account, "21")
    rate = next(rate for rate, kept in made.tax_rates.items() if kept.hidden["code"] == code)
    price: Any = Decimal(rng.randint(20, 900))
    _keep(
        made.products,
        rng,
        {
            "name": f"Standaard {name.lower()}",
            "description": None,
            "code": f"P{account}",
            "purchase_price": None,
            "selling_price": {"amount": price, "currency": "EUR"},
            "unit": None,
            "tax": {"type": "taxRate", "id": rate},
            "product_category": {"type": "productCategory", "id": category},
            "custom_fields": [],
            "added_at": _ADDED,
            "updated_at": _ADDED,
        },
    )
