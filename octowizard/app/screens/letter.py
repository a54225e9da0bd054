"""A ready mail: read it, in which language, to whom; then copy it, save it, or open it in the mail program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from octowizard.app.commands import Command, commands
from octowizard.app.screens.detail import DetailScreen
from octowizard.locale import _
from octowizard.presentation import letters

if TYPE_CHECKING:
    from octowizard.locale.labels import Language
    from octowizard.presentation.letters import Letter
    from octowizard.reports.mail import Attachment

ByLanguage = Mapping["Language", tuple["Letter", ...]]

OFFERS = commands(lambda: (
    ("close", "escape enter q", _("close"), _("Back to where you came from.")),
    ("copy", "c", _("copy"), _("Copy the mail as text.")),
    ("save", "w", _("save as .eml"), _("Save the mail to a file that your mail program opens.")),
    ("mail", "o", _("open in mail program"), _("Open the mail in your mail program, where you send it.")),
    ("language", "L", _("language"), _("Dutch, French or English.")),
    ("next", "right", _("next"), _("The mail to the next customer.")),
), first=("next",))  # fmt: skip


class LetterScreen(DetailScreen):
    """Nothing is sent from here."""

    OFFERS: ClassVar[tuple[Command, ...]] = OFFERS

    def __init__(self, made: ByLanguage, first: Language, attachment: Attachment | None = None) -> None:
        """`made`: the same letters in each language, at least one. `attachment`: what a saved one takes along."""
        self._letters, self._language, self._place = made, first, 0
        self._attachment = attachment
        super().__init__(letters.page(self.letter))

    @property
    def letter(self) -> Letter:
        """The one that is shown."""
        return self._letters[self._language][self._place]

    def is_enabled(self, run: str) -> bool:
        return run != "next" or len(self._letters[self._language]) > 1

    def do_copy(self) -> None:
        self.shell.copy(letters.copied(self.letter))
        self._tell_if_not_attached()

    def _tell_if_not_attached(self) -> None:
        if self._attachment is not None:
            self.shell.tell(letters.not_attached())

    def do_save(self) -> None:
        from octowizard.reports.mail import eml

        body = eml(self.letter, self.shell.now(), self._attachment)
        self.shell.save_file(body, ".eml")

    def do_mail(self) -> None:
        """Of a practice company only after a yes: nobody is to get an invented mail."""
        if self.letter.practice:
            from octowizard.app.screens.confirm import ConfirmScreen

            question = letters.question_before_opening()
            self.shell.push_screen(ConfirmScreen(question), lambda sure: self._open() if sure else None)
        else:
            self._open()

    def _open(self) -> None:
        from octowizard.reports.mail import mailto

        opened = mailto(self.letter)
        if opened.cut:
            self.shell.tell(letters.cut_short())
        self._tell_if_not_attached()
        self.shell.open_outside(opened.address, letters.no_mail_program())

    def do_language(self) -> None:
        languages = list(self._letters)
        self._language = languages[(languages.index(self._language) + 1) % len(languages)]
        self.retell(letters.page(self.letter))

    def do_next(self) -> None:
        self._place = (self._place + 1) % len(self._letters[self._language])
        self.retell(letters.page(self.letter))
