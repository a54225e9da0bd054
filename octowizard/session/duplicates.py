"""Customers that are the same: the pairs of a profile, what was said of them, and merging, undoing and importing.

Coroutines talk to the vendors; the rest blocks. Errors a user can act upon are exceptions of one sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from octowizard.progress import COMPARED
from octowizard.snapshot.parts import BY_A_MERGE

if TYPE_CHECKING:
    from octowizard.customers import importing, merging, smart
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.exports import Export
    from octowizard.customers.review import Queue, View
    from octowizard.customers.route import Compared, Prediction
    from octowizard.customers.segment import Foretold, Segment, Suggested
    from octowizard.customers.undo import Undone
    from octowizard.matching.record import Customer
    from octowizard.progress import Report, Stop
    from octowizard.session.profile_session import ProfileSession
    from octowizard.workspace.db import Workspace
    from octowizard.workspace.undo_packs import Pack

QUESTIONS = 30  # pairs to judge that teach most about the rest

Names = tuple[str, str]  # two customers, as `workspace.answers` names them


class Segmented(NamedTuple):
    """What was foretold of an import, and the files that were written for it."""

    segment: Segment
    foretold: Foretold
    irreversible: tuple[str, ...]
    written: list[Path]


class Held(NamedTuple):
    """An import against its prediction; with whom each added one may have to be merged, by ids."""

    compared: Compared
    prediction: Prediction
    suggested: dict[str, Suggested]


class MergePlans(NamedTuple):
    """What merging would do: `plans` has one for each of `wanted`. `unfinished`: merges that were cut off before."""

    wanted: list[merging.Candidate]
    plans: list[merging.Plan | merging.NotMerged]
    unfinished: int


def meeting(
    export: Export, known: Sequence[Customer] | None, workspace: Workspace | None, *, align: bool
) -> Segment:
    """The export, cleaned, and the companies it meets. `workspace`: who of them has documents and is not deleted."""
    from octowizard.customers import review, segment

    busy = review.known(workspace).documents if workspace is not None else {}
    return segment.segment(export, known, busy, align=align)


class Duplicates:
    """The duplicates of one profile."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    # --- the pairs ------------------------------------------------------------------------------------------

    def queue(self, view: View | None) -> Queue:
        """The pairs of what is kept; None: of the view that the state of things suggests. Seconds with many."""
        from octowizard.customers import review

        with self._session.workspace() as workspace:
            return review.queue(workspace, view or review.best_view(workspace), QUESTIONS)

    async def read_customers(self, report: Report, *only: str) -> None:
        """Read the customers of both sides, or of one (as `customers.directory` calls it), and keep them."""
        from octowizard.customers import directory

        absent = {vendor.lower() for vendor in self._session.profile.unconnected}
        wanted = {*(only or (directory.OCTOPUS, directory.TEAMLEADER))} - absent
        self._session.snapshot()  # brings the lists that stand for a side
        if not wanted:
            return
        try:
            async with self._session.open(looking=True) as (workspace, accounts):
                if directory.OCTOPUS in wanted:
                    await directory.read_octopus(workspace, accounts.octopus)
                if directory.TEAMLEADER in wanted:
                    await directory.read_teamleader(workspace, accounts.teamleader, report)
        finally:
            self._session.forget()

    async def read(self, view: View | None, report: Report) -> Queue:
        """Read the customers of both sides, and compare."""
        await self.read_customers(report)
        return await asyncio.to_thread(self.queue, view)

    def answer(self, names: Names, same: bool, levels: Mapping[str, int]) -> None:
        """Keep that these two are the same, or not."""
        from octowizard.workspace import answers

        with self._session.workspace() as workspace:
            answers.remember(workspace, *names, same=same, levels=levels)
        self._session.decided()

    def settle(self, pairs: Sequence[Names]) -> None:
        """Keep that the two of each of these are the same. Nobody judged them one by one: it teaches nothing."""
        from octowizard.workspace import answers

        with self._session.workspace() as workspace:
            answers.remember_all(workspace, pairs, same=True)
        self._session.decided()

    def take_back(self, *pairs: Names) -> None:
        """Forget what was answered of these pairs."""
        from octowizard.workspace import answers

        with self._session.workspace() as workspace:
            answers.forget_all(workspace, pairs)
        self._session.decided()

    # --- merging --------------------------------------------------------------------------------------------

    async def still_there(self, ids: Sequence[str]) -> set[str]:
        """Which of these customers Teamleader still has."""
        from octowizard.customers import review

        async with self._session.open() as (_workspace, accounts):
            return await review.still_there(accounts.teamleader, ids)

    def noticed(self, gone: str, survivor: str) -> None:
        """Two were merged in Teamleader."""
        from octowizard.customers import review

        with self._session.workspace() as workspace:
            review.noticed(workspace, gone, survivor)
        self._session.written(BY_A_MERGE)

    async def merge_plans(
        self,
        tell: Callable[[merging.Progress], None],
        stop: Stop,
        *,
        pairs: Sequence[tuple[str, str]] = (),
        report: Report | None = None,
    ) -> MergePlans:
        """What merging through the API would do with these pairs; without pairs, with each sure one.

        `report`: read Teamleader's customers first, and tell how far that is. Asked to stop: the plans made so far.
        """
        from octowizard.customers import directory, merging

        async with self._session.open() as (workspace, accounts):
            if pairs:
                wanted = [merging.Candidate(survivor, gone, "", 1.0, ()) for survivor, gone in pairs]
            else:
                if report is not None:
                    await directory.read_teamleader(workspace, accounts.teamleader, report)
                wanted = await merging.all_candidates(workspace)
            plans = await merging.plans(workspace, accounts.teamleader, wanted, tell, stop)
            return MergePlans(wanted, plans, len(merging.under_way(workspace)))

    async def merge(
        self, wanted: Sequence[merging.Candidate], tell: Callable[[merging.Step], None], stop: Stop
    ) -> merging.Ended:
        """End what was cut off, then merge these."""
        from octowizard.customers import directory, merging

        try:
            async with self._session.open() as (workspace, accounts):
                ended = await merging.merge_all(workspace, accounts.teamleader, wanted, tell, stop)
                directory.forget(workspace, [merged.gone for merged in ended.merged])
                return ended
        finally:
            self._session.written(BY_A_MERGE)

    def undoable(self) -> list[Pack]:
        """The merges that can be taken back."""
        from octowizard.customers.undo import undoable

        with self._session.workspace() as workspace:
            return undoable(workspace)

    async def undo(self, pack: int) -> Undone:
        """Take a merge back. Raises NothingToUndo."""
        from octowizard.customers.undo import undo_alone

        try:
            async with self._session.open() as (workspace, accounts):
                return await undo_alone(workspace, accounts.teamleader, pack)
        finally:
            self._session.written(BY_A_MERGE)

    # --- the automatic route --------------------------------------------------------------------------------

    def foretell(self, file: Path, output: Path | None, align: bool, by_hand: ByHand) -> Segmented:
        """What Teamleader's import of this segment export would do, by what is kept; `output`: write the .csv too."""
        from octowizard.customers import directory, exports, route, segment

        export = exports.read(file, by_hand)
        with self._session.workspace() as workspace:
            segmented = meeting(export, directory.in_teamleader(workspace), workspace, align=align)
            foretold = segment.foretell(segmented)
            segment.keep(workspace, export.name, segmented, foretold)
        best = foretold.best
        written = []
        if output is not None and best is not None:
            written = route.write(output, route.files(segmented.cleaned.lines, best.criterion.fields))
        return Segmented(segmented, foretold, segment.irreversible(segmented), written)

    def foretold(self) -> bool:
        """Was anything foretold, that an import can be held against?"""
        from octowizard.customers import segment

        with self._session.workspace() as workspace:
            return segment.kept(workspace) is not None

    async def compare(self, report: Report) -> Held:
        """Hold what Teamleader has now against what was foretold last."""
        from octowizard.customers import directory

        await self.read_customers(report, directory.TEAMLEADER)
        return await asyncio.to_thread(self.compare_kept)

    def compare_kept(self, after: Sequence[Customer] | None = None, criterion: str = "") -> Held:
        """Hold `after`, or what is kept of Teamleader, against what was foretold for the criterion (else the best).

        LookupError when nothing was foretold; NoCriterion, NotImported.
        """
        from octowizard.customers import directory, route, segment

        with self._session.workspace() as workspace:
            prediction = segment.kept(workspace)
            if prediction is None:
                raise LookupError("nothing was foretold")
            after = directory.in_teamleader(workspace) if after is None else after
        if criterion:
            segment.outcome_of(prediction.outcomes, criterion)
        compared = route.compare(prediction, after, criterion)
        return Held(compared, prediction, segment.suggestions(compared, after))

    # --- smart import ---------------------------------------------------------------------------------------

    async def smart_preview(self, report: Report, *, fresh: bool = True) -> smart.Preview:
        """What a smart import would do, after reading both sides; unless `fresh`, not what was read minutes ago."""
        from octowizard.customers import smart

        async with self._session.open() as (workspace, accounts):
            return await smart.preview(workspace, accounts.octopus, accounts.teamleader, report, fresh=fresh)

    async def smart_import(
        self, tell: importing.Tell, stop: Stop, report: Report, *, look_after: bool = False
    ) -> smart.Done:
        """Link what is the same and import the rest; with `look_after` who is new is counted, and among the pairs."""
        from octowizard.customers import directory, smart
        from octowizard.onboarding.state import count_customers
        from octowizard.transport.errors import VendorError

        session, now, count = self._session, None, 0
        try:
            async with session.open() as (workspace, accounts):
                done = await smart.run(workspace, accounts.octopus, accounts.teamleader, tell, stop, report)
                if look_after and done.imported.made:
                    with suppress(VendorError):  # what was imported is told all the same
                        await directory.read_teamleader(workspace, accounts.teamleader, report)
                        now, count = accounts.teamleader.clock.now(), directory.how_many(workspace)
            if now is not None:
                report(COMPARED, count)
                await asyncio.to_thread(count_customers, session.root, session.profile, now)
            return done
        finally:
            session.written(BY_A_MERGE)
