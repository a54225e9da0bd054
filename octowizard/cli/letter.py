"""`octowizard letter`: a ready mail to the accountant or the customer, about a finding, a step or the report."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_json, add_offline, paragraphs
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, COULD_NOT_TELL, WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from octowizard.cli.arguments import Commands
    from octowizard.locale.labels import Language
    from octowizard.presentation.letters import Letter
    from octowizard.reports.mail import Attachment
    from octowizard.session.reporting import Known
    from octowizard.session.session import Session

NAME = "letter"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Writes the mail that asks what only somebody else can answer, with the documents it is about and\n"
            "where to click, in the language of --language, else in that of your Octopus. Nothing is sent.\n"
            "Without WHAT it lists what there is to ask about."
        ),
        paragraphs(
            """with --json, one object:
  {"schema": 1, "command": "letter", "profile",
   "letters": [{"template", "to": accountant|customer|octopus, "about", "address", "language", "subject", "text",
                "records": []}]}""",
            _(
                "exit codes: 0 written, 1 nobody has to be asked about that, 2 wrong usage, 3 could "
                "not tell, 130 interrupted"
            ),
        ),
    )
    parser.add_argument(
        "what",
        nargs="?",
        metavar="WHAT",
        help=_("a finding (secured-period), a step of the set-up (map-vat), or: report, software-house"),
    )
    parser.add_argument("--customer", metavar="NAME", help=_("of several customers, the mail to this one"))
    parser.add_argument("--to-address", metavar="MAIL", help=_("the address that it goes to"))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--output", metavar="FILE.eml", help=_("a new file that your mail program opens"))
    where.add_argument(
        "--open", action="store_true", help=_("open it in your mail program; you send it there")
    )
    add_json(where)  # type: ignore[arg-type]  # a group takes arguments as a parser does
    add_fresh(parser)
    add_offline(parser)


def run(arguments: argparse.Namespace, session: "Session", console: Console) -> int:
    """Compose, show or hand over. The exit code."""
    from octowizard.cli.files import to_be_new
    from octowizard.presentation import letters

    if arguments.output is not None and to_be_new(arguments.output).suffix.lower() != ".eml":
        raise Usage(_("A mail is saved as .eml, which mail programs open: end the name of the file so."))
    language: Language | None = getattr(arguments, "language", None)
    if arguments.what == letters.SOFTWARE_HOUSE:
        from octowizard.session.connect import redirect_address

        spoken = language or session.profile.screens.octopus
        return _handed(arguments, (letters.on_software_house(redirect_address(), spoken),), session, console)
    _known_word(arguments.what)
    if letters.template_of_step(arguments.what or "") is not None:
        from octowizard.cli.watching import seen
        from octowizard.onboarding.guide import NotOffered, guide, step_named

        try:
            step = step_named(guide(seen(session, console)), arguments.what)
        except NotOffered as refused:
            raise Usage(str(refused)) from None
        made = letters.on_step(step, session.profile, language)
        assert made is not None  # the step has a template
        return _handed(arguments, (made,), session, console)
    from octowizard.cli.report import look, tell_how_old

    look(arguments, session, console)
    known = session.reporting.kept()
    if known.checked.taken_at is None:
        console.note(_("Nothing was read yet, so that nothing is known to ask about: leave out --offline."))
        return COULD_NOT_TELL
    tell_how_old(console, known)
    unread = () if arguments.offline else known.snapshot.troubles
    for trouble in unread:
        console.note(plain(trouble.said))
    if arguments.what is None:
        return _listed(known, console, arguments, language)
    if arguments.what == letters.REPORT:
        made = letters.on_report(known.checked.findings, known.profile, language)
        return _handed(arguments, (made,), session, console)
    about = [one for one in known.checked.findings if one.problem == arguments.what]
    several = letters.on_findings(about, known.snapshot, known.profile, language)
    if not several:
        text = _(
            "“{what}” is not found here now, so that there is nothing to ask; `octowizard letter` lists what is."
        )
        console.note(text.format(what=arguments.what))
        return COULD_NOT_TELL if unread else ATTENTION
    return _handed(arguments, several, session, console)


def _known_word(what: str | None) -> None:
    """Usage for a word that no letter goes by."""
    from octowizard.planning.problems import PROBLEMS
    from octowizard.presentation import letters

    steps = [step for one in letters.templates().values() for step in one.steps]
    problems = [problem for problem in PROBLEMS if letters.template_of(problem) is not None]
    if what in (None, letters.REPORT, *steps, *problems):
        return
    if what in PROBLEMS:
        text = _("Nobody has to be asked about “{what}”: `octowizard check` says what to do.").format(
            what=what
        )
        raise Usage(text)
    import difflib

    near = difflib.get_close_matches(what or "", (letters.REPORT, letters.SOFTWARE_HOUSE, *steps, *problems))
    hint = _("Did you mean {names}?").format(names=_(" or ").join(near)) if near else ""
    text = _("There is no letter about “{what}”: `octowizard letter` lists what there is to ask. {hint}")
    raise Usage(text.format(what=what, hint=hint).rstrip())


def _listed(
    known: "Known", console: Console, arguments: argparse.Namespace, language: "Language | None"
) -> int:
    """What there is to ask about, and whom."""
    code = COULD_NOT_TELL if known.snapshot.troubles and not arguments.offline else WELL
    from octowizard.presentation import letters
    from octowizard.presentation.json_output import encoded
    from octowizard.presentation.json_pages import letters as body

    problems = list(dict.fromkeys(one.problem for one in known.checked.findings))
    made = {
        problem: letters.on_findings(
            [one for one in known.checked.findings if one.problem == problem],
            known.snapshot,
            known.profile,
            language,
        )
        for problem in problems
    }
    report = letters.on_report(known.checked.findings, known.profile, language)
    if arguments.json:
        several = [one for all_of_it in made.values() for one in all_of_it] + [report]
        console.json(encoded(body(several), command=NAME, profile=known.profile.name))
        return code
    for problem, several_of_it in made.items():
        if several_of_it:
            first = several_of_it[0]
            whom = letters.recipient(first.to) + (
                f" ({len(several_of_it)})" if len(several_of_it) > 1 else ""
            )
            console.line(f"{problem:<28} {whom:<20} {plain(first.subject)}")
    console.line(f"{letters.REPORT:<28} {letters.recipient(report.to):<20} {plain(report.subject)}")
    console.note(_("`octowizard letter WHAT` writes one of them."))
    return code


def _handed(
    arguments: argparse.Namespace,
    several: "tuple[Letter, ...]",
    session: "Session",
    console: Console,
) -> int:
    """Print the letters, or hand the one that was meant to a mail program."""
    from msgspec.structs import replace

    from octowizard.presentation import letters
    from octowizard.presentation.json_output import encoded
    from octowizard.presentation.json_pages import letters as body
    from octowizard.reports import mail

    if arguments.customer:
        several = tuple(one for one in several if arguments.customer.casefold() in one.about.casefold())
        if not several:
            raise Usage(_("No mail goes to a customer “{name}”.").format(name=plain(arguments.customer)))
    if arguments.to_address:
        several = tuple(replace(one, address=arguments.to_address) for one in several)
        if not mail.mail_address(several[0]):
            raise Usage(_("“{text}” is no mail address.").format(text=plain(arguments.to_address)))
    if arguments.json:
        console.json(encoded(body(several), command=NAME, profile=session.profile.name))
        return WELL
    with_report = several[0].template == letters.REPORT
    if with_report and not arguments.output:
        console.note(letters.not_attached())
    if not (arguments.output or arguments.open):
        for number, one in enumerate(several):
            console.line(("\n" if number else "") + letters.copied(one).rstrip())
        return WELL
    if len(several) > 1:
        text = _("There is a mail to each of these: {names}. Say which one with --customer.")
        raise Usage(text.format(names=", ".join(plain(one.about) for one in several)))
    (one,) = several
    if one.practice:
        console.note(letters.practice_company())
    if arguments.output:
        from octowizard.cli.files import write_new

        attachment = _attached(arguments, session) if with_report else None
        write_new(arguments.output, mail.eml(one, session.moment_there().astimezone(), attachment), console)
        return WELL
    return _opened(one, console)


def _opened(letter: "Letter", console: Console) -> int:
    from octowizard.presentation.letters import copied, cut_short, no_mail_program
    from octowizard.reports.mail import mailto
    from octowizard.session.terminal import open_browser

    opened = mailto(letter)
    if opened.cut:
        console.note(cut_short())
    if open_browser(opened.address):
        return WELL
    console.note(no_mail_program())
    console.line(copied(letter).rstrip())
    return ATTENTION


def _attached(arguments: argparse.Namespace, session: "Session") -> "Attachment":
    """The report that goes with a letter."""
    from octowizard.reports.made import attachment, kept_report

    made, _known = kept_report(session.reporting, getattr(arguments, "language", None))
    return attachment(made)
