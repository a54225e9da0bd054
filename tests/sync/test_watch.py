"""A watch over Teamleader's own integration: each document is recognised once, the missing are explained."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from octowizard.progress import Stop
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
from octowizard.transport.errors import ConfigurationError
from octowizard.workspace import links, profiles
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import SpentCalls
from tests.sync.inside import Inside, inside, last, of
from tests.sync.watching import BOOKINGS, Hours, Native, observing, watched

A_DAY = 24 * 3600.0


def healthy(seed: int = 1, documents: int = 24, customers: int = 20) -> World:
    world = SCENARIOS["healthy"].build(seed, customers, documents)
    assert isinstance(world, World)
    return world


def arrived(told: list[Any]) -> list[tuple[str, str]]:
    return [(one.document.id, f"{one.journal}/{one.number}") for one in of(told, events.DocumentArrived)]


def linked(company: Inside) -> dict[str, str]:
    with Workspace.open(company.home, company.profile.name) as workspace:
        return {key: f"{link.journal}/{link.number}" for key, link in links.documents(workspace).items()}


def missing(told: list[Any]) -> dict[str, str]:
    """By number: the problem of each document that has not arrived, empty where none is seen."""
    found: dict[str, str] = {}
    for event in told:
        match event:
            case events.DocumentFailed():
                found[event.document.number] = event.explanation.problem
            case events.DocumentWaiting():
                found[event.document.number] = ""
            case events.DocumentArrived():
                found.pop(event.document.number, None)
    return found


async def test_all_that_it_books_arrives_each_once_and_then_the_watch_ends(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world)
        told = await watched(company, Hours(world, native))
        end = told[-1]
        assert (end.outcome, end.arrived, end.waiting, end.blocked) == ("complete", 24, 0, 0)
        assert dict(arrived(told)) == native.booked == linked(company)
        assert len(arrived(told)) == 24
        again = await watched(company, Hours(world))
        assert (again[-1].outcome, again[-1].looks, arrived(again)) == ("complete", 1, [])


@pytest.mark.parametrize("seed", range(4))
async def test_with_errors_and_restarts_each_is_recognised_once_and_the_missing_are_explained(
    tmp_path: Path, seed: int
) -> None:
    """What comes between, by lot: how it marks its bookings, its errors, a period secured, the watch cut off."""
    chance, world = Random(seed), healthy(seed + 1, documents=30)
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, arguments={"errors": "yes"}, count=chance.randint(1, 6))
        told: list[Any] = []
        for _restart in range(4):
            native.arguments["texts"] = chance.choice(["number", "communication"])
            stop, hours = Stop(), Hours(world)
            ends = chance.uniform(60, 1500)

            def between(at: float, stop: Stop = stop, ends: float = ends) -> None:
                native(at)
                if at > ends:
                    stop.request()

            native.synced_at, hours.between = 0.0, between
            told += await watched(company, hours, stop=stop)
        native.count = 100
        native.sync()
        told += await watched(company, Hours(world), 60.0)
        assert sorted(dict(arrived(told)).items()) == sorted(arrived(told))  # none twice
        assert dict(arrived(told)) == native.booked == linked(company)
        left = {one["document"]: one["problem"] for one in native.told[-1]["failed"]}
        assert missing(told[:]) | left == left == missing(told)
        assert told[-1].outcome == ("attention" if left else "complete")


async def test_bookings_that_name_no_document_are_known_by_number_amount_date_and_relation(
    tmp_path: Path,
) -> None:
    world = healthy(documents=40)
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, arguments={"texts": "nothing"})
        perform(
            world, "book-by-hand", {"journal": "V1"}
        )  # a sale of the accountant's own: numbers no longer agree
        native.sync(count=40)
        told = await watched(company, Hours(world), 60.0)
        assert dict(arrived(told)) == native.booked
        assert told[-1].outcome == "complete"


async def test_what_octopus_refuses_is_explained_and_arrives_once_mended(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        perform(world, "set-secured-period", {"journal": "V1", "period": "202612"})
        native = Native(world, count=100)
        freed: list[float] = []

        def between(at: float) -> None:
            native(at)
            if at >= 3600 and not freed:
                freed.append(at)
                perform(world, "set-secured-period", {"journal": "V1", "period": "0"})

        told = await watched(company, Hours(world, between))
        refused = {one["document"]: one["problem"] for one in native.told[0]["failed"]}
        assert set(refused.values()) == {"secured-period"}
        first = {one.document.number: one.explanation for one in of(told, events.DocumentFailed)}
        assert {number: why.problem for number, why in first.items()} == refused
        assert all(why.evidence and why.fix for why in first.values())
        assert told[-1].outcome == "complete"


async def test_payments_that_come_back_are_told_once(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world)
        native.sync(count=100)
        perform(world, "pay", {"count": 2})
        told = await watched(company, Hours(world, lambda at: native(at) if at >= 600 else None))
        awaited, back = of(told, events.PaymentAwaited), of(told, events.PaymentRegistered)
        assert len(awaited) == len(back) == told[-1].payments_back == 2
        assert {(one.document.id, one.amount) for one in awaited} == {
            (one.document.id, one.amount) for one in back
        }
        assert all(one.in_full for one in back)
        assert told[-1].outcome == "complete"
        again = await watched(company, Hours(world))
        assert not of(again, events.PaymentRegistered)


async def test_a_booking_that_is_removed_waits_again_and_arrives_again(tmp_path: Path) -> None:
    world = healthy(documents=5)
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, count=1)
        removed: list[Any] = []

        def between(at: float) -> None:
            if at >= 600 and not removed:
                removed.append(perform(world, "delete-last-booking", {"journal": "V1"}))
            if at < 300 or at > 1200:
                native(at)

        told = await watched(company, Hours(world, between))
        assert told[-1].outcome == "complete"
        assert any("waits again" in one.message for one in of(told, events.Notice))
        assert linked(company) == native.booked


async def test_it_ends_at_its_time_and_says_what_is_missing(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        hours = Hours(world)
        told = await watched(company, hours, 1800.0)
        assert (told[-1].outcome, told[-1].waiting, told[-1].seconds) == ("attention", 24, 1800.0)
        assert len(of(told, events.DocumentWaiting)) == 24  # each told once, not at every look


async def test_a_wait_tells_every_second_and_stop_ends_it_at_once(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        stop = Stop()
        hours = Hours(world, lambda at: stop.request() if at >= 10 else None, tick=1.0)
        told = await watched(company, hours, stop=stop)
        waits = [one for one in of(told, events.Waiting) if one.why == "next_look"]
        assert [one.seconds for one in waits[:3]] == [
            waits[0].seconds,
            waits[0].seconds - 1,
            waits[0].seconds - 2,
        ]
        assert (told[-1].outcome, hours.now) == ("cancelled", 10)


@pytest.mark.parametrize(("hours", "most"), [(1, 24), (8, 40)])
async def test_the_calls_of_the_day_are_never_used_up_by_watching(
    tmp_path: Path, hours: int, most: int
) -> None:
    """Octopus gives 48 calls a day for what others book: an hour takes half at most, a working day leaves some."""
    world = healthy(documents=4, customers=4)
    async with inside(tmp_path, world) as company:
        await observing(company)
        stop = Stop()
        told = await watched(
            company,
            Hours(world, lambda at: stop.request() if at >= hours * 3600 else None, tick=300.0),
            stop=stop,
        )
        looks = of(told, events.WatchLooked)
        assert world.octopus_calls[BOOKINGS] <= most
        assert looks[-1].looks_left >= 8
        assert not world.octopus_refused
        assert sum(world.octopus_calls.values()) / hours < 150  # an hour, signing in among them


async def test_with_the_calls_used_up_it_waits_for_the_next_day_and_says_so(tmp_path: Path) -> None:
    world = healthy(documents=4, customers=4)
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, count=100, every=16 * 3600)
        with Workspace.open(company.home, company.profile.name) as workspace:
            spent = SpentCalls(workspace, "Octopus")
            for _call in range(47):
                scope = f"octopus/{company.profile.dossier_id}"
                spent.spend(scope, BOOKINGS, None, world.clock.now())
        told = await watched(company, Hours(world, native, tick=300.0))
        assert any(one.why == "spent" for one in of(told, events.Waiting))
        assert told[-1].outcome == "complete"
        assert not world.octopus_refused


async def test_octopus_out_of_order_for_a_while_is_told_and_waited_out(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, count=100)
        world.out_of_order["octopus"] = 503

        def between(at: float) -> None:
            native(at)
            if at >= 600:
                world.out_of_order.clear()

        told = await watched(company, Hours(world, between))
        assert told[-1].outcome == "complete"
        assert any("Octopus" in one.message for one in of(told, events.Notice))


async def test_a_refused_sign_in_ends_it_and_is_not_repeated(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["sign-in-refused"].build(1, None, None)) as company:
        await observing(company)
        told = await watched(company, Hours(company.world))
        assert (told[-1].outcome, told[-1].looks) == ("unreachable", 1)
        assert company.world.octopus.failed_logins == 1
        assert told[-1].message


async def test_a_profile_that_books_itself_has_nobody_to_watch(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        with pytest.raises(ConfigurationError, match="connector mode"):
            await watched(company, Hours(world))
        assert not world.octopus_calls


async def test_a_profile_that_comes_to_book_itself_ends_its_watch(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        other = profiles.load(company.home, company.profile.name)

        def between(_at: float) -> None:
            profiles.save(company.home, msgspec.structs.replace(other, mode="connector"))

        with pytest.raises(ConfigurationError, match="connector mode"):
            await watched(company, Hours(world, between))


async def test_a_connector_refuses_beside_it_and_an_observer_never_syncs(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        native = Native(world)
        native.sync(count=1)
        refused = of(await company.sync(), events.RunRefused)
        assert [one.explanation.problem for one in refused] == ["other-connector"]
        await observing(company)
        refused = of(await company.sync(), events.RunRefused)
        assert [one.explanation.problem for one in refused] == ["observer-mode"]
        (dossier,) = world.octopus.dossiers.values()
        assert len(dossier.bookings) == 1


async def test_who_turns_to_booking_without_a_word_on_the_other_is_refused_and_with_it_books_none_twice(
    tmp_path: Path,
) -> None:
    """What the watch has recognised stays somebody else's until the user says that nobody else books."""
    world = healthy(documents=8)
    async with inside(tmp_path, world) as company:
        await observing(company)
        native = Native(world, count=5)
        native.sync()
        await watched(company, Hours(world), 60.0)
        company.change(mode="connector")
        refused = of(await company.sync(), events.RunRefused)
        assert [one.explanation.problem for one in refused] == ["other-connector"]
        company.change(other_connector_off=True)
        told = await company.sync()
        booked = {one.document.id for one in of(told, events.DocumentBooked)}
        assert len(booked) == 3
        assert not booked & native.booked.keys()
        assert last(await company.sync()).in_sync == 8


async def test_events_of_a_watch_are_lines_that_can_be_read_back(tmp_path: Path) -> None:
    world = healthy()
    async with inside(tmp_path, world) as company:
        await observing(company)
        told = await watched(company, Hours(world, Native(world)), 600.0)
        for event in told:
            assert events.from_line(events.to_line(event)) == event
        assert {"schema", "event"} <= json.loads(events.to_line(told[0])).keys()
