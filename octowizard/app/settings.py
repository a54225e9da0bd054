"""What the app remembers of its own looks, in `settings.json` beside the profiles. A broken file counts as none."""

from __future__ import annotations

from pathlib import Path

import msgspec

from octowizard.workspace import private


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`theme`: a name of `themes.py`."""

    theme: str = "octowizard-night"


def load(root: Path) -> Settings:
    """The settings, or the defaults."""
    try:
        return msgspec.json.decode((root / "settings.json").read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Settings()


def save(root: Path, settings: Settings) -> None:
    """Keep the settings; OSError as the system says it."""
    private.make_folder(root)
    fresh = root / "settings.new"
    private.make_file(fresh)
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")
    fresh.replace(root / "settings.json")
