"""Countries by name or code."""

import pytest

from octowizard.matching.countries import EU, VAT_AREA, country_code, vat_letters


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[
            (name, "BE")
            for name in (
                "be",
                "België",
                "België / Belgique",
                "BELGIQUE",
                "Belgium",
                "Belgien",
                "BEL",
                "B",
                " Be ",
            )
        ],
        *[
            (name, "NL")
            for name in ("Nederland", "Pays-Bas", "The Netherlands", "Niederlande", "Holland", "NLD")
        ],
        *[
            (name, "GB")
            for name in ("UK", "Verenigd Koninkrijk", "Royaume-Uni", "United Kingdom", "England", "XI")
        ],
        *[(name, "RO") for name in ("Roemenië", "Roumanie", "Romania", "Rumänien", "ROU")],
        *[(name, "GR") for name in ("EL", "Griekenland", "Grèce", "Greece", "Griechenland")],
        *[
            (name, "CZ")
            for name in ("Tsjechië", "Tchéquie", "République tchèque", "Czech Republic", "Tschechien")
        ],
        *[(name, "CI") for name in ("Ivoorkust", "Côte d’Ivoire", "Côte d'Ivoire", "Ivory Coast")],
        *[(name, "US") for name in ("Verenigde Staten", "États-Unis", "United States", "USA", "VS")],
        *[(name, "AX") for name in ("Åland", "Ålandinseln", "Åland Islands")],
        *[(name, "TR") for name in ("Turkije", "Turquie", "Turkey", "Türkiye", "Türkei")],
        ("", ""),
        (None, ""),
        ("Nederlnad", "NEDERLNAD"),
        ("Belgische Congo", "BELGISCHECONGO"),
    ],
)
def test_a_country_is_known_by_its_names_in_four_languages(written: str | None, code: str) -> None:
    assert country_code(written) == code


def test_the_eu_has_27_members() -> None:
    assert len(EU) == 27
    assert not EU & {"GB", "XI", "CH", "NO", "US", "EL"}
    assert {"MC"} == VAT_AREA - EU


def test_a_country_without_a_check_has_no_letters() -> None:
    assert [vat_letters(code) for code in ("NO", "US", "Nederlnad", "", None)] == [""] * 5
