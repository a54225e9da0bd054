"""Octopus' own sign-in by the browser: consent page, code, access token and refresh token.

Official: `scope=webservice`, `client_id` is the software-house id; a code lives five minutes, the access token ten
(it is what `Token` takes), the refresh token sixty days. Inferred: the address of the tokens, that a code works once,
that a refresh keeps the same refresh token (the switch `oauth_refresh_once`), and the OAuth form of a refusal. Whether
the parameters go as a form or in the query could not be read: the switch `oauth_parameters`.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from octowizard.sandbox.consent import PAGE_HEADERS, asking, back, page
from octowizard.sandbox.octopus.session import Sessions
from octowizard.sandbox.web import Answer, Call, form_of, json_response

CODE_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=60)


def authorise(sessions: Sessions, call: Call) -> Answer:
    """The consent page; or, with `approve`, back to the redirect address. A stranger's request is sent nowhere."""
    query = dict(call.request.query_params)
    side = call.world.octopus
    redirect = query.get("redirect_uri", "")
    if query.get("client_id") != side.software_house or redirect not in side.redirect_uris:
        return _page(page("<p>This software house or its redirect address is not known.</p>"), 400)
    if (query.get("response_type"), query.get("scope")) != ("code", "webservice"):
        return _page(page("<p>Only response_type=code with scope=webservice is offered.</p>"), 400)
    answer = query.get("approve")
    if answer is None:
        return _page(asking(query, call.request.url.path, f"the practice user {side.user}"))
    if answer != "yes":
        return Answer(b"", 302, {"Location": back(query, error="access_denied")})
    code = secrets.token_hex(20)
    sessions.codes[code] = call.world.clock.now() + CODE_LIFE
    return Answer(b"", 302, {"Location": back(query, code=code)})


def grant(sessions: Sessions, call: Call) -> Answer:
    """Tokens for a code or for a refresh token; 400 `invalid_grant` for one that does not hold."""
    world = call.world
    in_query = world.switches.oauth_parameters == "query"
    given = dict(call.request.query_params) if in_query else form_of(call.body)
    if given.get("client_id") != world.octopus.software_house:
        return _refused(401, "invalid_client")
    now, kind, refresh = world.clock.now(), given.get("grant_type"), given.get("refresh_token", "")
    if kind == "authorization_code":
        until = sessions.codes.pop(given.get("code", ""), None)
        refresh = secrets.token_hex(32)
        if until is not None and now < until:
            sessions.refresh[refresh] = now + REFRESH_LIFE
    elif kind == "refresh_token":
        until = sessions.refresh.get(refresh)
        if until is not None and world.switches.oauth_refresh_once:
            del sessions.refresh[refresh]
            refresh = secrets.token_hex(32)
            sessions.refresh[refresh] = until
    else:
        return _refused(400, "unsupported_grant_type")
    if until is None or now >= until:
        return _refused(400, "invalid_grant")
    token = sessions.new_token(world)
    seconds = world.switches.user_token_seconds
    sessions.users[token] = (now + timedelta(seconds=seconds),)
    body = {"token_type": "Bearer", "access_token": token, "expires_in": seconds, "refresh_token": refresh}
    return json_response(body, 200, {"Cache-Control": "no-store"})


def _page(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status, PAGE_HEADERS, "text/html")


def _refused(status: int, error: str) -> Answer:
    return json_response({"error": error}, status, {"Cache-Control": "no-store"})
