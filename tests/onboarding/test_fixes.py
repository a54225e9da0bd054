"""Every change that octowizard can make for the user, from the question to the read-back, and when it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from octowizard.onboarding import apply, fixes
from octowizard.sandbox.faults import Fault
from octowizard.sandbox.worlds.scenarios import THIS_YEAR
from octowizard.sync import look
from octowizard.workspace.errors import WorkspaceLocked
from octowizard.workspace.lock import only_one
from tests.onboarding.fixing import FIXES, Fix, Line, desk, line, sent

__all__ = ["line", "sent"]  # fixtures

DAY = re.compile(r"\A(\d{4})-(\d\d)-(\d\d)\Z")
each = pytest.mark.parametrize("fix", FIXES.values(), ids=FIXES.keys())


def values(body: object) -> Iterator[str]:
    """Every single value of a body, as people read it; a name and its language are one."""
    if isinstance(body, Mapping):
        if body.keys() == {"language", "value"}:
            yield body["value"]
        else:
            for value in body.values():
                yield from values(value)
    elif isinstance(body, list):
        for value in body:
            yield from values(value)
    else:
        shown = {True: "yes", False: "no"}.get(body, str(body)) if isinstance(body, bool) else str(body)
        yield DAY.sub(r"\3/\2/\1", shown)  # a day as days are written everywhere


@each
async def test_what_was_shown_is_what_is_sent_and_all_of_it_and_then_it_stands(
    fix: Fix, tmp_path: Path, sent: list[tuple[str, str, Any]]
) -> None:
    async with desk(tmp_path, fix) as at:
        assert not at.stands()
        change = at.change
        said = [value.split(" · ")[0] for _what, value in change.lines]
        assert said == list(values(change.body))
        assert all(what for what, _value in change.lines)
        sent.clear()
        outcome = await at.perform()
        assert outcome == apply.Outcome(change, "done")
        assert at.stands()
        writes = [one for one in sent if one[0] == change.method and one[1] == change.path]
        assert writes == [(change.method, change.path, change.body)]
        assert at.written() == 1
        assert at.intents() == [("change", "done")]


@each
async def test_what_stands_already_is_not_made_a_second_time(fix: Fix, tmp_path: Path) -> None:
    async with desk(tmp_path, fix) as at:
        await at.perform()
        again = await at.perform()
        assert again.state == "done"
        assert again.already
        assert at.written() == 1


@each
async def test_a_refusal_of_the_vendor_is_told_and_leaves_nothing_behind(fix: Fix, tmp_path: Path) -> None:
    async with desk(tmp_path, fix) as at:
        at.fault("status", status=400)
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert not outcome.changed
        assert not outcome.unanswered
        assert outcome.text.startswith(f"{at.change.vendor} answered no")
        assert "/dossiers/" not in outcome.text
        assert f"{at.change.vendor} refused" in outcome.vendor_text  # for whoever asks
        assert not at.stands()
        assert at.intents() == [("change", "refused")]


async def test_a_look_that_is_not_answered_is_told_apart_from_a_refusal(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["journal"]) as at:
        at.faults.add(Fault("GET /about/version", "status", status=503, times=9))
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.unanswered
        assert at.written() == 0


@each
async def test_a_connection_cut_before_the_write_is_looked_up_and_can_be_tried_again(
    fix: Fix, tmp_path: Path
) -> None:
    async with desk(tmp_path, fix) as at:
        at.fault("drop_before")
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert "nothing was written" in outcome.text
        assert not at.stands()
        assert await at.perform() == apply.Outcome(at.change, "done")
        assert at.stands()
        assert at.intents() == [("change", "not_done"), ("change", "done")]


@each
async def test_a_connection_cut_after_the_write_is_looked_up_and_never_written_twice(
    fix: Fix, tmp_path: Path
) -> None:
    async with desk(tmp_path, fix) as at:
        at.fault("drop_after")
        outcome = await at.perform()
        assert outcome.state == "done"
        assert "a look showed that it was written" in outcome.text
        assert at.stands()
        assert at.written() == 1
        assert at.intents() == [("change", "done")]


@each
@pytest.mark.parametrize("happened", [True, False], ids=["written", "not written"])
async def test_a_change_that_nobody_could_look_up_is_settled_before_it_is_tried_again(
    fix: Fix, happened: bool, tmp_path: Path, line: Line
) -> None:
    async with desk(tmp_path, fix) as at:
        at.fault("drop_after" if happened else "drop_before")
        line.falls_with(at.change)
        outcome = await at.perform()
        assert outcome.state == "in_doubt"
        assert "not known yet" in outcome.text
        assert at.intents() == [("change", "open")]
        assert at.stands() is happened
        line.mended()
        again = await at.perform()
        assert again.state == "done"
        assert again.already is happened
        assert at.stands()
        assert at.intents() == (
            [("change", "done")] if happened else [("change", "not_done"), ("change", "done")]
        )
        assert at.written() == (1 if happened else 2)


@each
async def test_a_user_who_says_no_has_changed_nothing(fix: Fix, tmp_path: Path) -> None:
    async with desk(tmp_path, fix) as at:
        assert at.change.title  # it was shown, and that is all
        assert at.written() == 0
        assert at.intents() == []
        assert not at.stands()


async def test_an_offered_change_is_no_longer_offered_once_it_was_made(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["journal"]) as at:
        assert [one.id for one in fixes.for_problem("missing-journal", at.snapshot, at.profile)] == [
            f"create-journal:{THIS_YEAR}:V2"
        ]
        await at.perform()
        snapshot = await look.look(tmp_path, at.profile, freshness="fresh")
        assert fixes.for_problem("missing-journal", snapshot, at.profile) == ()


# --- what changed since it was shown ---------------------------------------------------------------------


async def test_a_secured_period_that_somebody_moved_meanwhile_is_left_alone(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["secured period"]) as at:
        journal = next(iter(at.world.octopus.dossiers.values())).journals[THIS_YEAR, "V1"]
        journal.protected_period = 202612
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.changed
        assert "202612" in outcome.text
        assert (journal.protected_period, at.written()) == (202612, 0)


async def test_a_journal_that_somebody_made_meanwhile_is_left_alone(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["journal"]) as at:
        dossier = next(iter(at.world.octopus.dossiers.values()))
        journal = dossier.journals[THIS_YEAR, "V1"]
        dossier.journals[THIS_YEAR, "V2"] = type(journal)(THIS_YEAR, "V2", {"NL": "Andere"}, insertion_type=2)
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.changed
        assert at.written() == 0


async def test_a_fiscal_year_is_only_made_behind_the_last_one(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["fiscal year"]) as at:
        year = next(iter(at.world.octopus.dossiers.values())).bookyears[THIS_YEAR]
        year.data["endDate"] = "2026-11-30"
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.changed
        assert "30/11/2026" in outcome.text
        assert at.written() == 0


async def test_a_vat_type_that_a_person_filled_in_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["relation"]) as at:
        for relation in next(iter(at.world.octopus.dossiers.values())).relations.values():
            if not relation.data["vatType"]:
                relation.data["vatType"] = 10
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.changed
        assert at.written() == 0


async def test_an_external_number_that_another_relation_bears_is_not_given_twice(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["external number"]) as at:
        relations = next(iter(at.world.octopus.dossiers.values())).relations
        other = relations[max(relations)]
        other.data["relationIdentificationServiceData"]["externalRelationId"] = 123_456_789
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert str(max(relations)) in outcome.text
        assert at.written() == 0


async def test_a_company_that_was_deleted_meanwhile_is_told(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["company"]) as at:
        del at.world.teamleader.companies[at.change.body["id"]]
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert outcome.changed


async def test_nothing_is_changed_while_a_sync_runs(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["journal"]) as at:
        with only_one(at.workspace.path.parent, "octowizard sync"), pytest.raises(WorkspaceLocked):
            await at.perform()
        assert at.written() == 0


async def test_a_vendor_that_cannot_be_asked_first_leaves_everything_as_it_was(tmp_path: Path) -> None:
    async with desk(tmp_path, FIXES["journal"]) as at:
        at.world.octopus_refused.clear()
        at.world.out_of_order["octopus"] = 403
        outcome = await at.perform()
        assert outcome.state == "refused"
        assert "Nothing was written" in outcome.text
        assert at.intents() == []
