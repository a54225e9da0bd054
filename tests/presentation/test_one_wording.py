"""Each fact has one wording: in both front ends, in what is copied, and for every way in which a run can end."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

import octowizard
from octowizard.app.content import drawn
from octowizard.checks.registry import Finding, Record
from octowizard.cli.console import Console
from octowizard.presentation import run_summary
from octowizard.presentation.blocks import Block, Entry, Heading, Item, Keys, Table
from octowizard.presentation.detail import finding
from octowizard.presentation.text import copied, lines
from octowizard.sync.events import Outcome, RunFinished

HOME = Path(octowizard.__file__).parent
SECURED = Finding(
    problem="secured-period",
    severity="blocking",
    title="Period 202610 is secured in V1",
    records=tuple(Record(kind="invoice", label=f"2026 / {number}", id=str(number)) for number in range(8)),
    evidence=("V1 is secured till 202610.",),
    fix=("Octopus: Beheer > Dagboeken. Set it lower.", "Check again."),
    fixed_when="It is lower.",
)


def texts(room: str) -> Iterator[tuple[str, str]]:
    """Every text of a front end that passes through gettext, with its file."""
    for path in (HOME / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "ngettext")
            ):
                for one in node.args:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value, path.name


def test_no_sentence_is_written_in_both_front_ends() -> None:
    ours, theirs = dict(texts("app")), dict(texts("cli"))
    both = {text: (ours[text], theirs[text]) for text in ours.keys() & theirs.keys() if len(text.split()) > 4}
    assert both == {}


def test_what_is_copied_from_a_screen_reads_as_the_command_line_prints_it() -> None:
    out = io.StringIO()
    Console(out, io.StringIO()).page(finding(SECURED))
    printed = [line.strip() for line in out.getvalue().splitlines()]
    shown = [line.strip() for line in copied(finding(SECURED)).splitlines()]
    assert shown[: len(printed)] == printed
    assert "What to do: Octopus: Beheer > Dagboeken. Set it lower." in printed
    assert "in all 8 documents" in printed
    assert shown[len(printed) :] == [record.label for record in SECURED.records]


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_a_run_ends_with_the_same_mark_and_figures_wherever_it_is_told(outcome: Outcome) -> None:
    done = RunFinished(
        run=1,
        dry_run=False,
        outcome=outcome,
        booked=2,
        relations_created=1,
        relations_linked=0,
        payments_registered=0,
        in_sync=2,
        excluded=0,
        failing=0,
        left_for_later=0,
        message="Nothing could be asked." if outcome in ("refused", "unreachable") else "",
    )
    in_setup = run_summary.next_step(done, 1, datetime(2026, 11, 20, tzinfo=UTC), writes=True, sets_up=True)
    assert ("set-up" in in_setup) == (outcome == "complete")
    in_a_list, at_the_end = run_summary.result(done), run_summary.verdict(done, 0)
    step = run_summary.next_step(done, 1, datetime(2026, 11, 20, tzinfo=UTC), writes=True)
    assert set(re.findall(r"\b[a-z]\b", step)) - {"a"} <= {"p", "s", "f"}  # keys that work on every line
    assert in_a_list.mark == at_the_end.mark
    assert "2 documents, 1 new relation" in in_a_list.text
    assert (done.message or "2 documents, 1 new relation") in at_the_end.text


@pytest.mark.parametrize("width", [24, 60, 120])
def test_no_word_is_lost_whatever_the_width(width: int) -> None:
    words = "a sentence that is long enough to be broken more than once on a small screen"
    blocks: list[Block] = [
        Heading(words, "✖", "aside"),
        Entry("Evidence", words),
        Entry("", words, "soft"),
        Item(words, "▲", indent=2),
        Keys((("d", words),)),
        Table((("3 invoices", "12,00"), ("1 credit note", "-1.200,00")), frozenset({1})),
    ]
    on_a_screen = " ".join(" ".join(line.plain for line in drawn(blocks, width)).split())
    assert on_a_screen.count(words) == 5
    on_a_line = list(lines(blocks, width))
    assert max(map(len, on_a_line)) <= max(width, 25)
    assert (
        " ".join(" ".join(on_a_line).split()).count(words) == 4
    )  # a key means nothing where words are typed
    assert on_a_line[-1] == "1 credit note  -1.200,00"
