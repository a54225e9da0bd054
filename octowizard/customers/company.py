"""What a new company or contact in Teamleader takes over from a relation, and what cannot be carried. Pure.

Teamleader's API takes no payment term, VAT type or customer number of a company (checked in its contract); such
things are told as losses, each with its reason, so that nobody finds out afterwards.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.locale import _
from octowizard.matching.countries import country_code
from octowizard.matching.vat_numbers import can_be_checked, country_of_key, vat_key
from octowizard.octopus.models import Relation
from octowizard.teamleader.models import IMPORT_TAG, PaymentTermRecord

Lost = Literal[
    "payment_term",
    "vat_type",
    "vat_number",
    "address",
    "delivery_address",
    "email",
    "telephone",
    "bank_account",
    "contact_person",
    "currency",
    "legal_form",
    "ledger_account",
    "peppol_id",
    "search_fields",
    "profession",
]
Why = Literal["supplier", "inactive", "no_name"]

_LANGUAGES = {0: "nl", 1: "fr", 2: "en", 3: "de"}
_VAT_TYPES = {4: "intra-Community", 6: "outside the EU", 8: "private, EU", 9: "private, outside the EU"}
_PRIVATE = (7, 8, 9)
_NOT_LIABLE = 10
# The currencies that Teamleader's contract lists.
_CURRENCIES = frozenset(
    {"BAM", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "INR", "ISK"}
    | {"JPY", "MAD", "MXN", "NOK", "PEN", "PLN", "RON", "SEK", "TRY", "USD", "ZAR"}
)
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\".]+(\.[^@\s,;<>()\[\]\".]+)+")
_BETWEEN = re.compile(r"[\s,;]+")


class Loss(msgspec.Struct, frozen=True):
    """One thing that does not carry over. `value`: what Octopus holds; `why`: one translated sentence."""

    what: Lost
    value: str
    why: str


class Draft(msgspec.Struct, frozen=True):
    """A customer to be made of a relation. `fields` is the body of companies.add or contacts.add as it is sent."""

    relation: int
    external_number: int
    name: str
    type: Literal["company", "contact"]
    fields: dict[str, Any]
    losses: tuple[Loss, ...] = ()


class NotDrafted(NamedTuple):
    """A relation that is not imported."""

    relation: int
    name: str
    why: Why


def relation_name(relation: Relation) -> str:
    """The name as people write it: first name first."""
    return " ".join(part for part in (relation.first_name.strip(), relation.name.strip()) if part)


def is_person(relation: Relation) -> bool:
    """Whether it is a private person: by its VAT type, or by a first name without any VAT number.

    A person who is liable to VAT is a firm: it is invoiced, and a contact's VAT number cannot be written.
    """
    if relation.vat_nr.strip():
        return relation.vat_type in _PRIVATE and vat_key(relation.vat_nr, relation.country or None) is None
    return relation.vat_type in _PRIVATE or (bool(relation.first_name.strip()) and relation.vat_type != 1)


def draft(relation: Relation, default_term: PaymentTermRecord | None) -> Draft | NotDrafted | None:
    """What would be made of the relation; None for one without a key, which nothing can be linked to.

    `default_term`: the payment term that a new customer gets in Teamleader.
    """
    key = relation.relation_identification_service_data.relation_key
    if key is None:
        return None
    name = relation_name(relation)
    if relation.client is False:
        return NotDrafted(key.id, name, "supplier")
    if relation.active is False:
        return NotDrafted(key.id, name, "inactive")
    if not name:
        return NotDrafted(key.id, "", "no_name")
    losses: list[Loss] = []
    person = is_person(relation)
    fields: dict[str, Any] = _named(relation, person=person)
    fields["tags"] = [IMPORT_TAG]
    _add_vat(relation, fields, losses, person=person)
    _add_addresses(relation, fields, losses)
    _add_reach(relation, fields, losses, person=person)
    _add_bank(relation, fields, losses)
    _add_habits(relation, fields, losses, person=person)
    _tell_rest(relation, losses, default_term, person=person)
    return Draft(
        relation=key.id,
        external_number=relation.relation_identification_service_data.external_relation_id or 0,
        name=name,
        type="contact" if person else "company",
        fields=fields,
        losses=tuple(losses),
    )


def _named(relation: Relation, *, person: bool) -> dict[str, Any]:
    if not person:
        return {"name": relation_name(relation)}
    first, last = relation.first_name.strip(), relation.name.strip()
    if not last:  # Teamleader wants a last name
        return {"last_name": first}
    return {"first_name": first, "last_name": last} if first else {"last_name": last}


def country_of(relation: Relation) -> str:
    """Two letters, of the address or a checked VAT number, or of a Belgian VAT type; "" when nothing tells."""
    written = country_code(relation.country)
    if len(written) == 2 and written.isascii() and written.isalpha():
        return written
    key = vat_key(relation.vat_nr)
    if key:
        return country_of_key(key)
    return "BE" if relation.vat_type in (1, 7) and not written else ""


def _add_vat(relation: Relation, fields: dict[str, Any], losses: list[Loss], *, person: bool) -> None:
    written = relation.vat_nr.strip()
    if not written:
        return
    if person:
        why = _("The API does not take a VAT number for a contact.")
        losses.append(Loss("vat_number", written, why))
        return
    key = vat_key(written, country_of(relation) or None)
    fields["vat_number"] = key or written
    if key and key.startswith("BE"):
        fields["national_identification_number"] = key[2:]
    elif key is None and can_be_checked(written, country_of(relation) or "BE"):
        why = _("It fails its check; it is carried over as it is, to be corrected.")
        losses.append(Loss("vat_number", written, why))


def _add_addresses(relation: Relation, fields: dict[str, Any], losses: list[Loss]) -> None:
    country = country_of(relation)
    made = []
    main = (relation.street_and_nr, relation.postal_code, relation.city)
    if any(part.strip() for part in main):
        if country:
            made.append(_address("primary", main, country))
        else:
            losses.append(Loss("address", _line(main), _("It has no country, and Teamleader wants one.")))
    delivery = (relation.delivery_street_and_nr, relation.delivery_postal_code, relation.delivery_city)
    if any(part.strip() for part in delivery):
        there = country_code(relation.delivery_country) or country
        if len(there) == 2:
            made.append(_address("delivery", delivery, there))
        else:
            why = _("It has no country, and Teamleader wants one.")
            losses.append(Loss("delivery_address", _line(delivery), why))
    if made:
        fields["addresses"] = made


def _address(kind: str, parts: tuple[str, str, str], country: str) -> dict[str, Any]:
    line, postcode, city = (part.strip() or None for part in parts)
    return {
        "type": kind,
        "address": {"line_1": line, "postal_code": postcode, "city": city, "country": country},
    }


def _line(parts: tuple[str, ...]) -> str:
    return ", ".join(part.strip() for part in parts if part.strip())


def _add_reach(relation: Relation, fields: dict[str, Any], losses: list[Loss], *, person: bool) -> None:
    parts = [part for part in _BETWEEN.split(relation.email.strip()) if part]
    good = [part for part in parts if _EMAIL.fullmatch(part)]
    if good:
        fields["emails"] = [{"type": "primary", "email": good[0]}]
    losses += [Loss("email", part, _("It is no e-mail address.")) for part in parts if part not in good]
    losses += [Loss("email", part, _("Only the first address is carried over.")) for part in good[1:]]
    numbers = (
        ("phone", relation.telephone),
        # A company has no mobile number in Teamleader: it becomes a second telephone.
        ("mobile" if person else "phone", relation.mobile),
        ("fax", relation.fax),
    )
    telephones = [{"type": kind, "number": number.strip()} for kind, number in numbers if number.strip()]
    if telephones:
        fields["telephones"] = list({entry["number"]: entry for entry in reversed(telephones)}.values())[::-1]
    if relation.url.strip():
        fields["website"] = relation.url.strip()


def _add_bank(relation: Relation, fields: dict[str, Any], losses: list[Loss]) -> None:
    iban = relation.iban_account_nr.replace(" ", "").upper()
    if iban:
        fields["iban"] = iban
        if relation.bic_code.strip():
            fields["bic"] = relation.bic_code.strip().upper()
    elif relation.bank_account_nr.strip():
        why = _("It is a national account number, and Teamleader takes an IBAN.")
        losses.append(Loss("bank_account", relation.bank_account_nr.strip(), why))


def _add_habits(relation: Relation, fields: dict[str, Any], losses: list[Loss], *, person: bool) -> None:
    language = _LANGUAGES.get(relation.fact_language if relation.fact_language is not None else -1)
    if language:
        fields["language"] = language
    if relation.remarks.strip():
        fields["remarks"] = relation.remarks.strip()
    currency = relation.currency_code.strip().upper()
    if currency in ("", "EUR"):
        return
    if currency in _CURRENCIES and not person:
        fields["preferred_currency"] = currency
    else:
        why = (
            _("The API does not take a currency for a contact.")
            if person
            else _("Teamleader does not have this currency.")
        )
        losses.append(Loss("currency", currency, why))


def _tell_rest(
    relation: Relation, losses: list[Loss], default: PaymentTermRecord | None, *, person: bool
) -> None:
    """What the API has no place for."""
    term = _term(relation)
    if term is not None and (default is None or term != (default.type, default.days or 0)):
        why = _("The API does not take a payment term: Teamleader's default applies until it is set there.")
        losses.append(Loss("payment_term", _said(term), why))
    if relation.vat_type in _VAT_TYPES or (relation.vat_type == _NOT_LIABLE and not person):
        value = _VAT_TYPES.get(relation.vat_type or 0, "not subject to VAT")
        why = _("The API does not take a VAT type: set it in Teamleader, or with a file that is imported.")
        losses.append(Loss("vat_type", value, why))
    no_place = _("The API of Teamleader has no place for it.")
    texts: tuple[tuple[Lost, str], ...] = (
        ("contact_person", relation.contact_person),
        ("profession", relation.profession),
        ("peppol_id", relation.participant_id),
        ("search_fields", _line((relation.search_field1, relation.search_field2))),
        ("ledger_account", str(relation.default_booking_account_client or "")),
    )
    losses += [Loss(what, text.strip(), no_place) for what, text in texts if text.strip()]
    if relation.corporation_type and not person:
        why = _("Teamleader keeps a list of business types of its own.")
        losses.append(Loss("legal_form", str(relation.corporation_type), why))


def _term(relation: Relation) -> tuple[str, int] | None:
    if relation.expiration_days is None:
        return None
    if relation.expiration_type == 1:
        return "end_of_month", relation.expiration_days
    return ("after_invoice_date", relation.expiration_days) if relation.expiration_days else ("cash", 0)


def _said(term: tuple[str, int]) -> str:
    kind, days = term
    if kind == "cash":
        return _("cash")
    text = _("{days} days end of month") if kind == "end_of_month" else _("{days} days")
    return text.format(days=days)
