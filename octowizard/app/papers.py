"""Reports and letters in the app: made in a thread by what is kept, then saved, opened, or shown to be handed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from octowizard.app.runner import in_background
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.app.screens.letter import ByLanguage
    from octowizard.app.shell import Shell
    from octowizard.checks.registry import Finding
    from octowizard.onboarding.model import Step
    from octowizard.reports.mail import Attachment
    from octowizard.session.session import Session


def _report(session: Session) -> Attachment:
    """The report as a web page, by what is kept."""
    from octowizard.reports.made import attachment, kept_report

    made, _known = kept_report(session.reporting)
    return attachment(made)


def save_report(shell: Shell) -> None:
    """Save the report, say where, and open it."""
    if shell.runner is None:
        return
    session = shell.runner.session

    def saved(path: Path) -> None:
        shell.open_outside(path.resolve().as_uri(), "")

    shell.tell(_("Making the report…"))
    in_background(
        shell,
        lambda: _report(session).body,
        lambda body: shell.save_file(body, ".html", saved),
        lambda why: shell.tell(why, wrong=True),
    )


def _show(shell: Shell, make: Callable[[Session], tuple[ByLanguage, Attachment | None]]) -> None:
    """Make letters in each language, and show them; or say that nobody has to be asked."""
    if shell.runner is None:
        return
    session = shell.runner.session

    def done(made: tuple[ByLanguage, Attachment | None]) -> None:
        from octowizard.app.screens.letter import LetterScreen

        by_language, attachment = made
        if any(by_language.values()):
            shell.push_screen(LetterScreen(by_language, session.profile.screens.octopus, attachment))
        else:
            shell.tell(_("Nobody else has to be asked about this."))

    in_background(shell, lambda: make(session), done, lambda why: shell.tell(why, wrong=True))


def letter_on_finding(shell: Shell, finding: Finding) -> None:
    """Show the mail about a finding."""

    def make(session: Session) -> tuple[ByLanguage, None]:
        from octowizard.presentation.letters import LANGUAGES, on_findings

        snapshot, profile = session.snapshot(), session.profile
        return {one: on_findings((finding,), snapshot, profile, one) for one in LANGUAGES}, None

    _show(shell, make)


def letter_on_step(shell: Shell, step: Step) -> None:
    """Show the mail about a step of the set-up."""

    def make(session: Session) -> tuple[ByLanguage, None]:
        from octowizard.presentation.letters import LANGUAGES, on_step

        made = {one: on_step(step, session.profile, one) for one in LANGUAGES}
        return {language: (one,) if one is not None else () for language, one in made.items()}, None

    _show(shell, make)


def letter_on_report(shell: Shell) -> None:
    """Show the mail that goes with the report, which is attached where it is saved."""

    def make(session: Session) -> tuple[ByLanguage, Attachment]:
        from octowizard.presentation.letters import LANGUAGES, on_report

        findings, profile = session.kept_checks().findings, session.profile
        return {one: (on_report(findings, profile, one),) for one in LANGUAGES}, _report(session)

    _show(shell, make)
