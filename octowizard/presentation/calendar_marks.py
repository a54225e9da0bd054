"""Whether a place of the calendar takes bookings: its mark and its name. `?` is none: it means “not known”."""

from __future__ import annotations

from octowizard.locale import _, pgettext

MARKS = {"open": "·", "future": "–", "secured": "▒", "closed": "█", "missing": "_", "wrong-type": "!"}


def state_name(state: str) -> str:
    """A state in a word or two."""
    return {
        "open": pgettext("a period", "open"),
        "future": _("later"),
        "secured": _("secured"),
        "closed": pgettext("a period", "closed"),
        "missing": _("missing"),
        "wrong-type": _("wrong type"),
    }[state]


def legend() -> str:
    """All marks with what they mean."""
    return "  ".join(f"{mark} {state_name(state)}" for state, mark in MARKS.items())
