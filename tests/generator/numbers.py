"""Numbers with check digits, written by hand from the published rules: enterprise and VAT numbers, IBAN."""

from __future__ import annotations

from random import Random


def belgian(rng: Random, taken: set[str]) -> str:
    """Ten digits of an enterprise number that nobody has yet: the last two are 97 less the rest of the first eight."""
    while True:
        body = rng.randrange(2_010_000, 10_280_000)
        digits = f"{body:08d}{97 - body % 97:02d}"
        if digits not in taken:
            taken.add(digits)
            return digits


def dutch(rng: Random) -> str:
    """NL + nine digits that pass the test of eleven + B01."""
    while True:
        digits = [rng.randrange(1, 10), *(rng.randrange(10) for _ in range(7))]
        check = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"NL{''.join(map(str, digits))}{check}B0{rng.randrange(1, 3)}"


def french(rng: Random) -> str:
    """FR + key + SIREN (whose last digit is Luhn's)."""
    digits = [rng.randrange(3, 9), *(rng.randrange(10) for _ in range(7))]
    total = sum(digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits))
    siren = int("".join(map(str, digits)) + str(-total % 10))
    return f"FR{(12 + 3 * (siren % 97)) % 97:02d}{siren:09d}"


def german(rng: Random) -> str:
    """DE + eight digits + the check of ISO 7064, modulus 11, 10."""
    product, text = 10, ""
    for place in range(8):
        digit = rng.randrange(1 if place == 0 else 0, 10)
        text += str(digit)
        product = ((digit + product) % 10 or 10) * 2 % 11
    return f"DE{text}{(11 - product) % 10}"


def luxembourgish(rng: Random) -> str:
    """LU + six digits + their rest by 89."""
    body = rng.randrange(100_000, 1_000_000)
    return f"LU{body:06d}{body % 89:02d}"


ABROAD = {"NL": dutch, "FR": french, "DE": german, "LU": luxembourgish}


def iban(rng: Random) -> str:
    """A Belgian account: twelve digits, the last two the rest of the first ten by 97, and its IBAN."""
    body = rng.randrange(10**9, 10**10)
    national = f"{body:010d}{body % 97 or 97:02d}"
    return f"BE{98 - int(f'{national}111400') % 97:02d}{national}"
