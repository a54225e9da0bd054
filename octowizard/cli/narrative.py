"""A run told in lines of text: what happened to each document on stdout, how far it is on stderr.

One reader of the stream of events; the app and `--json` are the others. The words are those of `presentation`.
"""

from datetime import UTC, datetime

from octowizard.cli.console import Console, plain
from octowizard.locale.formats import count
from octowizard.presentation import run_summary
from octowizard.presentation.blocks import Block, Gap, Heading, Item
from octowizard.presentation.detail import failure, vendor_words
from octowizard.presentation.events import (
    ahead_by,
    line,
    pace,
    phase_done,
    phase_name,
    reading,
    resumed,
    started,
    waits,
    whole_of,
)
from octowizard.presentation.run_causes import Causes
from octowizard.presentation.run_live import ORDER
from octowizard.presentation.sparkline import Rates
from octowizard.sync import events

_SPARK = 8  # columns of the pace


class Narrative:
    """Takes the events of one run; memory does not grow with the number of documents."""

    def __init__(self, console: Console, *, alone: bool = False) -> None:
        """`alone`: a run of some documents, which counts no others."""
        self._console = console
        self._alone = alone
        self._dry = False
        self._causes = Causes()
        self._phases: dict[str, events.PhaseProgress] = {}
        self._gauge = events.Gauge()
        self._rates = Rates()
        self._reading = ""
        self._waits = ""  # why it stands still

    def tell(self, event: events.Event) -> None:
        """Tell one event. BrokenPipeError when nobody reads stdout any more."""
        match event:
            case events.RunStarted():
                self._dry = event.dry_run
                self._note(started(event).text)
                if event.resumed:
                    self._note(resumed())
            case events.Reading():
                self._reading = reading(event.count, ahead_by(event))
                self._console.progress(self._reading, event.count / event.of if event.of else None)
            case events.PhaseProgress():
                before = self._phases.get(event.phase)
                self._phases[event.phase] = event
                if event.state == "done" and event.total and (before is None or before.state != "done"):
                    self._note(phase_done(event))
                self._progress()
            case events.Gauge():
                self._gauge = event
                self._rates.take(event.lately, event.per_minute)
                self._progress()
            case events.Waiting():
                if event.seconds and not self._waits:
                    self._note(f"● {waits(event)}")
                self._waits = waits(event) if event.seconds else ""
                self._progress()
            case events.DocumentExcluded():
                self._causes.add(event)
            case events.RunFinished():
                self._end(event)
            case events.LimitReached() | events.Notice():
                self._note(f"▲ {event.message}")
            case events.RunRefused(explanation=why):
                self._tell(Heading(why.title, "✖"))
                self._tell(*failure(why, why.evidence), indent=4)
            case _:
                self._causes.add(event)
                sentence = line(event, dry_run=self._dry, whole=True)
                if sentence is not None:
                    because: events.Explanation | None = getattr(event, "explanation", None)
                    self._tell(Item(sentence.text, sentence.mark))
                    if because is not None:
                        evidence = (Item(text, indent=4) for text in because.evidence)
                        self._tell(*evidence)
                        self._tell(*vendor_words(because), indent=4)
                self._progress()

    def _note(self, text: str) -> None:
        self._console.note(plain(text))

    def _tell(self, *blocks: Block, indent: int = 0) -> None:
        self._console.show(blocks, indent=indent)

    def _progress(self) -> None:
        if self._waits:
            self._console.progress(f"● {self._waits}")
            return
        phases = [self._phases[name] for name in ORDER if name in self._phases]
        running = [phase for phase in phases if phase.state == "running"]
        parts = [f"{phase_name(phase.phase)} {count(phase.done)}/{count(phase.total)}" for phase in running]
        # How long yet, how far and how fast stand first: a narrow terminal cuts the end.
        left, *speed = pace(self._gauge) if self._gauge.seconds_left is not None else ("", *pace(self._gauge))
        drawn = " ".join(filter(None, [self._rates.drawn(_SPARK), *speed[:1]]))
        done, total = whole_of(phases)
        far = f"{count(done)}/{count(total)}" if total else ""
        shown = [left, far, drawn, *(parts or [self._reading]), *speed[1:]]
        self._console.progress(" · ".join(filter(None, shown)), done / total if total else None)

    def _end(self, event: events.RunFinished) -> None:
        now = datetime.now(UTC).astimezone()
        self._tell(*self._causes.blocks(), Gap(), *run_summary.ending(event, now, alone=self._alone))
        self._console.close()
