"""The generated lists are what they say: deterministic, labelled, and hard in the ways that real ones are."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from stdnum import iban
from stdnum.be import vat as be_vat
from stdnum.eu import vat as eu_vat

from tests.generator import COLUMNS, make
from tests.generator.firms import population
from tests.generator.noise import scanned, slip


def test_the_same_seed_gives_the_same_lists_and_another_seed_others() -> None:
    assert make(300, 1) == make(300, 1)
    assert make(300, 1) != make(300, 2)


def test_every_labelled_pair_exists_and_no_customer_stands_twice_in_one_list() -> None:
    left, right, truth = make(1000, 5)
    assert len(left) == len(right) == 1000
    assert len({row["id"] for row in left}) == len({row["id"] for row in right}) == 1000
    assert {one for one, _ in truth} <= {row["id"] for row in left}
    assert {other for _, other in truth} <= {row["id"] for row in right}
    assert max(Counter(one for one, _ in truth).values()) == 1
    assert max(Counter(other for _, other in truth).values()) == 1
    assert len(truth) == 620


def test_contacts_are_nobody_s_equal() -> None:
    _, right, truth = make(1000, 5)
    contacts = {row["id"] for row in right if row["type"] == "contact"}
    assert contacts
    assert not contacts & {other for _, other in truth}


def test_the_numbers_of_the_firms_pass_the_published_checks() -> None:
    from random import Random

    firms = population(Random("numbers"), 2000)
    digits = [firm.digits for firm in firms if firm.digits]
    assert len(set(digits)) == len(digits)
    for number in digits:
        assert eu_vat.is_valid(number) if number[0].isalpha() else be_vat.is_valid(number)
    assert all(iban.is_valid(firm.iban, check_country=False) for firm in firms if firm.iban)
    assert any(number.startswith("FR") for number in digits)


def test_some_firms_share_mailbox_and_door_and_are_different_firms() -> None:
    left, _, _ = make(2000, 1)
    doors = Counter((row["street"], row["postcode"]) for row in left if row["street"])
    mails = Counter(row["email"] for row in left if row["email"])
    assert sum(count > 1 for count in doors.values()) > 20
    assert max(mails.values()) > 3


def test_vat_numbers_come_in_many_notations_and_some_are_wrong() -> None:
    left, right, _ = make(2000, 1)
    written = [row["vat"] for row in left + right if row["vat"]]
    shapes = {re.sub(r"\d", "9", number) for number in written}
    assert len(shapes) > 8
    digits = [re.sub(r"\D", "", number) for number in written if not re.match("NL|FR|DE|LU", number)]
    wrong = [number for number in digits if not be_vat.is_valid(number.zfill(10))]
    assert 0 < len(wrong) < len(digits) * 0.03


@pytest.mark.parametrize("text", ["", "ab", "Boomkwekerij", "ÅÄÖ12"])
def test_a_slip_or_a_scan_never_fails_on_short_or_strange_text(text: str) -> None:
    from random import Random

    for seed in range(50):
        assert isinstance(slip(Random(seed), text), str)
        assert isinstance(scanned(Random(seed), text), str)


def test_the_command_writes_three_files(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.generator", "50", "1", str(tmp_path / "lists")],
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 0, ended.stderr
    with (tmp_path / "lists" / "left.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows == make(50, 1)[0]
    with (tmp_path / "lists" / "truth.csv").open(encoding="utf-8", newline="") as file:
        assert {(row["left"], row["right"]) for row in csv.DictReader(file)} == make(50, 1)[2]
