"""'Do it for me' beside a finding or a failing document: which changes are offered, and making them after a yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from octowizard.app.asking import Asking
from octowizard.presentation.confirmation import changes as question
from octowizard.presentation.setup_steps import doing, made, not_made

if TYPE_CHECKING:
    from octowizard.app.place_screen import PlaceScreen
    from octowizard.app.shell import Shell
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Change
    from octowizard.progress import Report, Stop


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
        self._made = made
        self._offers: Asking[tuple[Change, ...]] = Asking(screen, self._changes, offered)

    def _changes(self, problem: str) -> tuple[Change, ...]:
        runner = self._screen.shell.runner
        return runner.session.setup.for_problem(problem) if runner is not None else ()

    def of(self, problem: str) -> tuple[Change, ...]:
        """What is offered against the problem; () until it is known, and where only a person can mend it."""
        return self._offers.of(problem) or ()

    def offer(self, problem: str) -> str:
        """What `d` would do, in a few words; empty when nothing is offered."""
        changes = self._offers.known(problem)
        return doing(changes) if changes else ""

    def forget(self) -> None:
        """What is kept of both sides has changed."""
        self._offers.forget()

    def begin(self, problem: str) -> None:
        """Show exactly what would be sent, ask, and make it through the outbox."""
        changes, runner = self.of(problem), self._screen.shell.runner
        if changes and runner is not None and runner.idle:
            self._screen.confirm(question(changes), lambda: self._make(problem, changes))

    def _make(self, problem: str, changes: tuple[Change, ...]) -> None:
        runner, shell = self._screen.shell.runner, self._screen.shell
        if runner is None or not runner.idle:
            return
        setup = runner.session.setup

        async def work(report: Report, stop: Stop) -> Sequence[Outcome]:
            return await setup.make("", changes, report, stop)

        def done(outcomes: Sequence[Outcome] | None) -> None:
            self.forget()
            tell_of(shell, outcomes or ())
            if refused := next((one for one in outcomes or () if one.vendor_text), None):
                self._screen.show_page(not_made(refused))
            self._made(problem, outcomes or ())

        def failed(why: str) -> None:
            self.forget()
            shell.tell(why, wrong=True)
            self._screen.show_keys()

        runner.ask(self._screen, work, done, failed, writes=True)
        self._screen.show_keys()
