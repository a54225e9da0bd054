"""What an answer of Octopus that is no success means: the right error of `transport.errors`.

The vendor's own description says little here: 400 is any refusal, 403 a closed or locked journal or a disabled
dossier, 500 also a malformed element (official). How a spent limit is answered is not published, so three
forms are taken for it: 429, code -51, and a 400 or 403 whose text speaks of a number of calls (*inferred*).
"""

import re

import msgspec

from octowizard.locale import _
from octowizard.octopus.errors import TO_MANY_CONNECTIONS
from octowizard.octopus.models import ErrorResult
from octowizard.transport.clock import retry_at
from octowizard.transport.errors import (
    Failed,
    Forbidden,
    LimitReached,
    Refused,
    SignInRefused,
    Unreadable,
    VendorError,
    other_server,
)
from octowizard.transport.http import decoded_or_none
from octowizard.transport.messages import Response
from octowizard.transport.redact import redact

SIGN_IN = "POST /authentication"
_VENDOR = "Octopus"
# invalid login, not authenticated, wrong software-house id
_NOT_SIGNED_IN = frozenset({-1, -2, -68})
_KNOWN = frozenset({"errorCode", "errorMessage", "technicalInfo"})
_A_LIMIT = re.compile(
    r"(?i)\b(max\w*|limit\w*|quota|exceed\w*|overschr\w*|too many|te veel|d[ée]pass\w*|trop)\b"
)
_OF_CALLS = re.compile(r"(?i)\b(calls?|requests?|aanroepen|oproepen|appels?|requ[êe]tes?|aufrufe)\b")
_LONGEST_QUOTE = 200


def is_nothing_found(body: bytes) -> bool:
    """Whether the body of a 404 is Octopus saying "nothing found", not some server that knows no such address."""
    members = decoded_or_none(body, dict[str, msgspec.Raw])
    if members is None:
        return False
    return not members or not _KNOWN.isdisjoint(members)


def _is_json(body: bytes) -> bool:
    return decoded_or_none(body, msgspec.Raw) is not None


def _error_of(body: bytes) -> ErrorResult:
    return decoded_or_none(body, ErrorResult) or ErrorResult()


def failure(response: Response, operation: str, *, write: bool) -> VendorError:
    """The error that an unsuccessful answer is. `write`: the call could have changed something."""
    status = response.status_code
    result = _error_of(response.content)
    code, technical = result.error_code, result.technical_info
    text = result.error_message or technical
    if status >= 500:
        return Failed(_VENDOR, operation, text, status=status, code=code, in_doubt=write)
    if status < 400:
        return other_server(_VENDOR, operation, status, in_doubt=write)
    if _is_limit(status, code, f"{result.error_message} {technical}"):
        return LimitReached(
            _VENDOR,
            operation,
            text,
            status=status,
            code=code,
            technical=technical,
            until=retry_at(response.headers),
        )
    if not text:
        cut_off = response.content.lstrip().startswith(b"{") and not _is_json(response.content)
        if status == 400 and not write and operation != SIGN_IN and cut_off:
            return Unreadable(_VENDOR, operation, _("an error that is cut off"), status=status)
        text = _quote(response)
    kind: type[Refused] = Forbidden if status == 403 else Refused
    if status == 401 or operation == SIGN_IN or code in _NOT_SIGNED_IN:
        kind = SignInRefused
    return kind(_VENDOR, operation, text, status=status, code=code, technical=technical)


def _is_limit(status: int, code: int | None, text: str) -> bool:
    if status == 429 or code == TO_MANY_CONNECTIONS:
        return True
    return status in (400, 403) and bool(_A_LIMIT.search(text)) and bool(_OF_CALLS.search(text))


def _quote(response: Response) -> str:
    """The beginning of a body that is no error record; nothing of a web page."""
    if not response.headers.get("Content-Type", "").startswith(("text/plain", "application/json")):
        return ""
    beginning = response.content[: 10 * _LONGEST_QUOTE].decode("utf-8", "replace").strip()
    return redact(beginning)[:_LONGEST_QUOTE]  # a secret that is cut is not known as one
