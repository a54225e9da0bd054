"""Which language octowizard speaks: by a word, the environment, the settings, or the system."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from octowizard import locale
from octowizard.cli.main import run
from octowizard.workspace import home, profiles

ASKED = ("OCTOWIZARD_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """One in which nothing asks for a language; the home of octowizard is `tmp_path`."""
    for name in ASKED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    return monkeypatch


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "fr_BE@euro"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "nl_BE", "LC_MESSAGES": "fr_BE"}, "fr"),
        ({"LANG": "nl_BE", "LC_MESSAGES": "fr_BE", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "nl_BE", "LC_ALL": "POSIX"}, "en"),
        ({"LANG": "nl_BE", "LC_ALL": ""}, "nl"),
        ({"LANG": "de_BE", "LANGUAGE": "de:fr:nl"}, "fr"),
        ({"LANG": "nl_BE", "LANGUAGE": "en:nl"}, "en"),
        ({"LANG": "C", "LANGUAGE": "fr"}, "en"),
        ({"LANG": "nl_BE", "OCTOWIZARD_LANGUAGE": "fr"}, "fr"),
    ],
)
def test_the_language_of_the_system_is_spoken_where_it_is_known(
    asked: dict[str, str], spoken: str, environment: pytest.MonkeyPatch
) -> None:
    for name, value in asked.items():
        environment.setenv(name, value)
    locale.choose()
    assert locale.spoken() == spoken


def test_a_word_goes_before_the_settings_and_those_before_the_system(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("LANG", "fr_BE.UTF-8")

    def said(*words: str) -> str:
        run([*words, "--help"])
        return capsys.readouterr().out

    assert "Connecte Octopus" in said()
    (tmp_path / home.SETTINGS).write_text(json.dumps({"language": "nl"}))
    assert "Koppelt Octopus" in said()
    assert "Connects Octopus" in said("--language", "en")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"language": 5}', '{"theme": "night"}'])
def test_settings_without_a_language_leave_it_to_the_system(
    text: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / home.SETTINGS).write_text(text)
    assert home.language_kept() == ""


def test_the_folder_of_all_profiles_is_where_the_system_keeps_data(environment: pytest.MonkeyPatch) -> None:
    platformdirs = pytest.importorskip("platformdirs")  # textual brings it
    environment.delenv("OCTOWIZARD_HOME")
    for data in ("/data", " ", ""):
        environment.setenv("XDG_DATA_HOME", data)
        assert profiles.home() == Path(platformdirs.user_data_dir("octowizard", appauthor=False))
