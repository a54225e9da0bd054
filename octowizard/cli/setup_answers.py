"""An answers file: written from one set-up, applied to the next. What it may say is in onboarding/answers.py."""

from pathlib import Path
from typing import TYPE_CHECKING

from octowizard.cli import setup_do
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL, NotReached, Usage
from octowizard.cli.files import write_new
from octowizard.cli.interrupt import completed
from octowizard.cli.watching import looked, reporting
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from octowizard.onboarding.model import Guide
    from octowizard.onboarding.standing import Standing
    from octowizard.session.session import Session

_LARGEST = 1_000_000  # bytes; a file of answers has a few thousand


def write(file: str, session: "Session", console: Console) -> int:
    """Write what was answered, chosen and mapped here to a new file. The exit code."""
    from octowizard.onboarding.mapping import rows
    from octowizard.presentation.answers_file import written

    if not file.strip():
        raise Usage(_("No file was named: write where the answers are to stand, such as answers.toml."))
    standing = _read(session, console)
    made = written(standing, rows(standing.snapshot, session.profile))
    write_new(file, made.text.encode(), console)
    for question in made.opened:
        console.note(plain(_("Not answered here yet: {question}").format(question=question)))
    return ATTENTION if made.opened else WELL


def answer(
    file: str, session: "Session", console: Console, *, yes: bool, as_json: bool
) -> "tuple[Guide, int]":
    """Keep the answers of a file, all of them or none, then do what the steps offer. The steps then, and 0 or why not.

    Usage for a file that cannot be read, or of which anything does not fit: all of that is told, nothing is kept.
    """
    from octowizard.onboarding.answers import WrongFile, read
    from octowizard.onboarding.guide import guide
    from octowizard.presentation.answers_file import kept

    if not file.strip():
        raise Usage(_("No file was named: write where the answers stand, such as answers.toml."))
    try:
        answers = read(_text(Path(file)))
    except WrongFile as wrong:
        raise Usage(
            _("{path} cannot be used. {why}").format(path=plain(file), why=plain(str(wrong)))
        ) from None
    _read(session, console)
    fitted = session.setup.fit_answers(answers)
    if fitted.troubles:
        for trouble in fitted.troubles:
            console.note(f"✖ {plain(trouble)}")
        number = len(fitted.troubles)
        raise Usage(
            ngettext(
                "Nothing was kept: {count} answer of {path} does not fit this set-up.",
                "Nothing was kept: {count} answers of {path} do not fit this set-up.",
                number,
            ).format(count=number, path=plain(file))
        )
    asked = setup_do.Asked(yes=yes, as_json=as_json)
    console.show(kept(fitted), note=True)
    if fitted.new and not setup_do.may(console, _("Keep these answers?"), asked):
        console.note(_("Nothing was kept."))
        return guide(session.setup.standing()), ATTENTION
    session.setup.keep_answers(fitted)
    return _steps(session, console, asked)


def _steps(session: "Session", console: Console, asked: setup_do.Asked) -> "tuple[Guide, int]":
    """Do what each step offers, one after the other, until one needs a person."""
    from octowizard.onboarding.guide import guide, step_of
    from octowizard.presentation.setup_steps import heading, unanswered

    tried: set[str] = set()
    whole = guide(looked(session, console))
    while whole.current is not None and whole.current not in tried:
        step = step_of(whole, whole.current)
        assert step is not None
        if question := unanswered(step):  # one that came up on the way
            console.note(plain(question))
            return whole, ATTENTION
        if not setup_do.can_do(step):
            break
        tried.add(step.id)
        console.show([heading(step)], note=True)
        ended = setup_do.do(session, console, step, asked)
        if ended.why:
            console.note(plain(ended.why))
        whole = guide(looked(session, console, step.id))
        if ended.code != WELL:
            return whole, ended.code
    return whole, WELL


def _read(session: "Session", console: Console) -> "Standing":
    """Both sides as they are, with all that the mapping needs. NotReached where one did not answer."""
    from octowizard.session.setup import unanswered

    standing = completed(session.setup.read_for_answers(reporting(console)))
    console.close()
    if unseen := unanswered(standing):
        raise NotReached(unseen)
    return standing


def _text(path: Path) -> str:
    """The text of a file. WrongFile, and OSError as the system says it."""
    from octowizard.onboarding.answers import WrongFile

    if path.exists() and not path.is_file():  # a pipe or a device would never end
        raise WrongFile(_("It is no file."))
    with path.open("rb") as stream:
        body = stream.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise WrongFile(_("It is larger than a million bytes."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongFile(_("It is no text in UTF-8 (byte {place}).").format(place=error.start)) from None
