"""How much of a vendor's answer is believed, in one place: size, time, depth, numbers, dates, waits.

Every figure is far above what either vendor sends and far below what would hurt. Reading within them is
`door.py` (bytes and seconds) and `http.decode` (values); what an answer means is each client's to say.
"""

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from octowizard.locale import _

CALL_SECONDS: Final = 40.0
"""Seconds on the wire for one call, from its first byte to the last of its answer, repetitions of a read included.

A command ends within a minute, however many calls of a vendor hang (see door.Patience). Waiting for a turn of the
vendor's window is not counted.
"""
SILENCE_SECONDS: Final = 30.0
"""Seconds without a byte."""

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_VALUES: Final = 2_000_000
"""Values in one answer: a small body may unpack into a great many (the largest real one has half of this)."""
DEEPEST: Final = 48
LONGEST_STRING: Final = 1_000_000
LONGEST_TEXT: Final = 1_000
"""Letters of a vendor's text in an error."""
MOST_PAGES: Final = 10_000

_LARGEST_INTEGER: Final = 2**63 - 1
_MOST_DIGITS: Final = 30
_LARGEST_EXPONENT: Final = 18
_FIRST_YEAR, _LAST_YEAR = 1900, 2999  # of a record; beyond them date arithmetic ends in an error
_FIRST_CLOCK, _LAST_CLOCK = 2000, 2100  # of a clock
_LONGEST_WAIT: Final = timedelta(days=2)
_LIFETIME: Final = 3600
_LONGEST_LIFETIME: Final = 30 * 86_400


class OutOfBounds(Exception):
    """An answer that is not read any further. The text is part of a sentence; `path` says where."""

    def __init__(self, text: str, path: str = "$") -> None:
        super().__init__(text)
        self.path = path


# --- time --------------------------------------------------------------------------------------------------


@dataclass
class Allowance:
    """Seconds on the wire that one call and its repetitions still have; those they have waited for a limit."""

    left: float = CALL_SECONDS
    waited: float = 0.0


allowance: ContextVar[Allowance | None] = ContextVar("allowance", default=None)
"""That of the read under way; None for a write, which is made once."""


def http_date(text: str | None) -> datetime | None:
    """The moment of a `Date` or `Retry-After` header (aware, UTC); None for nonsense and for no sane clock's time."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _sane_clock(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def iso_moment(text: str | None) -> datetime | None:
    """The moment of an ISO 8601 header (aware, UTC; UTC where it names no zone); None as for http_date."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return _sane_clock(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def _sane_clock(moment: datetime) -> datetime | None:
    return moment.astimezone(UTC) if _FIRST_CLOCK <= moment.year < _LAST_CLOCK else None


_COUNT = re.compile(r"\s*(\d{1,9})\s*", re.ASCII)


def count(text: str | None) -> int | None:
    """A count in a header: up to nine ASCII digits; None for anything else."""
    match = _COUNT.fullmatch(text) if text else None
    return int(match[1]) if match else None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the vendor asks to wait: seconds or a date (RFC 9110), two days at most; None when it says nothing sane.

    `now`: the vendor's clock, aware.
    """
    text = headers.get("Retry-After")
    if (seconds := count(text)) is not None:
        return min(timedelta(seconds=seconds), _LONGEST_WAIT)
    moment = http_date(text)
    return min(max(moment - now, timedelta(0)), _LONGEST_WAIT) if moment is not None else None


def lifetime(seconds: bytes) -> float:
    """Seconds that a token lives, from its JSON; an hour (official) where the vendor says something that cannot be.

    Not refused: the refresh token that came along is the only one, and a token that ends early is renewed on a 401.
    """
    match = re.fullmatch(rb'"?(\d{1,7})(?:\.\d+)?"?', seconds)
    lives = int(match[1]) if match else _LIFETIME
    return float(lives if lives <= _LONGEST_LIFETIME else _LIFETIME)


# --- text --------------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """The vendor's words for a sentence of ours: one line, and not too long a one."""
    text = " ".join(text[: 8 * LONGEST_TEXT].split())
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rstrip() + "…"


def fits_a_header(text: str) -> bool:
    """Whether a secret or token can be sent in a header: visible ASCII, no line of its own, no endless one."""
    return bool(re.fullmatch(r"[\x21-\x7e]{1,16384}", text))


# --- JSON --------------------------------------------------------------------------------------------------

_PIECE = 256 * 1024
_STRING = re.compile(rb'"[^"]*"')
_ENDS_NO_ESCAPE = re.compile(rb"[^\\]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))


def check_shape(body: bytes) -> None:
    """Refuse what would exhaust memory or the stack while it is decoded. Raises OutOfBounds.

    Fast, since it only counts: not whether the body is JSON.
    """
    if body.count(b",") > MOST_VALUES:
        raise OutOfBounds(_("more than {count} values").format(count=f"{MOST_VALUES:,}"))
    if _is_deep(body):
        raise OutOfBounds(_("records nested more than {count} deep").format(count=DEEPEST))
    if _has_a_long_string(body):
        raise OutOfBounds(_("a text of more than {count} letters").format(count=f"{LONGEST_STRING:,}"))


def _has_a_long_string(body: bytes) -> bool:
    at = 0
    while at + LONGEST_STRING < len(body):
        quote = body.rfind(b'"', at, at + LONGEST_STRING)
        if quote < 0:
            return True
        at = quote + 1
    return False


def _pieces(body: bytes) -> Iterator[bytes]:
    """The body, a piece at a time: what is made of it for looking is never as large. None ends within an escape."""
    at = 0
    while at < len(body):
        whole = _ENDS_NO_ESCAPE.search(body, at + _PIECE - 1)
        end = whole.end() if whole is not None else len(body)
        yield body[at:end]
        at = end


def _is_deep(body: bytes) -> bool:
    """Whether brackets nest deeper than DEEPEST: those within strings are taken away, then level by level."""
    left = bytearray()
    inside = False  # a string that the piece before has begun
    for piece in _pieces(body):
        if b"\\" in piece:
            piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
        marks = (b'"' if inside else b"") + piece.translate(None, _NO_STRUCTURE)
        inside = marks.count(b'"') % 2 == 1
        if inside:
            marks += b'"'
        # Two quotes side by side bound nothing, and taking them away leaves the others as they pair.
        left += _STRING.sub(b"", marks.replace(b'""', b""))
    for _level in range(DEEPEST):
        if not left:
            return False
        inner = left.replace(b"[]", b"").replace(b"{}", b"")
        if len(inner) == len(left):  # they do not pair: no JSON, which the decoder will say better
            return len(left) > DEEPEST
        left = inner
    return bool(left)


# A body in which all is alike that need not be told apart: so that a few searches for fixed bytes find what may be
# a number or a date out of bounds. Whether it is one shows only in the decoded record.
_ALIKE = bytes.maketrans(b"013456789.ENAIFS+", b"000000000.enaifs-")
_LONG_NUMBER = b"0" * 17
# A text that Decimal takes for a number that is none, not one that only begins so, as the address info@… does. To
# search for it takes a hundred times as long as to look where one begins so, which every record of a customer does.
_BEGINS_NONE = (b'"nan', b'"inf', b'"-nan', b'"-inf', b'"snan')
_NO_NUMBER = re.compile(rb'"-?(?:inf[intyTY_]*|s?nan[0_]*)\s*(?:"|\Z)')
# A whole number with an exponent, also as a text; an id may hold a digit, an e and a digit and is none.
_EXPONENT = re.compile(rb'e[-0_]++\s*+(?:[",}\]]|$)')
_MANTISSA, _LONGEST_MANTISSA = b"-0_. \t\r\n\f\v", 64
_OVERLAP = 128  # bytes that are looked at with the piece before, too: more than the longest suspect has
_FAR_YEAR = re.compile(rb'"0[02]{3}-')


def check_values(body: bytes, decoded: object) -> None:
    """Refuse numbers and dates that no arithmetic of ours holds. Raises OutOfBounds with their path."""
    if not _holds_values(decoded):
        return
    if any(_is_suspect(body[at : at + _PIECE + _OVERLAP]) for at in range(0, len(body), _PIECE)):
        _walk(decoded, "$")


def _holds_values(decoded: object) -> bool:
    """Whether it is more than pieces that are still to be decoded, each of which is looked at by itself then."""
    if isinstance(decoded, msgspec.Struct):
        return any(_holds_values(getattr(decoded, name)) for name in decoded.__struct_fields__)
    if isinstance(decoded, list | tuple):
        return any(type(piece) is not msgspec.Raw for piece in decoded)
    return decoded is not None and type(decoded) is not msgspec.Raw


def _is_suspect(piece: bytes) -> bool:
    alike = piece.translate(_ALIKE)
    if _FAR_YEAR.search(alike) is not None:
        return True
    alike = alike.replace(b"2", b"0")
    return _LONG_NUMBER in alike or _is_no_number(alike) or _has_exponent(alike)


def _is_no_number(alike: bytes) -> bool:
    if b"inf" not in alike and b"nan" not in alike:
        return False
    for begin in _BEGINS_NONE:
        at = alike.find(begin)
        while at >= 0:
            if _NO_NUMBER.match(alike, at) is not None:
                return True
            at = alike.find(begin, at + 1)
    return False


def _has_exponent(alike: bytes) -> bool:
    for found in _EXPONENT.finditer(alike):
        end = found.start()
        before = alike[max(0, end - _LONGEST_MANTISSA) : end].rstrip(_MANTISSA)
        if not before or before[-1] in b'":,[':
            return True
    return False


def _walk(value: object, path: str) -> None:
    if value is None or isinstance(value, str | bool | msgspec.Raw):
        return
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        for name, sent_as in names:
            member = getattr(value, name)
            if type(member) is not str and member is not None:
                _walk(member, f"{path}.{sent_as}")
    elif isinstance(value, dict):
        for key, member in value.items():
            _walk(member, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            _walk(item, f"{path}[{place}]")
    elif isinstance(value, int) and not -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
        raise OutOfBounds(_("a number too long to be one"), path)
    elif isinstance(value, Decimal) and not _is_sane(value):
        raise OutOfBounds(_("a number that is none, or too long to be one"), path)
    elif isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise OutOfBounds(_("a date in the year {year}").format(year=value.year), path)


def _is_sane(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    _sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return len(digits) <= _MOST_DIGITS and exponent >= -_MOST_DIGITS and value.adjusted() <= _LARGEST_EXPONENT


def number(text: str) -> Decimal:
    """A JSON number where no type is named. Raises ValueError for one that is too long to be one."""
    if len(text) > 2 * _MOST_DIGITS:
        raise ValueError(_("a number too long to be one"))
    value = Decimal(text) if re.search(r"[eE][+-]?\d{4}", text) is None else Decimal("NaN")
    if not _is_sane(value):
        raise ValueError(_("a number that is none, or too long to be one"))
    return value
