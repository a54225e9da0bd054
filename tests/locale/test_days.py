"""A day as people write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.locale.days import NotADay, day_of
from octowizard.locale.formats import day

FORMS = (
    "{0:%d/%m/%Y}",
    "{0:%d-%m-%Y}",
    "{0:%d.%m.%Y}",
    "{0.day}.{0.month}.{0:%Y}",
    "{0:%Y-%m-%d}",
    " {0:%d/%m/%Y} ",
)


@given(value=st.dates(date(1000, 1, 1)), form=st.sampled_from(FORMS))
def test_a_day_is_read_however_it_is_written(value: date, form: str) -> None:
    assert day_of(form.format(value)) == value
    assert day_of(day(value)) == value  # what octowizard shows can be typed


@given(text=st.text("0123456789/.-", max_size=11))
def test_whatever_is_typed_is_a_day_or_refused_in_one_sentence(text: str) -> None:
    try:
        said = f"{day_of(text).year:04}"
    except NotADay as refused:
        said = str(refused)
    assert said in text or (f"“{text}”" in said and "31/01/2026" in said)


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2026", "2026-13-01", "01/31/2026", "1-2/2026", "20260131", "٣١/٠١/٢٠٢٦"]
)
def test_what_is_no_day_is_refused_with_how_one_is_written(text: str) -> None:
    with pytest.raises(NotADay, match="no day: write it as 31/01/2026"):
        day_of(text)


@pytest.mark.parametrize("text", ["31/01/26", "1-2-26", "31.1.26"])
def test_a_year_of_two_digits_is_not_guessed(text: str) -> None:
    with pytest.raises(NotADay, match="write the year in full"):
        day_of(text)
