"""The documents of a run: mark, number, customer, where it stands and amount; 20,000 of them without a pause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, islice
from typing import overload

from rich.cells import cell_len

from octowizard.app.columns import cells, shared
from octowizard.app.content import cell
from octowizard.app.widgets.line_list import Cell, LineList
from octowizard.locale import _
from octowizard.locale.formats import count, day, document_amount
from octowizard.presentation.blocks import tone_of
from octowizard.presentation.run_rows import (
    SHOWN_BY,
    Filter,
    Row,
    RunState,
    Section,
    State,
    live_sections,
    standing_sections,
)
from octowizard.presentation.visible import plain

TONES: dict[State, str] = {
    "waiting": "soft",
    "ready": "soft",
    "left": "soft",
    "blocked": "bad",
    "booked": "ok",
    "paid": "ok",
    "failing": "bad",
    "unpaid": "bad",
    "question": "warn",
    "drift": "warn",
    "excluded": "soft",
    "awaited": "soft",
}


_NUMBER, _DAY, _CUSTOMER, _STANDS, _AMOUNT = range(5)  # the columns
INDENT = 3  # columns of the mark
ROOM_FOR_DAYS = 84  # columns from which each document has its day


def _day(row: Row) -> str:
    return day(row.document.date) if row.document is not None else ""


def _amount(row: Row) -> str:
    """The amount of a document, VAT included; that of a credit note with its sign."""
    if row.document is None:
        return ""
    return document_amount(row.document.kind, row.document.amount, row.document.currency)


class Lines(Sequence[Row | Section]):
    """The sections, each followed by its rows, without a copy of them."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._heads = [0, *accumulate(len(section.rows) + 1 for section in sections)]

    def __len__(self) -> int:
        return self._heads[-1]

    @overload
    def __getitem__(self, index: int) -> Row | Section: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row | Section]: ...
    def __getitem__(self, index: int | slice) -> Row | Section | Sequence[Row | Section]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        place = bisect_right(self._heads, index) - 1
        section, row = self._sections[place], index - self._heads[place] - 1
        return section if row < 0 else section.rows[row]

    def place_of(self, row: Row) -> int | None:
        """The index of this very row."""
        for section, head in zip(self._sections, self._heads, strict=False):
            for place, one in enumerate(section.rows):
                if one is row:
                    return head + 1 + place
        return None

    def __iter__(self) -> Iterator[Row | Section]:
        for section in self._sections:
            yield section
            yield from section.rows


class DocumentList(LineList[Row | Section]):
    """Rows under what has to be done about them; while a run goes on, what was dealt with last stands on top."""

    NAME = "documents"

    def __init__(self) -> None:
        super().__init__()
        self.live = False
        self.filter: Filter = "all"
        self.words = ""
        self._measured: RunState | None = (
            None  # the run of which the columns were measured, so many rows of it
        )
        self._seen = 0
        self._wants = [0] * 5
        self._largest: dict[tuple[str, str], Decimal] = {}  # by kind and currency
        self._rows: Mapping[str, Row] = {}

    def key(self, line: Row | Section) -> object:
        return line.key if isinstance(line, Row) else (line.mark, line.title)

    def show_run(self, state: RunState | None) -> None:
        """Show these rows, as filter and search words say."""
        self.measure(state)
        self._rows = state.rows if state is not None else {}
        self.fill(Lines(self._sections(state)))

    def index_of(self, key: object) -> int | None:
        row = self._rows.get(key) if isinstance(key, str) else None
        if row is not None and isinstance(self.lines, Lines):
            return self.lines.place_of(row)
        return super().index_of(key)

    def _sections(self, state: RunState | None) -> list[Section]:
        if state is None:
            return []
        words, states = self.words.casefold(), SHOWN_BY[self.filter]
        shown = (lambda row: row.holds(words)) if words else None
        return (live_sections if self.live else standing_sections)(state, shown, states=states)

    def title(self) -> str:
        return _("Documents")

    def cells(self, line: Row | Section, width: int) -> list[Cell]:
        if isinstance(line, Section):
            return self._heading(line, width)
        tone = TONES[line.state]
        texts = (line.name or _("customer"), _day(line), line.customer, line.stands, _amount(line))
        places = [place for place in range(len(texts)) if place != _DAY or width >= ROOM_FOR_DAYS]
        wants = [self._wants[place] for place in places]
        last = len(places) - 1
        # What a document waits for ends in a number: the name of a customer is cut before it.
        whole = [number for number, place in enumerate(places) if place != _CUSTOMER]
        widths = shared(wants, width - INDENT, whole=whole, spare=last - 1)
        shown = cells([texts[place] for place in places], widths, right=(last,), still=range(last - 2))
        tones = ("text", "soft", "text", tone, "text")
        return [
            (f" {line.mark} ", tone),
            *((text, tones[place]) for text, place in zip(shown, places, strict=True)),
        ]

    def measure(self, state: RunState | None) -> None:
        """How wide the columns want to be: of 100,000 rows only those are looked at that are new."""
        if state is None or self._measured is not state:
            self._wants, self._seen, self._largest = [0] * 5, 0, {}
        self._measured = state
        if state is None:
            return
        wants = self._wants
        for row in islice(state.rows.values(), self._seen, None):
            wants[_NUMBER] = max(wants[_NUMBER], cell_len(plain(row.name)))
            wants[_CUSTOMER] = max(wants[_CUSTOMER], cell_len(plain(row.customer)))
            document = row.document
            if document is None:
                wants[_NUMBER] = max(wants[_NUMBER], cell_len(_("customer")))
                continue
            of = document.kind, document.currency
            if of not in self._largest or document.amount > self._largest[of]:
                self._largest[of] = document.amount
                wants[_AMOUNT] = max(wants[_AMOUNT], cell_len(_amount(row)))
                wants[_DAY] = cell_len(_day(row))
        self._seen = len(state.rows)
        wants[_STANDS] = state.longest_status

    def _heading(self, section: Section, width: int) -> list[Cell]:
        tally = count(len(section.rows))
        room = width - 2 - len(tally)
        return [
            (f"{section.mark} ", tone_of(section.mark)),
            (cell(section.title, room), "head"),
            (tally, "soft"),
        ]
