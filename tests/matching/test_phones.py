"""One phone, however and from wherever it is written."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.matching.phones import phone_key


@pytest.mark.parametrize(
    ("country", "written", "key"),
    [
        ("GB", "020 7946 0958", "442079460958"),
        ("GB", "+44 (0)20 7946 0958", "442079460958"),
        ("BE", "0044 (0) 20 7946 0958", "442079460958"),
        ("", "+44 20 7946 0958", "442079460958"),
        ("RO", "021 312 34 56", "40213123456"),
        ("BE", "+40 21 312 34 56", "40213123456"),
        ("RO", "0721 123 456", "40721123456"),
        ("BE", "09/220.11.22", "3292201122"),
        ("BE", "+32 (0)9 220 11 22", "3292201122"),
        ("BE", "92201122", "3292201122"),  # a spreadsheet took its zero
        ("BE", "32 9 220 11 22", "3292201122"),
        ("BE", "09 220 11 22 ext. 12", "3292201122"),
        ("BE", "tel. 09 220 11 22", "3292201122"),
        ("BE", "09/220.11.22 (kantoor)", "3292201122"),
        ("BE", "09 220 11 22 Jan", "3292201122"),
        ("BE", "09 220 11 22 poste 3", "3292201122"),
        ("BE", "+32 9 220 11 22 (privé)", "3292201122"),
        ("BE", "0800 FLOWERS", ""),
        ("BE", "09 220 11 22 of 09 220 11 33", ""),  # two: neither is chosen
        ("BE", "\uff10\uff19\uff12\uff12\uff10\uff11\uff11\uff12\uff12", "3292201122"),
        ("BE", "\u0660\u0669 \u0662\u0662\u0660 \u0661\u0661 \u0662\u0662", "3292201122"),
        ("BE", "\uff10\uff19 220 11 22", "3292201122"),
        ("IT", "06 6982 1234", "390669821234"),
        ("BE", "+39 06 6982 1234", "390669821234"),
        ("ES", "912 345 678", "34912345678"),
        ("HU", "06 1 234 5678", "3612345678"),
        ("HU", "+36 1 234 5678", "3612345678"),
        ("US", "(212) 555-0123", "12125550123"),
        ("US", "1 212 555 0123", "12125550123"),
        ("LU", "26 12 34 56", "35226123456"),
        ("LU", "026/12.34.56", "35226123456"),  # as a Belgian writes it
        ("BE", "+352 026 12 34 56", "35226123456"),
        ("FR", "04 93 11 22 33", "33493112233"),
        ("DE", "0351 1234567", "493511234567"),
        ("FI", "09 1234567", "35891234567"),
        ("MC", "93 15 26 37", "37793152637"),
        ("", "020 7946 0958", "0322079460958"),  # none of Belgium: not one that is dialled
        ("FR", "089/63.05.29", "03389630529"),
        ("FR", "+3389630529", "03389630529"),
        ("RO", "09 220 11 2", "0409220112"),
        ("BE", "1234", ""),
        ("BE", "000000000", ""),
        ("BE", "n/a", ""),
        ("BE", "", ""),
        ("BE", "+32", ""),
    ],
)
def test_one_phone_in_every_notation(country: str, written: str, key: str) -> None:
    assert phone_key(written, country) == key


@settings(deadline=None)  # the first number loads the plans
@given(
    st.sampled_from(["BE", "NL", "FR", "DE", "GB", "RO", "IT", "ES", "LU", "CH", "DK", "HU", "SE", "US", ""]),
    st.sampled_from(["", "+", "00", "0", "+32", "0032", "+44", "+39", "06"]),
    st.text("0123456789", min_size=4, max_size=11),
)
def test_what_is_read_without_the_library_is_what_the_library_reads(
    country: str, start: str, digits: str
) -> None:
    key = phone_key(start + digits, country)
    if not key or key.startswith("0"):
        return
    number = phonenumbers.parse(start + digits, country or "BE")
    if number.italian_leading_zero and not phonenumbers.is_valid_number(number):
        number.italian_leading_zero = None  # a habit from home
        number.number_of_leading_zeros = None
    assert key == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
