"""What a spreadsheet makes of numbers is mended where that is certain, and never written on where it is not."""

import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from octowizard.customers import route
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.exports import read
from octowizard.customers.spoilt import mended, twice_encoded, unreadable
from octowizard.customers.workbook_child import hides_zeros, with_zeros


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("vat", "403170701.0", "403170701"),
        ("vat", "BE403170701,0", "BE403170701"),
        ("vat", "4.03170701E+08", "403170701"),  # every digit is there, and the checksum holds
        ("vat", "4,03170701e8", "403170701"),
        ("vat", "4.03170702E+08", None),
        ("vat", "4,03E+08", None),
        ("vat", "BE4,03E+08", None),
        ("vat", "0403.170.701", "0403.170.701"),
        ("vat", "########", None),
        ("vat", "#N/B", None),
        ("vat", "=BE0403170701", None),
        ("vat", "-", ""),
        ("external", "12.0", "12"),
        ("external", "12,00", "12"),
        ("external", "1.000", None),  # may be a thousand
        ("external", "12.500", None),
        ("external", "1 234", None),
        ("external", "45123,5", None),
        ("external", "12.0000", "12"),
        ("external", "1E5", None),
        ("external", "NaN", None),
        ("external", "n/a", None),
        ("external", '="0012"', "0012"),
        ("external", "05/2024", "05/2024"),
        ("vat", "403170701.000", "403170701"),
        ("vat", "BE 403170701.0", "BE 403170701"),
        ("vat", "403170701.5", None),
        ("vat", "403170701E0", None),
        ("vat", "nan", None),
        ("vat", '="0403170701"', "0403170701"),
        ("postcode", "9.000", None),
        ("postcode", "1e3", None),
        ("postcode", "110 00", "110 00"),
        ("external", "1,2E+01", None),
        ("external", "'0012", "0012"),
        ("external", "2024-05-03", None),
        ("external", "K-12", "K-12"),
        ("phone", "3.24751E+10", None),
        ("phone", "32475112233.0", "32475112233"),
        ("phone", "+32 475 11 22 33", "+32 475 11 22 33"),
        ("number", "5-mei", None),
        ("number", "3-5", "3-5"),
        ("number", "12E3", "12E3"),
        ("number", "2026-05-03", None),
        ("postcode", "9000.0", "9000"),
        ("postcode", "1,07E+03", None),
        ("iban", "BE71 0961 2345 6769", "BE71 0961 2345 6769"),
        ("id", "4E10", "4E10"),
        ("id", "1.5", "1.5"),
    ],
)
def test_a_number_is_what_it_was_or_none(field: str, written: str, meant: str | None) -> None:
    assert mended(field, written, "BE") == meant


def test_a_name_is_known_to_be_spoilt_and_no_name_is_taken_for_one() -> None:
    spoilt = ["Caf\x82", "Ma\x00es", "No\ufffdl", "\x9d", "Caf\x85", "For?t", "?lagage"]
    assert all(map(unreadable, spoilt))
    right = ["Café", "De\nSmet", "A\tB", "Maes\u00a0BV", "Łukasz", "מאפיית", "Wat nu?", "Wie? BV"]
    assert not any(map(unreadable, right))
    twice = ["CafÃ©", "NoÃ«l", "MÃ¼ller", "CafÃ© Zoë", "â€™t Hoekje", "L’Ã‰toile", "CÅ“ur", "Caf√©", "Caf├®"]
    assert all(map(twice_encoded, [*twice, "LÃ‰toile", "Caf&eacute;", "A &amp; B"]))
    once = ["«CAFÉ»", "Dupont & Fils", "R&D; Co", "Ålesund ’t", "São Paulo", "Ångström", "Âge d’or", "Café"]
    assert not any(map(twice_encoded, [*once, "ÉTÉ"]))


@pytest.mark.parametrize(
    ("form", "digits", "shown"),
    [
        ("00000", "1067", "01067"),
        ("0000", "12345", "12345"),
        ("0000000000", "403170701", "0403170701"),
        ("0#########", "475112233", "0475112233"),
        ('"BE"0000000000', "403170701", "BE0403170701"),
        (r"0000\.000\.000", "403170701", "0403.170.701"),
        (r"000\ 00\ 00\ 00", "475112233", "475 11 22 33"),
        ("[$-813]0000", "12", "0012"),
    ],
)
def test_a_number_is_shown_as_its_format_shows_it(form: str, digits: str, shown: str) -> None:
    assert with_zeros(form, digits) == shown


def book(path: Path, *sheets: tuple[str, bool, list[list[object]]], form: str = "00000") -> Path:
    """A workbook: names, whether each sheet is hidden, and its rows; whole numbers get the format."""
    made = xlsxwriter.Workbook(str(path))
    padded = made.add_format({"num_format": form})
    for name, hidden, rows in sheets:
        sheet = made.add_worksheet(name)
        if hidden:
            sheet.hide()
        for at, row in enumerate(rows, 2):
            for column, value in enumerate(row, 1):
                sheet.write(at, column, value, padded if isinstance(value, int) else None)
    made.get_worksheet_by_name(next(name for name, hidden, _rows in sheets if not hidden)).activate()
    made.close()
    return path


LIST: list[list[object]] = [["Naam", "Postcode"], ["Bäcker", 1067], ["Père", 6000]]


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path: Path) -> None:
    old: list[list[object]] = [["Naam", "Postcode"], ["Oud", 9000]]
    file = book(
        tmp_path / "l.xlsx", ("Oud", True, old), ("Uitleg", False, [["Lees dit"]]), ("Nu", False, LIST)
    )
    export = read(file)
    assert export.reading.sheet == "Nu"
    assert [(one.name, one.postcode) for one in export.customers] == [("Bäcker", "01067"), ("Père", "06000")]
    assert [one.name for one in read(file, ByHand(sheet="Oud")).customers] == ["Oud"]
    only = book(tmp_path / "h.xlsx", ("Leeg", False, []), ("Oud", True, old))
    with pytest.raises(BadTable, match=r"holds nothing in its visible sheets.*\(Leeg, Oud\)"):
        read(only)


def test_a_list_that_begins_further_in_the_sheet_keeps_its_letters_and_zeros(tmp_path: Path) -> None:
    file = book(tmp_path / "l.xlsx", ("Blad", False, [["Klanten van 2026"], *LIST, ["Maes", 9000, "los"]]))
    with pytest.raises(BadTable, match="row 7: “los” is in column D, which has no title"):
        read(file)
    export = read(book(tmp_path / "m.xlsx", ("Blad", False, [["Klanten van 2026"], *LIST])))
    assert export.reading.titles_row == 4
    assert [one.postcode for one in export.customers] == ["01067", "06000"]


# --- what is written ---------------------------------------------------------------------------------------

SCIENTIFIC = re.compile(r"'?[+-]?\d([.,]\d+)?[eE][+-]?\d+")
odd_text = st.one_of(
    st.sampled_from(
        ["Café Noël", "Maes\x92", "=1+1", "De\nSmet", "1E+05", "4,03E+08", "CafÃ©", "#NAAM?", "\u200bX", "-"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)
numbers = st.one_of(
    st.sampled_from(
        ["12.0", "1,2E+01", "4,03E+08", "403170701.0", "BE0403170701", "0012", "########", "'12", "x\x80", ""]
    ),
    st.floats(min_value=1, allow_infinity=False).map(repr),
    st.integers(0, 10**12).map(str),
)


@example(rows=[("0E0", "12", "12", "12"), ("Café Noël", "12", "12", "12")])
@example(rows=[("'1,2E+05", "12", "12", "12"), ("'7E7", "12", "12", "12"), ("Café Noël", "12", "12", "12")])
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(odd_text, numbers, numbers, numbers), min_size=1, max_size=5))
def test_the_csv_holds_no_control_character_no_spoilt_number_and_no_other_name(
    rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("s") / "s.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        titles = ["Name", "Accounting package customer number", "VAT number", "Zip Code"]
        csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerows([titles, *rows])
    try:
        content = route.files(route.cleaned(read(file)).lines, ("name", "postcode"))
    except BadTable:
        return
    names = {_shown(row[0]) for row in rows}
    for part in content:
        for cells in list(csv.reader(io.StringIO(part.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]:
            assert not any(unicodedata.category(letter) == "Cc" for cell in cells for letter in cell)
            assert not any(SCIENTIFIC.fullmatch(cell) for cell in cells)
            assert {_shown(cells[0]), _shown(cells[0].removeprefix("'"))} & names


def _shown(name: str) -> str:
    """A name as it is seen: a line break is a blank, and what has no shape of its own is not there."""
    spaced = "".join(" " if one in "\t\r\n\v\f\x85\u2028\u2029" else one for one in name.strip())
    return "".join(
        one for one in spaced if one in "\u200c\u200d" or unicodedata.category(one) != "Cf"
    ).strip()


def test_what_a_workbook_cannot_hold_or_failed_to_make_is_named(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(str(tmp_path / "l.xlsx"))
    sheet = made.add_worksheet("Nu")
    sheet.write_row(0, 0, ["Naam", "Klantnummer boekhoudpakket", "BTW-nummer"])
    sheet.write_row(1, 0, ["Maes", 12345678901234567890, 403170701])
    sheet.write_row(2, 0, ["Smet", True])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    made.close()
    export = read(tmp_path / "l.xlsx")
    assert [(one.external, one.vat) for one in export.customers] == [("", "403170701"), ("", "")]
    assert export.spoilt == (1, 2)
    assert "row 2: #DIV/0! under BTW-nummer" in " ".join(export.reading.notes)


@pytest.mark.parametrize(
    "below",
    ["Totaal;;;", "Totaal: 2;;;", "TOTAL GÉNÉRAL;2;;", ";Aantal klanten;;", "Name;Number;VAT number;City"],
)
def test_a_total_and_the_titles_once_more_are_no_customer_and_are_named(below: str, tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    titles = "Name;Accounting package customer number;VAT number;City"
    below = titles if below.startswith("Name") else below
    file.write_text(f"{titles}\nMaes;12;;Gent\n{below}\nSmet;13;;Gent\nCa?fe;14;;Gent\n", "utf-8")
    export = read(file)
    assert [one.external for one in export.customers] == ["12", "13", "14"]
    assert export.skipped == (2,)
    assert "1 row is a total or the titles once more, and is skipped (row 2:" in " ".join(
        export.reading.notes
    )
    cleaned = route.cleaned(export)
    assert [(line.number, line.name) for line in cleaned.lines] == [(1, "Maes"), (3, "Smet")]


def test_a_count_under_phone_makes_no_customer_of_a_total(tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("Name;Phone;City\nMaes;09 233 44 55;Gent\nTotaal;1;\nTotaal;09 233 44 56;\n", "utf-8")
    export = read(file)
    assert ([one.name for one in export.customers], export.skipped) == (["Maes", "Totaal"], (2,))


def test_titles_without_rows_are_doubted(tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("Name;City\n", "utf-8")
    assert read(file).reading.notes == (
        "l.csv holds titles, and no customers below them: is it the right file?",
    )


@pytest.mark.parametrize("row", ["Total;12;0403063902;", "Totaal;;;Gent", "Total Immo;12;;", "1000;12;;"])
def test_a_firm_that_is_called_as_a_total_is_a_customer(row: str, tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text(f"Name;Accounting package customer number;VAT number;City\n{row}\n", "utf-8")
    assert [one.name for one in read(file).customers] == [row.partition(";")[0]]


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def test_zeros_that_a_format_shows_are_read_from_an_open_document_too(tmp_path: Path) -> None:
    def cell(value: str, shown: str = "", more: str = "") -> str:
        kind = f'office:value-type="float" office:value="{value}"' if shown else 'office:value-type="string"'
        return f"<table:table-cell {kind} {more}><text:p>{shown or value}</text:p></table:table-cell>"

    empty = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    rows = [
        [cell("Naam"), cell("Klantnummer boekhoudpakket"), cell("Postcode"), cell("Huisnummer")],
        [cell("Maes"), cell("12", "0012"), cell("1067", "01067"), cell("0.5", "0.50")],
    ]
    filled = ["".join(["<table:table-row>", *row, "</table:table-row>"]) for row in rows]
    with zipfile.ZipFile(tmp_path / "l.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml",
            f'<office:document-content {NAMESPACES} office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="K">{empty}{filled[0]}{empty}{filled[1]}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        file.writestr("META-INF/manifest.xml", "<manifest/>")
    only = read(tmp_path / "l.ods").customers[0]
    assert (only.external, only.postcode, only.number) == ("0012", "01067", "0.5")


def test_an_old_workbook_that_knows_a_format_with_zeros_says_that_it_hides_them(tmp_path: Path) -> None:
    record = b"\x1e\x04\x0a\x00\xa4\x00\x05\x00\x0000000"
    (tmp_path / "l.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 60 + record)
    assert hides_zeros(str(tmp_path / "l.xls"))
    (tmp_path / "l.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 60 + record.replace(b"00000", b"#,##0"))
    assert not hides_zeros(str(tmp_path / "l.xls"))
