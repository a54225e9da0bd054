"""Checks: all that would go wrong, by cause, worst first; each with its evidence, the remedy, and one more look."""

from __future__ import annotations

from collections.abc import Container as Names
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from octowizard.app.commands import commands
from octowizard.app.content import content, style_of, wrapped
from octowizard.app.job_screen import STOP
from octowizard.app.mending import Mending
from octowizard.app.papers import letter_on_finding
from octowizard.app.place_screen import BUDGETS, WHY, WIDE
from octowizard.app.runner import in_background
from octowizard.app.screens.checked import ALL, PaneScreen
from octowizard.app.screens.form import Field, written_path
from octowizard.app.screens.records import RecordsScreen
from octowizard.app.widgets.finding_list import FindingList
from octowizard.app.widgets.pane import Pane
from octowizard.checks.registry import Finding, NotChecked, checks_of
from octowizard.locale import _, ngettext
from octowizard.locale.formats import count
from octowizard.locale.keys import key_of
from octowizard.planning.problems import has
from octowizard.presentation.blocks import Page
from octowizard.presentation.detail import finding, not_checked, nothing_found, offering, weighed
from octowizard.presentation.text import copied

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.customers.by_hand import ByHand
    from octowizard.onboarding.apply import Outcome
    from octowizard.problems.explain import Explained
    from octowizard.session.profile_session import Checked

OFFERS = (
    STOP,
    *commands(lambda: (
        ("again", "r", _("check again"),
         _("Check the finding under the cursor again: reads only what it depends on.")),
        ("sign_in", "i", _("sign in again"),
         _("Send the same sign-in once more, although it was refused: for when the vendor has mended it. Each "
           "wrong attempt counts, and after a few the vendor blocks.")),
        ("mend", "d", _("do it for me"),
         _("Make the change that mends it: shows exactly what is sent, and asks, before it is written.")),
        ("records", "enter", _("records"), _("Show the records that it is about.")),
    )),
    WHY,
    ALL,
    BUDGETS,
    *commands(lambda: (
        ("explain", "e", _("explain"), _("Everything about the finding, on a page.")),
        ("declare", "i", _("read an export"),
         _("Read an export of Teamleader: it shows the VAT type and the customer number, which no API does.")),
        ("card", "g", _("troubleshoot"), _("Go to Troubleshoot with this problem.")),
        ("letter", "m", _("mail"),
         _("A ready mail about the finding: to the accountant, or to the customer; you copy, save or open it.")),
        ("copy", "c", _("copy"), _("Copy what is known of this finding.")),
        ("save", "w", _("save"), _("Save all findings to a file, with their evidence.")),
    ), hidden=("save",)),
)  # fmt: skip
EXPLAINED = 20  # lines of a small window that are left to the frame and to the explanation of a finding


def first_document(finding: Finding) -> str:
    """The id of the document that its causes are looked at for; empty where it is about none."""
    return next((one.id for one in finding.records if one.kind in ("invoice", "credit_note")), "")


def page_of(line: Finding | NotChecked, explained: Explained | None) -> Page:
    """What is known of a finding, or why something could not be checked."""
    if isinstance(line, Finding):
        return finding(line, explained)
    return not_checked(
        line,
        _("Reading again does not help; only an export of Teamleader tells it: {take_in} reads one.").format(
            take_in=key_of("checks.declare", "i")
        ),
    )


class ChecksScreen(PaneScreen):
    """The findings and the pane that explains them."""

    MODE: ClassVar[str] = "checks"
    CSS_PATH = "checks.tcss"
    OFFERS = OFFERS

    def __init__(self) -> None:
        super().__init__()
        self._wanted: tuple[str, str] | None = None
        self._mending = Mending(self, self.explain, self._mended)

    def successor(self) -> ChecksScreen:
        after = ChecksScreen()
        if isinstance(finding := self.lines.chosen, Finding):
            after._wanted = (finding.problem, "")
        return after

    def about(self) -> str:
        return _(
            "Checks find what would go wrong before it does, from what was read of both sides. A finding names "
            "one cause with all the records it touches; what could not be checked is named too. Nothing is "
            "written. Mend the worst first, then check it again."
        )

    def body(self) -> Iterable[Widget]:
        yield Static(id="checks-head")
        yield Container(FindingList(), Pane(id="pane"), id="lists")
        yield Static(id="checks-limits")

    @property
    def lines(self) -> FindingList:
        return self.query_one(FindingList)

    # --- what is shown --------------------------------------------------------------------------------------

    def draw(self) -> None:
        checked = self.checked
        if self.asking is not None:
            self.asking.forget()
        self._mending.forget()
        read = checked is not None and checked.taken_at is not None
        self.lines.fill(
            [*checked.findings, *(checked.not_checked if read else ())] if checked is not None else ()
        )
        # Beside the pane the list is as high as the window; above it only as high as it must be.
        beside = self.size.width >= WIDE
        most = max(3, self.size.height - EXPLAINED)
        over = 0 if self.has_class("-low") else 1  # its title
        self.lines.styles.height = "1fr" if beside else max(2, min(most, self.lines.length + over))
        if self._wanted is not None and checked is not None:
            self.lines.show_problem(*self._wanted)
            self._wanted = None
        limits = self.query_one("#checks-limits", Static)
        limits.update(self.limits(self.columns))
        self.draw_head()
        self.explain()
        self.show_keys()

    def draw_head(self) -> None:
        head = self.query_one("#checks-head", Static)
        width = self.columns
        shown = self.head(self._counts(width), width)
        if self.checked is not None and not self.lines.length and not self.error:
            shown = shown + content("\n\n", *self._verdict(min(76, width)))
        head.update(shown)

    def _counts(self, width: int) -> list[str | tuple[str, str]]:
        """How many findings there are of each kind: with all names, those of what was found, or none."""
        checked = self.checked
        if checked is None or checked.taken_at is None:
            return [(_("Checks"), "bold $accent")]
        kinds = [(mark, number, name) for mark, _severity, number, name in weighed(checked.findings)]
        if checked.not_checked:
            number = len(checked.not_checked)
            kinds.append(("?", number, ngettext("not checked", "not checked", number)))
        shown: list[tuple[str, str]] = []
        for named in (lambda _number: True, bool, lambda _number: False):
            shown = []
            for mark, number, name in kinds:
                words = f"{mark} {count(number)}" + (f" {name}" if named(number) else "")
                shown += [(words, style_of(mark) if number and mark != "?" else "$soft"), ("   ", "")]
            if content(*shown).cell_length + cell_len(self.right) <= width:
                break
        return [*shown[:-1]]

    def _verdict(self, width: int) -> list[str | tuple[str, str]]:
        if self.checked is not None and self.checked.taken_at is None:
            text = _(
                "Nothing has been read yet. {all} reads both sides and checks everything; it writes nothing."
            ).format(all=key_of("checks.all", "a"))
            return ["\n".join(wrapped(text, width))]
        declared = self.checked is not None and bool(self.checked.rests_on)
        return [("✔ ", "$success"), (nothing_found(declared=declared), "bold")]

    def page(self) -> Page | None:
        line = self.lines.chosen
        if line is None:
            return None
        explained = None
        if isinstance(line, Finding) and self.asking is not None:
            explained = self.asking.of(line.problem, first_document(line))
            self._mending.of(line.problem)
            return offering(page_of(line, explained), self._mending.offer(line.problem))
        return page_of(line, explained)

    def named(self) -> Names[str]:
        return {
            "stop",
            "mend",
            "explain",
            "again",
            "declare" if isinstance(self.lines.chosen, NotChecked) else "",
        }

    # --- commands -------------------------------------------------------------------------------------------

    def is_enabled(self, run: str) -> bool:
        line = self.lines.chosen
        match run:
            case "stop":
                return self.stoppable
            case "all":
                return self.idle
            case "declare":
                return self.idle and not self.looking and not self.is_enabled("sign_in")
            case "again":
                return self.idle and isinstance(line, Finding)
            case "sign_in":
                return self.idle and isinstance(line, Finding) and has(line.problem, "credential")
            case "mend":
                return isinstance(line, Finding) and self.idle and bool(self._mending.of(line.problem))
            case "records":
                return isinstance(line, Finding) and bool(line.records)
            case "why":
                return bool(self.documents)
            case "card":
                return isinstance(line, Finding)
            case "letter":
                return isinstance(line, Finding) and not has(line.problem, "no-letter")
            case "save" | "budgets":
                return self.checked is not None
            case _:
                return line is not None

    def do_declare(self) -> None:
        """Ask for the files; what is wrong with one is told above the list, and what was declared before stands."""
        fields = [
            Field(
                name="file",
                label=_("file"),
                hint=_("where the .xlsx or .csv stands, with the column VAT type or customer number"),
            ),
            Field(
                name="other",
                label=_("another file"),
                hint=_("such as the contacts, when they were exported apart"),
                optional=True,
            ),
        ]
        self.fill_in(_("Which export of Teamleader?"), fields, self._declare)

    def _declare(self, given: dict[str, str]) -> None:
        runner = self.shell.runner
        if runner is None or not self.idle or "file" not in given:
            self.shell.tell(_("Nothing was read: no file was named, or a sync is on."))
            return
        self._read_next([written_path(one) for one in given.values()], {})

    def _read_next(self, files: list[Path], read: dict[Path, ByHand]) -> None:
        """Show how each file is read, one after the other; then keep what they declare."""
        if files:
            self.read_list(files[0], lambda by_hand: self._read_next(files[1:], {**read, files[0]: by_hand}))
            return
        runner = self.shell.runner
        if runner is None:
            return
        self.looking, self.error = True, ""

        def work() -> tuple[int, Checked]:
            number = runner.session.declare(read)
            runner.outdated()
            return number, runner.kept_checks()

        def done(result: tuple[int, Checked]) -> None:
            number, checked = result
            self._kept(checked)
            text = ngettext(
                "✔ Read: {count} customer. Kept for later checks.",
                "✔ Read: {count} customers. Kept for later checks.",
                number,
            )
            self.shell.tell(text.format(count=count(number)))

        in_background(self, work, done, self.failed)
        self.draw()

    def do_mend(self) -> None:
        line = self.lines.chosen
        if isinstance(line, Finding):
            self._mending.begin(line.problem)

    def _mended(self, problem: str, made: Sequence[Outcome]) -> None:
        """Whether it is fixed now is told by looking, not by what was done."""
        if made:
            self.check(problem)

    def do_again(self) -> None:
        line = self.lines.chosen
        if isinstance(line, Finding):
            self.check(line.problem)

    def do_sign_in(self) -> None:
        line, runner = self.lines.chosen, self.shell.runner
        if isinstance(line, Finding) and runner is not None:
            again = line.problem
            in_background(self, runner.session.try_again, lambda _none: self.check(again), self.failed)

    def ended(self, problem: str, before: Checked | None) -> None:
        if not problem or before is None or self.checked is None:
            return
        then = [one.title for one in before.findings if one.problem == problem]
        now = [one for one in self.checked.findings if one.problem == problem]
        # What is mended can bring up something new to read, such as the accounts of a year opened again.
        lookers = {check.id for check in checks_of(problem)}
        unread = [one for one in self.checked.not_checked if not one.lasting]
        unsure = [one for one in unread if one.check in lookers]
        if now:
            self.shell.tell(_("Still so: {what}").format(what=now[0].title))
        elif then and not unsure:
            notice = _("✔ Fixed: {what}").format(what=then[0])
            new = {one.check for one in unread} - {one.check for one in before.not_checked}
            self.shell.tell(
                f"{notice}\n"
                + _("Something new is to be read: {all} checks all.").format(all=key_of("checks.all", "a"))
                if new
                else notice
            )
        elif then:
            self.shell.tell(_("No longer found: {what}. Not everything could be read.").format(what=then[0]))

    def do_records(self) -> None:
        line = self.lines.chosen
        if isinstance(line, Finding) and self.checked is not None:
            self.shell.push_screen(
                RecordsScreen(line.title, line.records, self.checked.documents, place=self.MODE)
            )

    @property
    def documents(self) -> Sequence[str]:
        line = self.lines.chosen
        known = self.checked.documents if self.checked is not None else {}
        return [one.id for one in line.records if one.id in known] if isinstance(line, Finding) else ()

    def do_card(self) -> None:
        line = self.lines.chosen
        if isinstance(line, Finding):
            self.shell.run_worker(self.shell.go_to_problem(line.problem, first_document(line)))

    def do_letter(self) -> None:
        line = self.lines.chosen
        if isinstance(line, Finding):
            letter_on_finding(self.shell, line)

    def text_to_save(self) -> str:
        if self.checked is None:
            return ""
        lines: list[Finding | NotChecked] = [*self.checked.findings, *self.checked.not_checked]
        return "\n".join(copied(page_of(line, None)) for line in lines) or "\n"

    def show_finding(self, problem: str, title: str) -> None:
        """Put the cursor on a finding, as soon as it is shown."""
        if not self.lines.show_problem(problem, title):
            self._wanted = (problem, title)
