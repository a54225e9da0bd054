"""Without signing in, by the command: a set-up on what is declared and on exports; a side is connected later."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.sandbox.practice import perform
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.session import Session
from octowizard.workspace import profiles
from tests.cli.test_connect import Person, served

__all__ = ["served"]

Json = dict[str, Any]
START = "2026-01-01"
LISTS = ("relations", "companies", "invoices", "credit-notes")


class Bookkeeper:
    """Someone who sees both programs and signs in to neither."""

    def __init__(
        self, folder: Path, scenario: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.scenario, self._capsys = folder, scenario, capsys
        self.world: World = SCENARIOS[scenario].build(1, 12, None if scenario == "b" else 12)
        monkeypatch.setenv("OCTOWIZARD_HOME", str(folder / "home"))
        monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
        self.does("profiles", "add", "mine", "--without-accounts", "--from", "2026-01-01")

    def does(self, *words: str, code: int | None = 0) -> str:
        """All that a command shows; it ends with this code."""
        ended = main.run(list(words))
        shown = self._capsys.readouterr()
        assert code is None or ended == code, (words, ended, shown)
        return shown.out + shown.err

    def json(self, *words: str, code: int | None = 0) -> Json:
        ended = main.run([*words, "--json"])
        out = self._capsys.readouterr().out
        assert code is None or ended == code, (words, ended, out)
        told: Json = json.loads(out.splitlines()[-1])
        return told

    def exports(self) -> None:
        """All four lists, as the practice desk gives them, taken in."""
        for name in LISTS:
            file = self.folder / f"{name}-{len(list(self.folder.glob(f'{name}*')))}.xlsx"
            perform(self.world, f"export-{name}", {"file": file.name}, self.folder)
            self.does("setup", "declare", name, str(file))

    def years(self) -> None:
        """The fiscal years as the screen of Octopus shows them; the empty one gets them first, by hand."""
        dossier = next(iter(self.world.octopus.dossiers.values()))
        if not dossier.bookyears:
            self.does("setup", "declare", "fiscal-year", "start=2026-01-01")
            self.does("setup", "declare", "fiscal-year", "start=2027-01-01")
        for year in dossier.bookyears.values():
            state = "closed" if year.data["closed"] else "open"
            self.does(
                "setup", "declare", "fiscal-year",
                f"start={year.data['startDate']}", f"end={year.data['endDate']}", f"state={state}",
            )  # fmt: skip

    def journals(self) -> None:
        dossier = next(iter(self.world.octopus.dossiers.values()))
        names = {year.id: str(year.data["startDate"])[:4] for year in dossier.bookyears.values()}
        if not names:
            for year in ("2026", "2027"):
                for key in ("V1", "V2"):
                    self.does("setup", "declare", "journal", f"year={year}", f"journal={key}")
        for journal in dossier.journals.values():
            if journal.key.startswith("V"):
                kind = "bookings" if journal.insertion_type == 1 else "invoices"
                self.does(
                    "setup", "declare", "journal", f"year={names[journal.bookyear_id]}",
                    f"journal={journal.key}", f"type={kind}", f"secured={journal.protected_period}",
                    f"closed-until={journal.closed_period}",
                )  # fmt: skip

    def walks(self) -> list[str]:
        """Answers what each step asks, to the end; the steps in the order in which they asked for something."""
        asked: list[str] = []
        while (guide := self.json("setup", "--status", code=None))["current"] is not None:
            step = next(one for one in guide["steps"] if one["id"] == guide["current"])
            assert asked.count(step["id"]) < 3, step
            asked.append(step["id"])
            question = next((one for one in step["declarations"] if one["answer"] is None), None)
            if step["id"] == "choose-scenario":
                self.exports()
                self.does("setup", "scenario", self.scenario)
            elif step["id"] == "create-fiscal-year":
                self.years()
            elif step["id"] == "create-journals":
                self.journals()
            else:
                assert question is not None, step
                self.does(
                    "setup", "declare", question["key"], "no" if question["key"] == "booster" else "yes"
                )
        return asked


@pytest.fixture(params=["a", "b", "c"])
def bookkeeper(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Bookkeeper:
    return Bookkeeper(tmp_path, request.param, monkeypatch, capsys)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bookkeeper:
    return Bookkeeper(tmp_path, "c", monkeypatch, capsys)


def _of_now(text: str) -> str:
    """The text as if no time had passed since the test began, as it may on a busy computer."""
    return re.sub(r"\d+ min ago", "just now", text)


def test_each_situation_is_walked_to_its_end_and_every_answer_says_what_it_rests_on(
    bookkeeper: Bookkeeper,
) -> None:
    asked = bookkeeper.walks()
    assert asked[:2] == ["choose-connector", "choose-scenario"]
    assert asked[-1] == "automatic-sync"
    ended = bookkeeper.does("setup", "--status")
    assert "The set-up is complete" in ended
    assert "without signing in to Octopus and Teamleader: octowizard writes nothing" in ended
    checked = bookkeeper.json("check")
    rests = _of_now(" ".join(checked["rests_on"]))
    assert "Declared by you just now: fiscal years, journals." in rests
    assert "From invoices-0.xlsx, credit-notes-0.xlsx, taken in just now: documents." in rests
    assert "Nobody can tell what is booked in Octopus already" in rests
    documents = {id for year in bookkeeper.json("calendar")["years"] for id in _waiting(year)}
    numbered = [kept for kept in bookkeeper.world.teamleader.documents if kept.data.get("status") != "draft"]
    assert documents == {kept.data["id"] for kept in numbered}


def _waiting(year: Json) -> Iterator[str]:
    for period in year["periods"]:
        for cell in period["cells"]:
            yield from cell["documents"]


def test_a_document_in_a_secured_period_is_found_explained_and_diagnosed(mine: Bookkeeper) -> None:
    mine.exports()
    mine.years()
    mine.does("setup", "declare", "journal", "year=2026", "journal=V1", "secured=202612")
    mine.does("setup", "declare", "journal", "year=2026", "journal=V2")
    found = mine.json("check", code=1)
    secured = next(one for one in found["findings"] if one["problem"] == "secured-period")
    assert {record["kind"] for record in secured["records"]} == {"invoice"}
    number = secured["records"][0]["label"]
    why = mine.json("why", number, code=1)
    assert (why["state"], why["stops"][0]["problem"]) == ("blocked", "secured-period")
    assert any("Declared by you" in line for line in why["rests_on"])
    explained = mine.json("diagnose", "De periode is beveiligd", code=None)
    assert [cause["state"] for cause in explained["causes"] if "secured" in cause["cause"]] == ["confirmed"]
    assert explained["rests_on"]
    shown = mine.does("duplicates", "find", code=None)
    assert "18 customers compared with 10" in shown


def test_nothing_is_ever_written(mine: Bookkeeper) -> None:
    mine.walks()
    mine.does("profiles", "edit", "mine", "other-connector-off", "yes")
    mine.does("profiles", "edit", "mine", "mode", "connector")
    for words in (
        ("sync", "--yes"),
        ("sync", "--dry-run"),
        ("setup", "do", "first-sync", "--yes"),
        ("setup", "do", "import-companies", "--yes"),
        ("duplicates", "import", "--yes"),
        ("duplicates", "merge", "--yes"),
    ):
        said = mine.does(*words, code=2)
        assert "is not connected to Octopus and Teamleader" in said, words
        assert "octowizard connect mine signs in" in said
    steps = mine.json("setup", "--status")["steps"]
    assert [step["id"] for step in steps if step["changes"]] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fiscal-year", "start=2026-02-30"), "is no day"),
        (("fiscal-year", "start=2026-07-01", "end=2062-06-30"), "look at both days"),
        (("fiscal-year", "begin=2026-07-01"), "“begin” is not asked here; there are: start, end"),
        (("fiscal-year", "2026", "open"), "answers no question"),
        (("journal", "year=2031", "journal=V1"), "There is no fiscal year “2031”; there are: none yet"),
        (("invoices", "missing.xlsx"), "missing.xlsx"),
        (("booster", "perhaps"), "Write yes, no."),
    ],
)
def test_a_wrong_answer_is_refused_in_one_sentence_and_nothing_is_kept(
    mine: Bookkeeper, words: tuple[str, ...], said: str
) -> None:
    assert said in mine.does("setup", "declare", *words, code=2)
    assert "Nothing was declared" in mine.does("setup", "declared")


def test_years_do_not_overlap_and_one_that_does_not_exist_is_taken_back(mine: Bookkeeper) -> None:
    mine.does("setup", "declare", "fiscal-year", "start=2026-01-01")
    refused = mine.does("setup", "declare", "fiscal-year", "start=2026-07-01", code=2)
    assert "2026 holds some of these days already" in refused
    mine.does("setup", "declare", "fiscal-year", "start=2026-01-01", "state=none")
    assert "2026" not in mine.does("calendar", code=3).splitlines()[0]
    assert mine.does("setup", "declared").count("fiscal years") == 2  # nothing that was said is lost


def test_what_a_step_says_to_type_is_taken_as_it_stands_and_is_about_these_years(mine: Bookkeeper) -> None:
    for step, said in (("create-fiscal-year", "fiscal-year"), ("create-journals", "journal")):
        shown = mine.does("setup", "show", step)
        (line,) = re.findall(rf"octowizard (setup declare {said} .*)", shown)
        mine.does(*shlex.split(line))
    assert "year=2026 journal=V2" in mine.does("setup", "show", "create-journals")
    assert "V1" in mine.does("calendar", code=None)


NOBODY = "is not connected to Octopus and Teamleader"


@pytest.mark.parametrize("words", [("watch", "--for", "1s"), ("audit",), ("audit", "--offline")])
def test_what_only_the_bookings_tell_is_refused_in_one_sentence(
    mine: Bookkeeper, words: tuple[str, ...]
) -> None:
    refused = mine.does(*words, code=2)
    assert NOBODY in refused
    assert len(refused.splitlines()) == 1


def test_customers_that_nobody_listed_are_not_called_free_of_doubles(mine: Bookkeeper) -> None:
    for words in (("find",), ("plan",), ("plan", "--offline")):
        assert "octowizard setup declare relations FILE" in mine.does("duplicates", *words, code=2)
    mine.exports()
    assert mine.json("duplicates", "plan", code=None)["schema"] == 1


def test_a_report_and_a_letter_say_on_what_they_rest(mine: Bookkeeper) -> None:
    mine.exports()
    mine.years()
    mine.does("setup", "declare", "journal", "year=2026", "journal=V1", "secured=202612")
    mine.does("setup", "declare", "journal", "year=2026", "journal=V2")
    report = _of_now(mine.does("report"))
    assert "neither was signed in to" in report
    assert "Declared by you just now: fiscal years, journals." in report
    assert "From invoices-0.xlsx, credit-notes-0.xlsx, taken in just now: documents." in report
    assert NOBODY in report  # in place of the audit
    for wrong in ("--offline", "--fresh", "Octopus**: 0", "a preview reads", "There is nothing to compare"):
        assert wrong not in report
    for what in ("secured-period", "report"):
        for language, said in (("nl", "niet aan bij: Octopus, Teamleader"), ("fr", "rien n'a été mesuré")):
            letter = mine.does("letter", what, "--language", language)
            assert said in letter
            assert "dossier 0" not in letter


def test_a_currency_that_nobody_declared_stops_nothing(mine: Bookkeeper) -> None:
    mine.years()
    mine.journals()
    listed = mine.folder / "dollars.csv"
    listed.write_text(
        "Number;Date;Customer;Total incl. VAT;Currency\n2026 / 1;2026-10-01;Acme;1,00;USD\n", "utf-8"
    )
    mine.does("setup", "declare", "invoices", str(listed))
    why = mine.json("why", "2026 / 1", code=None)
    assert "unknown-currency" not in [stop["problem"] for stop in why["stops"]]
    diagnosed = mine.does("diagnose", "why does 2026 / 1 not go through?", code=None)
    assert "Your accounts show nothing" not in diagnosed
    assert "From dollars.csv" in diagnosed


TITLES = "Number;Date;Customer;Total incl. VAT;Currency\n"


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        (
            "invoices",
            TITLES + "2026 / 1;2026-10-01;Acme;1,00;\n2026 / 1;2026-10-01;Acme;2,00;\n",
            "rows 1 and 2",
        ),
        ("invoices", TITLES + "2026 / 1;2026-10-01;Acme;1,00;Dollar\n", "row 1: Dollar under Currency"),
        ("relations", "Relationship No.;Name\n7;Foo\n;Bar\n", "does not show the number of each relation"),
        ("relations", "Relationship No.;Name\n7;Foo\n7;Bar\n", "does not show the number of each relation"),
        ("relations", f"Relationship No.;Name\n{10**20};Foo\n", "does not show the number of each relation"),
        ("companies", "Relationship No.;Name\n7;Foo\n", "it is a list of Octopus"),
    ],
)
def test_a_list_that_would_be_misread_is_refused(mine: Bookkeeper, what: str, text: str, said: str) -> None:
    listed = mine.folder / "list.csv"
    listed.write_text(text, "utf-8")
    assert said in mine.does("setup", "declare", what, str(listed), code=2)
    assert "Nothing was declared" in mine.does("setup", "declared")


def test_the_list_of_credit_notes_is_not_taken_in_as_invoices(mine: Bookkeeper) -> None:
    mine.exports()
    for other, what in (("credit-notes-0.xlsx", "invoices"), ("invoices-0.xlsx", "credit-notes")):
        refused = mine.does("setup", "declare", what, str(mine.folder / other), code=2)
        assert "was taken in already, as the other kind of document" in refused
        mine.does("setup", "declare", what, str(mine.folder / f"{what}-0.xlsx"))  # its own again


def test_an_invoice_below_zero_stays_so_and_euro_is_euro(mine: Bookkeeper) -> None:
    listed = mine.folder / "list.csv"
    listed.write_text(TITLES + "2026 / 1;2026-10-01;Acme;-1,21;€\n", "utf-8")
    mine.does("setup", "declare", "invoices", str(listed))
    assert "-1,21" in mine.does("why", "2026 / 1", code=None)


def test_a_list_of_titles_alone_says_that_there_is_nothing(mine: Bookkeeper) -> None:
    listed = mine.folder / "list.csv"
    listed.write_text(TITLES, "utf-8")
    assert "\ninvoices: 0 entries\n" in mine.does("setup", "declare", "invoices", str(listed))


# --- a side is connected later ----------------------------------------------------------------------------------


def test_connecting_measures_what_was_declared_and_shows_each_difference(
    served: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(tmp_path, served, monkeypatch)
    world = served.world()
    invoice = next(one for one in world["teamleader"]["invoices"] if one.get("invoice_number"))
    lists = tmp_path / "invoices.csv"
    lists.write_text(
        "Number;Date;Customer;Total incl. VAT\n"
        f"{invoice['invoice_number']};{invoice['invoice_date']};Somebody;1,00\n"
        "2026 / 9999;2026-10-01;Nobody;12,10\n",
        "utf-8",
    )
    main.run(["profiles", "add", "mine", "--without-accounts", "--from", START])
    for words in (
        ("fiscal-year", "start=2026-01-01", "periods=quarter"),
        ("journal", "year=2026", "journal=V1", "secured=202604"),
        ("journal", "year=2026", "journal=V7"),
        ("invoices", str(lists)),
        ("done/map-vat", "yes"),
    ):
        assert main.run(["setup", "declare", *words]) == 0

    code, text = person.connect(*person.login, "", words=("--octopus-only",))
    assert code == 0, text
    half = profiles.load(person.home, "mine")
    assert (set(half.unconnected), half.start_date.isoformat()) == ({"Teamleader"}, START)
    assert "mine is connected; Teamleader is not yet: octowizard connect mine signs in there too." in text
    assert "declared: periods 202601 to 202604; measured: periods 202601 to 202612" in text
    assert "Journal V1 of Boekjaar 2026: declared: secured till 202604; measured: secured till 202609" in text
    assert re.search("Journal V7 of Boekjaar 2026: .*; measured: it does not exist", text)
    assert re.search("Journal V2 of Boekjaar 2026: declared: not declared; measured: entry type", text)
    assert "2026 / 9999" not in text  # of the side that is still declared nothing is measured

    out = io.StringIO()  # the other side is asked nothing: it has no address
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        main.run(["check", "--json"])
    why = {one["check"]: one["why"] for one in json.loads(out.getvalue())["not_checked"]}
    assert "Teamleader is not connected" in why["dossier"]
    assert "not-connected.invalid" not in out.getvalue()

    code, text = person.connect(*person.login, "", words=("--reauthorise",))  # the side that there is
    assert (code, "mine is signed in again." in text) == (0, True), text
    code, text = person.connect(words=("--reauthorise", "--teamleader-only"))
    assert (code, "Nobody has signed in to Teamleader with mine yet" in text) == (2, True), text

    code, text = person.connect(*person.keys, "")
    assert code == 0, text
    whole = profiles.load(person.home, "mine")
    assert (whole.unconnected, whole.mode) == (frozenset(), "observer")
    assert "2026 / 9999" in text
    assert invoice["invoice_number"] in text
    assert "total with VAT 1,00" in text

    out = io.StringIO()  # nothing that was declared is lost, and where it differed can be read again
    monkeypatch.setattr(sys, "stdout", out)
    assert main.run(["setup", "declared"]) == 1
    told = out.getvalue()
    assert [line.count("journals: ") for line in told.splitlines()].count(1) == 2
    assert "invoices: 2 entries · from invoices.csv" in told
    assert "secured till 202604; measured: secured till 202609" in told


def test_a_list_of_octopus_leaves_alone_what_was_read_of_teamleader(
    served: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(tmp_path, served, monkeypatch)
    relations = tmp_path / "relations.csv"
    relations.write_text("Relationship No.;Name\n7;Foo\n", "utf-8")
    main.run(["profiles", "add", "mine", "--without-accounts", "--from", START])
    code, text = person.connect(*person.keys, "", words=("--teamleader-only",))
    assert code == 0, text
    session = Session(person.home, profiles.load(person.home, "mine"))
    assert (before := [head.number for head in session.snapshot().documents])
    assert main.run(["setup", "declare", "relations", str(relations)]) == 0
    session.forget()
    assert [head.number for head in session.snapshot().documents] == before
