"""`octowizard profiles`: the pairs of accounts octowizard knows, and where each secret of theirs lives."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from octowizard.cli.arguments import add_accept_loss, day_of, formatted, whole, with_examples
from octowizard.cli.commands import summary
from octowizard.cli.console import Console, plain
from octowizard.cli.exits import WELL, Usage
from octowizard.locale import _, ngettext, pgettext

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.wanted import Wanted
    from octowizard.workspace.profiles import Profile

NAME = "profiles"


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", _common: argparse.ArgumentParser
) -> None:
    """The command and its own commands."""
    parser = commands.add_parser(
        NAME,
        help=summary(NAME),
        description=_("A profile is one pair of accounts, and all octowizard remembers of it."),
        epilog=with_examples(NAME),
        formatter_class=formatted(),
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|add|edit|rename|remove")
    listed = actions.add_parser("list", help=_("the names, and what they connect"), allow_abbrev=False)
    listed.add_argument("--json", action="store_true", help=_("one JSON line per profile"))
    listed.add_argument("--names", action="store_true", help=_("only the names, one a line"))
    shown = actions.add_parser(
        "show", help=_("all about one; of secrets only where they live"), allow_abbrev=False
    )
    shown.add_argument("name", metavar="NAME")
    shown.add_argument("--json", action="store_true", help=_("one JSON line"))
    added = actions.add_parser(
        "add",
        help=_("add one without signing in, or a practice company that is being served"),
        allow_abbrev=False,
    )
    added.add_argument("name", metavar="NAME", help=_("small letters, digits, - and _"))
    whose = added.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "--without-accounts",
        action="store_true",
        help=_("sign in nowhere: what cannot be read is asked and kept as declared; connect does so later"),
    )
    whose.add_argument(
        "--sandbox-url",
        metavar="CONTROL_URL",
        help=_("the control_url that `octowizard sandbox serve` prints"),
    )
    added.add_argument("--dossier", type=whole, metavar="ID", help=_("another dossier than the usual one"))
    added.add_argument("--department", metavar="ID", help=_("another department than the usual one"))
    added.add_argument("--from", dest="start", type=day_of, metavar="DATE", help=_("first document date"))
    added.add_argument("--json", action="store_true", help=_("one JSON line about the new profile"))
    edited = actions.add_parser(
        "edit",
        help=_("choose something of its connection, such as mode; without words: what there is to choose"),
        allow_abbrev=False,
    )
    edited.add_argument("name", metavar="NAME")
    edited.add_argument("what", metavar="WHAT", nargs="?", help=_("such as invoice-journal or mode"))
    edited.add_argument("value", metavar="VALUE", nargs="?", help=_("without one: what may be written"))
    add_accept_loss(edited)
    edited.add_argument("--json", action="store_true", help=_("one JSON object: what was chosen"))
    renamed = actions.add_parser(
        "rename", help=_("give one another name; all that is remembered of it stays"), allow_abbrev=False
    )
    renamed.add_argument("name", metavar="NAME")
    renamed.add_argument("new", metavar="NEW", help=_("small letters, digits, - and _"))
    renamed.add_argument("--json", action="store_true", help=_("one JSON line about the renamed profile"))
    moved = actions.add_parser(
        "move",
        help=_("into the PostgreSQL of a fleet, or back into a file of this computer"),
        allow_abbrev=False,
    )
    moved.add_argument("names", metavar="NAME", nargs="+")
    moved.add_argument(
        "--to", required=True, metavar="URL", help=_("postgresql://user@host/name, or file to bring it back")
    )
    moved.add_argument("--json", action="store_true", help=_("one JSON line about each that was moved"))
    removed = actions.add_parser(
        "remove", help=_("forget one; the accounts themselves are not touched"), allow_abbrev=False
    )
    removed.add_argument("name", metavar="NAME")
    removed.add_argument("--yes", action="store_true", help=_("do not ask first (for scripts)"))
    removed.add_argument("--json", action="store_true", help=_("one JSON line about what was removed"))


def run(arguments: argparse.Namespace, _wanted: "Wanted", console: Console) -> int:
    """Do it. The exit code."""
    from octowizard.workspace.profiles import home

    root = home()
    acts = {"list": _list, "show": _show, "add": _add, "edit": _edit, "rename": _rename, "remove": _remove}
    acts["move"] = _move
    acts[arguments.action](arguments, root, console)
    return WELL


def _list(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace.profiles import load, names

    if arguments.names:
        for name in names(root):
            console.line(name)
        return
    known = [load(root, name) for name in names(root)]
    halves = _halves(root)
    for sentence in halves:
        console.note(sentence) if arguments.json else console.line(sentence)
    if not known and not halves and not arguments.json:
        console.note(_("No profile yet in {home}.").format(home=root))
    for profile in known:
        if arguments.json:
            console.json(_line(profile))
        else:
            console.line(f"{profile.name:<16} {_accounts(profile)}")


def _halves(root: "Path") -> list[str]:
    """What of each connection that was broken off is there, and how it goes on."""
    from octowizard.workspace import drafts

    if not (begun := drafts.names(root)):
        return []
    from octowizard.presentation.connecting import half  # with httpx behind it

    return [half(draft) for name in begun if (draft := drafts.load(root, name)) is not None]


def _show(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace.profiles import folder, load
    from octowizard.workspace.secrets import secret_names, store_of

    profile = load(root, arguments.name)
    _name_unknown(root, profile, console)
    store = store_of(root, profile)
    places = {name: store.where(name) for name in secret_names()}
    if arguments.json:
        console.json(_line(profile, folder=str(folder(root, profile.name)), secrets_at=places))
        return
    rows: list[tuple[str, object]] = [
        (_("name"), profile.name),
        (pgettext("to sign in to", "accounts"), _accounts(profile)),
        (_("Octopus"), f"{profile.octopus_url}  {profile.octopus_user}".strip() or _("not connected")),
        (_("Teamleader"), f"{profile.teamleader_url}  {profile.department_id}".strip() or _("not connected")),
        (_("from"), profile.start_date),
        (_("numbers"), profile.numbering),
        (_("journals"), f"{profile.invoice_journal}, {profile.credit_note_journal}"),
        (_("VAT return"), _days_before(profile.return_warning)),
        (_("folder"), folder(root, profile.name)),
        *(() if len(profile.unconnected) == 2 else places.items()),
    ]
    for label, value in rows:
        console.line(f"{label:<26} {plain(str(value))}")


def _days_before(days: int) -> str:
    """From when on documents that a VAT return lacks are named."""
    return ngettext(
        "warned of from {count} day before it is due", "warned of from {count} days before it is due", days
    ).format(count=days)


def _add(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    if arguments.without_accounts:
        _add_without(arguments, root, console)
        return
    from octowizard.onboarding.connection import START
    from octowizard.session import practice_company
    from octowizard.session.session import Session
    from octowizard.workspace import decisions

    profile = practice_company.add(
        root,
        arguments.name,
        practice_company.read_from(arguments.sandbox_url),
        dossier_id=arguments.dossier,
        department_id=arguments.department,
        start_date=arguments.start,
    )
    if arguments.start is not None:  # whoever gives it is not asked for it again by the set-up
        with Session(root, profile).workspace() as workspace:
            decisions.put(workspace, START, arguments.start.isoformat())
    if arguments.json:
        console.json(_line(profile))
    else:
        console.line(_("Added: {accounts}").format(accounts=f"{profile.name}  {_accounts(profile)}"))


def _add_without(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    """A profile that is signed in nowhere: whoever runs Teamleader's own integration needs no more."""
    from octowizard.workspace.profiles import add_without_accounts, first_of_the_year

    if arguments.dossier is not None or arguments.department is not None:
        raise Usage(_("--dossier and --department choose among accounts: leave them out without accounts."))
    profile = add_without_accounts(root, arguments.name, arguments.start or first_of_the_year())
    if arguments.json:
        console.json(_line(profile))
        return
    console.line(_("Added: {accounts}").format(accounts=f"{profile.name}  {_accounts(profile)}"))
    console.note(_("Next: {command}").format(command=f"octowizard --profile {profile.name} setup"))


def _edit(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.cli import setup
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import load

    profile = load(root, arguments.name)
    _name_unknown(root, profile, console)
    setup.run(argparse.Namespace(**{**vars(arguments), "action": "choose"}), Session(root, profile), console)


def _rename(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace.lock import only_one
    from octowizard.workspace.profiles import folder, load, rename, to_be_free
    from octowizard.workspace.secrets import SecretStore, secret_names, store_of

    old, new = arguments.name, arguments.new
    profile = load(root, old)
    _name_unknown(root, profile, console)
    to_be_free(root, new)
    before = store_of(root, profile)
    in_keyring = profile.secrets == "keyring"
    with only_one(folder(root, old), "octowizard profiles rename"):  # a sync keeps its intentions there
        if in_keyring:  # there they go by the profile's name; kept twice until the rename is done
            after = SecretStore(new, folder(root, old), profile.secrets)
            for name in secret_names():
                if (value := before.kept(name)) is not None:
                    after.write(name, value)
    renamed = rename(root, old, new)  # after the lock is let go: Windows renames no open file
    if in_keyring:
        for name in secret_names():
            before.delete(name)
    if arguments.json:
        console.json(_line(renamed))
    else:
        console.line(_("Renamed: {old} is now {new}.").format(old=old, new=new))


def _move(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace import moving
    from octowizard.workspace.profiles import load

    for name in arguments.names:
        profile = load(root, name)
        if arguments.to == "file":
            moving.to_file(root, profile)
        else:
            moving.to_database(root, profile, arguments.to)
        if arguments.json:
            console.json(_line(profile))
        else:
            console.line(_("Moved: {accounts}").format(accounts=f"{name}  {_accounts(profile)}"))


def _remove(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace import drafts
    from octowizard.workspace.profiles import ProfileError, load, names, remove

    name = arguments.name
    if name in drafts.names(root):
        _remove_half(arguments, root, console)
        return
    profile: Profile | None = None
    try:
        profile = load(root, name)
    except ProfileError:
        if name not in names(root):
            raise
        # It is there and cannot be read: removing it is the way out that its message names.
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise Usage(_("There is no terminal to ask on: add --yes to remove the profile."))
        question = _("Remove {accounts}, with all octowizard remembers of it?")
        if not console.asks(question.format(accounts=f"{name} ({_accounts(profile)})" if profile else name)):
            console.note(_("Nothing was removed."))
            return
    from octowizard.workspace.lock import only_one
    from octowizard.workspace.profiles import folder

    with only_one(folder(root, name), "octowizard profiles remove"):  # a sync keeps its intentions there
        if profile is not None:
            from octowizard.workspace.secrets import secret_names, store_of

            store = store_of(root, profile)
            for secret in secret_names():
                store.delete(secret)
    remove(root, name)  # after the lock is let go: Windows removes no open file
    if arguments.json and profile is not None:
        console.json(_line(profile))
    else:
        console.line(_("Removed: {name}").format(name=name))


def _remove_half(arguments: argparse.Namespace, root: "Path", console: Console) -> None:
    from octowizard.workspace import drafts
    from octowizard.workspace.profiles import ProfileError, folder
    from octowizard.workspace.secrets import SecretStore, secret_names

    name = arguments.name
    if not arguments.yes and not (
        sys.stdin.isatty() and console.asks(_("Remove what is half connected of {name}?").format(name=name))
    ):
        raise Usage(_("Nothing was removed: add --yes to remove what is half connected."))
    try:
        draft = drafts.load(root, name)
    except ProfileError:  # removing it is the way out that its message names
        draft = None
    if draft is not None:
        store = SecretStore(name, folder(root, name), draft.secrets)
        for secret in secret_names():
            store.delete(secret)
    drafts.remove(root, name)
    console.line(_("Removed: {name}").format(name=name))


def _name_unknown(root: "Path", profile: "Profile", console: Console) -> None:
    """Name the keys that octowizard does not know: they change nothing, and go when the profile is written anew."""
    from octowizard.workspace.profiles import unknown_keys

    for sentence in unknown_keys(root, profile.name):
        console.note(plain(sentence))


def _accounts(profile: "Profile") -> str:
    absent = {vendor: _("{vendor} not connected").format(vendor=vendor) for vendor in profile.unconnected}
    dossier = absent.get("Octopus") or f"{profile.dossier_id} {profile.dossier_name}".strip()
    department = absent.get("Teamleader") or profile.department_name or profile.department_id
    kind = _("practice") if profile.practice else profile.mode
    return plain(f"{dossier} + {department}, {kind}")


def _line(profile: "Profile", **more: Any) -> bytes:
    import msgspec

    from octowizard.transport.redact import redact

    record = msgspec.to_builtins(profile)
    if profile.control_url:
        record["control_url"] = redact(profile.control_url)
    body: bytes = msgspec.json.encode({"schema": 1, **record, **more})
    return body
