"""Customers: their VAT type, the import of companies from Octopus, and the doubles that it makes."""

from __future__ import annotations

import msgspec

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import State, Step
from octowizard.onboarding.steps.parts import Told, declaration, label, show, state_of

CONTRACTOR = "contractor"  # what an export of Teamleader calls the VAT type (its API shows none)
NO_CONTRACTOR = "no-contractor"
MANY = 50  # from more doubles on, the automatic route is recommended (help centre: connecting Octopus)


def customer_vat(told: Told) -> Step:
    """No customer of the VAT type Contractor: Octopus knows no such type."""
    standing = told.standing
    declared = [one for one in standing.snapshot.declared.values() if one.vat_type is not None]
    left = sum(one.vat_type == CONTRACTOR for one in declared)
    answer = declaration(
        standing, NO_CONTRACTOR, _("Have all customers of the VAT type Contractor become VAT liable?")
    )
    empty = standing.counts.companies == 0 and standing.counts.contacts == 0
    if declared:
        now = ngettext(
            "Of {all} customers in the export, {count} has the VAT type {contractor}.",
            "Of {all} customers in the export, {count} have the VAT type {contractor}.",
            left,
        ).format(all=len(declared), count=left, contractor=label(standing, "teamleader.contractor"))
    elif answer.answer:
        now = _("You declared that none has the VAT type {contractor}.").format(
            contractor=label(standing, "teamleader.contractor")
        )
    else:
        now = _(
            "Teamleader's API shows no VAT type. An export of its companies does (octowizard check --declared FILE "
            "takes it in), or your word."
        )
    step = Step(
        id="customer-vat",
        title=_("VAT type of customers"),
        state=state_of(left == 0 if declared else answer.answer is True),
        what=_("Change every customer of the VAT type {contractor} to {liable} in Teamleader.").format(
            contractor=label(standing, "teamleader.contractor"),
            liable=label(standing, "teamleader.vat-liable"),
        ),
        why=_(
            "Octopus does not know this VAT type: such a customer arrives there with the VAT type unknown. Reverse "
            "charge belongs to the VAT rate of the lines."
        ),
        now=(now, _("Take in a new export once they are changed.")) if left else (now,),
        notes=(
            _("A segment of the companies with this VAT type shows them; each is changed on its own page."),
            _("Relations that arrived as unknown can be given their VAT type afterwards."),
        ),
        changes=told.changes("customer-vat"),
        declarations=(answer,),
        skip=_(
            "Their relations are made with the VAT type unknown, and must be mended in Octopus one by one."
        ),
        problems=("contractor",),
    )
    return _not_needed(step, _("There are no customers in Teamleader yet.")) if empty else step


def import_companies(told: Told) -> Step:
    """Every active client of Octopus is a customer of Teamleader, and both are linked."""
    standing = told.standing
    imported, counts = standing.imported, standing.counts
    unread = told.why_unread("relations") or standing.unread
    clients = counts.clients or 0
    everyone = imported.unlinked == 0
    # Teamleader's own import leaves no link that we could see; its tag tells.
    slider = imported.foreign > 0 and imported.foreign >= imported.unlinked
    now = [
        ngettext(
            "{count} active relation of Octopus is a client.",
            "{count} active relations of Octopus are clients.",
            clients,
        ).format(count=clients),
        _("{count} of them are linked with a customer of Teamleader.").format(
            count=clients - imported.unlinked
        ),
        _("{count} companies in Teamleader bear the tag {tag}.").format(
            count=imported.tagged, tag=label(standing, "teamleader.octopus-import")
        ),
    ]
    if told.detected.scenario == "b":
        why = _(
            "Teamleader is empty and Octopus holds the customers: they are brought over in one go, with the switch "
            "{slider}."
        )
    else:
        why = _(
            "To prevent double entries in Octopus, all companies of Octopus come into Teamleader first, with the "
            "switch {slider}: a customer that is not linked would be made there a second time."
        )
    return Step(
        id="import-companies",
        title=_("Import companies from Octopus"),
        state=state_of(
            everyone or slider, unread=unread, waits=told.waits_for("choose-dossier", "create-fiscal-year")
        ),
        what=_("All relations that are active clients become companies in Teamleader, tagged {tag}.").format(
            tag=label(standing, "teamleader.octopus-import")
        ),
        why=why.format(slider=label(standing, "teamleader.import-companies")),
        now=(unread, *now) if unread else tuple(now),
        notes=(
            _("Import only once: a second import makes every company a second time."),
            _(
                "Where customers stand on both sides, the smart import links those that are the same and brings over "
                "only the rest; then nothing is doubled (octowizard duplicates import)."
            ),
        ),
        changes=told.changes("import-companies"),
        show=(
            show(
                standing,
                "Teamleader",
                ("teamleader.integrations", "teamleader.marketplace", "teamleader.octopus"),
                _("Switch on {slider}, and save once.").format(
                    slider=label(standing, "teamleader.import-companies")
                ),
            ),
        ),
        opens="duplicates" if told.detected.scenario == "c" else None,
        skip=_(
            "Customers that stand on both sides are linked as far as they can be told; the rest is made in Octopus "
            "anew."
        ),
        problems=("import-again", "duplicate-relation"),
    )


def merge(told: Told) -> Step:
    """The doubles that the import made in Teamleader are merged, by hand or through a file."""
    standing = told.standing
    left = standing.imported.duplicates
    waits = told.waits_for("import-companies")
    external, number = (
        label(standing, "teamleader.external-id"),
        label(standing, "teamleader.accounting-number"),
    )
    now = _("It is not known how many doubles there are.")
    if left is not None:
        now = ngettext(
            "{count} imported customer stands in Teamleader a second time.",
            "{count} imported customers stand in Teamleader a second time.",
            left,
        ).format(count=left)
    doubtful = (
        (
            ngettext(
                "{count} more pair only may be the same customer: look at it.",
                "{count} more pairs only may be the same customer: look at them.",
                standing.imported.doubtful,
            ).format(count=standing.imported.doubtful),
        )
        if standing.imported.doubtful
        else ()
    )
    advice: tuple[str, ...] = ()
    if left is not None and left > MANY:
        advice = (_("With more than {many}, the automatic route is the one to take.").format(many=MANY),)
    return Step(
        id="merge",
        title=_("Duplicates"),
        state=state_of(
            left == 0 and waits is None,
            unread=standing.unread if left is None else "",
            waits=waits,
        ),
        what=_("Merge the double entries in Teamleader, manually or automatically."),
        why=_(
            "After the import some companies stand in Teamleader twice: the one you had, with its documents, and the "
            "imported one, with the number by which Octopus knows it."
        ),
        now=(now, *advice, *doubtful),
        notes=(
            _(
                "An administrator sees the field {external} on each company and contact; as a column of the list of "
                "invoices it shows which customers have an Octopus number."
            ).format(external=external),
            _(
                "By hand: type the name of a company; with two results choose {actions} > {merge}. Or from the page of "
                "a company, under the three dots at the top. All fields are merged, the customer number too; where "
                "they conflict you choose. A merge cannot be undone."
            ).format(
                actions=label(standing, "teamleader.actions"), merge=label(standing, "teamleader.merge")
            ),
            _(
                "Automatically (highly recommended for more than {many}): make a segment with the rule that the tags "
                "contain {tag}, and export this segment to Excel. Only when the file is safe, use the bulk action "
                "{delete} on the segment."
            ).format(
                many=MANY,
                tag=label(standing, "teamleader.octopus-import"),
                delete=label(standing, "teamleader.delete"),
            ),
            _(
                "Keep three columns only (Name, {number} and VAT number), save as .csv and import that file. As the "
                "criterion of merging take the name if it rarely differs, or the VAT number if most are filled in; try "
                "several, and look in the preview how many would be added: as few as possible."
            ).format(number=number),
            _(
                "Afterwards the edited companies bear the right customer number. The added ones could not be matched: "
                "go through them and merge them by hand."
            ),
            _(
                "If all went well, {number} is filled in for every invoice. Where it is not, look for the customer in "
                "the file you exported; one who is not in it is created in Octopus with the next sync."
            ).format(number=number),
        ),
        changes=told.changes("merge"),
        show=(
            show(
                standing,
                "Teamleader",
                ("teamleader.actions", "teamleader.merge"),
                _("On the page of one of the two."),
            ),
        ),
        opens="duplicates",
        skip=_("The doubles stay, and a document can be made out to the one that Octopus does not know."),
        problems=("duplicate-customer", "external-id-mismatch", "customer-missing"),
    )


def _not_needed(step: Step, why: str) -> Step:
    return msgspec.structs.replace(step, state=State.NOT_NEEDED, now=(why,))
