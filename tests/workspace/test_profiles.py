"""Profiles: written whole, read back the same, and refused in one sentence when something is wrong."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.workspace import profiles
from octowizard.workspace.profiles import Mapping, Mirror, Profile, ProfileError
from tests.workspace.processes import read_only_folder


def profile(name: str = "practice", **changes: Any) -> Profile:
    known: dict[str, Any] = {
        "octopus_url": "http://127.0.0.1:1/octopus",
        "teamleader_url": "http://127.0.0.1:1/teamleader",
        "teamleader_auth_url": "http://127.0.0.1:1/auth",
        "octopus_user": "u",
        "teamleader_client_id": "i",
        "dossier_id": 9045119,
        "department_id": "d",
        "start_date": date(2026, 1, 1),
    }
    return Profile(name=name, **(known | changes))


def told(error: pytest.ExceptionInfo[ProfileError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_a_profile_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    mapping = Mapping(vat={"t21": "06"}, accounts={"k": 700000}, discount_account=708000)
    written = profile(dossier_name="Foo [BE] é", mapping=mapping, mirror=Mirror(journal="F1", account=550000))
    profiles.save(tmp_path, written)
    assert profiles.load(tmp_path, "practice") == written
    profiles.save(tmp_path, profile(mode="connector"))
    assert profiles.load(tmp_path, "practice").mode == "connector"
    assert [entry.name for entry in (tmp_path / "profiles" / "practice").iterdir()] == ["profile.json"]


def test_a_new_profile_watches_and_writes_nothing() -> None:
    fresh = profile()
    assert (fresh.mode, fresh.mirror, fresh.limits, fresh.other_connector_off) == (
        "observer",
        None,
        True,
        False,
    )


def test_a_profile_of_an_older_octowizard_is_read_with_what_it_lacks_by_default(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile())
    file = tmp_path / "profiles" / "practice" / "profile.json"
    body = json.loads(file.read_bytes())
    few = {
        name: body[name]
        for name in body
        if name not in ("mapping", "mirror", "locale_id", "secrets", "limits")
    }
    file.write_text(json.dumps(few | {"of_a_newer_one": [1]}))
    assert profiles.load(tmp_path, "practice") == profile()


def test_profiles_are_listed_by_name_and_other_folders_are_not(tmp_path: Path) -> None:
    assert profiles.names(tmp_path) == []
    for name in ("b", "a", "c-2_x"):
        profiles.save(tmp_path, profile(name))
    (tmp_path / "profiles" / "empty").mkdir()
    (tmp_path / "profiles" / "file").touch()
    assert profiles.names(tmp_path) == ["a", "b", "c-2_x"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "A",
        "-a",
        "_a",
        "a b",
        "é",
        "a\n",
        "a.b",
        "x" * 65,
        "con:",
        "a\x00",
    ],
)
def test_a_name_that_no_folder_could_safely_have_is_refused(tmp_path: Path, name: str) -> None:
    for act in (lambda: profiles.load(tmp_path, name), lambda: profiles.save(tmp_path, profile(name))):
        with pytest.raises(ProfileError) as caught:
            act()
        assert "cannot be the name of a profile" in str(caught.value)
    with pytest.raises(ProfileError):
        profiles.remove(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=70))
def test_no_name_leads_out_of_the_folder_of_profiles(name: str) -> None:
    root = Path("/home/of/profiles")
    try:
        place = profiles.folder(root, name)
    except ProfileError:
        return
    assert place.parent == root / "profiles"
    assert place.name == name
    assert name == name.lower()


def test_an_unknown_profile_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.load(tmp_path, "b")
    assert "none yet" in told(caught)
    profiles.save(tmp_path, profile("a"))
    with pytest.raises(ProfileError) as caught:
        profiles.load(tmp_path, "b")
    assert "profiles: a" in told(caught)
    with pytest.raises(ProfileError):
        profiles.remove(tmp_path, "b")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"\xff\xfe", ""),
        (b'{"name": "practice"}', "octopus_url"),
        (json.dumps({"name": 5}).encode(), "$.name"),
    ],
)
def test_a_broken_profile_is_named_with_what_is_wrong_and_can_be_removed(
    tmp_path: Path, content: bytes, hint: str
) -> None:
    profiles.save(tmp_path, profile())
    file = tmp_path / "profiles" / "practice" / "profile.json"
    file.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        profiles.load(tmp_path, "practice")
    message = told(caught)
    assert str(file) in message
    assert hint in message
    profiles.remove(tmp_path, "practice")  # as the message advises
    assert profiles.names(tmp_path) == []


def test_a_mode_that_is_none_is_not_taken_for_one(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile())
    file = tmp_path / "profiles" / "practice" / "profile.json"
    file.write_text(file.read_text().replace('"observer"', '"writer"'))
    with pytest.raises(ProfileError) as caught:
        profiles.load(tmp_path, "practice")
    assert "$.mode" in str(caught.value)


def test_removing_a_profile_removes_all_that_was_remembered_of_it_and_no_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        profiles.save(tmp_path, profile(name))
        (tmp_path / "profiles" / name / "workspace.sqlite").touch()
    profiles.remove(tmp_path, "a")
    assert profiles.names(tmp_path) == ["b"]
    assert not (tmp_path / "profiles" / "a").exists()
    assert (tmp_path / "profiles" / "b" / "workspace.sqlite").exists()


def test_a_save_that_was_cut_off_leaves_the_old_profile(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile())
    (tmp_path / "profiles" / "practice" / "profile.new").write_bytes(b'{"name": "prac')
    assert profiles.load(tmp_path, "practice") == profile()
    profiles.save(tmp_path, profile(mode="connector"))
    assert profiles.load(tmp_path, "practice").mode == "connector"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders")
def test_a_place_that_cannot_be_written_is_named() -> None:
    with read_only_folder() as place:
        with pytest.raises(ProfileError) as caught:
            profiles.save(place, profile())
        assert str(place) in told(caught)


def test_the_home_of_profiles_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    assert profiles.home() == tmp_path
    monkeypatch.delenv("OCTOWIZARD_HOME")
    assert profiles.home().name == "octowizard"


@pytest.mark.parametrize(
    "name", ["con", "NUL", "aux.txt", "prn ", "com1", "lpt9.json", "com¹", "LPT³.x", "nul.", "conin$"]
)
def test_a_name_that_windows_keeps_for_a_device_is_no_name_of_a_profile(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProfileError, match="Windows keeps it for a device"):
        profiles.folder(tmp_path, name)


@pytest.mark.parametrize("name", ["console", "com", "com10", "auxilium", "nul-1"])
def test_a_name_that_only_begins_like_a_device_is_fine(tmp_path: Path, name: str) -> None:
    assert profiles.folder(tmp_path, name).name == name


def test_a_profile_that_an_older_octowizard_named_as_a_device_can_be_used_and_removed(tmp_path: Path) -> None:
    place = tmp_path / "profiles" / "com1"
    place.mkdir(parents=True)
    (place / "profile.json").write_text("{}", encoding="utf-8")
    assert profiles.folder(tmp_path, "com1") == place
    profiles.remove(tmp_path, "com1")
    assert profiles.names(tmp_path) == []
    with pytest.raises(ProfileError, match="Windows"):
        profiles.folder(tmp_path, "com1")


def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile())
    path = profiles.folder(tmp_path, "practice") / "profile.json"
    written = json.loads(path.read_text("utf-8"))
    assert profiles.unknown_keys(tmp_path, "practice") == []
    mirror = {"journal": "F1", "account": 550000, "acount": 1}
    path.write_text(
        json.dumps(written | {"numbring": "follow", "mirror": mirror, "zzz": 1}), encoding="utf-8"
    )
    sentences = profiles.unknown_keys(tmp_path, "practice")
    assert [("numbring" in one, "numbering" in one) for one in sentences].count((True, True)) == 1
    assert any("mirror.acount" in one and "“mirror.account” is meant" in one for one in sentences)
    assert any("“zzz”" in one and "meant" not in one for one in sentences)
    assert profiles.load(tmp_path, "practice").numbering == "next"


def test_a_rename_that_was_cut_off_leaves_a_profile_that_goes_by_its_folder(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile("old"))
    profiles.folder(tmp_path, "old").rename(profiles.folder(tmp_path, "new"))
    assert profiles.load(tmp_path, "new").name == "new"
