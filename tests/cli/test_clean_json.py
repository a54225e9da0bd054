"""`--json` where names and a vendor's words would steer a terminal: the same JSON, harmless when it is shown."""

import asyncio
import copy
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from octowizard.cli import main
from octowizard.sandbox.faults import Fault, Faults
from octowizard.sandbox.octopus import session
from octowizard.sandbox.octopus.errors import error_answer
from octowizard.sandbox.server import new_company, serving
from octowizard.sandbox.state import World
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session import practice_company

STEERING = "\x1b\x07\x7f\x85\x9b\u061c\u200e\u200f\u2028\u202e\u2066\u2069"
NAME = "Maes \x9b2J\u202eb\u2066c\u200e\u061cd\x7f bv"  # of customers, of the dossier and of the department
WORDS = "[vendor] \x9b31m\u202eesiw\u2069 \x7f"  # of Octopus, where it refuses
POST_BOOKING = "POST /dossiers/{dossierId}/buysellbookings"


@dataclass(frozen=True)
class There:
    """A home with the profile, and the faults of its practice company."""

    home: Path
    faults: Faults


def _hostile() -> World:
    """All bear the hostile name; one customer is there twice, and one with waiting documents has a wrong VAT number."""
    world = SCENARIOS["healthy"].build(1, 6, 4)
    dossier = next(iter(world.octopus.dossiers.values()))
    dossier.data["dossierDescription"] = NAME
    for department in world.teamleader.departments.values():
        department.data["name"] = NAME
    for kept in world.teamleader.companies.values():
        kept.data["name"] = NAME
    for relation in dossier.relations.values():
        relation.data["name"] = NAME
    for year in dossier.bookyears.values():
        year.data["bookyearDescription"] = NAME
        year.detail = {"names": dict.fromkeys(year.detail["names"], NAME)}
    first = min(world.teamleader.invoices.values(), key=lambda kept: str(kept.data["invoice_number"]))
    world.teamleader.companies[first.data["invoicee"]["customer"]["id"]].data["vat_number"] = "BE0123456788"
    twin = copy.deepcopy(next(iter(world.teamleader.companies.values())))
    twin.data["id"] = "00000000-0000-4000-8000-000000000000"
    world.teamleader.companies[twin.data["id"]] = twin
    for documents in (world.teamleader.invoices, world.teamleader.credit_notes):
        for document in documents.values():
            document.data["invoicee"]["name"] = NAME
    return world


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """The hostile company, served while the module lasts; in its first sync one booking was refused."""
    home = tmp_path_factory.mktemp("home")
    company = new_company(_hostile())
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with serving(company) as served:
            practice_company.add(
                home, "p", practice_company.decoded(json.dumps(served.connection()).encode())
            )
            ready.set()
            await over.wait()

    def refused(status: int, code: int | None, _technical: str, locale: int) -> object:
        return answer(status, code, WORDS, locale)

    with pytest.MonkeyPatch.context() as patch:
        answer = error_answer
        patch.setattr(session, "error_answer", refused)
        for name in list(os.environ):
            if name.startswith("OCTOWIZARD_"):
                patch.delenv(name)
        patch.setenv("OCTOWIZARD_HOME", str(home))
        patch.setenv("OCTOWIZARD_LANGUAGE", "en")
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert ready.wait(60)
        try:
            company.faults.add(Fault(POST_BOOKING, "status", status=400, times=1))
            assert main.run(["sync", "--yes", "--json"]) == 1
            yield There(home, company.faults)
        finally:
            loops[0].call_soon_threadsafe(over.set)
            thread.join()


@pytest.mark.parametrize(
    ("words", "refuses", "shown"),
    [
        (("check", "--json"), "", NAME),
        (("check", "--fresh", "--json"), "POST /dossiers", WORDS),
        (("sync", "--dry-run", "--json"), "", NAME),
        (("sync", "--dry-run", "--fresh", "--json"), "POST /dossiers", WORDS),
        (("calendar", "--refresh", "--json"), "", NAME),
        (("calendar", "--refresh", "--json"), "POST /dossiers", WORDS),
        (("setup", "--status", "--json"), "", NAME),
        (("diagnose", f"The country and the VAT number of “{NAME}” disagree", "--json"), "", "b\u2066c"),
        (("history", "--json"), "", ""),
        (("history", "1", "--json"), "", NAME),
        (("history", "1", "--json"), "", WORDS),
        (("duplicates", "find", "--json"), "", NAME),
        (("duplicates", "plan", "--json"), "", NAME),
        (("duplicates", "import", "--json"), "", NAME),
        (("profiles", "list", "--json"), "", NAME),
        (("profiles", "show", "p", "--json"), "", NAME),
        (("--profile", NAME, "check", "--json"), "", ""),
    ],
)
def test_nothing_in_json_steers_a_terminal_and_no_letter_is_lost(
    there: There,
    capfdbinary: pytest.CaptureFixture[bytes],
    words: tuple[str, ...],
    refuses: str,
    shown: str,
) -> None:
    if refuses:
        there.faults.add(Fault(refuses, "status", status=400))
    capfdbinary.readouterr()
    code = main.run(list(words))
    there.faults.clear()
    out, err = (stream.decode() for stream in capfdbinary.readouterr())
    assert not set(STEERING) & set(out + err), (code, out, err)
    assert "Traceback" not in err
    assert not list((there.home / "crashes").glob("*"))
    told = [json.loads(line) for line in out.splitlines()]
    assert any(shown in text for one in told for text in _texts(one)) or not shown, (code, out, err)


def _texts(value: object) -> Iterator[str]:
    """All texts in a JSON value."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
