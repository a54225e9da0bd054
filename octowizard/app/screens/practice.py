"""The practice desk: what people do in the vendors' own screens, and what is wrong with the practice company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content, hung, style_of, wrapped
from octowizard.app.place_screen import PlaceScreen
from octowizard.app.places import PRACTICE
from octowizard.app.screens.form import Field
from octowizard.app.widgets.action_list import ActionList, Line, arranged, plainly
from octowizard.app.widgets.empty import empty
from octowizard.app.widgets.pane import Pane
from octowizard.app.widgets.search_field import SearchField
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, labelled
from octowizard.locale.keys import key_of
from octowizard.locale.practice import asked_name
from octowizard.presentation.blocks import Entry, Page, listed
from octowizard.session.practice_desk import (
    DECIDING,
    Action,
    Plant,
    Planted,
    PracticeDesk,
    World,
    choices,
    optional,
    told,
)

if TYPE_CHECKING:
    from octowizard.app.widgets.line_list import LineList
    from octowizard.workspace.profiles import Profile

OFFERS = commands(lambda: (
    ("act", "enter", _("do it"),
     _("Do what the cursor is on; a form asks for what it needs. On what is wrong: cure it.")),
    ("reveal", "e", _("what is wrong"),
     _("Show or hide what is wrong with this practice company, and how a person would cure it.")),
    ("search", "slash", _("search"), _("Only the actions that hold some words.")),
    ("clear", "escape", _("show all"), _("End the search.")),
    ("card", "g", _("troubleshoot"), _("Go to Troubleshoot with what is wrong.")),
    ("copy", "c", _("copy"), _("Copy what is said of the line.")),
), hidden=("copy",), first=("search",))  # fmt: skip


def _with(text: str, given: str) -> str:
    """`Open a closed fiscal year again: year 2025`."""
    return labelled(text.rstrip("."), given) if given else text


class PracticeScreen(PlaceScreen):
    """Actions by vendor; `x` puts what is wrong above them."""

    MODE: ClassVar[str] = PRACTICE
    CSS_PATH = "practice.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self._actions: Sequence[Action] = ()
        self._planted: Planted | None = None
        self._titles: dict[str, str] = {}
        self._world: World | None = None  # None: to be read when a form needs it
        self._revealed = False
        self._cured: set[str] = set()
        self._busy = False
        self._result: tuple[str, str] = ("", "")  # mark and sentence of what was done last

    def about(self) -> str:
        return _(
            "The practice company is invented. Here you do what people do in the screens of Octopus and "
            "Teamleader: re-open a year, close a journal, import a bank statement, merge two companies. Look for what "
            "is wrong with Checks first; {reveal} shows it, and enter then cures it as a person would."
        ).format(reveal=key_of("practice.reveal", "e"))

    def body(self) -> Iterable[Widget]:
        yield Static(id="desk-head")
        yield SearchField(_("words of an action; esc ends the search"))
        nothing = empty(
            _("No action with these words"),
            _("Each word has to stand in the action or in its heading."),
            key_of("practice.clear", "esc"),
            _("shows all actions again"),
        )
        yield Container(ActionList(), Static(nothing, id="nothing"), Pane(id="pane"), id="lists")

    def on_mount(self) -> None:
        desk, runner = self._desk, self.shell.runner
        if desk is None or runner is None:
            return
        from octowizard.session.explanations import card_lines

        def read() -> tuple[list[Action], Planted, dict[str, str]]:
            titles = {card.problem: card.title for card in card_lines()}
            return desk.actions(), desk.planted(), titles

        self.in_thread(read, self._opened, self._failed)
        self._list.focus()
        self.draw()

    @property
    def _desk(self) -> PracticeDesk | None:
        return self.shell.runner.session.desk if self.shell.runner is not None else None

    @property
    def _list(self) -> ActionList:
        return self.query_one(ActionList)

    @property
    def _search(self) -> SearchField:
        return self.query_one(SearchField)

    def _opened(self, read: tuple[list[Action], Planted, dict[str, str]]) -> None:
        self._actions, self._planted, self._titles = read
        self.draw()

    def _failed(self, why: str) -> None:
        self._busy = False
        self._result = ("✖", why)
        self.draw()

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show everything as it now is."""
        lines: list[Line] = []
        plants = self._planted.plants if self._planted is not None else ()
        words = self._search.value
        if self._revealed and plants and not words:
            lines += [_("What is wrong here"), *plants]
        lines += arranged(self._actions, words)
        self._list.show_actions(lines, self._titles, self._cured)
        self._list.display = bool(lines)
        self.query_one("#nothing").display = bool(words) and not lines
        self.query_one("#desk-head", Static).update(self._head(self.columns))
        self._explain()
        self.show_keys()

    def _head(self, width: int) -> Content:
        planted = self._planted
        name = "   " + _("scenario {name}").format(name=planted.name) if planted is not None else ""
        lines = [content((_("Practice desk"), "bold $accent"), name)]
        if planted is not None:
            number = len(planted.plants)
            text = _("Nothing was made wrong on purpose here.")
            if number:
                text = ngettext(
                    "{count} thing was made wrong on purpose. Look for it with Checks ({checks}); {reveal} shows it.",
                    "{count} things were made wrong on purpose. Look for them with Checks ({checks}); {reveal} shows "
                    "them.",
                    number,
                ).format(
                    checks=key_of("checks", "3"), reveal=key_of("practice.reveal", "e"), count=count(number)
                )
            lines += [content((line, "$soft")) for line in wrapped(text, width)]
        mark, result = self._result
        if self._busy:
            lines.append(content(("● ", "$primary"), _("one moment")))
        elif mark:
            lines += hung(f"{mark} ", style_of(mark), result, width)[:3]
        return Content("\n").join(lines)

    def _explain(self) -> None:
        self.query_one(Pane).show(self.page())

    def page(self) -> Page | None:
        line = self._list.chosen
        if isinstance(line, Plant):
            return self._page_of(line)
        if line is None:
            return None
        blocks = tuple(Entry(asked_name(name), _(hint)) for name, hint in line.arguments.items())
        if not blocks:
            blocks = (Entry("", _("It asks for nothing: enter does it."), "soft"),)
        command = f"octowizard sandbox do --control … {line.name}"
        return Page(mark="○", title=plainly(line), blocks=blocks, under=(command,))

    def _page_of(self, plant: Plant) -> Page:
        blocks = listed(_("Holds up"), (", ".join(plant.affected),))
        blocks += listed(_("A person would"), tuple(self._step(step) for step in plant.cure), "head")
        blocks.append(
            Entry(
                "",
                _("Enter does just that. Then check again ({checks}).").format(checks=key_of("checks", "3")),
                "soft",
            )
        )
        title = self._titles.get(plant.problem, plant.problem)
        return Page(mark="✔" if plant.problem in self._cured else "▲", title=title, blocks=tuple(blocks))

    def _step(self, step: Mapping[str, Any]) -> str:
        summaries = {action.name: plainly(action) for action in self._actions}
        given = {name: value for name, value in step.items() if name != "action"}
        text = summaries.get(str(step.get("action")), str(step.get("action")))
        return _with(text, told(given, self._world))

    # --- commands -------------------------------------------------------------------------------------------

    @property
    def _typing(self) -> bool:
        return self._search.has_focus

    def is_enabled(self, run: str) -> bool:
        line = self._list.chosen
        match run:
            case "act":
                return line is not None and not self._busy and not self._typing
            case "reveal":
                return bool(self._planted and self._planted.plants) and not self._typing
            case "search":
                return not self._typing
            case "clear":
                return self._typing or bool(self._search.value)
            case "card":
                return isinstance(line, Plant)
            case _:
                return line is not None

    def do_act(self) -> None:
        line, desk = self._list.chosen, self._desk
        if desk is None or line is None:
            return
        if isinstance(line, Plant):
            self._cure(desk, line)
        elif not line.arguments:
            self._do(desk, line, {})
        else:
            self._ask(desk, line)

    def _ask(self, desk: PracticeDesk, action: Action) -> None:
        """Open the form, with what there is to choose from."""
        if self._world is None:
            self._busy = True
            self.in_thread(desk.world, lambda world: self._open(desk, action, world), self._failed)
            self.draw()
        else:
            self._open(desk, action, self._world)

    def _open(self, desk: PracticeDesk, action: Action, world: World) -> None:
        self._busy = False
        self._world = world
        self.draw()
        fields = [
            Field(
                name=name,
                label=asked_name(name),
                hint=_(hint),
                optional=optional(hint),
                choices=cache(partial(choices, name, hint, world)),
            )
            for name, hint in action.arguments.items()
        ]
        self.fill_in(plainly(action), fields, lambda given: self._do(desk, action, given))

    def _do(self, desk: PracticeDesk, action: Action, given: dict[str, str]) -> None:
        steps = [{"action": action.name, **given}]
        self._begin(desk, steps, lambda changed: _with(plainly(action), changed))

    def _cure(self, desk: PracticeDesk, plant: Plant) -> None:
        def cured(_changed: str) -> str:
            self._cured.add(plant.problem)
            return _("Cured: {what}.").format(what=self._titles.get(plant.problem, plant.problem))

        self._begin(desk, list(plant.cure), cured)

    def _begin(
        self, desk: PracticeDesk, steps: Sequence[Mapping[str, Any]], say: Callable[[str], str]
    ) -> None:
        """Do it in a thread. What people decided about the connection goes into the profile at once."""
        self._busy = True
        profile = self.shell.profile

        def work() -> tuple[str, Profile | None]:
            changed = ""
            for step in steps:
                given = {name: value for name, value in step.items() if name != "action"}
                changed = told(desk.do(str(step["action"]), given), self._world)
            decides = any(step["action"] in DECIDING for step in steps)
            return changed, desk.decided().applied(profile) if decides and profile is not None else None

        def done(result: tuple[str, Profile | None]) -> None:
            changed, decided = result
            self._busy = False
            self._world = None
            self._result = ("✔", say(changed))
            if decided is not None:
                self.shell.adopt(decided)
            self.draw()

        self.in_thread(work, done, self._failed)
        self.draw()

    def do_reveal(self) -> None:
        self._revealed = not self._revealed
        self._search.value = ""
        self.draw()
        desk = self._desk
        if self._revealed:
            self._list.go(0)
            if self._world is None and desk is not None:
                self.in_thread(desk.world, self._named, lambda _why: None)

    def _named(self, world: World) -> None:
        """Customers of a cure can be called by their names now."""
        self._world = world
        self._explain()

    def do_search(self) -> None:
        self._search.start()

    def do_clear(self) -> None:
        self._search.value = ""
        self._list.focus()
        self._search.end()
        self.draw()

    def do_card(self) -> None:
        line = self._list.chosen
        if isinstance(line, Plant):
            self.shell.run_worker(self.shell.go_to_problem(line.problem))

    # --- from the widgets -----------------------------------------------------------------------------------

    def on_input_changed(self) -> None:
        self.draw()

    def on_input_submitted(self) -> None:
        self._list.focus()
        self.show_keys()

    def on_descendant_focus(self) -> None:
        self.show_keys()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()
        self._explain()
        self.show_keys()

    def on_line_list_chosen(self) -> None:
        self.action_command("act")
