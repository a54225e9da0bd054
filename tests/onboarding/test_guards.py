"""What can't be taken back is named with what it would cost, and is not done on a plain yes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from octowizard.onboarding import guards
from octowizard.onboarding.guards import LossNotAccepted
from octowizard.session.session import Session
from octowizard.sync.run import Stop
from octowizard.workspace import profiles
from tests.onboarding.setting_up import SettingUp, setting_up


async def _synced(company: SettingUp) -> None:
    assert await company.sync() == "complete"
    await company.look()


async def test_a_start_date_after_synchronised_invoices_names_those_whose_payment_is_lost(
    tmp_path: Path,
) -> None:
    async with setting_up(tmp_path, "c", documents=10) as company:
        later = date(2026, 11, 1)
        assert guards.start_date(company.standing, later) is None  # nothing is synchronised yet
        await _synced(company)
        warning = guards.start_date(company.standing, later)
        assert warning is not None
        left = [one.head for one in company.standing.snapshot.booked if one.head.date < later]
        unpaid = [head for head in left if head.open_amount]
        assert len(warning.records) == len(left)
        assert warning.loss[0].startswith(f"{len(left)} synchronised documents lie before 01/11/2026")
        assert f"{len(unpaid)} of them" in warning.loss[1]
        with pytest.raises(LossNotAccepted):
            Session(tmp_path, company.profile).setup.choose("start-date", later.isoformat())
        assert profiles.load(tmp_path, "acme").start_date == company.profile.start_date
        assert (
            Session(tmp_path, company.profile)
            .setup.choose("start-date", later.isoformat(), accept_loss=True)
            .start_date
            == later
        )
        assert profiles.load(tmp_path, "acme").start_date == later


async def test_an_earlier_start_date_loses_nothing(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=5, start_date=date(2026, 10, 1)) as company:
        await _synced(company)
        assert guards.start_date(company.standing, date(2026, 9, 1)) is None
        assert guards.start_date(company.standing, date(2026, 10, 1)) is None


async def test_companies_that_somebody_else_imported_are_linked_and_not_made_again(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", customers=10, documents=3) as company:
        company.do("import-companies-from-octopus")
        side = company.world.teamleader
        await company.look("import-companies")
        assert company.states()["import-companies"] == "done"
        before = len(side.companies), len(side.contacts)
        await Session(tmp_path, company.profile).setup.import_companies(
            lambda _step: None, Stop(), lambda *_read: None
        )
        assert (len(side.companies), len(side.contacts)) == before
        assert company.kept()
        assert company.standing.unlinked_clients == ()


async def test_going_on_with_an_import_of_ours_is_no_second_import(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "b", customers=10) as company:
        stop = Stop()

        def after_one(step: object) -> None:
            if getattr(step, "relation", None):
                stop.request()

        first = await Session(tmp_path, company.profile).setup.import_companies(
            after_one, stop, lambda *_read: None
        )
        assert first.outcome == "cancelled"
        await company.look("import-companies")
        second = await Session(tmp_path, company.profile).setup.import_companies(
            lambda _step: None, Stop(), lambda *_read: None
        )
        assert (second.outcome, first.imported.made + second.imported.made) == ("complete", 10)
        side = company.world.teamleader
        assert len(side.companies) + len(side.contacts) == 10


async def test_other_numbers_after_the_first_booking_are_asked_about(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=4) as company:
        assert Session(tmp_path, company.profile).setup.choose("numbering", "follow").numbering == "follow"
        company.profile = Session(tmp_path, company.profile).setup.choose("numbering", "next")
        await _synced(company)
        assert guards.numbering(company.standing, "next") is None
        with pytest.raises(LossNotAccepted) as refused:
            Session(tmp_path, company.profile).setup.choose("numbering", "follow")
        assert len(refused.value.warning.records) == 4
        assert profiles.load(tmp_path, "acme").numbering == "next"


async def test_another_journal_than_the_one_with_bookings_is_asked_about(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=4) as company:
        setup = Session(tmp_path, company.profile).setup
        assert setup.choose("invoice-journal", "V5").invoice_journal == "V5"  # nothing is booked yet
        company.profile = setup.choose("invoice-journal", "V1")
        await _synced(company)
        invoices = [one for one in company.standing.snapshot.booked if one.journal == "V1"]
        assert guards.journal(company.standing, "V1", "V1") is None
        with pytest.raises(LossNotAccepted) as refused:
            Session(tmp_path, company.profile).setup.choose("invoice-journal", "V5")
        assert len(refused.value.warning.records) == len(invoices) > 0
        assert profiles.load(tmp_path, "acme").invoice_journal == "V1"
        accepted = Session(tmp_path, company.profile).setup.choose("invoice-journal", "V5", accept_loss=True)
        assert accepted.invoice_journal == "V5"


async def test_another_dossier_on_a_workspace_that_knows_one_is_asked_about(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "two-dossiers", documents=4, dossier_id=9045119) as company:
        assert guards.dossier(company.standing, 9045126) is None  # nothing was done yet
        await _synced(company)
        warning = guards.dossier(company.standing, 9045126)
        assert warning is not None
        assert warning.records
        assert guards.dossier(company.standing, 9045119) is None
        with pytest.raises(LossNotAccepted):
            Session(tmp_path, company.profile).setup.set_dossier(9045126)
        assert profiles.load(tmp_path, "acme").dossier_id == 9045119
        Session(tmp_path, company.profile).setup.set_dossier(9045126, accept_loss=True)
        company.kept()
        assert company.profile.dossier_id == 9045126
        assert company.standing.snapshot.booked == ()


async def test_booking_beside_an_integration_that_may_still_sync_is_asked_about(tmp_path: Path) -> None:
    async with setting_up(tmp_path, "c", documents=4, mode="observer") as company:
        waiting = len(company.standing.snapshot.pending)
        setup = Session(tmp_path, company.profile).setup
        with pytest.raises(LossNotAccepted, match="documents are booked twice") as asked:
            setup.choose("mode", "connector")
        assert len(asked.value.warning.records) == waiting
        assert profiles.load(tmp_path, "acme").mode == "observer"
        setup.choose("other-connector-off", "yes")
        assert setup.choose("mode", "connector").mode == "connector"
        assert setup.choose("mode", "observer").mode == "observer"  # watching only loses nothing
        with pytest.raises(LossNotAccepted):  # it books again: that it was switched off holds no longer
            setup.choose("mode", "connector")
