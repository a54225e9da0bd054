"""`octowizard config explain`: every setting, its value, where it comes from and how to change it."""

import argparse
from typing import TYPE_CHECKING, NoReturn

from octowizard.cli.arguments import add_action, add_command, add_json
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.workspace.profiles import Profile

NAME = "config"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its own command."""
    parser = add_command(commands, common, NAME)
    actions = parser.add_subparsers(dest="action", required=True, metavar="explain")
    explain = add_action(actions, common, "explain", _("every setting, or one of them"))
    explain.add_argument(
        "setting", metavar="SETTING", nargs="?", help=_("such as numbering or OCTOWIZARD_HOME")
    )
    add_json(parser)


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Tell them. The exit code."""
    from octowizard.cli.accounts import only
    from octowizard.workspace.profiles import home

    root = home()
    if wanted.scenario is not None:
        from octowizard.cli.practice import company

        with company(wanted, console) as session:
            return _explain(arguments, session.root, session.profile, console)
    return _explain(arguments, root, only(root, wanted.profile), console)


def _explain(arguments: argparse.Namespace, root: "Path", profile: "Profile | None", console: Console) -> int:
    from octowizard.session.configuration import named, settings, source_name, unknown_variables
    from octowizard.workspace.profiles import home, unknown_keys
    from octowizard.workspace.settings import read

    unknown = unknown_keys(root, profile.name) if profile is not None else []
    for sentence in (*unknown, *read(home())[1], *unknown_variables()):
        console.note(plain(sentence))
    shown = settings(root, home(), profile)
    if arguments.setting is not None:
        names = [one.name for one in shown]
        meant = named(arguments.setting, names)
        if not meant:
            _refuse(arguments.setting, names, profile)
        shown = [one for one in shown if one.name == meant]
    if arguments.json:
        import msgspec

        name = profile.name if profile is not None else None
        body = {"schema": 1, "command": NAME, "profile": name, "settings": shown}
        console.json(msgspec.json.encode(body))
        return WELL
    for one in shown:
        console.line(plain(f"{one.name} = {one.value or '–'}  ({source_name(one.source)})"))
        console.line(plain(f"    {one.meaning}"))
        for value, means in one.values:
            console.line(plain(f"      {value}  {means}"))
        console.line(plain(f"    {one.change}"))
    return WELL


def _refuse(name: str, known: list[str], profile: "Profile | None") -> NoReturn:
    """Refuse a name that is no setting, with the nearest that is one; one that only a profile has as such."""
    from difflib import get_close_matches

    from octowizard.session.configuration import named, names

    if profile is None and (meant := named(name, names())):
        raise Usage(
            _(
                "“{name}” is a setting of a profile, and there is none yet: `octowizard connect` makes one, and "
                "`octowizard --sandbox config explain` explains a practice company's."
            ).format(name=meant)
        )
    near = get_close_matches(name, known, 1)
    if near:
        raise Usage(
            _("There is no setting “{name}”: perhaps “{near}” is meant.").format(name=name, near=near[0])
        )
    raise Usage(_("There is no setting “{name}”; config explain lists all.").format(name=name))
