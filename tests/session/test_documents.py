"""Why a document is not (yet) in Octopus, or not paid: answered on practice companies, by what both sides hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from octowizard.planning.plan import plan
from octowizard.presentation.folds import folded
from octowizard.presentation.text import copied
from octowizard.presentation.why import Why, not_found, page
from octowizard.presentation.why_words import told
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.documents import NoDocument
from octowizard.session.session import Session
from octowizard.sync import events
from octowizard.workspace import decisions, exclusions
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import Mirror
from tests.scenarios.practising import Practice, practice
from tests.sync.inside import Inside, inside, of

LINES = 22  # of a terminal of 24 between the borders of the page
STRANGE = "Foo [BE] bvba"


def silent(_what: str, _count: int) -> None:
    """Nobody listens."""


def root_of(company: Inside | Practice) -> Path:
    return company.home if isinstance(company, Inside) else company.root


def kept(company: Inside | Practice, number: str) -> Why:
    """The answer by what was read before."""
    standing = Session(root_of(company), company.profile).documents.kept(number)
    return told(standing, company.profile, company.world.clock.now())


async def why(company: Inside | Practice, number: str) -> Why:
    """The answer, both sides read now; a minute goes by."""
    company.world.clock.advance(timedelta(minutes=1))
    session = Session(root_of(company), company.profile)
    standing = await session.documents.read(number, silent, fresh=True)
    return told(standing, session.profile, company.world.clock.now())


def small(shown: Why, company: Inside | Practice) -> str:
    """The page, which must stand on one screen of 80 by 24."""
    from octowizard.app.content import render

    shown_page = page(shown, company.world.clock.now())
    assert render(folded(shown_page), 72).plain.count("\n") < LINES, copied(shown_page)
    return copied(shown_page)


async def test_one_invoice_from_waiting_to_paid(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        waits = await why(company, "2026/2")
        assert (waits.state, waits.mark, waits.stops, waits.history) == ("to-book", "○", (), ())
        assert (waits.document.number, waits.unpaid, waits.next) == (
            "2026 / 2",
            "not-booked",
            "Start a sync.",
        )
        preview = await company.sync(dry_run=True)
        foreseen = next(e for e in of(preview, events.DocumentBooked) if e.document.number == "2026 / 2")
        place = f"{foreseen.journal}/{foreseen.number}"
        assert f"It is booked as {place}, in period {foreseen.period}" in waits.next_sync[0]
        previewed = await why(company, "2026 / 2")
        assert previewed.history == ()
        assert previewed.foreseen is not None
        assert "a preview foresaw it, and wrote nothing: would be booked as" in small(previewed, company)

        await company.sync()
        booked = await why(company, place)  # by its booking
        assert (booked.state, booked.mark, booked.document.number) == ("in-sync", "✔", "2026 / 2")
        assert booked.booking is not None
        assert (booked.booking.by_octowizard, booked.booking.since is not None) == (True, True)
        assert [one.text for one in booked.history] == [f"booked as {place}, period {foreseen.period}"]
        assert booked.foreseen is None
        assert (booked.unpaid, booked.payments) == ("not-reconciled", ())
        assert booked.next.startswith(f"Once the money is there: reconcile it with {place}")
        assert "octowizard booked it on " in small(booked, company)

        perform(company.world, "pay", {"document": place})
        assert "what was reconciled since shows at the next look" in kept(company, place).unpaid_because
        paid = await why(company, place)
        assert (paid.unpaid, [one.standing for one in paid.payments]) == ("next-sync", ["register"])
        assert paid.payments[0].day == company.world.clock.now().date()
        assert "is registered in Teamleader" in paid.next_sync[0]
        assert paid.next == "Start a sync."
        await company.sync()
        done = await why(company, place)
        assert (done.unpaid, [one.standing for one in done.payments]) == (None, ["registered"])
        assert (done.mark, done.next) == ("✔", "Nothing.")
        assert "registered in Teamleader: paid in full" in small(done, company)


async def test_a_booking_that_was_emptied_in_octopus_is_still_found_by_its_place(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await company.sync()
        booking = (await why(company, "2026 / 2")).booking
        assert booking is not None
        place = f"{booking.journal}/{booking.number}"
        assert "No sync that is remembered here" not in small(await why(company, place), company)
        perform(company.world, "void-booking", {"booking": place})
        emptied = await why(company, place)
        assert (emptied.document.number, emptied.state, emptied.unpaid) == (
            "2026 / 2",
            "blocked",
            "other-content",
        )


async def test_paid_in_teamleader_is_drift_until_it_is_mirrored(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        await company.sync()
        perform(company.world, "teamleader-pay", {"invoice": "2026 / 2", "amount": "10.00"})
        drift = await why(company, "2026 / 2")
        assert (drift.mark, [one.standing for one in drift.payments]) == ("▲", ["only_in_teamleader"])
        assert "10,00 is paid in Teamleader, and 0,00 matched in Octopus." in small(drift, company)
        assert "bank statements" in drift.next
        await company.sync(mirror=Mirror(journal="F1", account=550000))
        mirrored = await why(company, "2026 / 2")
        assert [one.standing for one in mirrored.payments] == ["mirrored"]
        assert (mirrored.mark, mirrored.unpaid) == ("✔", "partly")


async def test_a_document_behind_a_blocked_one_names_it_and_what_blocks_it(tmp_path: Path) -> None:
    async with practice(tmp_path, "number-gap") as company:
        assert company.profile.numbering == "follow"
        session = Session(company.root, company.profile)
        await session.read("", silent)
        planned = plan(session.snapshot(), company.profile)
        first = next(one for one in planned.documents if one.blocker is not None)
        last = [one for one in planned.documents if one.place.series == first.place.series][-1]
        shown = await why(company, last.head.number)
        assert (shown.state, shown.stops[0].document) == ("waits", first.head.number)
        assert shown.stops[0].problem == "number-gap"
        assert f"It is not booked before {first.head.number}" in shown.next_sync[0]
        assert shown.next.startswith(f"First {first.head.number}: ")
        small(shown, company)


async def test_all_that_stops_a_document_is_told_in_the_order_in_which_it_is_met(tmp_path: Path) -> None:
    async with practice(tmp_path, "missing-account") as company:
        findings = await company.check()
        number = next(f.records[0].label for f in findings if f.problem == "missing-account")
        company.do({"action": "set-closed-period", "journal": "V1", "period": "202612"})
        company.do({"action": "close-journal", "journal": "V1"})
        shown = await why(company, number)
        assert [stop.problem for stop in shown.stops] == [
            "closed-journal",
            "closed-period",
            "missing-account",
        ]
        assert shown.next == shown.stops[0].fix[0]
        assert small(shown, company).index("Stops it") < small(shown, company).index("Then")
        failed = await company.sync()
        assert number in failed.failed
        again = await why(company, number)
        assert again.history[-1].text == "Journal V1 is closed"


@pytest.mark.parametrize(
    ("scenario", "problem", "mark", "state"),
    [
        ("closed-period", "closed-period", "✖", "blocked"),
        ("booked-differently", "booked-differently", "✖", "blocked"),
        ("customer-without-country", "customer-without-country", "✖", "blocked"),
        ("payment-parked", "payment-parked", "▲", "in-sync"),
        ("unmatched-drift", "unmatched-drift", "▲", "in-sync"),
        ("paid-drift", "paid-drift", "▲", "in-sync"),
    ],
)
async def test_what_a_check_finds_of_a_document_its_page_tells_too(
    tmp_path: Path, scenario: str, problem: str, mark: str, state: str
) -> None:
    async with practice(tmp_path, scenario) as company:
        finding = next(one for one in await company.check() if one.problem == problem)
        number = next(one.label for one in finding.records if one.kind in ("invoice", "credit_note"))
        shown = kept(company, number)
        assert (shown.mark, shown.state) == (mark, state)
        text = small(shown, company)
        assert shown.next in text
        assert shown.next != "Nothing."
        if state == "blocked":
            assert shown.stops[0].problem == problem
            assert shown.unpaid in ("not-booked", "other-content", None)
        else:
            assert shown.payments


async def test_excluded_before_the_start_and_unknown_ones_are_told_as_such(tmp_path: Path) -> None:
    world = SCENARIOS["healthy"].build(1, 6, 8)
    side = world.teamleader
    invoices = {kept_.number: kept_ for kept_ in side.invoices.values() if kept_.number}
    old = invoices["2026 / 1"]
    old.data["invoice_number"], old.data["invoice_date"] = "2025 / 7", "2025-12-01"
    invoices["2026 / 3"].data["invoicee"]["name"] = STRANGE
    async with inside(tmp_path, world) as company:
        early = await why(company, "2025/7")
        assert (early.state, early.mark) == ("before-start", "–")
        assert "from 01/01/2026 on" in early.next_sync[0]
        assert "by hand" in small(early, company)

        strange = await why(company, "2026 / 3")
        assert STRANGE in small(strange, company).splitlines()[0]
        with Workspace.open(company.home, company.profile.name) as workspace:
            exclusions.exclude(workspace, ["2026/3"])
        out = kept(company, "2026 / 3")
        assert (out.state, out.mark) == ("excluded", "–")
        assert f"--include {out.document.id}" in out.next

        with pytest.raises(NoDocument) as unknown:
            await why(company, "2026 / 99")
        sentence = not_found(unknown.value)
        assert sentence.startswith("There is no document “2026 / 99” from 01/01/2026 on; the nearest are")
        assert sentence.count("\n") == 0


async def test_looking_at_one_document_again_spends_no_call_of_the_day(tmp_path: Path) -> None:
    async with inside(tmp_path, SCENARIOS["healthy"].build(1, 6, 8)) as company:
        session = Session(company.home, company.profile)
        await session.documents.read("2026 / 2", silent)
        before = session.calls()
        await session.documents.read("2026 / 3", silent)
        after = session.calls()
        assert (after.left, after.teamleader) == (before.left, before.teamleader)


async def test_a_number_that_two_documents_bear_is_asked_about_with_their_ids(tmp_path: Path) -> None:
    async with practice(tmp_path, "same-booking-number") as company:
        await company.check()
        numbers = [head.number for head in Session(company.root, company.profile).snapshot().documents]
        double = next(number for number in numbers if numbers.count(number) > 1)
        with pytest.raises(NoDocument) as asked:
            kept(company, double)
        sentence = not_found(asked.value)
        assert "so give the id" in sentence
        assert all(f"({head.id})" in sentence for head in asked.value.several)


async def test_a_payment_of_a_document_that_somebody_else_booked_waits_for_a_word(tmp_path: Path) -> None:
    async with practice(tmp_path, "other-connector") as company:
        await company.check()
        head, booking = Session(company.root, company.profile).snapshot().elsewhere[0]
        company.do({"action": "pay", "document": f"{booking.journal}/{booking.number}"})
        shown = await why(company, head.number)
        assert "A person or another connector booked it." in shown.octopus[0]
        assert shown.booking is not None
        assert not shown.booking.by_octowizard
        assert shown.stops[0].problem == "other-connector"
        assert shown.next_sync == ("Nothing is registered as long as that is so.",)


async def test_with_the_booster_what_is_to_be_done_is_told_in_its_menus(tmp_path: Path) -> None:
    async with practice(tmp_path, "duplicate-relation") as company:
        await company.check()
        session = Session(root_of(company), company.profile)
        now = company.world.clock.now()
        every = [session.documents.kept(head.id) for head in session.snapshot().documents]
        stopped = next(
            standing
            for standing in every
            if any(one.problem == "duplicate-relation" for one in told(standing, company.profile, now).stops)
        )
        assert "Marketplace" in " ".join(told(stopped, company.profile, now).stops[0].fix)
        with session.workspace() as workspace:
            decisions.put(workspace, decisions.BOOSTER, True)
        fix = " ".join(told(stopped, company.profile, now, booster=session.booster()).stops[0].fix)
        assert "Marketplace" not in fix
        assert "> Accounting" in fix
