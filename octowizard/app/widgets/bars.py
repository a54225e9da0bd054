"""The lines above the list of a run: all of it, its phases, its pace or why it waits, and the counters that filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from octowizard.app.widgets.pieces import Piece, PieceLine, width_of
from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.presentation import run_live
from octowizard.presentation.events import phase_name
from octowizard.sync.events import PhaseName, PhaseProgress

if TYPE_CHECKING:
    from octowizard.presentation.run_rows import Filter, RunState

Figures = Literal["all", "done", "share"]

BAR = 10  # columns that the bar of the whole run always has
SPARK = 20


class WholeLine(PieceLine):
    """`● Syncing  38 s left  ████████░░░░░░░░  46 %  139/300`: whatever else has to go, the bar stays."""

    def __init__(self) -> None:
        super().__init__(id="whole-line")
        self.state: RunState | None = None
        self.stopping = False

    def pieces(self, width: int) -> list[Piece]:
        if self.state is None:
            return []
        whole = run_live.whole(self.state)
        what = _("Stopping") if self.stopping else whole.what
        mark = Piece(" ● ", "$warning" if self.stopping or self.state.waiting else "$primary")
        percent = _("{count} %").format(count=int(whole.share * 100)) if whole.share is not None else ""
        texts = [(what, "bold"), (whole.left, "bold"), (percent, "bold"), (whole.done, "$soft")]
        # What goes first where there is no room: what it is, the numbers, and the share only then.
        for without in ((), (0,), (0, 3), (0, 2, 3)):
            shown = [text if place not in without else ("", "") for place, text in enumerate(texts)]
            before = [Piece(f"{text}  ", style) for text, style in shown[:2] if text]
            after = [Piece(f"  {text}", style) for text, style in shown[2:] if text]
            room = width - 1 - width_of([mark, *before, *after])
            if room >= BAR:
                break
        full = int((whole.share or 0.0) * room)
        bar = [Piece("█" * full, "$primary"), Piece("░" * max(0, room - full), "$primary-muted")]
        return [mark, *before, *bar, *after]


class PhaseLine(PieceLine):
    """`Customers ✔60  Invoices 79/240  Credit notes ✔60  Payments ○`: all four, in whatever width.

    Before the first of them: what is read.
    """

    def __init__(self) -> None:
        super().__init__(id="phase-line")
        self.state: RunState | None = None

    def pieces(self, width: int) -> list[Piece]:
        if self.state is None:
            return []
        if run_live.reads(self.state):
            return [Piece(f" {run_live.being_read(self.state)}")]
        phases = run_live.phases(self.state)
        for name, gap, figures in self.FORMS:
            pieces = [Piece(" ")]
            for phase in phases:
                pieces += [*self._phase(name(phase.phase), phase, figures), Piece(" " * gap)]
            if width_of(pieces) - gap <= width:
                break
        return pieces[:-1]

    # From the widest to the narrowest: how a phase is called, blanks after it, what is told of it.
    FORMS: ClassVar[tuple[tuple[Callable[[PhaseName], str], int, Figures], ...]] = (
        (phase_name, 3, "all"),
        (phase_name, 2, "all"),
        (run_live.short_name, 2, "all"),
        (run_live.short_name, 2, "done"),
        (run_live.short_name, 2, "share"),
    )

    @staticmethod
    def _phase(name: str, phase: PhaseProgress, figures: Figures) -> list[Piece]:
        if phase.state == "waiting":
            known = f" {count(phase.total)}" if phase.total else ""
            return [Piece(f"{name} ○{known}", "$soft")]
        if phase.state == "done":
            pieces = [Piece(f"{name} "), Piece("✔", "$success"), Piece(count(phase.done))]
        elif figures == "share":
            share = _("{count} %").format(count=phase.done * 100 // max(1, phase.total))
            pieces = [Piece(f"{name} "), Piece(share, "bold $primary")]
        else:
            pieces = [Piece(f"{name} "), Piece(f"{count(phase.done)}/{count(phase.total)}", "bold $primary")]
        if phase.failing and figures == "all":
            pieces.append(Piece(f" ✖{count(phase.failing)}", "$error"))
        return pieces


class GaugeLine(PieceLine):
    """`▂▅▇▇▆▇ 279 a minute`; or why it stands still, or why reading takes a while."""

    def __init__(self) -> None:
        super().__init__(id="gauge-line")
        self.state: RunState | None = None
        self.stopping = False

    def pieces(self, width: int) -> list[Piece]:
        state = self.state
        if state is None:
            return []
        if self.stopping:
            return [Piece(" " + _("The write in flight is brought to its end first."), "$warning")]
        if still := run_live.standstill(state):
            return [Piece(f" {still}", "$warning")]
        if run_live.reads(state):
            return [Piece(f" {run_live.why_it_takes(state)}", "$soft")]
        text = " · ".join(run_live.pace(state))
        drawn = state.rates.drawn(min(SPARK, width - len(text) - 3))
        return [Piece(" "), *([Piece(f"{drawn} ", "$primary")] if drawn else []), Piece(text, "$soft")]


class CounterPart(msgspec.Struct, frozen=True):
    """One counter that is also a filter."""

    filter: Filter
    mark: str
    style: str
    number: int
    name: str


class CounterLine(PieceLine):
    """`all   ✔ 355 booked   ○ 57 ready   ✖ 3 blocked   – 12 excluded`; a click filters the list."""

    def __init__(self) -> None:
        super().__init__(id="counter-line")
        self.state: RunState | None = None
        self.filter: Filter = "all"
        self.words = ""

    def parts(self) -> list[CounterPart]:
        """The counters; together they are all documents since the start date."""
        assert self.state is not None
        counts = self.state.counts()
        failed = [CounterPart("failing", "✖", "$error", counts.failed, _("failed"))] if counts.failed else []
        return [
            CounterPart("booked", "✔", "$success", counts.booked, _("booked")),
            CounterPart("waiting", "○", "$foreground", counts.ready, _("ready")),
            CounterPart("failing", "✖", "$error", counts.blocked, _("blocked")),
            *failed,
            CounterPart("excluded", "–", "$soft", counts.excluded, _("excluded")),
        ]

    def pieces(self, width: int) -> list[Piece]:
        if self.state is None:
            return []
        parts = self.parts()
        for gap, needed in (("   ", 0), (" ", 0), (" ", 1), (" ", 2)):
            pieces = [Piece(" ")]
            if needed < 1:
                pieces += [self._piece(_("all"), "all", "$foreground"), Piece(gap)]
            for part in parts if needed < 2 else filter(lambda part: part.number, parts):
                style = part.style if part.number else "$soft"
                pieces.append(Piece(f"{part.mark} ", style, f"filter {part.filter}"))
                pieces += [self._piece(f"{count(part.number)} {part.name}", part.filter, style), Piece(gap)]
            if self.words:
                pieces.append(Piece(f"/{self.words}", "bold $accent", "search"))
            if width_of(pieces) - len(gap) <= width:
                break
        return pieces

    def _piece(self, text: str, shows: Filter, style: str) -> Piece:
        chosen = shows == self.filter
        return Piece(text, f"bold underline {style}" if chosen else style, f"filter {shows}")
