"""The rule that a refused credential is not sent again until it changes; both vendors sign in through `sign_in`.

Both vendors count wrong attempts and block the user or the address (Octopus: recorded; Teamleader: official help,
ten in ten minutes). Not here: where refusals are kept between runs (`workspace/refusals.py`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Literal, Protocol, TypeVar

import msgspec

from octowizard.transport.errors import SignInRefused

T = TypeVar("T")

JUDGED: Final = frozenset({400, 401, 403})
"""Statuses by which a vendor judges what was sent. A 404 or 405 comes from a wrong address or a proxy, a 5xx is
the vendor's own fault, a 429 a limit: none of them says that the credential is wrong."""


class Credential(msgspec.Struct, frozen=True):
    """What a vendor may refuse. `parts`: all that must be equal for it to be the same; the repr shows no secret."""

    vendor: Literal["Octopus", "Teamleader"]
    what: Literal["software house", "password", "refresh token", "client secret"]
    parts: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Credential({self.vendor!r}, {self.what!r})"


class Refusals(Protocol):
    """Remembers which credentials were refused."""

    def find(self, credential: Credential) -> SignInRefused | None:
        """The refusal of this very credential, with `since` set; None when there was none."""
        ...

    def keep(self, credential: Credential, refused: SignInRefused) -> None:
        """Remember the refusal; kept when it returns."""
        ...

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Held from looking to remembering, against everybody else who may send the same credential."""
        ...


class MemoryRefusals:
    """Refusals of one client, forgotten with it."""

    def __init__(self) -> None:
        self._refused: dict[Credential, SignInRefused] = {}

    def find(self, credential: Credential) -> SignInRefused | None:
        """See Refusals."""
        return self._refused.get(credential)

    def keep(self, credential: Credential, refused: SignInRefused) -> None:
        """See Refusals."""
        self._refused[credential] = refused

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """See Refusals; the sessions of both vendors serialise their own sign-ins already."""
        yield


async def sign_in(
    refusals: Refusals,
    credentials: Sequence[Credential],
    send: Callable[[], Awaitable[T]],
    blamed: Callable[[SignInRefused], Credential],
) -> T:
    """What `send` answers; SignInRefused without a call when one of `credentials` was refused before.

    `blamed` says which of them a refusal is about.
    """
    async with refusals.turn():
        for credential in credentials:
            if (earlier := refusals.find(credential)) is not None:
                raise earlier
        try:
            return await send()
        except SignInRefused as refused:
            # No await between the answer and the keeping of it: a cancelled caller must not lose it.
            if refused.status in JUDGED:
                refused.kept = True
                refusals.keep(blamed(refused), refused)
            raise
