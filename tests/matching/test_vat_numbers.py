"""VAT numbers in every notation and of every country, and nothing that only looks like one."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from octowizard.matching.countries import EU
from octowizard.matching.vat_numbers import (
    can_be_checked,
    country_of_key,
    firm_key,
    is_intra_community,
    is_used_in,
    vat_key,
)

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
@example("BE0000055428", [*[""] * 11, ":", ""], False, False)  # its first nine digits are a number too
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
        ("GB980780685", "GB"),
        ("CHE107787578IVA", "CH"),
        ("CHE-107.787.57 MWST", "CH"),
        ("NO995525828MVA", "NO"),
        ("US041035768", "US"),
        ("041035768", "US"),
        ("TR4540536920", "TR"),
    ],
)
def test_a_number_that_no_check_upholds_links_nobody(number: str, country: str) -> None:
    assert vat_key(number, country) is None


@settings(deadline=None)  # the first country that is spelled out loads their names
@given(st.text(max_size=30), st.one_of(st.none(), st.sampled_from(["BE", "NL", "", "België", "xx"])))
def test_any_text_is_taken_without_a_fault_and_gives_a_key_that_stays_itself(
    text: str, country: str | None
) -> None:
    key = vat_key(text, country)
    assert key is None or vat_key(key) == key


# A number of each member state (published samples of python-stdnum), as its country writes it.
EVERYWHERE = {
    "AT": "ATU13585627",
    "BE": "BE0400000086",
    "BG": "BG175074752",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100931558",
    "ES": "ESB58378431",
    "FI": "FI20774740",
    "FR": "FRK7399859412",
    "GR": "EL094259216",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL123456789B13",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
}
# Where another country's numbers are used.
ELSEWHERE = {
    "MC": "FR40303265045",
    **dict.fromkeys(
        ("GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM", "WF", "PF", "NC", "TF"), "FR40303265045"
    ),
    "AX": "FI20774740",
    "IC": "ESB58378431",
    "EL": "EL094259216",
    "GB": "GB980780684",
    "UK": "GB980780684",
    "IM": "GB980780684",
    "XI": "XI980780684",
    "CH": "CHE107787577",
    "LI": "CHE107787577",
}


def test_the_table_holds_every_member_state() -> None:
    assert EVERYWHERE.keys() == EU


@pytest.mark.parametrize(("country", "key"), [*EVERYWHERE.items(), *ELSEWHERE.items()])
def test_a_number_without_its_country_s_letters_is_completed_from_the_address(country: str, key: str) -> None:
    rest = key.removeprefix("CHE") if key.startswith("CHE") else key[2:]
    words = f"BTW-nummer: {key[:2]} {key[2:]} - RPR Kortrijk"
    for written in (key, rest, f" {rest} ", f"{rest[:4]}.{rest[4:7]} {rest[7:]}", words, f"N° TVA {rest}"):
        assert vat_key(written, country) == key, written
    assert vat_key(key) == vat_key(key, "US") == key
    assert vat_key(key, country.lower()) == key
    assert is_used_in(key, country)
    assert can_be_checked(f"{rest}9", country) or country in ELSEWHERE


@pytest.mark.parametrize(
    ("written", "country", "key"),
    [
        ("BTW-nummer: BE 0403.170.701", "BE", "BE0403170701"),
        ("N° TVA BE 0403.170.701", "BE", "BE0403170701"),
        ("Numéro de TVA : BE 0403.170.701", "", "BE0403170701"),
        ("BE 0403.170.701 - RPR Kortrijk", "BE", "BE0403170701"),
        ("RPR Gent, afdeling Kortrijk 0403.170.701", "BE", "BE0403170701"),
        ("ＢＥ０４０３１７０７０１", "BE", "BE0403170701"),
        ("０４０３.１７０.７０１", "", "BE0403170701"),
        ("№ 0403170701 (btw)", "BE", "BE0403170701"),
        ("B.E. 0403/170/701", "NL", "BE0403170701"),
        ("TVA BE 0403.170.701 – GSM 0477 12 34 56", "BE", "BE0403170701"),
        ("Ondernemingsnummer: 0403.170.701", "België", "BE0403170701"),
        ("BE 0403.170.701 NV", "BE", "BE0403170701"),
        ("T.V.A. BE 0403.170.701 R.C. Kortrijk 12345", "BE", "BE0403170701"),
        ("BE0403170701 tel 056 11 22 33", "BE", "BE0403170701"),
        ("BTW BE 0403.170.701 RPR 0403.170.701", "BE", "BE0403170701"),
        ("HRB 12345 DE136695976", "DE", "DE136695976"),
        ("KvK 12345678 NL003660564B01", "BE", "NL003660564B01"),
        ("Siret 73282932000074 FR40303265045", "FR", "FR40303265045"),
        ("BE0403170701-BE0403170701", "BE", "BE0403170701"),
        ("0403.170.701 RPR Kortrijk, KBO 0403.170.701", "BE", "BE0403170701"),
        ("TVA FR 40 303 265 045 RCS Lyon B 303 265 045", "FR", "FR40303265045"),
        ("KvK 12345678 btw NL 1234.56.789.B.13", "NL", "NL123456789B13"),
        ("USt-IdNr.: DE 136 695 976", "Duitsland", "DE136695976"),
        ("VAT Reg No GB 980 7806 84", "United Kingdom", "GB980780684"),
        ("VAT No. 980 7806 84", "Royaume-Uni", "GB980780684"),
        ("P.IVA 00743110157", "Italië", "IT00743110157"),
        ("N.I.F. B-58378431", "Spanje", "ESB58378431"),
        ("UID: CHE-107.787.577 MWST", "Schweiz", "CHE107787577"),
        ("CH 107 787 577", "CH", "CHE107787577"),
        ("CHE-107.787.577 TVA", "FR", "CHE107787577"),
        ("VAT IE 6433435 F", "Ireland", "IE6433435F"),
        ("13585627", "Autriche", "ATU13585627"),
        ("ATU 13585627", "", "ATU13585627"),
        ("TVA intracommunautaire FR 40 303 265 045", "Monaco", "FR40303265045"),
        ("UK 980780684", "GB", "GB980780684"),
        ("094259216", "Griekenland", "EL094259216"),
    ],
)
def test_words_around_a_number_are_left_out(written: str, country: str, key: str) -> None:
    assert vat_key(written, country) == key


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("EU372022452", "FR"),
        ("EU372022452", None),
        ("EU 372 022 452", "IE"),
        ("OSS: EU372022452", "US"),
        ("IM3720224521", "IM"),
        ("IM 372 022 4521", "CN"),
        ("IOSS IM3720224521", "FR"),
    ],
)
def test_a_number_of_a_one_stop_shop_is_no_key(written: str, country: str | None) -> None:
    assert vat_key(written, country) is None


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("DE 136 695 977", "BE"),  # wrong in its own country: its digits alone are nobody's
        ("FR 0403170701", "BE"),
        ("BE0403170701 / BE0202239951", "BE"),  # whose?
        ("123456789B13", ""),
        ("123456789B13", "Nederlnad"),
        ("btw-plichtig sinds 2019", "BE"),
        ("²³", "BE"),
    ],
)
def test_what_is_not_certain_is_no_key(written: str, country: str) -> None:
    assert vat_key(written, country) is None


def test_a_british_firm_keeps_its_digits_in_northern_ireland_and_buys_goods_within_the_eu_there() -> None:
    assert country_of_key("XI980780684") == "GB"
    assert is_used_in("XI980780684", "GB")
    assert firm_key("XI980780684") == firm_key("GB980780684") == firm_key("GB980780684001")
    assert is_intra_community("XI980780684")
    assert not is_intra_community("XI980780684", services=True)
    assert not is_intra_community("GB980780684")


def test_only_firms_of_other_member_states_buy_without_vat() -> None:
    assert {code for code, key in EVERYWHERE.items() if is_intra_community(key)} == EU - {"BE"}
    assert not is_intra_community("CHE107787577")


@pytest.mark.parametrize(
    ("number", "country", "checked"),
    [
        ("BE0400000087", None, True),
        ("0400000087", "", True),
        ("FR00", "RE", True),
        ("980780685", "GB", True),
        ("CHE107787578", "CH", True),
        ("987654321", "MC", True),
        ("US-99", "US", False),
        ("no number", None, False),
        ("987654", "PF", False),  # a number of Tahiti
        (" - ", "BE", False),
    ],
)
def test_a_wrong_number_is_named_where_its_country_has_a_check(
    number: str, country: str | None, checked: bool
) -> None:
    assert can_be_checked(number, country) is checked
