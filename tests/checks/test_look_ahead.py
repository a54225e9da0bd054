"""What is said before anything is refused: returns that are due, communications, electronic invoices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from octowizard.snapshot.matching_bookings import MARK
from octowizard.snapshot.model import BookingHead
from tests.build import CUSTOMER, PLAIN, PROFILE, SOUND, V1, detail, head, line
from tests.checks.finding import findings_in, only_finding

OCTOBER = head(date=date(2026, 10, 31), due_on=date(2026, 11, 30), number="2026 / 88")


def on(day: str) -> datetime:
    """Noon of a day in the Snapshot's year."""
    return datetime.fromisoformat(f"2026-{day}T12:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "today", "days", "found"),
    [
        ("MONTHLY", "11-09", 10, False),
        ("MONTHLY", "11-10", 10, True),
        ("MONTHLY", "11-20", 10, True),
        ("MONTHLY", "11-21", 10, False),
        ("MONTHLY", "11-10", 9, False),
        ("MONTHLY", "11-01", 20, True),
        ("QUARTERLY", "11-20", 10, False),
        ("QUARTERLY", "11-20", 70, True),
        ("YEARLY", "11-20", 10, False),
        ("UNKNOWN", "11-20", 10, False),
    ],
)
def test_a_document_is_named_from_some_days_before_its_return_is_due(
    rhythm: str, today: str, days: int, found: bool
) -> None:
    profile = msgspec.structs.replace(PROFILE, return_warning=days)
    findings = findings_in(profile=profile, pending=(OCTOBER,), taken_at=on(today), returns={5: rhythm})
    assert [finding.problem for finding in findings if finding.problem != "next-year-missing"] == (
        ["period-soon-secured"] if found else []
    )


def test_the_warning_says_which_return_until_when_and_lists_its_documents_alone() -> None:
    november = head(id="d-2", date=date(2026, 11, 2), due_on=None, number="2026 / 90")
    finding = only_finding(
        pending=(OCTOBER, november),
        details={"d-1": PLAIN, "d-2": PLAIN},
        returns={5: "MONTHLY"},
    )
    assert (
        finding.title == "The VAT return of 10/2026 is due on 20/11/2026, and documents of it are not booked"
    )
    assert [record.label for record in finding.records] == ["2026 / 88"]
    assert finding.severity == "warning"
    assert finding.names == {"period": "202610", "journal": "V1"}
    assert finding.evidence[0] == "1 document from 01/10/2026 to 31/10/2026 waits to be booked."
    assert finding.evidence[-1] == "2026 / 88, dated 31/10/2026: 121,00."


def test_a_period_that_is_secured_already_is_not_said_to_be_secured_soon() -> None:
    shut = {**SOUND.journals, (5, "V1"): msgspec.structs.replace(V1, protected_period=202610)}
    finding = only_finding(pending=(OCTOBER,), journals=shut, returns={5: "MONTHLY"})
    assert finding.problem == "secured-period"


def communication(written: str | None, **changes: Any) -> list[str]:
    """Problems of an invoice with this communication, where another invoice has one that is right."""
    other = head(id="d-2", number="2026 / 16", communication="084261366074")
    mine = head(communication=None, open_amount=Decimal("121.00"))
    details = {"d-1": msgspec.structs.replace(PLAIN, payment_reference=written, **changes), "d-2": PLAIN}
    return [finding.problem for finding in findings_in(pending=(mine, other), details=details)]


def test_a_communication_that_fails_its_check_is_named_and_a_free_reference_is_not() -> None:
    assert communication("+++084/2613/66075+++") == ["communication-wrong"]
    assert communication("+++000/0000/09700+++") == ["communication-wrong"]
    assert communication("+++084/2613/66074+++") == []
    assert communication("2026 / 15") == []


def test_an_invoice_without_a_communication_is_named_only_where_the_customer_pays_by_one() -> None:
    assert communication(None) == ["communication-missing"]
    assert communication(" ") == ["communication-missing"]
    assert communication(None, paid_by="bank_transfer") == ["communication-missing"]
    assert communication(None, paid_by="sepa_direct_debit") == []
    bare = {"d-1": msgspec.structs.replace(PLAIN, payment_reference=None)}
    assert findings_in(details=bare) == [], "nobody has one in this account"
    other = head(id="d-2", number="2026 / 16", communication="084261366074")
    both: dict[str, Any] = {"pending": (head(), other), "details": {**bare, "d-2": PLAIN}}
    abroad = msgspec.structs.replace(CUSTOMER, country="NL", vat_number="NL004495445B01")
    assert findings_in(**both, customers={"c-1": abroad}) == []
    settled = head(open_amount=Decimal(0))
    assert findings_in(pending=(settled, other), details=both["details"]) == [], "it is paid"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("sending_failed", "could not be sent"),
        ("application_rejected", "software rejected it"),
        ("receiver_rejected", "customer refused it"),
    ],
)
def test_an_electronic_invoice_that_failed_is_named_before_it_is_booked(status: str, said: str) -> None:
    failed = msgspec.structs.replace(PLAIN, peppol_status=status)
    finding = only_finding(details={"d-1": failed})
    assert (finding.problem, finding.severity) == ("peppol-refused", "warning")
    assert [record.id for record in finding.records] == ["d-1"]
    assert said in finding.evidence[0]


@pytest.mark.parametrize(
    "status", [None, "", "sending", "sent", "receiver_accepted", "receiver_paid", "brand_new"]
)
def test_one_that_is_under_way_arrived_or_was_not_sent_that_way_is_no_finding(status: str | None) -> None:
    assert findings_in(details={"d-1": msgspec.structs.replace(PLAIN, peppol_status=status)}) == []


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"vat_number": None, "enterprise_number": None}, ["no-enterprise-number"]),
        ({"vat_number": None, "enterprise_number": "0998.877.690"}, []),
        ({"vat_number": None, "enterprise_number": "1000.000.021"}, []),
        ({"vat_number": None, "enterprise_number": "2000.000.042"}, ["no-enterprise-number"]),
        ({"vat_number": None, "enterprise_number": "0998.877.691"}, ["no-enterprise-number"]),
        ({"vat_number": None, "enterprise_number": None, "electronic_address": "0208:0998877690"}, []),
        ({"vat_number": "BE0998877691"}, ["invalid-vat-number"]),
        ({"vat_number": "BE2000000042"}, ["invalid-vat-number"]),
        ({"vat_number": None, "enterprise_number": None, "country": "US"}, []),
        ({"vat_number": None, "enterprise_number": None, "type": "contact"}, []),
    ],
)
def test_a_belgian_company_without_a_valid_number_has_no_address_on_peppol(
    changes: dict[str, Any], problems: list[str]
) -> None:
    customer = msgspec.structs.replace(CUSTOMER, **changes)
    assert [finding.problem for finding in findings_in(customers={"c-1": customer})] == problems


def test_what_was_made_before_electronic_invoices_needs_no_number() -> None:
    old = head(date=date(2025, 12, 31), due_on=None)
    customer = msgspec.structs.replace(CUSTOMER, vat_number=None, enterprise_number=None)
    problems = {finding.problem for finding in findings_in(pending=(old,), customers={"c-1": customer})}
    assert "no-enterprise-number" not in problems


TWENTY = detail(*[line("10.02", "2.10") for _ in range(20)])


def test_rounding_per_line_is_a_warning_where_the_law_asks_it_per_rate_and_shows_the_other_rounding() -> None:
    finding = only_finding(pending=(head("242.40"),), details={"d-1": TWENTY})
    assert (finding.problem, finding.severity) == ("rounding-difference", "warning")
    assert finding.evidence == (
        "2026 / 15: 200,40 at 21 % is 42,08 VAT; the document says 42,00.",
        "2026 / 15: rounded per rate the total is 242,48; the document says 242,40.",
    )


@pytest.mark.parametrize(
    "changes", [{"country": "US", "vat_number": None}, {"type": "contact", "vat_number": None}]
)
def test_where_no_electronic_invoice_is_due_the_same_rounding_is_only_told(changes: dict[str, Any]) -> None:
    customer = msgspec.structs.replace(CUSTOMER, **changes)
    finding = only_finding(pending=(head("242.40"),), details={"d-1": TWENTY}, customers={"c-1": customer})
    assert (finding.problem, finding.severity) == ("rounding-difference", "info")
    assert len(finding.evidence) == 1


def test_a_sale_that_its_electronic_invoice_booked_once_more_is_told_as_that() -> None:
    ours = BookingHead(5, "V1", 15, 9, date(2026, 2, 10), Decimal("121.00"), f"2026 / 15{MARK}", "")
    other = ours._replace(journal="V2", number=4, comment="UBL 2026 / 15", amount=Decimal("121.01"))
    finding = only_finding(imported_twice=((ours, other),))
    assert (finding.problem, finding.severity) == ("imported-twice", "warning")
    assert [record.label for record in finding.records] == ["V2/4"]
    assert finding.names == {"invoice": "2026 / 15"}
    assert finding.evidence == (
        "2026 / 15: booked by octowizard as V1/15; V2/4 of 10/02/2026 is the same sale once more, 121,01.",
    )
