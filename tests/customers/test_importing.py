"""Import companies from Octopus: what becomes of which relation, once each, whatever fails on the way."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from octowizard.customers import company, importing, relation_store
from octowizard.customers.company import Draft, NotDrafted
from octowizard.octopus.models import Key, Relation, RelationIdentification
from octowizard.outbox import lookup
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.teamleader.models import IMPORT_TAG, PaymentTermRecord
from octowizard.transport.errors import Forbidden
from octowizard.workspace import links
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one
from tests.contracts import check_schema
from tests.customers.practice import Desk, Stop, desk

ADD = ("companies.add", "contacts.add")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in has finished with a request as soon as it is cut."""
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.05)
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)
    monkeypatch.setattr(importing, "PAUSE", 0.0)
    monkeypatch.setattr(importing, "TICK", 0.01)


def relation(**fields: Any) -> Relation:
    """A client of Octopus."""
    identity = RelationIdentification(Key(fields.pop("id", 1)), fields.pop("external", 0))
    fields = {"name": "Bakkerij De Proef BV", "client": True, "active": True, **fields}
    return Relation(relation_identification_service_data=identity, currency_code="EUR", **fields)


def drafted(**fields: Any) -> Draft:
    """The draft of a client."""
    made = company.draft(relation(**fields), PaymentTermRecord("t", "after_invoice_date", 30))
    assert isinstance(made, Draft)
    return made


def lost(draft: Draft) -> set[str]:
    """What does not carry over."""
    return {loss.what for loss in draft.losses}


def clients(present: Desk) -> list[dict[str, Any]]:
    """The active clients of the dossier."""
    (dossier,) = present.world.octopus.dossiers.values()
    return [r.data for r in dossier.relations.values() if r.data["client"] and r.data["active"]]


def check_each_once(present: Desk) -> None:
    """Every client is one customer in Teamleader, tagged, linked with its relation; nobody else is there."""
    wanted = Counter(
        " ".join(filter(None, (data.get("firstName"), data["name"]))) for data in clients(present)
    )
    made = Counter(
        data.get("name") or " ".join(filter(None, (data["first_name"], data["last_name"])))
        for data in present.customers
    )
    assert made == wanted
    known = links.customers(present.workspace)
    assert set(known) == {data["id"] for data in present.customers}
    assert len({link.relation for link in known.values()}) == len(known)
    assert all(IMPORT_TAG in data["tags"] for data in present.customers)


# --- what a relation becomes -----------------------------------------------------------------------------


def test_a_company_takes_over_all_that_the_api_takes() -> None:
    made = drafted(
        street_and_nr="Kerkstraat 1",
        postal_code="9000",
        city="Gent",
        country="be",
        delivery_street_and_nr="Kaai 3",
        delivery_postal_code="9000",
        delivery_city="Gent",
        vat_nr="BE0400.000.086",
        vat_type=1,
        telephone="09 000 00 01",
        mobile="0470 00 00 01",
        fax="09 000 00 02",
        email="info@proef.example.com",
        url="https://proef.example.com",
        iban_account_nr="BE68 5390 0754 7034",
        bic_code="GKCCBEBB",
        fact_language=1,
        remarks="Levert op zaterdag",
        expiration_type=2,
        expiration_days=30,
    )
    assert made.type == "company"
    assert made.fields == {
        "name": "Bakkerij De Proef BV",
        "tags": ["Octopus Import"],
        "vat_number": "BE0400000086",
        "national_identification_number": "0400000086",
        "addresses": [
            {
                "type": "primary",
                "address": {"line_1": "Kerkstraat 1", "postal_code": "9000", "city": "Gent", "country": "BE"},
            },
            {
                "type": "delivery",
                "address": {"line_1": "Kaai 3", "postal_code": "9000", "city": "Gent", "country": "BE"},
            },
        ],
        "emails": [{"type": "primary", "email": "info@proef.example.com"}],
        "telephones": [
            {"type": "phone", "number": "09 000 00 01"},
            {"type": "phone", "number": "0470 00 00 01"},
            {"type": "fax", "number": "09 000 00 02"},
        ],
        "website": "https://proef.example.com",
        "iban": "BE68539007547034",
        "bic": "GKCCBEBB",
        "language": "fr",
        "remarks": "Levert op zaterdag",
    }
    assert made.losses == ()


def test_a_private_person_becomes_a_contact_with_first_and_last_name() -> None:
    made = drafted(name="Peeters", first_name="An", vat_type=7, mobile="0470 00 00 01")
    assert made.type == "contact"
    assert (made.fields["first_name"], made.fields["last_name"]) == ("An", "Peeters")
    assert made.fields["telephones"] == [{"type": "mobile", "number": "0470 00 00 01"}]


def test_a_person_who_is_liable_to_vat_becomes_a_company() -> None:
    made = drafted(name="Peeters", first_name="An", vat_type=1, vat_nr="BE0400.000.086")
    assert (made.type, made.fields["name"]) == ("company", "An Peeters")


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"expiration_type": 1, "expiration_days": 30}, "payment_term"),
        ({"expiration_type": 2, "expiration_days": 14}, "payment_term"),
        ({"vat_type": 4, "vat_nr": "NL001234567B01"}, "vat_type"),
        ({"vat_type": 10}, "vat_type"),
        ({"vat_nr": "BE0400.000.098", "vat_type": 1}, "vat_number"),
        ({"street_and_nr": "Kerkstraat 1", "vat_type": 0}, "address"),
        ({"delivery_street_and_nr": "Kerkstraat 1", "vat_type": 0}, "delivery_address"),
        ({"email": "geen adres"}, "email"),
        ({"email": "a@example.com; b@example.com"}, "email"),
        ({"bank_account_nr": "000-0000000-97"}, "bank_account"),
        ({"contact_person": "An"}, "contact_person"),
        ({"corporation_type": 1}, "legal_form"),
        ({"participant_id": "0208:0400000097"}, "peppol_id"),
        ({"default_booking_account_client": 700100}, "ledger_account"),
        ({"search_field1": "x"}, "search_fields"),
        ({"profession": "bakker"}, "profession"),
        ({"name": "Peeters", "first_name": "An", "vat_type": 7, "vat_nr": "BE04"}, "vat_number"),
    ],
)
def test_what_does_not_carry_over_is_told_with_its_reason(fields: dict[str, Any], what: str) -> None:
    made = drafted(**fields)
    assert what in lost(made)
    assert all(loss.why and loss.value for loss in made.losses)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"client": False}, "supplier"), ({"active": False}, "inactive"), ({"name": " "}, "no_name")],
)
def test_suppliers_inactive_and_nameless_relations_stay_behind_with_a_reason(
    fields: dict[str, Any], why: str
) -> None:
    made = company.draft(relation(**fields), None)
    assert isinstance(made, NotDrafted)
    assert made.why == why


@pytest.mark.parametrize("scenario", ["b", "c", "tour"])
def test_every_body_is_one_that_the_contract_allows(scenario: str) -> None:
    world = SCENARIOS[scenario].build(3)
    bodies = 0
    for dossier in world.octopus.dossiers.values():
        for kept in dossier.relations.values():
            card = relation_store._decoder.decode(relation_store._encode(kept.data))
            made = company.draft(card, None)
            if isinstance(made, Draft):
                name = "CompanyAdd" if made.type == "company" else "ContactAdd"
                check_schema("teamleader", name, made.fields, direction="request")
                bodies += 1
    assert bodies > 20


# --- the import ------------------------------------------------------------------------------------------


async def test_all_active_clients_are_imported_once_and_linked(tmp_path: Path) -> None:
    async with desk(tmp_path, "b") as present:
        foreseen = await present.preview()
        ended = await present.run()
        assert ended.outcome == "complete"
        assert ended.made == foreseen.total == len(clients(present)) == 40
        assert foreseen.contacts == len(present.world.teamleader.contacts) > 0
        assert foreseen.skipped == {"supplier": 4}
        check_each_once(present)
        progress = [step for step in present.told if isinstance(step, importing.Progress)]
        assert (progress[-1].done, progress[-1].total) == (40, 40)


async def test_a_second_import_makes_nobody_twice_and_the_first_is_remembered(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 12) as present:
        await present.run()
        foreseen = await present.preview()
        assert (foreseen.total, foreseen.linked, foreseen.tagged) == (0, 12, foreseen.tagged)
        assert foreseen.tagged == len(present.world.teamleader.companies)
        assert (await present.run()).made == 0
        check_each_once(present)


async def test_only_some_are_imported_when_only_some_are_asked_for(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 12) as present:
        assert (await present.run(only={1, 3})).made == 2
        assert {link.relation for link in links.customers(present.workspace).values()} == {1, 3}


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "status"])
async def test_nobody_is_made_twice_or_lost_when_connections_are_cut(tmp_path: Path, kind: str) -> None:
    async with desk(tmp_path, "b") as present:
        for operation in ADD:
            more = {"status": 500} if kind == "status" else {}
            present.fault(operation, kind, probability=0.25, times=8, **more)
        ended = await present.run()
        assert (ended.outcome, ended.left, ended.in_doubt) == ("complete", 0, 0)
        assert ended.made + ended.found == 40
        check_each_once(present)


async def test_two_relations_that_are_alike_in_everything_become_two_companies(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 10) as present:
        (dossier,) = present.world.octopus.dossiers.values()
        first = next(r for r in dossier.relations.values() if not r.data.get("firstName"))
        twin = {**first.data, "relationIdentificationServiceData": {"relationKey": {"id": 900}}}
        dossier.relations[900] = type(first)(twin, first.modified)
        present.fault("companies.add", "drop_after", times=3)
        ended = await present.run()
        assert ended.made + ended.found == 11
        check_each_once(present)


async def test_a_company_that_somebody_changed_meanwhile_is_still_recognised(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 1) as present:
        for operation in ADD:
            present.fault(operation, "drop_after", times=1)
        stop = Stop(after=0)
        task = asyncio.create_task(
            importing._Import(
                present.workspace, present.octopus, present.teamleader, present.told.append, Stop(), None
            ).go()
        )
        while not present.customers:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0)
        (made,) = present.customers
        made["emails"], made["updated_at"] = [], "2999-01-01T00:00:00+00:00"
        assert (await task).found == 1
        assert stop.requested
        check_each_once(present)


async def test_an_import_that_is_stopped_goes_on_where_it_ended(tmp_path: Path) -> None:
    async with desk(tmp_path, "b") as present:
        ended = await present.run(Stop(after=5))
        assert ended.outcome == "cancelled"
        assert 5 <= ended.made <= 5 + importing.AT_ONCE
        assert ended.left == 40 - ended.made
        assert len(present.customers) == ended.made
        assert (await present.run()).outcome == "complete"
        check_each_once(present)


async def test_a_stop_is_heard_while_the_window_is_full(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 40, limits=True) as present:
        present.world.switches.rate_limit_per_minute = 20
        stop = Stop()

        async def press() -> None:
            while present.teamleader.window.waiting_until is None:  # noqa: ASYNC110 - the window tells nobody
                await asyncio.sleep(0.01)
            stop.after = 0

        ended, _nothing = await asyncio.gather(present.run(stop), press())
        assert ended.outcome == "cancelled"
        assert ended.in_doubt == 0
        assert 0 < ended.made < 40
        assert present.world.teamleader_refused == []


async def test_the_time_left_is_what_the_window_allows(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 1) as present:
        work = importing._Import(
            present.workspace, present.octopus, present.teamleader, present.told.append, Stop(), None
        )
        work._total, work._done = 5000, 0
        assert work._seconds_left() == 4800 * 60 / 200
        assert (
            importing.Preview(
                companies=4000,
                contacts=1000,
                linked=0,
                skipped={},
                losses={},
                tagged=0,
                read_at=datetime.now(UTC),
            ).seconds
            == 24 * 60
        )


async def test_what_teamleader_refuses_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 20) as present:
        present.fault("companies.add", "status", status=400, times=2)
        ended = await present.run()
        assert (ended.outcome, ended.made, len(ended.failed), ended.left) == ("attention", 18, 2, 0)
        for failed in ended.failed:
            assert "Teamleader answered no" in failed.why
            assert "companies.add" not in failed.why
            assert "companies.add" in failed.vendor_text  # for whoever asks
        assert (await present.run()).outcome == "complete"
        check_each_once(present)


async def test_teamleader_that_is_gone_ends_the_import_and_leaves_few_doubts(tmp_path: Path) -> None:
    async with desk(tmp_path, "b") as present:
        for operation in ADD:
            present.fault(operation, "drop_before")
        ended = await present.run()
        assert ended.outcome == "unreachable"
        assert ended.left == 40
        assert ended.in_doubt <= importing.GIVE_UP + importing.AT_ONCE
        assert ended.message
        present.faults.clear()
        assert (await present.run()).outcome == "complete"
        check_each_once(present)


async def test_a_user_without_the_right_is_told_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path, "b") as present:
        for operation in ADD:
            present.fault(operation, "status", status=403)
        with pytest.raises(Forbidden):
            await present.run()
        assert present.customers == []


async def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    async with desk(tmp_path, "b") as present:
        with only_one(present.workspace.path.parent, "another"), pytest.raises(WorkspaceLocked):
            await present.run()


async def test_nothing_is_imported_that_was_deactivated_since_the_preview(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 6) as present:
        await present.preview()
        (dossier,) = present.world.octopus.dossiers.values()
        gone = next(iter(dossier.relations.values()))
        gone.data["active"] = False
        gone.modified = present.world.clock.now()
        present.workspace.fast.execute("UPDATE reading SET taken_at = '2020-01-01T00:00:00+00:00'")
        assert (await present.run()).made == 5
        check_each_once(present)
