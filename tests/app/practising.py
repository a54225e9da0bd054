"""The app's session on a practice company, served by a fork of what is loaded already.

As `octowizard --sandbox` has it, which starts a Python for it: that way is in `test_practice.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octowizard.cli.practice import NAME
from octowizard.cli.wanted import Wanted
from octowizard.session import practice_company
from octowizard.session.session import Session
from tests.cli.commands import serving


@contextmanager
def company(wanted: Wanted) -> Iterator[Session]:
    """Serve this company and yield its accounts."""
    numbers = {"--seed": wanted.seed, "--customers": wanted.customers, "--documents": wanted.documents}
    words = [
        word for option, number in numbers.items() if number is not None for word in (option, str(number))
    ]
    with tempfile.TemporaryDirectory(prefix="octowizard-practice-") as folder:
        home = Path(folder)
        (files := home / "files").mkdir()
        with serving("--files", str(files), "--scenario", str(wanted.scenario), *words) as out:
            profile = practice_company.add(home, NAME, practice_company.decoded(out.readline()))
            yield Session(home, profile, fresh=True)
