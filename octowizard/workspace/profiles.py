"""Profiles: as many pairs of accounts as wanted, each a folder with `profile.json` and its workspace.

Secrets are not in here: `secrets.py` knows where they live. The folder of all profiles is `OCTOWIZARD_HOME`, or
what the system calls the user's data folder.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, get_args

import msgspec

from octowizard.locale import _, spoken
from octowizard.locale.labels import Language, Languages
from octowizard.workspace import private
from octowizard.workspace.exhausted import exhausted
from octowizard.workspace.home import folder as folder_of_all
from octowizard.workspace.names import refusal_of_device
from octowizard.workspace.settings import unknown

Vendor = Literal["Octopus", "Teamleader"]

HALF = "connecting.json"  # what there is of a profile that is half connected: see drafts.py


class ProfileError(Exception):
    """A profile that is not there, cannot be read or is badly named; the message says what to do."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """What the user decided about accounts and VAT; what is absent is proposed from names and rates.

    `vat`: Teamleader tax-rate id -> Octopus VAT code. `accounts`: product-category id -> account number.
    """

    vat: dict[str, str] = {}
    accounts: dict[str, int] = {}
    discount_account: int | None = None


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """Where payments made in Teamleader are booked in Octopus: an F or D journal, and its money account."""

    journal: str
    account: int


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of accounts, and how they are connected. A side without an address is not: see `unconnected`."""

    name: str
    octopus_url: str
    teamleader_url: str
    teamleader_auth_url: str
    octopus_user: str  # empty where the browser signs in
    teamleader_client_id: str
    dossier_id: int
    dossier_name: str = ""
    department_id: str
    department_name: str = ""
    start_date: date
    mode: Literal["observer", "connector"] = "observer"
    numbering: Literal["follow", "next"] = "next"
    invoice_journal: str = "V1"
    credit_note_journal: str = "V2"
    mapping: Mapping = Mapping()
    mirror: Mirror | None = None
    return_warning: int = 10  # days before a VAT return is due from which on its missing documents are named
    other_connector_off: bool = False  # the user confirmed that no other connector books
    locale_id: int = 0  # language of Octopus' messages: 0 dossier's own, 1 NL, 2 FR, 3 EN, 4 DE
    octopus_language: Language | None = None  # of the screens of Octopus; None: as octowizard speaks
    teamleader_language: Language | None = None  # the same of Teamleader
    secrets: Literal["keyring", "file"] = "keyring"
    octopus_sign_in: Literal["password", "browser"] = "password"
    octopus_oauth_url: str = ""  # of the sign-in by the browser
    octopus_oauth_in_query: bool = False  # its parameters go in the query instead of a form
    practice: bool = False  # invented accounts served by the sandbox
    limits: bool = True  # only a practice company can be without daily limits
    control_url: str | None = None  # of a practice company

    @property
    def screens(self) -> Languages:
        """In which language each vendor shows its screens: octowizard's own where the profile names none."""
        return Languages(self.octopus_language or spoken(), self.teamleader_language or spoken())

    @property
    def unconnected(self) -> frozenset[Vendor]:
        """The sides that nobody has signed in to: what the user declares, and files tell, stands for them."""
        sides: tuple[tuple[Vendor, str], ...] = (
            ("Octopus", self.octopus_url),
            ("Teamleader", self.teamleader_url),
        )
        return frozenset(vendor for vendor, address in sides if not address)


def unconnected_sentence(profile: Profile) -> str:
    """What a profile with a side that is not connected can do, and how that side is connected."""
    return _(
        "The profile {name} is not connected to {vendors}: what is declared can be checked and explained, and "
        "nothing is ever written. octowizard connect {name} signs in."
    ).format(name=profile.name, vendors=_(" and ").join(sorted(profile.unconnected)))


_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def home() -> Path:
    """The folder of all profiles (made when first written to)."""
    return Path(folder_of_all())


def folder(root: Path, name: str) -> Path:
    """The folder of one profile. ProfileError for a name that no folder could safely have.

    One that an older octowizard gave a device's name stays in use, and can be removed.
    """
    device = refusal_of_device(name)
    if device and not (_NAME.fullmatch(name) and (root / "profiles" / name).is_dir()):
        raise ProfileError(device)
    if not _NAME.fullmatch(name):
        raise ProfileError(
            _(
                "“{name}” cannot be the name of a profile: use small letters, digits, - and _, "
                "starting with a letter or a digit."
            ).format(name=name)
        )
    return root / "profiles" / name


def names(root: Path) -> list[str]:
    """The names of all profiles, sorted."""
    base = root / "profiles"
    if not base.is_dir():
        return []
    return sorted(entry.name for entry in base.iterdir() if (entry / "profile.json").is_file())


def load(root: Path, name: str) -> Profile:
    """The profile, or ProfileError in one sentence."""
    path = folder(root, name) / "profile.json"
    try:
        profile = msgspec.json.decode(path.read_bytes(), type=Profile)
        # The folder is what a profile is called: a rename that was cut off leaves the older name in the file.
        return profile if profile.name == name else msgspec.structs.replace(profile, name=name)
    except FileNotFoundError:
        if path.with_name(HALF).is_file():
            text = _("“{name}” is only half connected: octowizard connect {name} goes on where it was.")
            raise ProfileError(text.format(name=name)) from None
        known = ", ".join(names(root)) or _("none yet")
        raise ProfileError(
            _("There is no profile “{name}” in {home} (profiles: {known}).").format(
                name=name, home=root, known=known
            )
        ) from None
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            _(
                "The profile {path} cannot be read ({error}). "
                "Correct the file, or remove the profile and add it again."
            ).format(path=path, error=error)
        ) from None


def unknown_keys(root: Path, name: str) -> list[str]:
    """One sentence for each key of `profile.json` that octowizard does not know, with the nearest that it knows.

    Such a key changes nothing, so that a slip of the pen would be passed over in silence. Nothing of a profile that
    cannot be read: `load` says that.
    """
    path = folder(root, name) / "profile.json"
    try:
        written = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, OSError, UnicodeDecodeError):
        return []
    return [unknown(path, key, near) for key, near in _unknown(written, Profile, "")]


def _unknown(written: object, struct: type[msgspec.Struct], inside: str) -> Iterator[tuple[str, str]]:
    """Each unknown key and the nearest known one ("" when none is near), with the keys that they stand in."""
    if not isinstance(written, dict):
        return
    known = {member.encode_name: member.type for member in msgspec.structs.fields(struct)}
    for key, value in written.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            yield inside + key, inside + near[0] if near else ""
            continue
        for part in (known[key], *get_args(known[key])):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                yield from _unknown(value, part, f"{inside}{key}.")


def first_of_the_year() -> date:
    """The start date that is proposed to whoever has not said one."""
    return datetime.now(UTC).date().replace(month=1, day=1)


def without_accounts(name: str, start_date: date) -> Profile:
    """A profile that is signed in nowhere; not kept yet."""
    return Profile(
        name=name,
        octopus_url="",
        teamleader_url="",
        teamleader_auth_url="",
        octopus_user="",
        teamleader_client_id="",
        dossier_id=0,
        department_id="",
        start_date=start_date,
    )


def add_without_accounts(root: Path, name: str, start_date: date) -> Profile:
    """Keep a new profile that is signed in nowhere. ProfileError where the name is taken or unfit."""
    to_be_free(root, name)
    profile = without_accounts(name, start_date)
    save(root, profile)
    return profile


def save(root: Path, profile: Profile) -> None:
    """Write the profile durably; the old one stands until the new one is complete."""
    write(folder(root, profile.name) / "profile.json", profile)


def write(path: Path, record: msgspec.Struct) -> None:
    """Write a record of a profile's folder as JSON, durably and at a stroke. Raises ProfileError."""
    try:
        private.make_folder(path.parent)
        fresh = path.with_suffix(".new")
        private.make_file(fresh)
        with fresh.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise ProfileError(
            exhausted(error, path.parent)
            or _("The profile cannot be written to {path} ({error}).").format(
                path=path.parent, error=error.strerror
            )
        ) from None


def rename(root: Path, old: str, new: str) -> Profile:
    """Give a profile another name; everything in its folder stays. ProfileError where the name is taken or unfit.

    Secrets in the keyring go by the name: whoever calls this has kept them under the new one before.
    """
    profile = load(root, old)
    to_be_free(root, new)
    try:
        folder(root, old).rename(folder(root, new))
    except OSError as error:
        raise ProfileError(
            _("The profile cannot be renamed in {path} ({error}).").format(
                path=folder(root, old), error=error.strerror
            )
        ) from None
    renamed = msgspec.structs.replace(profile, name=new)
    save(root, renamed)
    return renamed


def to_be_free(root: Path, name: str) -> None:
    """Raise ProfileError when a profile cannot be called so, or another one is, be it half connected."""
    if any((folder(root, name) / file).exists() for file in ("profile.json", HALF)):
        raise ProfileError(
            _("There is already a profile “{name}”: choose another name, or remove it first.").format(
                name=name
            )
        )


def remove(root: Path, name: str) -> None:
    """Remove the profile, readable or not, and all octowizard remembers of it. The accounts are not touched."""
    if not (folder(root, name) / "profile.json").is_file():
        load(root, name)  # says that there is none, and which there are
    shutil.rmtree(folder(root, name))
