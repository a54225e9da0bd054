"""Accounts that are being connected: the halves that worked, kept until both make a profile.

A draft is `connecting.json` in the folder of the profile to be; its secrets lie where the profile's will lie. Both
are written only after the vendor took them, so that a connection which was broken off goes on at the next step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from octowizard.locale import _
from octowizard.workspace.profiles import HALF, Profile, ProfileError, folder, write
from octowizard.workspace.secrets import SecretStore, SecretsUnavailable, secret_names

NAMELESS = "accounts"  # what accounts are called that nobody names


class OctopusHalf(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was opened with the kept sign-in. `address`: one line."""

    url: str
    user: str = ""
    sign_in: Literal["password", "browser"] = "password"
    oauth_url: str = ""
    oauth_in_query: bool = False
    locale_id: int
    dossier_id: int
    name: str
    vat_number: str = ""
    address: str = ""
    journals: tuple[tuple[str, str], ...] = ()  # sales journals of the newest open fiscal year: key, name


class TeamleaderHalf(msgspec.Struct, frozen=True, kw_only=True):
    """A company entity that was read with the kept sign-in. `address`: one line."""

    url: str
    auth_url: str
    client_id: str
    department_id: str
    name: str
    vat_number: str = ""
    address: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is connected so far. `same_company`: the user confirmed that both halves belong together. `addresses`: where
    the vendors are asked, by name, as far as that is not at their own."""

    name: str
    secrets: Literal["keyring", "file"] = "keyring"
    octopus: OctopusHalf | None = None
    teamleader: TeamleaderHalf | None = None
    same_company: bool = False
    addresses: dict[str, str] = {}


def joined(profile: Profile, *halves: OctopusHalf | TeamleaderHalf) -> Profile:
    """The profile with these sides connected; all that was chosen of it stays."""
    for half in halves:
        if isinstance(half, OctopusHalf):
            profile = msgspec.structs.replace(
                profile,
                octopus_url=half.url,
                octopus_user=half.user,
                octopus_sign_in=half.sign_in,
                octopus_oauth_url=half.oauth_url,
                octopus_oauth_in_query=half.oauth_in_query,
                dossier_id=half.dossier_id,
                dossier_name=half.name,
                locale_id=half.locale_id,
            )
        else:
            profile = msgspec.structs.replace(
                profile,
                teamleader_url=half.url,
                teamleader_auth_url=half.auth_url,
                teamleader_client_id=half.client_id,
                department_id=half.department_id,
                department_name=half.name,
            )
    return profile


def kept_together(store: SecretStore, values: Mapping[str, str], then: Callable[[], None]) -> None:
    """Keep these secrets, then do `then`; where one fails, all secrets are as they were before, and it is raised."""
    before = {name: store.kept(name) for name in secret_names()}
    try:
        for name, value in values.items():
            store.write(name, value)
        then()
    except (SecretsUnavailable, ProfileError):
        for name, earlier in before.items():
            with suppress(SecretsUnavailable):  # the place that failed is told of already
                if earlier is None:
                    store.delete(name)
                else:
                    store.write(name, earlier)
        raise


def names(root: Path) -> list[str]:
    """The names of what is half connected, sorted."""
    base = root / "profiles"
    if not base.is_dir():
        return []
    return sorted(
        entry.name
        for entry in base.iterdir()
        if (entry / HALF).is_file() and not (entry / "profile.json").is_file()
    )


def load(root: Path, name: str) -> Draft | None:
    """The draft of this name, or None. Raises ProfileError for one that cannot be read."""
    path = folder(root, name) / HALF
    try:
        return msgspec.json.decode(path.read_bytes(), type=Draft)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            _("{path} cannot be read ({error}): remove it with octowizard profiles remove {name}.").format(
                path=path, error=error, name=name
            )
        ) from None


def save(root: Path, draft: Draft) -> None:
    """Keep what is connected so far, durably. Raises ProfileError."""
    write(folder(root, draft.name) / HALF, draft)


def forget(root: Path, name: str) -> None:
    """Its profile is kept: the draft has served."""
    (folder(root, name) / HALF).unlink(missing_ok=True)


def remove(root: Path, name: str) -> None:
    """Remove all that was kept of a connection that never became a profile."""
    shutil.rmtree(folder(root, name))
