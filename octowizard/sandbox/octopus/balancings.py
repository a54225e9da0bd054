"""The operations on balancings: the matches between an invoice and what settles it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from octowizard.sandbox.octopus import lines
from octowizard.sandbox.octopus.errors import Refused
from octowizard.sandbox.octopus.session import Visit, changes
from octowizard.sandbox.state import Balancing, Dossier, Json, line_key
from octowizard.sandbox.web import Answer, empty_response


def _document(key: Json, row: lines.Row | None) -> Json:
    if row is None:
        return {"balancingKey": key}
    return {
        "balancingKey": key,
        "documentDate": row.data["documentDate"],
        "currencyCode": row.currency,
        "exchangeRate": row.data["exchangeRate"],
        **lines.amount_members(row),
        **lines.given_members(comment=row.comment, reference=row.reference),
    }


def detail(dossier: Dossier, balancing: Balancing) -> Json:
    """A match as BalancingDetailServiceData.

    A customer's match carries its amount on the credit side and 0.0 on the debit side (recorded); a supplier's
    is the mirror image.
    """
    debet, credit = (lines.find_row(dossier, key) for key in balancing.lines)
    some = debet or credit
    kind = some.kind if some else "C"
    nothing = Decimal("0.0")
    return {
        "type": {
            "type": kind,
            **lines.relation_members(dossier, some.relation if some else None),
            **lines.given_members(accountNr=some.account if some else None),
        },
        "debetDocument": _document(balancing.debet, debet),
        "creditDocument": _document(balancing.credit, credit),
        "debetBalancedBookingAmount": balancing.amount if kind == "S" else nothing,
        "creditBalancedBookingAmount": nothing if kind == "S" else balancing.amount,
    }


def list_modified(visit: Visit) -> Answer:
    """`GET balancings/modified`: matches made, changed and undone since a time stamp."""
    since, dossier = visit.stamp(), visit.dossier
    modified = [detail(dossier, made) for made in dossier.balancings if made.modified >= since]
    deleted = [detail(dossier, gone) for gone, moment in dossier.deleted_balancings if moment >= since]
    return changes("modified balancings", modified, deleted, "modifiedBalancings deletedBalancings")


def _refused(why: str) -> Refused:
    return Refused(400, -26, f"Unable to insert balancing.  {why} ")


def create_balancing(visit: Visit) -> Answer:
    """`POST balancings`: match a debit and a credit line of one relation, for at most what is open of both.

    Matching the same pair again adds to the match there is. That more than the open amount is refused, and with
    -26, is inferred.
    """
    given = visit.write("BalancingServiceData")
    dossier, amount = visit.dossier, given["balanceAmount"]
    rows: list[lines.Row] = []
    for side in ("debetKey", "creditKey"):
        row = lines.find_row(dossier, line_key(given[side]))
        if row is None:
            raise _refused(f"Line of {side} unknown.")
        rows.append(row)
    debet, credit = rows
    if debet.kind == "A" or (debet.kind, debet.relation) != (credit.kind, credit.relation):
        raise _refused("Lines are not of the same relation.")
    if debet.booked <= 0 or credit.booked >= 0:
        raise _refused("A debit and a credit line are needed.")
    if amount <= 0:
        raise _refused(f"Illegal amount {amount}.")
    matched = dossier.matched()
    for row in rows:
        left = abs(row.booked) - matched.get(row.key, Decimal(0))
        if amount > left:
            raise _refused(f"Amount {amount} is more than the open amount {left}.")
    for made in dossier.balancings:
        if made.lines == (debet.key, credit.key):
            made.amount += amount
            made.modified = visit.now
            return empty_response(201)
    dossier.balancings.append(Balancing(given["debetKey"], given["creditKey"], amount, visit.now))
    return empty_response(201)


def _remove(visit: Visit, applies: Callable[[Balancing], bool]) -> Answer:
    gone = [made for made in visit.dossier.balancings if applies(made)]
    if not gone:
        raise Refused(400, -26, "Balancing unknown. ")
    visit.dossier.balancings[:] = [made for made in visit.dossier.balancings if not applies(made)]
    visit.dossier.deleted_balancings += [(made, visit.now) for made in gone]
    return empty_response(204)


def delete_pair(visit: Visit) -> Answer:
    """`DELETE balancings/delete`: one match, by both its lines."""
    given = visit.write("DeleteBalancingItemRequest")
    pair = (line_key(given["debetKey"]), line_key(given["creditKey"]))
    return _remove(visit, lambda made: made.lines == pair)


def delete_of_line(visit: Visit) -> Answer:
    """`DELETE balancings/bookingline/delete`: every match of one line."""
    wanted = line_key(visit.write("BalancingKeyServiceData"))
    return _remove(visit, lambda made: wanted in made.lines)


def delete_of_document(visit: Visit) -> Answer:
    """`DELETE balancings/document/delete`: every match of one document."""
    given = visit.write("DocumentKeyServiceData")
    wanted = (given["bookyearKey"]["id"], given["journal"], given["documentSequenceNr"])
    return _remove(visit, lambda made: any(key[:3] == wanted for key in made.lines))
