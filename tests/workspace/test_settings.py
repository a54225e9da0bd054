"""The settings for all profiles: what is in the file holds, what cannot be used is told and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from octowizard.workspace import settings
from octowizard.workspace.settings import Settings


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    kept = Settings(theme="nord", motion="less", keymap={"quit": "x"}, language="nl")
    settings.save(tmp_path / "new", kept)
    assert settings.read(tmp_path / "new") == (kept, [])


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert settings.read(tmp_path) == (Settings(), [])


@pytest.mark.parametrize(
    ("written", "holds", "told"),
    [
        ('{"theem": "nord"}', Settings(), "so that it changes nothing: perhaps “theme” is meant."),
        ('{"colour": 1, "motion": "less"}', Settings(motion="less"), "holds “colour”, which octowizard does not know"),
        ('{"motion": "none", "theme": "nord"}', Settings(theme="nord"), 'holds "none" as “motion”, which it cannot be'),
        ('{"keymap": {"quit": 1}}', Settings(), "as “keymap”, which it cannot be"),
        ('{"theme": "nord",}', Settings(), "cannot be read"),
        ("[]", Settings(), "holds no settings by their names"),
        ('"\xff"', Settings(), "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told_in_one_sentence(
    tmp_path: Path, written: str, holds: Settings, told: str
) -> None:
    (tmp_path / "settings.json").write_bytes(written.encode("latin-1"))
    kept, sentences = settings.read(tmp_path)
    assert kept == holds
    (sentence,) = sentences
    assert told in sentence
    assert sentence.endswith(".")


def test_what_octowizard_does_not_know_stays_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"of a later version": 1, "theme": "nord"}')
    settings.save(tmp_path, Settings(motion="less"))
    assert (
        tmp_path / "settings.json"
    ).read_text() == '{\n  "motion": "less",\n  "of a later version": 1\n}\n'


@pytest.mark.parametrize("damaged", ['{"keymap": {', "[1]"])
def test_a_file_that_cannot_be_read_is_not_lost_when_a_setting_is_changed(
    tmp_path: Path, damaged: str
) -> None:
    (tmp_path / "settings.json").write_text(damaged)
    settings.save(tmp_path, Settings(theme="nord"))
    assert (tmp_path / "settings.damaged.json").read_text() == damaged
    assert settings.load(tmp_path).theme == "nord"


def test_the_environment_can_ask_for_less_motion() -> None:
    assert settings.less_motion(Settings(), {"NO_MOTION": "1"})
    assert not settings.less_motion(Settings(), {"NO_MOTION": ""})
    assert settings.less_motion(Settings(motion="less"), {})
