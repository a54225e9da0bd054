"""What exports declare is kept with where it comes from and its age, and the last export stands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from octowizard.workspace import declared
from octowizard.workspace.db import Workspace
from octowizard.workspace.declared import Declaration, DeclaredCustomer

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
FOO = DeclaredCustomer(
    customer="c-1", source="companies.xlsx", name="Foo [BE] bvba", vat_type="contractor", external="12"
)
BAR = DeclaredCustomer(customer="c-2", source="contacts.csv", kind="contact", name="Jan", external="")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace.sqlite") as opened:
        yield opened


def test_nothing_is_declared_before_an_export_was_read(workspace: Workspace) -> None:
    assert declared.declaration(workspace) is None


def test_what_is_declared_is_kept_whole_with_its_files_and_its_age(workspace: Workspace) -> None:
    declared.keep(workspace, [FOO, BAR], NOW)
    told = declared.declaration(workspace)
    assert told == Declaration(NOW, (FOO, BAR))
    assert told.files == ("companies.xlsx", "contacts.csv")
    assert told.customers[1].vat_type is None, "an export without the column says nothing of it"


def test_a_later_export_replaces_all_of_an_earlier_one(workspace: Workspace) -> None:
    declared.keep(workspace, [FOO, BAR], NOW)
    declared.keep(workspace, [BAR], NOW + timedelta(days=1))
    assert declared.declaration(workspace) == Declaration(NOW + timedelta(days=1), (BAR,))
