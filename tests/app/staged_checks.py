"""What the checks of the scripted company find: one of each kind, on a calendar with every state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from octowizard.checks.calendar import Calendar, Cell, PeriodRow, State, YearBlock
from octowizard.checks.registry import Finding, NotChecked, Record
from octowizard.problems.explain import CauseFound, Explained
from octowizard.session.profile_session import Checked
from octowizard.snapshot.model import DocumentHead
from octowizard.sync.calls import CallsLeft
from tests.app.staged import CUSTOMERS, overview
from tests.app.staged_setup import StagedSetUp

READ = datetime(2026, 11, 21, 9, 28, tzinfo=UTC)
INVOICES = tuple(f"i{number}" for number in range(140, 152))
NOTES = tuple(f"c{number}" for number in range(3, 7))


def head(id: str, customer: str) -> DocumentHead:
    """A document that waits."""
    number = int(id[1:])
    credit = id.startswith("c")
    return DocumentHead(
        id=id,
        kind="credit_note" if credit else "invoice",
        number=f"2026/{number}" if credit else f"2026 / {number}",
        date=date(2026, 3, 1 + number % 27),
        due_on=None,
        customer_id=f"k{number % 8}",
        customer_type="company",
        customer_name=customer,
        amount=Decimal(number * 605) / 10,
        currency="EUR",
        open_amount=None,
        communication=None,
        stamp="",
        web_url=f"https://focus.teamleader.eu/invoice_detail.php?id={number}",
    )


DOCUMENTS = {
    id: head(id, CUSTOMERS[number % len(CUSTOMERS)]) for number, id in enumerate((*INVOICES, *NOTES))
}


def records(ids: tuple[str, ...]) -> tuple[Record, ...]:
    """The records of documents."""
    return tuple(Record(DOCUMENTS[id].kind, DOCUMENTS[id].number, id) for id in ids)


SECURED = Finding(
    problem="secured-period",
    severity="blocking",
    title="Period 202603 is secured in V1",
    records=records(INVOICES[:7]),
    evidence=("V1 is secured till 202603; the documents are of 1 to 27 March 2026.",),
    fix=("Octopus: Beheer > Dagboeken. Set it lower in V1.",),
    fixed_when="V1 takes bookings in 202603",
)
WRONG_TYPE = Finding(
    problem="wrong-journal-type",
    severity="blocking",
    title="Journal V2 has the wrong type",
    records=records(NOTES),
    evidence=("V2 takes Invoices, not Sales bookings, in 2026.",),
)
NEXT_YEAR = Finding(
    problem="next-year-missing",
    severity="warning",
    title="There is no fiscal year 2027",
    evidence=("The last fiscal year ends on 31 December 2026.",),
)
ROUNDING = Finding(
    problem="rounding-difference",
    severity="info",
    title="VAT per line and per rate differ by a cent",
    records=records(INVOICES[9:10]),
)
NOT_CHECKED = NotChecked("duplicates", "duplicate relations", "today's calls for relations are used up")
LASTING = NotChecked("contractor", "VAT type Contractor", "no API shows it", lasting=True)


def block(
    year: int, states: Mapping[int, tuple[State, State]], waiting: Mapping[tuple[int, str], tuple[str, ...]]
) -> YearBlock:
    """A year of twelve months; what is not said is open and empty."""
    rows = []
    for month in range(1, 13):
        pair = states.get(month, ("open", "open"))
        cells = []
        for key, state in zip(("V1", "V2"), pair, strict=True):
            ids = waiting.get((month, key), ())
            problem = {
                "secured": "secured-period",
                "closed": "closed-period",
                "missing": "missing-journal",
            }.get(state, "wrong-journal-type" if state == "wrong-type" else None)
            cells.append(
                Cell(journal=key, state=state, problem=problem, waiting=len(ids), booked=month, documents=ids)
            )
        start = date(year, month, 1)
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        rows.append(PeriodRow(number=year * 100 + month, start=start, end=end, cells=tuple(cells)))
    return YearBlock(
        id=year,
        name=f"{year}",
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        closed=False,
        periods=tuple(rows),
    )


def missing_year() -> YearBlock:
    """2027, which Octopus does not have."""
    cells = (
        Cell(
            journal="V1",
            state="missing",
            problem="missing-year",
            waiting=1,
            booked=0,
            documents=INVOICES[11:12],
        ),
        Cell(journal="V2", state="missing", problem="missing-year", waiting=0, booked=0),
    )
    row = PeriodRow(number=0, start=date(2027, 1, 1), end=date(2027, 12, 31), cells=cells)
    return YearBlock(
        id=None,
        name="2027",
        start=date(2027, 1, 4),
        end=date(2027, 1, 4),
        closed=False,
        periods=(row,),
    )


def grid() -> Calendar:
    """Every state, documents that wait here and there."""
    states: dict[int, tuple[State, State]] = {
        1: ("closed", "wrong-type"),
        2: ("closed", "wrong-type"),
        3: ("secured", "wrong-type"),
        4: ("open", "wrong-type"),
        5: ("open", "missing"),
        12: ("future", "future"),
    }
    waiting = {(3, "V1"): INVOICES[:7], (4, "V1"): INVOICES[7:11], (4, "V2"): NOTES}
    return Calendar(journals=("V1", "V2"), years=(block(2026, states, waiting), missing_year()))


def checked() -> Checked:
    """All of it, read two minutes ago."""
    return Checked(
        taken_at=READ,
        findings=(SECURED, WRONG_TYPE, NEXT_YEAR, ROUNDING),
        not_checked=(NOT_CHECKED, LASTING),
        grid=grid(),
        overview=overview(),
        guide=StagedSetUp().kept(),
        documents=DOCUMENTS,
        calls_left=(
            CallsLeft(label="journals", left=21, limit=24),
            CallsLeft(label="bookings", left=400, limit=400),
        ),
        kept=(("accounts", datetime(2026, 11, 21, 7, 0, tzinfo=UTC)),),
    )


def explained(said: str = "") -> Explained:
    """A problem with a cause in each state; `said` stands wherever text from outside can stand."""
    fix = (said or "Octopus: Beheer > Dagboeken. Set Beveiligd tot periode of journal V1 to 202602.",)
    never = (said or "Do not lower it once the VAT return of that period has been filed.",)
    who, fixed_when = (
        said or "Whoever secured it, mostly the accountant.",
        said or "V1 takes bookings in 202603.",
    )
    return Explained(
        problem="secured-period",
        title=said or "The period is secured",
        summary=said or "The journal is secured up to and including that period.",
        severity="blocking",
        causes=(
            CauseFound(
                cause="a",
                text=said or "The period is not later than Beveiligd tot periode of the journal.",
                state="confirmed",
                evidence=(said or "V1 is secured till 202603; invoice 2026 / 140 is of period 202603.",),
                problem="secured-period",
                what=said or "The period is secured",
                fix=fix,
                never=never,
                who=who,
                fixed_when=fixed_when,
            ),
            CauseFound(
                cause="b",
                text=said or "The request was malformed.",
                state="open",
                evidence=(said or "Cannot be seen from outside.",),
            ),
            CauseFound(
                cause="c",
                text=said or "The whole fiscal year is closed.",
                state="ruled_out",
                evidence=(said or "Fiscal year 2026 is open.",),
            ),
        ),
        fix=fix,
        never=never,
        who=(who,),
        fixed_when=fixed_when,
        source="inferred",
    )
