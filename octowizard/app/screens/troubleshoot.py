"""Troubleshoot: paste a message or pick a problem; its causes, each confirmed, ruled out or open, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from octowizard.app.commands import commands
from octowizard.app.content import cell, content, fitting, hung, render, wrapped
from octowizard.app.job_screen import STOP
from octowizard.app.mending import Mending
from octowizard.app.screens.checked import CheckedScreen
from octowizard.app.widgets.card_list import CardList
from octowizard.app.widgets.message_box import MessageBox, harmless
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.presentation.blocks import Page
from octowizard.presentation.detail import diagnosis, not_known, offering, problem
from octowizard.presentation.folds import folds
from octowizard.session.explanations import Answer, CardLine, card_lines
from octowizard.session.profile_session import Checked

OFFERS = (
    STOP,
    *commands(lambda: (
        ("open", "enter", _("open"), _("Show the problem under the cursor.")),
        ("again", "r", _("check again"),
         _("Read again what this problem depends on, and look at its causes.")),
        ("mend", "d", _("do it for me"),
         _("Make the change that mends it: shows exactly what is sent, and asks, before it is written.")),
        ("unfold", "e", _("evidence"), _("Show or fold away all that the answer rests on.")),
        ("type", "slash", _("type or search"),
         _("Type another message, a number, or words to search by; a paste needs no key.")),
        ("edit", "tab", _("message"), _("To the message, to change or complete it.")),
        ("leave", "tab", _("list or answer"), _("From the message to the list of problems, or to the answer.")),
        ("back", "escape", _("back"), _("Back to the list of problems.")),
        ("bundle", "B", _("bundle"),
         _("Save a file for whoever helps you: without passwords or keys.")),
        ("copy", "c", _("copy"), _("Copy the whole answer.")),
        ("save", "w", _("save"), _("Save the whole answer to a file.")),
    ), hidden=("save",), first=("type",)),
)  # fmt: skip


def page_of(answer: Answer) -> Page:
    """An answer, or that there is none."""
    if answer.diagnosis is not None:
        page = diagnosis(answer.diagnosis, answer.names)
        if page is not None:
            return page
    elif answer.explained is not None:
        return problem(answer.explained, answer.names)
    nearest = _(
        "It does not guess. Below stand problems whose words are near, if there are any; / searches them all."
    )
    checks = _("Checks ({checks}) looks at both sides for everything it knows.").format(
        checks=key_of("checks", "3")
    )
    bundle = _(
        "{bundle} saves a support bundle for whoever helps you: the message, versions and the last run."
    ).format(bundle=key_of("troubleshoot.bundle", "B"))
    return not_known((), (nearest, checks, bundle))


class TroubleshootScreen(CheckedScreen):
    """The field and the list of problems; or, instead of the list, an answer."""

    MODE: ClassVar[str] = "troubleshoot"
    CSS_PATH = "troubleshoot.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self.asking = False
        self._ask: Callable[[], Answer] | None = None  # the question, to be asked once more after reading
        self._text = ""  # what was pasted, letter for letter
        self._mending = Mending(
            self, self._offered, lambda problem, made: self.check(problem) if made else None
        )
        self._early = ""  # what was typed before the field stood
        self._unfolded = False
        self._editing = False  # the message of an answer is in the field once more
        self._round = 0

    def successor(self) -> TroubleshootScreen:
        after = TroubleshootScreen()
        after._text, after._ask = self._text, self._ask
        after._early = self.query_one(MessageBox).text
        return after

    def about(self) -> str:
        return _(
            "Paste any message of Teamleader, Octopus or octowizard, in English, Dutch or French, with whatever "
            "stands around it; or tell it in your own words, name a document or an error number such as -15; or pick a "
            "problem from the list (tab). Causes are looked at in what was read last: {again} reads again just "
            "what they "
            "depend on. Nothing is written."
        ).format(again=key_of("troubleshoot.again", "r"))

    def body(self) -> Iterable[Widget]:
        yield Static(id="trouble-head")
        yield MessageBox(id="message")
        with VerticalScroll(id="answer"):
            yield Static(markup=False, id="answer-text")
        yield CardList()

    def on_mount(self) -> None:
        box = self.query_one(MessageBox)
        box.placeholder = _("a message, an error number, or words to search by; ⏎ explains, esc leaves")
        if self.shell.runner is not None:
            self.in_thread(card_lines, self._listed, self.failed)
        box.insert(self._early)
        self.set_focus(box)  # the screen is there to take text: what is typed is no key of it
        self.draw()
        if self._ask is not None:
            self._begin(self._ask)

    def on_screen_resume(self) -> None:
        if self.answer is None and not self.asking:
            self.set_focus(self.query_one(MessageBox))

    def on_key(self, event: events.Key) -> None:
        """What is typed is text, wherever the cursor is, until there is an answer; keys of the footer keep theirs."""
        sign = event.character
        box = self.query_one_optional(MessageBox)
        if sign is None or not sign.isprintable() or self.answer is not None or (box and box.has_focus):
            return
        if box is None or not box.is_attached:
            self._early += sign
        elif self._has_key(event.key):
            return
        else:
            self.set_focus(box)
            box.insert(sign)
        event.stop()
        event.prevent_default()

    def _has_key(self, key: str) -> bool:
        """Does a command have this key while the list is in use?"""
        return self.focused is self._cards and any(key in command.keys for command in self.offered())

    @property
    def _cards(self) -> CardList:
        return self.query_one(CardList)

    def _listed(self, cards: list[CardLine]) -> None:
        self._cards.all = cards
        self._cards.search(self.query_one(MessageBox).text)
        if self.answer is not None and self.answer.explained is None:
            self._cards.only([problem for problem, _title in self.answer.nearest])
        self.draw()

    # --- asking ---------------------------------------------------------------------------------------------

    def explain_text(self, text: str) -> None:
        """Recognise and explain a message."""
        runner = self.shell.runner
        if runner is None or not text.strip():
            return
        self._text = text
        explanations = runner.session.explanations
        self._begin(lambda: explanations.diagnose(text))

    def explain_problem(self, problem: str, document_id: str = "") -> None:
        """Explain a problem of the catalogue, for one document or for all."""
        runner = self.shell.runner
        if runner is None:
            return
        explanations = runner.session.explanations
        self._text = problem
        self._begin(lambda: Answer(explained=explanations.of(problem, document_id)))

    def _begin(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self.asking = True
        self.error = ""
        self._round += 1
        asked = self._round

        def answered(answer: Answer) -> None:
            if asked == self._round:
                self.asking = False
                self._show(answer)

        self.in_thread(ask, answered, self.failed)
        self.draw()

    def _offered(self) -> None:
        """What `d` would do has become known."""
        self._draw_answer()
        self.show_keys()

    @property
    def _mends(self) -> str:
        """The problem that `d` mends: what is confirmed first; empty where nothing is."""
        explained = self.answer.explained if self.answer is not None else None
        return explained.confirmed[0].problem if explained is not None and explained.confirmed else ""

    def failed(self, why: str) -> None:
        self.asking = False
        super().failed(why)

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self._unfolded = self._editing = False
        self._mending.forget()
        if answer.explained is None:
            self._cards.only([problem for problem, _title in answer.nearest])
        self.draw()
        self.query_one("#answer").scroll_home(animate=False)
        listed = self._cards.length and answer.explained is None
        (self._cards if listed else self.query_one("#answer")).focus()
        self.show_keys()

    def ended(self, problem: str, before: Checked | None) -> None:
        del problem, before
        if self._ask is not None:
            self._begin(self._ask)

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        answer = self.answer
        known = answer is not None and answer.explained is not None
        box = self.query_one(MessageBox)
        box.display = not known or self._editing
        self._cards.display = not known
        shown = self.query_one("#answer", VerticalScroll)
        shown.display = answer is not None
        shown.set_class(not known, "-unknown")
        self.draw_head()
        if answer is not None:
            # Once the answer has its place on the screen, which says how much of it has room.
            self.call_after_refresh(self._draw_answer)
        self.show_keys()

    def _draw_answer(self) -> None:
        if self.answer is None:
            return
        page, shown = self.page(), self.query_one("#answer", VerticalScroll)
        width = max(20, min(110, self.size.width - 4))
        # An answer that is none has as much room as it takes.
        room = shown.size.height if self.answer.explained is not None else 99
        if page is None:
            return
        text = render(page, width) if self._unfolded else fitting(page, width, room)
        self.query_one("#answer-text", Static).update(text)

    def draw_head(self) -> None:
        self.query_one("#trouble-head", Static).update(self._head(self.columns))

    def _head(self, width: int) -> Content:
        if self.asking and self.job is None:
            return self.head([(_("● looking at the causes"), "$primary")], width)
        if self.answer is not None and self.answer.diagnosis is not None:
            asked = " ".join(self._text.split())
            room = max(10, width - len(self.age()) - 4)
            return self.head([("> ", "$soft"), (cell(asked, min(room, cell_len(asked))), "bold")], width)
        if self.answer is not None:
            return self.head([(_("Problem"), "bold $accent")], width)
        text = _(
            "from a mail, Teamleader or Octopus, or tell it in your own words; tab picks a problem below."
        )
        lines = [content((_("Paste a message here"), "bold $accent"))]
        lines += [content((line, "$soft")) for line in wrapped(text, width)]
        return Content("\n").join(lines + (hung("✖ ", "$error", self.error, width) if self.error else []))

    def named(self) -> Container[str]:
        known = self.answer is not None and self.answer.explained is not None
        return {"stop", "mend", "unfold", "again", "type", "back" if known else "bundle"}

    # --- commands -------------------------------------------------------------------------------------------

    @property
    def _typing(self) -> bool:
        return self.query_one(MessageBox).has_focus

    def is_enabled(self, run: str) -> bool:
        answer = self.answer
        known = answer is not None and answer.explained is not None
        match run:
            case "stop":
                return self.stoppable
            case "open":
                return not known and not self._typing and self._cards.chosen is not None
            case "again":
                return known and self.idle and not self.asking
            case "type":
                return not self._typing
            case "edit":
                return not self._typing
            case "leave":
                return self._typing
            case "mend":
                return self.idle and not self._typing and bool(self._mends and self._mending.of(self._mends))
            case "unfold":
                return answer is not None and not self._typing and folds(page_of(answer))
            case "back":
                return self.job is None and (answer is not None or self._typing)
            case _:
                return answer is not None and not self._typing

    def do_open(self) -> None:
        card = self._cards.chosen
        if card is not None:
            self.explain_problem(card.problem)

    def do_again(self) -> None:
        if self.answer is not None and self.answer.explained is not None:
            self.check(self.answer.explained.problem)

    def do_type(self) -> None:
        box = self.query_one(MessageBox)
        self.answer = None
        box.text, box.at_once = "", False
        self.draw()
        self.set_focus(box)  # now, and not when the next key has gone elsewhere

    def do_mend(self) -> None:
        self._mending.begin(self._mends)

    def do_unfold(self) -> None:
        self._unfolded = not self._unfolded
        self._draw_answer()

    def do_edit(self) -> None:
        box, answer = self.query_one(MessageBox), self.answer
        if answer is None or answer.diagnosis is None:
            self.set_focus(box)
            return
        self._editing = True
        self.draw()
        box.text = harmless(self._text)
        box.move_cursor(box.document.end)
        self.set_focus(box)

    def do_leave(self) -> None:
        self.set_focus(self.query_one("#answer") if self._editing else self._cards)

    def do_back(self) -> None:
        """From an answer to the empty field, ready for the next message; from the field to the list or the answer."""
        if self._editing:
            self.set_focus(self.query_one("#answer"))
            return
        answered = self.answer is not None or self.asking
        self.answer, self._ask = None, None
        self._round += 1
        self.asking = self._editing = False
        box = self.query_one(MessageBox)
        box.text = ""
        self._cards.search("")
        self._cards.display = True
        box.at_once = True
        self.draw()
        self.set_focus(box if answered else self._cards)

    def do_bundle(self) -> None:
        runner, text = self.shell.runner, self._text
        if runner is not None:
            saved = _("Saved to {path}. It holds names and numbers: look at it before you send it.")
            self.in_thread(
                lambda: runner.session.explanations.save_bundle(text),
                lambda path: self.shell.tell(saved.format(path=path)),
            )

    def page(self) -> Page | None:
        if self.answer is None:
            return None
        return offering(page_of(self.answer), self._mending.offer(self._mends) if self._mends else "")

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_message_box_sent(self, event: MessageBox.Sent) -> None:
        event.stop()
        if event.text.strip():
            self.explain_text(event.text)
        else:
            self.do_back()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.answer is None and len(event.text_area.text) < 60:
            self._cards.search(event.text_area.text)
        self.show_keys()

    def on_paste(self, event: events.Paste) -> None:
        """A paste while the list or an answer has the keys: that is the message."""
        event.stop()
        if event.text.strip():
            self.answer = None
            self.query_one(MessageBox).text = harmless(event.text)
            self.explain_text(event.text)

    def on_descendant_focus(self) -> None:
        if self._editing and not self._typing:
            self._editing = False
            self.draw()
        self.show_keys()

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("open")
