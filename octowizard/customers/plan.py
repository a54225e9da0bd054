"""What is to be done about each pair of customers that are, or may be, one: link, merge through the API, or by hand.

A proposal from what is kept: nothing is read, nothing done. What a merge may do is judged again, on both companies
as they then are, by `merging.py`.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

from octowizard.customers import review
from octowizard.customers.review import Case, Known
from octowizard.customers.route import RECOMMENDED_ABOVE
from octowizard.locale import _, ngettext
from octowizard.matching.evidence import Zone
from octowizard.matching.evidence_text import field_name, sentence
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace.db import Workspace

Action = Literal["link", "merge", "merge-by-hand", "look"]
Route = Literal["none", "queue", "csv", "smart-import"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One pair. `left` and `right` as `workspace.answers` names them; `survivor` one of them, "" where none goes.

    `because`: why this action, and which one survives. `gets` and `conflicts`: fields, in words. `weights`: why the two
    are taken for one. `group`: of more than two, all that are one with them, the one that stays first. `apart`: the
    names with number, place and what hangs on each.
    """

    left: str
    right: str
    left_name: str
    right_name: str
    zone: Zone
    score: float
    action: Action
    survivor: str
    because: str
    gets: tuple[str, ...]
    conflicts: tuple[str, ...]
    weights: tuple[str, ...]
    group: tuple[str, ...]
    apart: tuple[str, str]

    @property
    def shown(self) -> tuple[str, str]:
        """The two by their names; told apart where these are the same."""
        alike = self.left_name.casefold() == self.right_name.casefold()
        return self.apart if alike else (self.left_name, self.right_name)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All steps, those that can be done at once first; how many of each action; and the way that is recommended."""

    steps: tuple[Step, ...]
    counts: dict[Action, int]
    route: Route
    advice: str


_ORDER: tuple[Action, ...] = ("link", "merge", "merge-by-hand", "look")


def plan(workspace: Workspace) -> Plan:
    """The plan for everything that is kept. Computed: seconds with tens of thousands of customers."""
    about = review.known(workspace)
    steps = [
        step_of(queue.case(place), about)
        for queue in (review.queue(workspace, "across"), review.queue(workspace, "within"))
        for place in range(len(queue))
    ]
    steps.sort(key=lambda step: (_ORDER.index(step.action), -step.score, step.left, step.right))
    counts = Counter(step.action for step in steps)
    route, advice = _route(counts)
    return Plan(
        steps=tuple(steps),
        counts={action: counts.get(action, 0) for action in _ORDER},
        route=route,
        advice=advice,
    )


def step_of(case: Case, about: Known) -> Step:
    """What is to be done about one pair."""
    action, reason = _action(case, about)
    left, right = case.names
    survivor = {"left": left, "right": right, "": ""}[case.keep] if action.startswith("merge") else ""
    return Step(
        left=left,
        right=right,
        left_name=case.left.name,
        right_name=case.right.name,
        zone=case.zone,
        score=case.score,
        action=action,
        survivor=survivor,
        because=f"{reason} {_stays(case)}" if survivor else reason,
        gets=tuple(map(field_name, case.gets)) if survivor else (),
        conflicts=tuple(map(field_name, case.conflicts)) if survivor else (),
        weights=tuple(sentence(evidence) for evidence in case.why),
        group=tuple(one.name for one in case.group),
        apart=case.apart,
    )


def _stays(case: Case) -> str:
    return _("{name} stays: {why}.").format(name=case.survivor, why=case.because)


def _action(case: Case, about: Known) -> tuple[Action, str]:
    if case.zone != "sure":
        return "look", _("Likely, but not sure: say whether they are the same.")
    if not case.keep:
        return "link", _("Surely the same: link the relation, and import nothing.")
    gone = case.right if case.keep == "left" else case.left
    if gone.kind == "person":
        return "merge-by-hand", _("The API merges companies only.")
    if IMPORT_TAG not in gone.tags:
        return "merge-by-hand", _("The one that goes may have a history that the API does not show.")
    documents = about.documents.get(gone.key, 0)
    if documents:
        return "merge-by-hand", ngettext(
            "{count} document is made out to the one that goes.",
            "{count} documents are made out to the one that goes.",
            documents,
        ).format(count=documents)
    return "merge", _("The one that goes is a bare import: the API is enough.")


def _route(counts: Counter[Action]) -> tuple[Route, str]:
    by_hand = counts["merge-by-hand"]
    if by_hand > RECOMMENDED_ABOVE:
        return "csv", _(
            "More than {most} pairs need merging by hand: Teamleader recommends the import of a .csv for that; "
            "`octowizard duplicates simulate` shows beforehand what it would do."
        ).format(most=RECOMMENDED_ABOVE)
    if by_hand or counts["merge"]:
        return "queue", _(
            "`octowizard duplicates merge` does what the API is enough for; the rest is merged by hand in "
            "Teamleader."
        )
    if counts["link"] or counts["look"]:
        return "smart-import", _(
            "Nothing is there twice yet: `octowizard duplicates import` links these and imports only the rest."
        )
    return "none", _("No customer is there twice, as far as can be seen.")
