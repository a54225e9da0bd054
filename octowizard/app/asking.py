"""Questions about the line under the cursor that take a while: asked in a thread, one at a time, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.dom import DOMNode

from octowizard.app.runner import in_background

V = TypeVar("V")


class Asking(Generic[V]):
    """Remembers what `ask` answers until `forget`; `then` is called when an answer has come.

    A question that cannot be answered counts as answered with None.
    """

    def __init__(self, target: DOMNode, ask: Callable[..., V | None], then: Callable[[], None]) -> None:
        self._target = target
        self._ask = ask
        self._then = then
        self._known: dict[tuple[str, ...], V | None] = {}
        self._busy = False
        self._next: tuple[str, ...] | None = None
        self._round = 0

    def known(self, *key: str) -> V | None:
        """The answer as far as it is known; nothing is asked."""
        return self._known.get(key)

    def of(self, *key: str) -> V | None:
        """The answer where it is known; else None, and it is asked for."""
        if key not in self._known:
            self._next = key
            self._begin()
        return self._known.get(key)

    def forget(self) -> None:
        """What was asked about has changed."""
        self._known.clear()
        self._next = None
        self._round += 1

    def _begin(self) -> None:
        if self._busy or self._next is None:
            return
        key, self._next = self._next, None
        self._busy = True
        asked = self._round

        def answered(answer: V | None) -> None:
            self._busy = False
            if asked == self._round:
                self._known[key] = answer
            self._begin()
            self._then()

        in_background(self._target, lambda: self._ask(*key), answered, lambda _why: answered(None))
