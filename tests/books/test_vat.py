"""The regime behind a rate of 0 %, from what its description says, in three languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.vat import Regime, regime_of

NOTHING = Decimal(0)


@pytest.mark.parametrize(
    ("description", "regime"),
    [
        # plainly zero
        ("0%", Regime.ZERO),
        ("0 % - Vrijgesteld", Regime.ZERO),
        ("Exonéré", Regime.ZERO),
        ("Exempt art. 44", Regime.ZERO),
        ("", Regime.ZERO),
        # domestic reverse charge
        ("MC", Regime.CO_CONTRACTOR),
        ("0% MC", Regime.CO_CONTRACTOR),
        ("Medecontractant", Regime.CO_CONTRACTOR),
        ("Cocontractant", Regime.CO_CONTRACTOR),
        ("Co-contractant", Regime.CO_CONTRACTOR),
        ("Contractor", Regime.CO_CONTRACTOR),
        ("Btw verlegd", Regime.CO_CONTRACTOR),
        ("Autoliquidation", Regime.CO_CONTRACTOR),
        ("VAT reverse charge", Regime.CO_CONTRACTOR),
        # goods within the EU
        ("CM", Regime.INTRA_GOODS),
        ("Intracommunautaire leveringen", Regime.INTRA_GOODS),
        ("Intra-Community supply of goods", Regime.INTRA_GOODS),
        ("Livraisons intracommunautaires", Regime.INTRA_GOODS),
        ("EU 0%", Regime.INTRA_GOODS),
        ("Leveringen binnen de EU", Regime.INTRA_GOODS),
        ("Livraison UE", Regime.INTRA_GOODS),
        ("Andere lidstaat", Regime.INTRA_GOODS),
        ("Autre État membre", Regime.INTRA_GOODS),
        ("Btw verlegd intracommunautair", Regime.INTRA_GOODS),
        # services within the EU
        ("VCMD", Regime.INTRA_SERVICES),
        ("Intracommunautaire diensten", Regime.INTRA_SERVICES),
        ("Prestations de services intracommunautaires", Regime.INTRA_SERVICES),
        ("Services to another EU member state", Regime.INTRA_SERVICES),
        ("Diensten EU - btw verlegd", Regime.INTRA_SERVICES),
        # outside the EU: several of these hold the letters EU
        ("EX", Regime.EXPORT),
        ("Export", Regime.EXPORT),
        ("Exportation", Regime.EXPORT),
        ("Uitvoer", Regime.EXPORT),
        ("Buiten EU", Regime.EXPORT),
        ("buiten de EU", Regime.EXPORT),
        ("Buiten de E.U.", Regime.EXPORT),
        ("Buiten de Europese Unie", Regime.EXPORT),
        ("Hors UE", Regime.EXPORT),
        ("Hors de l'UE", Regime.EXPORT),
        ("Hors de l’UE", Regime.EXPORT),
        ("Hors U.E.", Regime.EXPORT),
        ("Hors Union européenne", Regime.EXPORT),
        ("Hors de l'Union Européenne", Regime.EXPORT),
        ("Outside the EU", Regime.EXPORT),
        ("Outside EU - services", Regime.EXPORT),
        ("Outside the European Union", Regime.EXPORT),
        ("Non-EU", Regime.EXPORT),
        ("non UE", Regime.EXPORT),
        ("Niet-EU", Regime.EXPORT),
        ("Diensten buiten EU", Regime.EXPORT),
    ],
)
def test_the_kind_of_zero_percent_is_told_by_the_words(description: str, regime: Regime) -> None:
    assert regime_of(description, NOTHING) is regime
    assert regime_of(description.upper(), NOTHING) is regime


@given(st.text(max_size=40), st.decimals("0.01", "1"))
def test_a_positive_rate_is_national_whatever_its_words(description: str, rate: Decimal) -> None:
    assert regime_of(description, rate) is Regime.NATIONAL


@pytest.mark.parametrize(
    "word",
    ["Executive", "Contract", "McDonald", "Meubelen", "Neutraal", "Bleu", "Technicien", "Exclusief", "Queue"],
)
def test_letters_inside_another_word_decide_nothing(word: str) -> None:
    assert regime_of(f"0% {word}", NOTHING) is Regime.ZERO
