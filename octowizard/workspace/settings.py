"""What octowizard remembers of its own: theme, motion, keys and language, in `settings.json` beside the profiles.

One file for all profiles of a home, and for the practice companies that are opened from it. What the file holds that
octowizard does not know changes nothing, and is told in one sentence; so is a file that cannot be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from octowizard.locale import _
from octowizard.workspace import private
from octowizard.workspace.home import SETTINGS

Motion = Literal["full", "less"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`theme`: a name of `app/themes.py`, "" for light or dark as the terminal is. `motion`: less has no animation.

    `keymap`: keys (with commas between) by the id of a command. `language`: "" for what the environment asks for.
    """

    theme: str = ""
    motion: Motion = "full"
    keymap: dict[str, str] = {}
    language: str = ""


def load(root: Path) -> Settings:
    """The settings; the default of each that is not set or cannot be used."""
    return read(root)[0]


def read(root: Path) -> tuple[Settings, list[str]]:
    """The settings, and one sentence for each thing in the file that changes nothing."""
    path = root / SETTINGS
    try:
        written = msgspec.json.decode(path.read_bytes())
    except FileNotFoundError:
        return Settings(), []
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        text = _("{path} cannot be read ({reason}), so that octowizard goes by its defaults.")
        return Settings(), [text.format(path=path, reason=getattr(error, "strerror", None) or error)]
    if not isinstance(written, dict):
        text = _("{path} holds no settings by their names, so that octowizard goes by its defaults.")
        return Settings(), [text.format(path=path)]
    return _understood(path, written)


def _understood(path: Path, written: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    members = {member.name: member.type for member in msgspec.structs.fields(Settings)}
    taken: dict[str, Any] = {}
    sentences = []
    for key, value in written.items():
        if key not in members:
            sentences.append(unknown(path, key, next(iter(get_close_matches(key, members, 1)), "")))
            continue
        try:
            taken[key] = msgspec.convert(value, members[key])
        except msgspec.ValidationError:
            text = _("{path} holds {value} as “{key}”, which it cannot be: the default holds.")
            sentences.append(text.format(path=path, key=key, value=msgspec.json.encode(value).decode()))
    return Settings(**taken), sentences


def unknown(path: Path, key: str, near: str) -> str:
    """The sentence about a key of a file of ours that changes nothing; `near`: the nearest that is known, or ""."""
    text = _("{path} holds “{key}”, which octowizard does not know, so that it changes nothing.")
    if near:
        text = _(
            "{path} holds “{key}”, which octowizard does not know, so that it changes nothing: "
            "perhaps “{near}” is meant."
        )
    return text.format(path=path, key=key, near=near)


def save(root: Path, settings: Settings) -> None:
    """Keep the settings; OSError as the system says it.

    What octowizard does not know stays in the file; a file that cannot be read is kept as `settings.damaged.json`.
    """
    private.make_folder(root)
    path = root / SETTINGS
    kept: dict[str, Any] = {}
    try:
        written = msgspec.json.decode(path.read_bytes())
        kept = {key: value for key, value in written.items() if key not in Settings.__struct_fields__}
    except FileNotFoundError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError):
        path.replace(root / "settings.damaged.json")
    fresh = root / "settings.new"
    private.make_file(fresh)
    body = {**msgspec.to_builtins(settings), **kept}
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n")
    fresh.replace(path)


def less_motion(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing shall move by itself: by the setting, or by NO_MOTION in the environment."""
    return settings.motion == "less" or bool(environment.get("NO_MOTION"))


def values(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each setting by its name, as it is written; "" where the default holds and says nothing."""
    for name in Settings.__struct_fields__:
        value = getattr(settings, name)
        yield (
            name,
            value if isinstance(value, str) else ", ".join(f"{of}: {is_}" for of, is_ in value.items()),
        )
