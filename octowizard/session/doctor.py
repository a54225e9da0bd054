"""Is all well with octowizard itself: this computer, its folder, the keyring, the terminal, each profile's accounts.

Not here: what stands in the way of a sync, which `checks/` tells. `here` blocks and asks nobody; `there` asks both
vendors. Each line names what to do, and can be looked at again by itself.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from octowizard import __version__
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, duration
from octowizard.locale.formats import day as shown_day
from octowizard.locale.keys import key_of

if TYPE_CHECKING:
    from octowizard.octopus.drift import Difference
    from octowizard.session.session import Session
    from octowizard.sync.accounts import Accounts

State = Literal["well", "advice", "wrong", "unknown"]

_PACKAGES = (
    "textual",
    "httpx",
    "msgspec",
    "keyring",
    "rich",
    "truststore",
    "rapidfuzz",
    "python-stdnum",
)
_LEAST_COLUMNS, _LEAST_ROWS = 80, 24
_LEAST_ROOM = 200 * 1024 * 1024  # bytes free on the disk of the home
_CLOCK = timedelta(seconds=60)  # more than this apart, ages and limits are told wrongly


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one look came to. `check`: the word by which it is looked at again; `profile`: "" for this computer."""

    check: str
    state: State
    text: str
    fix: str = ""
    profile: str = ""


class Terminal(NamedTuple):
    """What whoever asks runs in; size 0 where there is no terminal. `clipboard`: the tool that reaches it."""

    columns: int
    rows: int
    colours: bool
    encoding: str
    clipboard: str = ""


class UnknownCheck(ValueError):
    """There is no check of this name; the message says which there are."""


def checks() -> tuple[str, ...]:
    """The names of all that is looked at, as `only` takes them."""
    return (*_HERE, *_OF_PROFILE, *ONLINE)


def here(root: Path, terminal: Terminal, only: str = "", profile: str = "") -> list[Line]:
    """All that can be told without asking anybody; `only`: one of it, `profile`: of one alone."""
    from octowizard.workspace import drafts
    from octowizard.workspace.profiles import names

    if only and only not in checks():
        raise UnknownCheck(
            _("There is no check “{name}”; there are: {names}.").format(name=only, names=", ".join(checks()))
        )
    lines = [
        line
        for name, check in _HERE.items()
        if only in ("", name) and not profile
        for line in check(root, terminal)
    ]
    for name in names(root):
        if profile in ("", name):
            lines += (
                msgspec.structs.replace(line, profile=name)
                for word, check in _OF_PROFILE.items()
                if only in ("", word)
                for line in _without_fail(word, check, root, name)
            )
    for name in drafts.names(root):
        if profile in ("", name) and only in ("", "profile"):
            fix = _("Go on where it was: octowizard connect {name}.").format(name=name)
            text = _("These accounts are only half connected.")
            lines.append(Line(check="profile", state="advice", text=text, fix=fix, profile=name))
    return lines


def _without_fail(
    word: str, check: Callable[[Path, str], Iterator[Line]], root: Path, name: str
) -> Iterator[Line]:
    """The lines of a check of one profile; what keeps it from being read is a line as well."""
    try:
        yield from check(root, name)
    except _hindrances() as error:
        yield Line(check=word, state="wrong", text=str(error))


def _hindrances() -> tuple[type[Exception], ...]:
    """What keeps a profile from being opened; its text is a sentence that says what to do."""
    from octowizard.transport.errors import ConfigurationError
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.profiles import ProfileError
    from octowizard.workspace.secrets import SecretsUnavailable

    return (ConfigurationError, WorkspaceError, ProfileError, SecretsUnavailable)


# --- this computer ------------------------------------------------------------------------------------------


def versions() -> Iterator[tuple[str, str]]:
    """Of Python and each package that octowizard rests on: its name and version, "" of one that is missing."""
    yield "Python", ".".join(map(str, sys.version_info[:3]))
    for name in _PACKAGES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, ""


def _versions(_root: Path, _terminal: Terminal) -> Iterator[Line]:
    (_name, python), *packages = versions()
    there = [f"{name} {version}" for name, version in packages if version]
    missing = [name for name, version in packages if not version]
    text = _("octowizard {version} on Python {python}: {packages}.").format(
        version=__version__, python=python, packages=", ".join(there)
    )
    yield Line(check="versions", state="well", text=text)
    if missing:
        yield Line(
            check="versions",
            state="wrong",
            text=_("These packages are missing: {names}.").format(names=", ".join(missing)),
            fix=_("Install octowizard again, which brings them along."),
        )


def _folder(root: Path, _terminal: Terminal) -> Iterator[Line]:
    place = root
    while not place.exists() and place.parent != place:
        place = place.parent  # it is made when something is first written
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        yield Line(
            check="folder",
            state="wrong",
            text=_("Nothing can be written to {path} ({reason}).").format(path=root, reason=error.strerror),
            fix=_("Give yourself the right to write there, or name another folder in OCTOWIZARD_HOME."),
        )
        return
    free = shutil.disk_usage(place).free
    if free < _LEAST_ROOM:
        yield Line(
            check="folder",
            state="wrong",
            text=_("The disk of {path} has only {size} MB left.").format(path=root, size=count(free >> 20)),
            fix=_("Make room on it: a write that does not fit ends a sync."),
        )
    elif sys.platform != "win32" and (open_to := _open_to_others(root)):
        yield Line(
            check="folder",
            state="advice",
            text=_("{path} can be read by other users of this computer.").format(path=open_to),
            fix=_("Opening the profile once takes their rights away: octowizard check --offline."),
        )
    else:
        yield Line(
            check="folder",
            state="well",
            text=_("{path} can be written, and what is in it is yours alone.").format(path=root),
        )


def _open_to_others(root: Path) -> Path | None:
    kept = (
        path for name in ("profiles", "crashes", "saved") for path in (root / name, *(root / name).glob("*"))
    )
    return next((path for path in kept if path.exists() and path.stat().st_mode & 0o077), None)


def _keyring(root: Path, _terminal: Terminal) -> Iterator[Line]:
    from octowizard.workspace.profiles import ProfileError, load, names
    from octowizard.workspace.secrets import SecretStore, SecretsUnavailable

    wanted = False
    for name in names(root):
        try:
            wanted = wanted or load(root, name).secrets == "keyring"
        except ProfileError:
            continue
    store = SecretStore("doctor", root / "profiles" / "doctor")
    try:
        store.try_place()
    except SecretsUnavailable as error:
        yield Line(
            check="keyring",
            state="wrong" if wanted else "advice",
            text=str(error),
            fix=_("Start the keyring service of this computer, or leave it: the other two ways do without."),
        )
        return
    text = _(
        "The keyring of this computer keeps what it is given: a trial was written, read back and removed."
    )
    yield Line(check="keyring", state="well", text=text)


def _terminal_fits(_root: Path, terminal: Terminal) -> Iterator[Line]:
    if not terminal.columns:
        text = _("There is no terminal here: the commands work, the app needs one.")
        yield Line(check="terminal", state="advice", text=text, fix=_("Open octowizard in a terminal."))
        return
    size = f"{terminal.columns}×{terminal.rows}"
    if terminal.columns < _LEAST_COLUMNS or terminal.rows < _LEAST_ROWS:
        yield Line(
            check="terminal",
            state="advice",
            text=_("The terminal is {size}, and the app is made for 80×24 at least.").format(size=size),
            fix=_("Make the window larger, or its letters smaller."),
        )
    if terminal.encoding.lower().replace("-", "") != "utf8":
        yield Line(
            check="terminal",
            state="wrong",
            text=_("The terminal takes {encoding}, which lacks letters of names.").format(
                encoding=terminal.encoding
            ),
            fix=_("Set LANG to a UTF-8 language, such as en_GB.UTF-8; on Windows, PYTHONUTF8=1."),
        )
    colours = _("many colours") if terminal.colours else _("few colours")
    clipboard = terminal.clipboard or _("the terminal itself (OSC 52)")
    text = _("The terminal is {size} with {colours}; copies go by {clipboard}.")
    yield Line(
        check="terminal",
        state="well",
        text=text.format(size=size, colours=colours, clipboard=clipboard),
    )


def _network(_root: Path, _terminal: Terminal) -> Iterator[Line]:
    from octowizard.transport.certificates import trusted
    from octowizard.transport.errors import ConfigurationError
    from octowizard.transport.proxies import proxy_for

    try:
        trusted()
        proxy = proxy_for("https://service.inaras.be")
    except ConfigurationError as error:
        yield Line(check="network", state="wrong", text=str(error))
        return
    own = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    where = own or _("this computer's own store")
    if proxy is None:
        text = _("Calls go straight to the internet; certificates are those of {store}.").format(store=where)
    else:
        text = _("Calls go by the proxy {proxy}; certificates are those of {store}.").format(
            proxy=f"{proxy.url.host}:{proxy.url.port or ''}".rstrip(":"), store=where
        )
    yield Line(check="network", state="well", text=text)


# --- one profile --------------------------------------------------------------------------------------------


def _readable(root: Path, name: str) -> Iterator[Line]:
    from octowizard.workspace import settings
    from octowizard.workspace.profiles import load, unknown_keys

    for sentence in settings.read(root)[1]:
        fix = _("Correct the file, or choose the setting anew: {settings} in the app.").format(
            settings=key_of("settings", "f10")
        )
        yield Line(check="profile", state="advice", text=sentence, fix=fix)
    profile = load(root, name)
    for sentence in unknown_keys(root, name):
        fix = _("Correct the key in the file, or choose the setting anew: octowizard profiles edit {name}.")
        yield Line(check="profile", state="advice", text=sentence, fix=fix.format(name=name))
    if profile.unconnected:
        text = _(
            "The profile is not connected to {vendors}: what was declared stands, and nothing is written."
        )
        vendors = _(" and ").join(sorted(profile.unconnected))
        yield Line(check="profile", state="well", text=text.format(vendors=vendors))
        return
    text = _("The profile connects {department} and dossier {dossier}.")
    yield Line(
        check="profile",
        state="well",
        text=text.format(
            department=profile.department_name or profile.department_id,
            dossier=f"{profile.dossier_id} {profile.dossier_name}".strip(),
        ),
    )


def _secrets(root: Path, name: str) -> Iterator[Line]:
    from octowizard.workspace.profiles import load
    from octowizard.workspace.secrets import needed_names, store_of

    profile = load(root, name)
    if profile.unconnected:  # whoever connects the rest is told where its secrets live
        return
    store = store_of(root, profile)
    fix = _("Sign in again: octowizard connect {name} --reauthorise (in the app: {sign_in} on Home).").format(
        sign_in=key_of("home.sign_in", "i"), name=name
    )
    missing = [one for one in needed_names(profile.octopus_sign_in) if store.read(one) is None]
    if missing:
        yield Line(
            check="secrets",
            state="wrong",
            text=_("These secrets are not kept anywhere: {names}.").format(names=", ".join(missing)),
            fix=fix,
        )
        return
    session = _session(root, name)
    if (ends := session.sign_in_ends()) is not None:
        text = _("The sign-in to Octopus by the browser lasts until {day}.").format(day=shown_day(ends))
        yield Line(check="secrets", state="advice", text=text, fix=fix)
    else:
        yield Line(check="secrets", state="well", text=_("All secrets of the sign-in are kept."))


def _limits(root: Path, name: str) -> Iterator[Line]:
    session = _session(root, name)
    calls = session.calls()
    if "Octopus" in session.profile.unconnected:
        return
    if not session.profile.limits:
        yield Line(check="limits", state="well", text=_("This practice company has no limits of the day."))
        return
    spent = [one.label for one in calls.left if not one.left]
    if spent:
        yield Line(
            check="limits",
            state="advice",
            text=_("Today's calls to Octopus are used up for: {names}.").format(names=", ".join(spent)),
            fix=_("Wait until tomorrow; what was read before is used until then."),
        )
    else:
        left = ", ".join(f"{one.label} {count(one.left)}/{count(one.limit)}" for one in calls.left)
        yield Line(
            check="limits", state="well", text=_("Calls are left of every limit: {left}.").format(left=left)
        )


def _clock_as_seen(root: Path, name: str) -> Iterator[Line]:
    from datetime import UTC, datetime

    from octowizard.workspace.db import Workspace
    from octowizard.workspace.kept import reading

    session = _session(root, name)
    with Workspace.open(root, name) as workspace:
        seen = reading(workspace, "clock") is not None
    if seen and not session.profile.practice:  # whose clock is its own
        yield from _clock(session.moment_there() - datetime.now(UTC))


def _clock(offset: timedelta) -> Iterator[Line]:
    if abs(offset) > _CLOCK:
        yield Line(
            check="clock",
            state="wrong",
            text=_("The clock of this computer is {time} away from that of Octopus.").format(
                time=duration(abs(offset).total_seconds())
            ),
            fix=_("Let the system set its clock by the internet."),
        )
    else:
        yield Line(check="clock", state="well", text=_("The clock agrees with that of Octopus."))


def _session(root: Path, name: str) -> Session:
    from octowizard.session.session import Session
    from octowizard.workspace.profiles import load

    return Session(root, load(root, name))


_HERE: dict[str, Callable[[Path, Terminal], Iterator[Line]]] = {
    "versions": _versions,
    "folder": _folder,
    "keyring": _keyring,
    "terminal": _terminal_fits,
    "network": _network,
}
_OF_PROFILE: dict[str, Callable[[Path, str], Iterator[Line]]] = {
    "profile": _readable,
    "secrets": _secrets,
    "limits": _limits,
    "clock": _clock_as_seen,
}


# --- asking the vendors -------------------------------------------------------------------------------------

ONLINE = ("octopus", "teamleader", "contract")


async def there(root: Path, only: str = "", profile: str = "") -> list[Line]:
    """The sign-in of each profile on both sides, the clock by their answers, and Octopus' published contract."""
    from octowizard.workspace.profiles import names

    lines: list[Line] = []
    for name in names(root):
        if profile in ("", name) and only in ("", "clock", *ONLINE):
            asked = await _asked(root, name, only)
            lines += (msgspec.structs.replace(line, profile=name) for line in asked)
    return lines


def joined(known: Iterable[Line], asked: Iterable[Line]) -> list[Line]:
    """The lines of `here` with those of `there`, which take the place of what was only known from before."""
    fresh = list(asked)
    places = {(line.profile, line.check) for line in fresh}
    return [*(line for line in known if (line.profile, line.check) not in places), *fresh]


async def _asked(root: Path, name: str, only: str) -> list[Line]:
    lines: list[Line] = []
    try:
        session = _session(root, name)
        absent = session.profile.unconnected
        if len(absent) == 2:
            return lines
        async with session.open(looking=True) as (_workspace, accounts):
            if only in ("", "octopus", "clock") and "Octopus" not in absent:
                lines += await _octopus(session, accounts)
            if only in ("", "teamleader") and "Teamleader" not in absent:
                lines += await _teamleader(accounts)
        if only in ("", "contract") and "Octopus" not in absent:
            lines += await _contract(session.profile.octopus_url)
    except _hindrances() as error:
        lines.append(Line(check=only or "octopus", state="wrong", text=str(error)))
    return lines


async def _octopus(session: Session, accounts: Accounts) -> list[Line]:
    from octowizard.transport.errors import VendorError

    octopus, profile = accounts.octopus, session.profile
    try:
        version = await octopus.version()
        if (refused := await octopus.known_refusal()) is not None:
            raise refused
        seen = {dossier.dossier_key.id for dossier in await octopus.dossiers()}
    except VendorError as error:
        return [_refused("octopus", error)]
    lines = [] if profile.practice else list(_clock(octopus.clock.offset))
    user = profile.octopus_user or _("The user who agreed in the browser")
    if profile.dossier_id not in seen:
        text = _("{user} signs in to Octopus and does not see dossier {dossier}.")
        fix = _(
            "Give the user a right to the dossier in Octopus, or choose another: octowizard setup dossier ID."
        )
        text = text.format(user=user, dossier=profile.dossier_id)
        return [*lines, Line(check="octopus", state="wrong", text=text, fix=fix)]
    text = _("{user} signs in to Octopus {version}, and sees the dossier.")
    text = text.format(user=user, version=version)
    return [*lines, Line(check="octopus", state="well", text=text)]


async def _teamleader(accounts: Accounts) -> list[Line]:
    from octowizard.transport.errors import VendorError

    teamleader = accounts.teamleader
    try:
        if (refused := await teamleader.known_refusal()) is not None:
            raise refused
        me = await teamleader.me()
    except VendorError as error:
        return [_refused("teamleader", error)]
    text = ngettext(
        "{name} signs in to Teamleader; {left} call is left this minute.",
        "{name} signs in to Teamleader; {left} calls are left this minute.",
        teamleader.window.remaining,
    )
    name = f"{me.first_name} {me.last_name}".strip()
    return [
        Line(
            check="teamleader",
            state="well",
            text=text.format(name=name, left=count(teamleader.window.remaining)),
        )
    ]


async def _contract(address: str) -> list[Line]:
    from octowizard.octopus import drift
    from octowizard.octopus.published import published
    from octowizard.transport.errors import VendorError

    try:
        changed = drift.differences(drift.shipped(), await published(address))
    except VendorError as error:
        return [_refused("contract", error)]
    if not changed:
        text = _("Octopus publishes nothing that octowizard uses otherwise than it was made for.")
        return [Line(check="contract", state="well", text=text)]
    fix = _("Install the newest octowizard before the next sync; if it is the newest, report this line.")
    return [
        Line(
            check="contract",
            state="advice" if difference.kind == "limit" else "wrong",
            text=described(difference),
            fix=fix,
        )
        for difference in changed
    ]


def described(difference: Difference) -> str:
    """A change of the contract, as a sentence."""
    side, path = difference.place[:1], difference.place[1:]
    what = {
        "?": _("the parameter {path}"),
        ">": _("what is sent as {path}"),
        "<": _("what is answered as {path}"),
    }.get(side, _("the operation"))
    sentence = {
        "gone": _("Octopus' contract has changed, {operation}: {what} is no longer there."),
        "required": _("Octopus' contract has changed, {operation}: {what} must be given now."),
        "type": _("Octopus' contract has changed, {operation}: {what} is {after} now, and was {before}."),
        "value": _("Octopus' contract has changed, {operation}: {what} may no longer be “{before}”."),
        "limit": _("Octopus' contract has changed, {operation}: {after} calls a day, and were {before}."),
    }[difference.kind]
    return sentence.format(
        operation=difference.operation,
        what=what.format(path=path),
        before=difference.before,
        after=difference.after,
    )


def _refused(check: str, error: Exception) -> Line:
    from octowizard.transport.errors import Forbidden, SignInRefused

    if isinstance(error, SignInRefused | Forbidden):
        fix = _("Correct the user, the password, the keys or the rights of this profile.")
        return Line(check=check, state="wrong", text=str(error), fix=fix)
    fix = _("Check the internet connection, the proxy, and the addresses of this profile.")
    return Line(check=check, state="unknown", text=str(error), fix=fix)


def again(line: Line) -> str:
    """The command that looks at this line alone once more."""
    words = ["octowizard", "doctor", "--only", line.check]
    if line.check in ONLINE:
        words.append("--online")
    if line.profile:
        words += ["--profile", line.profile]
    return " ".join(words)
