"""A run told in lines of text: what happened to each document on stdout, how far it is on stderr.

One reader of the stream of events; the app and `--json` are the others. The words are those of `presentation`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from octowizard.cli.console import Console, plain
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.presentation import run_summary
from octowizard.presentation.blocks import Block, Gap, Heading, Item
from octowizard.presentation.confirmation import more
from octowizard.presentation.detail import failure, steps
from octowizard.presentation.events import (
    line,
    pace,
    phase_done,
    phase_name,
    reading,
    resumed,
    started,
    waits_for,
)
from octowizard.presentation.text import lines
from octowizard.sync import events

_SHOWN_PER_CAUSE = 5


@dataclass
class _Cause:
    """Failures with the same problem, told together at the end."""

    explanation: events.Explanation
    number: int = 0
    whose: list[str] = field(default_factory=list)
    blocks: int = 0


class Narrative:
    """Takes the events of one run; memory does not grow with the number of documents."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._dry = False
        self._causes: dict[tuple[str, str], _Cause] = {}
        self._excluded: Counter[str] = Counter()
        self._blocked: Counter[str] = Counter()
        self._phases: dict[str, events.PhaseProgress] = {}
        self._gauge = events.Gauge()
        self._reading = ""

    def tell(self, event: events.Event) -> None:
        """Tell one event. BrokenPipeError when nobody reads stdout any more."""
        match event:
            case events.RunStarted():
                self._dry = event.dry_run
                self._note(started(event).text)
                if event.resumed:
                    self._note(resumed())
            case events.Reading():
                self._reading = reading(event.what, event.count)
                self._console.progress(self._reading)
            case events.PhaseProgress():
                before = self._phases.get(event.phase)
                self._phases[event.phase] = event
                if event.state == "done" and event.total and (before is None or before.state != "done"):
                    self._note(phase_done(event))
                self._progress()
            case events.Gauge():
                self._gauge = event
                self._progress()
            case events.DocumentExcluded():
                self._excluded[event.message or event.reason] += 1
            case events.RunFinished():
                self._end(event)
            case events.LimitReached() | events.Notice():
                self._note(f"▲ {event.message}")
            case events.RunRefused(explanation=why):
                self._tell(Heading(why.title, "✖"))
                self._tell(*failure(why, why.evidence), indent=4)
            case _:
                self._count(event)
                said = line(event, dry_run=self._dry, whole=True)
                if said is not None:
                    because: events.Explanation | None = getattr(event, "explanation", None)
                    evidence = because.evidence if because is not None else ()
                    self._tell(Item(said.text, said.mark), *(Item(text, indent=4) for text in evidence))
                self._progress()

    def _count(self, event: events.Event) -> None:
        match event:
            case events.DocumentBlocked():
                self._blocked[event.waits_for] += 1
            case events.CustomerFailed():
                self._failed(event.explanation, event.customer)
            case events.DocumentFailed(document=document):
                self._failed(event.explanation, f"{document.number} {document.customer}", event.blocks)
            case events.PaymentFailed(document=document):
                self._failed(event.explanation, f"{document.number} {document.customer}")

    def _failed(self, explanation: events.Explanation, whose: str, blocks: int = 0) -> None:
        key = (explanation.problem, explanation.title)
        cause = self._causes.setdefault(key, _Cause(explanation))
        cause.number += 1
        cause.blocks += blocks
        if len(cause.whose) < _SHOWN_PER_CAUSE:
            cause.whose.append(whose)

    def _note(self, text: str) -> None:
        self._console.note(plain(text))

    def _tell(self, *blocks: Block, indent: int = 0) -> None:
        for text in lines(blocks, indent=indent):
            self._console.line(plain(text))

    def _progress(self) -> None:
        running = [phase for phase in self._phases.values() if phase.state == "running"]
        parts = [f"{phase_name(phase.phase)} {count(phase.done)}/{count(phase.total)}" for phase in running]
        self._console.progress(" · ".join([*(parts or filter(None, [self._reading])), *pace(self._gauge)]))

    def _end(self, event: events.RunFinished) -> None:
        self._tell(*self._grouped(), Gap(), *summary(event))
        self._console.close()

    def _grouped(self) -> Iterator[Block]:
        """The failures, by cause, the one that holds up most first; then what only waits, and what is left out."""
        ordered = sorted(self._causes.values(), key=lambda cause: -(cause.number + cause.blocks))
        if ordered:
            yield Gap()
            yield Heading(_("What needs attention"))
        for cause in ordered:
            yield Heading(f"{count(cause.number)} × {cause.explanation.title}", "✖")
            rest = cause.number - len(cause.whose)
            yield Item(", ".join([*cause.whose, *([more(rest)] if rest else [])]), indent=2)
            if cause.blocks:
                text = ngettext(
                    "{count} document waits for it, because numbers must follow each other.",
                    "{count} documents wait for it, because numbers must follow each other.",
                    cause.blocks,
                )
                yield Item(text.format(count=count(cause.blocks)), indent=2)
            yield from steps(cause.explanation.fix, cause.explanation.fixed_when, indent=2)
        for number, waiting in self._blocked.most_common(_SHOWN_PER_CAUSE):
            yield Item(f"{count(waiting)} × {waits_for(number)}", "○")
        for reason, excluded in self._excluded.most_common():
            yield Item(f"{count(excluded)} × {reason}", "–")


def summary(event: events.RunFinished) -> list[Block]:
    """The result of a run, in a few lines that read aloud well."""
    mark, sentence = run_summary.verdict(event, event.failing)
    said = [run_summary.totals(event), event.message if event.message != sentence else ""]
    said += [run_summary.afterwards(event), run_summary.goes_on(event, datetime.now(UTC).astimezone())]
    return [
        Item(run_summary.labelled(sentence, dry_run=event.dry_run), mark),
        *(Item(text, indent=2) for text in said if text),
    ]
