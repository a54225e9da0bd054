"""Whatever a vendor, a clock, a disk or a person does: one sentence, and nothing lost or written twice.

OCTOWIZARD_LONG=1 tries each pair of what can go wrong and how it is told; else each of both, by turns.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from octowizard.outbox.door import POST_BOOKING
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.practice import perform
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.tables import table
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company
from octowizard.sync import events
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace import sqlite
from octowizard.workspace.errors import WorkspaceFull
from tests.sync.broken import SPOILERS, spoiled
from tests.sync.company import POST_BOOKING as FAULTY
from tests.sync.company import company
from tests.sync.inside import Inside, inside, last, of

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))


def world_of(documents: int = 8, seed: int = 5) -> World:
    """A small healthy company without a window."""
    world = SCENARIOS["healthy"].build(seed, 10, documents)
    world.switches.rate_limit_per_minute = 100_000
    return world


def held(world: World) -> list[str]:
    """The comments of all sales bookings."""
    dossier = next(iter(world.octopus.dossiers.values()))
    return [booking.data["comment"] for booking in dossier.bookings.values()]


def check_once(world: World, documents: int) -> None:
    """So many bookings of ours, each once."""
    found = [comment for comment in held(world) if comment.endswith("octowizard")]
    assert (len(found), len(set(found))) == (documents, documents)


# --- answers that fit no contract ------------------------------------------------------------------------

ANSWERS = (
    *("authentication", "dossiers", "bookyears", "journals", "vatcodes", "currencies", "accounts"),
    *("relations/modified", "taxRates.list", "productCategories.list", "invoices.list", "creditNotes.list"),
    *("companies.list", "invoices.info", "creditNotes.info", "access_token"),
)


WAYS = ("cut off", "a web page", "another kind")
SPOILED = [  # every answer in one way, by turns, and two of them in all ways; the long form: all of them in each
    *((path, WAYS[place % len(WAYS)]) for place, path in enumerate(ANSWERS)),
    *((path, how) for path in ANSWERS for how in WAYS if LONG),
    *((path, how) for path in ("bookyears", "invoices.info") for how in SPOILERS),
]


@pytest.mark.parametrize(("path", "how"), sorted(set(SPOILED)))
async def test_a_spoiled_answer_is_one_sentence_and_the_next_sync_loses_nothing(
    tmp_path: Path, path: str, how: str
) -> None:
    world = world_of()
    with spoiled(path, how):
        async with serving(new_company(world)) as served:
            line = practice_company.decoded(json.dumps(served.connection()).encode())
            profile = await asyncio.to_thread(practice_company.add, tmp_path, "p", line)
            told: list[events.Event] = []
            finished = await run_sync(tmp_path, profile, SyncOptions(), told.append, Stop())
    assert finished.outcome in ("unreachable", "attention")
    said = [finished.message, *(e.explanation.title for e in of(told, events.DocumentFailed))]
    said += [e.explanation.title for e in of(told, events.CustomerFailed)]
    assert any(said)
    assert not any("Traceback" in text or "\n" in text for text in said)
    async with serving(new_company(world)) as served:
        line = practice_company.decoded(json.dumps(served.connection()).encode())
        again = await asyncio.to_thread(practice_company.add, tmp_path / "again", "p", line)
        (tmp_path / "again" / "profiles" / "p" / "workspace.sqlite").write_bytes(
            (tmp_path / "profiles" / "p" / "workspace.sqlite").read_bytes()
        )
        world.clock.advance(timedelta(minutes=11))
        finished = await run_sync(tmp_path / "again", again, SyncOptions(), told.append, Stop())
    assert finished.outcome == "complete", finished
    check_once(world, 8)


# --- sign-in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "operation"),
    [("octopus_password", "POST /authentication"), ("teamleader_client_secret", "oauth2/access_token")],
)
def test_a_wrong_secret_is_tried_once_and_named(tmp_path: Path, secret: str, operation: str) -> None:
    with company(tmp_path, "--documents", "5", "--customers", "5") as present:
        (tmp_path / "profiles" / "p" / "secrets" / secret).write_text("wrong-secret")
        ended = present.sync()
        world = present.world()
    assert (ended.code, ended.last["outcome"], ended.last["booked"]) == (3, "unreachable", 0)
    assert "refused the sign-in" in ended.last["message"]
    assert "wrong-secret" not in json.dumps(ended.events, default=str) + ended.err
    calls = world["octopus"]["calls"] | world["teamleader"]["calls"]
    assert calls[operation] == 1


# --- signals ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_order_to_end_is_obeyed_and_the_next_sync_books_the_rest(
    tmp_path: Path, number: signal.Signals, times: int
) -> None:
    with company(tmp_path, "--documents", "12", "--customers", "8") as present:
        present.faults({"operation": FAULTY, "kind": "latency", "milliseconds": 700})
        process = present.start("--yes")
        assert process.stdout is not None
        assert process.stderr is not None
        while '"document_booked"' not in (line := process.stdout.readline()):
            assert line
        process.send_signal(number)
        assert process.stderr.readline()  # it says that it stops: so the order has come
        if times == 2:
            process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        present.faults()
        if times == 1:
            finished = json.loads(out.splitlines()[-1])
            assert finished["outcome"] == "cancelled"
            assert finished["booked"] + finished["left_for_later"] == 12
            assert finished["left_for_later"] > 0
        present.clock(minutes=15)
        ended = present.sync()
        assert (ended.code, ended.last["outcome"], ended.last["in_sync"]) == (0, "complete", 12)
        comments = [booking["comment"] for booking in present.world()["octopus"]["bookings"]]
        assert len(comments) == len(set(comments)) == 12


# --- clocks and disks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-400, -3, -0.01, 0.01, 3, 35])
async def test_a_clock_that_was_moved_neither_hides_documents_nor_books_them_twice(
    tmp_path: Path, days: float
) -> None:
    world = world_of()
    async with inside(tmp_path, world) as company:
        assert last(await company.sync()).booked == 8
        perform(world, "teamleader-new-invoice", {"n": 3})
        world.clock.advance(timedelta(days=days))
        finished = last(await company.sync())
        assert (finished.outcome, finished.in_sync) == ("complete", 11)
        world.clock.advance(timedelta(days=-days))
        finished = last(await company.sync())
        assert (finished.outcome, finished.booked, finished.in_sync) == ("complete", 0, 11)
    check_once(world, 11)


async def test_a_full_disk_is_one_sentence_and_the_next_sync_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_of(30)
    connect = sqlite.connect

    async with inside(tmp_path, world) as company:
        for room in (2, 6, 12, 24):

            def small(path: Path, *, durable: bool, room: int = room) -> sqlite3.Connection:
                connection = connect(path, durable=durable)
                pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
                connection.execute(f"PRAGMA max_page_count={pages + room}")
                return connection

            monkeypatch.setattr(sqlite, "connect", small)
            with pytest.raises((WorkspaceFull, ExceptionGroup)) as stopped:
                await company.sync()
            full = stopped.value
            while isinstance(full, ExceptionGroup):
                full = full.exceptions[0]
            assert isinstance(full, WorkspaceFull)
            assert "disk is full" in str(full)
        monkeypatch.setattr(sqlite, "connect", connect)
        assert last(await company.sync()).outcome == "complete"
    check_once(world, 30)


# --- what people do between the preview and the run -----------------------------------------------------------


async def test_a_document_that_the_accountant_books_during_the_run_is_not_booked_again(
    tmp_path: Path,
) -> None:
    world = world_of(12)
    number = [k.data["invoice_number"] for k in world.teamleader.invoices.values()][2]
    told: list[events.Event] = []

    def tell(event: events.Event) -> None:
        if isinstance(event, events.DocumentWaiting) and not of(told, events.DocumentWaiting):
            perform(world, "book-by-hand", {"journal": "V1"})
            perform(world, "book-by-hand", {"journal": "V1", "document": number})
        told.append(event)

    async with inside(tmp_path, world) as company:
        await run_sync(tmp_path, company.profile, SyncOptions(), tell, Stop())
        assert [e.document.number for e in of(told, events.DocumentFailed)] == [number]
        assert last(told).booked == 11
        # Somebody else books here: a person must say that it stands.
        assert last(await company.sync()).outcome == "refused"
        finished = last(await company.sync(no_other_connector=True))
        assert (finished.outcome, finished.booked, finished.in_sync) == ("complete", 0, 12)
    check_once(world, 11)
    assert len([comment for comment in held(world) if number in comment.split(" ·")[0]]) == 1


async def test_what_the_accountant_booked_after_the_preview_stops_the_run_before_it_writes(
    tmp_path: Path,
) -> None:
    world = world_of(12)
    number = next(k.data["invoice_number"] for k in world.teamleader.invoices.values())
    async with inside(tmp_path, world) as company:
        await company.sync(dry_run=True)
        perform(world, "book-by-hand", {"journal": "V1", "document": number})
        assert last(await company.sync()).outcome == "refused"
        assert len(held(world)) == 1
        finished = last(await company.sync(no_other_connector=True))
        assert (finished.outcome, finished.booked, finished.in_sync) == ("complete", 11, 12)
    check_once(world, 11)


async def test_a_period_secured_after_the_preview_fails_those_documents_alone(tmp_path: Path) -> None:
    world = world_of(20)
    async with inside(tmp_path, world) as company:
        foreseen = last(await company.sync(dry_run=True))
        assert foreseen.booked == 20
        perform(world, "set-secured-period", {"journal": "V1", "period": 10})
        told = await company.sync()
        failed = of(told, events.DocumentFailed)
        assert failed
        assert all(e.document.date.month <= 10 and e.document.kind == "invoice" for e in failed)
        assert {e.explanation.problem for e in failed} <= {"secured-period", "closed-period"}
        assert last(told).booked == 20 - len(failed)
        perform(world, "set-secured-period", {"journal": "V1", "period": 0})
        finished = last(await company.sync())
        assert (finished.outcome, finished.booked) == ("complete", len(failed))
    check_once(world, 20)


async def test_a_journal_open_on_a_screen_fails_its_documents_and_says_so(tmp_path: Path) -> None:
    world = world_of(12)
    async with inside(tmp_path, world) as company:
        perform(world, "open-journal-window", {"journal": "V1"})
        told = await company.sync()
        failed = of(told, events.DocumentFailed)
        assert {e.explanation.problem for e in failed} == {"open-journal"}
        assert all(e.document.kind == "invoice" for e in failed)
        assert last(told).booked == 12 - len(failed)
        perform(world, "close-journal-window", {"journal": "V1"})
        assert last(await company.sync()).outcome == "complete"
    check_once(world, 12)


# --- outcomes that no source settles --------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [(429, -51), (429, None), (403, -51), (400, -51)])
async def test_a_limit_that_others_used_up_ends_the_run_and_tomorrow_it_goes_on(
    tmp_path: Path, answer: tuple[int, int | None]
) -> None:
    world = world_of(12)
    world.switches.over_limit = answer
    async with inside(tmp_path, world) as company:
        day = world.clock.now().date().isoformat()
        await company.sync(dry_run=True)
        scopes = {scope for scope, _operation, _day in world.octopus_calls_today}
        for scope in scopes:
            world.octopus_calls_today[scope, POST_BOOKING, day] = 395
        told = await company.sync()
        finished = last(told)
        assert (finished.outcome, finished.booked, finished.failing) == ("limit", 5, 0)
        assert finished.left_for_later == 7
        assert of(told, events.LimitReached)
        world.clock.advance(timedelta(days=1))
        finished = last(await company.sync())
        assert (finished.outcome, finished.booked) == ("complete", 7)
    check_once(world, 12)


@pytest.mark.parametrize(
    "switches",
    [
        {"credit_note_info_as_list": True},
        {"relations_list_refused": True},
        {"page_size_over_100": "clamp"},
        {"timestamps_zone": "Europe/Brussels"},
        {"payment_bumps_updated_at": False},
        {"limit_day": "brussels"},
        {"limit_day": "rolling"},
        {"limits_per_bookyear": True},
        {"user_token_seconds": 1, "dossier_token_seconds": 1},
        {"refused_calls_count": False},
        {"total_mismatch": None, "date_outside_year": None, "unbalanced": None, "other_sign": None},
        {"date_outside_period": (400, -24), "parts_of_cents": (400, -24), "due_before_date": (400, -18)},
        {"date_outside_year": (400, -17), "missing_cost_centre": (400, -40), "vat_not_by_rate": (400, -24)},
    ],
    ids=lambda switches: "-".join(switches),
)
async def test_a_sync_ends_clean_whichever_way_the_vendors_turn_out_to_behave(
    tmp_path: Path, switches: dict[str, Any]
) -> None:
    world = world_of(16)
    for name, value in switches.items():
        setattr(world.switches, name, value)
    async with inside(tmp_path, world) as company:
        assert last(await company.sync()).booked == 16
        for _round in range(2):
            perform(world, "pay", {"count": 4, "amount": "5.00"})
        world.clock.advance(timedelta(minutes=2))
        finished = last(await company.sync())
        assert (finished.outcome, finished.payments_registered) == ("complete", 8)
        world.clock.advance(timedelta(minutes=2))
        finished = last(await company.sync())
        assert (finished.outcome, finished.payments_registered, finished.booked) == ("complete", 0, 0)
    check_once(world, 16)


async def test_members_that_an_older_octopus_lacks_are_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorded answers lack them, though the contract has them; an in-doubt booking is found again without."""
    given = table("octopus/requests.json")["BuySellBookingServiceData"]["properties"]
    monkeypatch.delitem(given, "orderReference")
    world = world_of(8)
    for invoice in world.teamleader.invoices.values():
        invoice.data["purchase_order_number"] = "PO 7"
    for dossier in world.octopus.dossiers.values():
        dossier.data.pop("corporationTypeKey", None)
        for account in dossier.accounts.values():
            account.data["description"].pop("description_DE", None)
    async with inside(tmp_path, world) as company:
        company.faults.add(Fault(FAULTY, "drop_after", times=2))
        for _round in range(2):
            await company.sync()
            world.clock.advance(timedelta(minutes=2))
        finished = last(await company.sync())
        assert (finished.outcome, finished.in_sync, finished.booked) == ("complete", 8, 0)
    check_once(world, 8)


REFUSALS = ((400, -15), (400, -11), (403, -11), (400, None), (403, None))
WALLS = ("protected_period", "closed_period", "journal_closed", "wrong_mode")


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        (what, answer)
        for place, what in enumerate(WALLS)
        for turn, answer in enumerate(REFUSALS)
        if LONG or what == "journal_closed" or turn % len(WALLS) == place
    ],
)
async def test_a_wall_that_goes_up_during_the_run_fails_documents_whatever_its_code(
    tmp_path: Path, what: str, answer: tuple[int, int]
) -> None:
    actions: dict[str, tuple[str, dict[str, Any]]] = {
        "protected_period": ("set-secured-period", {"journal": "V1", "period": 12}),
        "closed_period": ("set-closed-period", {"journal": "V1", "period": 12}),
        "journal_closed": ("close-journal", {"journal": "V1"}),
        "wrong_mode": ("set-entry-type", {"journal": "V1", "type": "invoices"}),
    }
    world = world_of(8)
    setattr(world.switches, what, answer)
    async with inside(tmp_path, world) as company:
        await company.sync(dry_run=True)
        perform(world, *actions[what])
        told = await company.sync()
        invoices = sum(kept.data["invoice_number"] is not None for kept in world.teamleader.invoices.values())
        assert len(of(told, events.DocumentFailed)) == invoices
        assert last(told).outcome == "attention"
        assert last(told).booked == 8 - invoices


async def test_a_sync_that_cannot_read_its_secrets_says_which(tmp_path: Path) -> None:
    async with inside(tmp_path, world_of(3)) as company:
        (tmp_path / "profiles" / "p" / "secrets" / "octopus_password").unlink()
        with pytest.raises(Exception, match="octopus_password"):
            await _sync(company)


async def _sync(company: Inside) -> None:
    try:
        await company.sync()
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
