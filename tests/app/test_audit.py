"""Audit in the app: a key away from any place; every line opens down to its documents, in any window and any text."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.audit import (
    AuditScreen,
    EntriesScreen,
    EntryList,
    OverviewList,
    RowList,
    RowsScreen,
)
from octowizard.app.screens.detail import DetailScreen
from octowizard.locale.formats import amount
from octowizard.presentation.audit_words import row_name
from octowizard.progress import Report
from octowizard.session.audit import Audit as AuditPart
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.needed import Needed
from octowizard.sync.audit.audit import audit
from octowizard.sync.audit.model import Audit
from tests.app.stage import staged, text, told, until, words
from tests.app.staged import StagedSession
from tests.app.test_hostile import TOGETHER
from tests.sync.audit_worlds import PLANTS, Ground, in_order
from tests.sync.audited import profile_of, snapshot_of

PLANTED = ("by hand", "customer", "vat code", "account", "amount", "unmatched", "period", "twice")


@cache
def looked_at(said: str | None = None) -> tuple[Snapshot, Audit]:
    """A company with one of everything that can differ. `said`: what stands wherever text from outside can stand."""
    world = in_order(3)
    ground = Ground(world, Random(1))
    for name in PLANTED:
        PLANTS[name](ground)
    snapshot = snapshot_of(world)
    if said is not None:
        change = msgspec.structs.replace
        snapshot = change(
            snapshot,
            listed=tuple(
                change(one, customer_name=said, number=f"{said[:9]} / {at}", web_url=said)
                for at, one in enumerate(snapshot.listed)
            ),
            relations=tuple(change(one, name=said) for one in snapshot.relations),
            sales=tuple(
                one._replace(head=one.head._replace(comment=said, reference=said)) for one in snapshot.sales
            ),
            years=tuple(change(one, name=said) for one in snapshot.years),
            unread={"accounts": said},
            partial={"returns": said},
        )
    return snapshot, audit(snapshot, profile_of(world), world.clock.now().date())


class Looked(AuditPart):
    """An audit that is there: nothing is read, and reading waits for nobody."""

    def __init__(self, found: Audit) -> None:
        self._found = found

    def needed(self, first: date | None, last: date | None, *, all_lines: bool, fresh: bool) -> Needed:
        del first, last, fresh
        return Needed(7, 42 if all_lines else 2, 40 if all_lines else 0)

    def kept(self, first: date | None = None, last: date | None = None) -> Audit:
        del first, last
        return self._found

    async def read(
        self,
        report: Report,
        first: date | None = None,
        last: date | None = None,
        *,
        all_lines: bool = False,
        fresh: bool = False,
    ) -> Audit:
        del first, last, all_lines, fresh
        report("invoice", 12)
        await asyncio.sleep(0)
        return self._found


class AuditedSession(StagedSession):
    """The scripted session, with an audit that is there."""

    found: Audit

    @property
    def audit(self) -> AuditPart:
        return Looked(self.found)


def app_with(root: Path, found: Audit) -> OctowizardApp:
    session = AuditedSession()
    session.found = found
    return staged(root, session)


def screen(app: OctowizardApp) -> AuditScreen:
    assert isinstance(app.screen, AuditScreen)
    return app.screen


async def test_after_a_sync_the_audit_reads_what_is_kept_again_by_itself(tmp_path: Path) -> None:
    _snapshot, found = looked_at()
    app = app_with(tmp_path, found)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "8 differences between Teamleader and Octopus" in words(app))
        assert "calls" not in told(app)  # nothing was written since: what is kept is enough
        assert app.runner is not None
        await pilot.press("escape")
        app.runner.session.to_look_at = True
        await pilot.press("f6")
        await until(pilot, lambda: "calls" in told(app) and "8 differences" in words(app))


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (160, 50)])
async def test_the_audit_is_a_key_away_and_every_line_opens_down_to_its_documents(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    _snapshot, found = looked_at()
    app = app_with(tmp_path, found)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "8 differences between Teamleader and Octopus" in words(app))
        lines = screen(app).query_one(OverviewList)
        opens = {
            what: [line for line in lines.lines if line.what == what] for what in ("difference", "table")
        }
        every = size == (80, 24)  # elsewhere one of each kind
        for line in [one for kind in opens.values() for one in (kind if every else kind[:1])]:
            lines.show((line.what, line.of))
            await pilot.press("enter")
            if line.what == "table":
                await until(pilot, lambda: isinstance(app.screen, RowsScreen))
                await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, EntriesScreen))
            assert app.screen.query_one(EntryList).length
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, EntriesScreen))
            while not isinstance(app.screen, AuditScreen):
                await pilot.press("escape")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, AuditScreen))


def test_a_row_counts_documents_and_an_extra_booking_is_shown_as_it_is() -> None:
    world = in_order(3)
    ((_kind, number),) = PLANTS["twice"](Ground(world, Random(1)))
    snapshot = snapshot_of(world)
    extra = max(snapshot.sales, key=lambda one: (one.head.journal == "V1", one.head.number))
    other = extra._replace(head=extra.head._replace(amount=extra.head.amount + 1, comment=number))
    sales = tuple(other if one is extra else one for one in snapshot.sales)
    found = audit(msgspec.structs.replace(snapshot, sales=sales), profile_of(world), world.clock.now().date())
    (row,) = (row for row in found.tables["journal"].rows if row.key == "V1")
    assert len(row.entries) > row.teamleader.number
    texts = [str(cell[0]) for cell in RowList([row], "journal").cells(row, 80)]
    assert texts[5].strip() == str(row.teamleader.number)
    entry = next(at for at, one in enumerate(found.entries) if one.booking == other)
    shown = "".join(str(cell[0]) for cell in EntryList(found, [entry]).cells(entry, 80))
    assert number in shown
    assert amount(other.head.amount, "EUR") in shown


async def test_each_month_has_a_bar_of_what_both_sides_have_and_what_only_one_has(tmp_path: Path) -> None:
    _snapshot, found = looked_at()
    app = app_with(tmp_path, found)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "8 differences" in text(app))
        screen(app).query_one(OverviewList).show(("table", "month"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RowsScreen) and "█ on both sides" in words(app))
        for row in app.screen.query_one(RowList).lines:
            name = row_name("month", row)
            line = next(line for line in text(app).splitlines() if name in line)
            both, alone = "█" in line, "▒" in line
            assert alone == (row.teamleader.total != row.octopus.total), line
            assert both or row.teamleader.total * row.octopus.total <= 0 or alone, line


async def test_in_a_wide_window_a_document_of_the_audit_is_explained_beside_the_list(tmp_path: Path) -> None:
    _snapshot, found = looked_at()
    app = app_with(tmp_path, found)
    async with app.run_test(size=(110, 30)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "8 differences" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EntriesScreen) and "Teamleader" in text(app))
        beside, lines = app.screen.query_one("#beside"), app.screen.query_one(EntryList)
        assert beside.region.x >= lines.region.right


async def test_how_many_calls_it_takes_is_told_before_it_reads(tmp_path: Path) -> None:
    _snapshot, found = looked_at()
    app = app_with(tmp_path, found)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "8 differences" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: "at most 7 calls to Octopus and 42 calls to Teamleader" in told(app))
        assert "40 of them read the lines of a document each" in told(app)


@pytest.mark.parametrize("said", TOGETHER)
async def test_text_from_outside_never_acts_on_its_screens(tmp_path: Path, said: str) -> None:
    _snapshot, found = looked_at(said)
    app = app_with(tmp_path, found)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.runner is not None and app.runner.idle)
        await pilot.press("f6")
        await until(pilot, lambda: "differences between Teamleader and Octopus" in words(app))
        lines = screen(app).query_one(OverviewList)
        for line in list(lines.lines):
            lines.show((line.what, line.of), by_user=True)
            await pilot.pause()
        lines.show(("table", "customer"))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, EntriesScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert app.return_code is None
