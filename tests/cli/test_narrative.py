"""What a person reads on the terminal while a sync runs, and when it has ended."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

import pytest

from octowizard import locale
from octowizard.cli.console import Console
from octowizard.cli.narrative import Narrative
from octowizard.sync import events
from tests.cli.test_exits import finished

CLOSED = events.Explanation(
    problem="closed-period",
    title="Period 3 is closed",
    evidence=("Journal V1 is closed until period 3.",),
    fix=("Release the period in Octopus.", "Run the sync again."),
    fixed_when="The period is open.",
)


@pytest.fixture(autouse=True)
def _english() -> None:
    locale.choose("en")


def document(
    number: str = "2026 / 15",
    customer: str = "Foo [BE] bvba",
    kind: Literal["invoice", "credit_note"] = "invoice",
) -> events.Document:
    """A document of 1.210,00 on 5 March 2026."""
    return events.Document(
        kind=kind,
        id=f"id of {number}",
        number=number,
        date=date(2026, 3, 5),
        customer=customer,
        amount=Decimal("1210.00"),
        currency="EUR",
    )


def started(**fields: Any) -> events.RunStarted:
    """The first event of a run."""
    return events.RunStarted(
        **{
            "run": 1,
            "profile": "practice",
            "dry_run": False,
            "octopus": "9045119 Acme NV",
            "teamleader": "Acme",
            "start_date": date(2026, 1, 1),
            "numbering": "next",
            **fields,
        }
    )


def told(*happened: events.Event) -> tuple[list[str], list[str]]:
    """What stdout and stderr hold after these events."""
    out, err = io.StringIO(), io.StringIO()
    narrative = Narrative(Console(out, err))
    for event in happened:
        narrative.tell(event)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def booked(number: str, at: int, **fields: Any) -> events.DocumentBooked:
    """A document booked in V1."""
    return events.DocumentBooked(
        document=document(number), bookyear=1, journal="V1", number=at, period=3, **fields
    )


def test_a_booked_document_is_one_line_with_its_number_on_both_sides() -> None:
    out, err = told(started(), booked("2026 / 15", 41))
    assert out == ["✔ invoice 2026 / 15  05/03/2026  Foo [BE] bvba  1.210,00: booked as V1/41, period 3"]
    assert err == ["Sync of Acme to 9045119 Acme NV, from 01/01/2026, with the next free numbers"]


def test_a_preview_never_says_that_something_was_written() -> None:
    out, err = told(
        started(dry_run=True),
        booked("2026 / 15", 41),
        events.RelationCreated(customer_id="c", customer="Acme", external_number=5),
        events.PaymentRegistered(
            document=document(), amount=Decimal("10.00"), paid_on=date(2026, 3, 9), in_full=False
        ),
        finished(dry_run=True, booked=1),
    )
    text = "\n".join(out)
    assert "would be booked as V1/41" in text
    assert "would become a relation" in text
    assert "would be registered in Teamleader" in text
    assert "✔ Preview: a sync would write 1 document. Nothing stands in the way." in out
    assert err[0].startswith("Preview of ")


def test_failures_are_grouped_by_cause_with_the_fix_told_once() -> None:
    out, _err = told(
        started(),
        *(
            events.DocumentFailed(document=document(f"2026 / {n}"), explanation=CLOSED, blocks=n == 1)
            for n in range(1, 9)
        ),
        finished(failing=8, outcome="attention"),
    )
    assert "✖ 8 × Period 3 is closed" in out
    assert sum("Release the period in Octopus." in line for line in out) == 1
    assert out.count("    Journal V1 is closed until period 3.") == 8
    assert any("2026 / 5" in line and line.endswith(", … and 3 more") for line in out)
    assert "  1 document waits for it, because numbers must follow each other." in out
    assert "8 documents need attention." in out[-2]
    assert out[-1] == "  0 booked · 0 ready · 8 blocked · 0 excluded"


def test_excluded_documents_are_counted_by_reason_and_not_listed() -> None:
    out, _err = told(
        started(),
        *(
            events.DocumentExcluded(
                document=document(f"2026 / {n}"), reason="before-start", message="dated before 01/01/2026"
            )
            for n in range(1200)
        ),
        finished(excluded=1200),
    )
    assert "– 1.200 × dated before 01/01/2026" in out
    assert len(out) < 8


def test_the_end_tells_all_counts_and_when_it_goes_on() -> None:
    out, _err = told(
        started(),
        finished(
            outcome="limit",
            booked=400,
            relations_created=12,
            payments_registered=3,
            in_sync=403,
            left_for_later=500,
            goes_on=datetime(2031, 3, 6, 12, 0, tzinfo=UTC),
        ),
    )
    assert "○ Sync: ended by a limit after 0 s: 400 documents, 12 new relations, 3 payments." in out
    assert "  403 booked · 500 ready · 0 blocked · 0 excluded" in out
    assert any("06/03/2031" in line for line in out)


def test_a_name_can_neither_break_a_line_nor_steer_the_terminal() -> None:
    out, _err = told(
        started(),
        events.DocumentBooked(
            document=document(customer="Evil\n✔ fake \x1b[2J{number} [/x]"),
            bookyear=1,
            journal="V1",
            number=1,
            period=1,
        ),
    )
    assert len(out) == 1
    assert "Evil\\x0a✔ fake \\x1b[2J{number} [/x]" in out[0]


ONE_OF_EACH: tuple[events.Event, ...] = (
    started(resumed=True),
    events.Reading(what="invoices", count=3),
    events.Settled(kind="booking", label="2026 / 1", outcome="done", message="It was booked."),
    events.PhaseProgress(phase="invoices", state="running", done=1, total=2),
    events.PhaseProgress(phase="invoices", state="done", done=2, total=2, failing=1),
    events.RelationLinked(customer_id="c", customer="Acme", relation=7, by="vat_number"),
    events.RelationCreated(customer_id="c", customer="Acme", external_number=5, relation=8),
    events.CustomerFailed(customer_id="c", customer="Acme", explanation=CLOSED),
    events.DocumentWaiting(document=document()),
    booked("2026 / 15", 41, found=True),
    events.DocumentFailed(document=document(), explanation=CLOSED),
    events.DocumentBlocked(document=document(), waits_for="2026 / 14"),
    events.DocumentExcluded(document=document(), reason="before-start", message=""),
    events.DocumentLeft(document=document(), reason="unreachable"),
    events.PaymentRegistered(
        document=document(), amount=Decimal("1.00"), paid_on=date(2026, 3, 9), in_full=True
    ),
    events.PaymentMirrored(
        document=document(), amount=Decimal("1.00"), paid_on=date(2026, 3, 9), journal="F1", number=2
    ),
    events.PaymentParked(document=document(), amount=Decimal("1.00"), question="Is it the same?"),
    events.PaymentFailed(document=document(), amount=Decimal("1.00"), explanation=CLOSED),
    events.PaymentDrift(document=document(), message="Un-matched in Octopus."),
    events.Gauge(bookings_left=5, per_minute=60, seconds_left=9),
    events.Waiting(vendor="Octopus", why="asked", seconds=12),
    events.Waiting(vendor="Octopus", why="asked", seconds=0),
    events.Counters(in_sync=1, excluded=0, failing=0, waiting=0),
    events.LimitReached(vendor="Octopus", operation="POST", until=None, message="No more today."),
    events.Notice(message="The clock differs."),
    events.RunRefused(explanation=CLOSED),
    finished(),
)


def test_every_event_can_be_told() -> None:
    assert {type(event) for event in ONE_OF_EACH} == set(events.RunEvent.__args__)
    out, err = told(*ONE_OF_EACH)
    for said in ("It was booked.", "by VAT number", "waits for 2026 / 14", "Is it the same?", "F1/2"):
        assert said in "\n".join(out)
    for said in ("The clock differs.", "Invoices: 2 of 2, of which 1 is blocked", "cut off"):
        assert said in "\n".join(err)


def test_a_standstill_is_told_once_with_its_reason_and_its_time() -> None:
    def waiting(seconds: int) -> events.Waiting:
        return events.Waiting(vendor="Teamleader", why="window", limit=200, seconds=seconds)

    _out, err = told(waiting(38), waiting(37), waiting(0), waiting(12))
    assert err == [
        "● Teamleader allows 200 calls a minute: goes on in 38 s",
        "● Teamleader allows 200 calls a minute: goes on in 12 s",
    ]


def test_the_line_of_progress_says_first_how_long_yet_then_how_far_and_how_fast() -> None:
    seen: list[tuple[str, float | None]] = []

    class Terminal(Console):
        def progress(self, text: str, share: float | None = None) -> None:
            seen.append((text, share))

    narrative = Narrative(Terminal(io.StringIO(), io.StringIO()))
    for event in (
        events.Reading(
            what="invoices",
            count=5_000,
            vendor="Teamleader",
            of=20_000,
            about=True,
            a_call=100,
            limit=200,
            seconds_left=45,
        ),
        events.PhaseProgress(phase="customers", state="done", done=60, total=60),
        events.PhaseProgress(phase="invoices", state="running", done=79, total=240),
        events.PhaseProgress(phase="credit_notes", state="done", done=60, total=60),
        events.Gauge(bookings_left=259, per_minute=279, lately=140, seconds_left=38),
        events.Gauge(bookings_left=259, per_minute=279, lately=280, seconds_left=37),
    ):
        narrative.tell(event)
    assert seen[0] == (
        "about 45 s left · reading invoices 5.000 of about 20.000 · "
        "100 a call, and Teamleader allows 200 calls a minute",
        0.25,
    )
    assert seen[-1] == (
        "about 37 s left · 139/300 · ▅█ 279 a minute · Invoices 79/240 · 259 bookings left today",
        139 / 300,
    )
