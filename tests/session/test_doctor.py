"""The doctor: what is wrong with this computer, a profile or a sign-in is one line with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from octowizard.cli import main
from octowizard.sandbox.tables import table
from octowizard.session import doctor
from octowizard.session.doctor import Line, Terminal, UnknownCheck
from octowizard.workspace import drafts, profiles, secrets
from tests.onboarding.setting_up import setting_up
from tests.workspace.test_profiles import profile

GOOD = Terminal(120, 40, True, "utf-8", "xclip")


def of(lines: list[Line], check: str) -> list[Line]:
    return [line for line in lines if line.check == check]


async def test_with_both_sides_asked_a_change_of_octopus_contract_and_a_refused_dossier_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCTOWIZARD_OCTOPUS_PASSWORD", "of real accounts, not for a practice company")
    async with setting_up(tmp_path, "healthy", documents=2) as company:
        lines = await doctor.there(tmp_path)
        assert {(line.check, line.state) for line in lines} == {
            ("octopus", "well"),
            ("teamleader", "well"),
            ("contract", "well"),
        }
        document: dict[str, Any] = json.loads(json.dumps(table("octopus/openapi.json")))
        del document["components"]["schemas"]["BuySellBookingServiceData"]["properties"]["comment"]
        company.world.octopus.published = document
        (told, *_others) = await doctor.there(tmp_path, "contract")
        assert told.state == "wrong"
        assert "buySellBookingServiceData.comment is no longer there" in " ".join(
            line.text for line in await doctor.there(tmp_path, "contract")
        )
        assert told.fix
        profiles.save(tmp_path, profile_with(company.profile, dossier_id=1))
        (line,) = of(await doctor.there(tmp_path, "octopus"), "octopus")
        assert (line.state, line.profile) == ("wrong", "acme")
        assert "dossier" in line.text


def profile_with(known: profiles.Profile, **changes: Any) -> profiles.Profile:
    import msgspec

    return msgspec.structs.replace(known, **changes)


async def test_who_cannot_be_reached_is_not_called_wrong(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile("acme", practice=True, secrets="file"))
    from octowizard.workspace.secrets import SecretStore, secret_names

    store = SecretStore("acme", profiles.folder(tmp_path, "acme"), "file", environ={})
    for name in secret_names():
        store.write(name, "x")
    lines = await doctor.there(tmp_path)
    assert {line.check: line.state for line in lines} == dict.fromkeys(doctor.ONLINE, "unknown")


def test_a_clock_that_was_asked_takes_the_place_of_the_one_that_was_remembered() -> None:
    remembered = [Line(check=check, state="well", text="", profile="acme") for check in ("clock", "limits")]
    asked = Line(check="clock", state="wrong", text="off", profile="acme")
    assert doctor.joined(remembered, [asked]) == [remembered[1], asked]


def test_every_line_that_is_not_well_says_what_to_do(tmp_path: Path) -> None:
    profiles.save(tmp_path, profile("acme", practice=True, secrets="file"))
    path = profiles.folder(tmp_path, "acme") / "profile.json"
    path.write_text(path.read_text("utf-8").replace('"numbering"', '"numbring"'), encoding="utf-8")
    path.chmod(0o644)
    lines = doctor.here(tmp_path, Terminal(60, 20, False, "ascii"))
    bad = [line for line in lines if line.state != "well"]
    assert {"profile", "secrets", "terminal"} <= {line.check for line in bad}
    assert all(line.fix for line in bad)
    assert "numbering" in of(bad, "profile")[0].text
    path.write_text("{", encoding="utf-8")
    broken = doctor.here(tmp_path, GOOD, profile="acme")
    assert {line.state for line in broken} == {"wrong"}


def test_one_thing_is_looked_at_again_by_itself(tmp_path: Path) -> None:
    (line,) = doctor.here(tmp_path, GOOD, "terminal")
    assert (line.check, line.state) == ("terminal", "well")
    assert doctor.again(line) == "octowizard doctor --only terminal"
    with pytest.raises(UnknownCheck, match="there are: versions"):
        doctor.here(tmp_path, GOOD, "terminl")


def test_the_command_tells_it_as_lines_and_as_json_and_ends_with_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    profiles.save(tmp_path, profile("acme"))
    assert main.run(["doctor", "--only", "profile"]) == 0
    shown = capsys.readouterr().out
    assert "Profile acme" in shown
    assert doctor.here(tmp_path, GOOD, "clock") == []  # nobody has answered yet, so that nothing is known
    assert main.run(["doctor", "--json", "--only", "versions"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["command"], told["online"]) == (1, "doctor", False)
    assert told["lines"][0]["check"] == "versions"
    assert main.run(["doctor", "--only", "contract"]) == 2
    assert "add --online" in capsys.readouterr().err


def test_config_explain_tells_each_setting_its_source_and_the_way_to_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://me:sesame@proxy:1")
    monkeypatch.setenv("OCTOWIZARD_OCTOPUS_PASSWORD", "swordfish")
    profiles.save(tmp_path, profile("acme", numbering="follow", dossier_name="Acme NV"))
    assert main.run(["config", "explain", "--json"]) == 0
    out = capsys.readouterr().out
    assert "sesame" not in out
    assert "swordfish" not in out
    known = {one["name"]: one for one in json.loads(out)["settings"]}
    assert {*profiles.Profile.__struct_fields__} < {*known}
    assert all(one["change"] and one["meaning"] for one in known.values())
    assert ["follow", "Teamleader's number"] in known["numbering"]["values"]
    assert known["numbering"]["source"] == "profile"
    assert known["mode"]["source"] == "default"
    assert known["dossier_name"]["source"] == "vendor"
    assert known["OCTOWIZARD_HOME"]["source"] == "environment"
    assert "profiles edit acme numbering" in known["numbering"]["change"]
    assert "connector, observer" in known["mode"]["change"]
    assert (known["octopus_password"]["value"], known["octopus_password"]["source"]) == (
        "(not shown)",
        "environment",
    )
    assert known["teamleader_refresh_token"]["source"] == "nowhere"
    assert "--reauthorise" in known["teamleader_refresh_token"]["change"]
    assert main.run(["config", "explain", "numbring"]) == 2
    assert "“numbering” is meant" in capsys.readouterr().err
    monkeypatch.setenv("OCTOWIZARD_LANGAUGE", "nl")
    assert main.run(["config", "explain", "message-language"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("locale_id = ")
    assert "the variable OCTOWIZARD_LANGAUGE, so that it changes nothing: perhaps OCTOWIZARD_LANGUAGE" in err


def test_a_setting_of_a_profile_is_explained_of_a_practice_company_and_told_of_where_there_is_no_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    assert main.run(["config", "explain", "numbering"]) == 2
    assert "“numbering” is a setting of a profile, and there is none yet" in capsys.readouterr().err
    assert main.run(["--sandbox", "config", "explain", "numbering"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("numbering = next")
    assert "Where do the numbers of bookings come from?" in out
    assert "follow  Teamleader's number" in out


def test_accounts_that_are_only_half_connected_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTOWIZARD_HOME", str(tmp_path))
    half = drafts.TeamleaderHalf(url="u", auth_url="a", client_id="c", department_id="d", name="Acme")
    drafts.save(tmp_path, drafts.Draft(name="half", secrets="file", teamleader=half))
    (line,) = doctor.here(tmp_path, GOOD, "profile", "half")
    assert (line.state, "octowizard connect half" in line.fix) == ("advice", True)
    assert main.run(doctor.again(line).split()[1:]) == 0
    for words in (["check"], ["check", "--profile", "half"], ["profiles", "show", "half"]):
        capsys.readouterr()
        assert main.run(words) == 2
        assert "half connected" in capsys.readouterr().err


def test_a_keyring_that_takes_secrets_and_keeps_none_is_found_out_by_reading_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Null:
        def get_password(self, _service: str, _user: str) -> None:
            return None

        def set_password(self, _service: str, _user: str, _password: str) -> None:
            return None

    monkeypatch.setattr(secrets, "_system_keyring", Null)
    (line,) = doctor.here(tmp_path, GOOD, "keyring")
    assert (line.state, "does not keep them" in line.text) == ("advice", True)
    profiles.save(tmp_path, profile("acme", secrets="keyring"))
    (line,) = doctor.here(tmp_path, GOOD, "keyring")
    assert line.state == "wrong"
