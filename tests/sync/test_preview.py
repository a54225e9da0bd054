"""What a preview says will happen is what happens: for every scenario, and for worlds that hypothesis breaks.

OCTOWIZARD_LONG=1 has it break more of them.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.outbox.door import POST_BOOKING, PUT_RELATION
from octowizard.sandbox.practice import BadArguments, perform
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync.events import DocumentBooked, DocumentFailed, DocumentLeft
from octowizard.workspace.db import Workspace
from tests.sync.inside import Inside, inside, last, of, substance

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
Numbering = Literal["follow", "next"]


@dataclass(frozen=True)
class Breakage:
    """One thing that is wrong in a world; `at` picks which year, journal, document or customer it befalls."""

    kind: str
    at: int


def _act(world: World, action: str, **arguments: Any) -> None:
    with suppress(BadArguments):  # not every world has what is to be broken
        perform(world, action, arguments)


def _journal(at: int) -> str:
    return "V1" if at % 2 else "V2"


def _line(world: World, at: int) -> Any:
    documents = [*world.teamleader.invoices.values(), *world.teamleader.credit_notes.values()]
    lines = [
        line for kept in documents for group in kept.data["grouped_lines"] for line in group["line_items"]
    ]
    return lines[at % len(lines)]


def _no_category(world: World, at: int) -> None:
    _line(world, at)["product_category"] = None


def _no_account(world: World, at: int) -> None:
    dossier = next(iter(world.octopus.dossiers.values()))
    wanted = (700000, 701000, 702000, 708000)[at % 4]
    for key in [key for key in dossier.accounts if key[1] == wanted]:
        del dossier.accounts[key]


def _no_currency(world: World, _at: int) -> None:
    next(iter(world.octopus.dossiers.values())).currencies[:] = ["EUR"]


def _no_vat_code(world: World, at: int) -> None:
    codes = next(iter(world.octopus.dossiers.values())).vat_codes
    gone = codes[at % len(codes)]["code"]
    codes[:] = [code for code in codes if code["code"] != gone]


def _customer(world: World, at: int) -> Any:
    companies = list(world.teamleader.companies.values())
    return companies[at % len(companies)]


def _no_country(world: World, at: int) -> None:
    company = _customer(world, at).data
    company["addresses"] = []
    company["vat_number"] = None


def _same_vat(world: World, at: int) -> None:
    _customer(world, at + 1).data["vat_number"] = _customer(world, at).data["vat_number"]


def _gone(world: World, at: int) -> None:
    del world.teamleader.companies[_customer(world, at).data["id"]]


def _twin_relation(world: World, at: int) -> None:
    relations = next(iter(world.octopus.dossiers.values())).relations
    if len(relations) > 1:
        keys = sorted(relations)
        relations[keys[at % len(keys)]].data["vatNr"] = relations[keys[(at + 1) % len(keys)]].data.get(
            "vatNr", ""
        )


def _renamed(world: World, at: int) -> None:
    relations = sorted(next(iter(world.octopus.dossiers.values())).relations)
    if relations:
        _act(
            world,
            "edit-relation",
            relation=str(relations[at % len(relations)]),
            field="name",
            value="[x] Ander",
        )


def _paid_twice(world: World, at: int) -> None:
    _act(world, "pay", count=at % 9 + 1, share="0.4")
    for kept in list(world.teamleader.invoices.values())[: at % 5]:
        _act(world, "teamleader-pay", invoice=kept.data["id"], amount="10.00")
    _act(world, "pay", count=at % 7 + 1, amount="10.00")


BREAKAGES: dict[str, Callable[[World, int], None]] = {
    "closed year": lambda world, at: _act(world, "close-year", year=str(2025 + at % 3)),
    "secured": lambda world, at: _act(world, "set-secured-period", journal=_journal(at), period=at % 12),
    "closed period": lambda world, at: _act(world, "set-closed-period", journal=_journal(at), period=at % 12),
    "wrong type": lambda world, at: _act(world, "set-entry-type", journal=_journal(at), type="invoices"),
    "closed journal": lambda world, at: _act(world, "close-journal", journal=_journal(at)),
    "by hand": lambda world, at: _act(world, "book-by-hand", journal=_journal(at)),
    "deleted": lambda world, at: _act(world, "delete-last-booking", journal=_journal(at)),
    "credit note": lambda world, at: _act(
        world,
        "teamleader-new-credit-note",
        invoice=list(world.teamleader.invoices)[at % len(world.teamleader.invoices)],
    ),
    "no category": _no_category,
    "no account": _no_account,
    "no currency": _no_currency,
    "no vat code": _no_vat_code,
    "no country": _no_country,
    "same vat": _same_vat,
    "gone": _gone,
    "twin relation": _twin_relation,
    "renamed": _renamed,
    "paid twice": _paid_twice,
}


async def preview_and_run(
    home: Path,
    world: World,
    *,
    numbering: Numbering = "next",
    prepare: Callable[[Inside], None] = lambda _: None,
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The substance of a preview and of the run after it."""
    async with inside(home, world) as company:
        prepare(company)
        foreseen = await company.sync(dry_run=True, numbering=numbering)
        happened = await company.sync(numbering=numbering)
        again = await company.sync(numbering=numbering)
        assert last(again).booked == 0
        assert last(again).relations_created == 0
        return substance(foreseen), substance(happened)


def spend(company: Inside, operation: str, calls: int) -> None:
    """Let so many calls of today be spent already, on both sides' count."""
    now = company.world.clock.now()
    scope = f"octopus/{company.profile.dossier_id}"
    with Workspace.open(company.home, company.profile.name) as workspace, workspace.quick() as db:
        db.executemany(
            "INSERT INTO spent VALUES (?, ?, ?)", [(scope, operation, now.timestamp() - 1)] * calls
        )


# What is wrong in these neither API shows before a booking is tried, or nobody knows whether Octopus minds.
UNSEEN = {"open-journal", "heading-account", "no-write-right", "daily-limit", "insert-booking", "bad-dates"}
# An observer may see the preview, and no more: the run is refused as a whole.
REFUSED = {"observer-mode"}
FORESEEN = [name for name in SCENARIOS if name not in {"large", *REFUSED, *UNSEEN}]
FOLLOWED = [
    name for name in ("healthy", "tour", "c", "secured-period", "missing-account") if name in SCENARIOS
]


@pytest.mark.parametrize(
    ("scenario", "numbering"),
    [*((name, "next") for name in FORESEEN), *((name, "follow") for name in FOLLOWED)],
)
def test_the_preview_of_every_scenario_is_what_the_run_does(
    tmp_path: Path, scenario: str, numbering: Numbering
) -> None:
    world = SCENARIOS[scenario].build(7)
    foreseen, happened = asyncio.run(preview_and_run(tmp_path, world, numbering=numbering))
    assert foreseen == happened
    assert "RunFinished" in happened


@pytest.mark.parametrize("scenario", sorted(UNSEEN & set(SCENARIOS)))
def test_what_only_the_vendor_knows_is_all_that_a_run_does_otherwise_than_its_preview(
    tmp_path: Path, scenario: str
) -> None:
    async def told() -> tuple[list[Any], list[Any]]:
        async with inside(tmp_path, SCENARIOS[scenario].build(7)) as company:
            return await company.sync(dry_run=True), await company.sync()

    foreseen, happened = asyncio.run(told())
    booked = {event.document.id for event in of(happened, DocumentBooked)}
    refused = {e.document.id for e in of(happened, DocumentFailed) if e.explanation.vendor == "Octopus"}
    left = {event.document.id for event in of(happened, DocumentLeft)}
    assert {event.document.id for event in of(foreseen, DocumentBooked)} == booked | refused | left
    assert refused | left


def test_the_preview_of_the_large_company_is_what_the_run_does(tmp_path: Path) -> None:
    world = SCENARIOS["large"].build(7, 300, 700)
    world.switches.rate_limit_per_minute = 100_000
    foreseen, happened = asyncio.run(preview_and_run(tmp_path, world))
    assert foreseen == happened
    assert len(happened["DocumentBooked"]) == 300


breakages = st.lists(st.builds(Breakage, st.sampled_from(sorted(BREAKAGES)), st.integers(0, 60)), max_size=4)


@settings(
    max_examples=40 if LONG else 16,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
@given(
    seed=st.integers(0, 10_000),
    documents=st.integers(0, 24),
    earlier=st.booleans(),
    broken=breakages,
    numbering=st.sampled_from(["next", "follow"]),
    left=st.tuples(st.integers(0, 30), st.integers(0, 12)),
    tight=st.booleans(),
)
def test_the_preview_of_any_world_is_what_the_run_does(
    seed: int,
    documents: int,
    earlier: bool,
    broken: list[Breakage],
    numbering: Numbering,
    left: tuple[int, int],
    tight: bool,
) -> None:
    if earlier:
        world = SCENARIOS["large"].build(seed, 14, documents + 10)
    else:
        world = SCENARIOS["healthy"].build(seed, 14, documents)
    world.switches.rate_limit_per_minute = 100_000
    for one in broken:
        BREAKAGES[one.kind](world, one.at)

    def prepare(company: Inside) -> None:
        if tight:
            spend(company, POST_BOOKING, 400 - left[0])
            spend(company, PUT_RELATION, 400 - left[1])

    with tempfile.TemporaryDirectory() as home:
        foreseen, happened = asyncio.run(
            preview_and_run(Path(home), world, numbering=numbering, prepare=prepare)
        )
    for told in (foreseen, happened):
        told.pop("LimitReached", None)  # until: to the second
    assert foreseen == happened
