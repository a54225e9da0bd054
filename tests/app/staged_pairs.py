"""A Duplicates screen's other side as it is played in tests: real matching on invented lists, no vendor.

A double, because a customer has to go from Teamleader while a test looks. On the practice company the same keys are
pressed in the last tests of `test_duplicates.py`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from octowizard.customers.review import Known, Queue, View
from octowizard.matching.engine import match
from octowizard.matching.evidence import Answer
from octowizard.matching.record import Customer
from octowizard.progress import Report, Stop
from octowizard.session.duplicates import Duplicates, MergePlans, Names
from octowizard.teamleader.models import IMPORT_TAG

if TYPE_CHECKING:
    from octowizard.customers import merging, smart
    from octowizard.workspace.undo_packs import Pack

READ_AT = datetime(2026, 11, 21, 9, 27, tzinfo=UTC)


def customer(key: str, name: str, **fields: object) -> Customer:
    """A company."""
    return msgspec.convert({"key": key, "name": name, "kind": "company", **fields}, Customer)


FIRMS = (
    ("Dakwerken Maes", "BE0404621642", "Kerkstraat 12", "9100", "Sint-Niklaas"),
    ("Garage Łukasz", "BE0401574852", "Stationsplein 3", "2800", "Mechelen"),
    ("Foo [BE] bvba", "", "Rue Haute 44", "1000", "Bruxelles"),
    ("Café Zoë [/x]", "BE0400378485", "Grote Markt 1", "3000", "Leuven"),
)


def companies() -> list[Customer]:
    """Eight companies in Teamleader: four that were there, and what an import has added."""
    found = []
    for number, (name, vat, street, postcode, city) in enumerate(FIRMS):
        reach = {"street": street, "postcode": postcode, "city": city, "country": "BE"}
        found.append(customer(f"t{number}", name, vat=vat, emails=(f"info@firm{number}.be",), **reach))
        found.append(
            customer(
                f"i{number}",
                name.upper() + (" NV" if number < 3 else ""),
                vat=vat[2:] if vat else "",
                external=str(1040 + number),
                ibans=("BE68539007547034",),
                emails=(f"info@firm{number}.be",) if number == 2 else (),
                tags=(IMPORT_TAG,),
                **reach,
            )
        )
    return found


class StagedPairs(Duplicates):
    """Keeps answers in memory. `gone`: ids that Teamleader no longer has; `stage`: what it holds."""

    def __init__(self) -> None:
        self.stage: list[Customer] = companies()
        self.documents: dict[str, int] = {"t0": 12}
        self.said: dict[Names, tuple[bool, Mapping[str, int]]] = {}
        self.gone: set[str] = set()
        self.asking = 0  # telling questions, which stand behind the sure pairs
        self.asked = 0

    def queue(self, view: View | None) -> Queue:
        view = view or "within"
        everybody = [one for one in self.stage if one.key not in self.gone]
        left, right = everybody, None  # type: list[Customer], list[Customer] | None
        if view == "across":
            left = [one for one in everybody if one.external]
            right = [one for one in everybody if not one.external]
        said = [
            Answer(left=one.split("/")[1], right=other.split("/")[1], same=same, levels=dict(levels))
            for (one, other), (same, levels) in self.said.items()
        ]
        pages = {one.key: f"https://focus.teamleader.eu/company_detail.php?id={one.key}" for one in everybody}
        known = Known(self.documents, {}, pages, frozenset(), {})
        return Queue(view, left, right, match(left, right, said), known, READ_AT, self.asking)

    async def read(self, view: View | None, report: Report) -> Queue:
        report("companies", len(self.stage))
        return self.queue(view)

    def answer(self, names: Names, same: bool, levels: Mapping[str, int]) -> None:
        self.said[names] = (same, levels)

    def settle(self, pairs: Sequence[Names]) -> None:
        self.said.update({names: (True, {}) for names in pairs})

    def take_back(self, *pairs: Names) -> None:
        for names in pairs:
            self.said.pop(names, None)

    async def still_there(self, ids: Sequence[str]) -> set[str]:
        self.asked += 1
        return {one.key for one in self.stage if one.key in ids} - self.gone

    def noticed(self, gone: str, survivor: str) -> None:
        self.gone.add(gone)

    async def merge_plans(
        self,
        tell: Callable[[merging.Progress], None],
        stop: Stop,
        *,
        pairs: Sequence[tuple[str, str]] = (),
        report: Report | None = None,
    ) -> MergePlans:
        return MergePlans([], [], 0)

    def undoable(self) -> list[Pack]:
        return []

    def foretold(self) -> bool:
        return False

    async def smart_preview(self, report: Report, *, fresh: bool = True) -> smart.Preview:
        raise OSError("Octopus cannot be reached.")


class UnreadPairs(StagedPairs):
    """Nobody was read before `read`."""

    known = False

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()  # read in another thread

    def queue(self, view: View | None) -> Queue:
        if self.known:
            return super().queue(view)
        return Queue("within", [], None, match([], None), Known({}, {}, {}, frozenset(), {}), None, 0)

    async def read(self, view: View | None, report: Report) -> Queue:
        self.known = True
        assert await asyncio.to_thread(self.go_on.wait, 60)
        return await super().read(view, report)
