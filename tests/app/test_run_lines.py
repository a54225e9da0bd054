"""The lines above a run: the bar of the whole run is there in every width, whatever the figures."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from octowizard.app.widgets.bars import BAR, CounterLine, GaugeLine, PhaseLine, WholeLine
from octowizard.app.widgets.pieces import width_of
from octowizard.presentation.run_rows import RunState
from octowizard.sync import events as e

WIDTHS = (60, 80, 110, 160)


def wide() -> RunState:
    """A run whose figures are as wide as they become."""
    state = RunState(dry_run=False)
    phases: tuple[e.PhaseName, ...] = ("customers", "invoices", "credit_notes", "payments")
    for phase in phases:
        state.apply(e.PhaseProgress(phase=phase, state="running", done=98_765, total=123_456, failing=12_345))
    state.apply(e.Counters(in_sync=123_456, excluded=12_345, failing=1_234, waiting=54_321))
    state.apply(e.Gauge(per_minute=12_345, lately=1, seconds_left=100_000, bookings_left=3))
    return state


@pytest.mark.parametrize("width", WIDTHS)
def test_the_bar_of_the_whole_run_never_vanishes_however_wide_the_counts_get(width: int) -> None:
    line = WholeLine()
    line.state = wide()
    pieces = line.pieces(width)
    text = "".join(piece.text for piece in pieces)
    assert sum(cell_len(piece.text) for piece in pieces if piece.text.strip("█░") == "") >= BAR
    assert "about 27 h 47 min left" in text
    assert "80 %" in text
    assert cell_len(text) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_above_a_run_fits_the_window(width: int) -> None:
    state = wide()
    for line in (PhaseLine(), GaugeLine(), CounterLine()):
        line.state = state
        assert width_of(line.pieces(width)) <= width
    small = RunState(dry_run=True)
    small.apply(e.PhaseProgress(phase="invoices", state="running", done=79, total=240))
    phases = PhaseLine()
    phases.state = small
    assert all(mark in "".join(piece.text for piece in phases.pieces(width)) for mark in ("79/240", "Pay"))


@pytest.mark.parametrize("width", WIDTHS)
def test_before_the_first_phase_the_bar_is_there_and_says_that_both_sides_are_read(width: int) -> None:
    line = WholeLine()
    line.state = RunState(dry_run=True)
    text = "".join(piece.text for piece in line.pieces(width))
    assert "Reading" in text
    assert text.count("░") >= BAR
