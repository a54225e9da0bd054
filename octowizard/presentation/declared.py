"""What was declared of sides that nobody had signed in to, and where they turned out to be otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, moment
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item

if TYPE_CHECKING:
    from octowizard.onboarding.differences import Difference, Measured
    from octowizard.workspace.declarations import Declared, What


def name(what: What) -> str:
    """What is declared, as people call it."""
    return {
        "years": _("fiscal years"),
        "journals": _("journals"),
        "relations": _("relations of Octopus"),
        "companies": _("companies of Teamleader"),
        "invoices": _("invoices"),
        "credit_notes": _("credit notes"),
    }[what]


def differences(measured: Sequence[Measured], words: Sequence[Difference], now: datetime) -> list[Block]:
    """Each declaration that is measured by now, and where it differed; nothing where none is."""
    if not measured and not words:
        return []
    blocks: list[Block] = [Heading(_("What was declared, measured"))]
    for one in measured:
        heading = _("{what}, declared on {day}").format(what=name(one.what), day=moment(one.at, now))
        if one.source:
            heading = _("{what}, from {file} of {day}").format(
                what=name(one.what), file=one.source, day=moment(one.at, now)
            )
        if one.unread:
            blocks.append(
                Item(_("{what}: not measured yet, {why}").format(what=heading, why=one.unread), "?")
            )
        elif not one.differences:
            blocks.append(Item(_("{what}: as declared.").format(what=heading), "✔"))
        else:
            number = len(one.differences)
            text = ngettext("{what}: {count} difference.", "{what}: {count} differences.", number)
            blocks.append(Item(text.format(what=heading, count=count(number)), "▲"))
            blocks += _each(one.differences)
    if words:
        blocks += [Item(_("Steps that you declared done, and that are not:"), "▲"), *_each(words)]
    return blocks


def _each(several: Iterable[Difference]) -> list[Block]:
    text = _("declared: {declared}; measured: {measured}")
    return [
        Entry(one.subject, text.format(declared=one.declared, measured=one.measured), indent=4)
        for one in several
    ]


def entries(one: Declared) -> str:
    """What was declared, and how much of it: "invoices: 0 entries"."""
    number = len(msgspec.json.decode(one.body, type=list[msgspec.Raw]))
    return ngettext("{what}: {count} entry", "{what}: {count} entries", number).format(
        what=name(one.what), count=count(number)
    )


def history(declared: Sequence[Declared], now: datetime) -> list[Block]:
    """All that was ever declared, the newest first: nothing of it is lost."""
    if not declared:
        return [Item(_("Nothing was declared: both sides are connected, or nobody was asked."))]
    blocks: list[Block] = [Heading(_("Declared so far")), Gap()]
    seen = set()
    for one in reversed(declared):
        source = _("from {file}").format(file=one.source) if one.source else _("by you")
        stands = "" if one.what in seen else _("the newest")
        seen.add(one.what)
        blocks.append(Entry(moment(one.at, now), " · ".join(filter(None, (entries(one), source, stands)))))
    return blocks
