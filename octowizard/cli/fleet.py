"""`octowizard fleet`: the same work on many profiles in one process, each within its own limits."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, add_fresh, add_json, add_part, add_yes, paragraphs, whole
from octowizard.cli.console import Console
from octowizard.cli.exits import CODES, Usage, explained
from octowizard.cli.watching import told
from octowizard.locale import _, ngettext

if TYPE_CHECKING:
    from pathlib import Path

    from octowizard.cli.arguments import Commands
    from octowizard.cli.wanted import Wanted
    from octowizard.presentation.fleet import Row
    from octowizard.progress import Verdict
    from octowizard.session.fleet import Told, Work
    from octowizard.session.session import Session

NAME = "fleet"
MOST_AT_ONCE = 64  # each has its files and connections open


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its own commands."""
    parser = add_command(commands, common, NAME, _description(), _epilog())
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"), required=True)
    part = partial(add_part, actions, common)
    check = part("check", _("what needs attention in each, its next deadline, what blocks"))
    check.add_argument(
        "--offline", action="store_true", help=_("use what was kept of the last look at the accounts")
    )
    add_fresh(check)
    sync = part("sync", _("book what waits in each; asks once for all, unless told --yes"))
    sync.add_argument(
        "--dry-run", action="store_true", help=_("show exactly what would be written, write nothing")
    )
    add_yes(sync)
    audit = part("audit", _("whether both sides say the same, in each"))
    add_fresh(audit)
    setup = part("setup", _("answer the set-up of each by one file, one after the other"))
    setup.add_argument(
        "--answers", metavar="FILE", required=True, help=_("as `setup --write-answers` writes it")
    )
    add_yes(setup)
    worker = part(
        "worker", _("take jobs of a database on this host, until Ctrl-C; on as many hosts as wanted")
    )
    worker.add_argument(
        "--check-at", metavar="CRON", default="0 6 * * *", help=_("when all are checked (0 6 * * *)")
    )
    worker.add_argument(
        "--sync-at", metavar="CRON", default="", help=_("when all are synced, such as 15 * * * *")
    )
    begin = part("begin", _("put a job for each profile of a database into its queue"))
    begin.add_argument("task", choices=("check", "sync", "audit"))
    begin.add_argument(
        "profiles", metavar="PROFILE", nargs="*", help=_("these profiles; all of them without any")
    )
    status = part("status", _("how the jobs of a database stand, and how each profile ended last"))
    for action in (worker, begin, status):
        action.add_argument(
            "--database", metavar="URL", help=_("the PostgreSQL, or the variable OCTOWIZARD_DATABASE")
        )
    add_json(status, _("one JSON object on stdout"))
    add_json(begin, _("one JSON object on stdout"))
    for action in (check, sync, audit, setup):
        action.add_argument("profiles", metavar="PROFILE", nargs="*", help=_("these profiles"))
        action.add_argument("--all", action="store_true", help=_("all profiles"))
        add_json(action, _("one JSON line for each profile on stdout, as it ends (see `fleet --help`)"))
    for action in (check, sync, audit, worker):
        action.add_argument(
            "--at-once", type=whole, metavar="N", help=_("how many profiles are worked on together (16)")
        )


def _description() -> str:
    return _(
        "Does to many profiles what the command of the same name does to one: some at once, in one process,\n"
        "each within its own limits; accounts of one Teamleader integration share its window. One that fails\n"
        "leaves the others alone."
    )


def _epilog() -> str:
    return paragraphs(
        """with --json, one line for each profile as it ends, and a last one:
  {"schema": 1, "command": "fleet check", "profile", "verdict": well|attention|unusable|unknown|stopped,
   "exit_code": of the single command, "taken_at", "documents": {"booked", "ready", "blocked", "excluded"} or null,
   "deadlines": [{"kind": monthly-return|quarterly-return|year-end, "day", "start", "end", "documents"}],
   "blocks": [{"problem", "title", "documents", "blocking"}], "said", "why"}
  {"schema": 1, "command": "fleet check", "profiles": number, "verdicts": {verdict: number}, "exit_code"}
  new members may be added within schema 1""",
        _("Ctrl-C ends all: what is being written is brought to its end, and no other profile is begun."),
        _(
            "exit codes, of all together: 130 interrupted; else 1 one needs attention; else 2 one cannot be used\n"
            "(its profile, a secret); else 3 one could not be told (network, sign-in, a limit of the day); 0 all well"
        ),
    )


def run(arguments: argparse.Namespace, wanted: "Wanted", console: Console) -> int:
    """Do it to each profile. The exit code."""
    from octowizard.workspace.profiles import home

    if wanted.scenario is not None or wanted.profile is not None:
        raise Usage(_("`fleet` works on your own profiles: name them behind it, or give --all."))
    root = home()
    if arguments.action in ("worker", "begin", "status"):
        return _queued(root, arguments, console)
    profiles = _chosen(root, arguments)
    if arguments.action == "setup":
        return _set_up(root, profiles, arguments, console)
    from octowizard.session import fleet
    from octowizard.sync.options import SyncOptions

    at_once = fleet.AT_ONCE if arguments.at_once is None else arguments.at_once
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise Usage(_("--at-once takes 1 to {most}, not {number}.").format(most=MOST_AT_ONCE, number=at_once))
    each = _Each(root, profiles, at_once, f"{NAME} {arguments.action}", console, as_json=arguments.json)
    if arguments.action == "check":
        return each.done(fleet.checking(fresh=arguments.fresh, offline=arguments.offline))
    if arguments.action == "audit":
        return each.done(fleet.auditing(fresh=arguments.fresh))
    if arguments.dry_run or arguments.yes:
        return each.done(fleet.syncing(SyncOptions(dry_run=arguments.dry_run)), writes=not arguments.dry_run)
    from octowizard.cli.sync import may_ask

    may_ask(as_json=arguments.json)
    code = each.done(fleet.syncing(SyncOptions(dry_run=True)))
    number = len(each.write_something)
    question = ngettext(
        "Start the sync of {count} profile, and write?",
        "Start the sync of {count} profiles, and write?",
        number,
    )
    if not number or not console.asks(question.format(count=number)):
        console.note(_("Nothing was written."))
        return code
    each.profiles = each.write_something
    return each.done(fleet.syncing(SyncOptions()), writes=True)


def _chosen(root: "Path", arguments: argparse.Namespace) -> list[str]:
    """The profiles that were named, each once, or all. Usage where it is not clear which."""
    from octowizard.workspace.profiles import names

    if bool(arguments.profiles) == arguments.all:
        raise Usage(_("Name the profiles, or give --all: `octowizard profiles list` shows them."))
    if not arguments.all:
        return list(dict.fromkeys(arguments.profiles))
    if not (known := names(root)):
        raise Usage(_("There is no profile yet in {home}: `octowizard connect` adds one.").format(home=root))
    return known


class _Each:
    """Work on each of the profiles, told while it goes on and in a table at its end."""

    def __init__(
        self,
        root: "Path",
        profiles: list[str],
        at_once: int,
        command: str,
        console: Console,
        *,
        as_json: bool,
    ) -> None:
        self.root = root
        self.profiles = profiles
        self.write_something: list[str] = []  # of a preview: those where something would be written
        self._at_once = at_once
        self._command = command
        self._console = console
        self._as_json = as_json

    def done(self, work: "Work", *, writes: bool = False) -> int:
        """Do it to all of them. The exit code."""
        from octowizard.cli.accounts import opened
        from octowizard.presentation.fleet import ended, table
        from octowizard.presentation.json_output import encoded
        from octowizard.session import fleet

        rows: dict[str, Row] = {}
        stopping = _("Stopping after the writes in flight; begun again, it goes on where it ended.")
        told(
            lambda emit, stop: fleet.run(
                self.profiles,
                partial(opened, self.root),
                work,
                emit,
                stop,
                _why,
                at_once=self._at_once,
                writes=writes,
            ),
            partial(self._tell, rows),
            stopping if writes else _("Stopping; nothing was written."),
        )
        self._console.close()
        verdicts = [one.verdict for one in rows.values() if one.verdict is not None]
        code = CODES[fleet.worst(verdicts)]
        if self._as_json:
            self._console.json(encoded(ended(verdicts, code), command=self._command))
        else:
            self._console.show(table([rows[name] for name in self.profiles if name in rows]))
        return code

    def _tell(self, rows: "dict[str, Row]", progress: "Told") -> None:
        from octowizard.presentation.fleet import doing, line, row
        from octowizard.presentation.json_output import encoded
        from octowizard.presentation.run_summary import writes_anything
        from octowizard.session.fleet import Standing
        from octowizard.sync.events import RunFinished

        if isinstance(progress, Standing):
            rows[progress.profile] = row(progress)
            if isinstance(progress.result, RunFinished) and writes_anything(progress.result):
                self.write_something.append(progress.profile)
            if self._as_json:
                code = CODES[progress.verdict] if progress.verdict is not None else None
                self._console.json(
                    encoded(line(progress, code), command=self._command, profile=progress.profile)
                )
        if self._console.progress_is_due:
            total = len(self.profiles)
            self._console.progress(doing(progress, len(rows), total), len(rows) / total)


def _why(error: Exception) -> "tuple[str, Verdict]":
    """An error as one sentence, and what it comes to."""
    sentence, code = explained(error)
    return sentence, next(verdict for verdict, known in CODES.items() if known == code)


def _set_up(root: "Path", profiles: list[str], arguments: argparse.Namespace, console: Console) -> int:
    """Answer the set-up of each by the file, one after the other, as `setup --answers` does. The exit code."""
    from octowizard.cli.accounts import opened
    from octowizard.session.fleet import worst

    ended: list[Verdict] = []
    for profile in profiles:
        if not arguments.json:
            console.line(profile)
        try:
            code = _one_set_up(opened(root, profile), arguments, console)
        except Exception as error:
            why, verdict = _why(error)
            console.note(f"{profile}: {why}")
        else:
            verdict = next(verdict for verdict, known in CODES.items() if known == code)
        ended.append(verdict)
    return CODES[worst(ended)]


def _one_set_up(session: "Session", arguments: argparse.Namespace, console: Console) -> int:
    """As `setup --answers FILE` of one profile."""
    from octowizard.cli.setup import by_answers

    return by_answers(session, console, arguments.answers, yes=arguments.yes, as_json=arguments.json)


# --- on several hosts ---------------------------------------------------------------------------------------


def _queued(root: "Path", arguments: argparse.Namespace, console: Console) -> int:
    """What is done with the queue of a database. The exit code."""
    import os

    from octowizard.cli.interrupt import completed
    from octowizard.cli.watching import watched
    from octowizard.session import fleet
    from octowizard.workspace import database

    address = arguments.database or os.environ.get(database.VARIABLE, "")
    if not address:
        raise Usage(
            _("Name the PostgreSQL: --database postgresql://user@host/name, or {variable}.").format(
                variable=database.VARIABLE
            )
        )
    os.environ[database.VARIABLE] = address
    from octowizard.session.fleet_queue import Queue

    if arguments.action == "worker":
        schedules = {"check": arguments.check_at, "sync": arguments.sync_at}
        queue = Queue(root, address, _why, {task: cron for task, cron in schedules.items() if cron})  # type: ignore[misc]
        watched(lambda stop: queue.work(arguments.at_once or fleet.AT_ONCE, stop))
        return CODES["well"]
    queue = Queue(root, address, _why)
    if arguments.action == "begin":
        begun = completed(queue.begin(arguments.task, arguments.profiles or None))
        if arguments.json:
            console.json(f'{{"schema":1,"command":"fleet begin","begun":{begun}}}'.encode())
        else:
            text = ngettext("{count} job begun.", "{count} jobs begun.", begun)
            console.line(text.format(count=begun))
        return CODES["well"]
    state = completed(queue.state())
    if arguments.json:
        from octowizard.presentation.json_output import encoded

        console.json(encoded(state, command="fleet status"))
    else:
        from octowizard.presentation.fleet import queue_table

        console.show(queue_table(state))
    return CODES[fleet.worst(one.verdict for one in state.ended)]
