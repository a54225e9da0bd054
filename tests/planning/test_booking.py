"""From a document to its booking, or to the reason why there is none."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.books.fiscal import open_years_of
from octowizard.books.vat import Regime
from octowizard.octopus.bookings import BuySellBookingRequest
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft, Unread
from octowizard.snapshot.model import AccountFacts, BookingHead, CategoryFacts, DocumentDetail, LineFacts
from octowizard.workspace.profiles import Mapping
from tests.build import ACCOUNTS, CODES, SNAPSHOT, V1, V2, YEAR, detail, head, line, vat_code
from tests.contracts import check_request
from tests.planning.planned import planned, planner, refused

replace = msgspec.structs.replace
PLAIN = detail(line("100.00", "21.00"))


def sent(draft: Draft, number: int = 41, relation: int = 9) -> dict[str, Any]:
    """The booking on the wire, held against the contract."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    wire = encoder.encode(BuySellBookingRequest(draft.booking(number, relation)))
    body = json.loads(wire, parse_float=Decimal)
    check_request(
        "octopus", "POST", "/dossiers/1/buysellbookings", {}, {"dossierToken": "t", "requestUUID": "u"}, body
    )
    found: dict[str, Any] = body["buySellBookingServiceData"]
    return found


# --- the booking -----------------------------------------------------------------------------------------


def test_an_invoice_becomes_a_booking_that_says_all_the_invoice_says() -> None:
    content = detail(line("100.00", "21.00"), line("50.00", "3.00", "t6", "work"), purchase_order="PO 7")
    assert sent(planned(head("174.00"), content)) == {
        "bookyearKey": {"id": 5},
        "journalKey": "V1",
        "documentSequenceNr": 41,
        "relationIdentificationServiceData": {"relationKey": {"id": 9}},
        "bookyearPeriodeNr": 202602,
        "documentDate": "2026-02-10",
        "expiryDate": "2026-03-12",
        "amount": Decimal("174.00"),
        "currencyCode": "EUR",
        "exchangeRate": 1,
        "comment": "2026 / 15 · octowizard",
        "orderReference": "PO 7",
        "reference": "+++084/2613/66074+++",
        "bookingLines": [
            {
                "accountKey": 700000,
                "baseAmount": Decimal("100.00"),
                "vatCodeKey": "21",
                "vatAmount": Decimal("21.00"),
                "comment": "Apples",
            },
            {
                "accountKey": 701000,
                "baseAmount": Decimal("50.00"),
                "vatCodeKey": "06",
                "vatAmount": Decimal("3.00"),
                "comment": "Apples",
                "costCentreKey": {"id": 77},
            },
        ],
    }


def test_a_credit_note_goes_to_its_own_journal_with_a_negative_total_and_positive_lines() -> None:
    credit = head(kind="credit_note", number="2026/5", due_on=None)
    body = sent(planned(credit, replace(PLAIN, payment_reference=None)), number=4)
    assert (body["journalKey"], body["amount"]) == ("V2", Decimal("-121.00"))
    assert [(one["baseAmount"], one["vatAmount"]) for one in body["bookingLines"]] == [(100, 21)]
    assert body["expiryDate"] == body["documentDate"]  # it is due at once
    assert (body["comment"], body["reference"]) == ("2026/5 · octowizard", "2026/5")


def test_a_negative_line_stays_negative_beside_the_others() -> None:
    draft = planned(head("60.50"), detail(line("100.00", "21.00"), line("-50.00", "-10.50")))
    booked = [(one.base_amount, one.vat_amount) for one in draft.lines]
    assert booked == [(Decimal(100), Decimal(21)), (Decimal(-50), Decimal("-10.50"))]


def test_vat_is_what_the_document_says_and_is_not_computed_again() -> None:
    draft = planned(head("36.42"), detail(line("30.09", "6.33")))  # per rate it would be 6.32
    assert draft.lines[0].vat_amount == Decimal("6.33")


def test_a_document_in_a_foreign_currency_takes_its_exchange_rate_along() -> None:
    content = replace(PLAIN, rate_to_own=Decimal("0.92"))
    body = sent(planned(head(currency="USD"), content))
    assert (body["currencyCode"], body["exchangeRate"], body["amount"]) == ("USD", Decimal("0.92"), 121)


def test_a_line_text_of_any_length_and_shape_fits_one_line_of_the_booking() -> None:
    long = replace(line("100.00", "21.00"), description="Foo [BE]\n\n  bar\t" + "x" * 300)
    comment = planned(head(), detail(long)).lines[0].comment
    assert comment.startswith("Foo [BE] bar x")
    assert len(comment) == 100


def test_the_period_is_looked_up_by_date_and_never_made_from_the_month() -> None:
    quarter = replace(YEAR, periods=(replace(YEAR.periods[0], end=date(2026, 12, 31)),))
    assert planned(head(), PLAIN, planner(years=(quarter,))).period.number == 202601


# --- every reason ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem", "told"),
    [
        ({"years": ()}, "missing-year", "10/02/2026"),
        ({"years": (replace(YEAR, closed=True),)}, "closed-year", "2026"),
        ({"years": (replace(YEAR, periods=YEAR.periods[2:]),)}, "missing-period", "10/02/2026"),
        ({"journals": {(5, "V2"): V2}}, "missing-journal", "V1"),
        ({"journals": {(5, "V1"): replace(V1, takes_bookings=False)}}, "wrong-journal-type", "V1"),
        ({"journals": {(5, "V1"): replace(V1, closed=True)}}, "closed-journal", "V1"),
        ({"journals": {(5, "V1"): replace(V1, protected_period=202602)}}, "secured-period", "202602"),
        ({"journals": {(5, "V1"): replace(V1, closed_period=202602)}}, "closed-period", "202602"),
    ],
)
def test_a_barred_document_is_named_with_its_cause_before_and_after_its_lines_are_read(
    changes: dict[str, Any], problem: str, told: str
) -> None:
    reason = refused(head(), PLAIN, planner(**changes))
    assert reason.problem == problem
    assert told in reason.title
    assert reason == planner(**changes).head_blocker(head())


def test_a_document_that_waits_for_nothing_passes_the_first_look() -> None:
    assert planner().head_blocker(head()) is None
    assert planner().head_blocker(head(kind="credit_note")) is None


def test_a_currency_the_dossier_lacks_is_told_before_the_lines_are_read() -> None:
    reason = planner().head_blocker(head(currency="GBP"))
    assert reason is not None
    assert (reason.problem, reason.evidence) == ("unknown-currency", ("The dossier has: EUR, USD.",))
    assert planner(currencies=frozenset()).head_blocker(head(currency="EUR")) is None


def test_a_document_booked_with_another_amount_is_not_booked_again() -> None:
    there = BookingHead(5, "V1", 12, 9, date(2026, 2, 10), Decimal("-100.00"), "2026/15", "")
    reason = planner(differing=((head(), there),)).head_blocker(head())
    assert reason is not None
    assert reason.problem == "booked-differently"
    assert "V1/12" in reason.evidence[0]
    assert "100,00 there, 121,00" in reason.evidence[0]


def test_every_line_without_an_account_is_named() -> None:
    lines = (line("1.00", "0.21", category=None), line("1.00", "0.21"), line("2.00", "0.42", category=None))
    reason = refused(head("4.84"), detail(replace(lines[0], description="Pears"), *lines[1:]))
    assert reason.problem == "missing-account"
    assert len(reason.evidence) == 2
    assert "Pears" in reason.evidence[0]


@pytest.mark.parametrize(
    ("category", "problem"),
    [("unlinked", "unmapped-category"), ("unheard of", "unmapped-category"), ("gone", "unknown-account")],
)
def test_a_category_that_leads_to_no_account_is_named(category: str, problem: str) -> None:
    reason = refused(head(), detail(line("100.00", "21.00", category=category)))
    assert reason.problem == problem


def test_a_chart_that_could_not_be_read_today_is_no_fault_of_the_document() -> None:
    with pytest.raises(Unread) as caught:
        planner(accounts={}).draft(head(), PLAIN)
    assert caught.value.year == YEAR


def test_a_foreign_document_without_an_exchange_rate_is_not_booked_at_a_guess() -> None:
    assert (
        refused(head(currency="USD"), replace(PLAIN, rate_to_own=Decimal(0))).problem
        == "missing-exchange-rate"
    )


def test_base_and_vat_of_opposite_signs_are_refused_before_octopus_does() -> None:
    assert refused(head("79.00"), detail(line("100.00", "-21.00"))).problem == "mixed-signs"


@pytest.mark.parametrize(
    ("listed", "stated", "shown"),
    [("121.00", "120.99", "120.99"), ("121.01", "121.00", "121.01"), ("121.01", "121.02", "121.02")],
)
def test_lines_that_do_not_make_the_total_are_not_booked_and_both_amounts_are_told(
    listed: str, stated: str, shown: str
) -> None:
    reason = refused(head(listed), detail(line("100.00", "21.00"), total=Decimal(stated)))
    assert reason.problem == "totals-differ"
    assert reason.evidence == (f"Lines with VAT: 121,00; the document says {shown.replace('.', ',')}.",)


def test_parts_of_a_cent_are_never_rounded_away_into_a_booking() -> None:
    assert refused(head("12.1050"), detail(line("10.0050", "2.1000"))).problem == "totals-differ"


# --- accounts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["700000", " 700000 ", "7000", "70", "7000 (BE)", "700000 Sales", "700000\tVerkopen", "7000\u00a0(BE)"],
)
def test_an_account_is_found_in_every_way_its_number_is_written(text: str) -> None:
    categories = {"goods": CategoryFacts("goods", "Goods", text)}
    assert planned(head(), PLAIN, planner(categories=categories)).lines[0].account_key == 700000


def test_a_short_number_that_is_itself_an_account_is_not_filled_up() -> None:
    chart = ACCOUNTS | {7010: AccountFacts(7010, 0, None)}
    using = planner(categories={"goods": CategoryFacts("goods", "Goods", "7010")}, accounts={5: chart})
    assert planned(head(), PLAIN, using).lines[0].account_key == 7010


@pytest.mark.parametrize(
    "text", ["700 000", "700.000", "7000²", "Sales 700000", "70000000000000000000", "70x"]
)
def test_what_is_not_plainly_an_account_number_is_not_guessed_at(text: str) -> None:
    using = planner(categories={"goods": CategoryFacts("goods", "Goods", text)})
    reason = refused(head(), PLAIN, using)
    assert reason.problem == "unknown-account"
    assert text in reason.title


@pytest.mark.parametrize("text", ["", "   ", None])
def test_an_empty_account_is_no_account(text: str | None) -> None:
    using = planner(categories={"goods": CategoryFacts("goods", "Goods", text)})
    assert refused(head(), PLAIN, using).problem == "unmapped-category"


@given(st.text(max_size=12))
def test_any_text_in_place_of_an_account_gives_a_booking_or_a_reason(text: str) -> None:
    using = planner(categories={"goods": CategoryFacts("goods", "Goods", text)})
    made = using.draft(head(), PLAIN)
    assert isinstance(made, Draft) or made.problem in ("unmapped-category", "unknown-account")


def test_the_account_that_the_user_chose_outweighs_teamleaders() -> None:
    using = planner(Mapping(accounts={"goods": 702000, "unlinked": 700000}))
    assert planned(head(), PLAIN, using).lines[0].account_key == 702000
    unlinked = detail(line("100.00", "21.00", category="unlinked"))
    assert planned(head(), unlinked, using).lines[0].account_key == 700000
    assert refused(head(), PLAIN, planner(Mapping(accounts={"goods": 712345}))).problem == "unknown-account"


def test_a_mandatory_cost_centre_is_filled_in_and_no_other() -> None:
    for category, centre in (("goods", None), ("work", 77), ("loose", None)):
        key = planned(head(), detail(line("100.00", "21.00", category=category))).lines[0].cost_centre_key
        assert (key.id if key else None) == centre


# --- VAT codes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "vat", "code"),
    [
        ("t21", "21.00", "21"),
        ("t6", "6.00", "06"),
        ("t0", "0.00", "00"),
        ("tmc", "0.00", "MC"),
        ("tcm", "0.00", "IC"),
        ("tvcmd", "0.00", "ICD"),
        ("tex", "0.00", "EX"),
    ],
)
def test_each_kind_of_rate_gets_the_vat_code_of_its_kind(rate: str, vat: str, code: str) -> None:
    content = detail(line("100.00", vat, rate))
    assert planned(head(content.total), content).lines[0].vat_code_key == code


def test_a_rate_without_a_code_is_named_as_people_write_it() -> None:
    reason = refused(head("120.00"), detail(line("100.00", "20.00", "t20")))
    assert reason.problem == "unmapped-vat"
    assert reason.evidence == ("No sales code of 20 % of that kind was found.",)


def test_a_rate_unknown_to_the_department_is_named() -> None:
    assert refused(head(), detail(line("100.00", "21.00", "elsewhere"))).problem == "unmapped-vat"
    assert (
        refused(head(), detail(replace(line("100.00", "21.00"), tax_rate_id=None))).problem == "unmapped-vat"
    )


def test_of_several_codes_of_a_percentage_the_plain_one_is_taken_and_two_plain_ones_are_asked_about() -> None:
    services = vat_code("D21", "21", Regime.NATIONAL)
    assert planned(head(), PLAIN, planner(vat_codes=(services, *CODES))).lines[0].vat_code_key == "21"
    twins = (vat_code("06", "6", Regime.NATIONAL), vat_code("6", "6", Regime.NATIONAL))
    reason = refused(head("106.00"), detail(line("100.00", "6.00", "t6")), planner(vat_codes=twins))
    assert reason.evidence == ("Several codes fit: 06, 6. Choose one.",)


@pytest.mark.parametrize("regime", [Regime.INTRA_GOODS, Regime.EXPORT, Regime.CO_CONTRACTOR])
def test_a_kind_of_zero_percent_is_never_booked_on_a_code_of_another_kind(regime: Regime) -> None:
    only = tuple(code for code in CODES if code.regime is not regime)
    rate = {Regime.INTRA_GOODS: "tcm", Regime.EXPORT: "tex", Regime.CO_CONTRACTOR: "tmc"}[regime]
    assert (
        refused(head("9.00"), detail(line("9.00", "0.00", rate)), planner(vat_codes=only)).problem
        == "unmapped-vat"
    )


def test_a_code_without_a_card_for_credit_notes_takes_invoices_only() -> None:
    using = planner(vat_codes=(vat_code("21", "21", Regime.NATIONAL, sale_credit=False),))
    assert planned(head(), PLAIN, using).lines[0].vat_code_key == "21"
    reason = refused(head(kind="credit_note"), PLAIN, using)
    assert (reason.problem, reason.evidence) == (
        "vat-code-wrong-type",
        ("Code 21 has no card for credit notes on sales.",),
    )


def test_the_vat_code_that_the_user_chose_outweighs_the_proposal() -> None:
    codes = (*CODES, vat_code("D21", "21", Regime.NATIONAL))
    using = planner(Mapping(vat={"t21": "D21"}), vat_codes=codes)
    assert planned(head(), PLAIN, using).lines[0].vat_code_key == "D21"
    assert refused(head(), PLAIN, planner(Mapping(vat={"t21": "gone"}))).problem == "unmapped-vat"


# --- years, and everything at once -----------------------------------------------------------------------


def test_only_open_years_with_documents_are_asked_for_their_chart() -> None:
    years = (
        replace(YEAR, id=3, start=date(2024, 1, 1), end=date(2024, 12, 31), closed=True),
        replace(YEAR, id=4, start=date(2025, 1, 1), end=date(2025, 12, 31)),
        YEAR,
    )
    days = [date(2024, 5, 1), date(2026, 1, 1), date(2026, 12, 31), date(2029, 1, 1)]
    assert open_years_of(years, days) == (5,)
    assert open_years_of(years, [date(2025, 12, 31), *days]) == (4, 5)
    assert open_years_of(years, []) == ()


CENTS = st.integers(-100_000, 100_000).map(lambda n: Decimal(n) / 100)
LINES = st.builds(
    LineFacts,
    st.text(max_size=5),
    st.sampled_from(["goods", "work", "goods", "unlinked", None]),
    st.sampled_from(["t21", "t6", "t0", "tmc", "t20"]),
    CENTS,
    CENTS,
)


@given(
    lines=st.lists(LINES, max_size=4),
    off=st.sampled_from([0, 0, 0, 1]),
    kind=st.sampled_from(["invoice", "credit_note"]),
)
def test_a_booking_always_adds_up_to_its_document_or_is_not_made(
    lines: list[LineFacts], off: int, kind: str
) -> None:
    content: DocumentDetail = detail(*lines)
    total = content.total + Decimal(off) / 100
    made = planner().draft(head(total, kind=kind), replace(content, total=total))
    if isinstance(made, Blocker):
        assert made.title
        return
    booked = sum((one.base_amount + one.vat_amount for one in made.lines), Decimal(0))
    assert booked == total == (made.amount if kind == "invoice" else -made.amount)
    assert not off
    assert all(one.base_amount * one.vat_amount >= 0 for one in made.lines)
    sent(made)


def test_the_snapshot_is_not_changed_by_planning() -> None:
    before = msgspec.json.encode(SNAPSHOT.pending), dict(SNAPSHOT.categories), SNAPSHOT.vat_codes
    planner().draft(head(), PLAIN)
    assert before == (msgspec.json.encode(SNAPSHOT.pending), dict(SNAPSHOT.categories), SNAPSHOT.vat_codes)
