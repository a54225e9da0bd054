"""Merging a bare duplicate through the API: what goes over, who is never merged, and how it is undone."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from octowizard.customers import directory, merge_rules, merging, review
from octowizard.customers.merging import Candidate, Merged, NotMerged, Plan
from octowizard.customers.undo import NothingToUndo, undo
from octowizard.outbox import lookup
from octowizard.outbox.door import StillInDoubt
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.transport.errors import VendorError
from octowizard.workspace import answers, intents, links, undo_packs
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one
from tests.customers.pairs import (
    duplicate,
    employee,
    employers,
    invented,
    substance,
    with_documents,
)
from tests.customers.practice import Desk, Stop, desk

EARLY_ID, LATE_ID = "00000000-0000-4000-8000-000000000001", "ffffffff-ffff-4fff-8fff-ffffffffffff"
BACK = ("companies.add", "companies.update", "contacts.linkToCompany", "contacts.unlinkFromCompany")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in has finished with a request as soon as it is cut."""
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.02)
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)


@pytest.fixture
async def present(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "healthy", 16) as opened:
        yield opened


def company(present: Desk, identity: str) -> dict[str, Any]:
    """A company as Teamleader holds it."""
    return present.world.teamleader.companies[identity].data


async def planned(present: Desk, survivor: str, gone: str) -> Plan:
    """The plan of a merge that may be made."""
    plan = await merging.plan(present.workspace, present.teamleader, survivor, gone)
    assert isinstance(plan, Plan), plan
    return plan


async def blocked(present: Desk, survivor: str, gone: str) -> str:
    """Why it may not be made."""
    plan = await merging.plan(present.workspace, present.teamleader, survivor, gone)
    assert isinstance(plan, NotMerged)
    assert plan.blocked.text
    return plan.blocked.obstacle


async def merged(present: Desk, survivor: str, gone: str) -> Merged:
    """A merge that was made."""
    result = await merging.merge(
        present.workspace, present.teamleader, await planned(present, survivor, gone)
    )
    assert isinstance(result, Merged), result
    return result


def a_pair(present: Desk, **changed: Any) -> tuple[str, str]:
    """A company with documents and a bare duplicate of it that has more to give."""
    chance = Random(5)
    survivor = with_documents(present.world)[0]
    data = company(present, survivor)
    data |= {"website": None, "iban": None, "bic": None, "tags": ["klant"], "remarks": None}
    more: dict[str, Any] = {
        "website": "https://example.com",
        "iban": "BE68539007547034",
        "bic": "GKCCBEBB",
        "remarks": "Levert op zaterdag",
        "tags": [IMPORT_TAG, "winkel"],
        "emails": [*copy.deepcopy(data["emails"]), {"type": "invoicing", "email": "facturen@example.com"}],
        "telephones": [*copy.deepcopy(data["telephones"]), {"type": "fax", "number": "+32 9 999 99 99"}],
    }
    return survivor, duplicate(present.world, survivor, chance, **(more | changed))


# --- what goes over --------------------------------------------------------------------------------------


async def test_blanks_are_filled_and_lists_are_united(present: Desk) -> None:
    survivor, gone = a_pair(present)
    before, theirs = copy.deepcopy(company(present, survivor)), copy.deepcopy(company(present, gone))
    await merged(present, survivor, gone)
    after = company(present, survivor)
    assert gone not in present.world.teamleader.companies
    assert gone in present.world.teamleader.recycled
    assert {after[name] for name in ("website", "iban", "bic", "remarks")} == {
        theirs[name] for name in ("website", "iban", "bic", "remarks")
    }
    assert set(after["tags"]) == {*before["tags"], *theirs["tags"]}
    for name, value in (("emails", "email"), ("telephones", "number")):
        assert {e[value] for e in after[name]} == {e[value] for e in (*before[name], *theirs[name])}
        assert after[name][: len(before[name])] == before[name]
    assert after["name"] == before["name"]


async def test_what_the_plan_says_is_what_is_sent_and_nothing_is_written_before(present: Desk) -> None:
    survivor, gone = a_pair(present)
    before = copy.deepcopy(present.world.teamleader.companies[survivor].data)
    plan = await planned(present, survivor, gone)
    assert company(present, survivor) == before
    assert {fill.field for fill in plan.fills} == set(plan.fields)
    await merging.merge(present.workspace, present.teamleader, plan)
    after = company(present, survivor)
    assert all(after[name] == value for name, value in plan.fields.items())


async def test_the_survivor_keeps_its_own_word_and_the_other_is_told(present: Desk) -> None:
    survivor, gone = a_pair(present)
    company(present, survivor)["website"] = "https://www.ours.example.com/"
    plan = await planned(present, survivor, gone)
    conflict = next(c for c in plan.conflicts if c.field == "website")
    assert (conflict.kept, conflict.lost) == ("https://www.ours.example.com/", "https://example.com")
    await merging.merge(present.workspace, present.teamleader, plan)
    assert company(present, survivor)["website"] == "https://www.ours.example.com/"


async def test_a_second_main_address_is_kept_as_one_to_visit(present: Desk) -> None:
    address = {
        "line_1": "Kaai 3",
        "postal_code": "9000",
        "city": "Gent",
        "country": "BE",
        "area_level_two": None,
    }
    survivor, gone = a_pair(present, addresses=[{"type": "primary", "address": address}])
    own = copy.deepcopy(company(present, survivor)["addresses"])
    await merged(present, survivor, gone)
    after = company(present, survivor)["addresses"]
    assert [entry["type"] for entry in after] == ["primary", "visiting"]
    assert after[0]["address"]["line_1"] == own[0]["address"]["line_1"]
    assert after[1]["address"]["line_1"] == "Kaai 3"


async def test_contacts_work_for_the_survivor_and_keep_their_position(present: Desk) -> None:
    survivor, gone = a_pair(present)
    worker = employee(present.world, gone, Random(1))
    await merged(present, survivor, gone)
    assert employers(present.world, worker) == {survivor}
    (link,) = present.world.teamleader.contacts[worker].data["companies"]
    assert (link["position"], link["decision_maker"]) == ("Zaakvoerder", True)


async def test_the_survivor_gets_the_link_to_octopus(present: Desk) -> None:
    survivor, gone = a_pair(present)
    links.keep(present.workspace, links.CustomerLink(gone, 12, 0, "imported"))
    assert (await planned(present, survivor, gone)).relation == 12
    await merged(present, survivor, gone)
    known = links.customers(present.workspace)
    assert gone not in known
    assert known[survivor] == links.CustomerLink(survivor, 12, 0, "imported")


# --- who is never merged ---------------------------------------------------------------------------------


async def test_two_vat_numbers_that_differ_are_never_merged(present: Desk) -> None:
    survivor, gone = a_pair(present, vat_number="BE0400000086", national_identification_number=None)
    assert await blocked(present, survivor, gone) == "vat_veto"


async def test_the_name_alone_is_never_enough(present: Desk) -> None:
    survivor, gone = a_pair(
        present,
        vat_number=None,
        national_identification_number=None,
        emails=[],
        telephones=[],
        addresses=[],
        iban=None,
    )
    assert await blocked(present, survivor, gone) == "name_alone"


@pytest.mark.parametrize("kind", ["invoices", "credit_notes"])
async def test_a_company_with_documents_is_left_to_teamleader(present: Desk, kind: str) -> None:
    survivor, gone = a_pair(present)
    kept = next(iter(getattr(present.world.teamleader, kind).values()))
    kept.data["invoicee"]["customer"] = {"type": "company", "id": gone}
    assert await blocked(present, survivor, gone) == "documents"


async def test_a_company_that_no_import_made_is_left_to_teamleader(present: Desk) -> None:
    survivor, gone = a_pair(present, tags=[])
    assert await blocked(present, survivor, gone) == "not_imported"


async def test_a_company_linked_with_others_is_left_to_teamleader(present: Desk) -> None:
    survivor, gone = a_pair(present)
    company(present, gone)["related_companies"] = [{"type": "company", "id": survivor}]
    assert await blocked(present, survivor, gone) == "related_companies"


async def test_nothing_goes_into_a_deactivated_company(present: Desk) -> None:
    survivor, gone = a_pair(present)
    company(present, survivor)["status"] = "deactivated"
    assert await blocked(present, survivor, gone) == "deactivated"


async def test_two_that_are_two_relations_in_octopus_are_not_merged(present: Desk) -> None:
    survivor, gone = a_pair(present)
    links.keep(
        present.workspace,
        links.CustomerLink(gone, 12, 0, "imported"),
        links.CustomerLink(survivor, 13, 0, "vat_number"),
    )
    assert await blocked(present, survivor, gone) == "two_relations"


async def test_a_company_that_is_gone_already_is_said_to_be(present: Desk) -> None:
    survivor, gone = a_pair(present)
    del present.world.teamleader.companies[gone]
    assert await blocked(present, survivor, gone) == "gone"
    assert await blocked(present, survivor, survivor) == "same_record"


async def test_a_document_made_in_the_last_moment_puts_all_back(present: Desk) -> None:
    survivor, gone = a_pair(present)
    worker = employee(present.world, gone, Random(1))
    before = substance(company(present, survivor)), substance(company(present, gone))
    plan = await planned(present, survivor, gone)
    kept = next(iter(present.world.teamleader.invoices.values()))
    kept.data["invoicee"]["customer"] = {"type": "company", "id": gone}
    result = await merging.merge(present.workspace, present.teamleader, plan)
    assert isinstance(result, NotMerged)
    assert result.blocked.obstacle == "documents"
    assert (substance(company(present, survivor)), substance(company(present, gone))) == before
    assert employers(present.world, worker) == {gone}


async def test_a_deletion_that_teamleader_refuses_puts_all_back(present: Desk) -> None:
    survivor, gone = a_pair(present)
    before = substance(company(present, survivor)), substance(company(present, gone))
    present.world.teamleader.companies[gone].hidden["deals"] = True  # which no answer shows
    result = await merging.merge(
        present.workspace, present.teamleader, await planned(present, survivor, gone)
    )
    assert isinstance(result, NotMerged)
    assert result.blocked.obstacle == "refused"
    assert (substance(company(present, survivor)), substance(company(present, gone))) == before


@pytest.mark.parametrize("operation", ["companies.update", "contacts.linkToCompany"])
async def test_a_pair_that_teamleader_refuses_is_put_back_and_does_not_stop_the_others(
    present: Desk, operation: str
) -> None:
    survivor, gone = a_pair(present)
    other = with_documents(present.world)[1]
    second = duplicate(present.world, other, Random(8))
    worker = employee(present.world, gone, Random(1))
    before = substance(company(present, survivor)), substance(company(present, gone))
    present.fault(operation, "status", status=400, times=1)
    wanted = [Candidate(survivor, gone, "x", 1.0, ()), Candidate(other, second, "y", 1.0, ())]
    ended = await merging.merge_all(present.workspace, present.teamleader, wanted, lambda _step: None, Stop())
    assert ended.outcome == "attention"
    assert [one.blocked.obstacle for one in ended.not_merged] == ["refused"]
    assert [one.gone for one in ended.merged] == [second]
    assert (substance(company(present, survivor)), substance(company(present, gone))) == before
    assert employers(present.world, worker) == {gone}
    assert merging.under_way(present.workspace) == []


# --- undone ----------------------------------------------------------------------------------------------


async def test_an_undone_merge_leaves_both_as_they_were_but_for_what_it_says(present: Desk) -> None:
    survivor, gone = a_pair(present, payment_term={"type": "cash"})
    ours, theirs = employee(present.world, survivor, Random(1)), employee(present.world, gone, Random(2))
    links.keep(present.workspace, links.CustomerLink(gone, 12, 34, "imported"))
    before = substance(company(present, survivor)), substance(company(present, gone))
    pack = (await merged(present, survivor, gone)).pack
    back = await undo(present.workspace, present.teamleader, pack)
    assert back.made
    assert back.company != gone
    assert substance(company(present, survivor)) == before[0]
    again = substance(company(present, back.company))
    assert {name for name in again if again[name] != before[1][name]} == {"payment_term"}
    assert employers(present.world, theirs) == {back.company}
    assert employers(present.world, ours) == {survivor}
    known = links.customers(present.workspace)
    assert known == {back.company: links.CustomerLink(back.company, 12, 34, "imported")}
    said = " ".join(back.lost)
    assert gone in said
    assert back.company in said
    assert "payment term" in said
    assert "recycle bin" in said
    assert undo_packs.pack(present.workspace, pack).state == "undone"  # type: ignore[union-attr]  # it is there


async def test_what_somebody_changed_since_stays_when_a_merge_is_undone(present: Desk) -> None:
    survivor, gone = a_pair(present)
    pack = (await merged(present, survivor, gone)).pack
    now = company(present, survivor)
    now["website"] = "https://new.example.com"
    now["tags"].append("vip")
    now["emails"].append({"type": "primary", "email": "new@example.com"})
    back = await undo(present.workspace, present.teamleader, pack)
    assert "website" in back.stays
    after = company(present, survivor)
    assert after["website"] == "https://new.example.com"
    assert {"klant", "vip"} == set(after["tags"])
    assert "new@example.com" in {entry["email"] for entry in after["emails"]}
    assert "facturen@example.com" not in {entry["email"] for entry in after["emails"]}


async def test_a_merge_is_undone_once_and_an_unknown_one_never(present: Desk) -> None:
    survivor, gone = a_pair(present)
    pack = (await merged(present, survivor, gone)).pack
    await undo(present.workspace, present.teamleader, pack)
    with pytest.raises(NothingToUndo):
        await undo(present.workspace, present.teamleader, pack)
    with pytest.raises(NothingToUndo):
        await undo(present.workspace, present.teamleader, 99)


async def test_a_company_restored_from_the_recycle_bin_is_not_made_again(present: Desk) -> None:
    survivor, gone = a_pair(present)
    pack = (await merged(present, survivor, gone)).pack
    side = present.world.teamleader
    side.companies[gone] = side.recycled.pop(gone)
    count = len(side.companies)
    back = await undo(present.workspace, present.teamleader, pack)
    assert (back.company, back.made, len(side.companies)) == (gone, False, count)


# --- cut off ---------------------------------------------------------------------------------------------

CUT = ("companies.update", "contacts.linkToCompany", "companies.delete")


@pytest.mark.parametrize("operation", CUT)
@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "status"])
async def test_a_cut_connection_changes_nothing_about_the_result(
    present: Desk, operation: str, kind: str
) -> None:
    survivor, gone = a_pair(present)
    worker = employee(present.world, gone, Random(1))
    present.fault(operation, kind, times=1, **({"status": 500} if kind == "status" else {}))
    await merged(present, survivor, gone)
    assert employers(present.world, worker) == {survivor}
    assert company(present, survivor)["website"] == "https://example.com"
    assert gone not in present.world.teamleader.companies
    assert intents.in_state(present.workspace, "open") == []


@pytest.mark.parametrize("operation", BACK)
@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "status"])
async def test_a_cut_connection_changes_nothing_about_an_undo(
    present: Desk, operation: str, kind: str
) -> None:
    survivor, gone = a_pair(present)
    worker = employee(present.world, gone, Random(1))
    before = substance(company(present, survivor)), substance(company(present, gone))
    count = len(present.world.teamleader.companies)
    pack = (await merged(present, survivor, gone)).pack
    present.fault(operation, kind, times=1, **({"status": 500} if kind == "status" else {}))
    back = await undo(present.workspace, present.teamleader, pack)
    assert len(present.world.teamleader.companies) == count
    assert (substance(company(present, survivor)), substance(company(present, back.company))) == (
        before[0],
        before[1] | {"payment_term": None},
    )
    assert employers(present.world, worker) == {back.company}


@pytest.mark.parametrize("operation", [*CUT, "companies.info", "invoices.list"])
@pytest.mark.parametrize("then", ["finished", "undone"])
async def test_a_merge_that_was_cut_off_is_finished_or_undone(
    present: Desk, operation: str, then: str
) -> None:
    survivor, gone = a_pair(present)
    worker = employee(present.world, gone, Random(1))
    before = substance(company(present, survivor)), substance(company(present, gone))
    plan = await planned(present, survivor, gone)
    # Every way to it and every look fails, so that it ends wherever it is.
    for name in (operation, "companies.info", "contacts.info"):
        present.fault(name, "drop_before")
    try:
        await merging.merge(present.workspace, present.teamleader, plan)
    except (VendorError, StillInDoubt):
        pass
    else:
        assert operation == "companies.info"  # a merge that nothing disturbed looks at no company again
        then = "undone"
    present.faults.clear()
    if then == "finished":
        ended = await merging.merge_all(present.workspace, present.teamleader, [], lambda _step: None, Stop())
        assert (ended.outcome, len(ended.merged)) == ("complete", 1)
        assert employers(present.world, worker) == {survivor}
        assert gone not in present.world.teamleader.companies
    else:
        back = await undo(present.workspace, present.teamleader, 1)
        now = substance(company(present, survivor)), substance(company(present, back.company))
        assert now == (before[0], before[1] | {"payment_term": now[1]["payment_term"]})
        assert employers(present.world, worker) == {back.company}
    assert intents.in_state(present.workspace, "open") == []


async def test_a_merge_that_was_cut_off_is_undone_when_somebody_worked_on_the_duplicate_since(
    present: Desk,
) -> None:
    survivor, gone = a_pair(present)
    plan = await planned(present, survivor, gone)
    before = substance(company(present, survivor))
    present.fault("companies.delete", "drop_before")
    with pytest.raises(Exception, match="lost"):
        await merging.merge(present.workspace, present.teamleader, plan)
    present.faults.clear()
    company(present, gone)["updated_at"] = "2026-12-24T08:00:00+00:00"
    ended = await merging.merge_all(present.workspace, present.teamleader, [], lambda _step: None, Stop())
    assert [entry.blocked.obstacle for entry in ended.not_merged] == ["changed"]
    assert substance(company(present, survivor)) == before
    assert gone in present.world.teamleader.companies


# --- many ------------------------------------------------------------------------------------------------


async def test_the_sure_duplicates_are_found_and_merged_the_others_stay(present: Desk) -> None:
    chance = Random(9)
    originals = with_documents(present.world)[:5]
    gone = [duplicate(present.world, one, chance) for one in originals]
    lone = duplicate(  # the same name, and nothing else
        present.world,
        originals[0],
        chance,
        vat_number=None,
        national_identification_number=None,
        emails=[],
        telephones=[],
        addresses=[],
        iban=None,
        website=None,
    )
    await directory.read_teamleader(present.workspace, present.teamleader, lambda _what, _count: None)
    found = await merging.all_candidates(present.workspace)
    assert {(one.survivor, one.gone) for one in found} == set(zip(originals, gone, strict=True))
    assert all(one.why for one in found)
    ended = await merging.merge_all(present.workspace, present.teamleader, found, lambda _step: None, Stop())
    assert (ended.outcome, len(ended.merged), ended.left) == ("complete", 5, 0)
    assert not set(gone) & set(present.world.teamleader.companies)
    assert lone in present.world.teamleader.companies


async def test_a_group_goes_into_one_and_comes_back_one_by_one(present: Desk) -> None:
    """Four of one company: the one with documents stays, whoever is older, and each of the others has its own pack."""
    chance, (stays, other) = Random(8), with_documents(present.world)[:2]
    made = ("2020-01-01", "2021-01-01", "2022-01-01")
    gone = {
        duplicate(
            present.world,
            stays,
            chance,
            name=f"{company(present, stays)['name'].upper()} {form}",
            added_at=f"{day}T08:00:00+00:00",
            emails=[{"type": "primary", "email": f"mail{form}@example.com"}],
        )
        for form, day in zip(("BV", "bvba", "B.V."), made, strict=True)
    }
    before = {one: substance(company(present, one)) for one in (stays, other, *gone)}
    await directory.read_teamleader(present.workspace, present.teamleader, lambda _what, _count: None)
    found = [one for one in await merging.all_candidates(present.workspace) if one.gone in gone]
    assert {one.survivor for one in found} == {stays}
    assert {one.gone for one in found} == gone
    ended = await merging.merge_all(present.workspace, present.teamleader, found, lambda _step: None, Stop())
    assert (ended.outcome, len(ended.merged)) == ("complete", 3)
    assert not gone & set(present.world.teamleader.companies)
    mails = {entry["email"] for entry in company(present, stays)["emails"]}
    assert {"mailBV@example.com", "mailbvba@example.com", "mailB.V.@example.com"} <= mails
    for merged in reversed(ended.merged):
        back = await undo(present.workspace, present.teamleader, merged.pack)
        assert substance(company(present, back.company)) == before[merged.gone]
    assert substance(company(present, stays)) == before[stays]


async def test_of_two_imports_of_one_company_the_older_stays(present: Desk) -> None:
    chance = Random(9)
    first = duplicate(present.world, with_documents(present.world)[0], chance, id=LATE_ID)
    original = next(
        i
        for i, kept in present.world.teamleader.companies.items()
        if i != first and kept.data["name"] == company(present, first)["name"]
    )
    del present.world.teamleader.companies[original]
    second = duplicate(present.world, first, chance, id=EARLY_ID, added_at="2026-11-02T08:00:00+00:00")
    await directory.read_teamleader(present.workspace, present.teamleader, lambda _what, _count: None)
    found = await merging.all_candidates(present.workspace)
    assert [{one.survivor, one.gone} for one in found] == [{first, second}]
    ended = await merging.merge_all(present.workspace, present.teamleader, found, lambda _step: None, Stop())
    assert [(one.survivor, one.gone) for one in ended.merged] == [(first, second)]


async def test_the_one_that_the_queue_keeps_is_the_one_that_merging_keeps(present: Desk) -> None:
    original, older = a_pair(present, id=LATE_ID, website=None)
    del present.world.teamleader.companies[original]
    fuller = duplicate(
        present.world,
        older,
        Random(9),
        id=EARLY_ID,
        added_at="2026-11-02T08:00:00+00:00",
        website="https://example.com",
    )
    await directory.read_teamleader(present.workspace, present.teamleader, lambda _what, _count: None)
    queue = review.queue(present.workspace, "within")
    cases = [queue.case(place) for place in range(len(queue))]
    case = next(one for one in cases if {one.left.key, one.right.key} == {older, fuller})
    assert getattr(case, case.keep).key == fuller
    found = await merging.all_candidates(present.workspace)
    assert (fuller, older) in [(one.survivor, one.gone) for one in found]
    for candidate in (*[one for one in found if one.gone == older], *_named(older, fuller)):
        [plan] = await merging.plans(
            present.workspace, present.teamleader, [candidate], lambda _step: None, Stop()
        )
        assert isinstance(plan, Plan)
        assert (plan.survivor.id, plan.gone.id) == (fuller, older)


def _named(one: str, other: str) -> list[Candidate]:
    """Two companies as the user names them, in either order."""
    return [Candidate(*order, "", 1.0, ()) for order in ((one, other), (other, one))]


async def test_a_pair_that_the_user_called_different_is_left_alone(present: Desk) -> None:
    survivor, gone = a_pair(present)
    answers.remember(present.workspace, f"teamleader/{gone}", f"teamleader/{survivor}", same=False)
    await directory.read_teamleader(present.workspace, present.teamleader, lambda _what, _count: None)
    assert gone not in {one.gone for one in await merging.all_candidates(present.workspace)}


async def test_a_stop_ends_after_the_merge_under_way(present: Desk) -> None:
    survivor, gone = a_pair(present)
    wanted = [Candidate(survivor, gone, "x", 1.0, ()), Candidate(survivor, invented(Random(3)), "y", 1.0, ())]
    stop = Stop(after=1)

    def tell(step: merging.Step) -> None:
        stop.seen += isinstance(step, Merged)

    ended = await merging.merge_all(present.workspace, present.teamleader, wanted, tell, stop)
    assert (ended.outcome, len(ended.merged), ended.left) == ("cancelled", 1, 1)


async def test_two_mergings_at_once_are_refused(present: Desk) -> None:
    with only_one(present.workspace.path.parent, "another"), pytest.raises(WorkspaceLocked):
        await merging.merge_all(present.workspace, present.teamleader, [], lambda _step: None, Stop())


async def test_folding_a_second_time_adds_nothing(present: Desk) -> None:
    survivor, gone = a_pair(present)
    one, other = await present.teamleader.company(survivor), await present.teamleader.company(gone)
    assert merge_rules.fold(one, other).fields
    await present.teamleader.update_company(survivor, merge_rules.fold(one, other).fields)
    assert merge_rules.fold(await present.teamleader.company(survivor), other).fields == {}
