"""The client of Octopus: one method per operation of its contract that octowizard uses.

A method answers records (models.py, bookings.py) or raises the errors of `transport.errors`. It knows whether
it reads (tried again) or writes (sent once: `in_doubt` tells when to look before repeating), and counts each
attempt in the ledger before it leaves. Nothing is cached here, and nothing is decided.

"Nothing found" is a 404 with an error record for lists, changes and reports (official); here it is an empty
answer. `since` is a moment: aware ones are sent as UTC, naive ones as they are (the vendor names no zone; UTC
is what another client sends, so overlap by an hour); None asks for everything since 1980.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar
from urllib.parse import urlencode

from msgspec import Raw
from msgspec.structs import replace

from octowizard.locale import _
from octowizard.octopus.answers import failure, is_nothing_found
from octowizard.octopus.bookings import (
    Balancing,
    BalancingDetail,
    BalancingPair,
    BuySellBooking,
    BuySellBookingRequest,
    FinancialDiversBooking,
    FinancialDiversBookingRequest,
    HistoryItem,
    OpenItem,
    RelationQuery,
    SyncBalancings,
    SyncBookings,
)
from octowizard.octopus.contract import LIST_RELATIONS, SEARCH_RELATIONS, max_calls_per_day
from octowizard.octopus.models import (
    Account,
    Bookyear,
    BookyearDetail,
    BookyearInsert,
    BookyearUpdate,
    CostCentre,
    Dossier,
    ErrorResult,
    FinancialJournal,
    FinancialJournalInsert,
    Journal,
    Record,
    Relation,
    SellJournal,
    SellJournalInsert,
    SellJournalUpdate,
    SyncAccounts,
    SyncRelations,
    VatCode,
)
from octowizard.octopus.oauth import BrowserSignIn
from octowizard.octopus.session import Credentials, Session, TokenHeader
from octowizard.transport import http as wire
from octowizard.transport.bounds import CALL_SECONDS, fits_a_header
from octowizard.transport.clock import VendorClock
from octowizard.transport.door import Patience
from octowizard.transport.errors import AllowanceSpent, ConfigurationError, SignInRefused, Unreadable
from octowizard.transport.ledger import CallLedger
from octowizard.transport.messages import Response
from octowizard.transport.refusals import Refusals
from octowizard.transport.retry import PATIENT, InVain, Pauses, read

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Query = dict[str, str | int]

VENDOR = "Octopus"
EVERYTHING = "1980-01-01 00:00:00.000"  # the vendor's own first moment (official)
_LONGEST_VERSION = 40
ALL_BOOKYEARS = -1

_D = "/dossiers/{dossierId}"
_Y = _D + "/bookyears/{bookyearId}"
_JSON = {"Content-Type": "application/json"}


class _RawBalancings(Record, frozen=True):
    """SyncBalancings with its records still to be decoded."""

    modified_balancings: tuple[Raw, ...] = ()
    deleted_balancings: tuple[Raw, ...] = ()


class _RawRelations(Record, frozen=True):
    """SyncRelations with its records still to be decoded."""

    modified: tuple[Raw, ...] = ()
    deleted: tuple[Raw, ...] = ()


def timestamp(since: datetime | None) -> str:
    """A moment as the contract writes it, to the millisecond."""
    if since is None:
        return EVERYTHING
    moment = since.astimezone(UTC) if since.tzinfo is not None else since
    return moment.isoformat(" ", "milliseconds")[:23]


class Octopus:
    """One signed-in connection with Octopus, for one dossier (or none: then only version and dossiers work).

    `address`     the base address, https or loopback
    `locale_id`   language of names and errors: 0 the dossier's own, 1 Dutch, 2 French, 3 English, 4 German
    `ledger`      counts every call, under "octopus/{dossier_id}", or "octopus/-" for calls outside a dossier
    `enforce_limits`  False only counts
    `timeout`     seconds, for one request and its whole answer
    `browser`     signs in instead of user and password
    `refusals`    which sign-ins were refused before; None remembers those of this client only

    Raises ConfigurationError for an address or credentials that cannot be sent as they are.

    An async context manager: one HTTP client from entering to leaving.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        dossier_id: int | None,
        locale_id: int = 0,
        ledger: CallLedger,
        enforce_limits: bool = True,
        http: "httpx.AsyncBaseTransport | None" = None,
        timeout: float = CALL_SECONDS,
        pauses: Pauses = PATIENT,
        clock: VendorClock | None = None,
        refusals: Refusals | None = None,
        browser: BrowserSignIn | None = None,
    ) -> None:
        wire.check_for_header(credentials.software_house, _("The Octopus software house id"))
        wire.check_for_body(credentials.user, _("The Octopus user"))
        wire.check_for_body(credentials.password, _("The Octopus password"))
        self.clock = clock or VendorClock()
        self.dossier_id = dossier_id
        self._base = wire.checked_address(address)[0]
        self._dossier_path = f"/dossiers/{dossier_id}"
        self._ledger = ledger
        self._enforce = enforce_limits
        self._pauses = pauses
        self._in_vain = InVain()
        self._http = wire.client(self._base, patience=Patience(timeout), transport=http)
        self._allowance = 0
        self._allowed: int | None = None  # of the allowance, what is left; None without one
        self._session = Session(
            credentials,
            dossier_id,
            locale_id,
            self._sign_in_call,
            address=self._base,
            refusals=refusals,
            browser=browser,
        )

    async def __aenter__(self) -> Self:
        """Ready at once: signing in happens with the first call that needs it."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def known_refusal(self) -> SignInRefused | None:
        """See Session.known_refusal; nothing is sent."""
        return self._session.known_refusal()

    def at_most(self, calls: int) -> None:
        """Make no more than so many calls from now on, signing in and the version aside; then AllowanceSpent."""
        self._allowance = self._allowed = calls

    def remaining(self, operation: str) -> int | None:
        """How many calls of an operation are left today by our own count; None where no limit is published."""
        limit = max_calls_per_day(operation)
        if limit is None:
            return None
        return max(limit - self._ledger.spent(self._scope(operation), operation, self.clock.now()), 0)

    # --- without a dossier -------------------------------------------------------------------------------

    async def version(self) -> str:
        """Octopus' own version number, e.g. "51.9.17"; needs no sign-in."""
        operation = "GET /about/version"
        response = await self._get(operation, "/about/version", token="none")
        text = response.content[: 2 * _LONGEST_VERSION].decode("utf-8", "replace").strip()
        if not (text.isprintable() and text[:1].isdigit() and len(text) <= _LONGEST_VERSION):
            raise Unreadable(VENDOR, operation, _("no version number"), status=response.status_code)
        return text

    async def dossiers(self) -> list[Dossier]:
        """The dossiers that this login can see."""
        operation = "GET /dossiers"
        response = await self._get(operation, "/dossiers", token="user")
        return self._decoded(response, list[Dossier], operation)

    async def sample_error(self, code: int, locale_id: int) -> ErrorResult:
        """The text of an error number (negative) in a language (1 Dutch, 2 French, 3 English, 4 German)."""
        operation = "GET /error"
        query = urlencode({"errorCode": code, "localeId": locale_id})
        # Its success is a 400 (official).
        response = await self._get(operation, f"/error?{query}", token="none", accept=400)
        return self._decoded(response, ErrorResult, operation)

    # --- bookyears and journals --------------------------------------------------------------------------

    async def bookyears(self) -> list[Bookyear]:
        """All fiscal years, with their periods."""
        return await self._list(_D + "/bookyears", "/bookyears", list[Bookyear])

    async def bookyear(self, bookyear_id: int) -> BookyearDetail:
        """One fiscal year in detail."""
        operation, path = f"GET {_Y}", f"{self._dossier_path}/bookyears/{bookyear_id}"
        return self._decoded(await self._get(operation, path), BookyearDetail, operation)

    async def create_bookyear(self, bookyear: BookyearInsert) -> BookyearDetail:
        """Create a fiscal year."""
        return await self._changed("POST", "/bookyears", bookyear, BookyearDetail)

    async def update_bookyear(self, bookyear: BookyearUpdate) -> BookyearDetail:
        """Change a fiscal year."""
        return await self._changed("PUT", "/bookyears", bookyear, BookyearDetail)

    async def journals(self, bookyear_id: int) -> list[Journal]:
        """The journals of one fiscal year, of every type."""
        return await self._list(_Y + "/journals", f"/bookyears/{bookyear_id}/journals", list[Journal])

    async def sales_journal(self, bookyear_id: int, sequence: int) -> SellJournal:
        """The sales journal V`sequence` in detail, with the number of its next document."""
        operation = f"GET {_Y}/journals/V/{{sequenceNumber}}"
        path = f"{self._dossier_path}/bookyears/{bookyear_id}/journals/V/{sequence}"
        return self._decoded(await self._get(operation, path), SellJournal, operation)

    async def create_sales_journal(self, journal: SellJournalInsert) -> SellJournal:
        """Create a sales journal."""
        return await self._changed("POST", "/journals/V", journal, SellJournal)

    async def update_sales_journal(self, journal: SellJournalUpdate) -> SellJournal:
        """Change the type, the secured period, the next number or the names of a sales journal."""
        return await self._changed("PUT", "/journals/V", journal, SellJournal)

    async def financial_journal(self, bookyear_id: int, sequence: int) -> FinancialJournal:
        """The bank or cash journal F`sequence` in detail."""
        operation = f"GET {_Y}/journals/F/{{sequenceNumber}}"
        path = f"{self._dossier_path}/bookyears/{bookyear_id}/journals/F/{sequence}"
        return self._decoded(await self._get(operation, path), FinancialJournal, operation)

    async def create_financial_journal(self, journal: FinancialJournalInsert) -> FinancialJournal:
        """Create a bank or cash journal."""
        return await self._changed("POST", "/journals/F", journal, FinancialJournal)

    # --- ledger ------------------------------------------------------------------------------------------

    async def accounts(self, bookyear_id: int) -> list[Account]:
        """The ledger accounts of one fiscal year (2 calls a day)."""
        return await self._list(_D + "/accounts", f"/accounts?bookyearId={bookyear_id}", list[Account])

    async def modified_accounts(self, since: datetime | None) -> SyncAccounts:
        """Accounts changed or deleted since a moment."""
        return await self._modified("/accounts/modified", since, SyncAccounts)

    async def put_account(self, account: Account) -> None:
        """Create a ledger account, or change it; what only the Octopus screens can change is not sent."""
        sent = replace(account, purchase_vat_code="", sales_vat_code="", cost_centre_type=None)
        await self._write("PUT", "/accounts", sent)

    async def vat_codes(self) -> list[VatCode]:
        """All VAT codes, each once per type (2 calls a day)."""
        return await self._list(_D + "/vatcodes", "/vatcodes", list[VatCode])

    async def currencies(self) -> list[str]:
        """The codes of the currencies that the dossier knows (2 calls a day)."""
        return await self._list(_D + "/currencies", "/currencies", list[str])

    async def cost_centres(self) -> list[CostCentre]:
        """All cost centres (2 calls a day)."""
        return await self._list(_D + "/costcentres", "/costcentres", list[CostCentre])

    # --- relations ---------------------------------------------------------------------------------------

    async def relations(self) -> list[Relation]:
        """All active relations (2 calls a day; some dossiers answer 400: then modified_relations(None))."""
        return await self._list(_D + "/relations", "/relations", list[Relation])

    async def find_relations(
        self,
        *,
        relation_id: int | None = None,
        external_id: int | None = None,
        name: str | None = None,
        vat_number: str | None = None,
    ) -> list[Relation]:
        """Relations that meet at least one of the given terms, inactive ones included (400 calls a day)."""
        terms = {"relationId": relation_id, "extRelationId": external_id, "name": name, "vatNr": vat_number}
        query = urlencode({key: value for key, value in terms.items() if value is not None})
        if not query:
            raise ValueError("find_relations needs at least one term")  # would be the list, of 2 calls a day
        response = await self._get(
            SEARCH_RELATIONS, f"{self._dossier_path}/relations?{query}", nothing_is_empty=True
        )
        return [] if response.status_code == 404 else self._decoded(response, list[Relation], LIST_RELATIONS)

    async def modified_relations(self, since: datetime | None) -> SyncRelations:
        """Relations changed or deleted since a moment."""
        return await self._modified("/relations/modified", since, SyncRelations)

    async def each_modified_relation(
        self, since: datetime | None
    ) -> tuple[Iterator[Relation], Iterator[Relation]]:
        """As modified_relations, one by one: those changed, and those deleted. Raises while iterating."""
        feed = await self._modified("/relations/modified", since, _RawRelations)
        operation = f"GET {_D}/relations/modified"
        return self._each(feed.modified, Relation, operation), self._each(feed.deleted, Relation, operation)

    async def put_relation(self, relation: Relation) -> Relation | None:
        """Merge into the relation with this key or external number (None), or create it (the record, with its key).

        An external number of 0 without a key creates a new relation every time (one client's finding).
        """
        response = await self._write("PUT", "/relations", relation)
        if response.status_code == 204:
            return None
        return self._decoded(response, Relation, f"PUT {_D}/relations", write=True)

    # --- bookings ----------------------------------------------------------------------------------------

    async def booking(self, bookyear_id: int, journal_key: str, number: int) -> BuySellBooking | None:
        """One sales or purchase booking, None when that number is free (10 calls a day)."""
        return await self._document("/buysellbookings", bookyear_id, journal_key, number, BuySellBooking)

    async def modified_bookings(
        self, bookyear_id: int, journal_key: str | None, since: datetime | None
    ) -> list[BuySellBooking]:
        """Sales and purchase bookings changed since a moment.

        A first load takes one bookyear and one journal at a time; afterwards bookyear -1 and no journal (official).
        """
        return await self._modified_documents(
            "/buysellbookings", bookyear_id, journal_key, since, list[BuySellBooking]
        )

    async def each_modified_booking(
        self, bookyear_id: int, journal_key: str | None, since: datetime | None
    ) -> Iterator[BuySellBooking]:
        """As modified_bookings, decoded one by one: a first load may be of twenty thousand. Raises while iterating."""
        records = await self._modified_documents(
            "/buysellbookings", bookyear_id, journal_key, since, list[Raw]
        )
        return self._each(records, BuySellBooking, f"GET {_D}/buysellbookings/modified")

    async def booking_lines(
        self, bookyear_id: int, journal_type: int, since: datetime | None, until: datetime | None = None
    ) -> SyncBookings:
        """Ledger lines of changed bookings, by journal type (models.JOURNAL_TYPES); first loads as above."""
        query: Query = {"journalTypeId": journal_type, "modifiedTimeStamp": timestamp(since)}
        if until is not None:
            query["modifiedTimeStampTo"] = timestamp(until)
        path = f"{self._dossier_path}/bookyears/{bookyear_id}/bookings/modified?{urlencode(query)}"
        operation = f"GET {_Y}/bookings/modified"
        response = await self._get(operation, path, nothing_is_empty=True)
        return (
            SyncBookings()
            if response.status_code == 404
            else self._decoded(response, SyncBookings, operation)
        )

    async def post_booking(self, booking: BuySellBooking) -> None:
        """Add a sales or purchase booking; the answer is empty. Refused -13 unless its number is the next one."""
        await self._write("POST", "/buysellbookings", BuySellBookingRequest(booking))

    async def financial_booking(
        self, bookyear_id: int, journal_key: str, number: int
    ) -> FinancialDiversBooking | None:
        """One bank, cash or various booking, None when that number is free (10 calls a day)."""
        return await self._document(
            "/financialdiversbookings", bookyear_id, journal_key, number, FinancialDiversBooking
        )

    async def modified_financial_bookings(
        self, bookyear_id: int, journal_key: str | None, since: datetime | None
    ) -> list[FinancialDiversBooking]:
        """Bank, cash and various bookings changed since a moment; first loads as for modified_bookings."""
        return await self._modified_documents(
            "/financialdiversbookings", bookyear_id, journal_key, since, list[FinancialDiversBooking]
        )

    async def post_financial_booking(self, booking: FinancialDiversBooking) -> None:
        """Add a bank, cash or various booking; the answer is empty."""
        await self._write("POST", "/financialdiversbookings", FinancialDiversBookingRequest(booking))

    # --- matches and reports -----------------------------------------------------------------------------

    async def modified_balancings(self, since: datetime | None) -> SyncBalancings:
        """Matches made, changed and undone since a moment."""
        return await self._modified("/balancings/modified", since, SyncBalancings)

    async def each_modified_balancing(
        self, since: datetime | None
    ) -> tuple[Iterator[BalancingDetail], Iterator[BalancingDetail]]:
        """As modified_balancings, one by one: those made or changed, and those undone. Raises while iterating."""
        feed = await self._modified("/balancings/modified", since, _RawBalancings)
        operation = f"GET {_D}/balancings/modified"
        return (
            self._each(feed.modified_balancings, BalancingDetail, operation),
            self._each(feed.deleted_balancings, BalancingDetail, operation),
        )

    async def post_balancing(self, balancing: Balancing) -> None:
        """Match two lines; the answer is empty."""
        await self._write("POST", "/balancings", balancing)

    async def delete_balancing(self, pair: BalancingPair) -> None:
        """Undo the match of two lines."""
        await self._write("DELETE", "/balancings/delete", pair)

    async def open_items(self, query: RelationQuery) -> list[OpenItem]:
        """What is not fully matched. An empty answer never means that everything was paid: see RelationQuery."""
        return await self._report("/reports/clients/open", query, list[OpenItem])

    async def history(self, query: RelationQuery) -> list[HistoryItem]:
        """All that happened with one relation."""
        return await self._report("/reports/clients/history", query, list[HistoryItem])

    # --- how a call is made ------------------------------------------------------------------------------

    async def _list(self, template: str, path: str, shape: type[list[T]]) -> list[T]:
        operation = f"GET {template}"
        response = await self._get(operation, self._dossier_path + path, nothing_is_empty=True)
        return [] if response.status_code == 404 else self._decoded(response, shape, operation)

    async def _modified(self, path: str, since: datetime | None, shape: type[T]) -> T:
        query = urlencode({"modifiedTimeStamp": timestamp(since)})
        operation = f"GET {_D}{path}"
        response = await self._get(operation, f"{self._dossier_path}{path}?{query}", nothing_is_empty=True)
        return shape() if response.status_code == 404 else self._decoded(response, shape, operation)

    async def _modified_documents(
        self,
        path: str,
        bookyear_id: int,
        journal_key: str | None,
        since: datetime | None,
        shape: type[list[T]],
    ) -> list[T]:
        query: Query = {"bookyearId": bookyear_id, "modifiedTimeStamp": timestamp(since)}
        if journal_key is not None:
            query["journalKey"] = journal_key
        return await self._list(f"{_D}{path}/modified", f"{path}/modified?{urlencode(query)}", shape)

    async def _document(
        self, path: str, bookyear_id: int, journal_key: str, number: int, shape: type[T]
    ) -> T | None:
        query: Query = {"bookyearId": bookyear_id, "journalKey": journal_key, "documentSeqNr": number}
        operation = f"GET {_D}{path}"
        response = await self._get(
            operation, f"{self._dossier_path}{path}?{urlencode(query)}", nothing_is_empty=True
        )
        return None if response.status_code == 404 else self._decoded(response, shape, operation)

    async def _report(self, path: str, query: RelationQuery, shape: type[list[T]]) -> list[T]:
        operation, body = f"POST {_D}{path}", wire.encode(query)
        response = await read(
            lambda: self._send(operation, self._dossier_path + path, body=body, nothing_is_empty=True),
            pauses=self._pauses,
            now=self.clock.now,
            in_vain=self._in_vain,
        )
        return [] if response.status_code == 404 else self._decoded(response, shape, operation)

    async def _changed(self, method: str, path: str, record: object, shape: type[T]) -> T:
        response = await self._write(method, path, record)
        return self._decoded(response, shape, f"{method} {_D}{path}", write=True)

    async def _get(self, operation: str, path: str, **how: Any) -> Response:
        return await read(
            lambda: self._send(operation, path, **how),
            pauses=self._pauses,
            now=self.clock.now,
            in_vain=self._in_vain,
        )

    async def _write(self, method: str, path: str, record: object) -> Response:
        return await self._send(
            f"{method} {_D}{path}", self._dossier_path + path, body=wire.encode(record), write=True
        )

    async def _send(
        self,
        operation: str,
        path: str,
        *,
        body: bytes | None = None,
        write: bool = False,
        token: Literal["dossier", "user", "none"] = "dossier",
        accept: int | None = None,
        nothing_is_empty: bool = False,
    ) -> Response:
        """One attempt. Returns a 2xx, the status `accept`, or (`nothing_is_empty`) a 404 that means so."""
        header: TokenHeader | None = None
        if token == "dossier":
            if self.dossier_id is None:
                raise ConfigurationError(
                    _("No dossier was chosen, and {operation} needs one: choose one first.").format(
                        operation=operation
                    )
                )
            header = self._session.dossier
        elif token == "user":
            header = self._session.user
        spend = self._spender(operation)
        request = self._http.build_request(
            operation.partition(" ")[0], path, content=body, headers=_JSON if body is not None else None
        )
        if header is None:
            spend()
        response = await wire.exchange(
            self._http,
            request,
            vendor=VENDOR,
            operation=operation,
            write=write,
            attempts=partial(header.attempts, spend) if header is not None else None,
        )
        self.clock.learn(response.headers.get("Date"))
        status = response.status_code
        if 200 <= status < 300 or status == accept:
            return response
        if status == 404 and nothing_is_empty and is_nothing_found(response.content):
            return response
        raise failure(response, operation, write=write)

    async def _sign_in_call(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, shape: Any
    ) -> Any:
        operation = f"{method} {path.partition('?')[0]}"
        self._spender(operation)()
        request = self._http.build_request(method, path, headers=headers, content=body)
        response = await wire.exchange(self._http, request, vendor=VENDOR, operation=operation, write=False)
        self.clock.learn(response.headers.get("Date"))
        if response.status_code != 200:
            raise failure(response, operation, write=False)
        answer = self._decoded(response, shape, operation)
        if not fits_a_header(answer.token):
            raise Unreadable(VENDOR, operation, _("no token"), path="$.token", status=200)
        return answer

    def _scope(self, operation: str) -> str:
        inside = "{dossierId}" in operation or operation == "POST /dossiers"
        return f"octopus/{self.dossier_id if inside and self.dossier_id is not None else '-'}"

    def _spender(self, operation: str) -> Callable[[], None]:
        scope, limit = self._scope(operation), max_calls_per_day(operation) if self._enforce else None

        def spend() -> None:
            if self._allowed is not None and operation.startswith("GET /dossiers"):
                if not self._allowed:
                    now = self.clock.now()
                    raise AllowanceSpent(VENDOR, operation, limit=self._allowance, until=now)
                self._allowed -= 1
            self._ledger.spend(scope, operation, limit, self.clock.now())

        return spend

    @staticmethod
    def _each(records: Sequence[Raw], shape: type[T], operation: str) -> Iterator[T]:
        for record in records:
            yield wire.decode(bytes(record), shape, vendor=VENDOR, operation=operation, part=True)

    @staticmethod
    def _decoded(response: Response, shape: type[T], operation: str, *, write: bool = False) -> T:
        return wire.decode(
            response.content,
            shape,
            vendor=VENDOR,
            operation=operation,
            status=response.status_code,
            write=write,
        )
