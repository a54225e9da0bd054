"""What is done about duplicates: merge, undo a merge, smart import, foretell an import. Each is shown before it begins.

The half of the Duplicates screen that works; `duplicates.py` shows the pairs and takes the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.job_screen import JobScreen
from octowizard.app.screens.form import Field, written_path
from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.locale.keys import key_of
from octowizard.presentation.csv_route import compared, foretold, no_csv
from octowizard.presentation.pairs import (
    importing_progress,
    merge_question,
    merged,
    nothing_to_link,
    nothing_to_merge,
    nothing_to_undo,
    smart_done,
    smart_question,
    undo_question,
    undone,
)

if TYPE_CHECKING:
    from octowizard.customers import importing, merging, smart
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.review import Queue, View
    from octowizard.customers.undo import Undone
    from octowizard.session.duplicates import Duplicates, Held, MergePlans, Segmented
    from octowizard.workspace.undo_packs import Pack


class DuplicateActions(JobScreen):
    """A screen on the pairs of one profile. Subclasses show them in `compare`."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue | None = None
        self.wanted: View | None = None  # what the user chose; None: whichever the state of things suggests
        self.preparing = False  # a question is coming

    @property
    def pairs(self) -> Duplicates | None:
        """The duplicates of the profile; None without one."""
        return self.shell.runner.session.duplicates if self.shell.runner is not None else None

    def compare(self) -> None:
        """Compare what is kept, in a thread, and show it."""
        raise NotImplementedError

    def acted(self) -> None:
        """The answers were acted upon: to take one back would take nothing back at a vendor."""
        raise NotImplementedError

    # --- merging --------------------------------------------------------------------------------------------

    def do_merge(self) -> None:
        """Look at every sure pair as it is now, show all that would be done, and ask."""
        pairs = self.pairs
        if pairs is not None:
            self.preparing = True
            self.begin(
                _("looking"),
                lambda report, stop: pairs.merge_plans(lambda at: report("companies", at.done), stop),
                lambda planned: self._planned(pairs, planned),
            )

    def _planned(self, pairs: Duplicates, planned: MergePlans) -> None:
        from octowizard.customers.merging import Plan

        self.draw()
        able = [one for one in planned.plans if isinstance(one, Plan)]
        unable = [one for one in planned.plans if not isinstance(one, Plan)]
        if able:
            ids = {frozenset((one.survivor.id, one.gone.id)) for one in able}
            chosen = [one for one in planned.wanted if frozenset((one.survivor, one.gone)) in ids]
            self.confirm(merge_question(able, unable), lambda: self._merge(pairs, chosen))
        elif self.queue is not None and not len(self.queue):
            self.shell.tell(nothing_to_merge())
        else:
            why = _("No pair is both sure and bare enough for the API.")
            if unable:
                why += " " + unable[0].blocked.text
            by_hand = _("{open} opens a pair, to be merged in Teamleader.").format(
                open=key_of("duplicates.open", "o")
            )
            self.shell.tell(" ".join((why, by_hand)))

    def _merge(self, pairs: Duplicates, wanted: Sequence[merging.Candidate]) -> None:
        from octowizard.customers.merging import Progress

        def tell(step: merging.Step) -> None:
            if isinstance(step, Progress):
                self.progress = f"{count(step.done)}/{count(step.total)}"

        self.begin(
            _("merging"), lambda _report, stop: pairs.merge(wanted, tell, stop), self._merged, writes=True
        )

    def _merged(self, ended: merging.Ended) -> None:
        self.acted()
        self.show_page(
            merged(
                ended,
                _("{unmerge} takes the last merge back, from its undo pack.").format(
                    unmerge=key_of("duplicates.unmerge", "z")
                ),
            )
        )
        self.compare()

    def do_unmerge(self) -> None:
        """Ask about the last merge that can be undone."""
        pairs = self.pairs
        if pairs is not None:
            self.in_thread(pairs.undoable, lambda packs: self._undoable(pairs, packs), self.failed)

    def _undoable(self, pairs: Duplicates, packs: list[Pack]) -> None:
        if not packs:
            self.shell.tell(nothing_to_undo())
            return
        last = packs[-1].id
        self.confirm(
            undo_question(last),
            lambda: self.begin(
                _("undoing"), lambda _report, _stop: pairs.undo(last), self._undone, writes=True
            ),
        )

    def _undone(self, result: Undone) -> None:
        self.show_page(
            undone(
                result,
                _("{again} reads both sides again, to see it among the pairs.").format(
                    again=key_of("duplicates.again", "r")
                ),
            )
        )
        self.compare()

    # --- smart import ---------------------------------------------------------------------------------------

    def do_smart(self) -> None:
        """Read both sides, and show what would be linked, asked and imported."""
        pairs = self.pairs
        if pairs is not None:
            self.preparing = True
            self.begin(
                _("reading"),
                lambda report, _stop: pairs.smart_preview(report, fresh=False),
                lambda preview: self._previewed(pairs, preview),
            )

    def _previewed(self, pairs: Duplicates, preview: smart.Preview) -> None:
        self.draw()
        self.compare()
        sorting = preview.sorting
        if sorting.same or preview.imports.total:
            self.confirm(smart_question(preview), lambda: self._import(pairs))
        else:
            self.shell.tell(nothing_to_link(len(sorting.doubtful)))

    def _import(self, pairs: Duplicates) -> None:
        def tell(step: importing.Step) -> None:
            self.progress = importing_progress(step) or self.progress

        self.begin(
            _("importing"),
            lambda report, stop: pairs.smart_import(tell, stop, report, look_after=True),
            self._imported,
            writes=True,
        )

    def _imported(self, done: smart.Done) -> None:
        self.acted()
        if done.sorting.doubtful:
            self.wanted = "across"  # where they are
        answer = _("{same} or {different} on each of these pairs; then {smart} goes on with them.").format(
            same=key_of("duplicates.same", "y"),
            different=key_of("duplicates.different", "n"),
            smart=key_of("duplicates.smart", "i"),
        )
        self.show_page(
            smart_done(
                done,
                left=_("{smart} goes on with them.").format(smart=key_of("duplicates.smart", "i")),
                answer=answer,
            )
        )
        self.compare()

    # --- Teamleader's own import of an exported segment -----------------------------------------------------

    def do_simulate(self) -> None:
        """Ask for the export, and say what importing it would do."""
        ways = [("yes", _("fewer are added")), ("no", _("just as the export writes them"))]
        fields = [
            Field(
                name="file",
                label=_("segment"),
                hint=_("The segment “Octopus Import”, exported from Teamleader: an .xlsx or .csv file."),
            ),
            Field(
                name="align",
                label=_("as it is there"),
                hint=_(
                    "Write each row that surely is a company of Teamleader just as it stands there? More are then met."
                ),
                value="yes",
                choices=lambda: ways,
            ),
            Field(
                name="output",
                label=_("write .csv to"),
                hint=_("The file to import, for the best criterion. Empty: none is written."),
                optional=True,
            ),
        ]
        self.fill_in(_("What would the import do?"), fields, self._simulate)

    def _simulate(self, given: dict[str, str]) -> None:
        pairs = self.pairs
        if pairs is None:
            return
        file = written_path(given.get("file", ""))
        output = written_path(given["output"]) if "output" in given else None
        if output is not None and output.suffix.lower() != ".csv":
            self.shell.tell(no_csv(str(output)), wrong=True)
            return
        align = given.get("align", "yes") != "no"

        def show(result: Segmented) -> None:
            written = map(str, result.written)
            self.show_page(foretold(result.segment, result.foretold, result.irreversible, written))

        def foretell(by_hand: ByHand) -> None:
            self.in_thread(lambda: pairs.foretell(file, output, align, by_hand), show)

        self.read_list(file, foretell)

    def do_held(self) -> None:
        """Read Teamleader's companies, and say whether the import did what was foretold."""
        pairs = self.pairs
        if pairs is None:
            return

        def compare(anything: bool) -> None:
            if anything:
                self.begin(_("reading"), lambda report, _stop: pairs.compare(report), self._held)
            else:
                self.shell.tell(
                    _("Nothing was foretold yet: {simulate} does that, before the import.").format(
                        simulate=key_of("duplicates.simulate", "s")
                    )
                )

        self.in_thread(pairs.foretold, compare)

    def _held(self, held: Held) -> None:
        hint = _("They are among the pairs now; {open} opens one, to be merged in Teamleader.").format(
            open=key_of("duplicates.open", "o")
        )
        self.show_page(compared(held.compared, held.prediction, held.suggested, hint))
        self.compare()
