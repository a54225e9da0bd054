"""Companies of the practice Teamleader with a bare duplicate each: what the tests of merging stand on."""

from __future__ import annotations

import copy
import uuid
from random import Random
from typing import Any

from octowizard.sandbox.state import Kept, World
from octowizard.teamleader.models import IMPORT_TAG

Json = dict[str, Any]


def invented(chance: Random) -> str:
    """A UUID."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def duplicate(world: World, of: str, chance: Random, **changed: Any) -> str:
    """A bare duplicate of a company, as an import leaves one; its id."""
    side = world.teamleader
    data: Json = copy.deepcopy(side.companies[of].data)
    data |= {
        "id": invented(chance),
        "tags": [IMPORT_TAG],
        "custom_fields": [],
        "added_at": "2026-11-01T08:00:00+00:00",
        "updated_at": "2026-11-01T08:00:00+00:00",
    }
    data["web_url"] = f"https://focus.teamleader.eu/company_detail.php?id={data['id']}"
    data |= changed
    side.companies[data["id"]] = Kept(data)
    return str(data["id"])


def employee(world: World, company: str, chance: Random) -> str:
    """A contact who works for a company; its id."""
    side = world.teamleader
    known = next(iter(side.contacts.values()))
    data: Json = copy.deepcopy(known.data)
    data |= {"id": invented(chance), "companies": []}
    link = {"position": "Zaakvoerder", "secondary_position": None, "division": None, "decision_maker": True}
    data["companies"].append({**link, "company": {"type": "company", "id": company}})
    side.contacts[data["id"]] = Kept(data)
    return str(data["id"])


def employers(world: World, contact: str) -> set[str]:
    """The companies a contact works for."""
    return {link["company"]["id"] for link in world.teamleader.contacts[contact].data["companies"]}


def without_documents(world: World) -> list[str]:
    """Companies that no document is made out to."""
    side = world.teamleader
    billed = {
        kept.data["invoicee"]["customer"]["id"]
        for kept in (*side.invoices.values(), *side.credit_notes.values())
    }
    return [identity for identity in side.companies if identity not in billed]


def with_documents(world: World) -> list[str]:
    """Companies that some document is made out to."""
    return [
        identity for identity in world.teamleader.companies if identity not in set(without_documents(world))
    ]


def substance(data: Json) -> Json:
    """A company without what the vendor adds by itself, lists in any order."""
    left = ("id", "added_at", "updated_at", "web_url", "invoicing_preferences")
    shown = {key: value for key, value in data.items() if key not in left}
    shown["addresses"] = [
        (entry["type"], {key: value for key, value in entry["address"].items() if value is not None})
        for entry in shown["addresses"]
    ]
    for key in ("emails", "telephones", "addresses", "tags", "custom_fields"):
        shown[key] = sorted(map(repr, shown[key]))
    return shown
