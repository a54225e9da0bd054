"""What follows from a yes that was given is made if it is wanted as shown, whatever Octopus calls its year."""

from __future__ import annotations

from octowizard.onboarding.foretold import fitting
from octowizard.onboarding.model import Change


def journal(year: str, key: str = "V1", at: int = 1) -> Change:
    """The change that makes a journal in a year of this name."""
    return Change(
        id=f"{key}-{at}",
        title=f"Create journal {key} in {year}",
        result="",
        vendor="Octopus",
        method="POST",
        path="/journals",
        body={"commonJournalInsertRequestData": {"bookyearKey": {"id": at}, "journalKey": key}},
        lines=(),
    )


def test_a_journal_of_a_year_that_octopus_names_in_another_language_is_the_one_foretold() -> None:
    wanted = (journal("Boekjaar 2026"), journal("Boekjaar 2027", at=2))
    assert fitting((journal("Exercice 2026", at=-1), journal("Exercice 2027", at=-2)), wanted) == wanted


def test_a_journal_of_another_year_or_key_is_not() -> None:
    wanted = (journal("Boekjaar 2026"),)
    assert fitting((journal("Exercice 2027", at=-1),), wanted) == ()
    assert fitting((journal("Exercice 2026", "V2", at=-1),), wanted) == ()
