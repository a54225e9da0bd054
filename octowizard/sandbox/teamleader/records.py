"""New records of Teamleader with all their fields, in the shape of `.info`; what makes them fills in the rest."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from octowizard.sandbox.state import Json
from octowizard.sandbox.teamleader.money import with_price_currency

_PAGES = "https://focus.teamleader.eu"


def _customer(identity: str, moment: str) -> Json:
    return {
        "id": identity,
        "status": "active",
        **{name: [] for name in ("emails", "telephones", "addresses", "tags", "custom_fields")},
        **dict.fromkeys(("website", "vat_number", "national_identification_number", "iban", "bic")),
        **dict.fromkeys(("language", "payment_term", "remarks")),
        "invoicing_preferences": {"electronic_invoicing_address": None},
        "added_at": moment,
        "updated_at": moment,
        "marketing_mails_consent": False,
    }


def new_company(identity: str, name: str, user: str, moment: str) -> Json:
    """A company with nothing but a name, made by a user at a moment."""
    return _customer(identity, moment) | {
        "name": name,
        "business_type": None,
        "preferred_currency": None,
        "responsible_user": {"type": "user", "id": user},
        "web_url": f"{_PAGES}/company_detail.php?id={identity}",
    }


def new_contact(identity: str, last_name: str, moment: str) -> Json:
    """A contact with nothing but a last name, made at a moment."""
    return _customer(identity, moment) | {
        "last_name": last_name,
        **dict.fromkeys(("first_name", "salutation", "gender", "birthdate")),
        "web_url": f"{_PAGES}/contact_detail.php?id={identity}",
        "companies": [],
    }


def new_invoice(identity: str, department: str, currency: str, moment: str) -> Json:
    """A draft without customer, lines and totals, made at a moment."""
    return {
        "id": identity,
        "department": {"type": "department", "id": department},
        "status": "draft",
        "paid": False,
        "sent": False,
        **dict.fromkeys(("invoice_number", "invoice_date", "due_on", "paid_at", "purchase_order_number")),
        **dict.fromkeys(("payment_reference", "currency_exchange_rate", "file", "deal", "project")),
        **dict.fromkeys(("subscription", "delivery_date", "note", "expected_payment_method")),
        **dict.fromkeys(("on_hold_since", "document_template", "peppol_status")),
        **{name: [] for name in ("discounts", "payments", "custom_fields")},
        "currency": currency,
        "created_at": moment,
        "updated_at": moment,
        "web_url": f"{_PAGES}/invoice_detail.php?id={identity}",
    }


def new_credit_note(
    identity: str, number: str, day: str, invoice: Json, groups: Any, discounts: Any, total: Json, moment: str
) -> Json:
    """A booked credit note on an invoice: positive amounts, a number of its own series, "2026/3" (official)."""
    return {
        "id": identity,
        "credit_note_number": number,
        "credit_note_date": day,
        "status": "booked",
        "invoice": {"type": "invoice", "id": invoice["id"]},
        "paid": False,
        "paid_at": None,
        **{key: deepcopy(invoice[key]) for key in ("department", "invoicee", "currency")},
        "currency_exchange_rate": deepcopy(invoice.get("currency_exchange_rate")),
        "discounts": list(discounts),
        "total": total,
        "grouped_lines": with_price_currency(groups, invoice["currency"]),
        "created_at": moment,
        "updated_at": moment,
        "document_template": invoice.get("document_template"),
        "peppol_status": None,
    }
