"""The one state that Home, Set up, Checks, Calendar, Duplicates and Sync read: what is so, what goes on, what is next.

What is so is made of one Snapshot: its Plan, the guide of the set-up, the duplicates that nobody has settled, and how
the last run ended (`Overview`, and `Checked` with all that the checks say). Beside it stands what goes on now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from octowizard.session.next_step import Next, Way

if TYPE_CHECKING:
    from octowizard.onboarding.model import Guide
    from octowizard.session.overview import Overview
    from octowizard.session.profile_session import Checked


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """What goes on now with both vendors.

    `mode`: the place that shows it. `text`: in a word or two. `done` of `total` documents; `total` 0: not known.
    `seconds_left`: about; None: not known. `waits`: why it stands still, "" while it goes on. `detail`: how far it is
    in a whole sentence, where it is no run. `run`: its number in the history; None: it is no run, or has none yet.
    `syncs`: it is a sync, a preview or a watch. `writes`: it may change what stands in Octopus or Teamleader.
    """

    mode: str
    text: str
    done: int = 0
    total: int = 0
    seconds_left: int | None = None
    waits: str = ""
    detail: str = ""
    run: int | None = None
    syncs: bool = False
    writes: bool = False


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment. `checked` None: what is shown is remembered of an earlier time.

    `settled`: nothing was read, written or decided since; otherwise what it says may no longer be so.
    """

    overview: Overview
    checked: Checked | None = None
    live: Live | None = None
    settled: bool = False

    @property
    def guide(self) -> Guide | None:
        """The steps of the set-up; None as long as what is shown is remembered."""
        return self.checked.guide if self.checked is not None else None

    @property
    def next(self) -> Next:
        """What comes next: a run that is on before all else."""
        if self.live is not None and self.live.syncs:
            return Next(way=Way(leads="run", title=self.live.text))
        return self.overview.next
