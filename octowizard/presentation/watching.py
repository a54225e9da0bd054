"""A watch over Teamleader's own integration, in words: what a look showed, what is missing and why, how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from octowizard.locale import _, ngettext
from octowizard.locale.counted import so_many
from octowizard.locale.formats import count, day, duration
from octowizard.presentation.blocks import Block, Gap, Heading, Item
from octowizard.presentation.confirmation import more
from octowizard.presentation.events import Line
from octowizard.presentation.run_causes import SHOWN, Causes
from octowizard.sync import events as e


def started(event: e.WatchStarted) -> Line:
    """The first line of a watch."""
    text = _("Watching what Teamleader's own integration brings from {teamleader} to {octopus}, from {day}")
    if event.seconds is not None:
        text = _(
            "Watching for {time} what Teamleader's own integration brings from {teamleader} to {octopus}, from {day}"
        )
    return Line(
        "●",
        text.format(
            teamleader=event.teamleader or "Teamleader",
            octopus=event.octopus,
            day=day(event.start_date),
            time=duration(event.seconds or 0),
        ),
    )


def nothing_is_written() -> str:
    """What a watch does not do."""
    return _("octowizard writes nothing to either side.")


def already(number: int) -> str:
    """How many documents a watch found in Octopus when it began, and had not seen before."""
    text = ngettext(
        "{count} document stood in Octopus already and is recognised now.",
        "{count} documents stood in Octopus already and are recognised now.",
        number,
    )
    return text.format(count=count(number))


def counts(event: e.WatchCounts) -> str:
    """How the documents stand: `21 booked · 3 not there yet · 2 blocked`; empty where they were not seen."""
    if not event.seen:
        return ""
    parts = [
        so_many("booked", event.in_sync),
        _("{count} not there yet").format(count=count(event.waiting)),
        so_many("blocked", event.blocked),
    ]
    if event.excluded:
        parts.append(so_many("excluded", event.excluded))
    if event.payments_awaited:
        text = ngettext(
            "{count} payment to come back", "{count} payments to come back", event.payments_awaited
        )
        parts.append(text.format(count=count(event.payments_awaited)))
    if event.payments_unfollowed:
        text = ngettext(
            "{count} payment in a foreign currency not followed: Teamleader names no exchange rate",
            "{count} payments in a foreign currency not followed: Teamleader names no exchange rate",
            event.payments_unfollowed,
        )
        parts.append(text.format(count=count(event.payments_unfollowed)))
    return " · ".join(parts)


def looks_left(event: e.WatchLooked) -> str:
    """How often both sides can still be looked at today; empty without a limit."""
    if event.looks_left is None:
        return ""
    text = ngettext("{count} look left today", "{count} looks left today", event.looks_left)
    return text.format(count=count(event.looks_left))


def figures(done: e.WatchFinished) -> str:
    """What came while it watched."""
    if not done.seen:
        return _("nothing was seen")
    if not (done.arrived or done.payments_back):
        return _("nothing has arrived")
    text = ngettext("{count} document has arrived", "{count} documents have arrived", done.arrived)
    parts = [text.format(count=count(done.arrived))]
    if done.payments_back:
        text = ngettext(
            "{count} payment has come back", "{count} payments have come back", done.payments_back
        )
        parts.append(text.format(count=count(done.payments_back)))
    return ", ".join(parts)


def verdict(done: e.WatchFinished) -> Line:
    """What a watch came to, in a sentence or two."""
    came, time = figures(done), duration(done.seconds)
    match done.outcome:
        case "complete":
            return Line(
                "✔", _("Watch: all has arrived, after {time}: {figures}.").format(time=time, figures=came)
            )
        case "cancelled":
            return Line("○", _("Watch: stopped after {time}: {figures}.").format(time=time, figures=came))
        case "limit":
            text = _("Watch: ended after {time}, with today's calls to Octopus used up: {figures}.")
            return Line("○", text.format(time=time, figures=came))
        case "unreachable":
            text = _("Watch: ended after {time}, without seeing both sides: {figures}.")
            if not done.seen:
                text = _("Watch: ended after {time}, without seeing both sides.")
            return Line("✖", done.message or text.format(time=time, figures=came))
    return Line("▲", _("Watch: ended after {time}: {figures}.").format(time=time, figures=came))


def next_step(done: e.WatchFinished) -> str:
    """What to do after a watch."""
    if done.outcome == "complete":
        return _("Nothing to do. Watch again when Teamleader has synced.")
    if done.blocked:
        return _("Mend the causes of what is blocked; Teamleader's next sync then brings it.")
    if done.outcome in ("limit", "unreachable") or not done.seen:
        return _("Watch again later; what has arrived by then is recognised.")
    if done.payments_awaited and not done.waiting:
        return _(
            "All documents are there: what is matched in Octopus comes back with Teamleader's next sync."
        )
    return in_nobodys_way()


def freed(about: e.Document) -> str:
    """A document that was blocked and is so no more."""
    return _("{number}  {customer}: nothing is seen any more that stops it").format(
        number=about.number, customer=about.customer
    )


def in_nobodys_way() -> str:
    """What is to be thought of a document that is missing and that nothing is seen to stop."""
    return _(
        "Nothing is seen that stops what is not there yet: either Teamleader has not synced since, or its own "
        "notifications (the bell, or the tab Synchronisation of the Booster) say what it met."
    )


class Missing:
    """The documents that have not arrived, as the events of one watch tell them."""

    def __init__(self) -> None:
        self._blocked: dict[str, e.DocumentFailed] = {}
        self._waiting: dict[str, e.Document] = {}

    def apply(self, event: e.Event) -> bool:
        """Take in one event; whether it frees a document that was blocked."""
        freed = False
        match event:
            case e.DocumentFailed(document=about):
                self._blocked[about.id] = event
                self._waiting.pop(about.id, None)
            case e.DocumentWaiting(document=about):
                freed = self._blocked.pop(about.id, None) is not None
                self._waiting[about.id] = about
            case e.DocumentArrived(document=about) | e.DocumentExcluded(document=about):
                self._blocked.pop(about.id, None)
                self._waiting.pop(about.id, None)
        return freed

    def blocks(self) -> Iterator[Block]:
        """Those that something stops, by cause; then those that nothing is seen to stop."""
        causes = Causes()
        for event in self._blocked.values():
            causes.add(event)
        yield from causes.blocks()
        if self._waiting:
            names = [f"{about.number} {about.customer}" for about in self._waiting.values()]
            rest = len(names) - SHOWN
            yield Gap()
            yield Heading(_("Not there yet: {count}").format(count=count(len(names))), "○")
            yield Item(", ".join([*names[:SHOWN], *([more(rest)] if rest > 0 else [])]), indent=2)


def ending(done: e.WatchFinished) -> list[Block]:
    """The result of a watch, in a few lines that read aloud well."""
    mark, sentence = verdict(done)
    below = [Item(text, indent=2) for text in (counts(done), next_step(done)) if text]
    return [Gap(), Item(sentence, mark), *below]
