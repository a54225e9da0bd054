"""How a customer is written down: by an accountant's office (left), by a sales office (right), each in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.generator import words
from tests.generator.firms import Address, Firm, address, phone
from tests.generator.noise import (
    initials,
    scanned,
    shortened_street,
    slip,
    slug,
    without_accents,
)

Row = dict[str, str]
COLUMNS = ("id", "name", "vat", "street", "postcode", "city", "country", "email", "phone", "iban", "type")


@dataclass(frozen=True, slots=True)
class Habits:
    """How often, of one record, something is so. `capitals`: the whole name; `width`: letters the form had room for."""

    no_vat: float
    false_vat: float
    no_form: float
    old_form: float
    capitals: float
    slip: float
    scan: float
    trade_name: float
    no_accents: float
    width: float
    no_street: float
    no_postcode: float
    short_street: float
    other_language: float
    moved: float
    no_mail: float
    other_mail: float
    accountant: float
    no_phone: float
    other_phone: float
    no_iban: float
    other_iban: float
    dated_country: float


ACCOUNTANT = Habits(
    no_vat=0.13, false_vat=0.012, no_form=0.15, old_form=0.30, capitals=0.42, slip=0.04, scan=0.02, trade_name=0.01,
    no_accents=0.35, width=0.05, no_street=0.04, no_postcode=0.02, short_street=0.15, other_language=0.25, moved=0.02,
    no_mail=0.35, other_mail=0.12, accountant=0.03, no_phone=0.40, other_phone=0.10, no_iban=0.55, other_iban=0.05,
    dated_country=0.02,
)  # fmt: skip
SALES = Habits(
    no_vat=0.18, false_vat=0.010, no_form=0.45, old_form=0.10, capitals=0.03, slip=0.05, scan=0.0, trade_name=0.05,
    no_accents=0.20, width=0.0, no_street=0.10, no_postcode=0.06, short_street=0.10, other_language=0.25, moved=0.06,
    no_mail=0.20, other_mail=0.22, accountant=0.005, no_phone=0.25, other_phone=0.20, no_iban=0.80, other_iban=0.05,
    dated_country=0.25,
)  # fmt: skip


def written(rng: Random, firm: Firm, habits: Habits, identity: str) -> Row:
    """The record that somebody with these habits keeps of a customer."""
    chance = rng.random
    at = firm.address
    if chance() < habits.moved and at.country == "BE":
        at = address(rng, firm.language)
    other_language = at.country == "BE" and chance() < habits.other_language
    street, town = (at.other_street, at.other_town) if other_language else (at.street, at.town)
    row: Row = {
        "id": identity,
        "name": _name(rng, firm, habits),
        "vat": _vat(rng, firm, habits),
        "street": "" if chance() < habits.no_street else _street(rng, street, at, habits),
        "postcode": "" if chance() < habits.no_postcode else _postcode(rng, at),
        "city": _town(rng, town, habits),
        "country": "" if chance() < habits.dated_country else at.country,
        "email": _mail(rng, firm, habits),
        "phone": _phone(rng, firm, habits),
        "iban": _iban(rng, firm, habits),
        "type": "",
    }
    if not row["street"] and chance() < 0.6:
        row["postcode"] = row["city"] = ""
    return row


def contact(rng: Random, firm: Firm, identity: str) -> Row:
    """Somebody who works for a firm: its address, mail domain and line, and a name of its own."""
    families = words.DUTCH_FAMILIES if firm.language == "nl" else words.FRENCH_FAMILIES
    given = rng.choice(words.GIVEN[firm.language])
    family = firm.person[1] if rng.random() < 0.3 else rng.choice(families)
    at = firm.address
    shared = rng.random() < 0.5
    mail = f"{slug(given)}.{slug(family)}@{firm.domain}" if firm.domain else firm.mailbox
    return {
        "id": identity,
        "name": f"{given} {family}",
        "vat": "",
        "street": f"{at.street} {at.house}" if shared else "",
        "postcode": at.postcode if shared else "",
        "city": at.town if shared else "",
        "country": at.country if shared else "",
        "email": mail if rng.random() < 0.8 else "",
        "phone": spelled_phone(rng, firm.phone if rng.random() < 0.4 else firm.mobile or firm.phone),
        "iban": "",
        "type": "contact",
    }


def _name(rng: Random, firm: Firm, habits: Habits) -> str:
    chance = rng.random
    core, given, family = firm.core, *firm.person
    if firm.own_name and (chance() < 0.45) == (habits is ACCOUNTANT):
        core = core.replace(f"{given} {family}", f"{family} {given}")
    if firm.own_name and not firm.private and firm.trade_name and chance() < 0.10:
        core = f"{core} - {firm.trade_name}" if chance() < 0.5 else f"{firm.trade_name} ({core})"
    elif not firm.private and firm.trade_name and chance() < habits.trade_name:
        core = firm.trade_name
    elif chance() < 0.03 and " " in family and family in core:
        core = core.replace(family, initials(family))
    if "&" in core and chance() < 0.4:
        core = core.replace("&", "en" if firm.language == "nl" else "et" if chance() < 0.8 else "+")
    core = _worn(rng, core, habits)
    form = _form(rng, firm, habits)
    if not form:
        name = core
    elif chance() < 0.12:
        name = f"{form} {core}"
    else:
        name = f"{core} {form}"
    if chance() < 0.015:
        name = f"{name} - {'t.a.v.' if firm.language == 'nl' else 'att.'} {given}"
    if chance() < habits.capitals:
        name = name.upper()
    elif chance() < 0.04:
        name = name.lower()
    if chance() < habits.width and len(name) > 24:
        name = name[:24].rstrip()
    return name


def _worn(rng: Random, core: str, habits: Habits) -> str:
    if rng.random() < habits.slip:
        core = slip(rng, core)
    if rng.random() < habits.scan:
        core = scanned(rng, core)
    if rng.random() < habits.no_accents:
        core = without_accents(core)
    return core


def _form(rng: Random, firm: Firm, habits: Habits) -> str:
    if not firm.form or rng.random() < habits.no_form:
        return ""
    form = firm.old_form if rng.random() < habits.old_form else firm.form
    if rng.random() < 0.02:
        form = words.TRANSLATED.get(form, form)
    draw = rng.random()
    if draw < 0.10:
        return ".".join(form) + "." if form.isupper() else form
    if draw < 0.18:
        return form.lower()
    return form


def _vat(rng: Random, firm: Firm, habits: Habits) -> str:
    digits = firm.digits
    if not digits or rng.random() < habits.no_vat:
        return ""
    if rng.random() < habits.false_vat:
        digits = slip(rng, digits)
    if not digits[0].isdigit():
        return digits if rng.random() < 0.7 else f"{digits[:2]} {digits[2:]}"
    dotted = f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
    draw = rng.random()
    if habits is ACCOUNTANT:
        if draw < 0.50:
            return f"BE{dotted}"
        if draw < 0.80:
            return f"BE{digits}"
        return f"BE {dotted}" if draw < 0.95 else dotted
    if draw < 0.45:
        return f"BE{digits}"
    if draw < 0.62:
        return f"BE {dotted}"
    if draw < 0.72:
        return dotted
    if draw < 0.82:
        return digits
    if draw < 0.87:
        return f"BE {digits[:4]} {digits[4:7]} {digits[7:]}"
    if draw < 0.91:
        return f"BTW BE {dotted}" if firm.language == "nl" else f"TVA BE {dotted}"
    if draw < 0.95:
        return f"be{digits}"
    return digits.lstrip("0") if draw < 0.98 else f"BE{digits.lstrip('0')}"


def _street(rng: Random, street: str, at: Address, habits: Habits) -> str:
    if rng.random() < habits.short_street:
        street = shortened_street(street)
    if rng.random() < habits.slip / 2:
        street = slip(rng, street)
    if rng.random() < habits.no_accents:
        street = without_accents(street)
    house, box = at.house, at.box
    if box and rng.random() < 0.3:
        box = ""
    if box:
        draw = rng.random()
        house = (
            f"{house} bus {box}" if draw < 0.5 else f"{house}/{box}" if draw < 0.8 else f"{house} bte {box}"
        )
    text = f"{house}, {street}" if at.country in ("FR", "LU") and rng.random() < 0.5 else f"{street} {house}"
    if text == f"{street} {house}" and rng.random() < 0.12:
        text = f"{street}, {house}"
    return text.upper() if rng.random() < habits.capitals / 2 else text


def _postcode(rng: Random, at: Address) -> str:
    draw = rng.random()
    if draw < 0.01:
        return slip(rng, at.postcode)
    if draw < 0.05 and at.country == "BE":
        return f"B-{at.postcode}"
    return at.postcode


def _town(rng: Random, town: str, habits: Habits) -> str:
    if rng.random() < habits.no_accents:
        town = without_accents(town)
    if rng.random() < habits.slip / 2:
        town = slip(rng, town)
    return town.upper() if rng.random() < habits.capitals / 2 else town


def _mail(rng: Random, firm: Firm, habits: Habits) -> str:
    if rng.random() < habits.no_mail:
        return ""
    if rng.random() < habits.accountant:
        return f"info@{rng.choice(words.ACCOUNTANTS)}.example"
    mail = firm.mailbox
    if rng.random() < habits.other_mail:
        given, family = firm.person
        if firm.domain:
            box = rng.choice(
                ("boekhouding", "facturatie", "administratie", "sales", slug(given), slug(family))
            )
            mail = f"{box}@{firm.domain}"
        else:
            mail = f"{slug(given)[:1]}{slug(family)}@{rng.choice(words.MAIL_PROVIDERS)}"
    if rng.random() < habits.slip / 4:
        mail = slip(rng, mail)
    return mail.capitalize() if rng.random() < 0.03 else mail


def _phone(rng: Random, firm: Firm, habits: Habits) -> str:
    if rng.random() < habits.no_phone:
        return ""
    if rng.random() < habits.other_phone:
        return spelled_phone(rng, firm.mobile or phone(rng, firm.address))
    return spelled_phone(rng, firm.phone)


def spelled_phone(rng: Random, digits: str) -> str:
    """A phone in one of the ways in which people write it."""
    code = 2 if digits[:3] != "352" else 3
    rest, draw = digits[code:], rng.random()
    if draw < 0.30:
        return f"+{digits[:code]} {rest[:-6]} {rest[-6:-4]} {rest[-4:-2]} {rest[-2:]}"
    if draw < 0.45:
        return f"+{digits}"
    if draw < 0.52:
        return f"00{digits}"
    if draw < 0.60:
        return f"+{digits[:code]} (0){rest[:-6]} {rest[-6:]}"
    if draw < 0.85:
        return f"0{rest[:-6]}/{rest[-6:-4]}.{rest[-4:-2]}.{rest[-2:]}"
    return f"0{rest}"


def _iban(rng: Random, firm: Firm, habits: Habits) -> str:
    if not firm.iban or rng.random() < habits.no_iban:
        return ""
    account = firm.iban
    if rng.random() < habits.other_iban:
        account = slip(rng, account)
    if rng.random() < 0.5:
        return " ".join(account[place : place + 4] for place in range(0, len(account), 4))
    return account
