"""The records behind a finding or a place of the calendar: a list in which each can be opened in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from octowizard.app.columns import GAP, cells, shared, wanted, widest
from octowizard.app.commands import commands
from octowizard.app.content import cell
from octowizard.app.lines_screen import BACK, COPY, SAVE, LinesScreen
from octowizard.app.place_screen import WHY
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import day, document_amount
from octowizard.locale.keys import key_of
from octowizard.presentation.events import kind_name

if TYPE_CHECKING:
    from octowizard.checks.registry import Record
    from octowizard.snapshot.model import DocumentHead


_KIND, _NUMBER, _DAY, _NAME = range(4)  # of the columns kind, number, day, name, amount
_TONES = ("soft", "text", "soft", "text", "text")
_READABLE = 18  # columns of a name of which something can be made out


class RecordList(LineList["Record"]):
    """One line for each record; documents with their day, customer and amount."""

    NAME = "records"

    def __init__(self, records: Sequence[Record], documents: Mapping[str, DocumentHead]) -> None:
        self.documents = documents
        self._wants = self._wanted(records)
        super().__init__(records)

    def fill(self, lines: Sequence[Record]) -> None:
        self._wants = self._wanted(lines)
        super().fill(lines)

    def _wanted(self, records: Sequence[Record]) -> list[int]:
        """The columns that the documents among them want; `documents` is set before.

        Of thousands only what is widest is put into words: every day is as wide as another, and no amount wider than
        the largest of its currency.
        """
        heads = [self.documents[one.id] for one in records if one.id in self.documents]
        if not heads:
            return []
        largest: dict[tuple[object, ...], DocumentHead] = {}
        for head in heads:
            of = (head.kind, head.currency, head.amount.as_tuple().exponent)
            if of not in largest or head.amount > largest[of].amount:
                largest[of] = head
        wants = wanted([self._texts(head) for head in largest.values()])
        wants[_NUMBER] = widest([head.number for head in heads])
        wants[_NAME] = widest([head.customer_name for head in heads])
        return wants

    @staticmethod
    def _texts(head: DocumentHead) -> tuple[str, ...]:
        """Kind, number, day, customer and amount of a document."""
        paid = document_amount(head.kind, head.amount, head.currency)
        return kind_name(head.kind), head.number, day(head.date), head.customer_name, paid

    def cells(self, record: Record, width: int) -> list[Cell]:
        if record.id not in self.documents:
            kind = cell_len(kind_name(record.kind)) + GAP
            return [(cell(kind_name(record.kind), kind), "soft"), (cell(record.label, width - kind), "text")]
        places = self._places(width)
        wants = [self._wants[place] for place in places]
        whole = [number for number, place in enumerate(places) if place != _NAME]
        widths = shared(wants, width, whole=whole)
        texts = self._texts(self.documents[record.id])
        last = len(places) - 1
        shown = cells([texts[place] for place in places], widths, right=(last,), still=range(last - 1))
        return list(zip(shown, (_TONES[place] for place in places), strict=True))

    def _places(self, width: int) -> list[int]:
        """The columns that have room: beside a grid the day gives way first, then the kind."""
        places = list(range(len(_TONES)))
        for gives_way in (_DAY, _KIND):
            used = sum(self._wants[place] for place in places if place != _NAME) + GAP * (len(places) - 1)
            if used + _READABLE <= width:
                break
            places.remove(gives_way)
        return places


OFFERS = (
    BACK,
    *commands(lambda: (
        ("explain", "enter e", _("explain"),
         _("All about the document, as {why} shows it.").format(why=key_of("*.why", "v"))),
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
