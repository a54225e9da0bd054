"""A scripted set-up: the steps of scenario A, which become done by what the user does.

A double, because eight steps in every state, a loss of each kind and a refused change do not stand side by side in one
company. The real steps are gone through in `test_setup.py` (by keys alone) and `test_setup_real.py`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec

from octowizard.customers import smart
from octowizard.customers.importing import Failed, Imported, Made, Preview, Progress, Tell
from octowizard.onboarding import connection
from octowizard.onboarding.apply import Outcome
from octowizard.onboarding.guards import LossNotAccepted, Warning
from octowizard.onboarding.model import (
    Change,
    Closing,
    Declaration,
    Guide,
    ScenarioName,
    Show,
    State,
    Step,
)
from octowizard.progress import Report, Stop, unless_stopped
from octowizard.session.setup import SetUp
from octowizard.workspace.profiles import Profile

DOSSIERS = [(9045119, "Dakwerken Maes NV"), (9045126, "Maes [Holding] [/] NV")]


def change(said: str = "V2", *, irreversible: bool = False) -> Change:
    """A change with everything that one can have."""
    return Change(
        id=f"create:{said}",
        title=f"Create journal {said} in Boekjaar 2026",
        result=f"Journal {said} is there in Boekjaar 2026.",
        vendor="Octopus",
        method="POST",
        path="/dossiers/9045119/journals/V",
        body={"name": said},
        lines=(
            ("Name (NL)", f"Creditnota's {said}"),
            ("Invoertype (Entry type)", "BOOKING · Sales bookings"),
        ),
        who="Your accountant should agree to it.",
        also=("Teamleader shows it after Dossier > Synchroniseren.",),
        irreversible=irreversible,
    )


def steps(said: str = "Foo [BE] bvba") -> list[Step]:
    """Eight steps, one of each state; `said` stands wherever text from outside can stand."""
    return [
        Step(
            id="choose-connector",
            title="Which integration",
            state=State.TODO,
            what="Say which integration this account has.",
            why="With the Booster it is set up elsewhere.",
            now=(f"In this profile octowizard runs the sync of {said}.",),
            declarations=(Declaration(key="booster", question="Does this account use the Booster?"),),
        ),
        Step(
            id="connect-octopus",
            title="Both accounts",
            state=State.DONE,
            what="Octopus and Teamleader both let octowizard in.",
            why="Everything that follows is told from what both sides hold now.",
            now=(f"Octopus: dossier 9045119 {said}, signed in.",),
        ),
        Step(
            id="choose-dossier",
            title="The dossier",
            state=State.DONE,
            what="The right dossier must be linked.",
            why="With the wrong one the right journals cannot be found.",
            now=tuple(f"{number} {name}" for number, name in DOSSIERS),
        ),
        Step(
            id="create-journals",
            phase="books",
            title="Journals",
            state=State.TODO,
            what="Two journals for sales, V1 and V2, in every fiscal year in which something is booked.",
            why="Teamleader sees only journals of the entry type Sales bookings.",
            now=("V1  Sales bookings  2026 ✔", f"{said}  missing  2026 –"),
            notes=("Look first whether the right fiscal year is open.", said),
            changes=(change(said), change("V3", irreversible=True)),
            show=(Show("Octopus", "Beheer > Dagboeken", f"Create both journals, {said}."),),
            skip="Documents of a year without these journals are not booked.",
            problems=("missing-journal",),
        ),
        Step(
            id="map-accounts",
            phase="books",
            title="Accounts of categories",
            state=State.UNKNOWN,
            what="Each product category leads to an account.",
            why="A line without an account keeps its document from being booked.",
            now=(f"The settings could not be read: {said}",),
            opens="mapping",
            skip="Lines of such a category are not booked.",
        ),
        Step(
            id="import-companies",
            phase="customers",
            title="Import companies from Octopus",
            state=State.TODO,
            what="All relations that are active clients become companies in Teamleader.",
            why="Customers that stand on both sides are linked.",
            now=("12 active relations of Octopus are clients.",),
            skip="The rest is made anew.",
        ),
        Step(
            id="connect-teamleader",
            phase="sync",
            title="Connection and start date",
            state=State.TODO,
            what="Choose the start date of the sync.",
            why="Older documents stay as they are.",
            now=("Documents from 01/01/2026 on are synchronised.",),
        ),
        Step(
            id="first-sync",
            phase="sync",
            title="First sync",
            state=State.WAITS,
            what="Look at the preview first.",
            why="Then run the sync by hand.",
            opens="sync",
            files=(("crontab", f"30 6 * * * octowizard --profile {said} sync --yes\n"),),
        ),
    ]


class StagedSetUp(SetUp):
    """Steps become done by what is done; `fails` is what every change answers, `loss` what every decision loses."""

    def __init__(self, said: str = "Foo [BE] bvba") -> None:
        self.steps = steps(said)
        self.said = said
        self.scenario: ScenarioName = "a"
        self.looked: list[str] = []
        self.made: list[Change] = []
        self.decided: list[object] = []
        self.imports = 0
        self.fails = ""
        self.counts = ""
        self.loss = ""
        self.hold = False
        self.held = threading.Event()
        self.told: Callable[[], None] = lambda: None  # the session hears of a change

    def kept(self) -> Guide:
        asking = (State.TODO, State.UNKNOWN)
        current = next((step.id for step in self.steps if step.state in asking), None)
        return Guide(
            scenario=self.scenario,
            detected="a",
            reason=f"Octopus: 1 customer, 0 fiscal years. Teamleader: 32 companies of {self.said}.",
            counts=self.counts,
            overruled=self.scenario != "a",
            booster=None,
            steps=tuple(self.steps),
            current=current,
            summary=() if current else ("Dossier 9045119 is linked.",),
            closing=None if current else Closing(runs=("Sync runs when you run it.",), later=(self.said,)),
        )

    def now(self, id: str, state: State) -> None:
        """A step stands otherwise."""
        self.steps = [
            msgspec.structs.replace(step, state=state) if step.id == id else step for step in self.steps
        ]
        self.told()

    async def look(self, step: str, report: Report) -> Guide:
        self.looked.append(step)
        self.told()
        report("journals", 4)
        await self._held()
        if step == "map-accounts":
            self.now(step, State.TODO)
        return self.kept()

    async def _held(self) -> None:
        if self.hold:
            self.held.set()
            await unless_stopped(lambda: asyncio.sleep(20))

    async def make(
        self,
        step: str,
        changes: tuple[Change, ...],
        report: Report,
        stop: Stop,
        tell: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> tuple[Outcome, ...]:
        report(changes[0].title, 1)
        if self.fails:
            return (Outcome(changes[0], "refused", self.fails),)
        self.made += changes
        if step:
            self.now(step, State.DONE)
        return tuple(Outcome(one, "done", self.said) for one in changes)

    def for_problem(self, problem: str) -> tuple[Change, ...]:
        return (change(self.said),) if problem == "wrong-journal-type" else ()

    def declare(self, key: str, answer: bool) -> Guide:
        self.decided.append((key, answer))
        self.steps = [
            msgspec.structs.replace(
                step,
                state=State.DONE,
                declarations=(msgspec.structs.replace(step.declarations[0], answer=answer),),
            )
            if any(one.key == key for one in step.declarations)
            else step
            for step in self.steps
        ]
        self.told()
        return self.kept()

    def skip(self, step: str, take_back: bool = False) -> Guide:
        self.decided.append((step, take_back))
        self.now(step, State.TODO if take_back else State.SKIPPED)
        return self.kept()

    def choose_scenario(self, scenario: ScenarioName | None) -> Guide:
        self.decided.append(scenario)
        self.scenario = scenario or "a"
        self.told()
        return self.kept()

    def dossiers(self) -> list[tuple[int, str]]:
        return DOSSIERS

    def _guarded(self, id: Literal["start-date", "numbering", "dossier"], accept: bool) -> None:
        if self.loss and not accept:
            records = tuple(f"2026 / {number}  {self.said}" for number in range(20))
            raise LossNotAccepted(Warning(id=id, title=self.loss, loss=(self.said,), records=records))

    def set_dossier(self, dossier: int, accept_loss: bool = False) -> Profile:
        self._guarded("dossier", accept_loss)
        return self._changed(dossier_id=dossier, dossier_name=dict(DOSSIERS)[dossier])

    def choose(self, what: str, text: str, accept_loss: bool = False) -> Profile:
        self._guarded("start-date", accept_loss)
        one = connection.setting(what)
        return self._changed(**{one.field: connection.chosen(one, text)})

    def _changed(self, **changed: object) -> Profile:
        from tests.app.staged import PROFILE

        self.decided.append(changed)
        return msgspec.structs.replace(PROFILE, **changed)

    async def preview_import(self, report: Report) -> smart.Preview:
        report("companies", 20)
        return smart.Preview(
            self._sorting(),
            Preview(
                companies=12,
                contacts=3,
                linked=2,
                skipped={"supplier": 4, "inactive": 1},
                losses={"payment_term": 6, "bank_account": 1},
                tagged=0,
                read_at=datetime(2026, 11, 21, tzinfo=UTC),
            ),
        )

    def _sorting(self) -> smart.Sorting:
        return smart.Sorting((), (), (), frozenset(range(1, 16)))

    async def import_companies(self, tell: Tell, stop: Stop, report: Report) -> smart.Done:
        told: Callable[[Progress | Made | Failed], None] = tell
        told(Progress("importing", 6, 15, 90.0))
        await self._held()
        self.imports += 1
        failed = (Failed(7, self.said, "Teamleader does not take [/]."),)
        self.now("import-companies", State.DONE)
        imported = Imported(
            outcome="attention",
            made=14,
            found=0,
            failed=failed,
            left=int(stop.requested),
            in_doubt=0,
            seconds=3.0,
        )
        return smart.Done(0, self._sorting(), imported)
