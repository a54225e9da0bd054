"""Looking at both sides for the checks: how often the vendors are asked, what is kept, what a limit withholds."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from octowizard.checks.registry import CHECKS, Finding, NotChecked, load_all, run_checks
from octowizard.octopus.contract import limits
from octowizard.sandbox.state import Dossier, World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import look
from octowizard.sync.accounts import open_accounts
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace import kept as kept_records
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import folder
from tests.checks.practice import NAME, Practice, check_again, practice
from tests.problems.of_a_check import check_explained

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
THIS, NEXT = 5, 6
load_all()
PROBLEMS = sorted({problem for one in CHECKS.values() for problem in one.problems if one.again})
# Not to be seen without writing, or through the API: nothing blocks, as far as a check can tell.
UNSEEN = {
    "open-journal",
    "heading-account",
    "no-write-right",
    "daily-limit",
    "contractor",
    "external-id-mismatch",
    "insert-booking",
    "no-changes",
}
SAID_AS = {
    "journals-not-synchronised": "missing-journal",
}
MILD = {
    "next-year-missing",
    "rounding-difference",
    "credit-note-without-invoice",
    "booked-twice",
    "invalid-vat-number",
    "intra-without-vat",
    "duplicate-customer",
    "invalid-email",
    "country-vat-mismatch",
    "paid-drift",
    "unmatched-drift",
    "payment-parked",
    "bad-dates",
    "observer-mode",
    "start-date-later",
    "import-again",
    "period-soon-secured",
    "communication-wrong",
    "communication-missing",
    "peppol-refused",
    "no-enterprise-number",
    "imported-twice",
}


def dossier(world: World) -> Dossier:
    return next(iter(world.octopus.dossiers.values()))


def two_years(world: World) -> None:
    """Documents wait in both open years."""
    for kept in list(world.teamleader.invoices.values())[:2]:
        if kept.data["invoice_date"]:
            kept.data.update(invoice_date="2027-01-11", due_on="2027-02-10")
    for kept in list(world.teamleader.credit_notes.values())[:1]:
        kept.data["credit_note_date"] = "2027-01-12"


async def spent(company: Practice, asked: Callable[[], Awaitable[object]]) -> int:
    """Calls to Octopus, by its own count, signing in aside."""
    before = sum(company.octopus_calls().values())
    await asked()
    return sum(company.octopus_calls().values()) - before


def without_contractor(not_checked: list[NotChecked]) -> list[NotChecked]:
    return [one for one in not_checked if not one.lasting]


@pytest.mark.parametrize("seed", range(1, 51) if LONG else (1, 2, 3, 17, 50))
async def test_a_healthy_company_gets_no_finding(seed: int, tmp_path: Path) -> None:
    async with practice(tmp_path, seed=seed, customers=None, documents=None) as company:
        snapshot, findings, not_checked = await company.check()
        assert findings == []
        assert without_contractor(not_checked) == []
        assert len(snapshot.details) == len(snapshot.pending) == 60


@pytest.mark.parametrize("scenario", sorted(name for name, one in SCENARIOS.items() if one.breaks))
async def test_each_broken_company_is_called_and_explained_as_what_it_is_and_nothing_else(
    scenario: str, tmp_path: Path
) -> None:
    async with practice(tmp_path, scenario=scenario, customers=None, documents=None) as company:
        snapshot, findings, _not_checked = await company.check()
        assert sum(company.octopus_calls().values()) <= 16
        if scenario in UNSEEN:
            assert blocking(findings) == set()
        elif scenario in MILD:
            assert blocking(findings) == set()
            assert scenario in {finding.problem for finding in findings}
        else:
            assert blocking(findings) == {SAID_AS.get(scenario, scenario)}
        check_explained(scenario, snapshot, company.profile, findings)


async def test_two_open_years_take_few_calls_and_a_second_look_the_same_day_takes_fewer(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, two_years) as company:
        assert await spent(company, company.check) <= 16
        assert await spent(company, company.check) <= 10
        company.world.clock.advance(timedelta(hours=13))
        assert await spent(company, company.check) <= 10


async def test_one_finding_again_takes_three_calls_at_most(tmp_path: Path) -> None:
    async with practice(tmp_path / "checked", two_years) as company:
        company.world.switches.rate_limit_per_minute = 100_000  # it is Octopus that is counted here
        await company.check()
        asked: dict[str, int] = {}
        today = dict(company.world.octopus_calls_today)
        signed_in = dict(company.world.teamleader.refresh_tokens)
        for problem in PROBLEMS:  # each as if it were the only one of this day
            root = tmp_path / problem
            shutil.copytree(company.root, root)
            company.world.octopus_calls_today.clear()
            company.world.octopus_calls_today.update(today)
            company.world.teamleader.refresh_tokens.clear()
            company.world.teamleader.refresh_tokens.update(signed_in)
            asked[problem] = await spent(company, partial(look.again, root, company.profile, problem))
    assert {problem: calls for problem, calls in asked.items() if calls > 3} == {}
    assert len(asked) > 40
    assert any(asked.values())


def wrong_type(world: World) -> None:
    dossier(world).journals[THIS, "V1"].insertion_type = 2


async def test_what_was_mended_is_seen_by_looking_at_that_finding_alone(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        _snapshot, findings, _unchecked = await company.check()
        assert [finding.problem for finding in findings] == ["wrong-journal-type"]
        dossier(company.world).journals[THIS, "V1"].insertion_type = 1
        before = company.octopus_calls()
        _snapshot, found, unchecked = await check_again(company.root, company.profile, "wrong-journal-type")
        assert (found, unchecked) == ([], [])
        asked = Counter(company.octopus_calls()) - Counter(before)
        assert set(asked) == {"GET /dossiers/{dossierId}/bookyears/{bookyearId}/journals"}
        kept = run_checks(look.offline(company.root, company.profile), company.profile)[0]
        assert kept == []


async def test_what_is_not_mended_stays_found(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        await company.check()
        _snapshot, found, _unchecked = await check_again(company.root, company.profile, "wrong-journal-type")
        assert [finding.problem for finding in found] == ["wrong-journal-type"]


def year_for_documents_gone(world: World) -> None:
    two_years(world)
    held[id(world)] = dossier(world).bookyears.pop(NEXT)


held: dict[int, Any] = {}


async def test_a_year_that_was_created_is_seen_and_its_accounts_are_not_taken_for_checked(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, year_for_documents_gone) as company:
        _snapshot, findings, _unchecked = await company.check()
        assert "missing-year" in {finding.problem for finding in findings}
        dossier(company.world).bookyears[NEXT] = held.pop(id(company.world))
        snapshot, found, _unchecked = await check_again(company.root, company.profile, "missing-year")
        assert found == []
        unchecked = run_checks(snapshot, company.profile)[1]
        assert "accounts" in {one.check for one in without_contractor(unchecked)}
        _snapshot, findings, unchecked = await company.check()
        assert (findings, without_contractor(unchecked)) == ([], [])


async def test_a_document_that_came_since_is_looked_at_with_its_customer(tmp_path: Path) -> None:
    """Looking again at the documents alone must not call a new one's customer missing."""
    taken: dict[str, Any] = {}

    def without_one(world: World) -> None:
        side = world.teamleader
        alone = next(
            key
            for key, one in side.invoices.items()
            if one.data["invoice_number"]
            and not any(note.data["invoice"]["id"] == key for note in side.credit_notes.values())
            and sum(_customer(other) == _customer(one) for other in _documents(world)) == 1
        )
        taken[alone] = side.invoices.pop(alone)

    async with practice(tmp_path, without_one) as company:
        await company.check()
        (document,) = taken.values()
        document.data["updated_at"] = company.world.clock.now().strftime("%Y-%m-%dT%H:%M:%S+00:00")
        company.world.teamleader.invoices.update(taken)
        snapshot, found, _unchecked = await check_again(company.root, company.profile, "totals-differ")
        assert document.data["id"] in {head.id for head in snapshot.pending}
        assert found == []
        assert run_checks(snapshot, company.profile)[0] == []


def _documents(world: World) -> list[Any]:
    return [*world.teamleader.invoices.values(), *world.teamleader.credit_notes.values()]


def _customer(document: Any) -> str:
    return str(document.data["invoicee"]["customer"]["id"])


async def test_offline_says_the_same_without_a_call_and_when_it_was_read(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        snapshot, findings, not_checked = await company.check()

        async def offline() -> None:
            kept = look.offline(company.root, company.profile)
            assert run_checks(kept, company.profile) == (findings, not_checked)
            assert kept.taken_at == snapshot.taken_at

        assert await spent(company, offline) == 0


async def test_offline_without_anything_kept_checks_nothing_and_says_so(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        findings, not_checked = run_checks(look.offline(company.root, company.profile), company.profile)
        assert findings == []
        assert all("nothing has been read yet" in one.why for one in not_checked)
        assert {one.check for one in not_checked} >= {
            "years",
            "journals",
            "accounts",
            "documents",
            "payments",
        }


async def test_however_often_it_is_asked_for_no_limit_is_exceeded(tmp_path: Path) -> None:
    async with practice(tmp_path, two_years, customers=5, documents=5) as company:
        refused: list[Any] = company.world.octopus_refused
        company.world.switches.rate_limit_per_minute = 100_000  # it is Octopus' days that are asked for here
        unsure: list[NotChecked] = []
        for _time in range(30):
            snapshot, findings, not_checked = await company.check()
            unsure = without_contractor(not_checked)
            assert findings == []
        assert refused == []
        assert {what for what, _since in snapshot.kept} >= {"bookyears"}  # kept, and its age is told
        assert unsure == []
        today = Counter(company.world.octopus_calls)
        assert all(count <= (limits()[key] or count) for key, count in today.items() if key in limits())


async def test_what_a_spent_limit_withholds_is_not_checked_and_never_fine(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        await another_program_spends_the_lists(company)
        snapshot, findings, not_checked = await company.check()
        assert {"vat_codes", "accounts"} <= snapshot.unread.keys() | snapshot.partial.keys()
        assert [finding.problem for finding in findings] == ["wrong-journal-type"]
        assert {"accounts", "vat-codes"} <= {one.check for one in not_checked}


async def another_program_spends_the_lists(company: Practice) -> None:
    """Both calls of the day for the VAT codes and the accounts, counted by Octopus and not by us."""
    elsewhere = company.root / "elsewhere"
    shutil.copytree(folder(company.root, NAME), folder(elsewhere, NAME))
    with Workspace.open(elsewhere, NAME) as workspace:
        async with open_accounts(elsewhere, company.profile, workspace) as accounts:
            for _time in range(2):
                await accounts.octopus.vat_codes()
                await accounts.octopus.accounts(THIS)


async def test_a_vat_code_that_was_added_is_seen_the_same_day_although_the_list_is_kept(
    tmp_path: Path,
) -> None:
    removed: list[Any] = []

    def without(world: World) -> None:
        codes = dossier(world).vat_codes
        removed.extend(one for one in codes if one["code"] == "21")
        codes[:] = [one for one in codes if one["code"] != "21"]

    async with practice(tmp_path, without) as company:
        _snapshot, findings, _unchecked = await company.check()
        assert {finding.problem for finding in findings} == {"unmapped-vat"}
        dossier(company.world).vat_codes.extend(removed)
        assert (await company.check())[1] == []


async def test_a_wrong_password_is_tried_once_and_leaves_everything_of_octopus_unchecked(
    tmp_path: Path,
) -> None:
    def other_password(world: World) -> None:
        world.octopus.password = "changed in the meantime"

    async with practice(tmp_path) as company:
        other_password(company.world)
        snapshot, findings, not_checked = await company.check()
        assert company.world.octopus_calls["POST /authentication"] == 1
        assert [finding.problem for finding in findings] == ["sign-in-refused"]
        assert {"years", "journals", "payments"} <= {one.check for one in not_checked}
        assert snapshot.pending  # Teamleader was read all the same


async def test_after_a_clean_check_a_sync_is_complete_and_the_next_check_clean(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        await company.check()
        finished = await run_sync(company.root, company.profile, SyncOptions(), lambda _e: None, Stop())
        assert (finished.outcome, finished.failing) == ("complete", 0)
        _snapshot, findings, not_checked = await company.check()
        assert (findings, without_contractor(not_checked)) == ([], [])


async def test_an_invoice_that_is_gone_from_teamleader_between_list_and_lines_is_told(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        await company.check()
        kept = max(
            (one for one in company.world.teamleader.invoices.values() if one.data["invoice_number"]),
            key=lambda one: str(one.data["invoice_date"]),
        )
        del company.world.teamleader.invoices[kept.data["id"]]
        with Workspace.open(company.root, company.profile.name) as workspace:
            kept_records.keep_detail(workspace, "invoice", kept.data["id"], b"", "of an earlier stamp")
        snapshot, findings, not_checked = await company.check()
        assert kept.data["id"] in snapshot.missing_details
        assert {"accounts", "documents"} <= {one.check for one in not_checked}
        assert findings == []


def blocking(findings: list[Finding]) -> set[str]:
    return {finding.problem for finding in findings if finding.severity == "blocking"}


async def test_the_tour_shows_each_documented_error(tmp_path: Path) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        _snapshot, findings, _unchecked = await company.check()
        assert blocking(findings) >= {
            "closed-year",
            "secured-period",
            "closed-period",
            "wrong-journal-type",
            "missing-account",
            "duplicate-relation",
        }


async def test_what_home_has_read_is_shown_before_anything_was_checked(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        before = look.offline(company.root, company.profile)
        assert before.taken_at.timestamp() == 0
        await look.look(company.root, company.profile, lines=0)
        snapshot = look.offline(company.root, company.profile)
        findings, not_checked = run_checks(snapshot, company.profile)
        assert [finding.problem for finding in findings] == ["wrong-journal-type"]
        assert snapshot.taken_at.timestamp() > 0
        assert {"details", "accounts"}.isdisjoint(snapshot.unread)
        # The lines of documents are read by a check only: what depends on them is not called fine.
        assert {"vat-codes", "accounts"} <= {one.check for one in not_checked}


async def test_home_of_a_sound_company_makes_no_finding_of_what_it_did_not_read(tmp_path: Path) -> None:
    async with practice(tmp_path, two_years) as company:
        await look.look(company.root, company.profile, lines=0)
        snapshot = look.offline(company.root, company.profile)
        assert run_checks(snapshot, company.profile)[0] == []
