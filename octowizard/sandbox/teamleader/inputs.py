"""The request bodies of companies, contacts and documents, as checks; and the vendor's closed lists.

Only what the vendor reads is named; the rest of a body is ignored, so read-only fields (status, payment term,
invoicing preferences) can be sent and change nothing.
"""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.teamleader.shapes import (
    Check,
    anything,
    bad,
    boolean,
    day,
    filled,
    integer,
    many,
    nullable,
    number,
    one_of,
    percentage,
    positive,
    record,
    text,
    up_to,
    uuid,
)

CURRENCIES = (
    *("BAM", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "INR", "ISK"),
    *("JPY", "MAD", "MXN", "NOK", "PEN", "PLN", "RON", "SEK", "TRY", "USD", "ZAR"),
)
MOST_LINES = 250  # per document (help centre)
LONGEST_DESCRIPTION = 250  # characters (help centre)

CURRENCY = one_of(*CURRENCIES)
MONEY = record({"amount": number, "currency": CURRENCY})
CUSTOMER = record({"type": one_of("contact", "company"), "id": uuid})
PRIMARY_EMAIL_FILTER = record({"type": one_of("primary"), "email": text})
_CUSTOM_FIELDS = many(record({"id": uuid}, {"value": anything}))
_ADDRESSES = many(
    record(
        {
            "type": one_of("primary", "invoicing", "delivery", "visiting"),
            "address": record(
                {
                    "line_1": nullable(text),
                    "postal_code": nullable(text),
                    "city": nullable(text),
                    "country": filled,
                },
                {"area_level_two_id": uuid, "addressee": text},
            ),
        }
    )
)


def _emails(*kinds: str) -> Check:
    return many(record({"type": one_of(*kinds), "email": filled}))


def _telephones(*kinds: str) -> Check:
    return many(record({"type": one_of(*kinds), "number": filled}))


_COMPANY: dict[str, Check] = {
    "business_type_id": nullable(uuid),
    "vat_number": nullable(text),
    "national_identification_number": nullable(text),
    "emails": _emails("primary", "invoicing"),
    "telephones": _telephones("phone", "fax"),
    "website": nullable(text),
    "addresses": _ADDRESSES,
    "iban": nullable(text),
    "bic": nullable(text),
    "language": text,
    "responsible_user_id": nullable(uuid),
    "remarks": nullable(text),
    "tags": many(text),
    "custom_fields": _CUSTOM_FIELDS,
    "marketing_mails_consent": boolean,
    "preferred_currency": nullable(CURRENCY),
    "price_list_id": nullable(uuid),
    "custom_fields_update_strategy": one_of("partial"),
}
# A new company has nothing to be cleared: null is for changes (contract).
_NEW_COMPANY: dict[str, Check] = {
    **_COMPANY,
    **dict.fromkeys(
        ("vat_number", "national_identification_number", "website", "iban", "bic", "remarks"), text
    ),
    **dict.fromkeys(("business_type_id", "responsible_user_id", "price_list_id"), uuid),
    "preferred_currency": CURRENCY,
}
COMPANY_ADD = record({"name": filled}, _NEW_COMPANY)
COMPANY_UPDATE = record({"id": uuid}, {"name": filled, **_COMPANY})

_CONTACT: dict[str, Check] = {
    "first_name": nullable(text),
    "salutation": nullable(text),
    "emails": _emails("primary"),
    "telephones": _telephones("phone", "mobile", "fax"),
    "website": nullable(text),
    "addresses": _ADDRESSES,
    "language": text,
    "gender": nullable(one_of("female", "male", "non_binary", "prefers_not_to_say", "unknown")),
    "birthdate": nullable(day),
    "iban": nullable(text),
    "bic": nullable(text),
    "national_identification_number": nullable(text),
    "remarks": nullable(text),
    "tags": many(text),
    "custom_fields": _CUSTOM_FIELDS,
    "marketing_mails_consent": boolean,
    "custom_fields_update_strategy": one_of("partial"),
}
_NEW_CONTACT: dict[str, Check] = {**_CONTACT, **dict.fromkeys(("first_name", "salutation", "website"), text)}
CONTACT_ADD = record({"last_name": filled}, _NEW_CONTACT)
CONTACT_UPDATE = record({"id": uuid}, {"last_name": filled, **_CONTACT})
CONTACT_LINK = record(
    {"id": uuid, "company_id": uuid}, {"position": nullable(text), "decision_maker": boolean}
)
CONTACT_UNLINK = record({"id": uuid, "company_id": uuid})
TAGGING = record({"id": uuid, "tags": many(text, at_least=1)})

_DISCOUNT = record({"type": one_of("percentage"), "value": percentage})
DISCOUNTS = many(record({"type": one_of("percentage"), "value": percentage}, {"description": text}))
_LINE = record(
    {
        "quantity": number,
        "description": up_to(LONGEST_DESCRIPTION),
        "tax_rate_id": uuid,
    },
    {
        "unit_price": record({"amount": number, "tax": one_of("excluding")}),
        "extended_description": nullable(text),
        "unit_of_measure_id": nullable(uuid),
        "discount": nullable(_DISCOUNT),
        "product_id": nullable(uuid),
        "product_category_id": nullable(uuid),
        "withholding_tax_rate_id": nullable(uuid),
    },
)
LINES = many(record({"line_items": many(_LINE)}, {"section": record({"title": filled})}))


def _days(value: Any, path: str) -> None:
    integer(value, path)
    if not 0 <= value <= 3650:  # the bound is ours
        raise bad(f"{path} must be valid", path)


def _attention(value: Any, path: str) -> None:
    """A name, or the id of a contact (official: one of the two)."""
    record()(value, path)
    if "contact_id" in value:
        uuid(value["contact_id"], f"{path}.contact_id")
    elif "name" in value:
        text(value["name"], f"{path}.name")
    else:
        raise bad("oneOf rule failed", path)


_TERM = record({"type": one_of("cash", "end_of_month", "after_invoice_date")}, {"days": _days})
_INVOICEE = record(
    {"customer": CUSTOMER},
    {"for_attention_of": nullable(_attention)},
)
_METHOD = record(
    {
        "method": one_of(
            "sepa_direct_debit",
            "direct_debit",
            "credit_card",
            "cash",
            "cheque",
            "bankers_draft",
            "bank_transfer",
            "payment_card",
        )
    },
    {"reference": nullable(text)},
)
_DOCUMENT: dict[str, Check] = {
    "project_id": uuid,
    "invoice_date": day,
    "note": nullable(filled),  # an empty text is refused where null works (seen by one client)
    "expected_payment_method": nullable(_METHOD),
    "custom_fields": _CUSTOM_FIELDS,
}
_DRAFT: dict[str, Check] = {
    **_DOCUMENT,
    "currency": record({"code": CURRENCY}, {"exchange_rate": positive}),
    "purchase_order_number": nullable(text),
    "discounts": DISCOUNTS,
    "document_template_id": uuid,
    "delivery_date": nullable(day),
}
_CORE: dict[str, Check] = {"invoicee": _INVOICEE, "payment_term": _TERM, "grouped_lines": LINES}
INVOICE_DRAFT = record({"department_id": uuid, **_CORE}, _DRAFT)
INVOICE_UPDATE = record({"id": uuid}, {**_CORE, **_DRAFT, "custom_fields_update_strategy": one_of("partial")})
INVOICE_UPDATE_BOOKED = record({"id": uuid}, {**_CORE, **_DOCUMENT})
