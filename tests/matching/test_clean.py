"""What is taken for the same text: Belgian names, streets, towns, numbers and phones however they are written."""

from __future__ import annotations

import pytest

from octowizard.matching.clean import Table, clean
from octowizard.matching.record import Customer
from tests.matching.firms import firm


def table(*customers: Customer) -> Table:
    """The columns of these, as a left list of one and a right list of the rest."""
    return clean(customers[:1], customers[1:])


def words(name: str) -> set[str]:
    """The words of a name that identify it."""
    found = table(firm("a", name))
    return {found.name.values[i] for i in found.name.ids[0].tolist() if i}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("B.V.B.A. Bakkerij Peeters", {"bakkerij", "peeters"}),
        ("Bakkerij Peeters bv", {"bakkerij", "peeters"}),
        ("Besloten Vennootschap Peeters", {"peeters"}),
        ("Société Anonyme Éric & Fils", {"eric"}),
        ("H&M", {"hm"}),
        ("S.A. H. & M.", {"hm"}),
        ("Sint-Jan ASBL", {"sint", "jan"}),
        ("Frituur 't Hoekske", {"frituur", "hoekske"}),
        ("NV", {"nv"}),
        ("De Groep", {"groep"}),
        ("Ærø Straße Łódź", {"aero", "strasse", "lodz"}),
        ("", set()),
        ("!!!", set()),
        ("Ελλάς", {"ελλασ"}),
    ],
)
def test_names(name: str, expected: set[str]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kerkstraat 12", "Kerkstr. 12"),
        ("Kerkstraat 12 bus 3", "12, Kerkstraat"),
        ("Kerkstraat 12/3", "KERKSTRAAT 12 bte 3"),
        ("Rue de l'Église 12", "Kerkstraat 12"),
        ("Avenue Louise 143", "Louizalaan 143"),
        ("Rue du 11 Novembre 5", "5 rue du 11 novembre"),
        ("Gentsesteenweg 12A", "Gentsestwg 12 a"),
    ],
)
def test_the_same_house(one: str, other: str) -> None:
    found = table(firm("a", "x", street=one), firm("b", "y", street=other))
    assert set(found.street.ids[0].tolist()) == set(found.street.ids[1].tolist())
    assert found.house[0] == found.house[1] > 0
    assert found.street_type[0] == found.street_type[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kerkstraat 12", "Kerkstraat 13"), ("Kerkstraat 12", "Molenstraat 12"), ("Kerkstraat 1", "Kerklaan 1")],
)
def test_another_house(one: str, other: str) -> None:
    found = table(firm("a", "x", street=one), firm("b", "y", street=other))
    first, second = (
        (set(found.street.ids[n].tolist()), int(found.house[n]), int(found.street_type[n])) for n in (0, 1)
    )
    assert first != second


def test_a_house_number_of_its_own_column() -> None:
    found = table(
        firm("a", "x", street="Kerkstraat", number="12 bus 4"), firm("b", "y", street="Kerkstraat 12")
    )
    assert found.house[0] == found.house[1] > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gent", "GAND"), ("Bruxelles", "Brussel"), ("Saint-Nicolas", "Sint-Niklaas"), ("Liège", "Luik")],
)
def test_towns_with_two_names(one: str, other: str) -> None:
    found = table(firm("a", "x", city=one), firm("b", "y", city=other))
    assert found.city.ids[0] == found.city.ids[1] > 0


@pytest.mark.parametrize(
    "other", ["09/220.11.22", "+32 (0)9 220 11 22", "0032 9 2201122", "32 9 220 11 22", "09 220 11 22"]
)
def test_one_phone(other: str) -> None:
    found = table(firm("a", "x", phone="+3292201122"), firm("b", "y", phone=other))
    assert found.phone.ids[0, 0] == found.phone.ids[1, 0] > 0


@pytest.mark.parametrize("phone", ["1234", "000000000", "n/a", "-", "+32"])
def test_a_phone_that_is_none(phone: str) -> None:
    assert not table(firm("a", "x", phone=phone)).phone.present.any()


def test_a_phone_of_another_country() -> None:
    found = table(
        firm("a", "x", phone="020 123 45 67", country="Nederland"), firm("b", "y", phone="+31 20 1234567")
    )
    assert found.phone.ids[0, 0] == found.phone.ids[1, 0] > 0


def test_several_values_in_one_field() -> None:
    found = table(
        firm("a", "x", email="A@x.be; b@x.be", phone="09/220.11.22 / 0477 12 34 56"),
        firm("b", "y", email="b@x.be"),
    )
    assert found.email.ids[1, 0] in found.email.ids[0].tolist()
    assert (found.phone.ids[0] > 0).sum() == 2


@pytest.mark.parametrize("mail", ["jan@gmail.com", "jan@telenet.be", "jan@hotmail.example"])
def test_a_mail_that_anyone_can_have_is_no_domain(mail: str) -> None:
    assert not table(firm("a", "x", email=mail)).domain.present.any()


def test_a_site_and_a_mail_of_one_domain() -> None:
    found = table(
        firm("a", "x", website="https://www.peeters.be/contact"), firm("b", "y", email="jan@peeters.be")
    )
    assert found.domain.ids[0] == found.domain.ids[1] > 0


@pytest.mark.parametrize(
    "other", ["BTW BE 0403.170.701", "403170701", "TVA BE0403170701", "0403 170 701", "be0403170701"]
)
def test_one_vat_number(other: str) -> None:
    found = table(firm("a", "x", vat="BE0403170701"), firm("b", "y", vat=other))
    assert found.vat.ids[0] == found.vat.ids[1] > 0


@pytest.mark.parametrize("vat", ["BE0403170702", "BE 0", "onbekend", "0000000000"])
def test_a_vat_number_that_proves_nothing(vat: str) -> None:
    assert not table(firm("a", "x", vat=vat)).vat.present.any()


@pytest.mark.parametrize("iban", ["BE68539007547035", "BE", "123"])
def test_an_account_that_fails_its_check(iban: str) -> None:
    assert not table(firm("a", "x", iban=iban)).iban.present.any()


@pytest.mark.parametrize("other", ["1970-02-01", "01/02/1970", "1-2-1970", "19700201", "1970-02-01 00:00:00"])
def test_one_date_of_birth(other: str) -> None:
    found = table(firm("a", "x", born="1970-02-01"), firm("b", "y", born=other))
    assert found.born.ids[0] == found.born.ids[1] > 0


def test_texts_of_several_lines_stay_in_their_row() -> None:
    rows = [
        firm("a", "Bakkerij\nPeeters", street="Kerkstraat\r\n12", phone="09/220\n1122"),
        firm("b", "Maes", vat="x\ny"),
    ]
    found = table(*rows)
    assert found.name.ids.shape[0] == found.rows == 2
    assert found.name.values[found.name.ids[1, 0]] == "maes"
    assert found.house[0] == found.house[1] + 13


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("Peeters Holding", True),
        ("PeetersHolding", True),
        ("Peeters Hodling", True),
        ("Peeters", False),
        ("Immo Peeters", True),
    ],
)
def test_words_that_tell_sister_firms_apart(name: str, there: bool) -> None:
    assert bool(table(firm("a", name)).structure[0]) is there


def test_a_structural_word_behind_every_name_of_a_list_is_its_habit() -> None:
    rows = [firm(f"k{n}", f"Firma{n} Belgium") for n in range(60)]
    assert not clean(rows[:30], rows[30:]).structure.any()
