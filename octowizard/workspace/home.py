"""The folder of all profiles, and the language that its settings name: next to nothing is loaded to find them.

The language is asked for before the first text of any command, so that `--help` waits for it too.
"""

import os
import sys

SETTINGS = "settings.json"  # in the folder of all profiles; `settings.py` reads and keeps all of it


def folder() -> str:
    """Where all profiles are: OCTOWIZARD_HOME, else what the system calls the user's data folder."""
    if chosen := os.environ.get("OCTOWIZARD_HOME"):
        return chosen
    if sys.platform == "win32":
        data = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        data = "~/Library/Application Support"
    else:  # XDG Base Directory Specification
        data = os.environ.get("XDG_DATA_HOME", "").strip() or "~/.local/share"
    return os.path.join(os.path.expanduser(data), "octowizard")  # noqa: PTH111, PTH118 - pathlib is slow to load


def language_kept() -> str:
    """The language that the settings name; "" where they name none, or cannot be read."""
    try:
        with open(os.path.join(folder(), SETTINGS), "rb") as file:  # noqa: PTH118, PTH123 - as above
            body = file.read()
    except OSError:
        return ""
    import json

    try:
        language = json.loads(body)["language"]
    except (ValueError, KeyError, TypeError):
        return ""
    return language if isinstance(language, str) else ""
