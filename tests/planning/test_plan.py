"""The Plan: what becomes of documents, customers and payments, at the depth of what was read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from octowizard.planning.booking import Unread
from octowizard.planning.customers import AlreadyLinked, ExistingRelation, NewRelation
from octowizard.planning.payments import InvoicePayments, paid_at
from octowizard.planning.plan import Book, InSync, Plan, WaitsFor, at_head, at_lines, plan, planner_of
from octowizard.snapshot.model import BookingHead, Linked
from tests.build import BOOKED, CUSTOMER, INVOICE, PLAIN, PROFILE, SOUND, V1, head, match, relation

FOLLOW = msgspec.structs.replace(PROFILE, numbering="follow")


def planned(profile: Any = PROFILE, **changes: Any) -> Plan:
    return plan(msgspec.structs.replace(SOUND, **changes), profile)


def test_a_document_is_planned_from_its_head_and_gets_its_booking_with_its_lines() -> None:
    planner = planner_of(SOUND, PROFILE)
    first = at_head(planner, head())
    assert (first.depth, first.outcome) == ("head", Book(None))
    assert first.place.series == (5, "V1")
    then = at_lines(planner, first, PLAIN)
    assert then.depth == "lines"
    assert then.draft is not None
    assert then.draft.amount == Decimal("121.00")


def test_what_blocks_a_head_is_not_planned_anew_from_its_lines() -> None:
    snapshot = msgspec.structs.replace(SOUND, journals={(5, "V1"): msgspec.structs.replace(V1, closed=True)})
    planner = planner_of(snapshot, PROFILE)
    first = at_head(planner, head())
    assert first.blocker is not None
    assert at_lines(planner, first, PLAIN) == first._replace(depth="lines")


def test_a_chart_that_was_not_read_is_no_plan_and_no_blocker() -> None:
    planner = planner_of(msgspec.structs.replace(SOUND, accounts={}), PROFILE)
    with pytest.raises(Unread):
        at_lines(planner, at_head(planner, head()), PLAIN)
    assert [document.outcome for document in planned(accounts={}).documents] == ["unknown"]


def test_each_document_has_one_fate_whether_it_waits_is_booked_or_is_kept_out() -> None:
    booking = BookingHead(5, "V1", 9, 1, date(2026, 2, 1), Decimal("121.00"), "", "")
    made = planned(
        booked=(BOOKED,), elsewhere=((head(id="other"), booking),), excluded=(head(id="kept-out"),)
    )
    outcomes = {key: document.outcome for key in ("paid", "other", "kept-out") if (document := made.of(key))}
    assert outcomes == {
        "paid": InSync(5, "V1", 15, True),
        "other": InSync(5, "V1", 9, False),
        "kept-out": "excluded",
    }
    waiting = made.of("d-1")
    assert waiting is not None
    assert waiting.draft is not None
    assert made.of("nobody") is None


def test_where_numbers_follow_teamleader_later_documents_wait_for_the_one_that_is_blocked() -> None:
    heads = tuple(head(id=f"d-{number}", number=f"2026 / {number}") for number in (43, 42, 44))
    made = planned(FOLLOW, pending=heads, details={one.id: PLAIN for one in heads})
    blocked, *rest = made.documents
    assert (blocked.head.number, blocked.behind) == ("2026 / 42", 2)
    assert blocked.blocker is not None
    assert blocked.blocker.problem == "number-gap"
    assert [document.outcome for document in rest] == [WaitsFor("2026 / 42")] * 2


def test_a_customer_is_linked_found_made_or_blocked() -> None:
    assert planned(linked={"c-1": Linked(7, 0)}, relations=(relation(7),)).relations == {
        "c-1": AlreadyLinked(7)
    }
    assert planned(relations=(relation(7),)).relations == {"c-1": ExistingRelation(7, 0, "vat_number")}
    assert isinstance(planned().relations["c-1"], NewRelation)
    gone = planned(linked={"c-1": Linked(8, 0)}, relations=(relation(7),))
    (blocked,) = gone.blocked()
    assert blocked[1] == gone.relations["c-1"]
    assert blocked[1].problem == "customer-missing"


def test_two_records_of_one_firm_are_planned_as_one_new_relation() -> None:
    twin = msgspec.structs.replace(CUSTOMER, id="c-2")
    heads = (head(), head(id="d-2", number="2026 / 16", customer_id="c-2"))
    made = planned(
        pending=heads, details={one.id: PLAIN for one in heads}, customers={"c-1": CUSTOMER, "c-2": twin}
    )
    first, second = made.relations["c-1"], made.relations["c-2"]
    assert isinstance(first, NewRelation)
    assert isinstance(second, ExistingRelation)
    assert second.external_number == first.external_number


def fates(**changes: Any) -> list[str]:
    return [payment.fate for payment in planned(**changes).payments]


def test_matches_that_together_exceed_what_is_due_are_foreseen_as_the_sync_takes_them() -> None:
    unpaid = BOOKED._replace(head=msgspec.structs.replace(INVOICE, open_amount=Decimal("121.00")))
    two = (match("70.00", "a"), match("70.00", "b", counter_date=date(2026, 3, 2)))
    assert fates(booked=(unpaid,), matches=two) == ["register", "park"]
    assert fates(booked=(unpaid,), matches=two[:1]) == ["register"]
    credited = match("121.00", counter_journal="V2")
    assert fates(booked=(unpaid,), matches=(credited,)) == []


def test_a_payment_that_is_there_already_is_not_registered_again_and_none_beyond_what_is_due() -> None:
    ten, first, second = Decimal("10.00"), date(2026, 3, 1), date(2026, 3, 2)
    by_hand = datetime(2026, 3, 1, 12, tzinfo=UTC)
    new = (match("10.00", "a"), match("10.00", "b"))
    payments = InvoicePayments(Decimal("100.00"), new, payments=[(ten, by_hand)])
    assert payments.decide(ten, first) == "in_sync"
    payments.note_in_sync(ten, first)
    assert payments.decide(ten, first) == "register"  # the one by hand stands for one match
    assert payments.decide(ten, second, exact=True) == "in_sync"
    payments.note_registered(Decimal("95.00"), second)
    assert payments.decide(ten, second) == "park"
    payments.note_registered(Decimal("5.00"), second)
    assert payments.decide(ten, second) == "in_sync"


def test_a_payment_at_the_moment_of_another_match_explains_no_equal_one() -> None:
    new = (match("10.00", "a"), match("10.00", "b"))
    payments = InvoicePayments(Decimal("10.00"), new, payments=[(Decimal("10.00"), paid_at(new[1]))])
    assert payments.decide(Decimal("10.00"), new[0].counter_date) == "register"
