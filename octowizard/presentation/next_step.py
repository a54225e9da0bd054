"""What comes next, in words: the first line of Home, and the last one of a command that tells how things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from octowizard.session.next_step import SetUpStands, Way


def titles_of(changes: Sequence[str]) -> str:
    """The one change by its title, or the first and how many more."""
    if len(changes) == 1:
        return changes[0]
    rest = len(changes) - 1
    return ngettext("{first}, and {count} more change", "{first}, and {count} more changes", rest).format(
        first=changes[0], count=count(rest)
    )


def sentence(way: Way, setup: SetUpStands | None = None) -> str:
    """What is done next."""
    number = way.number
    match way.leads:
        case "read":
            return _("Read both sides.")
        case "read_again":
            return _("Look at the connection, then read both sides again.")
        case "run":
            return way.title
        case "setup" if setup is not None and not setup.begun:
            return _("Set up: {step}").format(step=way.title)
        case "setup" if setup is not None and setup.done is not None:
            text = ngettext(
                "Go on with the set-up: {step} ({done} of {count} step done)",
                "Go on with the set-up: {step} ({done} of {count} steps done)",
                setup.total,
            )
            return text.format(step=way.title, done=count(setup.done), count=count(setup.total))
        case "setup":
            return _("Go on with the set-up: {step}").format(step=way.title)
        case "mend":
            text = ngettext("{change}: frees {count} document", "{change}: frees {count} documents", number)
            return text.format(change=titles_of(way.does), count=count(number))
        case "finding" if number:
            text = ngettext(
                "Mend what blocks {count} document: {problem}",
                "Mend what blocks {count} documents: {problem}",
                number,
            )
            return text.format(problem=way.title, count=count(number))
        case "finding":
            return _("See what to do: {problem}").format(problem=way.title)
        case "preview":
            text = ngettext(
                "Preview the sync: {count} document is ready",
                "Preview the sync: {count} documents are ready",
                number,
            )
            return text.format(count=count(number))
        case "watch" if number:
            text = ngettext(
                "Watch what Teamleader's integration books: {count} document waits for it",
                "Watch what Teamleader's integration books: {count} documents wait for it",
                number,
            )
            return text.format(count=count(number))
        case "watch":
            return _("Watch what Teamleader's integration books.")
        case "done" if number:
            text = ngettext(
                "Nothing to do: {count} document is booked, and none waits. Read both sides again",
                "Nothing to do: {count} documents are booked, and none waits. Read both sides again",
                number,
            )
            return text.format(count=count(number))
        case _:
            return _("Nothing to do: no document waits. Read both sides again")


def instead(way: Way) -> str:
    """What could be done instead."""
    number = way.number
    match way.leads:
        case "preview":
            text = ngettext("or sync {count} document now", "or sync the {count} that are ready now", number)
            return text.format(count=count(number))
        case "mend":
            text = ngettext(
                "or {change}: frees {count} document", "or {change}: frees {count} documents", number
            )
            return text.format(change=titles_of(way.does), count=count(number))
        case "finding":
            return _("or mend: {problem}").format(problem=way.title)
        case "setup":
            return _("or go on with the set-up: {step}").format(step=way.title)
        case "watch":
            return _("or watch what Teamleader's integration books")
        case _:
            return _("or read both sides again")
