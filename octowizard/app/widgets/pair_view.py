"""Two customers side by side: how far each field agrees, which one survives and why, and what speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from octowizard.app.columns import cells, halves
from octowizard.app.content import cell, content, hung, style_of, wrapped
from octowizard.locale import _
from octowizard.presentation.one_pair import becomes, speaks, verdict, weighed, zone_mark
from octowizard.presentation.pairs import group, named, names

if TYPE_CHECKING:
    from octowizard.customers.review import Case, Row

_STYLES = {"=": "$success", "≈": "$warning", "≠": "$error", "": ""}
LABEL = 15  # columns of a field's name, with the blank behind it


def heads(case: Case) -> tuple[str, str]:
    """What stands over the two columns."""
    if case.places[0] == "octopus":
        return _("Octopus {number}").format(number=case.left.key), _("Teamleader")
    return {
        "left": (_("stays"), _("goes")),
        "right": (_("goes"), _("stays")),
        "": ("", ""),
    }[case.keep]


def known_label() -> str:
    """The label of what hangs on each."""
    return _("known of it")


def render(case: Case, width: int, rows: int = 0, *, unfolded: bool = False) -> Content:
    """The whole pair on `width` columns; where it takes more than `rows` lines, what agrees is on one of them.

    `unfolded`: with all that speaks for and against it.
    """
    evidence = _evidence(case, width) if unfolded else []
    lines = _lines(case, width, short=False)
    if rows and len(lines) + len(evidence) > rows:
        lines = _lines(case, width, short=True)
    return Content("\n").join(lines + evidence)


def _evidence(case: Case, width: int) -> list[Content]:
    return [
        line
        for number, text in enumerate(weighed(case))
        for line in hung(cell("" if number else _("evidence"), LABEL), "$soft", text, width, "$soft")
    ]


def _lines(case: Case, width: int, *, short: bool) -> list[Content]:
    columns = _columns(case, max(16, width - LABEL - 5), short=short)
    mark = zone_mark(case)
    tone = style_of(mark) if mark != "?" else "$warning"
    lead = content((f"{mark} ", tone), (verdict(case), "bold"))
    lines = [*_group(case, width, short=short), lead]
    if not short:
        lines += hung("  ", "", speaks(case), width, "$soft") if case.rows else []
        lines.append(content(""))
    one, other = heads(case)
    over = content(" " * (LABEL + 3), ("".join(cells((one, other), columns)), "$soft"))
    if short and lead.cell_length < LABEL + 3:
        lines[-1] = lead + over[lead.cell_length :]
    else:
        lines.append(over)
    alike = [row for row in case.rows if row.mark == "=" and row.field != "name"] if short else []
    for row in case.rows:
        if row not in alike and not _above(case, row):
            lines += _row(row, columns, short=short)
    if alike:
        label = cell("", LABEL) + "=  "
        text = _("the same: {fields}").format(fields=names(row.field for row in alike))
        lines += hung(label, "$success", text, width)
    if any(case.hangs):
        known = content((cell(known_label(), LABEL + 3), "$soft"))
        lines += _both(known, [text or "–" for text in case.hangs], "", columns, short=short)
    title = _("keep") if case.keep else _("then")
    lines += hung(
        cell(title, max(LABEL, cell_len(title) + 1)),
        "$soft",
        becomes(case, "right above" if short else "beside"),
        width,
    )
    return lines


def _above(case: Case, row: Row) -> bool:
    """Stands it above the columns already?"""
    return row.field == "external" and case.places[0] == "octopus"


def _columns(case: Case, width: int, *, short: bool) -> tuple[int, int]:
    """What the two have of so many columns: half of them each, unless one needs more and the other less."""
    told = [(row.left, row.right) for row in case.rows if not (short and row.mark == "=")]
    pairs = [(row.left, row.right) for row in case.rows if row.field == "name"] + told + [case.hangs]
    one, other = (max(map(cell_len, texts)) for texts in zip(*pairs, heads(case), strict=True))
    return halves(one, other, width)


def _row(row: Row, columns: tuple[int, int], *, short: bool) -> list[Content]:
    """One field of both; on more lines where it is longer than its column and there is room."""
    style = "bold" if row.mark in ("≠", "≈") else ""
    label = content((cell(named(row.field), LABEL), "$soft"), (cell(row.mark, 3), _STYLES[row.mark]))
    return _both(label, (row.left, row.right), style, columns, short=short)


def _both(
    label: Content, texts: Sequence[str], style: str, columns: tuple[int, int], *, short: bool
) -> list[Content]:
    """What the two have, side by side behind its label; where it is `short`, on one line."""
    below = content(" " * (LABEL + 3))
    parts = [[text] if short else wrapped(text, column) for text, column in zip(texts, columns, strict=True)]
    return [
        (below if number else label) + content(("".join(cells(both, columns)), style))
        for number, both in enumerate(zip_longest(*parts, fillvalue=""))
    ]


def _group(case: Case, width: int, *, short: bool) -> list[Content]:
    """All of the group that the pair is of, above it; the one that is compared with the one that stays stands out.

    `short`: only the one that stays, and how many there are.
    """
    lines: list[Content] = []
    for mark, text in group(case)[: 1 if short else None]:
        tone = style_of(mark) if mark != "?" else "$warning"
        lines += hung(f"{mark} ", tone, text, width, "bold" if text in case.apart else "")
    return [*lines, *([] if short else [content("")])] if lines else []


class PairView(VerticalScroll, can_focus=False):
    """Shows one pair, or, where there is none, why."""

    DEFAULT_CSS = """
    PairView { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    PairView > Static { height: auto; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(id="pair")
        self._case: Case | None = None
        self._instead = content("")
        self.unfolded = False  # with the evidence

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, case: Case | None, instead: Content) -> None:
        """Show the pair, from its top when it is another one; without one, what says why."""
        if case is None or self._case is None or case.names != self._case.names:
            self.scroll_home(animate=False)
        self._case, self._instead = case, instead
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        text = self.query_one(Static)
        width = text.size.width
        if not width:
            return
        if self._case is not None:
            rows = self.scrollable_content_region.height
            text.update(render(self._case, width, rows, unfolded=self.unfolded))
        else:
            text.update(self._instead)
