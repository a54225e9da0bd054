"""Every setting: its value, where it comes from, and how to change it. Reads files and the environment, no vendor.

A value of the profile that is the one octowizard ships counts as the default's: a profile is written whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from octowizard.locale import _
from octowizard.workspace.profiles import Profile

Source = Literal["default", "profile", "environment", "vendor", "settings"]

_VENDOR = frozenset({"dossier_name", "department_name"})
_HIDDEN = frozenset({"control_url"})  # its path holds the secret of a practice company


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting. `value`: as it is written, "" where there is none; of a secret only that it is there."""

    name: str
    value: str
    source: Source
    change: str


def settings(
    root: Path, profile: Profile | None, environment: Mapping[str, str] = os.environ
) -> list[Setting]:
    """All settings: of the profile, of the app, of the environment."""
    made = list(_of_profile(profile)) if profile is not None else []
    theme = _theme(root)
    made.append(
        Setting(
            name="theme",
            value=theme or "octowizard-night",
            source="settings" if theme else "default",
            change=_("In the app: t."),
        )
    )
    return [*made, *_of_environment(root, profile, environment)]


def _theme(root: Path) -> str:
    """The theme that the app has kept; "" for none."""
    try:
        kept = msgspec.json.decode((root / "settings.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(kept.get("theme", ""))


def _of_profile(profile: Profile) -> Iterator[Setting]:
    for member in msgspec.structs.fields(Profile):
        value = getattr(profile, member.name)
        source: Source = "profile"
        if member.name in _VENDOR:
            source = "vendor"
        elif value == member.default or (member.name == "mapping" and value == type(value)()):
            source = "default"
        shown = _("(not shown)") if member.name in _HIDDEN and value else _written(value)
        yield Setting(name=member.name, value=shown, source=source, change=_change(member.name, profile))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode().strip('"')


def _change(name: str, profile: Profile) -> str:
    """How a member of the profile is changed."""
    from octowizard.onboarding.connection import settings as chosen

    edit = next((one.id for one in chosen() if one.field == name), "")
    if edit:
        return f"octowizard profiles edit {profile.name} {edit} VALUE"
    commands = {
        "name": f"octowizard profiles rename {profile.name} NEW",
        "dossier_id": "octowizard setup dossier ID",
        "mapping": "octowizard mapping",
        "mirror": "octowizard sync --mirror F1:550000",
    }
    if name in commands:
        return commands[name]
    if name in _VENDOR:
        return _("The vendor names it: change it there.")
    if profile.practice:
        return _("The practice company decides it.")
    return _("Connect the accounts again.")


def _of_environment(root: Path, profile: Profile | None, environment: Mapping[str, str]) -> Iterator[Setting]:
    from octowizard.workspace.secrets import TEAMLEADER_ACCESS_TOKEN, secret_names, variable

    change = _("Set or remove the variable.")
    yield Setting(
        name="OCTOWIZARD_HOME",
        value=str(root),
        source="environment" if environment.get("OCTOWIZARD_HOME") else "default",
        change=change,
    )
    for name in ("OCTOWIZARD_LANGUAGE", "LC_ALL", "LANG", "NO_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := environment.get(name):
            yield Setting(name=name, value=value, source="environment", change=change)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        if environment.get(name):  # a proxy's address may hold a password
            shown = environment[name] if name.lower() == "no_proxy" else _("(set)")
            yield Setting(name=name, value=shown, source="environment", change=change)
    for name in secret_names():
        given = environment.get(variable(name))
        if given and name != TEAMLEADER_ACCESS_TOKEN and not (profile and profile.practice):
            yield Setting(name=variable(name), value=_("(set)"), source="environment", change=change)
