"""The places of the app: their modes, number keys and names, in the order in which a connection comes to life.

What is not always there (the practice desk outside the practice company) is left out by `of`.
"""

from __future__ import annotations

from octowizard.app.commands import Command, Text
from octowizard.app.widgets.frame import Place
from octowizard.locale import _

PRACTICE = "practice"  # the mode that only a practice company has


def _going(place: Place, help: Text) -> Command:
    return Command(place.mode, (place.key,), place.name, help, footer=False)


# Translators: the second name of a place is an abbreviation of at most seven letters, for narrow windows.
_ALL: tuple[tuple[Place, Text], ...] = (
    (
        Place("home", "1", lambda: _("Home"), lambda: _("Home")),
        lambda: _("Go to Home: both sides at a glance."),
    ),
    (
        Place("setup", "2", lambda: _("Set up"), lambda: _("Set up")),
        lambda: _("Go to Set up: the steps to a first sync."),
    ),
    (
        Place("checks", "3", lambda: _("Checks"), lambda: _("Checks")),
        lambda: _("Go to Checks: what would go wrong, before it does."),
    ),
    (
        Place("calendar", "4", lambda: _("Calendar"), lambda: _("Cal.")),
        lambda: _("Go to the calendar: documents per fiscal year, period and journal."),
    ),
    (
        Place("mapping", "5", lambda: _("Mapping"), lambda: _("Map")),
        lambda: _("Go to Mapping: which ledger accounts and VAT codes the documents are booked on."),
    ),
    (
        Place("duplicates", "6", lambda: _("Duplicates"), lambda: _("Dupl.")),
        lambda: _("Go to Duplicates: customers that are there twice."),
    ),
    (
        Place("sync", "7", lambda: _("Sync"), lambda: _("Sync")),
        lambda: _("Go to Sync: preview, live and result."),
    ),
    (
        Place("troubleshoot", "8", lambda: _("Troubleshoot"), lambda: _("Trouble")),
        lambda: _("Go to Troubleshoot: have a message explained."),
    ),
    (
        Place("history", "9", lambda: _("History"), lambda: _("Hist.")),
        lambda: _("Go to History: all runs so far."),
    ),
    (
        Place(PRACTICE, "0", lambda: _("Practice desk"), lambda: _("Desk")),
        lambda: _("Go to the practice desk: do what people do in the vendors' own screens."),
    ),
)
PLACES: tuple[Place, ...] = tuple(place for place, _help in _ALL)
GOING: tuple[Command, ...] = tuple(_going(place, help) for place, help in _ALL)


def of(*, practice: bool) -> tuple[Place, ...]:
    """The places of a profile, those of the practice company among them or not."""
    return tuple(place for place in PLACES if practice or place.mode != PRACTICE)
