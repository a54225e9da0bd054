"""What is read and asked of both sides, as people call it: for progress, limits, and what a vendor refuses."""

from __future__ import annotations

import re

from octowizard.locale import _


def read_name(what: str) -> str:
    """What is being read, as people call it; the engine's own word where there is none."""
    kind = what.partition("/")[0]
    return {
        "invoice": _("invoices"),
        "invoices": _("invoices"),
        "credit_note": _("credit notes"),
        "documents": _("documents"),
        "details": _("lines of documents"),
        "customer": _("customers"),
        "customers": _("customers"),
        "imported": _("imported companies"),
        "settings": _("tax rates and product categories"),
        "sides": _("dossiers and departments"),
        "years": _("fiscal years"),
        "relations": _("relations"),
        "bookings": _("bookings"),
        "matches": _("payments matched"),
        "deleted bookings": _("removed bookings"),
        "relation": _("relations"),
        "account": _("ledger accounts"),
        "booking": _("bookings"),
        "bookyears": _("fiscal years"),
        "journals": _("journals"),
        "returns": _("VAT returns"),
        "accounts": _("ledger accounts"),
        "currencies": _("currencies"),
        "vat_codes": _("VAT codes"),
        "tax_rates": _("tax rates"),
        "categories": _("product categories"),
        "payment_terms": _("payment terms"),
        "dossiers": _("dossiers"),
        "departments": _("departments"),
        "companies": _("companies"),
        "contacts": _("contacts"),
        "match": _("payments matched"),
        "detail": _("lines of documents"),
    }.get(kind, kind)


_IN_BRACES = re.compile(r"\{[^}]*\}")


_SIGNING_IN = ("POST /authentication", "POST /dossiers", "octopus-oauth/token", "oauth2/access_token")


def request_name(operation: str) -> str:
    """What a call does, as people say it; by its own name where that is clearer.

    `operation`: as the contract names it, such as `POST /dossiers/{dossierId}/buysellbookings`.
    """
    method, _blank, path = operation.partition(" ")
    parts = [part for part in _IN_BRACES.sub("", path).split("/") if part not in ("", "modified", "deleted")]
    if parts[-2:-1] == ["journals"]:  # the letter of a kind of journal
        parts.pop()
    last = parts[-1] if parts else ""
    what = {
        "bookyears": _("fiscal years"),
        "journals": _("journals"),
        "accounts": _("ledger accounts"),
        "vatcodes": _("VAT codes"),
        "currencies": _("currencies"),
        "relations": _("relations"),
        "buysellbookings": _("bookings"),
        "bookings": _("bookings"),
        "balancings": _("matches"),
        "financialdiversbookings": _("receipts"),
    }.get(last)
    if operation in _SIGNING_IN:
        return _("signing in")
    if operation == "users.me":
        return _("reading who is signed in")
    if operation in ("departments.list", "departments.info"):
        return _("reading company entities")
    if operation == "GET /dossiers":
        return _("reading dossiers")
    if operation == "GET /about/version":
        return _("asking for its version")
    if what is None or method not in ("GET", "POST", "PUT", "DELETE"):
        return operation
    return (_("reading {what}") if method == "GET" else _("writing {what}")).format(what=what)


_LISTS = {
    "invoices": "invoices",
    "creditNotes": "credit_note",
    "companies": "companies",
    "contacts": "contacts",
    "taxRates": "tax_rates",
    "productCategories": "categories",
    "paymentTerms": "payment_terms",
}


def call_name(operation: str) -> str:
    """What a call does, for people who know no operations; empty where there is no name for it.

    `request_name` names the operation there.
    """
    named = request_name(operation)
    if named != operation:
        return named
    area, _dot, verb = operation.partition(".")
    if verb == "registerPayment":
        return _("registering a payment")
    if area not in _LISTS:
        return ""
    what = read_name(_LISTS[area])
    return (_("reading {what}") if verb in ("list", "info") else _("writing {what}")).format(what=what)
