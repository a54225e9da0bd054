"""What the set-up is derived from: both sides as read, what octowizard did so far, what the user decided, and today.

Plain values: `state.py` makes a Standing, steps (`guide.py`), scenario and guards are pure functions of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from octowizard.onboarding.connection import START
from octowizard.snapshot.model import RelationFacts, Snapshot
from octowizard.sync import events
from octowizard.workspace.decisions import BOOSTER
from octowizard.workspace.profiles import Profile


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much both sides hold. None: it could not be read.

    `clients`: active relations that are clients. `bookings`: sales bookings that are kept, or at least the numbers
    given out in the sales journals. `documents`: invoices and credit notes from the start date on.
    """

    clients: int | None = None
    bookings: int | None = None
    bookyears: int | None = None
    journals: int | None = None
    companies: int | None = None
    contacts: int | None = None
    documents: int | None = None

    @property
    def whole(self) -> bool:
        """Whether all of it is known."""
        return all(getattr(self, name) is not None for name in self.__struct_fields__)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import of companies has left in Teamleader, as octowizard counted it.

    `tagged`: customers that bear the tag of an import.
    `duplicates`: pairs of an imported customer and the same one that was there before, that are sure (None: not known);
    `doubtful`: pairs that only may be.
    """

    tagged: int = 0
    duplicates: int | None = None
    doubtful: int = 0


class Unsure(msgspec.Struct, frozen=True):
    """A client of Octopus that may be a customer of Teamleader: only the user can say."""

    relation: int
    name: str
    customer: str
    customer_name: str


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The clients of Octopus that are not linked yet, by what Teamleader has of them; ids of relations.

    `same`: surely a customer, and the sync will know it too. `to_link`: surely a customer, which only a link makes
    known to the sync. `unsure`: perhaps one. `held`: another relation of the same firm stands for it. Any other is new.
    """

    same: frozenset[int] = frozenset()
    to_link: frozenset[int] = frozenset()
    unsure: tuple[Unsure, ...] = ()
    held: frozenset[int] = frozenset()

    def of(self, unlinked: Iterable[RelationFacts]) -> tuple[frozenset[int], Compared]:
        """The new ones among those that are unlinked now, and the rest as it now is."""
        ids = frozenset(relation.id for relation in unlinked)
        unsure = tuple(each for each in self.unsure if each.relation in ids)
        left = Compared(same=self.same & ids, to_link=self.to_link & ids, unsure=unsure, held=self.held & ids)
        known = left.same | left.to_link | left.held | {each.relation for each in unsure}
        return ids - known, left


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """The syncs so far. `preview`: when the last preview was made; `last`: the last real run that came to its
    end, or else the last one.

    `booked`: what all real runs booked together.
    """

    preview: datetime | None = None
    last: events.RunFinished | None = None
    booked: int = 0

    @property
    def clean(self) -> bool:
        """Whether the last real run left nothing for a person to mend."""
        last = self.last
        return (
            last is not None
            and last.outcome == "complete"
            and not (last.failing or last.payments_parked or last.left_for_later)
        )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment. `unread`: why the customers of Teamleader could not be read, "" when they were."""

    profile: Profile
    snapshot: Snapshot
    counts: Counts
    first: Counts | None  # as they were when both sides were first seen whole: the scenario follows from them
    imported: Imported
    compared: Compared
    runs: Runs
    decisions: Mapping[str, Any]
    today: date
    decided_at: Mapping[str, datetime] = {}
    unread: str = ""

    @property
    def booster(self) -> bool | None:
        """Whether Teamleader's integration is the Accounting Connector Booster; None: never asked."""
        answer = self.decisions.get(BOOSTER)
        return answer if isinstance(answer, bool) else None

    @property
    def start_agreed(self) -> bool | None:
        """Whether the user agreed to the start date; None: was not asked about this day. What was booked agrees too."""
        kept = self.decisions.get(START)
        if self.snapshot.booked or kept == self.profile.start_date.isoformat():
            return True
        return False if kept is False else None

    @property
    def looked(self) -> bool:
        """Whether both sides were ever looked at."""
        return bool(self.snapshot.taken_at.timestamp())

    @property
    def doubles(self) -> int | None:
        """Customers that may be there twice and that nobody has settled yet; None: not looked at."""
        if self.unread or self.imported.duplicates is None:
            return None
        _new, left = self.compared.of(self.unlinked_clients)
        return self.imported.duplicates + self.imported.doubtful + len(left.unsure)

    @property
    def unlinked_clients(self) -> tuple[RelationFacts, ...]:
        """Active clients of Octopus that are no known customer of Teamleader; one without a name can't become one."""
        linked = {link.relation for link in self.snapshot.linked.values()}
        return tuple(
            relation
            for relation in self.snapshot.relations
            if relation.client and relation.active and relation.name.strip() and relation.id not in linked
        )

    def declared(self, key: str) -> bool | None:
        """What the user declared; None when never asked."""
        answer = self.decisions.get(f"declared/{key}")
        return answer if isinstance(answer, bool) else None

    def declared_at(self, key: str) -> datetime | None:
        """When the user declared it; None when never asked."""
        return self.decided_at.get(f"declared/{key}")

    def skipped(self, step: str) -> bool:
        """Whether the user skipped the step."""
        return self.decisions.get(f"skipped/{step}") is True
