"""What the Mapping screen needs: the rows of the mapping, and choosing. All of it blocks; it runs in a thread.

`WiredMapper` is the real one, on top of `onboarding.mapping` and of what is kept of both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from octowizard.app.open_profile import OpenProfile
    from octowizard.onboarding.mapping import Row, Suggestion
    from octowizard.workspace.profiles import Profile


class Mapped(msgspec.Struct, frozen=True):
    """The mapping as it stands. `why`: what of it could not be read; `looked`: whether all of it was ever read."""

    rows: tuple[Row, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    why: str = ""
    looked: bool = True


class Mapper(Protocol):
    """One profile's mapping. What is chosen is kept on the disk before a call returns."""

    def kept(self) -> Mapped: ...

    def choose(self, row: Row, value: str) -> Profile:
        """The profile with this value for the row; "" takes the user's choice back. Raises CannotChoose."""
        ...

    def choose_mirror(self, rows: Sequence[Row], journal: str, account: str) -> Profile:
        """Journal and money account of mirrored payments together. Raises CannotChoose."""
        ...

    def accept(self, rows: Sequence[Row], unsure: bool) -> Profile:
        """Take every sure proposal, with `unsure` every one."""
        ...


class WiredMapper:
    """The real one."""

    def __init__(self, engine: OpenProfile) -> None:
        self._engine = engine

    def kept(self) -> Mapped:
        from octowizard.onboarding import mapping

        snapshot, profile = self._engine.snapshot(), self._engine.profile
        why = next(
            (snapshot.unread[part] for part in ("settings", "vat_codes") if part in snapshot.unread), ""
        )
        charts = bool(snapshot.accounts) or ("years" not in snapshot.unread and not snapshot.years)
        lines = all(head.id in snapshot.details for head in snapshot.pending)
        looked = charts and lines and not why and bool(snapshot.taken_at.timestamp())
        return Mapped(mapping.rows(snapshot, profile), mapping.suggestions(snapshot, profile), why, looked)

    def choose(self, row: Row, value: str) -> Profile:
        from octowizard.onboarding import mapping

        return self._keep(mapping.choose(self._engine.profile, row, value))

    def choose_mirror(self, rows: Sequence[Row], journal: str, account: str) -> Profile:
        from octowizard.onboarding import mapping

        return self._keep(mapping.choose_mirror(self._engine.profile, rows, journal, account))

    def accept(self, rows: Sequence[Row], unsure: bool) -> Profile:
        from octowizard.onboarding import mapping

        profile, _taken = mapping.accept(self._engine.profile, rows, unsure=unsure)
        return self._keep(profile)

    def _keep(self, profile: Profile) -> Profile:
        self._engine.adopt(profile)
        return profile
