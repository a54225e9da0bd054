"""Accounts, VAT and the documents themselves: what is found, and silence where nothing is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from octowizard.snapshot.model import AccountFacts, BookingHead, CategoryFacts
from tests.build import CATEGORIES, PLAIN, PROFILE, RATES, SOUND, detail, head, line
from tests.checks.finding import findings_in, only_finding


def test_a_category_that_leads_nowhere_is_a_warning_until_a_document_needs_it() -> None:
    finding = only_finding(categories={**SOUND.categories, "gone": CATEGORIES["gone"]})
    assert (finding.problem, finding.severity) == ("unknown-account", "warning")
    assert finding.records[0].label == "Gone"
    needed = only_finding(
        categories={**SOUND.categories, "gone": CATEGORIES["gone"]},
        details={"d-1": detail(line("100.00", "21.00", category="gone"))},
    )
    assert (needed.problem, needed.severity, needed.records[0].id) == ("unknown-account", "blocking", "d-1")


def test_a_category_without_any_account_is_a_warning_and_one_of_another_department_is_not() -> None:
    bare = CategoryFacts("bare", "Bare", None)
    assert only_finding(categories={**SOUND.categories, "bare": bare}).problem == "unmapped-category"
    theirs = msgspec.structs.replace(bare, elsewhere=True)
    assert findings_in(categories={**SOUND.categories, "bare": theirs}) == []


def test_an_account_that_demands_a_cost_centre_and_proposes_none_is_named_with_its_documents() -> None:
    assert SOUND.accounts[5][701000].default_cost_centre is not None
    chart = {**SOUND.accounts[5], 700000: AccountFacts(700000, 1, None)}
    finding = only_finding(accounts={5: chart})
    assert (finding.problem, finding.severity, finding.records[0].id) == (
        "cost-centre-missing",
        "blocking",
        "d-1",
    )
    ahead = only_finding(accounts={5: chart}, pending=(), details={})
    assert (ahead.problem, ahead.severity) == ("cost-centre-missing", "warning")


def test_a_rate_without_a_code_is_a_warning_until_a_document_bears_it() -> None:
    rates = {**SOUND.tax_rates, "t20": RATES["t20"]}
    twenty = detail(line("100.00", "20.00", rate="t20"))
    assert only_finding(tax_rates=rates).severity == "warning"
    needed = only_finding(tax_rates=rates, pending=(head("120.00"),), details={"d-1": twenty})
    assert (needed.problem, needed.severity) == ("unmapped-vat", "blocking")


@pytest.mark.parametrize(("vat", "problems"), [("21.05", []), ("21.06", ["rounding-difference"])])
def test_cents_that_rounding_explains_are_no_finding(vat: str, problems: list[str]) -> None:
    amount = Decimal("100.00") + Decimal(vat)
    findings = findings_in(pending=(head(amount),), details={"d-1": detail(line("100.00", vat))})
    assert [finding.problem for finding in findings] == problems


def test_a_credit_note_is_alone_only_when_its_invoice_is_nowhere() -> None:
    note = head(id="n-1", kind="credit_note", number="2026/4")
    known = msgspec.structs.replace(PLAIN, invoice_id="d-1")
    assert findings_in(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": known}) == []
    for invoice in (None, "elsewhere"):
        lone = msgspec.structs.replace(PLAIN, invoice_id=invoice)
        finding = only_finding(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": lone})
        assert (finding.problem, finding.severity) == ("credit-note-without-invoice", "info")
    unknown = msgspec.structs.replace(PLAIN, invoice_id="")
    assert findings_in(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": unknown}) == []


def test_bookings_of_one_document_are_listed_with_their_places() -> None:
    booking = BookingHead(5, "V1", 15, 1, date(2026, 2, 1), Decimal("121.00"), "2026 / 15 · octowizard", "")
    finding = only_finding(twice=((booking, booking._replace(number=19)),))
    assert [record.label for record in finding.records] == ["V1/15", "V1/19"]
    assert finding.title == "2026 / 15 is booked more than once"


def test_another_connector_stops_a_connector_and_is_normal_for_an_observer() -> None:
    booking = BookingHead(5, "V1", 15, 1, date(2026, 2, 1), Decimal("121.00"), "2026 / 15", "")
    assert only_finding(elsewhere=((head(id="x"), booking),)).problem == "other-connector"
    for calm in ({"mode": "observer"}, {"other_connector_off": True}):
        profile = msgspec.structs.replace(PROFILE, **calm)
        assert findings_in(profile=profile, elsewhere=((head(id="x"), booking),), pending=()) == []


def test_an_observer_is_told_that_what_waits_waits_for_somebody_else() -> None:
    watching = msgspec.structs.replace(PROFILE, mode="observer")
    finding = only_finding(profile=watching)
    assert (finding.problem, finding.severity) == ("observer-mode", "info")
    assert len(finding.records) == len(SOUND.pending)
    assert findings_in(profile=watching, pending=()) == []
