"""`pytest -m installed --installed-command PATH tests/installed`: tries what `.ci/run` has built and installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.installed.command import Installed


@pytest.fixture(scope="session")
def command(pytestconfig: pytest.Config) -> Path:
    """The path of the installed `octowizard`."""
    given = pytestconfig.getoption("--installed-command")
    if not given:
        raise pytest.UsageError("Say which octowizard to try: --installed-command PATH.")
    return Path(given).absolute()


@pytest.fixture
def installed(command: Path, tmp_path: Path) -> Installed:
    """The installed command, as a user in an empty folder with a home of their own."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Installed(command, folder, tmp_path / "home")
