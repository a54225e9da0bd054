"""What can be chosen at a step of the set-up: the dossier, all of the connection; and the import.

The half of the Set up screen that asks; `setup.py` shows the steps. What could lose something is asked about in red,
with the loss by name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from octowizard.app.deciding import decide
from octowizard.app.job_screen import JobScreen
from octowizard.app.screens.form import Field
from octowizard.locale import _
from octowizard.locale.keys import key_of
from octowizard.onboarding import connection
from octowizard.presentation.pairs import importing_progress, nothing_to_link, smart_done, smart_question
from octowizard.presentation.setup_steps import signs_in
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.customers import smart
    from octowizard.customers.by_hand import ByHand
    from octowizard.customers.importing import Step
    from octowizard.onboarding import model
    from octowizard.onboarding.declarables import Ask, Thing
    from octowizard.session.setup import SetUp


class SetupChoices(JobScreen):
    """A screen on the steps of one profile."""

    @property
    def setup(self) -> SetUp | None:
        """The set-up of the profile; None without one."""
        return self.shell.runner.session.setup if self.shell.runner is not None else None

    def read(self, step: str, *, move: bool = False) -> None:
        """Read again what a step depends on, everything when it is empty; `move` to the step that comes next."""
        raise NotImplementedError

    def decide(self, work: Callable[[], object]) -> None:
        """Keep a decision in a thread, and show what it changes."""
        raise NotImplementedError

    def choose(self, step: model.Step) -> None:
        """Ask what the step is about."""
        from octowizard.onboarding.steps.registry import action_of

        action = action_of(step)
        setup, profile = self.setup, self.shell.profile
        if setup is None or profile is None:
            return

        def read_again() -> None:
            self.read(step.id, move=True)

        if signs_in(step):
            from octowizard.app.screens.connect import ConnectScreen

            self.shell.push_screen(ConnectScreen(pair=profile.name))
            return
        if step.declares:
            self._declare_side(step)
            return
        if action == "dossier":
            self.in_thread(setup.dossiers, lambda known: self._dossier(setup, profile, known, read_again))
        elif action in ("integration", "connection"):
            self._settings(setup, profile, action, read_again)
        elif action == "import":
            self.begin(
                _("reading"),
                lambda report, _stop: setup.preview_import(report),
                lambda preview: self._previewed(setup, preview, read_again),
            )

    # --- what a side is like that is not connected ----------------------------------------------------------

    def _declare_side(self, step: model.Step) -> None:
        """Ask which of several things, where there are several; then all that is asked of it."""
        from octowizard.onboarding.declarables import THINGS, title

        things = [thing for thing in THINGS if thing in step.declares]
        if len(things) == 1:
            self._ask_of(things[0])
            return
        field = Field(
            name="thing",
            label=_("list"),
            value=things[0],
            choices=lambda: [(thing, title(thing)) for thing in things],
        )

        def chosen(given: dict[str, str]) -> None:
            wanted: Thing | None = next((thing for thing in things if thing == given.get("thing")), None)
            if wanted is not None:
                self._ask_of(wanted)

        self.fill_in(_("Take in a list that you exported"), [field], chosen)

    def _ask_of(self, thing: Thing) -> None:
        """Ask all that is asked of it, and keep it. Nothing is read for that: the screen takes the next key at once."""
        from octowizard.app.screens.form import written_path
        from octowizard.onboarding.declarables import FILE, title

        if self.shell.runner is None:
            return
        declaring = self.shell.runner.session.declaring

        def keep(given: dict[str, str], by_hand: ByHand | None = None) -> None:
            self.decide(lambda: declaring.declare(thing, given, by_hand))

        def taken(given: dict[str, str]) -> None:
            if FILE not in given:
                keep(given)
                return
            file = written_path(given[FILE])
            if thing in ("invoices", "credit-notes"):
                keep({FILE: str(file)})
            else:
                self.read_list(file, lambda by_hand: keep({FILE: str(file)}, by_hand))

        def ask(asked: tuple[Ask, ...]) -> None:
            fields = [
                Field(
                    name=one.id,
                    label=one.question,
                    value=one.proposed,
                    optional=not one.proposed and one.id != FILE,
                    choices=partial(list, one.values),
                )
                for one in asked
            ]
            self.fill_in(title(thing), fields, taken)

        self.in_thread(lambda: declaring.asks(thing), ask)

    # --- the dossier, and what is chosen of the connection --------------------------------------------------

    def _dossier(
        self, setup: SetUp, profile: Profile, known: list[tuple[int, str]], then: Callable[[], None]
    ) -> None:
        names = [(str(number), name) for number, name in known]
        field = Field(
            name="dossier",
            label=_("dossier"),
            hint=_("The dossier of the company whose documents are synchronised."),
            value=str(profile.dossier_id),
            choices=lambda: names,
        )

        def chosen(given: dict[str, str]) -> None:
            wanted = given.get("dossier", "")
            if wanted.isdecimal():
                yes = _("take the other dossier")
                decide(self, lambda accept: setup.set_dossier(int(wanted), accept), yes, then)
            else:
                text = _("A dossier is a number, not {text}.")
                self.shell.tell(text.format(text=wanted or "–"), wrong=True)

        self.fill_in(_("Which dossier is linked?"), [field], chosen)

    def _settings(self, setup: SetUp, profile: Profile, where: str, then: Callable[[], None]) -> None:
        """Ask for all that is chosen at a step: one field each, with what it is now."""
        asked = [each for each in connection.settings() if each.where == where]
        fields = [
            Field(
                name=each.id,
                label=each.question,
                value=connection.shown_of(profile, each),
                choices=partial(list, each.values),
            )
            for each in asked
        ]

        def chosen(given: dict[str, str]) -> None:
            try:  # all of it, before any of it is kept
                for each in asked:
                    connection.chosen(each, given.get(each.id, ""))
            except connection.WrongChoice as wrong:
                self.shell.tell(str(wrong), wrong=True)
                return
            new = [
                each
                for each in asked
                # The start date is also agreed to by choosing the one that stands there.
                if each.id == connection.START or given[each.id] != connection.shown_of(profile, each)
            ]
            self._choose_next(setup, new, given, then)

        title = {
            "integration": _("Who books, and in which languages?"),
            "connection": _("From which day on, in which journals, with which numbers?"),
        }
        self.fill_in(title[where], fields, chosen)

    def _choose_next(
        self, setup: SetUp, new: list[connection.Setting], given: dict[str, str], then: Callable[[], None]
    ) -> None:
        """Choose one after the other, since each may have a loss of its own; one that is declined ends it."""
        if not new:
            then()
            return
        first, *rest = new
        decide(
            self,
            lambda accept: setup.choose(first.id, given[first.id], accept),
            _("choose it all the same"),
            lambda: self._choose_next(setup, rest, given, then),
            declined=then,
        )

    # --- the import -----------------------------------------------------------------------------------------

    def _previewed(self, setup: SetUp, preview: smart.Preview, then: Callable[[], None]) -> None:
        self.draw()
        if preview.sorting.same or preview.imports.total:
            self.confirm(smart_question(preview), lambda: self._import(setup, then))
        else:
            self.shell.tell(nothing_to_link(len(preview.sorting.doubtful)))

    def _import(self, setup: SetUp, then: Callable[[], None]) -> None:
        def tell(step: Step) -> None:
            self.progress = importing_progress(step) or self.progress

        def done(result: smart.Done) -> None:
            answer = _(
                "Say {same} or {different} of each on Duplicates ({open}); only then is it linked or imported."
            ).format(
                same=key_of("duplicates.same", "y"),
                different=key_of("duplicates.different", "n"),
                open=key_of("setup.open", "o"),
            )
            page = smart_done(
                result,
                left=_("{choose} goes on with them.").format(choose=key_of("setup.choose", "p")),
                answer=answer,
            )
            if result.outcome == "complete":
                self.shell.tell(f"{page.mark} {page.title}")
            else:
                self.show_page(page)
            then()

        self.begin(
            _("importing"),
            lambda report, stop: setup.import_companies(tell, stop, report),
            done,
            writes=True,
        )
