"""A served practice company as a profile: reads its one JSON answer, keeps addresses, names and secrets.

Real accounts are connected by signing in; nothing here does that.
"""

from __future__ import annotations

import queue
import shutil
import threading
from datetime import date
from http.client import HTTPException
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

import msgspec

from octowizard.cli.exits import NotReached, Usage
from octowizard.locale import _
from octowizard.transport.http import checked_address
from octowizard.workspace import secrets
from octowizard.workspace.profiles import Profile, ProfileError, folder, save

_SECONDS = 10.0
_MOST_BYTES = 1_000_000


class Dossier(msgspec.Struct, frozen=True):
    """A dossier the practice login may open."""

    id: int
    description: str = ""


class OctopusAccess(msgspec.Struct, frozen=True):
    """The practice credentials of Octopus."""

    software_house: str
    user: str
    password: str
    dossiers: tuple[Dossier, ...] = ()


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


class Connection(msgspec.Struct, frozen=True):
    """The JSON line a served practice company begins with, and what GET CONTROL_URL/connection answers."""

    octopus_url: str
    teamleader_url: str
    teamleader_auth_url: str
    control_url: str
    octopus: OctopusAccess
    teamleader: TeamleaderAccess
    dossier_id: int
    department_id: str
    start_date: date
    department_name: str = ""
    scenario: str = ""
    limits: str = "on"
    default_language: str = "nl"
    answers: Answers = Answers()


def read_from(control_url: str) -> Connection:
    """What the practice company at this control address says of itself.

    Usage for an address that is not of this machine, NotReached when nothing sensible answers there: at most
    _MOST_BYTES within _SECONDS, and from nowhere else.
    """
    address = _of_this_machine(control_url)
    answers: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
    # In a thread, which is left behind when the time is over: a server that sends a byte now and then would hold us.
    threading.Thread(target=lambda: answers.put(_answer(f"{address}/connection")), daemon=True).start()
    try:
        answer = answers.get(timeout=_SECONDS)
    except queue.Empty:
        answer = TimeoutError(_("no answer within {seconds:.0f} seconds").format(seconds=_SECONDS))
    place = _shown(address)
    if isinstance(answer, bytes):
        return decoded(answer)
    if isinstance(answer, HTTPError):
        raise NotReached(
            _(
                "{address} is no practice company (HTTP {status}): give the control_url of the line that "
                "`octowizard sandbox serve` prints first."
            ).format(address=place, status=answer.code)
        )
    reason = getattr(answer, "reason", None) or answer
    raise NotReached(
        _("No practice company answers at {address} ({reason}): is it still being served?").format(
            address=place, reason=getattr(reason, "strerror", None) or reason
        )
    )


class _NoRedirect(HTTPRedirectHandler):
    """Whoever sends us elsewhere is no practice company."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


def _answer(address: str) -> bytes | Exception:
    """The body of the answer, or why there is none."""
    try:
        with build_opener(ProxyHandler({}), _NoRedirect()).open(address, timeout=_SECONDS) as answer:
            body: bytes = answer.read(_MOST_BYTES + 1)
    except HTTPError as error:
        error.close()
        return error
    except (URLError, OSError, ValueError, HTTPException) as error:
        return error
    return ValueError(_("the answer is too long")) if len(body) > _MOST_BYTES else body


def _of_this_machine(address: str) -> str:
    """The address without a slash at its end. Usage unless it is plain http to this machine itself."""
    checked, loopback = checked_address(address)
    parts = urlsplit(checked)
    plain = parts.scheme == "http" and parts.port != 0
    if not loopback or not plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise Usage(
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
    """The connection in a JSON text; NotReached when it is something else."""
    try:
        return msgspec.json.decode(body, type=Connection)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotReached(
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
    octopus_url, teamleader_url, auth_url, control_url = map(
        _of_this_machine,
        (
            connection.octopus_url,
            connection.teamleader_url,
            connection.teamleader_auth_url,
            connection.control_url,
        ),
    )
    dossiers = {dossier.id: dossier.description for dossier in connection.octopus.dossiers}
    wanted = connection.dossier_id if dossier_id is None else dossier_id
    if wanted not in dossiers and dossier_id is not None:
        raise Usage(
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
        octopus_language="fr" if connection.default_language == "fr" else "nl",
        numbering=connection.answers.numbering,
        other_connector_off=connection.answers.other_connector_off,
        secrets="file",
        practice=True,
        limits=connection.limits != "off",
        control_url=control_url,
    )
    if (place / "profile.json").exists():
        raise Usage(
            _("There is already a profile “{name}”: choose another name, or remove it first.").format(
                name=name
            )
        )
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
