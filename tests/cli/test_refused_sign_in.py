"""A cron job with a wrong password spends one attempt, not one each time it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from octowizard.onboarding import state
from octowizard.session.session import Session
from octowizard.sync.look import look
from octowizard.teamleader import oauth
from tests.cli.commands import octowizard
from tests.cli.test_practice_company import SMALL, served
from tests.scenarios.practising import practice


def test_a_wrong_password_is_sent_once_by_all_commands_together_and_again_when_asked(tmp_path: Path) -> None:
    with served(tmp_path, "--scenario", "sign-in-refused", *SMALL) as present:
        assert octowizard(tmp_path, "profiles", "add", "acme", "--sandbox-url", present.url).code == 0
        for words in (("sync", "--yes"), ("setup", "do", "first-sync", "--yes"), ("check", "--json")):
            ended = octowizard(tmp_path, *words)
            assert ended.code == 3, (words, ended)
        assert present.world()["octopus"]["failed_logins"] == 1
        (finding,) = json.loads(ended.out)["findings"]
        assert finding["problem"] == "sign-in-refused"
        assert "was not sent again" in finding["evidence"][0]

        present.post("do", {"action": "restore-password"})
        assert octowizard(tmp_path, "check", "--try-again").code == 0
        assert octowizard(tmp_path, "check").code == 0
        assert present.world()["octopus"]["failed_logins"] == 1


async def test_a_dead_refresh_token_and_a_withdrawn_software_house_are_each_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = 0
    ask = oauth._ask

    async def counted(*given: Any) -> oauth.Granted:
        nonlocal renewals
        renewals += 1
        return await ask(*given)

    monkeypatch.setattr(oauth, "_ask", counted)
    async with practice(tmp_path, "software-house-refused") as company:
        secrets = tmp_path / "profiles" / company.profile.name / "secrets"
        (secrets / "teamleader_refresh_token").write_text("dead")
        engine = Session(tmp_path, company.profile)
        for _round in range(2):
            assert {finding.problem for finding in await company.check()} == {
                "software-house-refused",
                "sign-in-refused",
            }
            assert (await company.sync()).last.outcome == "unreachable"
            await state.read(tmp_path, company.profile)
            await look(tmp_path, company.profile, freshness="fresh")
        assert (company.world.octopus_calls["POST /authentication"], renewals) == (1, 1)

        company.cure()
        await engine.check("software-house-refused", lambda _what, _count: None)
        assert company.world.octopus_calls["POST /authentication"] == 1
        engine.try_again()
        found = (await engine.check("software-house-refused", lambda _what, _count: None)).findings
        assert "software-house-refused" not in {finding.problem for finding in found}
        assert (company.world.octopus_calls["POST /authentication"], renewals) == (2, 2)


async def test_checks_with_a_refused_teamleader_spend_no_call_of_octopus(tmp_path: Path) -> None:
    async with practice(tmp_path, "healthy") as company:
        await company.check()
        secrets = tmp_path / "profiles" / company.profile.name / "secrets"
        (secrets / "teamleader_refresh_token").write_text("dead")
        assert "sign-in-refused" in {finding.problem for finding in await company.check()}
        spent = dict(company.world.octopus_calls)
        for _round in range(2):
            assert "sign-in-refused" in {finding.problem for finding in await company.check()}
        assert (await company.sync()).last.outcome == "unreachable"
        assert dict(company.world.octopus_calls) == spent
