"""The walk in the terminal, on a screen of 80 columns and 24 lines."""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from octowizard.cli.console import Console
from octowizard.cli.setup_walk import _choices, walk
from octowizard.onboarding.guide import step_of
from octowizard.onboarding.model import Change, State
from octowizard.session.session import Session
from octowizard.workspace import decisions, profiles
from tests.sync.company import PROFILE, company


class Screen(io.StringIO):
    """A terminal that keeps all that was written on it."""

    def isatty(self) -> bool:
        return True


class Walk:
    """Walks through the set-up of one company with these lines typed."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session = Session(home, profiles.load(home, PROFILE))
        self._patch = monkeypatch
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("LINES", "24")
        monkeypatch.setenv("NO_COLOR", "1")

    def typed(self, *lines: str) -> str:
        """All that both streams show, in their order, `⏎` where the walk waits for a line."""
        screen = Screen()

        class Typed(Screen):
            def readline(self, *_size: int | None) -> str:  # type: ignore[override] # the size is of no use
                screen.write("⏎\n")
                return super().readline()

        self._patch.setattr(sys, "stdin", Typed("".join(f"{line}\n" for line in lines)))
        walk(self.session, Console(screen, screen))
        return screen.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with company(folder, "--scenario", "c", "--customers", "10", "--documents", "3"):
        session = Session(folder, profiles.load(folder, PROFILE))
        asyncio.run(session.setup.read("", lambda _what, _count: None))
        yield folder


@pytest.fixture
def steps(home: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    walk = Walk(home, monkeypatch)
    with walk.session.workspace() as workspace:  # each test begins with nothing said
        decisions.forget(workspace, *decisions.beginning(workspace))
    return walk


def shown(text: str) -> list[str]:
    """What stands on the screen at each prompt."""
    clean = text.replace("\r\x1b[K", "")
    return [part.strip("\n") for part in clean.split("⏎")[:-1]]


def test_no_question_comes_twice_and_every_step_can_be_gone_back_to(steps: Walk) -> None:
    text = steps.typed("n", "b", "b", "b", "b", "g", "q")
    parts = shown(text)
    question = "? Does this Teamleader account use the Accounting Connector Booster?"
    assert question in parts[0]
    assert question not in parts[1]
    assert "VAT type of customers" in parts[1]
    assert [part.strip().splitlines()[0] for part in parts[2:4]] == [
        "✔ Ledger accounts  done",
        "✔ Journals  done",
    ]
    assert "g go on with what comes next" in " ".join(parts[4].split())
    assert "VAT type of customers" in parts[6]
    assert steps.session.setup.kept().booster is False


def test_an_answer_is_changed_by_going_back_to_it_and_not_asked_for_again(steps: Walk) -> None:
    steps.session.setup.declare("booster", False)
    back = ["b"] * 7
    text = " ".join(steps.typed(*back, "y", *back, "n", "q").split())
    assert "y yes after all: Does this Teamleader account use" in text
    assert steps.session.setup.kept().booster is False


def test_the_question_mark_tells_all_and_what_each_letter_does_by_screenfuls(steps: Walk) -> None:
    steps.session.setup.declare("booster", False)
    parts = shown(steps.typed("?", "", "", "", "x", "q"))
    whole = " ".join(" ".join(parts).split())
    assert "Octopus does not know this VAT type" in whole
    assert "k: skip" in whole
    assert "⏎ shows more" not in parts[-1]
    assert "“x” means nothing here; choose " in whole


def test_each_step_fits_on_the_screen_and_no_word_is_broken(steps: Walk) -> None:
    steps.session.setup.declare("booster", False)
    back = ["b"] * 7
    for part in shown(steps.typed(*back, "l", "q"))[1:]:
        lines = part.splitlines()
        assert len(lines) <= 24, part
        assert max(map(len, lines)) <= 80, part
        alone = [line for line in lines if re.search(r"(?:^| · )[a-z?]$", line)]
        assert alone == []  # a letter stands with what it does


def test_the_letter_for_the_payments_syncs_only_where_no_change_comes_first(steps: Walk) -> None:
    """In an Octopus without a bank journal the step makes one."""
    step = step_of(steps.session.setup.kept(), "payments")
    assert step is not None
    bank = Change(
        id="bank",
        title="Create bank journal F1",
        result="",
        vendor="Octopus",
        method="POST",
        path="/journals/F",
        body={},
        lines=(),
    )
    for changes, told in (((), "sync, for the payments"), ((bank,), "do it for me")):
        to_do = msgspec.structs.replace(step, state=State.TODO, changes=changes)
        assert _choices(to_do, {"b": False, "g": False})["d"] == told


def test_no_to_the_start_date_asks_for_another_one(steps: Walk) -> None:
    for key, answer in (("booster", False), ("no-contractor", True)):
        steps.session.setup.declare(key, answer)
    for step in ("import-companies", "merge"):
        steps.session.setup.skip(step)
    text = " ".join(steps.typed("n", "start-date 2026-01-02", "q").split())
    assert "Is 01/01/2026 the start date of the sync?" in text
    assert "Which journal is connected to the credit notes?" in text
    assert steps.session.profile.start_date.isoformat() == "2026-01-02"
    assert steps.session.setup.kept().current != "connect-teamleader"
