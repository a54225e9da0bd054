"""One meaning for a key on all screens, and a key that a screen names stands among its keys."""

from __future__ import annotations

from collections import defaultdict

from tests.app.key_table import ALLOWED, EVERYWHERE, MEANINGS, TABLE, markdown, uses

MEANS = {key: set(runs.split()) for key, _means, runs in MEANINGS}


def test_a_key_means_the_same_on_every_screen() -> None:
    other = {
        f"{use.key} on {use.screen}: {use.command.run}"
        for use in uses()
        if use.screen != EVERYWHERE and use.key in MEANS and use.command.run not in MEANS[use.key]
        if (use.screen, use.key) not in ALLOWED
    }
    assert not other


def test_a_key_without_a_common_meaning_is_of_one_screen_alone() -> None:
    screens = defaultdict(set)
    for use in uses():
        if use.key not in MEANS:
            screens[use.key].add(use.screen)
    assert {key: on for key, on in screens.items() if len(on) > 1} == {}


def test_no_exception_outlives_its_reason() -> None:
    needed = {
        (use.screen, use.key)
        for use in uses()
        if use.key not in MEANS or use.command.run not in MEANS[use.key]
    }
    assert set(ALLOWED) <= needed
    assert all(ALLOWED.values())


def test_the_table_of_keys_is_the_one_that_is_told() -> None:
    assert TABLE.read_text(encoding="utf-8") == markdown(), "python -m tests.app.key_table"
