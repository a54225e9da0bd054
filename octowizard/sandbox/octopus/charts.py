"""Accounts, VAT codes, currencies and cost centres: the lists a dossier's bookings refer to."""

from __future__ import annotations

from octowizard.sandbox.octopus.books import find_bookyear
from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.session import Visit, changes, ok, ok_unless_empty
from octowizard.sandbox.state import Account, Dossier
from octowizard.sandbox.web import Answer, empty_response
from octowizard.sandbox.worlds.books import chart


def give_accounts(dossier: Dossier, source: int | None, target: int) -> None:
    """Give bookyear `target` every account of bookyear `source` that it lacks; without a source, a first chart."""
    if source is None:
        for data in chart("first_chart", target):
            dossier.accounts.setdefault((target, data["accountKey"]["id"]), Account(data))
        return
    for (year, number), account in list(dossier.accounts.items()):
        if year == source and (target, number) not in dossier.accounts:
            key = {**account.data["accountKey"], "bookyearKey": {"id": target}}
            dossier.accounts[target, number] = Account({**account.data, "accountKey": key}, account.bookable)


def list_accounts(visit: Visit) -> Answer:
    """`GET accounts`: the chart of one bookyear."""
    wanted = visit.query_int("bookyearId")
    year = visit.dossier.bookyears.get(wanted)
    known = sorted(visit.dossier.accounts.items()) if year is not None and not year.desktop_only else []
    return ok_unless_empty([account.data for (of_year, _), account in known if of_year == wanted], "accounts")


def list_modified_accounts(visit: Visit) -> Answer:
    """`GET accounts/modified`: of all bookyears. Accounts are never deleted here."""
    since = visit.stamp()
    modified = [account.data for account in visit.dossier.accounts.values() if account.modified >= since]
    return changes("modified accounts", modified, [])


def put_account(visit: Visit) -> Answer:
    """`PUT accounts`: 201 created, 204 changed."""
    given = visit.write("AccountServiceData")
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
    given = visit.write("CostCentreServiceData")
    for centre in visit.dossier.cost_centres:
        if centre["costCentreKey"] == given["costCentreKey"]:
            centre.update(given)
            return empty_response(204)
    visit.dossier.cost_centres.append(given)
    return empty_response(201)
