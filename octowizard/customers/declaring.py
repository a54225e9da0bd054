"""Takes what an export of Teamleader declares into the workspace, for the checks: VAT type and customer number.

Not here: what the columns of a file mean (`exports.py`), and what is wrong with what is declared (`checks/`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from octowizard.customers import document_list, exports
from octowizard.customers.by_hand import BadTable, ByHand
from octowizard.customers.declared_lists import ListedDocument
from octowizard.customers.exports import Export, Reading
from octowizard.locale import _
from octowizard.matching.record import Customer
from octowizard.workspace import declared
from octowizard.workspace.declarations import What
from octowizard.workspace.declared import DeclaredCustomer
from octowizard.workspace.forget import workspace_of
from octowizard.workspace.profiles import Profile

_LONGEST = 9  # digits of a number of a relation: Octopus counts them in 32 bits


def declare(
    root: Path,
    profile: Profile,
    files: Mapping[Path, ByHand],
    now: datetime,
    tell: Callable[[Reading], None] = lambda _reading: None,
) -> int:
    """Keep what these exports declare, instead of what was declared before; how many customers that are.

    `tell` is told how each was read.

    Raises BadTable for a file that cannot be read, holds no customer or has neither of the two columns; then what
    was declared before stands. Raises WorkspaceError and ProfileError.
    """
    read: list[DeclaredCustomer] = []
    for file, by_hand in files.items():
        export = read_export(file, by_hand)
        tell(export.reading)
        read += _rows(export)
    with workspace_of(root, profile) as workspace:
        declared.keep(workspace, read, now)
    return len(read)


def read_export(file: Path, by_hand: ByHand) -> Export:
    """An export that declares something. BadTable in one sentence."""
    export = exports.read(file, by_hand, declared=True)
    if not export.fields & {"vat_type", "external"}:
        raise BadTable(
            _(
                "{file} has neither a column VAT type nor Accounting package customer number: "
                "choose them in Teamleader and export again."
            ).format(file=export.name)
        )
    if not export.customers:
        raise BadTable(_("{file} holds no customer below its titles.").format(file=export.name))
    return export


def read_list(
    file: Path, what: What, by_hand: ByHand, tell: Callable[[Reading], None]
) -> tuple[Customer, ...] | tuple[ListedDocument, ...]:
    """The rows of a list that stands for a side which is not connected. BadTable in one sentence.

    One without rows says that there are none. Relations bear their number, by which answers name them.
    """
    if what in ("invoices", "credit_notes"):
        documents, reading = document_list.read(file, by_hand, credit_notes=what == "credit_notes")
        tell(reading)
        return documents
    export = exports.read(file, by_hand)
    tell(export.reading)
    if what == "relations" and not _is_numbered(export):
        raise BadTable(
            _(
                "{file} does not show the number of each relation, once each: choose the column with it in Octopus, "
                "and export again."
            ).format(file=export.name)
        )
    if what == "companies" and "relation" in export.fields:
        raise BadTable(
            _(
                "{file} shows numbers of relations ({column}): it is a list of Octopus. Take it in as relations, or "
                "export the companies of Teamleader."
            ).format(
                file=export.name,
                column=next(column for column, field in export.reading.taken if field == "relation"),
            )
        )
    return tuple(export.customers)


def _is_numbered(export: Export) -> bool:
    """Whether each row bears a number of Octopus, another one each: a row without has that of the row as its key."""
    keys = [row.key for row in export.customers]
    return (
        export.has_ids
        and len({*keys}) == len(keys)
        and all(key.isdecimal() and key.isascii() and len(key) <= _LONGEST for key in keys)
        and ("relation" not in export.fields or all(row.external == row.key for row in export.customers))
    )


def refuse_twice(file: Path, rows: Sequence[ListedDocument], other: Sequence[ListedDocument]) -> None:
    """BadTable where a document stands in the `other` list too: nothing is both an invoice and a credit note."""
    known = {one.id or one for one in other}
    for one in rows:
        if (one.id or one) in known:
            raise BadTable(
                _(
                    "{file}: {number} was taken in already, as the other kind of document: invoices and credit notes "
                    "are two lists. Export the right one."
                ).format(file=file.name, number=one.number)
            )


def declared_by(file: Path, by_hand: ByHand) -> list[DeclaredCustomer]:
    """What an export of Teamleader declares of its customers besides; nothing where it has neither column."""
    export = exports.read(file, by_hand, declared=True)
    return list(_rows(export)) if export.fields & {"vat_type", "external"} else []


def _rows(export: Export) -> Iterator[DeclaredCustomer]:
    for customer, facts in zip(export.customers, export.declared, strict=True):
        yield DeclaredCustomer(
            customer=facts.id or f"{export.name}/{facts.key}",
            source=export.name,
            kind="contact" if customer.kind == "person" else "company",
            name=customer.name,
            vat_number=customer.vat,
            country=customer.country,
            street=f"{customer.street} {customer.number}".strip(),
            postcode=customer.postcode,
            vat_type=facts.vat_type if "vat_type" in export.fields else None,
            external=facts.external if "external" in export.fields else None,
        )
