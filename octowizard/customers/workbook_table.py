"""Reads one sheet of a workbook (.xlsx, .xls, .ods) through a child process that a hostile file may kill.

Gives the rows as they are; what is a title and what a row is decided in `tables.py`.
"""

from __future__ import annotations

import os
import signal
import threading
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from octowizard import itself
from octowizard.customers.by_hand import BadTable
from octowizard.customers.columns import holds_list
from octowizard.locale import _

# A workbook is unpacked in memory: no export of customers comes near this.
_LARGEST_WORKBOOK = 100_000_000
_SECONDS = 60  # 1.2 million cells take three
_LARGEST_ANSWER = 140_000_000  # bytes: a little more than the child may say
MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip (.xlsx, .ods), and the older .xls


class Sheet(msgspec.Struct, frozen=True):
    """One sheet. `merged`: the rows among the first that hold merged cells; `shift`: empty columns before the first.

    `zeros`: a format may show zeros in front of numbers, which are not in the rows.
    """

    sheet: str
    sheets: tuple[str, ...]
    merged: tuple[int, ...]
    shift: int
    lines: list[bytes]
    zeros: bool = False

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that holds anything, with its number in the sheet."""
        for line in self.lines:
            cells = msgspec.json.decode(line, type=list[str])
            yield int(cells.pop()), cells


class _Head(msgspec.Struct, frozen=True):
    """What the child says of the sheet before its rows."""

    sheet: str = ""
    sheets: tuple[str, ...] = ()
    merged: tuple[int, ...] = ()
    shift: int = 0
    choose: dict[str, list[list[str]]] = {}
    zeros: bool = False


def open_sheet(path: Path, beginning: bytes, wanted: str) -> Sheet:
    """The sheet of that name; without one the first that is not hidden and holds a list. BadTable."""
    if path.stat().st_size > _LARGEST_WORKBOOK:
        raise BadTable(
            _("{file} is larger than 100 MB: save the sheet with the customers as .csv.").format(
                file=path.name
            )
        )
    if beginning.startswith(MAGIC[0]) and not zipfile.is_zipfile(path):
        raise _refused(path, wanted, "unreadable", ())
    head, lines = _answer(path, wanted)
    if head.choose:
        name = next((name for name, rows in head.choose.items() if holds_list(rows)), next(iter(head.choose)))
        head, lines = _answer(path, name)
    return Sheet(head.sheet, head.sheets, head.merged, head.shift, lines, head.zeros)


def _answer(path: Path, sheet: str) -> tuple[_Head, list[bytes]]:
    lines = _read_apart(path, sheet).split(b"\n")[:-1]
    # A sheet that turned out too long has its refusal behind the rows it had already given.
    last = msgspec.json.decode(lines[-1]) if lines else {"error": "unreadable"}
    if isinstance(last, dict) and "error" in last:
        raise _refused(path, sheet, last["error"], last.get("sheets", ()))
    return msgspec.json.decode(lines[0], type=_Head), lines[1:]


def _read_apart(path: Path, sheet: str) -> bytes:
    """The answer of the child that reads the workbook (`workbook_child.py`). BadTable when it gave none in time."""
    import subprocess

    secrets_left_out = {key: value for key, value in os.environ.items() if not key.startswith("OCTOWIZARD_")}
    # By its path, without this folder on the search path: it loads nothing of octowizard.
    program = itself.part(
        "octowizard.customers.workbook_child",
        *("-P", "-X", "utf8"),
        path=str(Path(__file__).with_name("workbook_child.py")),
    )
    with subprocess.Popen(
        [*program, str(path.absolute()), sheet, str(_SECONDS)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=secrets_left_out | itself.shared(),
    ) as child:
        assert child.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(max(_SECONDS + 1, 0), end)
        timer.start()
        try:
            answer = child.stdout.read(_LARGEST_ANSWER + 1)
            if len(answer) > _LARGEST_ANSWER:
                child.kill()
            child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
    if late.is_set() or child.returncode == -getattr(signal, "SIGALRM", 0):
        raise _too_long(path)
    if len(answer) > _LARGEST_ANSWER:
        raise _refused(path, sheet, "text", ())
    # The reader aborts where it gets no memory; the system kills what takes too much.
    if child.returncode in (-getattr(signal, "SIGABRT", 0), -getattr(signal, "SIGKILL", 0)):
        raise _refused(path, sheet, "memory", ())
    if child.returncode:
        raise _refused(path, sheet, "crashed" if child.returncode < 0 else "unreadable", ())
    return answer


def _too_long(path: Path) -> BadTable:
    return BadTable(
        _(
            "{file} could not be read within {seconds} seconds: save the sheet with the customers as .csv."
        ).format(file=path.name, seconds=_SECONDS)
    )


def _refused(path: Path, sheet: str, kind: str, sheets: Sequence[str]) -> BadTable:
    """The sentence for what the child refused, by the kinds that it knows."""
    if kind == "sheet":
        return BadTable(
            _("{file} has no sheet “{sheet}”; it has: {sheets}.").format(
                file=path.name, sheet=sheet, sheets=", ".join(sheets)
            )
        )
    if kind == "letters":
        return BadTable(
            _(
                "{file} holds a cell with more text than Excel allows (32,767 characters): shorten it, or save "
                "the sheet with the customers as .csv."
            ).format(file=path.name)
        )
    sentences = {
        "empty": _("{file} is empty: export it again."),
        "hidden": _("{file} holds nothing in its visible sheets: name a hidden one with --sheet ({sheets})."),
        "password": _("{file} is locked with a password: save it without one."),
        "cells": _(
            "{file} spans more than ten million cells, most of them empty as a rule: save the sheet with the "
            "customers as .csv."
        ),
        "unpacked": _(
            "{file} is larger than 256 MB when unpacked: save the sheet with the customers as .csv."
        ),
        "text": _("{file} holds more text than octowizard reads: save the sheet with the customers as .csv."),
        "crashed": _(
            "{file} could not be read: the reader of workbooks failed. Save the sheet with the customers as .csv."
        ),
        "memory": _(
            "{file} needs more memory than octowizard gives a workbook: save the sheet with the customers as .csv."
        ),
    }
    unreadable = _("{file} is no workbook that can be read: open it and save it as .xlsx or .csv.")
    return BadTable(sentences.get(kind, unreadable).format(file=path.name, sheets=", ".join(sheets)))
