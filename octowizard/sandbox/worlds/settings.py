"""The Teamleader side as its administrator has set it up: department, rates, categories, terms, one user.

Shapes are those of `.info` in the vendor's contract. Nobody is a customer yet and nothing is sold.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from octowizard.sandbox.state import Json, Kept, TeamleaderSide
from octowizard.sandbox.tables import table
from octowizard.sandbox.worlds.books import COMPANY
from octowizard.sandbox.worlds.numbers import uuid

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
_TERMS = (
    *(("cash", None), ("after_invoice_date", 7), ("after_invoice_date", 14), ("after_invoice_date", 30)),
    *(("after_invoice_date", 60), ("end_of_month", 30)),
)

# account on which only documents of one zero-rate regime are booked -> code of that regime
REGIMES = {"700500": "MC", "700600": "CM", "700610": "VCMD", "700700": "EX"}
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
        product_of_category={kept.data["product_category"]["id"]: key for key, kept in side.products.items()},
    )


def term_of(record: Json) -> Json:
    """A payment term as documents and customers show it: type and, but for cash, days."""
    return {key: record[key] for key in ("type", "days") if key in record}


def side(rng: Random) -> TeamleaderSide:
    """The account with its settings; every id is drawn from `rng`."""
    data = deepcopy(table("worlds/settings.json"))  # the fixed part of the records
    department, user, account = uuid(rng), uuid(rng), uuid(rng)
    made = TeamleaderSide(
        client_id=uuid(rng).replace("-", ""),
        client_secret=uuid(rng).replace("-", ""),
        redirect_uris=["http://localhost:8765/callback", "http://127.0.0.1:8765/callback"],
        me={"id": user, "account": {"type": "account", "id": account}, **data["me"]},
        fiscal_year_names={"2025": "2025", "2026": "2026", "2027": "2027"},
        refresh_tokens={uuid(rng).replace("-", ""): True},
    )
    address = {"line_1": COMPANY["street"], "postal_code": COMPANY["postal_code"], "city": COMPANY["city"]}
    made.departments[department] = Kept(
        {
            "id": department,
            "vat_number": f"BE{COMPANY['vat']}",
            "address": {**address, "country": "BE", "area_level_two": None},
            **{name: COMPANY[name] for name in ("name", "iban", "bic")},
            **data["department"],
        }
    )

    def keep(into: dict[str, Kept], record: Json, **hidden: str) -> str:
        identity = uuid(rng)
        into[identity] = Kept({"id": identity, **record}, hidden)
        return identity

    ours: Json = {"type": "department", "id": department}
    rates = {
        code: keep(
            made.tax_rates,
            {"description": text, "rate": Decimal(fraction), "department": dict(ours)},
            code=code,
        )
        for code, text, fraction, _ in _RATES
    }
    for number, name in data["categories"].items():
        ledger = {"department": dict(ours), "ledger_account_number": number}
        category = keep(made.product_categories, {"name": name, "ledgers": [ledger]})
        price = {"amount": Decimal(rng.randint(20, 900)), "currency": "EUR"}
        product = {
            "name": f"Standaard {name.lower()}",
            "code": f"P{number}",
            "selling_price": price,
            "tax": {"type": "taxRate", "id": rates[REGIMES.get(number, "21")]},
            "product_category": {"type": "productCategory", "id": category},
        }
        keep(made.products, {**product, **deepcopy(data["product"])})
    for kind, days in _TERMS:
        term = keep(made.payment_terms, {"type": kind} if days is None else {"type": kind, "days": days})
        if (kind, days) == ("after_invoice_date", 30):
            made.default_payment_term = term
    for name in data["payment_methods"]:
        keep(made.payment_methods, {"name": name, "status": "active"})
    for entry in data["business_types"]:
        country, _, name = entry.partition(" ")
        keep(made.business_types, {"name": name, "country": country})
    made.commercial_discounts.append({"id": uuid(rng), "name": "Handelskorting", "department": dict(ours)})
    return made
