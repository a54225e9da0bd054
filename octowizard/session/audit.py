"""The audit of a profile: reading what it needs, and comparing both sides.

`read` talks to the vendors, the rest blocks.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octowizard.progress import Report
    from octowizard.session.profile_session import ProfileSession
    from octowizard.snapshot.model import Snapshot
    from octowizard.snapshot.needed import Needed
    from octowizard.sync.audit.model import Audit as Result

LINES = 200  # documents whose lines are read unless all are asked for: a minute of Teamleader's


class Audit:
    """Both sides of one profile, compared."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def needed(self, first: date | None, last: date | None, *, all_lines: bool, fresh: bool) -> Needed:
        """How many calls `read` will take at most."""
        from octowizard.snapshot.needed import for_audit

        session = self._connected()
        with session.workspace() as workspace:
            return for_audit(
                workspace,
                session.profile,
                self._span(first, last),
                session.moment_there(),
                lines=None if all_lines else LINES,
                fresh=fresh,
            )

    def kept(self, first: date | None = None, last: date | None = None) -> Result:
        """The audit of what is kept; no vendor is asked."""
        from octowizard.session.profile_session import uncollected
        from octowizard.snapshot.audited import for_audit
        from octowizard.sync.look import offline

        session = self._connected()
        with uncollected():
            return self._made(offline(session.root, session.profile, for_audit), first, last)

    async def read(
        self,
        report: Report,
        first: date | None = None,
        last: date | None = None,
        *,
        all_lines: bool = False,
        fresh: bool = False,
    ) -> Result:
        """The audit of both sides, read as far as what is kept is not young enough.

        `fresh`: also what is young is read again. `all_lines`: the lines of every document, a call each; else only
        where few are not known. What a limit ends is told in the audit; what was read until then is kept.
        """
        from octowizard.sync.audit.audit import READ
        from octowizard.sync.look import look

        session = self._connected()
        snapshot = await look(
            session.root,
            session.profile,
            READ,
            freshness="fresh" if fresh else "kept",
            report=report,
            lines=None if all_lines else LINES,
            span=self._span(first, last),
        )
        session.forget()  # what was read is news for the checks too
        return self._made(snapshot, first, last)

    def _connected(self) -> ProfileSession:
        """The session; NotConnected where a side is declared: no declaration tells what is booked, to the cent."""
        if self._session.profile.unconnected:
            from octowizard.sync.accounts import NotConnected

            raise NotConnected(self._session.profile)
        return self._session

    def _made(self, snapshot: Snapshot, first: date | None, last: date | None) -> Result:
        """The audit; nobody looks at the lines of the Snapshot afterwards."""
        from octowizard.beside import hold
        from octowizard.snapshot.audited import let_go
        from octowizard.sync.audit.audit import audit

        made = audit(snapshot, self._session.profile, self._today(), first, last)
        if not hold(snapshot, made):
            let_go(snapshot)
        return made

    def _span(self, first: date | None, last: date | None) -> tuple[date, date]:
        start = self._session.profile.start_date
        return max(first or start, start), last or max(start, self._today())

    def _today(self) -> date:
        """The day in Belgium, by the vendors' clock."""
        from octowizard.books.fiscal import BRUSSELS

        return self._session.moment_there().astimezone(BRUSSELS).date()
