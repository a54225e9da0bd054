"""The planner of the small Snapshot, and what it makes of a document."""

from typing import Any

import msgspec

from octowizard.locale.labels import Languages
from octowizard.planning.blockers import Blocker
from octowizard.planning.booking import Draft, Planner
from octowizard.problems.card_text import Screens
from octowizard.problems.remedy import remedy
from octowizard.snapshot.model import DocumentDetail, DocumentHead
from octowizard.workspace.profiles import Mapping
from tests.build import SNAPSHOT


def planner(mapping: Mapping = Mapping(), **changes: Any) -> Planner:  # noqa: B008 - frozen
    return Planner(msgspec.structs.replace(SNAPSHOT, **changes), mapping, "V1", "V2")


def planned(of: DocumentHead, content: DocumentDetail, using: Planner | None = None) -> Draft:
    """The draft, where there is one."""
    made = (using or planner()).draft(of, content)
    assert isinstance(made, Draft), made
    return made


def refused(of: DocumentHead, content: DocumentDetail, using: Planner | None = None) -> Blocker:
    """The reason, where there is one: complete, so that it can be shown with what its card says."""
    made = (using or planner()).draft(of, content)
    assert isinstance(made, Blocker), made
    assert made.title
    assert all(remedy(made.problem, made.names, Screens(Languages("nl"))))
    return made
