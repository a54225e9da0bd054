"""Lists in files: whatever wrote them is read, and what cannot be read gets one sentence that says what to do."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard.customers import tables
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.tables import Table, open_table

ROWS = [["id", "Naam", "Gemeente"], ["1", "Café Łukasz; [BE]", "Liège"], ["2", 'De "Zon", bv', "Gent"]]
PLAIN = [["id", "Naam", "Gemeente"], ["1", "Café; [BE]", "Liège"], ["2", 'De "Zon", bv', "Gent"]]


def text(rows: list[list[str]], separator: str = ";") -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in '";,\t|\n') else value

    return "".join(separator.join(cell(value) for value in row) + "\r\n" for row in rows)


def read(table: Table) -> list[list[str]]:
    return [list(table.header), *table.rows]


def workbook(
    path: Path, rows: list[list[object]], merge: str = "", sheets: tuple[str, ...] = ("Sheet1",)
) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name in sheets:
        sheet = book.add_worksheet(name)
        if name == sheets[-1]:
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(place, column, value)
            if merge:
                sheet.merge_range(merge, rows[0][0])
    book.close()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_unicode_encoding_and_separator_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(text(ROWS, separator).encode(encoding))
    assert read(open_table(file)) == ROWS


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_what_windows_and_old_programs_write_is_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(text(PLAIN).encode(encoding))
    assert read(open_table(file)) == PLAIN


def test_the_euro_of_windows_is_no_control_character(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes("naam;nota\r\nMaes;€ 5 – “ja”\r\n".encode("cp1252"))
    assert read(open_table(file))[1] == ["Maes", "€ 5 – “ja”"]


def test_excel_s_own_mark_of_the_separator_is_no_header(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("sep=;\nname;city\nMaes;Gent\n", encoding="utf-8")
    assert read(open_table(file)) == [["name", "city"], ["Maes", "Gent"]]


def test_blanks_after_a_separator_and_empty_rows_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text('\n\nid, name\n1, "Maes, Jan"\n\n ,\n2, Peeters\n', encoding="utf-8")
    assert read(open_table(file)) == [["id", "name"], ["1", "Maes, Jan"], ["2", "Peeters"]]


def test_rows_that_end_early_are_filled_up(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("a;b;c\n1;2;3;;\n1\n", encoding="utf-8")
    assert read(open_table(file)) == [["a", "b", "c"], ["1", "2", "3"], ["1", "", ""]]


def test_a_text_over_several_lines_stays_one_text(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b'a;b\r\n"Kerkstraat 1\n9000 Gent";x\r\n')
    assert read(open_table(file))[1] == ["Kerkstraat 1\n9000 Gent", "x"]


def test_a_list_of_one_column_is_a_list(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name\nMaes, Jan\nPeeters; An\n", encoding="utf-8")
    assert read(open_table(file)) == [["name"], ["Maes, Jan"], ["Peeters; An"]]


def test_a_workbook_gives_texts_as_people_read_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "postcode", "since", "ok"],
        [1042, 9000.0, "x", True],
        [1.5, "B-9000", None, False],
    ]
    file = workbook(tmp_path / "list.xlsx", rows)
    assert read(open_table(file)) == [
        ["id", "postcode", "since", "ok"],
        ["1042", "9000", "x", "TRUE"],
        ["1.5", "B-9000", "", "FALSE"],
    ]


def test_a_date_in_a_workbook_is_written_as_iso(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "d.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "birth date"])
    sheet.write(1, 0, "Jan")
    sheet.write_datetime(1, 1, date(1980, 2, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    assert read(open_table(tmp_path / "d.xlsx"))[1] == ["Jan", "1980-02-01"]


def test_the_first_sheet_that_holds_anything_is_read_or_the_one_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [["name"], ["Maes"]]
    file = workbook(tmp_path / "list.xlsx", rows, sheets=("Empty", "Customers"))
    assert open_table(file).sheet == "Customers"
    assert read(open_table(file, ByHand(sheet="Customers"))) == [["name"], ["Maes"]]


def test_a_workbook_that_is_called_csv_is_read_all_the_same(tmp_path: Path) -> None:
    rows: list[list[object]] = [["name"], ["Maes"]]
    file = workbook(tmp_path / "list.xlsx", rows).rename(tmp_path / "list.csv")
    assert read(open_table(file)) == [["name"], ["Maes"]]


def test_a_heading_above_the_titles_is_skipped_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Customers", None, None], ["id", "name", "city"], [1, "Maes", "Gent"]]
    table = open_table(workbook(tmp_path / "f.xlsx", rows, merge="A1:C1"))
    assert read(table) == [["id", "name", "city"], ["1", "Maes", "Gent"]]
    assert table.titles_row == 2
    assert "1 line above the titles, which are on row 2, was skipped (“Customers”)" in table.notes[0]
    (tmp_path / "f.csv").write_text("Export of 2026;;\n\nid;name;city\n1;Maes;Gent\n", encoding="utf-8")
    table = open_table(tmp_path / "f.csv")
    assert read(table) == [["id", "name", "city"], ["1", "Maes", "Gent"]]
    assert "which are on row 3" in table.notes[0]


def _missing(folder: Path) -> Path:
    return folder / "nowhere.csv"


def _folder(folder: Path) -> Path:
    return folder


def _empty(folder: Path) -> Path:
    (folder / "f.csv").write_bytes(b"")
    return folder / "f.csv"


def _blank(folder: Path) -> Path:
    (folder / "f.csv").write_bytes(b" \r\n\r\n")
    return folder / "f.csv"


def _empty_workbook(folder: Path) -> Path:
    return workbook(folder / "f.xlsx", [])


def _binary(folder: Path) -> Path:
    (folder / "f.csv").write_bytes(bytes(range(256)) * 20)
    return folder / "f.csv"


def _picture(folder: Path) -> Path:
    (folder / "f.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(300))
    return folder / "f.csv"


def _broken_workbook(folder: Path) -> Path:
    (folder / "f.xlsx").write_bytes(b"PK\x03\x04" + b"nothing of a workbook" * 30)
    return folder / "f.xlsx"


def _other_zip(folder: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(folder / "f.xlsx", "w") as packed:
        packed.writestr("letter.txt", "hello")
    return folder / "f.xlsx"


def _old_workbook_broken(folder: Path) -> Path:
    (folder / "f.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return folder / "f.xls"


def _merged_in_part(folder: Path) -> Path:
    rows: list[list[object]] = [["name", "address", None], ["Maes", "Kerkstraat", "1"]]
    book = xlsxwriter.Workbook(str(folder / "f.xlsx"))
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    sheet.merge_range("B1:C1", "address")
    book.close()
    return folder / "f.xlsx"


def _wide(folder: Path) -> Path:
    line = ";".join(f"c{n}" for n in range(300))
    (folder / "f.csv").write_text(f"{line}\n{line}\n", encoding="utf-8")
    return folder / "f.csv"


def _wide_row(folder: Path) -> Path:
    (folder / "f.csv").write_text("id,name,city\n1,Maes, Jan,Gent\n", encoding="utf-8")
    return folder / "f.csv"


def _open_quote(folder: Path) -> Path:
    (folder / "f.csv").write_text('id;name\n1;"Maes\n2;Peeters\n', encoding="utf-8")
    return folder / "f.csv"


def _endless_field(folder: Path) -> Path:
    (folder / "f.csv").write_text(f'id;name\n1;"{"x" * 300_000}\n', encoding="utf-8")
    return folder / "f.csv"


def _stray_quote(folder: Path) -> Path:
    (folder / "f.csv").write_text('id;name\n1;"De "Zon" bv"\n', encoding="utf-8")
    return folder / "f.csv"


def _no_utf8(folder: Path) -> Path:
    (folder / "f.csv").write_bytes(b"\xef\xbb\xbfid;name\n1;Caf\xe9\n")
    return folder / "f.csv"


def _half_utf16(folder: Path) -> Path:
    (folder / "f.csv").write_bytes("id;name\n1;Maes\n".encode("utf-16")[:-1] + b"\xd8")
    return folder / "f.csv"


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        ("%PDF-1.7\n1 0 obj\n", "is a PDF"),
        ("<!DOCTYPE html><html><body>Session expired</body></html>", "is a web page"),
        ("\n <table><tr><td>Name</td></tr></table>", "is a web page"),
        ('<?xml version="1.0"?><Workbook/>', "is XML or JSON"),
        ('[{"name": "Maes"}]', "is XML or JSON"),
    ],
)
def test_what_another_program_reads_is_named(tmp_path: Path, begins: str, words: str) -> None:
    (tmp_path / "f.csv").write_text(begins, encoding="utf-8")
    with pytest.raises(BadTable, match=words):
        open_table(tmp_path / "f.csv")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_missing, "There is no file"),
        (_folder, "is a folder"),
        (_empty, "is empty"),
        (_blank, "is empty"),
        (_empty_workbook, "is empty"),
        (_binary, "neither a workbook nor text"),
        (_picture, "neither a workbook nor text"),
        (_broken_workbook, "no workbook that can be read"),
        (_other_zip, "no workbook that can be read"),
        (_old_workbook_broken, "no workbook that can be read"),
        (_merged_in_part, "merged cells"),
        (_wide, "has 300 columns, more than the 200"),
        (_wide_row, "row 1 below the titles: it has more values than there are columns"),
        (_open_quote, "never closed"),
        (_endless_field, "never closed"),
        (_stray_quote, "line 2: a value in quotation marks goes on"),
        (_no_utf8, "says that it is UTF-8 and is not"),
        (_half_utf16, "breaks off within a letter"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_bad_file_gets_one_sentence_that_says_what_to_do(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    with pytest.raises(BadTable) as told:
        read(open_table(make(tmp_path)))
    sentence = str(told.value)
    assert words in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    file = workbook(tmp_path / "f.xlsx", [["name"], ["Maes"]], sheets=("Blad1", "Klanten"))
    with pytest.raises(BadTable, match="has no sheet “Customers”; it has: Blad1, Klanten"):
        open_table(file, ByHand(sheet="Customers"))
    (tmp_path / "f.csv").write_text("name\nMaes\n", encoding="utf-8")
    with pytest.raises(BadTable, match="is no workbook"):
        open_table(tmp_path / "f.csv", ByHand(sheet="Customers"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights that keep a file from being read")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("name\n", encoding="utf-8")
    file.chmod(0)
    with pytest.raises(BadTable, match="cannot be read"):
        open_table(file)


def test_more_rows_than_any_list_of_customers_has_are_not_read_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    (path := tmp_path / "lines.csv").write_text("Name\n" + "Zoë\n" * 4)
    rows = tables.open_table(path).rows
    assert [next(rows) for _row in range(3)] == [["Zoë"]] * 3
    with pytest.raises(BadTable, match=r"lines.csv has more than 3 rows below the titles"):
        next(rows)


def test_forty_thousand_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("id;name\n" + "".join(f"{n};Maes {n}\n" for n in range(40_000)), encoding="utf-8")
    assert sum(1 for _ in open_table(file).rows) == 40_000


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_no_content_makes_the_reader_fail_in_another_way(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("any") / "f.csv"
    for beginning in (b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"id;name\n"):
        file.write_bytes(beginning + content)
        width = {0}
        with suppress(BadTable):
            width = {len(row) for row in read(open_table(file))}
        assert len(width) == 1
