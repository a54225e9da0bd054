"""What Teamleader's statuses and error bodies mean, as errors of our tree.

The status decides; titles are for people, and have changed (recorded). Not here: answers that succeed.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from octowizard.transport.bounds import iso_moment
from octowizard.transport.clock import retry_at
from octowizard.transport.errors import (
    Failed,
    Forbidden,
    LimitReached,
    Refused,
    SignInRefused,
    VendorError,
    other_server,
)
from octowizard.transport.http import decoded_or_none
from octowizard.transport.messages import Headers, Response

_LONGEST_TEXT = 500


class Explained(NamedTuple):
    """What an error body says: its titles in one text, the first number, the first member it names."""

    text: str = ""
    code: int | None = None
    field: str = ""


def explained(body: bytes) -> Explained:
    """Read `{"errors": [{"code", "title", "status", "meta": {"field"}}]}` (official), or the OAuth form.

    Whatever else it is (HTML of a proxy, nothing at all) says nothing.
    """
    data = decoded_or_none(body, dict[str, Any])
    if data is None:
        return Explained()
    if isinstance(data.get("error"), str):
        return Explained(" ".join(_texts(data["error"], data.get("error_description")))[:_LONGEST_TEXT])
    listed = data.get("errors")
    errors = [error for error in listed if isinstance(error, dict)] if isinstance(listed, list) else []
    metas = [error["meta"] for error in errors if isinstance(error.get("meta"), dict)]
    texts = _texts(*(error.get("title") for error in errors), *(meta.get("hint") for meta in metas))
    codes = [error["code"] for error in errors if type(error.get("code")) is int and error["code"] != 0]
    fields = _texts(*(meta.get("field") for meta in metas))
    return Explained("; ".join(texts)[:_LONGEST_TEXT], next(iter(codes), None), next(iter(fields), ""))


def _texts(*values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str) and value]


def refusal(response: Response, operation: str, *, write: bool) -> VendorError:
    """The error that an answer outside 2xx stands for. `write`: a failure of the vendor's leaves it in doubt."""
    status = response.status_code
    explanation = explained(response.content)
    if status >= 500:
        return Failed(
            "Teamleader", operation, explanation.text, status=status, code=explanation.code, in_doubt=write
        )
    if status == 429:
        return LimitReached(
            "Teamleader",
            operation,
            explanation.text,
            status=status,
            code=explanation.code,
            until=_until(response.headers),
        )
    if status < 400:
        return other_server("Teamleader", operation, status, in_doubt=write)
    kinds: dict[int, type[Refused]] = {401: SignInRefused, 403: Forbidden}
    kind = kinds.get(status, Refused)
    return kind(
        "Teamleader",
        operation,
        explanation.text,
        status=status,
        code=explanation.code,
        field=explanation.field,
    )


def _until(headers: Headers) -> datetime | None:
    """When the window opens: the named moment and a second, since the header may be cut to whole seconds.

    Later where the answer asks for more patience than its window does.
    """
    reset, asked = iso_moment(headers.get("X-RateLimit-Reset")), retry_at(headers)
    opens = reset + timedelta(seconds=1) if reset is not None else None
    return max(opens, asked) if opens is not None and asked is not None else opens or asked
