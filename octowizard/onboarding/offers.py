"""The seam between the steps and what 'Do it for me' can do: `fixes.py` proposes changes, a step shows them."""

from __future__ import annotations

from typing import Protocol

from octowizard.onboarding.model import Change
from octowizard.onboarding.state import Standing


class Propose(Protocol):
    """What can be changed for the user at a step, in the order in which it is to be done; () when nothing is wanted.

    Pure: it reads the Standing and nothing else.
    """

    def __call__(self, step: str, standing: Standing, /) -> tuple[Change, ...]: ...


def nothing(_step: str, _standing: Standing, /) -> tuple[Change, ...]:
    """Nothing is offered: every step is done by hand."""
    return ()
