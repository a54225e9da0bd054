"""The rows of the mapping: what fails first. Each leads from a name in Teamleader to an account or code of Octopus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.presentation.mapping_rows import kind_name, leads_to, mark_of, proposed

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row


class MappingList(LineList["Row"]):
    """One line for each row; a proposal that waits is shown where the value will stand."""

    NAME = "rows"

    def key(self, row: Row) -> object:
        return row.id

    def title(self) -> str:
        return _("What leads where")

    def cells(self, row: Row, width: int) -> list[Cell]:
        mark, tone = mark_of(row)
        wide = width >= 84
        kind = 17 if wide else 0
        waits = 14 if wide else 0
        value = max(12, (width - 4 - kind - waits) // 2)
        label = max(4, width - 4 - kind - waits - value - 1)
        if row.proposal and row.trouble:
            lead, shown = "?", proposed(row)
        else:
            lead, shown = "→", leads_to(row)
        number = counted("document", row.waiting)
        cells: list[Cell] = [(f"{mark} ", tone), (cell(row.label, label) + " ", "text"), (f"{lead} ", "soft")]
        cells.append((cell(shown, value), "busy" if lead == "?" else "text"))
        if wide:
            cells.append((cell(kind_name(row), kind), "soft"))
            cells.append((cell(number if row.waiting else "", waits, right=True), tone))
        return cells
