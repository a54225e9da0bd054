"""What is kept in the workspace, sorted out and built into a Snapshot: offline, and the same each time."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.octopus.client import Octopus
from octowizard.octopus.session import Credentials
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.web import Company
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.snapshot import assemble
from octowizard.snapshot.matching_bookings import comment_for
from octowizard.snapshot.model import BookingHead, DocumentHead, Snapshot
from octowizard.sync.accounts import Accounts
from octowizard.sync.reading import read_both
from octowizard.teamleader import oauth
from octowizard.teamleader.client import Teamleader
from octowizard.transport.ledger import MemoryCallLedger
from octowizard.transport.retry import AT_ONCE
from octowizard.workspace import kept, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Profile
from tests.build import PROFILE
from tests.snapshot.test_matching_bookings import booking, document
from tests.teamleader.vendor import Store

START = date(2026, 1, 1)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
_encode = msgspec.json.Encoder(decimal_format="number").encode


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace.sqlite") as opened:
        yield opened


def keep(workspace: Workspace, *records: DocumentHead | BookingHead) -> None:
    for record in records:
        if isinstance(record, DocumentHead):
            kept.keep_records(workspace, record.kind, [kept.Record(record.id, _encode(record), record.stamp)])
        else:
            key = f"{record.bookyear}/{record.journal}/{record.number}"
            kept.keep_records(workspace, "booking", [kept.Record(key, _encode(record))])


def waiting(number: int, **changes: Any) -> DocumentHead:
    return document(f"2026 / {number}", communication=None, **changes)


def test_documents_wait_in_order_invoices_before_credit_notes_then_by_day_and_number(
    workspace: Workspace,
) -> None:
    later = date(2026, 3, 1)
    credit = waiting(1, id="cn", kind="credit_note")
    keep(workspace, credit, waiting(3, date=later), waiting(10), waiting(9), waiting(1, date=later))
    pending = assemble.triage(workspace, START).pending
    assert [(head.kind, head.number) for head in pending] == [
        ("invoice", "2026 / 9"),
        ("invoice", "2026 / 10"),
        ("invoice", "2026 / 1"),
        ("invoice", "2026 / 3"),
        ("credit_note", "2026 / 1"),
    ]


def test_documents_before_the_start_date_are_left_alone(workspace: Workspace) -> None:
    keep(workspace, waiting(1, date=date(2025, 12, 31)), waiting(2, date=START))
    assert [head.number for head in assemble.triage(workspace, START).pending] == ["2026 / 2"]


def test_what_octowizard_booked_is_linked_again_after_the_workspace_is_lost(workspace: Workspace) -> None:
    keep(workspace, waiting(1), waiting(2), booking(comment_for("2026 / 1"), number=7))
    first = assemble.triage(workspace, START)
    assert (first.in_sync, [head.number for head in first.pending]) == (1, ["2026 / 2"])
    assert links.documents(workspace)["2026 / 1"] == links.DocumentLink(
        "2026 / 1", "invoice", 5, "V1", 7, "recognised"
    )
    assert assemble.triage(workspace, START) == first  # the second look finds the link instead


def test_what_stands_elsewhere_waits_no_more_and_what_differs_waits_with_its_booking(
    workspace: Workspace,
) -> None:
    by_hand, wrong = booking("2026/1", number=7), booking("2026/2", number=8, amount=Decimal("1.00"))
    keep(workspace, waiting(1), waiting(2), by_hand, wrong)
    found = assemble.triage(workspace, START)
    assert [(head.number, there.number) for head, there in found.elsewhere] == [("2026 / 1", 7)]
    assert [(head.number, there.number) for head, there in found.differing] == [("2026 / 2", 8)]
    assert [head.number for head in found.pending] == ["2026 / 2"]
    assert found.in_sync == 0
    assert not links.documents(workspace)  # only what octowizard itself booked is linked


def test_a_booking_that_is_one_documents_is_never_taken_for_another(workspace: Workspace) -> None:
    keep(workspace, waiting(1), waiting(2), booking("2026/1 2026/2", number=7))
    links.keep(workspace, links.DocumentLink("2026 / 1", "invoice", 5, "V1", 7, "booked"))
    found = assemble.triage(workspace, START)
    assert (found.in_sync, [head.number for head in found.pending]) == (1, ["2026 / 2"])
    assert not found.elsewhere


def test_an_empty_workspace_is_an_empty_snapshot(workspace: Workspace) -> None:
    snapshot = offline(workspace, NOW)
    assert (snapshot.years, snapshot.pending, snapshot.in_sync, dict(snapshot.accounts)) == ((), (), 0, {})


# --- taken from the practice company ---------------------------------------------------------------------


def offline(workspace: Workspace, taken_at: datetime, department: str = "d") -> Snapshot:
    """The Snapshot of what is kept, without a call."""
    profile = msgspec.structs.replace(PROFILE, start_date=START, department_id=department)
    return assemble.build(workspace, profile, taken_at, assemble.triage(workspace, START))


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    async with serving(new_company(SCENARIOS["healthy"].build(1, 12, 10))) as served:
        yield served.company


async def test_what_was_kept_builds_offline_what_was_taken_online(company: Company, tmp_path: Path) -> None:
    teamleader, octopus = company.world.teamleader, company.world.octopus
    department = next(iter(teamleader.departments))
    profile = Profile(
        name="p",
        octopus_url=f"{company.url}/octopus-rest-api/v1",
        teamleader_url=f"{company.url}/teamleader",
        teamleader_auth_url=f"{company.url}/teamleader-auth",
        octopus_user=octopus.user,
        teamleader_client_id=teamleader.client_id,
        dossier_id=next(iter(octopus.dossiers)),
        department_id=department,
        start_date=START,
    )
    ledger = MemoryCallLedger()

    def accounts() -> Accounts:
        return Accounts(
            Octopus(
                profile.octopus_url,
                Credentials(octopus.software_house, octopus.user, octopus.password),
                dossier_id=profile.dossier_id,
                ledger=ledger,
                pauses=AT_ONCE,
            ),
            Teamleader(
                profile.teamleader_url,
                profile.teamleader_auth_url,
                oauth.Credentials(teamleader.client_id, teamleader.client_secret),
                Store([], next(iter(teamleader.refresh_tokens))),
                counter=ledger,
                pauses=AT_ONCE,
            ),
        )

    path = tmp_path / "workspace.sqlite"
    both = accounts()
    async with both.octopus, both.teamleader:
        await both.octopus.version()
        with Workspace(path) as workspace:
            looked = await read_both(
                workspace, both, profile, START, freshness="kept", report=lambda what, count: None
            )
            taken = looked.snapshot
    with Workspace(path) as workspace:
        rebuilt = offline(workspace, taken.taken_at, department)
    assert rebuilt == taken
    assert len(taken.pending) + taken.in_sync > 0
    assert taken.accounts
    assert all(head.customer_id in taken.customers for head in taken.pending)
    assert taken.relations
