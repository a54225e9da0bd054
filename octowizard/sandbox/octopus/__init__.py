"""The stand-in of the Octopus REST API: every operation of the contract, as unforgiving as the vendor.

Entry point is `routes`. One file per kind of record; session.py is the gate, errors.py the vendor's words.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from octowizard.sandbox.octopus import (
    balancings,
    bookings,
    charts,
    journals,
    lines,
    modules,
    oauth,
    relations,
    reports,
    session,
    years,
)
from octowizard.sandbox.octopus.limits import D
from octowizard.sandbox.octopus.session import (
    VENDOR,
    DossierHandler,
    Sessions,
    at_the_door,
    behind_dossier_token,
)
from octowizard.sandbox.web import Answer, Call, Company, Handler, operation, unlisted_operation

PREFIX = "/octopus-rest-api/v1"
AUTHORIZE = "/octopus-oauth/authorize"
TOKEN = "/octopus-oauth/token"

_YEAR = f"{D}/bookyears/{{bookyearId}}"

_PUBLISHED = "GET /openapi.json"  # beside the API, and no operation of it

_OPEN_DOOR = {
    "GET /about/version": session.version,
    "GET /authentication": session.who_am_i,
    "POST /authentication": session.sign_in,
    "GET /dossiers": session.list_dossiers,
    "POST /dossiers": session.open_dossier,
    "GET /error": session.sample_error,
    _PUBLISHED: session.published,
}

_BEHIND_TOKEN: dict[str, DossierHandler] = {
    f"GET {D}/bookyears": years.list_bookyears,
    f"POST {D}/bookyears": years.create_bookyear,
    f"PUT {D}/bookyears": years.update_bookyear,
    f"POST {D}/bookyears/book": years.book_bookyear,
    f"GET {_YEAR}": years.get_bookyear,
    f"POST {_YEAR}/close": years.close_bookyear,
    f"GET {_YEAR}/journals": journals.list_journals,
    f"GET {D}/journals/modified": journals.list_modified,
    **{f"GET {_YEAR}/journals/{one}/{{sequenceNumber}}": journals.get_journal(one) for one in "AVFDL"},
    **{f"POST {D}/journals/{one}": journals.create_journal(one) for one in "AVFDL"},
    **{f"PUT {D}/journals/{one}": journals.update_journal(one) for one in "AVFDL"},
    f"DELETE {_YEAR}/journals/{{journalTypeCode}}/{{sequenceNumber}}": journals.delete_journal,
    f"GET {_YEAR}/journals/{{journalKey}}": journals.get_balance,
    f"GET {D}/accounts": charts.list_accounts,
    f"PUT {D}/accounts": charts.put_account,
    f"GET {D}/accounts/modified": charts.list_modified_accounts,
    f"GET {D}/accounts/amounts/modified": lines.list_modified_amounts,
    f"GET {D}/vatcodes": charts.list_vat_codes,
    f"GET {D}/currencies": charts.list_currencies,
    f"GET {D}/costcentres": charts.list_cost_centres,
    f"PUT {D}/costcentres": charts.put_cost_centre,
    f"GET {D}/costcentres/active": charts.list_active_cost_centres,
    f"GET {D}/relations": relations.list_relations,
    f"PUT {D}/relations": relations.put_relation,
    f"GET {D}/relations/modified": relations.list_modified,
    f"GET {D}/buysellbookings": bookings.get_booking("bookings"),
    f"POST {D}/buysellbookings": bookings.create_booking,
    f"PUT {D}/buysellbookings": bookings.replace_booking,
    f"GET {D}/buysellbookings/modified": bookings.list_modified("bookings"),
    f"GET {D}/financialdiversbookings": bookings.get_booking("financial_bookings"),
    f"POST {D}/financialdiversbookings": bookings.create_financial,
    f"PUT {D}/financialdiversbookings": bookings.replace_financial,
    f"GET {D}/financialdiversbookings/modified": bookings.list_modified("financial_bookings"),
    f"GET {_YEAR}/bookings/modified": lines.list_modified_lines,
    f"POST {_YEAR}/bookings/attachements": bookings.attach_file,
    f"GET {D}/balancings/modified": balancings.list_modified,
    f"POST {D}/balancings": balancings.create_balancing,
    f"DELETE {D}/balancings/delete": balancings.delete_pair,
    f"DELETE {D}/balancings/bookingline/delete": balancings.delete_of_line,
    f"DELETE {D}/balancings/document/delete": balancings.delete_of_document,
    **{f"POST {D}/reports/{who}/open": reports.open_report(who) for who in reports.WHO},
    **{f"POST {D}/reports/{who}/history": reports.history_report(who) for who in reports.WHO},
    f"GET {D}/bank/invoices": reports.bank_invoices,
    f"GET {D}/rappels": reports.reminders,
    **modules.OPERATIONS,
}

OPERATIONS = frozenset(_OPEN_DOOR) - {_PUBLISHED} | frozenset(_BEHIND_TOKEN)


def _no_such_operation(_call: Call) -> Answer:
    """A path or method that the API does not have: 404 without a body (inferred)."""
    return Answer(b"", 404)


def routes(company: Company) -> list[Route]:
    """The routes of the stand-in below PREFIX; tokens live as long as the list does."""
    sessions = Sessions()
    handlers: dict[str, Handler] = {name: at_the_door(sessions, make) for name, make in _OPEN_DOOR.items()}
    handlers |= {name: behind_dossier_token(sessions, make) for name, make in _BEHIND_TOKEN.items()}
    made = []
    for name, handler in handlers.items():
        method, path = name.split(" ", 1)
        made.append(Route(PREFIX + path, operation(company, VENDOR, name, handler), methods=[method]))

    async def elsewhere(request: Request) -> Response:
        name = f"{request.method} {request.url.path.removeprefix(PREFIX)}"
        return await unlisted_operation(company, VENDOR, name, _no_such_operation)(request)

    for method, path, sign_in in (("GET", AUTHORIZE, oauth.authorise), ("POST", TOKEN, oauth.grant)):
        name = f"{method} {path}"
        handler = at_the_door(sessions, sign_in)
        made.append(Route(path, operation(company, VENDOR, name, handler), methods=[method]))
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [*made, Route(PREFIX + "/{rest:path}", elsewhere, methods=methods)]
