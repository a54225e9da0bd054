"""`octowizard replay`: a run played again, from the history or from a support bundle of somebody else."""

import argparse
from typing import TYPE_CHECKING

from octowizard.cli.arguments import add_command, whole
from octowizard.cli.console import Console, takes_app
from octowizard.cli.exits import WELL, Usage
from octowizard.cli.wanted import Wanted
from octowizard.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from octowizard.cli.arguments import Commands
    from octowizard.session.recordings import Recording

NAME = "replay"


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """The command and its options."""
    parser = add_command(
        commands,
        common,
        NAME,
        _(
            "Plays a run again as the Sync screen showed it; it makes no call and writes nothing. A BUNDLE needs "
            "neither accounts nor a profile. Without one it is a run of this profile. Where there is no terminal, "
            "what happened is printed at once."
        ),
    )
    parser.add_argument(
        "bundle",
        nargs="?",
        metavar="RUN|BUNDLE",
        help=_("the number of a run of this profile, or a support bundle (.zip)"),
    )
    parser.add_argument(
        "--run", type=whole, metavar="RUN", help=_("the number of the run; without it the newest")
    )


def run(
    arguments: argparse.Namespace, wanted: Wanted, console: Console, play: "Callable[[Recording], int]"
) -> int:
    """Play it, in the app by `play`. The exit code; Usage where there is nothing to play, or it cannot be read."""
    from octowizard.session.recordings import NoRecording

    try:
        recording = _recording(arguments, wanted, console)
    except NoRecording as error:
        raise Usage(str(error)) from None
    if getattr(arguments, "plain", False) or not takes_app():
        _tell(recording, console)
        return WELL
    return play(recording)


def _recording(arguments: argparse.Namespace, wanted: Wanted, console: Console) -> "Recording":
    from octowizard.session import recordings

    run = arguments.run
    if arguments.bundle is not None:
        from pathlib import Path

        bundle = Path(arguments.bundle)
        if run is not None or not arguments.bundle.isdecimal() or bundle.exists():
            return recordings.of_bundle(bundle, run)
        run = whole(arguments.bundle)
    from octowizard.cli.accounts import chosen

    with chosen(wanted._replace(watched=True), console) as session:
        return recordings.of_run(session, run)


def _tell(recording: "Recording", console: Console) -> None:
    from octowizard.cli.narrative import Narrative
    from octowizard.presentation.run_summary import besides, cut_off, left_out
    from octowizard.sync.events import RunFinished

    narrative = Narrative(console)
    for event in recording.events:
        narrative.tell(event)
    if not isinstance(recording.events[-1], RunFinished):
        mark, words = cut_off()
        console.note(f"{mark} {words}")
    for note in (left_out(recording.later) if recording.later else "", besides(recording.others)):
        if note:
            console.note(note)
