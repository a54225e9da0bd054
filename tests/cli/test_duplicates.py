"""`octowizard duplicates` as a user or a script has it: lists in files, the accounts, and the route by .csv."""

import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.cli.parser import build_parser
from tests.cli.commands import Ended, octowizard
from tests.cli.test_practice_company import Served, served
from tests.generator import COLUMNS, make

Told = dict[str, Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, in this process too."""
    for name in list(os.environ):
        if name.startswith("OCTOWIZARD_"):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("OCTOWIZARD_HOME", str(folder))
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    return folder


@pytest.fixture
def say(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Runs `octowizard duplicates ...` in this process."""

    def run(*words: str) -> Ended:
        capfdbinary.readouterr()
        code = main.run(["duplicates", *words])
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return run


def written(file: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> str:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return str(file)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[str, str, set[tuple[str, str]]]:
    """Two files, and which of their rows are one customer."""
    left, right, truth = make(300, 7)
    return written(tmp_path / "left.csv", left), written(tmp_path / "right.csv", right), truth


def one(ended: Ended) -> Told:
    """The one object of --json."""
    (line,) = ended.out.splitlines()
    body: Told = json.loads(line)
    return body


# --- files alone -----------------------------------------------------------------------------------------


def test_one_list_says_who_stands_there_more_than_twice(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "id,name,street,postcode,city,phone\n"
        "1,Basisschool Sint-Jozef,Kerkstraat 12,9000,Gent,09 220 11 22\n"
        "2,BS St.-Jozef,Kerkstr. 12,9000,,\n"
        "3,BASISSCHOOL SINT-JOZEF,Kerkstraat 12,,Gent,+32 9 220 11 22\n"
        "4,Basisschool Sint-Jozef,Kerkstraat 12,9000,Gent,09 220 11 22\n"
        "5,Oudercomité Basisschool Sint-Jozef,Kerkstraat 12,9000,Gent,09 220 11 22\n"
        "6,Crèche Volsolera,Rue Haute 4,1000,Bruxelles,\n"
        "7,Crèche Volsolera,Rue Haute 4,1000,Bruxelles,\n"
        "8,Garage Maes,,,,\n"
        "9,Garage Maes,,,,\n",
        encoding="utf-8",
    )
    body = one(octowizard(home, "duplicates", "find", str(file), "--json"))
    groups = {tuple(group["members"]): group for group in body["groups"]}
    assert set(groups) == {("1", "2", "3", "4"), ("6", "7"), ("8", "9")}
    assert groups["1", "2", "3", "4"]["sure"] == [["1", "2", "3", "4"]]
    assert (groups["8", "9"]["zone"], groups["8", "9"]["sure"]) == ("doubtful", [])
    assert body["counts"]["groups"] == 3
    assert {group["side"] for group in body["groups"]} == {"left"}
    within = [set(members) for members in groups]
    assert all(any({pair["left"], pair["right"]} <= each for each in within) for pair in body["pairs"])
    said = octowizard(home, "duplicates", "find", str(file)).out
    assert "1 customer stands there more than twice\n  = the same, 4 times\n" in said
    assert "    2  BS St.-Jozef · Kerkstr. 12 9000\n" in said
    assert "= the same for sure: 1\n  = 6  Crèche Volsolera\n" in said
    assert "? perhaps the same: 1\n  ? 8  Garage Maes\n" in said


def test_of_two_lists_what_one_holds_twice_itself_comes_first(home: Path, tmp_path: Path) -> None:
    head = "id,name,street,postcode,city\n"
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    row = "Crèche Volsolera,Rue Haute 4,1000,Bruxelles\n"
    left.write_text(head + "".join(f"{number},{row}" for number in (1, 2, 3)), encoding="utf-8")
    right.write_text(f"{head}r,{row}", encoding="utf-8")
    words = ("duplicates", "find", "--left", str(left), "--right", str(right))
    body = one(octowizard(home, *words, "--json"))
    assert [(group["side"], group["members"]) for group in body["groups"]] == [("left", ["1", "2", "3"])]
    assert len(body["pairs"]) == 1
    said = octowizard(home, *words).out
    assert said.startswith("1 customer stands more than once in left.csv itself: settle that first\n")


def test_two_files_are_compared_without_accounts(
    home: Path, lists: tuple[str, str, set[tuple[str, str]]]
) -> None:
    left, right, truth = lists
    ended = octowizard(home, "duplicates", "find", "--left", left, "--right", right, "--json")
    assert ended.code == 0, ended.err
    assert [line.partition(" (")[0] for line in ended.err.splitlines()] == ["left.csv", "right.csv"]
    assert ended.err.count("name → name") == ended.err.count("No column was left out.") == 2
    body = one(ended)
    assert list(body) == ["schema", "command", "left", "right", "pairs", "groups", "counts"]
    assert (body["schema"], body["command"]) == (1, "duplicates find")
    assert (body["left"], body["right"]) == ("file/left.csv", "file/right.csv")
    for pair in body["pairs"]:
        assert list(pair) == ["left", "right", "zone", "score", "why"]
        assert pair["zone"] in ("sure", "doubtful")
        assert 0 <= pair["score"] <= 1
        assert pair["why"]
        assert all(text[0] in "+-" for text in pair["why"])
    found = {(pair["left"], pair["right"]) for pair in body["pairs"]}
    sure = {(pair["left"], pair["right"]) for pair in body["pairs"] if pair["zone"] == "sure"}
    assert body["counts"] == {
        "left": 300,
        "right": 300,
        "sure": len(sure),
        "doubtful": len(found - sure),
        "groups": 0,
    }
    assert len(found & truth) > 0.9 * len(truth)
    assert len(sure - truth) <= 1
    assert not (home / "profiles").exists()


def test_without_ids_a_pair_names_the_rows(say: Any, tmp_path: Path) -> None:
    rows = [
        {"name": "Garage Wuyts BV", "vat": "BE 0403.019.261", "city": "Gent", "postcode": "9000"},
        {"name": "Praet en Zonen", "vat": "", "city": "Aalst", "postcode": "9300"},
    ]
    columns = ("name", "vat", "city", "postcode")
    left = written(tmp_path / "a.csv", rows, columns)
    right = written(tmp_path / "b.csv", rows[::-1], columns)
    body = one(say("find", "--left", left, "--right", right, "--json"))
    assert {"left": 1, "right": 2}.items() <= body["pairs"][0].items()


def test_one_list_alone_is_searched_for_its_own_duplicates(say: Any, tmp_path: Path) -> None:
    left, right, truth = make(200, 3)
    body = one(say("find", written(tmp_path / "all.csv", left + right), "--json"))
    assert body["right"] is None
    found = {tuple(sorted((pair["left"], pair["right"]))) for pair in body["pairs"]}
    assert len(found & {tuple(sorted(pair)) for pair in truth}) > 0.85 * len(truth)


def test_a_list_without_rows_has_no_duplicates(say: Any, tmp_path: Path) -> None:
    empty = written(tmp_path / "none.csv", [])
    full = written(tmp_path / "some.csv", make(20, 1)[0])
    for words in (("--left", empty, "--right", full), ("--left", full, "--right", empty), (empty,)):
        ended = say("find", *words, "--json")
        assert ended.code == 0, ended.err
        assert one(ended)["pairs"] == []


def test_people_see_both_names_and_why(say: Any, lists: tuple[str, str, set[tuple[str, str]]]) -> None:
    ended = say("find", "--left", lists[0], "--right", lists[1])
    assert ended.code == 0
    assert "= the same for sure: " in ended.out
    assert "VAT number the same" in ended.out
    assert "300 customers compared with 300." in ended.err
    assert "and " in ended.out
    assert "more: --json has them all" in ended.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "bad.csv is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "neither a workbook nor text"),
        (b"a;b\n1;2\n", "has no column such as Name, VAT number or Email"),
        (b'id;name\n1;"Maes\n', "never closed"),
        (";".join(f"c{n}" for n in range(300)).encode() + b"\n", "has 300 columns"),
        (None, "There is no file"),
    ],
)
@pytest.mark.parametrize("command", ["find", "simulate", "csv"])
def test_a_bad_file_gets_one_sentence_and_exit_code_2(
    say: Any, tmp_path: Path, content: bytes | None, words: str, command: str
) -> None:
    bad = tmp_path / "bad.csv"
    if content is not None:
        bad.write_bytes(content)
    more = ("--output", str(tmp_path / "out.csv")) if command == "csv" else ()
    ended = say(command, str(bad), *more, "--json")
    assert ended.code == 2
    assert ended.out == ""
    (line,) = ended.err.splitlines()
    assert words in line
    assert "Traceback" not in ended.err


def test_a_latin_1_list_is_read_as_it_was_meant(say: Any, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes("naam;btw\nCafé Zoë;BE0403019261\nCafé Zoë bv;BE 0403.019.261\n".encode("latin-1"))
    body = one(say("find", str(file), "--json"))
    assert "Café Zoë / Café Zoë bv" in " ".join(body["pairs"][0]["why"])


def test_naming_the_same_list_twice_or_both_ways_is_told(say: Any, tmp_path: Path) -> None:
    file = written(tmp_path / "f.csv", make(5, 1)[0])
    assert "name it alone" in say("find", "--left", file, "--right", file).err
    assert "not both" in say("find", file, "--left", file).err


def test_without_accounts_or_files_it_says_what_is_missing(say: Any) -> None:
    ended = say("find")
    assert ended.code == 2
    assert "There is no profile yet" in ended.err


def test_the_help_of_every_subcommand_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("find", "plan", "simulate", "csv", "answer", "import", "merge", "undo"):
        with pytest.raises(SystemExit):
            build_parser().parse_args(["duplicates", part, "--help"])
        text = capsys.readouterr().out
        assert "--json" in text
        assert '"schema": 1' in text


# --- the .csv for the import ------------------------------------------------------------------------------


def _segment(file: Path, rows: Sequence[tuple[str, ...]]) -> str:
    titles = ("Teamleader ID", "Name", "VAT number", "Accounting package customer number", "Remarks")
    columns = dict(zip(titles, titles, strict=True))
    return written(file, [dict(zip(titles, row, strict=True)) for row in rows], tuple(columns))


def test_the_cleaned_file_holds_just_what_the_import_takes(say: Any, tmp_path: Path) -> None:
    segment = _segment(
        tmp_path / "segment.csv",
        [
            ("t1", "Café Zoë; bv", "BE 0403.019.261", "1042", "x"),
            ("t2", '=HYPERLINK("http://x")', "", "1043", "x"),
            ("t3", "+Plus", "nog aan te vragen", "", "x"),
            ("t4", "", "BE0403019261", "1045", "x"),
        ],
    )
    out = tmp_path / "import.csv"
    body = one(say("csv", segment, "--output", str(out), "--json"))
    assert body["files"] == [str(out)]
    assert (body["rows"], body["unnamed"], body["unnumbered"], body["guarded"]) == (3, [4], [3], [2, 3])
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows == [
        ["Name", "Accounting package customer number", "VAT number"],
        ["Café Zoë; bv", "1042", "BE0403019261"],
        ['\'=HYPERLINK("http://x")', "1043", ""],
        ["'+Plus", "", "nog aan te vragen"],
    ]
    assert any("recycle bin" in text for text in body["irreversible"])
    assert any("never be taken back" in text for text in body["irreversible"])


def test_no_cell_of_the_file_is_a_formula_however_its_sign_is_hidden(say: Any, tmp_path: Path) -> None:
    hidden = [
        f"{before}{sign}1+1"
        for before in ("", "\u200b", "\ufeff", "\u202e", "\x9b", "\u3000", "\u2060")
        for sign in "=+-@＝＋－＠﹢﹦"
    ]
    titles = ("Name", "Accounting package customer number", "VAT number", "Email", "Zip Code")
    file = written(tmp_path / "s.csv", [dict.fromkeys(titles, text) for text in hidden], titles)
    out = tmp_path / "o.csv"
    assert say("csv", file, "--output", str(out), "--criterion", "vat+email", "--offline").code == 0
    with out.open(encoding="utf-8-sig", newline="") as lines:
        _titles, *rows = csv.reader(lines, delimiter=";")
    # What holds a control character may be another name than the one that was meant: it is not written.
    assert [row[0][-4:] for row in rows] == [text[-4:] for text in hidden if "\x9b" not in text]
    assert [
        cell for row in rows for cell in row if cell and not (cell.startswith("'") and cell.isprintable())
    ] == []


def test_what_is_there_is_not_overwritten(say: Any, tmp_path: Path) -> None:
    segment = _segment(tmp_path / "segment.csv", [("t1", "Maes", "", "1", "")])
    out = tmp_path / "import.csv"
    out.write_text("mine", encoding="utf-8")
    ended = say("csv", segment, "--output", str(out))
    assert ended.code == 2
    assert "is there already" in ended.err
    assert out.read_text(encoding="utf-8") == "mine"
    assert "must end with .csv" in say("csv", segment, "--output", str(tmp_path / "x.xlsx")).err


@pytest.mark.parametrize("name", ["nul.csv", "a:x.csv", "a\u202ex.csv", "a\x9b.csv", "a\n.csv"])
def test_a_file_gets_a_name_that_every_system_can_bear(say: Any, tmp_path: Path, name: str) -> None:
    segment = _segment(tmp_path / "segment.csv", [("t1", "Maes", "", "1", "")])
    ended = say("csv", segment, "--output", str(tmp_path / name))
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be used as a name: " in ended.err
    assert not {"\u202e", "\x9b"} & set(ended.err)
    assert [file.name for file in tmp_path.glob("*.csv")] == ["segment.csv"]


def test_a_folder_that_is_not_there_is_named(say: Any, tmp_path: Path) -> None:
    segment = _segment(tmp_path / "segment.csv", [("t1", "Maes", "", "1", "")])
    ended = say("csv", segment, "--output", str(tmp_path / "nowhere" / "out.csv"))
    assert ended.code == 2
    assert f"{tmp_path / 'nowhere'} " in ended.err


def test_forty_thousand_rows_become_two_files_that_the_import_takes(say: Any, tmp_path: Path) -> None:
    rows = [(f"t{n}", f"Firma {n}", "", str(n), "") for n in range(1, 40_001)]
    body = one(say("csv", _segment(tmp_path / "s.csv", rows), "--output", str(tmp_path / "i.csv"), "--json"))
    assert body["files"] == [str(tmp_path / "i-1.csv"), str(tmp_path / "i-2.csv")]
    held = []
    for path in map(Path, body["files"]):
        assert path.stat().st_size <= 5_000_000
        with path.open(encoding="utf-8-sig", newline="") as file:
            held.append(sum(1 for _ in csv.reader(file, delimiter=";")) - 1)
    assert held == [35_000, 5_000]
    assert any("several files" in text for text in body["notes"])


def test_an_export_without_the_customer_number_is_answered_with_its_title(say: Any, tmp_path: Path) -> None:
    file = written(tmp_path / "f.csv", [{"Name": "Maes"}], ("Name",))
    ended = say("csv", file, "--output", str(tmp_path / "o.csv"))
    assert ended.code == 2
    assert "has no column Accounting package customer number" in ended.err


def test_a_simulation_from_two_exports_needs_no_accounts(say: Any, tmp_path: Path) -> None:
    segment = _segment(
        tmp_path / "segment.csv",
        [("t1", "MAES BV", "BE0403.019.261", "1", ""), ("t2", "Peeters", "BE0202239951", "2", "")],
    )
    everything = _segment(
        tmp_path / "all.csv",
        [
            ("t1", "MAES BV", "BE0403.019.261", "1", ""),
            ("t2", "Peeters", "BE0202239951", "2", ""),
            ("a", "Maes", "BE 0403 019 261", "", ""),
            ("b", "Peeters", "BE0417497106", "", ""),
        ],
    )
    body = one(say("simulate", segment, "--teamleader", everything, "--json"))
    outcomes = {outcome["criterion"]: outcome for outcome in body["outcomes"]}
    assert (body["rows"], body["companies"], body["recommended"], body["kept"]) == (2, 2, "vat", False)
    # The VAT number is written as Teamleader has it, so the two meet; the namesake is another firm.
    assert (outcomes["vat"]["edited"], outcomes["vat"]["added"], outcomes["vat"]["wrong"]) == (1, 1, 0)
    assert outcomes["vat"]["additions"] == [{"row": 2, "name": "Peeters"}]
    assert outcomes["name"]["edits"] == [
        {"row": 2, "name": "Peeters", "company": "b", "was": "Peeters", "wrong": True, "name_only": True}
    ]
    ended = say("simulate", segment, "--teamleader", everything)
    assert ended.code == 0
    assert "Choose: VAT number (vat)" in ended.out
    assert "can never be taken back" in ended.out


# --- with accounts ---------------------------------------------------------------------------------------


@pytest.fixture
def company(home: Path) -> Iterator[Served]:
    """Both sides hold customers, and the relations of Octopus have been imported into Teamleader."""
    with served(home, "--scenario", "c", "--customers", "40", "--documents", "10") as present:
        assert main.run(["profiles", "add", "acme", "--sandbox-url", present.url]) == 0
        yield present


def _do(company: Served, action: str, **arguments: str) -> Any:
    return company.post("do", {"action": action, **arguments})


def test_the_whole_automatic_route_does_what_was_foretold(say: Any, company: Served, tmp_path: Path) -> None:
    before = one(say("plan", "--json"))
    assert before["counts"]["link"] > 15
    assert before["route"] == "smart-import"
    _do(company, "import-companies-from-octopus")
    after = one(say("plan", "--json"))
    assert after["counts"]["merge"] > 10
    merge = next(step for step in after["steps"] if step["action"] == "merge")
    assert merge["survivor"] in (merge["left"], merge["right"])
    assert "stays" in merge["because"]

    segment = str(tmp_path / "home" / "segment.xlsx")
    _do(company, "export-companies", file=segment, tag="Octopus Import")
    foretold = one(say("simulate", segment, "--json"))
    assert foretold["kept"]
    best = foretold["recommended"]
    outcome = next(outcome for outcome in foretold["outcomes"] if outcome["criterion"] == best)
    assert outcome["wrong"] == 0
    assert outcome["edited"] > 10
    out = str(tmp_path / "home" / "import.csv")
    assert say("csv", segment, "--output", out, "--criterion", best, "--offline").code == 0

    untouched = say("simulate", "--compare", "--json")
    assert (untouched.code, untouched.out) == (2, "")
    assert "still in Teamleader: delete the segment" in untouched.err
    _do(company, "delete-segment", tag="Octopus Import")
    names = {"name": "name", "vat": "vat_number", "postcode": "zip_code", "email": "email"}
    fields = ",".join(names[field] for field in outcome["fields"])
    deleted = say("simulate", "--compare")
    assert (deleted.code, deleted.out) == (2, "")
    assert "is to be seen in Teamleader yet: import the file" in deleted.err
    done = _do(company, "import-companies", file=out, match=outcome["how"], fields=fields)
    assert (done["edited"], done["added"]) == (outcome["edited"], outcome["added"])

    ended = say("simulate", "--compare", "--json")
    compared = one(ended)
    assert ended.code == 0, compared
    assert compared["as_foretold"]
    assert best in compared["fits"]
    assert [entry["row"] for entry in sorted(compared["added"], key=lambda entry: entry["row"])] == [
        entry["row"] for entry in outcome["additions"]
    ]
    assert "by hand in Teamleader: Actions > Merge" in say("simulate", "--compare", "--offline").out


def test_written_as_teamleader_has_them_more_rows_meet_their_company(
    say: Any, company: Served, tmp_path: Path
) -> None:
    _do(company, "import-companies-from-octopus")
    segment, out = str(tmp_path / "home" / "segment.csv"), str(tmp_path / "home" / "import.csv")
    _do(company, "export-companies", file=segment, tag="Octopus Import")
    plainly = one(say("simulate", segment, "--json"))
    aligned = one(say("simulate", segment, "--align", "--offline", "--json"))
    fewest = [min(o["added"] for o in body["outcomes"] if not o["wrong"]) for body in (plainly, aligned)]
    assert fewest[1] < fewest[0]
    best = next(o for o in aligned["outcomes"] if o["criterion"] == aligned["recommended"])
    assert all(edit["name"] == edit["was"] for edit in best["edits"])
    assert say("csv", segment, "--output", out, "--align", "--offline").code == 0
    _do(company, "delete-segment", tag="Octopus Import")
    names = {"name": "name", "vat": "vat_number"}
    fields = ",".join(names[field] for field in best["fields"])
    done = _do(company, "import-companies", file=out, match=best["how"], fields=fields)
    assert (done["edited"], done["added"]) == (best["edited"], best["added"])


def test_an_import_with_another_criterion_is_noticed(say: Any, company: Served, tmp_path: Path) -> None:
    _do(company, "import-companies-from-octopus")
    segment, out = str(tmp_path / "home" / "segment.csv"), str(tmp_path / "home" / "import.csv")
    _do(company, "export-companies", file=segment, tag="Octopus Import")
    foretold = one(say("simulate", segment, "--json"))
    added = {outcome["criterion"]: outcome["added"] for outcome in foretold["outcomes"]}
    assert added[foretold["recommended"]] < added["name+vat"]
    assert say("csv", segment, "--output", out, "--offline").code == 0
    _do(company, "delete-segment", tag="Octopus Import")
    _do(company, "import-companies", file=out, match="all", fields="name,vat_number")
    ended = say("simulate", "--compare", "--json")
    compared = one(ended)
    assert ended.code == 1
    assert "name+vat" in compared["fits"]
    assert compared["unexpected"]


def test_an_answer_is_remembered_and_respected(say: Any, company: Served) -> None:
    pairs = one(say("find", "--json"))["pairs"]
    first, last = pairs[0], pairs[-1]
    names = [f"octopus/{first['left']}", f"teamleader/{first['right']}"]
    assert one(say("answer", *names, "different", "--json"))["answers"] == 1
    again = one(say("find", "--offline", "--json"))["pairs"]
    assert (first["left"], first["right"]) not in {(pair["left"], pair["right"]) for pair in again}
    names = [f"teamleader/{last['right']}", f"octopus/{last['left']}"]
    say("answer", *names, "same")
    again = one(say("find", "--offline", "--json"))["pairs"]
    (said,) = [pair for pair in again if (pair["left"], pair["right"]) == (last["left"], last["right"])]
    assert said["zone"] == "sure"
    assert any("you said that they are the same" in text for text in said["why"])
    assert say("answer", *names, "forget").code == 0
    assert "Nothing was ever said" in say("answer", *names, "forget").err
    mistyped = say("answer", "octopus/99999", names[0], "same")
    assert mistyped.code == 2
    assert "Octopus had no customer 99999" in mistyped.err


def test_a_file_can_stand_for_one_side(say: Any, company: Served, tmp_path: Path) -> None:
    everything = str(tmp_path / "home" / "all.csv")
    _do(company, "export-companies", file=everything)
    body = one(say("find", "--right", everything, "--json"))
    assert (body["left"], body["right"]) == ("octopus", "file/all.csv")
    assert body["counts"]["sure"] > 10
    calls = company.world()["teamleader"]["calls"]
    assert "companies.list" not in calls


REFUSED = (
    (("answer", "maes", "teamleader/x", "same"), "names no customer"),
    (("answer", "teamleader/x", "teamleader/x", "same"), "cannot be compared with itself"),
    (("simulate",), "Name the segment export"),
    (("simulate", "--compare"), "Nothing was foretold yet"),
    (("find", "--offline"), "Nothing of Octopus was read yet"),
    (("plan", "--offline"), "Nothing of Octopus was read yet"),
)


def test_what_cannot_be_done_is_told_in_one_sentence(say: Any, company: Served) -> None:
    for words, sentence in REFUSED:
        ended = say(*words)
        assert ended.code == 2, words
        (line,) = ended.err.splitlines()
        assert sentence in line


# --- numbers as the world writes them --------------------------------------------------------------------

_WITH_LETTERS = """id;Naam;BTW-nummer;Land
1;Bakkerij Van Dijk Holding;NL123456789B13;NL
2;Tischlerei Berger Linz;ATU13585627;AT
3;Atelier Lumière Lyon;FRK7399859412;FR
4;Madera Costa Valencia;ESB58378431;ES
5;Schlosserei Vogel Bonn;DE136695976;DE
6;Taverna Delos Pireas;EL094259216;GR
7;Dunmore Crafts;IE6433435F;IE
8;Belfast Linen;XI980780684;GB
9;Rhum du Morne;FR40303265045;MQ
10;Uhren Aarau;CHE107787577;CH
11;Skärgård;FI20774740;AX
12;Dakwerken Vandromme;BE0403170701;BE
"""
_WITHOUT = """id;Naam;BTW-nummer;Land
1;Van Dijk Beheer;123456789B13;NL
2;Holzbau Linz Nord;U13585627;AT
3;Lumen SAS;K7399859412;FR
4;Importaciones Levante;B58378431;ES
5;Metallbau Rhein;136695976;DE
6;Delos Estiatorio;094259216;GR
7;Emerald Retail;VAT no. 6433435 F;Ireland
8;Ulster Textiles;980 7806 84;Verenigd Koninkrijk
9;Distillerie Antilles;40 303 265 045;Martinique
10;Zeit AG;UID: CHE-107.787.577 MWST;Zwitserland
11;Aland Boats;20774740;Åland
12;Platte daken;BTW-nummer: 0403.170.701 - RPR Kortrijk;België
"""


def test_a_number_is_the_same_with_and_without_its_country_s_letters(say: Any, tmp_path: Path) -> None:
    for name, content in (("with.csv", _WITH_LETTERS), ("without.csv", _WITHOUT)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    words = ("--left", str(tmp_path / "with.csv"), "--right", str(tmp_path / "without.csv"))
    body = one(say("find", *words, "--json"))
    by_number = {
        (p["left"], p["right"]) for p in body["pairs"] if any("VAT number the same" in w for w in p["why"])
    }
    assert by_number == {(str(n), str(n)) for n in range(1, 13)}
