"""The audit on generated companies: what is planted is named as what it is, what is in order is left alone.

The long form: OCTOWIZARD_LONG=1 pytest tests/sync/test_audit.py (seeds 1 to 50, ten times as many companies).
"""

from __future__ import annotations

import os
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octowizard.presentation.audit_words import sentence, subject
from octowizard.sandbox import control
from octowizard.sandbox.state import World
from octowizard.sync.audit.model import DIMENSIONS, Audit
from tests.sync.audit_worlds import AT_THE_END, PLANTS, Expected, Ground, in_order, totals
from tests.sync.audited import audit_of, dossier_of

LONG = bool(os.environ.get("OCTOWIZARD_LONG"))
SEEDS = range(1, 51) if LONG else (1, 7, 23)
FEW = settings(
    max_examples=200 if LONG else 20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def named(audit: Audit) -> list[tuple[str, str]]:
    """Kind and subject of every difference, sorted."""
    return sorted(
        (one.kind, subject(audit.entries[one.entry]) if one.entry >= 0 else one.octopus or one.teamleader)
        for one in audit.differences
    )


def holds(audit: Audit) -> None:
    """What is true of every audit: each row's difference is that of its documents, and each of these is named."""
    known = audit.of_entries
    for dimension in DIMENSIONS:
        for row in audit.tables[dimension].rows:
            if any(row.difference):
                assert row.apart, (dimension, row.key)
            assert set(row.apart) <= known.keys(), (dimension, row.key)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_company_in_order_has_no_difference(seed: int) -> None:
    audit = audit_of(in_order(seed))
    assert named(audit) == []
    assert {one.obstacle for one in audit.not_compared} <= {"no-open-amount"}
    assert all(row.teamleader == row.octopus for table in audit.tables.values() for row in table.rows)
    assert audit.open_teamleader == audit.open_octopus
    holds(audit)


@pytest.mark.parametrize("name", PLANTS)
def test_what_is_planted_alone_is_named_as_what_it_is(name: str) -> None:
    world = in_order(3)
    expected = PLANTS[name](Ground(world, Random(name)))
    audit = audit_of(world)
    assert named(audit) == sorted(expected)
    holds(audit)


@FEW
@given(
    seed=st.integers(1, 50 if LONG else 5),
    chance=st.integers(0, 10_000),
    end=st.sampled_from(["", *sorted(AT_THE_END)]),
    names=st.lists(st.sampled_from(sorted(PLANTS.keys() - AT_THE_END)), max_size=8),
)
def test_what_is_planted_together_is_all_named(seed: int, chance: int, end: str, names: list[str]) -> None:
    world = in_order(seed)
    ground, expected = Ground(world, Random(chance)), Expected()
    for name in [*([end] if end else []), *names]:
        expected |= PLANTS[name](ground)
    audit = audit_of(world)
    assert named(audit) == sorted(expected)
    holds(audit)
    same_as_the_plainest(audit, world)


def same_as_the_plainest(audit: Audit, world: World) -> None:
    """The totals are those that plain additions over `/control/world` give."""
    dossier = dossier_of(world)
    shown = {
        "octopus": control.octopus_side(world, dossier),
        "teamleader": control.teamleader_side(world),
    }
    for where, rows in totals(shown).items():
        side, _slash, dimension = where.partition("/")
        table = {row.key: getattr(row, side) for row in audit.tables[dimension].rows}  # type: ignore[index]
        assert {key: tuple(table[key]) for key in rows} == rows, where
        rest = [measure for key, measure in table.items() if key not in rows]
        assert all(measure == (0, Decimal(0), Decimal(0), Decimal(0)) for measure in rest), where


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_totals_are_those_of_plain_additions(seed: int) -> None:
    world = in_order(seed)
    same_as_the_plainest(audit_of(world), world)


def test_what_lacks_in_octopus_is_named_also_where_nothing_tells_its_exchange_rate() -> None:
    world = in_order(3)
    ground = Ground(world, Random(3))
    number, key = ground.take_last()
    ground.remove(key)
    ground.documents[number].data["total"]["tax_inclusive"]["currency"] = "USD"
    audit = audit_of(world)
    [missing] = audit.differences
    assert named(audit) == [("missing", number)]
    assert f"{number} of " in sentence(audit, missing)
    assert "USD" in sentence(audit, missing)
    assert {one.obstacle: one.count for one in audit.not_compared}["no-rate"] == 1
    holds(audit)
