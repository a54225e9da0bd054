"""Where everything leads: what holds, where it comes from, what is proposed and why, and what a choice does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.books.vat import Regime
from octowizard.onboarding import mapping
from octowizard.onboarding.mapping import CannotChoose, Row
from octowizard.planning.booking import Planner
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.snapshot.model import (
    AccountFacts,
    CategoryFacts,
    Snapshot,
    TaxRateFacts,
    VatCodeFacts,
)
from octowizard.sync import look
from octowizard.workspace import profiles
from octowizard.workspace.profiles import Mapping, Mirror, Profile
from tests.build import CODES, PROFILE, RATES, SOUND, V1, detail, head, line
from tests.sync.inside import inside, last


def account(number: int, name: str, code: str = "") -> AccountFacts:
    return AccountFacts(number, 0, None, name, code)


CHART = {
    one.number: one
    for one in (
        account(700000, "Verkopen binnenland", "21"),
        account(700100, "Diensten in België", "21"),
        account(700600, "IC leveringen", "IC"),
        account(700999, "Verkopen (groep)"),
        account(708000, "Toegekende kortingen"),
        account(7000, "Verkopen"),
        account(580000, "Interne overboekingen"),
        account(744000, "Diverse opbrengsten"),
    )
}
JOURNALS = {
    **SOUND.journals,
    (5, "D1"): msgspec.structs.replace(V1, key="D1", name="Divers"),
    (5, "F1"): msgspec.structs.replace(V1, key="F1", name="Bank"),
}
BOOKS = msgspec.structs.replace(
    SOUND,
    accounts={5: CHART},
    journals=JOURNALS,
    categories={"goods": CategoryFacts("goods", "Goederen", "700000")},
    tax_rates={key: RATES[key] for key in ("t21", "t0")},
)


def rows(profile: Profile = PROFILE, **changes: Any) -> tuple[Row, ...]:
    return mapping.rows(msgspec.structs.replace(BOOKS, **changes), profile)


def row(id: str, profile: Profile = PROFILE, **changes: Any) -> Row:
    return mapping.row_named(rows(profile, **changes), id)


def category(name: str, text: str | None, rate: str = "t21", **changes: Any) -> Row:
    """The row of a category that the waiting document uses at this rate."""
    return row(
        "category/x",
        categories={"x": CategoryFacts("x", name, text)},
        details={"d-1": detail(line("100.00", "21.00", rate=rate, category="x"))},
        **changes,
    )


def mapped(**fields: Any) -> Profile:
    return msgspec.structs.replace(PROFILE, mapping=Mapping(**fields))


# --- product categories ------------------------------------------------------------------------------------


def test_a_category_leads_where_teamleader_says_until_the_user_says_otherwise() -> None:
    found = row("category/goods")
    assert (found.value, found.named, found.origin) == ("700000", "Verkopen binnenland", "teamleader")
    assert (found.trouble, found.proposal, found.waiting) == ("", "", 1)
    chosen = row("category/goods", mapped(accounts={"goods": 700100}))
    assert (chosen.value, chosen.origin) == ("700100", "chosen")


def test_an_account_written_short_is_the_whole_one() -> None:
    assert category("Goederen", "7001").value == "700100"


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (None, "no ledger account"),
        ("705000", "not in the chart of 2026"),
        ("700999", "heading"),
        ("7000", "heading"),
        ("700 100", "not in the chart"),
    ],
)
def test_a_category_that_leads_nowhere_says_why(text: str | None, trouble: str) -> None:
    found = category("Iets", text)
    assert trouble in found.trouble
    assert found in mapping.unmapped([found])


def test_an_account_must_be_in_every_year_that_was_read() -> None:
    without = {number: one for number, one in CHART.items() if number != 700000}
    assert "2027" in row("category/goods", accounts={5: CHART, 6: without}).trouble


def test_an_account_of_the_same_name_is_proposed_for_sure() -> None:
    found = category("Diensten in belgie", None)
    assert (found.proposal, found.proposed, found.sure) == ("700100", "Diensten in België", True)


def test_an_account_is_proposed_by_the_vat_code_of_the_lines_and_its_name() -> None:
    found = category("Diensten België", None)
    assert (found.proposal, found.sure) == ("700100", True)
    assert "21" in found.reason


def test_the_only_account_of_a_vat_code_is_proposed_for_sure() -> None:
    rates = {**BOOKS.tax_rates, "tcm": RATES["tcm"]}
    found = category("Wat dan ook", None, "tcm", tax_rates=rates)
    assert (found.proposal, found.sure) == ("700600", True)


def test_the_account_that_octopus_proposes_for_a_code_is_only_a_guess_where_several_bear_it() -> None:
    codes = tuple(
        msgspec.structs.replace(code, account=700000) if code.code == "21" else code for code in CODES
    )
    found = category("Wat dan ook", None, vat_codes=codes)
    assert (found.proposal, found.sure) == ("700000", False)


def test_an_account_that_is_meant_for_another_vat_code_or_for_no_sales_is_remarked_on() -> None:
    assert row("category/goods").note == ""
    assert "VAT code IC; the waiting lines have 21" in category("Goederen", "700600").note
    assert "no account of sales" in category("Goederen", "744000").note
    assert mapping.unmapped([category("Goederen", "744000")]) == ()


def test_a_heading_is_never_proposed_and_never_to_be_chosen() -> None:
    found = category("Verkopen (groep)", None)
    assert found.proposal != "700999"
    assert [choice.value for choice in found.choices] == ["700000", "700100", "700600", "708000"]


def test_a_category_of_another_department_that_nobody_uses_is_no_trouble() -> None:
    elsewhere = CategoryFacts("x", "Andere", None, elsewhere=True)
    found = row("category/x", categories={"x": elsewhere})
    assert found.optional
    assert mapping.unmapped([found]) == ()


def test_nothing_is_said_against_an_account_while_no_chart_was_read() -> None:
    found = row("category/goods", accounts={})
    assert (found.value, found.trouble) == ("700000", "")


# --- tax rates ---------------------------------------------------------------------------------------------


def test_a_rate_leads_to_the_code_of_its_percentage_and_kind_until_another_is_chosen() -> None:
    found = row("rate/t21")
    assert (found.value, found.origin, found.detail, found.waiting) == ("21", "proposed", "21 %", 1)
    codes = (*CODES, VatCodeFacts("21X", "", Decimal(21), Regime.NATIONAL, sale=True, sale_credit=True))
    assert row("rate/t21", mapped(vat={"t21": "21X"}), vat_codes=codes).origin == "chosen"


def test_a_rate_without_a_code_says_so_and_has_nothing_to_choose() -> None:
    rates = {"t12": TaxRateFacts("t12", "12%", Decimal("0.12"), Regime.NATIONAL)}
    used = {"d-1": detail(line("100.00", "12.00", rate="t12"))}
    found = row("rate/t12", tax_rates=rates, details=used)
    assert (found.value, found.choices, found.optional) == ("", (), False)
    assert "12 %" in found.trouble
    assert row("rate/t12", tax_rates=rates, details={}).optional


def test_a_code_without_a_card_for_credit_notes_is_trouble_and_another_is_proposed() -> None:
    codes = (
        VatCodeFacts("12", "Oud", Decimal(12), Regime.NATIONAL, sale=True, sale_credit=False),
        VatCodeFacts("12N", "Nieuw", Decimal(12), Regime.NATIONAL, sale=True, sale_credit=True),
    )
    rates = {"t12": TaxRateFacts("t12", "12%", Decimal("0.12"), Regime.NATIONAL)}
    found = row("rate/t12", tax_rates=rates, vat_codes=codes)
    assert "credit note" in found.trouble
    assert (found.proposal, found.sure) == ("12N", True)
    assert [choice.value for choice in found.choices] == ["12N"]


def test_of_several_codes_of_one_kind_the_one_with_the_rates_words_is_proposed() -> None:
    codes = tuple(
        VatCodeFacts(code, text, Decimal(0), Regime.CO_CONTRACTOR, sale=True, sale_credit=True)
        for code, text in (("M1", "Medecontractant werken"), ("M2", "Verlegd overige"))
    )
    found = row("rate/tmc", tax_rates={"tmc": RATES["tmc"]}, vat_codes=codes)
    assert (found.proposal, found.sure) == ("M1", True)


# --- discounts and mirrored payments -------------------------------------------------------------------------


def test_discounts_go_to_708000_where_it_exists_and_matter_only_to_documents_that_have_one() -> None:
    found = row("discount")
    assert (found.value, found.origin, found.optional) == ("708000", "proposed", True)
    discounted = {"d-1": detail(line("100.00", "21.00"), has_discount=True)}
    assert row("discount", details=discounted).waiting == 1


def test_another_account_that_speaks_of_discounts_is_proposed_where_708000_is_lacking() -> None:
    chart = {k: v for k, v in CHART.items() if k != 708000} | {709100: account(709100, "Kortingen klanten")}
    discounted = {"d-1": detail(line("100.00", "21.00"), has_discount=True)}
    found = row("discount", accounts={5: chart}, details=discounted)
    assert "708000" in found.trouble
    assert (found.proposal, found.sure, found.origin) == ("709100", True, "none")


def test_mirroring_is_offered_and_never_switched_on_by_itself() -> None:
    where, what = row("mirror-journal"), row("mirror-account")
    assert (where.value, where.proposal, [choice.value for choice in where.choices]) == (
        "",
        "D1",
        ["D1", "F1"],
    )
    assert (what.value, what.proposal, [choice.value for choice in what.choices]) == (
        "",
        "580000",
        ["580000"],
    )
    profile, taken = mapping.accept(PROFILE, rows(), unsure=True)
    assert (profile.mirror, taken) == (None, ())


def test_a_mirror_journal_or_account_that_is_gone_is_trouble() -> None:
    profile = msgspec.structs.replace(PROFILE, mirror=Mirror(journal="D9", account=589999))
    where, what = row("mirror-journal", profile), row("mirror-account", profile)
    assert ("D9" in where.trouble, "589999" in what.trouble) == (True, True)
    assert len(mapping.unmapped([where, what])) == 2


# --- the list ----------------------------------------------------------------------------------------------


def test_what_fails_comes_first_and_what_documents_wait_for_before_the_rest() -> None:
    categories = {
        "goods": CategoryFacts("goods", "Goederen", None),
        "idle": CategoryFacts("idle", "Aaa", None),
        "fine": CategoryFacts("fine", "Aab", "700000"),
    }
    labels = [one.label for one in rows(categories=categories)]
    assert labels[:3] == ["Goederen", "Aaa", "Aab"]
    assert [one.optional for one in rows(categories=categories)][-3:] == [True, True, True]


def test_a_row_is_named_by_its_id_or_its_own_name_when_only_one_bears_it() -> None:
    found = rows(categories={"a": CategoryFacts("a", "Werk", None), "b": CategoryFacts("b", "WERK", None)})
    assert mapping.row_named(found, "category/a").label == "Werk"
    assert mapping.row_named(found, "21%").id == "rate/t21"
    with pytest.raises(CannotChoose, match="category/a, category/b"):
        mapping.row_named(found, "werk")
    with pytest.raises(CannotChoose, match="nobody"):
        mapping.row_named(found, "nobody")


def test_each_rate_gets_the_account_that_its_vat_code_suggests() -> None:
    codes = tuple(
        msgspec.structs.replace(code, account=700100 if code.code == "21" else None) for code in CODES
    )
    rates = {key: RATES[key] for key in ("t21", "tcm", "t6")}
    found = mapping.suggestions(msgspec.structs.replace(BOOKS, vat_codes=codes, tax_rates=rates), PROFILE)
    assert [(one.rate, one.code, one.account) for one in found] == [
        ("21%", "21", 700100),
        ("CM", "IC", 700600),
    ]


# --- choosing ----------------------------------------------------------------------------------------------


def test_a_choice_is_kept_in_the_profile_and_taken_back() -> None:
    profile = mapping.choose(PROFILE, row("category/goods"), "700100")
    profile = mapping.choose(profile, row("rate/t0"), "00")
    profile = mapping.choose(profile, row("discount"), "700000")
    assert profile.mapping == Mapping(accounts={"goods": 700100}, vat={"t0": "00"}, discount_account=700000)
    for id in ("category/goods", "rate/t0", "discount"):
        profile = mapping.choose(profile, row(id, profile), "")
    assert profile == PROFILE


def test_the_bookings_go_where_the_user_chose() -> None:
    profile = mapping.choose(PROFILE, row("category/goods"), "700600")
    planner = Planner(BOOKS, profile.mapping, "V1", "V2")
    draft = planner.draft(head(), BOOKS.details["d-1"])
    assert [one.account_key for one in draft.lines] == [700600]  # type: ignore[union-attr]  # a Draft, or this fails


@pytest.mark.parametrize("value", ["700999", "7000", "744000", "12", "x", "𝟕𝟎𝟎𝟎𝟎𝟎", "700000 "])
def test_what_takes_no_sales_cannot_be_chosen(value: str) -> None:
    with pytest.raises(CannotChoose, match="700000, 700100"):
        mapping.choose(PROFILE, row("category/goods"), value)


def test_a_code_of_another_percentage_cannot_be_chosen() -> None:
    with pytest.raises(CannotChoose, match="there are: 21"):
        mapping.choose(PROFILE, row("rate/t21"), "06")


def test_journal_and_account_of_mirrored_payments_are_named_together() -> None:
    with pytest.raises(CannotChoose, match="D1 580000"):
        mapping.choose(PROFILE, row("mirror-journal"), "D1")
    with pytest.raises(CannotChoose, match="First name the journal"):
        mapping.choose(PROFILE, row("mirror-account"), "580000")
    with pytest.raises(CannotChoose, match="D1, F1"):
        mapping.choose_mirror(PROFILE, rows(), "D7", "580000")
    with pytest.raises(CannotChoose, match="580000"):
        mapping.choose_mirror(PROFILE, rows(), "D1", "")
    profile = mapping.choose_mirror(PROFILE, rows(), "D1", "580000")
    assert profile.mirror == Mirror(journal="D1", account=580000)
    assert mapping.choose(profile, row("mirror-journal", profile), "F1").mirror == Mirror(
        journal="F1", account=580000
    )
    assert mapping.choose(profile, row("mirror-account", profile), "").mirror is None


def test_accepting_takes_what_is_sure_and_the_rest_only_when_asked() -> None:
    categories = {
        "a": CategoryFacts("a", "Diensten in België", None),
        "b": CategoryFacts("b", "Verkopen binnenland extra", None),
    }
    found = rows(categories=categories, details={})
    sure, taken = mapping.accept(PROFILE, found)
    assert (sure.mapping.accounts, [one.label for one in taken]) == ({"a": 700100}, ["Diensten in België"])
    every, _taken = mapping.accept(PROFILE, found, unsure=True)
    assert every.mapping.accounts == {"a": 700100, "b": 700000}


async def test_documents_of_an_unmapped_category_are_booked_once_its_account_was_chosen(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path, SCENARIOS["unmapped-category"].build(1, 6, 4)) as at:
        snapshot: Snapshot = await look.look(tmp_path, at.profile, freshness="fresh", widely=True)
        (failing,) = mapping.unmapped(mapping.rows(snapshot, at.profile))
        assert failing.waiting > 0
        profiles.save(tmp_path, mapping.choose(at.profile, failing, "701000"))
        at.profile = profiles.load(tmp_path, at.profile.name)
        assert mapping.unmapped(mapping.rows(snapshot, at.profile)) == ()
        ended = last(await at.sync())
        assert (ended.failing, ended.outcome) == (0, "complete")


def test_a_day_long_gone_is_no_matter_for_the_journals_of_payments() -> None:
    years = (msgspec.structs.replace(SOUND.years[0], end=date(2026, 6, 30)),)
    assert row("mirror-journal", years=years).choices == ()
