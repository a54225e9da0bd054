"""Lists of Teamleader, page by page: what a page holds, and when a list is no longer believed."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.transport.errors import Unreadable
from octowizard.transport.http import decode

PAGE_SIZE: Final = 100
"""Records per page: the most the vendor gives (recorded); a shorter page is the last one."""

MOST_RECORDS: Final = 250_000
MOST_LIST_BYTES: Final = 512 * 2**20
"""How much of one list is believed. The largest honest company thought of has 200,000 invoices of some 1.5 kB: 300 MB,
read in ten minutes at 200 calls a minute. A list without an announced count and without end stops soon after, before
the page that is too much is handed on to be kept; 10,000 pages were fifty minutes and 1.5 GB of workspace. Octopus
answers each list in one call, bounded by MOST_BYTES."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Records of one answer, and beside each (same index) the JSON it came as, unknown fields included.

    `matches`: how many the vendor announces on all pages, None when it does not.
    """

    records: list[T]
    raw: list[bytes]
    matches: int | None = None


class _ManyMeta(msgspec.Struct, frozen=True):
    matches: int | None = None


class _Many(msgspec.Struct, frozen=True):
    """A list. `meta.matches`, how many there are on all pages, comes with few lists (recorded)."""

    data: list[msgspec.Raw]
    meta: _ManyMeta | None = None


def page_of(answer: bytes, kind: type[T], operation: str) -> Page[T]:
    listed = decode(answer, _Many, vendor="Teamleader", operation=operation)
    raws = [bytes(raw) for raw in listed.data]
    records = [record_of(raw, kind, operation, f"$.data[{index}]") for index, raw in enumerate(raws)]
    return Page(records, raws, listed.meta.matches if listed.meta is not None else None)


def record_of(raw: bytes, kind: type[T], operation: str, at: str) -> T:
    """One record; what does not fit is named by its path in the whole answer."""
    try:
        return decode(raw, kind, vendor="Teamleader", operation=operation, part=True)
    except Unreadable as error:
        error.path = at + error.path.removeprefix("$")
        raise


class Listing:
    """The pages of one list so far, against a list that might never end."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._seen: set[str] = set()
        self._last: set[str] = set()  # ids of the page before
        self._announced: int | None = None
        self._repeated = 0
        self._bytes = 0

    def fresh(self, page: Page[T]) -> Page[T]:
        """The page without the records that the page before had: a record added meanwhile moves them there.

        Raises Unreadable for whatever else comes a second time (from an earlier page, within one page, more of them
        in the whole list than fit a page, a whole page of nothing else), and for more than was asked for or announced.
        """
        ids = [record.id for record in page.records]  # type: ignore[attr-defined]  # every listed record has one
        present = set(ids)
        again = [id_ for id_ in ids if id_ in self._last]
        self._repeated += len(again)
        strange = (present & self._seen) - self._last
        if len(present) < len(ids):
            strange |= {id_ for id_ in present if ids.count(id_) > 1}
        if self._repeated > PAGE_SIZE or len(again) == PAGE_SIZE:
            strange |= set(again)
        if strange:
            place = next(at for at, id_ in enumerate(ids) if id_ in strange)
            text = _("the same record a second time ({id}), as when the list changes while it is read")
            raise self._refused(text.format(id=ids[place]), f"$.data[{place}]")
        self._seen |= present
        self._last = present
        if page.matches is not None:
            self._announced = max(page.matches, self._announced or 0)
        if len(ids) > PAGE_SIZE or (self._announced is not None and len(self._seen) > self._announced):
            raise self._refused(_("more records than it announced"), "$.data")
        self._bytes += sum(map(len, page.raw))
        if len(self._seen) > MOST_RECORDS or self._bytes > MOST_LIST_BYTES:
            text = _("a list without end: more than {count} records or {megabytes} MB")
            raise self._refused(
                text.format(count=f"{MOST_RECORDS:,}", megabytes=MOST_LIST_BYTES // 2**20), "$.data"
            )
        if not again:
            return page
        kept = [at for at, id_ in enumerate(ids) if id_ not in set(again)]
        return Page([page.records[at] for at in kept], [page.raw[at] for at in kept], page.matches)

    def _refused(self, text: str, path: str) -> Unreadable:
        return Unreadable("Teamleader", self._operation, text, path=path)
