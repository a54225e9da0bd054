"""What a problem or a pasted message means for this profile: its card, its causes looked at in what is kept."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.problems.explain import Explained
    from octowizard.problems.recognition import Recognition
    from octowizard.session.profile_session import ProfileSession


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted message means. `explained` None: it was not recognised.

    `names`: what the text names, as (label, value). `nearest`: (problem, title) of cards that may be meant.
    """

    explained: Explained | None
    names: tuple[tuple[str, str], ...] = ()
    nearest: tuple[tuple[str, str], ...] = ()


class CardLine(msgspec.Struct, frozen=True, kw_only=True):
    """One card in the list of all. `words`: everything by which it can be found, casefolded."""

    problem: str
    title: str
    area: str
    severity: Literal["blocking", "warning", "info"]
    words: str


def card_lines() -> list[CardLine]:
    """All cards of the catalogue."""
    from octowizard.problems.catalogue import cards

    return [
        CardLine(
            problem=card.id,
            title=_(card.title),
            area=_(card.area),
            severity=card.severity,
            words=" ".join((card.id, card.title, _(card.title), *chain(*card.messages.values()))).casefold(),
        )
        for card in cards().values()
    ]


def diagnose(text: str) -> Answer:
    """As `Explanations.diagnose`, without any account: every cause stays open."""
    from octowizard.problems.explain import explain

    return _answered(
        text, lambda it: explain(it.problem, None, None, it.names) if it.problem is not None else None
    )


def _answered(text: str, explained: Callable[[Recognition], Explained | None]) -> Answer:
    from octowizard.problems.card_text import name_label
    from octowizard.problems.catalogue import cards
    from octowizard.problems.recognition import recognise

    recognition = recognise(text)
    return Answer(
        explained=explained(recognition),
        names=tuple((name_label(name), value) for name, value in recognition.names.items()),
        nearest=tuple((near, _(cards()[near].title)) for near in recognition.nearest),
    )


class Explanations:
    """The explanations for one profile; all of it blocks."""

    def __init__(self, session: ProfileSession) -> None:
        self._session = session

    def of(self, problem: str, document_id: str = "", *, look: bool = True) -> Explained | None:
        """A problem with its causes looked at in what was kept, for one document or for all; None without a card.

        `look` False: the words of the card alone, every cause open, at once.
        """
        from octowizard.problems.catalogue import card
        from octowizard.problems.explain import explain

        if card(problem) is None:
            return None
        subject = {"document": document_id} if document_id else {}
        snapshot = self._session.snapshot() if look else None
        return explain(problem, snapshot, self._session.profile, subject)

    def diagnose(self, text: str) -> Answer:
        """A pasted message or number: recognised and explained, or the honest answer that it is not known."""
        return _answered(text, self._explained)

    def save_bundle(self, text: str) -> Path:
        """A support bundle about a message, without secrets; where it was saved."""
        from octowizard.problems.bundle import write_bundle
        from octowizard.problems.recognition import recognise
        from octowizard.workspace.private import make_folder

        recognition = recognise(text)
        folder = self._session.root / "saved"
        make_folder(folder)
        target = folder / f"octowizard support {datetime.now():%Y-%m-%d %H.%M.%S}.zip"  # noqa: DTZ005 - a name for people
        root, profile = self._session.root, self._session.profile
        write_bundle(target, text, recognition, self._explained(recognition), root, profile)
        return target

    def _explained(self, recognition: Recognition) -> Explained | None:
        from octowizard.problems.explain import explain

        if recognition.problem is None:
            return None
        return explain(
            recognition.problem, self._session.snapshot(), self._session.profile, recognition.names
        )
