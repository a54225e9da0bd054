"""Teamleader's own integration in the practice company: it books as Octopus allows, and tells what it decided."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.state import Dossier, Kept, World
from octowizard.sandbox.worlds import SCENARIOS

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """The healthy company, with some sixty documents that wait."""
    made = SCENARIOS["healthy"].build(1, None, None)
    made.clock.set(NOON)
    return made


def dossier_of(world: World) -> Dossier:
    (dossier,) = world.octopus.dossiers.values()
    return dossier


def document(world: World, number: str) -> Kept:
    return next(kept for kept in world.teamleader.documents if kept.number == number)


def test_it_books_one_document_after_the_other_each_once(world: World) -> None:
    before = len(dossier_of(world).bookings)
    numbers = []
    while (done := perform(world, "native-sync", {"count": 7}))["booked"]:
        assert len(done["booked"]) == 7 or not done["left"]
        numbers += [one["document"] for one in done["booked"]]
    assert len(numbers) == len(set(numbers)) == len(dossier_of(world).bookings) - before == 60
    assert not done["failed"]


def test_a_booking_is_the_document_and_bears_its_number_and_communication(world: World) -> None:
    (one,) = perform(world, "native-sync", {"count": 1})["booked"]
    journal, _, number = one["booking"].partition("/")
    booking = dossier_of(world).bookings[one["bookyear"], journal, int(number)]
    kept = document(world, one["document"])
    assert booking.data["comment"] == f"Factuur {kept.number}"
    assert booking.data["reference"] == kept.data["payment_reference"]
    assert (booking.data["documentDate"], booking.data["amount"]) == (kept.date, one["amount"])
    assert booking.by == "api"
    assert NOON <= booking.modified <= world.clock.now()
    assert kept.hidden["booking_number"] == number


@pytest.mark.parametrize(
    ("texts", "comment", "reference"), [("communication", False, True), ("nothing", False, False)]
)
def test_what_a_booking_bears_can_be_less(world: World, texts: str, comment: bool, reference: bool) -> None:
    (one,) = perform(world, "native-sync", {"count": 1, "texts": texts})["booked"]
    journal, _, number = one["booking"].partition("/")
    data = dossier_of(world).bookings[one["bookyear"], journal, int(number)].data
    assert (bool(data["comment"]), bool(data["reference"])) == (comment, reference)


def test_errors_are_made_and_told_and_the_next_sync_meets_them_again(world: World) -> None:
    done = perform(world, "native-sync", {"errors": "yes"})
    assert {"missing-account", "customer-without-country", ""} == {one["problem"] for one in done["failed"]}
    assert len(done["booked"]) + len(done["failed"]) == 60
    for one in done["failed"]:
        if one["problem"] == "missing-account":
            lines = document(world, one["document"]).lines
            assert any(line["product_category"] is None for line in lines), one
    again = perform(world, "native-sync", {"errors": "yes"})
    seen = [one for one in done["failed"] if one["problem"]]
    assert again["failed"] == seen  # a hiccup passes, and nothing else goes wrong
    assert len(again["booked"]) == len(done["failed"]) - len(seen)


@pytest.mark.parametrize(
    ("action", "arguments", "problem"),
    [
        ("close-year", {"year": "2026"}, "closed-year"),
        ("set-secured-period", {"journal": "V1", "period": "202612"}, "secured-period"),
        ("set-closed-period", {"journal": "V1", "period": "202612"}, "closed-period"),
        ("close-journal", {"journal": "V1"}, "closed-journal"),
        ("open-journal-window", {"journal": "V1", "user": "Els"}, "open-journal"),
        ("set-entry-type", {"journal": "V1", "type": "invoices"}, "wrong-journal-type"),
    ],
)
def test_what_octopus_refuses_is_not_booked(
    world: World, action: str, arguments: dict[str, str], problem: str
) -> None:
    perform(world, action, arguments)
    done = perform(world, "native-sync", {})
    assert {one["problem"] for one in done["failed"]} == {problem}
    assert not any(one["booking"].startswith("V1") for one in done["booked"])


def test_what_is_reconciled_becomes_a_payment_once(world: World) -> None:
    perform(world, "native-sync", {})
    matched = perform(world, "pay", {"count": 2})["matched"]
    done = perform(world, "native-sync", {})["payments"]
    assert sorted(one["amount"] for one in done) == sorted(one["amount"] for one in matched)
    for one in done:
        assert document(world, one["invoice"]).data["payments"][-1]["payment"]["amount"] == one["amount"]
    assert perform(world, "native-sync", {})["payments"] == []


def test_a_booking_that_was_deleted_is_made_again(world: World) -> None:
    (one,) = perform(world, "native-sync", {"count": 1})["booked"]
    perform(world, "delete-last-booking", {"journal": "V1"})
    (again,) = perform(world, "native-sync", {"count": 1})["booked"]
    assert (again["document"], again["booking"]) == (one["document"], one["booking"])


@pytest.mark.parametrize("wrong", [{"count": "0"}, {"count": "many"}, {"errors": "some"}, {"texts": "poems"}])
def test_what_makes_no_sense_is_one_sentence(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(BadArguments, match=r"\.$"):
        perform(world, "native-sync", wrong)
