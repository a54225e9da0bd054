"""What a set-up is made of: a scenario, its steps with their state, and the changes that octowizard offers to make.

Plain structs without behaviour; `guide.py` derives them from what was read and decided. All texts are already in the
user's language; what came from a vendor stands in them letter for letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, get_args

import msgspec

ScenarioName = Literal["a", "b", "c"]
SCENARIOS: tuple[ScenarioName, ...] = get_args(ScenarioName)
Screen = Literal["mapping", "duplicates", "sync", "checks", "calendar"]
Phase = Literal["accounts", "books", "customers", "sync"]
PHASES: tuple[Phase, ...] = get_args(Phase)


class State(StrEnum):
    """How a step stands, derived from both sides and from what was declared; never from a key press."""

    DONE = "done"
    TODO = "todo"  # something is to be done here, and can be done now
    WAITS = "waits"  # for an earlier step
    NOT_YET = "not_yet"  # there is nothing to do it with yet; it comes back by itself
    SKIPPED = "skipped"  # by the user, with its consequence
    NOT_NEEDED = "not_needed"  # in this scenario
    UNKNOWN = "unknown"  # it could not be read; `now` says why


SETTLED = (State.DONE, State.SKIPPED, State.NOT_NEEDED)  # nothing is asked for here


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One write that octowizard offers to make: exactly what is sent, and nothing else.

    `id` stays the same as long as the change is wanted, such as `create-journal:5:V2`. `result` says what is so once it
    is made. `method`, `path` and `body` are the request; `lines` say all of the body's content, as (what, value).
    `also`: what else this brings about, and what can't be undone. `who`: who should agree to it. `before`: what stands
    there now, by paths into the body; where it is otherwise by then, the change is not made.
    """

    id: str
    title: str
    result: str
    vendor: Literal["Octopus", "Teamleader"]
    method: str
    path: str
    body: Mapping[str, Any]
    lines: tuple[tuple[str, str], ...]
    who: str = ""
    also: tuple[str, ...] = ()
    irreversible: bool = False
    before: Mapping[str, Any] = {}


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Something that no API shows and that only the user can say. `answer` None: not asked yet."""

    key: str
    question: str
    answer: bool | None = None


class Show(msgspec.Struct, frozen=True):
    """How it is done by hand: the menu path in the language that the vendor's screen is shown in, and the words.

    `menu`: the ids of its labels, for whoever sees another language.
    """

    vendor: Literal["Octopus", "Teamleader"]
    path: str
    text: str
    menu: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the set-up.

    `what` and `why` in a few sentences; `notes`: warnings that matter here; `now`: the live state in words and numbers;
    `changes`: what can be done for the user; `show`: how to do it by hand; `skip`: what skipping brings, None where it
    can't be skipped; `opens`: the screen where the step is done; `problems`: cards of the catalogue behind it;
    `files`: ready texts (crontab line, systemd timer), as (name, text); `command`: what is typed next for it, "" where
    it is that of every step. `unconnected`: a side is not connected, so that octowizard does nothing here by itself;
    `declares`: what of that side can be declared here (see `declarables.py`), `declaring`: what is typed for each.
    `phase`: the part of the set-up that it
    belongs to; `recall`: what was answered or made here, in a few words, once it is settled. `consent`: the key of the
    question without whose yes no change is offered, and that may be given together with agreeing to `consenting`, the
    changes that are wanted then; "" for none. `foretold`: the changes of the next step that
    follow from those of this one and need no other answer; `then`: titles of what follows once its questions are
    answered.
    """

    id: str
    title: str
    state: State
    what: str
    why: str
    now: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    show: tuple[Show, ...] = ()
    skip: str | None = None
    opens: Screen | None = None
    problems: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    command: str = ""
    unconnected: bool = False
    declares: tuple[str, ...] = ()
    declaring: tuple[str, ...] = ()
    phase: Phase = "accounts"
    recall: str = ""
    consent: str = ""
    consenting: tuple[Change, ...] = ()
    foretold: tuple[Change, ...] = ()
    then: tuple[str, ...] = ()


def made_by_one_yes(step: Step) -> tuple[Change, ...]:
    """All that one yes makes at the step: what it offers, or what its consent offers, and what follows from that."""
    return (*(step.changes or step.consenting), *step.foretold)


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What comes after a complete set-up, in sentences.

    `runs`: what is done when, and by whom; `later`: what comes back by itself, and with what; `left_out`: the steps
    that were skipped, with what that brings; `tomorrow`: what to look at next.
    """

    runs: tuple[str, ...]
    later: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    tomorrow: tuple[str, ...] = ()


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """The whole set-up as it stands. `overruled`: the user chose another scenario than was detected.

    `reason`: the counts when it was detected, `counts`: those that are otherwise by now, "" for none.
    `booster` None: the question has not been answered. `current`: id of the first step that asks for something.
    `summary`: what a complete set-up has come to, and `closing`: what comes after it; empty and None as long as
    something is asked for.
    """

    scenario: ScenarioName
    detected: ScenarioName
    reason: str
    overruled: bool
    booster: bool | None
    steps: tuple[Step, ...]
    current: str | None
    counts: str = ""
    summary: tuple[str, ...] = ()
    closing: Closing | None = None

    @property
    def done(self) -> int:
        """How many steps ask for nothing any more."""
        return sum(step.state in SETTLED for step in self.steps)

    @property
    def counted(self) -> bool:
        """Is every step known, so that `done` says how far the set-up is?"""
        return all(step.state is not State.UNKNOWN for step in self.steps)
