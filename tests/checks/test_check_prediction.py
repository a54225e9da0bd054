"""What the checks name is what a sync fails on: on practice companies broken at random, document by document."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.checks.registry import run_checks
from octowizard.sandbox.state import Dossier, Kept, Relation, World
from octowizard.sync import events, look
from octowizard.sync.run import Stop, SyncOptions, run_sync
from tests.checks.practice import practice

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
THIS, NEXT = 5, 6  # the keys of fiscal years 2026 and 2027

Breakage = Callable[[World, Random], object]


def dossier(world: World) -> Dossier:
    return next(iter(world.octopus.dossiers.values()))


def documents(world: World) -> list[Kept]:
    side = world.teamleader
    kept = [*side.invoices.values(), *side.credit_notes.values()]
    return [one for one in kept if one.data.get("invoice_number") or one.data.get("credit_note_number")]


def some(world: World, chance: Random) -> list[Kept]:
    found = documents(world)
    return chance.sample(found, min(len(found), chance.randint(1, 4)))


def journal(world: World, chance: Random) -> Any:
    """V1 or V2; when another breakage took it, one of next year."""
    journals, key = dossier(world).journals, chance.choice(("V1", "V2"))
    return journals.get((THIS, key)) or journals[NEXT, key]


def lines(kept: Kept) -> list[dict[str, Any]]:
    return [line for group in kept.data["grouped_lines"] for line in group["line_items"]]


def customer_of(world: World, kept: Kept) -> dict[str, Any] | None:
    reference = kept.data["invoicee"]["customer"]
    found = {**world.teamleader.companies, **world.teamleader.contacts}.get(reference["id"])
    return found.data if found else None


def close_year(world: World, _chance: Random) -> None:
    dossier(world).bookyears[THIS].data["closed"] = True


def shorten_year(world: World, chance: Random) -> None:
    data = dossier(world).bookyears[THIS].data
    data["periods"] = data["periods"][: chance.randint(9, 11)]
    data["endDate"] = data["periods"][-1]["endDate"]


def lose_period(world: World, chance: Random) -> None:
    periods = dossier(world).bookyears[THIS].data["periods"]
    del periods[min(chance.randint(9, 10), len(periods) - 1)]


def quarters(world: World, _chance: Random) -> None:
    periods = dossier(world).bookyears[THIS].data["periods"]
    dossier(world).bookyears[THIS].data["periods"] = [
        {**periods[3 * place], "bookyearPeriod": 202601 + place, "endDate": periods[3 * place + 2]["endDate"]}
        for place in range(len(periods) // 3)
    ]
    for key in ("V1", "V2"):
        if (THIS, key) in dossier(world).journals:
            dossier(world).journals[THIS, key].protected_period = 202603


def drop_next_year(world: World, _chance: Random) -> None:
    dossier(world).bookyears.pop(NEXT, None)


def close_journal(world: World, chance: Random) -> None:
    journal(world, chance).closed = True


def wrong_type(world: World, chance: Random) -> None:
    journal(world, chance).insertion_type = 2


def no_journal(world: World, chance: Random) -> None:
    dossier(world).journals.pop((THIS, chance.choice(("V1", "V2"))), None)


def secure(world: World, chance: Random) -> None:
    found = dossier(world).journals.get((THIS, "V1"))
    if found:
        found.protected_period = chance.choice((202610, 202611))


def close_period(world: World, chance: Random) -> None:
    found = dossier(world).journals.get((THIS, "V2"))
    if found:
        found.closed_period = chance.choice((202610, 202611))


def move(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        day = date(chance.choice((2026, 2027, 2028)), chance.randint(1, 12), chance.randint(1, 28))
        name = "invoice_date" if "invoice_number" in kept.data else "credit_note_date"
        kept.data[name] = day.isoformat()


def no_account(world: World, chance: Random) -> None:
    accounts = dossier(world).accounts
    number = chance.choice((700000, 700100, 700300, 701000, 708000, 700700))
    accounts.pop((THIS, number), None)


def no_ledger(world: World, chance: Random) -> None:
    chance.choice(list(world.teamleader.product_categories.values())).data["ledgers"] = []


def no_category(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        chance.choice(lines(kept))["product_category"] = None


def no_vat_code(world: World, chance: Random) -> None:
    code, kind = chance.choice(("21", "06", "12", "EX", "IC")), chance.choice(((2, 4), (4,), (2,)))
    codes = dossier(world).vat_codes
    codes[:] = [one for one in codes if not (one["code"] == code and one["type"] in kind)]


def no_currency(world: World, _chance: Random) -> None:
    dossier(world).currencies[:] = ["EUR"]


def no_rate(world: World, _chance: Random) -> None:
    for kept in documents(world):
        kept.data["currency_exchange_rate"] = None


def other_totals(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        chance.choice(lines(kept))["total"]["tax_inclusive"]["amount"] += Decimal("0.01")


def opposite_signs(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        total = chance.choice(lines(kept))["total"]
        net = total["tax_exclusive"]["amount"]
        total["tax_inclusive"] = {**total["tax_inclusive"], "amount": net - Decimal("1.00")}


def no_customer(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        reference = kept.data["invoicee"]["customer"]
        world.teamleader.companies.pop(reference["id"], None)


def no_country(world: World, chance: Random) -> None:
    for kept in some(world, chance):
        data = customer_of(world, kept)
        if data:
            data["addresses"] = []
            data["vat_number"] = None


def relation_twice(world: World, chance: Random) -> None:
    relations = dossier(world).relations
    for number, relation in chance.sample(sorted(relations.items(), key=lambda one: one[0]), 4):
        copy = msgspec.json.decode(msgspec.json.encode(relation.data, enc_hook=str))
        copy["relationIdentificationServiceData"] = {
            "relationKey": {"id": 5000 + number},
            "externalRelationId": 0,
        }
        relations[5000 + number] = Relation(copy, relation.modified)


BREAKAGES: dict[str, Breakage] = {
    function.__name__: function
    for function in (
        *(
            close_year,
            shorten_year,
            lose_period,
            quarters,
            drop_next_year,
            close_journal,
            wrong_type,
            no_journal,
        ),
        *(secure, close_period, move, no_account, no_ledger, no_category, no_vat_code, no_currency, no_rate),
        *(other_totals, opposite_signs, no_customer, no_country, relation_twice),
    )
}


async def compare(root: Path, seed: int, names: list[str], numbering: str) -> None:
    def break_all(world: World) -> None:
        chance = Random(f"{seed}/{names}")
        for name in names:
            BREAKAGES[name](world, chance)

    async with practice(root, break_all, seed=seed, customers=14, documents=14, limits=False) as company:
        profile = msgspec.structs.replace(company.profile, numbering=numbering)
        snapshot = await look.look(company.root, profile, freshness="fresh")
        findings, not_checked = run_checks(snapshot, profile)
        assert [one.check for one in not_checked] == ["contractor", "customer-numbers"]
        named: dict[str, set[str]] = defaultdict(set)
        for finding in findings:
            if finding.severity == "blocking":
                for record in finding.records:
                    named[record.id].add(finding.problem)
        told: list[events.Event] = []
        await run_sync(company.root, profile, SyncOptions(), told.append, Stop())
        failed = {e.document.id: e.explanation.problem for e in told if isinstance(e, events.DocumentFailed)}
        refused = {e.explanation.problem for e in told if isinstance(e, events.RunRefused)}
        if refused:
            # Where nothing at all can be booked, every document was named with that, and some with more.
            behind = {key for key, problems in named.items() if refused <= problems}
            assert behind == {one.id for one in snapshot.pending}
            assert not any(isinstance(e, events.DocumentBooked) for e in told)
            return
        unnamed = {key: problem for key, problem in failed.items() if problem not in named.get(key, ())}
        assert not unnamed, "a document failed that no check had named with this problem"
        blocked = {e.document.id for e in told if isinstance(e, events.DocumentBlocked)}
        assert not named.keys() - failed.keys() - blocked, (
            "a check called a document blocking, and it was booked"
        )


@settings(
    max_examples=500 if LONG else 12,
    deadline=None,
    database=None,
    derandomize=not LONG,
    suppress_health_check=list(HealthCheck),
)
@given(
    seed=st.integers(1, 10_000),
    names=st.lists(st.sampled_from(sorted(BREAKAGES)), min_size=1, max_size=4, unique=True),
    numbering=st.sampled_from(("next", "next", "follow")),
)
def test_what_a_sync_fails_on_was_named_before_and_nothing_else(
    seed: int, names: list[str], numbering: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), seed, names, numbering))


@pytest.mark.parametrize("name", sorted(BREAKAGES))
def test_each_way_of_breaking_is_predicted_by_itself(name: str, tmp_path: Path) -> None:
    asyncio.run(compare(tmp_path, 3, [name], "next"))
