"""What can be chosen at a step of the set-up: the dossier, the start date, the numbering; and the import.

The half of the Set up screen that asks; `setup.py` shows the steps. What could lose something is asked about in red,
with the loss by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from octowizard.app.job_screen import JobScreen
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.form import Field
from octowizard.locale import _
from octowizard.presentation.confirmation import loss as loss_question
from octowizard.presentation.pairs import importing_progress, nothing_to_link, smart_done, smart_question
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.customers import smart
    from octowizard.customers.importing import Step
    from octowizard.onboarding import model
    from octowizard.onboarding.guards import Warning
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

    def choose(self, step: model.Step) -> None:
        """Ask what the step is about."""
        from octowizard.onboarding.steps.registry import action_of

        action = action_of(step)
        setup, profile = self.setup, self.shell.profile
        if setup is None or profile is None:
            return

        def read_again() -> None:
            self.read(step.id, move=True)

        if action == "dossier":
            self.in_thread(setup.dossiers, lambda known: self._dossier(setup, profile, known, read_again))
        elif action == "connection":
            self._connection(setup, profile, read_again)
        elif action == "import":
            self.begin(
                _("reading"),
                lambda report, _stop: setup.preview_import(report),
                lambda preview: self._previewed(setup, preview, read_again),
            )

    # --- dossier, start date, numbering ---------------------------------------------------------------------

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
                self._decide(lambda accept: setup.set_dossier(int(wanted), accept), yes, then)
            else:
                text = _("A dossier is a number, not {text}.")
                self.shell.tell(text.format(text=wanted or "–"), wrong=True)

        self.fill_in(_("Which dossier is linked?"), [field], chosen)

    def _connection(self, setup: SetUp, profile: Profile, then: Callable[[], None]) -> None:
        ways = [
            ("next", _("the next free number of the journal")),
            ("follow", _("Teamleader's number")),
        ]
        fields = [
            Field(
                name="day",
                label=_("start date"),
                hint=_("Documents from this day on are synchronised: year-month-day."),
                value=profile.start_date.isoformat(),
            ),
            Field(
                name="numbering",
                label=_("numbering"),
                hint=_("How bookings are numbered in Octopus."),
                value=profile.numbering,
                choices=lambda: ways,
            ),
        ]

        def chosen(given: dict[str, str]) -> None:
            self._connected(setup, profile, given, then)

        self.fill_in(_("From which day on, with which numbers?"), fields, chosen)

    def _connected(
        self, setup: SetUp, profile: Profile, given: dict[str, str], then: Callable[[], None]
    ) -> None:
        try:
            day = date.fromisoformat(given.get("day", ""))
        except ValueError:
            text = _("{text} is no day: write it as 2026-10-01.").format(text=given.get("day", "–"))
            self.shell.tell(text, wrong=True)
            return
        how = given.get("numbering", profile.numbering)
        moved = day != profile.start_date

        def number() -> None:
            """The numbering after the date: by the profile as it is then."""
            if how in ("next", "follow") and how != profile.numbering:
                self._decide(
                    lambda accept: setup.set_numbering("follow" if how == "follow" else "next", accept),
                    _("number them so"),
                    then,
                    declined=then if moved else lambda: None,
                )
            elif moved:
                then()

        if moved:
            self._decide(lambda accept: setup.set_start_date(day, accept), _("move the start date"), number)
        else:
            number()

    def _decide(
        self,
        work: Callable[[bool], Profile],
        yes: str,
        then: Callable[[], None],
        *,
        declined: Callable[[], None] = lambda: None,
    ) -> None:
        """Decide it, then call `then`; where something would be lost, only after a yes to the red question."""
        from octowizard.onboarding.guards import LossNotAccepted

        def attempt(accept: bool) -> Profile | Warning:
            try:
                return work(accept)
            except LossNotAccepted as loss:
                return loss.warning

        def done(result: Profile | Warning) -> None:
            if isinstance(result, Profile):
                self.shell.adopt(result, then=then)
            else:
                self.shell.push_screen(
                    ConfirmScreen(loss_question(result, yes)),
                    lambda sure: self.in_thread(lambda: attempt(True), done) if sure else declined(),
                )

        self.in_thread(lambda: attempt(False), done)

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
            answer = _("Say y or n of each on Duplicates (o); only then is it linked or imported.")
            page = smart_done(result, left=_("p goes on with them."), answer=answer)
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
