"""A run's rows by what has to be done about them, and what each front end says of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from octowizard.presentation.blocks import Block, Entry, Heading, Page
from octowizard.presentation.detail import cure, offering, run_line
from octowizard.presentation.run_causes import Causes
from octowizard.presentation.run_rows import RunState, sections
from octowizard.presentation.text import lines
from octowizard.sync import events as e

TWICE = e.Explanation(problem="duplicate-relation", title="“Maes” is in Octopus more than once")


def document(number: int, customer: str) -> e.Document:
    return e.Document(
        kind="invoice",
        id=f"i{number}",
        number=f"2026 / {number}",
        date=date(2026, 3, 1),
        customer=customer,
        amount=Decimal(12),
        currency="EUR",
        web_url=None,
    )


CUSTOMER = e.CustomerFailed(customer_id="k", customer="Maes", explanation=TWICE)
DOCUMENTS = [e.DocumentFailed(document=document(n, "Maes"), explanation=TWICE, blocks=0) for n in (1, 2)]


def state_of(*happened: e.Event) -> RunState:
    state = RunState(dry_run=True)
    for event in happened:
        state.apply(event)
    return state


def test_a_customer_that_fails_is_not_counted_beside_its_own_documents() -> None:
    (group,) = sections(state_of(CUSTOMER, *DOCUMENTS).rows.values(), dry_run=True)
    assert [row.name for row in group.rows] == ["2026 / 1", "2026 / 2"]
    assert "Concerns: 2 documents" in list(lines(run_line(group, dry_run=True).blocks))
    causes = Causes()
    for event in (CUSTOMER, *DOCUMENTS):
        causes.add(event)
    shown = list(lines(causes.blocks()))
    assert "✖ 2 × “Maes” is in Octopus more than once" in shown
    assert "  2026 / 1 Maes, 2026 / 2 Maes" in shown


def test_a_customer_without_documents_has_a_line_of_its_own_that_says_whose_it_is() -> None:
    other = e.DocumentFailed(document=document(3, "Peeters"), explanation=TWICE, blocks=0)
    (group,) = sections(state_of(CUSTOMER, other).rows.values(), dry_run=True)
    assert len(group.rows) == 2
    alone = state_of(CUSTOMER)
    (group,) = sections(alone.rows.values(), dry_run=True)
    assert group.tally == "1 customer"
    title = run_line(group.rows[0], dry_run=True).title
    assert title != group.title
    assert title.startswith("Maes ")


def test_the_change_that_is_offered_stands_above_the_remedy_in_every_language() -> None:
    remedy: list[Block] = [
        entry if not isinstance(entry, Entry) else Entry(f"<{entry.label}>", entry.text, id=entry.id)
        for entry in cure(("Do this.",), fixed_when="it is done")
    ]
    page = offering(Page(title="It fails", blocks=(Heading("Why"), *remedy)), "Create journal V2")
    assert [block.text for block in page.blocks if isinstance(block, Heading | Entry)] == [
        "Why",
        "d does it: Create journal V2",
        "Do this.",
        "it is done",
    ]
