"""At 80 by 24 every card is read without scrolling: what it is, what to do, and who; on each screen that tells it.

OCTOWIZARD_LONG=1 opens the page of every card, and not of the longest alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.checks import ChecksScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.screens.troubleshoot import TroubleshootScreen
from octowizard.checks.registry import Finding, Record
from octowizard.locale.labels import Languages
from octowizard.planning.problems import PROBLEMS
from octowizard.problems.card_text import Screens
from octowizard.problems.catalogue import cards
from octowizard.problems.explain import CauseFound, Explained, explain
from octowizard.problems.remedy import people, remedied
from tests.app.stage import home_read, staged, text, until
from tests.app.staged import StagedSession
from tests.app.staged_checks import checked

NAMES = {
    "journal": "V1",
    "invoice": "2026 / 1234",
    "period": "202609",
    "year": "Boekjaar 2026",
    "account": "700000",
    "vat": "21 %",
    "dossier": "9045119",
    "category": "Maatwerk en plaatsing",
    "customer": "Möbelhaus Müller Bütgenbach AG",
}
EVIDENCE = tuple(f"{number}: something that was read of it, and that takes a line." for number in range(6))
BY_HAND = {
    step
    for problem in cards()
    for names in ({}, NAMES)
    for step in explain(problem, subject=names, languages=Languages("nl")).fix[1:]
}
LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
MOST = 15  # pages that are opened in the short form: those with most to tell, which are the first to need scrolling
MARKS = str.maketrans(dict.fromkeys("▁▂▃▄▅▆▇█│", " "))


def confirmed(problem: str) -> Explained:
    """The problem with its first cause confirmed, for records with long names, and evidence that is long."""
    told = explain(problem, subject=NAMES, languages=Languages("nl"))
    first = msgspec.structs.replace(
        told.causes[0],
        state="confirmed",
        evidence=EVIDENCE,
        problem=problem,
        what=told.title,
        concerns="12 documents",
        fix=told.fix,
        never=told.never,
        who=told.who[0],
        fixed_when=told.fixed_when,
    )
    rest: tuple[CauseFound, ...] = told.causes[1:]
    return msgspec.structs.replace(told, causes=(first, *rest))


def in_sight(app: OctowizardApp) -> str:
    """What stands on the screen as running text, without the eighths by which a scrollbar ends."""
    lines = text(app).split("\n")
    for page in app.screen.query("#detail-body"):  # what lies under a page is not of it
        lines = [line[page.region.x : page.region.right] for line in lines]
    return " ".join("\n".join(lines).translate(MARKS).split())


def missing(app: OctowizardApp, *wanted: str) -> list[str]:
    """What of these cannot be read on the screen as it is."""
    shown = in_sight(app)
    if "d does it" in shown:  # then that is what to do, and how it goes by hand folds after its first step
        wanted = tuple(one for one in wanted if one not in BY_HAND)
    return [one for one in wanted if " ".join(one.split()) not in shown]


async def answered(pilot: Pilot[None], app: OctowizardApp, problem: str) -> TroubleshootScreen:
    """Troubleshoot shows the answer for this problem."""
    await app.go_to_problem(problem)
    screen = app.screen
    assert isinstance(screen, TroubleshootScreen)
    await until(pilot, lambda: not screen.asking and "Who" in text(app))
    await pilot.pause()
    return screen


@pytest.mark.parametrize("known", [True, False], ids=["confirmed", "open"])
async def test_troubleshoot_tells_every_card_without_scrolling(tmp_path: Path, known: bool) -> None:
    session = StagedSession()
    app = staged(tmp_path, session)
    hidden: dict[str, list[str]] = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        for problem in cards():
            told = confirmed(problem) if known else explain(problem, languages=Languages("nl"))
            session.explained[problem] = told
            await answered(pilot, app, problem)
            if lost := missing(app, told.title, *told.fix, *told.who):
                hidden[problem] = lost
    assert not hidden, "\n".join(f"{k}: {len(v)} {v}" for k, v in hidden.items())


def finding(problem: str) -> Finding:
    """A finding of that problem about many documents."""
    found = Finding(
        problem=problem,
        severity=PROBLEMS[problem].severity,
        title=explain(problem, subject=NAMES, languages=Languages("nl")).title,
        records=tuple(Record("invoice", f"2026 / {number}", f"x{number}") for number in range(40)),
        evidence=EVIDENCE,
        names=NAMES,
    )
    return remedied([found], Screens(Languages("nl")))[0]


async def test_checks_and_its_page_tell_every_card_without_scrolling(tmp_path: Path) -> None:
    session = StagedSession()
    findings = tuple(finding(problem) for problem in cards())
    session.checked = msgspec.structs.replace(checked(), findings=findings)
    for problem in cards():
        session.explained[problem] = confirmed(problem)
    by_length = sorted(findings, key=lambda one: len(" ".join((one.title, *one.fix))), reverse=True)
    opened = {one.problem for one in (by_length if LONG else by_length[:MOST])}
    app = staged(tmp_path, session)
    hidden: dict[str, list[str]] = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await home_read(pilot, app)
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, ChecksScreen) and "Who" in text(app))
        for one in findings:
            assert isinstance(app.screen, ChecksScreen)
            app.screen.show_finding(one.problem, one.title)
            await pilot.pause()
            wanted = (one.title, *one.fix, people(one.problem).who)
            if lost := missing(app, *wanted):
                hidden[one.problem] = lost
            if one.problem not in opened:
                continue
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen) and "Who" in text(app))
            if lost := missing(app, *wanted):
                hidden[f"{one.problem}, page"] = lost
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ChecksScreen))
    assert not hidden, "\n".join(f"{k}: {len(v)} {v}" for k, v in hidden.items())
