"""A list without an announced count and with other records on every page comes to an end."""

import pytest

from octowizard.teamleader import pages
from octowizard.teamleader.pages import MOST_RECORDS, PAGE_SIZE, Listing, Page
from octowizard.transport.errors import Unreadable


class _Record:
    def __init__(self, number: int) -> None:
        self.id = str(number)


def _page(number: int, raw: bytes = b"{}") -> Page[_Record]:
    numbers = range(number * PAGE_SIZE, (number + 1) * PAGE_SIZE)
    return Page([_Record(n) for n in numbers], [raw] * PAGE_SIZE)


def test_a_list_of_a_large_company_is_read_whole_and_one_without_end_is_not() -> None:
    listing = Listing("invoices.list")
    for number in range(MOST_RECORDS // PAGE_SIZE):
        listing.fresh(_page(number))
    with pytest.raises(Unreadable, match="a list without end: more than 250,000 records"):
        listing.fresh(_page(MOST_RECORDS // PAGE_SIZE))


def test_a_list_of_huge_records_ends_before_it_fills_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_LIST_BYTES", 1_000_000)
    listing = Listing("invoices.list")
    listing.fresh(_page(0, b"x" * 9_000))
    with pytest.raises(Unreadable, match="a list without end"):
        listing.fresh(_page(1, b"x" * 9_000))
