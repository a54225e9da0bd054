"""The report as Markdown, JSON and a workbook: the same facts, and nothing from outside is more than text."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import msgspec
import pytest
import python_calamine
from markdown_it import MarkdownIt

from octowizard.presentation.visible import lines_kept, plain
from octowizard.reports import render
from tests.reports.hostile import HOSTILE, report


def kinds(text: str) -> list[str]:
    """What a reader of Markdown takes the text for, apart from the words themselves."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inline = [child for one in tokens for child in one.children or ()]
    return [one.type for one in (*tokens, *inline) if one.type not in ("text", "text_special", "inline")]


@pytest.mark.parametrize("said", [one for one in HOSTILE if "\n" not in one], ids=ascii)
def test_a_hostile_name_is_no_markup_of_markdown(said: str) -> None:
    hostile, calm = (render(report(one), "md").decode() for one in (said, "calm"))
    assert kinds(hostile) == kinds(calm)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(hostile)
    shown = " ".join(
        "".join(child.content for child in one.children or ()) for one in tokens if one.type == "inline"
    )
    assert shown.count(" ".join(plain(said).split(" ")).strip()) >= 10


def test_markdown_shows_links_of_strangers_as_text() -> None:
    text = render(report("see https://example.org and www.example.org"), "md").decode()
    assert "https\\://example.org" in text
    assert "www\\.example.org" in text


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_json_is_of_the_promised_shape_and_has_every_name_as_it_is(said: str) -> None:
    if "\ud800" in said:
        said = said.replace("\ud800", "")
    body = msgspec.json.decode(render(report(said), "json"))
    assert list(body) == [
        "schema", "command", "profile", "title", "language", "spoken", "made_at", "read_at", "notes", "chapters",
    ]  # fmt: skip
    chapter = body["chapters"][0]
    assert (body["schema"], body["command"], body["title"], chapter["title"]) == (1, "report", said, said)
    named = [block["block"] for block in chapter["blocks"]]
    assert named == ["heading", "item", "item", "entry", "entry", "table", "bars", "gap"]
    table = chapter["blocks"][5]
    assert table["rows"][0] == [said, -1210.0, 3]
    assert chapter["pages"][0]["under"] == [said, "2"]


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_a_workbook_holds_texts_as_texts_and_amounts_as_numbers(said: str) -> None:
    body = render(report(said), "xlsx")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
        assert not any("externalLink" in name for name in parts.namelist())
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    cells = [
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]
    assert cells.count(lines_kept(said).replace("\r", "")) >= 5
    assert -1210.0 in cells
    assert float(Decimal("0.01")) in cells
    assert 20003.0 in cells
