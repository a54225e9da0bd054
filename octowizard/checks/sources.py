"""The vendors' pages that checks rest on: their `source`."""

CONNECTING = (
    "https://support.focus.teamleader.eu/hc/en-150/articles/"
    "25691321114897-How-To-Connecting-my-Octopus-account-to-Teamleader-Focus"
)
TROUBLESHOOTING = (
    "https://support.focus.teamleader.eu/hc/en-150/articles/25697678484497-How-To-Troubleshooting-Octopus"
)
JOURNALS_MANUAL = "https://login.octopus.be/manual/NL/management_journals.htm"
OCTOPUS_API = "https://service.inaras.be/octopus-rest-api/v1"
INFERRED = "inferred"
