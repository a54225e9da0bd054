"""What a dossier without the charged modules answers: invoices, documents (DMS), CODA, products, payment lists.

The practice company does not have them. Reading finds nothing; writing is refused with what the operation
documents. The error codes are inferred.
"""

from __future__ import annotations

from octowizard.sandbox.octopus.errors import Refused, nothing_found
from octowizard.sandbox.octopus.errors import text as error_text
from octowizard.sandbox.octopus.limits import D
from octowizard.sandbox.octopus.session import DossierHandler, Visit, ok
from octowizard.sandbox.web import Answer


def _empty(_visit: Visit) -> Answer:
    """An empty list, for the operations that document no 404."""
    return ok([])


def _nothing(what: str) -> DossierHandler:
    def handle(_visit: Visit) -> Answer:
        raise nothing_found(f"No {what} found")

    return handle


def _no_invoices(visit: Visit) -> Answer:
    """`GET invoices/modified`: the text as it was recorded, a blank lacking where it lacks."""
    year, journal = visit.query_int("bookyearId"), visit.call.query("journalKey") or "null"
    raise nothing_found(
        f"No modified Invoices found in dossier {visit.dossier.id}bookyearId: {year}, Journal Key: {journal} "
    )


def _refuses(status: int, code: int, why: str) -> DossierHandler:
    def handle(visit: Visit) -> Answer:
        raise Refused(status, code, f"{why} in dossier {visit.dossier.id}. ")

    return handle


def _coda(visit: Visit) -> Answer:
    """`POST coda` answers in a shape of its own, which has no text for developers."""
    return ok({"errorCode": -79, "errorMessage": error_text(-79, visit.locale)}, 400)


_NO_INVOICES = "Invoice module not active"

_PAYMENTS = (
    *("POST paymentlist/freepayment", "POST paymentlist", "DELETE paymentlist/{paymentListKeyId}"),
    *(f"POST enveloppes/{{enveloppeKeyId}}/{what}" for what in ("add", "export", "remove")),
    *(f"{method} enveloppes/{{enveloppeKeyId}}" for method in ("GET", "PUT", "DELETE")),
    "POST enveloppes",
)
_INVOICES = {  # status and code by which each is refused
    "POST book": (403, -37),
    "GET export": (404, -61),
    "POST generate": (400, -61),
    "POST send/report/deliverystate": (400, -61),
    "POST send": (400, -61),
    "POST send/testmail/{language}": (400, -37),
}


def _below(place: str, entry: str) -> str:
    method, path = entry.split()
    return f"{method} {D}/{place}/{path}"


OPERATIONS: dict[str, DossierHandler] = {
    **{_below("bank", entry): _refuses(400, -79, "Payment list unknown") for entry in _PAYMENTS},
    **{_below("invoices", entry): _refuses(*why, _NO_INVOICES) for entry, why in _INVOICES.items()},
    f"GET {D}/bank/paymentlist": _empty,
    f"GET {D}/bank/enveloppes": _empty,
    f"POST {D}/coda": _coda,
    f"GET {D}/customfields": _nothing("Custom Fields"),
    f"GET {D}/productgroups": _nothing("Productgroups"),
    f"GET {D}/products": _nothing("Products"),
    f"PUT {D}/products": _refuses(400, -49, _NO_INVOICES),
    f"GET {D}/rappels/export": _refuses(404, -73, "Document not found"),
    f"GET {D}/invoices": _refuses(404, -61, _NO_INVOICES),
    f"PUT {D}/invoices": _refuses(403, -37, _NO_INVOICES),
    f"POST {D}/invoices": _refuses(403, -37, _NO_INVOICES),
    f"GET {D}/invoices/modified": _no_invoices,
    f"POST {D}/invoices/attachments/upload": _refuses(403, -37, "No access to the DMS"),
}
