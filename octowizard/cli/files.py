"""Files that a command writes: always a new one, for its owner alone, and said where it is."""

from __future__ import annotations

from pathlib import Path

from octowizard.cli.console import Console, plain
from octowizard.cli.exits import Usage
from octowizard.locale import _
from octowizard.workspace import private


def to_be_new(file: str) -> Path:
    """The path of a file that is not there yet; Usage where it is, or where it is no name of a file."""
    path = Path(file)
    if not file.strip() or path.is_dir():
        raise Usage(_("“{path}” is no name of a file: name a new one.").format(path=plain(file)))
    if path.exists():
        raise Usage(
            _("{path} is there already: name another file, or remove it first.").format(path=plain(file))
        )
    return path


def write_new(file: str, body: bytes, console: Console) -> None:
    """Write it, and say where. Usage where it is there already."""
    path = to_be_new(file)
    try:
        private.write_new(path, body)
    except FileExistsError:
        to_be_new(file)
    console.line(_("Written to {path}").format(path=plain(str(path.absolute()))))
