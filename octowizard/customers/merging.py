"""Merging two companies of Teamleader through its API, where that is enough: a bare duplicate goes, one survives.

Bare is what an import made and nobody has used: it bears the tag of the import, and no invoice, credit note or
company hangs on it. (Deals, projects and tickets the API as octowizard knows it does not show; Teamleader refuses to
delete a company that has them, and then all is put back.) The order is: undo pack, blanks and lists to the survivor,
contacts to the survivor, and only then the deletion, so that at no moment anything is nowhere. A merge that was cut
off is finished, or undone, from its pack.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from octowizard.customers import directory, merge_rules, review
from octowizard.customers.merge_rules import Blocked, Conflict, Fill
from octowizard.customers.undo import undo
from octowizard.customers.undo_pack import Merge, Pack, Relink, company_and_json
from octowizard.locale import _
from octowizard.outbox.door import StillInDoubt
from octowizard.outbox.merging import NOT_FOUND
from octowizard.progress import Stop
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import IMPORT_TAG, Company, Ref
from octowizard.transport.errors import Forbidden, LimitReached, Refused, SignInRefused, VendorError, plainly
from octowizard.workspace import links, undo_packs
from octowizard.workspace.db import Workspace
from octowizard.workspace.lock import only_one

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What merging two companies would do. `why`: what they share beside their names."""

    survivor: Company
    gone: Company
    fields: dict[str, Any]  # as they will be sent
    fills: tuple[Fill, ...]
    conflicts: tuple[Conflict, ...]
    contacts: tuple[Relink, ...]
    relation: int | None  # the relation whose link goes over to the survivor
    why: tuple[merge_rules.Agreement, ...]
    pack: Pack
    apart: tuple[str, str] = ("", "")  # who stays and who goes, told apart from others of their names

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is lost for good, since the API neither shows nor sets it."""
        warnings = [
            _(
                "Its id, its creation date and its history in Teamleader do not come back, even when this is undone."
            )
        ]
        if IMPORT_TAG not in self.survivor.tags:
            warnings.append(
                _(
                    "The survivor takes over the tag “{tag}”: do not delete the segment of that tag afterwards."
                ).format(tag=IMPORT_TAG)
            )
        if self.relation is None and self.pack.gone_link is None:
            warnings.append(
                _(
                    "If Teamleader's own integration imported it, its customer number goes with it: the API "
                    "cannot carry it over. Enter it on the survivor, or merge them in Teamleader."
                )
            )
        return tuple(warnings)


class NotMerged(msgspec.Struct, frozen=True):
    """Two companies that the API cannot merge, and why. `gone` is the one that would have gone."""

    survivor: str
    gone: str
    name: str
    blocked: Blocked


class Merged(msgspec.Struct, frozen=True):
    """A merge that is done. `pack` is the number to undo it by."""

    pack: int
    survivor: str
    gone: str
    name: str


async def plan(
    workspace: Workspace, teamleader: Teamleader, one: str, other: str, *, settled: bool = False
) -> Plan | NotMerged:
    """Look at both companies as they are now; which stays, `review.survivor` says, unless it is `settled`: then `one`.

    Raises VendorError.
    """
    first, second = await company_and_json(teamleader, one), await company_and_json(teamleader, other)
    if first is None or second is None:
        return NotMerged(one, other, "", Blocked("gone", _("One of the two is not there any more.")))
    turned = not settled and _second_stays(workspace, first[0], second[0])
    (kept, kept_raw), (going, going_raw) = (second, first) if turned else (first, second)
    documents = await teamleader.documents_of(Ref("company", going.id))
    blocked = merge_rules.forbidden(kept, going) or merge_rules.not_bare(kept, going, len(documents))
    known = links.customers(workspace)
    ours, theirs = known.get(kept.id), known.get(going.id)
    if blocked is None and ours and theirs and ours.relation != theirs.relation:
        text = _("They are linked with two relations of Octopus, {one} and {other}: first make one of those.")
        blocked = Blocked("two_relations", text.format(one=ours.relation, other=theirs.relation))
    if blocked is not None:
        return NotMerged(kept.id, going.id, going.name, blocked)
    folded = merge_rules.fold(kept, going)
    linked = {contact.id for contact in kept.related_contacts}
    contacts = tuple(
        Relink(c.id, c.position, c.is_decision_maker, c.id in linked) for c in going.related_contacts
    )
    return Plan(
        survivor=kept,
        gone=going,
        fields=folded.fields,
        fills=folded.fills,
        conflicts=folded.conflicts,
        contacts=contacts,
        relation=theirs.relation if theirs and not ours else None,
        why=tuple(sorted(merge_rules.agreements(kept, going))),
        pack=Pack(
            gone=msgspec.Raw(going_raw),
            survivor=msgspec.Raw(kept_raw),
            added=folded.added,
            contacts=contacts,
            gone_link=_link(theirs),
            survivor_link=_link(ours),
        ),
    )


def _second_stays(workspace: Workspace, first: Company, second: Company) -> bool:
    two = [directory.company(one) for one in (first, second)]
    return review.survivor((0, 1), [one.customer for one in two], review.known(workspace, two)) == 1


def _link(link: links.CustomerLink | None) -> tuple[int, int, str] | None:
    return (link.relation, link.external_number, link.how) if link else None


async def merge(workspace: Workspace, teamleader: Teamleader, wanted: Plan) -> Merged | NotMerged:
    """Merge them as planned. The plan must be fresh. Raises VendorError and StillInDoubt: then `finish` goes on."""
    number = undo_packs.begin(workspace, wanted.gone.id, wanted.survivor.id, _encode(wanted.pack))
    row = undo_packs.pack(workspace, number)
    assert row is not None
    return await _carry_out(Merge.of(workspace, teamleader, row), wanted.survivor, wanted.gone)


async def finish(workspace: Workspace, teamleader: Teamleader, number: int) -> Merged | NotMerged:
    """Bring a merge that was cut off to its end; what stands is looked up, not assumed.

    When it turns out that the two may not be merged any more, what was done is undone. Raises as `merge`.
    """
    row = undo_packs.pack(workspace, number)
    if row is None or row.state != "begun":
        raise ValueError(f"pack {number} is not one of a merge under way")
    merge = Merge.of(workspace, teamleader, row)
    await merge.settle()
    going, staying = await merge.company(row.gone), await merge.company(row.survivor)
    if staying is None:
        return await _put_back(merge, _survivor_gone())
    if going is not None:
        blocked = _changed(merge.pack.gone_company, going) or merge_rules.forbidden(staying, going)
        if blocked is not None:
            return await _put_back(merge, blocked)
    return await _carry_out(merge, staying, going)


async def _carry_out(merge: Merge, staying: Company, going: Company | None) -> Merged | NotMerged:
    """Every step that is still to be made, or all put back. `going` None: it is gone already."""
    workspace, row = merge.workspace, merge.row
    try:
        blocked = await _steps(merge, staying, going)
    except Refused as refused:
        if not _is_no(refused):
            raise
        blocked = Blocked("refused", plainly(refused), str(refused))
    if blocked is not None:
        return await _put_back(merge, blocked)
    over = links.customers(workspace).get(row.gone)
    moved: tuple[links.CustomerLink, ...] = ()
    if over is not None and merge.pack.survivor_link is None:
        moved = (over._replace(customer=row.survivor),)
    undo_packs.advance(workspace, row.id, "merged", unlink=(row.gone,), link=moved)
    directory.forget(workspace, (row.gone,))
    return Merged(row.id, row.survivor, row.gone, merge.name)


async def _steps(merge: Merge, staying: Company, going: Company | None) -> Blocked | None:
    row, gone = merge.row, merge.pack.gone_company
    if missing := merge_rules.fold(staying, gone).fields:
        await merge.make("update", row.survivor, fields=missing)
    linked = {contact.id for contact in staying.related_contacts}
    for contact in merge.pack.contacts:
        if contact.contact not in linked:
            try:
                await merge.link(contact, row.survivor)
            except Refused as refused:
                if refused.status != NOT_FOUND:
                    raise  # a contact that was deleted meanwhile is nobody's any more
    if going is None:
        return None
    # Once more just before: something may have been made out to it in the meantime, or somebody else merged, the
    # other way round; then deleting this one too would leave neither.
    survivor, last_look = await merge.company(row.survivor), await merge.company(row.gone)
    if survivor is None:
        return _survivor_gone()
    if last_look is None:
        return None
    documents = await merge.teamleader.documents_of(Ref("company", going.id))
    blocked = _changed(gone, last_look) or merge_rules.not_bare(survivor, last_look, len(documents))
    if blocked is None:
        await merge.make("delete", row.gone)
    return blocked


def _survivor_gone() -> Blocked:
    return Blocked("gone", _("The company that was to stay is not there any more."))


def _is_no(refused: Refused) -> bool:
    """Whether the vendor refused this very request, not the sign-in or calls in general."""
    return not isinstance(refused, SignInRefused | LimitReached)


def _changed(before: Company, now: Company) -> Blocked | None:
    """Block a merge when the company that goes was edited since the pack was written: undo would lose the edit."""
    contacts = {contact.id for contact in now.related_contacts}
    if now.updated_at == before.updated_at and contacts == {c.id for c in before.related_contacts}:
        return None
    return Blocked("changed", _("{name} was changed meanwhile: look again.").format(name=now.name))


async def _put_back(merge: Merge, blocked: Blocked) -> NotMerged:
    back = await undo(merge.workspace, merge.teamleader, merge.row.id)
    return NotMerged(merge.row.survivor, merge.row.gone, back.name, blocked)


# --- which ones ------------------------------------------------------------------------------------------


class Candidate(NamedTuple):
    """Two companies that are surely one, as the matching says. `why` in words.

    `settled`: which one stays was chosen among all that are the same; else `plan` chooses.
    """

    survivor: str
    gone: str
    name: str
    score: float
    why: tuple[str, ...]
    settled: bool = False


def candidates(workspace: Workspace, without: Sequence[tuple[str, str]] = ()) -> list[Candidate]:
    """Each company that surely is another one, with the one that stays of all that are the same.

    They are among the pairs that `review.queue` shows: nothing is merged that nobody could look at. One of the two at
    least bears the tag of an import. Computed, not read: some seconds with thousands of companies, so call it in a
    thread of its own. `without`: pairs (survivor, gone) to leave out.
    """
    from octowizard.matching.evidence_text import sentence

    left_out = {frozenset(pair) for pair in without}
    pairs = review.queue(workspace, "within")
    proposed: list[Candidate] = []
    for place in range(len(pairs)):
        if pairs.kind(place) == "doubtful":
            continue
        case = pairs.case(place)
        two = (case.left, case.right) if case.keep == "left" else (case.right, case.left)
        kept, gone = two
        tagged = any(IMPORT_TAG in one.tags for one in two)
        companies = all(one.kind == "company" for one in two)
        if case.zone == "sure" and companies and tagged and frozenset((kept.key, gone.key)) not in left_out:
            why = tuple(sentence(evidence) for evidence in case.why)
            proposed.append(Candidate(kept.key, gone.key, gone.name, case.score, why, settled=True))
    return proposed


# --- many of them ----------------------------------------------------------------------------------------


class Progress(NamedTuple):
    """How far it is."""

    done: int
    total: int


Step = Progress | Merged | NotMerged
Outcome = Literal["complete", "attention", "cancelled", "unreachable"]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How the merging of several pairs ended. `left`: pairs that were not tried; begun again, it goes on with them."""

    outcome: Outcome
    merged: tuple[Merged, ...]
    not_merged: tuple[NotMerged, ...]
    left: int
    message: str = ""
    vendor_text: str = ""  # the vendor's own words behind it


def _cause(error: StillInDoubt | VendorError) -> VendorError:
    return error.cause if isinstance(error, StillInDoubt) else error


def under_way(workspace: Workspace) -> list[undo_packs.Pack]:
    """Merges and undoings that were cut off."""
    return undo_packs.packs(workspace, "begun", "undoing")


async def plans(
    workspace: Workspace,
    teamleader: Teamleader,
    wanted: Sequence[Candidate],
    tell: Callable[[Progress], None],
    stop: Stop,
) -> list[Plan | NotMerged]:
    """What merging each of them would do: four calls for each; when asked to stop, those so far. Raises VendorError."""
    planned: list[Plan | NotMerged] = []
    apart = await _told_apart(workspace, {key for each in wanted for key in (each.survivor, each.gone)})
    for candidate in wanted:
        tell(Progress(len(planned), len(wanted)))
        if stop.requested:
            break
        made = await _planned(workspace, teamleader, candidate)
        if isinstance(made, Plan):
            two = (apart.get(one.id, f"{one.name} ({one.id})") for one in (made.survivor, made.gone))
            made = msgspec.structs.replace(made, apart=(next(two), next(two)))
        planned.append(made)
    return planned


async def _told_apart(workspace: Workspace, keys: set[str]) -> dict[str, str]:
    """As `review.told_apart`, off the event loop, on a connection of its own."""

    def computed() -> dict[str, str]:
        with Workspace(workspace.path) as own:
            return review.told_apart(own, keys)

    return await asyncio.to_thread(computed)


async def _planned(workspace: Workspace, teamleader: Teamleader, pair: Candidate) -> Plan | NotMerged:
    return await plan(workspace, teamleader, pair.survivor, pair.gone, settled=pair.settled)


async def merge_all(
    workspace: Workspace,
    teamleader: Teamleader,
    wanted: Sequence[Candidate],
    tell: Callable[[Step], None],
    stop: Stop,
) -> Ended:
    """First end what was cut off, then merge these, one after the other; each is looked at afresh.

    Holds the lock of the workspace. Raises WorkspaceLocked, SignInRefused and Forbidden.
    """
    results: list[Merged | NotMerged] = []
    done, message, vendor_text = 0, "", ""
    outcome: Outcome = "complete"
    with only_one(workspace.path.parent, "octowizard duplicates merge"):
        pairs: list[undo_packs.Pack | Candidate] = [*under_way(workspace), *wanted]
        for pair in pairs:
            tell(Progress(done, len(pairs)))
            if stop.requested:
                outcome = "cancelled"
                break
            try:
                result = await _merge_pair(workspace, teamleader, pair)
            except (SignInRefused, Forbidden):
                raise
            except (StillInDoubt, VendorError) as error:
                if not (isinstance(error, Refused) and _is_no(error)):
                    outcome, cause = "unreachable", _cause(error)
                    message, vendor_text = plainly(cause), str(cause)
                    break
                # This one is stuck; the others need not wait.
                name = pair.name if isinstance(pair, Candidate) else ""
                result = NotMerged(
                    pair.survivor, pair.gone, name, Blocked("refused", plainly(error), str(error))
                )
            done += 1
            if result is not None:
                results.append(result)
                tell(result)
        else:
            tell(Progress(done, len(pairs)))
    not_merged = tuple(result for result in results if isinstance(result, NotMerged))
    return Ended(
        outcome="attention" if outcome == "complete" and not_merged else outcome,
        merged=tuple(result for result in results if isinstance(result, Merged)),
        not_merged=not_merged,
        left=len(pairs) - done,
        message=message,
        vendor_text=vendor_text,
    )


async def _merge_pair(
    workspace: Workspace, teamleader: Teamleader, pair: undo_packs.Pack | Candidate
) -> Merged | NotMerged | None:
    """End a merge, or an undoing (None), that was cut off; merge two companies as they are now."""
    if isinstance(pair, Candidate):
        planned = await _planned(workspace, teamleader, pair)
        return planned if isinstance(planned, NotMerged) else await merge(workspace, teamleader, planned)
    if pair.state == "undoing":
        await undo(workspace, teamleader, pair.id)
        return None
    return await finish(workspace, teamleader, pair.id)


async def all_candidates(workspace: Workspace, without: Sequence[tuple[str, str]] = ()) -> list[Candidate]:
    """As `candidates`, off the event loop, on a connection of its own."""

    def computed() -> list[Candidate]:
        with Workspace(workspace.path) as own:
            return candidates(own, without)

    return await asyncio.to_thread(computed)
