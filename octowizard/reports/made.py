"""A report made of what is kept: the audit, which is half of the work, beside the checks where that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octowizard.beside import Beside
from octowizard.reports import Format, prepare, render

if TYPE_CHECKING:
    from octowizard.locale.labels import Language
    from octowizard.presentation.blocks import Page
    from octowizard.presentation.report import Report
    from octowizard.reports.mail import Attachment
    from octowizard.session.reporting import Known, Reporting


def kept_report(
    reporting: Reporting, language: Language | None = None, format: Format = "html"
) -> tuple[Report, Known]:
    """The report of what is kept, and what it was made of; no vendor is asked. `format`: what it is meant for."""
    audited = Beside(lambda: _audited(reporting))
    from octowizard.presentation.report import report  # after the other process has begun: it does without it

    known = reporting.kept()
    prepare(format)  # while the audit is still being made
    return report(known, audited.result, language), known


def _audited(reporting: Reporting) -> Page:
    """The page of the audit, or why there is none."""
    from octowizard.presentation.audit import not_audited, page

    why = reporting.not_audited()
    return not_audited(why) if why else page(reporting.audit())


def attachment(made: Report) -> Attachment:
    """The report as a web page that goes with a letter."""
    from octowizard.reports.mail import Attachment

    return Attachment(f"octowizard {made.made_at:%Y-%m-%d}.html", "text/html", render(made, "html"))
