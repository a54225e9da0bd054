"""What a person reads when a document or customer cannot be synced."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from octowizard.books.fiscal import Barrier
from octowizard.locale.labels import Languages
from octowizard.planning import blockers
from octowizard.planning.blockers import Blocker
from octowizard.problems.card_text import Screens
from octowizard.problems.catalogue import cards
from octowizard.problems.remedy import remedy
from octowizard.transport.errors import (
    Failed,
    Forbidden,
    LimitReached,
    LimitSpent,
    Refused,
    SignInRefused,
    Unreachable,
    VendorError,
    plainly,
)
from tests.build import V1, YEAR

UNTIL = datetime(2026, 11, 21, tzinfo=UTC)
POST = "POST /dossiers/{dossierId}/buysellbookings"

HOSTILE = "Foo [BE] {bvba} %s [/x]"

EVERY: list[tuple[str, Callable[[], Blocker]]] = [
    ("missing-account", lambda: blockers.missing_account([HOSTILE])),
    ("unmapped-category", lambda: blockers.unmapped_category(HOSTILE, "why")),
    ("unknown-account", lambda: blockers.unknown_account(HOSTILE, "2026")),
    ("unmapped-vat", lambda: blockers.unmapped_vat(HOSTILE, Decimal("0.21"), "why")),
    ("unknown-currency", lambda: blockers.unknown_currency(HOSTILE, ["EUR"])),
    ("missing-exchange-rate", lambda: blockers.missing_rate(HOSTILE)),
    ("mixed-signs", lambda: blockers.mixed_signs(HOSTILE)),
    ("customer-missing", lambda: blockers.customer_missing(HOSTILE)),
    ("customer-without-country", lambda: blockers.customer_without_country(HOSTILE)),
    ("duplicate-relation", lambda: blockers.several_relations(HOSTILE, ["1  Foo", "2  Foo"])),
    ("booked-differently", lambda: blockers.booked_differently(HOSTILE, Decimal(1), Decimal(2))),
    ("number-taken", lambda: blockers.number_taken(40, HOSTILE, 41)),
    ("number-gap", lambda: blockers.number_gap(43, HOSTILE, 41)),
    ("number-unreadable", lambda: blockers.no_number(HOSTILE)),
    (
        "vendor-refused",
        lambda: blockers.refused_by_vendor(Refused("Teamleader", "invoices.info", HOSTILE, status=400)),
    ),
    (
        "open-journal",
        lambda: blockers.forbidden_journal(Forbidden("Octopus", POST, "no", status=403), HOSTILE),
    ),
]


@pytest.mark.parametrize(("problem", "make"), EVERY, ids=[problem for problem, _ in EVERY])
def test_a_reason_says_what_to_do_and_shows_names_letter_for_letter(
    problem: str, make: Callable[[], Blocker]
) -> None:
    reason = make()
    assert reason.problem == problem
    assert reason.title
    assert cards()[problem]
    fix, fixed_when = remedy(reason.problem, reason.names, Screens(Languages("nl")))
    assert all(fix)
    assert fix
    assert fixed_when
    assert HOSTILE in " ".join((reason.title, *reason.evidence, *fix, reason.vendor_text or ""))


@pytest.mark.parametrize("wall", list(Barrier))
def test_every_obstacle_has_an_explanation_that_names_journal_or_day(wall: Barrier) -> None:
    reason = blockers.not_bookable(
        wall, day=date(2026, 2, 10), journal_key="V1", year=YEAR, period=YEAR.periods[1], journal=V1
    )
    assert reason.problem == wall.value
    assert "V1" in reason.title or "2026" in reason.title
    assert reason.evidence
    assert reason.problem in cards()
    if "V1" in reason.title:
        assert reason.names["journal"] == "V1"


def test_a_secured_period_is_not_to_be_reopened_after_its_vat_return() -> None:
    for wall, label in (
        (Barrier.SECURED, "Beveiligd tot periode"),
        (Barrier.CLOSED, "Afgesloten tot periode* (Closed until period)"),
    ):
        reason = blockers.not_bookable(
            wall, day=date(2026, 2, 10), journal_key="V1", year=YEAR, period=YEAR.periods[1], journal=V1
        )
        fix, _fixed_when = remedy(reason.problem, reason.names, Screens(Languages("nl")))
        assert fix[0].startswith("Octopus: Beheer > Dagboeken. ")
        assert f"{label} of journal V1 to a period before period 202602" in fix[0]
        assert "VAT return" in fix[-1]


def test_a_year_that_is_missing_is_named_although_there_is_no_record_of_it() -> None:
    reason = blockers.not_bookable(
        Barrier.NO_YEAR, day=date(2031, 2, 10), journal_key="V1", year=None, period=None, journal=None
    )
    assert "10/02/2031" in reason.title


def test_a_rate_without_a_description_is_named_by_its_percentage() -> None:
    assert "21%" in blockers.unmapped_vat("", Decimal("0.21"), "why").title


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (LimitSpent("Octopus", POST, limit=2, until=UNTIL), "daily-limit"),
        (LimitReached("Octopus", POST, "too many", status=429, code=-51), "daily-limit"),
        (SignInRefused("Octopus", POST, "no", status=401, code=-1), "sign-in-refused"),
        (Unreachable("Teamleader", POST, "no route"), "unreachable"),
        (Refused("Octopus", POST, "Dagboek open", status=400, code=-12), "open-journal"),
        (Refused("Octopus", POST, "no", status=400, code=-23), "mixed-signs"),
        (Refused("Octopus", POST, "no", status=400, code=-15), "secured-period"),
        (Refused("Octopus", POST, "no", status=400, code=-999), "octopus-999"),
        (Refused("Octopus", POST, "no", status=400), "vendor-refused"),
        (Refused("Teamleader", POST, "no", status=400, code=-12), "vendor-refused"),
        (Failed("Octopus", POST, "", status=500), "vendor-refused"),
    ],
)
def test_what_a_vendor_refused_keeps_its_own_words_and_number(error: VendorError, problem: str) -> None:
    reason = blockers.refused_by_vendor(error)
    assert reason.problem == problem
    assert (reason.vendor, reason.vendor_code) == (error.vendor, error.code)
    assert reason.vendor_text == (error.text or "no explanation given")
    assert reason.evidence[0] == plainly(error)
    assert not any(POST in line for line in reason.evidence)  # the request is a detail, as its own words are
    assert reason.request == error.operation
    assert all(remedy(reason.problem, reason.names, Screens(Languages("fr"))))
    assert reason.title


def test_an_error_number_of_octopus_is_shown_with_its_name() -> None:
    known = blockers.refused_by_vendor(Refused("Octopus", POST, "no", status=400, code=-23))
    assert "BOOKING_LINE_BASE_VAT_OTHER_SIGN" in known.evidence[1]
    unknown = blockers.refused_by_vendor(Refused("Octopus", POST, "no", status=400, code=-999))
    assert len(unknown.evidence) == 1
