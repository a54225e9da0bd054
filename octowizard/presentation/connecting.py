"""The words of connecting accounts: what each stage asks and why, the comparison, what went wrong, a ready mail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from octowizard.locale import _
from octowizard.locale.formats import dated_moment
from octowizard.locale.formats import day as shown_day
from octowizard.octopus import errors
from octowizard.octopus import oauth as octopus_oauth
from octowizard.onboarding.connection import CREDIT_NOTES, INVOICES, START, setting
from octowizard.planning.blockers import SIGNING_IN, problem_of
from octowizard.planning.problems import has
from octowizard.presentation.blocks import Block, Entry, Gap, Heading, Item
from octowizard.problems.catalogue import card
from octowizard.session.connect import (
    OTHER_DOSSIER,
    OTHER_ENTITY,
    RUNNERS,
    YES,
    Connecting,
)
from octowizard.teamleader.oauth import NotGranted
from octowizard.transport.errors import Failed, LimitReached, Refused, SignInRefused, VendorError
from octowizard.workspace import secrets
from octowizard.workspace.drafts import Draft, OctopusHalf, TeamleaderHalf

if TYPE_CHECKING:
    from datetime import date, datetime

    from octowizard.octopus.models import Dossier
    from octowizard.teamleader.models import Department

SCOPES = "users, departments, companies, contacts, invoices, products, settings"
REGISTER_AT = "https://marketplace.focus.teamleader.eu/build"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be given. `choices`: what may be written, and what it means; empty: anything."""

    name: str
    question: str
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    secret: bool = False


def title(connecting: Connecting) -> str:
    """The present stage in a few words."""
    return {
        "octopus": _("Octopus: sign in"),
        "octopus-consent": _("Octopus: let octowizard in"),
        "dossier": _("Octopus: the dossier"),
        "keys": _("Teamleader: the integration"),
        "consent": _("Teamleader: let octowizard in"),
        "entity": _("Teamleader: the company entity"),
        "compare": _("The same company?"),
        "sync": _("The sync"),
        "half": _("Half connected"),
        "done": _("Connected"),
    }[connecting.stage]


def intro(connecting: Connecting) -> list[Block]:
    """What the user needs to know for the present stage."""
    match connecting.stage:
        case "octopus":
            return [
                Item(
                    _(
                        "The software-house id is given by Octopus to the maker or user of a program, on request; an "
                        "office needs one for all its dossiers."
                    )
                ),
                Item(
                    _(
                        "Best is a user of its own, so that a change of your password does not break the link. "
                        "Watching needs the right to look; booking needs the right to write sales entries and "
                        "relations."
                    )
                ),
            ]
        case "dossier":
            blocks: list[Block] = [
                Entry(_("Octopus"), _("version {version}").format(version=connecting.version), mark="✔")
            ]
            if connecting.clock_off is not None:
                blocks.append(Item(_clock_off(*connecting.clock_off), "▲"))
            if len(connecting.dossiers) > 1:
                blocks.append(
                    Item(
                        _(
                            "This user sees several dossiers: choose the one whose sales are invoiced in Teamleader. "
                            "Documents that are booked in another company's dossier have to be taken out by hand."
                        ),
                        "▲",
                    )
                )
            return blocks
        case "keys":
            return [
                Item(
                    _("Make an integration at {address}, and tick these scopes: {scopes}.").format(
                        address=REGISTER_AT, scopes=SCOPES
                    )
                ),
                Item(
                    _("Its redirect address, letter for letter: {address}").format(
                        address=connecting.redirect_address
                    )
                ),
            ]
        case "octopus-consent":
            return [
                Item(
                    _(
                        "Open this page in a browser, sign in and agree; the code that it gives lives five minutes:"
                    )
                ),
                Item(connecting.consent_page, indent=2),
                Item(
                    _(
                        "No password is kept. The sign-in lives sixty days; octowizard tells fourteen days before it "
                        "ends. The address {address} has to be known to Octopus."
                    ).format(address=connecting.redirect_address)
                ),
            ]
        case "consent":
            return [
                Item(_("Open this page in a browser and agree; the code in it lives ten minutes:")),
                Item(connecting.consent_page, indent=2),
                Item(
                    _(
                        "A page that says that the integration or the redirect address is not known means: the client "
                        "id is another, or {address} is not registered with the integration."
                    ).format(address=connecting.redirect_address)
                ),
            ]
        case "entity":
            who = _("signed in as {name}").format(name=connecting.signed_in_as)
            return [Entry(_("Teamleader"), who, mark="✔")]
        case "compare":
            return comparison(connecting)
        case "sync":
            journals = connecting.draft.octopus.journals if connecting.draft.octopus is not None else ()
            return [
                Item(
                    _(
                        "Teamleader's own integration and octowizard must not book the same documents: while one of "
                        "Teamleader's runs the sync, octowizard only watches and explains."
                    )
                ),
                *([] if journals else [Item(_("No open fiscal year with a sales journal was found."), "▲")]),
            ]
        case "half":
            return [Item(half(connecting.draft), "●")]
        case "done":
            return [Item(done(connecting), "✔")]


def asks(connecting: Connecting) -> tuple[Ask, ...]:
    """What the present stage asks for; what the environment holds is not asked."""
    profile, wanted = connecting.profile, []
    match connecting.stage:
        case "octopus":
            language = setting("message-language")
            login = [
                Ask(name="user", question=_("Octopus user"), value=profile.octopus_user if profile else ""),
                _secret(secrets.OCTOPUS_PASSWORD, _("Octopus password")),
            ]
            wanted = [
                _secret(secrets.OCTOPUS_SOFTWARE_HOUSE, _("Software-house id")),
                *(login if connecting.octopus_sign_in == "password" else []),
                Ask(name="language", question=language.question, choices=language.values, value="dossier"),
            ]
        case "dossier":
            choices = tuple((str(one.dossier_key.id), _dossier(one)) for one in connecting.dossiers)
            value = str(profile.dossier_id) if profile else choices[0][0] if len(choices) == 1 else ""
            wanted = [Ask(name="dossier", question=_("Dossier"), choices=choices, value=value)]
        case "keys":
            wanted = [
                Ask(
                    name="client_id",
                    question=_("Client id"),
                    value=profile.teamleader_client_id if profile else "",
                ),
                _secret(secrets.TEAMLEADER_CLIENT_SECRET, _("Client secret")),
            ]
        case "consent" | "octopus-consent":
            wanted = [Ask(name="code", question=_("The address to which the browser was sent"))]
        case "entity":
            ids = [one.id for one in connecting.departments]
            choices = tuple((str(place), _entity(one)) for place, one in enumerate(connecting.departments, 1))
            value = "1" if len(choices) == 1 else ""
            if profile is not None:
                value = str(ids.index(profile.department_id) + 1)
            wanted = [Ask(name="entity", question=_("Company entity"), choices=choices, value=value)]
        case "compare":
            same = (YES, _("yes, the same company"))
            other = (
                (OTHER_DOSSIER, _("choose another dossier")),
                (OTHER_ENTITY, _("choose another company entity")),
            )
            # The first is what a hasty enter takes.
            words = (*other, same) if connecting.differences else (same, *other)
            wanted = [
                Ask(
                    name="same",
                    question=_("Do both belong to the same company?"),
                    choices=words,
                    value="" if connecting.differences else YES,
                )
            ]
        case "sync":
            wanted = _of_the_sync(connecting)
    return tuple(each for each in wanted if not (each.secret and connecting.given(each.name)))


def _of_the_sync(connecting: Connecting) -> list[Ask]:
    names = (
        _("Teamleader's classic integration: octowizard watches"),
        _("Teamleader's Connector Booster: octowizard watches"),
        _("no other: octowizard will book"),
    )
    journals = connecting.draft.octopus.journals if connecting.draft.octopus is not None else ()
    keys = [key for key, _name in journals]
    start = shown_day(connecting.before.start_date) if connecting.before is not None else ""
    return [
        Ask(
            name="runner",
            question=_("Which integration runs the sync today?"),
            choices=tuple(zip(RUNNERS, names, strict=True)),
        ),
        Ask(
            name=START,
            question=_("Start date of the sync, such as {day}").format(day=shown_day(date(2026, 10, 1))),
            value=start,
        ),
        Ask(
            name=INVOICES,
            question=setting(INVOICES).question,
            choices=journals,
            value=keys[0] if keys else "V1",
        ),
        Ask(
            name=CREDIT_NOTES,
            question=setting(CREDIT_NOTES).question,
            choices=journals,
            value=keys[1] if len(keys) > 1 else keys[0] if keys else "V2",
        ),
    ]


def _secret(name: str, question: str) -> Ask:
    return Ask(name=name, question=question, secret=True)


def _dossier(one: Dossier) -> str:
    town = f"{one.postal_code} {one.city}".strip()
    parts = (one.dossier_description, one.vat_nr, one.street_and_nr, town)
    return " · ".join(part for part in parts if part)


def _entity(one: Department) -> str:
    return " · ".join(part for part in (one.name, one.vat_number or "") if part)


def comparison(connecting: Connecting) -> list[Block]:
    """The dossier beside the company entity, with a word in red for each in which they differ."""
    octopus, teamleader = connecting.draft.octopus, connecting.draft.teamleader
    if octopus is None or teamleader is None:
        return []
    differ = connecting.differences
    blocks: list[Block] = [
        *_of(_("Dossier {id} in Octopus").format(id=octopus.dossier_id), octopus),
        Gap(),
        *_of(_("Company entity in Teamleader"), teamleader),
        Gap(),
    ]
    words = {
        "name": _("DIFFERENT NAME: the dossier and the company entity are not called the same."),
        "vat_number": _("DIFFERENT VAT NUMBER: the dossier is not that of this company entity."),
    }
    if not differ:
        return [*blocks, Item(_("Name and VAT number are the same."), "✔")]
    return [*blocks, *(Item(words[member], "✖") for member in differ)]


def _of(heading: str, half: OctopusHalf | TeamleaderHalf) -> list[Block]:
    return [
        Heading(heading),
        Entry(_("name"), half.name or "–", indent=2),
        Entry(_("VAT number"), half.vat_number or "–", indent=2),
        Entry(_("address"), half.address or "–", indent=2),
    ]


def _clock_off(ours: datetime, theirs: datetime) -> str:
    shown = map(dated_moment, (ours, theirs))
    return _(
        "The clock of this computer says {ours}, that of Octopus {theirs}: set yours right, or certificates and codes "
        "seem to have ended."
    ).format(**dict(zip(("ours", "theirs"), shown, strict=True)))


def half(draft: Draft) -> str:
    """What of it is connected, and how it goes on."""
    if draft.octopus is not None and draft.teamleader is None:
        text = _("{name}: Octopus is connected, Teamleader is not yet; octowizard connect {name} goes on.")
    elif draft.octopus is None:
        text = _("{name}: Teamleader is connected, Octopus is not yet; octowizard connect {name} goes on.")
    else:
        text = _(
            "{name}: both sides are connected, the sync is not chosen yet; octowizard connect {name} goes on."
        )
    return text.format(name=draft.name)


def broken_off(connecting: Connecting) -> str:
    """What is kept of a conversation that ended before its end."""
    if connecting.renewed:  # the side of Octopus comes first
        text = _("{name} is signed in again to Octopus; the sign-in to Teamleader stays as it was.")
        return text.format(name=connecting.name)
    if connecting.draft.octopus is None and connecting.draft.teamleader is None:
        return _("Nothing was kept.")
    return half(connecting.draft)


def done(connecting: Connecting) -> str:
    """That it is connected, and what comes next."""
    if connecting.reauthorise:
        return _("{name} is signed in again.").format(name=connecting.name)
    if connecting.profile is not None and connecting.profile.unconnected:
        vendor = next(iter(connecting.profile.unconnected))
        text = _("{name} is connected; {vendor} is not yet: octowizard connect {name} signs in there too.")
        return text.format(name=connecting.name, vendor=vendor)
    text = _("{name} is connected. Next: octowizard check --profile {name} finds what would go wrong.")
    return text.format(name=connecting.name)


def sign_in_ends(day: date, today: date, how: str) -> str:
    """That the sign-in to Octopus by the browser ends on this day, or did; `how`: the key or command for a new one."""
    text = _("The sign-in to Octopus ends on {day}: sign in again ({how}).")
    if day < today:
        text = _("The sign-in to Octopus ended on {day}: sign in again ({how}).")
    return text.format(day=shown_day(day), how=how)


def explained(error: Exception) -> str:
    """What went wrong while connecting, and what to do, in the user's words."""
    if not isinstance(error, VendorError):
        return str(error)
    if isinstance(error, octopus_oauth.NotGranted):
        return _(
            "Octopus does not take this code: it is older than five minutes, was used before, or belongs to another "
            "redirect address. Open the page again for a new one."
        )
    if isinstance(error, NotGranted):
        return _(
            "Teamleader does not take this code: it is older than ten minutes, was used before, or belongs to another "
            "redirect address. Open the page again for a new one."
        )
    if isinstance(error, Failed):
        return _(
            "{vendor} is reached, but its service is down on its own side (HTTP {status}): try again later."
        ).format(vendor=error.vendor, status=error.status)
    if isinstance(error, Refused) and error.status in (404, 405) and error.code is None:
        return _not_there(error)
    if isinstance(error, Refused):
        return (_octopus_refuses if error.vendor == "Octopus" else _teamleader_refuses)(error)
    return str(error)


def _not_there(error: Refused) -> str:
    if error.operation == SIGNING_IN[1]:
        return _("Octopus no longer finds this dossier: choose another, or ask whoever manages it.")
    return _(
        "There is no web service of {vendor} at this address (HTTP {status}): look at the address, or at what stands "
        "in between, such as a proxy."
    ).format(vendor=error.vendor, status=error.status)


def _octopus_refuses(error: Refused) -> str:
    """By its number, where Octopus gives one; which part of a sign-in it refused is told only where it says so."""
    if isinstance(error, SignInRefused) and error.operation == octopus_oauth.OPERATION:
        return _(
            "Octopus does not let this software house sign in by the browser ({text}): look at its id; where that is "
            "right, try --oauth-in-query (in the app: a, before it begins), or sign in with user and password."
        ).format(text=error.text or error.status)
    problem = problem_of(error)
    if error.operation == SIGNING_IN[0] and has(problem, "login"):
        return _sign_in_refused(error)
    if error.operation == SIGNING_IN[1] and error.status == 404:
        return _not_there(error)
    if error.operation == SIGNING_IN[1] and error.code == errors.DOSSIER_DISABLED:
        return _(
            "This dossier is disabled in Octopus: choose another, or ask whoever manages it to enable it."
        )
    if error.operation == SIGNING_IN[1] and error.code == errors.NO_ACCESS_TO_DOSSIER:
        return _(
            "This Octopus user has no right to this dossier: choose another, or let its owner give the user the right."
        )
    known = card(problem)
    return _(known.signing_in) if known is not None and known.signing_in else str(error)


def _sign_in_refused(error: Refused) -> str:
    counted = "login attempt" in error.technical.lower()  # recorded; it carries no number
    known = card("sign-in-refused")
    if known is not None and (counted or error.code == errors.INVALID_LOGIN):
        return _(known.signing_in)
    if error.code == errors.INVALID_PARAMETER or error.text.startswith("Invalid or missing parameters"):
        return _(
            "Octopus lacks a part of the sign-in, or cannot read it: type the software-house id, the user and the "
            "password once more."
        )
    return _(
        "Octopus refuses this sign-in ({text}) and does not say which part: the software-house id, the user, the "
        "password, or a web service that is not active for the user. It counts wrong attempts, so look all of them up "
        "first; the same are not sent twice."
    ).format(text=error.text or f"HTTP {error.status}")


def _teamleader_refuses(error: Refused) -> str:
    if isinstance(error, LimitReached):
        return _(
            "Teamleader allows a set number of calls a minute, and these are used up: go on in a minute."
        )
    problem = problem_of(error)
    if problem == "sign-in-refused" and error.status == 403:
        return _(
            "Teamleader has blocked this sign-in ({text}): more than ten wrong ones in ten minutes do that. Copy id "
            "and secret again from the integration; if it stays, Teamleader's support lifts the block."
        ).format(text=error.text or f"HTTP {error.status}")
    if problem == "sign-in-refused":
        return _(
            "Teamleader refuses the client id or the client secret ({text}): copy both again from the integration. "
            "Wrong ones are counted, and ten in ten minutes block you; the same are not sent twice."
        ).format(text=error.text or f"HTTP {error.status}")
    if problem == "teamleader-rights":
        return _(
            "Teamleader lets octowizard in, but refuses {call}: tick the scopes {scopes} with the integration, or sign "
            "in as a user with these rights; then open the page again."
        ).format(call=error.request, scopes=SCOPES)
    return str(error)
