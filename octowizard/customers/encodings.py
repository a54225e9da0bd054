"""Which encoding a text file is in: found for the whole file, checked for each line.

A mark at its beginning and strict UTF-8 prove it. What is neither comes from Windows, a Mac or DOS: each is tried,
and the one whose letters are those that Dutch and French names hold, in places where such names hold them, wins by a
clear lead; without one the file is refused. A few lines in another encoding than the rest are read in their own.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from octowizard.customers.by_hand import BadTable
from octowizard.locale import _

_CHUNK = 1 << 20
LONGEST_LINE = 8_000_000  # bytes or characters: 200 columns as long as a cell of Excel may be
_SAMPLE = 2_000  # lines that are weighed; all others are only decoded
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the next one does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first of those that read the same text is named; the second mostly is the first.
_OLD = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
    "iso8859_15": "ISO 8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
}
# The choices of the app; `--encoding` takes any name that Python knows.
OFFERED = ("utf-8", "cp1252", "mac_roman", "cp850", "utf-16", "iso8859_15")
_NICKNAMES = {
    "mac": "mac_roman",
    "macroman": "mac_roman",
    "dos": "cp850",
    "ansi": "cp1252",
    "windows": "cp1252",
}
# Text encodings that read escapes instead of letters.
_NO_FILES = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7"})


Line = tuple[int, bytes]  # its number from 1, and what stands in it


class Encoding(msgspec.Struct, frozen=True):
    """How the lines of a file are decoded. `odd`: that of the lines that are not in `codec`, "" when all are.

    `odd_lines`: their numbers, from 1. `doubtful_lines`: those that hold what names hardly hold.
    """

    codec: str
    odd: str = ""
    odd_lines: tuple[int, ...] = ()
    doubtful_lines: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """As people call it."""
        return name_of(self.codec)


def name_of(codec: str) -> str:
    """An encoding as people call it."""
    return _NAMES.get(codec, codec)


def encoding_of(path: Path, beginning: bytes, by_hand: str = "") -> Encoding:
    """The encoding of a file of text that begins so. BadTable when it is none or cannot be told for certain."""
    if by_hand:
        return Encoding(_chosen(by_hand))
    for mark, codec in _MARKS:
        if beginning.startswith(mark):
            if codec == "utf-8-sig" and not _is_utf8(path):
                raise BadTable(
                    _(
                        "{file} says that it is UTF-8 and is not: save it again as .csv, with UTF-8 as its encoding."
                    ).format(file=path.name)
                )
            return Encoding(codec)
    if b"\0" in beginning:
        return Encoding(_wide(path, beginning))
    if _is_utf8(path):
        _refuse_chance(path, beginning)
        return Encoding("utf-8")
    return _by_lines(path)


def _chosen(name: str) -> str:
    plain = name.strip().casefold()
    try:
        codec = codecs.lookup(_NICKNAMES.get(plain, plain))
        known = getattr(codec, "_is_text_encoding", True) and codec.name not in _NO_FILES
    except (LookupError, ValueError):
        known = False
    if not known:
        raise BadTable(
            _("There is no encoding “{name}”; files mostly are in one of these: {names}.").format(
                name=name, names=", ".join(OFFERED)
            )
        )
    return next((one for one in _NAMES if codecs.lookup(one).name == codec.name), codec.name)


def _wide(path: Path, beginning: bytes) -> str:
    """Two or four bytes a letter, without a mark: by which reading gives letters and no controls."""
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        whole = beginning[: len(beginning) // 4 * 4 if len(beginning) == _CHUNK else None]
        try:
            text = codecs.getincrementaldecoder(codec)().decode(whole)
        except UnicodeDecodeError:
            continue
        plain = sum((letter.isascii() and letter.isprintable()) or letter in "\t\r\n" for letter in text)
        if plain * 2 > len(text) and not any("\0" <= letter < "\t" for letter in text):
            return codec
    raise no_table(path)


def no_table(path: Path) -> BadTable:
    """A file that is something else."""
    return BadTable(
        _("{file} is neither a workbook nor text: save it as .xlsx or .csv first.").format(file=path.name)
    )


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _refuse_chance(path: Path, beginning: bytes) -> None:
    """Two letters of an older encoding can be one of UTF-8 by chance; that one then is a strange letter. BadTable."""
    numbered = [(at, line) for at, line in enumerate(beginning.splitlines(), 1) if not line.isascii()]
    lines = [line for _number, line in numbered]
    if not lines or len(lines) > 20:
        return
    as_utf8 = sum(_weight(line.decode("utf-8", errors="ignore")) for line in lines)
    best = _weighed(lines)[0]
    if as_utf8 < 0 and best[0] >= as_utf8 + _LEAD:
        raise _unclear(path, *numbered[0], "utf-8", best[1])


# --- line by line ----------------------------------------------------------------------------------------


def raw_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends: LF, CR LF, or CR alone. BadTable for one that no table has."""
    left = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines = (left + chunk).splitlines(keepends=True)
            left = lines.pop()  # it may go on, and a CR at the end may be half of an end
            if len(left) > LONGEST_LINE:
                raise too_long(path)
            yield from lines
    if left:
        yield from left.splitlines(keepends=True)


def too_long(path: Path) -> BadTable:
    """A line that no table has."""
    return BadTable(
        _(
            "{file} holds a line of more than eight million characters, so it is no table: export it again."
        ).format(file=path.name)
    )


def lines(path: Path, encoding: Encoding) -> Generator[str, None, None]:
    """The lines of a file as text, with their ends. BadTable; UnicodeError where a line is not in the encoding."""
    if encoding.odd:
        odd = frozenset(encoding.odd_lines)
        for number, raw in enumerate(raw_lines(path), 1):
            yield raw.decode(encoding.odd if number in odd else encoding.codec)
        return
    with path.open(encoding=encoding.codec, newline="") as file:
        line = file.readline(LONGEST_LINE).removeprefix("\ufeff")
        while line:
            if len(line) >= LONGEST_LINE - 1:
                raise too_long(path)
            yield line
            line = file.readline(LONGEST_LINE)


def _by_lines(path: Path) -> Encoding:
    """An older encoding, or two: the lines that are UTF-8 and those that are not."""
    numbers: dict[bool, list[int]] = {True: [], False: []}
    sample: dict[bool, list[Line]] = {True: [], False: []}  # whether they are UTF-8
    for number, line in enumerate(raw_lines(path), 1):
        if line.isascii():
            continue
        wide = _decodes(line)
        numbers[wide].append(number)
        if len(sample[wide]) < _SAMPLE:
            sample[wide].append((number, line.rstrip(b"\r\n")))
    codec = _certain(path, sample[False])
    if sample[True]:
        as_utf8 = sum(_weight(line.decode("utf-8")) for _number, line in sample[True])
        as_old = sum(_weight(_read(line, codec)) for _number, line in sample[True])
        if as_utf8 > as_old:
            pair = ("utf-8", codec) if len(numbers[True]) >= len(numbers[False]) else (codec, "utf-8")
            return Encoding(*pair, tuple(numbers[pair[1] == "utf-8"]))
        codec = _certain(path, sample[True] + sample[False])
    least = _UNLIKELY if codec in _OLDEST else _IMPOSSIBLE
    doubtful = (
        number for number, line in sample[False] if min(_weights(_read(line, codec)), default=0) <= least
    )
    return Encoding(codec, doubtful_lines=tuple(doubtful))


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _certain(path: Path, those: Sequence[Line]) -> str:
    """The older encoding of these lines. BadTable when none, or not one alone, reads them as names."""
    weighed = _weighed([line for _number, line in those])
    best, codec, text = weighed[0]
    signs = sum(not letter.isascii() for letter in text)
    lead = _LEAD if min(_weights(text), default=0) > _STRANGE else _LEAD_OF_STRANGE
    rivals = [
        one
        for one in weighed[1:]
        if one[2] != text and one[0] > best - (_LEAD_OF_OLD if {codec, one[1]} == _OLDEST else lead)
    ]
    if rivals or best < -_LEAST * signs:
        other = rivals[0][1] if rivals else weighed[1][1]
        number, line = next((one for one in those if _read(one[1], codec) != _read(one[1], other)), those[0])
        raise _unclear(path, number, line, codec, other)
    return codec


def _weighed(those: Iterable[bytes]) -> list[tuple[int, str, str]]:
    """Each older encoding with its weight and what it reads, the heaviest first."""
    joined = b"\n".join(those)
    read = [(_read(joined, codec), codec) for codec in _OLD]
    return sorted(((_weight(text), codec, text) for text, codec in read), key=lambda one: -one[0])


def _read(line: bytes, codec: str) -> str:
    return line.decode(codec, errors="replace")


def _unclear(path: Path, number: int, line: bytes, *codecs_: str) -> BadTable:
    texts = [_read(line, codec) for codec in codecs_]
    place = next((at for at, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1), 0)
    readings = _(" or ").join(
        _("“{text}” ({encoding})").format(text=_excerpt(text, place), encoding=codec)
        for codec, text in zip(codecs_, texts, strict=True)
    )
    return BadTable(
        _(
            "{file} does not tell its encoding: line {line} may read {readings}; say which with --encoding, or save "
            "the file as UTF-8."
        ).format(file=path.name, line=number, readings=readings)
    )


def _excerpt(text: str, place: int) -> str:
    """What is around a letter."""
    shown = text[max(0, place - 12) : place + 12]
    return "".join(letter if letter.isprintable() else "·" for letter in shown).strip()


# --- how much a text looks like names ----------------------------------------------------------------------

_LEAD = 2
_LEAD_OF_OLD = 3  # between those of Mac and DOS, which both read nearly all bytes as letters
_OLDEST = {"mac_roman", "cp850"}
_STRANGE = -3  # of one letter: then the lead must be larger
_LEAD_OF_STRANGE = 8
_LEAST = 1.5  # below zero, for each letter: what reads worse is in an encoding that is not known here
_IMPOSSIBLE = -4
_UNLIKELY = -1  # as good as impossible where another encoding reads nearly every byte as a letter too
_USUAL = frozenset("éèëêïçôöüàâîûùœÉÈÀÇ")
_CAPITALS = frozenset("ËÊÏÔÖÜÂÎÛÄŒä")
_ELSEWHERE = frozenset("ñáíóúãõåøæßìòÿÑÁÍÓÚÅØ")  # Spanish, Portuguese, Scandinavian, German
_TURKISH = frozenset("þÞðÐýÝ")  # what letters of a Turkish Windows look like
_BEGINS_A_WORD = frozenset("éàâêîô")
_VOWELS = "aeiouyéAEIOUYÉ"
# Where the spelling of French and Dutch has a letter, by what stands before and after it (two letters); elsewhere it
# hardly is: è before a consonant and e, a diaeresis after a vowel, ç before a, o and u, à and ù at the end.
_IN_PLACE: dict[str, Callable[[str, str], bool]] = {
    "è": lambda _before, after: (
        after[0] not in _VOWELS and (after[1] in "eéhlnruv" or (after[0] == "s" and not after[1].isalpha()))
    ),
    "ë": lambda before, _after: before in _VOWELS,
    "ï": lambda before, _after: before in _VOWELS,
    "Û": lambda before, _after: before.isalpha(),
    "Ë": lambda before, _after: before in _VOWELS,
    "Ï": lambda before, _after: before in _VOWELS,
    "À": lambda before, after: not after[0].isalpha() or not before.isalpha(),
    "û": lambda before, _after: before not in "eiuy",
    "ç": lambda _before, after: after[0] in "aouâAOU",
    "â": lambda before, _after: before not in "aeiouy",
    "à": lambda _before, after: not after[0].isalpha(),
    "ù": lambda before, after: before == "o" and not after[0].isalpha(),
    "î": lambda before, after: after[0] in "ltnm" or (before in "ao" and after[0] in "cs"),
    "ö": lambda before, _after: before not in "aiu",
    "ä": lambda before, _after: before not in _VOWELS,
}
_ENDS_NO_WORD = frozenset("îêâôûöïçüäœ")
_ALONE = frozenset("à")
_OPENING, _CLOSING = frozenset("“«„‘‹"), frozenset("”»’›")


def _weight(text: str) -> int:
    """How much the letters of a text that are not ASCII are those of Dutch and French names, each in its place."""
    return sum(_weights(text))


def _weights(text: str) -> Iterator[int]:
    padded = f"  {text}  "
    for at, sign in enumerate(padded):
        if not sign.isascii():
            yield _weight_of(sign, padded[at - 2 : at], padded[at + 1 : at + 3])


def _weight_of(sign: str, before: str, after: str) -> int:
    left, right = before[-1:], after[:1]
    if not sign.isalpha() or sign in "ªº":
        return _weight_of_sign(sign, before, right)
    weight = 2 if sign in _USUAL else 1 if sign in _CAPITALS else -1 if sign in _ELSEWHERE else -2
    if not left.isalpha() and not right.isalpha():
        return weight if sign in _ALONE else weight - 3
    if left.isalpha() and not left.isascii() and not (left == sign and sign in "éó"):
        weight -= 1 if {left, sign} <= _ELSEWHERE else 2
    if (
        sign in _TURKISH
        or (sign in "ìò" and right.islower())
        or (sign == "ø" and not (left + right).isascii())
    ):
        weight -= 4  # letters of a Turkish or a Czech Windows
    if sign in _IN_PLACE and not _IN_PLACE[sign](left, after):
        weight -= 3
    if sign.isupper():
        if left.islower():
            weight -= 4
        elif right.islower() and left.isupper():
            weight -= 2  # `GRÉaux`
        return weight
    if (left.isupper() and (before[0].isupper() or right.isupper())) or right.isupper():
        weight -= 4
    if not left.isalpha() and left not in "'’-" and sign not in _BEGINS_A_WORD:
        weight -= 3 if sign in "üëïûöä" else 1
    if not right.isalpha() and sign in _ENDS_NO_WORD:
        weight -= 2
    return weight


def _weight_of_sign(sign: str, before: str, right: str) -> int:
    left = before[-1:]
    letters = left.isalpha(), right.isalpha()
    if unicodedata.category(sign) in ("Cc", "Co", "Cn") or sign == "\ufffd":
        return -12
    if sign == "’" and letters[0]:  # l’Oréal, O’Brien, qu’il, Peter’s
        return 2 if not before[0].isalpha() or left in "ud" or right in "s " or not letters[1] else -6
    if sign in _OPENING and not left.isalnum() and not right.isspace():
        return 2 if sign != "‘" or letters[1] else -2
    if sign in _CLOSING and not right.isalnum() and not left.isspace():
        return 2
    if sign in "«»" and (left.isspace() or right.isspace()):
        return 1
    if sign == "€" and not letters[0]:
        return 2  # also before a letter: there it is as likely as the Ç of DOS, and neither is guessed
    if sign in "–—•" and left.isspace() and right.isspace():
        return 2
    if sign in "°º" and (left in "nN" or left.isdigit()):
        return 2
    if sign in "¤¦¨´¸¬":
        return -8
    if sign == "³" and letters[0] and left not in "mM":
        return -6  # the ł of a Polish Windows
    if sign in "®™©…²³" and not letters[1]:
        return -1
    if sign in "½¼¾" and not any(letters):
        return -1
    if sign == "\xa0" and not left.isspace():
        return -1
    return -8 if all(letters) else -4
