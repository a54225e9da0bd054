"""What can be done on every screen, and its keys; a place has its own beside it."""

from __future__ import annotations

from octowizard.app.commands import commands
from octowizard.app.widgets.notice_line import KEY as NOTICES_KEY
from octowizard.locale import _

EVERYWHERE = commands(lambda: (
    ("palette", "ctrl+p colon", _("commands"), _("Find a command or a document by typing a part of it.")),
    ("help", "question_mark f1", _("help"), _("Explain this screen and its keys.")),
    ("quit", "q ctrl+q ctrl+c", _("quit"), _("Leave octowizard; asks first when a sync is on.")),
    ("theme", "t", _("light or dark"), _("Change between light and dark.")),
    ("themes", "T", _("theme"), _("Choose the colours, and see each at once; or light and dark as your terminal is.")),
    ("language", "L", _("language"), _("Change between English, Dutch and French.")),
    ("audit", "f6", _("audit"), _("Prove that Teamleader and Octopus say the same, to the cent.")),
    ("report", "f7", _("report"), _("Save the report for the accountant as a web page, and open it.")),
    ("letter", "f5", _("mail to the accountant"),
     _("A ready mail to the accountant, with the questions that only he or she can answer, and the report.")),
    ("doctor", "f8", _("doctor"), _("Look whether all is well with octowizard itself.")),
    ("profiles", "f4", _("profiles"), _("Open another pair of accounts.")),
    ("fleet", "f12", _("fleet"), _("Every profile on a line: how it stands, its next deadline, what blocks.")),
    ("jump", "f9", _("jump"), _("Put a letter on each part of the screen; the letter goes there.")),
    ("settings", "f10", _("settings"), _("Every setting: its value, where it comes from, and how to change it.")),
    ("picture", "f2", _("picture for a ticket"),
     _("Save a screenshot: this screen as a picture (SVG), with all that it shows, and a support bundle beside it.")),
    ("picture_without_names", "f3", _("picture without names"),
     _("As f2, but nobody's names and numbers are in the picture, and no run is in the bundle.")),
    ("notices", f"{NOTICES_KEY} M", _("messages"), _("Show again what octowizard said above the keys.")),
), hidden=("theme", "themes", "language", "audit", "report", "letter", "doctor", "profiles", "fleet", "jump",
             "settings", "picture", "picture_without_names", "notices"),
     first=("picture", "picture_without_names"))  # fmt: skip
