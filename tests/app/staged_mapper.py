"""A scripted mapping: one row of each kind, three of which lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from octowizard.onboarding.mapping import MIRROR_ACCOUNT, MIRROR_JOURNAL, Choice, Row, Suggestion
from octowizard.session.mapping import Mapped, Mapping
from octowizard.workspace.profiles import Profile

ACCOUNTS = (
    Choice("700000", "Verkopen binnenland"),
    Choice("700100", "Diensten in België"),
    Choice("700300", "Onderhoud en herstellingen"),
)


def rows(said: str = "Foo [BE] bvba") -> tuple[Row, ...]:
    """`said` stands wherever text from outside can stand."""
    choices = (*ACCOUNTS, Choice("701000", said))
    return (
        Row(
            id="category/1",
            kind="category",
            label="Webwinkel",
            trouble="It has no ledger account for this department.",
            proposal="700000",
            proposed=said,
            reason="It bears the same name.",
            sure=True,
            waiting=12,
            choices=choices,
        ),
        Row(
            id="category/2",
            kind="category",
            label=said,
            detail=said,
            trouble=f"999999 is not in the chart of {said}.",
            proposal="700100",
            proposed="Diensten in België",
            reason="Its name is alike.",
            waiting=1,
            choices=choices,
        ),
        Row(
            id="rate/1",
            kind="rate",
            label="Medecontractant",
            detail="0 %",
            trouble="No VAT code fits.",
            choices=(Choice("MC", "Medecontractant"), Choice("00", said)),
        ),
        Row(
            id="category/3",
            kind="category",
            label="Diensten",
            value="700100",
            named="Diensten in België",
            origin="teamleader",
            choices=choices,
        ),
        Row(
            id="discount",
            kind="discount",
            label="Discounts",
            value="708000",
            origin="proposed",
            optional=True,
        ),
        Row(
            id=MIRROR_JOURNAL,
            kind="mirror-journal",
            label="Payments made in Teamleader: journal",
            proposal="D1",
            proposed="Diverse",
            optional=True,
            choices=(Choice("D1", "Diverse"), Choice("F1", said)),
        ),
        Row(
            id=MIRROR_ACCOUNT,
            kind="mirror-account",
            label="Payments made in Teamleader: money account",
            optional=True,
            choices=(Choice("580000", "Interne overboekingen"),),
        ),
    )


class StagedMapper(Mapping):
    """What is chosen leads there from then on."""

    def __init__(self, said: str = "Foo [BE] bvba") -> None:
        self.rows = rows(said)
        self.said = said
        self.chosen: list[tuple[str, str]] = []
        self.raises: Exception | None = None

    def kept(self) -> Mapped:
        suggestion = Suggestion("21 %", "21", 700000, self.said, f"Octopus proposes it for {self.said}.")
        return Mapped(self.rows, (suggestion,))

    def _set(self, id: str, value: str) -> None:
        self.chosen.append((id, value))
        changed = [
            msgspec.structs.replace(
                row, value=value, trouble="", proposal="", origin="chosen" if value else "none"
            )
            if row.id == id
            else row
            for row in self.rows
        ]
        self.rows = tuple(sorted(changed, key=lambda row: not row.trouble))

    def choose(self, row: Row, value: str) -> Profile:
        from tests.app.staged import PROFILE

        if self.raises is not None:
            raise self.raises
        self._set(row.id, value)
        return PROFILE

    def choose_mirror(self, rows: Sequence[Row], journal: str, account: str) -> Profile:
        del rows
        self._set(MIRROR_JOURNAL, journal)
        self._set(MIRROR_ACCOUNT, account)
        return self.choose(self.rows[0], self.rows[0].value)

    def accept(
        self, rows: Sequence[Row], unsure: bool, tell: Callable[[Row], None] = lambda _row: None
    ) -> Profile:
        from tests.app.staged import PROFILE

        for row in rows:
            if row.proposal and not row.optional and (row.sure or unsure):
                self._set(row.id, row.proposal)
        return PROFILE
