"""What the Duplicates screen needs: a small protocol, so that tests can play a scripted one, and the real thing.

Coroutines talk to the vendors and run in a loop of their own thread; the rest blocks and is called in a thread.
Errors a user can act upon are exceptions of one sentence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from octowizard.app.open_profile import OpenProfile
    from octowizard.customers import importing, smart
    from octowizard.customers.merging import Candidate, Ended, NotMerged, Plan, Step
    from octowizard.customers.review import Queue, View
    from octowizard.customers.route import Compared, Prediction
    from octowizard.customers.segment import Foretold, Segment, Suggested
    from octowizard.customers.undo import Undone
    from octowizard.progress import Stop
    from octowizard.sync.accounts import Accounts
    from octowizard.workspace.db import Workspace
    from octowizard.workspace.undo_packs import Pack

Report = Callable[[str, int], None]
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


class Pairs(Protocol):
    """The duplicates of one profile."""

    def queue(self, view: View | None) -> Queue:
        """The pairs of what is kept; None: of the view that the state of things suggests. Seconds with many."""
        ...

    async def read(self, view: View | None, report: Report) -> Queue:
        """Read the customers of both sides, and compare."""
        ...

    def answer(self, names: Names, same: bool, levels: Mapping[str, int]) -> None: ...

    def take_back(self, names: Names) -> None: ...

    async def still_there(self, ids: Sequence[str]) -> set[str]:
        """Which of these customers Teamleader still has."""
        ...

    def noticed(self, gone: str, survivor: str) -> None:
        """Two were merged in Teamleader."""
        ...

    async def merge_plans(self, report: Report) -> tuple[list[Candidate], list[Plan | NotMerged]]:
        """What merging through the API would do with each sure pair."""
        ...

    async def merge(self, wanted: Sequence[Candidate], tell: Callable[[Step], None], stop: Stop) -> Ended: ...

    def undoable(self) -> list[Pack]: ...

    async def undo(self, pack: int) -> Undone: ...

    def foretell(self, file: Path, output: Path | None, align: bool) -> Segmented:
        """What Teamleader's import of this segment export would do, by what is kept; `output`: write the .csv too."""
        ...

    def foretold(self) -> bool:
        """Was anything foretold, that an import can be held against?"""
        ...

    async def compare(self, report: Report) -> Held:
        """Hold what Teamleader has now against what was foretold last."""
        ...

    async def smart_preview(self, report: Report) -> smart.Preview:
        """Read both sides; what a smart import would do."""
        ...

    async def smart_import(self, tell: importing.Tell, stop: Stop, report: Report) -> smart.Done: ...


class WiredPairs:
    """The real one, of the profile that its engine has at the moment."""

    def __init__(self, engine: OpenProfile) -> None:
        self._engine = engine

    @contextmanager
    def _workspace(self) -> Iterator[Workspace]:
        from octowizard.workspace.forget import workspace_of

        with workspace_of(self._engine.root, self._engine.profile) as workspace:
            yield workspace

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[tuple[Workspace, Accounts]]:
        from octowizard.sync.accounts import open_accounts

        with self._workspace() as workspace:
            async with open_accounts(self._engine.root, self._engine.profile, workspace) as accounts:
                yield workspace, accounts

    def queue(self, view: View | None) -> Queue:
        from octowizard.customers import review

        with self._workspace() as workspace:
            return review.queue(workspace, view or review.best_view(workspace), QUESTIONS)

    async def read(self, view: View | None, report: Report) -> Queue:
        import asyncio

        from octowizard.customers import live

        async with self._open() as (workspace, accounts):
            await live.read_octopus(workspace, accounts.octopus)
            await live.read_teamleader(workspace, accounts.teamleader, report)
        return await asyncio.to_thread(self.queue, view)

    def answer(self, names: Names, same: bool, levels: Mapping[str, int]) -> None:
        from octowizard.workspace import answers

        with self._workspace() as workspace:
            answers.remember(workspace, *names, same=same, levels=levels)

    def take_back(self, names: Names) -> None:
        from octowizard.workspace import answers

        with self._workspace() as workspace:
            answers.forget(workspace, *names)

    async def still_there(self, ids: Sequence[str]) -> set[str]:
        from octowizard.customers import review

        async with self._open() as (_workspace, accounts):
            return await review.still_there(accounts.teamleader, ids)

    def noticed(self, gone: str, survivor: str) -> None:
        from octowizard.customers import review

        with self._workspace() as workspace:
            review.noticed(workspace, gone, survivor)
        self._engine.forget()

    async def merge_plans(self, report: Report) -> tuple[list[Candidate], list[Plan | NotMerged]]:
        from octowizard.customers import merging

        async with self._open() as (workspace, accounts):
            wanted = await merging.all_candidates(workspace)
            planned: list[Plan | NotMerged] = []
            for number, one in enumerate(wanted, 1):
                planned.append(
                    await merging.plan_either(workspace, accounts.teamleader, one.survivor, one.gone)
                )
                report("companies", number)
            return wanted, planned

    async def merge(self, wanted: Sequence[Candidate], tell: Callable[[Step], None], stop: Stop) -> Ended:
        from octowizard.customers import live, merging

        try:
            async with self._open() as (workspace, accounts):
                ended = await merging.merge_all(workspace, accounts.teamleader, wanted, tell, stop)
                live.forget(workspace, [one.gone for one in ended.merged])
                return ended
        finally:
            self._engine.forget()

    def undoable(self) -> list[Pack]:
        from octowizard.customers.undo import undoable

        with self._workspace() as workspace:
            return undoable(workspace)

    async def undo(self, pack: int) -> Undone:
        from octowizard.customers.undo import undo

        try:
            async with self._open() as (workspace, accounts):
                return await undo(workspace, accounts.teamleader, pack)
        finally:
            self._engine.forget()

    def foretell(self, file: Path, output: Path | None, align: bool) -> Segmented:
        from octowizard.customers import exports, live, review, route, segment

        export = exports.read(file)
        with self._workspace() as workspace:
            everybody = live.in_teamleader(workspace)
            found = segment.segment(export, everybody, review.known(workspace).documents, align=align)
            foretold = segment.foretell(found)
            segment.keep(workspace, export.name, found, foretold)
        best = foretold.best
        written = []
        if output is not None and best is not None:
            written = route.write(output, route.files(found.cleaned.lines, best.criterion.fields))
        return Segmented(found, foretold, route.irreversible(len(found.cleaned.lines)), written)

    def foretold(self) -> bool:
        from octowizard.customers import segment

        with self._workspace() as workspace:
            return segment.kept(workspace) is not None

    async def compare(self, report: Report) -> Held:
        import asyncio

        from octowizard.customers import live, route, segment

        async with self._open() as (workspace, accounts):
            prediction = segment.kept(workspace)
            if prediction is None:
                raise LookupError("nothing was foretold")
            await live.read_teamleader(workspace, accounts.teamleader, report)
            after = live.in_teamleader(workspace)
        compared = route.compare(prediction, after)
        return Held(compared, prediction, await asyncio.to_thread(segment.suggestions, compared, after))

    async def smart_preview(self, report: Report) -> smart.Preview:
        from octowizard.customers import smart

        async with self._open() as (workspace, accounts):
            return await smart.preview(workspace, accounts.octopus, accounts.teamleader, report)

    async def smart_import(self, tell: importing.Tell, stop: Stop, report: Report) -> smart.Done:
        from octowizard.customers import live, smart

        try:
            async with self._open() as (workspace, accounts):
                done = await smart.run(workspace, accounts.octopus, accounts.teamleader, tell, stop, report)
                if done.imported.made:  # who is new is among the pairs from now on
                    await live.read_teamleader(workspace, accounts.teamleader, report)
                return done
        finally:
            self._engine.forget()
