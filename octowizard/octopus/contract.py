"""What octowizard takes from the vendor's contract at run time: how often a call may be made in a day.

Read from the package data `contract.json`, not typed in a second time. Shapes are in models.py and bookings.py.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct, field

# The contract gives one operation two limits: 2 a day for the whole list, 400 with a search parameter.
LIST_RELATIONS = "GET /dossiers/{dossierId}/relations"
SEARCH_RELATIONS = f"{LIST_RELATIONS} (search)"


class _Operation(Struct, gc=False):
    limit: int | None = field(default=None, name="x-max-calls-per-day")
    limit_with_search: int | None = field(default=None, name="x-max-calls-per-day-with-search")


class _PathItem(Struct, gc=False):
    get: _Operation | None = None
    post: _Operation | None = None
    put: _Operation | None = None
    delete: _Operation | None = None


class _Contract(Struct, gc=False):
    paths: dict[str, _PathItem]


@cache
def limits() -> dict[str, int | None]:
    """Calls a day for each operation ("GET /dossiers/{dossierId}/accounts"); None where none is published."""
    body = files(__package__).joinpath("contract.json").read_bytes()
    by_operation: dict[str, int | None] = {}
    for path, item in msgspec.json.decode(body, type=_Contract).paths.items():
        for method in ("get", "post", "put", "delete"):
            operation: _Operation | None = getattr(item, method)
            if operation is not None:
                by_operation[f"{method.upper()} {path}"] = operation.limit
                if operation.limit_with_search is not None:
                    by_operation[f"{method.upper()} {path} (search)"] = operation.limit_with_search
    return by_operation


def max_calls_per_day(operation: str) -> int | None:
    """The published limit of an operation, None where there is none. KeyError: the contract has no such operation."""
    return limits()[operation]
