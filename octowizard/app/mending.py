"""'Do it for me' beside a finding or a failing document: which changes are offered, and making them after a yes.

Sits on any screen of a place. What is offered is asked in a thread, one problem at a time, and remembered until
`forget`; what is made goes through the outbox, like every write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from octowizard.app.agreeing import asking
from octowizard.app.runner import in_background
from octowizard.app.stepped import doing
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.app.screens.place import PlaceScreen
    from octowizard.app.told import Told
    from octowizard.onboarding.model import Change
    from octowizard.progress import Report, Stop
    from octowizard.session.setup import Changed, SetUp


def offering(told: Told, what: str) -> Told:
    """What is told, with what `d` would do under its remedy."""
    if not what:
        return told
    remedy = _("What to do")
    place = next((number for number, one in enumerate(told.entries) if one[0] == remedy), len(told.entries))
    entry = (_("d does it"), what, "$primary")
    return msgspec.structs.replace(told, entries=[*told.entries[:place], entry, *told.entries[place:]])


class Mending:
    """`offered`: called when the offers of a problem have become known. `made`: after changes, with their problem."""

    def __init__(
        self, screen: PlaceScreen, offered: Callable[[], None], made: Callable[[str, list[Changed]], None]
    ) -> None:
        self._screen = screen
        self._offered = offered
        self._made = made
        self._known: dict[str, tuple[Change, ...]] = {}
        self._asked: set[str] = set()
        self._round = 0

    @property
    def _setup(self) -> SetUp | None:
        runner = self._screen.shell.runner
        return runner.session.setup if runner is not None else None

    def of(self, problem: str) -> tuple[Change, ...]:
        """What is offered against the problem; () until it is known, and where only a person can mend it."""
        setup = self._setup
        if setup is not None and problem not in self._asked:
            self._asked.add(problem)
            asked = self._round

            def known(changes: tuple[Change, ...]) -> None:
                if asked == self._round:
                    self._known[problem] = changes
                    if changes:
                        self._offered()

            # That nothing is offered is no error worth a word: the remedy by hand stands there anyway.
            in_background(self._screen, lambda: setup.for_problem(problem), known, lambda _why: None)
        return self._known.get(problem, ())

    def said(self, problem: str) -> str:
        """What `d` would do, in a few words; empty when nothing is offered."""
        changes = self._known.get(problem, ())
        return doing(changes) if changes else ""

    def forget(self) -> None:
        """What is kept of both sides has changed."""
        self._known.clear()
        self._asked.clear()
        self._round += 1

    @property
    def idle(self) -> bool:
        """Can something be written now?"""
        runner = self._screen.shell.runner
        return runner is not None and not runner.running and runner.checking is None

    def begin(self, problem: str) -> None:
        """Show exactly what would be sent, ask, and make it."""
        changes = self.of(problem)
        if changes and self.idle:
            width = max(30, min(66, self._screen.size.width - 12))
            self._screen.shell.push_screen(
                asking(changes, width), lambda sure: self._make(problem, changes) if sure else None
            )

    def _make(self, problem: str, changes: tuple[Change, ...]) -> None:
        runner, setup = self._screen.shell.runner, self._setup
        if runner is None or setup is None or not self.idle:
            return
        shell = self._screen.shell

        async def work(report: Report, stop: Stop) -> list[Changed]:
            return await setup.make("", changes, report, stop)

        def done(made: list[Changed] | None) -> None:
            self.forget()
            for one in made or []:
                if one.mark != "✔":
                    shell.tell(f"{one.mark} {one.change.title}. {one.said}", wrong=True)
            stand = [one.change for one in made or [] if one.mark == "✔"]
            if stand:
                shell.tell("✔ " + doing(stand))
            self._made(problem, made or [])

        runner.ask(self._screen, work, done, self._broken, writes=True)
        self._screen.show_keys()

    def _broken(self, why: str) -> None:
        self.forget()
        self._screen.shell.tell(why, wrong=True)
        self._screen.show_keys()
