"""Duplicates: pairs of customers that may be one, judged one after the other, and what is then done about them."""

from __future__ import annotations

import asyncio
from collections.abc import Container as Among
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import cell, content, hung, wrapped
from octowizard.app.runner import OneByOne
from octowizard.app.screens.duplicate_actions import DuplicateActions
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.pair_list import PairList
from octowizard.app.widgets.pair_view import PairView, heads, known_label
from octowizard.locale import _, ngettext
from octowizard.locale.formats import ago, count
from octowizard.locale.keys import key_of
from octowizard.presentation.one_pair import answered, kinds, page, settled, sure_question

if TYPE_CHECKING:
    from octowizard.customers.review import Case, Queue, View
    from octowizard.presentation.blocks import Page
    from octowizard.progress import Report, Stop
    from octowizard.session.duplicates import Names

LEARN_AFTER = 10  # answers: then the rest is weighed anew
POLL_SECONDS = 15.0
POLLS = 40  # looks, ten minutes when nothing else is done; after that only `w` looks

OFFERS = commands(lambda: (
    ("stop", "escape", _("stop"), _("Stop what goes on, after the write in flight.")),
    ("same", "y", _("same"), _("These two are the same customer: remember it.")),
    ("different", "n", _("different"), _("These two are different customers: never ask again.")),
    ("later", "l", _("later"), _("Leave this pair, and go to the next one.")),
    ("open", "o", _("open both"),
     _("Open them in the browser, to merge them there; the merge is noticed by itself.")),
    ("settle", "S", _("settle sure ones"),
     _("Say of all sure pairs at once that they are the same; shows all of them first.")),
    ("take_back", "u", _("undo answer"),
     _("Take back the answer to the judged pair under the cursor, else the last one that was given.")),
    ("evidence", "e", _("evidence"), _("Unfold all that speaks for and against it, by its weight.")),
    ("explain", "enter", _("explain"), _("Everything about this pair, on a page.")),
    ("go_on", "enter", _("read"), _("Read both sides, and compare, where neither was read yet.")),
    ("merge", "m", _("merge"),
     _("Merge the sure pairs of which one is a bare duplicate; shows all of it first.")),
    ("smart", "i", _("smart import"),
     _("Link those that are the same, import only the rest of Octopus' relations; shows it first.")),
    ("view", "f", _("other pairs"), _("Change between Octopus beside Teamleader, and twice in Teamleader.")),
    ("again", "r", _("read again"), _("Read both sides, and compare.")),
    ("ask", "g", _("most telling"),
     _("Go to the pair whose answer teaches most about all others; a few dozen answers do much.")),
    ("simulate", "s", _("foretell import"),
     _("What Teamleader's own import of an exported segment would do, for every criterion.")),
    ("held", "F", _("import as foretold?"),
     _("After the import in Teamleader: whether it did what was foretold, and whom it added.")),
    ("unmerge", "z", _("undo a merge"), _("Take the last merge through the API back, from its pack.")),
    ("look", "R", _("merged yet?"), _("Ask Teamleader now whether the opened pairs were merged.")),
    ("copy", "c", _("copy"), _("Copy all that is known of this pair.")),
    ("save", "w", _("save"), _("Save the list of pairs to a file.")),
), hidden=("explain", "ask", "held", "unmerge", "look", "copy", "save"))  # fmt: skip


class MergesByHand:
    """Pairs opened in the browser, to be merged in Teamleader's own screen: one gentle call at a time for all of them.

    That a pair was merged is noticed by itself, and told on its `screen`.
    """

    def __init__(self, screen: DuplicateActions) -> None:
        self._screen = screen
        self._opened: dict[Names, Case] = {}
        self._polls = 0
        self._poll: Timer | None = None

    @property
    def waits(self) -> bool:
        """Is a merge awaited?"""
        return bool(self._opened)

    def await_merge(self, case: Case) -> None:
        """From now on look, now and then, whether the two have become one."""
        self._opened[case.names] = case
        self._polls = POLLS
        if self._poll is None:
            self._poll = self._screen.set_interval(POLL_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self._polls <= 0 or not self._opened:
            self._stop()
        elif self._screen.idle and self._screen.job is None:
            self._polls -= 1
            self.look()

    def _stop(self) -> None:
        if self._poll is not None:
            self._poll.stop()
        self._poll = None
        self._opened.clear()
        self._screen.draw_head()

    def look(self) -> None:
        """Ask Teamleader which of the opened ones are still there."""
        pairs = self._screen.pairs
        cases = list(self._opened.values())
        if pairs is None or not cases:
            return
        ids = list(dict.fromkeys(one.key for case in cases for one in (case.left, case.right)))

        async def work(_report: Report, _stop: Stop) -> list[Case]:
            there = await pairs.still_there(ids)
            merged = [case for case in cases if (case.left.key in there) != (case.right.key in there)]
            for case in merged:
                gone, kept = (case.right, case.left) if case.left.key in there else (case.left, case.right)
                await asyncio.to_thread(pairs.noticed, gone.key, kept.key)
            return merged

        self._screen.begin(_("looking"), work, self._noticed)

    def _noticed(self, merged: list[Case]) -> None:
        for case in merged:
            self._opened.pop(case.names, None)
            self._screen.shell.tell(_("✔ Merged in Teamleader: {name}.").format(name=case.right.name))
        if not self._opened:
            self._stop()
        if merged:
            self._screen.compare()
        else:
            self._screen.draw()


class DuplicatesScreen(DuplicateActions):
    """What is kept shows at once. Answers are kept as they are given; nothing is merged or linked by them."""

    MODE: ClassVar[str] = "duplicates"
    CSS_PATH = "duplicates.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.view: View | None = None
        self.answers: dict[Names, bool] = {}  # answers that `queue` does not know yet
        self._order: list[tuple[Names, ...]] = []  # all answers given here, to take them back
        self._told: list[str] = []  # each of them in words
        self._comparing = False
        self._outdated = False
        self._of = -1  # the session's count of changes that what is shown is of
        self.by_hand = MergesByHand(self)
        self._writing = OneByOne()

    def about(self) -> str:
        return _(
            "Customers that stand on both sides, or twice in Teamleader. The doubtful ones come first: {same} "
            "and {different} say "
            "whether two are the same; octowizard remembers it, asks no pair twice, and weighs the rest anew by what "
            "it learns. {settle} settles the sure ones together, after a look at them. Of a customer "
            "that stands there more than twice each is held against the one that stays. Answers alone "
            "change nothing at either vendor: {merge} merges bare duplicates, {smart} links those that are the "
            "same and imports "
            "the rest, {simulate} foretells what Teamleader's own import would do. A pair that you open with "
            "{open} and merge in "
            "Teamleader is noticed here by itself."
        ).format(
            same=key_of("duplicates.same", "y"),
            different=key_of("duplicates.different", "n"),
            settle=key_of("duplicates.settle", "S"),
            merge=key_of("duplicates.merge", "m"),
            smart=key_of("duplicates.smart", "i"),
            simulate=key_of("duplicates.simulate", "s"),
            open=key_of("duplicates.open", "o"),
        )

    def body(self) -> Iterable[Widget]:
        yield Static(id="pairs-head")
        yield Container(PairList(), PairView(), id="lists")

    def on_mount(self) -> None:
        self._list.focus()
        self.draw()

    def follow(self) -> None:
        """Compare what is kept anew where it is otherwise by now: by the set-up, an import, a merge."""
        runner = self.shell.runner
        if (
            runner is not None
            and self.job is None
            and not runner.running
            and self._of != runner.session.changes
        ):
            self.compare()

    @property
    def _list(self) -> PairList:
        return self.query_one(PairList)

    @property
    def case(self) -> Case | None:
        """The pair under the cursor, with what was said of it."""
        queue, place = self.queue, self._list.cursor
        if queue is None or not 0 <= place < len(queue):
            return None
        return msgspec.structs.replace(queue.case(place), said=self._list.answered(place))

    @property
    def _unread(self) -> bool:
        """Was no side read yet, as far as is known?"""
        return self.queue is None or self.queue.read_at is None

    def compare(self) -> None:
        """Compare what is kept, in a thread, and show it."""
        pairs = self.pairs
        if pairs is None:
            return
        if self._comparing:
            self._outdated = True  # what is being compared may be older than what asks for it
            return
        self._comparing, self._outdated = True, False
        self._of = self.shell.runner.session.changes if self.shell.runner is not None else -1
        view, known = self.wanted, set(self.answers)

        def compared(queue: Queue) -> None:
            self._comparing = False
            self.show_queue(queue, known)
            if self._outdated:
                self.compare()

        self.in_thread(lambda: pairs.queue(view), compared, self.failed)
        self.draw_head()

    def over(self) -> None:
        super().over()
        self.preparing = False

    def failed(self, why: str) -> None:
        self._comparing = False
        super().failed(why)

    def show_queue(self, queue: Queue, known: Iterable[Names] = ()) -> None:
        """Show these pairs; the cursor stays with its pair, else it goes to the first that was not judged.

        `known`: the answers that it was made with.
        """
        for names in known:
            self.answers.pop(names, None)
        before = self.queue.names(self._list.cursor) if self.queue and len(self.queue) else None
        self.queue = queue
        self.view = queue.view
        self._list.show_queue(queue, self.answers)
        place = queue.index(before) if before is not None else None
        if place is None or self._list.answered(place) is not None:
            place = self._next_open(0)
        self._list.go(place or 0)
        self.draw()

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show everything as it now is."""
        self.draw_head()
        self.set_class(self.queue is None or not len(self.queue), "-empty")
        self.query_one(PairView).show(self.case, self._instead())
        self.show_keys()

    def _instead(self) -> Content:
        queue = self.queue
        if queue is None:
            return content(_("One moment: the customers are being compared."))
        if queue.read_at is None and self.going_on:
            return content(_("One moment: both sides are being read."))
        if queue.read_at is None and self.shell.profile is not None and self.shell.profile.unconnected:
            return empty(
                _("The customers of both sides are not known yet"),
                _(
                    "A side that is not connected needs its list: in {setup} Set up, Your situation, {choose} takes in "
                    "relations of "
                    "Octopus and companies of Teamleader."
                ).format(setup=key_of("setup", "2"), choose=key_of("setup.choose", "p")),
                key_of("duplicates.go_on", "⏎"),
                _("compares them then"),
            )
        if queue.read_at is None:
            return empty(
                _("No pair of customers yet"),
                _("The customers of both sides were not read yet."),
                key_of("duplicates.go_on", "⏎"),
                _("reads and compares them; it writes nothing"),
            )
        left, right = queue.compared
        if queue.one_list:
            text = ngettext(
                "There is {count} customer in Teamleader, and so nobody twice.",
                "No two of the {count} customers in Teamleader seem to be the same.",
                left,
            )
            return empty(
                _("Nothing is there twice"),
                text.format(count=count(left)),
                key_of("duplicates.view", "f"),
                _("shows the other pairs: Octopus beside Teamleader"),
            )
        text = _(
            "Of the relations of Octopus that are not linked yet ({count}) none seems to be a customer of "
            "Teamleader that is not linked ({other})."
        )
        return empty(
            _("No pair to judge"),
            text.format(count=count(left), other=count(right)),
            key_of("duplicates.view", "f"),
            _("shows the other pairs: twice in Teamleader"),
        )

    def draw_head(self) -> None:
        self.query_one("#pairs-head", Static).update(self._head(self.columns))

    def _head(self, width: int) -> Content:
        queue = self.queue
        title = _("Duplicates")
        if self.view == "across":
            title = _("Octopus beside Teamleader")
        elif self.view == "within":
            title = _("Twice in Teamleader")
        parts: list[str | tuple[str, str]] = [(title, "bold $accent")]
        if queue is not None and len(queue):
            place = _("{number} of {count}").format(
                number=count(self._list.cursor + 1), count=count(len(queue))
            )
            parts.append(f"   {place}")
        right, style = self._right()
        left = content(*parts)
        room = width - left.cell_length - 1
        if style == "$soft" and len(right) > room:
            right = ""  # how old it is can be left out; what goes on cannot
        lines = [left + content(" ", (cell(right, max(room, 12), right=True), style))]
        if queue is not None and len(queue):
            lines += hung("", "", kinds(self._list.kinds()), width)
        if self._told:
            hint = _("{take_back} takes it back").format(take_back=key_of("duplicates.take_back", "u"))
            last_answer = wrapped(self._told[-1], max(20, width - len(hint) - 2))
            text = last_answer[0] if len(last_answer) == 1 else cell(self._told[-1], width - len(hint) - 2)
            lines.append(content(text, "  ", (hint, "$soft")))
        if self.error:
            lines += hung("✖ ", "$error", self.error, width)[:3]
        return Content("\n").join(lines)

    def named(self) -> Among[str]:
        """The commands whose keys the head, the pair or the empty list names."""
        named = {"take_back"} if self._told else set()
        if not self._list.kinds().get("sure"):  # settled: what comes next is to do it
            named.add("merge" if self.view == "within" else "smart")
        if self.case is None:
            return named | {"go_on" if self._unread else "view"}
        return named | {"settle", "same", "different"}

    def page(self) -> Page | None:
        case = self.case
        return page(case, heads(case), known_label()) if case is not None else None

    def text_to_save(self) -> str:
        return self._list.texts()

    def _right(self) -> tuple[str, str]:
        if self.going_on:
            return self.going_on, "$primary"
        if self._comparing:
            return _("● comparing"), "$primary"
        if self.by_hand.waits:
            return _("● waits for the merge in Teamleader"), "$primary"
        queue = self.queue
        if queue is None or queue.read_at is None:
            return "", "$soft"
        return _("read {ago}").format(ago=ago(queue.read_at, self.shell.now())), "$soft"

    # --- judging --------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        case = self.case
        match run:
            case "stop":
                return self.stoppable
            case "same" | "different":
                return case is not None and not self.preparing  # y and n are about to answer another question
            case "later":
                return case is not None
            case "ask":
                return self._most_telling() is not None
            case "settle":
                return not self.preparing and self._list.kinds()["sure"] > 0
            case "take_back":
                return bool(self._order) or self._judged is not None
            case "go_on":
                return self.idle and case is None and self._unread
            case "evidence" | "explain" | "copy" | "save":
                return case is not None
            case "open":
                return case is not None and any(case.pages)
            case "look":
                return self.by_hand.waits and self.idle
            case "merge":
                sure = self.queue is not None and self.queue.count("sure") > 0
                return self.idle and self.view == "within" and sure
            case "smart":
                return self.idle and self.queue is not None
            case "simulate":
                return self.queue is not None and self.queue.read_at is not None
            case _:
                return self.idle

    def _next_open(self, start: int, besides: int = -1) -> int | None:
        """The next pair that was not judged, from here on, then from the top, where the doubtful ones are."""
        queue = self.queue
        number = len(queue) if queue is not None else 0
        places = (place for part in (range(start, number), range(number)) for place in part)
        return next((n for n in places if n != besides and self._list.answered(n) is None), None)

    @property
    def _judged(self) -> Names | None:
        """The pair under the cursor, if it was judged."""
        queue, place = self.queue, self._list.cursor
        if queue is None or not 0 <= place < len(queue) or self._list.answered(place) is None:
            return None
        return queue.names(place)

    def _judge(self, same: bool) -> None:
        case, pairs = self.case, self.pairs
        if case is None or pairs is None:
            return
        names = case.names
        self.answers[names] = same
        self._given((names,), answered(case.left, case.right, same=same))
        self._writing.begin(
            self, lambda: pairs.answer(names, same, case.levels), lambda _none: self._learn(), self.failed
        )
        self.do_later()
        self.draw()
        self._list.refresh()

    def _given(self, names: tuple[Names, ...], sentence: str) -> None:
        self._order.append(names)
        self._told.append(sentence)

    def acted(self) -> None:
        self._order.clear()
        self._told.clear()

    def _learn(self) -> None:
        if len(self.answers) >= LEARN_AFTER:
            self.compare()

    def do_settle(self) -> None:
        """Show all pairs that are sure and were not judged, and ask."""
        queue, pairs = self.queue, self.pairs
        if queue is None or pairs is None:
            return
        places = [place for place in range(len(queue)) if self._list.kind(place) == "sure"]
        names = tuple(queue.names(place) for place in places)
        shown = [(queue.line(place), queue.identities(place)) for place in places]

        def settle() -> None:
            self.answers.update(dict.fromkeys(names, True))
            self._given(names, settled(len(names)))
            self._writing.begin(self, lambda: pairs.settle(names), lambda _none: self.compare(), self.failed)
            self.draw()
            self._list.refresh()

        self.confirm(sure_question(shown, merging=self.view == "within"), settle)

    def do_evidence(self) -> None:
        view = self.query_one(PairView)
        view.unfolded = not view.unfolded
        self.set_class(view.unfolded, "-unfolded")
        self.call_after_refresh(self.draw)

    def do_same(self) -> None:
        self._judge(True)

    def do_different(self) -> None:
        self._judge(False)

    def do_later(self) -> None:
        place = self._next_open(self._list.cursor + 1, self._list.cursor)
        if place is not None:
            self._list.go(place, by_user=True)

    def _most_telling(self) -> int | None:
        """The most telling pair that was not judged."""
        telling = self.queue.telling if self.queue is not None else []
        return next((place for place in telling if self._list.answered(place) is None), None)

    def do_ask(self) -> None:
        place = self._most_telling()
        if place is not None:
            self._list.go(place, by_user=True)

    def do_take_back(self) -> None:
        """Take back what was said of the judged pair under the cursor, else the last answer."""
        pairs, judged = self.pairs, self._judged
        if pairs is None:
            return
        if judged is None:
            names = self._order.pop()
            self._told.pop()
        else:
            names = (judged,)
            alone = [place for place, given in enumerate(self._order) if given == names]
            for place in reversed(alone):
                del self._order[place], self._told[place]
        for one in names:
            self.answers.pop(one, None)

        def back(_none: None) -> None:
            queue = self.queue
            place = queue.index(names[0]) if queue is not None else None
            if len(names) == 1 and place is not None and queue is not None and queue.said(place) is None:
                self._list.go(place)
                self._list.refresh()
                self.draw()
            else:
                self.compare()

        self._writing.begin(self, lambda: pairs.take_back(*names), back, self.failed)

    # --- by hand in Teamleader ------------------------------------------------------------------------------

    def do_open(self) -> None:
        case = self.case
        if case is not None:
            for page in case.pages:
                if page:
                    self.shell.open_address(page)
            if self.view == "within":
                self.by_hand.await_merge(case)
            self.draw_head()

    def do_look(self) -> None:
        self.by_hand.look()

    # --- what is done about them ----------------------------------------------------------------------------

    def do_again(self) -> None:
        runner, view, known = self.shell.runner, self.wanted, set(self.answers)
        if runner is None:
            return
        session = runner.session

        def read(queue: Queue) -> None:
            self._of = session.changes
            self.show_queue(queue, known)

        self.begin(_("reading"), lambda report, _stop: session.duplicates.read(view, report), read)

    def do_go_on(self) -> None:
        self.do_again()

    def do_view(self) -> None:
        self.wanted = "across" if self.view == "within" else "within"
        self.compare()

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_line_list_moved(self) -> None:
        self.draw()

    def on_line_list_chosen(self) -> None:
        self.action_command("explain")
