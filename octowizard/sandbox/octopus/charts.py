"""Accounts, VAT codes, currencies and cost centres: the lists a dossier's bookings refer to."""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.octopus.books import check_right, find_bookyear, year_key
from octowizard.sandbox.octopus.errors import LANGUAGES, Refused
from octowizard.sandbox.octopus.session import Visit, changes, ok, ok_unless_empty
from octowizard.sandbox.state import Account, Dossier
from octowizard.sandbox.web import Answer, empty_response

Json = dict[str, Any]

# The chart of the first bookyear of an empty dossier: number, NL, FR, EN, DE, VAT code of sales
_FIRST_CHART = """
400000 | Handelsdebiteuren | Clients | Trade debtors | Kunden |
440000 | Leveranciers | Fournisseurs | Suppliers | Lieferanten |
451000 | Te betalen btw | TVA à payer | VAT payable | Zu zahlende MwSt. |
499000 | Wachtrekening | Compte d'attente | Suspense account | Verrechnungskonto |
550000 | Bank | Banque | Bank | Bank |
580000 | Interne overboekingen | Virements internes | Internal transfers | Umbuchungen |
604000 | Aankopen handelsgoederen | Achats de marchandises | Purchases | Wareneinkauf |
700000 | Omzet | Chiffre d'affaires | Turnover | Umsatz | 21
700100 | Omzet diensten | Prestations de services | Services | Dienstleistungen | 21
700300 | Omzet 6 % | Chiffre d'affaires 6 % | Turnover 6 % | Umsatz 6 % | 06
708000 | Toegekende kortingen | Remises accordées | Discounts granted | Gewährte Rabatte | 21
"""


def give_accounts(dossier: Dossier, source: int | None, target: int) -> None:
    """Give bookyear `target` every account of bookyear `source` that it lacks; without a source, a first chart."""
    if source is None:
        for row in _FIRST_CHART.strip().splitlines():
            account_id, *names, vat = (cell.strip() for cell in row.split("|"))
            data: Json = {
                "accountKey": {"bookyearKey": year_key(target), "id": int(account_id)},
                "description": dict(zip((f"description_{one}" for one in LANGUAGES), names, strict=True)),
                "costCentreType": 0,
            }
            if vat:
                data["salesVatCode"] = vat
            dossier.accounts.setdefault((target, int(account_id)), Account(data))
        return
    for (year, number), account in list(dossier.accounts.items()):
        if year == source and (target, number) not in dossier.accounts:
            key = {**account.data["accountKey"], "bookyearKey": year_key(target)}
            dossier.accounts[target, number] = Account({**account.data, "accountKey": key}, account.bookable)


def list_accounts(visit: Visit) -> Answer:
    """`GET accounts`: the chart of one bookyear."""
    wanted = visit.query_int("bookyearId")
    year = visit.dossier.bookyears.get(wanted)
    chart = sorted(visit.dossier.accounts.items()) if year is not None and not year.desktop_only else []
    return ok_unless_empty([account.data for (of_year, _), account in chart if of_year == wanted], "accounts")


def list_modified_accounts(visit: Visit) -> Answer:
    """`GET accounts/modified`: of all bookyears. Accounts are never deleted here."""
    since = visit.stamp()
    modified = [account.data for account in visit.dossier.accounts.values() if account.modified >= since]
    return changes("modified accounts", modified, [])


def put_account(visit: Visit) -> Answer:
    """`PUT accounts`: 201 created, 204 changed."""
    given = visit.body("AccountServiceData")
    check_right(visit)
    year = find_bookyear(visit.dossier, given["accountKey"]["bookyearKey"]["id"])
    number = given["accountKey"]["id"]
    if not 100000 <= number <= 999999:
        raise Refused(400, -27, f"Illegal account number {number}. ")
    known = visit.dossier.accounts.get((year.id, number))
    if known is not None:
        known.data.update({name: value for name, value in given.items() if name != "accountKey"})
        known.modified = visit.now
        return empty_response(204)
    given.setdefault("costCentreType", 0)
    visit.dossier.accounts[year.id, number] = Account(given, modified=visit.now)
    return empty_response(201)


def list_vat_codes(visit: Visit) -> Answer:
    """`GET vatcodes`: one row per code and type."""
    return ok_unless_empty(visit.dossier.vat_codes, "VATCodes")


def list_currencies(visit: Visit) -> Answer:
    """`GET currencies`: codes only; no 404 is documented."""
    return ok(visit.dossier.currencies)


def list_cost_centres(visit: Visit) -> Answer:
    """`GET costcentres`."""
    return ok_unless_empty(visit.dossier.cost_centres, "CostCentres")


def list_active_cost_centres(visit: Visit) -> Answer:
    """`GET costcentres/active`: those that are not closed."""
    active = [centre for centre in visit.dossier.cost_centres if not centre["closed"]]
    return ok_unless_empty(active, "active CostCentres")


def put_cost_centre(visit: Visit) -> Answer:
    """`PUT costcentres`: 201 created, 204 changed."""
    given = visit.body("CostCentreServiceData")
    check_right(visit)
    for centre in visit.dossier.cost_centres:
        if centre["costCentreKey"] == given["costCentreKey"]:
            centre.update(given)
            return empty_response(204)
    visit.dossier.cost_centres.append(given)
    return empty_response(201)
