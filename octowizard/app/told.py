"""What is known about one thing, as labelled lines: laid out for a pane, or as text for copying and for a file."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len
from textual.content import Content

from octowizard.app.content import content, wrapped
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.problems.explain import Explained

Labelled = list[tuple[str, str, str]]  # label, text, style of the text

STYLES = {
    "✔": "$success",
    "✖": "$error",
    "▲": "$warning",
    "i": "$primary",
    "○": "$foreground",
    "–": "$soft",
    "?": "$soft",
}
WIDEST_LABEL = 14


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A mark, a first line and the rest. `under`: lines that only copies and files have. `address`: a web page."""

    mark: str
    title: str
    entries: Labelled
    under: tuple[str, ...] = ()
    address: str = ""


def render(told: Told, width: int) -> Content:
    """All of it on `width` columns, the texts in a column of their own."""
    found: list[Content] = []
    heads = wrapped(told.title, max(10, width - 2))
    found.append(content((f"{told.mark} ", STYLES.get(told.mark, "")), (heads[0], "bold")))
    found += [content("  ", (head, "bold")) for head in heads[1:]]
    longest = max((cell_len(label) for label, _text, _style in told.entries), default=0)
    column = min(WIDEST_LABEL, longest) + 2
    for label, text, style in told.entries:
        pieces = wrapped(text, max(10, width - 2 - column))
        if cell_len(label) > column - 2:  # the name of a file: on a line of its own
            found.append(content("  ", (label, "$soft")))
            label = ""
        first = label + " " * (column - cell_len(label))
        for number, piece in enumerate(pieces):
            lead = first if number == 0 else " " * column
            marked = label[1:2] == " " and style != "$soft"  # what is ruled out is no alarm
            tone = STYLES.get(label[:1], "$soft") if marked else "$soft"
            found.append(content("  ", (lead, tone), (piece, style) if style else piece))
    return Content("\n").join(found)


def as_text(told: Told) -> str:
    """The same for a mail or a ticket: plain lines, letter for letter as they came."""
    found = [f"{told.mark} {told.title}"]
    for label, text, _style in told.entries:
        # A file stands below its name, so that it can be taken over as it is.
        lead = f"{label}:\n" if "\n" in text else f"{label}: "
        found.append(f"{lead}{text}" if label else f"  {text}")
    return "\n".join([*found, *told.under]) + "\n"


def causes(explained: Explained, *states: str, without: Collection[str] = ()) -> Labelled:
    """The causes of a problem that stand so, all of them where no state is named, with what says so.

    `without`: evidence that is told elsewhere already.
    """
    labels = {
        "confirmed": ("✔ " + _("confirmed"), "bold"),
        "ruled_out": ("✖ " + _("ruled out"), "$soft"),
        "open": ("? " + _("open"), ""),
    }
    found: Labelled = []
    for cause in explained.causes:
        if states and cause.state not in states:
            continue
        label, style = labels[cause.state]
        found.append((label, cause.text, style))
        tone = "" if cause.state == "confirmed" else "$soft"
        found += [("", line, tone) for line in cause.evidence if line not in without]
    return found


def listed(label: str, texts: tuple[str, ...], style: str = "") -> Labelled:
    """Texts under one label."""
    return [(label if number == 0 else "", text, style) for number, text in enumerate(texts) if text]


def remedy(explained: Explained) -> Labelled:
    """What to do, by whom, what not to do, and when it counts as fixed."""
    return [
        *listed(_("What to do"), explained.fix, "bold"),
        *listed(_("Who"), explained.who),
        *listed(_("Do not"), explained.never, "$warning"),
        *listed(_("Fixed when"), (explained.fixed_when,)),
    ]
