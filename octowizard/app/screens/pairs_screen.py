"""What the work on pairs (merge, import, foretell, watch a merge by hand) needs of the screen it is begun from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.app.screens.working import WorkingScreen

if TYPE_CHECKING:
    from octowizard.customers.review import Queue, View
    from octowizard.session.duplicates import Duplicates


class PairsScreen(WorkingScreen):
    """A screen of the pairs of one profile."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue | None = None
        self.wanted: View | None = None  # what the user chose; None: whichever the state of things suggests
        self.preparing = False  # a question is coming

    @property
    def pairs(self) -> Duplicates | None:
        """The duplicates of the profile; None without one."""
        return self.shell.runner.session.duplicates if self.shell.runner is not None else None

    def compare(self) -> None:
        """Compare what is kept, in a thread, and show it."""
        raise NotImplementedError
