"""A workspace with damage anywhere in it: it works, or one sentence says that it is damaged; never a crash."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from octowizard.cli import main
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, WRONG_USAGE
from octowizard.workspace import intents, links
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceDamaged
from tests.sync.company import PROFILE, company

COMMANDS = (
    ("history",),
    ("history", "1"),
    ("check", "--offline"),
    ("calendar",),
    ("mapping",),
    ("setup", "--status", "--offline"),
    ("duplicates", "plan", "--offline"),
)
A_SYNC = ("sync", "--dry-run")  # waits for the sides that are gone: not in every round
PAGE = 4096


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose only profile was synced once, and whose two sides are gone."""
    home = tmp_path_factory.mktemp("synced")
    with company(home, "--scenario", "healthy", "--customers", "10", "--documents", "8") as there:
        assert there.sync().code == WELL
    return home


@pytest.fixture
def home(synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which octowizard uses."""
    shutil.copytree(synced, tmp_path / "home")
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OCTOWIZARD_LANGUAGE", "en")
    return tmp_path / "home"


def workspace(home: Path) -> Path:
    return home / "profiles" / PROFILE / "workspace.sqlite"


def put(home: Path, content: bytes) -> None:
    """This and nothing else is the workspace."""
    for beside in workspace(home).parent.glob("workspace.sqlite-*"):
        beside.unlink()
    workspace(home).write_bytes(content)


def works_or_is_told(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command says on stderr, having ended well or with the one sentence."""
    code = main.run([*words])
    err = capsys.readouterr().err
    crashes = [file.read_text() for file in (home / "crashes").glob("*")]
    assert not crashes, (words, crashes[0])
    assert code in (WELL, ATTENTION, WRONG_USAGE, COULD_NOT_TELL), (words, err)
    assert "Traceback" not in err
    if code == WRONG_USAGE:
        (sentence,) = [line for line in err.splitlines() if line.startswith("octowizard: ")]
        assert sentence.endswith("."), words
    return err


def flipped(content: bytes, source: random.Random) -> bytes:
    changed = bytearray(content)
    changed[source.randrange(len(content))] ^= source.randrange(1, 256)
    return bytes(changed)


def zeroed(content: bytes, source: random.Random) -> bytes:
    begin = source.randrange(len(content) // PAGE) * PAGE
    return content[:begin] + bytes(PAGE) + content[begin + PAGE :]


def cut(content: bytes, source: random.Random) -> bytes:
    return content[: source.randrange(len(content))]


def storm(home: Path, capsys: pytest.CaptureFixture[str], rounds: int, seed: int) -> None:
    content = workspace(home).read_bytes()
    source = random.Random(seed)
    for each in range(rounds):
        spoil = source.choice([flipped, flipped, flipped, zeroed, cut])
        put(home, spoil(content, source))
        for words in (
            (*COMMANDS, A_SYNC) if rounds > 100 and each % 10 == 0 else (COMMANDS[each % len(COMMANDS)],)
        ):
            works_or_is_told(home, capsys, *words)


def test_damage_anywhere_is_told_in_one_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    storm(home, capsys, 60, seed=1)
    put(home, zeroed(workspace(home).read_bytes(), random.Random(5)))
    works_or_is_told(home, capsys, *A_SYNC)


@pytest.mark.parametrize(
    "spoilt", [b"\xdb", b'{"event": "of no kind"}', b'{"event": "document_booked", "document": 3}']
)
def test_a_spoilt_line_of_the_history_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], spoilt: bytes
) -> None:
    with closing(sqlite3.connect(workspace(home))) as db, db:
        assert db.execute("UPDATE event SET line = ?", (spoilt,)).rowcount > 0
        db.execute("UPDATE run SET last_line = ?", (spoilt,))
    for words in COMMANDS:
        works_or_is_told(home, capsys, *words)
    for words in (("history", "1"), ("history", "1", "--json"), ("history",)):
        assert "is damaged (what an earlier run did: " in works_or_is_told(home, capsys, *words)


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form runs with OCTOWIZARD_LONG=1")
def test_damage_anywhere_is_told_in_one_sentence_long(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    storm(home, capsys, 1_000, seed=2)


def _done(workspace: Workspace) -> list[intents.Intent]:
    return intents.in_state(workspace, "done")


SPOILT = (
    "UPDATE {table} SET {column} = x'ff00fe'",
    "UPDATE {table} SET {column} = CAST('{{' AS BLOB)",
    "UPDATE {table} SET {column} = CAST('{{\"a\": [1]}}' AS BLOB)",
    "UPDATE {table} SET {column} = 'nonsense'",
    "UPDATE {table} SET {column} = -7",
    "UPDATE {table} SET {column} = 1e300",
)


def columns(home: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(workspace(home))) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                for row in db.execute(f"PRAGMA table_info({table})").fetchall():
                    yield table, row[1]


def spoil(home: Path, table: str, column: str, statement: str) -> None:
    with closing(sqlite3.connect(workspace(home))) as db, db:
        db.execute("PRAGMA ignore_check_constraints=ON")
        only = f" WHERE rowid = (SELECT min(rowid) FROM {table})"
        try:
            db.execute(statement.format(table=table, column=column) + only)
        except sqlite3.OperationalError:  # a table without row ids: its first key instead
            keys = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
            key = ", ".join(keys)
            db.execute(
                statement.format(table=table, column=column)
                + f" WHERE ({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1)"
            )


def values(home: Path, capsys: pytest.CaptureFixture[str], kinds: Callable[[int], Iterable[int]]) -> None:
    content = workspace(home).read_bytes()
    for each, (table, column) in enumerate(list(columns(home))):
        for kind in kinds(each):
            put(home, content)
            try:
                spoil(home, table, column, SPOILT[kind])
            except sqlite3.IntegrityError:
                continue  # SQLite itself refuses such a value
            works_or_is_told(home, capsys, *COMMANDS[(each + kind) % len(COMMANDS)])


def test_a_value_that_was_never_ours_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values(home, capsys, lambda each: [each % len(SPOILT)])


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("OCTOWIZARD_LONG"), reason="the long form runs with OCTOWIZARD_LONG=1")
def test_a_value_that_was_never_ours_is_told_long(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values(home, capsys, lambda _each: range(len(SPOILT)))


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("UPDATE customer_link SET relation = 'x'", links.customers),
        ("UPDATE customer_link SET external_number = -1", links.customers),
        ("UPDATE document_link SET number = 1.5 WHERE rowid = 1", links.documents),
        ("INSERT INTO payment_link VALUES ('k', 'd', 'NaN', '', 'found', '')", links.payments),
        ("INSERT INTO payment_link VALUES ('k', 'd', 'much', '', 'found', '')", links.payments),
        ("UPDATE intent SET state = 'done', vendor_time = '2026-01-01'", _done),
        ("UPDATE intent SET state = 'done', kind = 'wish'", _done),
        ("UPDATE intent SET state = 'done', body = 'text'", _done),
    ],
)
def test_no_link_and_no_intent_is_used_that_was_never_written(
    home: Path, statement: str, read: Callable[[Workspace], object]
) -> None:
    with Workspace(workspace(home)) as kept:
        with kept.durable() as db:
            assert db.execute(statement).rowcount > 0
        with pytest.raises(WorkspaceDamaged):
            read(kept)


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be replaced there")
def test_a_log_of_another_workspace_beside_it_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = workspace(home).read_bytes()
    with closing(sqlite3.connect(workspace(home))) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("UPDATE reading SET body = x'5b5d'")
        other.execute("DELETE FROM record")
        other.commit()
        log = Path(f"{workspace(home)}-wal").read_bytes()
    for end in (len(log), len(log) // 2, 100):
        put(home, content[: -PAGE * 3] + bytes(PAGE * 3))
        Path(f"{workspace(home)}-wal").write_bytes(log[:end])
        for words in COMMANDS:
            works_or_is_told(home, capsys, *words)
