"""Following Teamleader's numbers: what blocks what, gaps, numbers that are taken, and retrying one document."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import Kept, World
from octowizard.sync import events
from tests.sync.inside import Told, inside, last, of
from tests.sync.test_bad_input import check_once, held, world_of


def invoices_of(world: World) -> list[Kept]:
    """The booked invoices in the order of their numbers."""
    booked = [kept for kept in world.teamleader.invoices.values() if kept.data["invoice_number"]]
    return sorted(booked, key=lambda kept: int(kept.data["invoice_number"].split("/")[1]))


def set_category(world: World, kept: Kept, category: str) -> None:
    """What the user does on the invoice in Teamleader: choose the account of its first line, or none."""
    given = {"document": kept.data["invoice_number"], "line": "1", "category": category}
    perform(world, "teamleader-set-line-account", given)


def numbers(told: Told) -> dict[str, int]:
    """Booked numbers by document number."""
    return {e.document.number: e.number for e in of(told, events.DocumentBooked)}


async def test_a_failing_document_blocks_the_later_ones_of_its_journal_alone_and_says_so(
    tmp_path: Path,
) -> None:
    world = world_of(16)
    invoices = invoices_of(world)
    credit_notes = len(world.teamleader.credit_notes)
    assert credit_notes
    set_category(world, invoices[2], "none")
    async with inside(tmp_path, world) as company:
        company.change(numbering="follow")
        told = await company.sync()
        (failed,) = of(told, events.DocumentFailed)
        number = invoices[2].data["invoice_number"]
        assert failed.document.number == number
        assert failed.blocks == len(invoices) - 3
        blocked = of(told, events.DocumentBlocked)
        assert {event.waits_for for event in blocked} == {number}
        assert len(blocked) == failed.blocks
        assert last(told).booked == 2 + credit_notes
        assert (last(told).failing, last(told).left_for_later) == (1, failed.blocks)
        # Mended: retried alone it gets its own number, and the next run books the others with theirs.
        set_category(world, invoices[2], "700000")
        world.clock.advance(timedelta(minutes=2))
        alone = await company.sync(only=(invoices[2].data["id"],))
        assert numbers(alone) == {number: 3}
        assert last(alone).outcome == "complete"
        rest = await company.sync()
        assert last(rest).outcome == "complete"
        assert numbers(rest) == {
            kept.data["invoice_number"]: at for at, kept in enumerate(invoices[3:], start=4)
        }
    check_once(world, 16)


async def test_a_number_that_somebody_took_fails_that_document_and_blocks_the_rest(tmp_path: Path) -> None:
    world = world_of(12)
    invoices = invoices_of(world)
    perform(world, "book-by-hand", {"journal": "V1"})
    async with inside(tmp_path, world) as company:
        told = await company.sync(numbering="follow")
        (failed,) = of(told, events.DocumentFailed)
        assert failed.document.number == invoices[0].data["invoice_number"]
        assert failed.explanation.problem == "number-taken"
        assert failed.blocks == len(invoices) - 1
        assert len([comment for comment in held(world) if comment.startswith("2026 / ")]) == 0
        # The next free number is the way out that the sentence names.
        assert last(await company.sync(numbering="next")).outcome == "complete"
    check_once(world, 12)


async def test_a_gap_before_a_document_fails_it_and_names_the_number_that_is_missing(tmp_path: Path) -> None:
    world = world_of(12)
    invoices = invoices_of(world)
    for kept in world.teamleader.invoices.values():
        prefix, _, number = (kept.data["invoice_number"] or "2026 / 0").partition(" / ")
        kept.data["invoice_number"] = f"{prefix} / {int(number) + 5}"
    async with inside(tmp_path, world) as company:
        told = await company.sync(numbering="follow")
        (failed,) = of(told, events.DocumentFailed)
        assert failed.explanation.problem == "number-gap"
        assert "1" in failed.explanation.title
        assert failed.blocks == len(invoices) - 1
        assert last(told).booked == len(world.teamleader.credit_notes)


async def test_without_following_one_failing_document_stops_no_other(tmp_path: Path) -> None:
    world = world_of(16)
    invoices = invoices_of(world)
    set_category(world, invoices[0], "none")
    async with inside(tmp_path, world) as company:
        told = await company.sync(numbering="next")
        (failed,) = of(told, events.DocumentFailed)
        assert (failed.document.number, failed.blocks) == (invoices[0].data["invoice_number"], 0)
        assert (last(told).booked, last(told).outcome) == (15, "attention")
        assert not of(told, events.DocumentBlocked)
    check_once(world, 15)


async def test_a_retry_by_number_books_that_document_and_touches_no_other(tmp_path: Path) -> None:
    world = world_of(10)
    wanted = invoices_of(world)[4].data["invoice_number"]
    async with inside(tmp_path, world) as company:
        told = await company.sync(only=(wanted,))
        assert list(numbers(told)) == [wanted]
        assert (last(told).booked, last(told).payments_registered) == (1, 0)
        assert last(await company.sync()).booked == 9
    check_once(world, 10)
