"""What is done about duplicates, from the screen: merge, undo a merge, smart import. Each shown before it is begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.runner import in_background
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.presentation.events import time_left
from octowizard.presentation.pairs import (
    merge_question,
    merged,
    nothing_to_link,
    nothing_to_merge,
    nothing_to_undo,
    smart_done,
    smart_question,
    undo_question,
)
from octowizard.presentation.pairs import undone as undone_page

if TYPE_CHECKING:
    from octowizard.app.screens.pairs_screen import PairsScreen
    from octowizard.customers import importing, merging, smart
    from octowizard.customers.undo import Undone
    from octowizard.progress import Report, Stop
    from octowizard.session.duplicates import Duplicates
    from octowizard.workspace.undo_packs import Pack


class Acting:
    """On one Duplicates screen."""

    def __init__(self, screen: PairsScreen) -> None:
        self._screen = screen
        self._app = screen.shell

    @property
    def _pairs(self) -> Duplicates | None:
        return self._screen.pairs

    # --- merging --------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Look at every sure pair as it is now, show all that would be done, and ask."""
        pairs = self._pairs
        if pairs is not None:
            self._screen.preparing = True
            self._screen.begin(
                _("looking"),
                lambda report, stop: pairs.merge_plans(lambda at: report("companies", at.done), stop),
                lambda planned: self._planned(pairs, planned.wanted, planned.plans),
            )

    def _planned(
        self,
        pairs: Duplicates,
        wanted: list[merging.Candidate],
        plans: list[merging.Plan | merging.NotMerged],
    ) -> None:
        from octowizard.customers.merging import Plan

        self._screen.draw()
        able = [one for one in plans if isinstance(one, Plan)]
        unable = [one for one in plans if not isinstance(one, Plan)]
        if not able:
            queue = self._screen.queue
            if queue is not None and not len(queue):
                self._app.tell(nothing_to_merge())
                return
            why = _("No pair is both sure and bare enough for the API.")
            if unable:
                why += " " + unable[0].blocked.text
            self._app.tell(f"{why} {_('o opens a pair for Actions > Merge in Teamleader.')}")
            return
        names = {(one.survivor.id, one.gone.id) for one in able}
        chosen = [
            one for one in wanted if (one.survivor, one.gone) in names or (one.gone, one.survivor) in names
        ]
        self._app.push_screen(
            ConfirmScreen(merge_question(able, unable)),
            lambda sure: self._merge(pairs, chosen) if sure else None,
        )

    def _merge(self, pairs: Duplicates, wanted: Sequence[merging.Candidate]) -> None:
        from octowizard.customers.merging import Progress

        screen = self._screen

        def tell(step: merging.Step) -> None:
            if isinstance(step, Progress):
                screen.progress = f"{count(step.done)}/{count(step.total)}"

        async def work(_report: Report, stop: Stop) -> merging.Ended:
            return await pairs.merge(wanted, tell, stop)

        screen.begin(_("merging"), work, self._merged, writes=True)

    def _merged(self, ended: merging.Ended) -> None:
        hint = _("z takes the last merge back, from its undo pack.")
        self._app.push_screen(DetailScreen(merged(ended, hint)))
        self._screen.compare()

    def unmerge(self) -> None:
        """Ask about the last merge that can be undone."""
        pairs = self._pairs
        if pairs is not None:
            in_background(
                self._screen, pairs.undoable, lambda packs: self._undoable(pairs, packs), self._screen.failed
            )

    def _undoable(self, pairs: Duplicates, packs: list[Pack]) -> None:
        if not packs:
            self._app.tell(nothing_to_undo())
            return
        last = packs[-1]
        self._app.push_screen(
            ConfirmScreen(undo_question(last.id)), lambda sure: self._undo(pairs, last.id) if sure else None
        )

    def _undo(self, pairs: Duplicates, pack: int) -> None:
        async def work(_report: Report, _stop: Stop) -> Undone:
            return await pairs.undo(pack)

        self._screen.begin(_("undoing"), work, self._undone, writes=True)

    def _undone(self, undone: Undone) -> None:
        hint = _("r reads both sides again, to see it among the pairs.")
        self._app.push_screen(DetailScreen(undone_page(undone, hint)))
        self._screen.compare()

    # --- smart import ---------------------------------------------------------------------------------------

    def import_smartly(self) -> None:
        """Read both sides, and show what would be linked, asked and imported."""
        pairs = self._pairs
        if pairs is not None:
            self._screen.preparing = True
            self._screen.begin(
                _("reading"),
                lambda report, _stop: pairs.smart_preview(report),
                lambda preview: self._previewed(pairs, preview),
            )

    def _previewed(self, pairs: Duplicates, preview: smart.Preview) -> None:
        self._screen.draw()
        self._screen.compare()
        sorting = preview.sorting
        if not sorting.same and not preview.imports.total:
            self._app.tell(nothing_to_link(len(sorting.doubtful)))
            return
        self._app.push_screen(
            ConfirmScreen(smart_question(preview)),
            lambda sure: self._import(pairs) if sure else None,
        )

    def _import(self, pairs: Duplicates) -> None:
        from octowizard.customers.importing import Progress

        screen = self._screen

        def tell(step: importing.Step) -> None:
            if isinstance(step, Progress):
                screen.progress = f"{count(step.done)}/{count(step.total)}"
                if step.seconds_left is not None:
                    screen.progress += " · " + time_left(step.seconds_left)

        async def work(report: Report, stop: Stop) -> smart.Done:
            return await pairs.smart_import(tell, stop, report, look_after=True)

        screen.begin(_("importing"), work, self._imported, writes=True)

    def _imported(self, done: smart.Done) -> None:
        if done.sorting.doubtful:
            self._screen.wanted = "across"  # where they are
        page = smart_done(
            done,
            left=_("i goes on with them."),
            answer=_("y or n on each of these pairs; then i goes on with them."),
        )
        self._app.push_screen(DetailScreen(page))
        self._screen.compare()
