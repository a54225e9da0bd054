"""Sync: the preview, the live view and the result, on one screen. The engine decides; this shows and asks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.timer import Timer

from octowizard.app.asking import Asking
from octowizard.app.commands import commands
from octowizard.app.content import content, hung, style_of, wrapped
from octowizard.app.mending import Mending
from octowizard.app.place_screen import WHY
from octowizard.app.run_screen import CLEAR, COPY, DETAILS, EXPLAIN, FILTER, SAVE, SEARCH, RunScreen
from octowizard.app.screens.history import StoryScreen
from octowizard.app.widgets.bars import GaugeLine, PhaseLine, WholeLine
from octowizard.locale import _
from octowizard.locale.formats import WORTH_A_WORD, ago
from octowizard.locale.keys import key_of
from octowizard.presentation import run_summary, watching
from octowizard.presentation.blocks import Page
from octowizard.presentation.detail import offering, run_line
from octowizard.presentation.events import Line
from octowizard.presentation.run_rows import Row, RunState, State, journal_sums, stuck
from octowizard.sync.events import BY_USER, WatchLooked
from octowizard.sync.options import SyncOptions
from octowizard.workspace.profiles import unconnected_sentence

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from octowizard.app.runner import Run
    from octowizard.problems.explain import Explained
    from octowizard.sync.events import Event

OFFERS = (*commands(lambda: (
    ("stop", "escape", _("stop"), _("Stop after the write in flight; says what is left.")),
    ("start", "s", _("start the sync"),
     _("Write what the preview shows. Asks first, with the exact summary.")),
    ("go_on", "enter", _("start the sync"), _("The same, where the line under the cursor has no more to tell.")),
    ("watch", "l", _("watch"),
     _("Look on while Teamleader's own integration books: what arrives, what is missing, and why.")),
    ("preview", "p", _("preview"), _("Read both sides and show what a sync would write. Writes nothing.")),
    ("retry", "r", _("retry this one"), _("Try the document under the cursor again. Asks first.")),
    ("keep_out", "x", _("exclude"),
     _("Keep the document out of this and all later syncs, until you include it again. Asks first.")),
    ("let_in", "x", _("include"), _("Let the excluded document in again.")),
    ("mend", "d", _("do it for me"),
     _("Make the change that mends the cause: shows exactly what is sent, and asks first.")),
), hidden=("go_on",)), EXPLAIN, DETAILS, WHY, FILTER, SEARCH, CLEAR, COPY, *commands(lambda: (
    ("browse", "o", _("browser"), _("Open the document in Teamleader.")),
    ("story", "h", _("history"), _("Show all that ever happened to this document.")),
    ("switched_off", "y", _("it is switched off"),
     _("Say that Teamleader's own integration is switched off, and preview again.")),
), hidden=("story",)), SAVE)  # fmt: skip

# Of the events of a run: how long they are taken in at a time, in seconds, and how often before they are shown.
SLICE, TURNS = 0.005, 4
OTHER_CONNECTOR = "other-connector"  # the problem that the user's word can settle
LEFT: frozenset[State] = frozenset({"ready", "waiting", "left", "failing", "blocked"})  # not booked yet
AGAIN: frozenset[State] = frozenset({"failing", "unpaid", "blocked", "left", "waiting"})


def _invitation(width: int, *, watches: bool) -> Content:
    """What stands on the screen before the first preview, or watch."""
    text = _(
        "A preview reads both sides and shows, document by document, what a sync would write "
        "and what cannot be written yet, with the cause. It writes nothing."
    )
    lines = [content((_("Preview first"), "bold $accent")), content("")]
    lines += [content(line) for line in wrapped(text, min(width, 76))]
    lines += [
        content(""),
        content((key_of("sync.preview", "p"), "bold $primary"), " ", _("makes the preview.")),
    ]
    if watches:
        text = _(
            "This profile watches: Teamleader's own integration books. A watch shows what arrives in Octopus, "
            "what is missing and why, and the payments that come back."
        )
        lines += [content(""), *(content(line) for line in wrapped(text, min(width, 76))), content("")]
        lines.append(
            content(
                (key_of("sync.watch", "l"), "bold $primary"),
                " ",
                _("begins the watch; {stop} ends it at once.").format(stop=key_of("sync.stop", "esc")),
            )
        )
    return Content("\n").join(lines)


def _begun(options: SyncOptions, before: RunState | None) -> RunState:
    """The state at the beginning of a run; one of chosen documents goes on from what is known of all."""
    state = before if options.only and before is not None else RunState(dry_run=options.dry_run)
    state.goes_on(dry_run=options.dry_run)
    return state


def _folded(heard: Iterable[SyncOptions | Event]) -> RunState | None:
    """The state that these runs came to, in the words of now."""
    state: RunState | None = None
    for one in heard:
        if isinstance(one, SyncOptions):
            state = _begun(one, state)
        elif state is not None:
            state.apply(one)
    return state


class SyncScreen(RunScreen):
    """Idle, then a preview or a sync that is running, then over."""

    MODE: ClassVar[str] = "sync"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.error = ""
        self._options = SyncOptions(dry_run=True)
        self._then_ask = False  # ask whether to sync, once the preview shows that nothing stands in the way
        self._run: Run | None = None
        self._amendments = 0  # the session's count when the run began
        self._back_to = ""  # the document on which the cursor was, and is again when a preview is over
        self._timer: Timer | None = None
        self.watches = False  # is, or was, it a watch?
        self._asking: Asking[Explained] | None = None
        self._mending = Mending(self, self._explain, lambda _problem, _made: self._update())
        self._heard: list[SyncOptions | Event] = []  # what `state` was made of, for another language
        self._previews_again = False

    def successor(self) -> SyncScreen:
        """A sync keeps what it came to; of a preview the next one tells it, from what was read minutes ago."""
        after = SyncScreen()
        if self.stage != "over" or self.watches or self.state is None:
            return after
        if self.state.dry_run:
            after._previews_again = True
            return after
        after.stage, after.began, after.error = self.stage, self.began, self.error
        after._options, after._keeps_up, after._heard = self._options, False, self._heard
        after.state = _folded(self._heard)
        return after

    def about(self) -> str:
        if self._may_watch:
            return _(
                "This profile watches: Teamleader's own integration books. {watch} begins a watch, which shows what "
                "arrives "
                "in Octopus, what is missing and why, and the payments that come back. It looks as often as the calls "
                "that Octopus allows today let it, and writes nothing; {stop} ends it at once. A preview shows what a "
                "sync of octowizard would write."
            ).format(watch=key_of("sync.watch", "l"), stop=key_of("sync.stop", "esc"))
        return _(
            "A sync brings Teamleader's customers, invoices and credit notes to Octopus, and payments back. "
            "First comes a preview, which writes nothing: what would be written, and what cannot be, by cause. "
            "Then {start} starts the sync, after one question. A document that fails never stops the others."
        ).format(start=key_of("sync.start", "s"))

    def on_mount(self) -> None:
        if self.shell.runner is not None:
            self._asking = Asking(self, self.shell.runner.session.explanations.of, self._explain)
        if self.stage == "over":
            self._gather()
        elif self._previews_again:
            self.call_after_refresh(self.do_preview)

    def follow(self) -> None:
        """What was mended or decided elsewhere outdates a preview; the set-up may be complete by now."""
        if self.stage == "over" and not self.watches:
            self._banner()
            self.show_keys()

    @property
    def _is_outdated(self) -> bool:
        """Is it a preview, and was something written or decided since?"""
        runner, state = self.shell.runner, self.state
        if runner is None or state is None or not state.dry_run or self.stage != "over":
            return False
        return self._amendments != runner.session.amendments

    # --- running --------------------------------------------------------------------------------------------

    def _begin(self, options: SyncOptions, *, watches: bool = False) -> None:
        runner = self.shell.runner
        if runner is None or runner.running or runner.watching:
            return
        if not options.only or self.state is None:
            self._heard.clear()
        self._heard.append(options)
        self.state = _begun(options, self.state)
        self.watches = watches
        self._amendments = runner.session.amendments
        self.began = self.shell.now()
        self.error = ""
        self.stage = "running"
        if self._asking is not None:
            self._asking.forget()
        self._mending.forget()
        self._options = options
        self._keeps_up = not (options.only or watches)
        if not options.only:
            self._anew()
            self._list.live = not watches
        self._run = runner.begin_watch() if watches else runner.begin(options)
        self._timer = self.set_interval(0.1, self._drain)
        self._hide_search()
        self._update()
        self._list.focus()

    async def _drain(self) -> None:
        """Take in what has happened, in a few turns of the loop; then show it, in a turn of its own."""
        run, state = self._run, self.state
        if run is None or state is None:
            return
        alive = run.alive  # asked before draining: what came before its end is drained below
        any_event = state.queued != run.progress.queued
        state.queued = run.progress.queued
        for _turn in range(TURNS):
            for event in run.drain(SLICE):
                state.apply(event)
                self._heard.append(event)
                any_event = True
                if isinstance(event, WatchLooked) and self._asking is not None:
                    self._asking.forget()
            if not any_event:
                break
            await asyncio.sleep(0)
            if self._run is not run or self.state is not state:  # another was begun meanwhile
                return
            self._list.measure(state)
            if run.drained:
                break
        if not alive and run.over:
            self._ended(run)
        elif any_event:
            self._update()

    def _ended(self, run: Run) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
        self.stage = "over"
        self.show_title()
        self.error = run.error
        if self._options.only or self.watches:
            self._update()
        else:
            self._gather()
            if self._back_to:
                self.show_row(self._back_to)
                self._back_to = ""
        asks, self._then_ask = self._then_ask, False
        clean = self.state is not None and not stuck(self.state) and self.is_enabled("start")
        if asks and clean and self.is_current:
            self.do_start()

    def _update(self) -> None:
        stopping = self._run is not None and self._run.alive and self._run.stop.requested
        for line in (self.query_one(WholeLine), self.query_one(GaugeLine)):
            line.stopping = stopping and not self.watches
        super()._update()
        if self.watches:
            self.query_one(WholeLine).display = self.query_one(PhaseLine).display = False

    @property
    def _is_live(self) -> bool:
        return super()._is_live and not self.watches

    # --- what is shown --------------------------------------------------------------------------------------

    def banner_text(self, width: int) -> Content:
        state = self.state
        if state is None:
            profile = self.shell.profile
            if profile is not None and profile.unconnected:
                return Content("\n").join(
                    content(line) for line in wrapped(unconnected_sentence(profile), min(width, 76))
                )
            return _invitation(width, watches=self._may_watch)
        if self.watches:
            return self._watched(state, width)
        if self.stage == "running":
            return Content("")  # the lines below say how far it is
        return self._verdict(state, width)

    def _watched(self, state: RunState, width: int) -> Content:
        """A watch that is on, or what it came to and what to do next."""
        notices = [content((f" {sign} ", "$soft"), text) for sign, text in state.notices[-1:]]
        if self.stage == "running":
            text = _("Watching: Teamleader's own integration books, octowizard writes nothing.")
            return Content("\n").join([content(("● ", "$primary"), (text, "bold")), *notices])
        done = state.watched
        mark, text = watching.verdict(done) if done is not None else Line("✖", self.error)
        lines = hung(f"{mark} ", style_of(mark), text, width, "bold")
        if done is not None:
            step = _("Next: {step}").format(step=watching.next_step(done))
            lines += hung("  ", "", step, width)
        return Content("\n").join([*lines, *notices])

    def _verdict(self, state: RunState, width: int) -> Content:
        """What a run came to and what to do next, on `width` columns."""
        done = state.finished
        if self.error or done is None:  # it broke off
            mark, sentence = "✖", self.error or _("The run broke off.")
            step = _("{preview} previews again; nothing is ever written twice.").format(
                preview=key_of("sync.preview", "p")
            )
        elif self._is_outdated:
            mark, sentence = "▲", _("Out of date: something was changed since.")
            step = _("{preview} previews again.").format(preview=key_of("sync.preview", "p"))
        elif (tried := state.rows.get(next(iter(self._options.only), ""))) is not None and not state.refused:
            where = tried.status if tried.booked is not None else ""
            mark, sentence = run_summary.tried_again(done, tried.name, where, self._why_not(tried))
            step = run_summary.after_a_try(stuck(state))
        else:
            number = stuck(state)
            mark, sentence = run_summary.verdict(done, number, refused=state.refused, limit=state.limit)
            runner = self.shell.runner
            checked = runner.checked if runner is not None else None
            sets_up = checked is not None and checked.guide.current is not None
            step = run_summary.next_step(
                done, number, self.shell.now(), writes=self._may_write, sets_up=sets_up
            )
        head = run_summary.labelled(sentence, dry_run=state.dry_run)
        lines = hung(f"{mark} ", style_of(mark), head, width, "bold")
        lines += hung("  ", "", _("Next: {step}").format(step=step), width)
        runner = self.shell.runner
        if state.dry_run and done is not None and done.read_at is not None and runner and runner.checked:
            there = self.shell.now() + runner.checked.clock_offset
            if there - done.read_at >= WORTH_A_WORD:
                aged = _("From what was read {ago}; a sync reads again.").format(ago=ago(done.read_at, there))
                lines += hung("  ", "$soft", aged, width)
        for sign, notice in [one for one in state.notices if one[1] != sentence][-2:]:
            lines += hung(f"{sign} ", "$soft", notice, width)[:2]
        return Content("\n").join(lines)

    @staticmethod
    def _why_not(row: Row) -> str:
        """Why a document is not booked; empty where it was not come to."""
        return row.status if row.state in ("failing", "blocked", "unpaid", "left") else ""

    def page(self) -> Page | None:
        """What is known of the line; the causes of its problem too, once both sides need no more reading."""
        chosen, state = self._chosen, self.state
        if chosen is None:
            return None
        why, explained = chosen.explanation, None
        if why is not None and self._asking is not None and (self.stage == "over" or self.watches):
            row = chosen if isinstance(chosen, Row) else next(iter(chosen.rows), None)
            document = row.document if row is not None else None
            explained = self._asking.of(why.problem, document.id if document is not None else "")
            self._mending.of(why.problem)
        page = run_line(chosen, dry_run=bool(state and state.dry_run), explained=explained)
        return offering(page, self._mending.offer(why.problem)) if why is not None else page

    @property
    def _is_connected(self) -> bool:
        profile = self.shell.profile
        return profile is not None and not profile.unconnected

    @property
    def _may_write(self) -> bool:
        profile = self.shell.profile
        return profile is not None and profile.mode == "connector"

    @property
    def _may_watch(self) -> bool:
        profile = self.shell.profile
        return self._is_connected and profile is not None and profile.mode == "observer"

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        runner = self.shell.runner
        state, chosen = self.state, self._chosen
        idle = runner is not None and not runner.running and self.stage != "running"
        row = chosen if isinstance(chosen, Row) else None
        searching = self._search.display
        match run:
            case "stop":
                going = self.stage == "running" and self._run is not None and not self._run.stop.requested
                return going and not searching
            case "start":
                foreseen = state.finished if state is not None and state.dry_run else None
                wanted = run_summary.writes_anything(foreseen) and not self._is_outdated
                return idle and self._may_write and wanted
            case "go_on":
                return self._on_plain_group and self.is_enabled("start")
            case "watch":
                return idle and self._may_watch
            case "preview":
                return idle and self._is_connected
            case "retry":
                again = row is not None and row.document is not None and row.state in AGAIN
                return idle and again and self._may_write and bool(state and not state.dry_run)
            case "keep_out":
                return idle and row is not None and row.document is not None and row.state in LEFT
            case "let_in":
                return idle and row is not None and row.state == "excluded" and row.reason == BY_USER
            case "mend":
                why = chosen.explanation if chosen is not None else None
                free = idle or (self.watches and runner is not None and runner.idle)
                return free and why is not None and bool(self._mending.offer(why.problem))
            case "browse":
                return row is not None and row.document is not None and bool(row.document.web_url)
            case "story":
                return row is not None and row.document is not None
            case "why":
                return bool(self.documents)
            case "switched_off":
                return idle and bool(state and state.refused and state.refused.problem == OTHER_CONNECTOR)
            case _:
                return super().is_enabled(run)

    def named(self) -> Container[str]:
        wrote = self.state is not None and not self.state.dry_run
        named = {"stop", "start", "watch", "preview", "mend", "switched_off", "details", "why"}
        return named | {"filter"} if wrote else named

    def do_preview(self, *, then_ask: bool = False) -> None:
        confirmed = self._options.no_other_connector
        self._then_ask = then_ask
        self._begin(SyncOptions(dry_run=True, no_other_connector=confirmed))

    def do_watch(self) -> None:
        self._begin(SyncOptions(), watches=True)

    def do_switched_off(self) -> None:
        self._begin(SyncOptions(dry_run=True, no_other_connector=True))

    def do_start(self) -> None:
        state = self.state
        if state is None or state.finished is None:
            return
        teamleader, octopus = self.shell.accounts() or ("", "")
        question = run_summary.question(
            journal_sums(state), state.finished, stuck(state), octopus=octopus, teamleader=teamleader
        )
        confirmed = self._options.no_other_connector
        self.confirm(question, lambda: self._begin(SyncOptions(no_other_connector=confirmed)))

    def do_go_on(self) -> None:
        self.do_start()

    def do_stop(self) -> None:
        if self._run is not None:
            self._run.stop.request()
            self._update()

    def do_retry(self) -> None:
        row = self._list.chosen
        if not isinstance(row, Row):
            return
        options = SyncOptions(only=(row.key,), no_other_connector=self._options.no_other_connector)
        self.confirm(run_summary.try_again(row.name, row.customer), lambda: self._begin(options))

    def do_keep_out(self) -> None:
        row, profile = self._list.chosen, self.shell.profile
        if isinstance(row, Row) and profile is not None:
            follows = (self._options.numbering or profile.numbering) == "follow"
            question = run_summary.keep_out(row.name, row.customer, follows=follows)
            self.confirm(question, lambda: self._decide(row, out=True))

    def do_let_in(self) -> None:
        if isinstance(row := self._list.chosen, Row):
            self._decide(row, out=False)

    def _decide(self, row: Row, *, out: bool) -> None:
        """Keep a document out, or let it in, as `sync --exclude` and `--include` do; then look what follows of it."""
        runner, state = self.shell.runner, self.state
        if runner is None or state is None or row.document is None or not self.is_enabled("preview"):
            return
        session, document = runner.session, row.document

        def decide() -> None:
            if out:
                session.keep_out([document.id])
            else:
                session.let_in([document.id, document.number])  # it may have been named by either

        def decided(_nothing: None) -> None:
            runner.outdated()
            session.to_look_at = True  # Home counts it too
            self.shell.tell(run_summary.kept_out(row.name) if out else run_summary.let_in(row.name))
            if state.dry_run:  # others may have waited for it, or do now
                self._back_to = row.key
                self.do_preview()
            else:
                state.decided(document, out=out)
                self._update()

        self.in_thread(decide, decided)

    def do_mend(self) -> None:
        chosen = self._chosen
        if chosen is not None and chosen.explanation is not None:
            self._mending.begin(chosen.explanation.problem)

    def do_browse(self) -> None:
        row = self._list.chosen
        if isinstance(row, Row) and row.document is not None and row.document.web_url:
            self.shell.open_address(row.document.web_url)

    def do_story(self) -> None:
        row, runner = self._list.chosen, self.shell.runner
        if isinstance(row, Row) and runner is not None:
            key = row.key
            title = f"{row.name}  {row.customer}"
            session, now = runner.session, self.shell.now()

            def happened() -> Iterator[run_summary.StoryLine]:
                return run_summary.document_story(session.document_runs(key), now)

            self.shell.push_screen(StoryScreen(title, happened, place=self.MODE))
