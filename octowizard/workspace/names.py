"""Names of files and folders that every system can bear: what octowizard writes may be carried to another one."""

from __future__ import annotations

import re
import unicodedata

from octowizard.locale import _

# Devices of Windows, with any ending.
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?", re.IGNORECASE | re.DOTALL
)
_SIGNS = frozenset('<>:"/\\|?*')
_JOINERS = "\u200c\u200d"  # they join letters of Persian, and pictures


def refusal_of_device(name: str) -> str:
    """Why this name is refused, in one sentence, where Windows keeps it for a device; else ""."""
    if not _DEVICE.fullmatch(name):
        return ""
    return _("“{name}” cannot be used as a name: Windows keeps it for a device. Choose another name.").format(
        name=name
    )


def refusal(name: str) -> str:
    """Why no new file may have this name, in one sentence; "" for a name that every system can bear."""
    if _SIGNS & set(name) or name.endswith((".", " ")) or any(map(_unseen, name)):
        return _(
            "“{name}” cannot be used as a name: leave out characters that are not seen, the signs {signs}, and a "
            "blank or dot at the end."
        ).format(name=name, signs='< > : " / \\ | ? *')
    return refusal_of_device(name)


def _unseen(letter: str) -> bool:
    """Controls, what turns the direction of writing, halves of characters, and separators of lines."""
    return letter not in _JOINERS and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
