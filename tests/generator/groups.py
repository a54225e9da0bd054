"""One list in which a customer stands up to ten times, without VAT numbers: schools, care and shops as offices copy it.

Behind one door stand others that are not the same: the sections of a school, its parents' association, a caterer. And one name stands at many doors: the branches of a chain, the houses of an organisation.
"""

# The tables read best in wide lines.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.generator import words
from tests.generator.firms import Address, address, firm, phone
from tests.generator.noise import shortened_street, slip, without_accents
from tests.generator.records import spelled_phone

Row = dict[str, str]
COLUMNS = ("id", "name", "street", "postcode", "city", "phone")

# How often, of a thousand customers, it stands so many times: most once, a few ten times.
_TIMES = ((1, 420), (2, 260), (3, 130), (4, 75), (5, 45), (6, 28), (7, 18), (8, 12), (9, 7), (10, 5))
_SAINTS = {
    "nl": ("Sint-Jozef", "Sint-Pieter", "Heilig Hart", "Sint-Lodewijk", "Onze-Lieve-Vrouw", "Mariagaarde", "Don Bosco"),
    "fr": ("Saint-Joseph", "Saint-Pierre", "Sacré-Cœur", "Saint-Louis", "Notre-Dame", "Sainte-Marie", "Don Bosco"),
}  # fmt: skip
_HOUSES = {
    "nl": ("Basisschool {saint}", "Instituut {saint}", "College {saint}", "Kinderdagverblijf {coined}",
           "Woonzorgcentrum {coined}", "Buitenschoolse Opvang {town}", "Apotheek {family}", "Gemeentelijke Basisschool {town}",
           "Vrije Kleuterschool {street}"),
    "fr": ("École {saint}", "Institut {saint}", "Collège {saint}", "Crèche {coined}", "Maison de repos {coined}",
           "Accueil extrascolaire {town}", "Pharmacie {family}", "École communale {town}", "École maternelle {street}"),
}  # fmt: skip
# Another at the same door: {core} is the name of the house.
_BESIDE = {
    "nl": ("Oudercomité {core}", "{core} Lagere afdeling", "Kinderopvang {coined}", "Scouts {coined}", "Vriendenkring {core}",
           "{coined} Catering", "Sportclub {coined}", "Academie voor Muziek {town}"),
    "fr": ("Association de parents {core}", "{core} Section primaire", "Halte-garderie {coined}", "Scouts {coined}",
           "Amicale {core}", "{coined} Traiteur", "Club sportif {coined}", "Académie de Musique {town}"),
}  # fmt: skip
_ORGANISATIONS = {
    "nl": ("OCMW {town}", "Familiehulp", "Landelijke Kinderopvang", "KBC Bank", "Delhaize", "Wit-Gele Kruis", "Stad {town}"),
    "fr": ("CPAS de {town}", "Croix-Rouge", "Enfance et Famille", "BNP Paribas", "Delhaize", "Aide et Soins", "Ville de {town}"),
}  # fmt: skip
_SHORTER = (
    ("Basisschool", "BS"), ("Gemeentelijke", "Gem."), ("Woonzorgcentrum", "WZC"), ("Kinderdagverblijf", "KDV"),
    ("Buitenschoolse Opvang", "BKO"), ("Instituut", "Inst."), ("Sint-", "St.-"), ("Saint-", "St "), ("Institut", "Inst."),
    ("Maison de repos", "MR"), ("Onze-Lieve-Vrouw", "OLV"), ("Notre-Dame", "N.D."), ("École communale", "EC"),
    ("Association", "Assoc."), ("Pharmacie", "Pharm."), ("Apotheek", "Apoth."), ("Collège", "Coll."),
)  # fmt: skip


@dataclass(slots=True)
class Party:
    """A customer as it is. `part_of`: the organisation that its name may be written behind or before."""

    name: str
    part_of: str
    beside: bool
    language: str
    at: Address
    phone: str
    other_phone: str


def make_groups(rows: int, seed: int) -> tuple[list[Row], dict[str, int]]:
    """About `rows` rows, shuffled, and which customer each is, by its id."""
    rng = Random(f"groups/{rows}/{seed}")
    parties: list[Party] = []
    counts, weights = zip(*_TIMES, strict=True)
    made: list[tuple[int, Row]] = []
    while len(made) < rows:
        for party in _behind_one_door(rng):
            parties.append(party)
            times = rng.choices(counts, weights)[0]
            made += [(len(parties), _written(rng, party)) for _ in range(times)]
            if times > 2 and rng.random() < 0.4:
                made.append((len(parties), dict(made[-1][1])))  # letter for letter, from another export
    del made[rows:]
    rng.shuffle(made)
    truth: dict[str, int] = {}
    for number, (party_number, row) in enumerate(made, 1):
        row["id"] = f"G{number}"
        truth[row["id"]] = party_number
    return [row for _party, row in made], truth


def _behind_one_door(rng: Random) -> list[Party]:
    """A customer, and in one case of four others behind its door, or its branches behind others."""
    language = "nl" if rng.random() < 0.6 else "fr"
    at = address(rng, language)
    draw = rng.random()
    if draw < 0.35:
        made = firm(rng, set())
        name = f"{made.core} {made.form}".strip()
        return [Party(name, "", False, made.language, made.address, made.phone, phone(rng, made.address))]
    if draw < 0.47:
        return _branches(rng, language)
    name = _name(rng, rng.choice(_HOUSES[language]), language, at)
    line = phone(rng, at)
    part_of = _name(rng, rng.choice(_ORGANISATIONS[language]), language, at) if rng.random() < 0.4 else ""
    found = [Party(name, part_of, False, language, at, line, phone(rng, at))]
    if rng.random() < 0.5:
        for pattern in rng.sample(_BESIDE[language], rng.choice((1, 1, 2, 3))):
            beside = _name(rng, pattern, language, at, core=name)
            own = line if rng.random() < 0.6 else phone(rng, at)
            found.append(Party(beside, "", True, language, at, own, phone(rng, at)))
    return found


def _branches(rng: Random, language: str) -> list[Party]:
    """Houses of one organisation: the name with the place, or the name alone, one line for all or one each."""
    chain = _name(rng, rng.choice(_ORGANISATIONS[language]), language, address(rng, language))
    found = []
    head = ""
    for _ in range(rng.choice((2, 3, 4, 6))):
        at = address(rng, language)
        head = head or phone(rng, at)
        draw = rng.random()
        name = chain if draw < 0.2 else f"{chain} {at.town}" if draw < 0.6 else f"{chain} - {at.street}"
        line = head if rng.random() < 0.2 else phone(rng, at)
        found.append(Party(name, "", True, language, at, line, phone(rng, at)))
    return found


def _name(rng: Random, pattern: str, language: str, at: Address, core: str = "") -> str:
    families = words.DUTCH_FAMILIES if language == "nl" else words.FRENCH_FAMILIES
    coined = "".join(rng.choice(words.SYLLABLES) for _ in range(2)) + rng.choice(words.ENDINGS)
    return pattern.format(
        saint=rng.choice(_SAINTS[language]),
        coined=coined.capitalize(),
        town=at.town,
        family=rng.choice(families),
        street=at.street,
        core=core,
    )


def _written(rng: Random, party: Party) -> Row:
    """As one of many offices wrote it down."""
    chance = rng.random
    name, at = party.name, party.at
    if party.part_of and chance() < 0.35:
        name = rng.choice(
            (f"{party.part_of} - {name}", f"{name} ({party.part_of})", f"{party.part_of} {name}")
        )
    if chance() < 0.3:
        for long, short in _SHORTER:
            name = name.replace(long, short)
    if chance() < 0.15 and not party.beside and name.count(" ") >= 2:
        name = " ".join(name.split()[:-1]) if chance() < 0.5 else " ".join(name.split()[1:])
    if chance() < 0.07:
        name = slip(rng, name)
    if chance() < 0.25:
        name = without_accents(name)
    name = name.upper() if chance() < 0.2 else name
    other = chance() < 0.1
    street, town = (at.other_street, at.other_town) if other else (at.street, at.town)
    street = shortened_street(street) if chance() < 0.3 else street
    street = slip(rng, street) if chance() < 0.05 else street
    box = f" bus {at.box}" if at.box and chance() < 0.5 else ""
    house = at.house if chance() < 0.96 else ""
    text = f"{street} {house}{box}".strip() if chance() < 0.85 else f"{house} {street}".strip()
    line = party.phone if chance() < 0.85 else party.other_phone
    return {
        "id": "",
        "name": name,
        "street": "" if chance() < 0.05 else text,
        "postcode": "" if chance() < 0.15 else at.postcode,
        "city": "" if chance() < 0.3 else town,
        "phone": "" if chance() < 0.25 else spelled_phone(rng, line),
    }
