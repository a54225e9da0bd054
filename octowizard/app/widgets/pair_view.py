"""Two customers side by side: how far each field agrees, which one survives and why, and what speaks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from octowizard.app.content import cell, content, hung, style_of, wrapped
from octowizard.app.widgets.pair_list import percent
from octowizard.locale import _
from octowizard.matching.evidence_text import sentence
from octowizard.presentation.pairs import ZONES, differ, gets, group, named, zone_name

if TYPE_CHECKING:
    from octowizard.customers.review import Case

_STYLES = {"=": "$success", "≈": "$warning", "≠": "$error", "": ""}
_LABEL = 15
_REASONS = 6


def heads(case: Case) -> tuple[str, str]:
    """What stands over the two columns."""
    if case.places[0] == "octopus":
        return _("Octopus {number}").format(number=case.left.key), _("Teamleader")
    return {
        "left": (_("stays"), _("goes")),
        "right": (_("goes"), _("stays")),
        "": ("", ""),
    }[case.keep]


def render(case: Case, width: int) -> Content:
    """The whole pair on `width` columns."""
    half = max(8, (width - _LABEL - 3) // 2)
    mark, verdict = ZONES[case.zone], zone_name(case.zone)
    tone = style_of(mark) if mark != "?" else "$warning"
    if case.answered:
        mark, verdict = "✔", _("you said that they are the same")
    lead = content((f"{mark} ", tone), (verdict, "bold"), (f"  {percent(case.score)}", "$soft"))
    gap = max(1, _LABEL + 3 - lead.cell_length)
    one, other = heads(case)
    if lead.cell_length < _LABEL + 3:
        lines = [lead + content(" " * gap, (cell(one, half), "$soft"), (cell(other, half), "$soft"))]
    else:
        lines = [
            lead,
            content(" " * (_LABEL + 3), (cell(one, half), "$soft"), (cell(other, half), "$soft")),
        ]
    for row in case.rows:
        if row.field == "external" and case.places[0] == "octopus":
            continue  # it stands above
        style = "bold" if row.mark in ("≠", "≈") else ""
        lines.append(
            content(
                (cell(named(row.field), _LABEL), "$soft"),
                (cell(row.mark, 2), _STYLES[row.mark]),
                " ",
                (cell(row.left, half - 1) + " ", style) if style else cell(row.left, half - 1) + " ",
                (cell(row.right, half), style) if style else cell(row.right, half),
            )
        )
    if any(case.hangs):
        left, right = (text or "–" for text in case.hangs)
        lines.append(
            content(
                (cell(_("known of it"), _LABEL + 3), "$soft"),
                cell(left, half - 1) + " ",
                cell(right, half),
            )
        )
    lines += _survivor(case, width)
    lines.append(content(""))
    reasons = [sentence(one) for one in case.why]
    for number, reason in enumerate(reasons[:_REASONS]):
        lines += hung(cell("" if number else _("why"), _LABEL), "$soft", reason, width, "$soft")
    return Content("\n").join(_group(case, width) + lines)


def _group(case: Case, width: int) -> list[Content]:
    """All of the group that the pair is of, above it; the one that is compared with the one that stays stands out."""
    lines: list[Content] = []
    for mark, text in group(case):
        tone = style_of(mark) if mark != "?" else "$warning"
        lines += hung(f"{mark} ", tone, text, width, "bold" if text in case.apart else "")
    return [*lines, content("")] if lines else []


def _survivor(case: Case, width: int) -> list[Content]:
    """Which one stays, and what it takes over; of a relation and a customer, what becomes of the two."""
    if not case.keep:
        return _lines(_("then"), _linked(case), width)
    text = _("{name}: {because}.").format(name=case.survivor, because=case.because)
    return _lines(_("keep"), " ".join(filter(None, (text, gets(case.gets), differ(case.conflicts)))), width)


def _linked(case: Case) -> str:
    if case.answered:
        return _("i links them.")
    if case.zone == "sure":
        return _("i links them without an answer; n if they are different after all.")
    return _("Nothing, until you say y (the same) or n (different).")


def _lines(title: str, text: str, width: int) -> list[Content]:
    return hung(cell(title, max(_LABEL, cell_len(title) + 1)), "$soft", text, width)


class PairView(VerticalScroll, can_focus=False):
    """Shows one pair, or one sentence where there is none."""

    DEFAULT_CSS = """
    PairView { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    PairView > Static { height: auto; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(id="pair")
        self._case: Case | None = None
        self._instead = ""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, case: Case | None, instead: str = "") -> None:
        """Show the pair, from its top when it is another one; without one, the sentence."""
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
            text.update(render(self._case, width))
        else:
            text.update(content("\n".join(wrapped(self._instead, width))))
