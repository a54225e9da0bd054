"""The customers themselves, as they are, before anybody writes them down: firms, their sisters, branches and people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tests.generator import numbers, words
from tests.generator.noise import slug

# Of a thousand customers.
PRIVATE, ONE_PERSON, ABROAD = 70, 110, 55
# Of a hundred firms: in a group of sisters; a branch of a chain; in an office building shared with others.
SISTERS, BRANCHES, SHARED_OFFICE = 7, 3, 3


@dataclass(slots=True)
class Address:
    """`other` names: street and town in the other language, where they have one."""

    street: str
    other_street: str
    house: str
    box: str
    postcode: str
    town: str
    other_town: str
    country: str


@dataclass(slots=True)
class Firm:
    """A customer. `person` (given, family) is its owner, or the customer itself where `private`.

    `core` is the name without legal form; `form` "" for a person. `trade_name` is what stands on the shop window.
    `digits` the VAT number without notation, "" where there is none. `mailbox` local part and domain.
    """

    core: str
    form: str
    old_form: str
    language: str
    person: tuple[str, str]
    private: bool
    own_name: bool
    trade_name: str
    digits: str
    address: Address
    domain: str
    mailbox: str
    phone: str
    mobile: str
    iban: str
    website: str


def _pick(rng: Random, choices: tuple[str, ...]) -> str:
    return choices[int(rng.random() * len(choices))]


def address(rng: Random, language: str) -> Address:
    """An address where that language is spoken; one in nine in Brussels."""
    house = str(int(rng.random() ** 2 * 240) + 1)
    if rng.random() < 0.12:
        house += rng.choice("ABC")
    box = str(rng.randrange(1, 30)) if rng.random() < 0.13 else ""
    if rng.random() < 0.11:
        dutch, french = rng.choice(words.BRUSSELS_STREETS)
        postcode, town, other = rng.choice(words.PLACES["brussels"])
        if language == "nl":
            return Address(dutch, french, house, box, postcode, town, other, "BE")
        return Address(french, dutch, house, box, postcode, other, town, "BE")
    street = _pick(rng, words.DUTCH_STREETS if language == "nl" else words.FRENCH_STREETS)
    places = words.PLACES[language]
    postcode, town, other = places[int(rng.random() * len(places))]
    return Address(street, street, house, box, postcode, town, other, "BE")


def _abroad(rng: Random, country: str) -> Address:
    streets, places = words.ABROAD[country]
    postcode, town = rng.choice(places)
    street = _pick(rng, streets)
    return Address(street, street, str(rng.randrange(1, 200)), "", postcode, town, town, country)


def phone(rng: Random, address: Address) -> str:
    """Digits with the country's code, without signs: a line of that place."""
    if address.country == "BE":
        zone = rng.choice(words.ZONES[address.postcode[0]])
        return "32" + zone[1:] + "".join(str(rng.randrange(10)) for _ in range(9 - len(zone)))
    code = {"NL": "31", "FR": "33", "DE": "49", "LU": "352"}[address.country]
    return code + str(rng.randrange(2, 9)) + f"{rng.randrange(10**7):07d}"


def mobile(rng: Random) -> str:
    """A Belgian mobile number."""
    return f"324{rng.randrange(70, 100)}{rng.randrange(10**6):06d}"


def _person(rng: Random, language: str) -> tuple[str, str]:
    families = words.DUTCH_FAMILIES if language == "nl" else words.FRENCH_FAMILIES
    return _pick(rng, words.GIVEN[language]), _pick(rng, families)


def _coined(rng: Random) -> str:
    text = "".join(_pick(rng, words.SYLLABLES) for _ in range(rng.choice((1, 2, 2)))) + _pick(
        rng, words.ENDINGS
    )
    return text.capitalize() if rng.random() < 0.8 else text.upper()


def _name(rng: Random, language: str, family: str) -> str:
    """What a firm calls itself, without its legal form."""
    kind = rng.random()
    trade = _pick(rng, words.TRADES[language])
    families = words.DUTCH_FAMILIES if language == "nl" else words.FRENCH_FAMILIES
    if kind < 0.22:
        return f"{trade} {family}" if rng.random() < 0.8 else f"{family} {trade}"
    if kind < 0.30:
        link = rng.choice(("&", "-", "en" if language == "nl" else "et"))
        return (
            f"{family} {link} {_pick(rng, families)}" if link != "-" else f"{family}-{_pick(rng, families)}"
        )
    if kind < 0.36:
        brothers = ("Gebroeders", "Gebr.") if language == "nl" else ("Frères", "Ets")
        return f"{brothers[0]} {family}" if rng.random() < 0.7 else f"{brothers[1]} {family}"
    if kind < 0.42:
        letters = "".join(rng.choice("ABCDEFGHIKLMNPRSTVW") for _ in range(rng.choice((2, 3, 3, 4))))
        return f"{letters} {rng.choice((trade, _pick(rng, words.DESCRIBED)))}"
    if kind < 0.50:
        place = rng.choice(words.PLACES[language])[1]
        return f"{trade} {place}"
    if kind < 0.58:
        article = rng.choice(("De", "'t", "Het") if language == "nl" else ("Le", "La", "Aux"))
        return f"{article} {_coined(rng) if rng.random() < 0.3 else trade} {family}"
    if kind < 0.80:
        return f"{_coined(rng)} {_pick(rng, words.DESCRIBED)}"
    return _coined(rng) if rng.random() < 0.5 else f"{_coined(rng)} {trade}"


def _free_domain(rng: Random, taken: set[str], core: str) -> str:
    domain = slug(core)[:24] or "firma"
    while domain in taken:
        domain += rng.choice(("online", "group", "shop", "bvba", "1", "2", "web", "pro", "x", "z"))
    taken.add(domain)
    return f"{domain}.example"


def firm(rng: Random, taken: set[str]) -> Firm:
    """One customer; its number and its domain are from now on taken."""
    draw = rng.random() * 1000
    language = "nl" if rng.random() < 0.62 else "fr"
    person = _person(rng, language)
    given, family = person
    if draw < PRIVATE:
        return _private(rng, language, person)
    if draw < PRIVATE + ABROAD:
        return _foreign(rng, taken)
    at = address(rng, language)
    own_name = draw < PRIVATE + ABROAD + ONE_PERSON
    core = f"{given} {family}" if own_name else _name(rng, language, family)
    form = rng.choices(words.FORMS[language], words.FORM_WEIGHTS)[0]
    trade_name = _coined(rng) if rng.random() < 0.5 else f"{_pick(rng, words.TRADES[language])} {family}"
    if own_name and rng.random() < 0.75:
        form = ("", "")
    has_domain = rng.random() < (0.35 if own_name else 0.8)
    domain = _free_domain(rng, taken, trade_name if own_name else core) if has_domain else ""
    if domain:
        box = rng.choice(("info", "info", "info", "contact", "admin", slug(given)))
        mailbox = f"{box}@{domain}"
    else:
        mailbox = _free_mail(rng, given, family)
    return Firm(
        core=core,
        form=form[0],
        old_form=form[1],
        language=language,
        person=person,
        private=False,
        own_name=own_name,
        trade_name=trade_name,
        digits=numbers.belgian(rng, taken),
        address=at,
        domain=domain,
        mailbox=mailbox,
        phone=phone(rng, at),
        mobile=mobile(rng),
        iban=numbers.iban(rng),
        website=f"www.{domain}" if domain else "",
    )


def _free_mail(rng: Random, given: str, family: str) -> str:
    between = rng.choice((".", "", "_"))
    number = str(rng.randrange(100)) if rng.random() < 0.5 else ""
    return f"{slug(given)}{between}{slug(family)}{number}@{rng.choice(words.MAIL_PROVIDERS)}"


def _private(rng: Random, language: str, person: tuple[str, str]) -> Firm:
    at = address(rng, language)
    return Firm(
        core=" ".join(person),
        form="",
        old_form="",
        language=language,
        person=person,
        private=True,
        own_name=True,
        trade_name="",
        digits="",
        address=at,
        domain="",
        mailbox=_free_mail(rng, *person),
        phone=phone(rng, at),
        mobile=mobile(rng),
        iban=numbers.iban(rng),
        website="",
    )


def _foreign(rng: Random, taken: set[str]) -> Firm:
    country = rng.choices(tuple(numbers.ABROAD), (50, 28, 14, 8))[0]
    at = _abroad(rng, country)
    language = "fr" if country in ("FR", "LU") else "nl"
    person = _person(rng, language)
    core = _name(rng, language, person[1]) if country != "DE" else f"{_coined(rng)} {person[1]}"
    form = rng.choice(words.FOREIGN_FORMS[country])
    domain = _free_domain(rng, taken, core)
    return Firm(
        core=core,
        form=form,
        old_form=form,
        language=language,
        person=person,
        private=False,
        own_name=False,
        trade_name="",
        digits=numbers.ABROAD[country](rng),
        address=at,
        domain=domain,
        mailbox=f"info@{domain}",
        phone=phone(rng, at),
        mobile="",
        iban="",
        website=f"www.{domain}",
    )


def population(rng: Random, count: int) -> list[Firm]:
    """`count` customers: some in groups of sisters, some branches of a chain, some behind one door with others."""
    made: list[Firm] = []
    taken: set[str] = set()
    doors: list[Address] = [
        address(rng, "nl" if rng.random() < 0.6 else "fr") for _ in range(count // 600 + 1)
    ]
    while len(made) < count:
        one = firm(rng, taken)
        made.append(one)
        if one.private or one.own_name or one.address.country != "BE":
            continue
        draw = rng.random() * 100
        if draw < SISTERS / 2:
            made.extend(_sisters(rng, one, taken))
        elif draw < SISTERS / 2 + BRANCHES:
            _join_chain(rng, one)
        elif draw < SISTERS / 2 + BRANCHES + SHARED_OFFICE:
            one.address = replace(rng.choice(doors), box=str(rng.randrange(1, 60)))
    del made[count:]
    return made


def _sisters(rng: Random, one: Firm, taken: set[str]) -> list[Firm]:
    """One to three more firms of the same people: own number and account; roof, mailbox and line often shared."""
    first = one.core.split()[0] if rng.random() < 0.5 else one.core
    stems = {first, one.core, one.person[1], f"{one.person[1]} {one.person[0]}"}
    found: list[Firm] = []
    for word in rng.sample(words.GROUP_WORDS[one.language], rng.choice((1, 1, 2, 3))):
        stem = rng.choice(sorted(stems))
        form = rng.choices(words.FORMS[one.language], words.FORM_WEIGHTS)[0]
        found.append(
            replace(
                one,
                core=f"{stem} {word}" if rng.random() < 0.8 else f"{word} {stem}",
                form=form[0],
                old_form=form[1],
                trade_name="",
                digits=numbers.belgian(rng, taken),
                iban=numbers.iban(rng),
                address=one.address if rng.random() < 0.8 else address(rng, one.language),
                phone=one.phone if rng.random() < 0.75 else phone(rng, one.address),
                mailbox=one.mailbox if rng.random() < 0.7 or not one.domain else f"{slug(word)}@{one.domain}",
            )
        )
    return found


def _join_chain(rng: Random, one: Firm) -> None:
    chain = rng.choice(words.CHAINS)
    one.core = f"{chain} {one.address.town}"
    one.trade_name = chain
    one.domain = f"{slug(chain)}.example"
    one.website = f"www.{one.domain}"
    one.mailbox = f"{slug(one.address.town)}@{one.domain}" if rng.random() < 0.7 else f"info@{one.domain}"
