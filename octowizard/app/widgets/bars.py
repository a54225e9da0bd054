"""The lines above the list of a run: its phases, its speed and what is left, and the counters that filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from octowizard.app.widgets.pieces import Piece, PieceLine, width_of
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.locale.readings import read_name
from octowizard.presentation.events import pace, phase_name, time_left, waits
from octowizard.presentation.watching import looks_left
from octowizard.sync.events import PhaseName, PhaseProgress

if TYPE_CHECKING:
    from octowizard.presentation.run_rows import Filter, RunState

ORDER: tuple[PhaseName, ...] = ("customers", "invoices", "credit_notes", "payments")


def _bar(done: int, total: int, width: int) -> list[Piece]:
    full = min(width, done * width // total) if total else width
    return [Piece("█" * full, "$primary"), Piece("░" * (width - full), "$primary-muted")]


class PhaseLine(PieceLine):
    """`Customers ✔ 38   Invoices ● 141/240 ██████░░░░   Credit notes ○ 60   Payments ○`."""

    def __init__(self) -> None:
        super().__init__(id="phase-line")
        self.state: RunState | None = None

    def pieces(self, width: int) -> list[Piece]:
        if self.state is None:
            return []
        phases = [
            self.state.phases.get(name, PhaseProgress(phase=name, state="waiting", done=0, total=0))
            for name in ORDER
        ]
        gap = 3 if width >= 100 else 2
        pieces = self._joined(phases, 0, gap)
        running = [phase for phase in phases if phase.state == "running" and phase.total]
        room = (width - width_of(pieces) - 1) // len(running) if running else 0
        if room >= 5:
            pieces = self._joined(phases, min(24, room - 1), gap)
        if width_of(pieces) > width:
            pieces = self._joined(
                [phase for phase in phases if phase.state == "running"] or phases[-1:], 8, gap
            )
        return pieces

    def _joined(self, phases: list[PhaseProgress], bar: int, gap: int) -> list[Piece]:
        pieces = [Piece(" ")]
        for phase in phases:
            pieces += self._phase(phase, bar)
            pieces.append(Piece(" " * gap))
        return pieces[:-1]

    def _phase(self, phase: PhaseProgress, bar: int) -> list[Piece]:
        name = phase_name(phase.phase)
        if phase.state == "waiting":
            known = f" {count(phase.total)}" if phase.total else ""
            return [Piece(f"{name} ○{known}", "$soft")]
        if phase.state == "done":
            pieces = [Piece(f"{name} "), Piece("✔", "$success"), Piece(f" {count(phase.done)}")]
        else:
            pieces = [
                Piece(f"{name} ", "bold"),
                Piece("●", "bold $primary"),
                Piece(f" {count(phase.done)}/{count(phase.total)}", "bold"),
            ]
            if bar and phase.total:
                pieces += [Piece(" "), *_bar(phase.done, phase.total, bar)]
        if phase.failing:
            pieces.append(Piece(f" ✖{count(phase.failing)}", "$error"))
        return pieces


class GaugeLine(PieceLine):
    """`52 a minute · about 2 min left · 259 bookings left today`."""

    def __init__(self) -> None:
        super().__init__(id="gauge-line")
        self.state: RunState | None = None
        self.stopping = False

    def pieces(self, width: int) -> list[Piece]:
        state = self.state
        if state is None:
            return []
        if self.stopping:
            return [
                Piece(" " + _("● Stopping: the write in flight is brought to its end first."), "$warning")
            ]
        gauge = state.gauge
        if state.waiting is not None:
            parts = [waits(state.waiting)]
            if gauge.seconds_left is not None:
                parts.append(time_left(gauge.seconds_left))
            if state.looked is not None and state.looked.looks_left is not None:
                parts.append(looks_left(state.looked))
            return [Piece(" ● ", "$warning"), Piece(" · ".join(parts))]
        if state.reading and not any(phase.state != "waiting" for phase in state.phases.values()):
            read = [f"{read_name(what)} {count(number)}" for what, number in list(state.reading.items())[-3:]]
            return [Piece(" ● ", "$primary"), Piece(_("reading: {what}").format(what=" · ".join(read)))]
        parts = pace(gauge)
        if gauge.teamleader_left is not None and width >= 100:
            left = gauge.teamleader_left
            text = ngettext(
                "{count} Teamleader call left this minute", "{count} Teamleader calls left this minute", left
            )
            parts.append(text.format(count=count(left)))
        if gauge.relations_left is not None and width >= 130:
            left = gauge.relations_left
            text = ngettext("{count} new relation left today", "{count} new relations left today", left)
            parts.append(text.format(count=count(left)))
        text = " · ".join(parts)
        return [Piece(f" {text}", "$soft")]


class CounterPart(msgspec.Struct, frozen=True):
    """One counter that is also a filter."""

    filter: Filter
    mark: str
    style: str
    number: int
    name: str


class CounterLine(PieceLine):
    """`all 412   ✔ 355 in sync   ✖ 3 failing   ○ 57 waiting   – 12 excluded`; a click filters the list."""

    def __init__(self) -> None:
        super().__init__(id="counter-line")
        self.state: RunState | None = None
        self.filter: Filter = "all"
        self.words = ""

    def parts(self) -> list[CounterPart]:
        """The counters, the run's own figures where it gave them."""
        state = self.state
        if state is None:
            return []
        known = state.counters
        tally: dict[str, int] = {}
        for row in state.rows.values() if known is None else ():
            tally[row.state] = tally.get(row.state, 0) + 1
        failing = known.failing if known else tally.get("failing", 0) + tally.get("blocked", 0)
        return [
            CounterPart(
                "booked",
                "✔",
                "$success",
                known.in_sync if known else tally.get("booked", 0) + tally.get("paid", 0),
                _("would be in sync") if state.dry_run else _("in sync"),
            ),
            CounterPart("failing", "✖", "$error", failing, _("failing")),
            CounterPart(
                "waiting",
                "○",
                "$foreground",
                known.waiting if known else tally.get("waiting", 0) + tally.get("left", 0),
                _("waiting"),
            ),
            CounterPart(
                "excluded",
                "–",
                "$soft",
                known.excluded if known else tally.get("excluded", 0),
                _("excluded"),
            ),
        ]

    def pieces(self, width: int) -> list[Piece]:
        if self.state is None:
            return []
        gap = "   " if width >= 76 else " "
        pieces = [Piece(" "), self._piece(_("all"), "all", "$foreground")]
        for part in self.parts():
            pieces.append(Piece(gap))
            style = part.style if part.number else "$soft"
            pieces.append(Piece(f"{part.mark} ", style, f"filter {part.filter}"))
            pieces.append(self._piece(f"{count(part.number)} {part.name}", part.filter, style))
        if self.words:
            pieces.append(Piece(f"{gap}/{self.words}", "bold $accent", "search"))
        return pieces

    def _piece(self, text: str, shows: Filter, style: str) -> Piece:
        chosen = shows == self.filter
        return Piece(text, f"bold underline {style}" if chosen else style, f"filter {shows}")
