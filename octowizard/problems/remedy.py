"""What to do about a finding or a failing document: the words of the problem's card, in the profile's own menus.

The checks say what is wrong and call the records by name; whatever is shown of it to a person or a program passes
here. One card, one cure: the explainer tells the same steps, with the causes it has confirmed before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from octowizard.checks.registry import Finding, NotChecked, run_checks
from octowizard.locale import _
from octowizard.planning.problems import RECORDS, UNFORESEEN
from octowizard.problems import catalogue
from octowizard.problems.card_text import Screens, filled, step
from octowizard.snapshot.model import Snapshot
from octowizard.workspace.profiles import Profile


class Remedy(NamedTuple):
    """The steps, in order, and when they have helped."""

    fix: tuple[str, ...]
    fixed_when: str


def remedy(problem: str, names: Mapping[str, str], screens: Screens) -> Remedy:
    """What the card says to do, in the menus of these screens."""
    card = catalogue.card(problem) or catalogue.cards()[UNFORESEEN]
    known = {name: value for name, value in names.items() if name in RECORDS}
    return Remedy(
        tuple(step(one, known, screens) for one in card.fix),
        filled(card.fixed_when, known, screens.languages),
    )


class People(NamedTuple):
    """Who is to do it, and what nobody is to do."""

    who: str
    never: tuple[str, ...]


def people(problem: str) -> People:
    """What the card says of the people; it names no record and no label there."""
    card = catalogue.card(problem) or catalogue.cards()[UNFORESEEN]
    return People(_(card.who), tuple(map(_, card.never)))


def remedied(findings: Iterable[Finding], screens: Screens) -> list[Finding]:
    """The findings with what to do."""
    return [
        msgspec.structs.replace(finding, **remedy(finding.problem, finding.names, screens)._asdict())
        for finding in findings
    ]


def checked(
    snapshot: Snapshot, profile: Profile, only: Iterable[str] | None = None, *, booster: bool = False
) -> tuple[list[Finding], list[NotChecked]]:
    """What all checks (or those in `only`) find, with what to do, worst first; and what could not be checked."""
    findings, not_checked = run_checks(snapshot, profile, only)
    return remedied(findings, Screens(profile.screens, booster)), not_checked
