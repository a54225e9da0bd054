"""The records behind a finding or a place of the calendar: a list in which each can be opened in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from octowizard.app.columns import GAP, cells, shared, wanted
from octowizard.app.commands import commands
from octowizard.app.content import cell
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.place_screen import WHY
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import amount, day
from octowizard.presentation.events import kind_name

if TYPE_CHECKING:
    from octowizard.checks.registry import Record
    from octowizard.snapshot.model import DocumentHead


class RecordList(LineList["Record"]):
    """One line for each record; documents with their day, customer and amount."""

    NAME = "records"

    def __init__(self, records: Sequence[Record], documents: Mapping[str, DocumentHead]) -> None:
        self.documents = documents
        self._wants = wanted(self._texts(one) for one in records if one.id in documents)
        super().__init__(records)

    def _texts(self, record: Record) -> tuple[str, ...]:
        """Kind, number, day, customer and amount of a document."""
        head = self.documents[record.id]
        sign = "-" if head.kind == "credit_note" else ""
        paid = f"{sign}{amount(head.amount, head.currency)}"
        return kind_name(head.kind), head.number, day(head.date), head.customer_name, paid

    def cells(self, record: Record, width: int) -> list[Cell]:
        if record.id not in self.documents:
            kind = cell_len(kind_name(record.kind)) + GAP
            return [(cell(kind_name(record.kind), kind), "soft"), (cell(record.label, width - kind), "text")]
        widths = shared(self._wants, width, whole=(0, 1, 2, 4))
        shown = cells(self._texts(record), widths, right=(4,))
        return list(zip(shown, ("soft", "text", "soft", "text", "text"), strict=True))


OFFERS = (
    BACK,
    *commands(lambda: (
        ("explain", "enter e", _("explain"), _("All about the document, as v shows it.")),
        ("browse", "o", _("open in browser"), _("Open the document in Teamleader.")),
    )),
    WHY,
    COPY,
    SAVE,
)  # fmt: skip


class RecordsScreen(LinesScreen):
    """Opened from another place, and shown as a part of it."""

    OFFERS = OFFERS

    def __init__(
        self, title: str, records: Sequence[Record], documents: Mapping[str, DocumentHead], *, place: str
    ) -> None:
        self._list = RecordList(records, documents)
        super().__init__(title, self._list, place=place)

    def about(self) -> str:
        return _("The records that it is about. A document can be opened in Teamleader.")

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("explain")

    @property
    def _address(self) -> str:
        record = self._list.chosen
        head = self._list.documents.get(record.id) if record is not None else None
        return (head.web_url or "") if head is not None else ""

    @property
    def documents(self) -> Sequence[str]:
        record = self._list.chosen
        return (record.id,) if record is not None and record.id in self._list.documents else ()

    def is_enabled(self, run: str) -> bool:
        if run in ("why", "explain"):
            return bool(self.documents)
        return run != "browse" or bool(self._address)

    def do_explain(self) -> None:
        self.do_why()

    def do_browse(self) -> None:
        self.shell.open_address(self._address)
