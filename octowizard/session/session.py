"""What a screen or a command holds: a profile's session with its parts, each loaded when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.session.profile_session import ProfileSession

if TYPE_CHECKING:
    from octowizard.session.audit import Audit
    from octowizard.session.declaring import Declaring
    from octowizard.session.documents import Documents
    from octowizard.session.duplicates import Duplicates
    from octowizard.session.explanations import Explanations
    from octowizard.session.mapping import Mapping
    from octowizard.session.practice_desk import PracticeDesk
    from octowizard.session.reporting import Reporting
    from octowizard.session.setup import SetUp


class Session(ProfileSession):
    """One profile, open, with all that can be done with it."""

    @property
    def setup(self) -> SetUp:
        """The guided set-up."""
        from octowizard.session.setup import SetUp

        return SetUp(self)

    @property
    def declaring(self) -> Declaring:
        """What the user declares of a side that is not connected."""
        from octowizard.session.declaring import Declaring

        return Declaring(self)

    @property
    def mapping(self) -> Mapping:
        """Where categories, rates and discounts lead to."""
        from octowizard.session.mapping import Mapping

        return Mapping(self)

    @property
    def documents(self) -> Documents:
        """One document at a time: where it stands, and why."""
        from octowizard.session.documents import Documents

        return Documents(self)

    @property
    def audit(self) -> Audit:
        """Both sides compared."""
        from octowizard.session.audit import Audit

        return Audit(self)

    @property
    def reporting(self) -> Reporting:
        """What reports and letters are made of."""
        from octowizard.session.reporting import Reporting

        return Reporting(self)

    @property
    def duplicates(self) -> Duplicates:
        """Customers that are the same."""
        from octowizard.session.duplicates import Duplicates

        return Duplicates(self)

    @property
    def explanations(self) -> Explanations:
        """What problems and messages mean here."""
        from octowizard.session.explanations import Explanations

        return Explanations(self)

    @property
    def desk(self) -> PracticeDesk | None:
        """The practice desk; None with real accounts."""
        from octowizard.session.practice_desk import PracticeDesk

        address = self.profile.control_url
        return PracticeDesk(address, self.changed_by) if address else None
