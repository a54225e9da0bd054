"""Keeping a decision about the accounts: what would lose something is asked about in red, with the loss by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.presentation.confirmation import loss as loss_question
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.app.place_screen import PlaceScreen
    from octowizard.onboarding.guards import Warning


def decide(
    screen: PlaceScreen,
    work: Callable[[bool], Profile],
    yes: str,
    then: Callable[[], None],
    *,
    declined: Callable[[], None] = lambda: None,
) -> None:
    """Decide it, then call `then`; where something would be lost, only after a yes to the red question.

    `work` gets whether the loss is accepted. `yes`: what the answer that accepts it says.
    """
    from octowizard.onboarding.guards import LossNotAccepted

    def attempt(accept: bool) -> Profile | Warning:
        try:
            return work(accept)
        except LossNotAccepted as loss:
            return loss.warning

    def done(result: Profile | Warning) -> None:
        if isinstance(result, Profile):
            screen.shell.adopt(result, then=then)
        else:
            screen.shell.push_screen(
                ConfirmScreen(loss_question(result, yes)),
                lambda sure: screen.in_thread(lambda: attempt(True), done) if sure else declined(),
            )

    screen.in_thread(lambda: attempt(False), done)
