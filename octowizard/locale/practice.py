"""What the actions of the practice company ask for, as people call it; `sandbox do` takes its own English names."""

from __future__ import annotations

from octowizard.locale import pgettext

CONTEXT = "practice action"
_CALLED = {
    "centre": "cost centre",
    "count": "how many",
    "n": "how many",
    "survivor": "stays",
    "loser": "goes",
    "preview": "only count",
}


def english(name: str) -> str:
    """What a member of a practice action is called in English, which is what translators start from."""
    return _CALLED.get(name, name.replace("_", " "))


def asked_name(name: str) -> str:
    """The same in the language that octowizard speaks."""
    return pgettext(CONTEXT, english(name))
