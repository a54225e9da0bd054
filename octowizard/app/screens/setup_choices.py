"""What can be chosen at a step of the set-up: the dossier, the start date, the numbering; and the import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from octowizard.app.agreeing import importing, losing
from octowizard.app.runner import in_background
from octowizard.app.screens.confirm import ConfirmScreen
from octowizard.app.screens.form import Field, FormScreen
from octowizard.app.screens.working import WorkingScreen
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count, duration
from octowizard.workspace.profiles import Profile

if TYPE_CHECKING:
    from octowizard.customers.importing import Imported, Preview, Step
    from octowizard.onboarding import model
    from octowizard.onboarding.guards import Warning
    from octowizard.session.setup import SetUp


class ChoosingScreen(WorkingScreen):
    """What choosing needs of the screen it is on."""

    @property
    def setup(self) -> SetUp | None:
        """The set-up of the profile; None without one."""
        return self.shell.runner.session.setup if self.shell.runner is not None else None

    def read(self, step: str, *, move: bool = False) -> None:
        """Read again what a step depends on, everything when it is empty; `move` to the step that comes next."""
        raise NotImplementedError


class Choosing:
    """On one Set up screen. What could lose something is asked about in red, with the loss by name."""

    def __init__(self, screen: ChoosingScreen, step: model.Step) -> None:
        self._screen = screen
        self._step = step
        self._app = screen.shell

    def begin(self) -> None:
        """Ask what the step is about."""
        from octowizard.onboarding.steps.registry import action_of

        action = action_of(self._step)
        setup, profile = self._screen.setup, self._app.profile
        if setup is None or profile is None:
            return
        if action == "dossier":
            in_background(
                self._screen,
                setup.dossiers,
                lambda known: self._dossier(setup, profile, known),
                lambda why: self._app.tell(why, wrong=True),
            )
        elif action == "connection":
            self._start(setup, profile)
        elif action == "import":
            self._screen.begin(
                _("reading"),
                lambda _report, _stop: setup.preview_import(),
                lambda preview: self._previewed(setup, preview),
            )

    def _read(self) -> None:
        """Read again what the step depends on."""
        self._screen.read(self._step.id, move=True)

    @property
    def _width(self) -> int:
        return max(30, min(66, self._screen.size.width - 12))

    # --- dossier, start date, numbering ---------------------------------------------------------------------

    def _dossier(self, setup: SetUp, profile: Profile, known: list[tuple[int, str]]) -> None:
        names = [(str(number), name) for number, name in known]
        field = Field(
            name="dossier",
            label=_("dossier"),
            hint=_("The dossier of the company whose documents are synchronised."),
            value=str(profile.dossier_id),
            choices=lambda: names,
        )

        def chosen(given: dict[str, str] | None) -> None:
            wanted = (given or {}).get("dossier", "")
            if wanted.isdecimal():
                self._decide(
                    lambda accept: setup.set_dossier(int(wanted), accept),
                    _("take the other dossier"),
                )
            elif given is not None:
                self._app.tell(_("A dossier is a number, not {text}.").format(text=wanted or "–"), wrong=True)

        self._app.push_screen(FormScreen(_("Which dossier is linked?"), [field]), chosen)

    def _start(self, setup: SetUp, profile: Profile) -> None:
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
        self._app.push_screen(
            FormScreen(_("From which day on, with which numbers?"), fields),
            lambda given: self._started(setup, profile, given) if given is not None else None,
        )

    def _started(self, setup: SetUp, profile: Profile, given: dict[str, str]) -> None:
        try:
            day = date.fromisoformat(given.get("day", ""))
        except ValueError:
            said = _("{text} is no day: write it as 2026-10-01.").format(text=given.get("day", "–"))
            self._app.tell(said, wrong=True)
            return
        how = given.get("numbering", profile.numbering)

        moved = day != profile.start_date

        def number() -> bool:
            if how not in ("next", "follow") or how == profile.numbering:
                return False
            self._decide(
                lambda accept: setup.set_numbering("follow" if how == "follow" else "next", accept),
                _("number them so"),
                declined=self._read if moved else None,
            )
            return True

        if moved:
            self._decide(
                lambda accept: setup.set_start_date(day, accept),
                _("move the start date"),
                then=number,
            )
        else:
            number()

    def _decide(
        self,
        work: Callable[[bool], Profile],
        yes: str,
        *,
        then: Callable[[], bool] = lambda: False,
        declined: Callable[[], None] | None = None,
    ) -> None:
        """Decide it; when something would be lost, only after the red question.

        `then`: what else is to be decided, whether there is such a thing: by the profile as it is after this.
        """
        from octowizard.onboarding.guards import LossNotAccepted

        def tried(accept: bool) -> Profile | Warning:
            try:
                return work(accept)
            except LossNotAccepted as loss:
                return loss.warning

        def done(result: Profile | Warning) -> None:
            if not isinstance(result, Profile):
                self._app.push_screen(
                    losing(result, self._width, yes),
                    lambda sure: begin(True) if sure else declined() if declined else None,
                )
                return
            self._app.adopt(result, then=lambda: None if then() else self._read())

        def begin(accept: bool) -> None:
            in_background(
                self._screen, lambda: tried(accept), done, lambda why: self._app.tell(why, wrong=True)
            )

        begin(False)

    # --- the import -----------------------------------------------------------------------------------------

    def _previewed(self, setup: SetUp, preview: Preview) -> None:
        if not preview.total:
            self._app.tell(_("Every client of Octopus is linked already: there is nothing to import."))
            self._screen.draw()
            return
        number = preview.total
        title = ngettext("Import {count} customer?", "Import {count} customers?", number)
        self._screen.draw()
        self._app.push_screen(
            ConfirmScreen(
                title.format(count=count(number)),
                importing(preview, self._width),
                yes=_("import them"),
                no=_("not now"),
            ),
            lambda sure: self._import(setup, accept=False) if sure else None,
        )

    def _import(self, setup: SetUp, *, accept: bool) -> None:
        from octowizard.customers.importing import Progress
        from octowizard.onboarding.guards import LossNotAccepted

        screen = self._screen

        def tell(step: Step) -> None:
            if isinstance(step, Progress):
                screen.progress = f"{count(step.done)}/{count(step.total)}"
                if step.seconds_left is not None:
                    left = duration(step.seconds_left)
                    screen.progress += " · " + _("about {time} left").format(time=left)

        async def work(_report: Any, stop: Any) -> Any:
            try:
                return await setup.import_companies(tell, stop, accept)
            except LossNotAccepted as loss:
                return loss.warning

        def done(result: Imported | Warning) -> None:
            from octowizard.customers.importing import Imported

            if not isinstance(result, Imported):
                screen.draw()
                self._app.push_screen(
                    losing(result, self._width, _("import again")),
                    lambda sure: self._import(setup, accept=True) if sure else None,
                )
                return
            self._ended(result)

        screen.begin(_("importing"), work, done, writes=True)

    def _ended(self, result: Imported) -> None:
        said = ngettext("{count} customer was imported.", "{count} customers were imported.", result.made)
        text = said.format(count=count(result.made))
        if result.left or result.in_doubt:
            left = result.left
            text += " " + ngettext("{count} is left.", "{count} are left.", left).format(count=count(left))
        if result.message:
            text += " " + result.message
        for failed in result.failed[:3]:
            self._app.tell(f"✖ {failed.name}: {failed.why}", wrong=True)
        self._app.tell(text, wrong=result.outcome in ("attention", "unreachable"))
        self._read()
