"""Payments: paid on one side and open on the other, undone, or more than is due."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from octowizard.snapshot.model import Booked, PaymentMade
from tests.build import BOOKED, INVOICE, match
from tests.checks.finding import findings_in, only_finding


def test_paid_in_teamleader_and_open_in_octopus_is_drift_and_the_other_way_round_is_work_for_the_sync() -> (
    None
):
    assert only_finding(booked=(BOOKED,)).problem == "paid-drift"
    assert findings_in(booked=(BOOKED,), matches=(match("121.00"),)) == []
    unpaid = Booked(msgspec.structs.replace(INVOICE, open_amount=Decimal("121.00")), 5, "V1", 15)
    assert findings_in(booked=(unpaid,), matches=(match("121.00"),)) == []


def test_a_foreign_invoice_is_compared_as_paid_or_not_since_octopus_matches_euro() -> None:
    dollars = Booked(msgspec.structs.replace(INVOICE, currency="USD"), 5, "V1", 15)
    assert findings_in(booked=(dollars,), matches=(match("104.31"),)) == []
    assert only_finding(booked=(dollars,)).problem == "paid-drift"


def test_a_match_that_was_undone_is_told_once_and_as_what_it_is() -> None:
    payment = PaymentMade("paid", Decimal("121.00"), "2026-03-01", "registered")
    finding = only_finding(booked=(BOOKED,), payments={"m": payment})
    assert (finding.problem, len(finding.records)) == ("unmatched-drift", 1)
    assert only_finding(booked=(BOOKED,), undone=(match("121.00"),)).problem == "unmatched-drift"
    assert findings_in(booked=(BOOKED,), payments={"m": payment}, matches=(match("121.00"),)) == []


def test_more_matched_than_due_waits_for_a_person_unless_other_matches_explain_what_is_paid() -> None:
    part = Booked(msgspec.structs.replace(INVOICE, open_amount=Decimal("51.00")), 5, "V1", 15)
    assert only_finding(booked=(part,), matches=(match("121.00"),)).problem == "payment-parked"
    both = (match("70.00", "a"), match("51.00", "b"))
    assert findings_in(booked=(part,), matches=both) == []
