"""What is done about duplicates, from the screen: merge, undo a merge, smart import. Each shown before it is begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from octowizard.app.content import content, wrapped
from octowizard.app.runner import in_background
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.detail import DetailScreen
from octowizard.app.told import Labelled, Told, listed
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, duration
from octowizard.matching.words import field_name

if TYPE_CHECKING:
    from octowizard.app.screens.pairs_screen import PairsScreen
    from octowizard.customers import importing, merging, smart
    from octowizard.customers.undo import Undone
    from octowizard.progress import Report, Stop
    from octowizard.session.duplicates import Duplicates
    from octowizard.workspace.undo_packs import Pack

SHOWN = 40  # pairs that a question names one by one


class Acting:
    """On one Duplicates screen."""

    def __init__(self, screen: PairsScreen) -> None:
        self._screen = screen
        self._app = screen.shell

    @property
    def _width(self) -> int:
        return max(30, min(66, self._screen.size.width - 12))

    @property
    def _pairs(self) -> Duplicates | None:
        return self._screen.pairs

    # --- merging --------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Look at every sure pair as it is now, show all that would be done, and ask."""
        pairs = self._pairs
        if pairs is not None:
            self._screen.preparing = True
            self._screen.begin(
                _("looking"),
                lambda report, stop: pairs.merge_plans(lambda at: report("companies", at.done), stop),
                lambda planned: self._planned(pairs, planned.wanted, planned.plans),
            )

    def _planned(
        self,
        pairs: Duplicates,
        wanted: list[merging.Candidate],
        plans: list[merging.Plan | merging.NotMerged],
    ) -> None:
        from octowizard.customers.merging import Plan

        self._screen.draw()
        able = [one for one in plans if isinstance(one, Plan)]
        unable = [one for one in plans if not isinstance(one, Plan)]
        if not able:
            queue = self._screen.queue
            if queue is not None and not len(queue):
                self._app.tell(_("There is nothing to merge: nobody seems to be there twice."))
                return
            why = _("No pair is both sure and bare enough for the API.")
            if unable:
                why += " " + unable[0].blocked.text
            self._app.tell(f"{why} {_('o opens a pair for Actions > Merge in Teamleader.')}")
            return
        names = {(one.survivor.id, one.gone.id) for one in able}
        chosen = [
            one for one in wanted if (one.survivor, one.gone) in names or (one.gone, one.survivor) in names
        ]
        number = len(able)
        title = ngettext("Merge {count} pair?", "Merge {count} pairs?", number).format(count=count(number))
        self._app.push_screen(
            ConfirmScreen(
                title, merge_summary(able, unable, self._width), yes=_("merge"), no=_("not now"), red=True
            ),
            lambda sure: self._merge(pairs, chosen) if sure else None,
        )

    def _merge(self, pairs: Duplicates, wanted: Sequence[merging.Candidate]) -> None:
        from octowizard.customers.merging import Progress

        screen = self._screen

        def tell(step: merging.Step) -> None:
            if isinstance(step, Progress):
                screen.progress = f"{count(step.done)}/{count(step.total)}"

        async def work(_report: Report, stop: Stop) -> merging.Ended:
            return await pairs.merge(wanted, tell, stop)

        screen.begin(_("merging"), work, self._merged, writes=True)

    def _merged(self, ended: merging.Ended) -> None:
        number = len(ended.merged)
        title = ngettext("{count} pair merged", "{count} pairs merged", number).format(count=count(number))
        entries: Labelled = []
        if ended.message:
            entries += listed(_("It ended early"), (ended.message,), "$warning")
        if ended.left:
            left = ngettext("{count} pair is left", "{count} pairs are left", ended.left)
            entries += listed(_("Left"), (left.format(count=count(ended.left)),))
        entries += listed(_("Merged"), tuple(one.name for one in ended.merged))
        entries += listed(
            _("Not merged"), tuple(f"{one.name}: {one.blocked.text}" for one in ended.not_merged), "$warning"
        )
        if ended.merged:
            entries.append(("", _("z takes the last merge back, from its undo pack."), "$soft"))
        mark = "✔" if ended.outcome == "complete" else "▲"
        self._app.push_screen(DetailScreen(Told(mark=mark, title=title, entries=entries)))
        self._screen.compare()

    def unmerge(self) -> None:
        """Ask about the last merge that can be undone."""
        pairs = self._pairs
        if pairs is not None:
            in_background(
                self._screen, pairs.undoable, lambda packs: self._undoable(pairs, packs), self._screen.failed
            )

    def _undoable(self, pairs: Duplicates, packs: list[Pack]) -> None:
        if not packs:
            self._app.tell(_("There is no merge to undo."))
            return
        last = packs[-1]
        text = _(
            "Merge {number} is taken back: the company that went is made again with all that its pack holds, and what "
            "the survivor took over is removed from it, unless somebody has changed it since. It gets a new id: the "
            "old one, its creation date and its history do not come back."
        ).format(number=last.id)
        self._app.push_screen(
            ConfirmScreen(
                _("Undo the last merge?"),
                content("\n".join(wrapped(text, self._width))),
                yes=_("undo it"),
                no=_("no"),
                careful=True,
            ),
            lambda sure: self._undo(pairs, last.id) if sure else None,
        )

    def _undo(self, pairs: Duplicates, pack: int) -> None:
        async def work(_report: Report, _stop: Stop) -> Undone:
            return await pairs.undo(pack)

        self._screen.begin(_("undoing"), work, self._undone, writes=True)

    def _undone(self, undone: Undone) -> None:
        entries = listed(_("Does not return"), undone.lost)
        entries += listed(_("Left as it is"), undone.stays)
        entries.append(("", _("r reads both sides again, to see it among the pairs."), "$soft"))
        title = _("{name} is there again.").format(name=undone.name)
        self._app.push_screen(DetailScreen(Told(mark="✔", title=title, entries=entries)))
        self._screen.compare()

    # --- smart import ---------------------------------------------------------------------------------------

    def import_smartly(self) -> None:
        """Read both sides, and show what would be linked, asked and imported."""
        pairs = self._pairs
        if pairs is not None:
            self._screen.preparing = True
            self._screen.begin(
                _("reading"),
                lambda report, _stop: pairs.smart_preview(report),
                lambda preview: self._previewed(pairs, preview),
            )

    def _previewed(self, pairs: Duplicates, preview: smart.Preview) -> None:
        self._screen.draw()
        self._screen.compare()
        sorting = preview.sorting
        if not sorting.same and not preview.imports.total:
            said = _("There is nothing to link or import.")
            if sorting.doubtful:
                said += " " + ngettext(
                    "{count} pair waits for your answer.",
                    "{count} pairs wait for your answer.",
                    len(sorting.doubtful),
                ).format(count=count(len(sorting.doubtful)))
            self._app.tell(said)
            return
        self._app.push_screen(
            ConfirmScreen(
                _("Link and import?"),
                smart_summary(preview, self._width),
                yes=_("do it"),
                no=_("not now"),
            ),
            lambda sure: self._import(pairs) if sure else None,
        )

    def _import(self, pairs: Duplicates) -> None:
        from octowizard.customers.importing import Progress

        screen = self._screen

        def tell(step: importing.Step) -> None:
            if isinstance(step, Progress):
                screen.progress = f"{count(step.done)}/{count(step.total)}"
                if step.seconds_left is not None:
                    left = duration(step.seconds_left)
                    screen.progress += " · " + _("about {time} left").format(time=left)

        async def work(report: Report, stop: Stop) -> smart.Done:
            return await pairs.smart_import(tell, stop, report, look_after=True)

        screen.begin(_("importing"), work, self._imported, writes=True)

    def _imported(self, done: smart.Done) -> None:
        made = done.imported
        number = made.made + made.found
        title = _("{linked} linked, {made} imported").format(linked=count(done.linked), made=count(number))
        entries: Labelled = []
        if made.message:
            entries += listed(_("It ended early"), (made.message,), "$warning")
        if made.left:
            entries += listed(_("Left"), (_("{count}; i goes on with them.").format(count=count(made.left)),))
        entries += listed(
            _("Not taken"), tuple(f"{one.name}: {one.why}" for one in made.failed[:SHOWN]), "$warning"
        )
        entries += listed(
            _("To be judged"),
            tuple(f"{one.name} – {one.customer_name}" for one in done.sorting.doubtful[:SHOWN]),
        )
        entries += listed(
            _("To be tidied"), tuple(f"{one.name}: {one.why}" for one in done.sorting.held[:SHOWN])
        )
        if done.sorting.doubtful:
            entries.append(("", _("y or n on each of these pairs; then i goes on with them."), "$soft"))
            self._screen.wanted = "across"  # where they are
        mark = "✔" if done.outcome == "complete" else "▲"
        self._app.push_screen(DetailScreen(Told(mark=mark, title=title, entries=entries)))
        self._screen.compare()


# --- summaries -------------------------------------------------------------------------------------------


def merge_summary(able: Sequence[merging.Plan], unable: Sequence[merging.NotMerged], width: int) -> Content:
    """All that a merge would do, pair by pair, and what it cannot."""
    found: list[Content] = []

    def lines(text: str, lead: str, style: str) -> None:
        for number, line in enumerate(wrapped(text, width - len(lead))):
            found.append(content((lead if number == 0 else " " * len(lead), style), line))

    lines(
        _(
            "The one that goes is deleted in Teamleader. An undo pack is written first; it brings the company back "
            "under a new id, without its history."
        ),
        "✖ ",
        "$error",
    )
    for plan in able[:SHOWN]:
        found.append(content(""))
        lines(_("{gone} → {kept}").format(gone=plan.gone.name, kept=plan.survivor.name), "= ", "$success")
        if plan.fills:
            gets = " · ".join(f"{field_name(one.field)}: {one.value}" for one in plan.fills)
            lines(_("gets {fields}").format(fields=gets), "    ", "")
        if plan.conflicts:
            kept = " · ".join(
                _("{field}: {kept}, not {lost}").format(
                    field=field_name(one.field), kept=one.kept, lost=one.lost
                )
                for one in plan.conflicts
            )
            lines(_("keeps {fields}").format(fields=kept), "    ", "")
        if plan.contacts:
            people = ngettext("{count} contact goes over", "{count} contacts go over", len(plan.contacts))
            lines(people.format(count=count(len(plan.contacts))), "    ", "")
    if len(able) > SHOWN:
        lines(_("… and {count} more").format(count=count(len(able) - SHOWN)), "  ", "$soft")
    warnings = dict.fromkeys(text for plan in able for text in plan.warnings)
    if warnings:
        found.append(content(""))
    for text in warnings:
        lines(text, "▲ ", "$warning")
    if unable:
        found.append(content(""))
        number = ngettext("{count} sure pair stays for you:", "{count} sure pairs stay for you:", len(unable))
        lines(number.format(count=count(len(unable))), "", "bold")
        for one in unable[:SHOWN]:
            lines(f"{one.name}: {one.blocked.text}" if one.name else one.blocked.text, "– ", "$soft")
    return Content("\n").join(found)


def smart_summary(preview: smart.Preview, width: int) -> Content:
    """What would be linked, imported, asked and left."""
    sorting = preview.sorting
    figures = (
        (_("linked, being the same"), len(sorting.same)),
        (_("imported as new companies"), preview.imports.companies),
        (_("imported as new contacts"), preview.imports.contacts),
        (_("wait for your answer first"), len(sorting.doubtful)),
        (_("left out, to be tidied first"), len(sorting.held)),
    )
    found = [content((count(number).rjust(7), "bold"), f"  {what}") for what, number in figures if number]
    if preview.imports.seconds:
        said = _("It takes about {time}, at 200 calls a minute.").format(
            time=duration(preview.imports.seconds)
        )
        found += [content(""), content(said)]
    if sorting.same:
        found.append(content(""))
        for pairing in sorting.same[:SHOWN]:
            text = f"{pairing.name} – {pairing.customer_name}"
            found += [content(("= ", "$success"), line) for line in wrapped(text, width - 2)[:1]]
    found.append(content(""))
    for note in preview.imports.notes:
        for number, line in enumerate(wrapped(note, width - 2)):
            found.append(content(("▲ " if number == 0 else "  ", "$warning"), line))
    return Content("\n").join(found)
