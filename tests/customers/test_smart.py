"""Smart import: those that are the same are linked, the rest is imported, nobody becomes twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from octowizard.customers import smart
from octowizard.outbox import lookup
from octowizard.planning.customers import external_number
from octowizard.sandbox.state import Dossier, Relation
from octowizard.workspace import answers, links
from tests.customers.practice import Desk, Stop, desk


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in has finished with a request as soon as it is cut."""
    monkeypatch.setattr(lookup, "SETTLING_SECONDS", 0.02)
    monkeypatch.setattr(lookup, "LEAVES_WITHIN", 0.0)


@pytest.fixture
async def present(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "c", 60) as opened:
        yield opened


def dossier(present: Desk) -> Dossier:
    """The only dossier."""
    (found,) = present.world.octopus.dossiers.values()
    return found


def bare(number: str | None) -> str:
    """A VAT number without its dress."""
    return "".join(letter for letter in number or "" if letter.isalnum()).upper()


async def run(present: Desk, stop: Stop | None = None) -> smart.Done:
    """A smart import."""
    return await smart.run(
        present.workspace,
        present.octopus,
        present.teamleader,
        lambda _step: None,
        stop or Stop(),
        lambda _what, _count: None,
    )


async def foreseen(present: Desk) -> smart.Preview:
    """What it would do."""
    return await smart.preview(
        present.workspace, present.octopus, present.teamleader, lambda _what, _count: None
    )


def vat_numbers(present: Desk) -> list[str]:
    """The VAT numbers of all companies in Teamleader."""
    return [bare(data["vat_number"]) for data in present.customers if data.get("vat_number")]


async def test_the_same_are_linked_and_only_the_rest_is_imported(present: Desk) -> None:
    before = {data["id"] for data in present.customers}
    preview = await foreseen(present)
    assert before == {data["id"] for data in present.customers}
    assert links.customers(present.workspace) == {}
    done = await run(present)
    assert done.linked == len(preview.sorting.same) > 30
    assert done.imported.made == preview.imports.total == len(preview.sorting.new) > 0
    known = links.customers(present.workspace)
    assert {link.how for link in known.values()} == {"matched", "imported"}
    assert len(present.customers) == len(before) + done.imported.made
    # Whoever is linked bears the VAT number of its relation, where both have one.
    for customer, link in known.items():
        data = next(data for data in present.customers if data["id"] == customer)
        card = dossier(present).relations[link.relation].data
        one, other = bare(data.get("vat_number")), bare(card.get("vatNr"))
        assert not one or not other or one[-9:] == other[-9:]


async def test_no_vat_number_stands_twice_in_teamleader_afterwards(present: Desk) -> None:
    before = vat_numbers(present)
    assert len(set(before)) == len(before)
    await run(present)
    after = vat_numbers(present)
    assert len(after) > len(before)
    assert len(set(after)) == len(after)


async def test_the_doubtful_wait_for_an_answer_and_are_not_imported(present: Desk) -> None:
    done = await run(present)
    doubtful = done.sorting.doubtful
    assert doubtful
    assert done.outcome == "attention"
    waiting = {pairing.relation for pairing in doubtful}
    assert not waiting & {link.relation for link in links.customers(present.workspace).values()}
    first, *others = doubtful
    for pairing, same in ((first, True), *((other, False) for other in others)):
        answers.remember(
            present.workspace, f"octopus/{pairing.relation}", f"teamleader/{pairing.customer}", same=same
        )
    again = await run(present)
    known = links.customers(present.workspace)
    assert known[first.customer].relation == first.relation
    assert not {p.relation for p in again.sorting.doubtful} & waiting
    placed = {link.relation for link in known.values()} | {held.relation for held in again.sorting.held}
    assert waiting <= placed


async def test_a_second_smart_import_does_nothing_more(present: Desk) -> None:
    await run(present)
    count, known = len(present.customers), links.customers(present.workspace)
    again = await run(present)
    assert (again.linked, again.imported.made) == (0, 0)
    assert (len(present.customers), links.customers(present.workspace)) == (count, known)


async def test_a_relation_that_stands_in_octopus_twice_is_brought_over_once(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 10) as present:
        house = dossier(present)
        first = next(r for r in house.relations.values() if r.data.get("vatNr"))
        twin: dict[str, Any] = {
            **first.data,
            "name": "Heel Anders NV",
            "email": "",
            "streetAndNr": "Elders 1",
        }
        twin["relationIdentificationServiceData"] = {"relationKey": {"id": 900}}
        house.relations[900] = Relation(twin, first.modified)
        done = await run(present)
        assert [held.relation for held in done.sorting.held] == [900]
        assert done.imported.made == 10
        assert len(set(vat_numbers(present))) == len(vat_numbers(present))
        # Nor later, when the first of the two is linked.
        again = await run(present)
        assert [held.relation for held in again.sorting.held] == [900]
        assert again.sorting.held[0].why.endswith(
            "of Octopus: is it there twice?"
        )  # no pair is left to judge
        assert again.imported.made == 0


async def test_relations_that_octowizard_made_itself_are_known_again_when_the_workspace_was_lost(
    present: Desk,
) -> None:
    house = dossier(present)
    chosen = [data for data in present.customers if data.get("name")][:5]
    house.relations.clear()
    for number, data in enumerate(chosen, 1):
        # Nothing but a word of the name is left of what it was made of.
        card = {
            "name": f"{data['name'].split()[0]} Anders",
            "client": True,
            "active": True,
            "currencyCode": "EUR",
        }
        card["relationIdentificationServiceData"] = {
            "relationKey": {"id": number},
            "externalRelationId": external_number(data["id"]),
        }
        house.relations[number] = Relation(card, present.world.clock.now())
    done = await run(present)
    assert (done.linked, done.imported.made) == (5, 0)
    known = links.customers(present.workspace)
    assert {known[data["id"]].relation for data in chosen} == {1, 2, 3, 4, 5}


async def test_with_an_empty_teamleader_everybody_is_imported(tmp_path: Path) -> None:
    async with desk(tmp_path, "b", 10) as present:
        done = await run(present)
        assert (done.linked, done.imported.made, done.outcome) == (0, 10, "complete")


async def test_a_smart_import_that_was_cut_off_goes_on_without_a_duplicate(present: Desk) -> None:
    for operation in ("companies.add", "contacts.add"):
        present.fault(operation, "drop_after")
    stop = Stop()
    wanted = (await foreseen(present)).sorting.new
    before = len(present.customers)

    class Soon(Stop):
        """Asked to end once some are in doubt."""

        @property
        def requested(self) -> bool:
            return len(present.customers) > before + 1

    ended = await smart.run(
        present.workspace,
        present.octopus,
        present.teamleader,
        lambda _step: None,
        Soon(),
        lambda _what, _count: None,
    )
    assert ended.imported.in_doubt > 0
    present.faults.clear()
    done = await run(present, stop)
    assert done.imported.in_doubt == 0
    assert len(present.customers) == before + len(wanted)
    imported = {
        link.relation for link in links.customers(present.workspace).values() if link.how == "imported"
    }
    assert imported == wanted
