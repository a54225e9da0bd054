"""The compiled catalogue: what it holds is found, however long it is."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given, settings
from hypothesis import strategies as st

from hatch_build import compiled
from octowizard.locale import Catalogue
from tests.locale.catalogues import written

SINGULAR = st.text("abzé\u20ac \n{}", min_size=1, max_size=6)


def made(texts: dict[str, str], folder: Path) -> Catalogue:
    """A catalogue of these translations."""
    kept = Catalog(locale="nl", charset="utf-8")
    for message, text in texts.items():
        kept.add(message, text)
    path = folder / "octowizard.po"
    path.write_bytes(written(kept))
    return Catalogue(compiled(path), lambda number: int(number != 1))


@settings(deadline=None)
@given(texts=st.dictionaries(SINGULAR, SINGULAR, max_size=20))
def test_every_text_is_found_and_no_other(
    texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalogue = made(texts, tmp_path_factory.mktemp("catalogue"))
    assert {message: catalogue.text(message) for message in texts} == texts
    assert catalogue.text("not among them, whatever they are") is None


def test_a_context_and_a_plural_are_told_apart_from_the_bare_word(tmp_path: Path) -> None:
    kept = Catalog(locale="nl", charset="utf-8")
    kept.add("open", "openstaand")
    kept.add("open", "openen", context="open a screen")
    kept.add(("{count} document", "{count} documents"), ("{count} document", "{count} documenten"))
    path = tmp_path / "octowizard.po"
    path.write_bytes(written(kept))
    catalogue = Catalogue(compiled(path), lambda number: int(number != 1))
    assert catalogue.text("open") == "openstaand"
    assert catalogue.text("open", "open a screen") == "openen"
    assert [catalogue.plural("{count} document", count) for count in (0, 1, 2)] == [
        "{count} documenten",
        "{count} document",
        "{count} documenten",
    ]


def test_what_is_compiled_is_a_catalogue_of_gettext(tmp_path: Path) -> None:
    kept = Catalog(locale="nl", charset="utf-8")
    kept.add("journal", "dagboek")
    path = tmp_path / "octowizard.po"
    path.write_bytes(written(kept))
    (tmp_path / "octowizard.mo").write_bytes(compiled(path))
    with (tmp_path / "octowizard.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("journal") == "dagboek"


def test_another_file_is_no_catalogue() -> None:
    with pytest.raises(ValueError, match="not a compiled catalogue"):
        Catalogue(b"something else entirely" * 4, int)
