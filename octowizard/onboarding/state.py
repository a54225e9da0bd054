"""Reading a Standing: both sides anew, only what one step depends on, or what was kept. No vendor is written to."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from octowizard.checks.years import today
from octowizard.locale import _
from octowizard.onboarding.standing import Compared, Counts, Imported, Runs, Standing, Unsure
from octowizard.onboarding.steps.registry import definitions
from octowizard.progress import COMPARED, Report
from octowizard.snapshot.declared_parts import unconnected
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import FEW_MINUTES, clock_offset, is_young, written_parts
from octowizard.sync import events
from octowizard.sync.look import look, offline
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.transport.errors import VendorError
from octowizard.workspace import answers, decisions, kept, runs, undo_packs
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import first_run, workspace_of
from octowizard.workspace.profiles import Profile

FIRST_LOOK = "first_look"  # the decision that keeps the counts of the first whole look
CUT_OFF = ("cancelled", "limit", "unreachable")  # outcomes of a run that did not come to its end
_CUSTOMERS = "setup/customers"  # the reading that keeps _Customers


class _Customers(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted when the customers of Teamleader were last read.

    `tagged`: as in Imported. `sure`, `doubtful`: pairs of doubles. `merged`: how many pairs octowizard had merged by
    then. `compared`: with the clients of Octopus.
    """

    companies: int = 0
    contacts: int = 0
    tagged: int = 0
    sure: int | None = None
    doubtful: int = 0
    unread: str = ""
    merged: int = 0
    compared: Compared = Compared()


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


async def read(root: Path, profile: Profile, report: Report = _silent, *, fresh: bool = False) -> Standing:
    """Look at both sides, with as few calls as the limits allow, and keep it all; `fresh`: whatever was just read.

    Raises WorkspaceError, ProfileError, ConfigurationError and SecretsUnavailable; what a vendor refuses stands in
    the Standing.
    """
    with workspace_of(root, profile) as workspace:
        merged = "customers" in written_parts(workspace)
    snapshot = await look(root, profile, freshness="fresh" if fresh else "kept", report=report, widely=True)
    if fresh or merged or not _counted_just_now(root, profile):
        await _read_customers(root, profile, report)
    return standing_of(root, profile, snapshot)


async def again(root: Path, profile: Profile, step: str, report: Report = _silent) -> Standing:
    """Look again at what this step depends on, and only that; at both sides for a step that needs, or is, unknown."""
    definition = definitions().get(step)
    if definition is None or definition.reads is None:
        return await read(root, profile, report, fresh=True)
    if not definition.reads:
        return remembered(root, profile)
    snapshot = await look(root, profile, definition.reads, freshness="forced", report=report, widely=True)
    if definition.reads_customers:
        await _read_customers(root, profile, report)
    return standing_of(root, profile, snapshot)


def remembered(root: Path, profile: Profile) -> Standing:
    """As it was last seen, offline; with what was decided and done since."""
    return standing_of(root, profile, offline(root, profile))


# --- the customers of Teamleader -----------------------------------------------------------------------


async def _read_customers(root: Path, profile: Profile, report: Report) -> None:
    """All companies and contacts, a hundred a call: the vendor promises no other way to count them. And the doubles.

    Of a side that is not connected, those that a list tells.
    """
    from octowizard.customers import directory
    from octowizard.sync.accounts import open_accounts

    if len(profile.unconnected) == 2:
        import asyncio

        await asyncio.to_thread(count_listed, root, profile)
        return
    with workspace_of(root, profile) as workspace:
        why = ""
        async with open_accounts(root, profile, workspace, looking=True) as accounts:
            try:
                if "Octopus" not in profile.unconnected:
                    await directory.read_octopus(workspace, accounts.octopus)
                if "Teamleader" not in profile.unconnected:
                    await directory.read_teamleader(workspace, accounts.teamleader, report)
            except VendorError as error:
                why = str(error)
            now = accounts.teamleader.clock.now()
        if not why and not _companies_known(workspace):
            return
        known = directory.how_many(workspace)
        if why:
            _keep_customers(workspace, msgspec.structs.replace(_customers(workspace), unread=why), now)
            return
    import asyncio

    report(COMPARED, known)
    await asyncio.to_thread(count_customers, root, profile, now)  # comparing thousands takes seconds


def count_listed(root: Path, profile: Profile) -> None:
    """Count the customers of Teamleader as they are kept, where any were read or taken in. Seconds with many."""
    with workspace_of(root, profile) as workspace:
        known = _companies_known(workspace)
    if known:
        count_customers(root, profile, datetime.now(UTC))


def _companies_known(workspace: Workspace) -> bool:
    from octowizard.customers import directory

    return directory.read_at(workspace)[1] is not None


def _counted_just_now(root: Path, profile: Profile) -> bool:
    """Whether they were all read a few minutes ago."""
    with workspace_of(root, profile) as workspace:
        reading, now = kept.reading(workspace, _CUSTOMERS), datetime.now(UTC) + clock_offset(workspace)
        return (
            reading is not None
            and is_young(reading.taken_at, now, FEW_MINUTES)
            and not _customers(workspace).unread
        )


def count_customers(root: Path, profile: Profile, now: datetime) -> None:
    """Count the kept customers, and the pairs that an import made: who is who is settled on its own screen.

    `now`: as of when they are kept. Seconds with many.
    """
    from octowizard.customers import directory, review

    with workspace_of(root, profile) as workspace:
        active = [seen.customer for seen in directory.seen(workspace) if seen.status == "active"]
        tagged = [customer for customer in active if IMPORT_TAG in customer.tags]
        sure, doubtful = 0, 0
        if len(tagged) < len(active):  # the tag is gone where an export of them was imported again
            pairs = review.queue(workspace, "within")
            sure, doubtful = pairs.count("sure"), pairs.count("doubtful")
        counted = _Customers(
            companies=sum(customer.kind == "company" for customer in active),
            contacts=sum(customer.kind == "person" for customer in active),
            tagged=len(tagged),
            sure=sure,
            doubtful=doubtful,
            merged=_merged(workspace),
            compared=_compared(workspace) if active else Compared(),
        )
        _keep_customers(workspace, counted, now)


def _compared(workspace: Workspace) -> Compared:
    """The clients that are not linked yet beside the kept customers of Teamleader, as the smart import sorts them."""
    from octowizard.customers import smart

    sorting = smart.sort_out(workspace, None)
    return Compared(
        same=frozenset(pairing.relation for pairing in sorting.same if pairing.recognised),
        to_link=frozenset(pairing.relation for pairing in sorting.same if not pairing.recognised),
        unsure=tuple(
            Unsure(pairing.relation, pairing.name, pairing.customer, pairing.customer_name)
            for pairing in sorting.doubtful
        ),
        held=frozenset(held.relation for held in sorting.held),
    )


def _answered(workspace: Workspace, compared: Compared) -> Compared:
    """With what the user has said of the unsure ones since: the same is to be linked, another is new."""
    from octowizard.customers.sides import OCTOPUS, TEAMLEADER

    given = answers.between(answers.given(workspace), OCTOPUS, TEAMLEADER)
    answer_of = {(relation, customer): answer.same for relation, customer, answer in given}
    open_, same = [], set(compared.to_link)
    for each in compared.unsure:
        answer = answer_of.get((str(each.relation), each.customer))
        if answer is None:
            open_.append(each)
        elif answer:
            same.add(each.relation)
    return msgspec.structs.replace(compared, unsure=tuple(open_), to_link=frozenset(same))


def _keep_customers(workspace: Workspace, counted: _Customers, now: datetime) -> None:
    kept.keep_reading(workspace, _CUSTOMERS, msgspec.json.encode(counted), now)


def _customers(workspace: Workspace) -> _Customers:
    """As they were read, less what was merged since: a merge is to be seen before both sides are read again."""
    read = None
    with suppress(*kept.SPOILT):
        reading = kept.reading(workspace, _CUSTOMERS)
        read = msgspec.json.decode(reading.body, type=_Customers) if reading is not None else None
    if read is None:
        return _Customers(unread=_("not read yet"))
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


def standing_of(root: Path, profile: Profile, snapshot: Snapshot) -> Standing:
    with workspace_of(root, profile) as workspace:
        customers = _customers(workspace)
        if "Teamleader" in profile.unconnected and not _companies_known(workspace):
            customers = _Customers(unread=unconnected("Teamleader"))
        counts = _counts(snapshot, customers)
        return Standing(
            profile=profile,
            snapshot=snapshot,
            counts=counts,
            first=None if profile.unconnected else _first(workspace, counts),
            imported=Imported(
                tagged=customers.tagged,
                duplicates=None if customers.unread else customers.sure,
                doubtful=customers.doubtful,
            ),
            compared=_answered(workspace, customers.compared),
            runs=_runs(workspace),
            decisions=decisions.beginning(workspace),
            decided_at=decisions.moments(workspace) if profile.unconnected else {},
            today=today(snapshot),
            unread=customers.unread,
        )


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
    """The counts of the first whole look: an import or a sync of ours must not change them."""
    first = decisions.get(workspace, FIRST_LOOK)
    if first is not None:
        return msgspec.convert(first, Counts)
    if not counts.whole:
        return None
    decisions.put(workspace, FIRST_LOOK, msgspec.to_builtins(counts))
    return counts


def _runs(workspace: Workspace) -> Runs:
    preview: datetime | None = None
    last: events.RunFinished | None = None
    booked = 0
    since = first_run(workspace)
    for run in runs.runs(workspace):
        if run.last_line is None or run.id < since:
            continue
        if run.dry_run:
            preview = preview or run.started
            continue
        ended = events.kept_event(workspace, run.last_line)
        if isinstance(ended, events.RunFinished):
            # One that was cut off says nothing against the one before it.
            if last is None or (last.outcome in CUT_OFF and ended.outcome not in CUT_OFF):
                last = ended
            booked += ended.booked
    return Runs(preview=preview, last=last, booked=booked)
