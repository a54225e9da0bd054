"""Who may sign in and write: what administrators and accountants restore; and what the owner decides anew.

The last five change no vendor: they are answers that a connector is given when the accounts are connected, and
are found in the connection (`answers`, `start_date`) from then on.
"""

from __future__ import annotations

from datetime import timedelta

from octowizard.sandbox.practice.action import Arguments, BadArguments, action, dossier_of
from octowizard.sandbox.state import Json, World


@action("restore-password")
def restore_password(world: World, _: Arguments) -> Json:
    octopus = world.octopus
    changed = octopus.told_password is not None
    octopus.password, octopus.told_password = octopus.told_password or octopus.password, None
    return {"user": octopus.user, "changed": changed}


@action("restore-software-house")
def restore_software_house(world: World, _: Arguments) -> Json:
    octopus = world.octopus
    changed = octopus.told_software_house is not None
    octopus.software_house, octopus.told_software_house = (
        octopus.told_software_house or octopus.software_house,
        None,
    )
    return {"software_house": octopus.software_house, "changed": changed}


@action("activate-webservice")
def activate_webservice(world: World, _: Arguments) -> Json:
    world.octopus.webservice = True
    return {"user": world.octopus.user, "webservice": True}


@action("end-other-connections")
def end_other_connections(world: World, _: Arguments) -> Json:
    world.octopus.connections_left = True
    return {"user": world.octopus.user, "connections_left": True}


@action("restore-dossier-access")
def restore_dossier_access(world: World, _: Arguments) -> Json:
    restored = [dossier for dossier in world.octopus.dossiers.values() if not dossier.enabled]
    for dossier in restored:
        dossier.enabled = True
    return {"dossiers": [dossier.data["dossierDescription"] for dossier in restored]}


@action("restore-write-right")
def restore_write_right(world: World, _: Arguments) -> Json:
    dossier = dossier_of(world)
    dossier.may_write = True
    return {"dossier": dossier.data["dossierDescription"], "may_write": True}


@action("teamleader-restore-rights")
def restore_teamleader_rights(world: World, _: Arguments) -> Json:
    restored = sorted(world.teamleader.forbidden)
    world.teamleader.forbidden.clear()
    return {"restored": restored}


@action("next-day")
def next_day(world: World, _: Arguments) -> Json:
    """A day later: the limits of the day begin anew, whenever that day begins."""
    world.clock.advance(timedelta(days=1))
    return {"now": world.clock.now().isoformat()}


@action("switch-off-other-connector")
def switch_off_other_connector(world: World, _: Arguments) -> Json:
    world.answers["other_connector_off"] = True
    return {"other_connector_off": True}


@action("choose-dossier")
def choose_dossier(world: World, arguments: Arguments) -> Json:
    wanted = arguments.number("dossier")
    dossier = world.octopus.dossiers.get(wanted)
    if dossier is None:
        known = ", ".join(str(number) for number in world.octopus.dossiers)
        raise BadArguments(f"The login sees no dossier {wanted}; it sees: {known}.")
    world.answers["dossier_id"] = wanted
    return {"dossier": wanted, "name": dossier.data["dossierDescription"]}


@action("choose-start-date")
def choose_start_date(world: World, arguments: Arguments) -> Json:
    day = arguments.day("day")
    before, world.start_date = world.start_date, day.isoformat()
    return {"before": before, "after": world.start_date}


@action("restore-service")
def restore_service(world: World, _: Arguments) -> Json:
    """What a vendor does about its own trouble; a customer can only wait."""
    restored = sorted(world.out_of_order)
    world.out_of_order.clear()
    return {"restored": restored}


@action("choose-mode")
@action("choose-numbering")
def choose(world: World, arguments: Arguments) -> Json:
    question, *allowed = (
        ("mode", "connector", "observer")
        if arguments.action == "choose-mode"
        else ("numbering", "follow", "next")
    )
    world.answers[question] = arguments.one_of(question, *allowed)
    return {question: world.answers[question]}
