"""Texts end to end are what they are one by one."""

from hypothesis import given
from hypothesis import strategies as st

from octowizard.matching.by_column import Lots, Texts
from octowizard.matching.evidence import in_a_row
from octowizard.matching.pieces import Pieces, cut, equal, of_texts

_TEXT = st.text(alphabet='ab é€"\n\U0001f600', max_size=6)
_TEXTS = st.lists(_TEXT, min_size=1, max_size=8)


def _parted(pieces: Pieces) -> list[str]:
    joined = pieces.joined.tobytes()
    begins = pieces.begins.tolist()
    return [
        joined[begin : begin + length].decode()
        for begin, length in zip(begins, pieces.lengths.tolist(), strict=True)
    ]


@given(texts=_TEXTS, places=st.lists(st.integers(0, 7), max_size=12))
def test_texts_by_column(texts: list[str], places: list[int]) -> None:
    places = [place % len(texts) for place in places]
    column = Texts([texts[:3], texts[3:]])
    wanted = [texts[place] for place in places]
    assert len(column) == len(texts)
    assert column.all() == texts
    assert column.at(places) == wanted
    assert _parted(of_texts(texts)) == texts
    parted = of_texts(texts)
    assert cut(parted.joined, parted.begins, parted.lengths).tobytes() == "".join(texts).encode()


@given(rows=st.lists(st.lists(_TEXT, max_size=3), min_size=1, max_size=6), places=st.lists(st.integers(0, 5)))
def test_several_values_of_a_row(rows: list[list[str]], places: list[int]) -> None:
    places = [place % len(rows) for place in places]
    lots = Lots(Texts([[value for row in rows for value in row]]), [list(map(len, rows))])
    assert lots.many() == list(map(len, rows))
    assert lots.at(places) == [tuple(rows[place]) for place in places]
    assert _parted(lots.in_a_row(places)) == [in_a_row(tuple(rows[place])) for place in places]


@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=8))
def test_which_are_equal(both: list[tuple[str, str]]) -> None:
    left, right = [one for one, _other in both], [other for _one, other in both]
    assert equal(of_texts(left), of_texts(right)).tolist() == [one == other for one, other in both]
