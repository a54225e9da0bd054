"""What the command line ends with: the exit codes, and the one place that turns an error into a sentence.

Not here: what is printed while all goes well.
"""

from __future__ import annotations

import os
import time

from octowizard.locale import _

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from typing import Final

    from octowizard.progress import Verdict

WELL: Final = 0
ATTENTION: Final = 1
WRONG_USAGE: Final = 2
COULD_NOT_TELL: Final = 3
INTERRUPTED: Final = 130
CODES: Final[dict[Verdict, int]] = {
    "well": WELL,
    "attention": ATTENTION,
    "unusable": WRONG_USAGE,
    "unknown": COULD_NOT_TELL,
    "stopped": INTERRUPTED,
}


class Usage(Exception):
    """What was asked cannot be done as asked; the message is one sentence that says what to do instead."""


class NotReached(Exception):
    """Something that was to answer did not (a practice company, an address); the message is one sentence."""


def explained(error: Exception, *, verbose: bool = False) -> tuple[str, int]:
    """One sentence for people, and the exit code. What nobody foresaw is written to a crash report.

    `verbose`: with a vendor's own words, and what it was asked.
    """
    # Imported here: none of it is needed, and none of it loaded, as long as nothing goes wrong.
    from octowizard.session.practice_company import DeskError
    from octowizard.transport.errors import ConfigurationError, VendorError, plainly
    from octowizard.workspace.errors import WorkspaceError
    from octowizard.workspace.exhausted import exhausted, no_file_can_be_opened, too_many_open
    from octowizard.workspace.profiles import ProfileError
    from octowizard.workspace.secrets import SecretsUnavailable

    if isinstance(error, (Usage, ConfigurationError, WorkspaceError, ProfileError, SecretsUnavailable)):
        return str(error), WRONG_USAGE
    if isinstance(error, VendorError) and not verbose:
        return plainly(error), COULD_NOT_TELL
    if isinstance(error, (NotReached, DeskError, VendorError)):
        return str(error), COULD_NOT_TELL
    if isinstance(error, OSError) and (why := exhausted(error, error.filename or "")):
        return why, WRONG_USAGE
    if isinstance(error, OSError) and error.filename and isinstance(error.filename, str):
        return _("{path} cannot be used: {reason}.").format(
            path=error.filename, reason=error.strerror or type(error).__name__
        ), WRONG_USAGE
    if isinstance(error, UnicodeEncodeError):
        return _(
            "A name or a word holds something that is no text ({text}): write it again, or rename the file, "
            "in letters that every program knows."
        ).format(text=ascii(error.object[error.start : error.end][:8])), WRONG_USAGE
    if no_file_can_be_opened():  # a module that cannot be loaded names no such cause
        return too_many_open(), WRONG_USAGE
    return _(
        "Something happened that octowizard did not foresee ({kind}); what was confirmed is not lost; please "
        "report it with this file, which holds no secrets: {path}"
    ).format(kind=type(error).__name__, path=_reported(error)), COULD_NOT_TELL


def _reported(error: Exception) -> str:
    """The path of a crash report, redacted, readable by its owner alone; a reason where none can be written."""
    import tempfile
    import traceback
    from pathlib import Path

    from octowizard import __version__
    from octowizard.transport.redact import redact
    from octowizard.workspace.private import make_folder
    from octowizard.workspace.profiles import home

    text = redact("".join(traceback.format_exception(error)))
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    for folder in (home() / "crashes", Path(tempfile.gettempdir())):
        try:
            make_folder(folder)
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"octowizard {__version__}\n{text}")
        except OSError:
            continue
        return str(folder / name)
    return _("(the report could not be written: no folder takes it)")
