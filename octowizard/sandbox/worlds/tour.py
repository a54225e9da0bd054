"""`tour`: a company that has lived. Most syncs well, and one of each documented error waits to be found.

The errors are those of the vendor's two articles, and what their notes warn of. They stand beside each other: none
hides another, except that the open window of V2 shows only once V2 takes bookings again.
"""

from __future__ import annotations

from datetime import date

from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import books
from octowizard.sandbox.worlds.breaking import BrokenCompany
from octowizard.sandbox.worlds.company import add_customers, add_relations, add_waiting, begin, sell
from octowizard.sandbox.worlds.history import add_earlier
from octowizard.sandbox.worlds.scenarios import THIS_YEAR, Step

CUSTOMERS, EARLIER, WAITING = 60, 40, 60
_NEXT_YEAR = 6
_BOOKED_UNTIL = date(2026, 8, 20)


def build(name: str, seed: int, customers: int | None, documents: int | None) -> World:
    """`documents`: so many that wait besides the eleven with an error of their own; None: 60."""
    making = BrokenCompany(**vars(begin(name, seed, books.ready_dossier())))
    add_customers(making, max(3, CUSTOMERS if customers is None else customers))
    add_earlier(making, add_relations(making), EARLIER if documents is None else 12, until=_BOOKED_UNTIL)
    making.world.start_date = "2025-12-01"
    _years_and_periods(making)
    add_waiting(making, WAITING if documents is None else documents)
    _accounts_and_customers(making)
    _journals(making)
    _payments(making)
    return making.world


def _years_and_periods(making: BrokenCompany) -> None:
    """Two documents of a closed year, two of a closed and two of a secured period."""
    last_year = [making.bill(kept, day=date(2025, 12, 18), prefix="2025") for kept in making.customers[:2]]
    august, september = (
        sell(making, making.chance(f"late {month}"), making.customers, 2, *days)[0]
        for month in (8, 9)
        for days in [(date(2026, month, 25), date(2026, month, 29))]
    )
    for key in ("V1", "V2"):
        journal = making.dossier.journals[THIS_YEAR, key]
        journal.closed_period, journal.protected_period = 202608, 202609
    secured: Step = ("set-secured-period", {"journal": "V1", "period": 202608, "year": "2026"})
    both: tuple[Step, ...] = (
        ("set-closed-period", {"journal": "V1", "period": 202607, "year": "2026"}),
        ("set-secured-period", {"journal": "V1", "period": 202607, "year": "2026"}),
    )
    making.plant("closed-year", last_year, ("reopen-year", {"year": "2025"}))
    making.plant("secured-period", september, secured)
    making.plant("closed-period", august, *both)


def _accounts_and_customers(making: BrokenCompany) -> None:
    """Two documents without an account, a relation that stands there twice, two contractors, a pair to merge."""
    chosen = making.uncredited()[-2:]
    making.plant("missing-account", chosen, *making.without_account(chosen))

    twice = making.newcomer()
    chance = making.chance("twice")
    both = [making.relation(twice, chance) for _ in range(2)]
    billed = [making.bill(twice) for _ in range(2)]
    making.plant("duplicate-relation", billed, ("deactivate-relation", {"relation": both[1]}))

    firms = [kept for kept in making.customers if kept.hidden["vat_type"] == "vat_liable"][-4:-2]
    making.plant("contractor", (), *making.contractors(firms))

    first, second = making.newcomer(), making.newcomer()
    merge = making.same_customer(first, second)
    making.bill(first)
    making.bill(second)
    making.plant("duplicate-customer", (), merge)


def _journals(making: BrokenCompany) -> None:
    """V2 of the wrong type and open in a window; the journals of next year not synchronised."""
    journals, notes = making.dossier.journals, making.waiting_notes()
    journals[THIS_YEAR, "V2"].insertion_type = 2
    journals[THIS_YEAR, "V2"].locked_by = "Boekhouding"
    right: Step = ("set-entry-type", {"journal": "V2", "type": "bookings", "year": "2026"})
    making.plant("wrong-journal-type", notes, right)
    making.plant("open-journal", notes, ("close-journal-window", {"journal": "V2", "year": "2026"}))
    for key in ("V1", "V2"):
        journals[_NEXT_YEAR, key].desktop_only = True
    making.plant("journals-not-synchronised", (), ("synchronise", {}))


def _payments(making: BrokenCompany) -> None:
    """One invoice paid in Teamleader only, one whose match was undone in Octopus."""
    unpaid, undone = making.paid_invoices()[:2]
    making.undo_matches(unpaid, with_receipts=True)
    making.undo_matches(undone, with_receipts=False)
    making.plant("unmatched-drift", (), ("reconcile", {}))
    making.plant("paid-drift", (), ("pay", {"document": unpaid.number}))
