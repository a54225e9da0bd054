"""Who may sign in and write: what administrators and accountants restore; and what the owner decides anew.

The last five change no vendor: they are answers that a connector is given when the accounts are connected, and
are found in the connection (`answers`, `start_date`) from then on.
"""

from __future__ import annotations

from datetime import timedelta

from octowizard.sandbox.practice.action import BadArguments, Task, action
from octowizard.sandbox.state import Json


@action("restore-password")
def restore_password(task: Task) -> Json:
    octopus = task.world.octopus
    changed = octopus.told_password is not None
    octopus.password, octopus.told_password = octopus.told_password or octopus.password, None
    return {"user": octopus.user, "changed": changed}


@action("restore-software-house")
def restore_software_house(task: Task) -> Json:
    octopus = task.world.octopus
    changed = octopus.told_software_house is not None
    octopus.software_house = octopus.told_software_house or octopus.software_house
    octopus.told_software_house = None
    return {"software_house": octopus.software_house, "changed": changed}


@action("activate-webservice")
def activate_webservice(task: Task) -> Json:
    task.world.octopus.webservice = True
    return {"user": task.world.octopus.user, "webservice": True}


@action("end-other-connections")
def end_other_connections(task: Task) -> Json:
    task.world.octopus.connections_left = True
    return {"user": task.world.octopus.user, "connections_left": True}


@action("restore-dossier-access")
def restore_dossier_access(task: Task) -> Json:
    restored = [dossier for dossier in task.world.octopus.dossiers.values() if not dossier.enabled]
    for dossier in restored:
        dossier.enabled = True
    return {"dossiers": [dossier.data["dossierDescription"] for dossier in restored]}


@action("restore-write-right")
def restore_write_right(task: Task) -> Json:
    dossier = task.dossier
    dossier.may_write = True
    return {"dossier": dossier.data["dossierDescription"], "may_write": True}


@action("teamleader-restore-rights")
def restore_teamleader_rights(task: Task) -> Json:
    restored = sorted(task.side.forbidden)
    task.side.forbidden.clear()
    return {"restored": restored}


@action("teamleader-register-redirect")
def register_redirect(task: Task) -> Json:
    """Done in the Marketplace's pages for developers; the code is sent to no other address."""
    return _registered(task, task.side.redirect_uris)


@action("register-redirect")
def register_octopus_redirect(task: Task) -> Json:
    """Asked of Octopus by mail, as the software-house id is."""
    return _registered(task, task.world.octopus.redirect_uris)


def _registered(task: Task, addresses: list[str]) -> Json:
    if (address := task.text("address")) not in addresses:
        addresses.append(address)
    return {"redirect_addresses": list(addresses)}


@action("next-day")
def next_day(task: Task) -> Json:
    """A day later: the limits of the day begin anew, whenever that day begins."""
    task.world.clock.advance(timedelta(days=1))
    return {"now": task.now.isoformat()}


@action("switch-off-other-connector")
def switch_off_other_connector(task: Task) -> Json:
    task.world.answers["other_connector_off"] = True
    return {"other_connector_off": True}


@action("choose-dossier")
def choose_dossier(task: Task) -> Json:
    wanted = task.number("dossier")
    dossier = task.world.octopus.dossiers.get(wanted)
    if dossier is None:
        known = ", ".join(str(number) for number in task.world.octopus.dossiers)
        raise BadArguments(f"The login sees no dossier {wanted}; it sees: {known}.")
    task.world.answers["dossier_id"] = wanted
    return {"dossier": wanted, "name": dossier.data["dossierDescription"]}


@action("choose-start-date")
def choose_start_date(task: Task) -> Json:
    before, task.world.start_date = task.world.start_date, task.day("day").isoformat()
    return {"before": before, "after": task.world.start_date}


@action("restore-service")
def restore_service(task: Task) -> Json:
    """What a vendor does about its own trouble; a customer can only wait."""
    restored = sorted(task.world.out_of_order)
    task.world.out_of_order.clear()
    return {"restored": restored}


@action("choose-mode")
@action("choose-numbering")
def choose(task: Task) -> Json:
    question = task.action.removeprefix("choose-")
    allowed = {"mode": ("connector", "observer"), "numbering": ("follow", "next")}[question]
    task.world.answers[question] = task.one_of(question, *allowed)
    return {question: task.world.answers[question]}
