"""A served practice company: talking to its control address, what it says of itself, keeping it as a profile.

Real accounts are connected by signing in; nothing here does that. All of it blocks.
"""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from octowizard import __version__
from octowizard.locale import _, spoken
from octowizard.workspace.profiles import Profile, ProfileError, folder, save, to_be_free

_SECONDS = 10.0
_MOST_BYTES = 1_000_000


class DeskError(Exception):
    """The practice company refuses, or does not answer; the text is one sentence."""


class Dossier(msgspec.Struct, frozen=True):
    """A dossier the practice login may open."""

    id: int
    description: str = ""


class Dossiers(msgspec.Struct, frozen=True, kw_only=True):
    """The dossiers that the practice login may open."""

    dossiers: tuple[Dossier, ...] = ()

    @property
    def names(self) -> dict[int, str]:
        """What each is called, by its number."""
        return {dossier.id: dossier.description for dossier in self.dossiers}


class OctopusAccess(Dossiers, frozen=True, kw_only=True):
    """The practice credentials of Octopus."""

    software_house: str
    user: str
    password: str


class TeamleaderAccess(msgspec.Struct, frozen=True):
    """The practice credentials of Teamleader."""

    client_id: str
    client_secret: str
    refresh_token: str


class Answers(msgspec.Struct, frozen=True):
    """What the people of the practice company decided when it was connected."""

    numbering: Literal["follow", "next"] = "next"
    other_connector_off: bool = False
    mode: Literal["observer", "connector"] = "connector"


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What the people of the practice company have decided about the connection."""

    start_date: date
    dossier_id: int
    octopus: Dossiers = Dossiers()
    answers: Answers = Answers()

    def applied(self, profile: Profile) -> Profile:
        """The profile as it is then."""
        return msgspec.structs.replace(
            profile,
            start_date=self.start_date,
            dossier_id=self.dossier_id,
            dossier_name=self.octopus.names.get(self.dossier_id, profile.dossier_name),
            numbering=self.answers.numbering,
            other_connector_off=self.answers.other_connector_off,
        )


class Connection(Decided, frozen=True, kw_only=True):
    """The JSON line a served practice company begins with, and what GET CONTROL_URL/connection answers."""

    octopus_url: str
    teamleader_url: str
    teamleader_auth_url: str
    control_url: str
    octopus: OctopusAccess
    teamleader: TeamleaderAccess
    department_id: str
    department_name: str = ""
    scenario: str = ""
    limits: str = "on"
    default_language: str = "nl"


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How far a large practice company is in the making. `seconds`: about what it still takes; None: not known."""

    customers: int
    documents: int
    percent: int
    seconds: int | None = None


Prepare = Callable[[Callable[[Making | None], None]], Profile]
"""Waits for the profile of a company that is being made ready, and tells how far that is."""


class _Line(msgspec.Struct, frozen=True):
    making: Making


def making(line: bytes) -> Making | None:
    """What a line of a practice company tells of its making; None when it is another line."""
    if not line.startswith(b'{"making"'):
        return None
    try:
        return msgspec.json.decode(line, type=_Line).making
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def exchange(address: str, body: bytes | None = None, *, seconds: float, most: int = -1) -> bytes:
    """The answer to a GET, or to a POST of JSON; at most so many bytes. Raises HTTPError, OSError, HTTPException."""
    # Imported here: Home asks whether there is a practice company long before anybody talks to it.
    from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

    class NoRedirect(HTTPRedirectHandler):
        """Whoever sends us elsewhere is no practice company."""

        def redirect_request(self, *_args: object, **_named: object) -> None:
            return None

    headers = {} if body is None else {"Content-Type": "application/json"}
    request = Request(address, body, headers | {"User-Agent": f"octowizard/{__version__}"})
    # A practice company is on the loopback interface, whatever proxy there is.
    with build_opener(ProxyHandler({}), NoRedirect()).open(request, timeout=seconds) as answer:
        return bytes(answer.read(most))


def reason_of(error: Exception) -> object:
    """What kept an answer from coming, in the system's words."""
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or reason


def read_from(control_url: str) -> Connection:
    """What the practice company at this control address says of itself.

    ProfileError for an address that is not of this machine, DeskError when nothing sensible answers there: at most
    _MOST_BYTES within _SECONDS, and from nowhere else.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError

    address = _of_this_machine(control_url)
    answers: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(exchange(f"{address}/connection", seconds=_SECONDS, most=_MOST_BYTES + 1))
        except (OSError, ValueError, HTTPException) as error:
            answers.put(error)

    # In a thread, which is left behind when the time is over: a server that sends a byte now and then would hold us.
    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_SECONDS)
    except queue.Empty:
        answer = TimeoutError(_("no answer within {seconds:.0f} seconds").format(seconds=_SECONDS))
    if isinstance(answer, bytes) and len(answer) <= _MOST_BYTES:
        return decoded(answer)
    if isinstance(answer, HTTPError):
        answer.close()
        raise DeskError(
            _(
                "{address} is no practice company (HTTP {status}): give the control_url of the line that "
                "`octowizard sandbox serve` prints first."
            ).format(address=_shown(address), status=answer.code)
        )
    reason = _("the answer is too long") if isinstance(answer, bytes) else reason_of(answer)
    raise DeskError(
        _("No practice company answers at {address} ({reason}): is it still being served?").format(
            address=_shown(address), reason=reason
        )
    )


def _of_this_machine(address: str) -> str:
    """The address without a slash at its end. ProfileError unless it is plain http to this machine itself."""
    from octowizard.transport.http import checked_address  # with httpx behind it

    checked, loopback = checked_address(address)
    parts = urlsplit(checked)
    plain = parts.scheme == "http" and parts.port != 0
    if not loopback or not plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise ProfileError(
            _(
                "{address} is no address of a practice company: those are on this machine, such as "
                "http://127.0.0.1:8010."
            ).format(address=_shown(checked))
        )
    return checked


def _shown(address: str) -> str:
    """Scheme, host and port: the path holds the secret of the control address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def decoded(body: bytes) -> Connection:
    """The connection in a JSON text; DeskError when it is something else."""
    try:
        return msgspec.json.decode(body, type=Connection)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeskError(
            _("The practice company answered something else than its connection ({error}).").format(
                error=error
            )
        ) from None


def add(
    root: Path,
    name: str,
    connection: Connection,
    *,
    dossier_id: int | None = None,
    department_id: str | None = None,
    start_date: date | None = None,
) -> Profile:
    """Keep the practice company as a profile, its secrets in files readable by their owner alone."""
    from octowizard.workspace import secrets  # with the redactor behind it, which Home does without

    octopus_url, teamleader_url, auth_url, control_url = map(
        _of_this_machine,
        (
            connection.octopus_url,
            connection.teamleader_url,
            connection.teamleader_auth_url,
            connection.control_url,
        ),
    )
    dossiers = connection.octopus.names
    wanted = connection.dossier_id if dossier_id is None else dossier_id
    if wanted not in dossiers and dossier_id is not None:
        raise ProfileError(
            _("There is no dossier {id} in this practice company; it has {dossiers}.").format(
                id=wanted, dossiers=", ".join(f"{key} ({text})" for key, text in dossiers.items())
            )
        )
    place = folder(root, name)
    profile = Profile(
        name=name,
        octopus_url=octopus_url,
        teamleader_url=teamleader_url,
        teamleader_auth_url=auth_url,
        dossier_id=wanted,
        dossier_name=dossiers.get(wanted, ""),
        department_id=department_id or connection.department_id,
        department_name=connection.department_name if department_id is None else "",
        start_date=start_date or connection.start_date,
        mode=connection.answers.mode,
        octopus_user=connection.octopus.user,
        teamleader_client_id=connection.teamleader.client_id,
        # A French reader would not find his way by Dutch menus; whoever reads English meets those of the dossier.
        octopus_language="fr" if "fr" in (connection.default_language, spoken()) else "nl",
        numbering=connection.answers.numbering,
        other_connector_off=connection.answers.other_connector_off,
        secrets="file",
        practice=True,
        limits=connection.limits != "off",
        control_url=control_url,
    )
    to_be_free(root, name)
    try:
        store = secrets.SecretStore(name, place, "file", environ={})
        store.write(secrets.OCTOPUS_SOFTWARE_HOUSE, connection.octopus.software_house)
        store.write(secrets.OCTOPUS_PASSWORD, connection.octopus.password)
        store.write(secrets.TEAMLEADER_CLIENT_SECRET, connection.teamleader.client_secret)
        store.write(secrets.TEAMLEADER_REFRESH_TOKEN, connection.teamleader.refresh_token)
        save(root, profile)  # last: a profile that is there is complete
    except (secrets.SecretsUnavailable, ProfileError):
        shutil.rmtree(place, ignore_errors=True)
        raise
    return profile
