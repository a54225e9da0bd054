"""Undoing a merge from its pack: the company that went is made again, and what the survivor took over is taken back.

What somebody changed since stays as it is, and is told. What cannot come back is told too: the vendor gives a new
company a new id, and its API neither takes nor shows a number of things.
"""

from __future__ import annotations

import msgspec

from octowizard.customers import merge_rules
from octowizard.customers.undo_pack import Merge, Pack, Relink
from octowizard.locale import _
from octowizard.outbox import companies
from octowizard.outbox.kinds import COMPANY
from octowizard.outbox.merging import NOT_FOUND
from octowizard.outbox.recovery import wait_and_settle, write_surely
from octowizard.teamleader.client import Teamleader
from octowizard.transport.errors import Refused
from octowizard.workspace import links, undo_packs
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """A merge that was undone. `company`: the id it has now; `made`: whether it had to be made again.

    `lost`: what does not come back; `stays`: fields of the survivor that somebody has changed since.
    """

    pack: int
    company: str
    name: str
    survivor: str
    made: bool
    lost: tuple[str, ...]
    stays: tuple[str, ...]


class NothingToUndo(Exception):
    """There is no such merge, or it has been undone; the message is one sentence."""


def undoable(workspace: Workspace) -> list[undo_packs.Pack]:
    """Merges that can be undone, oldest first."""
    return undo_packs.packs(workspace, "begun", "merged", "undoing")


async def undo(workspace: Workspace, teamleader: Teamleader, number: int) -> Undone:
    """Undo the merge of this pack, from wherever it is.

    Raises NothingToUndo, VendorError, StillInDoubt: then the same call goes on where it ended.
    """
    row = undo_packs.pack(workspace, number)
    if row is None:
        raise NothingToUndo(_("There is no merge {number} to undo.").format(number=number))
    if row.state not in ("begun", "merged", "undoing"):
        raise NothingToUndo(_("The merge {number} has been undone already.").format(number=number))
    merge = Merge.of(workspace, teamleader, row)
    undo_packs.advance(workspace, number, "undoing")
    await merge.settle()  # a deletion may still be at work
    there, made = await _restored(merge)
    for contact in merge.pack.contacts:
        await _give_back(merge, contact, there)
    survivor = await merge.company(row.survivor)
    stays: list[str] = []
    if survivor is not None:
        fields, stays = merge_rules.take_back(survivor, merge.pack.added)
        if fields:
            await merge.make("update", row.survivor, fields=fields)
    _restore_links(merge, there)
    return Undone(
        pack=number,
        company=there,
        name=merge.name,
        survivor=row.survivor,
        made=made,
        lost=cannot_come_back(merge.pack, there) if made else (),
        stays=tuple(stays),
    )


async def undo_alone(workspace: Workspace, teamleader: Teamleader, number: int) -> Undone:
    """As `undo`, holding the lock of the workspace. Raises WorkspaceLocked too."""
    with only_one(workspace.path.parent, "octowizard duplicates undo"):
        await teamleader.me()  # tells Teamleader's clock, by which a new company is known again
        return await undo(workspace, teamleader, number)


async def _restored(merge: Merge) -> tuple[str, bool]:
    """The id of the company that went, and whether it was made again: its own id while it is there."""
    workspace, teamleader, row = merge.workspace, merge.teamleader, merge.row
    key = f"undo/{row.id}"
    await wait_and_settle(COMPANY, workspace, teamleader, about=key)
    made = companies.made_for(workspace, key)
    if made is None:
        if await merge.company(row.gone) is not None:
            return row.gone, False
        relation, number, how = merge.pack.gone_link or (0, 0, "imported")
        again = companies.NewCustomer(
            key=key,
            label=merge.name,
            type="company",
            fields=body_of(merge.pack),
            relation=relation,
            external_number=number,
            how=how,
        )
        await write_surely(COMPANY, workspace, teamleader, again)
        made = companies.made_for(workspace, key)
        assert made is not None  # it stands when that returns
    return made, True


def body_of(pack: Pack) -> dict[str, object]:
    """The body of companies.add that makes the company that went once more: all that the API takes."""
    gone = pack.gone_company
    raw = msgspec.json.decode(pack.gone)
    fields: dict[str, object] = {
        "name": gone.name,
        "vat_number": gone.vat_number,
        "national_identification_number": gone.national_identification_number,
        "emails": [{"type": e.type, "email": e.email} for e in gone.emails],
        "telephones": [{"type": t.type, "number": t.number} for t in gone.telephones],
        "website": gone.website,
        "addresses": [merge_rules.address_body(entry) for entry in gone.addresses],
        "iban": gone.iban,
        "bic": gone.bic,
        "language": gone.language,
        "remarks": gone.remarks,
        "tags": list(gone.tags),
        "preferred_currency": gone.preferred_currency,
        "business_type_id": gone.business_type.id if gone.business_type else None,
        "responsible_user_id": (raw.get("responsible_user") or {}).get("id"),
        "price_list_id": (raw.get("price_list") or {}).get("id"),
        "marketing_mails_consent": raw.get("marketing_mails_consent"),
        "custom_fields": [
            {"id": field.definition.id, "value": field.value}
            for field in gone.custom_fields
            if field.value not in (None, "", [])
        ],
    }
    return {name: value for name, value in fields.items() if value not in (None, [])}


async def _give_back(merge: Merge, contact: Relink, company: str) -> None:
    """The contact works for the company again, and no longer for the survivor if it did not before."""
    try:
        works_for = {link.company.id for link in (await merge.teamleader.contact(contact.contact)).companies}
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return  # deleted since: nothing to give back
    if company not in works_for:
        await merge.link(contact, company)
    if not contact.linked and merge.row.survivor in works_for:
        await merge.make("unlink", merge.row.survivor, contact=contact.contact)


def _restore_links(merge: Merge, there: str) -> None:
    """The links to Octopus as they were; one that was made or changed since stays."""
    pack, row = merge.pack, merge.row
    moved = links.customers(merge.workspace).get(row.survivor)
    unlink: tuple[str, ...] = ()
    if pack.gone_link and pack.survivor_link is None and moved and moved.relation == pack.gone_link[0]:
        unlink = (row.survivor,)
    link = (links.CustomerLink(there, *pack.gone_link),) if pack.gone_link else ()
    undo_packs.advance(merge.workspace, row.id, "undone", unlink=unlink, link=link)


def cannot_come_back(pack: Pack, there: str) -> tuple[str, ...]:
    """What an undone merge does not bring back, in sentences."""
    gone = pack.gone_company
    raw = msgspec.json.decode(pack.gone)
    losses = [
        _("Its old id {old}: it has a new one, {new}, and links to its old page lead nowhere.").format(
            old=gone.id, new=there
        ),
        _("The day it was added, and its history in Teamleader."),
        _("Its VAT type and its customer number of the accounting package, which the API never shows."),
    ]
    if gone.payment_term is not None:
        losses.append(_("Its payment term: the API does not take one."))
    if gone.status == "deactivated":
        losses.append(_("That it was deactivated: the API cannot do that."))
    if gone.invoicing_preferences and gone.invoicing_preferences.electronic_invoicing_address:
        losses.append(_("Where its electronic invoices go: the API does not take it."))
    if any(
        link.get("secondary_position") or link.get("division") for link in raw.get("related_contacts") or ()
    ):
        losses.append(_("Second positions and divisions of its contacts: the API does not take them."))
    losses.append(
        _(
            "For thirty days the original lies in Teamleader's recycle bin: restored there, it has its old id and "
            "history. Then delete the new one."
        )
    )
    return tuple(losses)
