"""Customers of the practice company: companies and contacts on the Teamleader side, relations on the Octopus side.

Nothing is sold here. Names are unique (ignoring case), VAT numbers and IBANs too, so that two records are the
same customer only where a scenario has made them so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from octowizard.sandbox.state import Dossier, Json, Kept, Relation, World
from octowizard.sandbox.teamleader.checks import iso
from octowizard.sandbox.teamleader.records import new_company, new_contact
from octowizard.sandbox.worlds import names, numbers
from octowizard.sandbox.worlds.settings import Settings

_LANGUAGES, _LANGUAGE_SHARES = ("nl", "fr", "de"), (60, 33, 7)
FACT_LANGUAGE = {"nl": 0, "fr": 1, "en": 2, "de": 3}
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
VAT_TYPE_NUMBER = {
    "vat_liable": 1,
    "intra_community_eu": 4,
    "outside_eu": 6,
    "private_person": 7,
    "exempted_from_vat": 10,
}
_PHONE = {"BE": "+32 9 000", "NL": "+31 20 000", "FR": "+33 1 99 00", "DE": "+49 30 000", "LU": "+352 000"}
_BEGINNING = datetime(2023, 1, 2, 8, 0, tzinfo=UTC)


@dataclass
class Register:
    """What new customers are made with: the settings of Teamleader, and the names and numbers already taken."""

    settings: Settings
    names: set[str] = field(default_factory=set)  # ignoring case
    numbers: set[str] = field(default_factory=set)  # VAT numbers and IBANs

    def take_name(self, wanted: str) -> bool:
        """True, and from now on taken, when nobody has this name yet."""
        name = wanted.casefold()
        free = name not in self.names
        self.names.add(name)
        return free

    def take_number(self, wanted: str) -> bool:
        """The same for a VAT number or IBAN."""
        free = wanted not in self.numbers
        self.numbers.add(wanted)
        return free

    def belgian_number(self, rng: Random) -> str:
        """Ten digits that nobody here has yet."""
        while not self.take_number(digits := numbers.belgian_digits(rng)):
            pass
        return digits

    def belgian_company(self, rng: Random, name: str | None = None, language: str | None = None) -> Kept:
        """A Belgian company that is liable to VAT."""
        language = language or _language(rng)
        name = name or self._firm_name(rng, language)
        address = _belgian_address(rng, language)
        digits = self.belgian_number(rng)
        dotted = numbers.dotted(digits)
        vat = rng.choice((f"BE{digits}", f"BE {dotted[2:]}", dotted))
        return self._company(rng, name, language, address, vat, "vat_liable")

    def foreign_company(self, rng: Random, country: str, name: str | None = None) -> Kept:
        """A company abroad with the VAT number its country gives; in the United States there is none."""
        language, form, families, places = names.ABROAD[country]
        tried = 0
        while name is None:
            family, trade = rng.choice(families), rng.choice(names.TRADES[language])
            place = rng.choice(places)[1]
            # A country has few names here; after some tries a branch number tells them apart.
            branch = f" {rng.randrange(2, 10_000)}" if tried > 10 else ""
            made = f"{family} {trade} {place}{branch} {form}"
            name = made if self.take_name(made) else None
            tried += 1
        postcode, city = rng.choice(places)
        vat = numbers.foreign(rng, country)
        while vat is not None and not self.take_number(vat):
            vat = numbers.foreign(rng, country)
        address = _address(_street(rng, language), postcode, city, country)
        vat_type = "intra_community_eu" if country in names.EUROPEAN_UNION else "outside_eu"
        return self._company(rng, name, language, address, vat, vat_type)

    def companies(self, rng: Random, count: int) -> list[Kept]:
        """`count` companies: first the names that break careless screens, then some abroad, then Belgian ones."""
        made: list[Kept] = []
        for country, language, name in names.SPECIAL[:count]:
            self.take_name(name)
            if country == "BE":
                made.append(self.belgian_company(rng, name, language))
            else:
                made.append(self.foreign_company(rng, country, name))
        abroad = min(count - len(made), max(len(_ABROAD_IN_TURN), count * 15 // 100))
        countries = islice(cycle(_ABROAD_IN_TURN), max(0, abroad))
        made += [self.foreign_company(rng, country) for country in countries]
        return made + [self.belgian_company(rng) for _ in range(count - len(made))]

    def contacts(self, rng: Random, count: int, employers: list[Kept]) -> list[Kept]:
        """`count` private persons; every fourth also works for one of the companies."""
        made = [self._contact(rng) for _ in range(count)]
        for kept in made[::4] if employers else ():
            company = {"type": "company", "id": rng.choice(employers).data["id"]}
            role = {"position": "Zaakvoerder", "secondary_position": None, "division": None}
            kept.data["companies"].append({**role, "decision_maker": True, "company": company})
        return made

    def _firm_name(self, rng: Random, language: str) -> str:
        """A Belgian firm's name that nobody here has yet."""
        while True:
            form = rng.choice(names.LEGAL_FORMS[language])
            last, other = (rng.choice(names.LAST_NAMES[language]) for _ in range(2))
            trade, place = rng.choice(names.TRADES[language]), rng.choice(names.PLACES[language])[1]
            shape = rng.randrange(4)
            if shape == 0:
                name = f"{trade} {last} {form}"
            elif shape == 1 and last != other:
                name = f"{last} & {other} {form}"
            elif shape == 2:
                name = f"{trade} {place} {form}"
            else:
                name = f"{trade} {last} {place} {form}"
            if self.take_name(name):
                return name

    def _person_name(self, rng: Random, language: str) -> tuple[str, str]:
        """First and last name of somebody not yet here."""
        while True:
            first, last = rng.choice(names.FIRST_NAMES[language]), rng.choice(names.LAST_NAMES[language])
            if rng.random() < 0.15:
                last = f"{last}-{rng.choice(names.LAST_NAMES[language])}"
            if self.take_name(f"{first} {last}"):
                return first, last

    def _company(
        self, rng: Random, name: str, language: str, address: Json, vat: str | None, vat_type: str
    ) -> Kept:
        """One company as `companies.info` shows it. `vat` as it is to be written."""
        identity = numbers.uuid(rng)
        added = _BEGINNING + timedelta(minutes=rng.randrange(60 * 24 * 1200))
        updated = added + timedelta(minutes=rng.randrange(60 * 24 * 60))
        mailbox = slug(name)
        digits = "".join(sign for sign in vat or "" if sign.isdigit())
        bank, belgian = None, address["country"] == "BE"
        if belgian and rng.random() < 0.4:
            bank = numbers.iban(rng)
            self.take_number(bank)
        emails = [{"type": "primary", "email": f"info@{mailbox}.example.com"}]
        if rng.random() < 0.3:
            emails.append({"type": "invoicing", "email": f"boekhouding@{mailbox}.example.com"})
        prefix = _PHONE.get(address["country"], "+44 20 7946 0")
        data = new_company(identity, name, self.settings.user, iso(added)) | {
            "vat_number": vat,
            "national_identification_number": digits if belgian and digits else None,
            "emails": emails,
            "telephones": [{"type": "phone", "number": f"{prefix} {_pair(rng)} {_pair(rng)}"}],
            "website": f"https://{mailbox}.example.com" if rng.random() < 0.5 else None,
            "addresses": [{"type": "primary", "address": {**address, "addressee": None}}],
            "iban": bank,
            "bic": "GKCCBEBB" if bank else None,
            "language": language,
            "payment_term": dict(rng.choice(self.settings.terms)) if rng.random() < 0.4 else None,
            "updated_at": iso(updated),
            "tags": rng.sample(("klant", "winkel", "groothandel", "bouw"), rng.randrange(3)),
            "marketing_mails_consent": rng.random() < 0.5,
        }
        return Kept(data, {"vat_type": vat_type})

    def _contact(self, rng: Random) -> Kept:
        """A private person living in Belgium, as `contacts.info` shows one."""
        language = _language(rng)
        first, last = self._person_name(rng, language)
        identity = numbers.uuid(rng)
        added = _BEGINNING + timedelta(minutes=rng.randrange(60 * 24 * 1200))
        address = _belgian_address(rng, language)
        data = new_contact(identity, last, iso(added)) | {
            "first_name": first,
            "emails": [{"type": "primary", "email": f"{slug(first)}.{slug(last)}@example.com"}],
            "telephones": [{"type": "mobile", "number": f"+32 470 00 {_pair(rng)} {_pair(rng)}"}],
            "addresses": [{"type": "primary", "address": {**address, "addressee": None}}],
            "gender": "unknown",
            "language": language,
            "payment_term": dict(rng.choice(self.settings.terms)) if rng.random() < 0.2 else None,
            "updated_at": iso(added + timedelta(minutes=rng.randrange(60 * 24 * 60))),
        }
        return Kept(data, {"vat_type": "private_person"})


def slug(name: str) -> str:
    """The letters and digits of a name, for an e-mail address; `klant` where it has no Latin letter."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:40].strip("-") or "klant"


def _language(rng: Random) -> str:
    return rng.choices(_LANGUAGES, _LANGUAGE_SHARES)[0]


def _pair(rng: Random) -> str:
    return f"{rng.randrange(100):02d}"


def _street(rng: Random, language: str) -> str:
    return f"{rng.choice(names.STREETS[language])} {rng.randint(1, 240)}"


def _belgian_address(rng: Random, language: str) -> Json:
    postcode, city = rng.choice(names.PLACES[language])
    return _address(_street(rng, language), postcode, city, "BE")


def _address(line: str, postcode: str, city: str, country: str) -> Json:
    return {"line_1": line, "postal_code": postcode, "city": city, "country": country, "area_level_two": None}


def bare_company(world: World, rng: Random, name: str) -> Kept:
    """A new company with nothing but a name, kept."""
    side, identity = world.teamleader, numbers.uuid(rng)
    while identity in side.companies or identity in side.recycled:
        identity = numbers.uuid(rng)
    side.companies[identity] = Kept(new_company(identity, name, side.me["id"], iso(world.clock.now())))
    return side.companies[identity]


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
    data, address = kept.data, kept.address
    person = kept.is_person
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
        "streetAndNr": address.get("line_1"),
        "postalCode": address.get("postal_code"),
        "city": address.get("city"),
        "country": kept.country,
        "telephone": next((entry["number"] for entry in data["telephones"]), None),
        "email": next((entry["email"] for entry in data["emails"]), None),
        "corporationType": _LEGAL_FORM_NUMBER.get(form, 0),
        "currencyCode": "EUR",
        "vatNr": octopus_vat(data["vat_number"]),
        "vatType": VAT_TYPE_NUMBER.get(kept.hidden.get("vat_type", ""), 0),
        "expirationType": 2,
        "expirationDays": 30,
        "factLanguage": FACT_LANGUAGE.get(data["language"] or "nl", 0),
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


def strangers(rng: Random, register: Register, dossier: Dossier, count: int, **changed: Any) -> None:
    """`count` relations that Teamleader does not know."""
    for _ in range(count):
        record = relation_of(rng, register.belgian_company(rng), **changed)
        add_relation(dossier, record, relation_moment(rng))


def relation_moment(rng: Random) -> datetime:
    """Some moment in 2025 at which a relation was last changed."""
    return datetime(2025, 1, 6, 8, 0, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 350))
