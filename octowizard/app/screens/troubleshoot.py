"""Troubleshoot: paste a message or pick a problem; its causes, each confirmed, ruled out or open, and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from octowizard.app.commands import Command, bindings
from octowizard.app.content import content, wrapped
from octowizard.app.runner import in_background
from octowizard.app.screens.checked import STOP, CheckedScreen
from octowizard.app.told import Told, as_text, causes, listed, remedy, render
from octowizard.app.widgets.card_list import CardList
from octowizard.app.widgets.message_box import MessageBox, harmless
from octowizard.locale import _
from octowizard.planning.problems import MARKS
from octowizard.session.explanations import Answer, CardLine, card_lines
from octowizard.session.profile_session import Checked

OFFERS: tuple[Command, ...] = (
    STOP,
    Command("open", ("enter",), lambda: _("open"), lambda: _("Show the problem under the cursor.")),
    Command(
        "again",
        ("r",),
        lambda: _("check again"),
        lambda: _("Read again what this problem depends on, and look at its causes."),
    ),
    Command(
        "type",
        ("slash",),
        lambda: _("type or search"),
        lambda: _("Type a message, a number, or words to search by; a paste needs no key."),
    ),
    Command("back", ("escape",), lambda: _("back"), lambda: _("Back to the list of problems.")),
    Command(
        "bundle",
        ("b",),
        lambda: _("support bundle"),
        lambda: _("Save a file for whoever helps you: without passwords or keys."),
    ),
    Command("copy", ("c",), lambda: _("copy"), lambda: _("Copy the whole answer.")),
    Command("save", ("w",), lambda: _("save"), lambda: _("Save the whole answer to a file."), footer=False),
)


def told_of(answer: Answer) -> Told:
    """An answer as labelled lines."""
    explained = answer.explained
    names = tuple(f"{label} {value}" for label, value in answer.names)
    if explained is None:
        said = _(
            "octowizard does not know this message, and does not guess. Below stand the problems whose words are "
            "nearest, if there are any; / searches them all; Checks (3) looks at both sides for everything it knows."
        )
        entries = [("", said, "")]
        help_ = _("b saves a support bundle for whoever helps you: the message, versions and the last run.")
        return Told(mark="?", title=_("Not known"), entries=[*entries, ("", help_, "$soft")])
    return Told(
        mark=MARKS[explained.severity],
        title=explained.title,
        entries=[
            *listed("", (explained.summary,)),
            *listed(_("It names"), (", ".join(names),)),
            *(causes(explained, "confirmed") if explained.confirmed else causes(explained)),
            *remedy(explained),
            *(causes(explained, "open", "ruled_out") if explained.confirmed else []),
            *listed(_("Source"), (explained.source,), "$soft"),
        ],
    )


class TroubleshootScreen(CheckedScreen):
    """The field and the list of problems; or, instead of the list, an answer."""

    MODE: ClassVar[str] = "troubleshoot"
    CSS_PATH = "troubleshoot.tcss"
    OFFERS: ClassVar[tuple[Command, ...]] = OFFERS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(OFFERS)]

    def __init__(self) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self.asking = False
        self._ask: Callable[[], Answer] | None = None  # the question, to be asked once more after reading
        self._text = ""  # what was pasted, letter for letter
        self._round = 0

    def about(self) -> str:
        return _(
            "Paste any message of Teamleader, Octopus or octowizard, in English, Dutch or French, with whatever "
            "stands around it; or an error number such as -15; or pick a problem from the list. Causes are looked "
            "at in what was read last: r reads again just what they depend on. Nothing is written."
        )

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
            in_background(self, card_lines, self._listed, self._failed)
        self._cards.focus()
        self.draw()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def on_screen_resume(self) -> None:
        """What is kept is looked at when something is asked, not before."""

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

        def told(answer: Answer) -> None:
            if asked == self._round:
                self.asking = False
                self._show(answer)

        in_background(self, ask, told, self._failed)
        self.draw()

    def _failed(self, why: str) -> None:
        self.asking = False
        super()._failed(why)

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        if answer.explained is None:
            self._cards.only([problem for problem, _title in answer.nearest])
        self.draw()
        self.query_one("#answer").scroll_home(animate=False)
        (
            self._cards if self._cards.length and answer.explained is None else self.query_one("#answer")
        ).focus()
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
        box.display = box.has_focus or answer is None or not known
        self._cards.display = not known
        shown = self.query_one("#answer", VerticalScroll)
        shown.display = answer is not None
        shown.set_class(not known, "-unknown")
        self.draw_banner()
        if answer is not None:
            width = max(20, min(110, self.size.width - 4))
            self.query_one("#answer-text", Static).update(render(told_of(answer), width))
        self.show_keys()

    def draw_banner(self) -> None:
        width = max(20, self.size.width - 2)
        self.query_one("#trouble-head", Static).update(self._head(width))

    def _head(self, width: int) -> Content:
        if self.asking and not self.reading:
            left: list[str | tuple[str, str]] = [(_("● looking at the causes"), "$primary")]
        elif self.answer is None:
            left = [
                (_("Paste a message here"), "bold $accent"),
                "\n",
                (
                    "\n".join(
                        wrapped(
                            _("from a mail, Teamleader or Octopus; or pick a problem below, or type (/)."),
                            width,
                        )
                    ),
                    "$soft",
                ),
            ]
            return content(*left) if not self.error else content(*left, "\n", ("✖ ", "$error"), self.error)
        else:
            left = [(_("Answer"), "bold $accent")]
        return self.head(left, width)

    def age(self) -> str:
        runner = self.shell.runner
        if self.checked is None and runner is not None:
            self.checked = runner.checked
        return super().age()

    # --- commands -------------------------------------------------------------------------------------------

    @property
    def _typing(self) -> bool:
        return self.query_one(MessageBox).has_focus

    def is_enabled(self, run: str) -> bool:
        answer = self.answer
        known = answer is not None and answer.explained is not None
        match run:
            case "stop":
                return self.reading
            case "open":
                return not known and not self._typing and self._cards.chosen is not None
            case "again":
                return known and self.idle and not self.asking
            case "type":
                return not self._typing
            case "back":
                return not self.reading and (answer is not None or self._typing)
            case _:
                return answer is not None and not self._typing

    def do_open(self) -> None:
        card = self._cards.chosen
        if card is not None:
            self.explain_problem(card.problem)

    def do_again(self) -> None:
        if self.answer is not None and self.answer.explained is not None:
            self.begin(self.answer.explained.problem)

    def do_type(self) -> None:
        box = self.query_one(MessageBox)
        self.answer = None
        box.text = ""
        self.draw()
        box.focus()

    def do_back(self) -> None:
        self.answer, self._ask = None, None
        self._round += 1
        self.asking = False
        box = self.query_one(MessageBox)
        box.text = ""
        self._cards.search("")
        self._cards.display = True
        self._cards.focus()
        self.draw()

    def do_bundle(self) -> None:
        runner, text = self.shell.runner, self._text
        if runner is not None:
            in_background(
                self,
                lambda: runner.session.explanations.save_bundle(text),
                lambda path: self.shell.tell(
                    _("Saved to {path}. It holds names and numbers: look at it before you send it.").format(
                        path=path
                    )
                ),
                lambda why: self.shell.tell(why, wrong=True),
            )

    def do_copy(self) -> None:
        if self.answer is not None:
            self.shell.copy(as_text(told_of(self.answer)))

    def do_save(self) -> None:
        if self.answer is not None:
            self.shell.save_text(as_text(told_of(self.answer)))

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
        self.show_keys()

    def on_line_list_moved(self) -> None:
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("open")
