"""The refusal that operations raise, and how the vendor writes moments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime


class Refused(Exception):
    """The stand-in refuses a call: HTTP status, title, and the body's field it is about."""

    def __init__(self, status: int, title: str, field: str | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.field = field


def bad(title: str, field: str | None = None) -> Refused:
    """A validation failure (400)."""
    return Refused(400, title, field)


def known(identity: str, collection: Collection[str], path: str) -> None:
    """Make sure that an id inside a body exists. Raises Refused 400, not 404 (official guide)."""
    if identity not in collection:
        raise bad(f"{path} does not exist", path)


def parse_moment(value: str) -> datetime:
    """An aware moment in UTC from any RFC 3339 date-time (also `+0100` without colon)."""
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def iso(value: datetime) -> str:
    """As the vendor writes it: UTC, `+00:00`, no fractions (official)."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
