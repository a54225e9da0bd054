"""A vendor's own words, and what it was asked, stand among the details of a row, not in its sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from octowizard.app.runner import sentence
from octowizard.cli.console import Console
from octowizard.cli.exits import explained
from octowizard.cli.narrative import Narrative
from octowizard.presentation.blocks import Entry
from octowizard.presentation.detail import run_line
from octowizard.presentation.run_rows import RunState
from octowizard.presentation.run_summary import story
from octowizard.presentation.text import lines
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
from octowizard.transport.errors import Failed, Forbidden, LimitReached, Refused, Unreadable, VendorError
from tests.sync.inside import inside, of

RAW = ("placeholder", "/dossiers/", "POST ", "HTTP")


async def test_a_row_that_octopus_refused_is_told_without_its_raw_words_and_without_the_request(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path, SCENARIOS["open-journal"].build(1)) as company:
        told = await company.sync()
        (failed, *_more) = of(told, events.DocumentFailed)
        why = failed.explanation
        assert why.vendor == "Octopus"
        assert not any(raw in sentence for raw in RAW for sentence in (why.title, *why.evidence))
        assert why.vendor_request == "POST /dossiers/{dossierId}/buysellbookings"
        state = RunState(dry_run=False)
        for event in told:
            state.apply(event)
        page = run_line(state.rows[failed.document.id], dry_run=False)
        texts = [block.text for block in page.blocks if isinstance(block, Entry)]
        assert why.vendor_request in texts
        first_raw = next(n for n, line in enumerate(lines(page.blocks)) if any(raw in line for raw in RAW))
        remedy = next(n for n, line in enumerate(lines(page.blocks)) if "What to do" in line)
        assert first_raw > remedy


async def test_history_and_command_line_tell_a_refusal_without_raw_words_which_verbose_adds(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path, SCENARIOS["open-journal"].build(1)) as company:
        told = await company.sync()
    assert not any(raw in line.text for raw in RAW for line in story(told))
    shown: dict[bool, str] = {}
    for verbose in (False, True):
        out = io.StringIO()
        narrative = Narrative(Console(out, io.StringIO(), verbose=verbose))
        for event in told:
            narrative.tell(event)
        shown[verbose] = out.getvalue()
    assert not any(raw in shown[False] for raw in RAW)
    assert "POST /dossiers/{dossierId}/buysellbookings" in shown[True]


@pytest.mark.parametrize(
    "error",
    [
        Forbidden(
            "Octopus", "POST /dossiers/{dossierId}/buysellbookings", "[placeholder NL -12]", status=403
        ),
        Refused("Octopus", "PUT /dossiers/{dossierId}/strange", "[placeholder NL -12]", status=400, code=-12),
        Refused("Teamleader", "invoices.registerPayment", "placeholder", status=422),
        LimitReached("Octopus", "POST /dossiers/{dossierId}/accounts", "[placeholder NL -9]", status=429),
        Unreadable("Teamleader", "strange.list", "placeholder", path="$.data[0]", status=200),
        Failed("Octopus", "GET /dossiers/{dossierId}/journals", "[placeholder NL -1]", status=500),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_message_at_the_edge_of_the_screen_has_no_raw_words_and_no_request(error: VendorError) -> None:
    code = explained(error)[1]
    for text in (sentence(error), explained(error)[0]):
        assert not any(raw in text for raw in (*RAW, "registerPayment", "strange", "$."))
        assert error.vendor in text
    assert explained(error, verbose=True) == (str(error), code)
    assert "placeholder" in str(error)
