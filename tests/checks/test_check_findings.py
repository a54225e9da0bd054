"""Each check by itself: what it finds, and that it is silent where nothing is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.checks.registry import CHECKS, Finding, NotChecked, checks_of, load_all, run_checks
from octowizard.planning.customers import external_number
from octowizard.snapshot.model import (
    AccountFacts,
    Booked,
    BookingHead,
    CategoryFacts,
    CustomerFacts,
    DepartmentFacts,
    DossierFacts,
    Linked,
    Match,
    PaymentMade,
    RelationFacts,
    Snapshot,
    Trouble,
)
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.profiles import Profile
from tests.planning.planned import CATEGORIES, RATES, SNAPSHOT, V1, V2, YEAR, detail, head, line, months

PROFILE = Profile(
    name="acme",
    octopus_url="https://service.inaras.be/octopus-rest-api/v1",
    teamleader_url="https://api.focus.teamleader.eu",
    teamleader_auth_url="https://focus.teamleader.eu",
    octopus_user="u",
    teamleader_client_id="c",
    dossier_id=1,
    department_id="d",
    start_date=date(2026, 1, 1),
    mode="connector",
)
NEXT = FiscalYear(6, "2027", date(2027, 1, 1), date(2027, 12, 31), False, months(2027))
CUSTOMER = CustomerFacts(
    id="c-1",
    type="company",
    name="Foo [BE] bvba",
    vat_number="BE0998877690",
    street="Kaai 1",
    postcode="9000",
    city="Gent",
    country="BE",
    email="info@foo.example.com",
)
PLAIN = detail(line("100.00", "21.00"))
SOUND = msgspec.structs.replace(
    SNAPSHOT,
    years=(YEAR, NEXT),
    journals={
        **SNAPSHOT.journals,
        (6, "V1"): msgspec.structs.replace(V1, year_id=6),
        (6, "V2"): msgspec.structs.replace(V2, year_id=6),
    },
    categories={key: CATEGORIES[key] for key in ("goods", "loose")},
    tax_rates={key: rate for key, rate in RATES.items() if key != "t20"},
    pending=(head(),),
    details={"d-1": PLAIN},
    customers={"c-1": CUSTOMER},
)
INVOICE = head(open_amount=Decimal("0.00"), id="paid")
BOOKED = Booked(INVOICE, 5, "V1", 15)


def found(snapshot: Snapshot = SOUND, profile: Profile = PROFILE, **changes: Any) -> list[Finding]:
    return run_checks(msgspec.structs.replace(snapshot, **changes), profile)[0]


def one(**changes: Any) -> Finding:
    (finding,) = found(**changes)
    return finding


def relation(number: int, **changes: Any) -> RelationFacts:
    known: dict[str, Any] = {
        "id": number,
        "external_number": 0,
        "name": "FOO BVBA",
        "vat_key": "BE0998877690",
        "address_key": None,
        "client": True,
        "active": True,
    }
    return RelationFacts(**(known | changes))


def match(amount: str, key: str = "m", **changes: Any) -> Match:
    known: dict[str, Any] = {
        "key": key,
        "bookyear": 5,
        "journal": "V1",
        "number": 15,
        "amount": Decimal(amount),
        "counter_journal": "F1",
        "counter_date": date(2026, 3, 1),
        "counter_text": "",
    }
    return Match(**(known | changes))


def test_nothing_is_found_where_all_is_in_order() -> None:
    assert found() == []


def test_every_check_says_what_it_is_where_it_comes_from_and_what_to_read_again() -> None:
    load_all()
    for registered in CHECKS.values():
        assert registered.title()
        assert registered.source
        assert registered.problems
        assert registered.again or registered.id in ("contractor", "calls")


def test_every_problem_of_a_document_belongs_to_exactly_one_check() -> None:
    load_all()
    problems = [problem for registered in CHECKS.values() for problem in registered.problems]
    problems.remove(
        "external-id-mismatch"
    )  # told of what octowizard has linked, and of what an export declares
    assert sorted(problems) == sorted(set(problems))


def test_what_was_not_read_is_not_called_fine() -> None:
    snapshot = msgspec.structs.replace(SOUND, unread={"accounts": "two calls a day are spent"})
    findings, not_checked = run_checks(snapshot, PROFILE)
    assert findings == []
    assert NotChecked("accounts", "Ledger accounts", "two calls a day are spent") in not_checked
    assert {"accounts", "vat-codes"} <= {one.check for one in not_checked}


def test_what_was_read_in_part_is_checked_in_part_and_says_so() -> None:
    snapshot = msgspec.structs.replace(
        SOUND,
        partial={"details": "1 of 2 documents"},
        pending=(*SOUND.pending, head(id="d-2", currency="GBP")),
    )
    findings, not_checked = run_checks(snapshot, PROFILE)
    assert [finding.problem for finding in findings] == ["unknown-currency"]
    assert "1 of 2 documents" in {one.why for one in not_checked}


# --- years and journals --------------------------------------------------------------------------------------


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_the_next_year_is_missed_from_november_on_and_not_before() -> None:
    assert found(years=(YEAR,), taken_at=at(date(2026, 10, 31))) == []
    finding = one(years=(YEAR,), taken_at=at(date(2026, 11, 1)))
    assert (finding.problem, finding.severity) == ("next-year-missing", "warning")
    assert "01/01/2027" in finding.evidence[0]


def test_a_broken_year_is_missed_two_months_before_its_own_end() -> None:
    broken = FiscalYear(5, "2025-26", date(2025, 7, 1), date(2026, 6, 30), False, months(2026)[:6])
    calm = msgspec.structs.replace(SOUND, years=(broken,), pending=(), start_date=date(2026, 2, 1))
    assert found(calm, taken_at=at(date(2026, 4, 30))) == []
    (finding,) = found(calm, taken_at=at(date(2026, 5, 1)))
    assert finding.problem == "next-year-missing"


def test_years_with_a_gap_between_them_are_named() -> None:
    later = msgspec.structs.replace(NEXT, start=date(2027, 2, 1))
    problems = {finding.problem for finding in found(years=(YEAR, later))}
    assert problems == {"next-year-missing", "year-gap"}


def test_a_start_date_before_the_first_year_is_told() -> None:
    finding = one(start_date=date(2025, 12, 1))
    assert (finding.problem, finding.severity) == ("missing-year", "warning")


def test_documents_of_a_year_that_is_missing_are_one_finding_with_all_of_them() -> None:
    late = tuple(
        head(id=f"d-{day}", number=f"2028 / {day}", date=date(2028, 1, day), due_on=date(2028, 2, day))
        for day in (4, 5, 6)
    )
    finding = one(pending=(*SOUND.pending, *late))
    assert (finding.problem, finding.severity) == ("missing-year", "blocking")
    assert [record.label for record in finding.records] == ["2028 / 4", "2028 / 5", "2028 / 6"]
    assert "2028 / 5: The document is dated 05/01/2028." in finding.evidence


def test_a_journal_of_next_year_that_is_missing_is_a_warning_before_any_document_needs_it() -> None:
    journals = {place: state for place, state in SOUND.journals.items() if place != (6, "V2")}
    finding = one(journals=journals)
    assert (finding.problem, finding.severity, finding.records[0].label) == (
        "missing-journal",
        "warning",
        "V2 (2027)",
    )


def test_a_secured_period_names_the_journal_the_period_and_the_document() -> None:
    secured: dict[tuple[int, str], JournalState] = {
        **SOUND.journals,
        (5, "V1"): msgspec.structs.replace(V1, protected_period=202603),
    }
    finding = one(journals=secured)
    assert (finding.problem, finding.severity) == ("secured-period", "blocking")
    assert finding.records[0].id == "d-1"
    assert any("202602" in text and "202603" in text for text in finding.evidence)


def test_where_numbers_follow_the_first_wrong_one_says_how_many_wait_behind_it() -> None:
    following = msgspec.structs.replace(PROFILE, numbering="follow")
    pending = tuple(head(id=f"d-{n}", number=f"2026 / {n}") for n in (41, 43, 44, 45))
    details = {document.id: PLAIN for document in pending}
    (finding,) = found(profile=following, pending=pending, details=details)
    assert (finding.problem, finding.records[0].label) == ("number-gap", "2026 / 43")
    assert "2 later documents wait behind it." in finding.evidence
    assert found(pending=pending, details=details) == []


# --- accounts, VAT, documents --------------------------------------------------------------------------------


def test_a_category_that_leads_nowhere_is_a_warning_until_a_document_needs_it() -> None:
    finding = one(categories={**SOUND.categories, "gone": CATEGORIES["gone"]})
    assert (finding.problem, finding.severity) == ("unknown-account", "warning")
    assert finding.records[0].label == "Gone"
    needed = one(
        categories={**SOUND.categories, "gone": CATEGORIES["gone"]},
        details={"d-1": detail(line("100.00", "21.00", category="gone"))},
    )
    assert (needed.problem, needed.severity, needed.records[0].id) == ("unknown-account", "blocking", "d-1")


def test_a_category_without_any_account_is_a_warning_and_one_of_another_department_is_not() -> None:
    bare = CategoryFacts("bare", "Bare", None)
    assert one(categories={**SOUND.categories, "bare": bare}).problem == "unmapped-category"
    theirs = msgspec.structs.replace(bare, elsewhere=True)
    assert found(categories={**SOUND.categories, "bare": theirs}) == []


def test_an_account_that_demands_a_cost_centre_and_proposes_none_is_named_with_its_documents() -> None:
    assert SOUND.accounts[5][701000].default_cost_centre is not None
    chart = {**SOUND.accounts[5], 700000: AccountFacts(700000, 1, None)}
    finding = one(accounts={5: chart})
    assert (finding.problem, finding.severity, finding.records[0].id) == (
        "cost-centre-missing",
        "blocking",
        "d-1",
    )
    ahead = one(accounts={5: chart}, pending=(), details={})
    assert (ahead.problem, ahead.severity) == ("cost-centre-missing", "warning")


def test_a_rate_without_a_code_is_a_warning_until_a_document_bears_it() -> None:
    rates = {**SOUND.tax_rates, "t20": RATES["t20"]}
    twenty = detail(line("100.00", "20.00", rate="t20"))
    assert one(tax_rates=rates).severity == "warning"
    needed = one(tax_rates=rates, pending=(head("120.00"),), details={"d-1": twenty})
    assert (needed.problem, needed.severity) == ("unmapped-vat", "blocking")


@pytest.mark.parametrize(("vat", "problems"), [("21.05", []), ("21.06", ["rounding-difference"])])
def test_cents_that_rounding_explains_are_no_finding(vat: str, problems: list[str]) -> None:
    amount = Decimal("100.00") + Decimal(vat)
    findings = found(pending=(head(amount),), details={"d-1": detail(line("100.00", vat))})
    assert [finding.problem for finding in findings] == problems


def test_a_credit_note_is_alone_only_when_its_invoice_is_nowhere() -> None:
    note = head(id="n-1", kind="credit_note", number="2026/4")
    known = msgspec.structs.replace(PLAIN, invoice_id="d-1")
    assert found(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": known}) == []
    for invoice in (None, "elsewhere"):
        lone = msgspec.structs.replace(PLAIN, invoice_id=invoice)
        finding = one(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": lone})
        assert (finding.problem, finding.severity) == ("credit-note-without-invoice", "info")
    unknown = msgspec.structs.replace(PLAIN, invoice_id="")
    assert found(pending=(*SOUND.pending, note), details={"d-1": PLAIN, "n-1": unknown}) == []


def test_bookings_of_one_document_are_listed_with_their_places() -> None:
    booking = BookingHead(5, "V1", 15, 1, date(2026, 2, 1), Decimal("121.00"), "2026 / 15 · octowizard", "")
    finding = one(twice=((booking, booking._replace(number=19)),))
    assert [record.label for record in finding.records] == ["V1/15", "V1/19"]
    assert finding.title == "2026 / 15 is booked more than once"


def test_another_connector_stops_a_connector_and_is_normal_for_an_observer() -> None:
    booking = BookingHead(5, "V1", 15, 1, date(2026, 2, 1), Decimal("121.00"), "2026 / 15", "")
    assert one(elsewhere=((head(id="x"), booking),)).problem == "other-connector"
    for calm in ({"mode": "observer"}, {"other_connector_off": True}):
        profile = msgspec.structs.replace(PROFILE, **calm)
        assert found(profile=profile, elsewhere=((head(id="x"), booking),), pending=()) == []


def test_an_observer_is_told_that_what_waits_waits_for_somebody_else() -> None:
    watching = msgspec.structs.replace(PROFILE, mode="observer")
    finding = one(profile=watching)
    assert (finding.problem, finding.severity) == ("observer-mode", "info")
    assert len(finding.records) == len(SOUND.pending)
    assert found(profile=watching, pending=()) == []


# --- how the sides were connected ----------------------------------------------------------------------------


def booked_before(number: int = 3, amount: str = "121.00") -> BookingHead:
    comment = f"2025 / {number} · octowizard"
    return BookingHead(5, "V1", number, 1, date(2025, 12, 3), Decimal(amount), comment, "")


def test_open_invoices_from_before_the_start_date_tell_that_it_was_moved() -> None:
    finding = one(earlier=(booked_before(), booked_before(4)), matches=(match("121.00", number=4),))
    assert (finding.problem, finding.severity) == ("start-date-later", "warning")
    assert [(record.label, record.id) for record in finding.records] == [("2025 / 3", "5/V1/3")]


def test_a_start_date_after_what_is_settled_or_credited_does_no_harm() -> None:
    assert found(earlier=(booked_before(),), matches=(match("60.00", number=3),)) == []
    assert found(earlier=(booked_before(amount="-121.00"),)) == []


def test_companies_that_were_imported_twice_are_named_and_those_imported_once_are_not() -> None:
    again = [
        msgspec.structs.replace(CUSTOMER, id=f"c-{place}", vat_number="BE0403019261") for place in (7, 8)
    ]
    finding = one(imported=tuple(again))
    assert (finding.problem, finding.severity) == ("import-again", "warning")
    assert [record.id for record in finding.records] == ["c-7", "c-8"]
    assert found(imported=(again[0],)) == []
    nameless = [msgspec.structs.replace(one_, vat_number=None, street=None) for one_ in again]
    assert found(imported=tuple(nameless)) == [], "a name alone tells nothing"


# --- customers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"vat_number": "BE0998877691"}, "invalid-vat-number"),
        ({"vat_number": "FR00", "country": "FR"}, "invalid-vat-number"),
        ({"vat_number": "US-99", "country": "US"}, None),
        ({"vat_number": None}, None),
        ({"country": "NL"}, "country-vat-mismatch"),
        ({"email": "info@foo"}, "invalid-email"),
        ({"email": "info@foo.example.com, b@foo.example.com"}, "invalid-email"),
        ({"email": None}, None),
    ],
)
def test_data_that_a_later_step_will_refuse_is_a_warning(
    changes: dict[str, Any], problem: str | None
) -> None:
    customer = msgspec.structs.replace(CUSTOMER, **changes)
    findings = found(customers={"c-1": customer})
    assert [(finding.problem, finding.severity) for finding in findings] == (
        [(problem, "warning")] if problem else []
    )


def test_a_customer_that_is_two_relations_blocks_and_two_others_are_a_warning() -> None:
    twice = (relation(1), relation(2))
    blocking = one(relations=twice)
    assert (blocking.problem, blocking.severity) == ("duplicate-relation", "blocking")
    warning = one(relations=(relation(1, vat_key="BE0123456749"), relation(2, vat_key="BE0123456749")))
    assert (warning.problem, warning.severity) == ("duplicate-relation", "warning")
    assert found(relations=(relation(1), relation(2, active=False))) == []


def test_a_customer_whose_relation_is_gone_is_named_before_octopus_refuses_it() -> None:
    finding = one(linked={"c-1": Linked(7, 0)})
    assert (finding.problem, finding.records[0].id) == ("customer-missing", "d-1")
    assert found(linked={"c-1": Linked(7, 0)}, relations=(relation(7),)) == []


def test_a_changed_external_number_of_our_own_is_a_warning() -> None:
    ours = external_number("c-1")
    finding = one(linked={"c-1": Linked(7, ours)}, relations=(relation(7, external_number=12),))
    assert (finding.problem, finding.severity) == ("external-id-mismatch", "warning")
    assert found(linked={"c-1": Linked(7, ours)}, relations=(relation(7, external_number=ours),)) == []
    assert found(linked={"c-1": Linked(7, 55)}, relations=(relation(7, external_number=12),)) == []


def test_a_customer_s_trouble_is_told_although_its_document_fails_for_another_reason_first() -> None:
    closed = msgspec.structs.replace(YEAR, closed=True)
    homeless = msgspec.structs.replace(CUSTOMER, country=None, vat_number=None)
    problems = {finding.problem for finding in found(years=(closed, NEXT), customers={"c-1": homeless})}
    assert problems == {"closed-year", "customer-without-country"}


def test_a_company_and_its_contact_are_no_duplicates_and_two_companies_are() -> None:
    pending = (head(), head(id="d-2", number="2026 / 16", customer_id="c-2"))
    details = {"d-1": PLAIN, "d-2": PLAIN}
    person = msgspec.structs.replace(CUSTOMER, id="c-2", type="contact")
    assert found(pending=pending, details=details, customers={"c-1": CUSTOMER, "c-2": person}) == []
    other = msgspec.structs.replace(CUSTOMER, id="c-2")
    finding = one(pending=pending, details=details, customers={"c-1": CUSTOMER, "c-2": other})
    assert (finding.problem, len(finding.records)) == ("duplicate-customer", 2)


def test_an_invoice_due_before_its_own_date_is_named_and_one_due_on_it_is_not() -> None:
    early = head(due_on=date(2026, 2, 9))
    finding = one(pending=(early,))
    assert (finding.problem, finding.severity) == ("bad-dates", "warning")
    assert found(pending=(head(due_on=date(2026, 2, 10)),)) == []
    assert found(pending=(head(due_on=None),)) == []


def test_an_intra_community_sale_without_vat_number_is_named() -> None:
    dutch = msgspec.structs.replace(CUSTOMER, country="NL", vat_number=None)
    intra = {"d-1": detail(line("100.00", "0.00", rate="tcm"))}
    finding = one(pending=(head("100.00"),), details=intra, customers={"c-1": dutch})
    assert (finding.problem, finding.severity) == ("intra-without-vat", "warning")


def test_contractors_are_named_only_when_an_export_declares_them() -> None:
    _findings, not_checked = run_checks(
        msgspec.structs.replace(SOUND, unread={"declared": "no export was read"}), PROFILE
    )
    assert [(one.check, one.lasting) for one in not_checked] == [("contractor", True)]
    finding = one(declared=told(vat_type="contractor"), declared_at=SNAPSHOT.taken_at)
    assert (finding.problem, [record.id for record in finding.records]) == ("contractor", ["c-1"])
    assert finding.evidence[0].startswith("Declared by companies.xlsx, read on 20/11/2026")
    assert finding.evidence[-1] == "1 document for them waits."
    assert found(declared=told(vat_type="vat_liable")) == []
    assert found(declared=told(vat_type="")) == []


NOBODY: dict[str, Any] = {"number": 1, "vat_key": None}


def told(**facts: Any) -> dict[str, DeclaredCustomer]:
    known: dict[str, Any] = {"name": "Foo [BE] bvba", "vat_number": "BE 0998.877.690", "country": "BE"}
    row = DeclaredCustomer(customer="c-1", source="companies.xlsx", **(known | facts))
    return {row.customer: row}


@pytest.mark.parametrize(
    ("number", "facts", "theirs"),
    [
        ("77", {}, ()),  # no relation has it
        ("77", {}, {"id": 77, "name": "Somebody else", "vat_key": "BE0403019261"}),
        ("77", {"vat_number": ""}, {"id": 77, "name": "Quite different"}),
        ("x77", {}, {"id": 77, "name": "Foo"}),  # not a number that Octopus gives
    ],
)
def test_a_customer_with_the_number_of_another_relation_is_named(
    number: str, facts: dict[str, Any], theirs: dict[str, Any]
) -> None:
    relations = (relation(**(NOBODY | theirs)),) if theirs else ()
    finding = one(declared=told(external=number, **facts), relations=relations)
    assert (finding.problem, finding.severity) == ("external-id-mismatch", "warning")
    assert "Declared by companies.xlsx" in finding.evidence[0]
    assert f"number {number}" in finding.evidence[1]


@pytest.mark.parametrize(
    ("number", "facts", "theirs"),
    [
        ("77", {}, {"id": 77, "name": "Renamed", "vat_key": "BE0998877690"}),
        ("77", {}, {"id": 5, "external_number": 77, "name": "FOO"}),
        ("77", {"vat_number": ""}, {"id": 77, "name": "Foo Holding"}),
        ("", {}, {"id": 77, "name": "Somebody else"}),
    ],
)
def test_a_customer_with_the_number_of_its_own_relation_is_not(
    number: str, facts: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert found(declared=told(external=number, **facts), relations=(relation(**(NOBODY | theirs)),)) == []


def test_numbers_are_not_called_fine_without_an_export_that_shows_them() -> None:
    _findings, not_checked = run_checks(
        msgspec.structs.replace(SOUND, unread={"declared_numbers": "no export was read"}), PROFILE
    )
    assert [(one.check, one.lasting) for one in not_checked] == [("customer-numbers", True)]


# --- payments ------------------------------------------------------------------------------------------------


def test_paid_in_teamleader_and_open_in_octopus_is_drift_and_the_other_way_round_is_work_for_the_sync() -> (
    None
):
    assert one(booked=(BOOKED,)).problem == "paid-drift"
    assert found(booked=(BOOKED,), matches=(match("121.00"),)) == []
    unpaid = Booked(msgspec.structs.replace(INVOICE, open_amount=Decimal("121.00")), 5, "V1", 15)
    assert found(booked=(unpaid,), matches=(match("121.00"),)) == []


def test_a_foreign_invoice_is_compared_as_paid_or_not_since_octopus_matches_euro() -> None:
    dollars = Booked(msgspec.structs.replace(INVOICE, currency="USD"), 5, "V1", 15)
    assert found(booked=(dollars,), matches=(match("104.31"),)) == []
    assert one(booked=(dollars,)).problem == "paid-drift"


def test_a_match_that_was_undone_is_told_once_and_as_what_it_is() -> None:
    payment = PaymentMade("paid", Decimal("121.00"), "2026-03-01", "registered")
    finding = one(booked=(BOOKED,), payments={"m": payment})
    assert (finding.problem, len(finding.records)) == ("unmatched-drift", 1)
    assert one(booked=(BOOKED,), undone=(match("121.00"),)).problem == "unmatched-drift"
    assert found(booked=(BOOKED,), payments={"m": payment}, matches=(match("121.00"),)) == []


def test_more_matched_than_due_waits_for_a_person_unless_other_matches_explain_what_is_paid() -> None:
    part = Booked(msgspec.structs.replace(INVOICE, open_amount=Decimal("51.00")), 5, "V1", 15)
    assert one(booked=(part,), matches=(match("121.00"),)).problem == "payment-parked"
    both = (match("70.00", "a"), match("51.00", "b"))
    assert found(booked=(part,), matches=both) == []


# --- access --------------------------------------------------------------------------------------------------


def test_a_refusal_is_one_finding_however_often_it_was_met() -> None:
    trouble = Trouble("Octopus", "dossier-refused", "no access to the dossier")
    finding = one(troubles=(trouble, trouble))
    assert (finding.problem, finding.severity, finding.evidence) == (
        "dossier-refused",
        "blocking",
        ("no access to the dossier",),
    )


def test_the_wrong_one_of_two_dossiers_is_named() -> None:
    ours = DossierFacts(2, "Noordster BV", "BE0998877690")
    holding = DossierFacts(1, "Holding BV", "BE0123456749")
    department = DepartmentFacts("d", "Noordster", "BE0998877690", True)
    finding = one(dossiers=(holding, ours), department=department)
    assert (finding.problem, finding.severity) == ("two-dossiers", "warning")
    stuck = one(dossiers=(holding, ours), department=department, journals={})
    assert (stuck.problem, stuck.severity) == ("two-dossiers", "blocking")
    right = msgspec.structs.replace(PROFILE, dossier_id=2)
    assert found(profile=right, dossiers=(holding, ours), department=department) == []


def test_more_documents_than_bookings_left_today_is_told_and_blocks_nothing() -> None:
    assert one(bookings_left=0).severity == "info"
    assert found(bookings_left=1) == []


def test_an_octopus_without_anything_is_one_finding_for_all_documents() -> None:
    finding = one(years=(), journals={}, accounts={})
    assert (finding.problem, [record.id for record in finding.records]) == ("set-up-missing", ["d-1"])


def test_the_checks_of_a_problem_are_found_by_its_name() -> None:
    assert [registered.id for registered in checks_of("secured-period")] == ["journals"]
    assert checks_of("unheard-of") == ()
