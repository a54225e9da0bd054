"""A vendor's own words, and what it was asked, stand among the details of a row, not in its sentence."""

from __future__ import annotations

from pathlib import Path

from octowizard.presentation.blocks import Entry
from octowizard.presentation.detail import run_line
from octowizard.presentation.run_rows import RunState
from octowizard.presentation.text import lines
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
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
