"""Where a name in Teamleader leads to in Octopus, or why it leads nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, labelled
from octowizard.presentation.blocks import Block, Item, Page, Tone, items, tone_of

if TYPE_CHECKING:
    from octowizard.onboarding.mapping import Row


def kind_name(row: Row) -> str:
    """What a row is about."""
    return {
        "category": _("product category"),
        "rate": _("VAT rate"),
        "discount": _("discounts"),
        "mirror-journal": _("payments"),
        "mirror-account": _("payments"),
    }[row.kind]


def mark_of(row: Row) -> tuple[str, Tone]:
    """Mark and tone: fails, may be chosen, or leads somewhere."""
    mark = "✖" if row.trouble and not row.optional else "✔" if row.value else "–"
    return mark, tone_of(mark)


def leads_to(row: Row) -> str:
    """The account or code that holds now."""
    return f"{row.value or '–'} {row.named}".strip()


def proposed(row: Row) -> str:
    """The account or code that would do."""
    return f"{row.proposal} {row.proposed}".strip()


def searched(row: Row) -> str:
    """All that a search finds a row by, in small letters."""
    return " ".join((row.label, kind_name(row), leads_to(row), proposed(row))).casefold()


def waiting(row: Row) -> str:
    """How many documents need it; empty for none."""
    text = ngettext("{count} document waits.", "{count} documents wait.", row.waiting)
    return text.format(count=count(row.waiting)) if row.waiting else ""


def _origin(row: Row) -> str:
    """Where the value comes from."""
    return {
        "teamleader": _("set in Teamleader"),
        "chosen": _("your choice"),
        "proposed": _("by rate and name"),
        "none": _("leads nowhere"),
    }[row.origin]


def _trouble(row: Row) -> str:
    return f"{row.trouble} {waiting(row)}".strip() if row.trouble else ""


def _proposal(row: Row) -> str:
    """What is proposed, with the reason; else why it is as it is."""
    if not row.proposal:
        return row.reason
    text = _("Proposal: {value}. {reason}") if row.sure else _("Doubtful proposal: {value}. {reason}")
    return text.format(value=proposed(row), reason=row.reason)


def about(row: Row) -> Page:
    """Where a row leads to and why."""
    held = f"→ {leads_to(row)}" if row.value and not row.trouble else ""
    parts = (f"{kind_name(row)} · {_origin(row)}", row.detail, _trouble(row), row.note, held)
    blocks = [
        *items(parts, tone="soft"),
        *items((_proposal(row),), tone="busy" if row.proposal else "soft"),
    ]
    return Page(title=row.label, mark=mark_of(row)[0], blocks=tuple(blocks))


def in_lines(row: Row) -> list[Block]:
    """A row of a list: one line, and more of them only where something is to be known."""
    text = f"{labelled(row.label, leads_to(row))}  ({_origin(row)})" if row.value else row.label
    details = (_trouble(row), row.note, _proposal(row) if row.proposal else "")
    return [Item(text, mark_of(row)[0]), *(Item(line, indent=4) for line in details if line)]
