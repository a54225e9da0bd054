"""Sure keys: VAT numbers in every notation, and nothing that only looks like one."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from octowizard.matching.keys import address_key, name_key, vat_key

VALID = [
    "BE0400000086",
    "BE0765432146",
    "BE0800000174",
    "BE1000000021",
    "BE1012345646",
    "BE0999623008",
    "BE0899623035",
    "BE0000000097",
]
PUNCTUATION = st.text(alphabet=" .-/_,:\u00a0\t", max_size=2)


@st.composite
def belgian(draw: st.DrawFn) -> str:
    """A valid Belgian VAT number."""
    first = draw(st.integers(0, 19_999_999))
    return f"BE{first:08}{97 - first % 97:02}"


@pytest.mark.parametrize("number", VALID)
def test_a_right_belgian_number_links(number: str) -> None:
    assert vat_key(number) == number
    assert vat_key(number, "BE") == number
    assert vat_key(number, "NL") == number  # its own prefix outweighs the country of the address


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("BE0400000087", "checksum"),
        ("BE9999999917", "first digit"),
        ("BE040000086", "nine digits that are no old number"),
        ("BE04000000860", "too long"),
        ("BE04000000", "too short"),
        ("BE0X00000086", "a letter"),
        ("BE", "nothing but the country"),
        ("n.v.t.", "no number"),
        ("0", "no number"),
        ("", "nothing"),
        (None, "nothing"),
    ],
)
def test_what_is_no_belgian_number_links_nobody(number: str | None, why: str) -> None:
    assert vat_key(number) is None, why


@pytest.mark.parametrize(
    "text",
    [
        "BE 0400.000.086",
        "be0400000086",
        "0400.000.086",
        "0400000086",
        "400000086",
        "BE400.000.086",
        "BE 400 000 086",
        "BTW BE 0400.000.086",
        "BTW BE0400000086",
        "BTW: BE 0400-000-086",
        "TVA BE 0400.000.086",
        "VAT BE0400000086",
        "BTW-nr. BE 0400.000.086",
        "KBO 0400.000.086",
        "\u00a0BE\u00a00400\u202f000\u202f086 ",
    ],
)
def test_every_way_to_write_a_belgian_number_is_the_same_firm(text: str) -> None:
    assert vat_key(text, "BE") == vat_key(text) == "BE0400000086"


@given(belgian(), st.lists(PUNCTUATION, min_size=13, max_size=13), st.booleans(), st.booleans())
def test_no_punctuation_makes_another_firm_of_a_number(
    number: str, marks: list[str], small: bool, with_word: bool
) -> None:
    text = "".join(mark + letter for mark, letter in zip(marks, number, strict=False)) + marks[-1]
    text = ("BTW " if with_word else "") + (text.lower() if small else text)
    assert vat_key(text) == number
    assert vat_key(text[text.upper().index("E") + 1 :], "BE") == number  # without its country


@given(belgian(), st.integers(2, 11), st.integers(1, 9))
@example("BE0000000097", 2, 1)
def test_a_number_with_one_wrong_digit_links_nobody(number: str, place: int, step: int) -> None:
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert vat_key(wrong) is None
    assert vat_key(wrong[2:], "BE") is None


@given(belgian())
def test_an_old_number_of_nine_digits_is_the_same_firm(number: str) -> None:
    assume(number[2] == "0")
    assert vat_key(number[3:]) == vat_key(f"BE{number[3:]}") == number


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (("NL4495445B01", "NL004495445B01", "NL 004495445 B01", "nl004495445b01"), "NL004495445B01"),
        (("FR61954506077", "FR 61 954 506 077", "TVA FR61 954506077"), "FR61954506077"),
        (("DE136695976", "DE 136 695 976"), "DE136695976"),
        (("ATU13585627", "AT U13585627", "atu 135 856 27"), "ATU13585627"),
        (("LU15027442", "LU 150 274 42"), "LU15027442"),
        (("EL023456780", "GR023456780", "EL 23456780", "GR 23456780"), "EL023456780"),
        (("IT00743110157", "IT 00743110157"), "IT00743110157"),
    ],
)
def test_a_foreign_number_is_the_same_firm_in_every_notation(texts: tuple[str, ...], key: str) -> None:
    assert {vat_key(text) for text in texts} == {key}


@pytest.mark.parametrize(
    "number",
    ["NL004495446B01", "FR61954506078", "DE136695977", "ATU13585628", "EL023456781", "IT00743110158"],
)
def test_a_foreign_number_that_fails_its_own_check_links_nobody(number: str) -> None:
    assert vat_key(number) is None


def test_bare_digits_are_read_by_the_country_of_the_customer() -> None:
    assert vat_key("15027442", "LU") == "LU15027442"
    assert vat_key("136695976", "de") == "DE136695976"
    assert vat_key("023456780", "GR") == vat_key("023456780", "EL") == "EL023456780"
    assert vat_key("136695976") is None  # as a Belgian number its checksum is wrong
    assert vat_key("0400000086", "NL") is None  # a Belgian number, but the customer is Dutch: prove it


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("GB980780684", "GB"),
        ("980780684", "GB"),
        ("CHE107787577IVA", "CH"),
        ("CHE-107.787.577 MWST", "CH"),
        ("NO995525828MVA", "NO"),
        ("US041035768", "US"),
        ("041035768", "US"),
        ("TR4540536920", "TR"),
    ],
)
def test_a_number_from_outside_the_eu_links_nobody(number: str, country: str) -> None:
    assert vat_key(number, country) is None


@given(st.text(max_size=30), st.one_of(st.none(), st.sampled_from(["BE", "NL", "", "België", "xx"])))
def test_any_text_is_taken_without_a_fault_and_gives_a_key_that_stays_itself(
    text: str, country: str | None
) -> None:
    key = vat_key(text, country)
    assert key is None or vat_key(key) == key


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
