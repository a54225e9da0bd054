"""`doubles`: two administrations that wrote down the same firms for years, each in its own way; none is linked.

Each firm that both know is written down twice, with what goes wrong on each side: legal forms of before 2019, slips
of the fingers, forms too short for a name, a move that one side did not hear of, the accountant's mailbox. Besides,
there are sisters of a firm under one roof and branches of one name. `answers["same"]` tells who is who, as [number of
the relation, id of the company], for whoever wants to hold a matching against it.
"""

from __future__ import annotations

import unicodedata
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.company import Making, begin
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of
from octowizard.sandbox.worlds.numbers import dotted

CUSTOMERS = 300
_IN_BOTH = 62  # of a hundred customers of one side, how many the other side has too
_SISTERS, _BRANCHES = 0.12, 0.05
_GROUP = ("Holding", "Invest", "Services", "Immo", "Logistics")
_OLD_FORMS = {"BV": "BVBA", "SRL": "SPRL", "CommV": "Comm.V", "CV": "CVBA", "SCS": "S.C.S."}
_SHORTER = (("straat", "str."), ("laan", "ln"), ("steenweg", "stwg"), ("Rue ", "R. "), ("Avenue", "Av."))
_ACCOUNTANT_MAIL = "dossiers@boekhouder.example.com"


@dataclass(frozen=True)
class _Office:
    """How often, of a record that an office keeps, something is so."""

    capitals: float
    no_form: float
    old_form: float
    slip: float
    no_accents: float
    too_long: float
    no_vat: float
    wrong_vat: float
    moved: float
    no_street: float
    no_mail: float
    accountant_mail: float
    no_phone: float
    no_iban: float


_ACCOUNTANT = _Office(  # `relation_of` writes names in capitals besides
    *(0.05, 0.15, 0.30, 0.06, 0.35, 0.05),  # the name
    *(0.13, 0.012, 0.02, 0.04),  # VAT number and address
    *(0.35, 0.03, 0.40, 0.55),  # mailbox, telephone, bank account
)
_SALES = _Office(*(0.03, 0.45, 0.10, 0.05, 0.20, 0.0), *(0.18, 0.010, 0.06, 0.10), *(0.20, 0.005, 0.25, 0.80))


def build(name: str, seed: int, customers: int | None, documents: int | None) -> World:
    """`customers` on each side. No documents: first it has to be found out who is who. ValueError when asked for."""
    if documents:
        raise ValueError("Scenario doubles has no documents: first it has to be found out who is who.")
    making = begin(name, seed, books.ready_dossier())
    chance = making.chance("doubles")
    count = CUSTOMERS if customers is None else customers
    both = count * _IN_BOTH // 100
    firms = _firms(making, chance, 2 * count - both)
    numbers: dict[str, int] = {}
    for firm in firms[:count]:
        typed = _written(making, chance, firm, _ACCOUNTANT)
        record = relation_of(chance, typed, expirationDays=30)
        numbers[firm.data["id"]] = add_relation(making.dossier, record, relation_moment(chance))
    theirs = [*firms[:both], *firms[count:]]
    chance.shuffle(theirs)
    for firm in theirs:
        typed = _written(making, chance, firm, _SALES)
        making.world.teamleader.companies[typed.data["id"]] = typed
    shared = [firm.data["id"] for firm in firms[:both]]
    making.world.answers["same"] = sorted([numbers[identity], identity] for identity in shared)
    return making.world


def _firms(making: Making, chance: Random, count: int) -> list[Kept]:
    """Customers as they are, before anybody writes them down: with sisters and branches, in no order."""
    firms = making.register.companies(chance, count)
    for place in range(1, count):
        firm, other = firms[place - 1 : place + 1]
        if not (firm.data["vat_number"] or "").startswith("BE") or " " not in firm.data["name"]:
            continue
        stem, form = firm.data["name"].rsplit(" ", 1)
        draw = chance.random()
        if draw < _SISTERS:
            name = f"{stem.split()[0]} {chance.choice(_GROUP)} {form}"
            firms[place] = deepcopy(firm)
            vat = f"BE{making.register.belgian_number(chance)}"
            own = {field: other.data[field] for field in ("id", "web_url")}
            firms[place].data |= {**own, "name": name, "vat_number": vat, "iban": None}
        elif draw < _SISTERS + _BRANCHES and other.address["country"] == "BE":
            other.data["name"] = f"{stem} {other.address['city']} {form}"
    chance.shuffle(firms)
    return firms


def _written(making: Making, chance: Random, firm: Kept, office: _Office) -> Kept:
    """The record that an office keeps of a firm."""

    def happens(rate: float) -> bool:
        return chance.random() < rate

    kept = deepcopy(firm)
    data, address = kept.data, kept.address
    data["name"] = _name(chance, data["name"], office)
    data["website"] = data["national_identification_number"] = None
    data["vat_number"] = None if happens(office.no_vat) else _vat(chance, data["vat_number"], office)
    if happens(office.moved) and address["country"] == "BE":
        address |= making.register.belgian_company(chance).address
    if happens(office.no_street):
        address["line_1"] = None
    elif happens(0.12):
        for long, short in _SHORTER:
            address["line_1"] = address["line_1"].replace(long, short)
    if happens(office.no_mail):
        data["emails"] = []
    elif happens(office.accountant_mail):
        data["emails"] = [{"type": "primary", "email": _ACCOUNTANT_MAIL}]
    if happens(office.no_phone):
        data["telephones"] = []
    elif happens(0.5):
        data["telephones"][0]["number"] = data["telephones"][0]["number"].replace(" ", "")
    if happens(office.no_iban):
        data["iban"] = data["bic"] = None
    return kept


def _name(chance: Random, name: str, office: _Office) -> str:
    stem, _, form = name.rpartition(" ")
    if form not in _OLD_FORMS and form not in ("NV", "SA", "VOF", "SC", "GmbH", "AG"):
        stem, form = name, ""
    if chance.random() < office.no_accents:
        plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().strip()
        stem = plain or stem
    if chance.random() < office.slip and len(stem) > 4:
        place = chance.randrange(1, len(stem) - 2)
        letters = stem[place : place + 2]
        slip = chance.choice((letters[::-1], letters[0], letters[0] + letters))
        stem = stem[:place] + slip + stem[place + 2 :]
    if " & " in stem and chance.random() < 0.4:
        stem = stem.replace(" & ", " en ")
    if chance.random() < office.no_form:
        form = ""
    elif chance.random() < office.old_form:
        form = _OLD_FORMS.get(form, form)
    parts = (form, stem) if chance.random() < 0.12 else (stem, form)
    name = " ".join(part for part in parts if part)
    if chance.random() < office.capitals:
        name = name.upper()
    return name[:24].rstrip() if chance.random() < office.too_long else name


def _vat(chance: Random, number: str | None, office: _Office) -> str | None:
    if not number or not number.startswith("BE"):
        return number
    digits = "".join(filter(str.isdecimal, number))
    if chance.random() < office.wrong_vat:
        digits = digits[:-2] + digits[-1] + digits[-2]
    return chance.choice((f"BE{digits}", dotted(digits), f"BE {dotted(digits)[2:]}", digits))
