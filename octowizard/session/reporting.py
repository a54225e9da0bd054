"""What a report and a letter are made of: the checks, the audit and the runs of a profile, read or as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from octowizard.locale.labels import Language
    from octowizard.progress import Report
    from octowizard.session.profile_session import Checked, PastRun, ProfileSession
    from octowizard.snapshot.model import Snapshot
    from octowizard.sync.audit.model import Audit
    from octowizard.workspace.profiles import Profile


class Known(NamedTuple):
    """All that is known of a profile, but for the audit. `now`: by the vendors' clock."""

    checked: Checked
    snapshot: Snapshot
    profile: Profile
    runs: Sequence[PastRun]
    now: datetime


class Reporting:
    """`read` talks to the vendors, the rest blocks."""

    def __init__(self, session: ProfileSession) -> None:
        from octowizard.session.audit import Audit as Auditing

        self._session, self._audit = session, Auditing(session)

    def in_language(self, language: Language) -> None:
        """Name the menus of both vendors in this language from now on, for this session only."""
        session = self._session
        asked = msgspec.structs.replace(
            session.profile, octopus_language=language, teamleader_language=language
        )
        session.turn_to(asked)

    async def read(self, report: Report, *, fresh: bool = False) -> None:
        """Look at both sides for the checks and for the audit, with what was read a few minutes ago unless `fresh`."""
        await self._session.read("", report, fresh=fresh)
        if not self._session.profile.unconnected:
            await self._audit.read(report)

    def not_audited(self) -> str:
        """Why nothing can be audited; empty where it can be."""
        from octowizard.workspace.profiles import unconnected_sentence

        profile = self._session.profile
        return unconnected_sentence(profile) if profile.unconnected else ""

    def audit(self) -> Audit:
        """The audit of what is kept; no vendor is asked. NotConnected where `not_audited`."""
        return self._audit.kept()

    def kept(self) -> Known:
        """By what is kept; no vendor is asked."""
        session = self._session
        return Known(
            checked=session.kept_checks(),
            snapshot=session.snapshot(),
            profile=session.profile,
            runs=session.runs(),
            now=session.moment_there().astimezone(),
        )
