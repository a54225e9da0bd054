"""What a company takes over from its duplicate, and whether the two may be made one at all. Pure.

Blanks are filled; tags, e-mail addresses, telephones and addresses are united; where both say something else, the
survivor keeps its own word and the other one is told. The rules of who may be merged stand here once more, whatever
list the pair comes from: never against two VAT numbers that differ, never on a name alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.locale import _
from octowizard.matching.ibans import iban_key
from octowizard.matching.keys import name_key
from octowizard.matching.phones import phone_key
from octowizard.matching.vat_numbers import firm_key, vat_key
from octowizard.teamleader.models import IMPORT_TAG, Company, TypedAddress

Agreement = Literal["vat_number", "email", "telephone", "iban", "address"]
Obstacle = Literal[
    "same_record",
    "vat_veto",
    "name_alone",
    "not_imported",
    "documents",
    "related_companies",
    "two_relations",
    "deactivated",
    "changed",
    "gone",
    "refused",
]

_NOT_ALNUM = re.compile(r"[^0-9a-z]")


class Fill(msgspec.Struct, frozen=True):
    """Something the survivor gets: `field` as the API names it, `value` as people read it."""

    field: str
    value: str


class Conflict(msgspec.Struct, frozen=True):
    """Both say something: the survivor keeps its own."""

    field: str
    kept: str
    lost: str


class Folded(NamedTuple):
    """`fields`: body of companies.update (whole lists); `added`: only what is new in it, to be taken back."""

    fields: dict[str, Any]
    added: dict[str, Any]
    fills: tuple[Fill, ...]
    conflicts: tuple[Conflict, ...]


class Blocked(msgspec.Struct, frozen=True):
    """Why two companies are not merged, in one sentence. `vendor_text`: the vendor's own words."""

    obstacle: Obstacle
    text: str
    vendor_text: str = ""


# --- may they be merged ----------------------------------------------------------------------------------


def numbers_of(company: Company) -> set[str]:
    """The checked VAT numbers a company goes by, its Belgian enterprise number among them."""
    home = _home(company)
    numbers = {vat_key(company.vat_number, home), vat_key(company.national_identification_number, home)}
    return {firm_key(number) for number in numbers if number}


def agreements(one: Company, other: Company) -> set[Agreement]:
    """What the two share beside their names."""
    agreed: set[Agreement] = set()
    if numbers_of(one) & numbers_of(other):
        agreed.add("vat_number")
    if _emails(one) & _emails(other):
        agreed.add("email")
    if _phones(one) & _phones(other):
        agreed.add("telephone")
    if iban_key(one.iban or "") and iban_key(one.iban or "") == iban_key(other.iban or ""):
        agreed.add("iban")
    if _places(one) & _places(other):
        agreed.add("address")
    return agreed


def forbidden(survivor: Company, gone: Company) -> Blocked | None:
    """The rules that no answer of the user overrides."""
    if survivor.id == gone.id:
        return Blocked("same_record", _("It is one and the same company."))
    ours, theirs = numbers_of(survivor), numbers_of(gone)
    if ours and theirs and not ours & theirs:
        text = _("Their VAT numbers differ ({ours}, {theirs}): these are two firms.")
        return Blocked(
            "vat_veto", text.format(ours=", ".join(sorted(ours)), theirs=", ".join(sorted(theirs)))
        )
    if not agreements(survivor, gone):
        return Blocked(
            "name_alone",
            _("Nothing but perhaps the name is the same: look at both, and merge them in Teamleader."),
        )
    return None


def not_bare(survivor: Company, gone: Company, documents: int) -> Blocked | None:
    """Why the API is not enough to merge them, although they are the same. `documents` hang on the one that goes."""
    if IMPORT_TAG not in gone.tags:
        text = _("{name} does not bear the tag {tag}: it may have a history that the API does not show.")
        return Blocked("not_imported", text.format(name=gone.name, tag=IMPORT_TAG))
    if documents:
        text = _("Invoices or credit notes are made out to {name}: merge them in Teamleader.")
        return Blocked("documents", text.format(name=gone.name))
    if gone.related_companies:
        text = _(
            "{name} is linked with other companies, which the API cannot link: merge them in Teamleader."
        )
        return Blocked("related_companies", text.format(name=gone.name))
    if survivor.status == "deactivated":
        text = _("{name} is deactivated: activate it first, or keep the other one.")
        return Blocked("deactivated", text.format(name=survivor.name))
    return None


# --- what is taken over ----------------------------------------------------------------------------------


def fold(survivor: Company, gone: Company) -> Folded:
    """What the survivor takes over. Folding a second time takes over nothing more."""
    fields: dict[str, Any] = {}
    added: dict[str, Any] = {}
    fills: list[Fill] = []
    conflicts: list[Conflict] = []
    if name_key(survivor.name) != name_key(gone.name):
        conflicts.append(Conflict("name", survivor.name, gone.name))
    for name, ours, theirs, bare in _texts(survivor, gone):
        if not theirs:
            continue
        if not ours:
            fields[name] = added[name] = theirs
            fills.append(Fill(name, theirs))
        elif bare(ours) != bare(theirs):
            conflicts.append(Conflict(name, ours, theirs))
    if survivor.iban and "bic" in fields and _bare(survivor.iban) != _bare(gone.iban):
        del fields["bic"], added["bic"]  # a bank's code belongs to its account
        fills = [fill for fill in fills if fill.field != "bic"]
    if gone.business_type is not None and survivor.business_type is None:
        fields["business_type_id"] = added["business_type_id"] = gone.business_type.id
        fills.append(Fill("business_type_id", gone.business_type.id))
    for name, whole, new, words in _lists(survivor, gone):
        if new:
            fields[name], added[name] = whole, new
            fills += [Fill(name, word) for word in words]
    _fold_custom_fields(survivor, gone, fields, added, fills)
    return Folded(fields, added, tuple(fills), tuple(conflicts))


def _texts(survivor: Company, gone: Company) -> Iterable[tuple[str, str, str, Callable[[str], str]]]:
    def number(text: str) -> str:
        return vat_key(text) or _bare(text)

    def site(text: str) -> str:
        return re.sub(r"^(https?://)?(www\.)?", "", text.strip().casefold()).rstrip("/")

    for name, bare in (
        ("vat_number", number),
        ("national_identification_number", number),
        ("website", site),
        ("iban", _bare),
        ("bic", _bare),
        ("language", _bare),
        ("preferred_currency", _bare),
        ("remarks", str.strip),
    ):
        yield name, (getattr(survivor, name) or "").strip(), (getattr(gone, name) or "").strip(), bare


def _lists(survivor: Company, gone: Company) -> Iterable[tuple[str, list[Any], list[Any], list[str]]]:
    """Name, the whole list to be written, what is new in it, and that in words."""
    emails = [e for e in gone.emails if e.email.casefold() not in _emails(survivor)]
    new_emails = [{"type": e.type, "email": e.email} for e in emails]
    yield (
        "emails",
        [{"type": e.type, "email": e.email} for e in survivor.emails] + new_emails,
        new_emails,
        [e.email for e in emails],
    )
    known = {key for t in survivor.telephones for key in (t.number, _phone(t.number, survivor))}
    phones = [t for t in gone.telephones if not known & {t.number, _phone(t.number, gone)}]
    new_phones = [{"type": t.type, "number": t.number} for t in phones]
    yield (
        "telephones",
        [{"type": t.type, "number": t.number} for t in survivor.telephones] + new_phones,
        new_phones,
        [t.number for t in phones],
    )
    new_addresses = _new_addresses(survivor, gone)
    yield (
        "addresses",
        [address_body(entry) for entry in survivor.addresses] + new_addresses,
        new_addresses,
        [in_words(entry["address"]) for entry in new_addresses],
    )
    tags = [tag for tag in gone.tags if tag not in survivor.tags]
    yield "tags", [*survivor.tags, *tags], tags, tags


def _new_addresses(survivor: Company, gone: Company) -> list[dict[str, Any]]:
    """Addresses the survivor does not have. A second primary one becomes a visiting address: there is one primary."""
    known = {_place(entry) for entry in survivor.addresses}
    primary = any(entry.type == "primary" for entry in survivor.addresses)
    new = []
    for entry in gone.addresses:
        if _place(entry) in known:
            continue
        known.add(_place(entry))
        body = address_body(entry)
        if entry.type == "primary" and primary:
            body["type"] = "visiting"
        new.append(body)
    return new


def address_body(entry: TypedAddress) -> dict[str, Any]:
    """An address as it is written."""
    address = entry.address
    body: dict[str, Any] = {
        "line_1": address.line_1,
        "postal_code": address.postal_code,
        "city": address.city,
        "country": address.country or "BE",  # read-only records may lack it, a write may not (contract)
    }
    if address.area_level_two is not None and address.area_level_two.id:
        body["area_level_two_id"] = address.area_level_two.id
    if address.addressee and entry.type != "primary":  # a primary address has no addressee (official)
        body["addressee"] = address.addressee
    return {"type": entry.type, "address": body}


def in_words(address: dict[str, Any]) -> str:
    """An address in one line."""
    place = " ".join(part for part in (address.get("postal_code"), address.get("city")) if part)
    return ", ".join(part for part in (address.get("line_1"), place, address.get("country")) if part)


def _fold_custom_fields(
    survivor: Company, gone: Company, fields: dict[str, Any], added: dict[str, Any], fills: list[Fill]
) -> None:
    filled = {field.definition.id for field in survivor.custom_fields if field.value not in (None, "", [])}
    new = [
        {"id": field.definition.id, "value": field.value}
        for field in gone.custom_fields
        if field.value not in (None, "", []) and field.definition.id not in filled
    ]
    if new:
        fields["custom_fields"] = added["custom_fields"] = new
        fields["custom_fields_update_strategy"] = "partial"  # else the rest would be wiped (official)
        fills += [Fill("custom_fields", str(field["value"])) for field in new]


def take_back(now: Company, added: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The body that takes back what a fold has added, and the fields that somebody changed since: those stay."""
    fields: dict[str, Any] = {}
    stay: list[str] = []
    for name, value in added.items():
        match name:
            case "emails":
                gone = {entry["email"].casefold() for entry in value}
                left = [e for e in now.emails if e.email.casefold() not in gone]
                if len(left) != len(now.emails):
                    fields[name] = [{"type": e.type, "email": e.email} for e in left]
            case "telephones":
                numbers = {_phone(entry["number"], now) for entry in value}
                kept = [t for t in now.telephones if _phone(t.number, now) not in numbers]
                if len(kept) != len(now.telephones):
                    fields[name] = [{"type": t.type, "number": t.number} for t in kept]
            case "addresses":
                places = {(entry["type"], in_words(entry["address"]).casefold()) for entry in value}
                bodies = [address_body(entry) for entry in now.addresses]
                rest = [b for b in bodies if (b["type"], in_words(b["address"]).casefold()) not in places]
                if len(rest) != len(bodies):
                    fields[name] = rest
            case "tags":
                tags = [tag for tag in now.tags if tag not in value]
                if len(tags) != len(now.tags):
                    fields[name] = tags
            case "custom_fields":
                present = {field.definition.id: field.value for field in now.custom_fields}
                ours = [field for field in value if present.get(field["id"]) == field["value"]]
                if ours:
                    fields[name] = [{"id": field["id"], "value": None} for field in ours]
                    fields["custom_fields_update_strategy"] = "partial"
            case _:
                _take_back_text(now, name, value, fields, stay)
    return fields, stay


def _take_back_text(now: Company, name: str, value: str, fields: dict[str, Any], stay: list[str]) -> None:
    if name == "business_type_id":
        present = now.business_type.id if now.business_type else None
    else:
        present = getattr(now, name)
    if not present:
        return
    if present != value or name == "language":  # a language can be changed and not be emptied (contract)
        stay.append(name)
    else:
        fields[name] = None


# --- keys ------------------------------------------------------------------------------------------------


def _emails(company: Company) -> set[str]:
    return {entry.email.casefold() for entry in company.emails if entry.email}


def _home(company: Company) -> str:
    """The country by which its numbers are read."""
    return next((entry.address.country for entry in company.addresses if entry.address.country), "")


def _phone(number: str, company: Company) -> str:
    return phone_key(number, _home(company)) or number


def _phones(company: Company) -> set[str]:
    return {key for t in company.telephones if (key := phone_key(t.number, _home(company)))}


def _place(entry: TypedAddress) -> tuple[str, str]:
    address = entry.address
    return name_key(address.line_1), name_key(address.postal_code).replace(" ", "")


def _places(company: Company) -> set[tuple[str, str]]:
    return {place for entry in company.addresses if all(place := _place(entry))}


def _bare(text: str | None) -> str:
    return _NOT_ALNUM.sub("", (text or "").casefold())
