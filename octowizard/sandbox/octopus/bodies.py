"""The bodies that Octopus accepts: their members and types, and the reading of them.

A shape is a dict from member name to type; a name ending in `*` is required. Unknown members are ignored and
members that are null count as absent. A wrong type is a bad request; a date that is none breaks the whole
object (500 without a body where the vendor documents that). No business rule lives here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from octowizard.sandbox.octopus.errors import bad_parameters

Json = dict[str, Any]
Shape = dict[str, Any]


class BadDate(ValueError):
    """A date that is none."""


KEY: Shape = {"id*": "int"}
NAMES = [{"language*": "language", "value*": "str"}]
TEXTS: Shape = {f"description_{language}": "str" for language in ("NL", "FR", "EN", "DE")}
CREDENTIALS: Shape = {"user*": "str", "password*": "str"}
FILE: Shape = {"fileName": "str", "fileData": "str"}
RELATION_ID: Shape = {"relationKey": KEY, "externalRelationId": "int"}

ACCOUNT: Shape = {
    "accountKey*": {"bookyearKey*": KEY, "id*": "int", "accountNumberKey": KEY},
    "description": TEXTS,
    "vatRecupPercentage": "num",
    "fiscProfessionalPercentage": "num",
    "fiscRecupPercentage": "num",
    "defaultCostCentreKey": KEY,
}
COST_CENTRE: Shape = {"costCentreKey*": KEY, "description*": TEXTS, "closed*": "bool"}

_RELATION_TEXTS = (
    "name",
    "firstName",
    "streetAndNr",
    "postalCode",
    "city",
    "country",
    "deliveryStreetAndNr",
    "deliveryPostalCode",
    "deliveryCity",
    "deliveryCountry",
    "telephone",
    "email",
    "fax",
    "mobile",
    "url",
    "bankAccountNr",
    "ibanAccountNr",
    "bicCode",
    "profession",
    "contactPerson",
    "remarks",
    "vatNr",
    "searchField1",
    "searchField2",
    "externCustomerNr",
    "sddReference",
    "participantId",
)
_RELATION_NUMBERS = (
    "defaultBookingAccountClient",
    "defaultBookingAccountSupplier",
    "corporationType",
    "vatType",
    "expirationType",
    "expirationDays",
    "sddSeqtype",
    "sddMandateType",
    "factLanguage",
    "supplierPaymentMethod",
    "invoiceDeliveryMethod",
)
RELATION: Shape = {
    "relationIdentificationServiceData*": RELATION_ID,
    "currencyCode*": "str",
    "sddSignatureDate": "date",
    **dict.fromkeys(_RELATION_TEXTS, "str"),
    **dict.fromkeys(_RELATION_NUMBERS, "int"),
    **dict.fromkeys(("client", "supplier", "financialDiscount", "sddActive", "active"), "bool"),
}

_INTRASTAT: Shape = {
    "isoCountrycode": "str",
    "transactionCode": "int",
    "productCode": "str",
    "region": "int",
    "weight": "num",
    "unitCount": "num",
    "transportCode": "int",
    "incoTerms": "str",
    "originCountry": "str",
}
_OVERFLOW: Shape = {
    "beginDate": "date",
    "endDate": "date",
    "overflowBookingPeriodType": "int",
    "accountNr": "int",
}
BOOKING: Shape = {
    "bookyearKey*": KEY,
    "journalKey*": "str",
    "documentSequenceNr*": "int",
    "relationIdentificationServiceData*": RELATION_ID,
    "bookyearPeriodeNr*": "int",
    "documentDate": "date",  # required, but its absence has an error code of its own
    "expiryDate": "date",  # the same
    "comment": "str",
    "orderReference": "str",
    "reference": "str",
    "amount*": "num",
    "currencyCode*": "str",
    "exchangeRate*": "num",
    "bookingLines": [
        {
            "accountKey": "int",
            "baseAmount": "num",
            "vatCodeKey": "str",
            "vatAmount": "num",
            "comment": "str",
            "costCentreKey": KEY,
            "vatRecupPercentage": "num",
            "intrastatServiceData": _INTRASTAT,
            "overflowBookingServiceData": _OVERFLOW,
        }
    ],
    "paymentMethod": "int",
}
BOOKING_REQUEST: Shape = {"buySellBookingServiceData*": BOOKING, "attachments": [FILE]}

FINANCIAL: Shape = {
    "bookyearKey*": KEY,
    "journalKey*": "str",
    "documentSequenceNr*": "int",
    "bookyearPeriodeNr*": "int",
    "documentDate": "date",
    "exchangeRate*": "num",
    "bookingLines": [
        {
            "type*": "str",
            "accountKey": "int",
            "externalRelationId": "int",
            "relationId": "int",
            "reference": "str",
            "amount*": "num",
            "costCentreKey": KEY,
            "codaInfo": {"codaVersion*": {"codaVersion*": "int"}, "codaMoveLineData": ["str"]},
        }
    ],
}
FINANCIAL_REQUEST: Shape = {"financialDiversBookingServiceData*": FINANCIAL, "attachments": [FILE]}

BALANCING_KEY: Shape = {
    "bookyearKey*": KEY,
    "journalKey*": "str",
    "documentSequenceNr*": "int",
    "lineSequenceNr*": "int",
}
BALANCING: Shape = {"debetKey*": BALANCING_KEY, "creditKey*": BALANCING_KEY, "balanceAmount*": "num"}
BALANCING_PAIR: Shape = {"debetKey*": BALANCING_KEY, "creditKey*": BALANCING_KEY}
DOCUMENT_KEY: Shape = {"bookyearKey*": KEY, "journal*": "str", "documentSequenceNr*": "int"}

_SPAN: Shape = {
    "fromBookyearKey*": KEY,
    "toBookyearKey*": KEY,
    "fromBookyearPeriodNr": "int",
    "toBookyearPeriodNr": "int",
}
RELATION_QUERY: Shape = {**_SPAN, "externalRelationId": "int", "relationId": "int"}
ACCOUNT_QUERY: Shape = {**_SPAN, "accountNr": "int"}

_BOOKYEAR_SETTINGS: Shape = {
    "deprecationFullBookyear": "bool",
    "activateDbaNp": "bool",
    "activateDfbNp": "bool",
    "declarantIntrastatReceiver": "bool",
    "declarantIntrastatSender": "bool",
    "visibleFiscalControl": "bool",
}
BOOKYEAR_INSERT: Shape = {
    "names*": NAMES,
    "bookingPeriodType*": "str",
    "fromDate*": "date",
    "toDate*": "date",
    "proRataTemporis*": "bool",
    "declarantType*": "str",
    **_BOOKYEAR_SETTINGS,
}
BOOKYEAR_UPDATE: Shape = {
    "bookyearKey*": KEY,
    "names": NAMES,
    "bookingPeriodType": "str",
    "fromDate": "date",
    "toDate": "date",
    "proRataTemporis": "bool",
    "declarantType": "str",
    **_BOOKYEAR_SETTINGS,
}
BOOKYEAR_BOOK: Shape = {
    "bookyearKey*": KEY,
    "copyAllAccountDescriptions": "bool",
    "closeSourceBookyear": "bool",
}

_JOURNAL_INSERT: Shape = {
    "bookyearKey*": KEY,
    "sequenceNumber*": "int",
    "names*": NAMES,
    "nextDocumentNumber": "int",
    "protectedPeriod": "int",
}
_JOURNAL_UPDATE: Shape = {**_JOURNAL_INSERT, "names": NAMES}
del _JOURNAL_UPDATE["names*"]
_BANK_ACCOUNT: Shape = {
    "bankAccountNumber": "str",
    "bankAccountIban": "str",
    "bankAccountBic": "str",
    "bankAccountClientName": "str",
    "bankAccountClientFirstname": "str",
    "address": {"streetAndNr": "str", "postalCode": "str", "city": "str", "countryCode": "str"},
}
_INVOICING: Shape = {
    "unitPriceScale": "str",
    **dict.fromkeys(("showProduct", "showDescription", "showCostCentre", "showCount", "showUnit"), "bool"),
    **dict.fromkeys(("showUnitPrice", "showDiscount", "showVatCode", "showTotal"), "bool"),
    "customFieldInvoiceList": [KEY],
    "customFieldLineList": [KEY],
}


def journal_request(letter: str, *, insert: bool) -> Shape:
    """The body that creates (`insert`) or changes a journal of the type A, V, F, D or L."""
    star = "*" if insert else ""
    shape: Shape = {
        "commonJournalInsertRequestData*" if insert else "commonJournalUpdateRequestData*": (
            _JOURNAL_INSERT if insert else _JOURNAL_UPDATE
        )
    }
    if letter in "VF":
        shape["bankAccountServiceData"] = _BANK_ACCOUNT
    if letter in "VL":
        shape["invoicingServiceData"] = _INVOICING
    if letter == "V":
        shape["sellJournalInsertionType" + star] = "str"
    if letter == "L":
        shape["deliveryJournalInsertionType" + star] = "str"
    if letter == "F":
        shape["account" + star] = "int"
        shape["currencyCode" + star] = "str"
    return shape


def read(value: Any, shape: Any) -> Any:
    """The known members of `value`. Raises BadDate, or Refused (400) for a wrong type or a missing member."""
    if isinstance(shape, dict):
        return _read_object(value, shape)
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise bad_parameters()
        return [read(item, shape[0]) for item in value]
    if not _FITS[shape](value):
        raise bad_parameters()
    return value


def _read_object(value: Any, shape: Shape) -> Json:
    if not isinstance(value, dict):
        raise bad_parameters()
    known: Json = {}
    missing = False
    for member, kind in shape.items():
        name = member.removesuffix("*")
        given = value.get(name)
        if given is not None:
            known[name] = read(given, kind)
        elif member.endswith("*"):
            missing = True  # the rest is read first: a date that is none weighs more
    if missing:
        raise bad_parameters()
    return known


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return Decimal(-(10**15)) < value < 10**15


def _is_date(value: Any) -> bool:
    """`YYYY-MM-DD` of a real day, and nothing else. Raises BadDate."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise BadDate(value) from None
        return True
    raise BadDate(repr(value))


_FITS: dict[str, Callable[[Any], bool]] = {
    "int": _is_int,
    "num": _is_number,
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "date": _is_date,
    "language": lambda value: value in ("NL", "FR", "EN", "DE"),
}
