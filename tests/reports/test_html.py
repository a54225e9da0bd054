"""The report as a web page: valid, accessible, printable, and nothing from outside is more than text in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from msgspec.structs import replace

from octowizard.presentation.blocks import Block, Table
from octowizard.presentation.visible import lines_kept
from octowizard.reports import render
from tests.reports.browser import chromium, needs_browser, violations
from tests.reports.hostile import HOSTILE, report

TOGETHER = " ".join(HOSTILE)


def parsed(page: bytes) -> Element:
    """The page as a strict reader has it; it raises for what is not valid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        html5lib = pytest.importorskip("html5lib")
        reader = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        tree: Element = reader.parse(page.decode())
    return tree


def on_paper(folder: Path, *blocks: Block) -> str:
    """The text of a report of these blocks as Chromium prints it, its pages apart by form feeds."""
    needs_browser()
    made = report("Acme")
    chapter = replace(made.chapters[0], blocks=blocks, pages=())
    file, printed = folder / "report.html", folder / "report.pdf"
    file.write_bytes(render(replace(made, chapters=(chapter,)), "html"))
    chromium(folder, "--no-pdf-header-footer", f"--print-to-pdf={printed}", file.as_uri())
    if shutil.which("pdftotext") is None:
        pytest.skip("printed; without pdftotext nobody can look at the pages here")
    read = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, check=True)
    return read.stdout.decode()


def words(of: Element) -> str:
    return " ".join(" ".join(of.itertext()).split())


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_read_letter_for_letter_and_is_never_markup(said: str) -> None:
    page = parsed(render(report(said), "html"))
    calm = parsed(render(report("calm"), "html"))
    assert [one.tag for one in page.iter()] == [one.tag for one in calm.iter()]
    assert [sorted(one.keys()) for one in page.iter()] == [sorted(one.keys()) for one in calm.iter()]
    shown = " ".join(lines_kept(said).split())
    assert words(page).count(shown) >= 20
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u2066\ud800]", words(page))


def test_the_page_stands_by_itself_and_runs_nothing() -> None:
    page = render(report(TOGETHER), "html").decode()
    tree = parsed(page.encode())
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in page
    tags = {str(one.tag).rpartition("}")[2] for one in tree.iter()}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for one in tree.iter():
        for name, value in one.items():
            assert not name.startswith("on"), name
            assert name not in ("src", "srcset", "style", "action"), name
            assert name != "href" or value.startswith("#"), value
    assert "url(http" not in page
    assert "@import" not in page


def test_its_structure_is_that_of_a_document() -> None:
    tree = parsed(render(report("Acme"), "html"))
    assert tree.get("lang") == "en"
    levels = [int(str(one.tag)[1]) for one in tree.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert table.find("thead") is not None
        assert all(one.get("scope") in ("col", "row") for one in table.iter("th"))
    assert [one.get("lang") for one in tree.iter("div") if one.get("lang")] == ["nl"]
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {one.get("href") for one in tree.iter("a")} <= {f"#{id}" for id in ids}


def test_figures_of_a_chart_are_written_beside_its_bars_and_read_aloud() -> None:
    tree = parsed(render(report("Acme"), "html"))
    figure = next(tree.iter("figure"))
    for shown in ("5,50", "-3", "7"):
        assert words(figure).split().count(shown) == 2  # in the drawing, and in the table for readers


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_has_nothing_serious_against_it(tmp_path: Path, dark: bool) -> None:
    needs_browser()
    page = render(report(TOGETHER), "html").decode()
    found = violations(page, tmp_path, dark=dark)
    assert [one for one in found if one[0] in ("serious", "critical")] == []


def test_it_is_printed_on_paper_of_a4_with_the_names_of_columns_on_every_page(tmp_path: Path) -> None:
    rows = tuple((f"row {number}", str(number)) for number in range(120))
    text = on_paper(tmp_path, Table(rows, caption="Long", head=("Name", "Column")))
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 2
    assert all("Column" in page for page in pages)
    assert re.search(rf"1 ?/ ?{len(pages)}", pages[0])


def test_a_long_name_does_not_break_the_words_beside_it(tmp_path: Path) -> None:
    """Of a customer of 170 letters and five columns of figures: `Teamleader` stands on one line."""
    figures = ("12 870,13", "-12 870,13", "-2 870,13", "-14 870,13")
    rows = tuple((TOGETHER, side, *figures) for side in ("Teamleader", "différence"))
    table = Table(rows, right=frozenset({2, 3, 4, 5}), head=("", "côté", "nombre", "base", "TVA", "total"))
    text = on_paper(tmp_path, table)
    assert "Teamleader" in text
    assert "différence" in text
    assert text.count("-14 870,13") == 2  # nothing is beyond the paper


def test_on_paper_a_row_stays_with_what_belongs_to_it(tmp_path: Path) -> None:
    of_three = [(f"row {number}", "Teamleader") for number in range(40)]
    rows = tuple(line for row in of_three for line in (row, ("", "Octopus"), ("", "difference")))
    tables = tuple(
        Table(rows[: 3 * (2 + number)], caption="Caption", head=("Name", "Side")) for number in range(14)
    )
    text = on_paper(tmp_path, *tables)
    pages = [
        [line.split() for line in page.splitlines() if line.strip()] for page in text.rstrip("\f").split("\f")
    ]
    assert len(pages) > 3
    for page in pages:
        last = next(line for line in reversed(page) if not re.fullmatch(r"\d+/\d+", "".join(line)))
        assert last[-1] == "difference", last  # no caption, head or half of a group at its foot
