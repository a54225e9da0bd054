"""What Octopus publishes is compared with what octowizard was made for: of what it uses, nothing else."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from octowizard.octopus import client, drift
from octowizard.octopus.drift import Difference
from octowizard.sandbox.tables import table

BOOKING = "/dossiers/{dossierId}/buysellbookings"
POST = f"POST {BOOKING}"
LINE = ">buySellBookingServiceData.bookingLines[]"


def published() -> dict[str, Any]:
    """A copy of what the practice company publishes, in the vendor's OpenAPI 3.0."""
    document: dict[str, Any] = json.loads(json.dumps(table("octopus/openapi.json")))
    return document


def changed(document: dict[str, Any]) -> list[Difference]:
    return drift.differences(drift.shipped(), document)


def test_the_published_contract_is_the_shipped_one_whatever_its_notation_and_names() -> None:
    document = published()
    assert changed(document) == []
    text = json.dumps(document).replace("{dossierId}", "{id}")
    for before, after in (
        ('"BuySellBookingServiceData"', '"Booking"'),
        ("/BuySellBookingServiceData", "/Booking"),
    ):
        text = text.replace(before, after)
    assert changed(json.loads(text)) == []


def test_what_octowizard_does_not_use_may_change() -> None:
    document = published()
    del document["paths"]["/dossiers/{dossierId}/products"]
    document["components"]["schemas"]["BuySellBookingServiceData"]["properties"]["new"] = {"type": "string"}
    assert changed(document) == []


def test_each_kind_of_change_is_named_where_it_is() -> None:
    document = published()
    paths, schemas = document["paths"], document["components"]["schemas"]
    del paths["/dossiers/{dossierId}/vatcodes"]
    paths["/dossiers/{dossierId}/accounts"]["get"]["description"] = "Maximum allowed calls per day: 1"
    paths[BOOKING + "/modified"]["get"]["parameters"].append(
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    )
    booking = schemas["BuySellBookingServiceData"]
    booking["properties"]["documentDate"]["type"] = "integer"
    booking["required"].append("comment")
    found = changed(document)
    assert Difference("GET /dossiers/{dossierId}/vatcodes", "", "gone") in found
    assert Difference("GET /dossiers/{dossierId}/accounts", "", "limit", "2", "1") in found
    assert Difference(f"GET {BOOKING}/modified", "?page", "required") in found
    sent = ">buySellBookingServiceData"
    assert Difference(POST, f"{sent}.documentDate", "type", "string", "integer") in found
    assert Difference(POST, f"{sent}.comment", "required") in found
    assert Difference(f"GET {BOOKING}", "<documentDate", "type", "string", "integer") in found
    assert not any(one.place == "<comment" for one in found)  # what is answered may be required


def test_a_renamed_member_is_gone_and_those_within_it_are_not_told_again() -> None:
    document = published()
    members = document["components"]["schemas"]["BuySellBookingServiceData"]["properties"]
    members["lines"] = members.pop("bookingLines")
    mine = [one for one in changed(document) if one.operation == POST]
    assert mine == [Difference(POST, LINE.removesuffix("[]"), "gone")]


def test_a_member_that_is_gone_hides_none_whose_name_begins_alike() -> None:
    document = published()
    for schema in document["components"]["schemas"].values():
        for name in ("supplier", "supplierPaymentMethod"):
            schema.get("properties", {}).pop(name, None)
    places = {one.place for one in changed(document) if one.operation.endswith("/relations")}
    assert {"<supplier", "<supplierPaymentMethod"} <= places


@pytest.mark.parametrize("document", [{"paths": {}}, {"paths": None}, {"paths": {"/about/version": 1}}])
def test_a_document_without_operations_has_none_of_them(document: dict[str, Any]) -> None:
    assert {one.kind for one in changed(document)} == {"gone"}
    assert len(changed(document)) == len(drift.USED)


def test_the_operations_compared_are_those_that_the_client_calls() -> None:
    known = set(drift.shipped()["paths"])
    assert all(operation.split(" ", 1)[1] in known for operation in drift.USED)
    written = set(re.findall(r'"(/[A-Za-z/]+)[?"]', inspect.getsource(client))) - {"/dossiers/"}
    tails = {operation.split("} ", 1)[-1].split(" ", 1)[1] for operation in drift.USED}
    for path in written - {"/openapi.json"}:
        assert any(tail.endswith(path) or f"{path}/" in tail for tail in tails), path
