"""A scripted practice desk: a few actions, one thing that is wrong, and a small world to choose from.

A double, because every field of the forms has to hold text from outside, and an action has to be refused. The real one
cures the tour in `test_desk.py` and `test_tour.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from octowizard.session.practice_company import Decided, DeskError
from octowizard.session.practice_desk import Action, Plant, Planted, PracticeDesk, World

ACTIONS = [
    Action("reopen-year", "Open a closed fiscal year again.", {"year": "such as 2026"}),
    Action(
        "set-secured-period",
        "Set `Secured till period` of a journal; only later periods can be booked.",
        {
            "journal": "the journal, such as V1",
            "period": "such as 202609, or 0 for none",
            "year": "the fiscal year, such as 2026 (that of the practice day unless given)",
        },
    ),
    Action("synchronise", "File > Synchronise: publish what the desktop program held back."),
    Action(
        "teamleader-merge",
        "Merge two companies, or two contacts, in Teamleader.",
        {"survivor": "name or id of the one that stays", "loser": "name or id of the one that goes"},
    ),
    Action(
        "choose-numbering",
        "Choose how bookings are numbered when connecting.",
        {"numbering": "follow (Teamleader's numbers) or next (the next free one)"},
    ),
    Action("juggle", "An action that no heading names."),
]


def world(said: str = "Foo [BE] bvba") -> World:
    """Two years, two journals, three companies of which two share a name, two documents."""
    return msgspec.convert(
        {
            "now": "2026-11-20T08:00:00+00:00",
            "octopus": {
                "bookyears": [
                    {"bookyearKey": {"id": 4}, "startDate": "2025-01-01"},
                    {"bookyearKey": {"id": 5}, "startDate": "2026-01-01"},
                ],
                "journals": [
                    {"journalKey": "V1", "name": "Verkopen"},
                    {"journalKey": "V2", "name": said},
                ],
                "relations": [
                    {"name": said, "relationIdentificationServiceData": {"relationKey": {"id": 7}}},
                ],
                "bookings": [{"journalKey": "V1", "documentSequenceNr": 41, "comment": "2026 / 15"}],
            },
            "teamleader": {
                "companies": [
                    {"id": "c1", "name": said},
                    {"id": "c2", "name": "Twice"},
                    {"id": "c3", "name": "TWICE"},
                ],
                "contacts": [{"id": "p1", "first_name": "Zoë", "last_name": "D'Hondt"}],
                "invoices": [{"invoice_number": "2026 / 15", "invoicee": {"name": said}}, {}],
                "credit_notes": [{"credit_note_number": "2026/3", "invoicee": {"name": "Twice"}}],
            },
        },
        World,
    )


class StagedDesk(PracticeDesk):
    """Remembers what it was asked to do; `refuses` is what it answers to everything."""

    def __init__(self, said: str = "Foo [BE] bvba") -> None:
        self.said = said
        self.done: list[dict[str, Any]] = []
        self.refuses = ""

    def actions(self) -> list[Action]:
        return ACTIONS

    def planted(self) -> Planted:
        wrong = Plant(
            problem="closed-year",
            affected=("2025 / 1", self.said),
            cure=({"action": "reopen-year", "year": "2025"}, {"action": "teamleader-merge", "loser": "c1"}),
        )
        return Planted("closed-year", (wrong,))

    def world(self) -> World:
        return world(self.said)

    def decided(self) -> Decided:
        return msgspec.convert(
            {
                "start_date": date(2026, 10, 1),
                "dossier_id": 9045126,
                "octopus": {"dossiers": [{"id": 9045126, "description": "The other"}]},
                "answers": {"numbering": "follow"},
            },
            Decided,
        )

    def do(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if self.refuses:
            raise DeskError(self.refuses)
        self.done.append({"action": action, **arguments})
        return {"held_back": False, "who": self.said, **arguments}
