"""`octowizard audit` as a user or a script has it: its exit code, its two streams, its JSON."""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from octowizard.app.screens.audit import overview
from octowizard.cli import audit as command
from octowizard.cli.console import Console
from octowizard.presentation.audit import body, page
from octowizard.presentation.json_output import encoded
from octowizard.presentation.text import lines
from octowizard.session.session import Session
from octowizard.sync.audit.audit import audit
from octowizard.sync.audit.model import Audit, NotCompared
from tests.app.test_audit import Looked, looked_at
from tests.cli.commands import octowizard
from tests.cli.test_sync_staged import keep
from tests.sync.audit_worlds import in_order, totals
from tests.sync.audited import audit_of, profile_of, snapshot_of
from tests.sync.company import PROFILE, company, environment

KEYS = [
    "schema", "command", "profile", "taken_at", "first", "last", "currency", "compared", "whole", "totals", "counts",
    "differences", "tables", "open", "not_compared",
]  # fmt: skip


def told(found: Audit, tmp_path: Path, **options: Any) -> tuple[int, str, str]:
    """The exit code and both streams of the command, where this is what it finds."""
    session = Session(tmp_path, profile_of(in_order(3)))
    staged = cast("Session", argparse.Namespace(audit=Looked(found), profile=session.profile))
    staged.moment_there = lambda: found.taken_at  # type: ignore[method-assign] # of a stand-in
    out, err = io.StringIO(), io.StringIO()
    given = {"first": None, "last": None, "lines": False, "all": False, "fresh": False, "offline": True}
    arguments = argparse.Namespace(**(given | {"json": False} | options))
    return command.run(arguments, staged, Console(out, err)), out.getvalue(), err.getvalue()


def test_a_company_in_order_is_told_in_a_line_and_ends_with_nought(tmp_path: Path) -> None:
    code, out, _err = told(audit_of(in_order(3)), tmp_path)
    assert code == 0
    assert out.splitlines()[0] == "✔ Both sides say the same of 100 documents"
    assert "difference" not in out.partition("Open invoices")[0]
    assert "02/2026  Teamleader" in out  # a bar per month of both sides


def test_differences_end_with_one_and_each_is_named_with_its_document(tmp_path: Path) -> None:
    _snapshot, found = looked_at()
    code, out, _err = told(found, tmp_path)
    assert code == 1
    assert out.splitlines()[0] == "✖ 8 differences between Teamleader and Octopus"
    for one in body(found).differences:
        assert one.text in out
    (twice,) = (one.text for one in body(found).differences if one.kind == "twice")
    assert re.search(r" is booked as V1/\d+, and again as V1/\d+ \(“.+”\): .* too much\.$", twice)


def test_what_is_missing_may_stand_in_a_journal_that_is_not_read(tmp_path: Path) -> None:
    world = in_order(3)
    snapshot = snapshot_of(world)
    used = {
        place: msgspec.structs.replace(one, last_number=one.last_number or 7)
        for place, one in snapshot.journals.items()
    }
    sentence = "Journal V3 is not of this profile and is not read: what is missing may be booked there."
    for sales, said in ((snapshot.sales, False), (snapshot.sales[1:], True)):
        changed = msgspec.structs.replace(snapshot, journals=used, sales=sales)
        found = audit(changed, profile_of(world), world.clock.now().date())
        assert ("missing" in {one.kind for one in found.differences}) is said
        assert (sentence in " ".join(told(found, tmp_path)[1].split())) is said


def test_a_gap_in_the_numbers_of_teamleader_says_of_which_documents() -> None:
    world = in_order(3)
    snapshot = snapshot_of(world)
    taken: dict[str, tuple[str, str]] = {}  # of each kind the number of one between others
    for one in snapshot.listed[2:-2]:
        sequence = int(one.number.rpartition("/")[2])
        if sequence > 2:
            taken.setdefault(one.kind, (one.id, "".join(one.number.split())))
    without = {identity for identity, _number in taken.values()}
    fewer = msgspec.structs.replace(
        snapshot, listed=tuple(one for one in snapshot.listed if one.id not in without)
    )
    told_ = {one.text for one in body(audit(fewer, profile_of(world), date(2026, 11, 20))).differences}
    for kind, name in (("invoice", "invoice"), ("credit_note", "credit note")):
        text = f"In Teamleader no {name} has the number {taken[kind][1]}: "
        assert [one for one in told_ if one.startswith(text)], text


def test_without_a_difference_what_was_not_read_ends_with_three(tmp_path: Path) -> None:
    found = audit_of(in_order(3))
    some = msgspec.structs.replace(
        found, not_compared=(NotCompared(obstacle="bookings-unread", subject="V2 2026", count=20),)
    )
    code, out, _err = told(some, tmp_path)
    assert code == 3
    assert out.startswith("▲ No difference in 100 documents, as far as they could be compared")
    assert "20 documents: the bookings of V2 2026 were not read yet." in out
    empty = msgspec.structs.replace(snapshot_of(in_order(3)), listed=(), sales=())
    nothing = audit(empty, profile_of(in_order(3)), date(2026, 11, 20))
    code, out, _err = told(nothing, tmp_path)
    assert (code, out.splitlines()) == (
        3,
        ["? There is nothing to compare.", "    Documents from 01/01/2026 to 20/11/2026"],
    )
    for obstacle in ("before-start", "no-open-amount", "relation-unknown", "no-rhythm"):
        lasting = msgspec.structs.replace(
            found, not_compared=(NotCompared(obstacle=obstacle, detail="2026-01-01"),)
        )
        assert told(lasting, tmp_path)[0] == 0


def test_the_days_that_are_told_are_those_that_were_asked_for() -> None:
    world = in_order(3)
    snapshot, profile, today = snapshot_of(world), profile_of(world), date(2026, 11, 20)
    for first, last, told_first, told_last in (
        (None, None, date(2026, 1, 1), today),
        (date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 1), date(2026, 10, 31)),
        (date(2025, 10, 1), date(9999, 12, 31), date(2026, 1, 1), today),
        (date(2030, 1, 1), None, date(2030, 1, 1), date(2030, 1, 1)),
    ):
        found = audit(snapshot, profile, today, first, last)
        assert (found.first, found.last) == (told_first, told_last)


def test_a_credit_note_is_called_one_and_shares_are_said_to_count_each(tmp_path: Path) -> None:
    world = in_order(3)
    snapshot = snapshot_of(world)
    journals = {one.head.journal: one for one in snapshot.sales if one.head.journal in ("V1", "V2")}
    without = msgspec.structs.replace(
        snapshot, sales=tuple(one for one in snapshot.sales if one not in journals.values())
    )
    found = audit(without, profile_of(world), world.clock.now().date())
    of_kind = {one.document.kind: one.text for one in body(found).differences if one.document is not None}
    assert of_kind["credit_note"].startswith("Credit note 2026/")
    assert of_kind["invoice"].startswith("2026 / ")
    _code, out, _err = told(found, tmp_path)
    assert out.count("A document counts once in each row that it has a share in.") == 3


@pytest.mark.parametrize(
    ("unread", "also"),
    [("bookings", {"sales": (), "sales_read": frozenset()}), ("documents", {"listed": ()})],
)
def test_a_side_that_was_not_read_makes_no_document_a_difference(
    tmp_path: Path, unread: str, also: dict[str, Any]
) -> None:
    world = in_order(3)
    down = dict.fromkeys(("years", "journals", unread) if unread == "bookings" else (unread,), "down (503)")
    years = {"years": ()} if unread == "bookings" else {}
    snapshot = msgspec.structs.replace(snapshot_of(world), unread=down, **also, **years)
    found = audit(snapshot, profile_of(world), date(2026, 11, 20))
    code, out, _err = told(found, tmp_path)
    assert (code, out.splitlines()[0]) == (3, "? Nothing could be compared.")
    assert found.differences == ()
    (reason,) = [line for line in out.splitlines() if "Not read: " in line]
    assert reason.endswith("(down (503)).")
    assert [line.what for line in overview(found)] == ["lacking"]  # and no tick on a table of nothing


def test_what_an_earlier_look_kept_is_compared_where_today_nobody_answers() -> None:
    snapshot, before = looked_at()
    down = dict.fromkeys(("documents", "bookings", "years"), "down (503)")
    kept = msgspec.structs.replace(
        snapshot, unread=down, ages=dict.fromkeys(down, datetime(2026, 11, 20, tzinfo=UTC))
    )
    found = audit(kept, profile_of(in_order(3)), date(2026, 11, 20))
    assert {one.kind for one in found.differences} == {one.kind for one in before.differences}


def test_a_gap_is_of_the_days_around_it() -> None:
    world = in_order(3)
    snapshot = snapshot_of(world)
    numbers = [one for one in snapshot.sales if one.head.journal == "V1"]
    numbers.sort(key=lambda one: one.head.number)
    without = msgspec.structs.replace(
        snapshot, sales=tuple(one for one in snapshot.sales if one is not numbers[40])
    )
    for first, last, seen in (
        (None, None, True),
        (numbers[40].head.date, numbers[40].head.date, True),
        (None, numbers[20].head.date, False),
        (numbers[60].head.date, None, False),
    ):
        found = audit(without, profile_of(world), date(2026, 11, 20), first, last)
        assert ("gap" in {one.kind for one in found.differences}) is seen, (first, last)


def test_what_a_person_wants_missing_is_no_difference(tmp_path: Path) -> None:
    world = in_order(3)
    snapshot = snapshot_of(world)
    last = max(snapshot.sales, key=lambda one: (one.head.journal == "V1", one.head.number))
    number = last.head.comment.partition(" ·")[0]
    without = msgspec.structs.replace(
        snapshot,
        sales=tuple(one for one in snapshot.sales if one is not last),
        kept_out=frozenset({"".join(number.split())}),
    )
    found = audit(without, profile_of(world), world.clock.now().date())
    code, out, _err = told(found, tmp_path)
    assert [one.kind for one in found.differences] == ["kept-out"]
    assert code == 0
    assert "kept out of the sync by you" in out


def test_two_days_the_wrong_way_round_are_one_sentence(tmp_path: Path) -> None:
    keep(tmp_path)
    ended = octowizard(tmp_path, "audit", "--from", "2026-05-01", "--to", "2026-01-01")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "octowizard: --to 01/01/2026 lies before --from 01/05/2026: give the earlier day first.\n"
    )
    early = octowizard(tmp_path, "audit", "--to", "2020-01-01")
    assert (early.code, early.out) == (2, "")
    assert "--to 01/01/2020 lies before" in early.err
    for other in ("--fresh", "--lines"):
        both = octowizard(tmp_path, "audit", "--offline", other)
        assert (both.code, both.out) == (2, "")
        assert f"--offline asks nobody, and {other} reads" in both.err


@pytest.mark.parametrize(
    "said", ["Foo [BE] bvba", "{document}%s[/x]", "a\x1b[31mred\x1b]0;t\x07", "\u202e0,00"]
)
def test_text_from_outside_is_shown_letter_for_letter_and_steers_nothing(tmp_path: Path, said: str) -> None:
    _snapshot, found = looked_at(said)
    code, out, _err = told(found, tmp_path, all=True)
    assert code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    if said.isprintable():
        assert said in out
        assert said in "\n".join(lines(page(found, every=True).blocks))
    decoded = json.loads(encoded(body(found), command="audit", profile="p"))
    assert said in {row["label"] for row in decoded["tables"]["customer"]["rows"]}


def test_after_a_sync_the_json_says_what_the_world_holds(tmp_path: Path) -> None:
    with company(tmp_path, "--customers", "8", "--documents", "12") as present:
        assert present.sync().code == 0
        ended = subprocess.run(
            [sys.executable, "-m", "octowizard", "--profile", PROFILE, "audit", "--json"],
            capture_output=True,
            encoding="utf-8",
            env=environment(tmp_path),
            check=False,
        )
        world = present.world()
    assert ended.returncode == 0, ended.err if hasattr(ended, "err") else ended.stderr
    assert "The audit makes at most" in ended.stderr
    (line,) = ended.stdout.splitlines()
    told_ = json.loads(line, parse_float=Decimal)
    assert list(told_) == KEYS
    assert (told_["command"], told_["compared"], told_["differences"]) == ("audit", 12, [])
    for where, rows in totals(world).items():
        side, _slash, dimension = where.partition("/")
        table = {row["key"]: row[side] for row in told_["tables"][dimension]["rows"]}
        for key, sums in rows.items():
            assert tuple(table[key].values()) == sums, (where, key)
