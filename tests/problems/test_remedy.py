"""What is to be done stands on the card, and on the card alone."""

import ast
from pathlib import Path

import msgspec
import pytest

import octowizard.checks
from octowizard.checks.registry import Finding
from octowizard.locale.labels import Language, Languages
from octowizard.problems.card_text import Screens
from octowizard.problems.catalogue import cards
from octowizard.problems.explain import explain
from octowizard.problems.remedy import checked, remedied, remedy
from tests.build import PROFILE, SNAPSHOT, V1, head

SCREENS = Screens(PROFILE.screens)
SECURED = msgspec.structs.replace(
    SNAPSHOT,
    journals={**SNAPSHOT.journals, (5, "V1"): msgspec.structs.replace(V1, protected_period=202602)},
    pending=(head(),),
)


@pytest.mark.parametrize(
    ("language", "menu", "label"),
    [
        ("nl", "Octopus: Beheer > Dagboeken. ", "Beveiligd tot periode"),
        ("en", "Octopus: Management > Journals. ", "Secured till period"),
    ],
)
def test_a_finding_names_the_menus_that_the_users_octopus_shows(
    language: Language, menu: str, label: str
) -> None:
    profile = msgspec.structs.replace(PROFILE, octopus_language=language)
    finding = next(one for one in checked(SECURED, profile)[0] if one.problem == "secured-period")
    assert finding.fix[0].startswith(menu)
    assert f"Set {label} of journal V1 to a period before period 202602" in finding.fix[0]
    assert finding.fixed_when.startswith(label)
    assert "The document is dated 10/02/2026." in finding.evidence


def test_a_finding_and_its_explanation_say_the_same_steps() -> None:
    finding = next(one for one in checked(SECURED, PROFILE)[0] if one.problem == "secured-period")
    explained = explain("secured-period", SECURED, PROFILE, {"document": "d-1"})
    assert finding.fix == explained.fix
    assert finding.fixed_when == explained.fixed_when


@pytest.mark.parametrize("problem", cards())
def test_every_card_can_be_told_without_a_name(problem: str) -> None:
    fix, fixed_when = remedy(
        problem, {"invoice": "2026 / [12]", "no such name": "x"}, Screens(Languages("fr"))
    )
    assert all(fix)
    assert fix
    assert fixed_when


def test_a_refusal_without_a_card_of_its_own_is_told_as_a_refusal() -> None:
    assert remedy("octopus-999", {}, Screens(Languages("nl"))) == remedy(
        "vendor-refused", {}, Screens(Languages("nl"))
    )
    assert remedy("octopus-15", {}, Screens(Languages("nl"))) == remedy(
        "secured-period", {}, Screens(Languages("nl"))
    )


def test_what_a_check_would_say_itself_is_not_shown() -> None:
    own = Finding(
        problem="secured-period", severity="warning", title="", fix=("otherwise",), fixed_when="never"
    )
    (told,) = remedied([own], SCREENS)
    assert (told.fix, told.fixed_when) == remedy("secured-period", {}, SCREENS)


@pytest.mark.parametrize(
    "file", sorted(Path(octowizard.checks.__path__[0]).glob("*.py")), ids=lambda f: f.stem
)
def test_no_check_says_what_to_do_in_words_of_its_own(file: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Finding"]
    assert not {keyword.arg for call in made for keyword in call.keywords} & {"fix", "fixed_when"}
