"""Why a sync must not begin: octowizard only watches, or what the checks of the set-up say."""

from __future__ import annotations

from octowizard.checks.reasons import Reason
from octowizard.checks.setup import missing, other_connector
from octowizard.locale import _

__all__ = ["missing", "observer", "other_connector"]


def observer() -> Reason:
    """Writing asked of a profile that only watches."""
    return Reason(
        "observer-mode",
        _("This profile only watches: Teamleader's own integration runs the sync"),
        (),
        (
            _(
                "To let octowizard run the sync, switch off the other one and set the profile's mode to connector."
            ),
        ),
        _("The profile is in connector mode."),
    )
