"""The rows of the mapping: what fails first. Each leads from a name in Teamleader to an account or code of Octopus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row


def kind_name(row: Row) -> str:
    """What a row is about."""
    return {
        "category": _("product category"),
        "rate": _("VAT rate"),
        "discount": _("discounts"),
        "mirror-journal": _("payments"),
        "mirror-account": _("payments"),
    }[row.kind]


def mark_of(row: Row) -> tuple[str, str]:
    """Mark and tone: fails, may be chosen, or leads somewhere."""
    if row.trouble and not row.optional:
        return "✖", "bad"
    if row.value:
        return "✔", "ok"
    return "–", "soft"


class MappingList(LineList):
    """One line for each row; a proposal that waits is shown where the value will stand."""

    def __init__(self) -> None:
        super().__init__(id="rows")
        self.rows: Sequence[Row] = ()

    @property
    def length(self) -> int:
        return len(self.rows)

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def fill(self, rows: Sequence[Row]) -> None:
        """Show these; the cursor stays with its row, or where that stood."""
        before = self.chosen
        self.rows = rows
        self.redraw()
        if before is not None:
            self.show_row(before.id)

    def show_row(self, id: str) -> None:
        """Put the cursor on a row."""
        for index, row in enumerate(self.rows):
            if row.id == id:
                self.go(index)

    def cells(self, index: int, width: int) -> list[Cell]:
        row = self.rows[index]
        mark, tone = mark_of(row)
        wide = width >= 84
        kind = 17 if wide else 0
        waits = 14 if wide else 0
        value = max(12, (width - 4 - kind - waits) // 2)
        label = max(4, width - 4 - kind - waits - value - 1)
        if row.proposal and row.trouble:
            lead, shown = "?", f"{row.proposal} {row.proposed}"
        else:
            lead, shown = "→", f"{row.value or '–'} {row.named}".strip()
        number = ngettext("{count} document", "{count} documents", row.waiting).format(
            count=count(row.waiting)
        )
        found: list[Cell] = [(f"{mark} ", tone), (cell(row.label, label) + " ", "text"), (f"{lead} ", "soft")]
        found.append((cell(shown, value), "busy" if lead == "?" else "text"))
        if wide:
            found.append((cell(kind_name(row), kind), "soft"))
            found.append((cell(number if row.waiting else "", waits, right=True), tone))
        return found
