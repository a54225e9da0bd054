"""The door for changes of the set-up: what it sends, what it remembers, and how a doubt is settled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
import pytest

from octowizard.octopus.contract import SEARCH_RELATIONS
from octowizard.outbox import changes, recovery
from octowizard.outbox.changes import Operation, change, differences
from octowizard.outbox.door import NotWritten, StillInDoubt, write
from octowizard.outbox.kinds import CHANGE, KINDS
from octowizard.outbox.recovery import Verdict
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.scenarios import THIS_YEAR
from octowizard.sync.accounts import Accounts, open_accounts
from octowizard.transport.errors import LimitSpent, Refused
from octowizard.workspace import intents
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.ledgers import SpentCalls
from tests.sync.inside import Inside, inside

D = "/dossiers/{dossierId}"
SCOPE = "octopus/9045119"
JOURNAL: dict[str, Any] = {
    "commonJournalInsertRequestData": {
        "bookyearKey": {"id": THIS_YEAR},
        "sequenceNumber": 2,
        "names": [{"language": "NL", "value": "Creditnota's"}],
    },
    "sellJournalInsertionType": "BOOKING",
}
NEXT_YEAR: dict[str, Any] = {
    "names": [{"language": "NL", "value": "Boekjaar 2027"}],
    "bookingPeriodType": "MONTH",
    "fromDate": "2027-01-01",
    "toDate": "2027-12-31",
    "proRataTemporis": False,
    "declarantType": "QUARTERLY",
}
ACCOUNT = {
    "accountKey": {"bookyearKey": {"id": THIS_YEAR}, "id": 702000},
    "description": {"description_NL": "Webwinkel"},
}


class Case(NamedTuple):
    """A change, and what is asked to look it up."""

    scenario: str
    operation: Operation
    body: dict[str, Any]
    look: str


CASES = {
    "fiscal year": Case("next-year-missing", "POST /bookyears", NEXT_YEAR, f"GET {D}/bookyears"),
    "journal": Case(
        "missing-journal",
        "POST /journals/V",
        JOURNAL,
        f"GET {D}/bookyears/{{bookyearId}}/journals/V/{{sequenceNumber}}",
    ),
    "account": Case("unknown-account", "PUT /accounts", ACCOUNT, f"GET {D}/accounts/modified"),
}
each = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


class Connected(NamedTuple):
    """A connected practice company."""

    served: Inside
    workspace: Workspace
    accounts: Accounts

    async def make(
        self, operation: Operation, label: str, body: dict[str, Any]
    ) -> tuple[bool, tuple[str, ...]]:
        """Write it and read it back: whether it was found by a look, and what is shown otherwise."""
        asked = change(operation, label, body)
        since = self.accounts.octopus.clock.now()
        found = (await write(CHANGE, self.workspace, self.accounts, asked)).found
        return found, await changes.shown_otherwise(self.accounts, asked, since)

    async def standing(self, operation: Operation, body: dict[str, Any]) -> changes.Record | None:
        """What stands where it would be made."""
        return await changes.look(self.accounts, change(operation, "", body))

    async def settle(self) -> list[Verdict]:
        """What the next writing command does first."""
        found: list[Verdict] = []
        await recovery.settle(self.workspace, *self.accounts, found.append)
        return found

    def fault(self, operation: str, kind: str, **more: Any) -> None:
        """Let a call go wrong, once."""
        self.served.faults.add(Fault(operation, kind, times=1, **more))


@asynccontextmanager
async def connected(home: Path, world: World) -> AsyncIterator[Connected]:
    async with inside(home, world) as served:
        with workspace_of(home, served.profile) as workspace:
            async with open_accounts(home, served.profile, workspace) as accounts:
                await accounts.octopus.version()
                yield Connected(served, workspace, accounts)


def small(scenario: str) -> World:
    return SCENARIOS[scenario].build(1, 4, 2)


def name(case: Case) -> str:
    method, _, path = case.operation.partition(" ")
    return f"{method} {D}{path}"


@each
@pytest.mark.parametrize("happened", [True, False], ids=["written", "not written"])
async def test_a_change_in_doubt_is_settled_by_looking_before_anything_else_is_written(
    case: Case, happened: bool, tmp_path: Path
) -> None:
    async with connected(tmp_path, small(case.scenario)) as at:
        at.fault(name(case), "drop_after" if happened else "drop_before")
        at.fault(case.look, "status", status=403)
        with pytest.raises(StillInDoubt):
            await at.make(case.operation, "what was asked", case.body)
        assert [intent.kind for intent in intents.in_state(at.workspace, "open")] == ["change"]
        outcome: Any = "done" if happened else "not_done"
        assert await at.settle() == [Verdict("change", "what was asked", outcome)]
        assert intents.in_state(at.workspace, "open") == []
        assert await at.settle() == []
        calls = at.served.world.octopus_calls
        assert calls.get(name(case), 0) <= 1


@each
async def test_a_doubt_that_nobody_can_look_up_stays_a_doubt(case: Case, tmp_path: Path) -> None:
    async with connected(tmp_path, small(case.scenario)) as at:
        at.fault(name(case), "drop_after")
        at.fault(case.look, "status", status=403)
        with pytest.raises(StillInDoubt):
            await at.make(case.operation, "what was asked", case.body)
        at.fault(case.look, "status", status=403)
        with pytest.raises(Refused):
            await at.settle()
        assert len(intents.in_state(at.workspace, "open")) == 1


async def test_a_server_error_is_a_doubt_too_and_is_looked_up(tmp_path: Path) -> None:
    async with connected(tmp_path, small("missing-journal")) as at:
        at.fault(f"POST {D}/journals/V", "status", status=500)
        with pytest.raises(NotWritten):
            await at.make("POST /journals/V", "V2", JOURNAL)
        assert intents.in_state(at.workspace, "open") == []


async def test_what_octopus_shows_otherwise_than_it_was_asked_is_told(tmp_path: Path) -> None:
    async with connected(tmp_path, small("missing-journal")) as at:
        dossier = next(iter(at.served.world.octopus.dossiers.values()))
        wanted = {
            "commonJournalUpdateRequestData": {"bookyearKey": {"id": THIS_YEAR}, "sequenceNumber": 1},
            "sellJournalInsertionType": "BOOKING",
        }
        found = await at.standing("PUT /journals/V", wanted)
        assert differences(wanted, found) == ()
        dossier.journals[THIS_YEAR, "V1"].insertion_type = 3
        found = await at.standing("PUT /journals/V", wanted)
        assert differences(wanted, found) == ("sellJournalInsertionType",)


async def test_a_relation_is_not_taken_for_gone_when_the_searches_of_the_day_are_spent(
    tmp_path: Path,
) -> None:
    async with connected(tmp_path, small("c")) as at:
        number = min(next(iter(at.served.world.octopus.dossiers.values())).relations)
        body = {
            "relationIdentificationServiceData": {"relationKey": {"id": number}},
            "currencyCode": "EUR",
            "vatType": 1,
        }
        assert await at.standing("PUT /relations", body) is not None
        ledger = SpentCalls(at.workspace, "Octopus")
        now = at.accounts.octopus.clock.now()
        for _call in range(400 - ledger.spent(SCOPE, SEARCH_RELATIONS, now)):
            ledger.spend(SCOPE, SEARCH_RELATIONS, None, now)
        with pytest.raises(LimitSpent):
            await at.standing("PUT /relations", body)
        made = await at.make("PUT /relations", "its VAT type", body)  # read back through the feed
        assert made == (False, ())


async def test_a_body_that_is_none_never_leaves(tmp_path: Path) -> None:
    async with connected(tmp_path, small("missing-journal")) as at:
        body = {**JOURNAL, "sellJournalInsertionType": 1}
        with pytest.raises(msgspec.ValidationError):
            await at.make("POST /journals/V", "V2", body)
        assert f"POST {D}/journals/V" not in at.served.world.octopus_calls
        assert intents.in_state(at.workspace, "open") == []


def test_every_kind_of_intent_has_its_row_in_the_table() -> None:
    assert tuple(sorted(KINDS)) == tuple(sorted(get_args(intents.Kind)))
    assert all(kind.name == name for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ("wanted", "found", "differing"),
    [
        ({"a": 1}, None, ("a",)),
        ({"a": {"b": 1}, "c": "x "}, {"a": {"b": 2}, "c": "x", "d": 4}, ("a.b",)),
        ({"a": False}, {}, ()),
        (
            {"names": [{"language": "NL", "value": "x"}]},
            {"names": [{"language": "FR", "value": "y"}]},
            ("names",),
        ),
        (
            {"names": [{"language": "NL", "value": "x"}]},
            {"names": [{"language": "FR", "value": "y"}, {"language": "NL", "value": "x"}]},
            (),
        ),
        ({"tags": ["b"]}, {"tags": ["a", "b"]}, ()),
        ({"emails": []}, {"emails": [{"type": "primary", "email": "a@b.be"}]}, ("emails",)),
        (
            {"addresses": [{"type": "primary", "address": {"country": "BE"}}]},
            {"addresses": [{"type": "primary", "address": {"country": "BE", "line_1": None}}]},
            (),
        ),
    ],
)
def test_a_record_is_compared_member_by_member(
    wanted: dict[str, Any], found: dict[str, Any] | None, differing: tuple[str, ...]
) -> None:
    assert differences(wanted, found) == differing
