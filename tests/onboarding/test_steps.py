"""How the steps stand: derived from both sides and from what was declared, never from a key press."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from octowizard.customers import merging
from octowizard.matching.vat_numbers import vat_key
from octowizard.onboarding import apply, fixes
from octowizard.onboarding.guide import NotOffered, guide
from octowizard.onboarding.model import State
from octowizard.onboarding.standing import Standing
from octowizard.presentation.run_summary import verdict
from octowizard.sandbox.practice import BadArguments
from octowizard.sandbox.state import World
from octowizard.session.session import Session
from octowizard.snapshot.parts import Part, keep_look, last_look
from octowizard.sync.accounts import open_accounts
from octowizard.sync.events import PaymentDrift
from octowizard.sync.run import Stop, SyncOptions, run_sync
from octowizard.workspace import kept
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.forget import workspace_of
from tests.onboarding.setting_up import SettingUp, setting_up, texts_of


def _done(_outcome: apply.Outcome) -> None:
    assert _outcome.state == "done", _outcome


async def test_an_empty_octopus_is_led_to_a_clean_first_sync(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "a", customers=None) as company:
        root, profile = tmp_path, company.profile
        assert company.states()["create-fiscal-year"] == "todo"
        assert company.states()["create-journals"] == company.states()["check-accounts"] == "waits"
        Session(root, profile).setup.declare("booster", False)

        # it can't be taken away again: octowizard makes none before it was said how the year runs
        assert company.step("create-fiscal-year").changes == ()
        Session(root, profile).setup.declare("calendar-year", True)
        assert company.step("create-fiscal-year").changes == ()
        Session(root, profile).setup.declare("vat-quarterly", False)
        await company.make("create-fiscal-year", _done)
        await company.look("create-fiscal-year")
        assert company.states()["create-fiscal-year"] == "done"
        assert [year.name for year in company.standing.snapshot.years] == ["Boekjaar 2026", "Boekjaar 2027"]

        assert company.states()["create-journals"] == "todo"
        await company.make("create-journals", _done)
        await company.look("create-journals")
        assert company.step("create-journals").now[0] == (
            "V1  Verkoopboekingen*  Boekjaar 2026 ✔  Boekjaar 2027 ✔"
        )

        # the accountant's word comes before an account is made
        assert (company.step("check-accounts").changes, company.states()["check-accounts"]) == ((), "todo")
        Session(root, profile).setup.declare("accounts", True)
        await company.make("check-accounts", _done)
        await company.look("check-accounts")
        assert company.states()["check-accounts"] == "done"

        assert company.states()["first-sync"] == "waits"
        Session(root, profile).setup.declare("no-contractor", True)
        assert company.states()["connect-teamleader"] == "todo"  # the start date is asked, never assumed
        Session(root, profile).setup.declare("start-date", True)
        assert company.states()["first-sync"] == "todo"
        assert company.step("automatic-sync").files == ()
        assert await company.sync() == "complete"
        await company.look("first-sync")
        assert company.states()["first-sync"] == "done"
        assert company.states()["payments"] == "todo"
        assert [name.rpartition(".")[2] for name, _text in company.step("automatic-sync").files] == [
            "crontab",
            "service",
            "timer",
            "cmd",
        ]
        assert company.kept().current == "payments"


async def _synced(company: SettingUp) -> None:
    """From an empty Octopus to a first sync."""
    setup = Session(company.root, company.profile).setup
    for key in ("calendar-year", "vat-quarterly", "accounts", "no-contractor"):
        with suppress(NotOffered):
            setup.declare(key, True)
    setup.declare("booster", False)
    for step in ("create-fiscal-year", "create-journals", "check-accounts"):
        await company.make(step, _done)
        await company.look(step)
    await company.sync()
    await company.look("first-sync")


async def test_a_matched_payment_that_came_back_completes_the_step_of_payments(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "a", documents=4, limits=False) as company:
        await _synced(company)
        assert company.states()["payments"] == "todo"
        assert any("has no bank journal" in line for line in company.step("payments").now)
        with pytest.raises(BadArguments, match="no bank journal"):
            company.do("import-coda")
        await company.make("payments", _done)
        await company.look("payments")
        assert company.step("payments").changes == ()
        company.do("import-coda")
        company.do("reconcile")
        company.world.clock.advance(timedelta(minutes=1))
        await company.sync()
        await company.look("payments")
        assert company.states()["payments"] == "done"


async def test_an_import_and_its_doubles_are_told_from_what_is_there(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", customers=20, documents=5) as company:
        assert (company.states()["import-companies"], company.states()["merge"]) == ("todo", "waits")
        company.do("import-companies-from-octopus")
        await company.look("import-companies")
        assert (company.states()["import-companies"], company.states()["merge"]) == ("done", "todo")
        before = company.standing.imported.duplicates or 0
        assert before > 0
        tagged = {
            kept.data["vat_number"]: kept.data["id"]
            for kept in company.world.teamleader.companies.values()
            if "Octopus Import" in kept.data["tags"] and kept.data["vat_number"]
        }
        by_key = {vat_key(number): identity for number, identity in tagged.items()}
        survivor = next(
            kept
            for kept in company.world.teamleader.companies.values()
            if "Octopus Import" not in kept.data["tags"] and vat_key(kept.data["vat_number"]) in by_key
        )
        company.do(
            "teamleader-merge",
            survivor=survivor.data["id"],
            loser=by_key[vat_key(survivor.data["vat_number"])],
        )
        await company.look("merge")
        assert company.standing.imported.duplicates == before - 1
        assert company.step("merge").skip
        Session(tmp_path, company.profile).setup.skip("merge")
        assert company.states()["merge"] == "skipped"
        Session(tmp_path, company.profile).setup.skip("merge", take_back=True)
        assert company.states()["merge"] == "todo"


async def test_a_company_that_was_made_just_before_the_end_is_not_made_again(tmp_path: Path) -> None:
    """Killed two minutes ago, between the making of the last company and its link."""
    async with setting_up(tmp_path, "c", customers=12, documents=3) as company:
        setup = Session(tmp_path, company.profile).setup
        await setup.import_companies(lambda _step: None, Stop(), lambda *_read: None)
        await company.look("import-companies")
        assert company.states()["import-companies"] == "done"
        side = company.world.teamleader
        made = len(side.companies), len(side.contacts)
        with workspace_of(tmp_path, company.profile) as workspace, workspace.durable() as db:
            (last,) = db.execute("SELECT max(id) FROM intent WHERE kind = 'company'").fetchone()
            (subject,) = db.execute("SELECT subject FROM intent WHERE id = ?", (last,)).fetchone()
            # Within seconds of its making, a company may not be listed yet: the import would wait for that.
            db.execute(
                "UPDATE intent SET state = 'open', closed_at = NULL, made_at = made_at - 120 WHERE id = ?",
                (last,),
            )
            relation = int(str(subject).removeprefix("relation/"))
            db.execute("DELETE FROM customer_link WHERE relation = ?", (relation,))
        await company.look("import-companies")
        await setup.import_companies(lambda _step: None, Stop(), lambda *_read: None)
        assert (len(side.companies), len(side.contacts)) == made
        await company.look("import-companies")
        assert company.states()["import-companies"] == "done"


async def test_pairs_that_were_merged_are_gone_before_both_sides_are_read_again(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", customers=12, documents=3) as company:
        company.do("import-companies-from-octopus")
        await company.look("merge")
        before = company.standing.imported.duplicates or 0
        with workspace_of(tmp_path, company.profile) as workspace:
            async with open_accounts(tmp_path, company.profile, workspace) as sides:
                pairs = await merging.all_candidates(workspace)
                ended = await merging.merge_all(
                    workspace, sides.teamleader, pairs, lambda _step: None, Stop()
                )
        assert ended.merged
        company.kept()
        found = company.standing.imported.duplicates, company.standing.counts.companies
        assert found[0] == before - len(ended.merged)
        await company.look("merge")
        assert (company.standing.imported.duplicates, company.standing.counts.companies) == found


def _wrong_type(world: World) -> None:
    world.octopus.dossiers[9045119].journals[5, "V2"].insertion_type = 2


async def test_a_journal_of_the_wrong_type_is_shown_and_offered_to_be_mended(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3, breaking=_wrong_type) as company:
        step = company.step("create-journals")
        assert step.state is State.TODO
        assert "V2  Facturatie*  Boekjaar 2026 ✖  Boekjaar 2027 ✔" in step.now
        assert [change.title for change in step.changes] == [
            "Let journal V2 of Boekjaar 2026 take Verkoopboekingen*"
        ]
        await company.make("create-journals", _done)
        await company.look("create-journals")
        assert company.states()["create-journals"] == "done"


def _secured(world: World) -> None:
    world.octopus.dossiers[9045119].journals[5, "V1"].protected_period = 202611


async def test_a_secured_period_before_waiting_documents_keeps_the_journals_from_being_done(
    tmp_path: Path,
) -> None:
    async with setting_up(tmp_path, "c", documents=6, breaking=_secured) as company:
        step = company.step("create-journals")
        assert step.state is State.TODO
        assert any("V1 is secured till 202611" in line for line in step.now)
        assert step.show[0].path == "Beheer > Dagboeken"
        assert step.problems[0] == "secured-period"


def _closed(world: World) -> None:
    world.octopus.dossiers[9045119].journals[5, "V1"].closed_period = 202611


async def test_a_closed_period_is_not_called_secured_and_has_the_cure_of_its_own_card(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=6, breaking=_closed) as company:
        step = company.step("create-journals")
        assert step.state is State.TODO
        assert any("V1 is closed until 202611" in line for line in step.now)
        assert not any("is secured" in line for line in step.now)
        assert step.changes == ()  # no API opens a period again
        assert step.problems[0] == "closed-period"
        assert step.show[0].path == "Beheer > Dagboeken"
        assert "Afgesloten tot periode" in step.show[0].text
        assert "Actieve periode" in step.notes[0]  # which opens and closes nothing


async def test_a_closed_year_is_opened_by_a_person_and_no_year_is_created_for_it(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=6) as company:
        company.do("close-year", year="2026")
        await company.look("create-fiscal-year")
        step = company.step("create-fiscal-year")
        assert (step.state, step.changes) == (State.TODO, ())
        assert (step.problems[0], step.show[0].path) == ("closed-year", "Beheer > Dagboeken")
        assert "open fiscal year 2026 again" in step.show[0].text


async def test_a_run_of_nothing_opens_no_automatic_sync_and_is_no_dead_end(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "b", customers=6) as company:
        setup = Session(tmp_path, company.profile).setup
        for key, answer in (("booster", False), ("start-date", True)):
            setup.declare(key, answer)
        await setup.import_companies(lambda _step: None, Stop(), lambda *_read: None)
        await company.look("import-companies")
        assert await company.sync() == "complete"
        found = await company.look("first-sync")
        states = company.states()
        waiting = ("first-sync", "payments", "automatic-sync")
        assert {states[step] for step in waiting} == {"not_yet"}
        assert (found.current, company.step("automatic-sync").files) == (None, ())
        assert any("6 customers are linked" in line for line in found.summary)
        company.do("teamleader-new-invoice")
        company.world.clock.advance(timedelta(minutes=1))
        found = await company.look("first-sync")
        assert (found.current, found.summary) == ("first-sync", ())
        await company.sync()
        await company.look("first-sync")
        assert company.states()["first-sync"] == "done"
        assert company.step("automatic-sync").files


async def test_a_payment_that_was_entered_in_teamleader_is_told_and_not_said_to_reach_octopus(
    tmp_path: Path,
) -> None:
    async with setting_up(tmp_path, "c", documents=2) as company:
        await company.sync()
        number = company.standing.snapshot.pending[0].number
        company.do("teamleader-pay", invoice=number)
        company.world.clock.advance(timedelta(minutes=1))
        told: list[object] = []
        finished = await run_sync(company.root, company.profile, SyncOptions(), told.append, Stop())
        assert finished.payments_drifting == 1
        assert any(isinstance(event, PaymentDrift) and "stays open" in event.message for event in told)
        line = verdict(finished, 0)
        assert (line.mark, "1 invoice is paid on one side only" in line.text) == ("▲", True)
        await company.look("first-sync")
        assert any(number in line for line in company.step("payments").now)
        (how, *_rest) = company.step("payments").notes
        assert "only through a journal and an account that you name" in how


async def test_nothing_is_offered_in_a_dossier_that_is_known_to_be_the_wrong_one(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "two-dossiers", documents=3, dossier_id=9045126) as company:
        assert company.states()["create-journals"] in ("waits", "done")
        assert all(step.changes == () for step in company.kept().steps)
        assert fixes.for_problem("missing-journal", company.standing.snapshot, company.profile) == ()


async def test_a_step_that_could_not_be_read_is_unknown_and_never_done(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3) as company:
        unread = msgspec.structs.replace(
            company.standing.snapshot,
            journals={},
            unread={"years": "a limit is spent", "journals": "a limit is spent"},
        )
        found = guide(msgspec.structs.replace(company.standing, snapshot=unread))
        steps = {step.id: step for step in found.steps}
        for id in ("create-fiscal-year", "create-journals", "check-accounts", "connect-teamleader"):
            assert steps[id].state is State.UNKNOWN, id
            assert "a limit is spent" in steps[id].now
        assert not any("has no bank journal" in line for line in steps["payments"].now)


async def test_before_anything_was_read_nothing_counts_as_done(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3) as company:
        (tmp_path / "profiles" / "acme" / "workspace.sqlite").unlink()
        states = company.states()
        assert "done" not in states.values()
        assert company.kept().current == "choose-connector"


async def test_a_wrong_dossier_is_noticed_and_another_can_be_chosen(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "two-dossiers", documents=3, dossier_id=9045126) as company:
        assert company.states()["choose-dossier"] == "todo"
        with pytest.raises(NotOffered, match="sees no dossier 99"):
            Session(tmp_path, company.profile).setup.set_dossier(99)
        Session(tmp_path, company.profile).setup.declare("booster", True)
        Session(tmp_path, company.profile).setup.set_dossier(9045119)
        company.kept()
        found = await company.look()
        assert company.states()["choose-dossier"] == "done"
        assert found.booster is True
        assert company.profile.dossier_name == "Meubelatelier Noordster BV"


async def test_the_dossier_that_is_meant_can_be_confirmed_though_its_number_says_otherwise(
    tmp_path: Path,
) -> None:
    async with setting_up(tmp_path, "two-dossiers", documents=3, dossier_id=9045126) as company:
        Session(tmp_path, company.profile).setup.set_dossier(9045126)
        assert company.states()["choose-dossier"] == "done"


async def test_with_the_booster_the_set_up_is_told_differently(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3) as company:
        Session(tmp_path, company.profile).setup.declare("booster", True)
        said = texts_of(company.step("choose-connector"))
        assert "Settings > Company information" in said
        assert "observer" in said
        assert "book everything twice" in said
        assert company.kept().booster is True
        assert "Configuration needed" in texts_of(company.step("connect-teamleader"))
        assert "tab Synchronisation" in texts_of(company.step("first-sync"))


async def test_a_question_nobody_asks_and_a_step_that_is_not_there_are_named(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "a", documents=3) as company:
        with pytest.raises(
            NotOffered,
            match="there are: accounts, automatic, booster, calendar-year, no-contractor, start-date, vat-quarterly",
        ):
            Session(tmp_path, company.profile).setup.declare("weather", True)
        with pytest.raises(NotOffered, match="no step “merge” in this set-up"):
            Session(tmp_path, company.profile).setup.skip("merge")
        with pytest.raises(NotOffered, match="can't be skipped"):
            Session(tmp_path, company.profile).setup.skip("first-sync")


async def test_contractors_are_told_from_an_export_and_without_one_from_the_users_word(
    tmp_path: Path,
) -> None:
    def exported(*kinds: str) -> Standing:
        declared = {
            str(place): DeclaredCustomer(customer=str(place), source="companies.csv", vat_type=kind)
            for place, kind in enumerate(kinds)
        }
        snapshot = msgspec.structs.replace(company.standing.snapshot, declared=declared)
        return msgspec.structs.replace(company.standing, snapshot=snapshot)

    def state_of(standing: Standing) -> tuple[State, str]:
        step = next(step for step in guide(standing).steps if step.id == "customer-vat")
        return step.state, step.now[0]

    async with setting_up(tmp_path, "c", documents=3) as company:
        assert state_of(company.standing)[0] is State.TODO
        assert state_of(exported("contractor", "vat_liable")) == (
            State.TODO,
            "Of 2 customers in the export, 1 has the VAT type Contractor.",
        )
        assert state_of(exported("vat_liable", ""))[0] is State.DONE
        Session(tmp_path, company.profile).setup.declare("no-contractor", True)
        company.kept()
        assert state_of(company.standing)[0] is State.DONE
        assert state_of(exported("contractor"))[0] is State.TODO  # the export knows better


async def test_a_start_date_in_a_closed_year_is_not_taken_for_done(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3, start_date=date(2025, 6, 1)) as company:
        assert company.states()["create-fiscal-year"] == "todo"
        assert company.step("create-fiscal-year").changes == ()
        Session(tmp_path, company.profile).setup.choose("start-date", "2026-10-01")
        company.kept()
        await company.look("connect-teamleader")
        assert company.states()["create-fiscal-year"] == "done"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
async def test_menu_paths_are_shown_in_the_language_of_the_users_octopus(
    language: str, tmp_path: Path
) -> None:
    async with setting_up(tmp_path, "a", documents=3, octopus_language=language) as company:
        paths = [show.path for show in company.step("create-fiscal-year").show]
        assert (
            paths[0]
            == {
                "nl": "Beheer > Boekjaren",
                "fr": "Gestion > Exercices*",
                "en": "Management > Fiscal years",
            }[language]
        )


async def test_what_was_just_made_is_seen_though_clocks_disagree_by_a_second_or_a_day(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3, breaking=_wrong_type) as company:
        await company.look("create-journals")
        with workspace_of(tmp_path, company.profile) as workspace:
            look = last_look(workspace)
            assert look is not None
            keep_look(workspace, msgspec.structs.replace(look, clock_offset=look.clock_offset - 0.9))
            kept.keep_reading(workspace, "stamped by this computer", b"{}", look.taken_at + timedelta(days=1))
        await company.make("create-journals", _done)
        await company.look("create-journals")
        assert company.states()["create-journals"] == "done"


async def test_looking_again_at_one_step_asks_only_for_what_it_depends_on(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=3) as company:
        before = dict(company.world.octopus_calls)
        teamleader = dict(company.world.teamleader_calls)
        await company.look("create-journals")
        asked = {
            operation.rpartition("}/")[2]: count - before.get(operation, 0)
            for operation, count in company.world.octopus_calls.items()
            if count != before.get(operation, 0) and "authentication" not in operation
        }
        assert asked == {"POST /dossiers": 1, "bookyears": 1, "journals": 2}
        assert company.world.teamleader_calls == teamleader
        await company.look("choose-connector")
        assert company.world.octopus_calls["GET /dossiers/{dossierId}/bookyears"] == 2


async def test_a_step_that_could_not_be_read_begins_with_why(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", customers=4) as company:
        unread = dict.fromkeys(get_args(Part), "Octopus said no")
        snapshot = msgspec.structs.replace(company.standing.snapshot, unread=unread)
        nothing = msgspec.structs.replace(company.standing, snapshot=snapshot, unread="Teamleader said no")
        imported = msgspec.structs.replace(company.standing.imported, duplicates=None)
        unknown = [
            step
            for step in guide(msgspec.structs.replace(nothing, imported=imported)).steps
            if step.state is State.UNKNOWN
        ]
    assert {"choose-dossier", "merge", "payments"} <= {step.id for step in unknown}
    assert [step.id for step in unknown if "said no" not in step.now[0]] == []


async def test_journals_are_not_asked_for_in_a_past_year_in_which_nothing_waits(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", customers=4, documents=0) as company:
        known = company.standing.snapshot
        years = tuple(msgspec.structs.replace(year, closed=False) for year in known.years)
        today = company.standing.today
        past = {year.id for year in years if year.end < today}
        snapshot = msgspec.structs.replace(
            known,
            start_date=years[0].start,
            years=years,
            journals={place: journal for place, journal in known.journals.items() if place[0] not in past},
        )
        steps = guide(msgspec.structs.replace(company.standing, snapshot=snapshot)).steps
        journals = next(step for step in steps if step.id == "create-journals")
    assert past
    assert (journals.state, journals.changes) == (State.DONE, ())
