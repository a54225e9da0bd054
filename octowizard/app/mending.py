"""'Do it for me' beside a finding or a failing document: which changes are offered, and making them after a yes.

What is offered is asked in a thread, one problem at a time, and remembered until
`forget`; what is made goes through the outbox, like every write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from octowizard.presentation.confirmation import changes as question
from octowizard.presentation.setup_steps import doing, made

if TYPE_CHECKING:
    from octowizard.app.place_screen import PlaceScreen
    from octowizard.app.shell import Shell
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Change
    from octowizard.progress import Report, Stop
    from octowizard.session.setup import SetUp


def tell_of(shell: Shell, outcomes: Sequence[Outcome]) -> None:
    """One message for each line of what became of changes."""
    for item in made(outcomes):
        shell.tell(f"{item.mark} {item.text}", wrong=item.mark != "✔")


class Mending:
    """`offered`: called when the offers of a problem have become known. `made`: after changes, with their problem."""

    def __init__(
        self, screen: PlaceScreen, offered: Callable[[], None], made: Callable[[str, Sequence[Outcome]], None]
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
            self._screen.in_thread(lambda: setup.for_problem(problem), known, lambda _why: None)
        return self._known.get(problem, ())

    def offer(self, problem: str) -> str:
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
        return runner is not None and runner.idle

    def begin(self, problem: str) -> None:
        """Show exactly what would be sent, ask, and make it."""
        changes = self.of(problem)
        if changes and self.idle:
            self._screen.confirm(question(changes), lambda: self._make(problem, changes))

    def _make(self, problem: str, changes: tuple[Change, ...]) -> None:
        runner, setup = self._screen.shell.runner, self._setup
        if runner is None or setup is None or not self.idle:
            return
        shell = self._screen.shell

        async def work(report: Report, stop: Stop) -> Sequence[Outcome]:
            return await setup.make("", changes, report, stop)

        def done(outcomes: Sequence[Outcome] | None) -> None:
            self.forget()
            tell_of(shell, outcomes or ())
            self._made(problem, outcomes or ())

        runner.ask(self._screen, work, done, self._broken, writes=True)
        self._screen.show_keys()

    def _broken(self, why: str) -> None:
        self.forget()
        self._screen.shell.tell(why, wrong=True)
        self._screen.show_keys()
