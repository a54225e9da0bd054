"""A workbook made to eat memory or time gets one sentence, and octowizard lives on."""

import os
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from octowizard.customers import workbook_table
from octowizard.customers.by_hand import BadTable
from octowizard.customers.tables import open_table

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TITLES = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'


def xlsx(path: Path, rows: str, shared: str = "") -> Path:
    """A workbook of one sheet with those rows, as XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r0" Type="{_REL}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_REL}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        if shared:
            parts.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        parts.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return path


def _last_cell(file: Path) -> Path:
    return xlsx(file, f'{_TITLES}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def _bomb(file: Path) -> Path:
    """A small part that the directory says unpacks to 300 MB."""
    with zipfile.ZipFile(xlsx(file, _TITLES), "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("x", bytes(1_234_567))
    content = file.read_bytes()
    file.write_bytes(content.replace(struct.pack("<I", 1_234_567), struct.pack("<I", 300_000_000)))
    return file


def _lying(file: Path) -> Path:
    """A part of 32 MB that says it has 1,000 bytes, in its own header and in the directory."""
    content = xlsx(file, _TITLES + " " * 32_000_000).read_bytes()
    with zipfile.ZipFile(file) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    file.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 1_000)))
    return file


def _long_text(file: Path) -> Path:
    return xlsx(
        file, f'{_TITLES}<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 32_000_000}</t></is></c></row>'
    )


def _long_shared_text(file: Path) -> Path:
    return xlsx(
        file, f'{_TITLES}<row r="2"><c r="A2" t="s"><v>0</v></c></row>', f"<si><t>{'x' * 200_000}</t></si>"
    )


def _one_text_many_times(file: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 60_000))
    return xlsx(file, _TITLES + rows, f"<si><t>{'x' * 32_000}</t></si>")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_last_cell, "more than ten million cells"),
        (_bomb, "larger than 256 MB when unpacked"),
        (_lying, "no workbook that can be read"),
        (_long_text, "more text than Excel allows"),
        (_long_shared_text, "more text than Excel allows"),
        pytest.param(
            _one_text_many_times,
            "needs more memory|holds more text",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory"),
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_workbook_that_asks_for_too_much_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    with pytest.raises(BadTable, match=words) as told:
        open_table(make(tmp_path / "list.xlsx"))
    assert str(told.value).endswith(".")
    assert "\n" not in str(told.value)


def test_fifty_thousand_empty_rows_cost_nothing_and_count_for_nothing(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(2, 50_000))
    last = '<row r="50000"><c r="A50000"><v>7</v></c></row>'
    assert list(open_table(xlsx(tmp_path / "list.xlsx", _TITLES + empty + last)).rows) == [["7"]]


def test_a_reader_that_crashes_takes_nothing_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _child(tmp_path, monkeypatch, "import os; os.abort()")
    with pytest.raises(BadTable, match="needs more memory" if os.name != "nt" else "no workbook"):
        open_table(xlsx(tmp_path / "list.xlsx", _TITLES))


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_reader_that_fails_is_not_told_as_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _child(tmp_path, monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(BadTable, match="the reader of workbooks failed"):
        open_table(xlsx(tmp_path / "list.xlsx", _TITLES))


def test_an_answer_without_end_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _child(tmp_path, monkeypatch, "import sys\nwhile True: sys.stdout.write('x' * 9999)")
    monkeypatch.setattr(workbook_table, "_LARGEST_ANSWER", 100_000)
    with pytest.raises(BadTable, match="more text than octowizard reads"):
        open_table(xlsx(tmp_path / "list.xlsx", _TITLES))


def test_a_reader_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _child(tmp_path, monkeypatch, "import threading; threading.Event().wait()")
    monkeypatch.setattr(workbook_table, "_SECONDS", -0.9)  # and the second of grace
    with pytest.raises(BadTable, match=r"could not be read within .* seconds"):
        open_table(xlsx(tmp_path / "list.xlsx", _TITLES))


def test_the_reader_gets_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    _child(tmp_path, monkeypatch, f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setenv("OCTOWIZARD_OCTOPUS_PASSWORD", "hunter2")
    with pytest.raises(BadTable):
        open_table(xlsx(tmp_path / "list.xlsx", _TITLES))
    assert "hunter2" not in seen.read_text(encoding="utf-8")


def _child(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in place of the one that reads."""
    (folder / "workbook_child.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(workbook_table, "__file__", str(folder / "tables.py"))


def test_a_text_without_line_breaks_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("id;name\n" + "1;" * 4_000_001, encoding="utf-8")
    with pytest.raises(BadTable, match="a line of more than eight million characters"):
        list(open_table(file).rows)


def test_a_text_larger_than_any_list_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("id;name\n", encoding="utf-8")
    os.truncate(file, 500_000_001)  # takes no room on the disk
    with pytest.raises(BadTable, match="larger than 500 MB"):
        open_table(file)
