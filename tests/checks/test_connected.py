"""How the two sides were connected: who books, from which day on, what was imported twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from octowizard.snapshot.model import BookingHead
from tests.build import CUSTOMER, match
from tests.checks.finding import findings_in, only_finding


def booked_before(number: int = 3, amount: str = "121.00") -> BookingHead:
    comment = f"2025 / {number} · octowizard"
    return BookingHead(5, "V1", number, 1, date(2025, 12, 3), Decimal(amount), comment, "")


def test_open_invoices_from_before_the_start_date_tell_that_it_was_moved() -> None:
    finding = only_finding(earlier=(booked_before(), booked_before(4)), matches=(match("121.00", number=4),))
    assert (finding.problem, finding.severity) == ("start-date-later", "warning")
    assert [(record.label, record.id) for record in finding.records] == [("2025 / 3", "5/V1/3")]


def test_a_start_date_after_what_is_settled_or_credited_does_no_harm() -> None:
    assert findings_in(earlier=(booked_before(),), matches=(match("60.00", number=3),)) == []
    assert findings_in(earlier=(booked_before(amount="-121.00"),)) == []


def test_companies_that_were_imported_twice_are_named_and_those_imported_once_are_not() -> None:
    again = [
        msgspec.structs.replace(CUSTOMER, id=f"c-{place}", vat_number="BE0403019261") for place in (7, 8)
    ]
    finding = only_finding(imported=tuple(again))
    assert (finding.problem, finding.severity) == ("import-again", "warning")
    assert [record.id for record in finding.records] == ["c-7", "c-8"]
    assert findings_in(imported=(again[0],)) == []
    nameless = [msgspec.structs.replace(one_, vat_number=None, street=None) for one_ in again]
    assert findings_in(imported=tuple(nameless)) == [], "a name alone tells nothing"
