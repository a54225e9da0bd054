"""The files of practice actions: in one folder given at the start, nowhere else; none is ever replaced."""

from __future__ import annotations

import os
import re
from pathlib import Path

from octowizard.sandbox.filenames import refusal
from octowizard.sandbox.practice.action import BadArguments, Task


def write_new(file: Path, content: bytes) -> None:
    """Write a file that was not there, readable by its owner alone. Raises BadArguments."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
    except FileExistsError:
        raise BadArguments(f"There is a file {file} already: choose another name.") from None
    except OSError as problem:
        raise BadArguments(f"{file} cannot be written: {problem.strerror or problem}.") from None


def read_all(file: Path, most: int, too_large: str) -> bytes:
    """The content of a file of at most so many bytes. Raises BadArguments, with `too_large` for a larger one."""
    try:
        if file.exists() and not file.is_file():  # a pipe or a device would never end
            raise BadArguments(f"{file} cannot be read: it is no file.")
        with file.open("rb") as lines:
            content = lines.read(most + 1)
    except OSError as problem:
        raise BadArguments(f"{file} cannot be read: {problem.strerror or problem}.") from None
    if len(content) > most:
        raise BadArguments(too_large)
    return content


def file_meant(task: Task, name: str = "file", *, new: bool = False) -> Path:
    """The file that an argument names, from the folder or absolute; links are followed, and must not lead out of it.

    It need not exist; one that is `new` gets a name that every system can bear. Raises BadArguments.
    """
    written = task.text(name)
    if new and (why := refusal(re.split(r"[/\\]" if os.name == "nt" else "/", written)[-1])):
        raise BadArguments(why)
    if task.files is None:
        raise BadArguments("This practice company was given no folder for files.")
    try:
        folder = task.files.resolve()
        file = (folder / written).resolve()
        if file.is_relative_to(folder) and file != folder:
            if not file.parent.is_dir():
                raise BadArguments(f"There is no folder {file.parent}.")
            return file
    except (OSError, ValueError, RuntimeError):  # too long, or links that lead in a circle
        raise BadArguments(f"{name} must be the name of a file, not {written!r}.") from None
    raise BadArguments(
        f"Files of the practice company lie in {folder} only: give the name of one there, not {written!r}."
    )
