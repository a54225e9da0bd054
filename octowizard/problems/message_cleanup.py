"""Text as people paste it, made comparable: HTML remains, entities, odd spaces and quote marks are taken out.

Every function keeps the words themselves letter for letter, so that names taken from the result are the user's.
"""

from __future__ import annotations

import html
import quopri
import re
import unicodedata

LONGEST = 20_000  # characters looked at; a notification is a few hundred

_INLINE_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|small|mark|wbr|code|tt)\b[^<>]{0,300}/?>", re.I)
_BREAK_TAG = re.compile(
    r"</?[a-z][a-z0-9]*\b[^<>]{0,300}/?>(?:[ \t]*\r?\n)?|<!--.{0,300}?-->|</?[a-z][a-z0-9]*$", re.I | re.S
)
_UNSEEN = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF], None
)
_QUOTED_PRINTABLE = re.compile(r"=\r?\n|=(?:C3|C2|E2=80)=[0-9A-F]{2}|=20(?:\r?\n|$)")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_BREAK = re.compile(r"\\r?\\n|\\[nrt](?![a-z])")
_QUOTED = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
_WIDE = re.compile(r"[ \t]{2,}")
_EDGES = re.compile(r" ?\n ?")

_WROTE = re.compile(
    r"(?im)^[ \t>]*(?:on|op|le)\b[^\n]{4,160}?(?:wrote|schreef[^\n]{0,80}|a écrit)[ \t]*:?[ \t]*$"
)
_SUBJECT = re.compile(
    r"(?im)^[ \t>*]*(?:subject|onderwerp|objet|betreft)[ \t]*:[ \t]*(?:(?:re|fw|fwd|tr|aw)[ \t]*:[ \t]*)*"
)
_HEADER = re.compile(
    r"(?im)^[ \t>*]*(?:from|to|cc|bcc|date|sent|reply-to|van|aan|datum|verzonden|de|à|date d'envoi|envoyé)"
    r"[ \t]*:[^\n]*$"
)
_GREETING = re.compile(
    r"(?im)^[ \t>]*(?:dear|hi|hello|beste|dag|hallo|geachte|bonjour|cher|chère|bonsoir|salut)\b"
    r"[^\n,.!:]{0,60}[,.!][ \t]*$"
)
_CLOSING = re.compile(
    r"(?im)^[ \t>]*(?:kind regards|best regards|regards|thanks|thank you|many thanks|met vriendelijke groet(?:en)?|mvg"
    r"|groet(?:en|jes)?|alvast bedankt|bedankt|cordialement|bien à vous|bien cordialement|merci(?: d'avance)?"
    r"|salutations)\b[^\n]{0,20}$"
)
_NAMESAKES = re.compile(
    r"\boctopus[\s._-]{0,2}(?:deploy|energy|server|client|itsm|cli|tentacle|print|card)\w*", re.I
)
_SIGNATURE = re.compile(r"(?m)^-- ?$")
_PARAGRAPH = re.compile(r"\n\n+")
_FURNITURE = (_WROTE, _HEADER, _GREETING, _CLOSING, _SIGNATURE, _PARAGRAPH)


def cleaned(text: str) -> str:
    """The text without tags, entities, unseen characters and the quote marks of a mail; line breaks stay."""
    text = _decoded(text[:LONGEST])
    for _round in range(2):  # a mail quotes HTML that was escaped once already
        if "&" in text:
            text = html.unescape(text)
        if "<" in text:
            text = _BREAK_TAG.sub("\n", _INLINE_TAG.sub("", text))
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = "".join(" " if c != "\n" and (c.isspace() or unicodedata.category(c) == "Cc") else c for c in text)
    text = _WIDE.sub(" ", _QUOTED.sub("", text))
    return _SUBJECT.sub("", _EDGES.sub("\n", text)).strip()


def _decoded(text: str) -> str:
    """A mail or an answer that was copied raw: quoted-printable and the escapes of JSON are undone."""
    if _QUOTED_PRINTABLE.search(text):
        text = quopri.decodestring(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return _ESCAPED_BREAK.sub("\n", text)


def without_namesakes(text: str) -> str:
    """The text without the names of those products that are called Octopus too."""
    return _NAMESAKES.sub("", text)


def passage(text: str, start: int, end: int, around: int) -> str:
    """What stands around `start`-`end` in the same paragraph, at most `around` characters on either side.

    Greetings, closings, signatures and the headers of a mail end a paragraph, so that their dates and numbers are
    nobody's evidence.
    """
    borders = [0, len(text)]
    for furniture in _FURNITURE:
        for match in furniture.finditer(text):
            borders += [match.start(), match.end()]
    first = max(border for border in borders if border <= start)
    last = min(border for border in borders if border >= end)
    return text[max(first, start - around) : min(last, end + around)]


def after_furniture(text: str) -> str:
    """What follows the last greeting, header or quoting sentence in a passage."""
    ends = [match.end() for furniture in _FURNITURE for match in furniture.finditer(text)]
    return text[max(ends, default=0) :]


def folded(text: str) -> str:
    """The same length, in small letters without accents: for comparing, not for showing."""
    return "".join(map(_fold, text))


def _fold(character: str) -> str:
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFKD", character)[0]
    return base.lower()[0] if base.isalnum() else character


def words(text: str) -> list[str]:
    """The words of a folded text."""
    return re.findall(r"[^\W_]+", text)
