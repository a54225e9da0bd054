"""Customers that may be one, and what is done about them: importing, linking, merging, taking a merge back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, duration, labelled
from octowizard.matching.evidence_text import field_name
from octowizard.onboarding.import_losses import left_out, lost
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item, Page, Tone, items, listed
from octowizard.presentation.confirmation import Question, more
from octowizard.presentation.events import time_left
from octowizard.presentation.folds import said_by_vendor

if TYPE_CHECKING:
    from octowizard.customers import importing, merging, smart
    from octowizard.customers.plan import Plan
    from octowizard.customers.review import Case
    from octowizard.customers.undo import Undone

T = TypeVar("T")
SHOWN = 40  # pairs that are named one by one; --json has them all


ZONES = {"sure": "=", "doubtful": "?", "not": "≠"}


def zone_name(zone: str) -> str:
    """How sure it is that two are one."""
    return {
        "sure": _("the same for sure"),
        "doubtful": _("perhaps the same"),
        "not": _("hardly the same: your answer teaches about others"),
    }[zone]


def all_in_json(number: int) -> str:
    """The last line of a list on the command line that is longer than what is shown of it."""
    return _("… and {count} more: --json has them all").format(count=count(number))


def named(field: str) -> str:
    """A field's name as a table has it: short."""
    return {"domain": _("website"), "external": _("Octopus number")}.get(field) or field_name(field)


def names(fields: Iterable[str]) -> str:
    """Fields, one after another."""
    return ", ".join(map(named, fields))


def gets(fields: Sequence[str]) -> str:
    """What the one that stays takes over; empty for nothing."""
    return _("It gets: {fields}.").format(fields=names(fields)) if fields else ""


def differ(fields: Sequence[str]) -> str:
    """What the one that stays keeps of its own; empty for nothing."""
    return _("They differ in: {fields}; its own is kept.").format(fields=names(fields)) if fields else ""


def group(case: Case) -> list[tuple[str, str]]:
    """The group that a pair is of, each customer on a line behind its mark, the one that stays first; empty for two."""
    if not case.group:
        return []
    number = len(case.group)
    stays, *rest = case.group
    text = _("{name} stays, of {count} that are one:")
    return [
        ("✔", text.format(name=stays.text, count=count(number))),
        *((ZONES["sure" if one.sure else "doubtful"], one.text) for one in rest),
    ]


def group_heading(number: int, place: str) -> str:
    """The line above the groups of a list. `place`: which of two lists it is, whose own groups come first."""
    if not place:
        text = ngettext(
            "{count} customer stands there more than twice",
            "{count} customers stand there more than twice",
            number,
        )
    else:
        text = ngettext(
            "{count} customer stands more than once in {place} itself: settle that first",
            "{count} customers stand more than once in {place} itself: settle that first",
            number,
        )
    return text.format(count=count(number), place=place)


def group_of(members: int, zone: str) -> str:
    """The line above the customers of a group."""
    text = _("the same, {count} times") if zone == "sure" else _("perhaps the same, {count} times")
    return text.format(count=count(members))


def first(things: Sequence[T], block: Callable[[T], Block]) -> list[Block]:
    """A block for each of the first, and how many more there are."""
    rest = len(things) - SHOWN
    return [*map(block, things[:SHOWN]), *([Item(more(rest), tone="soft", indent=2)] if rest > 0 else [])]


def plan_blocks(made: Plan) -> list[Block]:
    """What is to be done about each pair, the first of each kind."""
    titles = {
        "link": _("link: {count}"),
        "merge": _("merge through the API: {count}"),
        "merge-by-hand": _("merge by hand in Teamleader: {count}"),
        "look": _("look first: {count}"),
    }
    blocks: list[Block] = []
    for action, number in made.counts.items():
        if not number:
            continue
        blocks.append(Heading(titles[action].format(count=count(number))))
        for step in [one for one in made.steps if one.action == action][:SHOWN]:
            for name, key in zip(step.shown, (step.left, step.right), strict=True):
                blocks += [Item(f"{name}  ({key})", indent=2)]
            more = _("It is one of {count} that are one customer.").format(count=count(len(step.group)))
            lines = (step.because, more if step.group else "", gets(step.gets), differ(step.conflicts))
            blocks += [Item(line, indent=4) for line in lines if line]
        blocks += [Item(all_in_json(number - SHOWN), indent=2)] if number > SHOWN else []
        blocks.append(Gap())
    return blocks


# --- importing ------------------------------------------------------------------------------------------------


def _takes(preview: importing.Preview) -> list[Block]:
    text = _("about {time} at 200 calls a minute").format(time=duration(preview.seconds))
    return listed(_("It takes"), (text if preview.seconds else "",))


def losses(preview: importing.Preview) -> list[Block]:
    """What an import does not carry over, by the number of relations, and what there is to know besides."""
    blocks: list[Block] = []
    if preview.losses:
        blocks.append(Heading(_("What the API does not take, and is lost:")))
        for what, number in sorted(preview.losses.items(), key=lambda one: -one[1]):
            blocks.append(Entry(lost(what), count(number), "head", indent=2))
            blocks += [Entry("", why, "soft", indent=2) for why in preview.reasons.get(what, ())]
        blocks.append(Gap())
    return blocks + items(preview.notes, "▲")


def importing_progress(step: importing.Step) -> str:
    """`120/400 · about 2 min left`; empty for a step that tells no progress."""
    from octowizard.customers.importing import Progress

    if not isinstance(step, Progress):
        return ""
    done = f"{count(step.done)}/{count(step.total)}"
    return done if step.seconds_left is None else f"{done} · {time_left(step.seconds_left)}"


def not_imported(failed: importing.Failed) -> str:
    """One relation that could not be imported, and why."""
    return labelled(f"{failed.relation} {failed.name}", failed.why)


def smart_question(preview: smart.Preview, *, places: bool = False) -> Question:
    """The question before a smart import. `places`: doubtful ones by the names that `duplicates answer` takes."""
    sorting, imports = preview.sorting, preview.imports
    figures = (
        (_("linked, being the same"), len(sorting.same)),
        (_("imported as new companies"), imports.companies),
        (_("imported as new contacts"), imports.contacts),
        (_("wait for your answer first"), len(sorting.doubtful)),
        (_("left out, to be tidied first"), len(sorting.held)),
        (_("linked before"), imports.linked),
    )
    blocks: list[Block] = [Entry(what, count(number), "head") for what, number in figures if number]
    skipped = " · ".join(f"{count(number)} {left_out(why)}" for why, number in imports.skipped.items())
    blocks += [*listed(_("Not brought over"), (skipped,)), *_takes(imports)]
    for heap in (
        losses(imports) if imports.total else [],
        first(sorting.same, lambda one: Item(_pairing(one), "=")),
        first(sorting.doubtful, lambda one: Item(_pairing(one, places), "?")),
        first(sorting.held, lambda one: Item(labelled(f"{one.relation} {one.name}", one.why), "–")),
    ):
        blocks += [Gap(), *heap] if heap else []
    return Question(title=_("Link and import?"), blocks=tuple(blocks), yes=_("do it"), no=_("not now"))


def nothing_to_link(doubtful: int) -> str:
    """What is said where a smart import would do nothing."""
    text = _("There is nothing to link or import.")
    if not doubtful:
        return text
    waits = ngettext("{count} pair waits for your answer.", "{count} pairs wait for your answer.", doubtful)
    return f"{text} {waits.format(count=count(doubtful))}"


def _pairing(one: smart.Pairing, places: bool = False) -> str:
    if places:
        return f"octopus/{one.relation} {one.name} · teamleader/{one.customer} {one.customer_name}"
    return f"{one.relation} {one.name} – {one.customer_name}"


def smart_done(done: smart.Done, *, left: str = "", answer: str = "") -> Page:
    """How a smart import ended. `left`, `answer`: how to go on with those that are left, and with doubtful ones."""
    made, sorting = done.imported, done.sorting
    title = _("{linked} linked, {made} imported")
    blocks = [
        *listed(_("It ended early"), (made.message,), "warn"),
        *listed(_("Left"), (f"{count(made.left)} {left}".strip() if made.left else "",)),
        *_some(_("Not taken"), [not_imported(one) for one in made.failed], "warn"),
        *_some(_("To be judged"), [_pairing(one) for one in sorting.doubtful]),
        *_some(_("To be tidied"), [labelled(one.name, one.why) for one in sorting.held]),
        *listed("", (answer if sorting.doubtful else "",), "soft"),
        *said_by_vendor(
            f"{one.relation} {one.name}: {one.vendor_text}" for one in made.failed if one.vendor_text
        ),
    ]
    return Page(
        mark="✔" if done.outcome == "complete" else "▲",
        title=title.format(linked=count(done.linked), made=count(made.made + made.found)),
        blocks=tuple(blocks),
    )


def _some(label: str, texts: Sequence[str], tone: Tone = "text") -> list[Block]:
    """The first of these texts under a label, and how many more there are."""
    rest = len(texts) - SHOWN
    return [*listed(label, texts[:SHOWN], tone), *listed("", (more(rest) if rest > 0 else "",), "soft")]


# --- merging --------------------------------------------------------------------------------------------------


def nothing_to_merge() -> str:
    """What is said where nobody is there twice."""
    return _("There is nothing to merge: nobody seems to be there twice.")


def nothing_to_undo() -> str:
    """What is said where no merge can be taken back."""
    return _("There is no merge to undo.")


def merge_question(
    able: Sequence[merging.Plan], unable: Sequence[merging.NotMerged], *, ids: bool = False
) -> Question:
    """All that a merge would do, pair by pair, and what it cannot. `ids`: with those of both companies."""
    number = len(able)
    blocks: list[Block] = []
    if able:
        blocks.append(
            Item(
                _(
                    "The one that goes is deleted in Teamleader. An undo pack is written first; it brings the company "
                    "back under a new id, without its history."
                ),
                "✖",
            )
        )
    for plan in able[:SHOWN]:
        blocks += [Gap(), *_merge(plan, ids)]
    blocks += [Item(more(number - SHOWN), tone="soft", indent=2)] if number > SHOWN else []
    warnings = items(dict.fromkeys(text for plan in able for text in plan.warnings), "▲")
    blocks += [Gap(), *warnings] if warnings else []
    if unable:
        stay = ngettext("{count} sure pair stays for you:", "{count} sure pairs stay for you:", len(unable))
        blocks += [*([Gap()] if blocks else []), Heading(stay.format(count=count(len(unable))))]
        blocks += first(unable, lambda one: Item(not_merged(one), "–"))
    title = ngettext("Merge {count} pair?", "Merge {count} pairs?", number).format(count=count(number))
    return Question(title=title, blocks=tuple(blocks), yes=_("merge"), no=_("not now"), red=True)


def not_merged(one: merging.NotMerged) -> str:
    """Two companies that the API cannot merge, and why."""
    return labelled(one.name, one.blocked.text) if one.name else one.blocked.text


def _merge(plan: merging.Plan, ids: bool) -> list[Block]:
    stays, goes = plan.apart if all(plan.apart) else (plan.survivor.name, plan.gone.name)
    fills = " · ".join(labelled(named(one.field), one.value) for one in plan.fills)
    kept = " · ".join(
        _("{field}: {kept}, not {lost}").format(field=named(one.field), kept=one.kept, lost=one.lost)
        for one in plan.conflicts
    )
    number = len(plan.contacts)
    people = ngettext("{count} contact goes over", "{count} contacts go over", number)
    lines = (
        _("{name} stays.").format(name=stays),
        f"{plan.gone.id} → {plan.survivor.id}  ({', '.join(plan.why)})" if ids else "",
        _("gets {fields}").format(fields=fills) if fills else "",
        _("keeps {fields}").format(fields=kept) if kept else "",
        people.format(count=count(number)) if number else "",
    )
    return [Item(_("{name} goes.").format(name=goes), "="), *(Item(line, indent=4) for line in lines if line)]


def merged(ended: merging.Ended, hint: str) -> Page:
    """How merging ended. `hint`: how the last merge is taken back."""
    number = len(ended.merged)
    left = ngettext("{count} pair is left", "{count} pairs are left", ended.left)
    blocks = [
        *listed(_("It ended early"), (ended.message,), "warn"),
        *listed(_("Left"), (left.format(count=count(ended.left)) if ended.left else "",)),
        *listed(_("Merged"), [one.name for one in ended.merged]),
        *listed(_("Not merged"), map(not_merged, ended.not_merged), "warn"),
        *listed("", (hint if ended.merged else "",), "soft"),
        *said_by_vendor(
            (*(one.blocked.vendor_text for one in ended.not_merged), ended.vendor_text),
        ),
    ]
    title = ngettext("{count} pair merged", "{count} pairs merged", number).format(count=count(number))
    return Page(mark="✔" if ended.outcome == "complete" else "▲", title=title, blocks=tuple(blocks))


def undo_question(pack: int) -> Question:
    """The question before a merge is taken back."""
    text = _(
        "Merge {number} is taken back: the company that went is made again with all that its pack holds, and what "
        "the survivor took over is removed from it, unless somebody has changed it since. It gets a new id: the "
        "old one, its creation date and its history do not come back."
    ).format(number=pack)
    return Question(
        title=_("Undo the last merge?"), blocks=(Item(text),), yes=_("undo it"), no=_("no"), careful=True
    )


def undone(result: Undone, hint: str = "") -> Page:
    """A merge that was taken back, and what does not return with it."""
    text = _("{name} is there again.") if result.made else _("{name} was still there.")
    blocks = [*listed(_("Does not return"), result.lost), *listed(_("Left as it is"), result.stays)]
    return Page(mark="✔", title=text.format(name=result.name), blocks=(*blocks, *listed("", (hint,), "soft")))
