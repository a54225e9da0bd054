"""A day as people write it."""

from datetime import date

import pytest

from octowizard.locale.days import NotADay, day_of


@pytest.mark.parametrize("text", ["2026-01-31", "31/01/2026", "31-01-2026", "31.1.2026"])
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert day_of(text) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2026", "2026-13-01", "01/31/2026", "1-2/2026", "31/01/26", "20260131"]
)
def test_what_is_no_day_is_refused_with_how_one_is_written(text: str) -> None:
    with pytest.raises(NotADay, match="no day: write it as 31/01/2026"):
        day_of(text)
