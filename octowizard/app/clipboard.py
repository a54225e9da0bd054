"""Copying, honestly: which route was taken, and never a claim that it worked; a file is always offered as well.

Over SSH only the terminal itself reaches the user's clipboard (the OSC 52 sequence; some terminals ignore it). On
the spot the system's own tool is used, with a time limit, because some of them wait for ever.
"""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.workspace import private

SECONDS = 3.0
_TOOLS = {
    "wl-copy": ("wl-copy",),
    "xclip": ("xclip", "-selection", "clipboard", "-in"),
    "xsel": ("xsel", "--clipboard", "--input"),
    "pbcopy": ("pbcopy",),
    "clip": ("clip",),
}


def give_to(tool: str, text: str) -> bool:
    """Hand the text to a tool of `system_tool`; blocks up to three seconds. Did it take it without complaint?"""
    encoding = "utf-16-le" if tool == "clip" else "utf-8"
    try:
        done = subprocess.run(
            _TOOLS[tool],
            input=text.encode(encoding, "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def route_text(tool: str | None) -> str:
    """What to tell the user; `tool` None means that the terminal was asked."""
    if tool is None:
        return _(
            "Handed to your terminal (OSC 52). Not every terminal takes it: {save} saves it to a file."
        ).format(save=key_of("*.save", "w"))
    return _("Handed to {tool}. If it does not paste: {save} saves it to a file.").format(
        save=key_of("*.save", "w"), tool=tool
    )


def save(folder: Path, body: str | bytes, now: datetime, suffix: str = ".txt") -> Path:
    """Write a text (in UTF-8) or a file to a new file in `folder` and give its path. OSError as the system says it."""
    written = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    private.make_folder(folder)
    base = f"octowizard {now:%Y-%m-%d %H.%M.%S}"
    for attempt in range(1, 1000):
        path = folder / (f"{base}{suffix}" if attempt == 1 else f"{base} {attempt}{suffix}")
        try:
            private.write_new(path, written)
        except FileExistsError:
            continue
        return path
    raise OSError(_("there are too many saved files of this second"))
