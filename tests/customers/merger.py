"""Merging and undoing in a process of its own, to be killed: `python -m tests.customers.merger HOME WORK SECONDS`.

WORK: `prepare` imports everybody, lets contacts work for some of the new companies, and keeps the sure pairs in
HOME/pairs.json; `merge` merges those that are left; `undo` undoes every merge. SECONDS: how long a doubt rests.
The last line on stdout is `ended` and the outcome; `begun` is said before the first write.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from octowizard.customers import directory, importing, merge_rules, merging, undo
from octowizard.outbox import lookup
from octowizard.progress import Stop
from octowizard.sync.accounts import Accounts, open_accounts
from octowizard.workspace import undo_packs
from octowizard.workspace.db import Workspace
from octowizard.workspace.profiles import load
from tests.customers.importer import tell
from tests.sync.company import PROFILE


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def prepare(home: Path, workspace: Workspace, accounts: Accounts) -> str:
    """Duplicates, some with people, and which they are."""
    await importing.run(workspace, *accounts, tell, Stop())
    await directory.read_teamleader(workspace, accounts.teamleader, lambda _what, _count: None)
    for candidate in merging.candidates(workspace)[:6:2]:
        await _again(
            accounts, candidate.gone
        )  # who was imported twice: with the one that was there a group of three
    await directory.read_teamleader(workspace, accounts.teamleader, lambda _what, _count: None)
    found = merging.candidates(workspace)
    people = [one.customer.key for one in directory.seen(workspace) if one.customer.kind == "person"]
    for number, candidate in enumerate(found):
        if number % 2 == 0:
            await accounts.teamleader.link_contact(
                people[number % len(people)], candidate.gone, position="CEO"
            )
    (home / "pairs.json").write_bytes(msgspec.json.encode([tuple(one) for one in found]))
    return f"{len(found)}"


async def _again(accounts: Accounts, company: str) -> None:
    """Another company just like this one."""
    known = await accounts.teamleader.company(company)
    fields = {
        "name": known.name,
        "vat_number": known.vat_number,
        "emails": [{"type": one.type, "email": one.email} for one in known.emails],
        "telephones": [{"type": one.type, "number": one.number} for one in known.telephones],
        "addresses": [merge_rules.address_body(one) for one in known.addresses],
        "tags": list(known.tags),
        "remarks": "Imported twice",
    }
    await accounts.teamleader.add_company({name: value for name, value in fields.items() if value})


async def merge(home: Path, workspace: Workspace, accounts: Accounts) -> str:
    """What is left of the pairs."""
    pairs = [
        merging.Candidate(*one)
        for one in msgspec.json.decode(
            (home / "pairs.json").read_bytes(), type=list[tuple[str, str, str, float, tuple[str, ...], bool]]
        )
    ]
    begun = {pack.gone for pack in undo_packs.packs(workspace)}
    left = [one for one in pairs if one.gone not in begun]
    say("begun")
    ended = await merging.merge_all(workspace, accounts.teamleader, left, lambda _step: None, Stop())
    return f"{ended.outcome} {ended.left}"


async def undo_all(_home: Path, workspace: Workspace, accounts: Accounts) -> str:
    """The last first."""
    say("begun")
    for pack in reversed(undo.undoable(workspace)):
        await undo.undo_alone(workspace, accounts.teamleader, pack.id)
    return "complete 0"


WORK = {"prepare": prepare, "merge": merge, "undo": undo_all}


async def work(home: Path, name: str) -> str:
    """Open both sides and do it."""
    with Workspace.open(home, PROFILE) as workspace:
        async with open_accounts(home, load(home, PROFILE), workspace) as accounts:
            return await WORK[name](home, workspace, accounts)


def main(home: str, name: str, seconds: str) -> None:
    """Do it, say how it ended."""
    lookup.SETTLING_SECONDS = lookup.LEAVES_WITHIN = float(seconds)
    say(f"ended {asyncio.run(work(Path(home), name))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
