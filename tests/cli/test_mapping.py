"""`octowizard mapping` as a user or a script has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.commands import Ended, octowizard
from tests.sync.company import company

SMALL = ("--customers", "6", "--documents", "4")


def told(ended: Ended) -> Any:
    (line,) = ended.out.splitlines()
    return json.loads(line)


def test_the_json_says_where_everything_leads_and_why(tmp_path: Path) -> None:
    ended = octowizard(tmp_path, "--sandbox", "healthy", *SMALL, "mapping", "--json")
    body = told(ended)
    assert ended.code == 0
    assert list(body) == ["schema", "command", "profile", "taken_at", "rows", "suggestions", "not_read"]
    assert (body["schema"], body["command"], body["not_read"]) == (1, "mapping", {})
    (rate,) = [row for row in body["rows"] if row["label"] == "21%"]
    assert (rate["value"], rate["origin"], rate["trouble"]) == ("21", "proposed", "")
    assert ["21", "Binnenland 21 %"] in rate["choices"]
    assert ["21%", "21", 700000, "Verkopen binnenland", "Octopus proposes it for VAT code 21."] in body[
        "suggestions"
    ]
    assert {row["origin"] for row in body["rows"] if row["kind"] == "category"} == {"teamleader"}


def test_a_category_without_an_account_is_told_first_chosen_and_then_in_order(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "unmapped-category", *SMALL):
        shown = octowizard(tmp_path, "mapping")
        assert shown.code == 1
        first, why, proposed = shown.out.splitlines()[:3]
        assert first.startswith("✖ Verkopen webwinkel")
        assert "2 documents wait" in why
        assert "700000" in proposed
        wrong = octowizard(tmp_path, "mapping", "set", "Verkopen webwinkel", "700999")
        assert wrong.code == 2
        assert "700000, 700100" in wrong.err
        nobody = octowizard(tmp_path, "mapping", "set", "nobody", "700000")
        assert nobody.code == 2
        chosen = octowizard(tmp_path, "mapping", "set", "verkopen webwinkel", "701000", "--json")
        assert chosen.code == 0
        (row,) = [row for row in told(chosen)["rows"] if row["label"] == "Verkopen webwinkel"]
        assert (row["value"], row["origin"], row["trouble"]) == ("701000", "chosen", "")
        assert octowizard(tmp_path, "mapping").code == 0
        assert octowizard(tmp_path, "sync", "--yes", "--json").code == 0
        back = octowizard(tmp_path, "mapping", "set", "verkopen webwinkel", "-")
        assert "Verkopen webwinkel" in back.out


def test_only_sure_proposals_are_accepted_unless_all_are_wanted(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "unmapped-category", *SMALL):
        careful = octowizard(tmp_path, "mapping", "accept")
        assert careful.code == 1
        assert "nothing to accept" in careful.err
        bold = octowizard(tmp_path, "mapping", "accept", "--all")
        assert bold.code == 0
        assert "700000" in bold.err


def test_payments_are_mirrored_through_a_journal_and_an_account_in_one_word(tmp_path: Path) -> None:
    with company(tmp_path, "--scenario", "healthy", *SMALL):
        named = octowizard(tmp_path, "mapping", "set", "mirror", "D1:580000", "--json")
        values = {row["id"]: row["value"] for row in told(named)["rows"] if row["kind"].startswith("mirror")}
        assert values == {"mirror-journal": "D1", "mirror-account": "580000"}
        assert octowizard(tmp_path, "mapping", "set", "mirror", "D9:580000").code == 2
        assert octowizard(tmp_path, "mapping", "set", "mirror", "580000").code == 2
        gone = told(octowizard(tmp_path, "mapping", "set", "mirror", "-", "--json"))
        assert {row["value"] for row in gone["rows"] if row["kind"].startswith("mirror")} == {""}
