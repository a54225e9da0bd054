"""The one redactor: no password, token or key leaves octowizard in a log, an error or a support bundle.

Not a general anonymiser: names, addresses and amounts stay, because they are what the user must see.
"""

import logging
import re
from typing import Any

HIDDEN = "[hidden]"
_NAMES = (
    r"password|passwd|pwd|wachtwoord|mot_de_passe|client_?secret|refresh_?token|access_?token|dossier_?token"
    r"|software_?house_?uuid|software_?house|authorization|id_?token|code_verifier|token|secret|api_?key"
)
_PATTERNS = (
    # a JSON Web Token, wherever it stands
    re.compile(r"\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?"),
    re.compile(r"(?i)(?<=\bbearer )\s*[^\s\"',;]+"),
    # "name": "value" and 'name': 'value'
    re.compile(
        rf"(?i)(?P<keep>[\"'](?:{_NAMES})[\"']\s*[:=]\s*)(?P<quote>[\"'])(?:\\.|(?!(?P=quote)).)*(?P=quote)"
    ),
    # name=value and name: value in a query, a header or a form
    re.compile(rf"(?i)(?P<keep>\b(?:{_NAMES})\s*[=:]\s*(?:bearer\s+)?)(?!\[hidden\])[^\s&\"',;}}]+"),
    # the control address of a practice company: whoever knows it acts there
    re.compile(r"(?P<keep>/control/)[\w-]{20,}"),
    # credentials in an address
    re.compile(r"(?P<keep>://[^\s/:@]+:)[^\s/@]+(?=@)"),
)
_NAMED = re.compile(_NAMES, re.IGNORECASE)
_SHORTEST = 6
_remembered: set[str] = set()


def remember_secret(value: str) -> None:
    """Hide this exact value from now on. Ignored below six characters: it would hide innocent text."""
    if len(value) >= _SHORTEST:
        _remembered.add(value)


def redact(text: str) -> str:
    """The text without secrets; everything else letter for letter."""
    if not text:
        return text
    for value in sorted(_remembered, key=len, reverse=True):
        if value in text:
            text = text.replace(value, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(_hide, text)
    return text


def redacted(value: Any) -> Any:
    """JSON, as Python holds it, without secrets: each text by itself, so that what JSON escapes is found too."""
    match value:
        case str():
            return redact(value)
        case dict():
            return {
                key: HIDDEN if isinstance(held, str) and _NAMED.fullmatch(key) else redacted(held)
                for key, held in value.items()
            }
        case list() | tuple():
            return [redacted(held) for held in value]
        case _:
            return value


def _hide(match: re.Match[str]) -> str:
    kept = match.groupdict()
    quote = kept.get("quote") or ""
    return f"{kept.get('keep') or ''}{quote}{HIDDEN}{quote}"


class _Redacting(logging.Filter):
    """On a handler: every record that passes is redacted, its traceback and arguments included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record is changed in place."""
        message = record.getMessage()
        clean = redact(message)
        if clean != message:
            record.msg, record.args = clean, None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


# No logging is set up: this prints what asyncio and libraries warn of, such as an exception that nobody awaited.
if logging.lastResort is not None:
    logging.lastResort.addFilter(_Redacting())

_log = logging.getLogger("octowizard.calls")


def log_call(vendor: str, operation: str, status: int | str, milliseconds: float) -> None:
    """One line per call, at DEBUG: who, what, how it ended, how long. Never a body or a header."""
    if _log.isEnabledFor(logging.DEBUG):
        _log.debug("%s %s -> %s in %.0f ms", vendor, operation, status, milliseconds)
