"""How the whole suite is run."""

from __future__ import annotations

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """One and a half worker for each core: many tests wait for the practice company, and use none meanwhile."""
    chosen = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", "")
    cores = os.cpu_count() or 1
    return int(chosen) if chosen.isdecimal() else cores + (cores + 1) // 2


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--installed-command",
        metavar="PATH",
        help="the octowizard that `-m installed` tries, in an environment of its own (see tests/installed)",
    )
