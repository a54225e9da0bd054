"""What the healthy practice company promises, for every seed: nothing is wrong, documents wait, numbers go on."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from octowizard.sandbox.state import Dossier, Kept, TeamleaderSide, World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sandbox.worlds.broken import TOPICS
from octowizard.sandbox.worlds.names import PLACES, SPECIAL

SEEDS = range(1, 51) if os.environ.get("OCTOWIZARD_LONG") else range(1, 13)


def healthy(seed: int = 1, customers: int | None = None, documents: int | None = None) -> World:
    return SCENARIOS["healthy"].build(seed, customers, documents)


def dossier_of(world: World) -> Dossier:
    (dossier,) = world.octopus.dossiers.values()
    return dossier


def numbered(kept: Kept) -> int:
    number = kept.data.get("credit_note_number") or kept.data["invoice_number"]
    return int(number.rpartition("/")[2])


def waiting(world: World) -> list[Kept]:
    """Booked documents that stand in no journal of Octopus."""
    journals = {
        key: journal.last_booked for (year, key), journal in dossier_of(world).journals.items() if year == 5
    }
    side = world.teamleader
    invoices = [kept for kept in side.invoices.values() if kept.data["status"] != "draft"]
    found = [kept for kept in invoices if numbered(kept) > journals["V1"]]
    return found + [kept for kept in side.credit_notes.values() if numbered(kept) > journals["V2"]]


def as_text(world: World) -> str:
    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, set) else str(value)

    shown: dict[str, Any] = {"octopus": None, "teamleader": asdict(world.teamleader)}
    dossier = asdict(next(iter(world.octopus.dossiers.values())))
    shown["octopus"] = {
        name: list(map(str, value.items())) if isinstance(value, dict) else value
        for name, value in dossier.items()
    }
    return json.dumps(shown, default=plain, sort_keys=True)


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_the_same_seed_gives_the_same_company_and_another_seed_another(name: str) -> None:
    customers, documents = (8, 0 if name in ("b", "doubles") else 10)

    def both_sides(seed: int) -> tuple[TeamleaderSide, dict[int, Dossier]]:
        world = SCENARIOS[name].build(seed, customers, documents)
        return world.teamleader, world.octopus.dossiers

    first = both_sides(3)
    assert first == both_sides(3)
    assert first != both_sides(4)


def test_the_same_company_comes_out_of_another_process() -> None:
    program = (
        "import hashlib; from tests.sandbox.test_worlds_healthy import *;"
        "print(hashlib.sha256(as_text(healthy(7)).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hashing in ("1", "2")
    }
    assert len(seen) == 1


def test_listing_scenarios_loads_no_world() -> None:
    program = (
        "import sys; from octowizard.sandbox.worlds import SCENARIOS;"
        "assert all(s.summary for s in SCENARIOS.values());"
        "print([m for m in sys.modules if 'worlds.' in m or m in ('starlette', 'uvicorn')])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    listing = {"broken", *(f"broken.{topic}" for topic in TOPICS), "scenarios"}
    assert set(ast.literal_eval(shown)) == {f"octowizard.sandbox.worlds.{name}" for name in listing}


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_stands_in_the_way_of_any_waiting_document(seed: int) -> None:
    world = healthy(seed)
    dossier, side = dossier_of(world), world.teamleader
    department = next(iter(side.departments))
    categories = {
        identity: [ledger["ledger_account_number"] for ledger in kept.data["ledgers"]]
        for identity, kept in side.product_categories.items()
        if all(ledger["department"]["id"] == department for ledger in kept.data["ledgers"])
    }
    bookable = {
        number for (year, number), account in dossier.accounts.items() if year == 5 and account.bookable
    }
    documents = waiting(world)
    assert len(documents) == 60
    assert sum("credit_note_number" in kept.data for kept in documents) == 12
    for kept in documents:
        day = kept.data.get("credit_note_date") or kept.data["invoice_date"]
        assert "2026-10-01" <= day <= "2026-11-19"
        assert not kept.data.get("payments")
        assert not kept.data["paid"]
        assert kept.data["currency"] in dossier.currencies
        for group in kept.data["grouped_lines"]:
            for line in group["line_items"]:
                (account,) = categories[line["product_category"]["id"]]
                assert int(account) in bookable
                assert line["tax"]["id"] in side.tax_rates
    for journal in ("V1", "V2"):
        found = dossier.journals[5, journal]
        assert (found.insertion_type, found.closed, found.protected_period) == (1, False, 202609)
        assert found.next_document_number == found.last_booked + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_go_on_without_a_gap_and_dates_never_go_back(seed: int) -> None:
    side = healthy(seed).teamleader
    for field, collection in (("invoice", side.invoices), ("credit_note", side.credit_notes)):
        booked = [kept for kept in collection.values() if kept.data[f"{field}_number"]]
        assert [numbered(kept) for kept in booked] == list(range(1, len(booked) + 1))
        days = [kept.data[f"{field}_date"] for kept in booked]
        assert all(first <= second for first, second in pairwise(days))


@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_three_payments_wait_to_be_brought_to_teamleader(seed: int) -> None:
    world = healthy(seed)
    dossier = dossier_of(world)
    matched = dossier.matched()
    by_number = {kept.data["invoice_number"]: kept for kept in world.teamleader.invoices.values()}
    untold = []
    bank: Counter[tuple[int, str, int]] = Counter()
    for balancing in dossier.balancings:
        sides = [
            (key["bookyearKey"]["id"], key["journalKey"], key["documentSequenceNr"])
            for key in (balancing.debet, balancing.credit)
        ]
        if sides[1][1] == "F1":
            bank[sides[0]] += 1
    for key, booking in dossier.bookings.items():
        if key[1] != "V1":
            continue
        invoice = by_number[booking.data["comment"].partition(" · ")[0]]
        told = sum((entry["payment"]["amount"] for entry in invoice.data["payments"]), Decimal(0))
        received = matched.get((*key, -1), Decimal(0)) if bank[key] else Decimal(0)
        if told != received:
            assert told == 0
            untold.append(received == booking.data["amount"])
    assert sorted(untold) == [False, True, True]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_booking_of_octowizard_carries_number_reference_and_exact_amount(seed: int) -> None:
    world = healthy(seed)
    dossier = dossier_of(world)
    side = world.teamleader
    documents = {kept.data["invoice_number"]: kept for kept in side.invoices.values()}
    notes = {kept.data["credit_note_number"]: kept for kept in side.credit_notes.values()}
    assert Counter(key[1] for key in dossier.bookings) == {"V1": 32, "V2": 8}
    for key, booking in dossier.bookings.items():
        number, _, sign = booking.data["comment"].partition(" · ")
        document = (documents if key[1] == "V1" else notes)[number]
        assert sign == "octowizard"
        assert numbered(document) == key[2]
        assert booking.data["reference"] == (document.data.get("payment_reference") or number)
        total = document.data["total"]["payable"]["amount"]
        assert booking.data["amount"] == (total if key[1] == "V1" else -total)
        day = booking.data["documentDate"]
        assert booking.data["bookyearPeriodeNr"] == int(day[:4] + day[5:7])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_customers_share_a_name_or_a_number(seed: int) -> None:
    world = healthy(seed)
    side = world.teamleader
    names = Counter(kept.data["name"].casefold() for kept in side.companies.values())
    numbers = Counter(
        "".join(sign for sign in kept.data["vat_number"] if sign.isalnum())
        for kept in side.companies.values()
        if kept.data["vat_number"]
    )
    assert max(names.values()) == 1
    assert max(numbers.values()) == 1
    vat = Counter(
        relation.data["vatNr"]
        for relation in dossier_of(world).relations.values()
        if "vatNr" in relation.data
    )
    assert max(vat.values()) == 1
    for kept in side.companies.values():
        country = kept.data["addresses"][0]["address"]["country"]
        assert (kept.data["vat_number"] is None) == (country == "US")


def test_belgian_numbers_pass_their_checks() -> None:
    side = healthy().teamleader
    seen = 0
    for kept in side.companies.values():
        vat, bank = kept.data["vat_number"] or "", kept.data["iban"]
        digits = "".join(sign for sign in vat if sign.isdigit())
        if vat.startswith("BE"):
            seen += 1
            assert len(digits) == 10
            assert digits[0] in "01"
            assert (int(digits[:8]) + int(digits[8:])) % 97 == 0
        if bank:
            moved = bank[4:] + "1114" + bank[2:4]
            assert int(moved) % 97 == 1
    for kept in side.invoices.values():
        reference = kept.data["payment_reference"]
        if reference:
            digits = "".join(sign for sign in reference if sign.isdigit())
            assert int(digits[10:]) == (int(digits[:10]) % 97 or 97)
            assert reference == f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
    assert seen > 30


def test_the_names_that_break_careless_screens_are_all_there() -> None:
    names = {kept.data["name"] for kept in healthy().teamleader.companies.values()}
    assert {name for _, _, name in SPECIAL} <= names
    assert max(map(len, names)) > 120


def test_documents_come_in_every_kind_a_belgian_company_meets() -> None:
    side = healthy().teamleader
    codes: Counter[str] = Counter()
    currencies, discounts, negative, attention = set(), 0, 0, 0
    for kept in side.invoices.values():
        currencies.add(kept.data["currency"])
        discounts += bool(kept.data["discounts"])
        attention += bool(kept.data["invoicee"]["for_attention_of"])
        for group in kept.data["grouped_lines"]:
            for line in group["line_items"]:
                codes[side.tax_rates[line["tax"]["id"]].hidden["code"]] += 1
                negative += line["total"]["tax_exclusive"]["amount"] < 0
    assert set(codes) == {"21", "12", "6", "0", "MC", "CM", "VCMD", "EX"}
    assert currencies == {"EUR", "USD"}
    assert discounts
    assert negative
    assert attention
    credited = {kept.data["invoice"]["id"] for kept in side.credit_notes.values()}
    states = {side.invoices[identity].data["status"] for identity in credited}
    assert states == {"matched", "outstanding"}
    assert sum(kept.data["status"] == "draft" for kept in side.invoices.values()) == 3
    assert any(
        kept.data["payment_reference"] is None for kept in side.invoices.values() if kept.data["invoice_date"]
    )


def test_places_are_plenty_and_each_postcode_belongs_to_a_city() -> None:
    pairs = {pair for places in PLACES.values() for pair in places}
    assert len(pairs) >= 60
    assert all(len(postcode) == 4 and postcode.isdigit() and city for postcode, city in pairs)


@pytest.mark.parametrize(("customers", "documents"), [(60, 1), (5, 50), (40, 40), (1, 10), (12, 0), (0, 0)])
def test_asking_for_a_number_of_documents_gives_exactly_these(customers: int, documents: int) -> None:
    world = healthy(2, customers, documents)
    assert len(waiting(world)) == documents
    assert len(world.teamleader.credit_notes) == documents // 5
    assert not dossier_of(world).bookings
    assert len(world.teamleader.companies) + len(world.teamleader.contacts) == customers
    billed = {kept.data["invoicee"]["customer"]["id"] for kept in waiting(world)}
    assert len(billed) == min(customers, documents - documents // 5)


@pytest.mark.parametrize(("customers", "documents"), [(-1, None), (None, -1), (0, 5)])
def test_impossible_numbers_are_refused_with_a_sentence(customers: int | None, documents: int | None) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        healthy(1, customers, documents)


def test_in_a_nothing_can_be_booked_yet() -> None:
    world = SCENARIOS["a"].build(1, None, None)
    dossier = dossier_of(world)
    assert not dossier.bookyears
    assert not dossier.journals
    assert not dossier.accounts
    assert len(dossier.relations) == 1
    assert len(world.teamleader.companies) + len(world.teamleader.contacts) == 40
    booked = [kept for kept in world.teamleader.invoices.values() if kept.data["invoice_number"]]
    assert len(booked) + len(world.teamleader.credit_notes) == 30


def test_in_b_only_octopus_knows_the_customers() -> None:
    world = SCENARIOS["b"].build(1, None, None)
    side = world.teamleader
    assert not side.companies
    assert not side.contacts
    assert not side.invoices
    assert side.departments
    clients = [relation for relation in dossier_of(world).relations.values() if relation.data["client"]]
    assert len(clients) == 60
    with pytest.raises(ValueError, match="no documents"):
        SCENARIOS["b"].build(1, None, 3)


def test_in_c_sure_and_doubtful_pairs_lie_side_by_side() -> None:
    world = SCENARIOS["c"].build(1, None, None)
    side, relations = world.teamleader, dossier_of(world).relations.values()

    def digits(vat: str | None) -> str:
        return "".join(sign for sign in vat or "" if sign.isalnum())

    numbers = {digits(relation.data.get("vatNr")) for relation in relations} - {""}
    sure = [kept for kept in side.companies.values() if digits(kept.data["vat_number"]) in numbers]
    assert 20 <= len(sure) < len(side.companies)
    names = {
        (kept.data["name"], kept.data["addresses"][0]["address"]["postal_code"])
        for kept in side.companies.values()
    }
    by_name = [
        r for r in relations if "vatNr" not in r.data and (r.data["name"], r.data["postalCode"]) in names
    ]
    assert by_name
    assert any(r.data["name"].endswith(" Holding NV") for r in relations)
    assert any(r.data["name"].endswith(" Group NV") for r in relations)
    assert not dossier_of(world).bookings


def test_a_large_company_is_the_healthy_one_grown() -> None:
    world = SCENARIOS["large"].build(1, 200, 900)
    dossier, side = dossier_of(world), world.teamleader
    assert len(dossier.bookings) == 600
    assert len(side.companies) + len(side.contacts) == 200
    assert dossier.journals[5, "V1"].last_booked == 480
    assert dossier.journals[5, "V2"].last_booked == 120
    booked = [kept for kept in side.invoices.values() if kept.data["invoice_number"]]
    assert len(booked) + len(side.credit_notes) == 900


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form runs with OCTOWIZARD_LONG=1")
def test_the_large_company_fits_into_memory() -> None:
    resource = pytest.importorskip("resource", reason="Windows does not measure this way")
    world = SCENARIOS["large"].build(1, None, None)
    assert len(dossier_of(world).bookings) == 19_700
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_200_000


def test_doubles_says_who_is_who_and_has_nobody_linked() -> None:
    world = SCENARIOS["doubles"].build(1, 100, None)
    relations = next(iter(world.octopus.dossiers.values())).relations
    same = world.answers["same"]
    assert 50 < len(same) < 70
    assert {number for number, _company in same} <= relations.keys()
    assert {company for _number, company in same} <= world.teamleader.companies.keys()
    written = [
        (relations[number].data["name"], world.teamleader.companies[company].data["name"])
        for number, company in same
    ]
    assert sum(one == other for one, other in written) < len(same) / 2  # the same firms, written differently
    with pytest.raises(ValueError, match="no documents"):
        SCENARIOS["doubles"].build(1, 100, 5)
