"""The Duplicates screen by its keys: on invented lists that are really compared, and on the practice company."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens import duplicates
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.list_reading import ListReadingScreen
from octowizard.app.widgets.pair_list import PairList
from octowizard.app.widgets.pair_view import PairView
from octowizard.cli.wanted import Wanted
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.merging import candidates
from octowizard.customers.segment import kept
from octowizard.session.practice_desk import PracticeDesk
from octowizard.session.session import Session
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace.answers import given
from octowizard.workspace.db import Workspace
from tests.app.practising import company
from tests.app.stage import staged, text, told, until, words
from tests.app.staged import PROFILE, StagedSession
from tests.app.staged_pairs import StagedPairs, UnreadPairs, customer
from tests.customers.test_workbook_bounds import xlsx


def with_pairs(root: Path) -> tuple[OctowizardApp, StagedPairs]:
    session, pairs = StagedSession(), StagedPairs()
    session.duplicates = pairs
    return staged(root, session), pairs


def lines(app: OctowizardApp) -> PairList:
    return app.screen.query_one(PairList)


async def test_a_pair_is_shown_side_by_side_with_who_stays_and_why(tmp_path: Path) -> None:
    app, _pairs = with_pairs(tmp_path)
    async with app.run_test(size=(90, 40)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "Twice in Teamleader   1 of 4" in text(app))
        await pilot.press("down")
        await until(pilot, lambda: "12 documents were made out to it" in words(app))
        shown = words(app)
        assert "DAKWERKEN MAES NV" in shown
        assert "Foo [BE] bvba" in shown
        assert "CAFÉ ZOË [/X]" in shown
        assert "It gets: bank account, Octopus number." in shown


async def test_a_group_is_shown_at_once_with_the_one_that_stays(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    copies = [one for one in pairs.stage if one.key == "i0"] * 2
    pairs.stage += [msgspec.structs.replace(one, key=f"again{n}") for n, one in enumerate(copies)]
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 6" in text(app) and "1 doubtful · 5 sure" in text(app))
        await pilot.press("down")
        await until(pilot, lambda: "2 of 6" in text(app))
        assert "Dakwerken Maes (Teamleader t0 · 9100 Sint-Niklaas · 12 documents) stays, of 4" in words(app)
        for key in ("i0", "again0", "again1"):
            assert f"(Teamleader {key} · 9100 Sint-Niklaas · no document)" in words(app)
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        first = screen.case
        assert first is not None
        await pilot.press("n")
        await until(pilot, lambda: first.names in pairs.said)
        await pilot.press("r", "home", "down")
        await until(pilot, lambda: "stays, of 3" in words(app))


async def test_answers_are_kept_at_once_in_their_order_and_lead_to_the_next_pair(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        first, second = (screen.queue.names(place) for place in (0, 1)) if screen.queue else ((), ())
        await pilot.press("y", "n", "u", "n")
        await until(pilot, lambda: len(pairs.said) == 2 and "3 of 4" in text(app))
        assert {names: same for names, (same, _levels) in pairs.said.items()} == {first: True, second: False}
        assert all(levels for _same, levels in pairs.said.values())  # what teaches is kept beside the answer
        await pilot.press("home")
        await until(pilot, lambda: "✔ you said: the same" in text(app))  # the pair says what its line does


async def test_the_doubtful_pairs_come_first_and_the_sure_ones_after_them(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.stage += [
        customer(f"{side}{name}", name, postcode="9100", tags=tags)
        for name in ("Tegels Zoerkamp", "Brouwerij Hul")
        for side, tags in (("t", ()), ("i", (IMPORT_TAG,)))
    ]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 6" in text(app) and "3 doubtful · 3 sure" in text(app))
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        assert screen.queue is not None
        assert [screen.queue.kind(place) for place in range(6)] == ["doubtful"] * 3 + ["sure"] * 3
        await pilot.press("end", "n")  # behind the last one it goes on from the top
        await until(pilot, lambda: "1 of 6" in text(app))
        await pilot.press("y", "y", "y")  # the last doubtful one: the sure ones are left
        await until(pilot, lambda: "4 of 6" in text(app) and "0 doubtful · 2 sure" in text(app))


async def test_the_counts_of_all_kinds_add_up_to_all_pairs(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.asking = 5
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of" in text(app))
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)

        def shown() -> tuple[int, int]:
            """The number of all pairs, and what the counts of the kinds come to."""
            head = text(app).splitlines()[3:5]
            total = re.search(r" of (\d+)", head[0])
            assert total is not None, head
            return int(total[1]), sum(int(number) for number in re.findall(r"(?:^|· )\s*(\d+) ", head[1]))

        everything, sum_of_kinds = shown()
        assert everything == sum_of_kinds > 4, text(app)
        await pilot.press("y", "n")
        await until(pilot, lambda: "2 judged" in text(app))
        assert shown() == (everything, everything)
        await pilot.press("r")
        await until(pilot, lambda: not screen.answers)
        everything, sum_of_kinds = shown()  # those that are different are still there, to be taken back
        assert everything == sum_of_kinds
        assert "2 judged" in text(app)


async def test_the_last_answer_shows_and_is_taken_back(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("y")
        await until(
            pilot, lambda: "✔ the same: FOO [BE] BVBA NV and Foo [BE] bvba  u takes it back" in text(app)
        )
        await pilot.press("n")
        await until(pilot, lambda: "– different: DAKWERKEN MAES NV and Dakwerken Maes" in text(app))
        await until(pilot, lambda: len(pairs.said) == 2)
        await pilot.press("u")
        await until(pilot, lambda: "✔ the same: FOO" in text(app) and len(pairs.said) == 1)
        await pilot.press("u")
        await until(pilot, lambda: "takes it back" not in text(app) and not pairs.said)


async def test_an_answer_of_another_day_is_found_among_the_judged_and_taken_back(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.said[("teamleader/t0", "teamleader/i0")] = (False, {})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 judged" in text(app))
        await pilot.press("end")
        await until(pilot, lambda: "– you said: different" in text(app))
        await pilot.press("u")
        await until(pilot, lambda: not pairs.said and "judged" not in text(app))


async def test_the_sure_ones_are_settled_together_after_a_look_at_each(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 doubtful · 3 sure (S settles them)" in text(app))
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        shown = words(app)
        assert "Are all 3 sure pairs the same?" in shown
        assert "DAKWERKEN MAES NV" in shown
        assert "GARAGE ŁUKASZ NV" in shown
        await pilot.press("n")
        assert not pairs.said
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "1 doubtful · 0 sure · 3 judged" in text(app) and len(pairs.said) == 3)
        assert "✔ the same: 3 sure pairs" in text(app)
        assert "  m merge  " in text(app).splitlines()[-1]  # what comes next
        await pilot.press("u")
        await until(pilot, lambda: "1 doubtful · 3 sure" in text(app) and not pairs.said)


async def test_two_of_one_name_are_told_apart_on_their_line(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    reach = {"vat": "BE0404621642", "city": "Gent", "country": "BE"}
    pairs.stage = [
        customer("t9", "Dakwerken Maes", postcode="9000", **reach),
        customer("i9", "DAKWERKEN MAES", postcode="9050", tags=(IMPORT_TAG,), **reach),
    ]
    pairs.documents = {"t9": 12}
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 1" in text(app))
        line = next(line for line in text(app).splitlines() if line.startswith("›"))
        assert "9050 Gent · no document ⇄ 9000 Gent" in line


async def test_how_sure_it_is_stands_in_words_and_a_percentage_only_with_the_evidence(tmp_path: Path) -> None:
    app, _pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "? perhaps the same" in text(app))
        assert "%" not in text(app)
        await pilot.press("e")
        await until(pilot, lambda: "% likely the same" in words(app))
        await pilot.press("e")
        await until(pilot, lambda: "%" not in text(app))


async def test_enter_explains_the_pair_and_only_o_opens_the_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(OctowizardApp, "open_address", lambda _app, address: opened.append(address))
    app, _pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 50)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert "What speaks for and against it" in text(app)
        assert not opened
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen))
        await pilot.press("o")
        assert len(opened) == 2


async def test_a_small_window_shows_at_least_six_pairs_and_the_whole_comparison(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.stage += [
        customer(f"{side}{n}", f"{chr(55 + n) * 4}winkel", postcode=f"9{n}0", tags=tags)
        for n in range(10, 20)
        for side, tags in (("t", ()), ("i", (IMPORT_TAG,)))
    ]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of" in text(app))
        assert lines(app).size.height >= 6
        view = app.screen.query_one(PairView)
        assert view.max_scroll_y == 0
        assert "keep" in text(app)


async def test_a_pair_that_was_judged_different_is_not_asked_again(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        before = screen.queue
        assert before is not None
        await pilot.press("n")
        await until(pilot, lambda: len(pairs.said) == 1)
        await pilot.press("r")
        await until(pilot, lambda: screen.queue not in (None, before))
        assert screen.queue is not None
        assert screen.queue.index(before.names(0)) is None


async def test_a_merge_made_in_teamleader_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(duplicates, "POLLS", 10**6)  # a busy computer is no reason to give up
    opened: list[str] = []
    monkeypatch.setattr(OctowizardApp, "open_address", lambda _app, address: opened.append(address))
    app, pairs = with_pairs(tmp_path)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("o")
        await until(pilot, lambda: pairs.asked >= 2)  # it asks by itself, and finds both there
        assert len(opened) == 2
        assert "1 of 4" in text(app)
        pairs.stage = [one for one in pairs.stage if one.key != "i2"]
        await until(pilot, lambda: "of 3" in text(app))
        assert pairs.gone == {"i2"}


async def test_a_thousand_pairs_are_judged_without_waiting(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.stage = [
        customer(
            f"{side}{number}",
            f"Firma {number:04d} Zoerkamp",
            vat=f"BE{(number + 100) * 10**4:08d}{97 - (number + 100) * 10**4 % 97:02d}",
            postcode="9000",
            tags=(IMPORT_TAG,) if side == "i" else (),
        )
        for number in range(1000)
        for side in "it"
    ]
    app_size = (80, 24)
    async with app.run_test(size=app_size) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 1,000" in text(app) or "1 of 1.000" in text(app))
        await pilot.press(*["y"] * 9)
        assert lines(app).cursor == 9  # each answer leads on at once
        await pilot.press("end")
        await until(pilot, lambda: lines(app).cursor == 999)
        await until(pilot, lambda: len(pairs.said) == 9)


async def test_a_side_that_cannot_be_reached_is_one_sentence_and_the_pairs_stay(tmp_path: Path) -> None:
    app, _pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("i")
        await until(pilot, lambda: "Octopus cannot be reached." in words(app))
        assert "1 of 4" in text(app)


async def test_on_the_practice_company_the_same_are_linked_and_only_the_rest_is_imported(
    tmp_path: Path,
) -> None:
    """Scenario C by keys: read, smart import; afterwards there is nothing to merge."""
    with company(Wanted(scenario="c")) as accounts:
        root, profile = accounts.root, accounts.profile
        app = OctowizardApp(root, Session(root, profile))
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await pilot.press("6")
            await until(
                pilot,
                lambda: isinstance(app.screen, DuplicatesScreen) and "No pair of customers yet" in text(app),
            )
            await pilot.press("r")
            await until(pilot, lambda: "Octopus beside Teamleader   1 of" in text(app))
            await pilot.press("end", "y")
            await until(pilot, lambda: "takes it back" in text(app))
            await pilot.press("i")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            assert "linked, being the same" in words(app)
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            assert "linked," in words(app)
            await pilot.press("escape")
            # Those that wait for an answer are the ones that are shown now.
            await until(
                pilot, lambda: "Octopus beside Teamleader   1 of" in text(app) and "· 0 sure" in text(app)
            )
            assert "takes it back" not in text(app)  # what was linked by it is not undone with it
            assert "Nothing, until you say y" in words(app)
            await pilot.press("f")
            await until(pilot, lambda: "seem to be the same" in words(app))
            screen = app.screen
            assert isinstance(screen, DuplicatesScreen)
            assert not screen.is_enabled("merge")


@pytest.mark.parametrize("scenario", ["import-again", "c", "tour"])
async def test_every_pair_that_a_merge_is_offered_for_stands_on_the_screen(scenario: str) -> None:
    """Where nothing is there twice nothing is merged; and what would be merged can be looked at before."""
    with company(Wanted(scenario=scenario, seed=2)) as accounts:
        session = Session(accounts.root, accounts.profile)
        if scenario == "c":
            PracticeDesk(accounts.profile.control_url or "").do("import-companies-from-octopus", {})
        await session.duplicates.read_customers(lambda _what, _number: None)
        queue = session.duplicates.queue("within")
        with session.workspace() as workspace:
            offered = candidates(workspace)
        assert offered or scenario == "tour"
        sure = {frozenset(queue.names(place)) for place in range(len(queue)) if queue.kind(place) == "sure"}
        assert {
            frozenset((f"teamleader/{one.survivor}", f"teamleader/{one.gone}")) for one in offered
        } <= sure


async def test_the_automatic_route_is_foretold_written_and_held_against_what_the_import_did() -> None:
    """By keys: the segment's export in, the .csv out; deleted and imported at the practice desk; as foretold."""
    with company(Wanted(scenario="c")) as accounts:
        root, profile = accounts.root, accounts.profile
        desk = PracticeDesk(profile.control_url or "")
        segment, cleaned = root / "files" / "segment.xlsx", root / "files" / "cleaned.csv"
        desk.do("import-companies-from-octopus", {})
        desk.do("export-companies", {"file": str(segment), "tag": IMPORT_TAG})
        app = OctowizardApp(root, Session(root, profile))
        async with app.run_test(size=(110, 80), notifications=True) as pilot:
            await pilot.press("6")
            await until(pilot, lambda: "No pair of customers yet" in text(app))
            await pilot.press("r")
            await until(pilot, lambda: "1 of" in text(app))
            await pilot.press("s")
            await until(pilot, lambda: isinstance(app.screen, FormScreen))
            await pilot.press(*str(segment), "enter", "enter", *str(cleaned), "enter")
            await until(pilot, lambda: "Teamleader ID → id" in words(app))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            assert "→" in text(app)
            assert "recycle bin" in words(app)
            assert cleaned.read_bytes().startswith(
                b"\xef\xbb\xbfName;Accounting package customer number;VAT number"
            )
            queue = Session(root, profile).duplicates
            with Workspace.open(root, profile.name) as workspace:
                prediction = kept(workspace)
            assert prediction is not None
            best = next(o for o in prediction.outcomes if o.criterion.id == prediction.recommended)
            desk.do("delete-segment", {"tag": IMPORT_TAG})
            # The desk takes the criterion in the very word that the screen shows.
            desk.do("import-companies", {"file": str(cleaned), "match": best.criterion.id})
            await pilot.press("escape", "F")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "foretold" in words(app))
            assert "The import did what was foretold." in words(app)
            assert f"added {len(best.added)}" in words(app)
            assert queue.foretold()


async def test_how_a_list_is_read_is_shown_and_set_by_hand_before_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.csv").write_bytes("Lijst\nX!Y!Nr\nÉdouard!7!8\n".encode("cp850"))
    monkeypatch.chdir(tmp_path)
    app, pairs = with_pairs(tmp_path)
    given: list[ByHand] = []

    def foretell(_file: Path, _output: Path | None, _align: bool, by_hand: ByHand) -> None:
        given.append(by_hand)
        raise BadTable("Enough was seen.")

    monkeypatch.setattr(pairs, "foretell", foretell)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"s.csv", "enter", "enter", "enter")
        await until(pilot, lambda: "s.csv does not tell its encoding" in words(app))
        await pilot.press("enter")  # nothing to go on with
        await pilot.press("tab", "tab", *"cp850", "enter")
        await until(pilot, lambda: "has no column such as Name" in words(app))
        await pilot.press("tab", *"!", "enter")
        await until(pilot, lambda: "are in merged cells" in words(app))
        await pilot.press(
            "shift+tab", "shift+tab", *"2", "enter", "shift+tab", *"name=A, external=Y", "enter"
        )
        await until(pilot, lambda: "X → name · Y →" in words(app))
        assert "Édouard" in text(app)
        assert given == []
        await pilot.press("enter")
        await until(pilot, lambda: "Enough was seen." in told(app))
        assert given == [ByHand("cp850", "!", 2, (("name", "A"), ("external", "Y")))]


async def test_a_file_that_is_no_export_is_one_sentence(tmp_path: Path) -> None:
    app, _pairs = with_pairs(tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(
            *"'/nowhere/[x].xlsx'", "enter", "enter", "enter"
        )  # as a terminal writes what is dragged
        await until(pilot, lambda: "There is no file /nowhere/[x].xlsx" in told(app))
        await pilot.press("F")
        await until(pilot, lambda: "Nothing was foretold yet" in told(app))


@pytest.mark.parametrize(
    ("cell", "why"), [("", "no workbook that can be read"), ("XFD1048576", "more than ten million cells")]
)
async def test_a_workbook_that_would_end_its_reader_is_one_sentence_and_the_app_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, why: str
) -> None:
    """It is read in a process of its own, begun by a thread of the app while its loop goes on."""
    file = xlsx(tmp_path / "l.xlsx", f'<row r="1"><c r="A1"/></row><row r="9"><c r="{cell}"/></row>')
    if not cell:
        file.write_bytes(file.read_bytes()[:200])
    monkeypatch.chdir(tmp_path)
    app, pairs = with_pairs(tmp_path)
    monkeypatch.setattr(pairs, "foretell", Session(tmp_path, PROFILE).duplicates.foretell)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of 4" in text(app))
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*file.name, "enter", "enter", "enter")
        await until(pilot, lambda: why in words(app))
        await pilot.press("enter")  # it cannot be gone on with
        assert isinstance(app.screen, ListReadingScreen)
        await pilot.press("escape")
        assert told(app) == ""
        await pilot.press("y")
        await until(pilot, lambda: "2 of 4" in text(app))


async def test_the_most_telling_pair_is_asked_first_and_then_the_next(tmp_path: Path) -> None:
    app, pairs = with_pairs(tmp_path)
    pairs.asking = 5
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "1 of" in text(app))
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        assert screen.queue is not None
        first, second = screen.queue.telling[:2]
        await pilot.press("g")
        assert lines(app).cursor == first
        await pilot.press("y", "g")
        assert lines(app).cursor == second
        await until(pilot, lambda: screen.queue is not None and screen.queue.names(first) in pairs.said)


async def test_on_two_real_administrations_the_doubtful_are_judged_and_all_sure_ones_settled(
    tmp_path: Path,
) -> None:
    """Scenario doubles at 80×24: what was a list of three lines with the sure ones on top."""
    with company(Wanted(scenario="doubles", customers=120)) as accounts:
        session = Session(accounts.root, accounts.profile)
        app = OctowizardApp(accounts.root, session)
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.press("6")
            await until(pilot, lambda: "No pair of customers yet" in text(app))
            await pilot.press("r")
            await until(pilot, lambda: "Octopus beside Teamleader   1 of" in text(app), seconds=60)
            screen = app.screen
            assert isinstance(screen, DuplicatesScreen)
            queue = screen.queue
            assert queue is not None
            kinds = [queue.kind(place) for place in range(len(queue))]
            assert kinds == sorted(kinds, key=("doubtful", "sure", "telling", "judged").index)
            assert sum(queue.kinds().values()) == len(queue)
            assert lines(app).size.height >= 5
            sure = queue.kinds()["sure"]
            assert sure > 50
            await pilot.press("S")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            assert f"Are all {sure} sure pairs the same?" in text(app)
            await pilot.press("y")
            await until(pilot, lambda: f"✔ the same: {sure} sure pairs  u takes it back" in text(app))
            await until(pilot, lambda: not screen.answers, seconds=60)
            assert "· 0 sure ·" in text(app)
            with session.workspace() as workspace:
                assert len(given(workspace)) == sure
            await pilot.press("u")
            await until(pilot, lambda: f"{sure} sure (S settles them)" in text(app), seconds=60)
            with session.workspace() as workspace:
                assert not given(workspace)


async def test_of_a_group_every_sure_pair_is_shown_also_of_those_that_are_one_among_themselves() -> None:
    """Three of one name and two of another that may be the same: the two are merged, so the two are shown."""
    reach = {"city": "Gent", "country": "BE", "postcode": "9000", "street": "Kerkstraat 1"}
    stage = [customer(f"a{n}", "Dakwerken Maes", vat="BE0404621642", **reach) for n in range(3)]
    stage += [customer(f"b{n}", "Dakwerken Maes Zonen", vat="BE0401574852", **reach) for n in range(2)]
    pairs = StagedPairs()
    pairs.stage = [one for one in pairs.stage if one.key not in ("t0", "i0")] + stage
    queue = pairs.queue("within")
    sure = {frozenset(queue.names(place)) for place in range(len(queue)) if queue.kind(place) == "sure"}
    assert frozenset(("teamleader/b0", "teamleader/b1")) in sure
    assert sum("teamleader/a" in "".join(names) for names in map(sorted, sure)) == 2


async def test_where_nothing_was_read_enter_reads_and_compares(tmp_path: Path) -> None:
    session = StagedSession()
    pairs = session.duplicates = UnreadPairs()
    app = staged(tmp_path, session)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "⏎ reads and compares them" in words(app))
        assert "⏎ read" in text(app).splitlines()[-1]
        await pilot.press("enter")
        await until(pilot, lambda: "One moment: both sides are being read." in words(app))
        assert "reads and compares" not in text(app)
        pairs.go_on.set()
        await until(pilot, lambda: "1 of 4" in text(app))
