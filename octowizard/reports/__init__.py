"""What leaves the house: the report as a web page, Markdown, JSON or a workbook, and letters for a mail program.

Renderers of presentation's blocks; they decide nothing and word nothing but the names of what they are made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from octowizard.presentation.report import Report

Format = Literal["html", "md", "json", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)


def prepare(format: Format) -> None:
    """Load now what `render` needs for the format that takes longest to load."""
    if format == "html":
        from octowizard.reports.html import template

        template()


def render(report: Report, format: Format) -> bytes:
    """The report as a file of this format; texts in UTF-8. Each renderer is loaded when it is asked for."""
    match format:
        case "html":
            from octowizard.reports.html import html

            return html(report).encode()
        case "md":
            from octowizard.reports.markdown import markdown

            return markdown(report).encode()
        case "json":
            from octowizard.presentation.json_output import encoded
            from octowizard.presentation.json_pages import report_body

            return encoded(report_body(report), command="report", profile=report.profile) + b"\n"
        case "xlsx":
            from octowizard.reports.workbook import workbook

            return workbook(report)
