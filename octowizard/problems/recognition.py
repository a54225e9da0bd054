"""From a pasted message, an error number or the name of an error to the card it belongs to.

Only the words of a card's message recognise it for certain, in their order; what else a text may be about is told as
likely, by its concepts (`likely.py`), and by likeness only the nearest cards. So an unknown text stays unknown. Not
here: what causes the problem (`explain.py`), and whether it is so (`diagnosis.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from octowizard.octopus.errors import NAMES
from octowizard.planning.problems import BY_CODE, BY_STATUS
from octowizard.problems import catalogue
from octowizard.problems.likely import Candidate, Likely, asks, bare_document, candidates
from octowizard.problems.message_cleanup import cleaned, folded, passage, without_namesakes, words
from octowizard.problems.names import SHAPES, as_value, nearby
from octowizard.workspace.profiles import Vendor

_BETWEEN = r"[\W_]{1,24}"  # between two words: a blank, a line break with quote marks, quotes, punctuation
_ANYTHING = r"[^\n]{0,60}?"  # where a message names the product, or leaves words out: "…" in a pattern
_FURTHER = 3  # errors of their own that are told of one text, beside the first
_SURE_TOO = 4.0  # how surely its rest tells one that no rule speaks for
_AROUND = 240  # characters around a message in which further names are looked for
_NEAREST = 3
_LIKE_ENOUGH = 58.0

# What stands between two errors that one text tells.
_ANOTHER = re.compile(r"[.!?;\n]|\b(?:and|also|en|ook|daarnaast|bovendien|et|aussi|ensuite)\b", re.I)
_ERROR_WORD = r"(?:error|erreur|fout(?:melding)?|foutcode|code|error ?code|code d'erreur|octopus)"
_BARE_CODE = re.compile(
    rf"(?:\W*{_ERROR_WORD}\W{{0,4}}){{0,4}}[-−–](\d{{1,2}})\W*(?:[A-Z]+(?:_[A-Z]+)+)?\W*", re.I
)
_CODE_MEMBER = re.compile(r"error_?code[\"']?\s{0,3}[:=]?\s{0,3}[\"']?[-−–](\d{1,2})(?!\d)", re.I)
_CODE_WORD = re.compile(r"(?<![\w-])(?:code|error|erreur|fout)[\s:(]{1,3}[-−–](\d{1,2})(?!\d|[.,]\d)", re.I)
_MARKED = re.compile(r"\[[a-z]+ (?:NL|FR|EN|DE) -(\d{1,2})\]", re.I)
_NAME = re.compile(r"\W*(?:error\W{1,3})?(?:ERR_)?([A-Z]+(?:_[A-Z]+)+)\W*", re.I)
_STATUS = re.compile(
    r"\b(Octopus|Teamleader) (?:refused|does not allow|did not do|failed during|takes no more)\b"
    r".{0,600}?\bHTTP (\d{3})\b",
    re.S,
)
_A_DAY = re.compile(
    r"\b(?:today|tomorrow|daily|per day|a day|vandaag|morgen|dagelijkse?|per dag"
    r"|aujourd.hui|demain|par jour|journalier)\b"
)
_VENDORS: dict[str, Vendor] = {"Octopus": "Octopus", "Teamleader": "Teamleader"}
_OUR_SIDE = re.compile(r"\b(?:octopus|teamleader|octowizard|technicalinfo|dossiertoken)\b")


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """What a text was recognised as. `problem` None: unknown. `confidence` 0-1: 1 when the text is nothing else.

    `names`: what it names, by `journal`, `invoice`, `wanted`, `found`, `amount`, `date`, `period`, `year`,
    `account`, `vat`, `customer` and their like. `nearest`: other cards, the likeliest first. `likely`: what a text
    without a problem may be about, or what else one with it tells of; `also`: those that are errors of their own.
    `faint`: what nothing but evidence would make likely.
    `names_of`: what stands near each of them. `question`: the text asks why something does not go through.
    """

    problem: str | None
    names: dict[str, str]
    confidence: float
    nearest: tuple[str, ...] = ()
    code: int | None = None
    likely: tuple[Likely, ...] = ()
    also: tuple[str, ...] = ()
    faint: tuple[Likely, ...] = ()
    names_of: dict[str, dict[str, str]] = {}
    question: bool = False


class _Pattern(NamedTuple):
    problem: str
    text: str
    needed: frozenset[str]
    weight: int
    short: bool
    whole: bool


class _Hit(NamedTuple):
    pattern: _Pattern
    start: int
    end: int
    names: dict[str, str]


def recognise(text: str) -> Recognition:
    """The problem that `text` is about, and what it names; never a guess."""
    clean = cleaned(text)
    flat = folded(clean)
    code = _code(clean, flat)
    hits = sorted(_hits(clean, flat), key=lambda hit: (-hit.pattern.weight, hit.start))
    if not hits and code is None:
        status = _STATUS.search(clean)
        problem = BY_STATUS.get((_VENDORS[status[1]], int(status[2]))) if status else None
        if problem is None:
            return _only_likely(clean, flat)
        return Recognition(problem=problem, names=_names(clean, None), confidence=0.6)
    by_code = BY_CODE.get(code) if code is not None else None
    best = hits[0] if hits else None
    # The vendor's number is surer than its words, except where the words say which of several causes it was.
    problem = best.pattern.problem if best and not (best.pattern.short and by_code) else by_code
    if by_code and best and by_code != problem and not _same_matter(by_code, best.pattern.problem):
        problem = by_code
    assert problem is not None
    names = _names(clean, best)
    for hit in hits:
        if best is not None and hit.pattern.problem == best.pattern.problem:
            names = {**hit.names, **names}
    if "journal" in names:
        names.pop("journal_name", None)
    problem = _told_apart(problem, names, flat)
    also = dict.fromkeys([*(hit.pattern.problem for hit in hits), *([by_code] if by_code else [])])
    more = _more(clean, hits, problem) if best is not None else []
    return Recognition(
        problem=problem,
        names=names,
        confidence=_confidence(best, by_code, flat),
        nearest=tuple(one for one in also if one != problem)[:_NEAREST],
        code=code,
        likely=tuple(one.likely() for one in more),
        also=tuple(one.problem for one in more),
        names_of={one.problem: _names_near(clean, one) for one in more},
    )


def _only_likely(clean: str, flat: str) -> Recognition:
    """A text that is no known message: what it may be about, by its concepts."""
    heard = candidates(clean)
    ranked = [one for one in heard if not one.faint]
    question = asks(clean)
    more = _further(clean, [(ranked[0].start, ranked[0].end)], {ranked[0].problem}) if ranked else []
    problems = {one.problem for one in more}
    ranked = [*ranked[:1], *more, *(one for one in ranked[1:] if one.problem not in problems)]
    names = {one.problem: _names_near(clean, one) for one in ranked}
    if question and not ranked:
        names_here = nearby(clean) | bare_document(clean)
    else:
        names_here = names[ranked[0].problem] if ranked else {}
    return Recognition(
        problem=None,
        names=names_here,
        confidence=0.0,
        nearest=_nearest(flat),
        likely=tuple(one.likely() for one in ranked),
        also=tuple(one.problem for one in more),
        faint=tuple(one.likely() for one in heard if one.faint and one.problem not in names),
        names_of=names,
        question=question,
    )


def _more(clean: str, hits: list[_Hit], problem: str) -> list[Candidate]:
    """Further errors that a text with a known message tells of, in other words of it."""
    by_problem = {
        hit.pattern.problem: Candidate(
            hit.pattern.problem, 9.0, frozenset(), (clean[hit.start : hit.end],), hit.start, hit.end
        )
        for hit in hits
        if not _touches(hit, hits[0]) and not _same_matter(hit.pattern.problem, problem)
    }
    by_problem.pop(problem, None)
    known = {problem, *(hit.pattern.problem for hit in hits)}
    return [*by_problem.values(), *_further(clean, [(hit.start, hit.end) for hit in hits], known)]


def _further(clean: str, spans: list[tuple[int, int]], known: set[str]) -> list[Candidate]:
    """The errors that the rest of a text tells of, without the sentences in which these passages stand."""
    more: list[Candidate] = []
    rest = clean
    for _round in range(_FURTHER):
        for start, end in spans:
            first = max((m.end() for m in _ANOTHER.finditer(rest, 0, start)), default=0)
            last = next((m.start() for m in _ANOTHER.finditer(rest, end)), len(rest))
            rest = rest[:first] + " " * (last - first) + rest[last:]
        ranked = candidates(rest)
        best = ranked[0] if ranked else None
        if best is None or not (best.by_rule or best.sure >= _SURE_TOO):
            break
        spans = [(best.start, best.end)]
        if best.problem not in known and not any(_same_matter(best.problem, one) for one in known):
            known.add(best.problem)
            more.append(best)
    return more


def _touches(hit: _Hit, other: _Hit) -> bool:
    return hit.start < other.end and other.start < hit.end


def _names_near(clean: str, one: Candidate) -> dict[str, str]:
    """What stands near the words that speak for a problem; of two journals, the one of which more is said."""
    names = nearby(passage(clean, one.start, one.end, _AROUND))
    own = nearby(". ".join(sorted(one.because, key=len, reverse=True)))
    return {**names, **({"journal": own["journal"]} if "journal" in own else {})}


def _code(clean: str, flat: str) -> int | None:
    """The Octopus error number that a text is, or bears where nothing else could be meant."""
    whole = _BARE_CODE.fullmatch(clean)
    if whole:
        return _known(whole[1])
    name = _NAME.fullmatch(clean)
    if name:
        return _BY_NAME.get(name[1].upper())
    marked = _MARKED.search(clean)
    if marked:
        return _known(marked[1])
    if not _ours(flat) and "errormessage" not in flat:
        lines = [match for line in clean.splitlines() if (match := _BARE_CODE.fullmatch(line.strip(" >|\t")))]
        surely = [match for match in lines if _CODE_MEMBER.search(match[0])]
        return _known(surely[0][1]) if surely else None
    for line in clean.splitlines():
        named = _NAME.fullmatch(line.strip(" >|\t"))
        if named and named[1].upper() in _BY_NAME:
            return _BY_NAME[named[1].upper()]
    match = _CODE_MEMBER.search(clean) or _CODE_WORD.search(clean)
    return _known(match[1]) if match else None


_BY_NAME = {name: code for code, name in NAMES.items() if code}


def _known(digits: str) -> int | None:
    return -int(digits) if -int(digits) in BY_CODE else None


def _ours(flat: str) -> bool:
    """Does the text speak of Octopus (the accounting package) or Teamleader?"""
    return bool(_OUR_SIDE.search(without_namesakes(flat)))


@cache
def _patterns() -> tuple[_Pattern, ...]:
    patterns = []
    for card in catalogue.cards().values():
        for messages, short, whole in (
            (card.messages, False, False),
            (card.short_messages, True, False),
            (card.whole_messages, True, True),
        ):
            for texts in messages.values():
                for text in texts:
                    flat = folded(text)
                    fixed = words(re.sub(r"\{\w+\}", " ", flat))
                    patterns.append(
                        _Pattern(card.id, flat, frozenset(fixed), sum(map(len, fixed)), short, whole)
                    )
    return tuple(patterns)


@cache
def _compiled(text: str) -> re.Pattern[str]:
    pieces = []
    seen: set[str] = set()
    for token in re.findall(r"\{\w+\}|[^\W_]+|…", text):
        if token == "…":
            pieces.append(_ANYTHING)
        elif token.startswith("{"):
            name = token[1:-1]
            pieces.append(f"(?P={name})" if name in seen else f"(?P<{name}>{SHAPES[name]})")
            seen.add(name)
        else:
            pieces.append(re.escape(token))
    return re.compile(rf"(?<![^\W_]){_BETWEEN.join(pieces)}(?![^\W_])", re.S)


def _hits(clean: str, flat: str) -> Iterator[_Hit]:
    present = set(words(flat))
    ours: bool | None = None
    for pattern in _patterns():
        if not pattern.needed <= present:
            continue
        match = _compiled(pattern.text).search(flat)
        if (
            match is not None
            and pattern.short
            and not (pattern.whole and not words(flat[: match.start()] + flat[match.end() :]))
        ):
            ours = _ours(flat) if ours is None else ours
            if not ours:
                continue
        if match is not None:
            names = {
                name: as_value(
                    name, clean[match.start(name) : match.end(name)], match.start(name) == match.start()
                )
                for name in match.groupdict()
                if match.start(name) >= 0
            }
            yield _Hit(pattern, match.start(), match.end(), {k: v for k, v in names.items() if v})


def _names(clean: str, best: _Hit | None) -> dict[str, str]:
    if best is None:
        return nearby(passage(clean, 0, 0, _AROUND))
    return {**nearby(passage(clean, best.start, best.end, _AROUND)), **best.names}


def _told_apart(problem: str, names: dict[str, str], flat: str) -> str:
    """Numbers in the vendor's text for developers tell a number that was used from one that comes too early.

    And too many calls of a day are not too many at once.
    """
    if problem == "too-many-connections" and _A_DAY.search(flat):
        return "daily-limit"
    if problem == "number-taken" and names.get("last") and names.get("new"):
        return "number-gap" if int(names["new"]) > int(names["last"]) + 1 else problem
    return problem


def _same_matter(one: str, other: str) -> bool:
    """Is either of two cards a cause of the other?"""
    return any(
        cause.id == second
        for first, second in ((one, other), (other, one))
        for cause in catalogue.cards()[first].causes
    )


def _confidence(best: _Hit | None, by_code: str | None, flat: str) -> float:
    if best is None or (by_code and best.pattern.problem == by_code):
        return 1.0
    if best.pattern.short:
        return 0.7
    return 1.0 if len(flat) - (best.end - best.start) < 40 else 0.9


def _nearest(flat: str) -> tuple[str, ...]:
    """The cards whose words are most like an unknown text, the likeliest first; none where nothing is like it."""
    text = _telling(flat[:1000])
    if len(text.split()) < 2:
        return ()
    from rapidfuzz import fuzz  # here: only unknown texts need it

    best: dict[str, float] = {}
    for problem, other in _likenesses():
        # half for the words both have, half for how much of either text they are
        score = (fuzz.token_set_ratio(text, other) + fuzz.token_sort_ratio(text, other)) / 2
        if score >= _LIKE_ENOUGH:
            best[problem] = max(score, best.get(problem, 0.0))
    return tuple(sorted(best, key=lambda problem: -best[problem]))[:_NEAREST]


@cache
def _likenesses() -> tuple[tuple[str, str], ...]:
    texts = [(pattern.problem, _telling(re.sub(r"\{\w+\}", " ", pattern.text))) for pattern in _patterns()]
    return (*texts, *((card.id, _telling(folded(card.title))) for card in catalogue.cards().values()))


def _telling(flat: str) -> str:
    """The words that tell one text from another: without the vendors' names, which half of all texts hold."""
    return " ".join(word for word in words(flat) if word not in ("octopus", "teamleader", "focus", "error"))
