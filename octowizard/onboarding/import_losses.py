"""Words for what an import does not carry over, and for whom it leaves out: for the lines of every front end."""

from __future__ import annotations

from octowizard.customers.company import Lost, Why
from octowizard.locale import _, pgettext


def lost(what: Lost) -> str:
    """What Teamleader does not take over of a relation."""
    return {
        "payment_term": _("payment term"),
        "vat_type": _("VAT type"),
        "vat_number": pgettext("in a sentence", "VAT number"),
        "address": _("address"),
        "delivery_address": _("delivery address"),
        "email": _("e-mail address"),
        "telephone": _("telephone number"),
        "bank_account": _("bank account"),
        "contact_person": _("contact person"),
        "currency": _("currency"),
        "legal_form": _("legal form"),
        "ledger_account": _("ledger account"),
        "peppol_id": _("Peppol identification"),
        "search_fields": _("search fields"),
        "profession": _("profession"),
    }[what]


def left_out(why: Why) -> str:
    """Why a relation does not become a customer."""
    return {
        "supplier": _("suppliers only"),
        "inactive": _("not active"),
        "no_name": _("without a name"),
    }[why]
