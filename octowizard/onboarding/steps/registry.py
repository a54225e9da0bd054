"""What a step of the set-up declares, and the list of all that do.

A step is one module of this package: `@step` declares where it stands, what it needs, reads and offers, and the
function below it derives its state and texts. Others name a step by importing its declaration, never by its id.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Literal, NamedTuple, Required, TypedDict, Unpack

from octowizard.books.fiscal import BRUSSELS
from octowizard.checks.grouping import findings_of
from octowizard.checks.registry import Finding, NotChecked, checks_of, not_checked, run_checks, tally
from octowizard.locale import _
from octowizard.locale.formats import day
from octowizard.locale.labels import path, shown
from octowizard.onboarding import fixes
from octowizard.onboarding.declarables import DATA, WHAT, Thing, words
from octowizard.onboarding.detect import Detected
from octowizard.onboarding.foretold import following
from octowizard.onboarding.model import (
    SETTLED,
    Change,
    Declaration,
    Phase,
    ScenarioName,
    Screen,
    Show,
    State,
    Step,
)
from octowizard.onboarding.standing import Standing
from octowizard.planning.problems import PROBLEMS, Fix
from octowizard.problems import catalogue
from octowizard.problems.card_text import filled
from octowizard.snapshot.declared_parts import not_known_to_be_booked, rests_on, unconnected, vendor_of
from octowizard.snapshot.model import Snapshot
from octowizard.snapshot.parts import PARTS, Part
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
_NAMED = 6  # causes that a step names one by one
_BEGINS: tuple[tuple[int, Phase], ...] = (  # the place of the first step of each phase
    (110, "sync"),
    (80, "customers"),
    (50, "books"),
    (0, "accounts"),
)


class StepDefinition(NamedTuple):
    """What is declared of a step.

    `place`: steps come in the order of these numbers, which is that of the help centre's article on connecting Octopus.
    `scenarios`: those that have the step. `needs`: steps that are settled first, with all that these need; None: every
    one before it. `reads`:
    parts of the Snapshot on which its state depends, read by *check again*; None: both sides, whole. `reads_customers`:
    all customers of Teamleader too. `offers`: what can be changed for the user here, in this order. `action`: what else
    is done here, which a front end asks about in its own way. `at_start`: while its state is unknown, nothing is known.
    `declares`: what is asked here of a side that is not connected; `asks`: keys of the questions with a yes or a no.
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
    declares: tuple[Thing, ...]
    asks: tuple[str, ...]
    derive: Callable[[StepContext], Step]

    @property
    def phase(self) -> Phase:
        """The part of the set-up that the step belongs to: it follows from its place."""
        return next(phase for place, phase in _BEGINS if self.place >= place)


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
    declares: tuple[Thing, ...] = (),
    asks: tuple[str, ...] = (),
) -> Callable[[Callable[[StepContext], Step]], StepDefinition]:
    """Declare a step; the decorated name becomes its `StepDefinition`."""
    parts: frozenset[Part] | None = None if reads is None else frozenset(reads)

    def declare(derive: Callable[[StepContext], Step]) -> StepDefinition:
        return StepDefinition(
            id,
            place,
            scenarios,
            needs,
            parts,
            reads_customers,
            offers,
            action,
            at_start,
            declares,
            asks,
            derive,
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


def questions() -> Iterator[str]:
    """The keys of all questions with a yes or a no; last whether a step is done, as `StepContext.is_done` asks."""
    for each in definitions().values():
        yield from each.asks
    for id in definitions():
        yield _done(id)


def _done(id: str) -> str:
    return f"done/{id}"


def definitions_of(scenario: ScenarioName) -> tuple[StepDefinition, ...]:
    """The steps of a scenario, in their order."""
    return tuple(each for each in definitions().values() if scenario in each.scenarios)


def comes_first(definition: StepDefinition, among: Iterable[StepDefinition]) -> frozenset[str]:
    """The ids of all steps that are settled before this one: those it needs, and what these need."""
    if definition.needs is None:
        return frozenset(each.id for each in among if each.place < definition.place)
    nearer = frozenset(needed.id for needed in definition.needs)
    return nearer.union(*(comes_first(needed, among) for needed in definition.needs))


def action_of(step: Step) -> Action | None:
    """What is done at a step beside its changes; of a side that is not connected only what it takes no vendor for."""
    definition = definitions().get(step.id)
    if definition is None or (step.unconnected and definition.action not in ("integration", "connection")):
        return None
    return definition.action


def asking(thing: Thing) -> str:
    """The id of the step that asks for this of a side that is not connected."""
    return next(each.id for each in definitions().values() if thing in each.declares)


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
    command: str
    recall: str
    then: tuple[str, ...]


class Judged(NamedTuple):
    """What was found, and why that may not be all: something that it depends on was not read; "" where it was."""

    findings: tuple[Finding, ...] = ()
    not_known: str = ""


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
        return any(state not in (*SETTLED, State.NOT_YET) for state in self._earlier())

    def _earlier(self) -> Iterator[State]:
        ids = comes_first(self.definition, definitions().values())
        return (self.before.get(id, State.DONE) for id in ids)

    def blocked(self, *problems: str) -> Judged:
        """What the Plan blocks documents by, of these problems, in the order of the documents; one for each cause."""
        findings = tuple(findings_of(self.snapshot, self.profile, problems or PROBLEMS))
        checks = {check.id for problem in problems for check in checks_of(problem)}
        return Judged(findings, self._not_known(not_checked(self.snapshot, self.profile, checks)))

    def found(self, *checks: str) -> Judged:
        """What these checks find, worst first: the same of the Plan, and what the next documents will run into."""
        findings, lacking = run_checks(self.snapshot, self.profile, checks)
        return Judged(tuple(findings), self._not_known(lacking))

    def _not_known(self, lacking: Iterable[NotChecked]) -> str:
        """Why that is not all; of a side that is not connected the step itself says what it rests on."""
        if self.profile.unconnected:
            return ""
        return next((one.why for one in lacking if not one.lasting), "")

    def cure(self, problem: str, names: Mapping[str, str] = {}) -> tuple[Show, ...]:
        """How a problem is mended by hand, as its card has it."""
        card, languages = catalogue.card(problem), self.profile.screens
        shows = []
        for one in card.fix if card is not None else ():
            vendor: Literal["Octopus", "Teamleader"] = (
                "Teamleader" if one.path[:1] and one.path[0].startswith("teamleader.") else "Octopus"
            )
            shows.append(
                Show(vendor, path(one.path, languages), filled(one.text, names, languages), tuple(one.path))
            )
        return tuple(shows)

    def why_unread(self, *parts: Part, spare: Sequence[Part] = ()) -> str:
        """Why the first of these parts that is lacking could not be read; "" when all were.

        `spare`: those that may lack where their side is not connected.
        """
        unread, absent = self.snapshot.unread, self.profile.unconnected
        lacking = (part for part in parts if part in unread)
        return next(
            (
                unread[part] or _("not read yet")
                for part in lacking
                if not (part in spare and PARTS[part].vendor in absent)
            ),
            "",
        )

    @property
    def unmeasured(self) -> frozenset[str]:
        """Why something of a side that is not connected is not known: only the user can say then."""
        absent = self.profile.unconnected
        return frozenset((*map(unconnected, absent), not_known_to_be_booked(self.snapshot)) if absent else ())

    def question(self, key: str, text: str) -> Declaration:
        """A question that only the user can answer, with the answer so far."""
        return Declaration(key=key, question=text, answer=self.standing.declared(key))

    def is_done(self, text: str = "") -> Declaration:
        """The question whether the step is done, for what nobody can measure; `text`: in its own words."""
        return self.question(_done(self.definition.id), text or _("Is this done, as your screens show it?"))

    def label(self, id: str) -> str:
        """A label as the user's screen shows it."""
        return shown(id, self.profile.screens)

    def menu(self, *ids: str) -> str:
        """A menu path as the user's screen shows it."""
        return path(ids, self.profile.screens)

    def by_hand(self, vendor: Literal["Octopus", "Teamleader"], menu: tuple[str, ...], text: str) -> Show:
        """How the step is done by hand; `menu`: ids of labels."""
        return Show(vendor, self.menu(*menu), text, menu)

    def changes(self) -> tuple[Change, ...]:
        """What can be changed for the user here; nothing where a side is not connected."""
        if self.profile.unconnected:
            return ()
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
        not_yet: bool = False,
        settles: Judged | None = None,
        first: Sequence[Declaration] = (),
        consent: Declaration | None = None,
        word: Declaration | None = None,
        **texts: Unpack[_Texts],
    ) -> Step:
        """The step with its state: what is not known is never taken for done, and `now` begins with why.

        `waits`: whether an earlier step comes first, where `needs` do not say it all. `not_yet`: there is nothing to do
        it with yet; so too where an earlier step is. `settles`: what blocks documents until it is mended here: then it
        is not done, and their cards tell how; and it is not known where something was not read that may block them too.
        `first`: questions without whose yes nothing is offered to be changed;
        `consent`: such a question that may be answered together with agreeing to the changes.
        `word`: the question that stands for a measurement where a side is not connected; without one it is asked
        whether the step is done. `texts`: the rest of the Step.
        """
        settled, not_known = settles or Judged()
        declares = self._declarable()
        reads = self.definition.reads
        rests = rests_on(self.snapshot, PARTS if reads is None else reads)
        unmeasured = bool(unread) and unread in self.unmeasured
        if unmeasured and not DATA.intersection(declares):
            word = word or self.is_done()
            questions = texts.get("declarations", ())
            texts["declarations"] = (*questions, *(() if word in questions else (word,)))
            now = [unread, *self._declared_on(word)]
            done, settled, not_known, not_yet, unread, rests = word.answer is True, (), "", False, "", []
        elif unmeasured:
            now, done, unread = [_("Nothing was declared of it yet.")], False, ""
        elif word is not None and declares:  # a list may be older than what was done since
            texts["declarations"] = (*texts.get("declarations", ()), word)
            now, done = [*now, *self._declared_on(word)], done or word.answer is True
        waits = self.waits if waits is None else waits
        not_yet = not_yet or State.NOT_YET in self._earlier()
        state = State.WAITS if waits else State.NOT_YET if not_yet else State.TODO
        if done and not settled:
            state, unread = State.DONE, unread or not_known
        now = [*map(_blocking, settled[:_NAMED]), *now]
        if unread:
            state = State.UNKNOWN
            now = now if unread in now else [unread, *now]
        if settled:
            causes: dict[str, Finding] = {}
            for finding in settled:
                causes.setdefault(finding.problem, finding)
            cures = (self.cure(problem, finding.names) for problem, finding in causes.items())
            texts["show"] = tuple(dict.fromkeys(chain.from_iterable(cures)))
            texts["problems"] = tuple(dict.fromkeys([*causes, *texts.get("problems", ())]))
        asked = (*first, consent) if consent is not None else first
        changes = self.changes() if all(one.answer for one in asked) else ()
        consenting = self.changes() if consent is not None and consent.answer is None else ()
        if state not in SETTLED:
            texts["recall"] = ""
        return Step(
            id=self.definition.id,
            state=state,
            now=tuple(dict.fromkeys((*now, *rests))),
            changes=changes,
            unconnected=bool(self.profile.unconnected),
            declares=declares,
            declaring=tuple(words(thing, self.snapshot, self.profile) for thing in declares),
            phase=self.definition.phase,
            consent=consent.key if consent is not None and consenting else "",
            consenting=consenting,
            foretold=following(changes, self.snapshot, self.profile),
            **texts,
        )

    def _declarable(self) -> tuple[Thing, ...]:
        """What of a side that is not connected can be declared here."""
        absent = self.profile.unconnected
        return tuple(thing for thing in self.definition.declares if vendor_of(WHAT[thing]) in absent)

    def _declared_on(self, word: Declaration) -> list[str]:
        """What the user said for a measurement, and when."""
        at = self.standing.declared_at(word.key)
        if word.answer is None or at is None:
            return []
        text = (
            _("You declared on {day} that it is done.") if word.answer else _("You said on {day}: not yet.")
        )
        return [text.format(day=day(at.astimezone(BRUSSELS).date()))]


def _blocking(finding: Finding) -> str:
    """One cause, what it holds up, and the first piece of evidence."""
    title = finding.title
    if held := tally(finding.records):
        title = _("{title} ({records})").format(title=title, records=held)
    return f"✖ {title}. {finding.evidence[0] if finding.evidence else ''}".rstrip()
