"""How the whole suite is run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each core: many tests wait for the practice company or a screen, and use none meanwhile."""
    chosen = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", "")
    cores = os.cpu_count() or 1
    return int(chosen) if chosen.isdecimal() else 2 * cores


def pytest_collection_finish() -> None:
    """Thousands of collected tests live to the end: visited by each collection of garbage, they cost a fifth of all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def renewals_in_this_process() -> Iterator[None]:
    """A process for each renewal would cost the suite a minute; `tests/workspace/test_renewal.py` has them."""
    from octowizard.workspace import renewal

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renewal, "apart", lambda *_of: None)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--installed-command",
        metavar="PATH",
        help="the octowizard that `-m installed` tries, in an environment of its own (see tests/installed)",
    )
