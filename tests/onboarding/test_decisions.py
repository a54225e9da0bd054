"""What the user decided is still known after a restart, as it was said."""

from pathlib import Path

import pytest

from octowizard.workspace import decisions
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError


def test_a_decision_is_kept_replaced_and_taken_back(tmp_path: Path) -> None:
    with Workspace.open(tmp_path, "p") as workspace:
        assert decisions.get(workspace, "booster") is None
        decisions.put(workspace, "booster", False)
        decisions.put(workspace, "skipped/merge", True)
        decisions.put(workspace, "first_look", {"clients": 3, "name": "Foo [BE] é"})
    with Workspace.open(tmp_path, "p") as workspace:
        assert decisions.get(workspace, "booster") is False
        assert decisions.beginning(workspace, "skipped/") == {"skipped/merge": True}
        decisions.put(workspace, "booster", True)
        decisions.forget(workspace, "skipped/merge", "never made")
        assert decisions.beginning(workspace) == {
            "booster": True,
            "first_look": {"clients": 3, "name": "Foo [BE] é"},
        }


def test_a_decision_that_was_damaged_is_named_in_one_sentence(tmp_path: Path) -> None:
    with Workspace.open(tmp_path, "p") as workspace:
        with workspace.durable() as db:
            db.execute("INSERT INTO decision VALUES ('booster', '{', '')")
        with pytest.raises(WorkspaceError, match="booster"):
            decisions.get(workspace, "booster")
