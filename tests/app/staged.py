"""A scripted session: a small company with one of everything, and gates to hold a run where a test wants it.

A double, because a test has to stop a run between two events, to let reading fail as it likes, and to put text from
outside where the practice company has none. The way through the app on real sessions is in `test_tour.py`,
`test_practice.py`, `test_setup_real.py` and the last tests of the other files.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from octowizard.checks.calendar import Calendar
from octowizard.checks.registry import tally
from octowizard.customers.by_hand import ByHand
from octowizard.customers.exports import Reading
from octowizard.locale.labels import Languages
from octowizard.planning.counts import Counts
from octowizard.planning.problems import MARKS
from octowizard.problems.diagnosis import Diagnosis, diagnose
from octowizard.problems.explain import Explained, explain
from octowizard.problems.recognition import recognise
from octowizard.progress import Report, Stop, unless_stopped
from octowizard.session.duplicates import Duplicates
from octowizard.session.explanations import Explanations
from octowizard.session.next_step import Next, Way
from octowizard.session.overview import Attention, Overview, Side
from octowizard.session.practice_desk import PracticeDesk
from octowizard.session.profile_session import Checked, PastRun
from octowizard.session.session import Session
from octowizard.session.setup import SetUp
from octowizard.snapshot.model import Snapshot
from octowizard.sync import events as e
from octowizard.sync.calls import CallsLeft
from octowizard.sync.options import SyncOptions
from octowizard.workspace.profiles import Profile
from tests.app.books import books
from tests.app.staged_pairs import StagedPairs
from tests.app.staged_setup import StagedSetUp

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECONDS = 20.0  # no gate stays shut for longer: a test that forgot one fails instead of hanging

PROFILE = Profile(
    name="practice",
    octopus_url="http://127.0.0.1:1/octopus",
    teamleader_url="http://127.0.0.1:1/teamleader",
    teamleader_auth_url="http://127.0.0.1:1/auth",
    octopus_user="practice",
    teamleader_client_id="practice",
    dossier_id=9045119,
    dossier_name="Dakwerken Maes NV",
    department_id="d1",
    department_name="Dakwerken Maes",
    start_date=date(2026, 1, 1),
    mode="connector",
    octopus_language="nl",
    practice=True,
)

CLOSED = e.Explanation(
    problem="closed-period",
    title="The period is closed",
    evidence=("V1 is secured till 202603.", "The invoice is of 14 March 2026, which is period 202603."),
    fix=("In Octopus: Beheer > Dagboeken > V1 > Beveiligd tot periode: 202602.",),
    fixed_when="V1 takes bookings in 202603",
    vendor="Octopus",
    vendor_code=-26,
    vendor_text="Periode is afgesloten [202603]",
)
NO_VAT = e.Explanation(
    problem="vat-number",
    title="The VAT number is not valid",
    evidence=("BE 0123.456.788: the check digits do not fit.",),
    fix=("Correct the VAT number of the company in Teamleader.",),
    fixed_when="the check digits fit",
)
CUSTOMERS = (
    "Peeters & Zonen BV",
    "Garage Łukasz",
    "Foo [BE] bvba",
    "Schrijnwerkerij Van den Broeck-Vermeulen en dochters",
    "שלום בע״מ",
    "Café Zoë 🍰",
    "Ets. Lefèvre SPRL",
    "Anouk D'Hondt",
)


def document(number: int, customer: str, *, credit: bool = False, name: str = "") -> e.Document:
    """A document of the script; its amount follows from its number."""
    return e.Document(
        kind="credit_note" if credit else "invoice",
        id=f"{'c' if credit else 'i'}{number}",
        number=name or (f"2026 / C{number}" if credit else f"2026 / {number}"),
        date=date(2026, 3 + number % 6, 1 + number % 27),
        customer=customer,
        amount=Decimal(number * 60500 % 997003) / 100,
        currency="USD" if number % 13 == 0 else "EUR",
        web_url=f"https://focus.teamleader.eu/invoice_detail.php?id={number}",
    )


def company(count: int = 24, texts: tuple[str, ...] = CUSTOMERS) -> list[e.Event]:
    """What happens in a run: bookings, one closed period that holds up others, a question, exclusions, payments."""
    invoices = [document(number, texts[number % len(texts)]) for number in range(140, 140 + count)]
    credits = [document(number, texts[number % len(texts)], credit=True) for number in range(7, 10)]
    found: list[e.Event] = [e.DocumentWaiting(document=one) for one in [*invoices, *credits]]
    found.append(e.RelationCreated(customer_id="k1", customer=texts[0], external_number=1042, relation=1042))
    found.append(e.CustomerFailed(customer_id="k2", customer=texts[-1], explanation=NO_VAT))
    for place, one in enumerate(invoices):
        if place == 4:
            found.append(e.DocumentFailed(document=one, explanation=CLOSED, blocks=2))
        elif place in (5, 6):
            found.append(e.DocumentBlocked(document=one, waits_for=invoices[4].number))
        elif place == 7:
            found.append(
                e.DocumentExcluded(document=one, reason="before-start", message="before the start date")
            )
        else:
            found.append(
                e.DocumentBooked(document=one, bookyear=2026, journal="V1", number=140 + place, period=202603)
            )
    found += [
        e.DocumentBooked(document=one, bookyear=2026, journal="V2", number=7 + place, period=202604)
        for place, one in enumerate(credits)
    ]
    found.append(
        e.PaymentRegistered(
            document=invoices[0], amount=invoices[0].amount, paid_on=date(2026, 4, 2), in_full=True
        )
    )
    found.append(
        e.PaymentParked(
            document=invoices[1], amount=Decimal("12.10"), question="Is this the same payment of 12,10?"
        )
    )
    return found


def ending(happened: list[e.Event], *, dry_run: bool, outcome: e.Outcome | None = None) -> e.RunFinished:
    """The last event, with the figures of what happened."""

    def number(kind: type[e.Event]) -> int:
        return sum(isinstance(one, kind) for one in happened)

    failing = number(e.DocumentFailed) + number(e.DocumentBlocked)
    return e.RunFinished(
        run=2,
        dry_run=dry_run,
        outcome=outcome or ("attention" if failing else "complete"),
        booked=number(e.DocumentBooked),
        relations_created=number(e.RelationCreated),
        relations_linked=0,
        payments_registered=number(e.PaymentRegistered),
        payments_parked=number(e.PaymentParked),
        in_sync=number(e.DocumentBooked),
        excluded=number(e.DocumentExcluded),
        failing=failing,
        left_for_later=number(e.DocumentLeft),
        seconds=42.0,
        read_at=NOW - timedelta(minutes=4),
    )


def _silent(_what: str, _count: int) -> None:
    """Nobody listens."""


class StagedExplanations(Explanations):
    """Known answers for some problems; else the words of the card alone."""

    def __init__(self, session: StagedSession) -> None:
        super().__init__(session)
        self._staged = session

    def of(self, problem: str, document_id: str = "", *, look: bool = True) -> Explained | None:
        return self._staged.explained.get(problem) or super().of(problem, look=False)

    def diagnosed(self, text: str) -> Diagnosis:
        found = diagnose(recognise(text))
        if found.explained is None:
            return found
        problem = found.explained.problem
        known = self._staged.explained.get(problem) or explain(
            problem, subject=found.recognition.names, languages=Languages("nl")
        )
        return msgspec.structs.replace(found, explained=known)


class StagedSession(Session):
    """Plays `happens` in every run. `hold_after`: wait before that many events until `release` is called."""

    explanations: Explanations = None  # type: ignore[assignment] # a property in the real one
    duplicates: Duplicates = None  # type: ignore[assignment]
    desk: PracticeDesk | None = None

    def __init__(self, happens: list[e.Event] | None = None) -> None:
        super().__init__(Path(), PROFILE)
        self.happens = company() if happens is None else happens
        self.asked: list[SyncOptions] = []
        self.hold_after: int | None = None
        self.run_number = 2
        self.held = threading.Event()
        self._go = threading.Event()
        self.raises: Exception | None = None
        self.look_raises: Exception | None = None
        self.refuses: e.Explanation | None = None
        self.overview = overview()
        self.wrote = 0
        self.looked = 0
        self.checked = Checked(
            taken_at=None,
            findings=(),
            not_checked=(),
            grid=Calendar(journals=(), years=()),
            overview=overview(),
            guide=StagedSetUp().kept(),
        )
        self.checks_asked: list[str] = []
        self.after_check: Checked | None = None  # what a check finds, where that differs
        self.hold_check = False
        self.explained: dict[str, Explained] = {}
        self.explanations = StagedExplanations(self)
        self.setup = StagedSetUp()
        self.duplicates = StagedPairs()
        self.books = books()
        self.adopted: list[Profile] = []
        self.declared: list[tuple[Path, ...]] = []
        self.declare_raises: Exception | None = None

    @property
    def setup(self) -> SetUp:
        return self._setup

    @setup.setter
    def setup(self, setup: SetUp) -> None:
        """Another scripted set-up; the session hears what it decides."""
        self._setup = setup
        if isinstance(setup, StagedSetUp):
            setup.told = self.decided

    def adopt(self, profile: Profile) -> None:
        super().adopt(profile)
        self.adopted.append(profile)

    def snapshot(self) -> Snapshot:
        return self.books

    def release(self) -> None:
        """Let a held run go on."""
        self._go.set()

    async def sync(self, options: SyncOptions, emit: Callable[[e.Event], None], stop: Stop) -> e.RunFinished:
        self.asked.append(options)
        self.to_look_at = not options.dry_run
        if self.raises is not None:
            raise self.raises
        emit(
            e.RunStarted(
                run=self.run_number,
                profile="practice",
                dry_run=options.dry_run,
                octopus="9045119 Dakwerken Maes NV",
                teamleader="Dakwerken Maes",
                start_date=date(2026, 1, 1),
                numbering="next",
            )
        )
        if self.refuses is not None:
            emit(e.RunRefused(explanation=self.refuses))
            done = ending([], dry_run=options.dry_run, outcome="refused")
            emit(done)
            return done
        return await self._play(options, emit, stop)

    async def _play(self, options: SyncOptions, emit: Callable[[e.Event], None], stop: Stop) -> e.RunFinished:
        emit(e.Reading(what="invoices", count=1200))
        happens = list(self._wanted(options))
        emit(e.PhaseProgress(phase="customers", state="done", done=38, total=38, failing=1))
        emit(e.PhaseProgress(phase="invoices", state="running", done=0, total=24))
        emit(e.PhaseProgress(phase="credit_notes", state="waiting", done=0, total=3))
        emit(
            e.Gauge(
                bookings_left=259, relations_left=90, teamleader_left=181, per_minute=52, seconds_left=130
            )
        )
        seen: list[e.Event] = []
        for number, event in enumerate(happens):
            if number == self.hold_after:
                emit(e.PhaseProgress(phase="invoices", state="running", done=9, total=24, failing=1))
                emit(e.Counters(in_sync=361, excluded=1, failing=3, waiting=15))
                self.held.set()
                await self._gate(stop)
            if stop.requested:
                left = [one.document for one in happens[number:] if isinstance(one, e.DocumentBooked)]
                seen += [e.DocumentLeft(document=one, reason="cancelled") for one in left]
                for one in seen[-len(left) :]:
                    emit(one)
                return self._end(options, emit, seen, "cancelled")
            emit(event)
            seen.append(event)
            self.wrote += not options.dry_run
        for phase in ("invoices", "credit_notes", "payments"):
            emit(e.PhaseProgress(phase=phase, state="done", done=3, total=3))
        emit(e.Counters(in_sync=375, excluded=1, failing=3, waiting=0))
        return self._end(options, emit, seen, None)

    def _wanted(self, options: SyncOptions) -> Iterator[e.Event]:
        for event in self.happens:
            if not options.only:
                yield event
            elif isinstance(event, e.DocumentFailed) and event.document.id in options.only:
                yield e.DocumentBooked(
                    document=event.document, bookyear=2026, journal="V1", number=144, period=202603
                )

    @staticmethod
    def _end(
        options: SyncOptions,
        emit: Callable[[e.Event], None],
        seen: list[e.Event],
        outcome: e.Outcome | None,
    ) -> e.RunFinished:
        done = ending(seen, dry_run=options.dry_run, outcome=outcome)
        emit(done)
        return done

    async def _gate(self, stop: Stop) -> None:
        for _tick in range(int(SECONDS * 100)):
            if self._go.is_set() or stop.requested:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError("the test never released the run")

    async def look(self, *, fresh: bool = False, report: Report = _silent) -> Checked:
        self.looked += 1
        self.to_look_at = self.unseen = False
        if self.look_raises is not None:
            raise self.look_raises
        return self.shown()

    def shown(self) -> Checked:
        """What the checks find, with Home's view of the same."""
        findings = [
            Attention(
                mark=MARKS[one.severity],
                title=one.title,
                consequence=tally(one.records),
                problem=one.problem,
            )
            for one in self.checked.findings
            if one.severity != "info"
        ]
        known = {one.title for one in findings}
        things = [*findings, *(one for one in self.overview.attention if one.title not in known)]
        things.sort(key=lambda one: one.mark != "✖")
        view = msgspec.structs.replace(self.overview, attention=tuple(things))
        return msgspec.structs.replace(self.checked, overview=view, guide=self.setup.kept())

    def remembered(self) -> Overview:
        return msgspec.structs.replace(self.overview, taken_at=None)

    def runs(self) -> list[PastRun]:
        done = ending(self.happens, dry_run=False)
        started = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
        return [
            PastRun(id=3, started=NOW, finished=None, dry_run=False, result=None),
            PastRun(id=2, started=started, finished=started, dry_run=False, result=done),
            PastRun(
                id=1,
                started=started,
                finished=started,
                dry_run=True,
                result=msgspec.structs.replace(done, dry_run=True, seconds=4.0),
            ),
        ]

    def run_events(self, run: int) -> Iterator[e.AnyEvent]:
        del run
        for event in self.happens:
            yield e.from_line(e.to_line(event))

    def run_lines(self, *numbers: int) -> Iterator[bytes]:
        """Each run is the same; its number is the one that was asked for."""
        for number in numbers:
            begun = e.RunStarted(
                run=number,
                profile="practice",
                dry_run=number == 1,
                octopus="9045119 Dakwerken Maes NV",
                teamleader="Dakwerken Maes",
                start_date=date(2026, 1, 1),
                numbering="next",
            )
            for event in (begun, *self.happens, *self._ended(number)):
                yield e.to_line(event)

    def _ended(self, number: int) -> Iterator[e.RunFinished]:
        """The end of a run, unless it was cut off."""
        result = next(run.result for run in self.runs() if run.id == number)
        if result is not None:
            yield result

    def document_runs(self, document_id: str) -> Iterator[tuple[int, datetime, list[e.AnyEvent]]]:
        found = [
            e.from_line(e.to_line(event))
            for event in self.happens
            if isinstance(about := getattr(event, "document", None), e.Document) and about.id == document_id
        ]
        yield 2, datetime(2026, 11, 20, 16, 5, tzinfo=UTC), found

    def declare(
        self, files: Mapping[Path, ByHand], tell: Callable[[Reading], None] = lambda _reading: None
    ) -> int:
        self.declared.append(tuple(files))
        if self.declare_raises is not None:
            raise self.declare_raises
        return 412

    async def check(self, problem: str, report: Report, *, fresh: bool = True) -> Checked:
        self.checks_asked.append(problem)
        report("journals", 4)
        if self.hold_check:
            self.held.set()
            await unless_stopped(lambda: asyncio.sleep(SECONDS))
        if self.raises is not None:
            raise self.raises
        self.checked = self.after_check or self.checked
        return self.shown()

    def try_again(self) -> None:
        self.checks_asked.append("try again")

    def kept_checks(self) -> Checked:
        return self.shown()


def overview(text: str = "") -> Overview:
    """Both sides; `text` stands wherever a text from outside can stand."""
    return Overview(
        taken_at=NOW,
        teamleader=Side(name="Teamleader", signed_in=True, customers=412, problem=text),
        octopus=Side(name="Octopus", signed_in=True, customers=398),
        counts=Counts(booked=355, ready=57, blocked=5, excluded=12),
        numbers=(text or "V1/140", "V2/7"),
        weeks=tuple((date(2026, 8, 31) + timedelta(weeks=week), 9 + week * 7 % 11) for week in range(12)),
        attention=(
            Attention(
                mark="✖",
                title=text or "Journal V2 takes Invoices, not Sales bookings",
                consequence=text or "5 credit notes",
                problem="wrong-journal-type",
                documents=5,
                does=(text or "Let journal V2 take sales bookings",),
            ),
            Attention(mark="▲", title=text or "There is no fiscal year 2027", consequence="from 1 January"),
        ),
        calls_left=(
            CallsLeft(label=text or "journals", left=21, limit=24),
            CallsLeft(label="bookings", left=400, limit=400),
            CallsLeft(label="Teamleader", left=187, limit=200),
        ),
        last_run=ending(company(), dry_run=False),
        last_began=NOW - timedelta(hours=1),
        next=Next(
            way=Way(
                leads="mend",
                number=5,
                problem="wrong-journal-type",
                does=(text or "Let journal V2 take sales bookings",),
            ),
            other=Way(leads="preview", number=57),
        ),
    )
