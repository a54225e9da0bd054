"""How octowizard starts itself again: its practice company, a renewal, the reader of workbooks, the app of a tab.

Installed, that is this Python with a module of octowizard. The standalone program (PyInstaller) has no other Python
than itself: it takes `-m MODULE` as its first words (`release/program.py`), and finds what it has unpacked by the
environment. A part that may live longer than the program unpacks for itself: the program
removes what it has unpacked when it ends. Source: PyInstaller's manual, "Common Issues and Pitfalls".
"""

import os
import sys

_UNPACKED = "_PYI_"
_FOR_ITSELF = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}


def is_standalone() -> bool:
    """Whether this is the standalone program."""
    return bool(getattr(sys, "frozen", False))


def part(module: str, *python: str, path: str = "") -> list[str]:
    """The words that run a module of octowizard as a program; `python`: what an installed Python is told before it.

    `path`: the file of the module, by which an installed Python runs it without loading octowizard.
    """
    if is_standalone():
        return [sys.executable, "-m", module]
    return [sys.executable, *python, *([path] if path else ["-m", module])]


def shared() -> dict[str, str]:
    """What a part that ends before this process needs in its environment: where the program has unpacked all."""
    if not is_standalone():
        return {}
    unpacked = {name: value for name, value in os.environ.items() if name.startswith(_UNPACKED)}
    return unpacked | {"LD_LIBRARY_PATH": getattr(sys, "_MEIPASS", "")}  # Linux: its libraries


def outliving() -> dict[str, str]:
    """What a part that may live longer than this process needs in its environment."""
    return dict(_FOR_ITSELF) if is_standalone() else {}
