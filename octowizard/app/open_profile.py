"""What the set-up, the mapping and the duplicates need of the profile that is open; `wired.py` has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from octowizard.snapshot.model import Snapshot
    from octowizard.workspace.profiles import Profile


class OpenProfile(Protocol):
    """One profile under one root, and what is kept of it."""

    @property
    def root(self) -> Path:
        """The folder of all profiles."""
        ...

    @property
    def profile(self) -> Profile:
        """As it now is."""
        ...

    def snapshot(self) -> Snapshot:
        """What is kept; it blocks."""
        ...

    def forget(self) -> None:
        """What is kept has changed."""
        ...

    def adopt(self, profile: Profile) -> None:
        """Keep a changed profile, and go by it from now on."""
        ...
