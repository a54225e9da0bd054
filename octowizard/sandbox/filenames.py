"""What a file of the practice company may be called: a plain name, and one that every system can bear."""

from __future__ import annotations

import re
import unicodedata

# Windows keeps these for devices, whatever their ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?", re.IGNORECASE)
_SIGNS = frozenset('<>:"/\\|?*')
_JOINERS = "\u200c\u200d"  # they join letters of Persian, and pictures


def is_plain(name: str) -> bool:
    """Whether it names a file of the folder itself: no other folder, no drive."""
    return not re.search(r"[/\\]|^[A-Za-z]:", name) and name not in (".", "..")


def refusal(name: str) -> str:
    """Why no new file may have this name, in one sentence; "" for a name that every system can bear."""
    if _DEVICE.fullmatch(name):
        return f"{name!r} cannot be used as a name: Windows keeps it for a device. Choose another name."
    if _SIGNS & set(name) or name.endswith((".", " ")) or any(map(_unseen, name)):
        return (
            f"{name!r} cannot be used as a name: leave out characters that are not seen, the signs "
            '< > : " / \\ | ? *, and a blank or dot at the end.'
        )
    return ""


def _unseen(letter: str) -> bool:
    """Controls, what turns the direction of writing, halves of characters, and separators of lines."""
    return letter not in _JOINERS and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
