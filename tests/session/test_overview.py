"""Home tells of the two sides what Checks and the preview tell: one Snapshot, one Plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from octowizard.books.fiscal import FiscalYear, JournalState
from octowizard.checks.registry import every_check
from octowizard.planning.plan import plan
from octowizard.sandbox.state import World
from octowizard.session.overview import LastRun, Overview, overview
from octowizard.session.session import Session
from octowizard.sync.calls import Calls
from octowizard.sync.events import RunFinished
from octowizard.sync.look import look
from octowizard.sync.run import Stop, SyncOptions
from tests.build import PROFILE, SNAPSHOT, YEAR, months
from tests.checks.practice import Practice, practice
from tests.checks.test_check_reading import THIS, dossier


async def run(session: Session, *, dry_run: bool) -> RunFinished:
    return await session.sync(SyncOptions(dry_run=dry_run), lambda _event: None, Stop())


def figures(shown: Overview) -> tuple[int | None, ...]:
    counts = shown.counts
    assert counts is not None
    return counts.blocked, counts.ready, counts.booked, counts.excluded


def blocked(shown: Overview) -> int:
    assert shown.counts is not None
    return shown.counts.blocked


def foreseen(preview: RunFinished) -> tuple[int | None, ...]:
    return preview.failing, preview.booked, preview.in_sync - preview.booked, preview.excluded


def session_of(company: Practice) -> Session:
    return Session(company.root, company.profile)


async def test_home_counts_what_the_preview_counts_also_after_something_was_mended(tmp_path: Path) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        session = session_of(company)
        first = await session.look()
        assert first.overview.lines_unread == 0
        assert figures(first.overview) == foreseen(await run(session, dry_run=True))
        journal = dossier(company.world).journals[THIS, "V2"]
        assert journal.insertion_type != 1
        journal.insertion_type = 1
        mended = await session.check("wrong-journal-type", lambda _what, _count: None)
        assert blocked(mended.overview) < blocked(first.overview)
        titles = {thing.title for thing in mended.overview.attention}
        assert titles < {thing.title for thing in first.overview.attention}
        assert figures(mended.overview) == foreseen(await run(session, dry_run=True))
        assert figures(session.remembered()) == figures(mended.overview)


async def test_home_and_checks_count_the_same_calls(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        session = session_of(company)
        checked = await session.look()
        counted = session.calls()
        assert checked.calls_left == checked.overview.calls_left
        assert checked.calls_left[:-1] == counted.left
        assert checked.calls_left[-1].label == "Teamleader"


async def test_home_says_so_where_documents_are_judged_by_their_heads(tmp_path: Path) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        session = session_of(company)
        await look(company.root, company.profile, lines=0)
        shown = session.kept_checks().overview
        assert shown.lines_unread > 0
        whole = (await session.check("", lambda _what, _count: None)).overview
        assert whole.lines_unread == 0
        assert blocked(shown) < blocked(whole)


async def test_what_the_last_sync_was_refused_needs_attention_until_it_is_booked(tmp_path: Path) -> None:
    async with practice(tmp_path, scenario="open-journal", customers=None, documents=None) as company:
        session = session_of(company)
        before = await session.look()
        assert "open-journal" not in {thing.problem for thing in before.overview.attention}
        ended = await run(session, dry_run=False)
        assert ended.failing
        after = (await session.look()).overview
        (thing,) = [one for one in after.attention if one.problem == "open-journal"]
        assert str(ended.failing) in thing.consequence
        assert after.last_run == ended
        _unlock(company.world)
        assert (await run(session, dry_run=False)).failing == 0
        assert "open-journal" not in {one.problem for one in (await session.look()).overview.attention}


async def test_what_was_mended_since_the_last_sync_is_no_longer_listed_as_refused(tmp_path: Path) -> None:
    async with practice(tmp_path, scenario="tour", customers=None, documents=None) as company:
        session = session_of(company)
        assert (await run(session, dry_run=False)).failing
        assert "wrong-journal-type" in {thing.problem for thing in (await session.look()).overview.attention}
        dossier(company.world).journals[THIS, "V2"].insertion_type = 1
        shown = (await session.check("wrong-journal-type", lambda _what, _count: None)).overview
        assert "wrong-journal-type" not in {thing.problem for thing in shown.attention}
        assert shown.attention


def test_the_next_numbers_are_those_of_the_fiscal_year_of_today() -> None:
    later = FiscalYear(6, "2027", date(2027, 1, 1), date(2027, 12, 31), False, months(2027))
    first = JournalState(6, "V1", "Sales", False, 0, 0, True, 0)
    snapshot = msgspec.structs.replace(
        SNAPSHOT, years=(YEAR, later), journals={**SNAPSHOT.journals, (6, "V1"): first}
    )
    calls = Calls(0, 0, ())
    shown = overview(PROFILE, snapshot, plan(snapshot, PROFILE), (), LastRun(), calls)
    assert shown.numbers == ("V1/41", "V2/4")


def test_a_journal_that_was_only_declared_and_not_its_last_number_has_no_next_one() -> None:
    said = JournalState(5, "V1", "Sales", False, 0, 0, True, 0)
    snapshot = msgspec.structs.replace(SNAPSHOT, journals={**SNAPSHOT.journals, (5, "V1"): said})
    profile = msgspec.structs.replace(PROFILE, octopus_url="")
    shown = overview(profile, snapshot, plan(snapshot, profile), (), LastRun(), Calls(0, 0, ()))
    assert shown.numbers == ("V2/4",)


def _unlock(world: World) -> None:
    from octowizard.sandbox import control

    for step in control.scenario(world)["cure"]:
        control.do_action(world, step)


async def test_a_cut_off_run_and_an_unreachable_side_are_told(tmp_path: Path) -> None:
    async with practice(tmp_path) as company:
        away = msgspec.structs.replace(company.profile, octopus_url="http://127.0.0.1:1/octopus")
        shown = (await Session(company.root, away).look()).overview
        assert shown.octopus.signed_in is False
        assert shown.octopus.problem
        assert shown.next.way.leads == "read_again"


@pytest.mark.parametrize("part", ["accounts"])
def test_a_check_that_needs_charts_has_them_brought_along(part: str) -> None:
    """Whoever looks at a problem again reads the parts without which its checks say nothing."""
    from octowizard.planning.problems import parts_of
    from octowizard.snapshot.parts import PARTS

    for check in every_check():
        for problem in check.problems if part in check.needs else ():
            read = parts_of(problem)
            companions = {also for known in read if known in PARTS for also in PARTS[known].judged_with}
            assert not read or part in read | companions, problem
