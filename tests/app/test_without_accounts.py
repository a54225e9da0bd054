"""Without signing in, in the app: by keys alone from an empty home to the end of the set-up, and what then is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from textual.pilot import Pilot

from octowizard.app.app import OctowizardApp
from octowizard.app.screens.form import FormScreen
from octowizard.app.screens.home import HomeScreen
from octowizard.app.screens.setup import SetupScreen
from octowizard.app.screens.setup_closing import SetupClosingScreen
from octowizard.onboarding.declarables import FILE
from octowizard.presentation.setup_steps import evidence
from octowizard.sandbox.practice import perform
from octowizard.sandbox.worlds import SCENARIOS
from octowizard.session.session import Session
from octowizard.workspace.profiles import add_without_accounts
from tests.app.stage import told, until, words


async def filled(pilot: Pilot[None], app: OctowizardApp, title: str, *typed: str) -> None:
    """The form of this title, with these words typed into its fields; an empty one takes what is proposed."""
    await until(pilot, lambda: isinstance(app.screen, FormScreen) and title in words(app))
    for place, text in enumerate(typed):
        await until(pilot, lambda place=place: getattr(app.focused, "id", "") == f"field-{place}")  # type: ignore[misc] # mypy infers no lambda with a default
        if text:
            await pilot.press(*text)
        await pilot.press("enter")
    await until(pilot, lambda: not (isinstance(app.screen, FormScreen) and title in words(app)))


def current(app: OctowizardApp) -> str:
    """The step that asks for something; empty when none does."""
    screen = app.screen
    guide = screen.guide if isinstance(screen, SetupScreen) else None
    return (guide.current or "") if guide is not None else "not yet"


def counted(app: OctowizardApp) -> str:
    """The counts that the set-up on the screen is told from."""
    screen = app.screen
    guide = screen.guide if isinstance(screen, SetupScreen) else None
    return " ".join(evidence(guide)) if guide is not None else ""


async def test_the_set_up_is_walked_to_its_end_by_keys_alone(tmp_path: Path) -> None:
    world = SCENARIOS["a"].build(1, 6, 6)
    perform(world, "export-invoices", {"file": "invoices.xlsx"}, tmp_path)
    app = OctowizardApp(tmp_path / "home", None)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "w Go through it without signing in" in words(app))
        await pilot.press("w")
        await filled(pilot, app, "Go through it without signing in", "mine", "2026-01-01")
        await until(pilot, lambda: current(app) == "choose-connector")
        await pilot.press("n")
        await until(pilot, lambda: current(app) == "choose-scenario")
        await pilot.press("enter")
        await filled(pilot, app, "Take in a list that you exported", "invoices")
        await filled(pilot, app, "The list of invoices", str(tmp_path / "invoices.xlsx"))
        await until(pilot, lambda: "documents. Exported lists count the rest" in counted(app))
        await pilot.press("c")
        await filled(pilot, app, "Which scenario holds?", "a")
        await until(pilot, lambda: current(app) == "choose-dossier")
        assert "Is this done, as your screens show it?" in words(app)
        await pilot.press("y")
        await until(pilot, lambda: current(app) == "create-fiscal-year")
        await pilot.press("p")
        await filled(pilot, app, "A fiscal year, as Octopus shows it", *[""] * 7)
        await until(
            pilot, lambda: "Octopus: 1 fiscal year." in counted(app) and current(app) == "create-journals"
        )
        await pilot.press("up", "p")  # back to the step that is done, for the next year
        await filled(pilot, app, "A fiscal year, as Octopus shows it", *[""] * 7)
        await until(pilot, lambda: "Octopus: 2 fiscal years." in counted(app))
        for place in range(4):
            known = f", {place} journal" if place else "2 fiscal years"
            await until(pilot, lambda known=known: known in counted(app))  # type: ignore[misc] # mypy infers no lambda with a default
            await pilot.press("p")
            secured = "202609" if place == 0 else ""
            await filled(pilot, app, "A sales journal in one fiscal year", "", "", "", secured, "", "", "")
        for step in (
            "check-accounts",
            "customer-vat",
            "connect-teamleader",
            "map-vat",
            "map-accounts",
            "first-sync",
            "payments",
            "automatic-sync",
        ):
            await until(pilot, lambda step=step: current(app) == step)  # type: ignore[misc] # mypy infers no lambda with a default
            await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, SetupClosingScreen))
        assert "The set-up is complete" in words(app)
        assert "octowizard writes nothing" in words(app)

        await pilot.press("4")
        await until(pilot, lambda: "Declared by you" in words(app))
        await pilot.press("3")
        await until(pilot, lambda: "Declared by you" in words(app))
        assert "From invoices.xlsx, taken in" in words(app)
        assert told(app) == ""


async def test_no_screen_judges_what_nobody_declared(tmp_path: Path) -> None:
    home = tmp_path / "home"
    session = Session(home, add_without_accounts(home, "mine", date(2026, 1, 1)))
    listed = tmp_path / "invoices.csv"
    listed.write_text("Number;Date;Customer;Total incl. VAT\n2026 / 1;2026-10-01;Acme;1,21\n", "utf-8")
    session.declaring.declare("invoices", {FILE: str(listed)})
    app = OctowizardApp(home, session)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Go on with the set-up" in words(app))
        assert "Teamleader not connected ⇄ Octopus not connected" in words(app)
        assert "blocked" not in words(app)
        await pilot.press("4")
        await until(pilot, lambda: "not read: fiscal years" in words(app))
        assert "cannot be booked" not in words(app)
        assert "no fiscal year holds" not in words(app)
        await pilot.press("5")
        await until(pilot, lambda: "Nothing is known yet" in words(app))
        await pilot.press("6")
        await until(pilot, lambda: "A side that is not connected needs its list" in words(app))
        await pilot.press("7")
        await until(pilot, lambda: "is not connected to Octopus and Teamleader" in words(app))
        assert "makes the preview" not in words(app)
        assert not {"p", "l"} & app.screen.active_bindings.keys()
        await pilot.press("f6")
        await until(pilot, lambda: "is not connected to Octopus and Teamleader" in words(app))
        assert "nothing to compare" not in words(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("i")  # nobody has signed in yet: it is no second time
        await until(pilot, lambda: "Connect your accounts" in words(app))
