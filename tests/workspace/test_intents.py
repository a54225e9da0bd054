"""Intents and links: on the disk before the call, and never one without the other, whoever is killed when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace
from tests.workspace.processes import other

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
BOOKED = links.DocumentLink("d-1", "invoice", 5, "V1", 41, "booked")
MADE = links.CustomerLink("c-1", 9, 123_456_789, "created")
PAID = links.PaymentLink("5/V1/41/-1|5/F1/3/2", "d-1", Decimal("121.10"), "2026-11-20", "registered")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.sqlite"


@pytest.fixture
def workspace(path: Path) -> Iterator[Workspace]:
    with Workspace(path) as opened:
        yield opened


def about_to_book(workspace: Workspace, number: int = 41, run: int = 1) -> int:
    return intents.open_intent(
        workspace,
        run=run,
        kind="booking",
        subject=f"d-{number}",
        natural_key=f"5/V1/{number}",
        body=b'{"amount": 121.10}',
        vendor_time=NOW.astimezone(timezone(timedelta(hours=1))),
    )


def test_a_write_about_to_be_made_is_seen_by_whoever_opens_the_workspace_next(
    workspace: Workspace, path: Path
) -> None:
    number = about_to_book(workspace)
    with Workspace(path) as next_one:
        (intent,) = intents.in_state(next_one, "open")
    assert intent.id == number
    assert intent[1:7] == (1, "booking", "d-41", "5/V1/41", b'{"amount": 121.10}', "open")
    assert intent.vendor_time == NOW


def test_an_outcome_and_the_links_it_made_are_there_together(workspace: Workspace, path: Path) -> None:
    intents.close(workspace, about_to_book(workspace), "done", "V1/41", BOOKED, MADE, PAID)
    with Workspace(path) as next_one:
        assert intents.in_state(next_one, "open") == []
        assert [intent.state for intent in intents.in_state(next_one, "done")] == ["done"]
        assert links.documents(next_one) == {"d-1": BOOKED}
        assert links.customers(next_one) == {"c-1": MADE}
        assert links.payments(next_one) == {PAID.key: PAID}


def test_an_outcome_whose_link_cannot_be_kept_is_not_kept_either(workspace: Workspace) -> None:
    class Broken:
        def __str__(self) -> str:
            raise ZeroDivisionError

    broken = PAID._replace(amount=Broken())  # type: ignore[arg-type]  # a link that cannot be stored
    with pytest.raises(ZeroDivisionError):
        intents.close(workspace, about_to_book(workspace), "done", "V1/41", BOOKED, broken)
    assert len(intents.in_state(workspace, "open")) == 1
    assert links.documents(workspace) == {}


def test_doubtful_writes_are_settled_oldest_first_and_the_parked_with_them(workspace: Workspace) -> None:
    first, second, third = (about_to_book(workspace, number) for number in (41, 42, 43))
    intents.close(workspace, second, "parked", "nobody knows")
    intents.close(workspace, first, "not_done")
    assert [intent.id for intent in intents.in_state(workspace, "open", "parked")] == [second, third]
    assert [intent.id for intent in intents.in_state(workspace, "not_done")] == [first]
    assert intents.in_state(workspace, "refused") == []


def test_storing_a_link_again_changes_nothing_and_a_newer_one_replaces_it(workspace: Workspace) -> None:
    links.keep(workspace, BOOKED, MADE, PAID)
    links.keep(workspace, BOOKED, MADE, PAID)
    assert links.documents(workspace) == {"d-1": BOOKED}
    links.keep(workspace, BOOKED._replace(number=42))
    assert links.documents(workspace)["d-1"].number == 42
    links.keep(workspace)
    assert links.documents(workspace)["d-1"].number == 42


def test_a_booking_belongs_to_one_document_only(workspace: Workspace) -> None:
    links.keep(workspace, BOOKED, BOOKED._replace(document="d-2"))
    assert list(links.documents(workspace)) == ["d-2"]


def test_a_payment_keeps_its_cents(workspace: Workspace) -> None:
    links.keep(workspace, PAID._replace(amount=Decimal("0.10")))
    assert str(links.payments(workspace)[PAID.key].amount) == "0.10"


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace
with Workspace(Path(sys.argv[1])) as workspace:
    number = int(sys.argv[2])
    while True:
        number += 1
        made = intents.open_intent(
            workspace, run=1, kind="booking", subject=f"d-{number}", natural_key=f"5/V1/{number}",
            body=b"{}", vendor_time=datetime.now(UTC),
        )
        print(f"open {number}", flush=True)
        intents.close(
            workspace, made, "done", "",
            links.DocumentLink(f"d-{number}", "invoice", 5, "V1", number, "booked"),
            links.CustomerLink(f"c-{number}", number, number, "created"),
        )
        print(f"done {number}", flush=True)
"""


def test_a_killed_process_leaves_no_outcome_without_its_links_and_forgets_nothing_it_said(path: Path) -> None:
    said: set[str] = set()
    for killing in range(5):
        with other(WRITER, path, killing * 100_000) as writer:
            lines = [writer.line() for _ in range(5 + 8 * killing)]
            lines += writer.kill().splitlines()
        said |= {line for line in lines if line.startswith(("open ", "done "))}
        with Workspace(path) as workspace:
            done = {intent.subject for intent in intents.in_state(workspace, "done")}
            still_open = {intent.subject for intent in intents.in_state(workspace, "open")}
            assert set(links.documents(workspace)) == done
            assert {customer.replace("c", "d") for customer in links.customers(workspace)} == done
        assert {f"d-{line[5:]}" for line in said if line.startswith("done ")} <= done
        assert {f"d-{line[5:]}" for line in said if line.startswith("open ")} <= done | still_open
        assert len(still_open) <= killing + 1  # at most the one that was under way each time
