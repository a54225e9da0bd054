"""A practice company that is still being made, in words: how large it becomes, how far it is, how long yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.locale import _
from octowizard.locale.counted import counted
from octowizard.presentation.events import time_left

if TYPE_CHECKING:
    from octowizard.session.practice_company import Making


def in_the_making(making: Making | None) -> str:
    """That it is being made, and what makes it take a while; None: nothing is known of that."""
    if making is None:
        return _("The practice company is being made ready; a large one takes a minute or so…")
    text = _("The practice company is being made ready, with {customers} and {documents}: {left}.")
    return text.format(
        customers=counted("customer", making.customers),
        documents=counted("document", making.documents),
        left=time_left(making.seconds or 1),
    )


def how_far_made(making: Making) -> str:
    """`about 12 s left · making 10.000 customers and 20.000 documents: 46 %`."""
    text = _("making {customers} and {documents}: {percent} %").format(
        customers=counted("customer", making.customers),
        documents=counted("document", making.documents),
        percent=making.percent,
    )
    return f"{time_left(making.seconds)} · {text}" if making.seconds else text
