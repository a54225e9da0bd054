"""The first questions: which integration, both accounts, which of the three situations, which dossier."""

from __future__ import annotations

from octowizard.checks.setup import right_dossiers
from octowizard.locale import _, ngettext
from octowizard.onboarding.detect import title
from octowizard.onboarding.model import Declaration, Step
from octowizard.onboarding.steps.parts import Told, label, show, state_of


def choose_connector(told: Told) -> Step:
    """Booster or not: asked first, since the set-up differs (help centre: connecting Octopus)."""
    standing = told.standing
    answer = standing.decisions.get("booster")
    booster = answer if isinstance(answer, bool) else None
    watching = standing.profile.mode == "observer"
    now = [
        _("This profile only watches (observer): Teamleader's own integration books.")
        if watching
        else _("In this profile octowizard itself runs the sync (connector).")
    ]
    notes = []
    if booster:
        now.append(_("Teamleader's integration is the Accounting Connector Booster."))
        notes += [
            _(
                "The Booster is set up elsewhere: Settings > Company information > the company entity > the tab "
                "Accounting, once per entity. There you sign in, choose the dossier and the start date, then a journal "
                "for each kind of document, an account for discounts, a VAT code for each rate and an account for each "
                "VAT rate; a switch fills in the lines that have none yet."
            ),
            _(
                "An account that already has the older integration must be switched over to the Booster first. It "
                "also carries purchases, and shows its runs on a tab of its own for a week; a run by night notifies "
                "nobody, and a document that it skips may hide behind the word Success."
            ),
            _(
                "What Octopus needs stays the same, so all steps on Octopus hold. Let octowizard watch (mode: "
                "observer): it checks, predicts and explains, and books nothing."
            ),
        ]
        if not watching:
            notes.append(
                _(
                    "Two connectors on one dossier book everything twice: switch the Booster off before octowizard "
                    "syncs, or set this profile's mode to observer."
                )
            )
    elif booster is False:
        now.append(_("The Booster is not in use."))
    return Step(
        id="choose-connector",
        title=_("Which integration"),
        state=state_of(booster is not None),
        what=_(
            "Teamleader sells two integrations with Octopus: the older one of its marketplace, and the Accounting "
            "Connector Booster. Say which one this account has."
        ),
        why=_(
            "With the Booster the connection is set up in another place and in another order. The connection goes both "
            "ways: invoices and credit notes to Octopus, payments back to Teamleader."
        ),
        now=tuple(now),
        notes=tuple(notes),
        declarations=(
            Declaration(
                key="booster",
                question=_("Does this Teamleader account use the Accounting Connector Booster?"),
                answer=booster,
            ),
        ),
        problems=("other-connector", "observer-mode"),
    )


def connect_octopus(told: Told) -> Step:
    """Both sides answer."""
    standing = told.standing
    profile, troubles = standing.profile, standing.snapshot.troubles
    now = tuple(f"{trouble.vendor}: {trouble.said}" for trouble in troubles)
    if standing.looked and not troubles:
        now = (
            _("Octopus: dossier {id} {name}, signed in.").format(
                id=profile.dossier_id, name=profile.dossier_name
            ),
            _("Teamleader: department {name}, signed in.").format(name=profile.department_name),
        )
    return Step(
        id="connect-octopus",
        title=_("Both accounts"),
        state=state_of(
            not troubles, unread="" if standing.looked else _("neither side has been looked at yet")
        ),
        what=_("Octopus and Teamleader both let octowizard in."),
        why=_("Everything that follows is told from what both sides hold now."),
        now=now or (_("Neither side has been looked at yet: check again."),),
        notes=(_("Whoever has no Octopus account yet can buy one at www.octopus.be."),),
        problems=tuple(dict.fromkeys(trouble.problem for trouble in troubles))
        or ("sign-in-refused", "dossier-refused"),
    )


def choose_scenario(told: Told) -> Step:
    """A, B or C, from the counts of both sides; the user may say otherwise."""
    detected = told.detected
    now = [title(detected.scenario), detected.reason]
    if detected.overruled:
        now.append(_("You chose this one; the counts say {title}.").format(title=title(detected.detected)))
    meaning = {
        "a": _(
            "An empty Octopus needs three things first: a fiscal year, two journals and its ledger accounts. "
            "Teamleader may hold customers or not."
        ),
        "b": _(
            "The customers of Octopus are brought into the empty Teamleader, and everything is linked then."
        ),
        "c": _(
            "All companies are imported into Teamleader first; otherwise the customers would stand in Octopus twice. "
            "That makes doubles in Teamleader, which are then merged."
        ),
    }[detected.scenario]
    return Step(
        id="choose-scenario",
        title=_("Your situation"),
        state=state_of(
            told.standing.first is not None or detected.overruled,
            unread=""
            if told.standing.first is not None or told.standing.decisions.get("scenario")
            else _("not everything could be counted"),
        ),
        what=_("One of three situations holds: {a}; {b}; {c}.").format(
            a=title("a"), b=title("b"), c=title("c")
        ),
        why=meaning,
        now=tuple(now),
        notes=(_("When the counts tell the wrong story, choose another situation."),),
        problems=("set-up-missing",),
    )


def choose_dossier(told: Told) -> Step:
    """With one login for several dossiers, the journals of the wrong one may be shown."""
    standing = told.standing
    profile, dossiers = standing.profile, standing.snapshot.dossiers
    unread = told.why_unread("sides")
    wrong = right_dossiers(standing.snapshot, profile)
    confirmed = standing.decisions.get("dossier") == profile.dossier_id
    department = standing.snapshot.department
    chosen = next((one for one in dossiers if one.id == profile.dossier_id), None)
    same = bool(chosen and department and chosen.vat_key and chosen.vat_key == department.vat_key)
    now = []
    for one in dossiers:
        mark = "●" if one.id == profile.dossier_id else "○"
        now.append(f"{mark} {one.id}  {one.name}  {one.vat_key or ''}".rstrip())
    if department is not None:
        now.append(
            _("The department in Teamleader is {name}  {vat}.").format(
                name=department.name, vat=department.vat_key or _("(no VAT number)")
            )
        )
    if same:
        now.append(_("The VAT number of the dossier is that of the department."))
    if wrong is not None:
        now.append(
            _("The linked dossier bears another VAT number; {others} bears that of the department.").format(
                others=", ".join(f"{one.id} {one.name}" for one in wrong[2])
            )
        )
    return Step(
        id="choose-dossier",
        title=_("The dossier"),
        state=state_of(len(dossiers) == 1 or confirmed or (same and wrong is None), unread=unread),
        what=ngettext(
            "This Octopus login sees {count} dossier. The right one must be linked.",
            "This Octopus login sees {count} dossiers. The right one must be linked.",
            len(dossiers),
        ).format(count=len(dossiers)),
        why=_(
            "A login that is connected with more than one Octopus account shows the journals of the dossier that is "
            "linked. With the wrong one, the right journals cannot be found."
        ),
        now=tuple(now) or ((unread,) if unread else ()),
        notes=(
            _(
                "In Teamleader: choose the right account, then click {link} again to load its journals."
            ).format(link=label(standing, "teamleader.link-dossier")),
        ),
        show=(
            show(
                standing,
                "Teamleader",
                ("teamleader.marketplace", "teamleader.octopus", "teamleader.link-dossier"),
                _("Choose the account, then link it again."),
            ),
        ),
        problems=("two-dossiers",),
    )
