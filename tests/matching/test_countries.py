"""Countries by name or code."""

import json

import pytest
from babel.core import get_cldr_version
from stdnum.eu.vat import MEMBER_STATES

from octowizard.matching.countries import EU, VAT_AREA, country_code, vat_letters
from tests.matching import country_names

NAMES = {
    "BE": "be|België|België / Belgique|BELGIQUE|Belgium|Belgien|BEL|B| Be ",
    "NL": "Nederland|Pays-Bas|The Netherlands|Niederlande|Holland|NLD",
    "GB": "UK|Verenigd Koninkrijk|Royaume-Uni|United Kingdom|Vereinigtes Königreich|England|XI",
    "RO": "Roemenië|Roumanie|Romania|Rumänien|ROU",
    "GR": "EL|Griekenland|Grèce|Greece|Griechenland",
    "CZ": "Tsjechië|Tchéquie|République tchèque|Czech Republic|Tschechien",
    "CI": "Ivoorkust|Côte d’Ivoire|Côte d'Ivoire|Ivory Coast",
    "US": "Verenigde Staten|États-Unis|United States|USA|VS",
    "AX": "Åland|Ålandinseln|Åland Islands",
    "TR": "Turkije|Turquie|Turkey|Türkiye|Türkei",
    "": "| ",
    "NEDERLNAD": "Nederlnad",  # what nobody knows stays as it is
}


@pytest.mark.parametrize(("code", "names"), NAMES.items())
def test_a_country_is_known_by_its_names_in_four_languages(code: str, names: str) -> None:
    assert {name: country_code(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), code)


@pytest.mark.parametrize(
    "written", ["BE - België", "Belgium – België", "België | Belgique", "België (BE)", "BE-België"]
)
def test_a_country_in_two_languages_is_one(written: str) -> None:
    assert country_code(written) == "BE"


def test_the_eu_has_the_27_members_that_python_stdnum_knows() -> None:
    assert len(EU) == 27
    assert {code.upper() for code in MEMBER_STATES} - {"XI"} == EU
    assert not EU & {"GB", "XI", "CH", "NO", "US", "EL"}
    assert {"MC"} == VAT_AREA - EU


def test_a_country_without_a_check_has_no_letters() -> None:
    assert [vat_letters(code) for code in ("NO", "US", "Nederlnad", "", None)] == [""] * 5


def test_the_names_are_those_of_cldr() -> None:
    kept = country_names.FILE.read_text(encoding="utf-8")
    if json.loads(kept)["cldr"] != get_cldr_version():
        pytest.skip("Babel has another CLDR: python -m tests.matching.country_names writes its names")
    assert kept == country_names.written()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("A", "AT"),
        ("I", "IT"),
        ("VK", "GB"),
        ("Ver. Koninkrijk", "GB"),
        ("G.-D. Luxembourg", "LU"),
        ("Hongkong", "HK"),
        ("France métropolitaine", "FR"),
        ("España", "ES"),
        ("Česko", "CZ"),
        ("Guinea-Bissau", "GW"),
        ("XK", "XK"),
    ],
)
def test_a_country_is_known_by_the_letters_of_its_cars_and_its_own_name(written: str, code: str) -> None:
    assert country_code(written) == code
