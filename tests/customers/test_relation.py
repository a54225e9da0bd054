"""Which relation a customer is, and the relation that is made for one who has none."""

import json
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.customers.relation import new_relation, vat_type
from octowizard.matching.countries import EU
from octowizard.matching.keys import address_key
from octowizard.octopus.models import Relation
from octowizard.planning.customers import (
    Ambiguous,
    ExistingRelation,
    Relations,
    country_of,
    external_number,
    full_name,
)
from octowizard.snapshot.model import CustomerFacts, RelationFacts
from tests.contracts import check_request
from tests.matching.test_vat_numbers import EVERYWHERE

OURS, THEIRS = "BE0400000086", "BE0765432146"


def customer(**changes: Any) -> CustomerFacts:
    known: dict[str, Any] = {
        "id": "c-1",
        "type": "company",
        "name": "Bakkerij Peeters bv",
        "vat_number": "BE 0400.000.086",
        "street": "Kerkstraat 1",
        "postcode": "9000",
        "city": "Gent",
        "country": "BE",
    }
    return CustomerFacts(**(known | changes))


def relation(id: int = 10, **changes: Any) -> RelationFacts:
    known: dict[str, Any] = {
        "external_number": 0,
        "name": "Something else",
        "vat_key": None,
        "address_key": None,
        "client": True,
        "active": True,
    }
    return RelationFacts(id=id, **(known | changes))


def at_address(id: int = 10, **changes: Any) -> RelationFacts:
    """A relation with the customer's name and address, and no VAT number."""
    known = {
        "name": "BAKKERIJ PEETERS BV",
        "address_key": address_key("Peeters Bakkerij BV", "Kerkstraat 1", "9000"),
    }
    return relation(id, **(known | changes))


BAKER = customer()


def found(*relations: RelationFacts, customer: CustomerFacts = BAKER) -> ExistingRelation | Ambiguous | None:
    return Relations(relations).find(customer)


# --- the ladder ------------------------------------------------------------------------------------------


def test_our_own_external_number_outweighs_vat_number_and_address() -> None:
    number = external_number("c-1")
    made = relation(30, external_number=number, name="Peeters")
    assert found(at_address(10), relation(20, vat_key=OURS), made) == ExistingRelation(
        30, number, "external_number"
    )


def test_the_vat_number_outweighs_the_address() -> None:
    assert found(at_address(10), relation(20, vat_key=OURS)) == ExistingRelation(20, 0, "vat_number")


def test_name_street_and_postcode_together_find_a_relation_without_a_vat_number() -> None:
    assert found(at_address(10)) == ExistingRelation(10, 0, "name_and_address")
    assert found(at_address(10), customer=customer(vat_number=None)) == ExistingRelation(
        10, 0, "name_and_address"
    )
    written_otherwise = at_address(10, vat_key=OURS)
    assert found(written_otherwise, customer=customer(vat_number=None)) == ExistingRelation(
        10, 0, "name_and_address"
    )


def test_a_person_is_found_whichever_way_round_the_name_stands() -> None:
    person = customer(type="contact", first_name="Jan", name="Peeters", vat_number=None)
    there = relation(10, name="Peeters Jan", address_key=address_key("Peeters Jan", "Kerkstraat 1", "9000"))
    assert found(there, customer=person) == ExistingRelation(10, 0, "name_and_address")


def test_two_different_vat_numbers_are_two_firms_whatever_else_is_the_same() -> None:
    assert found(at_address(10, vat_key=THEIRS)) is None
    assert (
        found(relation(10, name="Bakkerij Peeters", external_number=external_number("c-1"), vat_key=THEIRS))
        is None
    )
    assert found(at_address(10, vat_key=THEIRS), at_address(11)) == ExistingRelation(
        11, 0, "name_and_address"
    )


def test_an_external_number_that_is_the_same_by_chance_links_nobody() -> None:
    assert found(relation(10, external_number=external_number("c-1"), name="Garage Jansen")) is None


def test_a_wrong_vat_number_links_nobody() -> None:
    wrong = customer(vat_number="BE0400000087", street=None)
    assert found(relation(10, vat_key=OURS), customer=wrong) is None


def test_two_relations_with_the_same_vat_number_are_left_to_a_person() -> None:
    one, other = relation(10, vat_key=OURS), relation(11, vat_key=OURS)
    assert found(one, other) == Ambiguous((one, other))
    assert found(at_address(10), at_address(11)) == Ambiguous((at_address(10), at_address(11)))


def test_the_relation_that_is_active_and_a_client_is_taken_before_the_others() -> None:
    asleep = relation(10, vat_key=OURS, active=False)
    supplier = relation(11, vat_key=OURS, client=False)
    client = relation(12, vat_key=OURS)
    assert found(asleep, supplier, client) == ExistingRelation(12, 0, "vat_number")
    assert found(asleep, supplier) == ExistingRelation(11, 0, "vat_number")
    assert found(asleep) == ExistingRelation(
        10, 0, "vat_number"
    )  # rather than a second one with that VAT number
    assert isinstance(found(asleep, relation(13, vat_key=OURS, active=False)), Ambiguous)


def test_a_british_firm_is_found_under_its_number_of_northern_ireland() -> None:
    seeker = customer(country="GB", vat_number="980 7806 84", street=None)
    assert found(relation(20, vat_key="XI980780684"), customer=seeker) == ExistingRelation(
        20, 0, "vat_number"
    )


def test_a_relation_made_in_this_run_is_found_by_the_next_document() -> None:
    relations = Relations(())
    assert relations.find(customer()) is None
    number = relations.free_number(customer())
    relations.add(relation(40, external_number=number, name="Bakkerij Peeters bv", vat_key=OURS))
    assert relations.find(customer()) == ExistingRelation(40, number, "external_number")
    assert relations.find(customer(id="c-2")) == ExistingRelation(40, number, "vat_number")


NAMES = st.sampled_from(["Bakkerij Peeters bv", "BAKKERIJ PEETERS BV", "Peeters", "Société Générale"])
PLACES = st.one_of(st.none(), st.sampled_from(["Kerkstraat 1", "Markt 5", ""]))
CODES = st.one_of(st.none(), st.sampled_from(["9000", "2000", ""]))


@given(name=NAMES, mine=st.tuples(PLACES, CODES), their=st.tuples(PLACES, CODES), client=st.booleans())
def test_nobody_is_linked_on_a_name_alone(
    name: str, mine: tuple[str | None, str | None], their: tuple[str | None, str | None], client: bool
) -> None:
    seeker = customer(name=name, vat_number=None, street=mine[0], postcode=mine[1])
    there = relation(10, name=name, address_key=address_key(name, *their), client=client)
    same_place = all(mine) and mine == their
    assert found(there, customer=seeker) == (
        ExistingRelation(10, 0, "name_and_address") if same_place else None
    )


# --- external numbers ------------------------------------------------------------------------------------


def test_a_customer_gets_the_same_external_number_for_ever() -> None:
    # As computed by sha256sum: a change here would make every relation a second time.
    assert external_number("c-1") == 852_265_915
    assert external_number("c-1", 1) == 806_699_881


@given(st.uuids(), st.integers(0, 5))
def test_an_external_number_has_nine_digits_and_fits_the_api(id: object, attempt: int) -> None:
    number = external_number(str(id), attempt)
    assert 100_000_000 <= number <= 999_999_999
    assert number == external_number(str(id), attempt)


def test_a_number_in_use_is_not_given_a_second_time() -> None:
    taken = [relation(n, external_number=external_number("c-1", n), name="Garage Jansen") for n in range(2)]
    relations = Relations(taken)
    assert relations.free_number(customer()) == external_number("c-1", 2)
    relations.add(relation(9, external_number=external_number("c-1", 2), name="Bakkerij Peeters"))
    assert relations.find(customer(vat_number=None, street=None)) == ExistingRelation(
        9, external_number("c-1", 2), "external_number"
    )


# --- the relation to make --------------------------------------------------------------------------------

BELGIAN, FRENCH, DUTCH = "BE0400000086", "FR61954506077", "NL004495445B01"


@pytest.mark.parametrize(
    ("type", "country", "vat", "expected"),
    [
        ("company", "BE", BELGIAN, 1),
        ("company", None, BELGIAN, 1),
        ("company", "BE", None, 10),
        ("company", "BE", "BE0400000087", 10),  # not a VAT number: not a VAT payer
        ("company", "be", None, 10),
        ("company", "FR", FRENCH, 4),
        ("company", None, DUTCH, 4),
        ("company", "GR", "EL023456780", 4),
        ("company", "FR", None, 8),
        ("company", "US", "12-3456789", 6),
        ("company", "GB", "GB980780684", 6),
        ("company", "CH", None, 6),
        ("contact", "BE", None, 7),
        ("contact", None, None, 7),
        ("contact", "NL", None, 8),
        ("contact", "GR", None, 8),
        ("contact", "US", None, 9),
    ],
)
def test_the_vat_type_follows_from_kind_country_and_checked_number(
    type: Literal["company", "contact"], country: str | None, vat: str | None, expected: int
) -> None:
    assert vat_type(customer(type=type, country=country, vat_number=vat)) == expected


@pytest.mark.parametrize("country", sorted(EU - {"BE"}))
def test_in_every_member_state_the_checked_number_makes_the_intra_community_customer(country: str) -> None:
    number = EVERYWHERE[country]
    for written in (number, number[2:], f"BTW {number}"):
        assert vat_type(customer(country=country, vat_number=written)) == 4
        assert vat_type(customer(type="contact", country=country, vat_number=written)) == 8
    assert vat_type(customer(country=country, vat_number=None)) == 8
    assert vat_type(customer(country=country, vat_number=f"{number}9")) == 8


@pytest.mark.parametrize(
    ("country", "vat", "firm", "without_number", "person"),
    [
        ("MC", "40303265045", 4, 8, 8),  # Monaco counts as France
        *[(code, "FR40303265045", 4, 6, 9) for code in ("GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM")],
        ("RE", "40303265045", 4, 6, 9),
        *[(code, "FR40303265045", 4, 6, 9) for code in ("PF", "NC", "WF", "TF")],
        ("AX", "20774740", 4, 6, 9),  # Åland has Finnish numbers, and lies outside the area of VAT
        ("IC", "B58378431", 4, 6, 9),
        ("EL", "094259216", 4, 8, 8),
        ("GB", "XI980780684", 4, 6, 9),  # Northern Ireland: within the EU for goods
        ("XI", "980780684", 4, 6, 9),
        ("GB", "980780684", 6, 6, 9),
        ("UK", "GB980780684", 6, 6, 9),
        ("IM", "GB980780684", 6, 6, 9),
        ("CH", "CHE-107.787.577 MWST", 6, 6, 9),
        ("LI", "CHE107787577", 6, 6, 9),
        ("NO", "NO995525828MVA", 6, 6, 9),
        ("US", "EU372022452", 6, 6, 9),  # one-stop shops: sellers to private persons
        ("IE", "EU372022452", 8, 8, 8),
        ("CN", "IM3720224521", 6, 6, 9),
        ("BE", "EU056022452", 10, 10, 7),
        ("BE", "CHE107787577", 6, 10, 7),
    ],
)
def test_the_vat_type_in_territories_and_next_door(
    country: str, vat: str, firm: int, without_number: int, person: int
) -> None:
    assert vat_type(customer(country=country, vat_number=vat)) == firm
    assert vat_type(customer(country=country, vat_number=None)) == without_number
    assert vat_type(customer(type="contact", country=country, vat_number=vat)) == person


def test_the_country_comes_from_the_address_or_else_from_a_checked_number() -> None:
    assert country_of(customer(country="nl")) == "NL"
    assert country_of(customer(country=None)) == "BE"
    assert country_of(customer(country=None, vat_number="EL023456780")) == "GR"
    assert country_of(customer(country=None, vat_number="BE0400000087")) is None
    assert country_of(customer(country="", vat_number=None)) is None


def sent(made: Relation) -> dict[str, Any]:
    """The body on the wire, held against the contract."""
    body = json.loads(msgspec.json.encode(made), parse_float=Decimal)
    headers = {"dossierToken": "t"}
    check_request("octopus", "PUT", "/dossiers/1/relations", {}, headers, body)
    assert isinstance(body, dict)
    return body


def test_a_new_relation_takes_over_all_that_teamleader_knows_of_a_company() -> None:
    body = sent(
        new_relation(
            customer(
                email="post@peeters.example",
                telephone="09 123 45 67",
                website="https://peeters.example",
                iban="BE68 5390 0754 7034",
                bic="TRIOBEBB",
                language="fr",
                currency="USD",
                term_type="end_of_month",
                term_days=30,
            ),
            123_456_789,
            "EUR",
        )
    )
    assert body == {
        "relationIdentificationServiceData": {"externalRelationId": 123_456_789},
        "currencyCode": "USD",
        "name": "Bakkerij Peeters bv",
        "client": True,
        "supplier": False,
        "streetAndNr": "Kerkstraat 1",
        "postalCode": "9000",
        "city": "Gent",
        "country": "BE",
        "telephone": "09 123 45 67",
        "email": "post@peeters.example",
        "url": "https://peeters.example",
        "ibanAccountNr": "BE68 5390 0754 7034",
        "bicCode": "TRIOBEBB",
        "vatNr": "BE0400.000.086",
        "vatType": 1,
        "expirationType": 1,
        "expirationDays": 30,
        "factLanguage": 1,
        "active": True,
    }


def test_a_new_relation_for_a_person_has_both_names() -> None:
    body = sent(
        new_relation(
            customer(type="contact", first_name="An", name="Maes", vat_number=None, mobile="0470 12 34 56"),
            123_456_789,
            "EUR",
        )
    )
    assert (body["firstName"], body["name"], body["mobile"]) == ("An", "Maes", "0470 12 34 56")
    assert (body["vatType"], body["currencyCode"]) == (7, "EUR")
    assert "vatNr" not in body


def test_a_person_with_a_first_name_only_does_not_get_it_twice() -> None:
    person = customer(type="contact", first_name="An", name="", vat_number=None)
    body = sent(new_relation(person, 123_456_789, "EUR"))
    assert [body.get("firstName"), body["name"]] == [None, "An"]
    assert full_name(person) == "An"


@pytest.mark.parametrize(
    ("country", "written", "sent_as"),
    [
        ("NL", "123456789B13", "NL123456789B13"),
        ("AT", "UID: U13585627", "ATU13585627"),
        ("MC", "N° TVA 40 303 265 045", "FR40303265045"),
        ("BE", "BTW-nummer: BE 0403.170.701 - RPR Kortrijk", "BE0403.170.701"),
        ("GB", "VAT no. 980 7806 84", "GB980780684"),
        ("CH", "CHE-107.787.577 MWST", "CHE107787577"),
        ("NO", "995 525 828 MVA", "995 525 828 MVA"),  # nothing to check it by: as it was written
    ],
)
def test_octopus_gets_the_number_and_not_the_words_around_it(
    country: str, written: str, sent_as: str
) -> None:
    made = new_relation(customer(country=country, vat_number=written), 123_456_789, "EUR")
    assert sent(made)["vatNr"] == sent_as


def test_a_number_that_is_no_valid_vat_number_is_passed_on_as_it_was_written() -> None:
    assert (
        sent(new_relation(customer(vat_number="in aanvraag"), 123_456_789, "EUR"))["vatNr"] == "in aanvraag"
    )
    assert (
        sent(new_relation(customer(vat_number=FRENCH, country="FR"), 123_456_789, "EUR"))["vatNr"] == FRENCH
    )


@given(
    st.builds(
        CustomerFacts,
        id=st.text(min_size=1),
        type=st.sampled_from(["company", "contact"]),
        name=st.text(),
        country=st.one_of(st.none(), st.sampled_from(["BE", "nl", "US", ""])),
        term_type=st.one_of(st.none(), st.sampled_from(["cash", "end_of_month", "after_invoice_date"])),
        term_days=st.one_of(st.none(), st.integers(0, 365)),
        language=st.one_of(st.none(), st.sampled_from(["nl", "nl-BE", "FR", "it", ""])),
    )
)
def test_octopus_can_read_the_relation_of_any_customer(anybody: CustomerFacts) -> None:
    body = sent(new_relation(anybody, external_number(anybody.id), "EUR"))
    assert body["vatType"] in (1, 4, 6, 7, 8, 9, 10)
    assert body["expirationType"] in (1, 2)
