"""Which of the three documented situations this is, and the counts that say so. Pure; the user may overrule it.

Told from the counts of the first whole look at both sides: what an import or a sync of ours adds later must not turn
one situation into another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import ScenarioName
from octowizard.onboarding.standing import Counts, Standing

FEW = 5  # so many customers are tried out with, or came with the account: no database of customers (our judgement)
NAMES: tuple[ScenarioName, ...] = ("a", "b", "c")


class Detected(NamedTuple):
    """The situation that holds, the one that the counts say, and why."""

    scenario: ScenarioName
    detected: ScenarioName
    reason: str
    overruled: bool


def detect(standing: Standing) -> Detected:
    """The scenario of a Standing: the user's choice, else what the counts say."""
    counts = standing.first or standing.counts
    found = of_counts(counts)
    chosen = chosen_scenario(standing.decisions)
    return Detected(chosen or found, found, reason(counts), chosen is not None and chosen != found)


def chosen_scenario(decisions: Mapping[str, Any]) -> ScenarioName | None:
    """What the user decided, or None."""
    return next((name for name in NAMES if decisions.get("scenario") == name), None)


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


def reason(counts: Counts) -> str:
    """The counts in a sentence."""
    octopus = [
        _counted(counts.clients, lambda n: ngettext("{count} customer", "{count} customers", n)),
        _counted(counts.bookyears, lambda n: ngettext("{count} fiscal year", "{count} fiscal years", n)),
        _counted(counts.journals, lambda n: ngettext("{count} journal", "{count} journals", n)),
        _counted(counts.bookings, lambda n: ngettext("{count} sales booking", "{count} sales bookings", n)),
    ]
    teamleader = [
        _counted(counts.companies, lambda n: ngettext("{count} company", "{count} companies", n)),
        _counted(counts.contacts, lambda n: ngettext("{count} contact", "{count} contacts", n)),
        _counted(counts.documents, lambda n: ngettext("{count} document", "{count} documents", n)),
    ]
    text = _("Octopus: {octopus}. Teamleader: {teamleader}.").format(
        octopus=", ".join(filter(None, octopus)) or _("not counted"),
        teamleader=", ".join(filter(None, teamleader)) or _("not counted"),
    )
    if counts.whole:
        return text
    return f"{text} {_('Not all of it could be counted: look again before you rely on this.')}"


def _counted(count: int | None, form: Any) -> str:
    return "" if count is None else form(count).format(count=count)
