"""The lists of the app, with short and very long names: no two columns touch, nothing is cut beside blanks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from rich.cells import cell_len

from octowizard.app.columns import GAP
from octowizard.app.screens.records import RecordList
from octowizard.app.widgets.attention_list import AttentionList
from octowizard.app.widgets.card_list import CardList
from octowizard.app.widgets.document_list import DocumentList
from octowizard.app.widgets.finding_list import FindingList
from octowizard.app.widgets.line_list import LineList
from octowizard.checks.registry import Finding, NotChecked, Record
from octowizard.presentation.run_rows import RunState
from octowizard.session.explanations import CardLine
from octowizard.session.overview import Attention
from octowizard.sync import events as e
from tests.build import head

WIDTHS = (59, 79, 80, 110, 160, 200)
LONG = "Schrijnwerkerij Van den Broeck en Zonen "
NAMES = {
    "short": ("Bo", "Café Zoë"),
    "long": ("Bo", LONG.strip(), LONG + "en dochters", LONG * 2, LONG * 3),
}


def documents(names: Sequence[str]) -> list[e.Document]:
    return [
        e.Document(
            kind="invoice",
            id=str(number),
            number=f"2026 / {number}",
            date=date(2026, 3, number),
            customer=name,
            amount=Decimal("1210.00") * number,
            currency="EUR",
        )
        for number, name in enumerate(names, 1)
    ]


def a_run(names: Sequence[str]) -> LineList[Any]:
    state = RunState(dry_run=False)
    for number, one in enumerate(documents(names), 1):
        state.apply(e.DocumentWaiting(document=one))
        state.apply(e.DocumentBooked(document=one, bookyear=2026, journal="V1", number=number, period=202603))
    shown = DocumentList()
    shown.show_run(state)
    shown.lines = list(state.rows.values())
    return shown


def findings(names: Sequence[str]) -> LineList[Any]:
    shown = FindingList()
    records = [Record(kind="invoice", label=f"2026 / {number}", id=str(number)) for number in range(1, 5)]
    shown.fill(
        [
            Finding(problem=f"p{number}", severity="blocking", title=name, records=tuple(records))
            for number, name in enumerate(names)
        ]
    )
    return shown


def not_checked(names: Sequence[str]) -> LineList[Any]:
    shown = FindingList()
    shown.fill([NotChecked(check="c", title=name, why="no API shows it") for name in names])
    return shown


def things(names: Sequence[str]) -> LineList[Any]:
    shown = AttentionList()
    shown.limit([Attention(mark="✖", title=name, consequence="6 documents") for name in names], 9)
    return shown


def cards(names: Sequence[str]) -> LineList[Any]:
    shown = CardList()
    shown.all = [
        CardLine(problem=name, title=name, area="documents", severity="warning", words=name) for name in names
    ]
    shown.only(names)
    return shown


def records(names: Sequence[str]) -> LineList[Any]:
    heads = {
        one.id: head(id=one.id, number=one.number, customer_name=one.customer, amount=one.amount)
        for one in documents(names)
    }
    return RecordList([Record(kind="invoice", label=one.number, id=one.id) for one in heads.values()], heads)


@pytest.mark.parametrize("shown", [a_run, findings, not_checked, things, cards, records])
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_columns_touch_and_no_name_is_cut_beside_blanks(
    shown: Callable[[Sequence[str]], LineList[Any]], names: Sequence[str], width: int
) -> None:
    listed = shown(names)
    lines = [listed.cells(line, width) for line in listed.lines]
    for line in lines:
        assert sum(cell_len(text) for text, _tone in line) == width
        for (one, _tone), (other, _other) in pairwise(line):
            assert not one.strip() or not other.strip() or one.endswith(" ") or other.startswith(" ")
    for line in lines:
        written = "".join(text for text, _tone in line)
        if re.search(r"\S…", written):  # its own row has no room: no blanks but the gaps
            assert not re.search(rf" {{{GAP + 2},}}", written), written
