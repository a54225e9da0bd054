"""What a step of the set-up declares, and the list of all that do.

A step is one module of this package: `@step` declares where it stands, what it needs, reads and offers, and the
function below it derives its state and texts. Others name a step by importing its declaration, never by its id.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Literal, NamedTuple, Required, TypedDict, Unpack

from octowizard.locale import _
from octowizard.locale.labels import path, shown
from octowizard.onboarding import fixes
from octowizard.onboarding.detect import Detected
from octowizard.onboarding.model import Change, Declaration, ScenarioName, Screen, Show, State, Step
from octowizard.onboarding.standing import Standing
from octowizard.planning.problems import Fix
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import Part
from octowizard.workspace.profiles import Profile

Action = Literal[
    "dossier",
    "integration",
    "connection",
    "mapping",
    "import",
    "merge-duplicates",
    "preview-and-sync",
    "sync",
]
SETTLED = (State.DONE, State.SKIPPED, State.NOT_NEEDED)


class StepDefinition(NamedTuple):
    """What is declared of a step.

    `place`: steps come in the order of these numbers, which is that of the help centre's article on connecting Octopus.
    `scenarios`: those that have the step. `needs`: steps that are settled first; None: every one before it. `reads`:
    parts of the Snapshot on which its state depends, read by *check again*; None: both sides, whole. `reads_customers`:
    all customers of Teamleader too. `offers`: what can be changed for the user here, in this order. `action`: what else
    is done here, which a front end asks about in its own way. `at_start`: while its state is unknown, nothing is known.
    """

    id: str
    place: int
    scenarios: str
    needs: tuple[StepDefinition, ...] | None
    reads: frozenset[Part] | None
    reads_customers: bool
    offers: tuple[Fix, ...]
    action: Action | None
    at_start: bool
    derive: Callable[[StepContext], Step]


def step(
    id: str,
    *,
    place: int,
    scenarios: str = "abc",
    needs: tuple[StepDefinition, ...] | None = (),
    reads: Iterable[Part] | None = (),
    reads_customers: bool = False,
    offers: tuple[Fix, ...] = (),
    action: Action | None = None,
    at_start: bool = False,
) -> Callable[[Callable[[StepContext], Step]], StepDefinition]:
    """Declare a step; the decorated name becomes its `StepDefinition`."""
    parts: frozenset[Part] | None = None if reads is None else frozenset(reads)

    def declare(derive: Callable[[StepContext], Step]) -> StepDefinition:
        return StepDefinition(
            id, place, scenarios, needs, parts, reads_customers, offers, action, at_start, derive
        )

    return declare


@cache
def definitions() -> Mapping[str, StepDefinition]:
    """Every declared step by its id, in their order."""
    package = importlib.import_module("octowizard.onboarding.steps")
    modules = (
        importlib.import_module(f"octowizard.onboarding.steps.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    )
    declared = (value for module in modules for value in vars(module).values())
    steps = {value.id: value for value in declared if isinstance(value, StepDefinition)}
    return dict(sorted(steps.items(), key=lambda entry: entry[1].place))


def definitions_of(scenario: ScenarioName) -> tuple[StepDefinition, ...]:
    """The steps of a scenario, in their order."""
    return tuple(each for each in definitions().values() if scenario in each.scenarios)


def action_of(step: Step) -> Action | None:
    """What is done at a step beside its changes."""
    definition = definitions().get(step.id)
    return definition.action if definition is not None else None


class _Texts(TypedDict, total=False):
    """What a step says and leads to, as `Step` has it."""

    title: Required[str]
    what: Required[str]
    why: Required[str]
    notes: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    show: tuple[Show, ...]
    skip: str | None
    opens: Screen | None
    problems: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


class StepContext(NamedTuple):
    """What a step is derived from: the Standing, the scenario, and the states of the steps before it."""

    definition: StepDefinition
    standing: Standing
    detected: Detected
    before: Mapping[str, State]

    @property
    def snapshot(self) -> Snapshot:
        return self.standing.snapshot

    @property
    def profile(self) -> Profile:
        return self.standing.profile

    @property
    def waits(self) -> bool:
        """Whether a step that this one needs is not settled yet; one of another scenario is not waited for."""
        needs = self.definition.needs
        ids = self.before if needs is None else [needed.id for needed in needs]
        return any(self.before.get(id, State.DONE) not in SETTLED for id in ids)

    def why_unread(self, *parts: Part) -> str:
        """Why the first of these parts that is lacking could not be read; "" when all were."""
        unread = self.snapshot.unread
        return next((unread[part] or _("not read yet") for part in parts if part in unread), "")

    def question(self, key: str, text: str) -> Declaration:
        """A question that only the user can answer, with the answer so far."""
        return Declaration(key=key, question=text, answer=self.standing.declared(key))

    def label(self, id: str) -> str:
        """A label as the user's screen shows it."""
        return shown(id, self.profile.octopus_language)

    def menu(self, *ids: str) -> str:
        """A menu path as the user's screen shows it."""
        return path(ids, self.profile.octopus_language)

    def by_hand(self, vendor: Literal["Octopus", "Teamleader"], menu: Iterable[str], text: str) -> Show:
        """How the step is done by hand; `menu`: ids of labels."""
        return Show(vendor, self.menu(*menu), text)

    def changes(self) -> tuple[Change, ...]:
        """What can be changed for the user here."""
        wanted = (
            fixes.changes(fix, self.snapshot, self.profile, self.standing.decisions)
            for fix in self.definition.offers
        )
        return tuple(chain.from_iterable(wanted))

    def step(
        self,
        *,
        done: bool,
        now: Sequence[str],
        unread: str = "",
        waits: bool | None = None,
        **texts: Unpack[_Texts],
    ) -> Step:
        """The step with its state: what is not known is never taken for done, and `now` begins with why.

        `waits`: whether an earlier step comes first, where `needs` do not say it all. `texts`: the rest of the Step.
        """
        waits = self.waits if waits is None else waits
        state = State.DONE if done else State.WAITS if waits else State.TODO
        if unread:
            state = State.UNKNOWN
            now = now if unread in now else (unread, *now)
        return Step(id=self.definition.id, state=state, now=tuple(now), changes=self.changes(), **texts)
