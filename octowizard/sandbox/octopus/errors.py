"""What Octopus says when it refuses: error codes, their texts, and the exception that carries a refusal.

The numbers and their names come from the table of the older SOAP service; -13, -14 and -79 were recorded with
the same meaning here. Only two texts are genuine (both Dutch, recorded); every other text is a placeholder and
says so, because the vendor's wording is not known.
"""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.state import LANGUAGES
from octowizard.sandbox.tables import table
from octowizard.sandbox.web import Answer, json_response

INVALID_PARAMETERS = "Invalid or missing parameters passed"  # recorded

_GENUINE_NL = {
    -13: (
        "Het document nummer is ongeldig. Het document nummer dient tevens oplopend te zijn en dient "
        "opeenvolgend te zijn met het laatste document nummer van het dagboek."
    ),
    -14: "De gebruikte boekjaar periode bestaat niet in het boekjaar.",
}


def text(code: int, locale: int) -> str:
    """The message of `code` in the language of a locale (1 Dutch, 2 French, 3 English, 4 German).

    Genuine where it was recorded, otherwise a placeholder that can be told from the vendor's text at a glance.
    """
    if locale == 1 and code in _GENUINE_NL:
        return _GENUINE_NL[code]
    # code -> its meaning in Dutch, French, English and German
    words = table("octopus/errors.json").get(str(code))
    return f"[placeholder {LANGUAGES[locale - 1]} {code}] {words[locale - 1] if words else 'error'}"


class Refused(Exception):
    """A call that is refused: status, error code, text for developers. Neither code nor text: no body."""

    def __init__(
        self, status: int, code: int | None = None, technical: str = "", *, nothing_found: bool = False
    ) -> None:
        super().__init__(technical or f"{status} {code}")
        self.status = status
        self.code = code
        self.technical = technical
        self.nothing_found = nothing_found

    def answer(self, locale: int) -> Answer:
        """The refusal as ErrorResult in the caller's language; members that are not known are left out."""
        if self.code is None and not self.technical:
            return Answer(b"", self.status)
        return error_answer(self.status, self.code, self.technical, locale, refusal=not self.nothing_found)


def error_answer(
    status: int, code: int | None, technical: str, locale: int, *, refusal: bool = True
) -> Answer:
    """An ErrorResult answer."""
    data: dict[str, Any] = {}
    if code is not None:
        data["errorCode"] = code
        data["errorMessage"] = text(code, locale)
    if technical:
        data["technicalInfo"] = technical
    return json_response(data, status, sort_keys=True, refusal=refusal)


def bad_parameters() -> Refused:
    """A missing, misnamed or mistyped parameter or member: only the text for developers (recorded)."""
    return Refused(400, None, INVALID_PARAMETERS)


def nothing_found(technical: str) -> Refused:
    """An empty list or report, which Octopus answers with 404 and a text for developers."""
    return Refused(404, None, technical, nothing_found=True)


def malformed() -> Refused:
    """An object that cannot be read, such as a wrong date or an empty body: 500 without a body."""
    return Refused(500)


def describe(data: Any) -> tuple[int | None, str]:
    """Error code and the telling text of an ErrorResult, for the list of refused calls."""
    if not isinstance(data, dict):
        return None, "(no body)"
    code = data.get("errorCode")
    message = data.get("errorMessage") or data.get("technicalInfo") or ""
    return (code if isinstance(code, int) else None), str(message)
