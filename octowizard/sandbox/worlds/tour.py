"""`tour`: a company that has lived. Most syncs well, and one of each documented error waits to be found.

The errors are those of the vendor's two articles, and what their notes warn of. They stand beside each other: none
hides another, except that the open window of V2 shows only once V2 takes bookings again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from octowizard.sandbox.state import Kept, World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.bookings import number_of
from octowizard.sandbox.worlds.breaking import (
    THIS_YEAR,
    Step,
    bill,
    lines_of,
    newcomer,
    paid_invoices,
    plant,
    uncredited,
    undo_matches,
    waiting_notes,
)
from octowizard.sandbox.worlds.company import Making, add_customers, add_relations, add_waiting, begin, sell
from octowizard.sandbox.worlds.customers import add_relation, relation_moment, relation_of
from octowizard.sandbox.worlds.history import add_earlier

CUSTOMERS, EARLIER, WAITING = 60, 40, 60
_NEXT_YEAR = 6
_BOOKED_UNTIL = date(2026, 8, 20)


def build(seed: int, customers: int | None, documents: int | None) -> World:
    """`documents`: so many that wait besides the eleven with an error of their own; None: 60."""
    making = begin("tour", seed, books.ready_dossier())
    add_customers(making, max(3, CUSTOMERS if customers is None else customers))
    add_earlier(making, add_relations(making), EARLIER if documents is None else 12, until=_BOOKED_UNTIL)
    making.world.start_date = "2025-12-01"
    _years_and_periods(making)
    add_waiting(making, WAITING if documents is None else documents)
    _accounts_and_customers(making)
    _journals(making)
    _payments(making)
    return making.world


def _years_and_periods(making: Making) -> None:
    """Two documents of a closed year, two of a closed and two of a secured period."""
    last_year = [bill(making, kept, day=date(2025, 12, 18), prefix="2025") for kept in making.customers[:2]]
    august, september = (
        sell(
            making,
            making.chance(f"late {month}"),
            making.customers,
            2,
            date(2026, month, 25),
            date(2026, month, 29),
        )[0]
        for month in (8, 9)
    )
    for key in ("V1", "V2"):
        journal = making.dossier.journals[THIS_YEAR, key]
        journal.closed_period, journal.protected_period = 202608, 202609
    secured: Step = ("set-secured-period", {"journal": "V1", "period": 202608, "year": "2026"})
    both: tuple[Step, ...] = (
        ("set-closed-period", {"journal": "V1", "period": 202607, "year": "2026"}),
        ("set-secured-period", {"journal": "V1", "period": 202607, "year": "2026"}),
    )
    plant(making, "closed-year", last_year, ("reopen-year", {"year": "2025"}))
    plant(making, "secured-period", september, secured)
    plant(making, "closed-period", august, *both)


def _accounts_and_customers(making: Making) -> None:
    """Two documents without an account, a relation that stands there twice, two contractors, a pair to merge."""
    cure: list[Step] = []
    chosen = uncredited(making)[-2:]
    for kept in chosen:
        first = lines_of(kept)[0]
        account = str(making.settings.account_of_category[first["product_category"]["id"]])
        first["product_category"] = None
        step = {"document": number_of(kept), "line": 1, "category": account}
        cure.append(("teamleader-set-line-account", step))
    plant(making, "missing-account", chosen, *cure)

    twice = newcomer(making)
    chance = making.chance("twice")
    both = [
        add_relation(making.dossier, relation_of(chance, twice), relation_moment(chance)) for _ in range(2)
    ]
    billed = [bill(making, twice) for _ in range(2)]
    plant(making, "duplicate-relation", billed, ("deactivate-relation", {"relation": both[1]}))

    firms = [kept for kept in making.customers if kept.hidden["vat_type"] == "vat_liable"][-4:-2]
    for kept in firms:
        kept.hidden["vat_type"] = "contractor"
    plant(making, "contractor", (), *_for_each(firms, "teamleader-change-vat-type", type="vat_liable"))

    first_one, second = newcomer(making), newcomer(making)
    second.data |= {
        "name": str(first_one.data["name"]).upper(),
        "vat_number": first_one.data["vat_number"],
        "addresses": first_one.data["addresses"],
    }
    bill(making, first_one)
    bill(making, second)
    merge: Step = (
        "teamleader-merge",
        {"survivor": first_one.data["id"], "loser": second.data["id"]},
    )
    plant(making, "duplicate-customer", (), merge)


def _for_each(customers: Iterable[Kept], action: str, **arguments: str) -> list[Step]:
    return [(action, {"customer": kept.data["id"], **arguments}) for kept in customers]


def _journals(making: Making) -> None:
    """V2 of the wrong type and open in a window; the journals of next year not synchronised."""
    journals, notes = making.dossier.journals, waiting_notes(making)
    journals[THIS_YEAR, "V2"].insertion_type = 2
    journals[THIS_YEAR, "V2"].locked_by = "Boekhouding"
    right: Step = ("set-entry-type", {"journal": "V2", "type": "bookings", "year": "2026"})
    plant(making, "wrong-journal-type", notes, right)
    plant(making, "open-journal", notes, ("close-journal-window", {"journal": "V2", "year": "2026"}))
    for key in ("V1", "V2"):
        journals[_NEXT_YEAR, key].desktop_only = True
    plant(making, "journals-not-synchronised", (), ("synchronise", {}))


def _payments(making: Making) -> None:
    """One invoice paid in Teamleader only, one whose match was undone in Octopus."""
    unpaid, undone = paid_invoices(making)[:2]
    undo_matches(making, unpaid, with_receipts=True)
    undo_matches(making, undone, with_receipts=False)
    plant(making, "unmatched-drift", (), ("reconcile", {}))
    plant(making, "paid-drift", (), ("pay", {"document": number_of(unpaid)}))
