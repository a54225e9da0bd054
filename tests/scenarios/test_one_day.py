"""Found, cured and seen to be cured on one day, although Octopus gives some of its lists only twice a day."""

from pathlib import Path

import pytest

from octowizard.octopus.contract import max_calls_per_day
from octowizard.sync import events, look
from tests.checks.practice import check_again
from tests.scenarios.practising import Practice, practice

INSIDE = "/dossiers/{dossierId}"
TWICE = {"unmapped-vat": "vatcodes", "vat-code-wrong-type": "vatcodes", "unknown-currency": "currencies"}
NAMES = (*TWICE, "unknown-account", "missing-discount-account", "duplicate-relation")


def asked(company: Practice, what: str) -> int:
    """Calls to a list of Octopus so far, by its own count."""
    return company.world.octopus_calls.get(f"GET {INSIDE}/{what}", 0)


@pytest.mark.parametrize("name", NAMES)
async def test_a_cure_is_seen_by_the_next_check_and_by_the_sync_after_it(tmp_path: Path, name: str) -> None:
    async with practice(tmp_path, name) as company:
        assert name in {finding.problem for finding in await company.check()}
        company.cure()
        assert await company.check() == []
        assert (await company.sync()).last.outcome == "complete"
        assert company.not_booked() == []
        assert company.world.octopus_refused == []


@pytest.mark.parametrize("name", NAMES)
async def test_a_cure_is_seen_by_a_sync_that_comes_straight_after_it(tmp_path: Path, name: str) -> None:
    async with practice(tmp_path, name) as company:
        assert name in {finding.problem for finding in await company.check()}
        company.cure()
        assert (await company.sync()).last.outcome == "complete"
        assert company.not_booked() == []


@pytest.mark.parametrize("name", TWICE)
async def test_where_the_calls_of_the_day_are_used_up_that_is_said_and_nothing_called_fine(
    tmp_path: Path, name: str
) -> None:
    async with practice(tmp_path, name) as company:
        limit = max_calls_per_day(f"GET {INSIDE}/{TWICE[name]}")
        assert limit == 2
        for _ in range(4):  # however often it is asked for
            assert name in {finding.problem for finding in await company.check()}
            company.wait()
        company.cure()
        snapshot = await look.look(company.root, company.profile, freshness="fresh")
        assert len({what for what, _since in snapshot.kept} & {"vat_codes", "currencies"}) == 1
        assert company.not_booked()
        ended = await company.sync()
        said = [event.message for event in ended.told if isinstance(event, events.Notice)]
        assert any("are used up" in message for message in said)
        assert ended.last.outcome == "attention"
        assert asked(company, TWICE[name]) == limit
        assert company.world.octopus_refused == []
        company.do({"action": "next-day"})
        assert await company.check() == []
        assert (await company.sync()).last.outcome == "complete"


async def test_a_booking_that_was_removed_in_octopus_lets_its_document_wait_again(tmp_path: Path) -> None:
    async with practice(tmp_path, "healthy") as company:
        assert (await company.sync()).last.outcome == "complete"
        company.do({"action": "delete-last-booking", "journal": "V1"})
        (gone,) = company.not_booked()
        company.wait()
        snapshot = await look.look(company.root, company.profile, freshness="fresh")
        assert [head.number for head in snapshot.pending] == [gone]
        assert (await company.sync()).last.booked == 1
        company.wait()
        snapshot = await look.look(company.root, company.profile, freshness="fresh")
        assert snapshot.pending == (), "the number was given again, and that booking stands"
        assert company.booked_again() == []


async def test_a_booking_of_somebody_else_that_was_removed_no_longer_keeps_a_document_out(
    tmp_path: Path,
) -> None:
    async with practice(tmp_path, "booked-differently") as company:
        found = await company.check()
        assert {finding.problem for finding in found} == {"booked-differently"}
        for _ in found[0].records:
            company.do({"action": "delete-last-booking", "journal": "V1"})
        company.wait()
        assert (await company.sync()).last.outcome == "complete"
        assert company.not_booked() == []


async def test_what_is_booked_differently_is_looked_at_again_by_itself(tmp_path: Path) -> None:
    async with practice(tmp_path, "booked-differently") as company:
        await company.check()
        company.cure()
        before = sum(company.world.octopus_calls.values())
        _snapshot, found, _unchecked = await check_again(company.root, company.profile, "booked-differently")
        assert found == []
        signing_in = 2
        assert sum(company.world.octopus_calls.values()) - before <= 3 + signing_in
