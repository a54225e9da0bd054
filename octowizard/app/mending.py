"""'Do it for me' beside a finding or a failing document: which changes are offered, and making them after a yes.

Sits on any screen of a place. What is offered is asked in a thread, one problem at a time, and remembered until
`forget`; what is made goes through the outbox, like every write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from octowizard.app.runner import in_background
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.locale import _
from octowizard.presentation.blocks import Entry, Page
from octowizard.presentation.confirmation import changes as asking
from octowizard.presentation.setup_steps import doing, outcome

if TYPE_CHECKING:
    from octowizard.app.screens.place import PlaceScreen
    from octowizard.app.shell import Shell
    from octowizard.onboarding.apply import Outcome
    from octowizard.onboarding.model import Change
    from octowizard.progress import Report, Stop
    from octowizard.session.setup import SetUp


def offering(page: Page, what: str) -> Page:
    """A page with what `d` would do above its remedy."""
    if not what:
        return page
    remedy = _("What to do")
    labels = [block.label if isinstance(block, Entry) else "" for block in page.blocks]
    place = labels.index(remedy) if remedy in labels else len(labels)
    offered = Entry(_("d does it"), what, "busy")
    return msgspec.structs.replace(page, blocks=(*page.blocks[:place], offered, *page.blocks[place:]))


def tell_of(shell: Shell, made: Sequence[Outcome]) -> None:
    """One message of all changes that stand, and one of each that does not."""
    done = [one.change for one in made if one.state == "done"]
    if done:
        shell.tell("✔ " + doing(done))
    for one in made:
        if one.state != "done":
            line = outcome(one)
            shell.tell(f"{line.mark} {line.text}", wrong=True)


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
        return runner is not None and runner.idle

    def begin(self, problem: str) -> None:
        """Show exactly what would be sent, ask, and make it."""
        changes = self.of(problem)
        if changes and self.idle:
            self._screen.shell.push_screen(
                ConfirmScreen(asking(changes)), lambda sure: self._make(problem, changes) if sure else None
            )

    def _make(self, problem: str, changes: tuple[Change, ...]) -> None:
        runner, setup = self._screen.shell.runner, self._setup
        if runner is None or setup is None or not self.idle:
            return
        shell = self._screen.shell

        async def work(report: Report, stop: Stop) -> Sequence[Outcome]:
            return await setup.make("", changes, report, stop)

        def done(made: Sequence[Outcome] | None) -> None:
            self.forget()
            tell_of(shell, made or ())
            self._made(problem, made or ())

        runner.ask(self._screen, work, done, self._broken, writes=True)
        self._screen.show_keys()

    def _broken(self, why: str) -> None:
        self.forget()
        self._screen.shell.tell(why, wrong=True)
        self._screen.show_keys()
