"""What was read is used again by whoever looks next, a day's calls last the day, and what is spoilt is read again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from octowizard.checks.registry import run_checks
from octowizard.onboarding import state
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.session.session import Session
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import PARTS, READABLE, TWICE_A_DAY, allowed_age, is_young, written
from octowizard.sync import events
from octowizard.sync.look import look, offline
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceDamaged
from octowizard.workspace.profiles import folder
from tests.checks.practice import NAME, Practice, practice
from tests.checks.test_check_reading import THIS, dossier, two_years, wrong_type

FREE = {"GET /about/version"}


def limited(company: Practice) -> Counter[str]:
    """Calls of Octopus that a limit of the day counts, by its own count."""
    return Counter({name: count for name, count in company.octopus_calls().items() if name not in FREE})


async def seen(company: Practice, **how: object) -> Snapshot:
    return await look(company.root, company.profile, **how)  # type: ignore[arg-type] # as look takes them


async def preview(company: Practice, *, fresh: bool = False) -> events.RunFinished:
    options = SyncOptions(dry_run=True, fresh=fresh)
    return await run_sync(company.root, company.profile, options, lambda _event: None, Stop())


def complete(snapshot: Snapshot) -> bool:
    """Everything is known, and nothing is older than it may be because a limit is spent."""
    unread = snapshot.unread.keys() - {"declared", "declared_numbers"}
    return not (unread or snapshot.partial or snapshot.missing_details or snapshot.kept)


def without_a_window(world: World) -> None:
    """Of Teamleader: an hour passes between two looks by the vendors' clock only, and its minute is not waited for."""
    world.switches.rate_limit_per_minute = 100_000


@pytest.mark.parametrize("scenario", ["healthy", "tour"])
async def test_a_check_every_hour_is_whole_all_day_and_leaves_calls_for_a_sync(
    scenario: str, tmp_path: Path
) -> None:
    async with practice(
        tmp_path, without_a_window, scenario=scenario, customers=None, documents=None
    ) as company:
        first: list[str] = []
        for _hour in range(26):
            snapshot = await seen(company)
            assert complete(snapshot), (snapshot.unread, snapshot.partial, snapshot.kept)
            titles = [finding.title for finding in run_checks(snapshot, company.profile)[0]]
            first = first or titles
            assert titles == first
            company.world.clock.advance(timedelta(hours=1))
        assert company.world.octopus_refused == []
        ended = await run_sync(company.root, company.profile, SyncOptions(), lambda _event: None, Stop())
        assert ended.outcome in ("complete", "attention")


async def test_a_check_every_hour_lasts_also_with_documents_in_two_years(tmp_path: Path) -> None:
    async with practice(tmp_path, two_years) as company:
        without_a_window(company.world)
        for _hour in range(24):
            assert complete(await seen(company))
            company.world.clock.advance(timedelta(hours=1))
        assert company.world.octopus_refused == []


async def test_checking_again_and_again_spends_nothing_whichever_command_read_it(tmp_path: Path) -> None:
    async with practice(tmp_path, two_years) as company:
        await state.read(company.root, company.profile)
        before = limited(company)
        for _time in range(3):
            assert complete(await seen(company))
            assert (await preview(company)).outcome == "complete"
            await state.read(company.root, company.profile)
            await Session(company.root, company.profile).look()
        assert limited(company) == before


async def test_a_preview_leaves_to_a_check_only_what_it_did_not_read(tmp_path: Path) -> None:
    async with practice(tmp_path, two_years) as company:
        await preview(company)
        before = limited(company)
        assert complete(await seen(company))
        spent = limited(company) - before
        assert set(spent) <= {
            "GET /dossiers",
            "GET /dossiers/{dossierId}/bookyears/{bookyearId}",  # the rhythm of its VAT returns
            "GET /dossiers/{dossierId}/bookyears/{bookyearId}/bookings/modified",
        }


async def test_fresh_reads_again_and_what_is_kept_tells_as_of_when_it_is(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        first = await seen(company)
        dossier(company.world).journals[THIS, "V1"].insertion_type = 1
        company.world.clock.advance(timedelta(minutes=3))
        kept = await seen(company)
        assert kept.taken_at == first.taken_at
        assert run_checks(kept, company.profile)[0]
        before = limited(company)
        fresh = await seen(company, freshness="fresh")
        assert fresh.taken_at - first.taken_at >= timedelta(minutes=3) - timedelta(seconds=2)
        assert run_checks(fresh, company.profile)[0] == []
        spent = limited(company) - before
        assert spent["GET /dossiers/{dossierId}/bookyears/{bookyearId}/journals"] >= 1
        assert "GET /dossiers/{dossierId}/vatcodes" not in spent  # its two calls of the day are not for this


async def test_what_we_wrote_to_is_read_again_however_young_it_is(tmp_path: Path) -> None:
    async with practice(tmp_path, wrong_type) as company:
        await seen(company)
        dossier(company.world).journals[THIS, "V1"].insertion_type = 1
        with Workspace.open(company.root, NAME) as workspace:
            written(workspace, ["journals"])
        before = limited(company)
        assert run_checks(await seen(company), company.profile)[0] == []
        assert set(limited(company) - before) == {"GET /dossiers/{dossierId}/bookyears/{bookyearId}/journals"}
        before = limited(company)
        await seen(company)
        assert limited(company) == before


async def test_after_a_sync_a_check_sees_what_it_wrote(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        await seen(company)
        ended = await run_sync(company.root, company.profile, SyncOptions(), lambda _event: None, Stop())
        snapshot = await seen(company)
        assert len(snapshot.booked) == ended.booked > 0
        assert len(snapshot.relations) >= ended.relations_created
        assert run_checks(snapshot, company.profile)[0] == []


async def test_a_run_reads_what_others_may_have_written_after_the_last_numbers_however_young(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path) as company:
        await seen(company)
        await preview(company)
        before = limited(company)
        await run_sync(company.root, company.profile, SyncOptions(), lambda _event: None, Stop())
        spent = limited(company) - before
        for feed in ("buysellbookings/modified", "relations/modified", "balancings/modified"):
            assert spent[f"GET /dossiers/{{dossierId}}/{feed}"] >= 1


def spoil(company: Practice, statement: str) -> None:
    with closing(sqlite3.connect(folder(company.root, NAME) / "workspace.sqlite")) as db, db:
        assert db.execute(statement).rowcount > 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reading SET body = CAST('{' AS BLOB) WHERE name GLOB 'oc/journals/*'",
        "UPDATE reading SET body = x'ff00fe' WHERE name = 'cursor/relation'",
        "UPDATE reading SET body = 'text' WHERE name = 'tl/tax_rates'",
        "UPDATE reading SET taken_at = 'yesterday' WHERE name = 'oc/bookyears'",
        "UPDATE reading SET body = CAST('[]' AS BLOB) WHERE name = 'look'",
        "UPDATE record SET body = CAST('{' AS BLOB) WHERE kind = 'booking'",
        "UPDATE record SET body = x'ff00fe' WHERE kind = 'invoice'",
        "UPDATE record SET detail = CAST('[1]' AS BLOB) WHERE detail IS NOT NULL",
        "UPDATE record SET body = CAST('{}' AS BLOB) WHERE kind = 'relation'",
    ],
)
async def test_a_kept_reading_that_is_spoilt_is_told_as_unread_and_read_again(
    statement: str, tmp_path: Path
) -> None:
    async with practice(tmp_path) as company:
        # Something of every kind is kept: some documents are booked, others wait.
        only = tuple(list(company.world.teamleader.invoices)[:4])
        await run_sync(company.root, company.profile, SyncOptions(only=only), lambda _event: None, Stop())
        sound = await seen(company)
        spoil(company, statement)
        await _as_unread(company)
        again = await seen(company)
        assert complete(again)
        assert (again.pending, again.booked) == (sound.pending, sound.booked)
        assert run_checks(again, company.profile) == run_checks(sound, company.profile)
        spoil(company, statement)
        assert (await preview(company)).outcome == "complete"


async def _as_unread(company: Practice) -> None:
    """Looking at what is kept never ends, and calls nothing fine that it does not know."""
    snapshot = offline(company.root, company.profile)
    findings, not_checked = run_checks(snapshot, company.profile)
    assert findings == []
    assert not_checked


async def test_a_spoilt_link_stays_a_damaged_workspace(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        await run_sync(company.root, company.profile, SyncOptions(), lambda _event: None, Stop())
        spoil(company, "UPDATE document_link SET number = number + 0.5")
        with pytest.raises(WorkspaceDamaged):
            await seen(company)


# --- the ages -----------------------------------------------------------------------------------------------


def test_the_age_of_a_part_stretches_as_the_calls_of_the_day_run_out() -> None:
    ages = [allowed_age("journals", "kept", 1, left, 24) for left in (24, 12, 6, 1)]
    assert ages == sorted(ages)
    assert ages[0] <= timedelta(minutes=30)
    assert allowed_age("journals", "kept", 3, 24, 24) == 3 * allowed_age("journals", "kept", 1, 24, 24)
    assert allowed_age("documents", "kept", 1, None, None) == PARTS["documents"].age


def test_what_decides_about_a_write_is_never_taken_over_by_a_run() -> None:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for part, row in PARTS.items():
        if row.decisive:
            assert not is_young(now, now, allowed_age(part, "run", 1, 48, 48))
            assert not is_young(now, now, allowed_age(part, "resumed", 1, 48, 48))


def test_lists_that_are_given_twice_a_day_are_read_again_only_for_one_finding() -> None:
    for freshness in ("kept", "fresh", "run"):
        assert allowed_age("vat_codes", freshness, 1, 2, 2) >= TWICE_A_DAY
    assert allowed_age("vat_codes", "forced", 1, 2, 2) < timedelta(0)


def test_every_part_needs_only_parts_of_the_table() -> None:
    for row in PARTS.values():
        assert READABLE.issuperset((*row.needs, *row.judged_with))


async def test_a_document_made_after_the_clock_was_set_back_is_seen(tmp_path: Path) -> None:
    """Its stamp lies before others that were seen, however long before."""
    async with practice(tmp_path, customers=4, documents=6) as company:
        clock = company.world.clock
        await seen(company)
        for forward in (timedelta(hours=3), timedelta(minutes=20)):
            clock.advance(forward)
            perform(company.world, "teamleader-new-invoice", {"n": "1"})
            await seen(company)
            clock.advance(timedelta(hours=-1))
            made = perform(company.world, "teamleader-new-invoice", {"n": "1"})
            clock.advance(timedelta(minutes=15))
            heads = (await seen(company, freshness="fresh")).pending
            assert made["invoices"][0]["invoice"] in {head.number for head in heads}
