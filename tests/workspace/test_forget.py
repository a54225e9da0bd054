"""A profile that turns to another dossier or department meets nothing of the one before."""

import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from octowizard.workspace import exclusions, intents, kept, links, profiles, runs
from octowizard.workspace.db import Workspace
from octowizard.workspace.errors import WorkspaceError, WorkspaceLocked
from octowizard.workspace.forget import change_department, change_dossier, first_run, workspace_of
from octowizard.workspace.lock import only_one
from octowizard.workspace.profiles import Mapping, Mirror, Profile
from octowizard.workspace.schema import TABLES
from tests.workspace.test_profiles import profile

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
TABLES_READ = ("reading", "record")
OF_DOSSIER = ("customer_link", "document_link", "payment_link", "decision", "prediction")


@pytest.fixture
def chosen(tmp_path: Path) -> Profile:
    made = profile(
        "acme",
        mapping=Mapping(vat={"t21": "06"}, accounts={"k": 700000}, discount_account=708000),
        mirror=Mirror(journal="F1", account=550000),
        invoice_journal="V7",
        other_connector_off=True,
        mode="connector",
    )
    profiles.save(tmp_path, made)
    return made


def filled(root: Path, made: Profile) -> None:
    """Something of every sort in the workspace."""
    with workspace_of(root, made) as workspace:
        kept.keep_reading(workspace, "oc/bookyears", b"[1]", NOW)
        kept.keep_reading(workspace, "cursor/booking/5/V1", b"{}", NOW)
        kept.keep_records(workspace, "booking", [kept.Record("5/V1/41", b"{}")])
        links.keep(
            workspace,
            links.CustomerLink("c-1", 7, 1001, "created"),
            links.DocumentLink("d-1", "invoice", 5, "V1", 41, "booked"),
            links.PaymentLink("m-1", "d-1", Decimal("1.00"), "2026-11-20", "registered"),
        )
        exclusions.exclude(workspace, ["d-2"])
        log = runs.RunLog(workspace, dry_run=False)
        log.finish(b"{}")
        at = NOW.isoformat()
        with workspace.durable() as db:
            db.execute("INSERT INTO decision VALUES ('scenario', '\"a\"', ?)", (at,))
            db.execute("INSERT INTO prediction (body, at) VALUES ('{}', ?)", (at,))
            db.execute("INSERT INTO declared VALUES ('c-1', '{}', 'companies.xlsx', ?, 0)", (at,))
            db.execute(
                "INSERT INTO undo_pack (subject, survivor, state, body, at) VALUES ('c-1', 'c-2', 'merged', '', ?)",
                (at,),
            )
            for left, right in (("octopus/7", "teamleader/c-1"), ("teamleader/c-1", "teamleader/c-2")):
                db.execute("INSERT INTO same_answer VALUES (?, ?, 1, '', ?)", (left, right, at))
            db.execute("INSERT INTO spent VALUES ('octopus/9045119', 'GET x', ?)", (time.time(),))
        about_to_write(workspace, "payment", parked=True)


def about_to_write(workspace: Workspace, kind: intents.Kind, *, parked: bool = False) -> None:
    number = intents.open_intent(
        workspace, run=1, kind=kind, subject="d-1", natural_key="5/V1/42", body=b"{}", vendor_time=NOW
    )
    if parked:
        intents.close(workspace, number, "parked")


def held(workspace: Workspace) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for name in TABLES:
        row = workspace.row(f"SELECT count(*) FROM {name}")
        found[str(name)] = int(row[0]) if row else 0
    return found


def test_nothing_of_the_old_dossier_is_met_in_the_new_one(tmp_path: Path, chosen: Profile) -> None:
    filled(tmp_path, chosen)
    fresh = change_dossier(tmp_path, chosen, 2, "The right one")
    assert profiles.load(tmp_path, "acme") == fresh
    assert (fresh.dossier_id, fresh.dossier_name) == (2, "The right one")
    defaults = profile()
    for name in ("mapping", "mirror", "invoice_journal", "credit_note_journal", "other_connector_off"):
        assert getattr(fresh, name) == getattr(defaults, name)
    assert (fresh.mode, fresh.start_date, fresh.department_id) == (
        chosen.mode,
        chosen.start_date,
        chosen.department_id,
    )
    with workspace_of(tmp_path, fresh) as workspace:
        rows = held(workspace)
        assert {name: rows[name] for name in (*OF_DOSSIER, "record")} == dict.fromkeys(
            (*OF_DOSSIER, "record"), 0
        )
        assert [name for (name,) in workspace.rows("SELECT name FROM reading")] == ["belongs"]
        assert intents.in_state(workspace, "open", "parked") == []
        assert list(workspace.rows("SELECT left_key FROM same_answer")) == [("teamleader/c-1",)]
        assert first_run(workspace) == 2
        # What is Teamleader's own, the user's word on a document, the calls of the day and the history stay.
        for name in ("declared", "undo_pack", "exclusion", "spent", "run", "intent"):
            assert rows[name] == 1, name


def test_another_department_of_the_same_dossier_keeps_its_links(tmp_path: Path, chosen: Profile) -> None:
    filled(tmp_path, chosen)
    fresh = change_department(tmp_path, chosen, "other", "Other")
    assert profiles.load(tmp_path, "acme") == fresh
    assert fresh.mapping == Mapping(accounts={"k": 700000}, discount_account=708000)
    with workspace_of(tmp_path, fresh) as workspace:
        rows = held(workspace)
        assert [rows[name] for name in ("customer_link", "document_link", "payment_link")] == [1, 1, 1]
        assert [rows[name] for name in ("record", "exclusion", "decision")] == [0, 0, 0]
        assert len(intents.in_state(workspace, "parked")) == 1


@pytest.mark.parametrize("change", [{"dossier_id": 2}, {"department_id": "other"}])
def test_a_profile_that_was_edited_by_hand_meets_nothing_of_the_old_accounts(
    tmp_path: Path, chosen: Profile, change: dict[str, Any]
) -> None:
    filled(tmp_path, chosen)
    edited = msgspec.structs.replace(chosen, **change)
    profiles.save(tmp_path, edited)
    with workspace_of(tmp_path, edited) as workspace:
        assert kept.reading(workspace, "oc/bookyears") is None
        assert bool(links.documents(workspace)) == ("dossier_id" not in change)
    with pytest.raises(WorkspaceError, match="start octowizard again"):
        workspace_of(tmp_path, chosen)  # loaded before the change, and still open somewhere


def test_the_same_dossier_forgets_nothing(tmp_path: Path, chosen: Profile) -> None:
    filled(tmp_path, chosen)
    assert change_dossier(tmp_path, chosen, chosen.dossier_id, "another name") == chosen
    assert change_department(tmp_path, chosen, chosen.department_id, "another name") == chosen
    with workspace_of(tmp_path, chosen) as workspace:
        assert kept.reading(workspace, "oc/bookyears") is not None
        assert first_run(workspace) == 1


def test_a_change_that_is_cut_off_after_the_profile_was_written_still_forgets(
    tmp_path: Path, chosen: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(tmp_path, "acme") as workspace:  # as an older octowizard left it
        kept.keep_reading(workspace, "oc/bookyears", b"[1]", NOW)
    save = profiles.save

    def killed(root: Path, fresh: Profile) -> None:
        save(root, fresh)
        raise KeyboardInterrupt

    monkeypatch.setattr(profiles, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        change_dossier(tmp_path, chosen, 2, "")
    with workspace_of(tmp_path, profiles.load(tmp_path, "acme")) as workspace:
        assert kept.reading(workspace, "oc/bookyears") is None


def test_a_write_in_doubt_is_settled_in_its_own_dossier_first(tmp_path: Path, chosen: Profile) -> None:
    filled(tmp_path, chosen)
    with workspace_of(tmp_path, chosen) as workspace:
        about_to_write(workspace, "booking")
    with pytest.raises(WorkspaceError, match=r"Sync with 9045119 once more.* choose dossier 2\.$"):
        change_dossier(tmp_path, chosen, 2, "")
    assert profiles.load(tmp_path, "acme") == chosen
    profiles.save(tmp_path, msgspec.structs.replace(chosen, dossier_id=2))
    with pytest.raises(WorkspaceError, match="Sync with 9045119 once more"):
        workspace_of(tmp_path, profiles.load(tmp_path, "acme"))
    profiles.save(tmp_path, chosen)
    with workspace_of(tmp_path, chosen) as workspace:
        assert links.documents(workspace)
        assert len(intents.in_state(workspace, "open")) == 1


def test_the_dossier_is_not_changed_under_a_sync(tmp_path: Path, chosen: Profile) -> None:
    filled(tmp_path, chosen)
    with (
        only_one(profiles.folder(tmp_path, "acme"), "octowizard sync"),
        pytest.raises(WorkspaceLocked, match="octowizard sync"),
    ):
        change_dossier(tmp_path, chosen, 2, "")
    assert profiles.load(tmp_path, "acme") == chosen
    with workspace_of(tmp_path, chosen) as workspace:
        assert links.documents(workspace)
