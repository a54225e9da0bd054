"""Which of the three documented situations this is, and the counts that say so. Pure; the user may overrule it.

Told from the counts of the first whole look at both sides: what an import or a sync of ours adds later must not turn
one situation into another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from octowizard.locale import _
from octowizard.locale.counted import Thing, counted
from octowizard.onboarding.model import SCENARIOS, ScenarioName
from octowizard.onboarding.standing import Counts, Standing

FEW = 5  # so many customers are tried out with, or came with the account: no database of customers (our judgement)


class Detected(NamedTuple):
    """The situation that holds, the one that the counts say, and why. `now`: what counts otherwise by now."""

    scenario: ScenarioName
    detected: ScenarioName
    reason: str
    overruled: bool
    now: str


def detect(standing: Standing) -> Detected:
    """The scenario of a Standing: the user's choice, else what the counts say."""
    counts = standing.first or standing.counts
    counted = of_counts(counts)
    chosen = chosen_scenario(standing.decisions)
    overruled = chosen is not None and chosen != counted
    why = reason(counts, measurable=not standing.profile.unconnected)
    return Detected(chosen or counted, counted, why, overruled, changed(counts, standing.counts))


def chosen_scenario(decisions: Mapping[str, Any]) -> ScenarioName | None:
    """What the user decided, or None."""
    return next((name for name in SCENARIOS if decisions.get("scenario") == name), None)


def of_counts(counts: Counts) -> ScenarioName:
    """A: Octopus holds nothing yet. B: only Octopus holds customers. C: both do.

    What could not be counted is taken for none; `reason` then says that it was not counted.
    """
    clients = counts.clients or 0
    customers = (counts.companies or 0) + (counts.contacts or 0)
    if not counts.bookings and (clients <= FEW or clients * 20 <= customers):
        return "a"
    if customers <= FEW and not counts.documents:
        return "b"
    return "c"


def title(scenario: ScenarioName) -> str:
    """The situation in a few words."""
    return {
        "a": _("A · Octopus is empty"),
        "b": _("B · the customers are in Octopus, Teamleader is empty"),
        "c": _("C · both Octopus and Teamleader hold customers"),
    }[scenario]


def reason(counts: Counts, *, measurable: bool = True) -> str:
    """The counts in a sentence; `measurable`: looking again may count what lacks."""
    each = _each(counts)
    text = _("Octopus: {octopus}. Teamleader: {teamleader}.").format(
        octopus=", ".join(filter(None, each[:_OF_OCTOPUS])) or _("not counted"),
        teamleader=", ".join(filter(None, each[_OF_OCTOPUS:])) or _("not counted"),
    )
    if counts.whole:
        return text
    if not measurable:
        rest = _("Exported lists count the rest; or say yourself which situation is yours.")
    else:
        rest = _("Not all of it could be counted: look again before you rely on this.")
    return f"{text} {rest}"


_OF_OCTOPUS = 4  # of the counts, the others are of Teamleader


def _each(counts: Counts) -> list[str]:
    """Each count with its name; "" for one that could not be had."""
    return [
        _counted("customer", counts.clients),
        _counted("fiscal year", counts.bookyears),
        _counted("journal", counts.journals),
        _counted("sales booking", counts.bookings),
        _counted("company", counts.companies),
        _counted("contact", counts.contacts),
        _counted("document", counts.documents),
    ]


def overruling(counted: ScenarioName) -> str:
    """That the user chose another situation than the counts say."""
    return _("You chose this situation; the counts say: {title}.").format(title=title(counted))


def changed(then: Counts, now: Counts) -> str:
    """The counts that are otherwise by now, as they are now; "" where all are as they were."""
    pairs = zip(_each(then), _each(now), strict=True)
    return ", ".join(new for old, new in pairs if new and new != old)


def evidence(reason: str, now: str) -> tuple[str, ...]:
    """The counts when it was detected, beside those that are otherwise by now; one line as long as none is."""
    if not now:
        return (reason,)
    return (_("When detected: {counts}").format(counts=reason), _("Now: {counts}.").format(counts=now))


def _counted(thing: Thing, number: int | None) -> str:
    return "" if number is None else counted(thing, number)
