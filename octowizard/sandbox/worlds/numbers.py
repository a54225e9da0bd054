"""Invented numbers that pass every formal check: VAT numbers, IBANs, structured communications, UUIDs.

Not a validator: the practice company only makes such numbers, and it makes them by its own arithmetic, so that
a mistake in octowizard's checks cannot hide behind the same mistake here. Every function draws from the
`random.Random` it is given and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from uuid import UUID


def uuid(rng: Random) -> str:
    """A UUID in the formally right form of version 4."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def belgian_digits(rng: Random) -> str:
    """Ten digits of a Belgian enterprise number: 97 minus the first eight modulo 97 gives the last two.

    09 and 19 open ranges that the register has not begun to give out.
    """
    body = rng.choices(("09", "19"), (9, 1))[0] + f"{rng.randrange(1_000_000):06d}"
    return body + f"{97 - int(body) % 97:02d}"


def dotted(digits: str) -> str:
    """`0456789123` as Octopus writes it: `BE0456.789.123`."""
    return f"BE{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def iban(rng: Random) -> str:
    """A Belgian IBAN: the account number ends in its own modulo 97, the whole is checked by ISO 13616."""
    body = f"{rng.randint(63, 68):03d}{rng.randrange(10**7):07d}"
    return _iban("BE", body + f"{int(body) % 97 or 97:02d}")


def _iban(country: str, account: str) -> str:
    letters = "".join(str(ord(letter) - 55) for letter in country)
    return f"{country}{98 - int(account + letters + '00') % 97:02d}{account}"


def _dutch(rng: Random) -> str:
    while True:
        body = f"{rng.randint(80_000_000, 89_999_999)}"
        check = sum(int(digit) * weight for digit, weight in zip(body, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"NL{body}{check}B{rng.randint(1, 9):02d}"


def _luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def _french(rng: Random) -> str:
    siren = _luhn(f"{rng.randint(97_000_000, 98_999_999)}")
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _german(rng: Random) -> str:
    body = f"{rng.randint(980_00_000, 999_99_999)}"
    product = 10
    for digit in body:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return f"DE{body}{(11 - product) % 10}"


def _luxembourgish(rng: Random) -> str:
    body = f"{rng.randint(970_000, 989_999)}"
    return f"LU{body}{int(body) % 89:02d}"


def _british(rng: Random) -> str:
    body = f"{rng.randint(980_0000, 989_9999)}"
    weighted = sum(int(digit) * weight for digit, weight in zip(body, range(8, 1, -1), strict=True))
    return f"GB{body}{97 - weighted % 97:02d}"


def _swiss(rng: Random) -> str:
    weights = (5, 4, 3, 2, 7, 6, 5, 4)
    while True:
        body = f"{rng.randint(980_00_000, 999_99_999)}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
        if check != 10:
            digits = body + str(check % 11)
            return f"CHE-{digits[:3]}.{digits[3:6]}.{digits[6:]} MWST"


FOREIGN: dict[str, Callable[[Random], str]] = {
    "NL": _dutch,
    "FR": _french,
    "DE": _german,
    "LU": _luxembourgish,
    "GB": _british,
    "CH": _swiss,
}


def foreign(rng: Random, country: str) -> str | None:
    """A formally right VAT number of that country; None where there is no such thing (US)."""
    maker = FOREIGN.get(country)
    return maker(rng) if maker else None
