"""One sync from beginning to end: settle doubts, read both sides, book, bring payments back, tell all as events."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from math import ceil
from pathlib import Path
from typing import TypeVar

from octowizard.octopus.client import Octopus
from octowizard.outbox import recovery
from octowizard.outbox.door import POST_BOOKING, PUT_RELATION, Door, Paper
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.planning.plan import nothing_bookable
from octowizard.problems.card_text import Screens
from octowizard.progress import Stop, Stopped, reads_end_on, waits_told_to
from octowizard.snapshot.model import DocumentHead, Snapshot
from octowizard.snapshot.parts import BY_A_RUN, Freshness, healing, written
from octowizard.sync import events
from octowizard.sync.accounts import Accounts, NotConnected, open_accounts
from octowizard.sync.documents import Documents
from octowizard.sync.mirror import Mirroring
from octowizard.sync.options import SyncOptions
from octowizard.sync.payments import Payments
from octowizard.sync.progress import RunProgress, document
from octowizard.sync.reading import Looked, as_event, read_both
from octowizard.sync.relations import CustomerRelations
from octowizard.transport.errors import LimitReached, LimitSpent, VendorError, plainly
from octowizard.workspace import decisions, intents, links, runs
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import leaves
from octowizard.workspace.forget import first_run, workspace_of
from octowizard.workspace.ledgers import forget_old
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import Profile, folder
from octowizard.workspace.secrets import SecretsUnavailable

__all__ = ["Stop", "SyncOptions", "run_sync"]

E = TypeVar("E", bound=Exception)
Emit = Callable[[events.Event], None]


async def run_sync(
    root: Path, profile: Profile, options: SyncOptions, emit: Emit, stop: Stop
) -> events.RunFinished:
    """Run a sync, or with `dry_run` say what it would do.

    Every event goes to `emit` (called from this coroutine's loop) and into the workspace; the last is the result.
    Raises WorkspaceError, ProfileError and ConfigurationError; what a vendor says or fails to say is an event.
    """
    if profile.unconnected:
        raise NotConnected(profile)
    place = folder(root, profile.name)
    with ExitStack() as stack:
        workspace = stack.enter_context(workspace_of(root, profile))
        if not options.dry_run:
            stack.enter_context(only_one(place, "octowizard sync"))
            workspace.look_through()  # links and intents decide what is written
        resumed = _was_cut_off(workspace)
        forget_old(workspace)
        log = runs.RunLog(workspace, dry_run=options.dry_run)

        def tell(event: events.Event) -> None:
            about = getattr(event, "document", None)
            log.add(events.to_line(event), about.id if about is not None else None)
            emit(event)

        try:
            finished = await _Run(root, profile, options, workspace, log.id, tell, stop).go(resumed)
        except BaseException:
            log.flush()
            raise
        log.finish(events.to_line(finished))
        return finished


def _was_cut_off(workspace: Workspace) -> bool:
    """Whether the last real run never finished, or something is still in doubt."""
    first = first_run(workspace)
    last = next((run for run in runs.runs(workspace) if not run.dry_run and run.id >= first), None)
    return (last is not None and last.finished is None) or bool(intents.in_state(workspace, "open"))


class _Refused(Exception):
    def __init__(self, reason: Blocker) -> None:
        self.reason = reason
        super().__init__(reason.title)


class _Run:
    """The state of one run."""

    def __init__(
        self,
        root: Path,
        profile: Profile,
        options: SyncOptions,
        workspace: Workspace,
        number: int,
        tell: Emit,
        stop: Stop,
    ) -> None:
        self._root = root
        self._profile = profile
        self._options = options
        self._workspace = workspace
        self._number = number
        self._accounts: Accounts | None = None
        self._stop = stop
        screens = Screens(profile.screens, bool(decisions.booster(workspace)))
        self._progress = RunProgress(tell, stop, self._gauges, screens, self._pauses)
        self._turns_before = 0  # calls to Teamleader before the first document
        self._start = options.start_date or profile.start_date
        self._follow = (options.numbering or profile.numbering) == "follow"
        self._mirror = options.mirror or profile.mirror
        self._message = ""
        self._read_at: datetime | None = None

    async def go(self, resumed: bool) -> events.RunFinished:
        """All of it; always ends with run_finished. `resumed`: the run before this one was cut off."""
        began = time.monotonic()
        profile, options = self._profile, self._options
        self._progress.tell(
            events.RunStarted(
                run=self._number,
                profile=profile.name,
                dry_run=options.dry_run,
                octopus=f"{profile.dossier_id} {profile.dossier_name}".strip(),
                teamleader=profile.department_name,
                start_date=self._start,
                numbering=options.numbering or profile.numbering,
                resumed=resumed,
            )
        )
        outcome: events.Outcome | None = None
        try:
            if not options.dry_run and profile.mode == "observer":
                raise _Refused(blockers.observer())
            async with open_accounts(self._root, profile, self._workspace) as accounts:
                self._accounts = accounts
                # A preview writes nothing, so that stop ends it wherever it is.
                try:
                    with (
                        reads_end_on(self._stop if options.dry_run else None),
                        waits_told_to(self._progress.wait),
                    ):
                        await self._sync(accounts, resumed)
                finally:
                    if not options.dry_run:
                        written(self._workspace, BY_A_RUN)  # whoever looks next reads it again
                self._progress.gauge()
        except* _Refused as group:
            reason = next(leaves(group, _Refused)).reason
            self._refuse(reason)
            self._message = reason.title
            outcome = "refused"
        except* SecretsUnavailable as group:
            self._message = str(next(leaves(group, SecretsUnavailable)))
            self._progress.tell(events.Notice(message=self._message, level="warning"))
            outcome = "unreachable"
        except* VendorError as group:
            errors = list(leaves(group, VendorError))
            limits = [error for error in errors if isinstance(error, LimitSpent | LimitReached)]
            error = next((error for error in errors if error not in limits), errors[0])
            self._message = plainly(error)
            for limit in limits[:1]:
                self._progress.limit(limit)
            if error not in limits or blockers.problem_of(error) == "too-many-connections":
                self._refuse(blockers.refused_by_vendor(error))
            outcome = "limit" if error in limits else "unreachable"
        except* Stopped:
            outcome = "cancelled"
        return self._finished(outcome, time.monotonic() - began)

    def _refuse(self, blocker: Blocker) -> None:
        self._progress.tell(events.RunRefused(explanation=self._progress.explained(blocker)))

    def _finished(self, outcome: events.Outcome | None, seconds: float) -> events.RunFinished:
        progress, counts = self._progress, self._progress.counts
        if outcome is None:
            outcome = next((o for o in ("cancelled", "limit", "unreachable") if o in progress.outcomes), None)
        if outcome is None:
            wanting = (events.DocumentFailed, events.PaymentParked, events.PaymentFailed)
            attention = progress.left_for_later or any(counts[kind] for kind in wanting)
            outcome = "attention" if attention else "complete"
        if outcome == "cancelled" and not self._message:
            self._message = self._stop.why
        finished = events.RunFinished(
            run=self._number,
            dry_run=self._options.dry_run,
            outcome=outcome,
            booked=counts[events.DocumentBooked],
            relations_created=counts[events.RelationCreated],
            relations_linked=counts[events.RelationLinked],
            payments_registered=counts[events.PaymentRegistered],
            payments_mirrored=counts[events.PaymentMirrored],
            payments_parked=counts[events.PaymentParked],
            payments_drifting=counts[events.PaymentDrift],
            in_sync=progress.in_sync,
            excluded=counts[events.DocumentExcluded],
            failing=counts[events.DocumentFailed],
            left_for_later=progress.left_for_later,
            refused=progress.refused,
            behind=counts[events.DocumentBlocked],
            goes_on=progress.goes_on,
            seconds=round(seconds, 3),
            message=self._message,
            read_at=self._read_at,
        )
        progress.tell(finished)
        return finished

    def _gauges(self) -> tuple[int | None, int | None, int | None]:
        if self._accounts is None:
            return None, None, None
        octopus, teamleader = self._accounts
        limited = self._profile.limits
        return (
            octopus.remaining(POST_BOOKING) if limited else None,
            octopus.remaining(PUT_RELATION) if limited else None,
            teamleader.window.remaining,
        )

    def _pauses(self, done: int, left: int) -> float:
        """The seconds that Teamleader's minute takes for the documents left, at as many calls as those before took."""
        if self._accounts is None or not done:
            return 0.0
        window = self._accounts.teamleader.window
        calls = (window.turns - self._turns_before) / done
        return window.seconds_for(ceil(calls * left))

    # --- the steps -------------------------------------------------------------------------------------

    async def _sync(self, accounts: Accounts, resumed: bool) -> None:
        with reads_end_on(self._stop):
            looked = await self._read(accounts, resumed)
        snapshot = looked.snapshot
        self._read_at = snapshot.taken_at
        for notice in looked.notices:
            if isinstance(notice, VendorError):
                self._progress.limit(notice)
            else:
                self._progress.tell(events.Notice(message=notice, level="warning"))
        self._may_it_begin(snapshot)
        pending = self._chosen(snapshot)
        # Those booked elsewhere count as in sync: without the user's word for it the run would not be here.
        self._turns_before = accounts.teamleader.window.turns
        self._progress.expects(len(pending), snapshot.in_sync + len(snapshot.elsewhere))
        for head in snapshot.excluded:
            self._progress.tell(events.kept_out(document(head)))
        for head in pending:
            self._progress.tell(events.DocumentWaiting(document=document(head)))
        invoices = sum(head.kind == "invoice" for head in pending)
        self._progress.phase("invoices", total=invoices, state="running" if invoices else "done")
        notes = len(pending) - invoices
        self._progress.phase("credit_notes", total=notes, state="running" if notes else "done")
        door: Door
        if self._options.dry_run:
            door = Paper(self._workspace, *accounts, limits=self._profile.limits)
        else:
            door = Door(self._workspace, *accounts, self._number)
        looked.let_go_of_pending()  # each is held until it is booked, and no longer
        snapshot = looked.snapshot
        replaced = frozenset(head.id for head, _booking in snapshot.differing)
        matches, to_mirror = snapshot.matches, snapshot if self._mirror is not None else None
        if not self._options.only and "matches" not in looked.unlooked:
            Payments(door, self._progress, replaced).foresee(matches)
        await self._book(door, looked, pending)
        for words in looked.spent():
            self._progress.tell(events.Notice(message=words, level="warning"))
        own = "" if self._mirror is not None else snapshot.own_currency
        reader = looked.reader
        del looked, snapshot, pending  # thousands of documents that nobody asks for any more

        async def matches_again() -> None:
            await reader.matches(again=True)
            if limit := reader.unlooked.get("matches"):
                raise limit

        if (spent := reader.unlooked.get("matches")) and not self._options.only:
            self._progress.limit(spent)  # a match may have been undone since: payments wait
        elif not self._options.only:
            await Payments(door, self._progress, replaced, own).run(matches)
            if self._mirror is not None and to_mirror is not None:
                await Mirroring(door, self._progress, to_mirror, self._mirror, matches_again).run()

    async def _read(self, accounts: Accounts, resumed: bool) -> Looked:
        """Settle what is in doubt, and read both sides. Raises Stopped; what was read till then stays kept."""
        for client in accounts:  # of both, before the first call of either: none is spent in vain
            if (refused := await client.known_refusal()) is not None:
                raise refused
        # Its answer also tells Octopus' clock, by which limits and ages are counted; it costs no limited call.
        await accounts.octopus.version()
        if not self._options.dry_run:
            await recovery.settle(
                self._workspace,
                *accounts,
                lambda verdict: self._progress.settled(*verdict),
                leave=recovery.IN_TURN,
            )
        freshness: Freshness = "resumed" if resumed else "run"
        if self._options.dry_run:
            freshness = "fresh" if self._options.fresh else "kept"
        read = partial(
            read_both,
            self._workspace,
            accounts,
            self._profile,
            self._start,
            freshness=freshness,
            report=lambda what, count: self._progress.tell(as_event(what, count)),
        )
        for attempt in healing(self._workspace):
            with attempt:
                return await read()
        raise AssertionError("the last attempt returns or raises")

    async def _book(self, door: Door, looked: Looked, pending: list[DocumentHead]) -> None:
        """Book them all, and let go of each: `pending` is empty in the end."""
        unlooked = looked.unlooked.get("relations")
        relations = CustomerRelations(door, self._progress, looked.snapshot, looked.relations_again, unlooked)
        documents = Documents(
            door,
            self._progress,
            looked,
            relations,
            follow=self._follow,
            in_turn=self._is_tight(door.octopus, pending),
        )
        for (bookyear, journal), number in links.highest_numbers(self._workspace).items():
            documents.raise_next(bookyear, journal, number)
        if pending and (limit := looked.unlooked.get("bookings")):
            self._progress.limit(limit)  # somebody may have booked them since: they wait
            documents.end("limit")
        self._progress.phase("customers", state="running" if pending else "done")
        try:
            await documents.run(pending)
        finally:
            await relations.finish()
        phases: tuple[events.PhaseName, ...] = ("customers", "invoices", "credit_notes")
        for phase in phases:
            self._progress.phase(phase, state="done")

    def _is_tight(self, octopus: Octopus, pending: Collection[DocumentHead]) -> bool:
        """Whether a limit of the day may end this run: then who comes first decides who is left for later.

        All goes in one order then, so that the preview names the same documents as the run.
        """
        if not self._profile.limits:
            return False
        linked = links.customers(self._workspace)
        customers = {head.customer_id for head in pending} - set(linked)
        bookings = octopus.remaining(POST_BOOKING)
        relations = octopus.remaining(PUT_RELATION)
        return (bookings is not None and bookings < len(pending)) or (
            relations is not None and relations < len(customers)
        )

    def _may_it_begin(self, snapshot: Snapshot) -> None:
        """Refuse when the set-up is not there yet, or another connector books. Raises _Refused."""
        profile = self._profile
        missing = nothing_bookable(snapshot, profile)
        if missing is not None:
            raise _Refused(missing)
        if not snapshot.elsewhere:
            return
        if not (profile.other_connector_off or self._options.no_other_connector):
            raise _Refused(blockers.other_connector(snapshot.elsewhere))
        if not self._options.dry_run:
            links.keep(
                self._workspace,
                *(
                    links.DocumentLink(head.id, head.kind, b.bookyear, b.journal, b.number, "elsewhere")
                    for head, b in snapshot.elsewhere
                ),
            )

    def _chosen(self, snapshot: Snapshot) -> list[DocumentHead]:
        if not self._options.only:
            return list(snapshot.pending)
        wanted = set(self._options.only)
        return [head for head in snapshot.pending if head.id in wanted or head.number in wanted]
