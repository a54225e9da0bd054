"""Every change that octowizard can make for the user, each with a practice company that lacks it.

What the tests of the fixes stand on: the company, its Snapshot, the change, and whether it shows in the company.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from octowizard.locale.labels import Languages
from octowizard.onboarding import apply, fixes, requests
from octowizard.onboarding.model import Change
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.scenarios import THIS_YEAR
from octowizard.snapshot.model import Snapshot
from octowizard.sync import look
from octowizard.sync.accounts import Accounts, open_accounts
from octowizard.transport.http import Client
from octowizard.transport.messages import Headers, Request, Response
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import Profile
from tests.sync.inside import Inside, inside

D = "/dossiers/{dossierId}"


@dataclass(frozen=True)
class Fix:
    """One change. `operation` as the sandbox names it; `stands`: whether the company shows it."""

    operation: str
    world: Callable[[], World]
    change: Callable[[Snapshot, Profile], Change]
    stands: Callable[[World], bool]


def of_problem(problem: str) -> Callable[[Snapshot, Profile], Change]:
    """The first change that is offered against a problem."""
    return lambda snapshot, profile: fixes.for_problem(problem, snapshot, profile)[0]


def world(scenario: str, customers: int = 6, documents: int | None = 4) -> World:
    """A small company."""
    return SCENARIOS[scenario].build(1, customers, documents)


def dossier(company: World) -> Any:
    """Its only dossier."""
    return next(iter(company.octopus.dossiers.values()))


def some_relation(company: World) -> Any:
    """A relation with a checked VAT number."""
    found = (r for r in dossier(company).relations.values() if r.data.get("vatNr"))
    return min(found, key=lambda relation: str(relation.data["vatNr"]))


def some_company(company: World) -> Any:
    """A company of Teamleader with a Belgian VAT number."""
    return next(
        kept
        for _id, kept in sorted(company.teamleader.companies.items())
        if str(kept.data["vat_number"]).startswith("BE")
    )


def _secured() -> World:
    made = world("secured-period", documents=8)
    dossier(made).journals[THIS_YEAR, "V1"].protected_period = 202611
    return made


def _bare_relation() -> World:
    made = world("c", customers=10)
    for relation in dossier(made).relations.values():
        if relation is some_relation(made):
            relation.data.update(vatType=0, country="  ")
        elif not relation.data["vatType"]:
            relation.data["vatType"] = 7
    return made


def _centred() -> World:
    made = world("cost-centre-missing", documents=2)
    dossier(made).accounts[THIS_YEAR, 700100].data["defaultCostCentreKey"] = {"id": 1}
    return made


def _company_change(operation: str, body: dict[str, Any], name: str, before: dict[str, Any]) -> Change:
    """A change of a company in Teamleader: the outbox makes it, no step or problem offers it yet."""
    return Change(
        id=f"company:{body['id']}",
        title=f"Change company {name}",
        result="It is so.",
        vendor="Teamleader",
        method="POST",
        path=f"/{operation}",
        body=body,
        lines=requests.lines_of(body, Languages(), names={"id": name}),
        before=before,
    )


def correct_company(company: str, name: str, fields: dict[str, Any], before: dict[str, Any]) -> Change:
    """Correct a company of Teamleader; lists replace what was there as a whole (official)."""
    return _company_change("companies.update", {"id": company, **fields}, name, before)


def _vat_number(snapshot: Snapshot, _profile: Profile) -> Change:
    company = next(
        customer
        for _id, customer in sorted(snapshot.customers.items())
        if customer.type == "company" and str(customer.vat_number).startswith("BE")
    )
    return correct_company(
        company.id, company.name, {"vat_number": "BE 0403.019.261"}, {"vat_number": company.vat_number}
    )


def _tag(snapshot: Snapshot, _profile: Profile) -> Change:
    company = next(c for _id, c in sorted(snapshot.customers.items()) if c.type == "company")
    return _company_change("companies.tag", {"id": company.id, "tags": ["Octopus Import"]}, company.name, {})


def _external(snapshot: Snapshot, profile: Profile) -> Change:
    relation = min(snapshot.relations, key=lambda one: one.id)
    return requests.fill_relation(profile, relation, external_number=123_456_789)


FIXES: dict[str, Fix] = {
    "fiscal year": Fix(
        f"POST {D}/bookyears",
        lambda: world("next-year-missing"),
        of_problem("next-year-missing"),
        lambda company: any(
            year.data["startDate"] == "2027-01-01" for year in dossier(company).bookyears.values()
        ),
    ),
    "journal": Fix(
        f"POST {D}/journals/V",
        lambda: world("missing-journal"),
        of_problem("missing-journal"),
        lambda company: (
            (found := dossier(company).journals.get((THIS_YEAR, "V2"))) is not None
            and found.insertion_type == 1
        ),
    ),
    "entry type": Fix(
        f"PUT {D}/journals/V",
        lambda: world("wrong-journal-type"),
        of_problem("wrong-journal-type"),
        lambda company: bool(dossier(company).journals[THIS_YEAR, "V2"].insertion_type == 1),
    ),
    "secured period": Fix(
        f"PUT {D}/journals/V",
        _secured,
        of_problem("secured-period"),
        lambda company: bool(dossier(company).journals[THIS_YEAR, "V1"].protected_period < 202611),
    ),
    "account": Fix(
        f"PUT {D}/accounts",
        lambda: world("unknown-account", documents=2),
        of_problem("unknown-account"),
        lambda company: (THIS_YEAR, 702000) in dossier(company).accounts,
    ),
    "cost centre": Fix(
        f"PUT {D}/accounts",
        _centred,
        of_problem("cost-centre-missing"),
        lambda company: (
            dossier(company).accounts[THIS_YEAR, 700300].data.get("defaultCostCentreKey") == {"id": 1}
        ),
    ),
    "relation": Fix(
        f"PUT {D}/relations",
        _bare_relation,
        lambda snapshot, profile: fixes.relations(snapshot, profile)[0],
        lambda company: (
            some_relation(company).data["vatType"] in (1, 4)
            and bool(some_relation(company).data["country"].strip())
        ),
    ),
    "external number": Fix(
        f"PUT {D}/relations",
        lambda: world("c"),
        _external,
        lambda company: any(
            relation.data["relationIdentificationServiceData"]["externalRelationId"] == 123_456_789
            for relation in dossier(company).relations.values()
        ),
    ),
    "company": Fix(
        "companies.update",
        lambda: world("healthy"),
        _vat_number,
        lambda company: any(
            kept.data["vat_number"] == "BE 0403.019.261" for kept in company.teamleader.companies.values()
        ),
    ),
    "tag": Fix(
        "companies.tag",
        lambda: world("healthy"),
        _tag,
        lambda company: any(
            "Octopus Import" in kept.data["tags"] for kept in company.teamleader.companies.values()
        ),
    ),
}


class Desk:
    """A connected practice company that lacks one thing, and the change that brings it."""

    def __init__(
        self, fix: Fix, served: Inside, workspace: Workspace, accounts: Accounts, snapshot: Snapshot
    ) -> None:
        self.fix = fix
        self.world = served.world
        self.faults = served.faults
        self.profile = served.profile
        self.workspace = workspace
        self.accounts = accounts
        self.snapshot = snapshot
        self.change = fix.change(snapshot, served.profile)

    def stands(self) -> bool:
        """Whether the company shows the change."""
        return self.fix.stands(self.world)

    async def perform(self) -> apply.Outcome:
        """Make it, as after the user's yes."""
        return await apply.perform(self.workspace, self.accounts, self.change)

    def fault(self, kind: str, **more: object) -> None:
        """Something goes wrong with the next write of this kind."""
        from octowizard.sandbox.faults import Fault

        self.faults.add(Fault(self.fix.operation, kind, times=1, **more))  # type: ignore[arg-type]  # a status or none

    def written(self) -> int:
        """How often the write reached the vendor."""
        calls = {**self.world.octopus_calls, **self.world.teamleader_calls}
        return calls.get(self.fix.operation, 0)

    def intents(self) -> list[tuple[str, str]]:
        """Kind and state of every intent."""
        return [
            (str(k), str(s)) for k, s in self.workspace.rows("SELECT kind, state FROM intent ORDER BY id")
        ]


@asynccontextmanager
async def desk(home: Path, fix: Fix) -> AsyncIterator[Desk]:
    """Serve it, connect it, and look at both sides."""
    async with inside(home, fix.world()) as served:
        snapshot = await look.look(home, served.profile, freshness="fresh")
        with workspace_of(home, served.profile) as workspace:
            async with open_accounts(home, served.profile, workspace) as accounts:
                yield Desk(fix, served, workspace, accounts, snapshot)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Every request with a body that leaves for a vendor: method, path below the API's own, body."""
    seen: list[tuple[str, str, Any]] = []
    original = Client.send

    async def send(self: Client, request: Request) -> Response:
        sent_to = request.target.partition("?")[0]
        if request.content and not sent_to.endswith(("/authentication", "/access_token")):
            octopus, _api, path = sent_to.partition("/octopus-rest-api/v1")
            path = path or "/" + octopus.rpartition("/")[2]
            seen.append((request.method, path, json.loads(request.content)))
        return await original(self, request)

    monkeypatch.setattr(Client, "send", send)
    return seen


class Line:
    """The line to the vendors. Once `falls_with` this request was sent, everything is refused until it is mended."""

    def __init__(self) -> None:
        self._falls_with: tuple[str, str] | None = None
        self._down = False

    def falls_with(self, change: Change) -> None:
        """The write goes through, or is cut by a fault; nobody can look what became of it."""
        self._falls_with = (change.method, change.path)

    def mended(self) -> None:
        """All is as before."""
        self._falls_with, self._down = None, False

    async def carry(self, request: Request, send: Callable[[], Awaitable[Response]]) -> Response:
        """The vendor's answer, or a refusal that nothing tries again."""
        if self._down:
            return Response(403, Headers(), b"")
        if self._falls_with is not None and request.method == self._falls_with[0]:
            self._down = request.target.partition("?")[0].endswith(self._falls_with[1])
        return await send()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """What every request goes through."""
    found = Line()
    original = Client.send

    async def send(self: Client, request: Request) -> Response:
        return await found.carry(request, lambda: original(self, request))

    monkeypatch.setattr(Client, "send", send)
    return found
