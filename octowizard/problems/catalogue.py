"""The catalogue of problems: one card per file in `catalogue/`, read once, with its types checked.

A card says by which words a problem is recognised, what can cause it, what to do and what not to do; how grave it is
and which error numbers mean it is declared in `planning.problems`. Its texts are English and
pass through `_` when they are shown; its messages in three languages are data to recognise by, never shown.
Not here: recognising (`recognition.py`) and finding out which cause it is (`explain.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from octowizard.planning.problems import PROBLEMS, Severity, by_code

Language = Literal["en", "nl", "fr"]
Area = Literal[
    "fiscal years", "journals", "accounts", "VAT", "documents", "customers", "payments", "access", "set-up"
]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do. `path`: the menu path by label ids (see `octowizard.locale.labels`), may be empty.

    `booster`: the path with the Accounting Connector Booster, where that is another one than its tab Accounting.
    """

    text: str
    path: tuple[str, ...] = ()
    booster: tuple[str, ...] = ()


class Cause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be behind a problem.

    `confirmed_by`: ids of problems; a finding with one of them confirms this cause, and the checks that report
    them, when they find nothing, rule it out. `cannot_be_seen`: no reading shows it, only a write or a person.
    Where `id` is the id of a card, that card's steps are the cure.
    """

    id: str
    text: str
    confirmed_by: tuple[str, ...] = ()
    cannot_be_seen: bool = False


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The texts of one problem; its facts are declared in `planning.problems`.

    `messages`: patterns per language, with the names of the records in braces. `short_messages`: the same, but so
    common that they count only where the text also names Octopus or Teamleader; `whole_messages`: also where the text
    is nothing else. `likely`: the concepts that together make the problem in any words (`gone|unknown` is either; a
    `!` at the end: nothing else is spoken of so; a `?`: other cards say it better); `unlikely`: those that rule it
    out. In shown texts `{journal}` and
    its like stand for a record, `{octopus.journals}` for a menu label. `source`: the vendor's page, or *inferred*.
    """

    id: str
    title: str
    area: Area
    summary: str
    causes: tuple[Cause, ...]
    fix: tuple[Step, ...]
    who: str
    fixed_when: str
    source: str
    messages: dict[Language, tuple[str, ...]] = {}
    short_messages: dict[Language, tuple[str, ...]] = {}
    whole_messages: dict[Language, tuple[str, ...]] = {}
    likely: tuple[str, ...] = ()
    unlikely: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    signing_in: str = ""  # what it means to whoever is just signing in

    @property
    def severity(self) -> Severity:
        """How grave the problem is where it is found."""
        return PROBLEMS[self.id].severity

    def texts(self) -> Iterator[str]:
        """Every text that is shown, as written: what translators get."""
        yield from (self.title, self.summary, self.who, self.fixed_when)
        yield from (cause.text for cause in self.causes)
        yield from (step.text for step in self.fix)
        yield from self.never
        if self.signing_in:
            yield self.signing_in


@cache
def cards() -> dict[str, Card]:
    """All cards by id, in order of their ids. Raises msgspec.ValidationError for a card that is not well formed."""
    folder = files("octowizard.problems") / "catalogue"
    by_id = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            card = msgspec.toml.decode(file.read_bytes(), type=Card)
            by_id[card.id] = card
    return by_id


def card(problem: str) -> Card | None:
    """The card of a problem; `octopus-16`, as failures without a better name are called, is that of error -16."""
    known = cards().get(problem)
    if known is None and problem.startswith("octopus-") and problem[8:].isdigit():
        return cards().get(by_code(-int(problem[8:])))
    return known
