"""The short form of the storm, and that its model sees what it is there to see; for the long form see the top here."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.storm import model, mutants
from tests.storm.script import SYNC, Hand, Run, Script, drawn
from tests.workspace.postgres import MISSING, programs

Json = dict[str, Any]


@pytest.mark.skipif(
    sys.platform == "win32", reason="it starts octowizard by a fork, and kills it by a signal"
)
@pytest.mark.parametrize(
    ("words", "least"), [(("--steps", "36"), (4, 40)), (("--steps", "14", "--postgres"), (1, 20))]
)
def test_nothing_is_written_twice_or_lost_while_octowizard_is_killed_calls_fail_and_others_book(
    words: tuple[str, ...], least: tuple[int, int]
) -> None:
    if "--postgres" in words and programs() is None:
        pytest.skip(MISSING)
    words = (*words, "--worlds", "1", "--rounds", "1", "--seed", "11", "--minutes", "30")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.storm", *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = re.search(r"1 rounds, \d+ octowizards, (\d+) kills, (\d+) faults, .* violations: 0", ended.stdout)
    assert found is not None, ended.stdout
    kills, faults = map(int, found.groups())
    assert (kills > least[0], faults > least[1]) == (True, True)


@pytest.mark.skipif(
    sys.platform == "win32", reason="it starts octowizard by a fork, and kills it by a signal"
)
@pytest.mark.parametrize(
    ("scenario", "deed", "lot"),
    [
        ("number-unreadable", "pay", 1.0),
        ("credit-note-without-invoice", "pay", 1.0),
        ("booked-differently", "pay", 1.0),
        ("missing-exchange-rate", "new-credit-note", 1.0),
    ],
)
def test_all_is_booked_after_a_cure_whatever_people_did_to_what_was_wrong(
    scenario: str, deed: str, lot: float, tmp_path: Path
) -> None:
    script = Script(
        seed=1,
        number=3,
        scenario=scenario,
        customers=6,
        documents=8,
        limits=False,
        watcher=False,
        cured=True,
        steps=(Run(words=SYNC), Hand(deed, lot), Run(words=SYNC)),
    )
    (tmp_path / "script.json").write_bytes(msgspec.json.encode(script))
    ended = subprocess.run(
        [sys.executable, "-m", "tests.storm", "--script", str(tmp_path / "script.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr
    assert "violations: 0" in ended.stdout


def test_a_round_is_the_same_whenever_it_is_drawn() -> None:
    assert drawn(3, 7) == drawn(3, 7)
    assert drawn(3, 7) != drawn(3, 8)


def _world() -> Json:
    """One invoice of 121 euro, booked and paid."""
    money = {"amount": 121}
    tax = {"rate": "0.21", "taxable": {"amount": 100}, "tax": {"amount": 21}}
    item = {"total": {"tax_exclusive": {"amount": 100}, "tax_inclusive": money}}
    invoice = {
        "id": "i",
        "grouped_lines": [{"line_items": [item]}],
        "invoice_number": "2026 / 1",
        "invoice_date": "2026-11-02",
        "currency": "EUR",
        "invoicee": {"customer": {"type": "company", "id": "c"}},
        "total": {"tax_inclusive": money, "payable": money, "taxes": [tax]},
        "payments": [{"paid_at": "2026-11-09T10:00:00+00:00", "payment": money}],
    }
    relation = {"relationIdentificationServiceData": {"relationKey": {"id": 1}, "externalRelationId": 7}}
    key = {"bookyearKey": {"id": 5}, "journalKey": "V1", "documentSequenceNr": 1}
    bank = {"bookyearKey": {"id": 5}, "journalKey": "F1", "documentSequenceNr": 1}
    line = {"vatCodeKey": "21", "baseAmount": 100, "vatAmount": 21}
    booking = {
        **key,
        **relation,
        "comment": "2026 / 1 · octowizard",
        "amount": 121,
        "documentDate": "2026-11-02",
        "currencyCode": "EUR",
        "bookyearPeriodeNr": 202611,
        "bookingLines": [line],
    }
    period = {"bookyearPeriod": 202611, "startDate": "2026-11-01", "endDate": "2026-11-30"}
    year = {"bookyearKey": {"id": 5}, "startDate": "2026-01-01", "endDate": "2026-12-31", "closed": False}
    journal = {"journalKey": "V1", "bookyearKey": {"id": 5}, "closed": False, "insertionType": 1}
    return {
        "teamleader": {
            "companies": [{"id": "c", "name": "Klant", "vat_number": "BE 0403.019.261"}],
            "contacts": [],
            "invoices": [invoice],
            "credit_notes": [],
        },
        "octopus": {
            "relations": [{**relation, "vatNr": "BE0403019261", "name": "Klant"}],
            "bookings": [booking],
            "financial_bookings": [{**bank, "documentDate": "2026-11-09"}],
            "balancings": [{"debetKey": key, "creditKey": bank, "balanceAmount": 121}],
            "bookyears": [{**year, "periods": [period]}],
            "journals": [{**journal, "protectedPeriod": 0, "closedPeriod": 0}],
        },
    }


def _before() -> Json:
    world = _world()
    world["teamleader"]["invoices"][0]["payments"] = []
    for name in ("relations", "bookings", "financial_bookings", "balancings"):
        world["octopus"][name] = []
    return world


def _again(world: Json) -> None:
    world["octopus"]["bookings"].append({**world["octopus"]["bookings"][0], "documentSequenceNr": 2})


def _gap(world: Json) -> None:
    _again(world)
    world["octopus"]["bookings"][1] |= {"documentSequenceNr": 3, "comment": "Handmatig"}


def _paid_again(world: Json) -> None:
    world["teamleader"]["invoices"][0]["payments"] *= 2


def _gone(world: Json) -> None:
    world["teamleader"]["companies"].clear()


def _cent(world: Json) -> None:
    world["octopus"]["bookings"][0]["bookingLines"][0]["vatAmount"] = 22


def _unbooked(world: Json) -> None:
    world["octopus"]["bookings"].clear()


def _unpaid(world: Json) -> None:
    world["teamleader"]["invoices"][0]["payments"].clear()


def _two_relations(world: Json) -> None:
    world["octopus"]["relations"] *= 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_again, "booked twice"),
        (_gap, "numbers lack"),
        (_paid_again, "more often than matched"),
        (_gone, "a company is lost"),
        (_cent, "booked otherwise"),
        (_unbooked, "missing"),
        (_unpaid, "not paid in Teamleader"),
        (_two_relations, "more than one relation"),
    ],
)
def test_the_model_sees_it(spoil: Any, said: str) -> None:
    before, world = _before(), _world()
    known = model.Known(start="2026-01-01")
    assert [*model.never(before, world), *model.settled(before, world, known)] == []
    spoilt = copy.deepcopy(world)
    spoil(spoilt)
    found = [*model.never(before, spoilt), *model.settled(before, spoilt, known)]
    assert any(said in one for one in found), found


@pytest.mark.parametrize(("number", "several"), [("BE 0403.019.261", True), (None, False)])
def test_a_customer_is_one_relation_but_where_only_its_name_tells_and_a_person_booked(
    number: str | None, several: bool
) -> None:
    before, world = _before(), _world()
    world["teamleader"]["companies"][0]["vat_number"] = number
    by_hand = copy.deepcopy(world["octopus"]["relations"][0])
    by_hand["relationIdentificationServiceData"] = {"relationKey": {"id": 2}, "externalRelationId": 0}
    by_hand["vatNr"] = ""
    world["octopus"]["relations"].append(by_hand)
    invoice = {**copy.deepcopy(world["teamleader"]["invoices"][0]), "id": "j", "invoice_number": "2026 / 2"}
    world["teamleader"]["invoices"].append({**invoice, "payments": []})
    booking = {**copy.deepcopy(world["octopus"]["bookings"][0]), "documentSequenceNr": 2}
    booking["relationIdentificationServiceData"] = by_hand["relationIdentificationServiceData"]
    world["octopus"]["bookings"].append({**booking, "comment": "Factuur 2026 / 2"})
    known = model.Known(start="2026-01-01")
    found = [*model.never(before, world), *model.settled(before, world, known)]
    assert [one for one in found if "is on the relations" not in one] == []
    assert bool(found) is several


def test_what_a_closed_period_bars_is_not_missing() -> None:
    world = _world()
    _unbooked(world)
    world["octopus"]["balancings"].clear()
    world["octopus"]["journals"][0]["closedPeriod"] = 202611
    (why,) = model.unbooked(world, model.Known(start="2026-01-01")).values()
    assert why == "its period takes no bookings"


def test_an_invoice_that_somebody_typed_in_under_its_number_alone_is_booked_and_must_not_be_again() -> None:
    before, world = _before(), _world()
    for one in (before, world):
        one["octopus"]["bookings"] = [
            {**_world()["octopus"]["bookings"][0], "comment": "2026 / 1", "amount": 131}
        ]
    known = model.Known(start="2026-01-01")
    assert model.unbooked(world, known) == {}
    assert not any("booked twice" in one for one in model.never(before, world))
    world["octopus"]["bookings"].append(
        {**_world()["octopus"]["bookings"][0], "documentSequenceNr": 2}  # octowizard's
    )
    assert any("booked twice" in one for one in model.never(before, world))


@pytest.mark.parametrize("name", mutants.MUTANTS)
def test_each_bug_that_is_planted_changes_what_stands_there(name: str) -> None:
    mutant = mutants.MUTANTS[name]
    text = (mutants.ROOT / "octowizard" / mutant.file).read_text(encoding="utf-8")
    for stands, instead in mutant.edits:
        assert text.count(stands) == 1
        text = text.replace(stands, instead)
    compile(text, mutant.file, "exec")
