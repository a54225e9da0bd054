"""What of a page is folded away until somebody asks: evidence, what was ruled out, a vendor's own words.

The entries that fold bear one of these ids; a page as it was made is a page unfolded, as copies and files have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Block, Entry, Page, listed

EVIDENCE = "evidence"  # its first line stays
MORE = "more"  # goes whole
DETAILS = "details"  # raw words of a vendor: never shown unasked
_LINES = 3  # of evidence that a command prints unasked


def folding(id: str, blocks: Iterable[Block]) -> list[Block]:
    """The entries, as such that fold."""
    return [msgspec.structs.replace(one, id=id) if isinstance(one, Entry) else one for one in blocks]


def said_by_vendor(texts: Iterable[str]) -> list[Block]:
    """A vendor's own words, with what it was asked: for whoever asks, below all else."""
    return folding(DETAILS, listed(_("Details"), texts, "quote"))


def _groups(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks in groups of those that fold together; "" for what always stands."""
    ids = (EVIDENCE, MORE, DETAILS)
    for id, group in groupby(blocks, lambda one: one.id if isinstance(one, Entry) and one.id in ids else ""):
        yield id, list(group)


def folded(page: Page) -> Page:
    """The page as a screen without room shows it: of the evidence one line, and that `e` shows more."""
    return _without(page, (EVIDENCE, MORE, DETAILS))


def without_details(page: Page) -> Page:
    """The page as a screen with room shows it unasked: all but the raw words of a vendor."""
    return _without(page, (DETAILS,))


def folds(page: Page) -> bool:
    """Is there anything on the page that folds?"""
    return folded(page) != page


def _without(page: Page, ids: Sequence[str]) -> Page:
    blocks: list[Block] = []
    for id, group in _groups(page.blocks):
        if id not in ids:
            blocks += group
        elif id == EVIDENCE:
            blocks += _first(group)
        elif id == DETAILS:
            blocks.append(
                Entry(
                    _("Details"),
                    _("{details} shows the vendor's own words").format(details=key_of("*.details", "e")),
                    "soft",
                )
            )
    return msgspec.structs.replace(page, blocks=tuple(blocks))


def _first(group: list[Block]) -> Iterator[Block]:
    """The first line of evidence, and how many more there are."""
    first, rest = group[0], len(group) - 1
    assert isinstance(first, Entry)
    if rest:
        text = ngettext(
            "{line} ({details} shows {count} more)", "{line} ({details} shows {count} more)", rest
        )
        first = msgspec.structs.replace(
            first, text=text.format(line=first.text, count=count(rest), details=key_of("*.details", "e"))
        )
    yield first


def printed(blocks: Iterable[Block]) -> list[Block]:
    """The blocks as a command prints them without --verbose: long evidence cut, no raw words of a vendor."""
    shown: list[Block] = []
    for id, group in _groups(blocks):
        if id == DETAILS:
            continue
        rest = len(group) - _LINES
        if id == EVIDENCE and rest > 1:
            text = ngettext(
                "… and {count} more line: --verbose shows it",
                "… and {count} more lines: --verbose shows them",
                rest,
            )
            group[_LINES:] = [Entry("", text.format(count=count(rest)), "soft", indent=_indent(group))]
        shown += group
    return shown


def _indent(group: list[Block]) -> int:
    first = group[0]
    return first.indent if isinstance(first, Entry) else 0
