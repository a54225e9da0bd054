"""The first sync, after a preview."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.locale.formats import day
from octowizard.locale.keys import key_of
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.registry import StepContext, step
from octowizard.snapshot.declared_parts import not_known_to_be_booked
from octowizard.snapshot.model import Booked, Snapshot


@step(
    "first-sync",
    place=140,
    needs=None,
    reads=["documents", "journals", "bookings"],
    action="preview-and-sync",
)
def first_sync(context: StepContext) -> Step:
    """Done when syncs have booked, all of it stands in Octopus as read back, and the last one left nothing failing.

    For an observer: when what waited stands in Octopus. Not yet, while nothing was booked and no document waits.
    """
    runs, snapshot = context.standing.runs, context.snapshot
    watching = context.profile.mode == "observer"
    waiting, booked = len(snapshot.pending), snapshot.in_sync + len(snapshot.elsewhere)
    unseen = [each for each in snapshot.booked if not _stands(each, snapshot)]
    done = runs.clean and runs.booked > 0 and not unseen
    empty = not waiting and not (booked if watching else runs.booked)
    if runs.last is not None:
        last = _(
            "The last sync booked {booked}, and left {failing} blocked; {count} are booked by now."
        ).format(booked=runs.last.booked, failing=runs.last.failing, count=runs.last.in_sync)
    elif runs.preview is not None:
        last = _("A preview was made on {day}; no sync yet.").format(day=day(runs.preview))
    else:
        last = _("Nothing was synchronised yet, and no preview made.")
    now = [
        last,
        ngettext("{count} document waits.", "{count} documents wait.", waiting).format(count=waiting),
    ]
    if unseen:
        now.append(
            ngettext(
                "{count} document that was booked is not seen in Octopus.",
                "{count} documents that were booked are not seen in Octopus.",
                len(unseen),
            ).format(count=len(unseen))
        )
    if empty:
        now.append(_("There is nothing to sync yet: this step comes back by itself with the first document."))
    if watching:
        now.append(
            ngettext(
                "{count} document stands in Octopus.", "{count} documents stand in Octopus.", booked
            ).format(count=booked)
        )
    notes = [
        _("Close the sales journal in Octopus during the sync: an open one lets nobody else book."),
        _(
            "In Teamleader: {menu} shows a synchronisation symbol on the right; it syncs with "
            "Octopus again. After a while a notification tells the results: with any problem, look there first, "
            "and paste it into octowizard diagnose."
        ).format(menu=context.menu("teamleader.revenue", "teamleader.invoices")),
    ]
    if watching:
        notes.append(
            _(
                "octowizard watch, and {watch} on Sync, show each document arrive in Octopus, and what is missing "
                "and why."
            ).format(watch=key_of("sync.watch", "l"))
        )
    if context.standing.booster:  # help centre: the Accounting connector Booster
        notes.append(
            _(
                "The Booster has a button of its own on its tab {tab}, which also shows each document of the "
                "last week; after a run by hand a notification and an e-mail come."
            ).format(tab=context.label("teamleader.synchronisation-tab"))
        )
    menu = ("octopus.accounting", "octopus.sales-journal")
    notes.append(_("What was booked is seen in Octopus under {menu}.").format(menu=context.menu(*menu)))
    return context.step(
        title=_("First sync"),
        recall=ngettext("{count} document booked", "{count} documents booked", booked).format(count=booked),
        done=(booked > 0 and not waiting) if watching else done,
        not_yet=empty,
        settles=context.blocked(),
        unread=not_known_to_be_booked(snapshot) or context.why_unread("documents", "bookings"),
        word=context.is_done(_("Has a sync ended in Teamleader, and does every document stand in Octopus?")),
        what=_(
            "Look at the preview first: what would be written, and what would fail. Then run the sync by hand."
        ),
        why=_(
            "A sync contains the customers of invoices and credit notes, which go to Octopus before their documents; "
            "then the invoices and credit notes, imported ones too; then the payments that come back from Octopus."
        ),
        now=now,
        notes=tuple(notes),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.revenue", "teamleader.invoices"),
                _("The synchronisation symbol on the right."),
            ),
            context.by_hand("Octopus", menu, _("The bookings, once the sync has ended.")),
        ),
        opens="sync",
        problems=("open-journal", "customer-missing", "no-changes", "vendor-refused"),
    )


def _stands(booked: Booked, snapshot: Snapshot) -> bool:
    """Whether the journal, as it was read, goes as far as the booking; one that was not read says nothing."""
    if snapshot.journal_years is not None and booked.bookyear not in snapshot.journal_years:
        return True
    journal = snapshot.journals.get((booked.bookyear, booked.journal))
    return journal is not None and journal.last_number >= booked.number
