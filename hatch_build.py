"""What a build adds to the sources: the catalogues of Dutch and French, compiled.

Hatch runs it for the wheel, the sdist and an editable install. Compiled catalogues are no sources: git ignores them.
`python -m tests.locale.catalogues` compiles them too, for whoever translates.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "octowizard/locale/*/LC_MESSAGES/octowizard"


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]  # hatchling names its configuration in no public type
    """Compiles each catalogue beside its source, and has it taken along."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed; `version`: `standard` or `editable`, which differ in nothing here."""
        del version
        for source in sorted(Path(self.root).glob(f"{CATALOGUES}.po")):
            source.with_suffix(".mo").write_bytes(compiled(source))
        build_data["artifacts"].append(f"/{CATALOGUES}.mo")


def compiled(source: Path) -> bytes:
    """The compiled form of a .po file: what is translated and not fuzzy, sorted by its bytes.

    Babel's own writer sorts texts with a context elsewhere than where their bytes belong, and a reader that halves
    would not find them.
    """
    with source.open("rb") as file:
        catalogue = read_po(file)
    entries = sorted(
        (_key(message), _text(message))
        for message in catalogue
        if message.id and not message.fuzzy and all(_forms(message))
    )
    keys = b"".join(key + b"\0" for key, _translation in entries)
    texts = b"".join(text + b"\0" for _message, text in entries)
    tables = 28
    start = tables + 16 * len(entries)
    header = struct.pack(
        "<4s6I", b"\xde\x12\x04\x95", 0, len(entries), tables, tables + 8 * len(entries), 0, 0
    )
    where = _table([key for key, _translation in entries], start)
    where += _table([text for _message, text in entries], start + len(keys))
    return header + where + keys + texts


def _table(parts: list[bytes], start: int) -> bytes:
    """Length and place of each part."""
    rows = b""
    for part in parts:
        rows += struct.pack("<II", len(part), start)
        start += len(part) + 1
    return rows


def _key(message: Message) -> bytes:
    key = message.id if isinstance(message.id, str) else "\0".join(message.id)
    return (f"{message.context}\x04{key}" if message.context else key).encode()


def _forms(message: Message) -> tuple[str, ...]:
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _text(message: Message) -> bytes:
    return "\0".join(_forms(message)).encode()
