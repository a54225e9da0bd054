"""A day as people write it. Loads next to nothing: a mistake on the command line is told by it too."""

from __future__ import annotations

import re
from datetime import date

from octowizard.locale import _

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BELGIAN = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}", re.ASCII)


class NotADay(ValueError):
    """A text that is no day; the message says how one is written."""


def day_of(text: str) -> date:
    """The day that is written as 31/01/2026, 31-01-2026, 31.01.2026 or 2026-01-31. NotADay."""
    written = text.strip()
    if _SHORT_YEAR.fullmatch(written):
        whole = _("“{text}” leaves open which year is meant: write the year in full, as in 31/01/2026.")
        raise NotADay(whole.format(text=text))
    try:
        if iso := _ISO.fullmatch(written):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if belgian := _BELGIAN.fullmatch(written):
            return date(int(belgian[4]), int(belgian[3]), int(belgian[1]))
    except ValueError:
        pass  # the 31st of a shorter month
    raise NotADay(_("“{text}” is no day: write it as 31/01/2026 or 2026-01-31.").format(text=text))
