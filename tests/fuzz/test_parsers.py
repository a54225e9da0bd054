"""Whatever comes from outside is read or refused by an error of its own kind; nothing else is ever raised.

The long form: `OCTOWIZARD_LONG=1 pytest tests/fuzz`, 5,000 inputs for each parser.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import PARSERS, Parser

EXAMPLES = 5_000 if os.environ.get("OCTOWIZARD_LONG") else 40
SLOW = {"workbook"}  # each is read in a process of its own


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_what_cannot_be_read_is_refused_in_words(parser: Parser) -> None:
    seen: list[str] = []

    @settings(
        max_examples=max(8, EXAMPLES // 10) if parser.name in SLOW else EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def read(data: st.DataObject) -> None:
        fed = data.draw(parser.feed)
        with tempfile.TemporaryDirectory() as folder:
            refused: Exception | None = None
            try:
                parser.read(Path(folder), fed)
            except parser.refusals as refusal:
                refused = refusal
            assert refused is None or str(refused).strip()  # it says why
            seen.append(str(refused))

    read()
    assert seen
