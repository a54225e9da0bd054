"""What stands where there is nothing: the same three lines everywhere."""

from __future__ import annotations

from pathlib import Path

from octowizard.app.content import content
from octowizard.app.widgets.empty import empty
from tests.app.stage import staged, text, until
from tests.app.staged import StagedSession


def test_an_empty_state_says_what_it_is_why_and_the_one_key() -> None:
    assert empty("No run", "Nobody has synced yet.", "7", "goes to Sync").plain.split("\n") == [
        "No run",
        "Nobody has synced yet.",
        "7  goes to Sync",
    ]


def test_where_no_key_helps_none_is_named() -> None:
    assert empty("Nothing", "All is well.", "", "").plain == "Nothing\nAll is well."


def test_a_name_from_outside_stands_letter_for_letter_in_an_empty_state() -> None:
    shown = empty("No invoice of [b]Foo[/b]", "[/x]", "c", "copies")
    assert "[b]Foo[/b]" in shown.plain
    assert shown.plain.startswith(content("No invoice of [b]Foo[/b]").plain)


async def test_without_a_profile_the_profiles_say_which_key_connects(tmp_path: Path) -> None:
    app = staged(tmp_path, StagedSession())
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_command("profiles")
        await until(pilot, lambda: "No profile" in text(app))
        assert "c  connects your accounts" in text(app)
