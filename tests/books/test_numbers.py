"""Document numbers and structured communications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.numbers import (
    bare,
    communication_digits,
    is_structured,
    sequence_of,
)


@pytest.mark.parametrize(
    ("number", "sequence"),
    [
        ("2026 / 15", 15),
        ("2026/15", 15),
        ("2026/0015", 15),
        (" 2026 / 15 ", 15),
        ("INV-2026 / 7", 7),
        ("A/2026/9", 9),
        ("/3", 3),
        ("15", None),
        ("2026 / ", None),
        ("2026 / 15b", None),
        ("", None),
    ],
)
def test_the_sequence_of_a_document_number_is_what_follows_the_slash(
    number: str, sequence: int | None
) -> None:
    assert sequence_of(number) == sequence


def test_a_number_with_and_without_blanks_is_the_same_number() -> None:
    assert bare("2026 / 15") == bare("2026/15") == bare(" 2026\u00a0/ 15\n") == "2026/15"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+++084/2613/66074+++", "084261366074"),
        ("+++202/6000/00192+++", "202600000192"),
        ("+++202/6000/09791+++", "202600009791"),
        ("+++000/0000/09797+++", "000000009797"),  # remainder 0 is written 97
        ("084261366074", "084261366074"),
        ("084/2613/66074", "084261366074"),
        ("***084/2613/66074***", "084261366074"),
        (" 084 2613 66074 ", "084261366074"),
    ],
)
def test_a_structured_communication_is_read_in_every_notation(text: str, digits: str) -> None:
    assert communication_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "+++145/2000/00135+++",  # seen in the wild; the right one ends in 17
        "+++000/0000/09700+++",  # remainder 0 is 97, never 00
        "+++000/0000/00198+++",  # and 98, 99 are no remainders at all
        "+++000/0000/00299+++",
        "000000000000",
        "+++084/2613/6607+++",
        "0842613660741",
        "2026 / 15",
        "",
        None,
    ],
)
def test_what_is_no_structured_communication_is_not_taken_for_one(text: str | None) -> None:
    assert communication_digits(text) is None


@given(st.integers(0, 10**10 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_never_makes_another_valid_communication(
    first: int, place: int, step: int
) -> None:
    digits = f"{first:010}{first % 97 or 97:02}"
    assert communication_digits(f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++") == digits
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert communication_digits(wrong) is None


@given(st.text(max_size=40))
def test_any_text_is_taken_without_a_fault(text: str) -> None:
    found = communication_digits(text)
    assert found is None or len(found) == 12
    sequence = sequence_of(text)
    assert sequence is None or sequence >= 0


@pytest.mark.parametrize(
    ("text", "structured"),
    [
        ("+++145/2000/00135+++", True),  # fails its check, and is meant as one
        ("***084/2613/66074***", True),
        (" 084/2613/66074 ", True),
        ("084261366074", True),
        ("+++084/2613/6607+++", True),  # a digit was lost
        ("+++084/2613/66074", True),  # the end was lost
        ("OGM 084/2613/66074", True),
        ("0842613660", False),
        ("2026 / 15", False),
        ("RF18539007547034", False),
        ("", False),
    ],
)
def test_what_is_meant_as_a_structured_communication_is_known_by_its_form(
    text: str, structured: bool
) -> None:
    assert is_structured(text) is structured
