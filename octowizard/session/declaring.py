"""What the user declares of a side that nobody signed in to, kept; and what was measured of it later. All blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.exports import Reading
    from octowizard.onboarding.declarables import Ask, Thing
    from octowizard.onboarding.differences import Difference, Measured
    from octowizard.session.profile_session import ProfileSession
    from octowizard.workspace.declarations import Declared, What


class Declaring:
    """The declarations of one profile."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def asks(self, thing: Thing) -> tuple[Ask, ...]:
        """What is asked about one more of these."""
        from octowizard.onboarding.declarables import asks

        return asks(thing, self._session.snapshot(), self._session.profile)

    def declare(
        self,
        thing: Thing,
        given: Mapping[str, str],
        by_hand: ByHand | None = None,
        tell: Callable[[Reading], None] = lambda _reading: None,
    ) -> None:
        """Keep what was given. WrongChoice, NotOffered where the side is connected, and BadTable for a file.

        `tell` is told how a list of customers was read.
        """
        from octowizard.onboarding import declarables

        self._session.forget()  # it is added to what was declared, not to what somebody read before
        snapshot, profile = self._session.snapshot(), self._session.profile
        if thing == "fiscal-year":
            self._to_be_asked("years")
            self._keep("years", declarables.with_year(given, snapshot, profile))
        elif thing == "journal":
            self._to_be_asked("journals")
            self._keep("journals", declarables.with_journal(given, snapshot, profile))
        else:
            self._take_in(thing, given, by_hand, tell)

    def _take_in(
        self,
        thing: Thing,
        given: Mapping[str, str],
        by_hand: ByHand | None,
        tell: Callable[[Reading], None],
    ) -> None:
        from octowizard.customers.by_hand import ByHand
        from octowizard.customers.declaring import declared_by, read_list
        from octowizard.locale import _
        from octowizard.onboarding.connection import WrongChoice
        from octowizard.onboarding.declarables import FILE, WHAT
        from octowizard.onboarding.state import count_listed
        from octowizard.workspace.declared import keep

        what, file = WHAT[thing], given.get(FILE, "").strip()
        self._to_be_asked(what)
        if not file or given.keys() != {FILE}:
            raise WrongChoice(_("Name the file, and nothing else."))
        path = Path(file).expanduser()
        rows = read_list(path, what, by_hand or ByHand(), tell)
        self._refuse_twice(what, path, rows)
        self._keep(what, rows, path.name)
        if what == "companies" and (declared := declared_by(path, by_hand or ByHand())):
            with self._session.workspace() as workspace:
                keep(workspace, declared, datetime.now(UTC))
        self._session.snapshot()  # with it, what is declared is kept as if it had been read
        count_listed(self._session.root, self._session.profile)

    def _refuse_twice(self, what: What, path: Path, rows: Sequence[object]) -> None:
        """BadTable for a list of invoices that was taken in as credit notes, and the other way round."""
        from octowizard.customers.declared_lists import ListedDocument, listed_documents
        from octowizard.customers.declaring import refuse_twice
        from octowizard.workspace.declarations import standing

        others: dict[What, What] = {"invoices": "credit_notes", "credit_notes": "invoices"}
        with self._session.workspace() as workspace:
            other = standing(workspace).get(others.get(what, what))
        if what in others and other is not None:
            refuse_twice(
                path, [one for one in rows if isinstance(one, ListedDocument)], listed_documents(other)
            )

    def _to_be_asked(self, what: What) -> None:
        """NotOffered where the vendor itself tells it."""
        from octowizard.locale import _
        from octowizard.onboarding.guide import NotOffered
        from octowizard.snapshot.declared_parts import vendor_of

        vendor = vendor_of(what)
        if vendor not in self._session.profile.unconnected:
            raise NotOffered(
                _("{vendor} is connected, and tells it itself: nothing is declared of it.").format(
                    vendor=vendor
                )
            )

    def _keep(self, what: What, body: object, source: str = "") -> None:
        from octowizard.workspace.declarations import declare

        encoded = msgspec.json.encode(body)
        with self._session.workspace() as workspace:
            declare(workspace, what, encoded, source, datetime.now(UTC))
        self._session.amended()

    def measured(self) -> tuple[Measured, ...]:
        """What was declared of sides that are connected by now, against what was read of them."""
        from octowizard.onboarding.differences import measured
        from octowizard.workspace.declarations import standing

        snapshot = self._session.snapshot()
        with self._session.workspace() as workspace:
            return measured(standing(workspace), snapshot, self._session.profile.screens)

    def words(self) -> tuple[Difference, ...]:
        """The steps that were declared done, and that are not by what was read since."""
        from octowizard.onboarding.differences import words
        from octowizard.onboarding.guide import guide
        from octowizard.session.setup import SetUp

        standing = SetUp(self._session).standing()
        return words(guide(standing), standing.decisions)

    def history(self) -> list[Declared]:
        """All that was ever declared, the oldest first."""
        from octowizard.workspace.declarations import history

        with self._session.workspace() as workspace:
            return history(workspace)
