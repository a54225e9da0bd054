"""Every parser of what comes from outside: what it is fed with, and by which errors it may refuse.

An error of another kind is a crash that a user would see. What the vendors answer is spoilt in every way by
`python -m tests.hostile.run`, and what is sent to the stand-ins by `tests/sandbox/test_hostile_calls.py`.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import xlsxwriter
from hypothesis import strategies as st

from octowizard.customers import document_list, exports
from octowizard.customers.by_hand import BadTable
from octowizard.customers.undo_pack import Pack
from octowizard.locale.days import NotADay, day_of
from octowizard.onboarding import answers
from octowizard.problems import bundle_reading
from octowizard.problems.bundle import BundleError
from octowizard.problems.catalogue import Card, cards
from octowizard.problems.recognition import recognise
from octowizard.session.recordings import NoRecording, of_bundle
from octowizard.workspace import profiles, settings
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError
from octowizard.workspace.home import SETTINGS
from octowizard.workspace.profiles import Profile, ProfileError

Refusals = tuple[type[Exception], ...]


class Parser(NamedTuple):
    """`feed` makes what is given to `read`, which gets a folder of its own too; `refusals`: how it may say no."""

    name: str
    feed: st.SearchStrategy[Any]
    read: Callable[[Path, Any], object]
    refusals: Refusals = ()


# --- what is fed ----------------------------------------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [message for card in cards().values() for messages in card.messages.values() for message in messages]
)
SCRAPS = st.sampled_from(
    (
        "\r",
        "\x00",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u202e",
        "{",
        "%s",
        "[/x]",
        "\x1b[31m",
        "=1+1",
        '"',
        ";",
        "\t",
        "é",
        "€",
        "<b>",
        "ﬁ",
    )
)
TEXTS = st.lists(st.one_of(SENTENCES, SCRAPS, st.text(max_size=30), st.integers().map(str)), max_size=8).map(
    "".join
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """Well-formed bytes with some cut out, put in, or turned."""
    body = bytearray(whole)
    for _time in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(body) - 1)))
        match draw(st.sampled_from(("cut", "put", "turn", "end"))):
            case "cut":
                del body[at : at + draw(st.integers(1, 40))]
            case "put":
                body[at:at] = draw(st.binary(min_size=1, max_size=12))
            case "turn" if body:
                body[at] = draw(st.integers(0, 255))
            case "end":
                del body[at:]
    return bytes(body)


def members(struct: type[msgspec.Struct], well: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """A JSON object with the members of a record, of which some hold what they should not, or bytes near to it."""
    known = st.dictionaries(st.sampled_from(struct.__struct_fields__), JSON, max_size=4)
    changed = known.map(lambda some: json.dumps({**well, **some}).encode())
    return st.one_of(
        changed,
        JSON.map(lambda one: json.dumps(one).encode()),
        spoilt(json.dumps(well).encode()),
        st.binary(max_size=60),
    )


TABLES = st.lists(
    st.lists(
        st.one_of(TEXTS, st.sampled_from(("BE0403170701", "4,03E+08", "31/02/2026", "1.234,56", ""))),
        max_size=6,
    ),
    max_size=6,
)
TITLES = (
    "Name;VAT number;Street;Postcode;City",
    "Naam,BTW-nummer,Gemeente",
    "Factuurnummer\tDatum\tKlant\tTotaal incl. btw",
    "sep=;\nNom;N° TVA",
)


def _text_table(title: str, rows: list[list[str]], encoding: str) -> bytes:
    between = next((sign for sign in ";,\t" if sign in title), ";")
    return "\n".join([title, *(between.join(row) for row in rows)]).encode(encoding, errors="replace")


TEXT_TABLES = st.one_of(
    st.builds(
        _text_table,
        st.sampled_from(TITLES),
        TABLES,
        st.sampled_from(("utf-8", "utf-16", "cp1252", "cp850", "mac-roman")),
    ),
    st.binary(max_size=200),
)


def workbook(rows: list[list[str]]) -> bytes:
    """A workbook with these rows under titles."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([["Name", "VAT number", "City"], *rows]):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)
    book.close()
    return body.getvalue()


def bundle(about: bytes, run: bytes) -> bytes:
    """A support bundle with these two files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("about.json", about)
        packed.writestr("runs/1.jsonl", run)
    return body.getvalue()


ABOUT = st.one_of(
    st.just(b'{"schema": 1, "octowizard": "0.1.0"}'),
    JSON.map(lambda one: json.dumps(one).encode()),
    st.binary(max_size=40),
)
EVENTS = st.lists(
    st.one_of(
        JSON.map(json.dumps),
        st.builds(lambda kind, more: json.dumps({"schema": 1, "event": kind, **more}),
                  st.sampled_from(("run_started", "document_waiting", "document_booked", "run_finished", "nonsense")),
                  st.dictionaries(st.text(max_size=8), JSON, max_size=3)),
    ),
    max_size=5,
).map(lambda lines: "\n".join(lines).encode())  # fmt: skip


# --- what reads it --------------------------------------------------------------------------------------------------


def _file(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def _profile(folder: Path, body: bytes) -> object:
    _file(profiles.folder(folder, "p"), "profile.json", body)
    return profiles.load(folder, "p"), profiles.unknown_keys(folder, "p")


def _settings(folder: Path, body: bytes) -> object:
    _file(folder, SETTINGS, body)
    return settings.read(folder)


def _workspace(folder: Path, body: bytes) -> object:
    _file(folder, "workspace.sqlite", body)
    with Workspace(folder / "workspace.sqlite") as present:
        return present.rows("SELECT name FROM sqlite_master")


def _message(_folder: Path, text: str) -> object:
    return recognise(text)


def _some_workspace() -> bytes:
    with sqlite3.connect(":memory:") as base:
        base.executescript("CREATE TABLE links (kind TEXT, id TEXT); PRAGMA user_version = 3")
        return base.serialize()


def _customers(name: str) -> Callable[[Path, bytes], object]:
    return lambda folder, body: exports.read(_file(folder, name, body))


def _documents(folder: Path, body: bytes) -> object:
    return document_list.read(_file(folder, "list.csv", body))


def _recording(folder: Path, body: bytes) -> object:
    return of_bundle(_file(folder, "bundle.zip", body))


def _runs(folder: Path, body: bytes) -> object:
    return bundle_reading.read_run(_file(folder, "bundle.zip", body))


def _answers(_folder: Path, text: str) -> object:
    return answers.read(text)


def _pack(_folder: Path, body: bytes) -> object:
    return msgspec.json.decode(body, type=Pack)


def _card(_folder: Path, text: str) -> object:
    return msgspec.toml.decode(text, type=Card)


def _day(_folder: Path, text: str) -> object:
    return day_of(text)


DAYS = TEXTS | st.dates().map("{:%d/%m/%Y}".format)
ANSWERS = TEXTS | TEXTS.map("version = 1\n{}".format)
WORKBOOKS = spoilt(workbook([["Foo [BE] bvba", "0403.170.701", "Gent"]]))
BUNDLES = st.one_of(st.builds(bundle, ABOUT, EVENTS), spoilt(bundle(b'{"schema": 1}', b"{}")))
CARDS = TEXTS.map('id = "x"\ntitle = "{}"'.format)
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)

PARSERS = (
    Parser("message", TEXTS, _message),
    Parser("day", DAYS, _day, (NotADay,)),
    Parser("profile", members(Profile, {"name": "p"}), _profile, (ProfileError,)),
    Parser("settings", members(settings.Settings, {"theme": "nord", "keymap": {"quit": "x"}}), _settings),
    Parser("workspace", spoilt(_some_workspace()) | st.binary(max_size=300), _workspace, (WorkspaceError,)),
    Parser("answers file", ANSWERS, _answers, (answers.WrongFile,)),
    Parser("customer list", TEXT_TABLES, _customers("list.csv"), (BadTable,)),
    Parser("document list", TEXT_TABLES, _documents, (BadTable,)),
    Parser("workbook", WORKBOOKS, _customers("list.xlsx"), (BadTable,)),
    Parser("support bundle", BUNDLES, _recording, (BundleError, NoRecording)),
    Parser("bundle's runs", BUNDLES, _runs, (BundleError,)),
    Parser("undo pack", members(Pack, {}), _pack, UNREADABLE),
    Parser("card", CARDS, _card, UNREADABLE),
)
