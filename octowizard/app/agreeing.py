"""What a user agrees to before something is written: a change, letter for letter as it is sent; or a loss, named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from octowizard.app.content import content, wrapped
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, duration
from octowizard.onboarding import words

if TYPE_CHECKING:
    from octowizard.customers.importing import Preview
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change

WIDEST = 24  # columns of the names of what is sent
MOST = 12  # records that a loss names


def asking(changes: Sequence[Change], width: int) -> ConfirmScreen:
    """The question before these changes are made; red where one of them cannot be undone."""
    number = len(changes)
    title = ngettext("Make this change?", "Make these {count} changes?", number).format(count=count(number))
    return ConfirmScreen(
        title,
        exact(changes, width),
        yes=_("do it"),
        no=_("not now"),
        red=any(change.irreversible for change in changes),
    )


def exact(changes: Sequence[Change], width: int) -> Content:
    """All that is sent, on `width` columns."""
    found: list[Content] = []
    if len(changes) > 1:
        for number, change in enumerate(changes, 1):
            found += _hung(f"{count(number)}. ", change.title, width)
    for change in changes:
        if found:
            found.append(content(""))
        found += [content((line, "bold")) for line in wrapped(change.title, width)]
        column = min(WIDEST, max((cell_len(what) for what, _value in change.lines), default=0)) + 2
        for what, value in change.lines:
            names = wrapped(what, column - 2) or [""]
            values = wrapped(value, max(10, width - 2 - column))
            for number in range(max(len(names), len(values))):
                name = names[number] if number < len(names) else ""
                text = values[number] if number < len(values) else ""
                found.append(content("  ", (name + " " * (column - cell_len(name)), "$soft"), text))
        for also in change.also:
            lead = ("▲ ", "$error" if change.irreversible else "$warning")
            for number, line in enumerate(wrapped(also, width - 4)):
                found.append(content("  ", lead if number == 0 else "  ", line))
        if change.irreversible:
            found.append(content("  ", ("✖ ", "$error"), (_("This cannot be undone."), "bold")))
        if change.who:
            found += [content("  ", line) for line in wrapped(change.who, width - 2)]
        sent = f"{change.vendor}: {change.method} {change.path}"
        found += [content("  ", (line, "$soft")) for line in wrapped(sent, width - 2)]
    return Content("\n").join(found)


def losing(warning: Warning, width: int, yes: str) -> ConfirmScreen:
    """The red question before something is lost."""
    found: list[Content] = []
    for sentence in warning.loss:
        for number, line in enumerate(wrapped(sentence, width - 2)):
            found.append(content(("✖ ", "$error") if number == 0 else "  ", line))
    for record in warning.records[:MOST]:
        found += [content("    ", (line, "$soft")) for line in wrapped(record, width - 4)[:1]]
    if len(warning.records) > MOST:
        more = _("… and {count} more").format(count=count(len(warning.records) - MOST))
        found.append(content("    ", (more, "$soft")))
    return ConfirmScreen(
        warning.title, Content("\n").join(found), yes=yes, no=_("leave it as it is"), red=True
    )


def importing(preview: Preview, width: int) -> Content:
    """What an import would make, and what will not carry over."""
    companies = ngettext("{count} company", "{count} companies", preview.companies)
    contacts = ngettext("{count} contact", "{count} contacts", preview.contacts)
    made = " · ".join(
        (companies.format(count=count(preview.companies)), contacts.format(count=count(preview.contacts)))
    )
    found = [content((_("Made in Teamleader") + "  ", "$soft"), (made, "bold"))]
    if preview.linked:
        found.append(content((_("Linked already") + "  ", "$soft"), count(preview.linked)))
    if preview.skipped:
        left = " · ".join(f"{count(number)} {words.left_out(why)}" for why, number in preview.skipped.items())
        found += _hung(_("Not brought over") + "  ", left, width)
    if preview.seconds:
        said = _("about {time} at 200 calls a minute").format(time=duration(preview.seconds))
        found.append(content((_("It takes") + "  ", "$soft"), said))
    found.append(content(""))
    if preview.losses:
        found.append(content((_("What the API does not take, and is lost:"), "bold")))
        for what, number in sorted(preview.losses.items(), key=lambda one: -one[1]):
            found.append(content("  ", (count(number).rjust(6), "bold"), f"  {words.lost(what)}"))
            for why in preview.reasons.get(what, ()):
                found += [content(" " * 10, (line, "$soft")) for line in wrapped(why, max(10, width - 10))]
        found.append(content(""))
    for note in preview.notes:
        found += _hung("▲ ", note, width, "$warning")
    return Content("\n").join(found)


def _hung(lead: str, text: str, width: int, style: str = "$soft") -> list[Content]:
    room = max(10, width - cell_len(lead))
    return [
        content((lead, style) if number == 0 else " " * cell_len(lead), line)
        for number, line in enumerate(wrapped(text, room))
    ]
