"""What people do in the vendors' screens, and on the computer, while a storm goes on; all by lot.

What a hand may do at which moment: while a sync runs, the bookkeeper books only for customers whose relation is there.
A relation that a person makes in the very moment in which octowizard makes it cannot be told from its own (no vendor's
call prevents it); between two octowizards anything goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tests.storm.model import JOURNALS, documents_of, number_of, numbers_booked
from tests.storm.remembered import remembered
from tests.sync.company import Company

Json = dict[str, Any]
T = TypeVar("T")

CARD = {
    "email": "boekhouding@example.be",
    "telephone": "+32 2 555 01 02",
    "remarks": "Gebeld",
    "city": "Gent",
}
PAID = "5.00"  # the same small amount again and again: payments that are hard to tell apart


def of(lot: float, things: Sequence[T]) -> T | None:
    """One of them, the last by a lot that was rounded up to 1; None where there is none."""
    return things[min(int(lot * len(things)), len(things) - 1)] if things else None


class Hands:
    """The people of one round. `done`: what they did; `standing`: how to undo what bars bookings.

    `spared`: invoices that nobody credits. A credit note has the lines and the exchange rate of its invoice: where it
    cannot be booked for these, mending the invoice later mends no credit note.
    """

    def __init__(self, company: Company) -> None:
        self.company = company
        self.workspace = remembered(company.workspace)
        self.done: Counter[str] = Counter()
        self.log: list[str] = []
        self.standing: list[tuple[str, Json]] = []
        self.spared: frozenset[str] = frozenset()

    def do(self, deed: str, lot: float, *, running: bool = False) -> None:
        """One deed. What the vendor's screen refuses (an empty chart, a closed year) is simply not done."""
        deeds: dict[str, Callable[[], object]] = {
            "pay": lambda: self._pay(lot),
            "book-waiting": lambda: self._book_waiting(lot, running=running),
            "free-sale": lambda: self._act("book-by-hand", journal="V1"),
            "new-documents": lambda: self._act("teamleader-new-invoice", n=1 + int(lot * 4)),
            "new-credit-note": lambda: self._credit(lot),
            "edit-relation": lambda: self._edit_relation(lot),
            "edit-company": lambda: self._edit_company(lot),
            "close-period": lambda: self._bar(
                "set-closed-period", lot, {"period": "0"}, period=self._month(lot)
            ),
            "secure-period": lambda: self._bar(
                "set-secured-period", lot, {"period": "0"}, period=self._month(lot)
            ),
            "close-journal": lambda: self._bar("close-journal", lot, {}, undo="reopen-journal"),
            "lock-journal": lambda: self._bar(
                "open-journal-window", lot, {}, undo="release-journal", user="Boekhouder"
            ),
            "close-year": self._close_year,
            "undo": self.undo,
            "copy-workspace": self.workspace.copy,
            "put-back": self._put_back,
            "sign-in-again": self.company.sign_in_again,
        }
        deeds[deed]()
        self.done[deed] += 1

    def undo(self) -> None:
        """Open again what was closed."""
        for action, arguments in reversed(self.standing):
            self._act(action, **arguments)
        self.standing.clear()

    def do_plainly(self, said: Json) -> None:
        """A practice action as it is said, such as a step of a cure.

        What the bank has paid meanwhile is no longer matched first: Octopus lets nobody change a matched booking.
        """
        if said["action"] == "void-booking":
            self._act("unreconcile", document=said["booking"])  # refused where nothing is matched
        self._act(said.pop("action"), **said)

    def _act(self, action: str, **arguments: object) -> bool:
        try:
            self.company.do(action, **arguments)
        except AssertionError as refused:
            self.log.append(f"{action} {arguments}: refused, {refused}")
            return False
        self.log.append(f"{action} {arguments}")
        return True

    def _pay(self, lot: float) -> None:
        """The bank: a small part of some, all of others."""
        count = 1 + int(lot * 8)
        self._act("pay", count=count, amount=PAID)
        if lot > 0.6:
            self._act("pay", count=count, amount=PAID)
        if lot < 0.5:
            self._act("pay", count=count)

    def _book_waiting(self, lot: float, *, running: bool) -> None:
        world = self.company.world()
        there = numbers_booked(world)
        known = {r.get("vatNr") for r in world["octopus"]["relations"]} - {None, ""}
        numbers = {c["id"]: c["vat_number"] for c in world["teamleader"]["companies"] if c["vat_number"]}
        waiting = [
            (kind, number_of(kind, document))
            for kind, document in documents_of(world)
            if (kind, number_of(kind, document)) not in there
            and (not running or _vat(numbers.get(document["invoicee"]["customer"]["id"])) in known)
        ]
        if (found := of(lot, waiting)) is not None:
            self._act("book-by-hand", journal=JOURNALS[found[0]], document=found[1])

    def _credit(self, lot: float) -> None:
        world = self.company.world()
        credited = {(note.get("invoice") or {}).get("id") for note in world["teamleader"]["credit_notes"]}
        invoices = [
            one["invoice_number"]
            for one in world["teamleader"]["invoices"]
            if one["invoice_number"] and one["id"] not in credited and not one["payments"]
            if one["invoice_number"] not in self.spared
        ]
        if (number := of(lot, invoices)) is not None:
            self._act("teamleader-new-credit-note", invoice=number)

    def _edit_relation(self, lot: float) -> None:
        relation = of(lot, self.company.world()["octopus"]["relations"])
        if relation is not None:
            name = list(CARD)[int(lot * 997) % len(CARD)]
            number = relation["relationIdentificationServiceData"]["relationKey"]["id"]
            self._act("edit-relation", relation=str(number), field=name, value=CARD[name])

    def _edit_company(self, lot: float) -> None:
        company = of(lot, self.company.world()["teamleader"]["companies"])
        if company is not None:
            value = f"post{int(lot * 99)}@example.be"
            self._act("teamleader-edit-customer", customer=company["id"], field="email", value=value)

    # --- what bars bookings ----------------------------------------------------------------------------

    def _month(self, lot: float) -> str:
        return f"{self.company.world()['now'][:4]}{9 + int(lot * 997) % 3:02d}"

    def _bar(self, action: str, lot: float, open_again: Json, *, undo: str = "", **arguments: object) -> None:
        journal = "V1" if lot < 0.7 else "V2"
        if self._act(action, journal=journal, **arguments):
            self.standing.append((undo or action, {"journal": journal, **open_again}))

    def _close_year(self) -> None:
        year = self.company.world()["now"][:4]
        if self._act("close-year", year=year):
            self.standing.append(("reopen-year", {"year": year}))

    # --- on the computer -------------------------------------------------------------------------------

    def _put_back(self) -> None:
        if self.workspace.put_back():
            self.log.append("an older workspace put back")


def _vat(number: str | None) -> str | None:
    """As Octopus' cards bear it."""
    return "".join(filter(str.isalnum, number)) if number else None
