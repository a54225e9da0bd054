"""Customers of the practice company: companies and contacts on the Teamleader side, relations on the Octopus side.

Nothing is sold here. Names are unique (ignoring case), VAT numbers and IBANs too, so that two records are the
same customer only where a scenario has made them so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from octowizard.sandbox.state import Dossier, Json, Kept, Relation, World
from octowizard.sandbox.teamleader.records import new_company, new_contact
from octowizard.sandbox.worlds import numbers
from octowizard.sandbox.worlds.names import (
    ABROAD,
    EUROPEAN_UNION,
    FIRST_NAMES,
    LAST_NAMES,
    LEGAL_FORMS,
    PLACES,
    SPECIAL,
    STREETS,
    TRADES,
)
from octowizard.sandbox.worlds.settings import Settings

_LANGUAGES = (("nl", 60), ("fr", 33), ("de", 7))
_FACT_LANGUAGE = {"nl": 0, "fr": 1, "en": 2, "de": 3}
_ABROAD_IN_TURN = ("NL", "US", "FR", "DE", "LU", "US", "CH", "NL")
_LEGAL_FORM_NUMBER = {
    "NV": 1,
    "BVBA": 2,
    "COMMV": 5,
    "VOF": 7,
    "BV": 9,
    "SRL": 21,
    "SA": 20,
    "GMBH": 11,
    "AG": 10,
}
_BEGINNING = datetime(2023, 1, 2, 8, 0, tzinfo=UTC)


@dataclass
class Taken:
    """Names and numbers that already belong to somebody."""

    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def name(self, wanted: str) -> bool:
        """True, and from now on taken, when nobody has this name yet."""
        return _add(self.names, wanted.casefold())

    def number(self, wanted: str) -> bool:
        """The same for a VAT number or IBAN."""
        return _add(self.numbers, wanted)


def _add(into: set[str], wanted: str) -> bool:
    if wanted in into:
        return False
    into.add(wanted)
    return True


def stamp(moment: datetime) -> str:
    """A date-time as Teamleader writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def slug(name: str) -> str:
    """The letters and digits of a name, for an e-mail address; `klant` where it has no Latin letter."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:40].strip("-") or "klant"


def _language(rng: Random) -> str:
    return rng.choices([name for name, _ in _LANGUAGES], [weight for _, weight in _LANGUAGES])[0]


def _belgian_address(rng: Random, language: str) -> Json:
    postcode, city = rng.choice(PLACES[language])
    return _address(f"{rng.choice(STREETS[language])} {rng.randint(1, 240)}", postcode, city, "BE")


def _address(line: str, postcode: str, city: str, country: str) -> Json:
    return {"line_1": line, "postal_code": postcode, "city": city, "country": country, "area_level_two": None}


def belgian_number(rng: Random, taken: Taken) -> str:
    """Ten digits that nobody here has yet."""
    while True:
        digits = numbers.belgian_digits(rng)
        if taken.number(digits):
            return digits


def firm_name(rng: Random, language: str, taken: Taken) -> str:
    """A Belgian firm's name that nobody here has yet."""
    while True:
        form = rng.choice(LEGAL_FORMS[language])
        last, other = rng.choice(LAST_NAMES[language]), rng.choice(LAST_NAMES[language])
        trade, place = rng.choice(TRADES[language]), rng.choice(PLACES[language])[1]
        shape = rng.randrange(4)
        if shape == 0:
            name = f"{trade} {last} {form}"
        elif shape == 1 and last != other:
            name = f"{last} & {other} {form}"
        elif shape == 2:
            name = f"{trade} {place} {form}"
        else:
            name = f"{trade} {last} {place} {form}"
        if taken.name(name):
            return name


def person_name(rng: Random, language: str, taken: Taken) -> tuple[str, str]:
    """First and last name of somebody not yet here."""
    while True:
        first, last = rng.choice(FIRST_NAMES[language]), rng.choice(LAST_NAMES[language])
        if rng.random() < 0.15:
            last = f"{last}-{rng.choice(LAST_NAMES[language])}"
        if taken.name(f"{first} {last}"):
            return first, last


def _written(rng: Random, digits: str) -> str:
    return rng.choice((f"BE{digits}", f"BE {numbers.dotted(digits)[2:]}", numbers.dotted(digits)))


def company(
    rng: Random,
    settings: Settings,
    taken: Taken,
    *,
    name: str,
    language: str,
    address: Json,
    vat: str | None,
    vat_type: str,
) -> Kept:
    """One company as `companies.info` shows it. `vat` as it is to be written."""
    identity = numbers.uuid(rng)
    added = _BEGINNING + timedelta(minutes=rng.randrange(60 * 24 * 1200))
    updated = added + timedelta(minutes=rng.randrange(60 * 24 * 60))
    mailbox = slug(name)
    digits = "".join(sign for sign in vat or "" if sign.isdigit())
    bank = None
    if address["country"] == "BE" and rng.random() < 0.4:
        bank = numbers.iban(rng)
        taken.number(bank)
    emails = [{"type": "primary", "email": f"info@{mailbox}.example.com"}]
    if rng.random() < 0.3:
        emails.append({"type": "invoicing", "email": f"boekhouding@{mailbox}.example.com"})
    data = new_company(identity, name, settings.user, stamp(added)) | {
        "vat_number": vat,
        "national_identification_number": digits if address["country"] == "BE" and digits else None,
        "emails": emails,
        "telephones": [{"type": "phone", "number": _phone(rng, address["country"])}],
        "website": f"https://{mailbox}.example.com" if rng.random() < 0.5 else None,
        "addresses": [{"type": "primary", "address": {**address, "addressee": None}}],
        "iban": bank,
        "bic": "GKCCBEBB" if bank else None,
        "language": language,
        "payment_term": dict(rng.choice(settings.terms)) if rng.random() < 0.4 else None,
        "updated_at": stamp(updated),
        "tags": rng.sample(("klant", "winkel", "groothandel", "bouw"), rng.randrange(3)),
        "marketing_mails_consent": rng.random() < 0.5,
    }
    return Kept(data, {"vat_type": vat_type})


def _phone(rng: Random, country: str) -> str:
    prefix = {
        "BE": "+32 9 000",
        "NL": "+31 20 000",
        "FR": "+33 1 99 00",
        "DE": "+49 30 000",
        "LU": "+352 000",
    }
    return f"{prefix.get(country, '+44 20 7946 0')} {rng.randrange(100):02d} {rng.randrange(100):02d}"


def bare_company(world: World, rng: Random, name: str) -> Kept:
    """A new company with nothing but a name, kept."""
    side, identity = world.teamleader, numbers.uuid(rng)
    while identity in side.companies or identity in side.recycled:
        identity = numbers.uuid(rng)
    side.companies[identity] = Kept(new_company(identity, name, side.me["id"], stamp(world.clock.now())))
    return side.companies[identity]


def contact(rng: Random, settings: Settings, taken: Taken) -> Kept:
    """A private person living in Belgium, as `contacts.info` shows one."""
    language = _language(rng)
    first, last = person_name(rng, language, taken)
    identity = numbers.uuid(rng)
    added = _BEGINNING + timedelta(minutes=rng.randrange(60 * 24 * 1200))
    address = _belgian_address(rng, language)
    data = new_contact(identity, last, stamp(added)) | {
        "first_name": first,
        "emails": [{"type": "primary", "email": f"{slug(first)}.{slug(last)}@example.com"}],
        "telephones": [
            {"type": "mobile", "number": f"+32 470 00 {rng.randrange(100):02d} {rng.randrange(100):02d}"}
        ],
        "addresses": [{"type": "primary", "address": {**address, "addressee": None}}],
        "gender": "unknown",
        "language": language,
        "payment_term": dict(rng.choice(settings.terms)) if rng.random() < 0.2 else None,
        "updated_at": stamp(added + timedelta(minutes=rng.randrange(60 * 24 * 60))),
    }
    return Kept(data, {"vat_type": "private_person"})


def belgian_company(
    rng: Random, settings: Settings, taken: Taken, name: str | None = None, language: str | None = None
) -> Kept:
    """A Belgian company that is liable to VAT."""
    language = language or _language(rng)
    return company(
        rng,
        settings,
        taken,
        name=name or firm_name(rng, language, taken),
        language=language,
        address=_belgian_address(rng, language),
        vat=_written(rng, belgian_number(rng, taken)),
        vat_type="vat_liable",
    )


def foreign_company(
    rng: Random, settings: Settings, taken: Taken, country: str, name: str | None = None
) -> Kept:
    """A company abroad with the VAT number its country gives; in the United States there is none."""
    language, form, families, places = ABROAD[country]
    tried = 0
    while name is None:
        family, trade, place = rng.choice(families), rng.choice(TRADES[language]), rng.choice(places)[1]
        # A country has few names here; after some tries a branch number tells them apart.
        branch = f" {rng.randrange(2, 10_000)}" if tried > 10 else ""
        made = f"{family} {trade} {place}{branch} {form}"
        name = made if taken.name(made) else None
        tried += 1
    postcode, city = rng.choice(places)
    vat = numbers.foreign(rng, country)
    while vat is not None and not taken.number(vat):
        vat = numbers.foreign(rng, country)
    return company(
        rng,
        settings,
        taken,
        name=name,
        language=language,
        address=_address(f"{rng.choice(STREETS[language])} {rng.randint(1, 240)}", postcode, city, country),
        vat=vat,
        vat_type="intra_community_eu" if country in EUROPEAN_UNION else "outside_eu",
    )


def companies(rng: Random, settings: Settings, taken: Taken, count: int) -> list[Kept]:
    """`count` companies: first the names that break careless screens, then some abroad, then Belgian ones."""
    made: list[Kept] = []
    for country, language, name in SPECIAL[:count]:
        taken.name(name)
        if country == "BE":
            made.append(belgian_company(rng, settings, taken, name, language))
        else:
            made.append(foreign_company(rng, settings, taken, country, name))
    abroad = min(count - len(made), max(len(_ABROAD_IN_TURN), count * 15 // 100))
    for place in range(abroad):
        country = _ABROAD_IN_TURN[place % len(_ABROAD_IN_TURN)]
        made.append(foreign_company(rng, settings, taken, country))
    made += [belgian_company(rng, settings, taken) for _ in range(count - len(made))]
    return made


def contacts(rng: Random, settings: Settings, taken: Taken, count: int, employers: list[Kept]) -> list[Kept]:
    """`count` private persons; every fourth also works for one of the companies."""
    made = [contact(rng, settings, taken) for _ in range(count)]
    for kept in made[::4]:
        if employers:
            employer = rng.choice(employers)
            kept.data["companies"].append(
                {
                    "position": "Zaakvoerder",
                    "secondary_position": None,
                    "division": None,
                    "decision_maker": True,
                    "company": {"type": "company", "id": employer.data["id"]},
                }
            )
    return made


def printed_name(kept: Kept) -> str:
    """The name as it stands on a document."""
    data = kept.data
    if "last_name" in data:
        return " ".join(part for part in (data["first_name"], data["last_name"]) if part)
    return str(data["name"])


def primary_address(kept: Kept) -> Json:
    """The primary address; every record made here has one."""
    found: Json = next(entry["address"] for entry in kept.data["addresses"] if entry["type"] == "primary")
    return found


def country_of(kept: Kept) -> str:
    """Two letters; BE when a record has no address."""
    for entry in kept.data["addresses"]:
        if entry["type"] == "primary":
            return str(entry["address"]["country"])
    return "BE"


_VAT_TYPE_NUMBER = {
    "vat_liable": 1,
    "intra_community_eu": 4,
    "outside_eu": 6,
    "private_person": 7,
    "exempted_from_vat": 10,
}


def octopus_vat(written: str | None) -> str | None:
    """A VAT number as Octopus writes it: dots in a Belgian one, a foreign one as it was typed."""
    if not written or not written.upper().startswith("BE"):
        return written
    digits = "".join(sign for sign in written if sign.isdigit())
    return numbers.dotted(digits) if len(digits) == 10 else written


def relation_of(rng: Random, kept: Kept, **changed: Any) -> Json:
    """What Octopus holds of a customer that an accountant typed in: same facts, its own way of writing.

    Without a key: `add_relation` gives it one. `changed` replaces fields (None drops one).
    """
    data, address = kept.data, primary_address(kept)
    person = "last_name" in data
    name = data["last_name"] if person else data["name"]
    if not person and rng.random() < 0.4:
        name = name.upper()
    elif not person and rng.random() < 0.3 and name.endswith(" BV"):
        name = name.removesuffix("BV") + "B.V."
    form = "" if person else str(data["name"]).rsplit(" ", 1)[-1].upper()
    record: Json = {
        "name": name,
        "client": True,
        "supplier": False,
        "streetAndNr": address["line_1"],
        "postalCode": address["postal_code"],
        "city": address["city"],
        "country": address["country"],
        "telephone": next((entry["number"] for entry in data["telephones"]), None),
        "email": next((entry["email"] for entry in data["emails"]), None),
        "corporationType": _LEGAL_FORM_NUMBER.get(form, 0),
        "currencyCode": "EUR",
        "vatNr": octopus_vat(data["vat_number"]),
        "vatType": _VAT_TYPE_NUMBER.get(kept.hidden.get("vat_type", ""), 0),
        "expirationType": 2,
        "expirationDays": 30,
        "factLanguage": _FACT_LANGUAGE.get(data["language"] or "nl", 0),
        "ibanAccountNr": data["iban"],
        "bicCode": data["bic"],
        "financialDiscount": False,
        "active": True,
    }
    if person:
        record["firstName"] = data["first_name"]
    record |= changed
    return {key: value for key, value in record.items() if value is not None}


def add_relation(dossier: Dossier, record: Json, modified: datetime) -> int:
    """Give the relation the next number of the dossier and keep it. Returns the number."""
    number = dossier.next_relation_id
    dossier.next_relation_id = number + 1
    record["relationIdentificationServiceData"] = {"relationKey": {"id": number}, "externalRelationId": 0}
    dossier.relations[number] = Relation(record, modified)
    return number


def strangers(
    rng: Random, settings: Settings, taken: Taken, dossier: Dossier, count: int, **changed: Any
) -> None:
    """`count` relations that Teamleader does not know."""
    for _ in range(count):
        add_relation(
            dossier, relation_of(rng, belgian_company(rng, settings, taken), **changed), relation_moment(rng)
        )


def relation_moment(rng: Random) -> datetime:
    """Some moment in 2025 at which a relation was last changed."""
    return datetime(2025, 1, 6, 8, 0, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 350))
