"""What a look at both sides shows of somebody else's sync, and when to look again. Pure.

The Plan says what Teamleader's own integration has still to book, and what stands in its way, as it would stand in the
way of a sync of ours. That integration skips what it cannot book, so that no document waits for another's number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from octowizard.planning.blockers import Blocker
from octowizard.planning.payments import PlannedPayment
from octowizard.planning.plan import Plan, plan, readable
from octowizard.snapshot.model import Booked, DocumentHead, Snapshot
from octowizard.workspace.links import PaymentLink
from octowizard.workspace.profiles import Profile

LEAST = 30.0  # seconds between two looks: the fewest that let a document arrive meanwhile
UNLIMITED = 2.0  # the same where no vendor is to be spared: a practice company without limits
AN_HOUR = 3600.0  # what the calls are spread over at least, when nobody has said for how long


class Standing(NamedTuple):
    """How the documents stand at one look, by id.

    `missing`: not in Octopus, each with what stops it, None where nothing is seen. `awaited`: payments matched in
    Octopus that Teamleader does not have yet, `back`: those that it has since, both by the key of the match.
    `unfollowed`: matched in Octopus, of invoices in a foreign currency without a rate: nobody can tell them.
    """

    there: Mapping[str, Booked]
    missing: Mapping[str, tuple[DocumentHead, Blocker | None]]
    excluded: Mapping[str, DocumentHead]
    awaited: Mapping[str, PlannedPayment]
    back: Mapping[str, PlannedPayment]
    unfollowed: int = 0

    @property
    def blocked(self) -> int:
        """Documents that something stops."""
        return sum(blocker is not None for _head, blocker in self.missing.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is on its way any more."""
        return not (self.missing or self.awaited)


def standing(snapshot: Snapshot, profile: Profile) -> Standing | None:
    """How the documents stand; None where the Snapshot cannot tell."""
    if not readable(snapshot):
        return None
    planned: Plan = plan(snapshot, msgspec.structs.replace(profile, numbering="next"))
    new = [payment for payment in planned.payments if payment.key]
    return Standing(
        {booked.head.id: booked for booked in snapshot.booked},
        {one.head.id: (one.head, one.blocker) for one in planned.documents},
        {head.id: head for head in snapshot.excluded},
        {payment.key: payment for payment in new if payment.fate == "register"},
        {payment.key: payment for payment in new if payment.fate == "in_sync"},
        sum(payment.fate == "no_rate" for payment in new),
    )


def came_back(now: Standing) -> Iterator[PaymentLink]:
    """The payments that Teamleader has by now, as they are remembered."""
    for key, payment in now.back.items():
        yield PaymentLink(key, payment.booked.head.id, payment.amount, payment.day.isoformat(), "found")


def changed(before: Standing | None, now: Standing) -> Iterator[tuple[DocumentHead, Blocker | None]]:
    """The missing documents that were not so at the look before: new ones, those with another cause, or removed."""
    known = before.missing if before is not None else {}
    for key, (head, blocker) in now.missing.items():
        if key not in known or known[key][1] != blocker:
            yield head, blocker


def next_look(
    left: int | None, reserve: int | None, renewed_in: float, ends_in: float | None, quiet_for: float = 0.0
) -> float:
    """Seconds until the next look.

    `left`: looks that today's calls allow, None without a limit; `renewed_in`: seconds until they are given anew.
    Half of them stay in hand, for checks and for the hours to come: of those that were there when a watch began that
    ends in `ends_in` seconds (`reserve`), else of those that are left, which are spread over an hour, or over as long
    as nothing has changed: a watch without an end looks the more seldom the longer nothing comes.
    """
    if left is None:
        return UNLIMITED
    spare = left - (left // 2 if reserve is None else reserve)
    if spare <= 0 or left <= 1:
        return max(LEAST, renewed_in)
    span = max(AN_HOUR, quiet_for) if ends_in is None else ends_in
    return max(LEAST, min(span, renewed_in) / spare)
