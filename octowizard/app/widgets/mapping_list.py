"""The rows of the mapping: what fails first. Each leads from a name in Teamleader to an account or code of Octopus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octowizard.app.columns import GAP, cells, fair, wanted
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.presentation.mapping_rows import kind_name, leads_to, mark_of, proposed

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row


def _value(row: Row) -> tuple[str, str]:
    """What stands before the value, and the value; a proposal that waits stands where the value will."""
    return ("?", proposed(row)) if row.proposal and row.trouble else ("→", leads_to(row))


def _waits(row: Row) -> str:
    return counted("document", row.waiting) if row.waiting else ""


class MappingList(LineList["Row"]):
    """One line for each row. The columns are as wide as what stands in them; what is about a row goes where it fits."""

    NAME = "rows"

    def __init__(self) -> None:
        super().__init__()
        self._wanted = [0] * 4  # the columns that label, value, kind and documents want

    def title(self) -> str:
        return _("What leads where")

    def key(self, row: Row) -> object:
        return row.id

    def fill(self, lines: Sequence[Row]) -> None:
        texts = [(row.label, _value(row)[1], kind_name(row), _waits(row)) for row in lines]
        self._wanted = wanted(texts) or [0] * 4
        super().fill(lines)

    def cells(self, row: Row, width: int) -> list[Cell]:
        mark, tone = mark_of(row)
        label, value, kind, waits = self._wanted
        room = width - 4 - GAP
        extra = kind + waits + (2 * GAP if waits else GAP)
        if label + value + extra > room:  # what a row is about stands beside the list too
            extra = 0
        label, value = fair((label, value), room - extra)
        lead, text = _value(row)
        name, leads = cells((row.label, f"{lead} {text}"), (label, value + 2))
        shown: list[Cell] = [
            (f"{mark} ", tone),
            (name, "text"),
            (leads[:2], "soft"),
            (leads[2:], "busy" if lead == "?" else "text"),
        ]
        if extra:
            shown.append((" " * GAP + cell(kind_name(row), kind), "soft"))
            if waits:
                shown.append((" " * GAP + cell(_waits(row), waits, right=True), tone))
        return shown
