"""Names and addresses as keys."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octowizard.matching.keys import address_key, name_key


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert (
        name_key("  Société  Générale, S.A. ") == name_key("societe GENERALE s a") == "societe generale s a"
    )
    assert name_key("Straße & Söhne") == "strasse sohne"
    assert name_key("Foo [BE] bvba") == "foo be bvba"
    assert name_key(None) == name_key("...") == ""


def test_an_address_is_the_same_whichever_name_comes_first() -> None:
    one = address_key("Jan Peeters", "Kerkstraat 1", "BE 9000")
    assert one == address_key("PEETERS, Jan", "kerkstraat  1", "be-9000")
    assert one != address_key("Jan Peeters", "Kerkstraat 11", "BE 9000")
    assert one != address_key("Jan Peeters", "Kerkstraat 1", "BE 9001")


@pytest.mark.parametrize(
    ("name", "street", "postcode"),
    [
        (None, "Kerkstraat 1", "9000"),
        ("Jan", None, "9000"),
        ("Jan", "Kerkstraat 1", None),
        ("Jan", " - ", "9000"),
        ("...", "Kerkstraat 1", "9000"),
        ("Jan", None, None),
    ],
)
def test_a_part_of_an_address_is_no_key(name: str | None, street: str | None, postcode: str | None) -> None:
    assert address_key(name, street, postcode) is None


@given(st.text(max_size=30))
@example("𝘈 ＦＯＯ")
def test_a_name_key_stays_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
