"""How far a run is: its events folded into phases, time left, why it waits and what it reads."""

from __future__ import annotations

from time import monotonic

from octowizard.presentation.events import whole_of
from octowizard.sync import events as e


class RunProgress:
    """May be told of events in the run's thread while the screen reads it: each value is replaced as a whole."""

    def __init__(self) -> None:
        self.run: int | None = None  # its number in the history
        self.queued = False  # other work with both vendors comes first
        self.gauge = e.Gauge()
        self.waiting: e.Waiting | None = None  # it stands still
        self.waits_until = 0.0  # by `monotonic`, as long as it does
        self.phases: dict[e.PhaseName, e.PhaseProgress] = {}
        self.reading: dict[str, e.Reading] = {}

    def again(self) -> None:
        """Another run begins."""
        self.gauge, self.waiting = e.Gauge(), None
        self.phases, self.reading = {}, {}

    @property
    def whole(self) -> tuple[int, int]:
        """Of all that is to be done in the run, how much is done: documents and payments."""
        return whole_of(self.phases.values())

    def apply(self, event: e.Event) -> None:
        """Take in one event, in the order in which they come."""
        match event:
            case e.RunStarted():
                self.run = event.run
            case e.Gauge():
                self.gauge = event
            case e.Waiting():
                self.waits_until = monotonic() + event.seconds
                self.waiting = event if event.seconds else None
            case e.PhaseProgress():
                self.phases = {**self.phases, event.phase: event}
            case e.Reading():
                self.reading = {**self.reading, event.what: event}
            case _:
                pass  # it tells of a document, or of the end
