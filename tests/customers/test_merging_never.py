"""Never is a pair merged against two VAT numbers or on a name alone, whatever the lists hold and the user says.

The oracle here knows nothing of octowizard's keys: python-stdnum says which numbers are valid, and what two companies
share is compared letter by letter.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.be import vat as be_vat

from octowizard.customers import directory, merge_rules, merging
from octowizard.teamleader.models import IMPORT_TAG, Company, CompanyListItem
from octowizard.teamleader.pages import Page
from octowizard.transport.clock import VendorClock
from octowizard.transport.ledger import MemoryWindowLedger
from octowizard.transport.window import SlidingWindow
from octowizard.workspace import answers
from octowizard.workspace.db import Workspace
from tests.customers.pairs import substance

NAMES = ("Bakkerij Peeters", "BAKKERIJ PEETERS BV", "Bakkerij Peeters Holding", "Garage Dubois SRL")
NUMBERS = ("BE0400000086", "BE 0400.000.185", "0400.000.284", "BE0400000001", "klant 7", None)
MAILS = ("info@peeters.example.com", "INFO@peeters.example.com", "garage@dubois.example.com")
PHONES = ("+32 9 000 01 02", "09 000 01 02", "+32 2 000 03 04")
STREETS = ("Kerkstraat 1", "KERKSTRAAT 1", "Kaai 22")
IBANS = ("BE68539007547034", None, None)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """A company in the vendor's shape, from so few words that many are alike."""
    street = draw(st.sampled_from((*STREETS, None)))
    address = {"line_1": street, "postal_code": "9000", "city": "Gent", "country": "BE"}
    return {
        "name": draw(st.sampled_from(NAMES)),
        "status": "active",
        "vat_number": draw(st.sampled_from(NUMBERS)),
        "emails": [{"type": "primary", "email": draw(st.sampled_from(MAILS))}] if draw(st.booleans()) else [],
        "telephones": [{"type": "phone", "number": draw(st.sampled_from(PHONES))}]
        if draw(st.booleans())
        else [],
        "addresses": [{"type": "primary", "address": address}] if street else [],
        "iban": draw(st.sampled_from(IBANS)),
        "website": draw(st.sampled_from(("https://peeters.example.com", None))),
        "language": draw(st.sampled_from(("nl", None))),
        "tags": draw(st.sampled_from(([IMPORT_TAG], [IMPORT_TAG, "x"], ["klant"], []))),
        "remarks": draw(st.sampled_from(("Levert op zaterdag", None))),
        "added_at": "2026-01-01T00:00:00+00:00",
        "updated_at": "2026-01-01T00:00:00+00:00",
    }


def read(record: dict[str, Any], identity: str) -> Company:
    """As companies.info gives it."""
    return msgspec.json.decode(msgspec.json.encode(record | {"id": identity}), type=Company)


def valid(number: str | None) -> str | None:
    """A Belgian VAT number that passes its check, as ten digits."""
    digits = "".join(filter(str.isdigit, number or ""))
    return digits if len(digits) == 10 and digits[0] in "01" and be_vat.is_valid(digits) else None


def vetoed(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Two valid VAT numbers that differ."""
    left, right = valid(one["vat_number"]), valid(other["vat_number"])
    return left is not None and right is not None and left != right


def shared(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Something beside the name is the same."""

    def facts(record: dict[str, Any]) -> set[str]:
        phones = {"".join(filter(str.isdigit, t["number"]))[-8:] for t in record["telephones"]}
        mails = {e["email"].lower() for e in record["emails"]}
        streets = {a["address"]["line_1"].lower() for a in record["addresses"]}
        return {*phones, *mails, *streets, *filter(None, (valid(record["vat_number"]), record["iban"]))}

    return bool(facts(one) & facts(other))


@settings(max_examples=400, deadline=None)
@given(records(), records())
def test_no_pair_with_a_vat_veto_or_a_name_alone_is_ever_let_through(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    blocked = merge_rules.forbidden(read(one, "a"), read(other, "b"))
    if vetoed(one, other):
        assert blocked is not None
        assert blocked.obstacle == "vat_veto"
    elif not shared(one, other):
        assert blocked is not None
        assert blocked.obstacle == "name_alone"
    else:
        assert blocked is None


def _abroad(country: str, **fields: Any) -> Company:
    address = {"line_1": "1 High Street", "postal_code": "X", "city": "Y", "country": country}
    record: dict[str, Any] = {
        "name": "Same Name",
        "status": "active",
        "emails": [],
        "telephones": [],
        "addresses": [{"type": "primary", "address": address | fields.pop("at", {})}],
        "tags": [IMPORT_TAG],
        "added_at": "2026-01-01T00:00:00+00:00",
        "updated_at": "2026-01-01T00:00:00+00:00",
    }
    return read(record | fields, "a")


def _phone(number: str) -> dict[str, Any]:
    return {"telephones": [{"type": "phone", "number": number}], "at": {"line_1": number}}


@pytest.mark.parametrize(
    ("country", "one", "other", "same"),
    [
        ("GB", _phone("020 7946 0958"), _phone("+44 (0)20 7946 0958"), {"telephone"}),
        ("RO", _phone("021 312 34 56"), _phone("+40 21 312 34 56"), {"telephone"}),
        ("RO", _phone("021 312 34 56"), _phone("+32 2 131 23 45"), set()),
        ("NL", {"vat_number": "123456789B13"}, {"vat_number": "NL 123456789 B13"}, {"vat_number", "address"}),
        ("GB", {"vat_number": "GB980780684"}, {"vat_number": "XI 980 7806 84"}, {"vat_number", "address"}),
        (
            "FR",
            {"iban": "FR14 2004 1010 0505 0001 3M02 606"},
            {"iban": "FR1420041010050500013M02606"},
            {"iban", "address"},
        ),
        ("FR", {"iban": "FR00"}, {"iban": "FR 00"}, {"address"}),
    ],
)
def test_numbers_abroad_are_the_same_however_they_are_written(
    country: str, one: dict[str, Any], other: dict[str, Any], same: set[str]
) -> None:
    assert merge_rules.agreements(_abroad(country, **one), _abroad(country, **other)) == same


@settings(max_examples=20, deadline=None)
@given(st.lists(records(), min_size=2, max_size=14), st.data())
def test_no_list_and_no_answer_of_the_user_brings_such_a_pair_to_a_merge(
    listed: list[dict[str, Any]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, Workspace(Path(folder) / "workspace.sqlite") as workspace:
        by_id = {f"{number:04d}": record for number, record in enumerate(listed)}
        asyncio.run(directory.read_teamleader(workspace, _Listed(by_id), lambda _what, _count: None))  # type: ignore[arg-type]  # all that is asked of it
        for _answer in range(data.draw(st.integers(0, 4))):
            one, other = data.draw(st.permutations(sorted(by_id)))[:2]
            answers.remember(
                workspace, f"teamleader/{one}", f"teamleader/{other}", same=data.draw(st.booleans())
            )
        for found in merging.candidates(workspace):
            survivor, gone = by_id[found.survivor], by_id[found.gone]
            blocked = merge_rules.forbidden(read(survivor, found.survivor), read(gone, found.gone))
            if vetoed(survivor, gone) or not shared(survivor, gone):
                assert blocked is not None
            assert IMPORT_TAG in gone["tags"] or IMPORT_TAG in survivor["tags"]


class _Listed:
    """A Teamleader that only lists these companies."""

    def __init__(self, by_id: dict[str, dict[str, Any]]) -> None:
        self.window = SlidingWindow(MemoryWindowLedger(), "teamleader", VendorClock())
        self._items = [
            msgspec.convert(
                record | {"id": identity, "primary_address": _primary(record)}, CompanyListItem, strict=False
            )
            for identity, record in by_id.items()
        ]

    async def companies(self) -> AsyncIterator[Page[CompanyListItem]]:
        yield Page(self._items, [])

    async def contacts(self) -> AsyncIterator[Page[Any]]:
        yield Page([], [])


def _primary(record: dict[str, Any]) -> dict[str, Any] | None:
    return next((entry["address"] for entry in record["addresses"]), None)


@settings(max_examples=300, deadline=None)
@given(records(), records())
def test_what_is_taken_over_is_all_taken_back(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, gone = read(one, "a"), read(other, "b")
    folded = merge_rules.fold(before, gone)
    after_record = one | {name: value for name, value in folded.fields.items() if name in one}
    after = read(after_record, "a")
    assert merge_rules.fold(after, gone).fields == {}  # nothing is taken over twice
    for name in ("emails", "telephones", "tags", "addresses"):
        assert after_record[name][: len(one[name])] == one[name]  # nothing of the survivor's is lost
    back, stays = merge_rules.take_back(after, folded.added)
    restored = after_record | {name: value for name, value in back.items() if name in one}
    if "language" in stays:  # it can be changed, not emptied
        restored["language"] = one["language"]
        stays.remove("language")
    assert stays == []
    assert _same(restored, one)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    full: dict[str, Any] = {"custom_fields": []}
    return substance(one | full) == substance(other | full)
