"""Documents that the user keeps out of the sync: not booked, counted, and let in again."""

from pathlib import Path

from octowizard.sandbox.worlds import SCENARIOS
from octowizard.sync import events
from octowizard.workspace import exclusions
from octowizard.workspace.db import Workspace
from tests.sync.inside import inside, last, of


async def test_what_i_keep_out_is_not_booked_until_i_let_it_in_again(tmp_path: Path) -> None:
    world = SCENARIOS["healthy"].build(1, 6, 8)
    async with inside(tmp_path, world) as company:
        with Workspace.open(tmp_path, "p") as workspace:
            exclusions.exclude(workspace, ["2026 / 3"])
        told = await company.sync()
        (out,) = of(told, events.DocumentExcluded)
        assert (out.document.number, out.reason) == ("2026 / 3", "excluded-by-user")
        assert (last(told).booked, last(told).excluded, last(told).outcome) == (7, 1, "complete")
        with Workspace.open(tmp_path, "p") as workspace:
            exclusions.include(workspace, ["2026/3"])
        told = await company.sync()
        assert [event.document.number for event in of(told, events.DocumentBooked)] == ["2026 / 3"]
        assert (last(told).in_sync, last(told).excluded) == (8, 0)


async def test_following_numbers_a_document_kept_out_leaves_a_gap_that_is_named(tmp_path: Path) -> None:
    world = SCENARIOS["healthy"].build(1, 6, 8)
    async with inside(tmp_path, world) as company:
        with Workspace.open(tmp_path, "p") as workspace:
            exclusions.exclude(workspace, ["2026 / 3"])
        told = await company.sync(numbering="follow")
        (failed,) = of(told, events.DocumentFailed)
        assert (failed.document.number, failed.explanation.problem) == ("2026 / 4", "number-gap")
        assert {event.waits_for for event in of(told, events.DocumentBlocked)} == {"2026 / 4"}
