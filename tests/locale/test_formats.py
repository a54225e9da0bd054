"""Numbers as Belgians write them, held to CLDR."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from octowizard import locale
from octowizard.locale.formats import amount, count
from tests.locale.catalogues import compiled_into


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled_into(tmp_path_factory.mktemp("locale"))


@pytest.fixture(params=["nl", "fr"])
def language(
    request: pytest.FixtureRequest, catalogues: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    before = locale.chosen()
    monkeypatch.setattr(locale, "__path__", [str(catalogues), *locale.__path__])
    locale.choose(request.param)
    yield request.param
    monkeypatch.undo()
    locale.choose(before)


def cldr(value: Decimal | int, language: str, pattern: str) -> str:
    """As CLDR has it for Belgium; the thin no-break space of French made an ordinary one, as terminals need it."""
    text = format_decimal(value, format=pattern, locale=f"{language}_BE")
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("value", ["0", "0.05", "-12.5", "999.99", "1210", "-1234567.89"])
def test_an_amount_is_written_as_in_belgium(language: str, value: str) -> None:
    assert amount(Decimal(value)) == cldr(Decimal(value), language, "#,##0.00")


@pytest.mark.parametrize("value", [0, 1, 999, 1000, 20000, 1234567])
def test_a_count_is_written_as_in_belgium(language: str, value: int) -> None:
    assert count(value) == cldr(value, language, "#,##0")


@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_no_amount_loses_a_cent_in_being_written(value: Decimal) -> None:
    assert Decimal(amount(value).replace(".", "").replace(",", ".")) == value
