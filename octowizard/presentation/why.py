"""One document, everything, as it is given: what `--json` says, and the page for screen, terminal and copies.

The words are those of `why_words`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale import _, ngettext
from octowizard.locale.formats import amount, count, dated_moment, day, labelled
from octowizard.presentation.blocks import Block, Entry, Item, Page, listed
from octowizard.presentation.detail import cure
from octowizard.presentation.events import kind_name
from octowizard.presentation.folds import MORE, folding
from octowizard.presentation.text import cut
from octowizard.problems.remedy import people

if TYPE_CHECKING:
    from octowizard.session.documents import NoDocument

State = Literal["in-sync", "to-book", "blocked", "waits", "excluded", "unknown", "before-start", "unread"]
Unpaid = Literal[
    "not-booked",
    "other-content",
    "not-reconciled",
    "next-sync",
    "question",
    "in-doubt",
    "parked",
    "partly",
    "unsure",
]
NAME = 50  # letters of the customer's name in the title
EVENTS = 3  # of its history that the page shows; `history --document` has them all


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The document as Teamleader's list shows it. `changed`: when it last was, as the vendor wrote it.

    `amount`: as in events, never negative; `booked_amount` has the sign that lists show.
    """

    kind: str
    id: str
    number: str
    date: date
    customer: str
    amount: Decimal
    currency: str
    open_amount: Decimal | None
    changed: str
    web_url: str | None

    @property
    def booked_amount(self) -> Decimal:
        """The amount with the sign that it is booked with: below zero for a credit note."""
        return -self.amount if self.kind == "credit_note" else self.amount


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """Where it stands in Octopus. `since`: since when octowizard knows it there."""

    bookyear: int
    journal: str
    number: int
    by_octowizard: bool
    since: datetime | None


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """What stops it. `document`: number of the document that it is about, where that is another one."""

    problem: str
    title: str
    evidence: tuple[str, ...]
    fix: tuple[str, ...]
    fixed_when: str
    document: str = ""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment on either side. `day`: the bank date; `standing`: as in `planning.payments`; `text`: in words."""

    amount: Decimal
    day: date
    journal: str
    standing: str
    text: str


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What happened `times` times in a row, in the runs from `at` to `last`."""

    run: int
    at: datetime
    last: datetime
    times: int
    mark: str
    text: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """All of it.

    `alike`: documents whose numbers differ from this one's by blanks only. `stops`: in the order in which they are
    met. `foreseen`: by the last preview, since the last sync.
    """

    document: Document
    state: State
    mark: str
    taken_at: datetime | None
    alike: tuple[str, ...]
    teamleader: tuple[str, ...]
    octopus: tuple[str, ...]
    booking: Booking | None
    stops: tuple[Stop, ...]
    next_sync: tuple[str, ...]
    payments: tuple[Payment, ...]
    unpaid: Unpaid | None
    unpaid_because: str
    history: tuple[Past, ...]
    foreseen: Past | None
    next: str
    rests_on: tuple[str, ...] = ()  # what was declared, and not measured: sentences


def not_found(error: NoDocument) -> str:
    """Why no single document is meant, with the nearest, in one sentence."""
    if error.several:
        text = _("“{number}” can be each of these, so give the id: {documents}.")
    elif error.unread:
        text = _("The documents of Teamleader were not read ({why}), so nothing can be told of “{number}”.")
    elif error.near:
        text = _("There is no document “{number}” from {start} on; the nearest are {documents}.")
    else:
        text = _("There is no document “{number}” from {start} on: look at its number in Teamleader.")
    documents = [f"{kind_name(head.kind)} {head.number}" for head in error.near]
    documents += [f"{kind_name(head.kind)} {head.number} ({head.id})" for head in error.several]
    return text.format(
        number=error.text, start=day(error.start), documents=", ".join(documents), why=error.unread
    )


def page(why: Why, now: datetime) -> Page:
    """The document on a page: the way it goes in one line, what stops it and the one thing to do, then the rest."""
    document = why.document
    name, due = kind_name(document.kind).capitalize(), amount(document.booked_amount, document.currency)
    first = why.stops[0] if why.stops else None
    blocks: list[Block] = [
        Item(_way(why), tone="head"),
        *([_stopping(first)] if first is not None else ()),
        *_cure(why, first),
        *(_stopping(stop, then=True) for stop in why.stops[1:]),
        *listed(_("Not meant"), why.alike, "soft"),
        *folding(MORE, listed("Teamleader", why.teamleader)),
        *folding(MORE, listed("Octopus", why.octopus)),
        *listed(_("Next sync"), why.next_sync),
        *listed(_("Payments"), (one.text for one in why.payments)),
        *listed(_("Still unpaid"), (why.unpaid_because,)),
        *_story(why, now),
        *listed(_("Rests on"), why.rests_on, "soft"),
    ]
    return Page(
        mark=why.mark,
        title=f"{name} {document.number}  {cut(document.customer, NAME)}  {due}",
        aside=day(document.date),
        blocks=tuple(blocks),
        address=document.web_url or "",
    )


def _way(why: Why) -> str:
    """The way of the document from Teamleader to its payment, with how far it has come."""
    matched = [one for one in why.payments if one.journal]
    due = why.document.open_amount
    paid = "–" if due is None else "✔" if due <= 0 else "○" if due == why.document.amount else "▲"
    return _("Teamleader ✔ ──▶ Octopus {octopus} ──▶ matched {matched} ──▶ paid {paid}").format(
        octopus=_in_octopus(why),
        matched="✔" if matched else "○" if why.booking is not None else "–",
        paid=paid,
    )


def _in_octopus(why: Why) -> str:
    """How it stands in Octopus, in a mark and a word."""
    if why.booking is not None:
        return f"✔ {why.booking.journal}/{why.booking.number}"
    return {
        "to-book": _("○ ready"),
        "blocked": _("✖ blocked"),
        "waits": _("✖ waits"),
        "excluded": _("– excluded"),
        "before-start": _("– before the start date"),
    }.get(why.state, _("? not known"))


def _cure(why: Why, stop: Stop | None) -> list[Block]:
    """The one thing to do; where something stops it, by whom, what not, and what shows it."""
    if stop is None:
        return cure((why.next,))
    by = people(stop.problem)
    return [
        *cure((why.next,), (by.who,), by.never, stop.evidence, stop.fixed_when, brief=True),
        *folding(MORE, listed(_("Further steps"), stop.fix[1:])),
    ]


def _stopping(stop: Stop, *, then: bool = False) -> Block:
    label, text = _("Then") if then else _("Stops it"), stop.title
    if stop.document:
        label = _("Waits for")
        text = _("{number}, because numbers must follow each other. {title}").format(
            number=stop.document, title=stop.title
        )
    return Entry(label, text, mark="○" if stop.document else "✖")


def _story(why: Why, now: datetime) -> Iterator[Block]:
    earlier = len(why.history) - EVENTS
    shown = [labelled(_when(one, now), one.text) for one in why.history[-EVENTS:]]
    if earlier > 0:
        text = ngettext("… and {count} thing before", "… and {count} things before", earlier)
        shown.insert(0, text.format(count=count(earlier)))
    if why.foreseen is not None:
        text = _("{moment}: a preview foresaw it, and wrote nothing: {what}")
        shown.append(text.format(moment=dated_moment(why.foreseen.last, now), what=why.foreseen.text))
    yield from listed(_("History"), shown or (_("No sync that is remembered here did anything with it."),))


def _when(past: Past, now: datetime) -> str:
    if past.times == 1:
        return dated_moment(past.at, now)
    text = _("{first} – {last} ({times} times)")
    return text.format(first=dated_moment(past.at, now), last=dated_moment(past.last, now), times=past.times)
