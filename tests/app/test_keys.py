"""One meaning for a key on all screens, and a key that a screen names stands among its keys."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.app.key_table import ALLOWED, EVERYWHERE, MEANINGS, TABLE, markdown, uses
from tests.app.stage import PICTURES

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


# `p makes the preview`, `x shows them`, `(p)`
HINT = re.compile(r"(?<![\w/'’])([b-hj-zB-Z⏎]) ([a-z]+s)\b|\(([a-zA-Z])\)")
DIALOGS = (
    "help",
    "detail",
    "sync-confirm",
    "records-why",
)  # they have their keys within, over the keys of a screen
OF_WHAT_HAS_THE_KEYS = {
    ("sync", "e"): "stands beside the list, at what failed, and works with the cursor there",
    ("a", "e"): "a step of Set up that asks much: its own keys come first at 80 columns",
    ("home", "d"): "stands on the lines that have it, and works with the cursor there",
    ("troubleshoot", "⏎"): "a key of the field, which says so itself",
}


def test_a_key_that_a_screen_names_stands_among_its_keys_however_narrow_it_is() -> None:
    missing = set()
    for path in PICTURES.glob("*.txt"):
        name = path.stem.partition("-")[0]
        if path.stem.startswith(DIALOGS) or "-asked-" in path.stem:
            continue
        *body, keys = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        for line in body[2:]:
            for key, verb, alone in HINT.findall(line):
                hint = key or alone
                if (
                    not re.search(rf"(?:^|\s){re.escape(hint)} ", keys)
                    and (name, hint) not in OF_WHAT_HAS_THE_KEYS
                ):
                    missing.add(f"{path.stem}: {hint} {verb}")
    assert not missing
