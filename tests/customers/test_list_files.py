"""Lists as people send them, through the command: read rightly, or refused or named; never spoilt in silence."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.customers.columns import recognised
from tests.cli.commands import Ended

CASES = Path(__file__).parent / "data" / "cases"
Run = Callable[..., Ended]
Json = dict[str, Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs `octowizard duplicates ...` in this process, without any profile, in a folder with the cases."""
    folder = tmp_path / "lists"
    shutil.copytree(CASES, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def ran(*words: str) -> Ended:
        capfdbinary.readouterr()
        code = main.run(["duplicates", *words])
        out, err = capfdbinary.readouterr()
        ended = Ended(code, out.decode(), err.decode())
        assert "Traceback" not in ended.err
        return ended

    return ran


def sure(run: Run, left: str, right: str, *more: str) -> tuple[set[tuple[str, str]], str]:
    """The sure pairs of two lists, and what was said."""
    ended = run("find", "--left", left, "--right", right, "--json", *more)
    assert ended.code == 0, ended.err
    body: Json = json.loads(ended.out)
    return {(str(p["left"]), str(p["right"])) for p in body["pairs"] if p["zone"] == "sure"}, ended.err


def written(run: Run, file: str, *more: str) -> tuple[list[list[str]], Json, str]:
    """The rows of the .csv that `duplicates csv` makes, what it says as JSON, and on stderr."""
    out = Path(f"out-{file}.csv")
    ended = run("csv", file, "--teamleader", "companies.csv", "--output", str(out), "--json", *more)
    assert ended.code == 0, ended.err
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    return rows[1:], json.loads(ended.out), ended.err


SAME = {("1", "1"), ("2", "2"), ("3", "3")}


# --- encodings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "right", ["encoding-macroman-cr.csv", "encoding-utf8-one-windows-row.csv"], ids=["mac", "mixed"]
)
def test_letters_with_accents_are_read_whatever_wrote_them(run: Run, right: str) -> None:
    pairs, said = sure(run, "encoding-good.csv", right)
    assert pairs == SAME
    assert ("line 3 is in another encoding than the rest" in said) == ("utf8" in right)


GOOD = (CASES / "encoding-good.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (GOOD.encode("mac_roman"), "Mac Roman"),
        (GOOD.replace("\n", "\r\n").encode("cp850"), "DOS 850"),
        (GOOD.encode("cp1252"), "Windows-1252"),
        (GOOD.encode("utf-16-be"), "UTF-16"),
        (GOOD.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), "UTF-16"),
        (GOOD.replace("Haute", "€").encode("iso8859-15"), "ISO 8859-15"),
    ],
    ids=["mac", "dos", "windows", "big", "little", "marked", "latin-9"],
)
def test_each_encoding_is_found_and_named(run: Run, content: bytes, name: str) -> None:
    Path("other.csv").write_bytes(content)
    pairs, said = sure(run, "encoding-good.csv", "other.csv")
    assert pairs >= {("2", "2"), ("3", "3")}
    assert f"other.csv ({name}, columns separated by ;)" in said


def test_a_row_of_a_mac_among_rows_of_utf_8_is_named_and_a_row_of_utf_8_among_others_too(run: Run) -> None:
    first, second, third, fourth = GOOD.splitlines(keepends=True)
    Path("mac.csv").write_bytes((first + second + third).encode() + fourth.encode("mac_roman"))
    pairs, said = sure(run, "encoding-good.csv", "mac.csv")
    assert pairs == SAME
    assert "line 4 is in another encoding than the rest and was read as Mac Roman" in said
    Path("old.csv").write_bytes((first + second + third).encode("cp1252") + fourth.encode())
    pairs, said = sure(run, "encoding-good.csv", "old.csv")
    assert pairs == SAME
    assert "line 4 is in another encoding than the rest and was read as UTF-8" in said


def test_letters_that_two_encodings_read_as_names_are_asked_about_and_read_when_told(run: Run) -> None:
    Path("list.csv").write_bytes("id;Naam\n1;Édouard\n2;Peeters\n".encode("cp850"))
    refused = run("find", "list.csv")
    assert refused.code == 2
    assert "list.csv does not tell its encoding: line 2 may read “1;" in refused.err
    assert "“1;Édouard” (cp850)" in refused.err
    assert "“1;êdouard” (mac_roman)" in refused.err
    assert run("find", "list.csv", "--encoding", "dos").code == 0
    Path("turkish.csv").write_bytes("id;Naam\n1;Güneş\n2;Noël Zoë Café\n".encode("cp1254"))
    shown = run("find", "turkish.csv")
    assert shown.code == 2 or "turkish.csv: line 2 holds letters that names hardly hold" in shown.err
    Path("cyrillic.csv").write_bytes("id;Naam\n1;Привет\n".encode("cp1251"))
    assert "does not tell its encoding" in run("find", "cyrillic.csv").err
    assert run("find", "cyrillic.csv", "--encoding", "cp1251").code == 0
    wrong = run("find", "list.csv", "--encoding", "klingon")
    assert wrong.code == 2
    assert "There is no encoding “klingon”" in wrong.err


def test_a_segment_of_a_mac_is_written_with_its_letters(run: Run) -> None:
    rows, said, _err = written(run, "segment-macroman.csv")
    assert [row[0] for row in rows[:3]] == ["Café de la Forêt SRL", "Zoë Crèmerie", "Noël & Fils"]
    assert rows[4][0] == 'Dupont "Le Roi" BV'
    assert [row[1:] for row in rows[:3]] == [
        ["12", "BE 0403.170.701"],
        ["13", ""],
        ["14", "BE 0403.170.701"],
    ]
    assert said["spoilt"] == [2, 7]  # 4,03E+08, and +32 as a VAT number


# --- numbers that a spreadsheet spoilt ---------------------------------------------------------------------


def test_a_spoilt_number_is_mended_where_that_is_certain_and_else_named_and_left_out(run: Run) -> None:
    rows, said, err = written(run, "segment-spoilt-numbers.csv")
    assert rows == [["Alfa BV", "12", "BE 0403.170.701"], ["Beta BV", "", ""]]
    assert said["spoilt"] == [2]
    assert "row 2: 1,2E+01 under Accounting package customer number; row 2: 4,03E+08 under VAT number" in err
    assert any("were spoilt by a spreadsheet and are left out" in note for note in said["notes"])


def test_names_that_may_be_read_wrongly_are_left_out_and_named(run: Run) -> None:
    Path("s.csv").write_text(
        "Name;Accounting package customer number;VAT number\n"
        "Maes\x92 BV;1;\nCaf\ufffd;2;\nNoël;3;\nCafÃ©;4;\n#NAAM?;5;\n",
        encoding="utf-8",
    )
    rows, said, err = written(run, "s.csv")
    assert [row[0] for row in rows] == ["Noël"]
    assert (said["unreadable"], said["unnamed"], said["spoilt"]) == ([1, 2, 4], [5], [5])
    assert "the names in rows 4 were spoilt before" in err


# --- separators and lines above ------------------------------------------------------------------------------


def test_a_separator_that_is_named_in_quotation_marks_is_taken(run: Run) -> None:
    assert sure(run, "numbers-list.csv", "sep-quoted.csv")[0] == {(str(n), str(n)) for n in range(1, 5)}


ROWS = [
    ["id", "Naam", "Straat", "BTW", "Saldo, 2026"],
    ["2", "Maes, Jan; en Zoon", "Kerkstraat 5", "0403170701", "12,50"],
]


@pytest.mark.parametrize(
    ("beginning", "separator"),
    [
        ("sep=;\r\n", ";"),
        ('"sep=,"\r\n', ","),
        ("SEP=\t\r\n", "\t"),
        ("sep=|\n", "|"),
        ("sep=;;;;\r\n", ";"),
        ("\ufeffsep=;\r", ";"),
        ("", ";"),
        ("", ","),
        ("", "\t"),
        ("Export of 30/11/2026\r\n\r\n", ";"),
        ("Kantoor Peeters, Kerkstraat 3\r\n9000 Gent, tel. 09 222 22 22\r\n", ";"),
        ("Customers,,,\r\nof Octopus,,,\r\n", ","),
    ],
)
def test_what_stands_above_the_titles_and_between_the_columns_is_found(
    run: Run, beginning: str, separator: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(ROWS)
    Path("l.csv").write_text(beginning + text.getvalue(), encoding="utf-8", newline="")
    Path("r.csv").write_text("id;Naam;Straat;BTW\n1;Maes Jan;Kerkstraat 5;BE0403170701\n", encoding="utf-8")
    pairs, said = sure(run, "r.csv", "l.csv")
    assert pairs == {("1", "2")}
    assert "Left out: Saldo, 2026." in said
    assert ("above the titles" in said) == bool(beginning and "sep" not in beginning.lower())


# --- columns -------------------------------------------------------------------------------------------------


def test_a_row_that_has_only_a_company_is_that_company(run: Run) -> None:
    assert sure(run, "company-column-list.csv", "company-column-only.csv")[0] >= {("1", "1"), ("2", "2")}
    shown = run("find", "--left", "company-column-list.csv", "--right", "company-column-only.csv").out
    assert "    1  Bakkerij Peeters BV" in shown


@pytest.mark.parametrize(
    ("right", "pairs"),
    [
        ("contacts-google_new.csv", {("1", "1"), ("2", "2")}),
        ("contacts-outlook_en.csv", {("1", "1")}),
        ("contacts-outlook_nl.csv", {("1", "1")}),
        ("contacts-woo.csv", {("1", "31")}),
    ],
)
def test_contacts_of_other_programs_are_found(run: Run, right: str, pairs: set[tuple[str, str]]) -> None:
    found, said = sure(run, "contacts-list.csv", right)
    assert found == pairs
    assert f"{right} (" in said
    assert "Left out: " in said


def test_the_open_data_of_the_register_are_known_by_their_numbers(run: Run) -> None:
    assert sure(run, "customers-list.csv", "register-address.csv")[0] == {("1", "1")}


def test_every_guess_can_be_set_by_hand_for_one_list_or_both(run: Run) -> None:
    Path("odd.csv").write_bytes("Lijst\nA!B!C\n7!Café Noël!0403170701\n".encode("mac_roman"))
    Path("r.csv").write_text("id;Naam;BTW\nx;Cafe Noel;BE0403170701\n", encoding="utf-8")
    words = ["--separator", "right:!", "--header-row", "right:2", "--column", "right:name=B"]
    pairs, said = sure(
        run,
        "r.csv",
        "odd.csv",
        *words,
        "--column",
        "right:vat=3",
        "--column",
        "right:id=A",
        "--encoding",
        "right:mac",
    )
    assert pairs == {("x", "7")}
    assert (
        "odd.csv (Mac Roman, columns separated by !) was read as: A → id · B → name · C → VAT number." in said
    )
    Path("none.csv").write_text("7;Noël BV;9000\n8;Maes;9000\n", encoding="utf-8")
    ended = run(
        "find", "none.csv", "--header-row", "0", "--column", "name=B", "--column", "postcode=C", "--json"
    )
    assert json.loads(ended.out)["counts"]["left"] == 2
    ended = run("find", "r.csv", "--column", "vat=-", "--json")
    assert "Left out: BTW." in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--column", "vat"], "“vat” is no column: write what it holds and its letter, such as vat=C."),
        (["--column", "shoe=A"], "There is no field “shoe”"),
        (["--column", "vat=Z"], "encoding-good.csv has no column “Z”: name one by its letter (A to E)"),
        (["--header-row", "x"], "“x” is no row"),
        (["--header-row", "99"], "holds nothing on row 99"),
        (["--separator", "ab"], "“ab” cannot separate columns"),
        (["--sheet", "Klanten"], "is no workbook, so it has no sheet “Klanten”"),
    ],
)
def test_what_cannot_be_meant_by_hand_gets_one_sentence(run: Run, words: list[str], said: str) -> None:
    ended = run("find", "encoding-good.csv", *words)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize(
    ("titles", "values", "denied"),
    [
        ("email;_website", "a@maes.example;base", "_website"),
        ("Naam;Client;Email", "Maes;1;a@b.example", "Client"),
        ("Naam;Mail", "Maes;per post", "Mail"),
        ("Naam;GSM", "Maes;ja", "GSM"),
        ("Naam;BTW", "Maes;vrijgesteld", "BTW"),
        ("Naam;Rekening", "Maes;contant", "Rekening"),
        ("Voornaam;Achternaam;Bedrijf", "An;Maes;ja", "Bedrijf"),
    ],
)
def test_a_column_that_its_values_deny_is_not_taken(run: Run, titles: str, values: str, denied: str) -> None:
    Path("l.csv").write_text(f"{titles}\n{values}\n{values}\n", encoding="utf-8")
    assert (
        f"Left out: {denied} (its values are something else)." in run("find", "l.csv").err
        or denied == "Client"
    )


# --- workbooks -----------------------------------------------------------------------------------------------


def test_the_sheet_holds_for_the_workbook_and_the_first_that_holds_a_list_is_found(run: Run) -> None:
    assert sure(run, "sheet-list.csv", "sheet-two.xlsx", "--sheet", "Klanten")[0] == SAME
    pairs, said = sure(run, "sheet-list.csv", "sheet-two.xlsx")
    assert pairs == SAME
    assert "sheet-two.xlsx (sheet “Klanten”)" in said
    wrong = run("find", "--left", "sheet-list.csv", "--right", "sheet-two.xlsx", "--sheet", "right:Blad9")
    assert wrong.code == 2
    assert "has no sheet “Blad9”; it has: Instructies, Klanten." in wrong.err
    both = run("find", "sheet-two.xlsx", "--encoding", "cp1252")
    assert "is a workbook, so it has neither an encoding nor a separator" in both.err


def test_a_value_without_a_title_is_named_by_its_column(run: Run) -> None:
    ended = run("find", "--left", "sheet-list.csv", "--right", "value-without-title.xlsx")
    assert ended.code == 2
    assert "row 2: “los” is in column F, which has no title" in ended.err
    assert "separator" not in ended.err
    assert "quotation" not in ended.err


def test_zeros_that_only_a_format_shows_are_written_as_shown(run: Run) -> None:
    rows, _said, _err = written(run, "zeros-by-format.xlsx", "--criterion", "name+postcode")
    assert [row[1] for row in rows] == ["0012", "0007", "0031"]
    assert [row[3] for row in rows] == ["01067", "06000", "08500"]
    assert rows[2][2] == "BE 0403.170.701"


@pytest.mark.parametrize(
    ("codec", "names", "row"),
    [
        ("cp850", ["Élodie Lefèbvre", "Ferme du Frère"], 0),
        ("cp437", ["Élodie Lefèbvre"], 0),
        ("cp1250", ["Bäckerei Müller", "Jiří Novák", "Café"], 2),
        ("cp1250", ["Société Générale", "Paweł BV"], 2),
        ("cp1254", ["Société Générale", "Şahin Döner"], 2),
        ("mac_roman", ["Crème", "Åkesson AB", "Été"], 2),
    ],
)
def test_a_name_that_is_read_wrongly_is_never_written(
    run: Run, codec: str, names: list[str], row: int
) -> None:
    """Read rightly, or refused, or the row named and left out: `row`, where the rest is right."""
    lines = [f"{name};{at};" for at, name in enumerate(names, 1)]
    text = "\n".join(["Name;Accounting package customer number;VAT number", *lines, ""])
    Path("s.csv").write_bytes(text.encode(codec))
    ended = run("csv", "s.csv", "--output", "o.csv", "--json")
    if ended.code == 2:
        assert "--encoding" in ended.err
        assert not Path("o.csv").exists()
        return
    content = Path("o.csv").read_text(encoding="utf-8-sig")
    written_names = [line.split(";")[0] for line in content.splitlines()[1:]]
    assert written_names == [name for at, name in enumerate(names, 1) if at != row]
    assert not row or json.loads(ended.out)["unreadable"] == [row]


def test_the_line_that_does_not_tell_its_encoding_is_named(run: Run) -> None:
    Path("s.csv").write_text("Naam;Plaats\nMa\x92es;Gent\n", encoding="utf-8")
    assert "line 2 may read" in run("find", "s.csv").err


TITLES = {
    "Account Name;Billing Street;Billing City;Billing Zip/Postal Code": "name street city postcode",
    "First Name;Last Name;Account Name;Mailing Street;Mailing City": "first_name last_name company street city",
    "Organization - Name;Organization - Address": "name street",
    "Unternehmensname;Telefonnummer;Postleitzahl": "name phone postcode",
    "No.;Name;Post Code;Country/Region Code;VAT Registration No.": "- name postcode country vat",
    "N°;Nom;Code pays/région;N° identif. intracomm.": "- name country vat",
    "Nr.;Name;PLZ-Code;Länder-/Regionscode;Telefonnr.": "- name postcode country phone",
    "Debiteurnaam;Vestigingsadres straat;Vestigingsadres plaats": "name street city",
    "NAME1;ADRESS1;VATNUMBER;TELNUMBER;BNKACCNT": "name street vat phone iban",
    "CNAME1;CADDRESS1;CZIPCODE;CLOCALITY;CCOUNTRYCODE;CVATNO": "name street postcode city country vat",
    "First Name;Default Address Company;Default Address Zip": "first_name company postcode",
    "Vorname;Nachname;Primäre E-Mail-Adresse;Adresse dienstlich": "first_name last_name email street",
    "Naam;Straat 2;BTW-identificatienummer": "name street_more vat",
}


@pytest.mark.parametrize("titles", TITLES)
def test_titles_of_other_programs_are_known(titles: str) -> None:
    header = titles.split(";")
    taken = recognised(header).taken()
    assert [taken.get(at, "-") for at in range(len(header))] == TITLES[titles].split()


def test_a_vat_type_that_teamleader_does_not_have_is_named(run: Run) -> None:
    Path("d.csv").write_text("Name;VAT type\nMaes BV;Contractor\nSmet BV;xyz\n", encoding="utf-8")
    assert (
        "1 VAT type is none that Teamleader has, and is not read (row 2: xyz under VAT type)"
        in run("find", "d.csv").err
    )


def test_how_a_file_is_read_is_not_said_without_a_file(run: Run) -> None:
    for words in (["check", "--offline"], ["duplicates", "find"]):
        assert main.run(["--sandbox", "healthy", *words, "--encoding", "cp850"]) == 2


def test_words_for_nothing_and_numbers_with_an_exponent_are_not_numbers(run: Run) -> None:
    values = ["NaN", "null", "1E5", "TRUE", "1.234", "0012"]
    Path("s.csv").write_text(
        "Name;Accounting package customer number;VAT number\n"
        + "".join(f"Firma {at};{value};\n" for at, value in enumerate(values)),
        encoding="utf-8",
    )
    rows, said, err = written(run, "s.csv")
    assert [row[1] for row in rows] == ["", "", "", "", "", "0012"]
    assert said["spoilt"] == [1, 2, 3, 4, 5]
    assert "5 values were spoilt by a spreadsheet" in err
