"""A company in doubt: found again by its content, once, and not before Teamleader must have finished with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from octowizard.outbox import companies, lookup, recovery
from octowizard.outbox.companies import NewCustomer
from octowizard.outbox.door import NeverWritten, StillInDoubt, write
from octowizard.outbox.kinds import COMPANY
from octowizard.outbox.recovery import Verdict
from octowizard.transport.errors import Refused
from octowizard.workspace import intents, links
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import without_accounts
from tests.customers.practice import Desk, desk


@pytest.fixture
async def present(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "b", 1) as opened:
        await opened.teamleader.me()
        yield opened


def baker(key: str = "relation/7", **fields: object) -> NewCustomer:
    """A company to make."""
    return NewCustomer(
        key=key,
        label="Bakkerij",
        type="company",
        fields={"name": "Bakkerij", "vat_number": "BE0400000086", "tags": ["Octopus Import"], **fields},
        relation=7,
        external_number=0,
    )


async def add(present: Desk, customer: NewCustomer) -> str:
    """Make it, once; its id."""
    return (await write(COMPANY, present.workspace, present.teamleader, customer)).record or ""


async def settled(present: Desk) -> list[Verdict]:
    """Settle all doubts, as every writing command does first."""
    verdicts: list[Verdict] = []
    await recovery.settle(present.workspace, present.octopus, present.teamleader, verdicts.append)
    return verdicts


async def test_what_was_made_is_linked_in_the_same_moment(present: Desk) -> None:
    made = await add(present, baker())
    assert links.customers(present.workspace)[made] == links.CustomerLink(made, 7, 0, "imported")
    assert companies.made_for(present.workspace, "relation/7") == made


async def test_nothing_is_written_for_a_profile_of_which_a_side_is_not_connected(
    tmp_path: Path, present: Desk
) -> None:
    whole = msgspec.structs.replace(without_accounts("half", date(2026, 1, 1)), department_id="a-department")
    with workspace_of(tmp_path, whole) as workspace:
        with pytest.raises(NeverWritten, match="nothing is ever written"):
            await write(COMPANY, workspace, present.teamleader, baker())
        assert intents.in_state(workspace, "open") == []
    there = [record async for page in present.teamleader.companies() for record in page.records]
    assert there == []


async def test_a_refusal_leaves_no_doubt_and_no_link(present: Desk) -> None:
    with pytest.raises(Refused):
        await add(present, baker(name=""))
    assert intents.in_state(present.workspace, "open") == []
    assert links.customers(present.workspace) == {}


async def test_a_doubt_is_left_alone_while_the_request_may_be_at_work(present: Desk) -> None:
    present.fault("companies.add", "drop_after", times=1)
    with pytest.raises(StillInDoubt):
        await add(present, baker())
    assert await settled(present) == []
    assert len(intents.in_state(present.workspace, "open", kind="company")) == 1


@pytest.mark.parametrize(("kind", "outcome"), [("drop_after", "done"), ("drop_before", "not_done")])
async def test_a_doubt_is_settled_by_a_look(
    present: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, outcome: str
) -> None:
    present.fault("companies.add", kind, times=1)
    with pytest.raises(StillInDoubt):
        await add(present, baker())
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.0)
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)
    assert [tuple(verdict) for verdict in await settled(present)] == [("company", "Bakkerij", outcome)]
    made = list(present.world.teamleader.companies)
    assert list(links.customers(present.workspace)) == made
    assert len(made) == (outcome == "done")


async def test_somebody_elses_company_of_the_same_name_is_not_taken_for_ours(
    present: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.0)
    old = await present.teamleader.add_company({"name": "Bakkerij", "vat_number": "BE0400000086"})
    present.world.teamleader.companies[old].data["added_at"] = "2026-01-01T00:00:00+00:00"
    other = await present.teamleader.add_company({"name": "Bakkerij", "vat_number": "BE0400000185"})
    present.fault("companies.add", "drop_before", times=1)
    with pytest.raises(StillInDoubt):
        await add(present, baker())
    assert [verdict.outcome for verdict in await settled(present)] == ["not_done"]
    assert links.customers(present.workspace) == {}
    assert {old, other} == set(present.world.teamleader.companies)


async def test_of_two_equal_doubts_of_which_one_was_made_one_is_done(
    present: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.0)
    present.fault("companies.add", "drop_after", times=1)
    present.fault("companies.add", "drop_before", times=1)
    for key in ("relation/7", "relation/8"):
        with pytest.raises(StillInDoubt):
            await add(present, baker(key))
    assert sorted(verdict.outcome for verdict in await settled(present)) == ["done", "not_done"]


async def test_a_doubt_of_an_earlier_process_rests_until_it_must_have_ended(present: Desk) -> None:
    (intent,) = [
        intents.Intent(1, 0, "company", "k", "k", b"", "open", made_at, present.teamleader.clock.now())
        for made_at in (lookup._BEGAN - 3600,)
    ]
    assert lookup.seconds_to_wait(intent) <= lookup.SETTLING_SECONDS
    young = intent._replace(made_at=lookup._BEGAN - 1)
    assert lookup.seconds_to_wait(young) <= lookup.SETTLING_SECONDS
    own = intent._replace(made_at=lookup._BEGAN + timedelta(days=1).total_seconds())
    assert lookup.seconds_to_wait(own) == 0.0  # a clock was set back: nothing is known of its age


async def test_a_doubt_of_this_process_rests_from_when_its_call_ended(present: Desk) -> None:
    present.fault("companies.add", "drop_after", times=1)
    with pytest.raises(StillInDoubt):
        await add(present, baker())
    (intent,) = intents.in_state(present.workspace, "open")
    assert 0 < lookup.seconds_to_wait(intent) <= lookup.SETTLING_SECONDS
    unended = intent._replace(closed_at=None)  # it may not even have left
    assert lookup.seconds_to_wait(unended) > lookup.SETTLING_SECONDS
