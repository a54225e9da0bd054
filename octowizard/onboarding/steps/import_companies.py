"""The import of companies from Octopus: every active client is a customer of Teamleader, and both are linked."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import Step
from octowizard.onboarding.standing import Unsure
from octowizard.onboarding.steps.choose_dossier import choose_dossier
from octowizard.onboarding.steps.create_fiscal_year import create_fiscal_year
from octowizard.onboarding.steps.registry import StepContext, step


@step(
    "import-companies",
    place=90,
    scenarios="bc",
    needs=(choose_dossier, create_fiscal_year),
    reads=["relations"],
    reads_customers=True,
    action="import",
    declares=("relations", "companies"),
)
def import_companies(context: StepContext) -> Step:
    """Done when every client is linked, or surely a customer of Teamleader that a sync will know, however it came."""
    imported = context.standing.imported
    unlinked = context.standing.unlinked_clients
    new, there = context.standing.compared.of(unlinked)
    clients = context.standing.counts.clients or 0
    now = [
        ngettext(
            "{count} active relation of Octopus is a client.",
            "{count} active relations of Octopus are clients.",
            clients,
        ).format(count=clients),
        ngettext(
            "{count} of them is linked with a customer of Teamleader.",
            "{count} of them are linked with a customer of Teamleader.",
            clients - len(unlinked),
        ).format(count=clients - len(unlinked)),
    ]
    if same := len(there.same | there.to_link):
        now.append(
            ngettext(
                "{count} more is surely a customer that Teamleader has, and is not made again.",
                "{count} more are surely customers that Teamleader has, and are not made again.",
                same,
            ).format(count=same)
        )
    now += [
        _(
            "Perhaps the same: {relation} {name} of Octopus and {customer} of Teamleader. Only you can say."
        ).format(relation=each.relation, name=each.name, customer=each.customer_name)
        for each in there.unsure
    ]
    if there.held:
        now.append(
            ngettext(
                "{count} stands in Octopus a second time, and is not brought over.",
                "{count} stand in Octopus a second time, and are not brought over.",
                len(there.held),
            ).format(count=len(there.held))
        )
    if new:
        now.append(
            ngettext(
                "{count} is not in Teamleader yet.", "{count} are not in Teamleader yet.", len(new)
            ).format(count=len(new))
        )
    both = context.detected.scenario == "c"
    slider, tag = context.label("teamleader.import-companies"), context.label("teamleader.octopus-import")
    why = (
        _(
            "To prevent double entries in Octopus, all companies of Octopus come into Teamleader first, with the "
            "switch {slider}: a customer that is not linked would be made there a second time."
        )
        if both
        else _(
            "Teamleader is empty and Octopus holds the customers: they are brought over in one go, with the switch "
            "{slider}."
        )
    )
    return context.step(
        title=_("Import companies from Octopus"),
        done=not (new or there.to_link or there.unsure),
        recall=_("{count} linked").format(count=clients - len(unlinked)),
        command=_answer(there.unsure[0]) if there.unsure and not new else "",
        unread=context.why_unread("relations") or context.standing.unread,
        what=_("All relations that are active clients become companies in Teamleader, tagged {tag}.").format(
            tag=tag
        ),
        why=why.format(slider=slider),
        now=(
            *now,
            ngettext(
                "{count} company in Teamleader bears the tag {tag}.",
                "{count} companies in Teamleader bear the tag {tag}.",
                imported.tagged,
            ).format(count=imported.tagged, tag=tag),
        ),
        notes=(
            _(
                "Switch on Teamleader's own import only once: a second one makes every company a second time. "
                "octowizard's import links those that Teamleader has already, asks about doubtful ones by name, and "
                "brings over only the rest."
            ),
        ),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.integrations-marketplace", "teamleader.octopus"),
                _("Switch on {slider}, and save once.").format(slider=slider),
            ),
        ),
        opens="duplicates" if both else None,
        skip=_(
            "Customers that stand on both sides are linked as far as they can be told; the rest is made in Octopus "
            "anew."
        ),
        word=context.is_done(),
        problems=("import-again", "duplicate-relation"),
    )


def _answer(unsure: Unsure) -> str:
    """The command that says whether the two are one."""
    return (
        f"octowizard duplicates answer octopus/{unsure.relation} teamleader/{unsure.customer} same|different"
    )
