"""Asking the explainer about the line under the cursor: in a thread, one question at a time, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from octowizard.app.runner import in_background

if TYPE_CHECKING:
    from octowizard.problems.explain import Explained
    from octowizard.session.explanations import Explanations


class Asking:
    """Remembers the answers until `forget`. `then` is called when one has come."""

    def __init__(self, target: DOMNode, explanations: Explanations, then: Callable[[], None]) -> None:
        self._target = target
        self._explanations = explanations
        self._then = then
        self._known: dict[tuple[str, str], Explained | None] = {}
        self._busy = False
        self._next: tuple[str, str] | None = None
        self._round = 0

    def of(self, problem: str, document_id: str = "") -> Explained | None:
        """The answer where it is known; else None, and it is asked for."""
        key = (problem, document_id)
        if key in self._known:
            return self._known[key]
        self._next = key
        self._ask()
        return None

    def forget(self) -> None:
        """What was looked at has changed."""
        self._known.clear()
        self._next = None
        self._round += 1

    def _ask(self) -> None:
        if self._busy or self._next is None:
            return
        key, self._next = self._next, None
        self._busy = True
        asked = self._round

        def answered(explained: Explained | None) -> None:
            self._busy = False
            if asked == self._round:
                self._known[key] = explained
            self._ask()
            self._then()

        in_background(
            self._target, lambda: self._explanations.of(*key), answered, lambda _why: answered(None)
        )
