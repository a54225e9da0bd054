"""What a user agrees to before something is written: a change, letter for letter as it is sent; or a loss, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item

if TYPE_CHECKING:
    from octowizard.onboarding.guards import Warning
    from octowizard.onboarding.model import Change, Step

MOST = 12  # records that a loss names


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its two answers. `red`: something is lost or cannot be undone; `careful`: no comes first."""

    title: str
    blocks: tuple[Block, ...]
    yes: str
    no: str
    red: bool = False
    careful: bool = False


def changes(wanted: Sequence[Change]) -> Question:
    """The question before these changes are made; red where one of them cannot be undone."""
    number = len(wanted)
    title = ngettext("Make this change?", "Make these {count} changes?", number).format(count=count(number))
    blocks: list[Block] = []
    if number > 1:
        blocks += [Item(one.title, f"{count(place)}.", lead="soft") for place, one in enumerate(wanted, 1)]
    for one in wanted:
        blocks += [*([Gap()] if blocks else []), *change(one)]
    red = any(one.irreversible for one in wanted)
    return Question(title=title, blocks=tuple(blocks), yes=_("do it"), no=_("not now"), red=red)


def proposal(step: Step) -> Question:
    """The question before all that a step offers is made, with what was foretold to follow from it.

    Where the step asks for somebody's consent, the yes gives that too.
    """
    from octowizard.onboarding.model import made_by_one_yes

    asked = changes(made_by_one_yes(step))
    consent = next((one.question for one in step.declarations if one.key == step.consent), "")
    if not consent:
        return asked
    question = (
        Item(consent, "?", "head"),
        Item(_("Yes says so, and makes what stands here."), indent=2),
        Gap(),
    )
    return msgspec.structs.replace(
        asked, blocks=(*question, *asked.blocks), yes=_("agreed: do it"), careful=True
    )


def change(one: Change) -> list[Block]:
    """A change, letter for letter as it is sent, with what else it brings about and who should agree to it."""
    blocks: list[Block] = [Heading(one.title)]
    blocks += [Entry(what, value, indent=2) for what, value in one.lines]
    blocks += [Item(text, "▲", lead="bad" if one.irreversible else "warn", indent=2) for text in one.also]
    if one.irreversible:
        blocks.append(Item(_("This cannot be undone."), "✖", "head", indent=2))
    if one.who:
        blocks.append(Item(one.who, indent=2))
    return [*blocks, Item(f"{one.vendor}: {one.method} {one.path}", tone="soft", indent=2)]


def loss(warning: Warning, yes: str) -> Question:
    """The red question before something is lost."""
    blocks: list[Block] = [Item(sentence, "✖") for sentence in warning.loss]
    blocks += [Item(record, tone="soft", indent=4) for record in warning.records[:MOST]]
    if len(warning.records) > MOST:
        blocks.append(Item(more(len(warning.records) - MOST), tone="soft", indent=4))
    no = _("leave it as it is")
    return Question(title=warning.title, blocks=tuple(blocks), yes=yes, no=no, red=True)


def more(number: int) -> str:
    """The last line of a list that is longer than what is shown of it."""
    return _("… and {count} more").format(count=count(number))


def leaving(*, sync: bool) -> Question:
    """The question before the app is left while a sync, or something else that writes, is on."""
    text = _(
        "octowizard ends after the write that is in flight. What is written stays written; the next time takes the "
        "rest."
    )
    title = _("A sync is on") if sync else _("Something is being written")
    return Question(title=title, blocks=(Item(text),), yes=_("stop and leave"), no=_("stay"))
