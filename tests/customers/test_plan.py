"""What is proposed for each pair: link, merge through the API, by hand, or look first."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from octowizard.customers import directory, relation_store, review
from octowizard.customers.plan import Plan, plan
from octowizard.octopus.models import Relation
from octowizard.presentation.blocks import Item
from octowizard.presentation.pairs import group, plan_blocks
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import CompanyListItem, ContactListItem
from octowizard.teamleader.pages import Page
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import MemoryWindowLedger
from octowizard.transport.window import SlidingWindow
from octowizard.workspace import answers, kept, links
from octowizard.workspace.db import Workspace

FIRMS = (
    ("Garage Wuyts", "BE0403019261", "Kouter 4", "9000"),
    ("Praet en Zonen", "BE0202239951", "Driesstraat 1", "9300"),
    ("Scierie Pirotte", "BE0417497106", "Rue Grande 9", "5500"),
    ("Drukwerk Vets", "BE0400378485", "Hofstraat 77", "2000"),
)


def _company(key: str, firm: tuple[str, str, str, str], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    name, vat, street, postcode = firm
    at = {"line_1": street, "postal_code": postcode, "city": "Gent", "country": "BE"}
    return {"id": key, "name": name, "vat_number": vat, "primary_address": at, "tags": tags, "emails": []}


class _Vendor:
    """Gives these companies and contacts, on one page each."""

    def __init__(self, companies: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> None:
        self.window = SlidingWindow(MemoryWindowLedger(), "teamleader", VendorClock())
        self._companies = tuple(msgspec.convert(one, CompanyListItem) for one in companies)
        self._contacts = tuple(msgspec.convert(one, ContactListItem) for one in contacts)

    async def companies(self) -> AsyncIterator[Page[CompanyListItem]]:
        yield Page(list(self._companies), [])

    async def contacts(self) -> AsyncIterator[Page[ContactListItem]]:
        yield Page(list(self._contacts), [])


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "w.sqlite") as present:
        yield present


async def _fill(
    workspace: Workspace,
    companies: list[dict[str, Any]],
    relations: list[dict[str, Any]],
    contacts: list[dict[str, Any]] | None = None,
) -> None:
    vendor = cast(Teamleader, _Vendor(companies, contacts or []))
    at = await directory.read_teamleader(workspace, vendor, lambda _what, _count: None)
    made = [msgspec.convert(one, Relation) for one in relations]
    body = msgspec.json.Encoder(decimal_format="number").encode
    kept.keep_records(
        workspace,
        relation_store.KIND,
        (kept.Record(f"{n:012d}", body(card)) for n, card in enumerate(made, 1)),
    )
    kept.keep_reading(workspace, "cursor/relation_card", b"{}", at)


def _relation(number: int, firm: tuple[str, str, str, str], **more: Any) -> dict[str, Any]:
    name, vat, street, postcode = firm
    return {
        "relationIdentificationServiceData": {"relationKey": {"id": number}},
        "currencyCode": "EUR",
        "name": name.upper(),
        "vatNr": vat,
        "streetAndNr": street,
        "postalCode": postcode,
        "client": True,
        **more,
    }


def _actions(made: Plan) -> dict[str, str]:
    return {step.left_name.casefold(): step.action for step in made.steps}


async def test_a_group_is_planned_at_once_with_the_one_that_stays(workspace: Workspace) -> None:
    """Three of one firm, one of them with a document."""
    tag = ("Octopus Import",)
    name, vat, street, postcode = FIRMS[0]
    companies = [
        _company("a", FIRMS[0], tag),
        _company("b", (name.upper(), vat, street, postcode), tag),
        _company("c", (f"{name} bv", "", street, postcode), tag),
        *(_company(f"x{n}", firm) for n, firm in enumerate(FIRMS[1:])),
    ]
    await _fill(workspace, companies, [])
    kept.keep_records(workspace, "invoice", [kept.Record("d1", _head("b"))])
    made = plan(workspace)
    assert made.counts == {"link": 0, "merge": 2, "merge-by-hand": 0, "look": 0}
    assert {step.survivor for step in made.steps} == {"teamleader/b"}
    assert [set(step.group) for step in made.steps] == [{f"teamleader/{key}" for key in "abc"}] * 2
    assert all(step.group[0] == "teamleader/b" for step in made.steps)
    case = review.queue(workspace, "within").case(0)
    assert [one.sure for one in case.group] == [True, True, True]
    assert case.group[0].text == f"{name.upper()} (Teamleader b · 9000 Gent · 1 document)"
    lines = [text for _mark, text in group(case)]
    assert lines[0] == f"{case.group[0].text} stays, of 3 that are one:"
    assert len(lines) == 3


async def test_before_an_import_the_same_are_to_be_linked(workspace: Workspace) -> None:
    companies = [_company(f"c{n}", firm) for n, firm in enumerate(FIRMS)]
    await _fill(workspace, companies, [_relation(n, firm) for n, firm in enumerate(FIRMS[:3], 1)])
    made = plan(workspace)
    assert made.counts == {"link": 3, "merge": 0, "merge-by-hand": 0, "look": 0}
    assert made.route == "smart-import"
    assert {(step.left, step.right) for step in made.steps} == {
        (f"octopus/{n}", f"teamleader/c{n - 1}") for n in (1, 2, 3)
    }
    assert all(step.survivor == "" and step.weights for step in made.steps)


async def test_what_is_linked_and_who_is_only_a_supplier_is_left_alone(workspace: Workspace) -> None:
    relations = [_relation(1, FIRMS[0]), _relation(2, FIRMS[1], client=False, supplier=True)]
    await _fill(workspace, [_company("c0", FIRMS[0]), _company("c1", FIRMS[1])], relations)
    links.keep(workspace, links.CustomerLink("c0", 1, 0, "vat_number"))
    made = plan(workspace)
    assert not made.steps
    assert made.route == "none"


async def test_a_bare_import_is_merged_through_the_api_and_one_with_documents_by_hand(
    workspace: Workspace,
) -> None:
    tag = ("Octopus Import",)
    companies = [_company(f"old{n}", firm) for n, firm in enumerate(FIRMS)]
    companies += [_company(f"new{n}", firm, tag) for n, firm in enumerate(FIRMS)]
    await _fill(workspace, companies, [])
    head = _head("new1")
    kept.keep_records(workspace, "invoice", [kept.Record("d1", head), kept.Record("d2", _head("old1", "d2"))])
    made = plan(workspace)
    assert made.counts == {"link": 0, "merge": 3, "merge-by-hand": 1, "look": 0}
    assert made.route == "queue"
    (by_hand,) = [step for step in made.steps if step.action == "merge-by-hand"]
    assert {by_hand.left, by_hand.right} == {"teamleader/new1", "teamleader/old1"}
    assert "1 document is made out to the one that goes" in by_hand.because
    assert {step.survivor for step in made.steps if step.action == "merge"} == {
        "teamleader/old0",
        "teamleader/old2",
        "teamleader/old3",
    }


async def test_of_two_of_one_name_it_is_said_which_stays_by_number_place_and_what_hangs_on_it(
    workspace: Workspace,
) -> None:
    name, vat, street, postcode = FIRMS[0]
    moved = (name, vat, street, "9050")
    old, new = "8f14e45f-ceea-467f-a1d2-9e5f0f4c1a01", "c9f0f895-fb98-4b91-9f51-0a7d7e3b2c02"
    await _fill(workspace, [_company(old, FIRMS[0]), _company(new, moved, ("Octopus Import",))], [])
    kept.keep_records(workspace, "invoice", [kept.Record("d1", _head(old))])
    (step,) = plan(workspace).steps
    assert (step.survivor, step.left_name, step.right_name) == (f"teamleader/{old}", name, name)
    assert f"{name} (Teamleader 8f14e45f · {postcode} Gent · 1 document) stays: " in step.because
    listed = [one.text for one in plan_blocks(plan(workspace)) if isinstance(one, Item)]
    assert f"{name} (Teamleader c9f0f895 · 9050 Gent · no document)  (teamleader/{new})" in listed
    (queue_case,) = [review.queue(workspace, "within").case(0)]
    assert queue_case.survivor == f"{name} (Teamleader 8f14e45f · {postcode} Gent · 1 document)"
    apart = review.told_apart(workspace, {new})
    assert apart == {new: f"{name} (Teamleader c9f0f895 · 9050 Gent · no document)"}


def _head(customer: str, key: str = "d1") -> bytes:
    return msgspec.json.encode(
        {
            "id": key,
            "kind": "invoice",
            "number": "2026 / 1",
            "date": "2026-10-01",
            "due_on": None,
            "customer_id": customer,
            "customer_type": "company",
            "customer_name": "x",
            "amount": "1.00",
            "currency": "EUR",
            "open_amount": "1.00",
            "communication": None,
            "stamp": "",
        }
    )


async def test_two_that_nobody_imported_are_merged_by_hand(workspace: Workspace) -> None:
    companies = [_company("a", FIRMS[0]), *(_company(f"c{n}", firm) for n, firm in enumerate(FIRMS))]
    await _fill(workspace, companies, [])
    answers.remember(workspace, "teamleader/a", "teamleader/c0", same=True)
    assert plan(workspace).counts == {"link": 0, "merge": 0, "merge-by-hand": 1, "look": 0}


async def test_the_user_s_word_turns_a_pair_into_a_link_or_away(workspace: Workspace) -> None:
    relations = [_relation(n, firm) for n, firm in enumerate(FIRMS, 1)]
    await _fill(workspace, [_company(f"c{n}", firm) for n, firm in enumerate(FIRMS)], relations)
    answers.remember(workspace, "teamleader/c0", "octopus/1", same=False)
    assert _actions(plan(workspace)).keys() == {name.casefold() for name, *_ in FIRMS[1:]}
    assert answers.forget(workspace, "octopus/1", "teamleader/c0")
    assert plan(workspace).counts["link"] == 4


async def test_above_fifty_by_hand_the_import_of_a_file_is_recommended(workspace: Workspace) -> None:
    from random import Random

    from tests.generator.numbers import belgian

    rng, taken = Random(5), set[str]()
    firms = [
        (f"Firma {n} {chr(65 + n % 26)}", f"BE{belgian(rng, taken)}", f"Kouter {n}", "9000")
        for n in range(60)
    ]
    companies = [_company(f"{side}{n}", firm) for side in "ab" for n, firm in enumerate(firms)]
    await _fill(workspace, companies, [])
    made = plan(workspace)
    assert made.counts["merge-by-hand"] > 50
    assert made.route == "csv"


def test_answers_are_found_whichever_way_round_and_teach_when_their_customers_are_elsewhere(
    workspace: Workspace,
) -> None:
    answers.remember(workspace, "teamleader/x", "octopus/7", same=True, levels={"name": 4})
    answers.remember(workspace, "file/a.csv/1", "file/b.csv/2", same=False)
    answers.remember(workspace, "file/b.csv/2", "file/a.csv/1", same=True)
    given = answers.given(workspace)
    assert len(given) == 2
    found = {
        (one, other): answer.same for one, other, answer in answers.between(given, "octopus", "teamleader")
    }
    assert found == {("7", "x"): True, ("", ""): True}
    assert next(answer for answer in given if answer.one == "octopus/7").levels == {"name": 4}
    with pytest.raises(ValueError, match="itself"):
        answers.remember(workspace, "octopus/7", "octopus/7", same=True)
