"""What is read of both sides, as people call it: for progress, and for what a day's limits keep from being read."""

from __future__ import annotations

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
        "bookyears": _("bookyears"),
        "journals": _("journals"),
        "returns": _("VAT returns"),
        "accounts": _("ledger accounts"),
        "currencies": _("currencies"),
        "vat_codes": _("VAT codes"),
        "tax_rates": _("tax rates"),
        "categories": _("product categories"),
        "dossiers": _("dossiers"),
        "departments": _("departments"),
        "match": _("payments matched"),
        "detail": _("details"),
    }.get(kind, kind)
