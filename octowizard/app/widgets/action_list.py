"""What can be done at the practice desk: under headings that the cursor passes over, what is wrong first."""

from __future__ import annotations

from collections.abc import Sequence

from octowizard.app.columns import ended
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.session.practice_desk import Action, Plant

Line = str | Action | Plant  # a heading, or something that can be done
NAMED = 94  # columns from which an action has beside it how a command calls it


def groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The headings with the actions under them: which vendor's screens, and where in them."""
    return (
        (
            _("Octopus: fiscal years and journals"),
            (
                "reopen-year",
                "close-year",
                "create-year",
                "extend-year",
                "restore-periods",
                "set-vat-return",
                "set-entry-type",
                "set-secured-period",
                "set-closed-period",
                "close-journal",
                "reopen-journal",
                "create-journal",
                "open-journal-window",
                "close-journal-window",
                "release-journal",
                "synchronise",
            ),
        ),
        (
            _("Octopus: accounts, VAT codes, currencies"),
            ("add-account", "set-default-cost-centre", "add-vat-code", "add-currency"),
        ),
        (_("Octopus: bank"), ("import-coda", "reconcile", "pay", "unreconcile")),
        (
            _("Octopus: bookings and relations"),
            (
                "book-by-hand",
                "import-ubl",
                "native-sync",
                "delete-last-booking",
                "void-booking",
                "edit-relation",
                "deactivate-relation",
            ),
        ),
        (
            _("Octopus: access"),
            (
                "restore-password",
                "restore-software-house",
                "activate-webservice",
                "end-other-connections",
                "restore-dossier-access",
                "restore-write-right",
                "register-redirect",
            ),
        ),
        (
            _("Teamleader: invoices and credit notes"),
            (
                "teamleader-new-invoice",
                "teamleader-book-draft",
                "teamleader-new-credit-note",
                "teamleader-pay",
                "teamleader-remove-payments",
                "teamleader-set-line-account",
                "teamleader-set-category-account",
                "teamleader-set-exchange-rate",
                "teamleader-save-content",
                "teamleader-join-lines",
                "teamleader-set-communication",
                "teamleader-set-peppol-status",
            ),
        ),
        (
            _("Teamleader: customers"),
            (
                "teamleader-merge",
                "teamleader-change-vat-type",
                "teamleader-edit-customer",
                "teamleader-restore-customer",
                "teamleader-set-external-id",
            ),
        ),
        (
            _("The connection, and time"),
            (
                "teamleader-restore-rights",
                "teamleader-register-redirect",
                "switch-off-other-connector",
                "choose-dossier",
                "choose-start-date",
                "choose-numbering",
                "next-day",
            ),
        ),
    )


def plainly(action: Action) -> str:
    """What an action does, in a sentence."""
    return _(action.summary).replace("`", "")


def arranged(actions: Sequence[Action], words: str) -> list[Line]:
    """The actions that hold every word, under their headings; those that no heading names come last."""
    wanted = words.casefold().split()
    left = {action.name: action for action in actions}
    lines: list[Line] = []
    grouped = [(head, [left.pop(name) for name in names if name in left]) for head, names in groups()]
    for head, under in [*grouped, (_("Other"), list(left.values()))]:
        shown = [
            action
            for action in under
            if all(word in f"{head} {action.name} {plainly(action)}".casefold() for word in wanted)
        ]
        lines += [head, *shown] if shown else []
    return lines


class ActionList(LineList[Line]):
    """One line for each; what has been done here today is marked."""

    NAME = "actions"

    def __init__(self) -> None:
        super().__init__()
        self._titles: dict[str, str] = {}
        self._done: set[str] = set()

    @property
    def chosen(self) -> Action | Plant | None:
        line = super().chosen
        return None if isinstance(line, str) else line

    def key(self, line: Line) -> object:
        return line

    def show_actions(self, lines: Sequence[Line], titles: dict[str, str], done: set[str]) -> None:
        """Show these. `titles`: what the problems of plants are called; `done`: those that were cured."""
        before = self.chosen
        self._titles, self._done = titles, done
        self.fill(lines)
        if before is None or self.chosen != before:
            self.go(0)

    def go(self, index: int, *, by_user: bool = False) -> None:
        """A heading is passed over, in the direction of the move."""
        way = -1 if index < self.cursor else 1
        place = max(0, min(index, self.length - 1))
        while 0 < place < self.length - 1 and isinstance(self.lines[place], str):
            place += way
        if self.length and isinstance(self.lines[place], str):
            place += 1  # the first line is a heading, the last never is
            if index <= 0:
                self.scroll_to(y=0, animate=False, immediate=True)
        super().go(place, by_user=by_user)

    def title(self) -> str:
        return _("What can be done")

    def cells(self, line: Line, width: int) -> list[Cell]:
        if isinstance(line, str):
            return [(cell(line, width), "head")]
        if isinstance(line, Action):
            text, name = ended(plainly(line), line.name if width >= NAMED else "", width - 2)
            return [("  " + text, "text"), (name, "soft")]
        cured = line.problem in self._done
        held = len(line.affected)
        documents = counted("document", held) if held else ""
        title = self._titles.get(line.problem, line.problem)
        text, end = ended(title, _("cured") if cured else documents, width - 2)
        return [
            ("✔ " if cured else "▲ ", "ok" if cured else "warn"),
            (text, "soft" if cured else "text"),
            (end, "soft"),
        ]
