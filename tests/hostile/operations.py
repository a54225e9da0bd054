"""Every operation of both vendors that octowizard names, and the shortest way to have it called.

`OPERATIONS` equals what the clients name (test_every_operation_is_tried). Where a command uses the operation, that
command is run; the few that no command uses are called through the client by `direct`.
"""

from __future__ import annotations

import asyncio
import copy
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from octowizard.octopus.bookings import RelationQuery
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Key
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync.accounts import open_accounts
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import home, load
from tests.customers.pairs import duplicate, employee, with_documents

DIRECT = "@"
"""Begins the words of an operation that no command uses: what follows is a name of CALLS."""


@dataclass(frozen=True)
class Way:
    """How a command comes to use an operation.

    `first`: commands run before, soundly. `cut`: an operation whose answer is lost, so that it is looked for.
    `sound`: the exit code when nothing is spoilt.
    """

    words: str
    scenario: str = "healthy"
    first: tuple[str, ...] = ()
    cut: str = ""
    sound: int = 0
    customers: int = 10
    arrange: Callable[[World], None] = lambda world: None

    def build(self) -> World:
        """The practice company, as small as may be."""
        documents = None if self.scenario in ("b", "c") else 8
        world: World = SCENARIOS[self.scenario].build(5, self.customers, documents)
        self.arrange(world)
        return world


@dataclass(frozen=True)
class Operation:
    """`name`: as the client names it. `way`: how it is called."""

    name: str
    way: Way

    def aimed(self, method: str, path: str) -> bool:
        """Whether a call is one of this operation."""
        return aimed(self.name, method, path)


def aimed(name: str, method: str, path: str) -> bool:
    """Whether a method and path are a call of the operation with this name."""
    wanted, space, address = name.partition(" ")
    if not space:
        return method == "POST" and path.endswith(f"/{name}")
    return method == wanted and re.search(_pattern(address), path) is not None


def _pattern(address: str) -> str:
    return "/v1" + re.sub(r"\\{\w+\\}", r"-?\\w+", re.escape(address)) + "$"


def _a_bare_duplicate(world: World) -> None:
    """A company with documents, and a bare duplicate of it that has more to give and a contact."""
    survivor = with_documents(world)[0]
    data = world.teamleader.companies[survivor].data
    data |= {"website": None, "iban": None, "bic": None, "tags": ["klant"], "remarks": None}
    more = {"website": "https://example.com", "remarks": "Levert op zaterdag", "tags": [IMPORT_TAG, "winkel"]}
    gone = duplicate(world, survivor, Random(5), **copy.deepcopy(more))
    employee(world, gone, Random(1))


_D, _Y = "/dossiers/{dossierId}", "/dossiers/{dossierId}/bookyears/{bookyearId}"
_SYNC = Way("sync --yes --json")
_TOUR = Way("sync --yes --json", "tour", sound=1)
_MIRROR = Way("sync --yes --json --mirror F1:550000", "tour", sound=1)
_YEAR = Way("setup do create-fiscal-year --yes", "set-up-missing")
_JOURNALS = Way("setup do create-journals --yes", "set-up-missing", first=(_YEAR.words,))
_ACCOUNTS = Way(
    "setup do check-accounts --yes", "missing-discount-account", first=("setup declare accounts yes",)
)
_CHECK = Way("check")
_IMPORT = Way("duplicates import --yes", "b")
_MERGE = Way("duplicates merge --yes", arrange=_a_bare_duplicate)
_UNDO = Way("duplicates undo --yes", first=(_MERGE.words,), arrange=_a_bare_duplicate)


def _of(way: Way, *names: str) -> list[Operation]:
    return [Operation(name, way) for name in names]


def _directly(call: str, name: str, sound: int = 0) -> Operation:
    return Operation(name, Way(f"{DIRECT}{call}", sound=sound))


OPERATIONS = (
    *_of(
        _SYNC,
        "GET /about/version",
        "POST /authentication",
        "POST /dossiers",
        f"GET {_D}/bookyears",
        f"GET {_Y}/journals",
        f"GET {_D}/accounts",
        f"GET {_D}/vatcodes",
        f"GET {_D}/currencies",
        f"GET {_D}/relations/modified",
        f"GET {_D}/buysellbookings/modified",
        f"GET {_D}/balancings/modified",
        f"PUT {_D}/relations",
        f"POST {_D}/buysellbookings",
        "oauth2/access_token",
        "taxRates.list",
        "productCategories.list",
        "companies.list",
        "contacts.list",
        "invoices.list",
        "invoices.info",
        "creditNotes.list",
        "creditNotes.info",
    ),
    Operation(f"GET {_D}/relations", Way(_SYNC.words, cut=f"PUT {_D}/relations")),
    *_of(_TOUR, "invoices.registerPayment"),
    *_of(_MIRROR, f"POST {_D}/financialdiversbookings", f"POST {_D}/balancings"),
    Operation(
        f"GET {_D}/financialdiversbookings/modified",
        Way(_MIRROR.words, "tour", sound=1, cut=f"POST {_D}/financialdiversbookings"),
    ),
    *_of(_CHECK, "GET /dossiers", "departments.list"),
    Operation(f"GET {_D}/accounts/modified", Way("setup --json", first=(_SYNC.words,), sound=1)),
    Operation(f"GET {_Y}/bookings/modified", Way("check", first=(_SYNC.words,))),
    *_of(_YEAR, f"POST {_D}/bookyears", f"GET {_Y}"),
    *_of(_JOURNALS, f"POST {_D}/journals/V", f"GET {_Y}/journals/V/{{sequenceNumber}}"),
    *_of(Way("setup do create-journals --yes", "wrong-journal-type"), f"PUT {_D}/journals/V"),
    *_of(_ACCOUNTS, f"PUT {_D}/accounts"),
    *_of(_IMPORT, "paymentTerms.list", "contacts.add"),
    # Fewer than the doubts in a row after which an import gives up.
    Operation("companies.add", replace(_IMPORT, customers=5)),
    *_of(
        _MERGE,
        "companies.info",
        "companies.update",
        "companies.delete",
        "contacts.linkToCompany",
    ),
    Operation("contacts.info", replace(_MERGE, cut="contacts.linkToCompany")),
    *_of(_UNDO, "users.me", "contacts.unlinkFromCompany"),
    _directly("sample_error", "GET /error"),
    _directly("update_bookyear", f"PUT {_D}/bookyears", sound=3),
    _directly("cost_centres", f"GET {_D}/costcentres"),
    _directly("booking", f"GET {_D}/buysellbookings"),
    _directly("financial_booking", f"GET {_D}/financialdiversbookings"),
    _directly("delete_balancing", f"DELETE {_D}/balancings/delete", sound=3),
    _directly("open_items", f"POST {_D}/reports/clients/open"),
    _directly("history", f"POST {_D}/reports/clients/history"),
    _directly("tag_company", "companies.tag", sound=3),
    # What only a conversation uses, or a set-up that has come to its payments.
    _directly("department", "departments.info", sound=3),
    _directly("financial_journal", f"GET {_Y}/journals/F/{{sequenceNumber}}"),
    _directly("create_financial_journal", f"POST {_D}/journals/F", sound=3),
)

_SOME_ID = "00000000-0000-4000-8000-000000000001"

_EVERYBODY: RelationQuery = RelationQuery(Key(5), Key(5), 202601, 202612)

CALLS: dict[str, Callable[[Octopus, Teamleader], Awaitable[object]]] = {
    "sample_error": lambda octopus, _: octopus.sample_error(-1, 1),
    "update_bookyear": lambda octopus, _: octopus.update_bookyear(_any({})),
    "cost_centres": lambda octopus, _: octopus.cost_centres(),
    "booking": lambda octopus, _: octopus.booking(5, "V1", 1),
    "financial_booking": lambda octopus, _: octopus.financial_booking(5, "F1", 1),
    "delete_balancing": lambda octopus, _: octopus.delete_balancing(_any({})),
    "open_items": lambda octopus, _: octopus.open_items(_EVERYBODY),
    "history": lambda octopus, _: octopus.history(_EVERYBODY),
    "department": lambda _, teamleader: teamleader.department(_SOME_ID),
    "financial_journal": lambda octopus, _: octopus.financial_journal(5, 1),
    "create_financial_journal": lambda octopus, _: octopus.create_financial_journal(_any({})),
    "tag_company": lambda _, teamleader: teamleader.tag_company(_SOME_ID, ["x"]),
}


def _any(value: Any) -> Any:
    """A record that the practice company refuses: what counts here is how its answer is spoilt."""
    return value


def direct(call: str) -> int:
    """Call the client as a command would, in the home of this process; the exit code."""
    from octowizard.cli.exits import explained

    try:
        asyncio.run(_called(CALLS[call]))
    except Exception as error:
        sentence, code = explained(error)
        sys.stderr.write(sentence + "\n")
        return code
    return 0


async def _called(call: Callable[[Octopus, Teamleader], Awaitable[object]]) -> None:
    root = home()
    profile = load(root, "p")
    with workspace_of(root, profile) as workspace:
        async with open_accounts(root, profile, workspace) as (octopus, teamleader):
            await call(octopus, teamleader)
