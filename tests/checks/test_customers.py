"""Customers: as relations, their data, and what only an export declares."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from octowizard.books.vat import Regime
from octowizard.checks.registry import run_checks
from octowizard.planning.customers import external_number
from octowizard.snapshot.model import Linked
from octowizard.workspace.declared import DeclaredCustomer
from tests.build import CUSTOMER, NEXT, PLAIN, PROFILE, SNAPSHOT, SOUND, YEAR, detail, head, line, relation
from tests.checks.finding import findings_in, only_finding


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"vat_number": "BE0998877691"}, "invalid-vat-number"),
        ({"vat_number": "FR00", "country": "FR"}, "invalid-vat-number"),
        ({"vat_number": "US-99", "country": "US"}, None),
        ({"vat_number": None}, None),
        ({"country": "NL"}, "country-vat-mismatch"),
        ({"vat_number": "GB980780685", "country": "GB"}, "invalid-vat-number"),
        ({"vat_number": "CHE-107.787.578", "country": "CH"}, "invalid-vat-number"),
        ({"vat_number": "FR40303265045", "country": "MC"}, None),
        ({"vat_number": "40 303 265 045", "country": "RE"}, None),
        ({"vat_number": "FI20774740", "country": "AX"}, None),
        ({"vat_number": "XI980780684", "country": "GB"}, None),
        ({"vat_number": "094259216", "country": "EL"}, None),
        ({"vat_number": "BTW-nummer: 123456789B13 - KvK Utrecht", "country": "NL"}, None),
        ({"vat_number": "EU372022452", "country": "IE"}, "invalid-vat-number"),
        ({"vat_number": "EU372022452", "country": "US"}, None),
        ({"email": "info@foo"}, "invalid-email"),
        ({"email": "info@foo.example.com, b@foo.example.com"}, "invalid-email"),
        ({"email": None}, None),
    ],
)
def test_data_that_a_later_step_will_refuse_is_a_warning(
    changes: dict[str, Any], problem: str | None
) -> None:
    customer = msgspec.structs.replace(CUSTOMER, **changes)
    findings = findings_in(customers={"c-1": customer})
    assert [(finding.problem, finding.severity) for finding in findings] == (
        [(problem, "warning")] if problem else []
    )


def test_a_customer_that_is_two_relations_blocks_and_two_others_are_a_warning() -> None:
    twice = (relation(1), relation(2))
    blocking = only_finding(relations=twice)
    assert (blocking.problem, blocking.severity) == ("duplicate-relation", "blocking")
    warning = only_finding(
        relations=(relation(1, vat_key="BE0123456749"), relation(2, vat_key="BE0123456749"))
    )
    assert (warning.problem, warning.severity) == ("duplicate-relation", "warning")
    assert findings_in(relations=(relation(1), relation(2, active=False))) == []


def test_a_customer_whose_relation_is_gone_is_named_before_octopus_refuses_it() -> None:
    finding = only_finding(linked={"c-1": Linked(7, 0)})
    assert (finding.problem, finding.records[0].id) == ("customer-missing", "d-1")
    assert findings_in(linked={"c-1": Linked(7, 0)}, relations=(relation(7),)) == []


def test_a_changed_external_number_of_our_own_is_a_warning() -> None:
    ours = external_number("c-1")
    finding = only_finding(linked={"c-1": Linked(7, ours)}, relations=(relation(7, external_number=12),))
    assert (finding.problem, finding.severity) == ("external-id-mismatch", "warning")
    assert findings_in(linked={"c-1": Linked(7, ours)}, relations=(relation(7, external_number=ours),)) == []
    assert findings_in(linked={"c-1": Linked(7, 55)}, relations=(relation(7, external_number=12),)) == []


def test_a_customer_s_trouble_is_told_although_its_document_fails_for_another_reason_first() -> None:
    closed = msgspec.structs.replace(YEAR, closed=True)
    homeless = msgspec.structs.replace(CUSTOMER, country=None, vat_number=None)
    problems = {finding.problem for finding in findings_in(years=(closed, NEXT), customers={"c-1": homeless})}
    assert problems == {"closed-year", "customer-without-country"}


def test_a_company_and_its_contact_are_no_duplicates_and_two_companies_are() -> None:
    pending = (head(), head(id="d-2", number="2026 / 16", customer_id="c-2"))
    details = {"d-1": PLAIN, "d-2": PLAIN}
    person = msgspec.structs.replace(CUSTOMER, id="c-2", type="contact")
    assert findings_in(pending=pending, details=details, customers={"c-1": CUSTOMER, "c-2": person}) == []
    other = msgspec.structs.replace(CUSTOMER, id="c-2")
    finding = only_finding(pending=pending, details=details, customers={"c-1": CUSTOMER, "c-2": other})
    assert (finding.problem, len(finding.records)) == ("duplicate-customer", 2)


def test_an_invoice_due_before_its_own_date_is_named_and_one_due_on_it_is_not() -> None:
    early = head(due_on=date(2026, 2, 9))
    finding = only_finding(pending=(early,))
    assert (finding.problem, finding.severity) == ("bad-dates", "warning")
    assert findings_in(pending=(head(due_on=date(2026, 2, 10)),)) == []
    assert findings_in(pending=(head(due_on=None),)) == []


def test_an_intra_community_sale_without_vat_number_is_named() -> None:
    dutch = msgspec.structs.replace(CUSTOMER, country="NL", vat_number=None)
    intra = {"d-1": detail(line("100.00", "0.00", rate="tcm"))}
    finding = only_finding(pending=(head("100.00"),), details=intra, customers={"c-1": dutch})
    assert (finding.problem, finding.severity) == ("intra-without-vat", "warning")


@pytest.mark.parametrize(
    ("rate", "vat", "missing"),
    [
        ("tcm", "XI980780684", False),  # goods to Northern Ireland
        ("tcm", "GB980780684", True),
        ("tcm", "EU372022452", True),
        ("tcm", "094259216", False),
        ("tvcmd", "XI980780684", True),
        ("tvcmd", "094259216", False),
    ],
)
def test_an_intra_community_sale_needs_a_number_of_the_eu(rate: str, vat: str, missing: bool) -> None:
    country = "GR" if vat.startswith("0") else "GB"
    abroad = msgspec.structs.replace(CUSTOMER, country=country, vat_number=vat)
    intra = {"d-1": detail(line("100.00", "0.00", rate=rate))}
    rates = {
        **SNAPSHOT.tax_rates,
        "tvcmd": msgspec.structs.replace(SNAPSHOT.tax_rates["tcm"], id="tvcmd", regime=Regime.INTRA_SERVICES),
    }
    findings = findings_in(
        pending=(head("100.00"),), details=intra, customers={"c-1": abroad}, tax_rates=rates
    )
    named = [finding.problem for finding in findings]
    assert ("intra-without-vat" in named) is missing


def test_contractors_are_named_only_when_an_export_declares_them() -> None:
    _findings, not_checked = run_checks(
        msgspec.structs.replace(SOUND, unread={"declared": "no export was read"}), PROFILE
    )
    assert [(one.check, one.lasting) for one in not_checked] == [("contractor", True)]
    finding = only_finding(declared=told(vat_type="contractor"), declared_at=SNAPSHOT.taken_at)
    assert (finding.problem, [record.id for record in finding.records]) == ("contractor", ["c-1"])
    assert finding.evidence[0].startswith("Declared by companies.xlsx, read on 20/11/2026")
    assert finding.evidence[-1] == "1 document for them waits."
    assert findings_in(declared=told(vat_type="vat_liable")) == []
    assert findings_in(declared=told(vat_type="")) == []


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
    finding = only_finding(declared=told(external=number, **facts), relations=relations)
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
    assert (
        findings_in(declared=told(external=number, **facts), relations=(relation(**(NOBODY | theirs)),)) == []
    )


def test_numbers_are_not_called_fine_without_an_export_that_shows_them() -> None:
    _findings, not_checked = run_checks(
        msgspec.structs.replace(SOUND, unread={"declared_numbers": "no export was read"}), PROFILE
    )
    assert [(one.check, one.lasting) for one in not_checked] == [("customer-numbers", True)]
