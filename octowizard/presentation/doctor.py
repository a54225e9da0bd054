"""What the doctor says, as blocks: this computer first, then each profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from octowizard.locale import _
from octowizard.presentation.blocks import Block, Heading, Item, Page
from octowizard.session.doctor import Line, State, again

MARKS: dict[State, str] = {"well": "✔", "advice": "▲", "wrong": "✖", "unknown": "?"}


def title(profile: str) -> str:
    """Above the lines of one profile, or of this computer (`""`)."""
    return _("Profile {name}").format(name=profile) if profile else _("This computer")


def blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Each line with what to do under it."""
    for profile, mine in groupby(sorted(lines, key=lambda line: line.profile), lambda line: line.profile):
        yield Heading(title(profile))
        for line in mine:
            yield Item(line.text, MARKS[line.state])
            yield from _cure(line)


def page_of(line: Line) -> Page:
    """One line on a page of its own."""
    mark = MARKS[line.state]
    return Page(title=title(line.profile), mark=mark, blocks=(Item(line.text), *_cure(line)))


def _cure(line: Line) -> Iterator[Block]:
    """What to do about it, and how it is looked at again."""
    if line.fix:
        yield Item(line.fix, "→", indent=2)
    if line.state != "well":
        yield Item(_("Check again: {command}").format(command=again(line)), indent=4, tone="soft")
