"""What goes along with the code of an installed octowizard."""

from __future__ import annotations

import pytest

from tests.installed.command import Installed

pytestmark = pytest.mark.installed


@pytest.mark.parametrize(
    ("language", "first"), [("en", "usage: "), ("nl", "gebruik: "), ("fr", "utilisation : ")]
)
def test_it_speaks_three_languages(installed: Installed, language: str, first: str) -> None:
    assert installed.run("--language", language, "--help", code=0).out.replace("\xa0", " ").startswith(first)


def test_a_card_is_told_in_dutch(installed: Installed) -> None:
    told = installed.document("--language", "nl", "diagnose", "Book year period is closed", code=0)
    english = installed.document("--language", "en", "diagnose", "Book year period is closed", code=0)
    assert told["problem"] == english["problem"] == "closed-period"
    assert told["causes"][0]["text"] != english["causes"][0]["text"]


def test_a_country_is_known_by_its_name_and_a_vat_number_by_its_check(installed: Installed) -> None:
    (installed.folder / "left.csv").write_text("id;name;vat;country\n1;Bakkerij Maes;0404.621.642;België\n")
    (installed.folder / "right.csv").write_text("id;name;vat;country\n7;Maes;BE0404621642;Belgique\n")
    pairs = installed.document("duplicates", "find", "--left", "left.csv", "--right", "right.csv", code=0)[
        "pairs"
    ]
    assert [(pair["left"], pair["right"]) for pair in pairs] == [("1", "7")]


def test_the_keyrings_of_the_system_are_looked_for(installed: Installed) -> None:
    assert "keyring" in installed.run("doctor", "--only", "keyring", code=0).out


def test_its_own_manual_page_is_where_man_looks(installed: Installed) -> None:
    page, wanted = installed.python(
        "import sys\n"
        "from pathlib import Path\n"
        "print(Path(sys.prefix, 'share', 'man', 'man1', 'octowizard.1').read_text('utf-8').encode())\n"
        "import octowizard; print(octowizard.__version__)\n"
    ).splitlines()
    assert f'octowizard {wanted}"' in page
    assert ".SH NAME" in page
