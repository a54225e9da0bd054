"""Every setting: what it decides, its value, where it comes from, and how to change it.

Reads files and the environment, no vendor.

A value of the profile that is the one octowizard ships counts as the default's: a profile is written whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from octowizard.locale import _, spoken
from octowizard.locale.keys import key_of
from octowizard.workspace.home import SETTINGS
from octowizard.workspace.profiles import Profile
from octowizard.workspace.settings import Settings, load, values

OF_THE_PROGRAM = Settings.__struct_fields__  # what holds for all profiles
Source = Literal[
    "default", "profile", "environment", "vendor", "settings", "keyring", "file", "nowhere", "octowizard"
]

_VENDOR = frozenset({"dossier_name", "department_name"})
_SIGNING_IN = frozenset(
    {"octopus_user", "octopus_sign_in", "octopus_oauth_url", "octopus_oauth_in_query", "teamleader_client_id"}
)
_OF_SCREENS = frozenset(
    {"octopus_language", "teamleader_language"}
)  # as octowizard speaks where there is none
_HIDDEN = frozenset({"control_url"})  # its path holds the secret of a practice company


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting. `value`: as it is written, "" where there is none; of a secret only that it is there.

    `meaning`: what it decides, in a sentence; `values`: what may be written and what it means, where that is not free.
    """

    name: str
    value: str
    source: Source
    change: str
    meaning: str
    values: tuple[tuple[str, str], ...] = ()


def settings(
    root: Path, home: Path, profile: Profile | None, environment: Mapping[str, str] = os.environ
) -> list[Setting]:
    """All settings: of the profile, of the app, of the environment.

    `root` holds the profile, `home` what holds for all of them: another folder for a practice company that passes.
    """
    made = [*_of_profile(profile), *_of_secrets(root, profile, environment)] if profile is not None else []
    return [*made, *_of_the_program(home, environment), *_of_environment(root, environment)]


def names() -> list[str]:
    """What the settings of a profile and of the app are called; OCTOWIZARD_HOME of those of the environment."""
    return [*Profile.__struct_fields__, *OF_THE_PROGRAM, "OCTOWIZARD_HOME"]


def source_name(source: Source) -> str:
    """Where a value comes from, in a word or two."""
    return {
        "default": _("default"),
        "profile": _("profile"),
        "environment": _("environment"),
        "vendor": _("vendor"),
        "settings": _("settings.json"),
        "keyring": _("keyring"),
        "file": _("secrets file"),
        "nowhere": _("not kept anywhere"),
        "octowizard": _("as octowizard"),
    }[source]


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """One sentence for each variable that looks like one of octowizard's and is none, with the nearest that is."""
    from octowizard.workspace.secrets import secret_names, variable

    ours = variable("")  # what all begin with tells no two apart
    known = ["HOME", "LANGUAGE", *(variable(name).removeprefix(ours) for name in secret_names())]
    sentences = []
    for name in environment:
        if name.startswith(ours) and name.removeprefix(ours) not in known:
            text = _("octowizard does not know the variable {name}, so that it changes nothing.")
            near = get_close_matches(name.removeprefix(ours), known, 1)
            if near:
                text = _(
                    "octowizard does not know the variable {name}, so that it changes nothing: perhaps {near} is meant."
                )
            sentences.append(text.format(name=name, near=ours + near[0] if near else ""))
    return sentences


def named(wanted: str, known: Iterable[str]) -> str:
    """The setting that is meant by a name: as it stands in the profile, or as `profiles edit` calls it; "" for none."""
    from octowizard.onboarding.connection import settings as chosen

    field = next((one.field for one in chosen() if one.id == wanted), wanted)
    plain = field.replace("-", "_").lower()
    return next((name for name in known if name.lower() == plain), "")


def _of_secrets(root: Path, profile: Profile, environment: Mapping[str, str]) -> Iterator[Setting]:
    """Where each secret lives; never its value."""
    from octowizard.workspace.secrets import SecretsUnavailable, needed_names, store_of, variable

    store = store_of(root, profile)
    for name in needed_names(profile.octopus_sign_in):
        source: Source = profile.secrets
        change = _signing_in(profile)
        if profile.practice:
            change = _("The practice company decides it.")
        elif environment.get(variable(name)):
            source, change = (
                "environment",
                _("Set or remove the variable {name}.").format(name=variable(name)),
            )
        try:
            kept = source == "environment" or store.kept(name) is not None
        except SecretsUnavailable:  # of which the doctor tells
            kept = False
        yield Setting(
            name=name,
            value=_("(not shown)") if kept else "",
            source=source if kept else "nowhere",
            change=change,
            meaning=_meaning(name),
        )


def _of_the_program(root: Path, environment: Mapping[str, str]) -> Iterator[Setting]:
    """What holds for all profiles, in the order of the file that keeps it."""
    kept, file = load(root), str(root / SETTINGS)
    for name, value in values(kept):
        source: Source = "settings" if getattr(kept, name) != getattr(Settings(), name) else "default"
        change = _("In the app: {settings}, or in {file}.").format(
            settings=key_of("settings", "f10"), file=file
        )
        if name == "motion" and environment.get("NO_MOTION"):
            value, source = "less", "environment"
            change = _("Set or remove the variable {name}.").format(name="NO_MOTION")
        elif name == "theme" and not value:
            value = _("light or dark as the terminal is")
        elif name == "language" and not value:
            value = spoken()
        yield Setting(name=name, value=value, source=source, change=change, meaning=_meaning(name))


def _of_profile(profile: Profile) -> Iterator[Setting]:
    from octowizard.onboarding.connection import settings as chosen

    choices = {one.field: one for one in chosen()}
    for member in msgspec.structs.fields(Profile):
        value = getattr(profile, member.name)
        source: Source = "profile"
        if member.name in _VENDOR:
            source = "vendor"
        elif value == member.default or (member.name == "mapping" and value == type(value)()):
            source = "default"
        shown = _("(not shown)") if member.name in _HIDDEN and value else _written(value)
        if member.name in _OF_SCREENS and value is None:
            shown, source = spoken(), "octowizard"
        choice = choices.get(member.name)
        yield Setting(
            name=member.name,
            value=shown,
            source=source,
            change=_change(member.name, profile),
            meaning=choice.question if choice is not None else _meaning(member.name),
            values=choice.values if choice is not None else (),
        )


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode().strip('"')


def _change(name: str, profile: Profile) -> str:
    """How a member of the profile is changed."""
    from octowizard.onboarding.connection import settings as chosen

    edit = next((one for one in chosen() if one.field == name), None)
    if edit is not None:
        command = f"octowizard profiles edit {profile.name} {edit.id} VALUE"
        values = ", ".join(value for value, _means in edit.values)
        return f"{command} ({values})" if values else command
    commands = {
        "name": f"octowizard profiles rename {profile.name} NEW",
        "dossier_id": "octowizard setup dossier ID",
        "mapping": "octowizard mapping",
        "mirror": "octowizard sync --mirror F1:550000",
        "return_warning": "octowizard check --return-warning DAYS",
    }
    if name in commands:
        return commands[name]
    if name in _VENDOR:
        return _("The vendor names it: change it there.")
    if profile.practice:
        return _("The practice company decides it.")
    if name in _SIGNING_IN:
        return _signing_in(profile)
    if name in ("practice", "limits", "control_url"):
        return _("It belongs to practice companies alone.")
    return _("It stays as it was connected; other accounts are another profile: octowizard connect NEW.")


def _meaning(name: str) -> str:
    """What a setting decides. Of the choices of the connection their question says it."""
    return {
        "name": _("What the profile is called."),
        "octopus_url": _("Where Octopus' web service is asked."),
        "teamleader_url": _("Where Teamleader's API is asked."),
        "teamleader_auth_url": _("Where the sign-in to Teamleader is."),
        "octopus_user": _("The user that signs in to Octopus; none where the browser does."),
        "teamleader_client_id": _("The integration that signs in to Teamleader."),
        "dossier_id": _("The dossier of Octopus."),
        "dossier_name": _("What Octopus calls the dossier."),
        "department_id": _("The company entity of Teamleader."),
        "department_name": _("What Teamleader calls the company entity."),
        "mapping": _(
            "The VAT codes and accounts that you chose yourself; the rest is proposed from names and rates."
        ),
        "mirror": _(
            "The journal and the account on which payments made in Teamleader are booked in Octopus."
        ),
        "return_warning": _("How many days before a VAT return is due its missing documents are named."),
        "secrets": _("Where the secrets of this profile are kept: in the keyring, or in a file."),
        "octopus_sign_in": _("How it signs in to Octopus: with a password, or by the browser."),
        "octopus_oauth_url": _("Where Octopus' sign-in by the browser is."),
        "octopus_oauth_in_query": _(
            "Whether that sign-in gets its parameters in the address instead of a form."
        ),
        "practice": _("Whether these are the invented accounts of a practice company."),
        "limits": _("Whether that practice company has the daily limits."),
        "control_url": _("Where practice actions are done."),
        "octopus_software_house": _("The software-house id that opens Octopus' web service."),
        "octopus_password": _("The password of the Octopus user."),
        "octopus_refresh_token": _("What renews the sign-in to Octopus."),
        "teamleader_client_secret": _("The secret of the integration of Teamleader."),
        "teamleader_refresh_token": _("What renews the sign-in to Teamleader."),
        "theme": _("The colours of the app."),
        "motion": _("Whether what moves in the app may move: full, or less."),
        "keymap": _("The commands of the app that have another key."),
        "language": _("The language that octowizard speaks."),
        "OCTOWIZARD_HOME": _("The folder of all that octowizard keeps."),
        "LANG": _("Which language octowizard speaks where none is set."),
        "NO_COLOR": _("Commands show no colours."),
        "SSL_CERT": _("Which certificates are trusted instead of those of the system."),
        "PROXY": _("The proxy over which the vendors are asked."),
        "NO_PROXY": _("Which addresses are asked without a proxy."),
    }[name]


def _signing_in(profile: Profile) -> str:
    """The command that signs in to the profile's accounts, or to the side that is not connected yet."""
    return f"octowizard connect {profile.name}" + ("" if profile.unconnected else " --reauthorise")


def _of_environment(root: Path, environment: Mapping[str, str]) -> Iterator[Setting]:
    change = _("Set or remove the variable.")
    yield Setting(
        name="OCTOWIZARD_HOME",
        value=str(root),
        source="environment" if environment.get("OCTOWIZARD_HOME") else "default",
        change=change,
        meaning=_meaning("OCTOWIZARD_HOME"),
    )
    spoken = ("OCTOWIZARD_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
    for name in (*spoken, "NO_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        if value := environment.get(name):
            said = _meaning(name if name == "NO_COLOR" else "SSL_CERT" if name[:3] == "SSL" else "LANG")
            yield Setting(name=name, value=value, source="environment", change=change, meaning=said)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        if environment.get(name):  # a proxy's address may hold a password
            shown = environment[name] if name.lower() == "no_proxy" else _("(set)")
            said = _meaning("NO_PROXY" if name.lower() == "no_proxy" else "PROXY")
            yield Setting(name=name, value=shown, source="environment", change=change, meaning=said)
