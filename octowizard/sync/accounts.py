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
from octowizard.workspace import renewal
from octowizard.workspace.db import Workspace
from octowizard.workspace.ledgers import SpentCalls, TakenTurns
from octowizard.workspace.profiles import Profile
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


@asynccontextmanager
async def open_accounts(root: Path, profile: Profile, workspace: Workspace) -> AsyncIterator[Accounts]:
    """Both clients, with calls counted in the workspace. ConfigurationError when a secret is missing.

    Nothing is sent yet: each side signs in with its first call.
    """
    store = store_of(root, profile)
    house, browser, password = _secret(store, OCTOPUS_SOFTWARE_HOUSE), None, ""
    if profile.octopus_sign_in == "browser":
        door = octopus_oauth.Door(profile.octopus_oauth_url, profile.octopus_oauth_in_query)
        browser = octopus_oauth.BrowserSignIn(door, house, OctopusRefresh(store))
    else:
        password = _secret(store, OCTOPUS_PASSWORD)
    octopus = Octopus(
        profile.octopus_url,
        session.Credentials(house, profile.octopus_user, password),
        browser=browser,
        dossier_id=profile.dossier_id,
        locale_id=profile.locale_id,
        ledger=SpentCalls(workspace, "Octopus"),
        enforce_limits=profile.limits,
        refusals=KeptRefusals(workspace, store, "Octopus"),
    )
    keys = oauth.Credentials(profile.teamleader_client_id, _secret(store, TEAMLEADER_CLIENT_SECRET))
    teamleader = Teamleader(
        profile.teamleader_url,
        profile.teamleader_auth_url,
        keys,
        RefreshToken(store),
        apart=renewal.apart(store, profile.teamleader_auth_url, keys),
        window=TakenTurns(workspace),
        counter=SpentCalls(workspace, "Teamleader"),
        refusals=KeptRefusals(workspace, store, "Teamleader"),
    )
    async with octopus, teamleader:
        yield Accounts(octopus, teamleader)


def _secret(store: SecretStore, name: str) -> str:
    secret = store.read(name)
    if secret is None:
        raise ConfigurationError(
            _(
                "The secret {name} of this profile is nowhere to be found ({where}). Connect the accounts again."
            ).format(name=name, where=store.where(name))
        )
    return secret.value
