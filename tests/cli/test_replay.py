"""`octowizard replay`: a run told again, also from a bundle of somebody else, which may be anything."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.problems.bundle import write_bundle
from octowizard.sync import events
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import load
from octowizard.workspace.runs import RunLog
from tests.cli.commands import Ended, octowizard
from tests.cli.test_exits import finished
from tests.cli.test_narrative import CLOSED, booked, document, started
from tests.cli.test_sync_staged import keep

Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs `octowizard ...` in this process, on a computer where octowizard never was."""
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path / "none"))

    def run(*words: str | Path) -> Ended:
        capfdbinary.readouterr()
        code = main.run([str(word) for word in words])
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home: a sync that failed a document, one that was cut off, and a preview."""
    home = tmp_path_factory.mktemp("home")
    keep(home)
    failed = events.DocumentFailed(document=document("2026 / 15"), explanation=CLOSED)
    with Workspace.open(home, "acme") as workspace:
        for number, dry_run, happened in (
            (1, False, (failed, finished(failing=1, outcome="attention"))),
            (2, False, (booked("2026 / 16", 42),)),
            (3, True, (booked("2026 / 15", 43), finished(dry_run=True, booked=1))),
        ):
            log = RunLog(workspace, dry_run=dry_run)
            for event in (started(run=number, dry_run=dry_run), *happened):
                log.add(events.to_line(event), None)
            log.flush()
            if isinstance(happened[-1], events.RunFinished):
                log.finish(events.to_line(happened[-1]))
    return home


@pytest.fixture(scope="module")
def bundle(kept: Path) -> Path:
    """What its owner sends to whoever helps."""
    target = kept / "help.zip"
    write_bundle(target, kept, load(kept, "acme"))
    return target


def test_a_bundle_of_somebody_else_is_told_without_accounts_and_leaves_nothing_behind(
    run: Run, bundle: Path, tmp_path: Path
) -> None:
    ended = run("replay", bundle)
    assert ended.code == 0
    assert "would be booked as V1/43" in ended.out
    assert "Preview of Acme to 9045119 Acme NV" in ended.err
    assert "The bundle also holds 2: --run plays another." in ended.err
    cut = run("replay", bundle, "--run", "2", "--plain")
    assert (cut.code, "booked as V1/42" in cut.out) == (0, True)
    assert "○ not finished" in cut.err
    assert not (tmp_path / "none").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_a_run_of_ones_own_is_told_by_its_number_and_without_one_the_newest(
    run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(kept))
    assert "would be booked as V1/43" in run("replay").out
    first = run("replay", "--run", "1")
    assert run("replay", "1").out == first.out
    assert (first.code, "✖" in first.out, "2026 / 15" in first.out) == (0, True, True)
    none = run("replay", "--run", "9")
    assert (none.code, none.out) == (2, "")
    assert none.err == "octowizard: There is no run 9: `octowizard history` lists them.\n"


def test_without_a_profile_or_a_run_it_says_what_to_do(run: Run, tmp_path: Path) -> None:
    nobody = run("replay")
    assert (nobody.code, nobody.err.count("\n")) == (2, 1)
    assert "no profile yet" in nobody.err
    keep(tmp_path / "none")
    nothing = run("replay")
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
    assert "no run yet to play" in nothing.err


def test_a_bundle_of_before_there_were_several_runs_is_played_too(
    run: Run, bundle: Path, tmp_path: Path
) -> None:
    files = unpacked(bundle)
    old = packed(tmp_path / "old.zip", {**about(), "last-run.jsonl": files["runs/2.jsonl"]})
    assert "booked as V1/42" in run("replay", old).out


# --- what is no bundle ----------------------------------------------------------------------------------------


def about(**members: str) -> dict[str, bytes]:
    return {"about.json": json.dumps({"octowizard": "1.0", **members}).encode()}


def unpacked(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


BEGUN = events.to_line(started())
LINE = events.to_line(booked("2026 / 16", 42))


def changed(**members: Any) -> bytes:
    """A run of two events, the second changed."""
    line = {**json.loads(LINE), **members}
    return BEGUN + b"\n" + json.dumps(line).encode() + b"\n"


def of_document(**members: Any) -> bytes:
    return changed(document={**json.loads(LINE)["document"], **members})


def test_an_honest_run_made_by_hand_is_played(run: Run, tmp_path: Path) -> None:
    made = packed(tmp_path / "made.zip", {**about(bundle="1"), "runs/1.jsonl": changed()})
    assert run("replay", made).code == 0


SPOILT: dict[str, tuple[dict[str, bytes], str]] = {
    "no run": (about(bundle="1"), "holds no run"),
    "another run": ({**about(), "runs/8.jsonl": changed()}, "holds no run 1; it holds 8"),
    "no about": ({"runs/1.jsonl": changed()}, "no octowizard wrote it"),
    "about is a list": ({"about.json": b"[1]", "runs/1.jsonl": changed()}, "no octowizard wrote it"),
    "about is deep": ({"about.json": b"[" * 90_000, "runs/1.jsonl": changed()}, "no octowizard wrote it"),
    "a later bundle": ({**about(bundle="2"), "runs/1.jsonl": changed()}, "of a later octowizard (1.0)"),
    "later events": ({**about(), "runs/1.jsonl": changed(schema=2)}, "of a later octowizard"),
    "leads out": (
        {**about(), "../../evil.txt": b"x", "runs/1.jsonl": changed()},
        "not one that octowizard writes",
    ),
    "from the root": (
        {**about(), "/etc/evil": b"x", "runs/1.jsonl": changed()},
        "not one that octowizard writes",
    ),
    "of a drive": (
        {**about(), "C:\\evil": b"x", "runs/1.jsonl": changed()},
        "not one that octowizard writes",
    ),
    "too many files": ({**about(), **{f"f{n}": b"" for n in range(200)}}, "not one that octowizard writes"),
    "no json": ({**about(), "runs/1.jsonl": BEGUN + b"\nnot json\n"}, "line 2 is damaged"),
    "ends in a line": ({**about(), "runs/1.jsonl": BEGUN + b"\n" + LINE[:50]}, "line 2 is damaged"),
    "no beginning": ({**about(), "runs/1.jsonl": LINE}, "their beginning is missing"),
    "empty": ({**about(), "runs/1.jsonl": b""}, "their beginning is missing"),
    "wrong type": ({**about(), "runs/1.jsonl": changed(period="March")}, "line 2 is damaged"),
    "no number": ({**about(), "runs/1.jsonl": of_document(amount="NaN")}, "line 2 is damaged"),
    "vast": ({**about(), "runs/1.jsonl": of_document(amount="1e999999")}, "line 2 is damaged"),
    "tiny": ({**about(), "runs/1.jsonl": of_document(amount="1e-999999")}, "line 2 is damaged"),
    "vast number": ({**about(), "runs/1.jsonl": changed(number=10**300)}, "line 2 is damaged"),
    "year 1": ({**about(), "runs/1.jsonl": of_document(date="0001-01-01")}, "line 2 is damaged"),
    "long text": ({**about(), "runs/1.jsonl": of_document(customer="x" * 200_000)}, "line 2 is damaged"),
    "deep": (
        {**about(), "runs/1.jsonl": BEGUN + b"\n" + b'{"schema":1,"event":"x","a":' + b"[" * 200_000},
        "damaged",
    ),
    "no utf-8": (
        {**about(), "runs/1.jsonl": BEGUN + b"\n" + LINE.replace(b"Foo", b"\xff\xfe")},
        "line 2 is damaged",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_wrong_bundle_is_one_sentence_and_exit_2(run: Run, tmp_path: Path, what: str) -> None:
    files, said = SPOILT[what]
    ended = run("replay", packed(tmp_path / "wrong.zip", files), "--run", "1")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert said in ended.err
    assert "wrong.zip" in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wrong.zip"]


def _no_zip(path: Path, _bundle: Path) -> None:
    path.write_bytes(b"not a zip" * 1000)


def _empty(path: Path, _bundle: Path) -> None:
    path.write_bytes(b"")


def _truncated(path: Path, bundle: Path) -> None:
    path.write_bytes(bundle.read_bytes()[:-200])


def _rotten(path: Path, bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        place = opened.getinfo("runs/2.jsonl").header_offset + 60
    body = bytearray(bundle.read_bytes())
    body[place : place + 20] = bytes(20)
    path.write_bytes(body)


def _locked(path: Path, bundle: Path) -> None:
    """Every file says that it is encrypted."""
    body = bytearray(bundle.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(sign)
        while at >= 0:
            body[at + place] |= 1
            at = body.find(sign, at + 1)
    path.write_bytes(body)


@cache
def _packed_bomb() -> bytes:
    """A few hundred kilobytes that would be 300 megabytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", about()["about.json"])
        with archive.open("runs/2.jsonl", "w") as file:
            for _part in range(300):
                file.write(bytes(1_000_000))
    return packed.getvalue()


def _bomb(path: Path, _bundle: Path) -> None:
    path.write_bytes(_packed_bomb())


def _lying_bomb(path: Path, _bundle: Path) -> None:
    """As the bomb, but its directory says that it is small."""
    body = bytearray(_packed_bomb())
    size = body.rfind(struct.pack("<I", 300_000_000))
    body[size : size + 4] = struct.pack("<I", 1000)
    path.write_bytes(body)


def _folder(path: Path, _bundle: Path) -> None:
    path.mkdir()


def _twice(path: Path, _bundle: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("about.json", about()["about.json"])
        archive.writestr("runs/2.jsonl", changed())
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("runs/2.jsonl", b"")


@pytest.mark.parametrize(
    "make", [_no_zip, _empty, _truncated, _rotten, _locked, _bomb, _lying_bomb, _folder, _twice]
)
def test_what_is_no_bundle_is_one_sentence_and_exit_2(
    run: Run, bundle: Path, tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    make(path := tmp_path / "wrong.zip", bundle)
    ended = run("replay", path, "--run", "2")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert str(path) in ended.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "pipe.zip")
    assert run("replay", path).code == 2
    assert run("replay", tmp_path / "nowhere.zip").code == 2


def test_hostile_text_of_a_bundle_steers_no_terminal(run: Run, tmp_path: Path) -> None:
    hostile = of_document(customer="Foo\x1b[2J\x9b[/x] \u202e")
    ended = run("replay", packed(tmp_path / "made.zip", {**about(), "runs/1.jsonl": hostile}))
    assert ended.code == 0
    assert not {"\x1b", "\x9b", "\u202e"} & set(ended.out + ended.err)
    assert "Foo\\x1b[2J" in ended.out


def test_help_tells_of_it_without_loading_the_app(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "replay", "--help")
    assert ended.code == 0
    assert "BUNDLE" in ended.out
