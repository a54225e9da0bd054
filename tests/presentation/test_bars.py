"""Bars: the figure is written beside each, so that nothing hangs on a colour, and all of it fits the screen."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from octowizard.app.content import drawn
from octowizard.presentation.blocks import Bars, Block, Gap, Heading, Item, Keys, Page, Series, Table
from octowizard.presentation.json_output import encoded
from octowizard.presentation.json_pages import page
from octowizard.presentation.text import lines

MONTHS = Bars(
    title="Documents per month",
    unit="EUR",
    labels=("2026-01", "2026-02", "2026-03"),
    series=(
        Series("Teamleader", (Decimal("1000.00"), Decimal("0.01"), Decimal("0.00"))),
        Series("Octopus", (Decimal("500.00"), Decimal("0.00"), Decimal("250.00"))),
    ),
)


def test_each_bar_has_its_name_and_its_figure_and_two_series_differ_without_colour() -> None:
    shown = list(lines([MONTHS]))
    assert shown[0] == "Documents per month (EUR)"
    assert shown[1].startswith("2026-01  Teamleader  1.000,00  ████")
    assert shown[2].startswith("         Octopus       500,00  ▒▒▒▒")
    assert len(shown[1]) == 80
    assert shown[1].count("█") // 2 == shown[2].count("▒")
    assert shown[3] == "2026-02  Teamleader      0,01  █"  # a cent is not nothing
    assert shown[4] == "         Octopus         0,00"


@pytest.mark.parametrize("width", [44, 80, 100])
def test_bars_fit_the_columns_there_are_in_both_front_ends(width: int) -> None:
    long = Bars(
        title="A title that is as long as people make them, of figures below",
        unit="",
        labels=("A customer whose name is longer than any column [/b] \x1b[31m", "x"),
        series=(Series("In Teamleader Focus", (-1234567, 5)), Series("In Octopus", (12, -7))),
    )
    assert max(map(len, lines([long], width))) <= width
    on_a_screen = drawn([long], width)
    assert max(line.cell_length for line in on_a_screen) <= width
    assert "\x1b" not in "".join(line.plain for line in on_a_screen)


def test_what_is_below_zero_stands_left_of_the_axis_and_keeps_its_sign() -> None:
    both = Bars("Sums", "", ("a", "b"), (Series("", (-5, 10)),))
    first, second = list(lines([both], 40))[1:]
    assert first.startswith("a  -5  ")
    assert first.index("█") < first.index("│")
    assert first.rstrip().endswith("│")
    assert second.index("│") == first.index("│") < second.index("█")


def test_nothing_at_all_and_only_zeros_are_drawn_too() -> None:
    assert list(lines([Bars("None", "", (), (Series("", ()),))])) == ["None"]
    assert list(lines([Bars("Zero", "", ("a",), (Series("", (0,)),))])) == ["Zero", "a  0"]


def test_a_table_has_its_caption_its_columns_and_its_sums_around_the_rows() -> None:
    table = Table(
        rows=(("V1", "2"), ("V2", "10")),
        right=frozenset({1}),
        caption="Per journal",
        head=("Journal", "Documents"),
        foot=("All", "12"),
    )
    assert list(lines([table])) == [
        "Per journal",
        "Journal  Documents",
        "-------  ---------",
        "V1               2",
        "V2              10",
        "-------  ---------",
        "All             12",
    ]


def test_where_a_table_is_too_wide_a_name_is_cut_and_no_figure() -> None:
    table = Table((("A very long name of an office", "both", "-1.234.567,89"),), frozenset({2}))
    assert list(lines([table], 32)) == ["A very lon…  both  -1.234.567,89"]
    assert list(lines([table], 10)) == ["A very …  both  -1.234.567,89"]
    assert list(lines([table])) == ["A very long name of an office  both  -1.234.567,89"]


def test_programs_get_every_block_by_its_name_and_no_keys() -> None:
    blocks: tuple[Block, ...] = (Heading("H"), Item("I", "✖"), MONTHS, Keys((("d", "do"),)), Gap())
    read = msgspec.json.decode(encoded(page(Page(title="T", blocks=blocks)), command="report"))
    assert [block["block"] for block in read["blocks"]] == ["heading", "item", "bars", "gap"]
    assert read["blocks"][2]["series"][0] == {"name": "Teamleader", "values": [1000.0, 0.01, 0.0]}
    assert read["blocks"][1]["mark"] == "✖"
