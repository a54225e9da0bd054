"""What the set-up is derived from: both sides as read, what octowizard did so far, what the user decided, and today.

`read` looks at both sides, `again` only at what one step depends on, `remembered` at nothing but what was kept. Steps
are pure functions of a Standing (`guide.py`). Nothing is written to a vendor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from octowizard.checks.years import today as day_of
from octowizard.customers.company import IMPORT_TAG
from octowizard.octopus import models as oc
from octowizard.planning.problems import Part
from octowizard.snapshot.model import RelationFacts, Snapshot
from octowizard.snapshot.take import Report
from octowizard.sync import checking, events
from octowizard.transport.errors import VendorError
from octowizard.workspace import decisions, intents, kept, links, runs, undo_packs
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import first_run, workspace_of
from octowizard.workspace.profiles import Profile

FIRST_LOOK = "first_look"
_CUSTOMERS = "setup/customers"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much both sides hold. None: it could not be read.

    `clients`: active relations that are clients. `bookings`: sales bookings that are kept, or at least the numbers
    given out in the sales journals. `documents`: invoices and credit notes from the start date on.
    """

    clients: int | None = None
    bookings: int | None = None
    bookyears: int | None = None
    journals: int | None = None
    companies: int | None = None
    contacts: int | None = None
    documents: int | None = None

    @property
    def whole(self) -> bool:
        """Whether all of it is known."""
        return all(getattr(self, name) is not None for name in self.__struct_fields__)


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """The lists of Octopus with their names, letter for letter; the Snapshot has what decides. By fiscal year."""

    years: tuple[oc.Bookyear, ...] = ()
    journals: Mapping[int, tuple[oc.Journal, ...]] = {}
    charts: Mapping[int, tuple[oc.Account, ...]] = {}


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the relations that are clients, and the doubles that this made.

    `tagged`: customers that bear the tag of an import, `foreign`: those of them that octowizard did not make.
    `unlinked`: active clients that are no known customer yet. `duplicates`: pairs of an imported customer and the same
    one that was there before, that are sure (None: not known); `doubtful`: pairs that only may be.
    """

    tagged: int = 0
    foreign: int = 0
    unlinked: int = 0
    duplicates: int | None = None
    doubtful: int = 0


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """The syncs so far. `preview`: when the last preview was made; `last`: the last real run, as it ended."""

    preview: datetime | None = None
    last: events.RunFinished | None = None

    @property
    def clean(self) -> bool:
        """Whether the last real run left nothing for a person to mend."""
        last = self.last
        return (
            last is not None
            and last.outcome == "complete"
            and not (last.failing or last.payments_parked or last.left_for_later)
        )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment. `unread`: why the customers of Teamleader could not be read, "" when they were."""

    profile: Profile
    snapshot: Snapshot
    books: Books
    counts: Counts
    first: Counts | None  # as they were when both sides were first seen whole: the scenario is told from them
    imported: Imported
    runs: Runs
    decisions: Mapping[str, Any]
    today: date
    unread: str = ""

    @property
    def looked(self) -> bool:
        """Whether both sides were ever looked at."""
        return bool(self.snapshot.taken_at.timestamp())

    @property
    def unlinked_clients(self) -> tuple[RelationFacts, ...]:
        """Active clients of Octopus that are no known customer of Teamleader; one without a name can't become one."""
        linked = {link.relation for link in self.snapshot.linked.values()}
        return tuple(
            relation
            for relation in self.snapshot.relations
            if relation.client and relation.active and relation.name.strip() and relation.id not in linked
        )

    def declared(self, key: str) -> bool | None:
        """What the user declared; None when never asked."""
        answer = self.decisions.get(f"declared/{key}")
        return answer if isinstance(answer, bool) else None

    def skipped(self, step: str) -> bool:
        """Whether the user skipped the step."""
        return self.decisions.get(f"skipped/{step}") is True


class _Customers(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted when the customers of Teamleader were last read. `sure`, `doubtful`: pairs of doubles.

    `merged`: how many pairs octowizard had merged by then.
    """

    companies: int = 0
    contacts: int = 0
    tagged: int = 0
    foreign: int = 0
    sure: int | None = None
    doubtful: int = 0
    unread: str = ""
    merged: int = 0


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


# What a step depends on, beyond what is kept: parts of the Snapshot, and the customers of Teamleader ("own").
_AGAIN: dict[str, frozenset[Part]] = {
    "choose-dossier": frozenset({"sides"}),
    "create-fiscal-year": frozenset({"years", "journals", "accounts"}),
    "create-journals": frozenset({"years", "journals"}),
    "check-accounts": frozenset({"accounts", "settings", "documents"}),
    "map-accounts": frozenset({"accounts", "settings", "documents"}),
    "map-vat": frozenset({"settings", "documents"}),
    "customer-vat": frozenset({"relations"}),
    "import-companies": frozenset({"relations"}),
    "merge": frozenset({"relations"}),
    "connect-teamleader": frozenset({"years", "journals", "documents"}),
    "first-sync": frozenset({"documents", "bookings"}),
    "payments": frozenset({"documents", "matches"}),
}
_WITH_CUSTOMERS = frozenset({"import-companies", "merge"})
_ALONE = frozenset({"choose-connector", "automatic-sync"})  # they depend on nothing that a vendor tells


async def read(root: Path, profile: Profile, report: Report = _silent) -> Standing:
    """Look at both sides, with as few calls as the limits allow, and keep it all.

    Raises WorkspaceError, ProfileError, ConfigurationError and SecretsUnavailable; what a vendor refuses is told in
    the Standing.
    """
    snapshot = await checking.for_setup(root, profile, None, report)
    await _read_customers(root, profile, report)
    return _standing(root, profile, snapshot)


async def again(root: Path, profile: Profile, step: str, report: Report = _silent) -> Standing:
    """Look again at what this step depends on, and only that; at everything for a step that needs all of it."""
    if step in _ALONE:
        return remembered(root, profile)
    parts = _AGAIN.get(step)
    if parts is None:
        return await read(root, profile, report)
    snapshot = await checking.for_setup(root, profile, parts, report)
    if step in _WITH_CUSTOMERS:
        await _read_customers(root, profile, report)
    return _standing(root, profile, snapshot)


def remembered(root: Path, profile: Profile) -> Standing:
    """As it was last seen, offline; with what was decided and done since."""
    return _standing(root, profile, checking.offline(root, profile))


# --- the customers of Teamleader -----------------------------------------------------------------------


async def _read_customers(root: Path, profile: Profile, report: Report) -> None:
    """All companies and contacts, a hundred a call: the vendor promises no other way to count them. And the doubles."""
    from octowizard.customers import live
    from octowizard.sync.accounts import open_accounts

    with workspace_of(root, profile) as workspace:
        why = ""
        async with open_accounts(root, profile, workspace) as accounts:
            try:
                await live.read_teamleader(workspace, accounts.teamleader, report)
            except VendorError as error:
                why = str(error)
            now = accounts.teamleader.clock.now()
        if why:
            _keep_customers(workspace, msgspec.structs.replace(_customers(workspace), unread=why), now)
            return
    await asyncio.to_thread(_count, root, profile, now)  # comparing thousands takes seconds


def _count(root: Path, profile: Profile, now: datetime) -> None:
    """Count the kept customers, and the pairs that an import made: who is who is settled on its own screen."""
    from octowizard.customers import live, review

    with workspace_of(root, profile) as workspace:
        active = [one.customer for one in live.seen(workspace) if one.status == "active"]
        tagged = sum(IMPORT_TAG in one.tags for one in active)
        linked = links.customers(workspace)
        foreign = sum(IMPORT_TAG in one.tags and one.key not in linked for one in active)
        sure, doubtful = 0, 0
        if 0 < tagged < len(active):
            pairs = review.queue(workspace, "within")
            sure, doubtful = pairs.count("sure"), pairs.count("doubtful")
        counted = _Customers(
            companies=sum(one.kind == "company" for one in active),
            contacts=sum(one.kind == "person" for one in active),
            tagged=tagged,
            foreign=foreign,
            sure=sure,
            doubtful=doubtful,
            merged=_merged(workspace),
        )
        _keep_customers(workspace, counted, now)


def _keep_customers(workspace: Workspace, counted: _Customers, now: datetime) -> None:
    kept.keep_reading(workspace, _CUSTOMERS, msgspec.json.encode(counted), now)


def _customers(workspace: Workspace) -> _Customers:
    """As they were read, less what was merged since: a merge is to be seen before both sides are read again."""
    found = kept.reading(workspace, _CUSTOMERS)
    if found is None:
        return _Customers(unread="-")
    read = msgspec.json.decode(found.body, type=_Customers)
    since = _merged(workspace) - read.merged
    if not since or read.sure is None:
        return read
    over = max(0, since - read.sure)  # what was doubtful until somebody called it the same
    return msgspec.structs.replace(
        read,
        companies=max(0, read.companies - since),
        sure=max(0, read.sure - since),
        doubtful=max(0, read.doubtful - over),
        merged=read.merged + since,
    )


def _merged(workspace: Workspace) -> int:
    return len(undo_packs.packs(workspace, "merged"))


# --- put together --------------------------------------------------------------------------------------


def _standing(root: Path, profile: Profile, snapshot: Snapshot) -> Standing:
    with workspace_of(root, profile) as workspace:
        customers = _customers(workspace)
        books = _books(workspace, snapshot)
        counts = _counts(snapshot, customers)
        first = _first(workspace, counts)
        # One that we may have made, and have no link for yet, was not made by somebody else.
        in_doubt = sum(one.kind == "company" for one in intents.in_state(workspace, "open"))
        imported = Imported(
            tagged=customers.tagged,
            foreign=max(0, customers.foreign - in_doubt),
            duplicates=None if customers.unread else customers.sure,
            doubtful=customers.doubtful,
        )
        standing = Standing(
            profile=profile,
            snapshot=snapshot,
            books=books,
            counts=counts,
            first=first,
            imported=imported,
            runs=_runs(workspace),
            decisions=decisions.beginning(workspace),
            today=day_of(snapshot),
            unread=customers.unread,
        )
        left = msgspec.structs.replace(imported, unlinked=len(standing.unlinked_clients))
        return msgspec.structs.replace(standing, imported=left)


def _counts(snapshot: Snapshot, customers: _Customers) -> Counts:
    unread = snapshot.unread
    sales = [journal for (_year, key), journal in snapshot.journals.items() if key.startswith("V")]
    known = sum(journal.last_number for journal in sales)
    documents = len(snapshot.pending) + snapshot.in_sync + len(snapshot.elsewhere) + len(snapshot.excluded)
    return Counts(
        clients=None
        if "relations" in unread
        else sum(relation.client and relation.active for relation in snapshot.relations),
        bookings=None if "journals" in unread else known,
        bookyears=None if "years" in unread else len(snapshot.years),
        journals=None if "journals" in unread else len(snapshot.journals),
        companies=None if customers.unread else customers.companies,
        contacts=None if customers.unread else customers.contacts,
        documents=None if "documents" in unread else documents,
    )


def _first(workspace: Workspace, counts: Counts) -> Counts | None:
    """The counts of the first whole look: an import or a sync of ours must not change what was found."""
    found = decisions.get(workspace, FIRST_LOOK)
    if found is not None:
        return msgspec.convert(found, Counts)
    if not counts.whole:
        return None
    decisions.put(workspace, FIRST_LOOK, msgspec.to_builtins(counts))
    return counts


def _books(workspace: Workspace, snapshot: Snapshot) -> Books:
    def of(name: str, kind: Any) -> Any:
        found = kept.reading(workspace, name)
        return tuple(msgspec.json.decode(found.body, type=kind)) if found else ()

    years = of("oc/bookyears", list[oc.Bookyear])
    return Books(
        years=tuple(sorted(years, key=lambda year: year.start_date)),
        journals={year.id: of(f"oc/journals/{year.id}", list[oc.Journal]) for year in snapshot.years},
        charts={year: of(f"oc/accounts/{year}", list[oc.Account]) for year in snapshot.accounts},
    )


def _runs(workspace: Workspace) -> Runs:
    preview = last = None
    since = first_run(workspace)
    for run in runs.runs(workspace):
        if run.last_line is None or run.id < since:
            continue
        if run.dry_run:
            preview = preview or run.started
        elif last is None:
            ended = events.from_line(run.last_line)
            last = ended if isinstance(ended, events.RunFinished) else None
    return Runs(preview=preview, last=last)
