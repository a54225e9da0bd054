"""How a list in a file is read, before anything is built on it: the first rows, and what can be set by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.content import cell, content, hung
from octowizard.app.runner import in_background
from octowizard.app.screens.form import Field, FormScreen
from octowizard.locale import _
from octowizard.session.practice_desk import Choice

if TYPE_CHECKING:
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.exports import Preview

_WIDEST = 18  # columns of the terminal that one of the list gets
_ROWS = 3


class ListReadingScreen(FormScreen):
    """Answers what was set by hand, or None. Enter shows it; once what is set is shown, enter goes on."""

    def __init__(self, file: Path) -> None:
        super().__init__(_("Is {file} read rightly?").format(file=file.name), self._all_fields())
        self._file = file
        self._preview: Preview | None = None
        self._why = ""
        self._shown: dict[str, str] | None = None  # what was set when the preview was made

    def _all_fields(self) -> list[Field]:
        return [
            Field(
                name="columns",
                label=_("columns"),
                hint=_("Such as: vat=C, name=A. Enter goes on once all is right."),
                optional=True,
            ),
            Field(
                name="header_row",
                label=_("row of the titles"),
                hint=_("From 1, as the file or the sheet counts; 0 when there are no titles."),
                optional=True,
            ),
            Field(
                name="encoding",
                label=_("encoding"),
                hint=_("Of a .csv: when letters with accents are wrong."),
                optional=True,
                choices=_encodings,
            ),
            Field(
                name="separator",
                label=_("separator"),
                hint=_("Of a .csv: what stands between its columns."),
                optional=True,
                choices=lambda: [(";", ""), (",", ""), ("tab", ""), ("|", "")],
            ),
            Field(
                name="sheet",
                label=_("sheet"),
                hint=_("Of a workbook."),
                optional=True,
                choices=self._sheets,
            ),
        ]

    def _sheets(self) -> Sequence[Choice]:
        return [(name, "") for name in self._preview.reading.sheets] if self._preview else []

    def above(self) -> Iterable[Widget]:
        with VerticalScroll(id="reading", can_focus=False):
            yield Static(_("One moment: the file is being read."), id="reading-text")

    def on_mount(self) -> None:
        super().on_mount()
        self._look(self.written())

    @property
    def shown(self) -> bool:
        """Whether the list is shown as it was read, so that enter goes on."""
        return self._preview is not None and not self._why

    def take(self) -> None:
        self.take_pick()
        given = self.written()
        if given != self._shown:
            self._look(given)
        elif self.shown:
            self.dismiss(given)

    def _look(self, given: dict[str, str]) -> None:
        from octowizard.customers import exports

        self._shown = given
        file = self._file

        def seen(preview: Preview) -> None:
            if given == self._shown:
                self._preview, self._why = preview, preview.why
                self._draw()

        def refused(why: str) -> None:
            if given == self._shown:
                self._preview, self._why = None, why
                self._draw()

        in_background(self, lambda: exports.preview(file, set_in_form(given), _ROWS), seen, refused)

    def _draw(self) -> None:
        self.query_one("#reading-text", Static).update(Content("\n").join(self._lines(self._width)))
        self.query_one("#reading", VerticalScroll).scroll_home(animate=False)

    @property
    def _width(self) -> int:
        return max(20, min(72, self.app.size.width - 8))

    def _lines(self, width: int) -> list[Content]:
        from octowizard.presentation.reading import read_as

        preview = self._preview
        lines = hung("✖ ", "$error", self._why, width) if self._why else []
        if preview is not None:
            lines += hung("", "", read_as(preview.reading), width)
            for note in preview.reading.notes:
                lines += hung("▲ ", "$warning", note, width)
            lines += _table(preview, width)
        return lines

    def on_resize(self) -> None:
        if self._preview is not None or self._why:
            self._draw()


def set_in_form(given: dict[str, str]) -> ByHand:
    """What was written into the fields, as the file is to be read. BadTable for what cannot be meant."""
    from octowizard.customers.by_hand import set_by_hand

    columns = [one.strip() for one in given.get("columns", "").split(",") if one.strip()]
    return set_by_hand(
        given.get("encoding", ""),
        given.get("separator", ""),
        given.get("header_row", ""),
        columns,
        given.get("sheet", ""),
    )


def _encodings() -> Sequence[Choice]:
    from octowizard.customers.encodings import OFFERED, name_of

    return [(codec, name_of(codec)) for codec in OFFERED]


def _table(preview: Preview, width: int) -> list[Content]:
    """The columns that are read, then the others, as far as they fit: letter, title, first rows."""
    taken = {title for title, _field in preview.reading.taken}
    order = sorted(range(len(preview.header)), key=lambda at: preview.header[at] not in taken)
    columns = []
    room = width
    for at in order:
        texts = [preview.letters[at], preview.header[at], *(row[at] for row in preview.rows)]
        wide = min(_WIDEST, max(map(cell_len, texts))) + 1
        if wide > room:
            break
        room -= wide
        columns.append([cell(text, wide) for text in texts])
    if not columns:
        return []
    letters, titles, *rows = ["".join(texts) for texts in zip(*columns, strict=True)]
    return [content((letters, "$soft")), content((titles, "bold")), *map(content, rows)]
