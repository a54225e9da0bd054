"""The steps of the set-up: functions from what is known to a Step, a few to a file, and their order per scenario.

The order is that of the help centre's article on connecting Octopus; what a later step stands on comes first.
"""

from __future__ import annotations

from collections.abc import Callable

from octowizard.onboarding.model import ScenarioName, Step
from octowizard.onboarding.steps import (
    accounts,
    automatic,
    beginning,
    customers,
    journals,
    linking,
    syncing,
    years,
)
from octowizard.onboarding.steps.parts import Told

Make = Callable[[Told], Step]

_BEGIN: tuple[Make, ...] = (
    beginning.choose_connector,
    beginning.connect_octopus,
    beginning.choose_scenario,
    beginning.choose_dossier,
)
_BOOKS: tuple[Make, ...] = (years.create_fiscal_year, journals.create_journals, accounts.check_accounts)
_LINK: tuple[Make, ...] = (linking.connect_teamleader, accounts.map_vat, accounts.map_accounts)
_SYNC: tuple[Make, ...] = (syncing.first_sync, syncing.payments, automatic.automatic_sync)

_OF: dict[ScenarioName, tuple[Make, ...]] = {
    "a": (*_BEGIN, *_BOOKS, customers.customer_vat, *_LINK, *_SYNC),
    "b": (*_BEGIN, *_BOOKS, customers.import_companies, *_LINK, *_SYNC),
    "c": (
        *_BEGIN,
        *_BOOKS,
        customers.customer_vat,
        customers.import_companies,
        customers.merge,
        *_LINK,
        *_SYNC,
    ),
}


def steps_of(scenario: ScenarioName) -> tuple[Make, ...]:
    """The steps of a scenario, in their order."""
    return _OF[scenario]
