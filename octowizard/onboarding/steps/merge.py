"""The doubles that the import made in Teamleader are merged, by hand or through a file."""

from __future__ import annotations

from octowizard.locale import _, ngettext
from octowizard.onboarding.model import Step
from octowizard.onboarding.steps.import_companies import import_companies
from octowizard.onboarding.steps.registry import StepContext, step

MANY = 50  # from more doubles on, the automatic route is recommended (help centre: connecting Octopus)


@step(
    "merge",
    place=100,
    scenarios="c",
    needs=(import_companies,),
    reads=["relations"],
    reads_customers=True,
    action="merge-duplicates",
    declares=("companies",),
)
def merge(context: StepContext) -> Step:
    """Done when no sure double is left after the import."""
    imported = context.standing.imported
    left = imported.duplicates
    number = context.label("teamleader.accounting-number")
    now = [_("It is not known how many doubles there are.")]
    if left is not None:
        now = [
            ngettext(
                "{count} customer stands in Teamleader a second time.",
                "{count} customers stand in Teamleader a second time.",
                left,
            ).format(count=left)
        ]
        if left > MANY:
            now.append(_("With more than {many}, the automatic route is the one to take.").format(many=MANY))
    if imported.doubtful:
        now.append(
            ngettext(
                "{count} more pair only may be the same customer: look at it.",
                "{count} more pairs only may be the same customer: look at them.",
                imported.doubtful,
            ).format(count=imported.doubtful)
        )
    return context.step(
        title=_("Duplicates"),
        done=left == 0 and not context.waits,
        unread=context.standing.unread if left is None else "",
        what=_("Merge the double entries in Teamleader, manually or automatically."),
        why=_(
            "After the import some companies stand in Teamleader twice: the one you had, with its documents, and the "
            "imported one, with the number by which Octopus knows it."
        ),
        now=now,
        notes=(
            _(
                "An administrator sees the field {external} on each company and contact; as a column of the list of "
                "invoices it shows which customers have an Octopus number."
            ).format(external=context.label("teamleader.external-id")),
            _(
                "By hand: type the name of a company; with two results choose {menu}. Or from the page of "
                "a company, under the three dots at the top. All fields are merged, the customer number too; where "
                "they conflict you choose. A merge cannot be undone."
            ).format(menu=context.menu("teamleader.actions", "teamleader.merge")),
            _(
                "Automatically (highly recommended for more than {many}): make a segment with the rule that the tags "
                "contain {tag}, and export this segment to Excel. Only when the file is safe, use the bulk action "
                "{delete} on the segment."
            ).format(
                many=MANY,
                tag=context.label("teamleader.octopus-import"),
                delete=context.label("teamleader.delete"),
            ),
            _(
                "Keep three columns only (Name, {number} and {vat}), save as .csv and import that file. As the "
                "criterion of merging take the name if it rarely differs, or the VAT number if most are filled in; try "
                "several, and look in the preview how many would be added: as few as possible."
            ).format(number=number, vat=context.label("teamleader.vat-number")),
            _(
                "Afterwards the edited companies bear the right customer number. The added ones could not be matched: "
                "go through them and merge them by hand."
            ),
            _(
                "If all went well, {number} is filled in for every invoice. Where it is not, look for the customer in "
                "the file you exported; one who is not in it is created in Octopus with the next sync."
            ).format(number=number),
        ),
        show=(
            context.by_hand(
                "Teamleader",
                ("teamleader.actions", "teamleader.merge"),
                _("On the page of one of the two."),
            ),
        ),
        opens="duplicates",
        skip=_("The doubles stay, and a document can be made out to the one that Octopus does not know."),
        word=context.is_done(),
        problems=("duplicate-customer", "external-id-mismatch", "customer-missing"),
    )
