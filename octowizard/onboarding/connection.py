"""What is chosen of the connection: start date, journals, numbers, mode and languages, as one table.

The command, the app, the walk in the terminal and the answers file all read it here. Pure: a choice is checked and
given back as a member of the profile; `session/setup.py` keeps it, after `guards.py` was asked what it would lose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from octowizard.locale import _, days
from octowizard.locale.formats import day
from octowizard.workspace.profiles import Profile

Where = Literal["integration", "connection"]  # the action of the step that asks for it

START = "start-date"  # also the question of whether it is right, and the decision that keeps the day that was agreed to
NUMBERING = "numbering"
INVOICES, CREDIT_NOTES = "invoice-journal", "credit-note-journal"

YES, NO = "yes", "no"
OWN = "octowizard"  # as octowizard itself speaks
_JOURNAL = re.compile(r"V[1-9][0-9]?")


class Setting(NamedTuple):
    """One thing to choose. `field`: the member of the profile; `values`: what may be written and what it means, empty
    where it is a day or a journal; `members`: what the profile keeps for each of them, empty where it is kept as it is
    written."""

    id: str
    field: str
    where: Where
    question: str
    values: tuple[tuple[str, str], ...] = ()
    members: tuple[object, ...] = ()


class WrongChoice(ValueError):
    """What was written is nothing that can be chosen; the message is one sentence."""


def settings() -> tuple[Setting, ...]:
    """All of them, in the order in which they are asked."""
    yes_no, true_false = ((YES, _("yes")), (NO, _("no"))), (True, False)
    screens = (
        (OWN, _("the one that octowizard speaks")),
        ("nl", _("Dutch")),
        ("fr", _("French")),
        ("en", _("English")),
    )
    languages = (None, "nl", "fr", "en")
    return (
        Setting(
            "mode",
            "mode",
            "integration",
            _("Who runs the sync?"),
            (
                ("connector", _("octowizard books")),
                ("observer", _("Teamleader's own integration books; octowizard watches and explains")),
            ),
        ),
        Setting(
            "other-connector-off",
            "other_connector_off",
            "integration",
            _("Is the automatic sync of Teamleader's own integration switched off?"),
            yes_no,
            true_false,
        ),
        Setting(
            "octopus-language",
            "octopus_language",
            "integration",
            _("In which language are the screens of Octopus shown?"),
            screens,
            languages,
        ),
        Setting(
            "teamleader-language",
            "teamleader_language",
            "integration",
            _("In which language are the screens of Teamleader shown?"),
            screens,
            languages,
        ),
        Setting(
            "message-language",
            "locale_id",
            "integration",
            _("In which language does Octopus send its messages?"),
            (
                ("dossier", _("that of the dossier")),
                ("nl", _("Dutch")),
                ("fr", _("French")),
                ("en", _("English")),
                ("de", _("German")),
            ),
            (0, 1, 2, 3, 4),  # Octopus' `localeId`
        ),
        Setting(START, "start_date", "connection", _("What is the start date of the sync?")),
        Setting(INVOICES, "invoice_journal", "connection", _("Which journal is connected to the invoices?")),
        Setting(
            CREDIT_NOTES,
            "credit_note_journal",
            "connection",
            _("Which journal is connected to the credit notes?"),
        ),
        Setting(
            NUMBERING,
            "numbering",
            "connection",
            _("Where do the numbers of bookings come from?"),
            (("next", _("the next free number of the journal")), ("follow", _("Teamleader's number"))),
        ),
    )


def setting(id: str) -> Setting:
    """One of them, by its id. WrongChoice, with those that there are."""
    known = {each.id: each for each in settings()}
    if id not in known:
        raise WrongChoice(
            _("There is nothing called “{name}” to choose; there are: {names}.").format(
                name=id, names=", ".join(known)
            )
        )
    return known[id]


def value_of(profile: Profile, one: Setting) -> str:
    """What holds now, as it is written."""
    value = getattr(profile, one.field)
    written = (
        text for (text, _means), member in zip(one.values, one.members, strict=False) if member == value
    )
    return next(written, str(value))


def shown_of(profile: Profile, one: Setting) -> str:
    """What holds now, as people write it: a day as in all forms, the rest as it is written."""
    value = getattr(profile, one.field)
    return day(value) if isinstance(value, date) else value_of(profile, one)


def chosen(one: Setting, text: str) -> Any:
    """The value for the profile. WrongChoice where the text is none that the setting takes."""
    written = text.strip()
    if one.id == START:
        return day_of(written)
    if not one.values:
        if not _JOURNAL.fullmatch(written.upper()):
            raise WrongChoice(
                _("“{text}” is no sales journal: write it as V1, V and its number.").format(text=text)
            )
        return written.upper()
    one_of(one.values, written, one.question)
    if not one.members:
        return written
    return one.members[[value for value, _means in one.values].index(written)]


def one_of(values: Sequence[tuple[str, str]], text: str, question: str) -> None:
    """WrongChoice where the text is none of these answers to the question."""
    if text not in dict(values):
        raise WrongChoice(
            _("“{text}” is no answer to “{question}”: write {values}.").format(
                text=text, question=question, values=_(" or ").join(value for value, _what in values)
            )
        )


def lacking(journal: str, there: Collection[str]) -> str:
    """That the dossier has no such sales journal; "" where it has, or where none of its journals is known."""
    if not there or journal in there:
        return ""
    return _("There is no sales journal {journal} in the dossier; it has {journals}.").format(
        journal=journal, journals=", ".join(there)
    )


def day_of(text: str) -> date:
    """The day that is written. WrongChoice."""
    try:
        return days.day_of(text)
    except days.NotADay as wrong:
        raise WrongChoice(str(wrong)) from None
