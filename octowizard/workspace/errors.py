"""What can be wrong with the workspace; each message is one sentence that says what, where and what to do."""

from collections.abc import Iterator
from typing import TypeVar

E = TypeVar("E", bound=BaseException)


class WorkspaceError(Exception):
    """The workspace cannot be used. Nothing was written to a vendor."""


class WorkspaceLocked(WorkspaceError):
    """Another octowizard runs a sync on this workspace; the message names it."""


class WorkspaceDamaged(WorkspaceError):
    """The workspace holds what octowizard never wrote there."""


class ReadingDamaged(WorkspaceDamaged):
    """What is damaged was read of a vendor: it can be forgotten and read again."""


class WorkspaceFull(WorkspaceError):
    """The disk took no more. What was confirmed before stands."""


def leaves(error: BaseException, kind: type[E]) -> Iterator[E]:
    """The errors of this kind: the error itself, or of a group (asyncio's) all that are in it."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner, kind)
    elif isinstance(error, kind):
        yield error
