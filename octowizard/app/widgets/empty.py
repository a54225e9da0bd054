"""What stands where there is nothing to show: what would be here, why it is not, and the one key that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.app.content import content

if TYPE_CHECKING:
    from textual.content import Content


def empty(what: str, why: str, key: str, does: str) -> Content:
    """Three lines: `what` in bold, `why` softly, `key  does`.

    `key` is the name that the footer shows (`⏎`, `esc`, `r`); empty, with an empty `does`, where no key helps.
    """
    parts: list[str | tuple[str, str]] = [(what, "bold"), "\n", (why, "$soft")]
    if key:
        parts += ["\n", (key, "bold $primary"), f"  {does}"]
    return content(*parts)
