"""Accounts, VAT codes, currencies and cost centres in the Octopus program."""

from __future__ import annotations

from decimal import Decimal

from octowizard.sandbox.practice.action import BadArguments, Task, action, calendar_year
from octowizard.sandbox.state import LANGUAGES, Account, Json

_USES = {"sales": (2,), "credit_notes": (4,), "both": (2, 4)}


@action("add-account")
def add_account(task: Task) -> Json:
    dossier, year = task.dossier, task.year(default_today=True)
    number = task.number("account", at_least=100_000)
    if number > 999_999:
        raise BadArguments(f"An account has six digits, not {number}.")
    if (year.id, number) in dossier.accounts:
        raise BadArguments(f"Account {number} exists already in fiscal year {calendar_year(year)}.")
    name = task.text("name", str(number))
    data: Json = {
        "accountKey": {"bookyearKey": {"id": year.id}, "id": number},
        "description": {f"description_{language}": name for language in LANGUAGES},
        "costCentreType": 0,
    }
    dossier.accounts[year.id, number] = Account(data, modified=task.now)
    return {"account": number, "name": name, "year": calendar_year(year)}


@action("set-default-cost-centre")
def set_default_cost_centre(task: Task) -> Json:
    dossier, year = task.dossier, task.year(default_today=True)
    number, centre = task.number("account"), task.number("centre", at_least=1)
    account = dossier.accounts.get((year.id, number))
    if account is None:
        raise BadArguments(f"There is no account {number} in fiscal year {calendar_year(year)}.")
    open_ = [entry["costCentreKey"]["id"] for entry in dossier.cost_centres if not entry["closed"]]
    if centre not in open_:
        known = ", ".join(map(str, open_)) or "none"
        raise BadArguments(f"There is no open cost centre {centre}; there are: {known}.")
    account.data["defaultCostCentreKey"] = {"id": centre}
    account.modified = task.now
    return {"account": number, "centre": centre, "year": calendar_year(year)}


@action("add-vat-code")
def add_vat_code(task: Task) -> Json:
    dossier, code = task.dossier, task.text("code")
    what = "be a number from 0 to 100, such as 21"
    percentage = task.decimal("percentage", what, lambda number: 0 <= number <= 100).quantize(Decimal("0.01"))
    use = task.one_of("use", *_USES, fallback="both")
    added = []
    for kind in _USES[use]:
        if any((entry["code"], entry["type"]) == (code, kind) for entry in dossier.vat_codes):
            continue
        text = task.text("description", f"Verkopen {percentage.normalize():f} %")
        row = {"code": code, "description": text, "type": kind, "basePercentage": percentage}
        dossier.vat_codes.append(row)
        added.append("credit notes" if kind == 4 else "sales")
    if not added:
        raise BadArguments(f"VAT code {code} exists already for that.")
    return {"code": code, "percentage": percentage, "for": added}


@action("add-currency")
def add_currency(task: Task) -> Json:
    dossier, currency = task.dossier, task.text("currency").upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise BadArguments(f"A currency has three letters, not {currency!r}.")
    if currency in dossier.currencies:
        raise BadArguments(f"The dossier has {currency} already.")
    dossier.currencies.append(currency)
    return {"currency": currency, "currencies": list(dossier.currencies)}
