"""The table of all writes: one row per kind, in the order in which doubts are settled.

A new kind of write is a row here, its name in `workspace/intents.py`, and a module of this room with what the row
names: the body that the intent remembers, how it is sent, how it is looked up. `door.py` does the rest; what the
columns mean stands there, in `WriteKind`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from octowizard.octopus.bookings import FinancialDiversBooking
from octowizard.octopus.client import Octopus
from octowizard.octopus.models import Relation
from octowizard.outbox import bookings, changes, companies, merging, mirror, payments, relations
from octowizard.outbox.door import POST_BOOKING, PUT_RELATION, WriteKind
from octowizard.outbox.lookup import Standing, each
from octowizard.teamleader.client import Teamleader
from octowizard.workspace.intents import Kind

# A relation made of a customer. Octopus merges relations of equal external numbers: no double can be made.
RELATION: Final = WriteKind[Octopus, relations.CustomerRelation, Relation](
    name="relation",
    vendor="Octopus",
    by_sync="first",
    limited=PUT_RELATION,
    body=relations.CustomerRelation,
    subject=lambda body: body.customer,
    key=lambda body: str(body.number),
    label=lambda body: body.relation.name,
    stored=lambda body: body.relation,
    restored=relations.restored,
    send=relations.send,
    look=each(relations.look),
    links=relations.links_of,
)

# A document booked in a sales journal. -13 may be our own booking: what stands at the number is compared first.
BOOKING: Final = WriteKind[Octopus, bookings.DocumentBooking, Standing](
    name="booking",
    vendor="Octopus",
    by_sync="first",
    limited=POST_BOOKING,
    body=bookings.DocumentBooking,
    subject=lambda body: body.document,
    key=lambda body: "/".join(map(str, body.place)),
    label=lambda body: f"{body.booking.comment} → {body.place[1]}/{body.place[2]}",
    stored=lambda body: (body.kind, body.booking),
    restored=bookings.restored,
    send=bookings.send,
    look=bookings.look,
    is_same=lambda body, standing: standing.is_same(body.booking),
    doubts_refusal=bookings.is_number_refused,
    failed=bookings.failed,
    links=bookings.links_of,
)

# A match in Octopus registered as a payment in Teamleader, which refuses no double.
PAYMENT: Final = WriteKind[Teamleader, payments.PaymentBody, Literal[True]](
    name="payment",
    vendor="Teamleader",
    by_sync="in_turn",
    body=payments.PaymentBody,
    subject=lambda body: body.document,
    key=lambda body: body.key,
    label=lambda body: body.number,
    send=payments.send,
    look=each(payments.look),
    links=lambda body, _record: (body.link("registered"),),
    settles="when_found",
)

# A payment of Teamleader booked as a receipt in Octopus ...
MIRROR_RECEIPT: Final = WriteKind[Octopus, mirror.MirrorBody, FinancialDiversBooking](
    name="mirror_booking",
    vendor="Octopus",
    by_sync="in_turn",
    body=mirror.MirrorBody,
    subject=lambda body: body.document,
    key=lambda body: body.match_key,
    label=lambda body: body.number,
    send=mirror.send_receipt,
    look=mirror.look_receipts,
    is_same=mirror.is_receipt,
)

# ... and that receipt matched with the invoice.
MIRROR_MATCH: Final = WriteKind[Octopus, mirror.MirrorBody, str](
    name="mirror_match",
    vendor="Octopus",
    by_sync="in_turn",
    body=mirror.MirrorBody,
    subject=lambda body: body.document,
    key=lambda body: body.match_key,
    label=lambda body: body.number,
    send=mirror.send_match,
    look=each(mirror.look_match),
    links=lambda body, _record: (body.link,),
)

# A change of the set-up that the user has agreed to, at either vendor; made again only when asked for again.
CHANGE: Final = WriteKind[changes.Clients, changes.Change, changes.Record](
    name="change",
    vendor="both",
    body=changes.Change,
    subject=lambda body: body.key,
    key=lambda body: body.key,
    label=lambda body: body.label,
    send=changes.send,
    look=each(changes.look),
    is_same=changes.is_made,
)

# A company or contact made in Teamleader, which has no key for a new one and lists it with a delay.
COMPANY: Final = WriteKind[Teamleader, companies.NewCustomer, str](
    name="company",
    vendor="Teamleader",
    body=companies.NewCustomer,
    subject=lambda body: body.key,
    key=lambda body: body.key,
    label=lambda body: body.label,
    send=companies.send,
    look=companies.look,
    links=companies.links_of,
    made=lambda identity: identity,
    settles="later",
)

# A step of merging two companies of Teamleader, or of undoing it. Refused may mean that it is so already.
MERGE_STEP: Final = WriteKind[Teamleader, merging.Step, Literal[True]](
    name="merge",
    vendor="Teamleader",
    body=merging.Step,
    subject=lambda body: body.company,
    key=lambda body: body.key,
    label=lambda body: body.label,
    send=merging.send,
    look=each(merging.look),
    doubts_refusal=merging.may_stand,
    settles="when_found",
)

KINDS: Final[dict[Kind, WriteKind[Any, Any, Any]]] = {
    kind.name: kind
    for kind in (
        RELATION,
        BOOKING,
        PAYMENT,
        MIRROR_RECEIPT,
        MIRROR_MATCH,
        CHANGE,
        COMPANY,
        MERGE_STEP,
    )
}
