"""Columns never touch, and nothing is cut beside blanks that nobody needs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from octowizard import locale
from octowizard.app.columns import GAP, cells, fair, halves, shared, wanted
from octowizard.app.content import drawn, wrapped
from octowizard.app.widgets.finding_list import FindingList
from octowizard.app.widgets.pair_view import LABEL
from octowizard.checks.registry import NotChecked
from octowizard.presentation.blocks import Block, Entry, Item
from octowizard.presentation.pairs import named
from octowizard.presentation.text import lines as plain_lines

WORDS = st.text(alphabet="abc é女", min_size=0, max_size=40)
ROWS = st.integers(2, 5).flatmap(
    lambda columns: st.lists(st.tuples(*[WORDS] * columns), min_size=1, max_size=6)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy computer is no fault
@given(rows=ROWS, width=st.integers(40, 200), data=st.data())
def test_columns_never_touch_and_nothing_is_cut_while_blanks_remain(
    rows: list[tuple[str, ...]], width: int, data: st.DataObject
) -> None:
    number = len(rows[0])
    whole = data.draw(st.sets(st.integers(1, number - 1)))
    wants = wanted(rows)
    widths = shared(wants, width, whole=whole)
    assert sum(widths) + GAP * (number - 1) == width
    if any(has < wants_it for has, wants_it in zip(widths, wants, strict=True)):
        assert all(has <= wants_it for has, wants_it in zip(widths, wants, strict=True))
    for row in rows:
        shown = cells(row, widths)
        assert sum(map(cell_len, shown)) == width
        assert all(text.endswith(" " * GAP) for text in shown[:-1])


def test_a_long_address_is_broken_behind_a_part_of_it() -> None:
    address = (
        "https://support.focus.teamleader.eu/hc/en-150/articles/25697678484497-How-To-Troubleshooting-Octopus"
    )
    assert wrapped(f"See {address}", 62) == [
        "See",
        "https://support.focus.teamleader.eu/hc/en-150/articles/",
        "25697678484497-How-To-Troubleshooting-Octopus",
    ]
    assert wrapped("x" * 30, 20) == ["x" * 20, "x" * 10]


def test_no_line_ends_between_a_number_and_its_unit_nor_within_the_number_of_a_document() -> None:
    text = "It took 8,3 s for 2026 / 145 and 1.210,00 USD: 46 % of it"
    for width in range(14, 60):
        lines = wrapped(text, width)
        assert " ".join(lines) == text
        assert list(plain_lines([Item(text)], width)) == lines
        for whole in ("8,3 s", "2026 / 145", "1.210,00 USD:", "46 %"):
            assert any(whole in line for line in lines), (width, whole)


def test_a_figure_stays_whole_while_a_name_can_give_way() -> None:
    assert shared([40, 12], 40, whole=(1,)) == [26, 12]
    assert shared([10, 12], 40, whole=(1,)) == [26, 12]
    assert shared([10, 40, 12], 40, whole=(2,)) == [10, 14, 12]


def test_the_columns_share_out_the_width_and_only_the_longest_gives_way() -> None:
    assert fair((10, 20), 40) == [10, 20]
    assert fair((10, 40), 30) == [10, 20]
    assert fair((40, 40), 30) == [15, 15]
    assert fair((5, 0, 90), 20) == [5, 0, 15]
    assert fair((20, 31), 39) == [20, 19]  # the odd one is all that the narrower lacked
    assert halves(10, 12, 40) == (20, 20)
    assert halves(10, 35, 40) == (10, 30)
    assert halves(35, 10, 40) == (30, 10)


def test_what_was_not_checked_is_told_on_blanks_that_its_name_leaves() -> None:
    findings = FindingList()
    why = "Teamleader's API shows no VAT type: it takes an export of its companies to tell"
    lines = [
        NotChecked("a", "VAT type", why, True),
        NotChecked("b", "Customer numbers in Teamleader", why, True),
    ]
    findings.fill(lines)
    for line in lines:
        shown = "".join(text for text, _tone in findings.cells(line, 78))
        assert cell_len(shown) == 78
        assert f"{line.title}  Teamleader's API" in shown
        assert shown.endswith("…")


def test_lines_below_an_item_stand_right_below_it_whatever_labels_follow() -> None:
    blocks: list[Block] = [
        Item("It may be: a", "?"),
        Entry("", "not seen", indent=2),
        Entry("Ruled out", "b", "soft", "–"),
    ]
    assert [line.plain for line in drawn(blocks, 60)] == ["? It may be: a", "    not seen", "– Ruled out  b"]


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_a_field_of_a_pair_has_a_blank_between_its_name_and_its_mark(language: str) -> None:
    locale.choose(language)
    try:
        fields = (
            "name",
            "vat",
            "street",
            "postcode",
            "city",
            "country",
            "email",
            "phone",
            "iban",
            "domain",
            "external",
        )
        called = {field: named(field) for field in fields}
    finally:
        locale.choose("en")
    assert not {name for name in called.values() if len(name) >= LABEL}
    assert language == "en" or called["iban"] != "bank account"
