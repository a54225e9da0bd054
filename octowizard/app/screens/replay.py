"""Replay: a run played again from its events, as the Sync screen showed it. It makes no call and writes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from octowizard.app.commands import commands
from octowizard.app.content import content, hung, style_of
from octowizard.app.lines_screen import BACK
from octowizard.app.run_screen import CLEAR, COPY, DETAILS, EXPLAIN, FILTER, SAVE, SEARCH, RunScreen
from octowizard.app.widgets.slider import Slider
from octowizard.locale import _
from octowizard.presentation import run_summary
from octowizard.presentation.run_rows import RunState, stuck

if TYPE_CHECKING:
    from octowizard.app.widgets.pieces import PieceLine
    from octowizard.session.recordings import Recording

# Events a second: they bear no time of their own.
SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
SECONDS = 20  # at the speed that it begins with, a run is not over sooner, and soon after
TICK = 0.1
BUDGET = 0.03  # seconds of a tick in which events are taken in

# Before the keys of the list that has the focus.
PLAYING = commands(lambda: (
    ("pause", "space", _("pause"), _("Pause, and play on; at the end, play it again from the beginning.")),
    ("slower", "minus", _("slower"), _("Play slower.")),
    ("faster", "plus equals_sign", _("faster"), _("Play faster.")),
    ("previous", "left", _("back one"), _("Go back by one event.")),
    ("next", "right", _("on one"), _("Go on by one event.")),
    ("leap_back", "shift+left", _("back a tenth"), _("Go back by a tenth of the run.")),
    ("leap", "shift+right", _("on a tenth"), _("Go on by a tenth of the run.")),
    ("first", "home", _("beginning"), _("Go to the beginning.")),
    ("last", "end", _("the end"), _("Go to the end: what the run came to.")),
), hidden=("previous", "next", "leap_back", "leap"),
    first=("pause", "slower", "faster", "previous", "next", "leap_back", "leap", "first", "last"))  # fmt: skip


class ReplayScreen(RunScreen):
    """A recording, played from the beginning. `place`: the mode that it was opened from; "" where it is the app."""

    MODE: ClassVar[str] = "replay"
    OFFERS = (*PLAYING, EXPLAIN, DETAILS, FILTER, SEARCH, CLEAR, BACK, COPY, SAVE)

    def __init__(self, recording: Recording | None = None, *, place: str = "") -> None:
        super().__init__()
        if place:
            self.MODE = place  # type: ignore[misc] # of this screen only
        shown = recording or self.shell.recording
        assert shown is not None  # the app of a replay has one
        self.recording = shown
        self.position = 0  # events that are shown
        self.playing = True
        self._target = 0.0
        self._speed = next((speed for speed in SPEEDS if speed * SECONDS >= len(shown.events)), SPEEDS[-1])
        self._ticked = time.monotonic()

    def successor(self) -> ReplayScreen:
        after = ReplayScreen(self.recording, place=self.MODE if "MODE" in vars(self) else "")
        after.playing, after._target, after._speed = self.playing, self._target, self._speed
        return after

    def about(self) -> str:
        return _(
            "A replay shows a run again, event by event, as the Sync screen showed it. It comes from what was kept, "
            "or from a support bundle. It makes no call and writes nothing."
        )

    def body(self) -> Iterable[Widget]:
        yield Slider()
        yield from super().body()

    def on_mount(self) -> None:
        self._ticked = time.monotonic()
        self._begin()
        self.set_interval(TICK, self._tick)

    @property
    def run_shown(self) -> int | None:
        return self.recording.started.run

    # --- playing --------------------------------------------------------------------------------------------

    @property
    def _total(self) -> int:
        return len(self.recording.events)

    def _begin(self) -> None:
        """As before the first event."""
        self.position = 0
        self.state = RunState(dry_run=self.recording.started.dry_run)
        self.stage = "running"
        self._keeps_up = True
        self._list.live = True

    def _tick(self) -> None:
        now = time.monotonic()
        passed, self._ticked = now - self._ticked, now
        if self.playing:
            self._target = min(self._target + self._speed * passed, float(self._total))
        if self.position != int(self._target):
            self._go_on()

    def _go_on(self) -> None:
        """Take in the events up to where it should be, as many as a tick allows; the next one goes on."""
        wanted = int(self._target)
        if wanted < self.position:
            self._begin()
        assert self.state is not None
        until = time.monotonic() + BUDGET
        while self.position < wanted and time.monotonic() < until:
            end = min(wanted, self.position + 64)
            for event in islice(self.recording.events, self.position, end):
                self.state.apply(event)
            self.position = end
        if self.position < self._total:
            self._update()
            return
        self.playing = False
        self.stage = "over"
        self._gather()

    def _to(self, position: int) -> None:
        """Show the run as it stood after so many events."""
        self._target = float(max(0, min(self._total, position)))
        if int(self._target) != self.position:
            self._go_on()
        else:
            self._update()

    def _update(self) -> None:
        slider = self.query_one(Slider)
        slider.position, slider.total = self.position, self._total
        slider.speed, slider.playing = self._speed, self.playing
        slider.refresh()
        super()._update()

    # --- what is shown --------------------------------------------------------------------------------------

    def banner_text(self, width: int) -> Content:
        begun, state = self.recording.started, self.state
        of = _("Replay of preview {run}") if begun.dry_run else _("Replay of sync {run}")
        lines = [
            content(
                (of.format(run=begun.run), "bold $accent"),
                ("  " + _("nothing is called or written"), "$soft"),
            )
        ]
        notes = (
            run_summary.left_out(self.recording.later) if self.recording.later else "",
            run_summary.besides(self.recording.others),
        )
        for note in filter(None, notes):
            lines += hung("  ", "", note, width, "$soft")
        if self.stage == "over" and state is not None:
            done = state.finished
            mark, sentence = (
                run_summary.verdict(done, stuck(state), refused=state.refused, limit=state.limit)
                if done is not None
                else run_summary.cut_off()
            )
            lines += hung(
                f"{mark} ",
                style_of(mark),
                run_summary.labelled(sentence, dry_run=state.dry_run),
                width,
                "bold",
            )
        elif state is not None:
            for sign, notice in state.notices[-2:]:
                lines += hung(f"{sign} ", "$soft", notice, width)[:2]
        return Content("\n").join(lines)

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        searching = self._search.display
        match run:
            case "pause":
                return not searching
            case "slower":
                return not searching and self._speed > SPEEDS[0]
            case "faster":
                return not searching and self._speed < SPEEDS[-1]
            case "previous" | "leap_back" | "first":
                return not searching and self.position > 0
            case "next" | "leap" | "last":
                return not searching and self.position < self._total
            case "back":
                return not self.is_enabled("clear")
            case "clear":
                return searching or bool(self._list.words or self._list.filter != "all")
            case _:
                return super().is_enabled(run)

    def do_pause(self) -> None:
        self.playing = not self.playing
        self._to(0 if self.playing and self.position == self._total else int(self._target))

    def do_slower(self) -> None:
        self._speed = SPEEDS[SPEEDS.index(self._speed) - 1]
        self._update()

    def do_faster(self) -> None:
        self._speed = SPEEDS[SPEEDS.index(self._speed) + 1]
        self._update()

    def do_previous(self) -> None:
        self.playing = False
        self._to(self.position - 1)

    def do_next(self) -> None:
        self.playing = False
        self._to(self.position + 1)

    def do_leap_back(self) -> None:
        self._to(int(self._target) - max(1, self._total // 10))

    def do_leap(self) -> None:
        self._to(int(self._target) + max(1, self._total // 10))

    def do_first(self) -> None:
        self._to(0)

    def do_last(self) -> None:
        self._to(self._total)

    def do_back(self) -> None:
        if len(self.shell.screen_stack) > 1:
            self.dismiss(None)
        else:
            self.shell.exit()

    def on_piece_line_pressed(self, event: PieceLine.Pressed) -> None:
        """A click on the slider."""
        what, _space, where = event.press.partition(" ")
        if what == "seek":
            event.stop()
            self._to(int(where))
