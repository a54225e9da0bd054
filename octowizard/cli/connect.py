"""`octowizard connect`: sign in to real accounts, step by step, each tried live before it is kept."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import ATTENTION, WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.presentation.connecting import Ask
    from octowizard.session.connect import Connecting
    from octowizard.workspace.profiles import Profile

NAME = "connect"


def add_to(commands: "Commands", _common: argparse.ArgumentParser) -> None:
    """The command and its options. No secret is one: it would stand in the list of processes."""
    from octowizard.cli.arguments import formatted, whole, with_examples
    from octowizard.workspace import secrets

    asked = (secrets.OCTOPUS_SOFTWARE_HOUSE, secrets.OCTOPUS_PASSWORD, secrets.TEAMLEADER_CLIENT_SECRET)
    parser = commands.add_parser(
        NAME,
        help=summary(NAME),
        description=_(
            "Asks for what signs in to Octopus and to Teamleader, tries it, and keeps what worked. Passwords are\n"
            "asked without echo, or taken from the environment (see below). Broken off, it goes on where it was."
        ),
        epilog=with_examples(
            NAME,
            _("environment variables, of which one that is set is not asked for:\n{names}").format(
                names="\n".join(f"  {secrets.variable(name)}" for name in asked)
            ),
        ),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("how the profile is called"))
    side = parser.add_mutually_exclusive_group()
    side.add_argument("--octopus-only", action="store_true", help=_("only the side of Octopus"))
    side.add_argument("--teamleader-only", action="store_true", help=_("only the side of Teamleader"))
    parser.add_argument(
        "--reauthorise",
        action="store_true",
        help=_("sign in again to the accounts of a profile that is there"),
    )
    parser.add_argument(
        "--secrets",
        choices=("keyring", "file"),
        help=_("where secrets are kept: the keyring of the system, or a file that only you can read"),
    )
    parser.add_argument(
        "--octopus-sign-in",
        choices=("password", "browser"),
        help=_("user and password, or Octopus' own sign-in by the browser, of which no password is kept"),
    )
    parser.add_argument(
        "--oauth-in-query",
        action="store_true",
        help=_("send the parameters of Octopus' sign-in by the browser in the query instead of a form"),
    )
    parser.add_argument("--port", type=whole, metavar="N", help=_("port of the redirect address (8765)"))
    parser.add_argument(
        "--paste", action="store_true", help=_("no browser here: the redirected address is pasted")
    )
    parser.add_argument(
        "--mail", action="store_true", help=_("print the mail that asks for a software-house id")
    )
    for vendor in ("octopus", "octopus-sign-in", "teamleader", "teamleader-sign-in"):
        option = f"--{vendor}-address"
        parser.add_argument(option, metavar="URL", help=_("another address than the vendor's own"))


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Ask, stage by stage, until both sides are connected or the input ends. The exit code."""
    from octowizard.presentation import connecting as words
    from octowizard.session.connect import Connecting, redirect_address
    from octowizard.session.terminal import over_ssh
    from octowizard.workspace.profiles import home

    if arguments.port is not None and not 0 < arguments.port < 65536:
        raise Usage(_("--port takes a number from 1 to 65535."))
    if arguments.mail:
        from octowizard.locale import spoken
        from octowizard.presentation.letters import copied, on_software_house

        language = getattr(arguments, "language", None) or spoken()
        console.line(copied(on_software_house(redirect_address(arguments.port), language)).rstrip())
        return WELL
    root = home()
    connecting = Connecting(
        root,
        arguments.name or wanted.profile or _name(arguments.reauthorise),
        addresses=_addresses(arguments),
        place=arguments.secrets,
        only="octopus" if arguments.octopus_only else "teamleader" if arguments.teamleader_only else None,
        port=arguments.port,
        octopus_sign_in=arguments.octopus_sign_in,
        oauth_in_query=arguments.oauth_in_query,
        reauthorise=arguments.reauthorise,
    )
    while connecting.stage not in ("half", "done"):
        console.note()
        console.note(words.title(connecting))
        console.show(words.intro(connecting), indent=2, note=True)
        if not _answered(connecting, console, paste=arguments.paste or over_ssh()):
            console.note()
            console.note(words.broken_off(connecting))
            return ATTENTION
    console.show(words.intro(connecting))
    if connecting.before is not None and connecting.profile is not None:
        _measure(root, connecting.profile, console)
    return WELL if connecting.stage == "done" else ATTENTION


def _measure(root: "Path", profile: "Profile", console: Console) -> None:
    """Read the side that was declared until now, and show where it is otherwise."""
    from octowizard.cli.interrupt import completed
    from octowizard.cli.watching import reporting
    from octowizard.presentation.declared import differences
    from octowizard.session.session import Session

    session = Session(root, profile)
    console.note()
    completed(session.setup.read("", reporting(console), fresh=True))
    console.close()
    now = session.moment_there().astimezone()
    console.show(differences(session.declaring.measured(), session.declaring.words(), now))


def _name(reauthorise: bool) -> str:
    """The only profile there is, to sign in again; the only one that is half connected; else a name of ours."""
    from octowizard.workspace import drafts
    from octowizard.workspace.profiles import home, names

    known = names(home()) if reauthorise else drafts.names(home())
    if len(known) == 1:
        return known[0]
    if reauthorise or known:
        raise Usage(
            _("Say which one: octowizard connect NAME (there are: {names}).").format(
                names=", ".join(known) or _("none yet")
            )
        )
    return drafts.NAMELESS


def _addresses(arguments: argparse.Namespace) -> dict[str, str]:
    """Where the vendors are, as far as that is given."""
    given = {
        "octopus": arguments.octopus_address,
        "octopus_sign_in": arguments.octopus_sign_in_address,
        "teamleader": arguments.teamleader_address,
        "teamleader_sign_in": arguments.teamleader_sign_in_address,
    }
    return {name: address for name, address in given.items() if address is not None}


def _answered(connecting: "Connecting", console: Console, *, paste: bool) -> bool:
    """Ask for the present stage and try it; a refusal is told, and the stage asked again. False: the input ended."""
    from octowizard.cli.interrupt import completed
    from octowizard.onboarding.connection import WrongChoice
    from octowizard.presentation.connecting import asks, explained, intro
    from octowizard.session.connect import NotConnected
    from octowizard.teamleader.loopback import NoCode
    from octowizard.transport.errors import ConfigurationError, VendorError

    try:
        if connecting.at_consent and not paste:
            _by_browser(connecting, console)
            return True
        given = {}
        wanted = asks(connecting)
        for ask in wanted:
            value = _asked(console, ask) if len(wanted) == 1 else _one_of_several(console, ask)
            if value is None:
                return False
            given[ask.name] = value
        completed(connecting.answer(given))
    except (VendorError, ConfigurationError, NotConnected, NoCode, WrongChoice) as error:
        console.note(f"✖ {plain(explained(error))}")
        if connecting.at_consent and not paste:  # the browser did not bring it: the person does
            if not isinstance(error, NoCode):  # what it brought is spent, and its page with it
                console.show(intro(connecting), indent=2, note=True)
            return _answered(connecting, console, paste=True)
    return True


def _by_browser(connecting: "Connecting", console: Console) -> None:
    from octowizard.cli.interrupt import completed
    from octowizard.session.terminal import open_browser

    def show(address: str) -> None:
        if not open_browser(address):
            console.note(
                _("There is no browser here to open it: --paste lets you paste the address instead.")
            )
        console.note(_("Waiting for the browser to come back…"))

    completed(connecting.by_browser(show))


def _one_of_several(console: Console, ask: "Ask") -> str | None:
    """As `_asked`; what is none of its choices is asked again at once, not with all that was typed before it."""
    from octowizard.onboarding.connection import WrongChoice, one_of

    while (given := _asked(console, ask)) is not None and ask.choices:
        written = next((value for value, _text in ask.choices if value.casefold() == given.casefold()), given)
        try:
            one_of(ask.choices, written, ask.question)
        except WrongChoice as error:
            console.note(f"✖ {plain(str(error))}")
        else:
            return written
    return given


def _asked(console: Console, ask: "Ask") -> str | None:
    """What the person gives; the proposal for an empty line; None at the end of the input."""
    for value, text in ask.choices:
        console.note(plain(f"    {value}  {text}"))
    question = f"{ask.question} [{ask.value}]" if ask.value else ask.question
    question += "" if question.endswith("?") else ":"
    given = console.secret(question) if ask.secret else console.answer(plain(question))
    return None if given is None else given or ask.value
