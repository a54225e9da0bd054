"""The automatic route on the Duplicates screen: foretell the import of an exported segment, then compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.app.runner import in_background
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import Field, FormScreen
from octowizard.locale import _
from octowizard.presentation.csv_route import compared, foretold, no_csv

if TYPE_CHECKING:
    from octowizard.app.screens.pairs_screen import PairsScreen
    from octowizard.session.duplicates import Held, Segmented


class Routing:
    """On one Duplicates screen."""

    def __init__(self, screen: PairsScreen) -> None:
        self._screen = screen
        self._app = screen.shell

    def simulate(self) -> None:
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
        self._app.push_screen(
            FormScreen(_("What would the import do?"), fields),
            lambda given: self._simulate(given) if given is not None else None,
        )

    def _simulate(self, given: dict[str, str]) -> None:
        pairs = self._screen.pairs
        if pairs is None:
            return
        file = Path(given.get("file", "").strip()).expanduser()
        target = given.get("output", "").strip()
        output = Path(target).expanduser() if target else None
        if output is not None and output.suffix.lower() != ".csv":
            self._app.tell(no_csv(str(output)), wrong=True)
            return
        align = given.get("align", "yes") != "no"

        def told(found: Segmented) -> None:
            page = foretold(found.segment, found.foretold, found.irreversible, map(str, found.written))
            self._app.push_screen(DetailScreen(page))

        in_background(
            self._screen,
            lambda: pairs.foretell(file, output, align),
            told,
            lambda why: self._app.tell(why, wrong=True),
        )

    def compare(self) -> None:
        """Read Teamleader's companies, and say whether the import did what was foretold."""
        pairs = self._screen.pairs
        if pairs is None:
            return

        def known(anything: bool) -> None:
            if anything:
                self._screen.begin(_("reading"), lambda report, _stop: pairs.compare(report), self._held)
            else:
                self._app.tell(_("Nothing was foretold yet: s does that, before the import."))

        in_background(self._screen, pairs.foretold, known, lambda why: self._app.tell(why, wrong=True))

    def _held(self, held: Held) -> None:
        hint = _("They are among the pairs now; o opens one for Actions > Merge.")
        self._app.push_screen(DetailScreen(compared(held.compared, held.prediction, held.suggested, hint)))
        self._screen.compare()
