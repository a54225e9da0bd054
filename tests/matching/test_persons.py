"""Persons instead of firms: first and last names, dates of birth and national numbers, all with typing errors."""

from __future__ import annotations

from random import Random

from octowizard.matching.engine import match
from octowizard.matching.record import Customer
from tests.matching.firms import firm, word

PERSONS = 400


def slip(rng: Random, text: str) -> str:
    """The text with a letter missing, doubled or changed, or two swapped."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + rng.choice("aeioust0123") + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def written(rng: Random, person: dict[str, str], key: str) -> Customer:
    """The person with up to three fields wrong, missing or, of the names, swapped."""
    said = dict(person)
    for field in rng.sample(sorted(said), rng.randrange(4)):
        said[field] = "" if rng.random() < 0.3 else slip(rng, said[field])
    first, last = said.pop("first"), said.pop("last")
    if rng.random() < 0.1:
        first, last = last, first
    return firm(key, f"{first} {last}".strip(), first_name=first, **said)


def lists(seed: int) -> tuple[list[Customer], list[Customer]]:
    """Everybody once in each list, in the same place; many share a first name, a street or a town."""
    rng = Random(seed)
    left, right = [], []
    for n in range(PERSONS):
        person = {
            "first": word(rng.randrange(60)),
            "last": word(100 + rng.randrange(500)),
            "number": str(rng.randrange(1, 200)),
            "street": f"{word(800 + rng.randrange(300))} street",
            "postcode": str(2000 + 7 * rng.randrange(200)),
            "city": word(1200 + rng.randrange(150)),
            "region": rng.choice(("nsw", "vic", "qld")),
            "born": f"19{rng.randrange(20, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}",
            "national": str(rng.randrange(10**6, 10**7)),
        }
        left.append(written(rng, person, f"l{n}"))
        right.append(written(rng, person, f"r{n}"))
    return left, right


def test_nearly_everybody_is_found_and_nobody_taken_for_another() -> None:
    pairs = list(match(*lists(1)))
    right = sum(pair.left == pair.right for pair in pairs)
    assert 2 * right / (len(pairs) + PERSONS) > 0.995
    assert all(pair.left == pair.right for pair in pairs if pair.zone == "sure")
    assert sum(pair.zone == "sure" for pair in pairs) > 0.85 * PERSONS
