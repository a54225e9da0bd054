"""The places of the app: their modes, number keys and names, in the order in which a connection comes to life.

What is not always there (the practice desk outside the practice company) is left out by `of`.
"""

from __future__ import annotations

from octowizard.app.commands import Command, text_of
from octowizard.app.widgets.frame import Place
from octowizard.locale import _, pgettext

PRACTICE = "practice"  # the mode that only a practice company has


# Translators: the ten short names stand in a window of 80 columns together, so they have 48 letters at most.
def _table() -> tuple[tuple[str, str, str, str, str], ...]:
    """Mode, key, name, short name and help of each, in the language of this moment."""
    return (
        ("home", "1", _("Home"), pgettext("short", "Home"), _("Go to Home: both sides at a glance.")),
        ("setup", "2", _("Set up"), pgettext("short", "Set up"), _("Go to Set up: the steps to a first sync.")),
        ("checks", "3", _("Checks"), pgettext("short", "Checks"),
         _("Go to Checks: what would go wrong, before it does.")),
        ("calendar", "4", _("Calendar"), pgettext("short", "Cal."),
         _("Go to the calendar: documents per fiscal year, period and journal.")),
        ("mapping", "5", _("Mapping"), pgettext("short", "Map"),
         _("Go to Mapping: which ledger accounts and VAT codes the documents are booked on.")),
        ("duplicates", "6", _("Duplicates"), pgettext("short", "Dupl."),
         _("Go to Duplicates: customers that are there twice.")),
        ("sync", "7", _("Sync"), pgettext("short", "Sync"), _("Go to Sync: preview, live and result.")),
        ("troubleshoot", "8", _("Troubleshoot"), pgettext("short", "Trouble"),
         _("Go to Troubleshoot: have a message explained.")),
        ("history", "9", _("History"), pgettext("short", "Hist."), _("Go to History: all runs so far.")),
        (PRACTICE, "0", _("Practice desk"), pgettext("short", "Desk"),
         _("Go to the practice desk: do what people do in the vendors' own screens.")),
    )  # fmt: skip


PLACES: tuple[Place, ...] = tuple(
    Place(mode, key, text_of(_table, row, 2), text_of(_table, row, 3))
    for row, (mode, key, _name, _short, _help) in enumerate(_table())
)
GOING: tuple[Command, ...] = tuple(
    Command(place.mode, (place.key,), place.name, text_of(_table, row, 4), footer=False)
    for row, place in enumerate(PLACES)
)


def of(*, practice: bool) -> tuple[Place, ...]:
    """The places of a profile, those of the practice company among them or not."""
    return tuple(place for place in PLACES if practice or place.mode != PRACTICE)
