"""Small lists of invented customers for the tests of matching: one firm by its fields, and many strangers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from octowizard.matching.engine import Matches
from octowizard.matching.evidence import Pair
from octowizard.matching.record import Customer

VAT = ("BE0403170701", "BE0202239951", "BE0473416418", "BE0417497106", "BE0400378485")
_SYLLABLES = (
    "ba",
    "do",
    "fi",
    "gru",
    "ka",
    "lor",
    "mi",
    "nex",
    "pol",
    "ra",
    "sti",
    "tu",
    "vel",
    "wo",
    "zan",
    "che",
)


def firm(
    key: str,
    name: str = "",
    *,
    vat: str = "",
    street: str = "",
    postcode: str = "",
    city: str = "",
    email: str = "",
    phone: str = "",
    iban: str = "",
    **more: str,
) -> Customer:
    """A customer with one mail, phone and account at most; `more` are other fields that hold one text."""
    fields: dict[str, object] = {
        "key": key,
        "name": name,
        "vat": vat,
        "street": street,
        "postcode": postcode,
        "city": city,
        "emails": (email,) if email else (),
        "phones": (phone,) if phone else (),
        "ibans": (iban,) if iban else (),
        **more,
    }
    return Customer(**fields)  # type: ignore[arg-type]  # the fields of `more` are as typed as the caller's


def word(number: int) -> str:
    """A word of its own for every number below 4,096."""
    parts = (_SYLLABLES[number % 16], _SYLLABLES[number // 16 % 16], _SYLLABLES[number // 256 % 16])
    return "".join(parts).capitalize()


def belgian(number: int) -> str:
    """A valid Belgian VAT number of its own for every number."""
    start = 10_000_000 + 7 * number
    return f"BE0{start % 10**7:07d}{97 - start % 10**7 % 97:02d}"


def strangers(count: int, first: int = 0) -> list[Customer]:
    """Firms that have nothing in common with each other, nor with the firms of the tests."""
    return [
        firm(
            f"stranger-{n}",
            f"{word(n)} {word(3 * n + 1)} bv",
            vat=belgian(n),
            street=f"{word(5 * n + 2)}straat {n + 1}",
            postcode=str(1000 + n % 9000),
            city=word(n % 300),
            email=f"{word(n)}@{word(n)}{n}.example".lower(),
            phone=f"+32 9 {2_000_000 + 37 * n}",
        )
        for n in range(first, first + count)
    ]


def found(matches: Matches) -> dict[tuple[int, int], Pair]:
    """The pairs by their places."""
    return {(pair.left, pair.right): pair for pair in matches}


def zone(matches: Matches, left: int, right: int) -> str:
    """The zone of one pair: *not* when it was not found."""
    pair = found(matches).get((left, right))
    return pair.zone if pair else "not"


def customers(rows: Sequence[Mapping[str, str]]) -> list[Customer]:
    """Rows of `generator.groups` as the matching takes them."""
    return [
        Customer(
            key=row["id"],
            name=row["name"],
            street=row["street"],
            postcode=row["postcode"],
            city=row["city"],
            phones=(row["phone"],) if row["phone"] else (),
        )
        for row in rows
    ]
