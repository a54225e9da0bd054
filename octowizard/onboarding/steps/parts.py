"""What all steps share: what they are told, how they wait for each other, menu paths, small sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from octowizard.books.fiscal import FiscalYear, year_of
from octowizard.checks.years import next_year_missing
from octowizard.locale import _
from octowizard.locale.labels import path, shown
from octowizard.onboarding.detect import Detected
from octowizard.onboarding.model import Change, Declaration, Show, State
from octowizard.onboarding.state import Standing
from octowizard.planning.problems import Part

Propose = Callable[[str, Standing], tuple[Change, ...]]  # what can be changed for the user at a step
SETTLED = (State.DONE, State.SKIPPED, State.NOT_NEEDED)


class Told(NamedTuple):
    """What a step is made from: the Standing, the scenario, and how the steps before it stand."""

    standing: Standing
    detected: Detected
    before: Mapping[str, State]
    propose: Propose

    def changes(self, step: str) -> tuple[Change, ...]:
        """What can be done for the user here."""
        return self.propose(step, self.standing)

    def waits_for(self, *steps: str) -> str | None:
        """The first of these steps that is not settled yet."""
        return next((one for one in steps if self.before.get(one, State.DONE) not in SETTLED), None)

    def why_unread(self, *parts: Part) -> str:
        """Why what the step depends on could not be read; "" when it was."""
        unread = self.standing.snapshot.unread
        return next((unread[part] or _("not read yet") for part in parts if part in unread), "")


def state_of(done: bool, *, unread: str = "", waits: str | None = None) -> State:
    """The state of a step that is either done or not; what is not known is never taken for done."""
    if unread:
        return State.UNKNOWN
    if done:
        return State.DONE
    return State.WAITS if waits else State.TODO


def declaration(standing: Standing, key: str, question: str) -> Declaration:
    """A question that only the user can answer, with the answer so far."""
    return Declaration(key=key, question=question, answer=standing.declared(key))


def show(
    standing: Standing, vendor: Literal["Octopus", "Teamleader"], menu: Iterable[str], text: str
) -> Show:
    """How it is done by hand; `menu`: ids of labels, shown in the language of the user's Octopus."""
    return Show(vendor, path(menu, standing.profile.octopus_language), text)


def label(standing: Standing, id: str) -> str:
    """One label as the user's screen shows it."""
    return shown(id, standing.profile.octopus_language)


def day(when: date) -> str:
    """A day in a sentence."""
    return when.isoformat()


def concerned(standing: Standing) -> tuple[FiscalYear, ...]:
    """The open fiscal years in which something is or will be booked: from the start date and the documents on."""
    snapshot = standing.snapshot
    since = min([snapshot.start_date, *(head.date for head in snapshot.pending)])
    return tuple(year for year in snapshot.years if not year.closed and year.end >= since)


def days_needed(standing: Standing) -> tuple[date, ...]:
    """The days that a fiscal year must hold: the start date, every waiting document, and today."""
    snapshot = standing.snapshot
    wanted = {snapshot.start_date, *(head.date for head in snapshot.pending)}
    if standing.looked:
        wanted.add(max(standing.today, snapshot.start_date))
    return tuple(sorted(wanted))


def days_without_year(standing: Standing) -> tuple[date, ...]:
    """Those that no fiscal year holds."""
    return tuple(one for one in days_needed(standing) if year_of(standing.snapshot.years, one) is None)


def next_year_due(standing: Standing) -> bool:
    """Whether the year after this one must be made now: the present one ends within two months."""
    return bool(standing.snapshot.years) and next_year_missing(standing.snapshot) is not None
