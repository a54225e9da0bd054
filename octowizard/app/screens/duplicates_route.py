"""The automatic route on the Duplicates screen: foretell the import of an exported segment, then compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.app.runner import in_background
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.form import Field, FormScreen
from octowizard.app.told import Labelled, Told, listed
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count

if TYPE_CHECKING:
    from octowizard.app.screens.pairs_screen import PairsScreen
    from octowizard.session.duplicates import Held, Segmented

SHOWN = 40


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
            self._app.tell(_("{path} must end with .csv.").format(path=output), wrong=True)
            return
        align = given.get("align", "yes") != "no"

        def told(found: Segmented) -> None:
            self._app.push_screen(DetailScreen(foretold(found)))

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

        def known(foretold: bool) -> None:
            if foretold:
                self._screen.begin(_("reading"), lambda report, _stop: pairs.compare(report), self._held)
            else:
                self._app.tell(_("Nothing was foretold yet: s does that, before the import."))

        in_background(self._screen, pairs.foretold, known, lambda why: self._app.tell(why, wrong=True))

    def _held(self, held: Held) -> None:
        self._app.push_screen(DetailScreen(compared(held)))
        self._screen.compare()


def foretold(found: Segmented) -> Told:
    """Every criterion with its figures, the best one, its wrong edits and additions, and what can't be undone."""
    from octowizard.customers.segment import in_words, notes

    lines, best = found.segment.cleaned.lines, found.foretold.best
    names = {line.number: line.name for line in lines}
    entries: Labelled = []
    if best is not None:
        entries += listed(_("Choose"), (in_words(best.criterion),), "bold")
    for outcome in found.foretold.outcomes:
        mark = "→" if outcome is best else " "
        figures = _("edited {edited} · added {added} · wrong {wrong}").format(
            edited=count(len(outcome.edited)),
            added=count(len(outcome.added)),
            wrong=count(len(outcome.wrong)),
        )
        style = "bold" if outcome is best else "$error" if outcome.wrong else ""
        entries.append((mark, f"{figures}   {in_words(outcome.criterion)}", style))
    entries += listed(_("Take care"), tuple(notes(found.segment.cleaned)), "$warning")
    if best is not None:
        wrong = tuple(
            _("{name} would change {was}, another firm by its VAT number").format(
                name=names[edit.line], was=edit.was
            )
            for edit in best.wrong[:SHOWN]
        )
        entries += listed(_("Wrong"), wrong, "$error")
        entries += listed(_("Added"), tuple(names[number] for number in best.added[:SHOWN]))
        if len(best.added) > SHOWN:
            entries.append(
                ("", _("… and {count} more").format(count=count(len(best.added) - SHOWN)), "$soft")
            )
    entries += listed(_("For good"), found.irreversible, "$warning")
    entries += listed(_("Written"), tuple(map(str, found.written)), "bold")
    title = ngettext(
        "{count} row would meet {companies} companies",
        "{count} rows would meet {companies} companies",
        len(lines),
    ).format(count=count(len(lines)), companies=count(len(found.segment.stay)))
    return Told(mark="✔" if best is not None and not best.wrong else "▲", title=title, entries=entries)


def compared(held: Held) -> Told:
    """Whether the import did what was foretold, and whom it added, with whom each may be merged."""
    one = held.compared
    names = {line.number: line.name for line in held.prediction.lines}
    title = (
        _("The import did what was foretold.")
        if one.as_foretold
        else _("The import did something else than was foretold.")
    )
    figures = _("edited {edited} · added {added}").format(
        edited=count(one.edited), added=count(len(one.added))
    )
    entries = listed(_("It did"), (figures,), "bold")
    entries += listed(_("Fits"), one.fits)
    entries += listed(_("Not edited"), tuple(names[number] for number in one.unexpected[:SHOWN]), "$warning")
    entries += listed(_("Not added"), tuple(names[number] for number in one.missing[:SHOWN]), "$warning")
    merges = []
    for added in one.added[:SHOWN]:
        other = held.suggested.get(added.key)
        merges.append(f"{added.name}  ≈ {other.name}" if other else added.name)
    entries += listed(_("To merge"), tuple(merges))
    if one.added:
        entries.append(("", _("They are among the pairs now; o opens one for Actions > Merge."), "$soft"))
    return Told(mark="✔" if one.as_foretold else "▲", title=title, entries=entries)
