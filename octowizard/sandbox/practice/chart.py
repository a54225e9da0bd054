"""Accounts, VAT codes, currencies and cost centres in the Octopus program."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.practice.action import (
    Arguments,
    BadArguments,
    action,
    calendar_year,
    dossier_of,
    year_meant,
)
from octowizard.sandbox.state import Account, Json, World

_USES = {"sales": (2,), "credit_notes": (4,), "both": (2, 4)}
_LANGUAGES = ("NL", "FR", "EN", "DE")


@action("add-account")
def add_account(world: World, arguments: Arguments) -> Json:
    dossier, year = dossier_of(world), year_meant(world, arguments)
    number = arguments.number("account", at_least=100_000)
    if number > 999_999:
        raise BadArguments(f"An account has six digits, not {number}.")
    if (year.id, number) in dossier.accounts:
        raise BadArguments(f"Account {number} exists already in fiscal year {calendar_year(year)}.")
    name = arguments.text_or("name", str(number))
    data: Json = {
        "accountKey": {"bookyearKey": {"id": year.id}, "id": number},
        "description": {f"description_{language}": name for language in _LANGUAGES},
        "costCentreType": 0,
    }
    dossier.accounts[year.id, number] = Account(data, modified=world.clock.now())
    return {"account": number, "name": name, "year": calendar_year(year)}


@action("set-default-cost-centre")
def set_default_cost_centre(world: World, arguments: Arguments) -> Json:
    dossier, year = dossier_of(world), year_meant(world, arguments)
    number, centre = arguments.number("account"), arguments.number("centre", at_least=1)
    account = dossier.accounts.get((year.id, number))
    if account is None:
        raise BadArguments(f"There is no account {number} in fiscal year {calendar_year(year)}.")
    open_ = [entry["costCentreKey"]["id"] for entry in dossier.cost_centres if not entry["closed"]]
    if centre not in open_:
        known = ", ".join(map(str, open_)) or "none"
        raise BadArguments(f"There is no open cost centre {centre}; there are: {known}.")
    account.data["defaultCostCentreKey"] = {"id": centre}
    account.modified = world.clock.now()
    return {"account": number, "centre": centre, "year": calendar_year(year)}


@action("add-vat-code")
def add_vat_code(world: World, arguments: Arguments) -> Json:
    dossier, code = dossier_of(world), arguments.text("code")
    given = arguments.decimal("percentage")
    if given is None or not 0 <= given <= 100:
        raise BadArguments(
            f"percentage must be a number from 0 to 100, such as 21, not {arguments.text('percentage')!r}."
        )
    percentage = given.quantize(Decimal("0.01"))
    use = arguments.one_of("use", *_USES) if "use" in arguments else "both"
    added = []
    for kind in _USES[use]:
        if any((entry["code"], entry["type"]) == (code, kind) for entry in dossier.vat_codes):
            continue
        text = arguments.text_or("description", f"Verkopen {percentage.normalize():f} %")
        dossier.vat_codes.append(
            {"code": code, "description": text, "type": kind, "basePercentage": percentage}
        )
        added.append("credit notes" if kind == 4 else "sales")
    if not added:
        raise BadArguments(f"VAT code {code} exists already for that.")
    return {"code": code, "percentage": percentage, "for": added}


@action("add-currency")
def add_currency(world: World, arguments: Arguments) -> Json:
    dossier, currency = dossier_of(world), arguments.text("currency").upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise BadArguments(f"A currency has three letters, not {currency!r}.")
    if currency in dossier.currencies:
        raise BadArguments(f"The dossier has {currency} already.")
    dossier.currencies.append(currency)
    return {"currency": currency, "currencies": list(dossier.currencies)}
