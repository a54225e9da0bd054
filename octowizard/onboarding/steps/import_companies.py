"""The import of companies from Octopus: every active client is a customer of Teamleader, and both are linked."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import Step
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
)
def import_companies(context: StepContext) -> Step:
    """Done when no client is unlinked, or Teamleader's own import has brought them: it leaves its tag, and no link."""
    imported = context.standing.imported
    unlinked = len(context.standing.unlinked_clients)
    clients = context.standing.counts.clients or 0
    by_teamleader = imported.foreign > 0 and imported.foreign >= unlinked
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
        done=unlinked == 0 or by_teamleader,
        unread=context.why_unread("relations") or context.standing.unread,
        what=_("All relations that are active clients become companies in Teamleader, tagged {tag}.").format(
            tag=tag
        ),
        why=why.format(slider=slider),
        now=(
            ngettext(
                "{count} active relation of Octopus is a client.",
                "{count} active relations of Octopus are clients.",
                clients,
            ).format(count=clients),
            _("{count} of them are linked with a customer of Teamleader.").format(count=clients - unlinked),
            _("{count} companies in Teamleader bear the tag {tag}.").format(count=imported.tagged, tag=tag),
        ),
        notes=(
            _("Import only once: a second import makes every company a second time."),
            _(
                "Where customers stand on both sides, the smart import links those that are the same and brings over "
                "only the rest; then nothing is doubled (octowizard duplicates import)."
            ),
        ),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.integrations", "teamleader.marketplace", "teamleader.octopus"),
                _("Switch on {slider}, and save once.").format(slider=slider),
            ),
        ),
        opens="duplicates" if both else None,
        skip=_(
            "Customers that stand on both sides are linked as far as they can be told; the rest is made in Octopus "
            "anew."
        ),
        problems=("import-again", "duplicate-relation"),
    )
