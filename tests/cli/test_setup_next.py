"""From credentials to a clean first sync by the commands that the set-up proposes as *next*, and nothing else.

Whoever walks here knows nothing: types what is printed, answers what is asked, and does by hand what the screen says is
done by hand. In the middle other people do something in the vendors' own screens.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from octowizard.cli.main import run
from octowizard.matching.vat_numbers import vat_key
from tests.sync.company import PROFILE, Company, Json, company

MOST = 40  # commands; who needs more walks in a circle
_NEXT = re.compile(r"^Next: (octowizard .+?) {3}\(", re.MULTILINE)  # of a step; what closes has a sentence
Interruption = tuple[str, Callable[["Walker"], object]]


class Walker:
    """One set-up, gone through by what is printed. `typed`: all commands so far."""

    def __init__(
        self, present: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.present = present
        self.typed: list[str] = []
        self._capsys = capsys
        for name in ("HOME", "LANGUAGE"):
            monkeypatch.setenv(f"OCTOWIZARD_{name}", str(present.home) if name == "HOME" else "en")
        before = present.world()
        self._doubled = _doubled(before)
        self._relations = len(before["octopus"]["relations"])

    def types(self, *words: str) -> tuple[int, str]:
        """One command, in this process; its exit code and all that it says."""
        self._capsys.readouterr()
        code = run(["--profile", PROFILE, *words])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err, err
        return code, f"{out}\n{err}"

    def status(self) -> str:
        code, shown = self.types("setup", "--status")
        assert code in (0, 1), shown
        return shown

    def to_the_end(self, *interruptions: Interruption) -> str:
        """Type what is next until nothing is; after a command that begins so, somebody else does something."""
        coming = list(interruptions)
        while (found := _NEXT.search(shown := self.status())) is not None:
            command = found[1]
            if (
                command.endswith("do payments") and command in self.typed
            ):  # nothing but hands brings it further
                assert "    By hand in Octopus: " in shown
                assert "First do by hand what stands above.\nNext: " in shown
            assert len(self.typed) < MOST, (self.typed, shown)
            self.typed.append(command)
            code, said = self.types(*self._answered(command, shown))
            assert code in (0, 1), (command, said)
            if code == 1:
                self._by_hand(said)
            if coming and code == 0 and command.startswith(coming[0][0]):
                coming.pop(0)[1](self)
                self.present.clock(minutes=1)
        assert not coming, self.typed
        assert "The set-up is complete" in shown, shown
        return shown

    def _answered(self, command: str, shown: str) -> list[str]:
        words = shlex.split(command)[1:]
        if words[-1] == "yes|no":
            return [*words[:-1], "no" if words[-2] == "booster" else "yes"]
        if words[-1] == "same|different":
            return [*words[:-1], "same"]
        if words[-1] == "ID":
            (right,) = re.findall(r"; (\d+) .* bears that of the department", shown)
            return [*words[:-1], right]
        return [*words, "--yes"] if words[1] == "do" else words

    def _by_hand(self, said: str) -> None:
        """What a person does who reads it."""
        for line in said.split("By hand")[1:]:
            if found := re.search(
                r"tot periode\b.* of journal (V\d) to a period before period (\d{4})", line
            ):
                which = "set-closed-period" if "Afgesloten" in line else "set-secured-period"
                self.present.do(which, journal=found[1], period=0, year=found[2])
            elif found := re.search(r"open fiscal year \D*(\d{4}) again", line):
                self.present.do("reopen-year", year=found[1])
            elif "Merge" in line:
                self.merge_by_hand()
            elif "bank statements" in line:
                self.present.do("import-coda", count=2)
            elif "Match the payments" in line:
                self.present.do("reconcile")

    def merge_by_hand(self) -> None:
        """The pairs that the plan of the duplicates names, in Teamleader's own screen."""
        _code, planned = self.types("duplicates", "plan")
        _before, _title, by_hand = planned.partition("merge by hand")
        ids = re.findall(r"\(teamleader/(\S+)\)", by_hand.partition("look first")[0])
        for left, right in zip(ids[::2], ids[1::2], strict=True):
            self.present.do("teamleader-merge", survivor=left, loser=right)

    def is_clean(self, booked: int) -> None:
        """All booked once, no customer and no relation made twice, nothing refused."""
        world = self.present.world()
        octopus = world["octopus"]
        comments = [one["comment"] for one in octopus["bookings"]]
        assert len(comments) == len(set(comments)) == booked
        assert _doubled(world) <= self._doubled
        numbers = [key for one in octopus["relations"] if (key := vat_key(one.get("vatNr")))]
        assert len(numbers) == len(set(numbers))
        names = [(one.get("firstName"), one["name"], one.get("postalCode")) for one in octopus["relations"]]
        assert len(names) == len(set(names))
        refused = [
            one["operation"] for one in octopus["refused"] if one["operation"].startswith(("PUT", "POST"))
        ]
        assert [one for one in refused if "journals" not in one] == []


Walking = Callable[..., AbstractContextManager[Walker]]


def _doubled(world: Json) -> set[str]:
    """The VAT numbers that more than one company of Teamleader bears."""
    keys = [key for one in world["teamleader"]["companies"] if (key := vat_key(one.get("vat_number")))]
    return {key for key in keys if keys.count(key) > 1}


@pytest.fixture
def walking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Walking:
    @contextmanager
    def walk(*words: str) -> Iterator[Walker]:
        with company(tmp_path, *words) as present:
            present.switch(rate_limit_per_minute=100_000)  # its minute is no part of this
            yield Walker(present, monkeypatch, capsys)

    return walk


def test_an_empty_octopus_though_its_year_and_then_its_journal_are_closed_meanwhile(walking: Walking) -> None:
    with walking("--scenario", "a", "--customers", "10", "--documents", "4") as walker:
        shown = walker.to_the_end(
            ("octowizard setup do create-fiscal-year", lambda w: w.present.do("close-year", year="2026")),
            (
                "octowizard setup do create-journals",
                lambda w: w.present.do("set-closed-period", journal="V1", period=202611, year="2026"),
            ),
        )
        walker.is_clean(booked=4)
        assert "4 documents stand in Octopus" in shown
        assert "octowizard setup do payments" in walker.typed


def test_an_empty_teamleader_is_complete_but_for_the_first_sync_until_a_document_waits(
    walking: Walking,
) -> None:
    with walking("--scenario", "b", "--customers", "10") as walker:
        shown = walker.to_the_end()
        assert "First sync: with the first invoice or credit note." in shown
        assert "Payments: with the first one that is matched in Octopus." in shown
        assert "Automatic syncing: after the first clean sync." in shown
        walker.is_clean(booked=0)
        customer = walker.present.world()["teamleader"]["companies"][0]["name"]
        walker.present.do("teamleader-new-invoice", customer=customer)
        walker.present.clock(minutes=1)
        walker.types("setup", "--status", "--fresh")
        shown = walker.to_the_end()
        assert "with the first invoice or credit note" not in shown
        assert "Payments: with the first one that is matched in Octopus." in shown
        assert "after the first clean sync" not in shown
        walker.is_clean(booked=1)


def test_customers_on_both_sides_though_an_entry_type_is_changed_meanwhile(walking: Walking) -> None:
    with walking("--scenario", "c", "--customers", "14", "--documents", "4") as walker:
        walker.to_the_end(
            (
                "octowizard setup do import-companies",
                lambda w: w.present.do("set-entry-type", journal="V1", type="invoices", year="2026"),
            )
        )
        walker.is_clean(booked=4)


def test_customers_on_both_sides_that_teamleader_itself_imports_and_somebody_merges_by_hand(
    walking: Walking,
) -> None:
    with walking("--scenario", "c", "--customers", "14", "--documents", "4") as walker:
        walker.to_the_end(
            (
                "octowizard setup declare booster",
                lambda w: w.present.do("import-companies-from-octopus"),
            )
        )
        walker.is_clean(booked=4)


def _by_csv(walker: Walker) -> None:
    """The documented automatic route."""
    do = walker.present.do
    do("import-companies-from-octopus")
    do("export-companies", file="segment.csv", tag="Octopus Import")
    do("delete-segment", tag="Octopus Import")
    do("import-companies", file="segment.csv", match="any", fields="name,vat_number")


def test_customers_on_both_sides_by_the_documented_csv_route(walking: Walking, tmp_path: Path) -> None:
    with walking(
        "--scenario", "c", "--customers", "14", "--documents", "4", "--files", str(tmp_path)
    ) as walker:
        walker.to_the_end(("octowizard setup declare booster", _by_csv))
        walker.is_clean(booked=4)


def test_a_login_of_two_dossiers_of_which_the_wrong_one_is_linked(walking: Walking) -> None:
    with walking("--scenario", "two-dossiers", "--customers", "8", "--documents", "3") as walker:
        code, said = walker.types("setup", "do", "create-journals", "--yes")
        assert (code, "octowizard setup dossier ID" in said) == (1, True)
        walker.to_the_end()
        walker.is_clean(booked=3)
