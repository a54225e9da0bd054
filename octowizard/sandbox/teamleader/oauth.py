"""The vendor's sign-in: the consent page, codes, access tokens, rotating refresh tokens.

Official: a code works once and for ten minutes; an access token lives an hour; a refresh token works once, each
refresh gives a new one and kills the old at that very moment (an answer lost on the way is lost). Seen by
clients: 400 with the title `invalid_grant` for a used token. Help centre: more than ten calls with wrong
credentials in ten minutes block the caller until support lifts it; here: until the practice company is renewed.
All times by the practice clock.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from octowizard.sandbox.consent import asking, back, page
from octowizard.sandbox.state import Json, World

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=1)
WRONG_ALLOWED = 10
WRONG_WINDOW = timedelta(minutes=10)


class Guard:
    """Counts calls with wrong credentials and blocks the caller."""

    def __init__(self) -> None:
        self._wrong: deque[datetime] = deque()
        self.blocked = False

    def wrong(self, now: datetime) -> None:
        """One more call with wrong credentials, at `now`."""
        self._wrong.append(now)
        while now - self._wrong[0] >= WRONG_WINDOW:
            self._wrong.popleft()
        if len(self._wrong) > WRONG_ALLOWED:
            self.blocked = True


def authorise(world: World, query: Mapping[str, str], path: str) -> tuple[int, str]:
    """The consent page, or where to go from it.

    Returns (302, address) once `approve` is `yes` or `no`, (200, HTML) to ask, (400, HTML) when the client or its
    redirect address is not the registered one: then nobody is sent anywhere.
    """
    side = world.teamleader
    redirect = query.get("redirect_uri", "")
    if query.get("client_id") != side.client_id or redirect not in side.redirect_uris:
        return 400, page("<p>This integration is not known, or its redirect address is not registered.</p>")
    if query.get("response_type") != "code":
        return 400, page("<p>Only response_type=code is offered.</p>")
    answer = query.get("approve")
    if answer == "yes":
        code = secrets.token_hex(20)
        side.codes[code] = (world.clock.now() + CODE_LIFE, redirect)
        return 302, back(query, code=code)
    if answer is not None:
        return 302, back(query, error="access_denied")
    return 200, asking(query, path, f"the practice account of {side.me.get('email', '')}")


def grant(world: World, guard: Guard, given: Mapping[str, object]) -> tuple[int, Json]:
    """The answer to a token request: (200, tokens), or a refusal as (status, body with `errors`)."""
    side = world.teamleader
    if guard.blocked:
        return 403, errors(403, "Too many calls with wrong credentials")
    secret = given.get("client_secret")
    if given.get("client_id") != side.client_id or secret != side.client_secret:
        guard.wrong(world.clock.now())
        return 401, errors(401, "invalid_client")
    kind = given.get("grant_type")
    if kind == "authorization_code":
        until, redirect = side.codes.pop(str(given.get("code")), (None, None))
        if until is None or world.clock.now() >= until:
            return _invalid(world, guard, "Authorization code is invalid or has expired")
        if given.get("redirect_uri") != redirect:
            return _invalid(world, guard, "Redirect uri does not match")
    elif kind == "refresh_token":
        token = str(given.get("refresh_token"))
        if not side.refresh_tokens.get(token):
            return _invalid(world, guard, "Token has been revoked")
        side.refresh_tokens[token] = False
    else:
        return 400, errors(400, "unsupported_grant_type")
    return 200, _tokens(world)


def signed_in(world: World, guard: Guard, authorization: str | None) -> bool:
    """Whether the header `Authorization: Bearer ...` holds a token that is good now.

    An expired token is not counted as a wrong credential, an unknown or missing one is (inferred).
    """
    until = account_until(world, authorization)
    if until is None:
        guard.wrong(world.clock.now())
        return False
    return world.clock.now() < until


def account_until(world: World, authorization: str | None) -> datetime | None:
    """Until when the token in the header was given out for the account; None for one that never was."""
    scheme, _, token = (authorization or "").partition(" ")
    return world.teamleader.access_tokens.get(token.strip()) if scheme.lower() == "bearer" else None


def errors(status: int, title: str, meta: Json | None = None) -> Json:
    """The vendor's error body as its sign-in writes it."""
    return {"errors": [{"status": status, "title": title, **({"meta": meta} if meta else {})}]}


def _invalid(world: World, guard: Guard, hint: str) -> tuple[int, Json]:
    guard.wrong(world.clock.now())
    return 400, errors(400, "invalid_grant", {"hint": hint})


def _tokens(world: World) -> Json:
    access, refresh = secrets.token_hex(32), secrets.token_hex(32)
    world.teamleader.access_tokens[access] = world.clock.now() + TOKEN_LIFE
    world.teamleader.refresh_tokens[refresh] = True
    return {
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "access_token": access,
        "refresh_token": refresh,
    }
