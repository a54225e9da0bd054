"""The sandbox reads requests by its own copy of the contracts, which says what they say."""

from importlib import resources

import pytest

from tests.sandbox.request_schemas import text


@pytest.mark.parametrize("vendor", ["octopus", "teamleader"])
def test_the_sandbox_checks_requests_by_the_contract_as_it_is_now(vendor: str) -> None:
    file = resources.files(f"octowizard.sandbox.{vendor}").joinpath("requests.json")
    assert file.read_text(encoding="utf-8") == text(vendor), "run python -m tests.sandbox.request_schemas"
