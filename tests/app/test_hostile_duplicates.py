"""Names and messages from outside on the Duplicates screen: letter for letter, and never acting.

OCTOWIZARD_LONG=1 tries every hostile text instead of the worst.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.duplicates import DuplicatesScreen
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.list_reading import ListReadingScreen
from octowizard.customers import importing, merge_rules, merging, smart
from octowizard.customers.by_hand import ByHand
from octowizard.customers.undo import Undone
from octowizard.customers.undo_pack import Pack as UndoPack
from octowizard.presentation.visible import plain
from octowizard.session.duplicates import MergePlans
from octowizard.teamleader.models import IMPORT_TAG, Company
from octowizard.workspace.undo_packs import Pack
from tests.app.stage import staged, text, until, words
from tests.app.staged import StagedSession
from tests.app.staged_pairs import READ_AT, StagedPairs, customer
from tests.app.test_hostile import HOSTILE
from tests.app.test_hostile_setup import LONG

TRIED = HOSTILE if LONG else ("[/x]", "a\x1b[31mred\x1b]0;title\x07")
SHORT = [one for one in HOSTILE if 0 < len(one) < 40] if LONG else ["[@click=app.quit]x[/]"]


class HostilePairs(StagedPairs):
    """Companies whose every field says `said`, and ends of all work in which it stands everywhere."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.word = said
        own: dict[str, Any] = {"street": said, "city": said, "website": said, "phones": (said,)}
        own |= {"emails": (said,), "ibans": (said,), "external": said, "country": said, "postcode": "9100"}
        self.stage = [
            customer(f"{side}{number}", said, vat=f"BE040{number}", tags=tags, **own)
            for number in range(3)
            for side, tags in (("t", ()), ("i", (IMPORT_TAG,)))
        ]
        self.stage += [
            customer("t9", "Maes", vat="BE0404621642", **own),
            customer("i9", "Maes", vat="0404621642", **own, tags=(IMPORT_TAG, said)),
        ]

    def _pairing(self) -> smart.Pairing:
        word = self.word
        return smart.Pairing(7, 7, word, word, word, 0.9, (word,))

    def _sorting(self) -> smart.Sorting:
        held = smart.Held(8, self.word, self.word)
        return smart.Sorting((self._pairing(),), (self._pairing(),), (held,), frozenset({9}))

    async def smart_preview(self, report: Any, *, fresh: bool = True) -> smart.Preview:
        report(self.word, 3)
        imports = importing.Preview(
            companies=1, contacts=1, linked=1, skipped={}, losses={}, tagged=0, read_at=READ_AT
        )
        return smart.Preview(self._sorting(), imports)

    async def smart_import(
        self, tell: Any, stop: Any, report: Any, *, look_after: bool = False
    ) -> smart.Done:
        failed = importing.Failed(9, self.word, self.word)
        made = importing.Imported(
            outcome="attention", made=1, found=0, failed=(failed,), left=1, in_doubt=0, seconds=1.0,
            message=self.word,
        )  # fmt: skip
        return smart.Done(1, self._sorting(), made)

    async def merge_plans(self, tell: Any, stop: Any, *, pairs: Any = (), report: Any = None) -> MergePlans:
        word = self.word
        company = Company(id="t9", name=word)
        able = merging.Plan(
            survivor=company,
            gone=msgspec.structs.replace(company, id="i9"),
            fields={},
            fills=(merge_rules.Fill("iban", word),),
            conflicts=(merge_rules.Conflict("name", word, word),),
            contacts=(),
            relation=None,
            why=(),
            pack=UndoPack(gone=msgspec.Raw(b"{}"), survivor=msgspec.Raw(b"{}"), added={}, contacts=()),
        )
        unable = merging.NotMerged("t1", "i1", word, merge_rules.Blocked("refused", word))
        return MergePlans([merging.Candidate("t9", "i9", word, 0.9, (word,))], [able, unable], 0)

    async def merge(self, wanted: Any, tell: Any, stop: Any) -> merging.Ended:
        word = self.word
        gone = merging.NotMerged("t1", "i1", word, merge_rules.Blocked("refused", word))
        return merging.Ended(
            outcome="attention",
            merged=(merging.Merged(1, "t9", "i9", word),),
            not_merged=(gone,),
            left=1,
            message=word,
        )

    def undoable(self) -> list[Pack]:
        return [Pack(1, self.word, self.word, "merged", b"", READ_AT)]

    async def undo(self, pack: int) -> Undone:
        word = self.word
        return Undone(pack=1, company=word, name=word, survivor=word, made=True, lost=(word,), stays=(word,))

    def foretell(self, file: Path, output: Path | None, align: bool, by_hand: ByHand) -> Any:
        raise OSError(self.word or "-")


def with_hostile(root: Path, said: str) -> OctowizardApp:
    session = StagedSession()
    session.duplicates = HostilePairs(said)
    return staged(root, session)


@pytest.mark.parametrize("said", TRIED, ids=range(len(TRIED)))
async def test_no_text_breaks_duplicates_or_acts(tmp_path: Path, said: str) -> None:
    app = with_hostile(tmp_path, said)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "Twice in Teamleader   1 of" in text(app))
        await pilot.press("y", "n", "u", "l", "end", "pagedown", "f")
        await until(pilot, lambda: "Octopus beside Teamleader" in text(app))
        await pilot.press("down", "c", "f")
        await until(pilot, lambda: "Twice in Teamleader   " in text(app))
        for key in "miz":
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await pilot.press("pagedown", "pagedown", "y")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            await pilot.press("c", "pagedown", "escape")
            await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.idle)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press(*"[/x]", "enter", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.idle)
        assert app.is_running


@pytest.mark.parametrize("said", SHORT, ids=str.__len__)
async def test_a_name_stands_on_duplicates_letter_for_letter(tmp_path: Path, said: str) -> None:
    app = with_hostile(tmp_path, said)
    shown = plain(said.splitlines()[0]).rstrip("␍")
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: text(app).count(shown) > 8)
        for key, least in (("m", 4), ("i", 2)):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            assert text(app).count(shown) >= least
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen) and text(app).count(shown) > 3)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.idle)


async def test_no_text_in_a_list_breaks_the_screen_that_shows_how_it_is_read_or_acts(tmp_path: Path) -> None:
    app = with_hostile(tmp_path, "Maes")
    named = ("[/x]", "[@click=app.quit]x[/]", "a\x1b[31mred")
    file = tmp_path / "[b]list[@click=app.quit].csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["Naam", "[/x]", "Postcode"], *([said, "x", "9000"] for said in named)])
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.is_current)
        app.push_screen(ListReadingScreen(file))
        await until(pilot, lambda: "Naam → name" in words(app))
        assert "[b]list[@click=app.quit].csv" in words(app)
        await pilot.press(*"name=[/x]", "enter")
        await until(pilot, lambda: "[/x] → name" in words(app))
