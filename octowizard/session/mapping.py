"""The mapping of a profile: what is kept of it, and choosing. All of it blocks; what is chosen is kept on the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row, Suggestion
    from octowizard.session.profile_session import ProfileSession
    from octowizard.workspace.profiles import Profile

NEEDS = ("years", "journals", "accounts", "vat_codes", "settings", "documents", "details")


class Mapped(msgspec.Struct, frozen=True):
    """The mapping as it stands. `why`: what of it could not be read; `looked`: whether all of it was ever read.

    `uncategorised`: waiting documents with a line that no row can lead anywhere, since it has no product category.
    """

    rows: tuple[Row, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    why: str = ""
    looked: bool = True
    uncategorised: int = 0


class Mapping:
    """Where product categories, tax rates, discounts and payments lead to in Octopus."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def kept(self) -> Mapped:
        """The rows by what was last read."""
        from octowizard.onboarding import mapping

        snapshot, profile = self._session.snapshot(), self._session.profile
        why = next(
            (snapshot.unread[part] for part in ("settings", "vat_codes") if part in snapshot.unread), ""
        )
        charts = bool(snapshot.accounts) or ("years" not in snapshot.unread and not snapshot.years)
        lines = all(head.id in snapshot.details for head in snapshot.pending)
        looked = charts and lines and not why and bool(snapshot.taken_at.timestamp())
        return Mapped(
            mapping.rows(snapshot, profile),
            mapping.suggestions(snapshot, profile),
            why,
            looked,
            sum(
                any(line.category_id is None for line in snapshot.details[head.id].lines)
                for head in snapshot.pending
                if head.id in snapshot.details
            ),
        )

    def not_read(self) -> dict[str, str]:
        """The parts that the mapping needs and that were not read, or not whole, with the reason."""
        snapshot = self._session.snapshot()
        return {
            part: why[part] for why in (snapshot.unread, snapshot.partial) for part in NEEDS if part in why
        }

    def choose(self, row: Row, value: str) -> Profile:
        """The profile with this value for the row; "" takes the user's choice back. Raises CannotChoose."""
        from octowizard.onboarding import mapping

        return self._kept(mapping.choose(self._session.profile, row, value))

    def choose_mirror(self, rows: Sequence[Row], journal: str, account: str) -> Profile:
        """Journal and money account of mirrored payments together. Raises CannotChoose."""
        from octowizard.onboarding import mapping

        return self._kept(mapping.choose_mirror(self._session.profile, rows, journal, account))

    def accept(
        self, rows: Sequence[Row], unsure: bool, tell: Callable[[Row], None] = lambda _row: None
    ) -> Profile:
        """Take every sure proposal, with `unsure` every one; `tell` is given each row that was taken."""
        from octowizard.onboarding import mapping

        profile, taken = mapping.accept(self._session.profile, rows, unsure=unsure)
        for row in taken:
            tell(row)
        return self._kept(profile)

    def _kept(self, profile: Profile) -> Profile:
        self._session.adopt(profile)
        return profile
