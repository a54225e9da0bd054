"""An import in a process of its own, to be measured or killed: `python -m tests.customers.importer HOME [SECONDS]`.

SECONDS: how long a doubt rests before it is looked at (the practice company has finished much sooner than Teamleader).
One line on stdout per customer made, the last line is the result.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from octowizard.customers import importing
from octowizard.outbox import lookup
from octowizard.progress import Stop
from octowizard.sync.accounts import open_accounts
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import load
from tests.sync.company import PROFILE


def tell(step: importing.Step) -> None:
    """One line per customer."""
    if isinstance(step, importing.Made):
        sys.stdout.write(f"made {step.relation}\n")
        sys.stdout.flush()


async def imported(home: Path) -> importing.Imported:
    """Import everybody."""
    with Workspace.open(home, PROFILE) as workspace:
        async with open_accounts(home, load(home, PROFILE), workspace) as accounts:
            return await importing.run(workspace, *accounts, tell, Stop())


def main(words: list[str]) -> None:
    """Run it, say how it ended."""
    if len(words) > 1:
        lookup.SETTLING_SECONDS = lookup.LEAVES_WITHIN = float(words[1])
    ended = asyncio.run(imported(Path(words[0])))
    sys.stdout.write(f"{msgspec.json.encode(ended).decode()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
