"""Which changes are offered, and which are not: pure, for every situation of the books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from octowizard.books.fiscal import FiscalYear, Period
from octowizard.locale.labels import Languages
from octowizard.onboarding import fixes, requests
from octowizard.onboarding.model import Change
from octowizard.planning.customers import external_number
from octowizard.snapshot.model import AccountFacts, CategoryFacts, CustomerFacts, Linked, Snapshot
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.profiles import Mapping
from tests.build import (
    ACCOUNTS,
    CUSTOMER,
    NEXT,
    PROFILE,
    SOUND,
    V1,
    V2,
    YEAR,
    detail,
    head,
    line,
    months,
    relation,
)
from tests.onboarding.fixing import correct_company

TODAY = date(2026, 11, 20)


def a(**changes: Any) -> Snapshot:
    """The sound Snapshot, otherwise."""
    return msgspec.structs.replace(SOUND, **changes)


def years(
    decisions: dict[str, Any] | None = None, today: date = TODAY, **changes: Any
) -> list[tuple[str, str]]:
    """First and last day of the years that are offered."""
    found = fixes.years(a(**changes), PROFILE, decisions or {}, today)
    return [(one.body["fromDate"], one.body["toDate"]) for one in found]


# --- fiscal years ------------------------------------------------------------------------------------------


def test_an_empty_octopus_gets_the_year_of_the_first_document_and_the_next_one_in_time() -> None:
    assert years(years=(), journals={}, accounts={}) == [
        ("2026-01-01", "2026-12-31"),
        ("2027-01-01", "2027-12-31"),
    ]


def test_extra_years_are_made_before_the_wanted_one_without_a_gap() -> None:
    old = FiscalYear(1, "2023", date(2023, 1, 1), date(2023, 12, 31), True, months(2023))
    assert years(years=(old,), today=date(2026, 3, 1)) == [
        ("2024-01-01", "2024-12-31"),
        ("2025-01-01", "2025-12-31"),
        ("2026-01-01", "2026-12-31"),
    ]


def test_a_broken_year_is_followed_from_the_day_after_it_ends() -> None:
    broken = FiscalYear(5, "2025-2026", date(2025, 7, 1), date(2026, 6, 30), False, months(2026))
    assert years(years=(broken,)) == [("2026-07-01", "2027-06-30")]


def test_a_first_year_of_other_months_is_left_to_a_person_since_its_start_is_for_good() -> None:
    assert years({"declared/calendar-year": False}, years=()) == []
    assert years({"declared/calendar-year": True}, years=())[0] == ("2026-01-01", "2026-12-31")
    assert years({"declared/calendar-year": False}, years=(YEAR,)) == [("2027-01-01", "2027-12-31")]


def test_a_date_that_is_a_slip_of_the_pen_makes_no_years() -> None:
    assert years(pending=(head(date=date(2062, 1, 1)), head(date=date(9999, 12, 31)))) == []
    assert len(years(years=(), start_date=date(1950, 1, 1))) == 12
    assert years(years=(), start_date=date(9999, 12, 31), pending=())[0] == ("2026-01-01", "2026-12-31")


def test_no_year_is_offered_when_all_days_have_one() -> None:
    assert years() == []
    assert years(years=(YEAR,), today=date(2026, 10, 15)) == []


def test_the_next_year_is_offered_two_months_before_it_is_needed() -> None:
    assert years(years=(YEAR,), today=date(2026, 11, 1)) == [("2027-01-01", "2027-12-31")]


def test_nothing_is_offered_before_the_years_were_read() -> None:
    assert years(years=(), unread={"years": "no network"}) == []
    assert years(years=(), taken_at=datetime(1970, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("count", "periods", "vat_return"),
    [(12, "MONTH", "MONTHLY"), (4, "QUARTER", "QUARTERLY"), (1, "YEAR", "MONTHLY")],
)
def test_a_new_year_has_the_periods_of_the_one_before(count: int, periods: str, vat_return: str) -> None:
    own = tuple(Period(202600 + n, YEAR.start, YEAR.end) for n in range(1, count + 1))
    year = msgspec.structs.replace(YEAR, periods=own)
    (change,) = fixes.years(a(years=(year,)), PROFILE, {}, TODAY)
    assert (change.body["bookingPeriodType"], change.body["declarantType"]) == (periods, vat_return)
    for answer, declared in ((True, "QUARTERLY"), (False, "MONTHLY")):
        (decided,) = fixes.years(a(years=(year,)), PROFILE, {"declared/vat-quarterly": answer}, TODAY)
        assert decided.body["declarantType"] == declared


def test_a_year_that_began_on_a_leap_day_is_followed_all_the_same() -> None:
    leap = FiscalYear(5, "2028", date(2027, 3, 1), date(2028, 2, 28), False, months(2027))
    (change,) = fixes.years(a(years=(leap,), pending=()), PROFILE, {}, date(2028, 2, 1))
    assert (change.body["fromDate"], change.body["toDate"]) == ("2028-02-29", "2029-02-28")


def test_a_fiscal_year_says_that_its_start_cannot_be_changed() -> None:
    (change,) = fixes.years(a(years=(YEAR,)), PROFILE, {}, TODAY)
    assert change.irreversible
    assert "can't be changed" in change.also[0]
    assert "accountant" in change.who


# --- journals ----------------------------------------------------------------------------------------------


def ids(changes: Any) -> list[str]:
    return [one.id for one in changes]


def test_every_open_year_gets_both_journals() -> None:
    assert ids(fixes.journals(a(journals={}), PROFILE)) == [
        "create-journal:5:V1",
        "create-journal:5:V2",
        "create-journal:6:V1",
        "create-journal:6:V2",
    ]


def test_a_closed_year_and_one_in_which_nothing_waits_get_no_journal() -> None:
    past = FiscalYear(4, "2025", date(2025, 1, 1), date(2025, 12, 31), False, months(2025))
    shut = msgspec.structs.replace(YEAR, closed=True)
    assert ids(fixes.journals(a(years=(past, shut), journals={}), PROFILE)) == []
    waiting = (head(date=date(2025, 12, 30)),)
    assert ids(fixes.journals(a(years=(past, shut), journals={}, pending=waiting), PROFILE)) == [
        "create-journal:4:V1",
        "create-journal:4:V2",
    ]


def test_one_journal_for_both_kinds_is_made_once() -> None:
    profile = msgspec.structs.replace(PROFILE, credit_note_journal="V1")
    assert ids(fixes.journals(a(years=(YEAR,), journals={}), profile)) == ["create-journal:5:V1"]


def test_a_journal_of_another_letter_is_nothing_to_be_made_here() -> None:
    profile = msgspec.structs.replace(PROFILE, invoice_journal="F1")
    assert ids(fixes.journals(a(years=(YEAR,), journals={}), profile)) == ["create-journal:5:V2"]


def test_numbers_that_follow_teamleader_begin_where_its_documents_are() -> None:
    pending = (head(number="2026 / 31"), head(id="d-2", number="2026 / 30", date=date(2026, 3, 1)))
    snapshot = a(years=(YEAR,), journals={(5, "V2"): V2}, pending=pending)
    (plain,) = fixes.journals(snapshot, PROFILE)
    assert "nextDocumentNumber" not in plain.body["commonJournalInsertRequestData"]
    (follows,) = fixes.journals(snapshot, msgspec.structs.replace(PROFILE, numbering="follow"))
    assert follows.body["commonJournalInsertRequestData"]["nextDocumentNumber"] == 30
    assert any("30" in said for said in follows.also)


def test_a_journal_of_invoices_is_offered_to_take_bookings_and_says_what_it_holds() -> None:
    wrong = msgspec.structs.replace(V1, takes_bookings=False)
    (change,) = fixes.for_problem(
        "wrong-journal-type", a(journals={**SOUND.journals, (5, "V1"): wrong}), PROFILE
    )
    assert change.body["sellJournalInsertionType"] == "BOOKING"
    assert "40" in change.also[0]


def secured(until: int, *days: date, closed: int = 0, kind: str = "invoice") -> tuple[Change, ...]:
    journal = msgspec.structs.replace(V1, protected_period=until, closed_period=closed)
    pending = tuple(head(id=f"d-{n}", date=day, kind=kind) for n, day in enumerate(days))
    return fixes.for_problem(
        "secured-period", a(journals={**SOUND.journals, (5, "V1"): journal}, pending=pending), PROFILE
    )


def test_a_secured_period_is_lowered_to_just_before_the_first_document_that_waits() -> None:
    (change,) = secured(202610, date(2026, 9, 3), date(2026, 10, 4), date(2026, 11, 2))
    assert change.body["commonJournalUpdateRequestData"]["protectedPeriod"] == 202608
    assert change.before == {"commonJournalUpdateRequestData.protectedPeriod": 202610}
    assert "202609, 202610" in change.also[0]
    assert "01/09/2026" in change.also[0]
    assert "2 documents" in change.also[1]
    assert "VAT return" in change.also[2]


def test_the_first_period_of_a_year_is_freed_by_securing_none() -> None:
    (change,) = secured(202610, date(2026, 1, 3))
    assert change.body["commonJournalUpdateRequestData"]["protectedPeriod"] == 0
    assert "no period is secured" in change.lines[-1][1]


def test_a_period_that_is_also_closed_is_not_offered_since_the_api_cannot_open_it() -> None:
    assert secured(202610, date(2026, 9, 3), closed=202609) == ()
    (change,) = secured(202610, date(2026, 9, 3), date(2026, 10, 3), closed=202609)
    assert change.body["commonJournalUpdateRequestData"]["protectedPeriod"] == 202609


def test_documents_of_another_journal_open_no_period() -> None:
    assert secured(202610, date(2026, 9, 3), kind="credit_note") == ()


# --- accounts ----------------------------------------------------------------------------------------------


def test_an_account_of_sales_that_a_category_leads_to_is_offered_with_its_name_of_another_year() -> None:
    charts = {5: ACCOUNTS, 6: {**ACCOUNTS, 705000: AccountFacts(705000, 0, None, "Prestaties")}}
    categories = {"x": CategoryFacts("x", "Werk", "70500"), "y": CategoryFacts("y", "Webshop", "703000")}
    found = fixes.for_problem("unknown-account", a(accounts=charts, categories=categories), PROFILE)
    assert [(one.id, one.body["description"]) for one in found] == [
        ("create-account:5:705000", {"description_NL": "Prestaties"}),
        ("create-account:5:703000", {"description_NL": "Webshop"}),
        ("create-account:6:703000", {"description_NL": "Webshop"}),
    ]


def test_an_account_that_is_none_of_sales_is_left_to_the_accountant() -> None:
    categories = {key: CategoryFacts(key, key, key) for key in ("744000", "7", "7000000", "70x", "")}
    assert fixes.for_problem("unknown-account", a(categories=categories), PROFILE) == ()


def test_an_account_that_the_user_chose_is_offered_instead_of_teamleaders() -> None:
    profile = msgspec.structs.replace(PROFILE, mapping=Mapping(accounts={"goods": 706000}))
    assert ids(fixes.for_problem("unknown-account", a(), profile)) == ["create-account:5:706000"]


def test_the_account_for_discounts_is_offered_when_a_document_has_one() -> None:
    chart = {5: {key: account for key, account in ACCOUNTS.items() if key != 708000}}
    assert fixes.for_problem("missing-discount-account", a(accounts=chart), PROFILE) == ()
    discounted = {"d-1": detail(line("100.00", "21.00"), has_discount=True)}
    (change,) = fixes.for_problem("missing-discount-account", a(accounts=chart, details=discounted), PROFILE)
    assert change.id == "create-account:5:708000"
    assert change.body["description"] == {"description_NL": "Toegekende kortingen"}


def test_a_cost_centre_is_taken_from_another_year_or_from_the_other_accounts_and_never_guessed() -> None:
    bare = {5: {700000: AccountFacts(700000, 1, None)}}

    def offered(charts: dict[int, dict[int, AccountFacts]]) -> list[str]:
        return ids(fixes.for_problem("cost-centre-missing", a(accounts=charts), PROFILE))

    assert offered(bare) == []
    assert offered({**bare, 6: {700000: AccountFacts(700000, 1, 9)}}) == ["account-cost-centre:5:700000:9"]
    beside = {**bare[5], 701000: AccountFacts(701000, 1, 3)}
    assert offered({5: beside}) == ["account-cost-centre:5:700000:3"]
    assert offered({5: {**beside, 702000: AccountFacts(702000, 1, 4)}}) == []


# --- relations ---------------------------------------------------------------------------------------------


def filled(**changes: Any) -> dict[str, Any] | None:
    known: dict[str, Any] = {"vat_type": 0, "country": "", "currency": "EUR"}
    found = fixes.relations(a(relations=(relation(9, **(known | changes)),)), PROFILE)
    if not found:
        return None
    return {key: value for key, value in found[0].body.items() if key in ("vatType", "country")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"vatType": 1, "country": "BE"}),
        ({"country": "BE"}, {"vatType": 1}),
        ({"vat_type": 1}, {"country": "BE"}),
        ({"vat_type": 1, "country": "BE"}, None),
        ({"vat_key": "NL853746333B01"}, {"vatType": 4, "country": "NL"}),
        ({"vat_key": "EL094259216"}, {"vatType": 4, "country": "GR"}),
        ({"vat_key": None}, None),  # whoever it is: nothing says it
        ({"vat_type": None}, None),  # never read is not unknown
        ({"currency": ""}, None),
        ({"client": False}, None),
        ({"active": False}, None),
    ],
)
def test_a_relation_is_completed_with_what_is_sure_and_nothing_else(
    changes: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    assert filled(**changes) == expected


def test_a_relation_without_vat_number_takes_the_type_of_the_customer_it_is_linked_with() -> None:
    person = CustomerFacts(id="c-1", type="contact", name="Peeters", country="BE")
    bare = relation(9, vat_key=None, vat_type=0, country="BE", currency="EUR")
    linked = {"c-1": Linked(9, 0)}
    (change,) = fixes.relations(a(relations=(bare,), linked=linked, customers={"c-1": person}), PROFILE)
    assert change.body["vatType"] == 7
    assert change.before == {"vatType": 0}


def test_a_contractor_gets_its_vat_type_in_octopus_where_it_arrived_without_one() -> None:
    there = (relation(9, vat_type=0, country="BE", currency="EUR"), relation(8, vat_type=0, currency="EUR"))
    found = fixes.for_problem(
        "contractor",
        a(
            relations=there,
            linked={"c-1": Linked(9, 0)},
            declared={"c-1": DeclaredCustomer(customer="c-1", source="x.xlsx", vat_type="contractor")},
        ),
        PROFILE,
    )
    assert [one.body["vatType"] for one in found] == [1]
    assert found[0].title.endswith("FOO BVBA")


def test_our_external_number_is_put_back_and_another_ones_is_not_taken() -> None:
    ours = external_number("c-1")
    changed = relation(9, external_number=4, currency="EUR")
    linked = {"c-1": Linked(9, ours)}
    (change,) = fixes.for_problem("external-id-mismatch", a(relations=(changed,), linked=linked), PROFILE)
    assert change.body["relationIdentificationServiceData"]["externalRelationId"] == ours
    assert any("4" in said for said in change.also)
    taken = (changed, relation(10, external_number=ours, currency="EUR"))
    assert fixes.for_problem("external-id-mismatch", a(relations=taken, linked=linked), PROFILE) == ()
    foreign = {"c-1": Linked(9, 77)}
    assert fixes.for_problem("external-id-mismatch", a(relations=(changed,), linked=foreign), PROFILE) == ()


# --- all of them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "problem",
    ["closed-year", "closed-period", "year-gap", "vendor-refused", "unmapped-vat", "no such problem"],
)
def test_what_only_a_person_can_mend_is_not_offered(problem: str) -> None:
    assert fixes.for_problem(problem, a(years=(), journals={}), PROFILE) == ()


def test_an_octopus_without_anything_is_offered_its_years_first_and_its_journals_then() -> None:
    empty = a(years=(), journals={}, accounts={})
    said = {"declared/calendar-year": True, "declared/vat-quarterly": False}
    assert ids(fixes.for_problem("set-up-missing", empty, PROFILE, said))[0] == "create-year:2026-01-01"
    assert fixes.for_problem("set-up-missing", empty, PROFILE) == ()  # nobody has said how the year runs
    assert ids(fixes.for_problem("set-up-missing", a(journals={}), PROFILE))[0] == "create-journal:5:V1"


def test_a_list_of_a_company_shows_every_part() -> None:
    addresses = [
        {
            "type": "primary",
            "address": {"line_1": "Kaai 1", "postal_code": "9000", "city": "Gent", "country": "BE"},
        }
    ]
    change = correct_company("c-1", "Foo", {"addresses": addresses}, {})
    assert [value for _what, value in change.lines[1:]] == ["primary", "Kaai 1", "9000", "Gent", "BE"]
    assert change.lines[0] == ("Company", "c-1 · Foo")


def test_a_member_that_nobody_foresaw_is_shown_under_the_vendors_own_name() -> None:
    assert requests.lines_of(
        {"remarks": "x", "iban": None, "brandNew": Decimal("1.50")}, Languages("nl")
    ) == (
        ("remarks", "x"),
        ("IBAN", "nothing"),
        ("brandNew", "1.50"),
    )


def test_sound_books_are_offered_nothing() -> None:
    assert (NEXT.id, CUSTOMER.id) == (6, "c-1")
    assert fixes.journals(SOUND, PROFILE) == ()
    assert fixes.accounts(SOUND, PROFILE) == ()
    assert fixes.relations(SOUND, PROFILE) == ()
