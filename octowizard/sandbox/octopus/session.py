"""Who may call what: user tokens, dossier tokens, and the gate every call under a dossier passes.

A user token (10 minutes, by the practice clock) lists dossiers and opens one; the dossier token (10 minutes)
carries the dossier and the language of the answers and is the only thing that calls below `/dossiers/{id}`
look at. Tokens are opaque here; the vendor's are JWTs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from octowizard.sandbox.octopus import bodies
from octowizard.sandbox.octopus.errors import (
    INVALID_PARAMETERS,
    Refused,
    bad_parameters,
    describe,
    error_answer,
    malformed,
    nothing_found,
)
from octowizard.sandbox.octopus.limits import Rolling, spend
from octowizard.sandbox.state import LANGUAGES, Dossier, Json, World
from octowizard.sandbox.tables import table
from octowizard.sandbox.web import Answer, BadJson, Call, Vendor, json_response

# what answers a body that cannot be read with a 500 (official)
_WITH_500 = re.compile(
    r"(POST|PUT) [^ ]*\}/(buysell|financialdivers)bookings|POST [^ ]*/reports/[a-z]+/(open|history)"
)


@dataclass
class Sessions:
    """The tokens given out, each with the moment it stops being good. Lost when the stand-in is restarted."""

    users: dict[str, tuple[datetime]] = field(default_factory=dict)
    dossiers: dict[str, tuple[datetime, int, int]] = field(default_factory=dict)  # (until, dossier, localeId)
    codes: dict[str, datetime] = field(default_factory=dict)  # of the browser sign-in: good until
    refresh: dict[str, datetime] = field(default_factory=dict)
    rolling: Rolling = field(default_factory=Rolling)
    made: int = 0

    def new_token(self, world: World) -> str:
        """An opaque token; the same calls on the same seed give the same tokens."""
        self.made += 1
        return hashlib.sha256(f"{world.seed}/{world.scenario}/{self.made}".encode()).hexdigest()


@dataclass(frozen=True)
class Visit:
    """One admitted call: with the dossier it is about, and the language (1..4) it is answered in."""

    call: Call
    dossier: Dossier
    locale: int

    @property
    def world(self) -> World:
        return self.call.world

    @property
    def language(self) -> str:
        return LANGUAGES[self.locale - 1]

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def body(self, schema: str) -> Json:
        """The known members of a body of this schema.

        Raises Refused: 500 without body where documented, otherwise 400.
        """
        try:
            return bodies.read_body(self.call.json(), schema)
        except (BadJson, bodies.BadDate):
            raise (malformed() if _WITH_500.fullmatch(self.call.operation) else bad_parameters()) from None

    def check_right(self) -> None:
        """Whether the user may write. Raises Refused 403; the vendor's code for it is not known (inferred)."""
        if not self.dossier.may_write:
            raise Refused(403, -3, f"User has no right to write in dossier {self.dossier.id}. ")

    def write(self, schema: str) -> Json:
        """The body of a write, which the user must have the right to. Raises Refused."""
        given = self.body(schema)
        self.check_right()
        return given

    def query_int(self, name: str) -> int:
        """A required whole number of the query. Raises Refused."""
        return _whole(self.call.query(name))

    def optional_int(self, name: str) -> int | None:
        """A whole number of the query, or None. Raises Refused."""
        given = self.call.query(name)
        return None if given is None else _whole(given)

    def path_int(self, name: str) -> int:
        """A whole number of the path. Raises Refused."""
        return _whole(self.call.path(name))

    def stamp(self, name: str = "modifiedTimeStamp") -> datetime:
        """A required time stamp of the query as an aware moment. Raises Refused."""
        moment = self.optional_stamp(name)
        if moment is None:
            raise bad_parameters()
        return moment

    def optional_stamp(self, name: str = "modifiedTimeStamp") -> datetime | None:
        """A time stamp of the query, `YYYY-MM-DD HH:MM:SS.mmm` in the vendor's (unpublished) zone, or None."""
        given = self.call.query(name)
        if given is None:
            return None
        if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", given, re.ASCII):
            raise bad_parameters()
        try:
            naive = datetime.fromisoformat(given)
        except ValueError:
            raise bad_parameters() from None
        return naive.replace(tzinfo=ZoneInfo(self.world.switches.timestamps_zone)).astimezone(UTC)


DossierHandler = Callable[[Visit], Answer]


def _whole(given: str | None) -> int:
    if given is None or not re.fullmatch(r"[+-]?\d{1,10}", given, re.ASCII):
        raise bad_parameters()
    value = int(given)
    if not -(2**31) <= value < 2**31:
        raise bad_parameters()
    return value


def ok(data: Any, status: int = 200) -> Answer:
    """An answer with a body, its keys in alphabetical order (recorded)."""
    return json_response(data, status, sort_keys=True)


def ok_unless_empty(records: list[Any], what: str) -> Answer:
    """A list with something in it. Raises Refused (404) for an empty one, as the vendor answers it."""
    if not records:
        raise nothing_found(f"No {what} found")
    return ok(records)


def changes(what: str, modified: list[Any], deleted: list[Any], names: str = "modified deleted") -> Answer:
    """What was modified and deleted since a time stamp. Raises Refused (404) for neither."""
    if not modified and not deleted:
        raise nothing_found(f"No {what} found")
    return ok(dict(zip(names.split(), (modified, deleted), strict=True)))


def default_locale(dossier: Dossier) -> int:
    """The localeId that stands for the dossier's own language."""
    code = str(dossier.data.get("languageCode", "nl")).upper()
    return LANGUAGES.index(code) + 1 if code in LANGUAGES else 1


def failure(call: Call, status: int) -> Answer:
    """An error answer that a fault asked for, in the vendor's shape; a 500 or 503 has no body."""
    if status in (500, 503):
        return Answer(b"", status)
    if status == 401:
        return error_answer(401, -2, "Invalid or expired token", 1)
    if status == 429:
        return error_answer(429, call.world.switches.over_limit[1], "Too many calls", 1)
    return error_answer(status, None, f"[fault] status {status}", 1)


VENDOR = Vendor("octopus", failure, describe)


_Token = TypeVar("_Token", tuple[datetime], tuple[datetime, int, int])


def _good(call: Call, header: str, tokens: dict[str, _Token]) -> _Token:
    """What is kept with the token in a header, its last moment first. Raises Refused."""
    token = call.header(header)
    if not token:
        raise Refused(401, -79, "Empty access token")
    known = tokens.get(token)
    if known is None or call.world.clock.now() >= known[0]:
        raise Refused(401, -2, "Invalid or expired token")
    return known


def _admit_dossier(sessions: Sessions, call: Call) -> Visit:
    _, number, locale = _good(call, "dossierToken", sessions.dossiers)
    wanted = _whole(call.path("dossierId"))
    dossier = call.world.octopus.dossiers.get(number)
    if dossier is None or wanted != number:
        raise Refused(401, -3, f"Token gives no access to dossier {wanted}")
    return Visit(call, dossier, locale or default_locale(dossier))


def _variant(call: Call) -> str:
    """What is counted apart within an operation."""
    if call.operation == "GET /dossiers/{dossierId}/relations":
        given = ("relationId", "extRelationId", "name", "vatNr")
        return "filtered" if any(call.query(name) is not None for name in given) else ""
    if call.operation == "GET /dossiers/{dossierId}/accounts" and call.world.switches.limits_per_bookyear:
        return call.query("bookyearId") or ""
    return ""


def behind_dossier_token(sessions: Sessions, handler: DossierHandler) -> Callable[[Call], Answer]:
    """The handler of an operation below `/dossiers/{dossierId}`, behind token and daily maximum."""

    def handle(call: Call) -> Answer:
        locale = 1
        try:
            visit = _admit_dossier(sessions, call)
            locale = visit.locale
            spend(call.world, sessions.rolling, str(visit.dossier.id), call.operation, _variant(call))
            return handler(visit)
        except Refused as refused:
            return refused.answer(locale)

    return handle


OpenHandler = Callable[[Sessions, Call], Answer]


def at_the_door(sessions: Sessions, handler: OpenHandler) -> Callable[[Call], Answer]:
    """The handler of an operation that needs no dossier token; it refuses in Dutch."""

    def handle(call: Call) -> Answer:
        try:
            return handler(sessions, call)
        except Refused as refused:
            return refused.answer(1)

    return handle


def sign_in(sessions: Sessions, call: Call) -> Answer:
    """`POST /authentication`. A bad login is counted and answered with a text for developers only (recorded)."""
    octopus = call.world.octopus
    software_house = call.header("softwareHouseUuid")
    if not software_house:
        raise Refused(401, None, INVALID_PARAMETERS)
    if software_house != octopus.software_house:
        raise Refused(401, -68, "Unknown software house")
    try:
        given = bodies.read_body(call.json(), "Credentials")
    except (BadJson, Refused):
        raise Refused(401, None, INVALID_PARAMETERS) from None
    if (given["user"], given["password"]) != (octopus.user, octopus.password):
        octopus.failed_logins += 1
        address = call.request.client.host if call.request.client else "127.0.0.1"
        why = f"Incrementing failed login attempt count for user {given['user']}, IP address {address}. "
        raise Refused(401, None, why)
    if not octopus.webservice:  # that it is refused is official, how is inferred
        raise Refused(403, -3, f"Web service not active for user {given['user']}")
    if not octopus.connections_left:  # the code is of the older service, the rest inferred
        raise Refused(429, -51, f"Too many connections of user {given['user']}")
    token = sessions.new_token(call.world)
    seconds = call.world.switches.user_token_seconds
    sessions.users[token] = (call.world.clock.now() + timedelta(seconds=seconds),)
    return ok({"token": token})


def who_am_i(sessions: Sessions, call: Call) -> Answer:
    """`GET /authentication`: whether the token is good; the contract gives it the shape of a token."""
    _good(call, "Token", sessions.users)
    return ok({"token": call.header("Token")})


def list_dossiers(sessions: Sessions, call: Call) -> Answer:
    """`GET /dossiers`: all dossiers of the login."""
    _good(call, "Token", sessions.users)
    spend(call.world, sessions.rolling, call.world.octopus.user, call.operation)
    return ok([dossier.data for dossier in call.world.octopus.dossiers.values()])


def open_dossier(sessions: Sessions, call: Call) -> Answer:
    """`POST /dossiers`: a token for one dossier in one language; 403 disabled, 404 unknown."""
    _good(call, "Token", sessions.users)
    wanted = _whole(call.query("dossierId"))
    locale = _whole(call.query("localeId") or "0")
    if not 0 <= locale <= 4:
        raise bad_parameters()
    spend(call.world, sessions.rolling, str(wanted), call.operation)
    dossier = call.world.octopus.dossiers.get(wanted)
    if dossier is None:
        raise Refused(404, -3, "Dossier not found")
    if not dossier.enabled:
        raise Refused(403, -5, "Unauthorized or disabled dossier")
    token = sessions.new_token(call.world)
    until = call.world.clock.now() + timedelta(seconds=call.world.switches.dossier_token_seconds)
    sessions.dossiers[token] = (until, wanted, locale)
    return ok({"Dossiertoken": token})


def sample_error(sessions: Sessions, call: Call) -> Answer:
    """`GET /error`: the ErrorResult of a code, whose success is a 400; needs no token."""
    code = _whole(call.query("errorCode"))
    locale = _whole(call.query("localeId") or "1")
    spend(call.world, sessions.rolling, "-", call.operation)
    sample = error_answer(400, code, "Sample error", locale if 1 <= locale <= 4 else 1)
    sample.refusal = False
    return sample


def published(_sessions: Sessions, call: Call) -> Answer:
    """`GET /openapi.json`: the vendor's description of its own API, no token."""
    own = call.world.octopus.published
    return json_response(table("octopus/openapi.json") if own is None else own)


def version(_sessions: Sessions, _call: Call) -> Answer:
    """`GET /about/version`: plain text, no token."""
    return Answer(b"51.9.17", 200, media_type="text/plain")
