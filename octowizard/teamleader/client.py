"""The client of Teamleader Focus: one method per operation octowizard uses, typed records out, typed errors up.

Every operation is a POST; what is a read (repeated when it fails) and what is a write (never repeated) is said
here, by operation. Each attempt takes a turn of the window of calls and is counted. Sort is always sent where the
vendor knows one, because its defaults have changed. Not here: what the records mean, and what may be written when
(that is the outbox).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import msgspec

from octowizard.locale import _
from octowizard.teamleader.answers import refusal
from octowizard.teamleader.models import (
    Company,
    CompanyListItem,
    Contact,
    ContactListItem,
    CreditNote,
    CreditNoteListItem,
    Department,
    DepartmentInfo,
    Invoice,
    InvoiceListItem,
    Me,
    Money,
    PaymentTermRecord,
    ProductCategory,
    Ref,
    TaxRate,
)
from octowizard.teamleader.oauth import Apart, Credentials, Tokens, TokenStore
from octowizard.teamleader.pages import PAGE_SIZE, Listing, Page, page_of, record_of
from octowizard.transport import retry
from octowizard.transport.bounds import CALL_SECONDS, MOST_PAGES
from octowizard.transport.clock import VendorClock
from octowizard.transport.door import Patience
from octowizard.transport.errors import SignInRefused, Unreadable
from octowizard.transport.http import Send, client, decode, encode, exchange
from octowizard.transport.ledger import CallLedger, MemoryWindowLedger, WindowLedger
from octowizard.transport.messages import Headers, Request, Response
from octowizard.transport.refusals import Refusals
from octowizard.transport.window import SlidingWindow

if TYPE_CHECKING:
    import httpx

API_VERSION: Final = "2023-09-26"
_HEADERS: Final = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "X-Api-Version": API_VERSION,
}

T = TypeVar("T")
Json = Mapping[str, Any]


class PaymentTerms(msgspec.Struct, frozen=True):
    """The payment terms of the account, and the id of the one used when nothing else is said."""

    terms: list[PaymentTermRecord]
    default: str | None = None


class _One(msgspec.Struct, frozen=True):
    data: msgspec.Raw


class _Created(msgspec.Struct, frozen=True):
    data: Ref


class _TermsMeta(msgspec.Struct, frozen=True):
    default: str | None = None


class _Terms(msgspec.Struct, frozen=True):
    data: list[PaymentTermRecord]
    meta: _TermsMeta | None = None


class Teamleader:
    """One Teamleader account through one integration; an async context manager.

    `window` keeps the calls of the last minute across restarts and processes; `counter` counts calls per operation
    (no limit). Both are kept under the scope "teamleader/<client id>". `timeout`: seconds, for one request and
    its whole answer. `refusals`: which credentials were refused before; None remembers those of this client only.

    Every method raises a VendorError of `transport/errors.py`: Unreachable, Interrupted, Failed, Refused (404 for
    an unknown id), SignInRefused, Forbidden, LimitReached or Unreadable; and what the token store raises.
    """

    def __init__(
        self,
        address: str,
        auth_address: str,
        credentials: Credentials,
        tokens: TokenStore,
        *,
        window: WindowLedger | None = None,
        counter: CallLedger | None = None,
        http: "httpx.AsyncBaseTransport | None" = None,
        timeout: float = CALL_SECONDS,
        pauses: retry.Pauses = retry.PATIENT,
        refusals: Refusals | None = None,
        apart: Apart | None = None,
    ) -> None:
        scope = f"teamleader/{credentials.client_id}"
        self.clock: Final = VendorClock()
        self.window: Final = SlidingWindow(
            MemoryWindowLedger() if window is None else window, scope, self.clock
        )
        patience = Patience(timeout)
        self._client = client(address, patience=patience, transport=http)
        self._tokens = Tokens(
            auth_address,
            credentials,
            tokens,
            self.clock,
            http=http,
            patience=patience,
            refusals=refusals,
            apart=apart,
        )
        self._attempts = _Attempts(self._tokens, self.window, self.clock, counter, scope)
        self._pauses = pauses
        self._in_vain = retry.InVain()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; a renewal of the sign-in under way is let finish."""
        await self._tokens.close()
        await self._client.aclose()

    async def known_refusal(self) -> SignInRefused | None:
        """See Tokens.known_refusal; nothing is sent."""
        return await self._tokens.known_refusal()

    # --- the account and its settings ---------------------------------------------------------------------

    async def me(self) -> Me:
        """users.me: the user behind the sign-in; `account.id` names the account."""
        return await self._one("users.me", {}, Me)

    async def departments(self) -> list[Department]:
        """departments.list: all, archived ones too, by name."""
        return await self._whole("departments.list", {"sort": _sort("name")}, Department)

    async def department(self, department_id: str) -> DepartmentInfo:
        """departments.info: one, with its address."""
        return await self._one("departments.info", {"id": department_id}, DepartmentInfo)

    async def tax_rates(self, department_id: str | None = None) -> list[TaxRate]:
        """taxRates.list: the VAT rates of a department, or of all."""
        pages = self._pages("taxRates.list", _department(department_id), TaxRate, _sort("description"))
        return [record async for page in pages for record in page.records]

    async def product_categories(self, department_id: str | None = None) -> list[ProductCategory]:
        """productCategories.list: where the ledger accounts are; not paged."""
        return await self._whole(
            "productCategories.list", _filtered(_department(department_id)), ProductCategory
        )

    async def payment_terms(self) -> PaymentTerms:
        """paymentTerms.list: the terms and which one is the default."""
        operation = "paymentTerms.list"
        answer = decode(await self._read(operation, {}), _Terms, vendor="Teamleader", operation=operation)
        return PaymentTerms(answer.data, answer.meta.default if answer.meta else None)

    # --- customers ----------------------------------------------------------------------------------------

    def companies(
        self,
        *,
        updated_since: datetime | None = None,
        tags: Sequence[str] = (),
    ) -> AsyncIterator[Page[CompanyListItem]]:
        """companies.list, page by page, oldest first: that order does not shift while records change.

        Deactivated companies come too. `tags`: a company must have all of them. Whether
        `updated_since` (aware) includes that very moment is not documented: overlap, and expect doubles.
        """
        filters = _given(updated_since=_moment(updated_since), tags=list(tags) or None)
        return self._pages("companies.list", filters, CompanyListItem, _sort("added_at"))

    def companies_by_id(self, ids: Iterable[str]) -> AsyncIterator[Page[CompanyListItem]]:
        """companies.list by id, a hundred a call; ids that do not exist any more are simply not in it."""
        return self._by_id("companies.list", ids, CompanyListItem)

    async def company(self, company_id: str) -> Company:
        """companies.info, with its linked companies and contacts. Refused (404) for an unknown id."""
        return (await self.company_raw(company_id))[0]

    async def company_raw(self, company_id: str) -> tuple[Company, bytes]:
        """As company(), with the JSON it came as: all that a deletion would take away."""
        body = {"id": company_id, "includes": "related_companies,related_contacts"}
        return await self._one_raw("companies.info", body, Company)

    async def documents_of(self, customer: Ref) -> list[InvoiceListItem | CreditNoteListItem]:
        """The first hundred invoices (drafts too) and the first hundred credit notes made out to a customer.

        Unreadable when the vendor gave those of somebody else: it ignores a filter that it does not know (recorded).
        """
        body = {"filter": {"customer": customer}, "page": {"size": PAGE_SIZE, "number": 1}}
        ordered = {**body, "sort": _sort("invoice_date")}
        invoices = page_of(await self._read("invoices.list", ordered), InvoiceListItem, "invoices.list")
        notes = page_of(await self._read("creditNotes.list", body), CreditNoteListItem, "creditNotes.list")
        documents: list[InvoiceListItem | CreditNoteListItem] = [*invoices.records, *notes.records]
        for record in documents:
            if record.invoicee.customer.id != customer.id:
                raise Unreadable("Teamleader", "invoices.list", "the filter on the customer had no effect")
        return documents

    async def add_company(self, fields: Json) -> str:
        """companies.add: the id of the new company. `fields` as the contract names them; `name` is required."""
        return await self._create("companies.add", fields)

    async def update_company(self, company_id: str, fields: Json) -> None:
        """companies.update: what is left out stays, None clears, lists are replaced as a whole (official)."""
        await self._write("companies.update", {"id": company_id, **fields})

    async def delete_company(self, company_id: str) -> None:
        """companies.delete: expect Refused while documents are linked to it (inferred)."""
        await self._write("companies.delete", {"id": company_id})

    async def tag_company(self, company_id: str, tags: Sequence[str]) -> None:
        """companies.tag: a tag that does not exist yet is made (official)."""
        await self._write("companies.tag", {"id": company_id, "tags": list(tags)})

    def contacts(
        self,
        *,
        updated_since: datetime | None = None,
        tags: Sequence[str] = (),
    ) -> AsyncIterator[Page[ContactListItem]]:
        """contacts.list, as companies()."""
        filters = _given(updated_since=_moment(updated_since), tags=list(tags) or None)
        return self._pages("contacts.list", filters, ContactListItem, _sort("added_at"))

    def contacts_by_id(self, ids: Iterable[str]) -> AsyncIterator[Page[ContactListItem]]:
        """contacts.list by id, a hundred a call; ids that do not exist any more are simply not in it."""
        return self._by_id("contacts.list", ids, ContactListItem)

    async def contact(self, contact_id: str) -> Contact:
        """contacts.info, with the companies it is linked to. Refused (404) for an unknown id."""
        return await self._one("contacts.info", {"id": contact_id}, Contact)

    async def add_contact(self, fields: Json) -> str:
        """contacts.add: the id of the new contact; `last_name` is required."""
        return await self._create("contacts.add", fields)

    async def link_contact(
        self,
        contact_id: str,
        company_id: str,
        *,
        position: str | None = None,
        decision_maker: bool | None = None,
    ) -> None:
        """contacts.linkToCompany: links are made on the contact's side only (official)."""
        link = _given(position=position, decision_maker=decision_maker)
        await self._write("contacts.linkToCompany", {"id": contact_id, "company_id": company_id, **link})

    async def unlink_contact(self, contact_id: str, company_id: str) -> None:
        """contacts.unlinkFromCompany."""
        await self._write("contacts.unlinkFromCompany", {"id": contact_id, "company_id": company_id})

    # --- documents ----------------------------------------------------------------------------------------

    def invoices(
        self,
        *,
        department_id: str | None = None,
        since: date | None = None,
        until: date | None = None,
        status: Sequence[str] = (),
        updated_since: datetime | None = None,
        number: str | None = None,
    ) -> AsyncIterator[Page[InvoiceListItem]]:
        """invoices.list, page by page, by invoice date. `since` and `until` are both inclusive (official).

        `number`: as Teamleader writes it, `2026 / 15`.

        `status`: any of `draft`, `outstanding`, `matched`; anything else is refused. `updated_since` as
        companies(). A draft has no date, so a date filter leaves it out (inferred).
        """
        filters = _given(
            department_id=department_id,
            invoice_date_after=since,
            invoice_date_before=until,
            status=list(status) or None,
            updated_since=_moment(updated_since),
            invoice_number=number,
        )
        return self._pages("invoices.list", filters, InvoiceListItem, _sort("invoice_date"))

    def invoices_by_id(self, ids: Iterable[str]) -> AsyncIterator[Page[InvoiceListItem]]:
        """invoices.list by id, a hundred a call: the cheap way to see many amounts due."""
        return self._by_id("invoices.list", ids, InvoiceListItem)

    async def invoice(self, invoice_id: str) -> Invoice:
        """invoices.info: lines, discounts and payments. Refused (404) for an unknown id."""
        return (await self.invoice_raw(invoice_id))[0]

    async def invoice_raw(self, invoice_id: str) -> tuple[Invoice, bytes]:
        """As invoice(), with the JSON it came as."""
        return await self._one_raw("invoices.info", {"id": invoice_id}, Invoice)

    def credit_notes(
        self,
        *,
        department_id: str | None = None,
        since: date | None = None,
        updated_since: datetime | None = None,
    ) -> AsyncIterator[Page[CreditNoteListItem]]:
        """creditNotes.list, page by page, in the vendor's order. `since` is inclusive (official)."""
        filters = _given(
            department_id=department_id,
            credit_note_date_after=since,
            updated_since=_moment(updated_since),
        )
        return self._pages("creditNotes.list", filters, CreditNoteListItem)

    async def credit_note(self, credit_note_id: str) -> CreditNote:
        """creditNotes.info: lines and discounts. Refused (404) for an unknown id."""
        return (await self.credit_note_raw(credit_note_id))[0]

    async def credit_note_raw(self, credit_note_id: str) -> tuple[CreditNote, bytes]:
        """As credit_note(), with the JSON it came as."""
        return await self._one_raw("creditNotes.info", {"id": credit_note_id}, CreditNote)

    async def register_payment(self, invoice_id: str, payment: Money, paid_at: datetime) -> None:
        """invoices.registerPayment: a payment, partial or whole, at `paid_at` (aware).

        There is no idempotency key and no id comes back (official): read the invoice's payments first, and after
        an error that is `in_doubt`.
        """
        body = {"id": invoice_id, "payment": payment, "paid_at": moment(paid_at)}
        await self._write("invoices.registerPayment", body)

    # --- how a call is made -------------------------------------------------------------------------------

    async def _read(self, operation: str, body: Json) -> bytes:
        content = encode(body)
        response = await retry.read(
            lambda: self._send(operation, content, write=False),
            pauses=self._pauses,
            now=self.clock.now,
            in_vain=self._in_vain,
        )
        return response.content

    async def _write(self, operation: str, body: Json) -> bytes:
        return (await self._send(operation, encode(body), write=True)).content

    async def _send(self, operation: str, content: bytes, *, write: bool) -> Response:
        request = self._client.build_request("POST", f"/{operation}", headers=_HEADERS, content=content)
        response = await exchange(
            self._client,
            request,
            vendor="Teamleader",
            operation=operation,
            write=write,
            attempts=self._attempts.of,
        )
        if not 200 <= response.status_code < 300:
            raise refusal(response, operation, write=write)
        return response

    async def _create(self, operation: str, fields: Json) -> str:
        answer = await self._write(operation, fields)
        return decode(answer, _Created, vendor="Teamleader", operation=operation, write=True).data.id

    async def _one(self, operation: str, body: Json, kind: type[T]) -> T:
        return (await self._one_raw(operation, body, kind))[0]

    async def _one_raw(self, operation: str, body: Json, kind: type[T]) -> tuple[T, bytes]:
        """The record under `data`, which is an object, or (one operation, by the official text) an array of one."""
        answer = await self._read(operation, body)
        raw = bytes(decode(answer, _One, vendor="Teamleader", operation=operation).data)
        at = "$.data"
        if raw.startswith(b"["):
            several = decode(raw, list[msgspec.Raw], vendor="Teamleader", operation=operation)
            if len(several) != 1:
                raise Unreadable("Teamleader", operation, f"{len(several)} records instead of one", path=at)
            raw, at = bytes(several[0]), "$.data[0]"
        return record_of(raw, kind, operation, at), raw

    async def _whole(self, operation: str, body: Json, kind: type[T]) -> list[T]:
        """A list that the vendor does not page."""
        return page_of(await self._read(operation, body), kind, operation).records

    async def _pages(
        self,
        operation: str,
        filters: Json,
        kind: type[T],
        sort: Sequence[Json] = (),
    ) -> AsyncGenerator[Page[T], None]:
        body = {**_filtered(filters), **({"sort": sort} if sort else {})}
        listing = Listing(operation)
        for number in range(1, MOST_PAGES + 1):
            asked = {**body, "page": {"size": PAGE_SIZE, "number": number}}
            page = page_of(await self._read(operation, asked), kind, operation)
            fresh = listing.fresh(page)
            if fresh.records:
                yield fresh
            if len(page.records) < PAGE_SIZE:
                return
        raise Unreadable(
            "Teamleader",
            operation,
            _("more than {count} pages").format(count=f"{MOST_PAGES:,}"),
            path="$.data",
        )

    async def _by_id(
        self, operation: str, ids: Iterable[str], kind: type[T]
    ) -> AsyncGenerator[Page[T], None]:
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), PAGE_SIZE):
            body = {
                "filter": {"ids": wanted[start : start + PAGE_SIZE]},
                "page": {"size": PAGE_SIZE, "number": 1},
                "sort": _sort("invoice_date" if operation == "invoices.list" else "added_at"),
            }
            page = page_of(await self._read(operation, body), kind, operation)
            if page.records:
                yield page


class _Attempts:
    """Every attempt of a call: a turn of the window, counted, with an access token; renewed once on a 401.

    A 401 took no effect, so that a write may be sent again after it. A second 401 is left to the caller.
    """

    def __init__(
        self,
        tokens: Tokens,
        window: SlidingWindow,
        clock: VendorClock,
        counter: CallLedger | None,
        scope: str,
    ) -> None:
        self._tokens, self._window, self._clock = tokens, window, clock
        self._counter, self._scope = counter, scope

    async def of(self, request: Request, send: Send) -> Response:
        """See transport.http.Attempts."""
        token = await self._tokens.current()
        response = await self._attempt(request, send, token)
        if response.status_code != 401:
            return response
        return await self._attempt(request, send, await self._tokens.current(refused=token))

    async def _attempt(self, request: Request, send: Send, token: str) -> Response:
        request.headers["Authorization"] = f"Bearer {token}"
        await self._window.turn()
        headers: Headers | None = None
        refused = False
        try:
            if self._counter is not None:
                self._counter.spend(self._scope, request.operation, None, self._clock.now())
            response = await send(request)
            headers, refused = response.headers, response.status_code == 429
        finally:
            self._window.learn(headers, refused=refused)
        return response


def moment(at: datetime) -> str:
    """An aware date-time as the vendor takes it: UTC, written `+00:00`, without fractions (recorded)."""
    if at.tzinfo is None:
        raise ValueError("a date-time for Teamleader needs its time zone")
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _department(department_id: str | None) -> dict[str, Any]:
    return _given(department_id=department_id)


def _filtered(filters: Json) -> dict[str, Any]:
    return {"filter": filters} if filters else {}


def _sort(field: str) -> list[dict[str, str]]:
    return [{"field": field, "order": "asc"}]
