"""A served practice company as a profile: reads its one JSON answer, keeps addresses, names and secrets.

Real accounts are connected by signing in; nothing here does that.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import msgspec

from octowizard.cli.exits import NotReached, Usage
from octowizard.locale import _
from octowizard.transport.errors import ConfigurationError
from octowizard.transport.http import checked_address
from octowizard.workspace import secrets
from octowizard.workspace.profiles import Profile, ProfileError, folder, save

_SECONDS = 10.0


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

    Usage for an address that is neither https nor loopback, NotReached when nothing sensible answers there.
    """
    try:
        address, loopback = checked_address(control_url)
    except ConfigurationError as error:
        raise Usage(str(error)) from None
    opener = build_opener(ProxyHandler({})) if loopback else build_opener()
    try:
        with opener.open(f"{address}/connection", timeout=_SECONDS) as answer:
            body: bytes = answer.read()
    except HTTPError as error:
        error.close()
        raise NotReached(
            _(
                "{address} is no practice company (HTTP {status}): give the control_url of the line that "
                "`octowizard sandbox serve` prints first."
            ).format(address=address, status=error.code)
        ) from None
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NotReached(
            _("No practice company answers at {address} ({reason}): is it still being served?").format(
                address=address, reason=getattr(reason, "strerror", None) or reason
            )
        ) from None
    return decoded(body)


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
    for address in (connection.octopus_url, connection.teamleader_url, connection.teamleader_auth_url):
        checked_address(address)
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
        octopus_url=connection.octopus_url,
        teamleader_url=connection.teamleader_url,
        teamleader_auth_url=connection.teamleader_auth_url,
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
        control_url=connection.control_url,
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
