"""What can be read of both sides, as a table: one row a part. `fetch.py` brings parts up to date by it.

Not here: how a part's answer is kept (`fetch.py`), and what depends on it (`planning/problems.py`, `checks/`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from octowizard.locale import _
from octowizard.snapshot.model import Trouble
from octowizard.workspace import kept
from octowizard.workspace.db import Workspace
from octowizard.workspace.forget import forget_readings
from octowizard.workspace.profiles import Vendor

Part = Literal[
    "years", "journals", "accounts", "vat_codes", "currencies", "relations", "bookings", "documents", "details",
    "settings", "customers", "imported", "matches", "sides", "returns", "declared",
    "declared_numbers",
]  # fmt: skip
# How old what is taken over may be. kept: as old as the table says, by whichever command it was read; fresh: nothing,
# but for lists that are given twice a day; forced: those neither; run, resumed: as a run that writes needs it;
# watch: what is WATCHED is read each time, the rest as kept.
Freshness = Literal["kept", "fresh", "forced", "run", "resumed", "watch"]

AN_HOUR = timedelta(hours=1)  # how long a booking that was removed may count as standing where nothing waits
FEW_MINUTES = timedelta(minutes=10)
JUST_READ = timedelta(seconds=5)  # younger than this a run asks nothing again, e.g. after its preview
RESUMED = timedelta(minutes=10)  # lists that a run that was cut off may still rely on
TWICE_A_DAY = timedelta(hours=12)
DAY = timedelta(hours=24)  # deletions never show in Teamleader's feeds; names hardly ever change
NOT_AT_ALL = timedelta(microseconds=-1)  # as an age: always read
# A vendor's clock is known to the second only: what was just read can seem to lie this far ahead.
CLOCK_JITTER = timedelta(seconds=2)

_D = "GET /dossiers/{dossierId}"
_NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder(decimal_format="number").encode


class PartRow(NamedTuple):
    """One part.

    `needs`: parts that must be known before it can be asked for; it is as unread as they are. `judged_with`: parts
    without which it says nothing: they are brought along where they were never read. `fetched`: *list* whole, *feed*
    the changes since, with overlap, *asked* by the ids of the documents that wait. `age`: how old it may be when
    somebody only looks. `spends`: the operation of Octopus with a limit of the day that reading it again takes.
    `decisive`: others may have written it, and a write hangs on it: a run reads it afresh, whoever read it before.
    `beside`: the other vendor, where the part takes both. `kept_as`: how the names of its readings begin; empty where
    none tells that it was read.
    """

    vendor: Vendor
    fetched: Literal["list", "feed", "asked"]
    needs: tuple[Part, ...] = ()
    judged_with: tuple[Part, ...] = ()
    age: timedelta = FEW_MINUTES
    spends: str = ""
    decisive: bool = False
    beside: Vendor | None = None
    kept_as: str = ""

    @property
    def slow(self) -> bool:
        """A list that is read once or twice a day, whoever asks: its age is no news."""
        return self.age >= TWICE_A_DAY


PARTS: Mapping[Part, PartRow] = {
    "settings": PartRow("Teamleader", "list", judged_with=("accounts",)),
    "documents": PartRow("Teamleader", "feed", decisive=True),
    "imported": PartRow("Teamleader", "list"),
    "sides": PartRow("Octopus", "list", age=DAY, beside="Teamleader", kept_as="oc/dossiers"),
    "years": PartRow("Octopus", "list", spends=f"{_D}/bookyears", kept_as="oc/bookyears"),
    "vat_codes": PartRow(
        "Octopus", "list", (), ("accounts",), TWICE_A_DAY, f"{_D}/vatcodes", kept_as="oc/vat_codes"
    ),
    # A currency that is missing is asked for again by itself: a day is young enough.
    "currencies": PartRow("Octopus", "list", age=DAY, spends=f"{_D}/currencies", kept_as="oc/currencies"),
    "journals": PartRow(
        "Octopus",
        "list",
        ("years",),
        spends=f"{_D}/bookyears/{{bookyearId}}/journals",
        kept_as="oc/journals/",
    ),
    "bookings": PartRow(
        "Octopus",
        "feed",
        ("years",),
        spends=f"{_D}/buysellbookings/modified",
        decisive=True,
        kept_as="cursor/booking/",
    ),
    # Asked only of years with a document whose return may soon be due: a call for each, and no rhythm changes in a day.
    "returns": PartRow(
        "Octopus",
        "asked",
        ("years", "documents"),
        age=DAY,
        spends=f"{_D}/bookyears/{{bookyearId}}",
        kept_as="oc/returns/",
    ),
    "matches": PartRow(
        "Octopus", "feed", spends=f"{_D}/balancings/modified", decisive=True, kept_as="cursor/match"
    ),
    "accounts": PartRow(
        "Octopus", "feed", ("years",), spends=f"{_D}/accounts/modified", kept_as="oc/accounts/"
    ),
    "relations": PartRow(
        "Octopus", "feed", spends=f"{_D}/relations/modified", decisive=True, kept_as="cursor/relation"
    ),
    "customers": PartRow("Teamleader", "asked", ("documents",), decisive=True),
    "details": PartRow("Teamleader", "asked", ("documents",), ("accounts",)),
}  # what is declared (`declared`, `declared_numbers`) no vendor gives: a file of the user's does
READABLE = frozenset(PARTS)
# Where something kept is spoilt all is forgotten and read again; first but for what is given twice a day.
_SPARED: tuple[tuple[str, ...], ...] = (
    (PARTS["vat_codes"].kept_as, PARTS["currencies"].kept_as, PARTS["accounts"].kept_as),
    (),
)
# What a run reads: what the checks look at besides would spend calls that it does not need.
FOR_A_RUN = READABLE - {"imported", "sides", "details", "returns"}
# What octowizard itself may have changed by a booking, a payment, a relation; by a fix; by a merge or an import.
BY_A_RUN: frozenset[Part] = frozenset({"documents", "bookings", "relations", "matches"})
BY_A_FIX: frozenset[Part] = frozenset({"years", "journals", "accounts", "relations", "settings", "documents"})
# What changes when somebody else books, or a customer pays.
WATCHED: frozenset[Part] = frozenset({"documents", "bookings", "matches"})
BY_A_MERGE: frozenset[Part] = frozenset({"documents", "customers", "imported", "relations"})


def allowed_age(
    part: Part, freshness: Freshness, needed: int, left: int | None, limit: int | None
) -> timedelta:
    """How old what is kept of a part may be so that it is taken over; below zero: it is read in any case.

    Looking must leave calls for the runs of the day: one reading takes `needed` of the `left` calls out of `limit`
    (None: no limit). As many as are left are spread over a day, and half of them stay in hand: an hourly look never
    uses them up, and one after hours of silence is answered at once. Where too few are left for one reading, that is
    told only when what is kept is older than the limit itself makes it.
    """
    row = PARTS[part]
    anew = freshness == "forced" or (freshness == "watch" and part in WATCHED)
    if anew or (freshness == "fresh" and not row.slow):
        return NOT_AT_ALL
    if freshness in ("run", "resumed"):
        if row.decisive:
            return NOT_AT_ALL
        return row.age if row.slow else RESUMED if freshness == "resumed" else JUST_READ
    if left is None or not limit:
        return row.age
    share = DAY * needed / left / 2 if left >= needed else DAY * needed / limit
    return max(row.age, share)


def is_young(taken_at: datetime, now: datetime, age: timedelta) -> bool:
    """Within this age; something from the future (a clock was wrong) is not."""
    return age > timedelta(0) and -CLOCK_JITTER <= now - taken_at <= age


# --- what is spoilt -----------------------------------------------------------------------------------------


def healing(workspace: Workspace) -> Iterator[AbstractContextManager[object]]:
    """Attempts at what reads kept readings: where one meets a spoilt one, readings are forgotten for the next.

    `for attempt in healing(workspace): with attempt: return …`. The last one hands the error on.
    """
    for spared in _SPARED:
        yield _forgetting(workspace, spared)
    yield nullcontext()


@contextmanager
def _forgetting(workspace: Workspace, spared: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except kept.SPOILT:
        forget_readings(workspace, spared)


# --- what octowizard wrote itself ---------------------------------------------------------------------------


def written(workspace: Workspace, parts: Iterable[Part]) -> None:
    """These parts were just written to, by us: whoever looks next reads them again, however young they are."""
    for part in parts:
        kept.keep_reading(workspace, f"written/{part}", b"{}", datetime.now(UTC))


def written_parts(workspace: Workspace) -> frozenset[str]:
    """Those that were written to since they were read."""
    return frozenset(kept.readings(workspace, "written/"))


def read_again(workspace: Workspace, part: Part) -> None:
    """It was."""
    kept.drop_readings(workspace, f"written/{part}")


# --- how far a feed was read ------------------------------------------------------------------------------------

# Since 2 documents and bookings are kept with all that their list shows: what was kept before is read anew, once.
FORM = 2


class Cursor(msgspec.Struct, frozen=True):
    """How far a feed was read: `since` by the vendor's clock, `whole` when all of it was last read."""

    since: datetime
    whole: datetime
    start: date | None = None
    form: int = 1  # of the records that were kept: see FORM

    def is_ahead_of(self, now: datetime) -> bool:
        """Whether the clock was set back: what is stamped from now on lies before stamps that were seen."""
        return now < max(self.whole, self.since) - CLOCK_JITTER


def journals_read(workspace: Workspace) -> frozenset[tuple[int, str]]:
    """The journals, each of one fiscal year, whose bookings were ever read."""
    names = kept.readings(workspace, PARTS["bookings"].kept_as)
    return frozenset(
        (int(year), journal) for year, _slash, journal in (name.partition("/") for name in names)
    )


# --- how it went --------------------------------------------------------------------------------------------


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How the last fetch went; kept, so that looking at what is kept tells the same.

    `at`: when each part was read that was read. `unread`, `partial`: why one, or some of it, could not be.
    `kept`: what could not be read again today, because a limit is spent, and when it was read.
    """

    clock_offset: float = 0.0  # seconds that this computer's clock lacks
    looked_at: datetime = _NO_CLOCK
    at: dict[str, datetime] = {}
    unread: dict[str, str] = {}
    partial: dict[str, str] = {}
    missing_details: dict[str, str] = {}
    troubles: tuple[Trouble, ...] = ()
    bookings_left: int | None = None
    kept: tuple[tuple[str, datetime], ...] = ()

    @property
    def taken_at(self) -> datetime:
        """As of when all of it is: the oldest part counts, lists that are read once or twice a day aside."""
        ages = (
            moment
            for part, moment in self.at.items()
            if part not in self.unread and not PARTS[part].slow  # type: ignore[index] # of PARTS
        )
        return min(ages, default=self.looked_at)


def nothing_read() -> Look:
    """How it stands before anything was read."""
    return Look(unread=dict.fromkeys(READABLE, _("not looked at yet: a check does")))


def last_look(workspace: Workspace) -> Look | None:
    """The last one, or None when nothing was ever read."""
    reading = kept.reading(workspace, "look")
    return msgspec.json.decode(reading.body, type=Look) if reading else None


def keep_look(workspace: Workspace, look: Look) -> None:
    """Remember it, with the vendors' clock."""
    kept.keep_reading(workspace, "look", _encode(look), look.looked_at)
    kept.keep_reading(workspace, "clock", _encode(look.clock_offset), look.looked_at)


def clock_offset(workspace: Workspace) -> timedelta:
    """What this computer's clock lacked when a vendor last answered; zero before."""
    with suppress(*kept.SPOILT):  # it is learnt again from the next answer
        reading = kept.reading(workspace, "clock")
        return timedelta(seconds=msgspec.json.decode(reading.body, type=float) if reading else 0.0)
    return timedelta(0)


def at_the_vendors(workspace: Workspace) -> Callable[[datetime], datetime]:
    """From a moment that this computer kept to the same one by the vendors' clock, in whole seconds.

    What a profile shows has one clock, that of its vendors: a practice company has days of its own.
    """
    offset = clock_offset(workspace)
    return lambda at: (at + offset).replace(microsecond=0)
