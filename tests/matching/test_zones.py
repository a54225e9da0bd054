"""Sure, doubtful, not: each rule on two firms among strangers, and in lists of two."""

from __future__ import annotations

import numpy as np
import pytest

from octowizard.matching.clean import clean
from octowizard.matching.compare import compare
from octowizard.matching.engine import match
from octowizard.matching.record import Customer
from octowizard.matching.zones import only_name
from tests.matching.firms import VAT, firm, strangers, zone

HERE = {"street": "Kerkstraat 12", "postcode": "9000", "city": "Gent"}
AGAIN = {"street": "12, Kerkstr.", "postcode": "B-9000", "city": "Gand"}
ELSEWHERE = {"street": "Stationslaan 3", "postcode": "2000", "city": "Antwerpen"}
REACHED = {"phone": "09/220.11.22", "email": "info@peeters.example"}


def verdict(one: Customer, other: Customer, among: int = 40) -> str:
    """The zone of the two, each in a list of so many strangers."""
    return zone(match([one, *strangers(among)], [other, *strangers(among, 500)]), 0, 0)


@pytest.mark.parametrize("among", [0, 40])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            firm("a", "Bakkerij Peeters", vat=VAT[0]),
            firm("b", "PEETERS BAKKERIJ BVBA", vat="BTW BE 0403.170.701"),
        ),
        (firm("a", "Bakkerij Peeters", **HERE), firm("b", "Bakkerij Peeters bv", **AGAIN)),
        (firm("a", "Bakkerij Peeters", **REACHED), firm("b", "Bakkerij Peetres", **REACHED)),
        (firm("a", "Bakkerij Peeters", vat=VAT[0], **HERE), firm("b", "Zonnebloem", vat=VAT[0], **AGAIN)),
    ],
    ids=["number-and-name", "name-and-house", "mistyped-name-and-phone", "number-and-house"],
)
def test_two_kinds_of_agreement_are_sure(one: Customer, other: Customer, among: int) -> None:
    assert verdict(one, other, among) == "sure"


@pytest.mark.parametrize("among", [0, 40])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (firm("a", "Bakkerij Peeters"), firm("b", "Bakkerij Peeters")),
        (firm("a", "Bakkerij Peeters bv"), firm("b", "Bakkerij Peeters bv", **HERE)),
        (firm("a", "Bakkerij Peeters", vat=VAT[0]), firm("b", "Zonnebloem Interim", vat=VAT[0])),
        (firm("a", "Peeters", **HERE, **REACHED), firm("b", "Peeters Holding", **HERE, **REACHED)),
        (firm("a", "Jan Maes", kind="person", **REACHED), firm("b", "Jan Maes", kind="company", **REACHED)),
        (firm("a", "Garage Maes nv", **HERE), firm("b", "Garage Maes vzw", **HERE)),
    ],
    ids=["name-alone", "name-and-form", "number-alone", "sister", "person-and-company", "other-form"],
)
def test_one_kind_of_agreement_or_a_doubt_is_never_sure(one: Customer, other: Customer, among: int) -> None:
    assert verdict(one, other, among) != "sure"


def test_two_valid_vat_numbers_that_differ_are_never_one_customer() -> None:
    one = firm("a", "Bakkerij Peeters bv", vat=VAT[0], iban="BE68539007547034", **HERE, **REACHED)
    other = firm("b", "Bakkerij Peeters bv", vat=VAT[1], iban="BE68539007547034", **HERE, **REACHED)
    assert verdict(one, other) == "not"


def test_one_valid_vat_number_is_always_worth_a_question() -> None:
    one = firm("a", "Bakkerij Peeters bv", vat=VAT[0], **HERE)
    other = firm("b", "Totaalprojecten Wase Zonnepanelen", vat=VAT[0], **ELSEWHERE)
    assert verdict(one, other) == "doubtful"


@pytest.mark.parametrize("among", [0, 40])
def test_one_bank_account_is_always_worth_a_question(among: int) -> None:
    """A firm that has taken another name and moved kept its account."""
    one = firm("a", "Valhelado Interim bv", iban="BE68539007547034", **HERE)
    other = firm("b", "Falys bv", iban="BE68 5390 0754 7034", **ELSEWHERE)
    assert verdict(one, other, among) == "doubtful"


@pytest.mark.parametrize("among", [0, 40])
def test_a_name_of_which_nothing_else_is_known_is_always_worth_a_question(among: int) -> None:
    """As an import of names makes it; a namesake who lives elsewhere, and is more like, does not hide it."""
    person = firm("a", "Pieter D'Hondt", kind="person", **HERE)
    elsewhere = firm("b", "Pieter D'Hondt", kind="person", **ELSEWHERE)
    imported = firm("c", "Pieter D'Hondt", kind="company")
    others = strangers(among)
    same = [
        firm(f"n{n}", "Pieter D'Hondt", kind="person", street=f"Dreef {n}", postcode="8000") for n in (1, 2)
    ]
    found = match([person, *others], [elsewhere, imported, *same, *strangers(among, 500)])
    assert [(pair.right, pair.zone) for pair in found if pair.left == 0] == [(1, "doubtful")]


def test_a_number_that_fails_its_check_vetoes_nothing() -> None:
    one = firm("a", "Bakkerij Peeters bv", vat=VAT[0], **HERE, **REACHED)
    other = firm("b", "Bakkerij Peeters bv", vat="BE 0403.170.702", **HERE, **REACHED)
    assert verdict(one, other) == "sure"


def test_a_contact_is_not_the_company_it_belongs_to() -> None:
    company = firm("c", "Jan Maes", kind="company", **HERE, **REACHED)
    contact = firm("p", "Jan Maes", kind="person", company="c", **HERE, **REACHED)
    assert zone(match([company, contact, *strangers(20)]), 0, 1) == "not"
    assert verdict(company, contact) == "not"


def test_sister_firms_are_told_apart_when_each_has_its_other_half() -> None:
    left = [firm("a", "Peeters bv", **HERE, **REACHED), firm("b", "Peeters Holding bv", **HERE, **REACHED)]
    right = [firm("c", "PEETERS HOLDING", **HERE, **REACHED), firm("d", "PEETERS", **HERE, **REACHED)]
    matches = match([*left, *strangers(40)], [*right, *strangers(40, 500)])
    assert (zone(matches, 0, 1), zone(matches, 1, 0)) == ("sure", "sure")
    assert (zone(matches, 0, 0), zone(matches, 1, 1)) == ("not", "not")


def test_two_that_fit_equally_well_are_left_to_the_user() -> None:
    left = [firm("a", "Bakkerij Peeters", **HERE)]
    right = [firm("b", "Bakkerij Peeters", **HERE), firm("c", "Bakkerij Peeters", **HERE)]
    matches = match([*left, *strangers(40)], [*right, *strangers(40, 500)])
    zones = sorted((zone(matches, 0, 0), zone(matches, 0, 1)))
    assert zones == ["doubtful", "not"]
    doubtful = next(number for number, pair in enumerate(matches) if pair.zone == "doubtful")
    assert matches.rivalled(doubtful)  # and nothing else is in doubt


def test_a_pair_that_is_doubtful_by_itself_has_no_rival() -> None:
    matches = match(
        [firm("a", "Bakkerij Peeters"), *strangers(40)], [firm("b", "Bakkerij Peeters"), *strangers(40, 500)]
    )
    assert [matches.rivalled(number) for number, pair in enumerate(matches) if pair.zone == "doubtful"] == [
        False
    ]


def test_no_row_stands_in_two_pairs() -> None:
    left = [firm(f"l{n}", "Bakkerij Peeters", **HERE) for n in range(4)]
    right = [firm(f"r{n}", "Bakkerij Peeters", **HERE) for n in range(3)]
    pairs = list(match([*left, *strangers(20)], [*right, *strangers(20, 500)]))
    assert len(pairs) == 3
    assert len({pair.left for pair in pairs}) == len({pair.right for pair in pairs}) == 3


def test_in_one_list_a_customer_may_stand_three_times() -> None:
    rows = [
        firm("a", "Bakkerij Peeters", vat=VAT[0], **HERE),
        firm("b", "Bakkerij Peeters bvba", vat=VAT[0], **AGAIN),
        firm("c", "BAKKERIJ PEETERS", vat=VAT[0], **HERE),
    ]
    pairs = {(p.left, p.right): p.zone for p in match([*rows, *strangers(40)])}
    assert pairs == {(0, 1): "sure", (0, 2): "sure", (1, 2): "sure"}


def test_in_one_list_what_hangs_together_by_a_veto_is_not_sure() -> None:
    """Two firms with numbers of their own, and a third row without one that fits both."""
    rows = [
        firm("a", "Bakkerij Peeters", vat=VAT[0], **HERE, **REACHED),
        firm("b", "Bakkerij Peeters", vat=VAT[1], **HERE, **REACHED),
        firm("c", "Bakkerij Peeters", **HERE, **REACHED),
    ]
    matches = match([*rows, *strangers(40)])
    assert matches.count("sure") == 0


@pytest.mark.parametrize("elsewhere", [ELSEWHERE, {}], ids=["another-town", "no-address"])
def test_namesakes_are_not_sure(elsewhere: dict[str, str]) -> None:
    assert verdict(firm("a", "Garage Janssens", **HERE), firm("b", "Garage Janssens", **elsewhere)) != "sure"


def test_a_number_of_its_own_and_the_name_outweigh_a_move() -> None:
    one = firm("a", "Bakkerij Peeters", vat=VAT[0], **HERE)
    assert verdict(one, firm("b", "Bakkerij Peeters", vat=VAT[0], **ELSEWHERE)) == "sure"


def test_empty_lists_and_empty_customers_match_nothing() -> None:
    assert list(match([], [])) == []
    assert list(match([])) == []
    assert list(match([firm("a", "Bakkerij Peeters")], [])) == []
    assert list(match([], [firm("a", "Bakkerij Peeters")])) == []
    assert list(match([firm("a"), firm("b")], [firm("c"), firm("d")])) == []
    assert list(match([firm("a"), firm("b"), *strangers(10)])) == []


def test_a_namesake_gets_a_question_by_name_alone_only_where_one_of_the_two_has_nothing_else() -> None:
    left = [firm("a", "Els Peeters", **HERE), firm("c", "Jan Maes", **HERE)]
    right = [firm("b", "Els Peeters"), firm("d", "Jan Maes", phone="09 220 11 22")]
    table = clean(left, right)
    compared = compare(table, np.array([0, 1]), np.array([2, 3]))
    assert only_name(table, compared).tolist() == [True, False]
