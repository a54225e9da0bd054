"""Where a line is not broken: within a quantity, such as `8,3 s`, `1.210,00 USD`, `46 %`, and within `2026 / 42`.

Only while lines are broken: what is written has the blanks that it had, for pipes and code pages that know no other.
"""

from __future__ import annotations

import re

_BLANK = "\ue000"  # stands for the blank meanwhile; no vendor's and no text of ours has it
_WITHIN = re.compile(r"(?<=\d) (?=(?:s|min|h|%|[A-Z]{3})(?!\w))|(?<=\d) (?=/ \w)|(?<=\d /) (?=\w)")


def joined(text: str) -> str:
    """The text to be broken at its blanks, without those within a quantity; `parted` gives these back."""
    return _WITHIN.sub(_BLANK, text)


def parted(line: str) -> str:
    """A line of what was joined, as it is written."""
    return line.replace(_BLANK, " ")
