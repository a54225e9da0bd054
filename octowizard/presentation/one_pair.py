"""One pair of customers in words: how sure it is and by what, what tells the two apart, what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, labelled
from octowizard.locale.keys import key_of
from octowizard.matching.evidence_text import sentence
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item, Page, Tone, items, listed
from octowizard.presentation.confirmation import Question, more
from octowizard.presentation.pairs import ZONES, differ, gets, group, named, names, zone_name

if TYPE_CHECKING:
    from octowizard.customers.review import Case, Identity, Kind, Line
    from octowizard.matching.record import Customer

MOST_SURE = 500  # sure pairs that the question before settling them names; the list has them all


def zone_mark(case: Case) -> str:
    """The mark before a pair: what was said of it, else how sure it is."""
    return ZONES[case.zone] if case.said is None else "✔" if case.said else "–"


def verdict(case: Case) -> str:
    """How sure it is that the two are one, in words."""
    if case.said is not None:
        return _("you said: the same") if case.said else _("you said: different")
    return zone_name(case.zone)


def fields_that(case: Case, *marks: str) -> list[str]:
    """The fields that stand with one of these marks."""
    return [row.field for row in case.rows if row.mark in marks]


def speaks(case: Case) -> str:
    """Which fields agree and which do not; empty where the two have no field in common.

    And that another one is as like, where nothing else is in doubt.
    """
    same, near, other = (names(fields_that(case, mark)) for mark in ("=", "≈", "≠"))
    if same and near and other:
        text = _("The same: {same}. Alike: {near}. Different: {other}.")
    elif same and near:
        text = _("The same: {same}. Alike: {near}.")
    elif same and other:
        text = _("The same: {same}. Different: {other}.")
    elif near and other:
        text = _("Alike: {near}. Different: {other}.")
    elif same:
        text = _("The same: {same}.")
    elif near:
        text = _("Alike: {near}.")
    else:
        text = _("Different: {other}.") if other else ""
    rival = (
        _("Another one is about as like: you decide which it is.")
        if case.rivalled and case.said is None
        else ""
    )
    return " ".join(filter(None, (text.format(same=same, near=near, other=other), rival)))


Beside = Literal["right above", "beside", "below"]


def becomes(case: Case, two: Beside = "beside") -> str:
    """Which one stays, why, and what it takes over; of a relation and a customer, what becomes of the two.

    `two`: where they stand: in columns right above, in columns, or below each other.
    """
    if not case.keep:
        return _linked(case)
    left = case.keep == "left"
    if two == "right above":
        text = _("the one at the left: {because}.") if left else _("the one at the right: {because}.")
    elif two == "below":
        text = _("{name}: {because}.")
    else:
        text = (
            _("the one at the left ({which}): {because}.")
            if left
            else _("the one at the right ({which}): {because}.")
        )
    which = case.identities[0 if left else 1]
    kept = text.format(name=case.survivor, which=which, because=case.because)
    differs = "" if two == "right above" else differ(case.conflicts)
    return " ".join(filter(None, (kept, gets(case.gets), differs)))


def _linked(case: Case) -> str:
    if case.said is not None:
        return (
            _("{smart} links them.").format(smart=key_of("duplicates.smart", "i"))
            if case.said
            else _("They stay two.")
        )
    if case.zone == "sure":
        return _("{smart} links them without an answer; {different} if they are different after all.").format(
            different=key_of("duplicates.different", "n"), smart=key_of("duplicates.smart", "i")
        )
    return _("Nothing, until you say {same} (the same) or {different} (different).").format(
        same=key_of("duplicates.same", "y"), different=key_of("duplicates.different", "n")
    )


def weighed(case: Case) -> list[str]:
    """How likely it is, and what speaks for and against it, the strongest first."""
    likelihood = _("{percent} % likely the same, by the weight of all this:").format(
        percent=min(99, int(case.score * 100))  # never 100, since nothing is that sure
    )
    return [likelihood, *map(sentence, case.why)]


def page(case: Case, heads: tuple[str, str], known: str) -> Page:
    """All of a pair. `heads`: what the two are; `known`: the label of what hangs on them."""
    blocks: list[Block] = [
        *listed(_("Keep") if case.keep else _("Then"), (becomes(case, "below"),), "head"),
        Gap(),
        *items((speaks(case),)),
        *(Item(text, mark) for mark, text in group(case)),
        Gap(),
        *_both("", "", *heads, "soft"),
        *(entry for row in case.rows for entry in _both(named(row.field), row.mark, row.left, row.right)),
        *(_both(known, "", *case.hangs) if any(case.hangs) else []),
        Gap(),
        Heading(_("What speaks for and against it")),
        *items(weighed(case), tone="soft"),
    ]
    return Page(title=verdict(case), mark=zone_mark(case), blocks=tuple(blocks))


def _both(label: str, mark: str, left: str, right: str, tone: Tone = "text") -> list[Block]:
    """What both have in a field, under each other; once where it is the same letter for letter."""
    texts = (left or "–",) if left == right else (left or "–", right or "–")
    return [
        Entry("" if place else label, f"{mark if mark and not place else ' '} {text}", tone)
        for place, text in enumerate(texts)
    ]


# --- in a list ------------------------------------------------------------------------------------------------


def same_name(line: Line) -> bool:
    """Do the two bear one name, whatever its capitals?"""
    left, right = (" ".join(one.name.split()).casefold() for one in (line.left, line.right))
    return left == right


def apart(left: Identity, right: Identity) -> str:
    """What tells two of one name apart: where they are, if they are not at one place, and what hangs on them.

    A relation is known by its number; the id of a customer of Teamleader is told only where nothing else differs.
    """
    both = left.town == right.town
    one: tuple[str, ...] = (left.number if not left.hangs else "", "" if both else left.town, left.hangs)
    other: tuple[str, ...] = ("", "" if both else right.town, right.hangs)
    if one == other:
        # Both in Teamleader: that is said once.
        vendor, _blank, id = right.number.rpartition(" ")
        one, other = (left.number,), (id if left.number.startswith(f"{vendor} ") else right.number,)
    return f"{' · '.join(filter(None, one))} ⇄ {' · '.join(filter(None, other))}"


def reason(line: Line) -> str:
    """The strongest evidence for a pair in a few words; empty for none."""
    fields = [one.field for one in line.why if one.weight > 0 and one.how == "same"]
    strongest = list(dict.fromkeys(_PART_OF.get(field, field) for field in fields if field not in _UNSAID))
    return _("same {fields}").format(fields=names(strongest[:3])) if strongest else ""


_PART_OF: Mapping[str, str] = {"house": "street"}
_UNSAID = frozenset({"answer", "kind", "country", "legal", "structure", "region"})


def answered(left: Customer, right: Customer, *, same: bool) -> str:
    """The answer that was given last."""
    text = _("✔ the same: {left} and {right}") if same else _("– different: {left} and {right}")
    return text.format(left=left.name, right=right.name)


def settled(number: int) -> str:
    """That the sure ones were called the same, all at once."""
    text = ngettext("✔ the same: {count} sure pair", "✔ the same: {count} sure pairs", number)
    return text.format(count=count(number))


def kinds(numbers: Mapping[Kind, int]) -> str:
    """How many pairs there are of each kind; they add up to all of them."""
    texts: tuple[tuple[Kind, str], ...] = (
        ("doubtful", ngettext("{count} doubtful", "{count} doubtful", numbers.get("doubtful", 0))),
        ("sure", _("{count} sure ({settle} settles them)") if numbers.get("sure") else _("{count} sure")),
        ("telling", _("{count} hardly, to learn from")),
        ("judged", _("{count} judged")),
    )
    shown = [
        text.format(count=count(numbers.get(kind, 0)), settle=key_of("duplicates.settle", "S"))
        for kind, text in texts
        if numbers.get(kind) or kind in ("doubtful", "sure")
    ]
    return " · ".join(shown)


def sure_question(lines: Sequence[tuple[Line, tuple[Identity, Identity]]], *, merging: bool) -> Question:
    """The question before all sure pairs are called the same: each of them, to be looked at.

    `merging`: they stand in one list, and one of each two will go.
    """
    number = len(lines)
    title = ngettext("Is {count} sure pair the same?", "Are all {count} sure pairs the same?", number)
    then = (
        _(
            "Nothing is merged by it: {merge} does that, after showing each. {take_back} takes all of it back."
        ).format(merge=key_of("duplicates.merge", "m"), take_back=key_of("duplicates.take_back", "u"))
        if merging
        else _(
            "Nothing is linked by it: {smart} does that, after showing all. {take_back} takes all of it back."
        ).format(smart=key_of("duplicates.smart", "i"), take_back=key_of("duplicates.take_back", "u"))
    )
    blocks: list[Block] = [Item(then, tone="soft"), Gap()]
    blocks += [Item(_two(line, identities), "=") for line, identities in lines[:MOST_SURE]]
    if number > MOST_SURE:
        blocks.append(Item(more(number - MOST_SURE), tone="soft", indent=2))
    return Question(
        title=title.format(count=count(number)),
        blocks=tuple(blocks),
        yes=_("all the same"),
        no=_("not now"),
    )


def _two(line: Line, two: tuple[Identity, Identity]) -> str:
    left, right = two
    if same_name(line):
        return labelled(line.left.name, apart(left, right))
    return f"{line.left.name} ({left}) ⇄ {line.right.name} ({right})"
