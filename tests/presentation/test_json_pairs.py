"""Pairs told by column are what each pair would tell of itself, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octowizard import locale
from octowizard.matching.by_column import ByColumn, Lots, Texts
from octowizard.matching.engine import match
from octowizard.matching.evidence import Answer
from octowizard.matching.evidence_text import sentence
from octowizard.matching.record import Customer
from octowizard.presentation.json_output import Pair
from octowizard.presentation.json_pairs import Keys, pairs

_NAMES = st.sampled_from(
    (
        'Café "De Zon" bv',
        "Maes & Zonen",
        "50 % \\ meer nv",
        "Peeters\u2028Els",
        "Holding Maes",
        "D'Hondt\x07",
        "",
    )
)
_MAILS = st.lists(
    st.sampled_from(("info@maes.example", "a@b.example", '"x"@y.example')), max_size=2, unique=True
)
_FIELDS = ("key", "name", "vat", "street", "postcode")


@st.composite
def _customers(draw: st.DrawFn) -> list[Customer]:
    number = draw(st.integers(1, 6))
    return [
        Customer(
            key=str(row),
            name=draw(_NAMES),
            vat=draw(st.sampled_from(("", "BE0403170701", "0403.170.701", "BE0000000000"))),
            street=draw(st.sampled_from(("", "Kerkstraat 5", "Rue de l'Église 5 / 2"))),
            postcode=draw(st.sampled_from(("", "9000", "B-9000"))),
            emails=tuple(draw(_MAILS)),
        )
        for row in range(number)
    ]


def _by_column(rows: Sequence[Customer]) -> ByColumn:
    emails = Lots(Texts([[mail for row in rows for mail in row.emails]]), [[len(row.emails) for row in rows]])
    return ByColumn(
        len(rows),
        {field: Texts([[getattr(row, field) for row in rows]]) for field in _FIELDS},
        {"emails": emails},
    )


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
@settings(deadline=None)  # the first example loads numpy and the texts
@given(
    left=_customers(), right=_customers(), columns=st.booleans(), numbers=st.booleans(), said=st.booleans()
)
def test_each_pair_as_it_tells_itself(
    language: str, left: list[Customer], right: list[Customer], *, columns: bool, numbers: bool, said: bool
) -> None:
    answers = [Answer(left="0", right="0", same=said)]
    sides: tuple[Sequence[Customer], Sequence[Customer]] = (left, right)
    if columns:
        sides = (_by_column(left), _by_column(right))
    before = locale.chosen()
    locale.choose(language)
    try:
        found = match(*sides, answers, all_candidates=True)
        keys = Keys([row.key for row in left], numbers), Keys([f'"{row.key}' for row in right], numbers=False)
        told = b"[" + b",".join(pairs(found, *sides, keys)) + b"]"
        each = [
            Pair(
                left=pair.left if numbers else str(pair.left),
                right=f'"{pair.right}',
                zone=pair.zone,
                score=round(pair.score, 6),
                why=[sentence(evidence) for evidence in pair.why],
            )
            for pair in found
        ]
    finally:
        locale.choose(before)
    assert told == msgspec.json.encode(each)
    assert each or not said, "what was called the same is a pair"
