"""What needs attention after a run, by cause, where its documents are told one by one as they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import count
from octowizard.presentation.blocks import Block, Gap, Heading, Item
from octowizard.presentation.confirmation import more
from octowizard.presentation.detail import failure_cure, held_up
from octowizard.presentation.events import waits_for
from octowizard.sync import events

SHOWN = 5  # documents that a cause names


class Cause(msgspec.Struct):
    """Failures with the same problem. `held_up`: later documents that wait for them."""

    explanation: events.Explanation
    documents: int = 0
    customers: int = 0
    named: list[str] = []
    held_up: int = 0

    @property
    def number(self) -> int:
        """The documents that fail by it, or the customers where no document does."""
        return self.documents or self.customers


class Causes:
    """Takes the events of one run; memory does not grow with the number of documents."""

    def __init__(self) -> None:
        self._causes: dict[tuple[str, str], Cause] = {}
        self._excluded: Counter[str] = Counter()
        self._blocked: Counter[str] = Counter()

    def add(self, event: events.Event) -> None:
        """Count an event, if something needs attention by it."""
        match event:
            case events.DocumentExcluded():
                self._excluded[event.message or event.reason] += 1
            case events.DocumentBlocked():
                self._blocked[event.waits_for] += 1
            case events.CustomerFailed():
                self._cause(event.explanation).customers += 1
                self._name(event.explanation, event.customer)
            case events.DocumentFailed(document=document) | events.PaymentFailed(document=document):
                cause = self._cause(event.explanation)
                cause.documents += 1
                cause.held_up += event.blocks if isinstance(event, events.DocumentFailed) else 0
                if document.customer in cause.named:
                    cause.named.remove(document.customer)  # the document says it with its number
                self._name(event.explanation, f"{document.number} {document.customer}")

    def _cause(self, why: events.Explanation) -> Cause:
        return self._causes.setdefault((why.problem, why.title), Cause(why))

    def _name(self, why: events.Explanation, name: str) -> None:
        cause = self._cause(why)
        if len(cause.named) < SHOWN:
            cause.named.append(name)

    def blocks(self) -> Iterator[Block]:
        """The failures, by cause, the one that holds up most first; then what only waits, and what is left out."""
        ordered = sorted(self._causes.values(), key=lambda cause: -(cause.documents + cause.held_up))
        if ordered:
            yield Gap()
            yield Heading(_("What needs attention"))
        for cause in ordered:
            yield Heading(f"{count(cause.number)} × {cause.explanation.title}", "✖")
            rest = max(0, cause.number - len(cause.named))
            yield Item(", ".join([*cause.named, *([more(rest)] if rest else [])]), indent=2)
            if cause.held_up:
                yield Item(held_up(cause.held_up), indent=2)
            yield from failure_cure(cause.explanation, indent=2)
        for number, waiting in self._blocked.most_common(SHOWN):
            yield Item(f"{count(waiting)} × {waits_for(number)}", "○")
        for reason, excluded in self._excluded.most_common():
            yield Item(f"{count(excluded)} × {reason}", "–")
