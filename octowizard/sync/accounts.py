"""Both accounts of a profile, signed in and counted: what every command that reads or writes a vendor opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from octowizard.locale import _
from octowizard.octopus import oauth as octopus_oauth
from octowizard.octopus import session
from octowizard.octopus.client import Octopus
from octowizard.teamleader import oauth
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import ConfigurationError
from octowizard.transport.ledger import with_others
from octowizard.workspace import renewal
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import SpentCalls, TakenTurns
from octowizard.workspace.profiles import Profile, unconnected_sentence
from octowizard.workspace.refusals import KeptRefusals
from octowizard.workspace.secrets import (
    OCTOPUS_PASSWORD,
    OCTOPUS_SOFTWARE_HOUSE,
    TEAMLEADER_CLIENT_SECRET,
    OctopusRefresh,
    RefreshToken,
    SecretStore,
    store_of,
)


class Accounts(NamedTuple):
    """The two clients of a profile."""

    octopus: Octopus
    teamleader: Teamleader


# What stands in for the address of a side that is not connected: nothing answers to this name (RFC 6761).
_NOWHERE, _NOBODY = "https://not-connected.invalid", "-"


class NotConnected(ConfigurationError):
    """A side of this profile is not connected, so that this cannot be done."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(unconnected_sentence(profile))


@asynccontextmanager
async def open_accounts(
    root: Path, profile: Profile, workspace: Workspace, *, looking: bool = False
) -> AsyncIterator[Accounts]:
    """Both clients, with calls counted in the workspace. ConfigurationError when a secret is missing.

    Nothing is sent yet: each side signs in with its first call. Raises NotConnected where a side is not, unless only
    `looking`: then the client of that side stands for nothing and must not be asked.
    """
    if profile.unconnected and not looking:
        raise NotConnected(profile)
    store = store_of(root, profile)
    octopus = _octopus(store, profile, workspace)
    keys, apart = oauth.Credentials(_NOBODY, _NOBODY), None
    if "Teamleader" not in profile.unconnected:
        keys = oauth.Credentials(profile.teamleader_client_id, _secret(store, TEAMLEADER_CLIENT_SECRET))
        apart = renewal.apart(store, profile.teamleader_auth_url, keys)
    teamleader = Teamleader(
        profile.teamleader_url or _NOWHERE,
        profile.teamleader_auth_url or _NOWHERE,
        keys,
        RefreshToken(store),
        apart=apart,
        window=with_others(TakenTurns(workspace), f"{profile.teamleader_url} {profile.teamleader_client_id}"),
        counter=SpentCalls(workspace, "Teamleader"),
        refusals=KeptRefusals(workspace, store, "Teamleader"),
    )
    async with octopus, teamleader:
        yield Accounts(octopus, teamleader)


def _octopus(store: SecretStore, profile: Profile, workspace: Workspace) -> Octopus:
    house, browser, password = _NOBODY, None, ""
    if "Octopus" not in profile.unconnected:
        house = _secret(store, OCTOPUS_SOFTWARE_HOUSE)
        if profile.octopus_sign_in == "browser":
            door = octopus_oauth.Door(profile.octopus_oauth_url, profile.octopus_oauth_in_query)
            browser = octopus_oauth.BrowserSignIn(door, house, OctopusRefresh(store))
        else:
            password = _secret(store, OCTOPUS_PASSWORD)
    return Octopus(
        profile.octopus_url or _NOWHERE,
        session.Credentials(house, profile.octopus_user, password),
        browser=browser,
        dossier_id=profile.dossier_id,
        locale_id=profile.locale_id,
        ledger=SpentCalls(workspace, "Octopus"),
        enforce_limits=profile.limits,
        refusals=KeptRefusals(workspace, store, "Octopus"),
    )


def _secret(store: SecretStore, name: str) -> str:
    secret = store.read(name)
    if secret is None:
        raise ConfigurationError(
            _(
                "The secret {name} of this profile is nowhere to be found ({where}). Connect the accounts again."
            ).format(name=name, where=store.where(name))
        )
    return secret.value
