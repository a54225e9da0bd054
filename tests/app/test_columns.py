"""Columns never touch, and nothing is cut beside blanks that nobody needs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from octowizard.app.columns import GAP, cells, shared, wanted

WORDS = st.text(alphabet="abc é女", min_size=0, max_size=40)
ROWS = st.integers(2, 5).flatmap(
    lambda columns: st.lists(st.tuples(*[WORDS] * columns), min_size=1, max_size=6)
)


@given(rows=ROWS, width=st.integers(40, 200), data=st.data())
def test_columns_never_touch_and_nothing_is_cut_while_blanks_remain(
    rows: list[tuple[str, ...]], width: int, data: st.DataObject
) -> None:
    number = len(rows[0])
    whole = data.draw(st.sets(st.integers(1, number - 1)))
    wants = wanted(rows)
    widths = shared(wants, width, whole=whole)
    assert sum(widths) + GAP * (number - 1) == width
    if any(has < wants_it for has, wants_it in zip(widths, wants, strict=True)):
        assert all(has <= wants_it for has, wants_it in zip(widths, wants, strict=True))
    for row in rows:
        shown = cells(row, widths)
        assert sum(map(cell_len, shown)) == width
        assert all(text.endswith(" " * GAP) for text in shown[:-1])


def test_a_figure_stays_whole_while_a_name_can_give_way() -> None:
    assert shared([40, 12], 40, whole=(1,)) == [26, 12]
    assert shared([10, 12], 40, whole=(1,)) == [26, 12]
    assert shared([10, 40, 12], 40, whole=(2,)) == [10, 14, 12]
